"""Pages that fetch their successors, and time windows that are halved until each fits one page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

import attrs

from orderly_sync.errors import DecodingError
from orderly_sync.models.base import Page
from orderly_sync.rest.arguments import in_order

__all__ = ["FULL", "Window", "windows", "with_fetch"]

T = TypeVar("T")
P = TypeVar("P")

FULL = 500
"""Rows from which on a window may hide more: the largest page, and the most that some lists ever tell."""


def with_fetch(page: P, fetch: Callable[[Any], Any]) -> P:
    """The page, able to read further pages through ``fetch(number)`` or ``fetch(cursor)``."""
    page.fetch = fetch  # type: ignore[attr-defined]
    return page


@attrs.frozen(kw_only=True)
class Window(Generic[T]):
    """All rows of one span of time, both ends included, ms. Reading can be taken up again after ``end``."""

    start: int
    end: int
    rows: tuple[T, ...]


def windows(
    fetch: Callable[[int, int], Page[T]],
    start: int,
    end: int,
    *,
    crowded: Callable[[int], Iterable[T]] | None = None,
) -> Iterator[Window[T]]:
    """A span of time as windows that hide nothing, oldest first.

    A window whose list may be cut off is halved, so no list is read by pages that move while they are read. Freeze
    ``end``: rows that come later belong to a later call.

    Args:
        fetch: Reads one window, both ends included, as one page of 500 rows.
        start: ms.
        end: ms.
        crowded: Reads one millisecond that holds 500 rows or more some other way, such as order by order.

    Raises:
        UsageError: ``end`` lies before ``start``.
        DecodingError: One millisecond is too full, and ``crowded`` was not given.
    """
    in_order(start, end)
    pending = [(start, end)]
    while pending:
        first, last = pending.pop()
        page = fetch(first, last)
        if max(page.meta.total, len(page.rows)) < FULL and len(page.rows) >= page.meta.total:
            yield Window(start=first, end=last, rows=tuple(page.rows))
        elif first < last:
            middle = (first + last) // 2
            pending += [(middle + 1, last), (first, middle)]
        elif crowded is not None:
            yield Window(start=first, end=last, rows=tuple(crowded(first)))
        else:
            raise DecodingError(
                f"the window at {first}", "", f"{page.meta.total} rows in one millisecond, {FULL} can be read"
            )
