"""A hook's own rows and the mark that its report was taken, in one transaction."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from orderly_sync.journal.store import JournalFile

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["JournalTransaction"]

_OWN = frozenset({"meta", "events", "orders"})
_CHANGES = frozenset({
    sqlite3.SQLITE_INSERT,
    sqlite3.SQLITE_UPDATE,
    sqlite3.SQLITE_DELETE,
    sqlite3.SQLITE_DROP_TABLE,
    sqlite3.SQLITE_ALTER_TABLE,
    sqlite3.SQLITE_CREATE_TRIGGER,
})  # fmt: skip
_NEVER = frozenset({
    sqlite3.SQLITE_TRANSACTION,
    sqlite3.SQLITE_SAVEPOINT,
    sqlite3.SQLITE_ATTACH,
    sqlite3.SQLITE_DETACH,
    sqlite3.SQLITE_PRAGMA,
})  # fmt: skip


class JournalTransaction:
    """Made by ``ex.journal.transaction()``; use it in a ``with``."""

    def __init__(self, store: JournalFile, turn: threading.Lock, event_id: str) -> None:
        self._store = store
        self._turn = turn
        self._event_id = event_id

    def __enter__(self) -> Self:
        self._turn.acquire()
        try:
            self._store.begin()
            self._store.db.set_authorizer(_authorize)
        except BaseException:
            self._turn.release()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            self._store.db.set_authorizer(None)
            if kind is None:
                self._store.deliver((self._event_id,))
                self._store.commit()
        finally:
            self._store.rollback()
            self._turn.release()

    def execute(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> sqlite3.Cursor:
        """One statement; what SQLite raises rolls the transaction back, unless you catch it within.

        ``BEGIN``, ``COMMIT``, ``ATTACH``, ``PRAGMA`` and changes of the journal's own tables are refused.
        """
        return self._store.db.execute(sql, values)

    def executemany(self, sql: str, rows: Iterable[Sequence[Any] | Mapping[str, Any]]) -> sqlite3.Cursor:
        """One statement for each row of values."""
        return self._store.db.executemany(sql, rows)


def _authorize(action: int, first: str | None, second: str | None, *_: object) -> int:
    own = (second if action == sqlite3.SQLITE_ALTER_TABLE else first) in _OWN
    if (
        action in _NEVER
        or (action in _CHANGES and own)
        or (action == sqlite3.SQLITE_CREATE_TRIGGER and second in _OWN)
    ):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK
