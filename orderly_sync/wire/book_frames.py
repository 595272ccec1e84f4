"""How frames of order books are read: checked whole at once, their decimals made when somebody looks.

A book is some four hundred numbers, most of which nobody reads. So a frame in the venue's plain form is checked in one
pass in C: its shape, its levels of two, every number finite. What is kept is its text, and whether the first level of
a side is its best; exact decimals come from the text at the first touch and stay. Whatever is not in that form goes
the way of all frames, where it is read number by number or refused: a fault of a frame is a ``DecodingError`` at the
border, never one in the hands of whoever reads the book.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import repeat
from typing import Any

import msgspec

from orderly_sync.models.pushes.book import Level
from orderly_sync.wire.json import decode_push

__all__ = ["LEAST", "UnreadSide", "decode_large"]

LEAST = 1024
"""Bytes below which a frame is read whole: of a few levels there is nothing to save."""
_HEAD = 160
_BOOK = b"@orderbook"
_LONGEST = 500
"""No number of a usable size is as long as this without a comma after it."""

_Sides = list[tuple[float, float]]
_ExactSides = list[tuple[Decimal, Decimal]]


class _Data(msgspec.Struct, forbid_unknown_fields=True):
    symbol: str
    asks: _Sides = []
    bids: _Sides = []
    ts: int | None = None
    prevTs: int | None = None  # noqa: N815 - the wire's own name


class _BookFrame(msgspec.Struct, forbid_unknown_fields=True):
    topic: str
    data: _Data
    ts: int | None = None


class _ExactData(msgspec.Struct):
    asks: _ExactSides = []
    bids: _ExactSides = []


class _ExactFrame(msgspec.Struct):
    data: _ExactData


_checked = msgspec.json.Decoder(_BookFrame).decode
_exact = msgspec.json.Decoder(_ExactFrame).decode
_row = msgspec.json.Decoder(tuple[Decimal, Decimal]).decode
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
        return _levels(self._exact.asks if name == "asks" else self._exact.bids)

    def first(self, name: str) -> Level | None:
        """The level that stands first, exact; None where the text is not laid out as usual."""
        mark = _MARKS[name]
        start = self._text.find(mark) + len(mark) - 1
        if start < len(mark):
            return None
        return Level(*_row(self._text[start : self._text.index(b"]", start) + 1]))


class UnreadSide:
    """One side of a book that was checked and not yet read."""

    __slots__ = ("_first", "_is_best", "_name", "_text")

    def __init__(self, text: _Text, name: str, floats: _Sides) -> None:
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
            first = self._text.first(self._name)
            # What stands first in the text may be another side, where a name is given twice.
            if first is not None and (float(first.price), float(first.quantity)) == self._first:
                return first
        levels = self.read()
        return min(levels, default=None) if self._name == "asks" else max(levels, default=None)


def _stands_alone(floats: _Sides, name: str) -> bool:
    """Whether the first price is the best one by more than floats could hide."""
    if not floats:
        return False
    rest = floats[1:]
    if not rest:
        return True
    return min(rest)[0] > floats[0][0] if name == "asks" else max(rest)[0] < floats[0][0]


def _levels(rows: Iterable[tuple[object, object]]) -> tuple[Level, ...]:
    return tuple(map(tuple.__new__, repeat(Level), rows))


def decode_large(text: bytes, numbers: type = Decimal) -> Any:
    """The value of a larger frame's text; in the message of a book, its sides are levels or ``UnreadSide``.

    Raises:
        DecodingError: It is not JSON.
    """
    if _BOOK in text[:_HEAD]:
        try:
            frame = _checked(text)
        except (msgspec.MsgspecError, UnicodeError, ValueError, RecursionError):
            return decode_push(text)
        if _is_plain(text, frame):
            return _message(text, frame, numbers)
    return decode_push(text)


def _is_plain(text: bytes, frame: _BookFrame) -> bool:
    """Whether no number has an exponent or too many digits, so that each is sure to become a decimal."""
    data = frame.data
    named = frame.topic + data.symbol
    others = 0 if data.prevTs is None else 1  # the one key with an e
    if text.count(b"e") - others != named.count("e") or text.count(b"E") != named.count("E"):
        return False
    find = text.find
    return all(find(b",", at, at + _LONGEST) >= 0 for at in range(0, len(text) - _LONGEST, _LONGEST))


def _message(text: bytes, frame: _BookFrame, numbers: type) -> dict[str, object]:
    data = frame.data
    if numbers is float:
        sides: tuple[object, object] = (_levels(data.asks), _levels(data.bids))
    else:
        shared = _Text(text)
        sides = (UnreadSide(shared, "asks", data.asks), UnreadSide(shared, "bids", data.bids))
    read: dict[str, object] = {"symbol": data.symbol, "asks": sides[0], "bids": sides[1]}
    if data.ts is not None:
        read["ts"] = data.ts
    if data.prevTs is not None:
        read["prevTs"] = data.prevTs
    message: dict[str, object] = {"topic": frame.topic, "data": read}
    if frame.ts is not None:
        message["ts"] = frame.ts
    return message
