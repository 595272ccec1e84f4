"""The journal's file: SQLite in WAL mode, each commit on the disk before it returns. For one thread at a time."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

from orderly_sync.errors import JournalError
from orderly_sync.journal.private_file import (
    ProcessLock,
    is_cut_short,
    last_written,
    require_private,
    set_aside,
)
from orderly_sync.journal.schema import (
    DELIVERED,
    RECEIVED,
    TABLES,
    VERSION,
    EventRow,
    OrderRow,
    sealed,
    unsealed,
)

__all__ = ["KEEP_MS", "MOST_KEPT", "Damaged", "JournalFile", "OrderProgress", "fingerprint"]

T = TypeVar("T")

KEEP_MS = 86_400_000
"""How long what was delivered is remembered, ms; of orders that have not ended, longer."""
KEEP_RECEIVED_MS = 7 * KEEP_MS
"""How long what nobody has taken is kept, and what is known of orders, ms."""
MOST_KEPT = 1_000_000
"""How many reports are kept at most."""
_WAIT = 1.0
"""Seconds that another program's lock on the file is waited for."""
_COLUMNS = ", ".join(EventRow._fields)
_MARKS = f"({', '.join('?' * (len(EventRow._fields) + 1))})"
_PIECE = 64
"""Rows that are written by one statement. Each statement gives other threads a turn, and while one of those is busy it
takes Python up to 5 ms to come back: row by row 40,000 changes took 10 s beside a busy I/O thread."""
_LAST = "rowid IN (SELECT max(rowid) FROM events GROUP BY topic, order_id)"
_ENDED = f"(topic, order_id) IN (SELECT topic, order_id FROM events WHERE ended = 1 AND {_LAST})"  # noqa: S608


class Damaged(Exception):
    """The file does not hold what was written."""


class OrderProgress(NamedTuple):
    """How far one order had been told of."""

    topic: str
    order_id: int
    filled: str
    ended: int


def fingerprint(network: str, account_id: str) -> str:
    """What tells one account of one network from another, without naming it."""
    return hashlib.blake2b(f"{network}\n{account_id}".encode(), digest_size=8).hexdigest()


class JournalFile:
    """One journal, opened and checked.

    Args:
        path: The file; made if it is not there.
        network: The network's name.
        account_id: Whose reports it keeps.
        now: Seconds since 1970.
        anew: Whether the venue knows nothing of what the file tells: it begins empty then.

    Raises:
        JournalError: It is in use, of a newer release, of another account or network, or cannot be written.
    """

    def __init__(self, path: Path, network: str, account_id: str, *, now: float, anew: bool = False) -> None:
        self.path = path
        self.damaged: Path | None = None
        """What the file was renamed to, if it was damaged."""
        self.written_before = last_written(path)
        """When it was written to last before it was opened, seconds since 1970; 0 if there was none."""
        cut = is_cut_short(path)
        require_private(path)
        self._lock = ProcessLock(path)
        try:
            try:
                self.db = _checked(path, cut=cut)
            except Damaged:
                self.damaged = set_aside(path, now)
                require_private(path)
                self.db = _checked(path)
            self._belongs_to(network, account_id)
            if anew:
                self._clear()
        except sqlite3.Error as exc:
            self.close()
            raise JournalError(path, f"cannot be used: {exc}; free the disk or name another place") from None
        except BaseException:
            self.close()
            raise
        self._inode = path.stat().st_ino

    def close(self) -> None:
        """Close it and let others have it; idempotent."""
        db = getattr(self, "db", None)
        if db is not None:
            with contextlib.suppress(sqlite3.Error):  # what is in it is on the disk already
                db.close()
        self._lock.release()

    def _belongs_to(self, network: str, account_id: str) -> None:
        mark = f"{network} {fingerprint(network, account_id)}"
        kept = self._meta("account")
        if kept is None:
            self.db.execute("BEGIN IMMEDIATE")
            self._set_meta("account", mark)
            self.db.execute("COMMIT")
        elif kept != mark:
            what = "network" if kept.split(" ")[0] != network else "account"
            raise JournalError(self.path, f"was written for another {what}; name a file for each")

    def _clear(self) -> None:
        self.db.execute("BEGIN IMMEDIATE")
        self.forget_all()
        self.db.execute("DELETE FROM meta WHERE key IN ('began', 'watermark')")
        self.db.execute("COMMIT")

    # Writing, within begin and commit ---------------------------------------------------------------------------------

    def begin(self) -> None:
        """Begin a group of changes."""
        self.db.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Have the group on the disk."""
        self.db.execute("COMMIT")

    def rollback(self) -> None:
        """Leave the group out."""
        if self.db.in_transaction:
            self.db.execute("ROLLBACK")

    def check_in_place(self) -> None:
        """See that the file is the one that was opened.

        Raises:
            OSError: It was deleted or replaced.
        """
        if self.path.stat().st_ino != self._inode:
            raise FileNotFoundError(2, "it was replaced by another file")

    def receive(self, rows: Iterable[EventRow]) -> None:
        """Keep reports; one that is there already stays as it is."""
        for some in _pieces(rows):
            values = ", ".join([_MARKS] * len(some))
            self.db.execute(
                f"INSERT OR IGNORE INTO events ({_COLUMNS}, sum) VALUES {values}",  # noqa: S608 - names of our own
                [value for row in some for value in (*row, row.sum)],
            )

    def deliver(self, event_ids: Iterable[str]) -> None:
        """The user has taken these."""
        for some in _pieces(event_ids):
            marks = ", ".join("?" * len(some))
            self.db.execute(
                f"UPDATE events SET state = 'delivered' WHERE event_id IN ({marks})",  # noqa: S608 - marks alone
                some,
            )

    def advance(self, watermark: int) -> None:
        """All until this time of the venue's, ms, was received."""
        self._set_meta("watermark", watermark)

    def begin_at(self, floor: int) -> None:
        """The venue's time, ms, from which on everything is kept: that of the first start."""
        self._set_meta("began", floor)

    def intend(self, row: OrderRow) -> None:
        """An order is about to be sent."""
        self.db.execute("INSERT OR REPLACE INTO orders VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def settle(self, client_order_id: str, order_id: int | None, outcome: str) -> None:
        """What became of its sending."""
        self.db.execute(
            "UPDATE orders SET order_id = coalesce(?, order_id), outcome = ? WHERE client_order_id = ?",
            (order_id, outcome, client_order_id),
        )

    def forget_all(self) -> None:
        """What is kept of reports and orders means nothing any more."""
        self.db.execute("DELETE FROM events")
        self.db.execute("DELETE FROM orders")

    def trim(self, now_ms: int) -> int:
        """Forget what is old: delivered reports of ended orders, what nobody took for a week; how many reports."""
        gone = self.db.execute(
            f"DELETE FROM events WHERE at < ? AND (at < ? OR (state = 'delivered' AND {_ENDED}))",  # noqa: S608
            (now_ms - KEEP_MS, now_ms - KEEP_RECEIVED_MS),
        ).rowcount
        gone += self.db.execute(
            "DELETE FROM events WHERE state = 'delivered' AND rowid <= (SELECT max(rowid) FROM events) - ?",
            (MOST_KEPT,),
        ).rowcount
        self.db.execute("DELETE FROM orders WHERE at < ?", (now_ms - KEEP_RECEIVED_MS,))
        return gone

    # Reading --------------------------------------------------------------------------------------------------------

    @property
    def watermark(self) -> int | None:
        """Until when all was received, by the venue's clock, ms; None in a new file."""
        text = self._meta("watermark")
        return None if text is None else int(text)

    @property
    def began(self) -> int | None:
        """From when on everything was kept, by the venue's clock, ms; None in a new file."""
        text = self._meta("began")
        return None if text is None else int(text)

    def received(self) -> list[EventRow]:
        """What the user has not taken, in the order in which it came."""
        return list(rows_of(self.db, f"state = '{RECEIVED}'"))

    def known(self) -> set[str]:
        """The ids of all reports that are kept."""
        return {row[0] for row in self.db.execute("SELECT event_id FROM events")}

    def progress(self) -> list[OrderProgress]:
        """How far each order had been told of by its last report."""
        text = f"SELECT topic, order_id, filled, ended FROM events WHERE {_LAST}"  # noqa: S608 - our own text
        return [OrderProgress(*row) for row in self.db.execute(text)]

    def order(self, client_order_id: str) -> OrderRow | None:
        """The order placed under that name last; None if none is known."""
        rows = self.db.execute("SELECT * FROM orders WHERE client_order_id = ?", (client_order_id,))
        return next((OrderRow(*row) for row in rows), None)

    def _meta(self, key: str) -> str | None:
        return meta_of(self.db, key)

    def _set_meta(self, key: str, value: object) -> None:
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, sealed(key, value)))


def rows_of(db: sqlite3.Connection, where: str, values: Sequence[object] = ()) -> Iterator[EventRow]:
    """Reports for which a condition of our own holds, in the order in which they came.

    Raises:
        Damaged: One is not as it was written.
    """
    text = f"SELECT {_COLUMNS}, sum FROM events WHERE {where} ORDER BY rowid"  # noqa: S608 - never a user's text
    for *fields, sum_ in db.execute(text, values):
        row = EventRow(*fields)
        if row.sum != sum_ or row.state not in (RECEIVED, DELIVERED):
            raise Damaged(f"the report {row.event_id!a:.60} is not as it was written")
        yield row


def meta_of(db: sqlite3.Connection, key: str) -> str | None:
    """A value of ``meta``; None if it is not there.

    Raises:
        Damaged: It is not as it was written.
    """
    found: tuple[str] | None = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    if found is None:
        return None
    value = unsealed(key, found[0])
    if value is None:
        raise Damaged(f"its {key} is not as it was written")
    return value


def _pieces(values: Iterable[T]) -> Iterator[list[T]]:
    left = iter(values)
    while piece := list(islice(left, _PIECE)):
        yield piece


def _checked(path: Path, *, cut: bool = False) -> sqlite3.Connection:
    """The file, opened and with its tables.

    Raises:
        Damaged: It is not what was written.
        JournalError: It is of a newer release, or locked by another program.
    """
    if cut:
        raise Damaged("it was cut short")
    db = sqlite3.connect(path, isolation_level=None, timeout=_WAIT, check_same_thread=False)
    try:
        _set_up(db, path)
    except (sqlite3.Error, Damaged, ValueError, OverflowError, MemoryError) as exc:
        db.close()
        if isinstance(exc, sqlite3.OperationalError) and not _is_damage(exc):
            raise JournalError(path, f"cannot be used: {exc}; name another place or free this one") from None
        raise Damaged(str(exc)) from exc
    except BaseException:
        db.close()
        raise
    return db


def _set_up(db: sqlite3.Connection, path: Path) -> None:
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise JournalError(
            path,
            f"is of a newer release (tables of version {version}); update orderly_sync or name another file",
        )
    if version == 0 and not db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
        db.executescript(f"BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;")
    else:
        problems_of(db)


def _is_damage(exc: sqlite3.OperationalError) -> bool:
    """Whether an error is the file's content's fault, not the disk's or another program's."""
    said = str(exc)
    return not any(
        word in said for word in ("locked", "full", "readonly", "unable to open", "disk I/O", "busy")
    )


def problems_of(db: sqlite3.Connection) -> None:
    """Read all of a journal.

    Raises:
        Damaged: Anything in it is not as it was written.
    """
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    if version != VERSION:
        raise Damaged(f"its tables are of version {version}, which never was")
    said = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if said != "ok":
        raise Damaged(str(said))
    for key in ("account", "began", "watermark"):
        meta_of(db, key)
    for _ in rows_of(db, "1"):
        pass
    db.execute("SELECT * FROM orders").fetchall()
