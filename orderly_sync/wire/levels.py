"""How the levels of a pushed book are read: hundreds a frame, so in one loop, or at the first touch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import repeat
from typing import Any, cast

import cattrs
import msgspec

from orderly_sync.models.pushes.book import Level

__all__ = ["FloatSide", "UnreadSide", "is_levels", "levels_hook", "levels_of", "unread_sides"]

FloatSide = list[tuple[float, float]]
"""One side as it was checked: price and quantity of each level, not exact."""
_ExactSide = list[Level]


class _ExactData(msgspec.Struct):
    asks: _ExactSide = []
    bids: _ExactSide = []


class _ExactFrame(msgspec.Struct):
    data: _ExactData


_exact = msgspec.json.Decoder(_ExactFrame).decode
_row = msgspec.json.Decoder(Level).decode
_float_row = msgspec.json.Decoder(tuple[float, float]).decode
_HEAD = 160
_MARKS = {name: b'"%b":[[' % name.encode() for name in ("asks", "bids")}


class _Text:
    """The text of one frame, shared by its two sides."""

    __slots__ = ("_exact", "_text")

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._exact: _ExactData | None = None

    def side(self, name: str) -> tuple[Level, ...]:
        """All levels of a side, exact."""
        if self._exact is None:
            self._exact = _exact(self._text).data
        return tuple(self._exact.asks if name == "asks" else self._exact.bids)

    def first(self, name: str, floats: tuple[float, float] | None) -> Level | None:
        """The level that stands first, exact; None where the text is not laid out as usual, or it is another one."""
        text, mark = self._text, _MARKS[name]
        start = text.find(mark, 0, _HEAD)
        if start < 0:
            # Behind the other side: after its numbers the next quote opens the next name, found faster than the name.
            start = text.find(b'"', text.find(b"[["))
        if not text.startswith(mark, start):
            return None
        start += len(mark) - 1
        row = text[start : text.index(b"]", start) + 1]
        # Where a name is given twice, the one that counts stands elsewhere.
        return _row(row) if _float_row(row) == floats else None


class UnreadSide:
    """One side of a book that was checked and not yet read."""

    __slots__ = ("_first", "_is_best", "_name", "_text")

    def __init__(self, text: _Text, name: str, floats: FloatSide) -> None:
        self._text = text
        self._name = name
        self._first = floats[0] if floats else None
        self._is_best = _stands_alone(floats, name)

    def read(self) -> tuple[Level, ...]:
        """All levels, exact, in the wire's order."""
        return self._text.side(self._name)

    def best(self) -> Level | None:
        """The level with the best price, exact; None of an empty side."""
        if self._is_best:
            first = self._text.first(self._name, self._first)
            if first is not None:
                return first
        levels = self.read()
        return min(levels, default=None) if self._name == "asks" else max(levels, default=None)


def _stands_alone(floats: FloatSide, name: str) -> bool:
    """Whether the first price is the best one by more than floats could hide."""
    # What is in order already, as sides are, is sorted in one pass.
    ordered = sorted(floats, reverse=name == "bids")
    return bool(floats) and ordered[0] is floats[0] and (len(floats) == 1 or ordered[1][0] != floats[0][0])


def levels_of(rows: Iterable[tuple[object, object]]) -> tuple[Level, ...]:
    """Levels of pairs of numbers as they are."""
    return tuple(map(tuple.__new__, repeat(Level), rows))


def unread_sides(text: bytes, asks: FloatSide, bids: FloatSide) -> tuple[UnreadSide, UnreadSide]:
    """Asks and bids of a book's frame that was checked: their decimals are made of its text at the first touch."""
    shared = _Text(text)
    return UnreadSide(shared, "asks", asks), UnreadSide(shared, "bids", bids)


def is_levels(kind: object) -> bool:
    """Whether ``kind`` is one side of a pushed book."""
    return bool(kind == tuple[Level, ...])


Side = tuple[Level, ...] | UnreadSide


def levels_hook(converter: cattrs.Converter) -> Callable[[Any], Callable[[Any, Any], Side]]:
    """A factory of hooks that read ``[[price, quantity], …]``, in the wire's order."""

    def factory(_: object) -> Callable[[Any, Any], Side]:
        number = converter.get_structure_hook(Decimal)
        exact = type(number(0, Decimal))
        new = tuple.__new__

        def build(value: object, _: object) -> Side:
            if value.__class__ is UnreadSide or value.__class__ is tuple:
                return cast("Side", value)  # checked with its frame
            if value.__class__ is not list:
                raise ValueError(f"{value.__class__.__name__} where a list of levels was expected")
            levels = []
            for row in value:
                if row.__class__ is not list:
                    raise ValueError(f"{row.__class__.__name__} where [price, quantity] was expected")
                price, quantity = row
                if type(price) is not exact:
                    price = number(price, Decimal)
                if type(quantity) is not exact:
                    quantity = number(quantity, Decimal)
                levels.append(new(Level, (price, quantity)))
            return tuple(levels)

        return build

    return factory
