"""Candles that were read, kept in a file of this user's: one line a window, each with its checksum.

Only candles that have ended are kept, for the running one still moves. A line that is cut short or damaged, and all
behind it, counts as never read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path

import attrs

from orderly_sync.errors import UsageError
from orderly_sync.models.base import made
from orderly_sync.models.kline import Kline
from orderly_sync.values.line_files import LineFile, checked_line, text_of_line
from orderly_sync.values.private_files import NotPrivate

__all__ = ["CachedWindow", "CandleCache", "gaps", "line_of", "window_of"]

_FIELDS = ("open", "high", "low", "close", "volume", "amount")


@attrs.frozen
class CachedWindow:
    """A span of which all candles that begin in it are known, ms, both ends included."""

    start: int
    end: int
    rows: tuple[Kline, ...]


def line_of(window: CachedWindow, symbol: str) -> bytes:
    """A window as a line: numbers by their exact text, a checksum in front."""
    rows = [
        [
            row.start_timestamp,
            *(None if (one := getattr(row, name)) is None else str(one) for name in _FIELDS),
        ]
        for row in window.rows
    ]
    text = json.dumps([symbol, window.start, window.end, rows], separators=(",", ":")).encode()
    return checked_line(text)


def window_of(line: bytes, symbol: str, numbers: type = Decimal) -> CachedWindow | None:
    """What a line holds; None if it is not whole."""
    text = text_of_line(line)
    if text is None:
        return None
    try:
        whose, start, end, rows = json.loads(text)
        if whose != symbol:  # some file systems take names for one that differ in their case
            return None
        found = tuple(_row(symbol, row, numbers) for row in rows)
    except (ValueError, TypeError, InvalidOperation):
        return None
    return CachedWindow(start, end, found)


def _row(symbol: str, row: list[str | None], numbers: type) -> Kline:
    at, *texts = row
    values = [None if text is None else numbers(text) for text in texts]
    return made(Kline, symbol=symbol, start_timestamp=int(at or 0), **dict(zip(_FIELDS, values, strict=True)))


def gaps(known: Iterable[CachedWindow], start: int, end: int) -> list[tuple[int, int]]:
    """What of a span is not known yet, ms, both ends included, oldest first."""
    left, at = [], start
    for window in sorted(known, key=lambda one: one.start):
        if window.end < at or window.start > end:
            continue
        if window.start > at:
            left.append((at, window.start - 1))
        at = max(at, window.end + 1)
    return [*left, (at, end)] if at <= end else left


class CandleCache:
    """The file of one market and interval. Not for two threads at once; two processes cost each other a line at most.

    Args:
        path: The file; made with its folder, for this user alone, when something is added.
        symbol: Native form.
        numbers: ``Decimal`` or ``float``.
    """

    def __init__(self, path: Path, symbol: str, numbers: type = Decimal) -> None:
        self.path = path
        self._file = LineFile(path)
        self._symbol = symbol
        self._numbers = numbers

    def load(self) -> list[CachedWindow]:
        """All windows that are whole; none if there is no file.

        Raises:
            UsageError: The file is no private one of this user's; the message says what to do.
        """
        try:
            return self._file.load(lambda line: window_of(line, self._symbol, self._numbers))
        except NotPrivate as exc:
            raise UsageError(f"the cache {str(self.path)!a} {exc}") from None

    def add(self, window: CachedWindow) -> None:
        """Write one more window behind those that are whole. What cannot be written whole is taken back.

        Raises:
            OSError: It cannot be written, as on a full disk; the file is as it was.
        """
        self._file.add(line_of(window, self._symbol))
