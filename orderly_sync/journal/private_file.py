"""A file that only its owner can read, for one process at a time, set aside if it is damaged."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from orderly_sync.errors import JournalError
from orderly_sync.values.private_files import NotPrivate, make_private, open_private

__all__ = ["ProcessLock", "is_cut_short", "last_written", "require_private", "set_aside"]

_COMPANIONS = ("", "-wal", "-shm")
"""What SQLite keeps beside a database, by the end of its name."""
_HEAD = 100
"""Bytes."""


def require_private(path: Path) -> None:
    """Make the file if there is none, mode 0600 in a directory of mode 0700 if that is made, whatever the umask.

    Raises:
        JournalError: It is no regular file of this user's that nobody else can read, or it cannot be made.
    """
    try:
        _make_folder(path.parent)
        try:
            handle = make_private(path, os.O_RDWR)
        except FileExistsError:
            handle = open_private(path, os.O_RDWR)
    except NotPrivate as exc:
        raise JournalError(path, str(exc)) from None
    except OSError as exc:
        raise JournalError(
            path, f"cannot be opened for writing: {exc.strerror}; name another place"
        ) from None
    os.close(handle)


def _make_folder(folder: Path) -> None:
    if not folder.exists():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)


def set_aside(path: Path, now: float) -> Path:
    """Rename a damaged file, with what SQLite keeps beside it; what it is called now.

    Raises:
        JournalError: It cannot be renamed.
    """
    number, aside = int(now), path
    while aside.exists():
        aside = path.with_name(f"{path.name}.damaged-{number}")
        number += 1
    try:
        for end in _COMPANIONS:
            one = path.with_name(path.name + end)
            if one.exists():
                one.rename(aside.with_name(aside.name + end))
    except OSError as exc:
        raise JournalError(path, f"is damaged and cannot be renamed: {exc.strerror}; move it away") from None
    return aside


def last_written(path: Path) -> float:
    """When anything was written to it last, seconds since 1970; 0 if it is not there."""
    files = [path.with_name(path.name + end) for end in _COMPANIONS[:2]]
    return max((one.stat().st_mtime for one in files if one.exists()), default=0.0)


def is_cut_short(path: Path) -> bool:
    """Whether less than a database's head is left of a file that was a journal: SQLite takes that for a new one."""
    if not path.exists():
        return False
    size = path.stat().st_size
    return 0 < size < _HEAD or (size == 0 and _lock_of(path).exists())


def _lock_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-lock")


class ProcessLock:
    """Held by one process; the system gives it back when that process ends, however it ends.

    It is a lock on an empty database beside the file, so that others may read the file meanwhile, and that it works
    wherever SQLite does.

    Raises:
        JournalError: Another process, or another client of this one, has it.
    """

    def __init__(self, path: Path) -> None:
        beside = _lock_of(path)
        require_private(beside)
        self._db = sqlite3.connect(beside, isolation_level=None, timeout=0.0, check_same_thread=False)
        try:
            self._db.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as exc:
            self._db.close()
            raise JournalError(
                path, f"is in use by another client or process ({exc}); give each a file of its own"
            ) from None

    def release(self) -> None:
        """Give it back."""
        self._db.close()
