"""Values as the wire writes them: exact numbers without exponent, JSON made once."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

__all__ = ["ZERO", "encode", "number", "push", "values"]

ZERO = msgspec.Raw(b"0")
_encode = msgspec.json.Encoder(decimal_format="number").encode


def number(value: Decimal | int | None) -> msgspec.Raw | None:
    """A decimal as JSON number: no exponent, no trailing zeros, no negative zero."""
    if value is None:
        return None
    if not value:
        return ZERO
    if isinstance(value, int):
        return msgspec.Raw(b"%d" % value)
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return msgspec.Raw(text.encode())


def encode(value: object) -> bytes:
    """The compact JSON text of a value whose decimals went through ``number``."""
    return _encode(value)


def values(answer: Mapping[str, Any]) -> dict[str, Any]:
    """An answer of the exchange with its decimals ready for the wire."""
    return {name: number(value) if isinstance(value, Decimal) else value for name, value in answer.items()}


def push(topic: str, ts: int, data: bytes, stamp: str = "ts") -> str:
    """The text of a pushed frame around data already encoded."""
    return f'{{"topic":"{topic}","{stamp}":{ts},"data":{data.decode()}}}'
