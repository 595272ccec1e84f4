"""Typed data (EIP-712) of the messages wallets sign, and their form in a request body. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import Any

import attrs

from orderly_sync.errors import UsageError
from orderly_sync.models.message import Message
from orderly_sync.wire.shapes import written_names

__all__ = ["OFFCHAIN_CONTRACT", "address", "body", "typed_data"]

OFFCHAIN_CONTRACT = "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"
"""Stands as verifying contract where no contract verifies."""

_DOMAIN = (
    {"name": "name", "type": "string"},
    {"name": "version", "type": "string"},
    {"name": "chainId", "type": "uint256"},
    {"name": "verifyingContract", "type": "address"},
)


_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}\Z")
_BYTES32 = re.compile(r"0x[0-9a-fA-F]{64}\Z")


def address(value: object, name: str = "address") -> str:
    """A chain address, checked.

    Raises:
        UsageError: It is not ``0x`` and 40 hex digits.
    """
    if not isinstance(value, str) or not _ADDRESS.match(value):
        raise UsageError(f"{name} must be an address: 0x and 40 hex digits")
    return value


def _checked(name: str, value: object, kind: str) -> object:
    """A value that its type can hold. Signers differ in what they do with any other, and a signature is final."""
    if kind == "address":
        return address(value, name)
    if kind == "bytes32":
        if not isinstance(value, str) or not _BYTES32.match(value):
            raise UsageError(f"{name} must be 0x and 64 hex digits")
        return value
    if kind == "string":
        return str(value)
    bits = int(kind.removeprefix("uint"))
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << bits:
        raise UsageError(f"{name}={value!r} must be a whole number from 0 that fits {bits} bits")
    return int(value)


def _fields(message: Message) -> list[tuple[str, Any, Mapping[str, Any]]]:
    """Wire name, value and marks of every field that has a value, in the struct's order."""
    marks = {field.name: field.metadata for field in attrs.fields(type(message))}
    kind: Any = type(message)
    named = ((wire, getattr(message, name), marks[name]) for name, wire in written_names(kind))
    return [(wire, value, mark) for wire, value, mark in named if value is not None]


def _contract(message: Message, given: str | None) -> str:
    if message.domain == "offchain":
        return OFFCHAIN_CONTRACT
    contract = given or (getattr(message, "contract", None) if message.domain == "contract" else None)
    if not contract:
        raise UsageError(f"{message.struct} needs a verifying contract; pass the network's ledger_contract")
    return str(contract)


def typed_data(message: Message, verifying_contract: str | None = None) -> dict[str, Any]:
    """The complete typed data of a message, ready for any EIP-712 signer: all values are ints, text or ``0x`` hex.

    Args:
        message: What is to be signed.
        verifying_contract: The ledger contract of the network, or a strategy provider's contract; messages signed
            off chain need none.

    Raises:
        UsageError: The message is verified by a contract and none was given, or a value does not fit its field.
    """
    signed = [
        (name, _checked(f"{message.struct}.{name}", value, mark["abi"]), mark["abi"])
        for name, value, mark in _fields(message)
        if "abi" in mark
    ]
    return {
        "types": {
            "EIP712Domain": [dict(field) for field in _DOMAIN],
            message.struct: [{"name": name, "type": kind} for name, _, kind in signed],
        },
        "primaryType": message.struct,
        "domain": {
            "name": "Orderly",
            "version": "1",
            "chainId": message.chain_id,
            "verifyingContract": address(_contract(message, verifying_contract), "verifying_contract"),
        },
        "message": {name: value for name, value, _ in signed},
    }


def body(message: Message | Mapping[str, object]) -> dict[str, object]:
    """The message as a request body carries it: signed fields and those beside them, text where the schema says so.

    A mapping passes unchanged: it was signed elsewhere, under the wire's own names.
    """
    if not isinstance(message, Message):
        return dict(message)
    return {name: str(value) if mark.get("text") else _plain(value) for name, value, mark in _fields(message)}


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else value
