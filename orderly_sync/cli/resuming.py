"""Downloads that go on where they were broken off: what was read is kept in a file until all was printed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from orderly_sync.cli.columns import Layout
from orderly_sync.errors import UsageError
from orderly_sync.history.account_history import HistoryRange
from orderly_sync.notebook.downloads import default_folder
from orderly_sync.values.line_files import LineFile, checked_line, text_of_line
from orderly_sync.values.private_files import NotPrivate

__all__ = ["KeptRows", "kept_rows"]

Row = dict[str, object]


class _Part(NamedTuple):
    """What one line of the file holds: rows of a window, and up to when all rows are known then, ms."""

    start: int
    end: int
    reached: int
    rows: list[Row]


class KeptRows:
    """The rows of one download, of this command and of those before it that were broken off.

    Args:
        path: The file.

    Raises:
        UsageError: The file is no private one of this user's, or cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._file = LineFile(path)
        try:
            self._parts = self._file.load(_part)
        except NotPrivate as exc:
            raise UsageError(f"the file of what was read before, {path}, {exc}") from None
        except OSError as exc:
            raise UsageError(f"{path} cannot be read: {exc.strerror or exc}; remove it") from None

    @property
    def is_begun(self) -> bool:
        """Whether something was kept before."""
        return bool(self._parts)

    @property
    def span(self) -> tuple[int, int]:
        """What is left to read, ms, both ends included: the span is that of the command which began."""
        return self._parts[-1].reached + 1, self._parts[-1].end

    @property
    def start(self) -> int:
        """Where it began, ms."""
        return self._parts[0].start

    @property
    def count(self) -> int:
        """So many rows are kept."""
        return sum(len(part.rows) for part in self._parts)

    def rows(self, past: HistoryRange[Any] | None, layout: Layout) -> Iterator[Row]:
        """All rows as JSON has them: those that were kept, then those of the rest, each window kept before it is given.

        Raises:
            UsageError: They cannot be kept, as on a full disk.
        """
        for part in self._parts:
            yield from part.rows
        if past is None:
            return
        start = self.start if self.is_begun else past.start
        for window in past.windows():
            rows = layout.rows(window.rows)
            self._keep(_Part(start, past.end, window.end, rows))
            yield from rows

    def forget(self) -> None:
        """All was printed."""
        self._file.path.unlink(missing_ok=True)

    def _keep(self, part: _Part) -> None:
        try:
            self._file.add(checked_line(json.dumps(part, separators=(",", ":")).encode()))
        except NotPrivate as exc:
            raise UsageError(f"the file of what was read, {self._file.path}, {exc}") from None
        except OSError as exc:
            raise UsageError(
                f"what was read cannot be kept in {self._file.path}: {exc.strerror or exc}; make room and run "
                "the same command again, or leave out --resume"
            ) from None


def _part(line: bytes) -> _Part | None:
    text = text_of_line(line)
    return None if text is None else _Part(*json.loads(text))


def kept_rows(place: str, account_id: str, asked: Sequence[object]) -> KeptRows:
    """What was kept of a download, by all that tells it from others.

    Args:
        place: The venue: its name, or the line that it printed.
        account_id: Whose rows.
        asked: The command with its options.

    Raises:
        UsageError: The venue does not stay, or cannot be told from another at its address.
    """
    if place == "paper":
        raise UsageError(
            "--resume needs a venue that stays, and this one ends with the command; start one by "
            "orderly-sync venue and name its line by --network"
        )
    if "://" in place and "{" not in place:
        raise UsageError(
            "--resume cannot tell one venue at this URL from the next; name the line that it printed by --network"
        )
    text = json.dumps([place, account_id, *asked], default=str)
    name = f"history-{hashlib.sha256(text.encode()).hexdigest()[:32]}.rows"
    return KeptRows(default_folder() / name)
