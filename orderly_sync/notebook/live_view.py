"""What a live table shows of one market. Pure: what came is kept within bounds, and HTML is made of it when asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import attrs

from orderly_sync.live.book import Book
from orderly_sync.models.algo_tree import AlgoTree
from orderly_sync.models.order import Order
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.models.pushes.market import Trade
from orderly_sync.tables.html import grid, pairs
from orderly_sync.tables.views import listing

__all__ = ["LiveView", "Moment"]

KEPT = 8
"""Trades, and reports, that are shown."""
_SIDE_BY_SIDE = '<div style="display:flex;flex-wrap:wrap;align-items:flex-start;column-gap:1.5em">'


@attrs.frozen(kw_only=True)
class Moment:
    """What stands at one moment."""

    status: str
    """The client's."""
    book: Book | None
    """None where it cannot be shown."""
    note: str = ""
    """Why there is no book, or why the table has ended."""
    orders: Sequence[Order] = ()
    trees: Sequence[AlgoTree] = ()


class LiveView:
    """A live table of one market: its last trades and reports are kept, the rest is of the moment."""

    def __init__(self, symbol: str) -> None:
        self.symbol = symbol
        self._trades: deque[Trade] = deque(maxlen=KEPT)
        self._reports: deque[ExecutionReport | AlgoExecutionReport] = deque(maxlen=KEPT)

    def trade(self, trade: Trade) -> None:
        """Take a public trade."""
        self._trades.appendleft(trade)

    def report(self, report: ExecutionReport | AlgoExecutionReport) -> None:
        """Take a report, if it is of this market."""
        if report.symbol == self.symbol:
            self._reports.appendleft(report)

    def html(self, moment: Moment) -> str:
        """The table."""
        head = [("status", moment.status)]
        if moment.note:
            head.append(("note", moment.note))
        book = moment.book
        parts = [
            pairs(f"{self.symbol} live", head),
            grid("book", ("price", "quantity"), ()) if book is None else book._repr_html_(),
            listing("trades", Trade, list(self._trades)),
            listing("orders", Order, moment.orders),
            listing("algo orders", AlgoExecutionReport, moment.trees),
            self._told(),
        ]
        return f"{_SIDE_BY_SIDE}{''.join(parts)}</div>"

    def _told(self) -> str:
        rows = [
            (
                one.time,
                one.algo_type if isinstance(one, AlgoExecutionReport) else one.type,
                one.side,
                one.algo_status if isinstance(one, AlgoExecutionReport) else one.status,
                one.filled,
                one.reason,
            )
            for one in list(self._reports)
        ]
        return grid("last reports", ("time", "type", "side", "status", "filled", "reason"), rows)
