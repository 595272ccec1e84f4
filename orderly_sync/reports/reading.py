"""One reading of REST for recovery: each list once, by time and page. Reads only.

What must be read is asked for in bulk: orders by when they changed last, fills by when they were made. The venue shows
no more than the newest 500 fills of a window, so a window that is full is followed by one that ends where its page
ended. A window never moves under the reading, and no page of it can skip rows: there is only one page to each. Where
one millisecond holds more than a page, its pages are read one after the other: it is over, so nothing moves in it. If
the venue does not show all of them, the reading says that it is not whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Protocol

from orderly_sync.errors import NotFound
from orderly_sync.models.algo import AlgoOrder
from orderly_sync.models.base import Page, Rows
from orderly_sync.models.fill import Fill
from orderly_sync.models.order import Order

__all__ = ["PAGE", "SINGLES", "OrderReads", "Reading"]

PAGE = 500
SINGLES = 10
"""How many orders one reading asks for one by one; the others wait for the next."""
CROWDED = 70
"""The same where a list does not show all: ten seconds of what the rate limit leaves to recovery."""
FEW = 2
"""So few orders are quicker asked for their fills one by one than by time."""


class OrderReads(Protocol):
    """What recovery asks of ``rest.orders``, by whose names."""

    @property
    def list(self) -> Callable[..., Page[Order]]:
        """Orders, page by page."""

    @property
    def get(self) -> Callable[[int], Order]:
        """One order."""

    @property
    def fills(self) -> Callable[..., Page[Fill]]:
        """Fills of a window, newest first, page by page."""

    @property
    def fills_of(self) -> Callable[[int], Rows[Fill]]:
        """All fills of one order."""

    @property
    def list_algo(self) -> Callable[..., Page[AlgoOrder]]:
        """Algo orders, page by page."""

    @property
    def get_algo(self) -> Callable[[int], AlgoOrder]:
        """The tree of an algo order."""

    @property
    def algo_fills_of(self) -> Callable[[int], Rows[Fill]]:
        """All fills of one node."""


class Reading:
    """What REST says at one moment, each of its answers read when it is first wanted.

    Args:
        orders: Where REST is asked.
        start: The venue's time in ms from which on lists are read; None if no lists are wanted.
        singles: How many orders it may ask for one by one.
    """

    def __init__(self, orders: OrderReads, start: int | None, *, singles: int = SINGLES) -> None:
        self.start = start
        self.is_whole = True
        """Whether every list could be read to its end."""
        self.left = singles
        """How many orders may still be asked for by themselves."""
        self._orders = orders
        self._rows: dict[int, Order] | None = None
        self._open: list[Order] | None = None
        self._open_algos: list[AlgoOrder] | None = None
        self._algos: dict[int, AlgoOrder] | None = None
        self._fills: dict[int, list[Fill]] = {}
        self._seen: set[tuple[int, int]] = set()
        self._windows: Iterator[None] = iter(()) if start is None else self._read_windows(start)
        self._algo_fills: dict[int, list[Fill]] = {}
        self._algo: dict[int, AlgoOrder | None] = {}

    # Ordinary orders -------------------------------------------------------------------------------------------------

    def open_orders(self) -> list[Order]:
        """All open ones."""
        if self._open is None:
            self._open = list(self._orders.list(status="INCOMPLETE", size=PAGE).each())
        return self._open

    def rows(self) -> dict[int, Order]:
        """Those changed since ``start``, and all open ones, by id.

        Created long ago and filled just now: only the time of the last change finds such an order.
        """
        if self._rows is None:
            rows: dict[int, Order] = {}
            for row in () if self.start is None else self._changed(self.start):
                rows.setdefault(row.order_id, row)
            for row in () if self.start is None else self.open_orders():
                rows.setdefault(row.order_id, row)
            self._rows = rows
        return self._rows

    def _changed(self, start: int) -> Iterator[Order]:
        for count, row in enumerate(self._orders.list(sort_by="UPDATED_TIME_DESC", size=PAGE).each()):
            if (row.updated_time or 0) < start:
                return
            if count and count % PAGE == 0:
                # Where orders fill pages, so do fills: each of the two has a rate limit of its own.
                next(self._windows, None)
            yield row

    def row(self, order_id: int) -> Order | None:
        """One of those, or asked for by itself if there is room; None if the venue does not know it, or not yet."""
        rows = self.rows()
        if order_id not in rows and self._may_ask():
            with suppress(NotFound):
                rows[order_id] = self._orders.get(order_id)
        return rows.get(order_id)

    def fills(self) -> dict[int, list[Fill]]:
        """All fills since ``start``, by order."""
        for _ in self._windows:
            pass
        return self._fills

    def fills_of(self, order_id: int) -> list[Fill] | None:
        """All fills of one order, asked for by themselves; None if there is no room for that now."""
        return list(self._orders.fills_of(order_id)) if self._may_ask() else None

    def _read_windows(self, start: int) -> Iterator[None]:
        """Read the fills since then, the newest first, a window at each step."""
        end: int | None = None
        while True:
            page = self._orders.fills(start=start, end=end, size=PAGE)
            rows, news = list(page), self._note_fills(page)
            if not rows or (len(rows) < PAGE and page.meta.total <= len(rows)):
                return
            oldest = min(row.executed_timestamp or start for row in rows)
            if oldest == end or not news:
                yield from self._read_moment(oldest)
                oldest -= 1
            if oldest < start:
                return
            end = oldest
            yield

    def _read_moment(self, moment: int) -> Iterator[None]:
        """Read the fills of one millisecond, in which there are more than a page, a page at each step."""
        number, count, total = 1, 0, 0
        while number == 1 or count < total:
            page = self._orders.fills(start=moment, end=moment, page=number, size=PAGE)
            total = max(total, page.meta.total)
            news = self._note_fills(page)
            count += len(page)
            if not len(page) or (number > 1 and not news):
                break
            number += 1
            yield
        if count < total or total <= PAGE:
            # It shows no more, or may hide more: the many orders that lack some are asked for by themselves.
            self.is_whole, self.left = False, max(self.left, CROWDED)

    def _note_fills(self, rows: Iterable[Fill]) -> int:
        """Keep these fills; how many were not known."""
        news = 0
        for row in rows:
            if (row.order_id, row.id) not in self._seen:
                self._seen.add((row.order_id, row.id))
                self._fills.setdefault(row.order_id, []).append(row)
                news += 1
        return news

    def _may_ask(self) -> bool:
        if self.left <= 0:
            self.is_whole = False
            return False
        self.left -= 1
        return True

    # Algo orders -----------------------------------------------------------------------------------------------------

    def open_algos(self) -> list[AlgoOrder]:
        """All open ones."""
        if self._open_algos is None:
            self._open_algos = list(self._orders.list_algo(status="INCOMPLETE", size=PAGE).each())
        return self._open_algos

    def algos(self, floor: int, held: Mapping[int, int | None]) -> dict[int, AlgoOrder]:
        """All open ones, and those created since ``start`` but not before ``floor``, by id.

        They are listed by their creation alone. Where many of those ``held`` as open, each with the time of its
        creation, are open no longer, the list is read from the earliest of them on.
        """
        if self._algos is None:
            rows: dict[int, AlgoOrder] = {}
            if self.start is not None:
                for row in self.open_algos():
                    rows[row.algo_order_id] = row
                gone = [created for root_id, created in held.items() if root_id not in rows]
                start = max(self.start, floor)
                if len(gone) > SINGLES:
                    start = min([start, *(created for created in gone if created)])
                for row in self._orders.list_algo(start=start, size=PAGE).each():
                    rows.setdefault(row.algo_order_id, row)
            self._algos = rows
        return dict(self._algos)

    def algo(self, order_id: int) -> AlgoOrder | None:
        """The tree of one node; None if the venue does not know it, or not yet, or there is no room to ask now."""
        if order_id not in self._algo and self._may_ask():
            self._algo[order_id] = None
            with suppress(NotFound):
                row = self._orders.get_algo(order_id)
                above = row.root_algo_order_id
                if above is not None and above != row.algo_order_id:
                    row = self._orders.get_algo(
                        above
                    )  # a node was asked for; its tree is what can be told of
                self._algo[order_id] = row
        return self._algo.get(order_id)

    def algo_fills_of(self, order_id: int) -> list[Fill]:
        """The fills of one node, and of all of the tree's where it is the root."""
        if order_id not in self._algo_fills:
            self._algo_fills[order_id] = list(self._orders.algo_fills_of(order_id))
        return self._algo_fills[order_id]
