"""Candles that were read, kept in a file of this user's: one line a window, each with its checksum.

Only candles that have ended are kept, for the running one still moves. A line that is cut short or damaged, and all
behind it, counts as never read.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path

import attrs

from orderly_sync.errors import UsageError
from orderly_sync.models.base import made
from orderly_sync.models.kline import Kline
from orderly_sync.values.private_files import NotPrivate, make_private, open_private

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
    return b"%08x %s\n" % (zlib.crc32(text), text)


def window_of(line: bytes, symbol: str, numbers: type = Decimal) -> CachedWindow | None:
    """What a line holds; None if it is not whole."""
    check, _, text = line.partition(b" ")
    if not line.endswith(b"\n"):
        return None
    try:
        if int(check, 16) != zlib.crc32(text[:-1]):
            return None
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
        self._symbol = symbol
        self._numbers = numbers
        self._whole = 0  # so many bytes at its beginning are sound

    def load(self) -> list[CachedWindow]:
        """All windows that are whole; none if there is no file.

        Raises:
            UsageError: The file is no private one of this user's; the message says what to do.
        """
        try:
            with os.fdopen(open_private(self.path, os.O_RDONLY), "rb") as file:
                lines = file.readlines()
        except FileNotFoundError:
            return []
        except NotPrivate as exc:
            raise UsageError(f"the cache {str(self.path)!a} {exc}") from None
        found, self._whole = [], 0
        for line in lines:
            window = window_of(line, self._symbol, self._numbers)
            if window is None:
                break
            self._whole += len(line)
            found.append(window)
        return found

    def add(self, window: CachedWindow) -> None:
        """Write one more window behind those that are whole. What cannot be written whole is taken back.

        Raises:
            OSError: It cannot be written, as on a full disk; the file is as it was.
        """
        line = line_of(window, self._symbol)
        handle = self._open()
        try:
            os.ftruncate(handle, self._whole)
            os.lseek(handle, self._whole, os.SEEK_SET)
            try:
                written = 0
                while written < len(line):
                    written += os.write(handle, line[written:])
            except OSError:
                os.ftruncate(handle, self._whole)
                raise
        finally:
            os.close(handle)
        self._whole += len(line)

    def _open(self) -> int:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            return open_private(self.path, os.O_RDWR)
        except FileNotFoundError:
            return make_private(self.path, os.O_RDWR)
