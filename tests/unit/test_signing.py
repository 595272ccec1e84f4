"""Signing: public vectors, an independent library, and the many spellings that live clients send."""

from __future__ import annotations

import base64

import base58
import pytest
from Crypto.PublicKey import ECC
from Crypto.Signature import eddsa
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.errors import UsageError
from orderly_sync.signing import PREFIX, Secret, login_message, request_message, verify

SECRET = "ed25519:AFmQSju4FhDwG93cMdKogcnKx7SWmViDtDv5PVzfvRDF"
PUBLIC = "ed25519:FwPH3gH4G6NqFyYr1YD5njRC6FGNRPRXnZ5SLAxHie5J"
ORDER = b'{"symbol":"PERP_ETH_USDC","order_type":"LIMIT","order_price":1521.03,"order_quantity":2.11,"side":"BUY"}'
VECTORS = [
    (
        request_message(1649920583000, "GET", "/v1/orders?symbol=PERP_BTC_USDC"),
        b"1649920583000GET/v1/orders?symbol=PERP_BTC_USDC",
        "5BTzTqcjG-eo5j4URr5GN0a_2SV_7C4tUFZDLYBFsDlJm3zYZRvLf0Ac9ScCc2BRkWXy3R3WApSHuhy2dbhSAQ==",
    ),
    (
        request_message(1649920583000, "POST", "/v1/order", ORDER),
        b"1649920583000POST/v1/order" + ORDER,
        "9OBu7JvhhdgQXoU4IZckaPycYSVkorP81yQTSWoCI4UwtWYxo9Jyl2_-fDxo74Ml2Nd82XIbE5vcKIwrleJPDA==",
    ),
    (
        login_message(1621910107900),
        b"1621910107900",
        "fYrFr2kF8Z_N8_tt60AMKjqTqMbKiA5L3WR2BxUJuOfVxxqB4hWHVUHzJ0rTue22CL6iuvQfhkgcs2kyDblLBA==",
    ),
]

# RFC 8032, section 7.1: seed, public key, message, signature.
RFC8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]

SEEDS = st.binary(min_size=32, max_size=32)


def secret_of(seed: bytes) -> Secret:
    return Secret(base58.b58encode(seed).decode())


@pytest.mark.parametrize(("built", "message", "signature"), VECTORS, ids=["read", "order", "login"])
def test_public_vectors(built: bytes, message: bytes, signature: str) -> None:
    """Message, signature and public key are those that the venue's other clients make of the same key."""
    assert built == message
    assert Secret(SECRET).public == PUBLIC
    assert Secret(SECRET).sign(message) == signature
    assert verify(PUBLIC, message, signature)


@pytest.mark.parametrize(("seed", "public", "message", "signature"), RFC8032)
def test_rfc_vectors(seed: str, public: str, message: str, signature: str) -> None:
    """The standard's own examples, in the venue's spelling."""
    secret = secret_of(bytes.fromhex(seed))

    assert secret.public == PREFIX + base58.b58encode(bytes.fromhex(public)).decode()
    assert secret.sign(bytes.fromhex(message)) == base64.urlsafe_b64encode(bytes.fromhex(signature)).decode()


@given(SEEDS, st.binary(max_size=300))
def test_agrees_with_an_independent_library(seed: bytes, message: bytes) -> None:
    """Another implementation makes the same key and the same signature, and accepts ours."""
    key = ECC.construct(curve="Ed25519", seed=seed)
    theirs = eddsa.new(key, "rfc8032").sign(message)
    ours = secret_of(seed)

    assert base58.b58decode(ours.public.removeprefix(PREFIX)) == key.public_key().export_key(format="raw")
    assert base64.urlsafe_b64decode(ours.sign(message)) == theirs
    assert verify(ours.public, message, base64.b64encode(theirs).decode())


@given(
    st.integers(0, 2**53),
    st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    st.text(st.characters(codec="utf-8"), max_size=60),
    st.binary(max_size=200),
)
def test_a_request_message_is_plain_concatenation(
    timestamp: int, method: str, target: str, body: bytes
) -> None:
    """Nothing between the parts, and not one byte of the body is touched."""
    message = request_message(timestamp, method, "/v1/" + target, body)

    assert message == str(timestamp).encode() + method.encode() + b"/v1/" + target.encode() + body


def test_both_spellings_are_one_secret() -> None:
    """With prefix, without, with blanks around, or with the public key behind the seed."""
    seed = base58.b58decode(SECRET.removeprefix(PREFIX))
    whole = base58.b58encode(seed + base58.b58decode(PUBLIC.removeprefix(PREFIX))).decode()
    spellings = [SECRET, SECRET.removeprefix(PREFIX), f"  {SECRET}\n", whole, PREFIX + whole]

    assert {Secret(text) for text in spellings} == {Secret(SECRET)}
    assert {Secret(text).reveal() for text in spellings} == {SECRET}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ed25519:",
        "ed25519:0OIl",
        SECRET[:-3],
        SECRET + "1",
        SECRET.replace("ed25519", "ED25519"),
        "0x" + "11" * 32,
        "AFmQ Sju4",
        "ключ",
        "1" * 10_000,
        base58.b58encode(bytes(31)).decode(),
        base58.b58encode(bytes(64)).decode(),
        None,
        b"bytes",
        42,
    ],
    ids=lambda text: repr(text)[:12],
)
def test_other_texts_are_refused_without_quoting_them(text: object) -> None:
    """One sentence, and not a letter of what was given."""
    with pytest.raises(UsageError) as caught:
        Secret(text)  # type: ignore[arg-type]

    assert str(caught.value).startswith("the Orderly secret must be the base58 text")
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert len(str(text)) < 10 or str(text)[-8:] not in str(caught.value)


@given(st.text(max_size=300))
def test_any_text_is_a_secret_or_a_usage_error(text: str) -> None:
    """No text whatever raises anything else."""
    try:
        secret = Secret(text)
    except UsageError:
        return
    assert Secret(secret.reveal()) == secret


@given(SEEDS)
def test_a_secret_survives_its_text(seed: bytes) -> None:
    """Revealed and read again it signs the same."""
    secret = secret_of(seed)

    assert Secret(secret.reveal()).sign(b"x") == secret.sign(b"x")


def test_generated_secrets_differ_and_sign() -> None:
    """Each new secret is one of its own."""
    one, other = Secret.generate(), Secret.generate()

    assert one != other
    assert verify(one.public, b"x", one.sign(b"x"))
    assert not verify(other.public, b"x", one.sign(b"x"))


def test_secrets_are_equal_by_key_and_never_change() -> None:
    """They can be kept in sets; an attribute cannot be set."""
    secret = Secret(SECRET)

    assert secret == Secret(SECRET)
    assert hash(secret) == hash(Secret(SECRET))
    assert secret != SECRET
    with pytest.raises(AttributeError, match="does not change"):
        secret.public = "ed25519:other"
    assert secret.public == PUBLIC


def test_only_bytes_are_signed() -> None:
    """Text is refused before it comes near the key."""
    with pytest.raises(TypeError, match="bytes are signed, not str"):
        Secret(SECRET).sign("text")  # type: ignore[arg-type]


@given(SEEDS, st.binary(max_size=100))
def test_all_spellings_of_a_signature_count(seed: bytes, message: bytes) -> None:
    """base64url and standard base64, padded or not, and the public key with or without its prefix."""
    secret = secret_of(seed)
    url = secret.sign(message)
    standard = url.replace("-", "+").replace("_", "/")

    for signature in (url, url.rstrip("="), standard, standard.rstrip("=")):
        assert verify(secret.public, message, signature)
        assert verify(secret.public.removeprefix(PREFIX), message, signature)


@given(SEEDS, st.binary(min_size=1, max_size=100), st.data())
def test_one_changed_bit_is_noticed(seed: bytes, message: bytes, data: st.DataObject) -> None:
    """In the message, in the signature and in the key alike."""
    secret = secret_of(seed)
    signature = secret.sign(message)

    def flipped(raw: bytes) -> bytes:
        bit = data.draw(st.integers(0, 8 * len(raw) - 1))
        return bytes(byte ^ (1 << bit % 8 if index == bit // 8 else 0) for index, byte in enumerate(raw))

    raw = base64.urlsafe_b64decode(signature)
    public = base58.b58decode(secret.public.removeprefix(PREFIX))
    assert not verify(secret.public, flipped(message), signature)
    assert not verify(secret.public, message, base64.urlsafe_b64encode(flipped(raw)).decode())
    assert not verify(base58.b58encode(flipped(public)).decode(), message, signature)


@given(st.text(max_size=100), st.binary(max_size=20), st.text(max_size=100))
def test_verify_never_raises(public: str, message: bytes, signature: str) -> None:
    """Whatever a stranger sends is no signature, and no crash."""
    assert not verify(public, message, signature)
    assert not verify(PUBLIC, message, signature)
    assert not verify(public, message, VECTORS[0][2])
