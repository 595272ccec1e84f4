"""Going over all pages of a list that moves while it is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from typing import Protocol, TypeVar

import attrs

__all__ = ["Place", "Walkable", "walk"]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_PASSES = 3
"""How often a list that loses rows while it is read is read from its start."""
_IDS = ("algo_order_id", "order_id", "id", "position_id", "liquidation_id", "announcement_id")


class Place(Protocol):
    """Where a page stands in its list, as ``PageMeta`` says it."""

    @property
    def total(self) -> int:
        """How many rows the whole list has."""

    @property
    def records_per_page(self) -> int:
        """How many rows a page has at most."""

    @property
    def current_page(self) -> int:
        """Which page this is, from 1."""


class Walkable(Protocol[T_co]):
    """What is asked of a page to go on from it; ``Page`` has it all."""

    @property
    def rows(self) -> tuple[T_co, ...]:
        """The rows of this page."""

    @property
    def meta(self) -> Place:
        """Where the page stands."""

    @property
    def fetch(self) -> Callable[[int], Walkable[T_co]] | None:
        """Reads the page of a number; None where there is no client to read with."""


def walk(start: Walkable[T], incomplete: Callable[[str], Exception]) -> Iterator[T]:
    """The rows of ``start`` and of all pages after it, none twice.

    Rows that come new push others onto the next page, where they are skipped. Rows that go away pull others onto a page
    that was read already: then fewer rows are seen than there were at first, and the pages are read again.

    Args:
        start: The first page.
        incomplete: What to raise when after several passes there are still fewer rows; given the reason.
    """
    before = max(0, start.meta.current_page - 1) * start.meta.records_per_page
    given: Counter[Hashable] = Counter()
    expected = seen_in_all = 0
    for attempt in range(_PASSES):
        page = start if attempt == 0 or start.fetch is None else start.fetch(start.meta.current_page)
        expected = page.meta.total - before
        seen: Counter[Hashable] = Counter()
        for row, key, is_repeat in _rows(page, seen):
            if is_repeat:
                continue
            seen[key] += 1
            if seen[key] > given[key]:
                given[key] += 1
                yield row
        seen_in_all = sum(seen.values())
        if start.fetch is None or seen_in_all >= expected:
            return
    raise incomplete(
        f"{expected} rows were promised and {seen_in_all} could be read; ask for a smaller window"
    )


def _rows(page: Walkable[T], seen: Counter[Hashable]) -> Iterator[tuple[T, Hashable, bool]]:
    """The rows from ``page`` on with their keys, and whether each is one that slipped here from the page before."""
    last: list[Hashable] = []
    total = page.meta.total
    while True:
        slipped = max(0, page.meta.total - total)
        total = page.meta.total
        keys = [_key(row) for row in page.rows]
        for row, key in zip(page.rows, keys, strict=True):
            is_known = bool(seen[key]) if isinstance(key, tuple) else bool(slipped) and key in last
            yield row, key, is_known
        last = keys
        size = page.meta.records_per_page or len(page.rows)
        if page.fetch is None or not page.rows or page.meta.current_page * size >= total:
            return
        page = page.fetch(page.meta.current_page + 1)


def _key(row: object) -> Hashable:
    """What makes a row itself: its ids as a tuple, or, where it has none, the text of all it holds."""
    ids = tuple((name, getattr(row, name)) for name in _IDS if getattr(row, name, None) is not None)
    if ids:
        return ids
    return repr(attrs.astuple(row, recurse=False)) if attrs.has(type(row)) else repr(row)  # type: ignore[arg-type]
