"""Files that only their owner can read: keys, recordings, journals. No link is followed, nothing waits for a reader."""

from __future__ import annotations

import os
import stat
from pathlib import Path

__all__ = ["NotPrivate", "make_private", "open_private"]

# Windows would turn each end of a line into two bytes; elsewhere a pipe would wait for who writes to it.
_FLAGS = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class NotPrivate(Exception):
    """What keeps a file from being one that only its owner can read, as the rest of a sentence about it."""


def make_private(path: Path, flags: int) -> int:
    """A new file of mode 0600, whatever the umask; its descriptor, opened with these flags.

    Raises:
        OSError: It exists, or cannot be made.
    """
    handle = os.open(path, flags | _FLAGS | os.O_CREAT | os.O_EXCL, 0o600)
    if hasattr(os, "fchmod"):
        try:
            os.fchmod(handle, 0o600)
        except OSError:
            os.close(handle)
            raise
    return handle


def open_private(path: Path, flags: int) -> int:
    """A regular file of this user's that nobody else can read; its descriptor, opened with these flags.

    Raises:
        NotPrivate: It is a link or no regular file, another user's, or may be read by others.
        OSError: It is not there, or cannot be opened.
    """
    if path.is_symlink():
        raise NotPrivate("is a link; name the file itself")
    handle = os.open(path, flags | _FLAGS)  # asks again, so that no link can slip in between
    try:
        _check(os.fstat(handle), path)
    except NotPrivate:
        os.close(handle)
        raise
    return handle


def _check(state: os.stat_result, path: Path) -> None:
    if not stat.S_ISREG(state.st_mode):
        raise NotPrivate("is no regular file; name another")
    if hasattr(os, "getuid"):
        if state.st_uid != os.getuid():
            raise NotPrivate("belongs to another user; name one of your own")
        if state.st_mode & 0o077:
            raise NotPrivate(f"may be read by others; run: chmod 600 {path}")
