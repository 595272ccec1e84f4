"""Symbols in requests, in any spelling: the one border where they are made native, wherever they stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from orderly_sync.errors import UsageError
from orderly_sync.wire.symbols import symbol

__all__ = ["at_border", "by_symbol"]

V = TypeVar("V")

_NESTED = frozenset({"orders", "child_orders", "symbols"})
"""Lists whose rows name symbols of their own."""


_OF_BASES = "/v1/broker/listing/"
"""Operations whose ``symbol`` is a base, ``AAPL``, that no market has yet."""


def at_border(fields: Mapping[str, object], path: str = "") -> Mapping[str, Any]:
    """The parameters of a request to that path with every symbol native.

    A text that is no spelling of a symbol is left as it came: the venue lists more markets than follow its own rule,
    and its refusal names what it does not know.
    """
    if path.startswith(_OF_BASES) or not (_NESTED & fields.keys() or "symbol" in fields):
        return fields
    return {name: _native(name, value) for name, value in fields.items()}


def _native(name: str, value: object) -> object:
    if name in {"symbol", "symbols"}:
        if isinstance(value, str):
            return _spelled(value)
        if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
            return [_spelled(item) for item in value]
    if name in _NESTED and isinstance(value, (list, tuple)):
        return [at_border(item) if isinstance(item, Mapping) else item for item in value]
    return value


def _spelled(text: str) -> str:
    try:
        return symbol(text)
    except UsageError:
        return text


def by_symbol(values: Mapping[str, V]) -> dict[str, V]:
    """A mapping by symbol, its keys made native."""
    return {_spelled(name): value for name, value in values.items()}
