"""A relay's journal: what Redis has not taken yet, in one SQLite file, in order. For one thread at a time.

It is written to while Redis takes nothing, or less than comes; an item's row goes when Redis has the item. So a long
outage costs no memory, and a relay that is killed in the middle of one loses nothing: the next process with the file
publishes its rows before all else. Each row has a sum, for SQLite itself sees damage to its structure only.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from zlib import crc32

from orderly_sync.errors import DecodingError, JournalDegraded, JournalError
from orderly_sync.journal.private_file import ProcessLock, require_private, set_aside
from orderly_sync.logs import log_of
from orderly_sync.relay.outbox import Item
from orderly_sync.relay.spooled import item_of, text_of_item

__all__ = ["SpoolFile"]

log = log_of("orderly_sync.relay")

_APPLICATION = 0x4F53_5250
"""SQLite's mark of whose files these are."""
_TABLES = f"""
BEGIN IMMEDIATE;
PRAGMA application_id = {_APPLICATION};
CREATE TABLE meta (account TEXT NOT NULL);
CREATE TABLE items (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    ids TEXT NOT NULL,
    body BLOB NOT NULL,
    sum INTEGER NOT NULL
);
COMMIT;
"""
_COUNT = "SELECT count(*), coalesce(max(seq), 0) FROM items"
_READ = """
SELECT seq, CAST(at AS INTEGER), ids, CAST(body AS BLOB), sum FROM items WHERE seq > ? ORDER BY seq LIMIT ?
"""


class SpoolFile:
    """One file, opened.

    Args:
        path: The file; made if it is not there, mode 0600.
        account: Whose events it keeps: text that tells one account from another.
        numbers: What numbers of events are made of.
        now: Seconds since 1970.
        told: Given what goes wrong; what was kept waits in memory then.

    Raises:
        JournalError: It is in use, another account's, no relay's, or cannot be written.
    """

    def __init__(
        self,
        path: Path,
        account: str,
        *,
        numbers: type,
        now: float,
        told: Callable[[JournalDegraded], object],
    ) -> None:
        self.path = path
        self._numbers, self._told = numbers, told
        self._trouble = ""
        require_private(path)
        self._lock = ProcessLock(path)
        try:
            self._db = self._opened(account, now)
            self._read_to = 0
            self._unread: int
            self._earlier: int
            self._unread, self._earlier = self._db.execute(_COUNT).fetchone()
        except sqlite3.Error as exc:
            self.close()
            raise JournalError(path, f"cannot be used: {exc}; free the disk or name another place") from None
        except BaseException:
            self.close()
            raise

    def _opened(self, account: str, now: float) -> sqlite3.Connection:
        try:
            return self._set_up(account)
        except sqlite3.DatabaseError as exc:
            if isinstance(exc, sqlite3.OperationalError):
                raise
            aside = set_aside(self.path, now)
            log.error("the relay's journal %s was damaged; it is kept as %s", self.path, aside)  # noqa: TRY400
            require_private(self.path)
            return self._set_up(account)

    def _set_up(self, account: str) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, isolation_level=None, timeout=1.0, check_same_thread=False)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            if not db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                db.executescript(_TABLES)
                db.execute("INSERT INTO meta VALUES (?)", (account,))
            self._require_own(db, account)
        except BaseException:
            db.close()
            raise
        return db

    def _require_own(self, db: sqlite3.Connection, account: str) -> None:
        if db.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION:
            raise JournalError(self.path, "is no relay's journal; name another file")
        if db.execute("SELECT account FROM meta").fetchone() != (account,):
            raise JournalError(self.path, "was written for another account; name a file for each")

    def __len__(self) -> int:
        return self._unread

    @property
    def earlier(self) -> int:
        """The number of the last item that an earlier process has left; 0 if none is left."""
        return self._earlier

    def put(self, items: Sequence[Item], *, held: bool) -> bool:
        """Number and keep these behind all others; whether it could. ``held``: they need not be read again."""
        try:
            last = self._write(items)
        except (sqlite3.Error, OSError) as exc:
            self._failed(f"cannot be written: {exc}; free the disk", final=False)
            return False
        self._trouble = ""
        for seq, item in enumerate(items, last - len(items) + 1):
            item.seq = seq
        if held:
            self._read_to = last
        else:
            self._unread += len(items)
        return True

    def _write(self, items: Sequence[Item]) -> int:
        self.path.stat()  # a file that was deleted keeps nothing
        rows = [(item.at, *_texts_of(item)) for item in items]
        self._db.execute("BEGIN IMMEDIATE")
        try:
            for at, ids, body in rows:
                told = self._db.execute(
                    "INSERT INTO items (at, ids, body, sum) VALUES (?, ?, ?, ?)",
                    (at, ids, body, _sum(at, ids, body)),
                )
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        return int(told.lastrowid or 0)

    def read(self, most: int) -> list[Item] | None:
        """The next that were not read; None if they cannot be read and are given up."""
        try:
            rows = self._db.execute(_READ, (self._read_to, most)).fetchall()
            items = [self._item(*row) for row in rows]
        except (sqlite3.Error, DecodingError) as exc:
            self._failed(f"cannot be read: {exc}; what is in it is asked of the venue", final=True)
            self._unread = 0
            return None
        if rows:
            self._read_to = rows[-1][0]
        self._unread -= len(rows)
        return items

    def _item(self, seq: int, at: int, ids: str, body: bytes, sum_: int) -> Item:
        if sum_ != _sum(at, ids, body):
            raise DecodingError(f"the row {seq}", "", "it is not as it was written")
        item = item_of(at, body, self._numbers)
        item.seq = seq
        return item

    def done(self, seq: int) -> None:
        """What has that number or a lower one is kept no longer."""
        if seq >= self._earlier:
            self._earlier = 0
        try:
            self._db.execute("DELETE FROM items WHERE seq <= ?", (seq,))
        except sqlite3.Error as exc:
            # Read again by the next process, they are known by their ids.
            self._failed(f"cannot be written: {exc}; free the disk", final=False)

    def ids(self) -> set[str]:
        """The ids of the events that were not read."""
        with contextlib.suppress(sqlite3.Error):  # read() says so, and gives them up
            rows = self._db.execute("SELECT ids FROM items WHERE seq > ?", (self._read_to,))
            return {name for (ids,) in rows for name in ids.split()}
        return set()

    def _failed(self, why: str, *, final: bool) -> None:
        if self._trouble != why:
            self._trouble = why
            trouble = JournalDegraded(self.path, why)
            trouble.final = final
            log.error("%s", trouble)
            self._told(trouble)

    def close(self) -> None:
        """Close it and let others have it; idempotent."""
        db = getattr(self, "_db", None)
        if db is not None:
            with contextlib.suppress(sqlite3.Error):  # what is in it is on the disk already
                db.close()
        self._lock.release()


def _texts_of(item: Item) -> tuple[str, bytes]:
    return " ".join(event.event_id for event in item.events), text_of_item(item)


def _sum(at: int, ids: str, body: bytes) -> int:
    return crc32(body, crc32(f"{at} {ids}".encode()))
