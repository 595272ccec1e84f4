"""Recordings: every raw frame with its receive time, one JSON line each, gzipped if the name ends in ``.gz``.

A line is ``{"t": ms, "c": "private" | "public", "f": text}``, or ``{"t": ms, "c": "state", "f": {...}}`` for what
REST told of the account at that moment. Only what the venue sends is written; logins, signatures and keys go the
other way and never are.

A process that is killed takes no more than the last second of its recording with it: what is written can be read up to
its last whole line, packed or not.
"""

from __future__ import annotations

import gzip
import os
import time
import zlib
from collections.abc import Generator, Mapping
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any

import attrs

from orderly_sync.errors import DecodingError, OrderlyError, UsageError
from orderly_sync.values.private_files import make_private
from orderly_sync.waiting import Worker
from orderly_sync.wire.converter import to_wire
from orderly_sync.wire.json import decode, encode

__all__ = ["Line", "Recorder", "lines_of"]

FLUSH_SECONDS = 0.5
"""A line is in the file so many seconds after it was written, at the latest; half of what is promised."""
_BATCH = 256 * 1024
"""Bytes that are gathered before they are written all the same."""
_GZIP = zlib.MAX_WBITS | 16


@attrs.frozen
class Line:
    """One line of a recording."""

    time: int
    """When it was received, ms."""
    channel: str
    """``"private"``, ``"public"`` or ``"state"``."""
    content: Any
    """The frame's text as bytes; of a ``"state"`` line, its object."""


class Recorder:
    """Writes a recording on a thread of its own, so that no frame waits for the disk.

    Args:
        path: Where to; an existing file is not overwritten.

    Raises:
        UsageError: The file exists, or cannot be made.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self.written = 0
        self.failure: OSError | None = None
        """Why writing has ended before its time: the disk was full, say. Trading goes on."""
        try:
            handle = make_private(self.path, os.O_WRONLY)  # it tells of the account
        except OSError as exc:
            raise UsageError(f"cannot record to {self.path}: {exc.strerror}; name a new file") from None
        self._file = _File(handle, packed=self.path.suffix == ".gz")
        self._queue: SimpleQueue[tuple[int, str, Any] | None] = SimpleQueue()
        self._closed = False
        self._thread = Worker(self._run, "orderly-recorder")
        self._thread.start()

    def frame(self, channel: str, time_ms: int, text: bytes) -> None:
        """Take one raw frame; returns at once."""
        self._queue.put((time_ms, channel, text))

    def state(self, time_ms: int, rows: Mapping[str, Any]) -> None:
        """Take what REST told of the account: models by table."""
        self._queue.put((time_ms, "state", {name: to_wire(list(value)) for name, value in rows.items()}))

    def close(self, timeout: float = 5.0) -> None:
        """Write what is waiting and close the file; idempotent."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
        self._thread.join(timeout)

    def _run(self) -> None:
        due: float | None = None  # when what was written last must be in the file
        try:
            while True:
                try:
                    item = self._queue.get(timeout=None if due is None else max(0.0, due - time.monotonic()))
                except Empty:
                    self._file.flush()
                    due = None
                    continue
                if item is None:
                    return
                self._write(item)
                now = time.monotonic()
                if due is None:
                    due = now + FLUSH_SECONDS
                elif now >= due:
                    self._file.flush()
                    due = None
        except OSError as exc:
            self.failure = exc
        finally:
            self._close_file()

    def _write(self, item: tuple[int, str, object]) -> None:
        time_ms, channel, content = item
        line: dict[str, object] = {"t": time_ms, "c": channel}
        if isinstance(content, bytes):
            try:
                line["f"] = content.decode()
            except UnicodeDecodeError:
                line["x"] = content.hex()
        else:
            line["f"] = content
        self._file.write(encode(line) + b"\n")
        self.written += 1

    def _close_file(self) -> None:
        try:
            self._file.close(whole=self.failure is None)
        except OSError as exc:
            self.failure = self.failure or exc


class _File:
    """A file that is written to in batches, packed or not; nothing of it is written unless it is told to.

    Python's own files write what they hold when they are collected. In a forked process that would be the parent's
    bytes a second time, in the middle of the parent's file.
    """

    def __init__(self, handle: int, *, packed: bool) -> None:
        self._handle = handle
        self._packer = zlib.compressobj(wbits=_GZIP) if packed else None
        self._held = bytearray()

    def write(self, data: bytes) -> None:
        """Take bytes; they are in the file after the next ``flush``."""
        self._held += data if self._packer is None else self._packer.compress(data)
        if len(self._held) >= _BATCH:
            self._put()

    def flush(self) -> None:
        """Put all that was taken into the file, so that it can be read from there."""
        if self._packer is not None:
            self._held += self._packer.flush(zlib.Z_SYNC_FLUSH)
        self._put()

    def close(self, *, whole: bool) -> None:
        """Close it, with its proper end if it was ``whole`` until now."""
        try:
            if whole:
                if self._packer is not None:
                    self._held += self._packer.flush()
                self._put()
        finally:
            os.close(self._handle)

    def _put(self) -> None:
        while self._held:
            del self._held[: os.write(self._handle, self._held)]


def lines_of(path: str | os.PathLike[str]) -> Generator[Line | OrderlyError, None, None]:
    """The lines of a recording, in order; one that cannot be read is given as the error it is.

    Raises:
        UsageError: There is no such file, or it cannot be read; at once, not at the first line.
    """
    if not isinstance(path, (str, os.PathLike)):
        raise UsageError(f"a recording is named by its path, not by {path!a:.60}")
    name = Path(path)
    try:
        with name.open("rb") as raw:
            raw.read(1)
    except (OSError, ValueError) as exc:
        raise UsageError(f"cannot replay {name}: {getattr(exc, 'strerror', None) or exc}") from None
    return _lines_of(name)


def _lines_of(name: Path) -> Generator[Line | OrderlyError, None, None]:
    try:
        raw = name.open("rb")
    except OSError as exc:
        raise UsageError(f"cannot replay {name}: {exc.strerror}") from None
    with raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        source: IO[bytes] = gzip.GzipFile(fileobj=raw) if packed else raw  # type: ignore[assignment]
        number = 0
        while True:
            number += 1
            try:
                text = source.readline()
            except (EOFError, OSError, ValueError, zlib.error) as exc:
                yield DecodingError(
                    f"{name.name} line {number}", "", f"the file is cut short or damaged: {exc}"
                )
                return
            if not text:
                return
            yield _line(text, f"{name.name} line {number}")


def _line(text: bytes, where: str) -> Line | OrderlyError:
    try:
        row = decode(text, where)
        channel = row["c"]
        content = bytes.fromhex(row["x"]) if "x" in row else row["f"]
        if channel != "state" and isinstance(content, str):
            content = content.encode("utf-8", "surrogatepass")
        known = channel == "state" if isinstance(content, dict) else channel in {"private", "public"}
        if not known or not isinstance(row["t"], int) or not isinstance(content, (bytes, dict)):
            return DecodingError(where, "", "not a line of a recording")
        return Line(row["t"], channel, content)
    except DecodingError as exc:
        return exc
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        return DecodingError(where, "", f"not a line of a recording: {type(exc).__name__}")
