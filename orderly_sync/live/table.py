"""A live table: the latest row of each key, fed by pushes and by REST, read from any thread.

Rows are frozen and the mapping is replaced, never changed, so a reader holds one consistent state. A REST snapshot
is read while pushes go on: from ``begin()`` on, keys that pushes touch are newer than the snapshot and keep what the
pushes said.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Generic, TypeVar, overload

from orderly_sync.errors import UsageError
from orderly_sync.tables.shown import Tabular
from orderly_sync.values.printing import printable

__all__ = ["FEEDS", "Table"]

K = TypeVar("K")
V = TypeVar("V")
D = TypeVar("D")

_SHOWN = 3
FEEDS = frozenset(
    {"apply", "begin", "drop", "forget_all", "put", "refine", "seed", "seed_rows", "seeded", "table_name"}
)
"""What is for the client that feeds a table alone: tab and the reference leave it out."""


class Table(Tabular, Mapping[K, V], Generic[K, V]):
    """Rows by key; a read-only mapping for users. ``.df`` and what a notebook shows are the rows as they are then.

    Args:
        name: What it holds, for its repr.
    """

    _row_type: type | None = None
    _internal: ClassVar[frozenset[str]] = FEEDS

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__()} - self._internal)

    def __init__(self, name: str) -> None:
        self.seeded = False
        """Whether a REST snapshot has been read at least once."""
        self._name = name
        self._rows: dict[K, V] = {}
        self._touched: set[K] | None = None
        self._lock = threading.Lock()

    def __getitem__(self, key: K) -> V:
        try:
            return self._rows[self._key(key)]
        except (KeyError, TypeError, UsageError):
            raise KeyError(self._missing(key)) from None

    @overload
    def get(self, key: K) -> V | None: ...
    @overload
    def get(self, key: K, default: V | D) -> V | D: ...

    def get(self, key: object, default: object = None) -> Any:
        """The row under a key, or ``default``."""
        try:
            return self._rows.get(self._key(key), default)
        except (TypeError, UsageError):
            return default

    def __contains__(self, key: object) -> bool:
        try:
            return self._key(key) in self._rows
        except (TypeError, UsageError):
            return False

    def __iter__(self) -> Iterator[K]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    @printable
    def __repr__(self) -> str:
        rows = list(self._rows.values())
        more = f"; {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
        shown = "; ".join(repr(row) for row in rows[:_SHOWN])
        return f"{self._name}: {len(rows)}{' [' if rows else ''}{shown}{more}{']' if rows else ''}"

    def _table(self) -> tuple[type | None, Iterable[V]]:
        return self._row_type, self._rows.values()

    @property
    def table_name(self) -> str:
        """What it holds, in words."""
        return self._name

    def _ipython_key_completions_(self) -> list[K]:
        return list(self._rows)

    def snapshot(self) -> Mapping[K, V]:
        """The rows as they are now; later changes do not reach it."""
        return self._rows

    def _key(self, key: object) -> K:
        """The key as the rows are kept under, for any spelling of it; UsageError if it is none."""
        return key  # type: ignore[return-value]

    def _missing(self, key: object) -> str:
        """The sentence that says that there is no such row."""
        return f"nothing under {key!r:.60} in {self._name}"

    # Fed by the client only -------------------------------------------------------------------------------------

    def put(self, key: K, row: V) -> None:
        """Set a row."""
        with self._lock:
            self._rows = {**self._rows, key: row}
            self._touch(key)

    def refine(self, key: K, row: V) -> None:
        """Set a row anew without its counting as touched: a REST snapshot under way knows better."""
        with self._lock:
            self._rows = {**self._rows, key: row}

    def drop(self, key: K) -> None:
        """Remove a row, if it is there."""
        with self._lock:
            self._touch(key)
            if key in self._rows:
                rows = self._rows.copy()
                del rows[key]
                self._rows = rows

    def forget_all(self) -> None:
        """Hold no rows; what is told from now on is news."""
        with self._lock:
            self._rows = {}
            self._touched = None

    def begin(self) -> None:
        """A REST snapshot is about to be asked for."""
        with self._lock:
            self._touched = set()

    def _keep(self, keys: Iterable[K]) -> None:
        """Let these rows outlive the REST snapshot that was begun."""
        with self._lock:
            if self._touched is not None:
                self._touched.update(keys)

    def seed(self, rows: Mapping[K, V]) -> None:
        """Take a REST snapshot: its rows, save for keys that pushes touched since ``begin()``."""
        with self._lock:
            self._rows = self._merged(rows, self._touched or set())
            self._touched = None
            self.seeded = True

    def _merged(self, rows: Mapping[K, V], touched: set[K]) -> dict[K, V]:
        kept = {key: row for key, row in self._rows.items() if key in touched}
        fresh = {key: row for key, row in rows.items() if key not in touched}
        return {**fresh, **kept}

    def _touch(self, key: K) -> None:
        if self._touched is not None:
            self._touched.add(key)
