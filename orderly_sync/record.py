"""Recordings: every raw frame with its receive time, one JSON line each, gzipped if the name ends in ``.gz``.

A line is ``{"t": ms, "c": "private" | "public", "f": text}``, or ``{"t": ms, "c": "state", "f": {...}}`` for what
REST told of the account at that moment. Only what the venue sends is written; logins, signatures and keys go the
other way and never are.
"""

from __future__ import annotations

import gzip
import os
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

import attrs

from orderly_sync.errors import DecodingError, OrderlyError, UsageError
from orderly_sync.wire.converter import to_wire
from orderly_sync.wire.json import decode, encode

__all__ = ["Line", "Recorder", "lines_of"]

_PRIVATE_MODE = 0o600
_BATCH = 1000


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
            # Account data: readable by its owner only, whatever the umask.
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE_MODE)
        except OSError as exc:
            raise UsageError(f"cannot record to {self.path}: {exc.strerror}; name a new file") from None
        self._raw = os.fdopen(handle, "wb")
        packed = self.path.suffix == ".gz"
        self._file: IO[bytes] = gzip.GzipFile(fileobj=self._raw, mode="wb", mtime=0) if packed else self._raw  # type: ignore[assignment]
        self._queue: SimpleQueue[tuple[int, str, Any] | None] = SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="orderly-recorder", daemon=True)
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
        if self._thread is not threading.current_thread():
            self._thread.join(timeout)

    def _run(self) -> None:
        try:
            while (item := self._queue.get()) is not None:
                self._write(item)
                if self._queue.empty() and self.written % _BATCH:
                    self._raw.flush()
        except OSError as exc:
            self.failure = exc
        finally:
            self._close_files()

    def _write(self, item: tuple[int, str, Any]) -> None:
        time_ms, channel, content = item
        line: dict[str, Any] = {"t": time_ms, "c": channel}
        if isinstance(content, bytes):
            try:
                line["f"] = content.decode()
            except UnicodeDecodeError:
                line["x"] = content.hex()
        else:
            line["f"] = content
        self._file.write(encode(line) + b"\n")
        self.written += 1

    def _close_files(self) -> None:
        try:
            self._file.close()
            self._raw.close()
        except OSError as exc:
            self.failure = self.failure or exc


def lines_of(path: str | os.PathLike[str]) -> Iterator[Line | OrderlyError]:
    """The lines of a recording, in order; one that cannot be read is given as the error it is.

    Raises:
        UsageError: There is no such file.
    """
    name = Path(path)
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
            except (EOFError, OSError, ValueError) as exc:
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
