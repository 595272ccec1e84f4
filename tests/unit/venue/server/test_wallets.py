"""Wallet arithmetic of the venue against published vectors and against another implementation."""

from __future__ import annotations

import pytest
from eth_utils import keccak as reference_keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from orderly_sync.models.message import Message
from orderly_sync.venue.server import curve, wallets
from orderly_sync.wallet.wallet import account_id
from orderly_sync.wire.typed_data import typed_data
from tests.support.ethereum import Account, encode_typed_data
from tests.unit.wallet.signed_messages import ACCOUNT_ID, ADDRESS, LEDGER, VECTORS

keys = st.integers(1, curve.ORDER - 1).map(lambda number: f"0x{number:064x}")
few = settings(max_examples=20)


@pytest.mark.parametrize(("message", "signature"), VECTORS, ids=lambda value: getattr(value, "struct", ""))
def test_the_signer_of_every_published_vector_is_found(message, signature):
    """From the typed data and the signature alone."""
    signed = wallets.digest(typed_data(message, LEDGER))

    assert wallets.recover(signed, signature) == ADDRESS


@pytest.mark.parametrize(("message", "signature"), VECTORS, ids=lambda value: getattr(value, "struct", ""))
def test_a_signature_of_another_digest_names_somebody_else(message: Message, signature: str):
    """Never the owner."""
    other = wallets.keccak(wallets.digest(typed_data(message, LEDGER)))

    assert wallets.recover(other, signature) != ADDRESS


@few
@given(key=keys, words=st.binary(max_size=300))
def test_addresses_and_hashes_are_the_chains(key, words):
    """For any key and any bytes, as another library works them out."""
    assert wallets.address(key) == Account.from_key(key).address
    assert wallets.keccak(words) == reference_keccak(words)


@few
@given(key=keys, place=st.integers(0, len(VECTORS) - 1))
def test_any_wallets_signature_is_recognised(key, place):
    """Signed by another library, with 27/28 or 0/1 as last byte."""
    data = typed_data(VECTORS[place][0], LEDGER)
    signature = Account.sign_message(encode_typed_data(full_message=data), key).signature
    plain = bytes(signature[:64]) + bytes([signature[64] - 27])
    signed = wallets.digest(data)

    assert wallets.recover(signed, "0x" + bytes(signature).hex()) == Account.from_key(key).address
    assert wallets.recover(signed, plain.hex()) == Account.from_key(key).address


def test_account_ids_are_those_of_the_client():
    """Two implementations, one rule."""
    assert wallets.account_id(ADDRESS, "woofi_pro") == ACCOUNT_ID == account_id(ADDRESS, "woofi_pro")


def _written(r: int, s: int, last: int) -> str:
    return "0x" + r.to_bytes(32, "big").hex() + s.to_bytes(32, "big").hex() + bytes([last]).hex()


NOT_ON_THE_CURVE = 5


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "0x",
        "nonsense",
        "0x" + "11" * 64,
        _written(0, 1, 27),
        _written(1, 0, 27),
        _written(curve.ORDER, 1, 27),
        _written(1, curve.ORDER, 27),
        _written(1, curve.ORDER // 2 + 1, 27),
        _written(1, 1, 29),
        _written(1, 1, 2),
        _written(NOT_ON_THE_CURVE, 1, 27),
    ],
)
def test_what_nobody_can_have_signed_names_nobody(signature):
    """Wrong lengths, numbers out of range, the higher s, points off the curve."""
    assert wallets.recover(bytes(32), signature) is None


@pytest.mark.parametrize("key", ["0x0", hex(curve.ORDER)])
def test_a_number_off_the_curve_is_no_key(key):
    """It must lie between 1 and the order."""
    with pytest.raises(ValueError, match="order"):
        wallets.address(key)


def test_the_group_laws_hold_at_their_edges():
    """Opposites cancel, infinity is neutral, a point added to itself is its double, the order leads home."""
    point = curve.GENERATOR
    opposite = curve.multiply(point, curve.ORDER - 1)

    assert curve.multiply(point, curve.ORDER) is None
    assert curve.add(point, opposite) is None
    assert curve.add(point, None) == curve.add(None, point) == point
    assert curve.add(point, point) == curve.multiply(point, 2)
    assert curve.lift(0, odd=True) is None
    assert curve.lift(point[0], odd=bool(point[1] % 2)) == point
