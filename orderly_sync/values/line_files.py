"""A file of lines of which each bears its checksum: what was cut short or damaged is never believed.

Only its owner can read it. A line that is not whole, and all behind it, counts as never written.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from orderly_sync.values.private_files import make_private, open_private

__all__ = ["LineFile", "checked_line", "text_of_line"]

T = TypeVar("T")


def checked_line(text: bytes) -> bytes:
    """A text without ends of lines as a line, its checksum in front."""
    return b"%08x %s\n" % (zlib.crc32(text), text)


def text_of_line(line: bytes) -> bytes | None:
    """The text of a line; None if it is not whole."""
    check, _, text = line.partition(b" ")
    try:
        is_whole = text.endswith(b"\n") and int(check, 16) == zlib.crc32(text[:-1])
    except ValueError:
        return None
    return text[:-1] if is_whole else None


class LineFile:
    """Lines of a file, added one by one. Not for two threads at once; two processes cost each other a line at most.

    Args:
        path: The file; made with its folder, for this user alone, when something is added.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._whole = 0  # so many bytes at its beginning are sound

    def load(self, read: Callable[[bytes], T | None]) -> list[T]:
        """What is made of each line, up to the first that is not whole or of which nothing is made.

        Raises:
            NotPrivate: The file is no private one of this user's.
            OSError: It cannot be read.
        """
        found: list[T] = []
        self._whole = 0
        try:
            with os.fdopen(open_private(self.path, os.O_RDONLY), "rb") as file:
                lines = file.readlines()
        except FileNotFoundError:
            return found
        for line in lines:
            made = read(line)
            if made is None:
                break
            self._whole += len(line)
            found.append(made)
        return found

    def add(self, line: bytes) -> None:
        """Write one more line behind those that are whole. What cannot be written whole is taken back.

        Raises:
            OSError: It cannot be written, as on a full disk; the file is as it was.
        """
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
