"""One reading of REST for recovery: each list once, by time and page. Reads only.

What must be read is asked for in bulk: orders by when they changed last, fills by when they were made. The venue shows
no more than the newest 500 fills of a window, so a window that is full is followed by one that ends where its page
ended. A window never moves under the reading, and no page of it can skip rows: there is only one page to each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from orderly_sync.errors import NotFound
from orderly_sync.models.algo import AlgoOrder
from orderly_sync.models.fill import Fill
from orderly_sync.models.order import Order

if TYPE_CHECKING:
    from orderly_sync.rest.groups.orders import Orders

__all__ = ["PAGE", "SINGLES", "Reading"]

PAGE = 500
SINGLES = 10
"""How many orders one reading asks for one by one; the others wait for the next."""
FEW = 2
"""So few orders are quicker asked for their fills one by one than by time."""


class Reading:
    """What REST says at one moment, each of its answers read when it is first wanted.

    Args:
        orders: Where REST is asked.
        start: The venue's time in ms from which on lists are read; None if no lists are wanted.
        singles: How many orders it may ask for one by one.
    """

    def __init__(self, orders: Orders, start: int | None, *, singles: int = SINGLES) -> None:
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
        seen: set[tuple[int, int]] = set()
        end: int | None = None
        while True:
            page = self._orders.fills(start=start, end=end, size=PAGE)
            rows, before = list(page), len(seen)
            for row in rows:
                if (row.order_id, row.id) not in seen:
                    seen.add((row.order_id, row.id))
                    self._fills.setdefault(row.order_id, []).append(row)
            if not rows or (len(rows) < PAGE and page.meta.total <= len(rows)):
                return
            oldest = min(row.executed_timestamp or start for row in rows)
            if oldest == end or len(seen) == before:
                # More than a page in one millisecond: orders that lack some are asked for by themselves.
                self.is_whole, oldest = False, oldest - 1
            if oldest < start:
                return
            end = oldest
            yield

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
