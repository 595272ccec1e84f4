"""How frames of order books are read: checked whole at once, their decimals made when somebody looks.

A book is some four hundred numbers, most of which nobody reads. So a frame in the venue's plain form is checked in one
pass in C: its shape, its levels of two, every number finite. What is kept is its text, and whether the first level of
a side is its best; exact decimals come from the text at the first touch and stay. Whatever is not in that form goes
the way of all frames, where it is read number by number or refused: a fault of a frame is a ``DecodingError`` at the
border, never one in the hands of whoever reads the book.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from orderly_sync.wire.json import decode_push
from orderly_sync.wire.levels import FloatSide, levels_of, unread_sides

__all__ = ["LEAST", "decode_large"]

LEAST = 1024
"""Bytes below which a frame is read whole: of a few levels there is nothing to save."""
_HEAD = 160
_BOOK = b"@orderbook"
_LONGEST = 500
"""No number of a usable size is as long as this without a comma after it."""


class _Data(msgspec.Struct, forbid_unknown_fields=True):
    symbol: str
    asks: FloatSide = []
    bids: FloatSide = []
    ts: int | None = None
    prevTs: int | None = None  # noqa: N815 - the wire's own name


class _BookFrame(msgspec.Struct, forbid_unknown_fields=True):
    topic: str
    data: _Data
    ts: int | None = None


_checked = msgspec.json.Decoder(_BookFrame).decode


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
    find, data = text.find, frame.data
    named = frame.topic + data.symbol
    others = 0 if data.prevTs is None else 1  # the one key with an e
    levels = find(b"[[")
    # To look for a letter costs less than to count it, and mostly there is none among the levels.
    end = levels if levels >= 0 and find(b"e", levels) < 0 and find(b"E", levels) < 0 else len(text)
    if text.count(b"e", 0, end) - others != named.count("e") or text.count(b"E", 0, end) != named.count("E"):
        return False
    return all(find(b",", at, at + _LONGEST) >= 0 for at in range(0, len(text) - _LONGEST, _LONGEST))


def _message(text: bytes, frame: _BookFrame, numbers: type) -> dict[str, object]:
    data = frame.data
    if numbers is float:
        sides: tuple[object, object] = (levels_of(data.asks), levels_of(data.bids))
    else:
        sides = unread_sides(text, data.asks, data.bids)
    read: dict[str, object] = {"symbol": data.symbol, "asks": sides[0], "bids": sides[1]}
    if data.ts is not None:
        read["ts"] = data.ts
    if data.prevTs is not None:
        read["prevTs"] = data.prevTs
    message: dict[str, object] = {"topic": frame.topic, "data": read}
    if frame.ts is not None:
        message["ts"] = frame.ts
    return message
