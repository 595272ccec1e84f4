"""Typed data: every message is signed and sent as the published structs say."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderly_sync.errors import UsageError
from orderly_sync.models import message as messages
from orderly_sync.models.message import Message, VaultAction
from orderly_sync.wallet.wallet import Wallet
from orderly_sync.wire.typed_data import OFFCHAIN_CONTRACT, body, typed_data
from tests.support.ethereum import Account
from tests.unit.wallet.signed_messages import (
    ADDRESS,
    CONTRACT,
    EVERY,
    KEY,
    LEDGER,
    OFFCHAIN,
    PROVIDER_KEY,
    PROVIDER_SETTLE,
    STRUCTS,
    TEXT_IN_BODY,
    VECTORS,
    digest,
    struct_of,
)


@pytest.mark.parametrize(
    ("message", "signature"), VECTORS, ids=[struct_of(message) for message, _ in VECTORS]
)
def test_every_published_message_has_its_published_signature(message: Message, signature: str) -> None:
    """Struct, domain and values agree with an independent signer to the last bit."""
    signed = Wallet(KEY).sign(message, LEDGER)

    assert signed.signature == signature
    assert signed.user_address == ADDRESS
    assert signed.verifying_contract == (OFFCHAIN_CONTRACT if message.struct in OFFCHAIN else LEDGER)


@pytest.mark.parametrize("message", EVERY, ids=struct_of)
def test_every_struct_hashes_as_its_text_says(message: Message) -> None:
    """The provider's two messages, too, whose contract is the one they name."""
    contract = {"AddSPOrderlyKey": CONTRACT, "SettleSPPnl": CONTRACT}.get(message.struct, LEDGER)
    contract = OFFCHAIN_CONTRACT if message.struct in OFFCHAIN else contract

    signed = Wallet(KEY).sign(message, None if contract in {CONTRACT, OFFCHAIN_CONTRACT} else contract)

    assert Account._recover_hash(digest(message, contract), signature=signed.signature) == ADDRESS


def test_every_message_is_proven() -> None:
    """No message class stands outside these tests."""
    classes = {getattr(messages, name) for name in messages.__all__} - {Message, VaultAction}

    assert classes == {type(message) for message in EVERY}


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
VALUES = {
    "string": TEXT,
    "address": st.binary(min_size=20, max_size=20).map(lambda raw: "0x" + raw.hex()),
    "bytes32": st.binary(min_size=32, max_size=32).map(lambda raw: "0x" + raw.hex()),
    "uint8": st.integers(0, 2**8 - 1),
    "uint64": st.integers(0, 2**64 - 1),
    "uint256": st.integers(0, 2**256 - 1),
}


@pytest.mark.parametrize("sample", EVERY, ids=struct_of)
@settings(max_examples=10)
@given(data=st.data())
def test_any_message_recovers_to_its_signer(sample: Message, data: st.DataObject) -> None:
    """For random values of every field."""
    fields = {field.name: field for field in attrs.fields(type(sample)) if "abi" in field.metadata}
    drawn = {
        name: data.draw(VALUES[field.metadata["abi"]])
        for name, field in fields.items()
        if name not in {"contract", "sub_account_id", "settle_nonce"}
    }
    message = attrs.evolve(sample, **drawn)
    contract = OFFCHAIN_CONTRACT if message.struct in OFFCHAIN else LEDGER

    signed = Wallet(KEY).sign(message, LEDGER)

    assert Account._recover_hash(digest(message, contract), signature=signed.signature) == ADDRESS


@pytest.mark.parametrize("message", EVERY, ids=struct_of)
def test_numbers_are_text_in_the_body_where_the_schema_says_so(message: Message) -> None:
    """And ints everywhere else, as they are signed."""
    text = TEXT_IN_BODY.get(message.struct, set())
    names = {field.split()[1] for field in STRUCTS[message.struct].split(",") if "uint" in field}

    carried = body(message)

    assert {name for name in names | text if isinstance(carried[name], str)} == text
    assert all(value is not None for value in carried.values())


def test_what_stands_beside_the_struct_travels_unsigned() -> None:
    """Tag, sub-account, chain type and cross-chain leave are in the body and not in the struct."""
    registration, key, withdrawal = (message for message, _ in VECTORS[:3])

    assert body(registration)["chainType"] == "EVM"
    assert {"tag", "subAccountId"} <= set(body(key))
    assert body(withdrawal)["allowCrossChainWithdraw"] is True
    for message in (registration, key, withdrawal):
        beside = {"tag", "subAccountId", "chainType", "allowCrossChainWithdraw"}
        assert not beside & {field["name"] for field in typed_data(message, LEDGER)["types"][message.struct]}


def test_the_optional_fields_of_a_provider_are_signed_only_where_given() -> None:
    """A struct grows by the fields that are sent."""
    with_sub = attrs.evolve(PROVIDER_KEY, sub_account_id="0xab")
    without = attrs.evolve(PROVIDER_SETTLE, contract=None)

    names = [field["name"] for field in typed_data(with_sub)["types"]["AddSPOrderlyKey"]]
    assert names[-2:] == ["contract", "subAccountId"]
    names = [field["name"] for field in typed_data(without, LEDGER)["types"]["SettleSPPnl"]]
    assert names[-1] == "timestamp"
    assert typed_data(PROVIDER_SETTLE)["message"]["settleNonce"] == "7"


@pytest.mark.parametrize(
    ("message", "change"),
    [
        (VECTORS[2][0], {"amount": -1}),
        (VECTORS[2][0], {"amount": 2**256}),
        (VECTORS[2][0], {"withdraw_nonce": 2**64}),
        (VECTORS[2][0], {"amount": True}),
        (VECTORS[2][0], {"amount": "1000000"}),
        (VECTORS[2][0], {"receiver": "0x12"}),
        (VECTORS[4][0], {"receiver": ADDRESS}),
        (VECTORS[5][0], {"tx_hash": "ab" * 32}),
    ],
)
def test_a_value_that_does_not_fit_its_field_is_never_signed(
    message: Message, change: dict[str, Any]
) -> None:
    """Signers would cut, wrap or read it otherwise."""
    with pytest.raises(UsageError, match=message.struct):
        Wallet(KEY).sign(attrs.evolve(message, **change), LEDGER)


@pytest.mark.parametrize(
    "message", [VECTORS[2][0], attrs.evolve(PROVIDER_SETTLE, contract=None)], ids=struct_of
)
def test_a_message_verified_by_a_contract_is_not_signed_without_one(message: Message) -> None:
    """The error says what to pass."""
    with pytest.raises(UsageError, match="ledger_contract"):
        Wallet(KEY).sign(message)
