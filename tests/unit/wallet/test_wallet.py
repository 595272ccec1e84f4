"""Wallets sign for themselves or through anyone's signer, and no key is ever shown."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

import pytest
from eth_utils import keccak

from orderly_sync.errors import UsageError
from orderly_sync.wallet.wallet import ExternalWallet, Wallet, account_id, broker_hash, token_hash
from tests.support.ethereum import Account
from tests.unit.wallet.signed_messages import ACCOUNT_ID, ADDRESS, CONTRACT, KEY, LEDGER, VECTORS


@pytest.mark.parametrize("text", [KEY, KEY[2:], f" {KEY}\n", bytes.fromhex(KEY[2:])])
def test_a_private_key_is_read_from_hex_and_from_bytes(text: str | bytes) -> None:
    """With or without its prefix."""
    assert Wallet(text).address == ADDRESS


BAD_KEYS = ["", "0x", "11" * 31, "zz" * 32, "5eed" * 17, bytes(31), "0" * 64, "f" * 64, 5, None]


@pytest.mark.parametrize("bad", BAD_KEYS, ids=repr)
def test_a_malformed_private_key_is_refused_without_being_quoted(bad: Any) -> None:
    """Neither in the message nor in any frame of ours."""
    with pytest.raises(UsageError, match="64 hex digits") as caught:
        Wallet(bad)

    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    if isinstance(bad, str) and len(bad) > 4:
        shown = traceback.TracebackException(*caught._excinfo, capture_locals=True)
        ours = [
            frame
            for frame in shown.stack
            if frame.filename.endswith("wallet.py") and "orderly_sync" in frame.filename
        ]
        assert not any(bad in str(frame.locals) for frame in ours)


def test_a_wallet_never_shows_its_key() -> None:
    """Not by repr, str, format, attributes or a signed message; only reveal() gives it away."""
    wallet = Wallet(KEY)
    signed = wallet.sign(VECTORS[0][0])

    for shown in (repr(wallet), str(wallet), f"{wallet}", repr([wallet]), repr(signed), repr({"w": wallet})):
        assert KEY[2:] not in shown
        assert signed.signature not in shown
    assert not hasattr(wallet, "__dict__")
    assert wallet.reveal() == KEY


def test_a_wallet_is_not_pickled_and_does_not_change() -> None:
    """Copies are the wallet itself."""
    wallet = Wallet(KEY)

    with pytest.raises(TypeError, match="never pickled"):
        pickle.dumps(wallet)
    with pytest.raises(AttributeError, match="does not change"):
        wallet.address = CONTRACT
    assert copy.copy(wallet) is wallet
    assert copy.deepcopy([wallet])[0] is wallet


def test_wallets_are_equal_by_address() -> None:
    """However its letters are written."""
    other = ExternalWallet(ADDRESS.lower(), lambda _: b"")

    assert Wallet(KEY) == other
    assert hash(Wallet(KEY)) == hash(other)
    assert Wallet.generate() != Wallet.generate()
    assert Wallet(KEY) != ADDRESS


def test_a_wallet_is_found_in_the_environment() -> None:
    """Under its own name, and under another only when asked."""
    environ = {"ORDERLY_WALLET_PRIVATE_KEY": KEY, "PRIVATE_KEY": "22" * 32}

    assert Wallet.from_env(environ=environ).address == ADDRESS
    assert Wallet.from_env("PRIVATE_KEY", environ).address != ADDRESS
    with pytest.raises(UsageError, match="set ORDERLY_WALLET_PRIVATE_KEY"):
        Wallet.from_env(environ={})


@pytest.mark.parametrize(
    "form",
    [
        lambda signature: signature,
        lambda signature: signature[2:],
        lambda signature: bytes.fromhex(signature[2:]),
        lambda signature: signature[:-2] + f"{int(signature[-2:], 16) - 27:02x}",
    ],
    ids=["0x hex", "hex", "bytes", "parity 0 or 1"],
)
def test_any_signer_takes_part(form: Any) -> None:
    """It gets complete typed data of plain values, and its signature is brought into the form that is sent."""
    asked: list[dict[str, Any]] = []
    message, signature = VECTORS[2]

    def signer(data: dict[str, Any]) -> Any:
        asked.append(data)
        return form(signature)

    signed = ExternalWallet(ADDRESS, signer).sign(message, LEDGER)

    assert signed.signature == signature
    assert asked[0]["primaryType"] == "Withdraw"
    assert Account.sign_typed_data(KEY, full_message=asked[0]).signature.hex() == signature[2:]
    assert {type(value) for value in asked[0]["message"].values()} == {str, int}


@pytest.mark.parametrize("bad", ["", "0x12", b"", "zz" * 65, "11" * 64 + "02", None])
def test_what_is_no_signature_is_not_sent(bad: Any) -> None:
    """A signer that was cancelled often returns something odd."""
    with pytest.raises(UsageError):
        ExternalWallet(ADDRESS, lambda _: bad).sign(VECTORS[0][0])


def test_an_external_wallet_has_no_key_to_show() -> None:
    """And its address is checked."""
    with pytest.raises(UsageError, match="signer"):
        ExternalWallet(ADDRESS, lambda _: "").reveal()
    with pytest.raises(UsageError, match="40 hex digits"):
        ExternalWallet("orderly.eth", lambda _: "")


@pytest.mark.parametrize(
    ("address", "broker_id", "expected"),
    [
        (CONTRACT, "woofi_dex", "0x0f29bfb4c1bc9fea3f3be46bab6d795e22a6272354b136fde05f6b80cfcad546"),
        (
            "0xa772873e31f088A88C3Fc77E624AE5f4fd1E296B",
            "woofi_pro",
            "0x94e0bc419e3eecdba0d15e67f04cd62a5ee685a9190464cea4afb6e3c0b66e2b",
        ),
        (
            "0xA8eC6970feC8842Dd229EEf170F624c3d77Dab45",
            "woofi_dex",
            "0x114f583aea808c5812e16109b6c087660285a26f0a31dcc0f9b54f1a6a0fefbd",
        ),
        (
            "0x72D5a3Ab49C38bF7b2c658A9F1790945A6D308A8",
            "orderly",
            "0x23fe190da12f7bf0f910416b9c1a9723859f3823bb5a19fbc22cd52ff7a9b30d",
        ),
        (
            "0x32831CA2efA20Ae6340224bC353d4b241B3D2541",
            "woofi_pro",
            "0x85cf9694ff45a0230bb572d9c982126b124036e5bc790c285387d31e4fb482ad",
        ),
        (ADDRESS, "woofi_pro", ACCOUNT_ID),
        (ADDRESS.lower(), "woofi_pro", ACCOUNT_ID),
    ],
)
def test_an_account_id_follows_from_wallet_and_builder(address: str, broker_id: str, expected: str) -> None:
    """As the public examples of accounts say."""
    assert account_id(address, broker_id) == expected


def test_hashes_of_names_are_those_of_the_contracts() -> None:
    """Keccak of the text."""
    assert broker_hash("woofi_pro") == "0x" + keccak(text="woofi_pro").hex()
    assert token_hash("USDC") == "0xd6aca1be9729c13d677335161321649cccae6a591554772516700f986f942eaa"


@pytest.fixture
def no_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("eth_account", "eth_account.messages", "eth_utils", "eth_utils.crypto"):
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.usefixtures("no_extra")
def test_without_the_extra_the_error_says_what_to_install() -> None:
    """And an external wallet still signs."""
    for call in (lambda: Wallet(KEY), Wallet.generate, lambda: account_id(ADDRESS, "woofi_pro")):
        with pytest.raises(UsageError, match=r"extra 'wallet'.*pip install"):
            call()

    message, signature = VECTORS[0]
    assert ExternalWallet(ADDRESS, lambda _: signature).sign(message).signature == signature


DEEP = """
import sys, threading
if {limit}:
    sys.setrecursionlimit({limit})
before = sys.getrecursionlimit()
from orderly_sync.wallet.wallet import Wallet, account_id
for _ in range(2):
    {call}
    assert sys.getrecursionlimit() == before, sys.getrecursionlimit()

class Deep(Exception):
    def __repr__(self):
        return repr(self)

def recurse():
    try:
        repr(Deep())
    except RecursionError:
        print("told")

if before < 10_000:
    thread = threading.Thread(target=recurse)
    thread.start()
    thread.join()
    recurse()
"""


@pytest.mark.parametrize("limit", [0, 700, 3_000, 250_000])
@pytest.mark.parametrize(
    "call",
    [
        f"Wallet({KEY!r})",
        "Wallet.generate().address",
        f"account_id({ADDRESS!r}, 'woofi_pro')",
        "sys.modules['eth_keyfile.keyfile'] = None\n    try: Wallet.generate()\n    except Exception: pass",
    ],
    ids=["given", "made", "account id", "half installed"],
)
def test_a_wallet_leaves_the_recursion_limit_of_the_program_alone(limit: int, call: str) -> None:
    """The library raises it past what a stack holds; a recursion without end must stay a RecursionError."""
    done = subprocess.run(
        [sys.executable, "-c", DEEP.format(limit=limit, call=call)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.split()) == (0, ["told"] * 2 if limit < 10_000 else []), done.stderr
