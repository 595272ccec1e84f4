"""Pages that carry more than rows and their place in the list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

import attrs

from orderly_sync.models.base import Detachable, Page, PageMeta, Rows
from orderly_sync.tables.shown import Tabular

__all__ = ["CursorPage", "SnapshotPage"]

T = TypeVar("T")


@attrs.define(eq=False, repr=False)
class SnapshotPage(Page[T]):
    """A page of a list that is computed now and then.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-builders-users-volumes
    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-builders-leaderboard
    """

    snapshot_time: int | None = None
    """When the list was computed, ms; None where the venue does not say."""


@attrs.define(eq=False, repr=False)
class CursorPage(Detachable, Tabular, Generic[T]):
    """A page of a list that is followed by cursor, so that new rows neither repeat nor hide others.

    Iterating and indexing go over the rows of this page; ``each()`` goes on over all further pages.

    https://orderly.network/docs/build-on-omnichain/public-info-api/overview
    """

    rows: Rows[T]
    """The rows of this page, in the venue's order."""
    next_cursor: str | None = None
    """Where the next page begins, opaque; None on the last page."""
    meta: PageMeta | None = None
    """Where the page stands, on the few lists that say so; None elsewhere."""
    fetch: Callable[[str], CursorPage[T]] | None = None
    """Reads the page at a cursor; None for a page that was built without a client."""

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> T:
        return self.rows[index]

    def _table(self) -> tuple[type | None, Iterable[T]]:
        return self.rows.row_type, self.rows

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}({len(self.rows)} rows, {'more' if self.next_cursor else 'none'} to come)"
        )

    def each(self) -> Iterator[T]:
        """The rows of this page and of all that follow, fetched as they are needed."""
        page, seen = self, set[str]()
        while True:
            yield from page.rows
            cursor = page.next_cursor
            # A cursor that comes back would turn this into an endless stream of requests.
            if cursor is None or cursor in seen or page.fetch is None:
                return
            seen.add(cursor)
            page = page.fetch(cursor)
