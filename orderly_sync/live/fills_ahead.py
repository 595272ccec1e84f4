"""Fills that the algo topic told of before the topic of the order that an algo order had placed. Pure.

Both topics tell of the same fill, each in its own time, and whoever hears of it first may ask what margin is left: the
fill is in the position then, so it must not be counted in what the order has open as well. No field of either report
names the other's order, so the order is known by its terms: symbol, side, size, price and how much was filled before.
What is found so counts in margins alone, and until the order's own report of that trade; the row itself waits for that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

import attrs

from orderly_sync.live.fills import exact, trade_of
from orderly_sync.models.enums import OrderSide, OrderType
from orderly_sync.models.order import Order
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.values.arithmetic import owned

__all__ = ["FillsAhead"]

_ZERO = Decimal(0)
_REMEMBERED = 10_000
_MOST_AHEAD = 1_000
_AT_MARKET = frozenset({OrderType.MARKET, OrderType.CLOSE_POSITION})

_Trade = tuple[str, int | None, OrderSide | None]


@attrs.define
class _Ahead:
    report: AlgoExecutionReport
    filled: Decimal
    order_id: int | None = None


class FillsAhead:
    """How much more of an open order is filled than its own reports have told."""

    def __init__(self) -> None:
        self._told: dict[_Trade, None] = {}
        self._ahead: dict[_Trade, _Ahead] = {}
        self._filled: Mapping[int, Decimal] = {}

    def filled(self, order: Order) -> Decimal:
        """What is filled of an order in all, base units."""
        own = exact(order.filled)
        return max(own, self._filled.get(order.order_id, _ZERO)) if self._filled else own

    def told(self, report: ExecutionReport, orders: Mapping[int, Order]) -> None:
        """An order's own report came: its trade is ahead no longer, and a new order may be the one looked for."""
        if report.trade_id:
            trade = (report.symbol, report.trade_id, report.side)
            self._told[trade] = None
            if len(self._told) > _REMEMBERED:
                self._told = dict.fromkeys(list(self._told)[_REMEMBERED // 2 :])
            if self._ahead and self._ahead.pop(trade, None) is not None:
                self._add_up()
        if self._ahead and (row := orders.get(report.order_id)) is not None:
            for ahead in self._ahead.values():
                self._attach(ahead, (row,))

    def algo(self, report: AlgoExecutionReport, orders: Mapping[int, Order]) -> None:
        """An algo order's report came; its fill is ahead if the order's own topic has not told of that trade."""
        trade = (report.symbol, report.trade_id, report.side)
        if trade in self._told or trade in self._ahead or trade_of(report) is None:
            return
        ahead = self._ahead[trade] = _Ahead(report, exact(report.filled))
        if len(self._ahead) > _MOST_AHEAD:
            del self._ahead[next(iter(self._ahead))]
        # What an algo order places is young.
        self._attach(ahead, reversed(list(orders.values())))

    def forget_all(self) -> None:
        """Nothing is ahead."""
        self._told, self._ahead, self._filled = {}, {}, {}

    def _attach(self, ahead: _Ahead, orders: Iterable[Order]) -> None:
        if ahead.order_id is None:
            ahead.order_id = next((row.order_id for row in orders if self._is_of(ahead.report, row)), None)
            self._add_up()

    @owned
    def _is_of(self, report: AlgoExecutionReport, order: Order) -> bool:
        at_market = report.type in _AT_MARKET
        return (
            order.symbol == report.symbol
            and order.side == report.side
            and (order.type == OrderType.MARKET) == at_market
            and (at_market or order.price == report.price)
            and (not report.quantity or order.quantity == report.quantity)
            and self.filled(order) == exact(report.filled) - exact(report.executed_quantity)
        )

    def _add_up(self) -> None:
        filled: dict[int, Decimal] = {}
        for ahead in self._ahead.values():
            if ahead.order_id is not None:
                filled[ahead.order_id] = max(filled.get(ahead.order_id, _ZERO), ahead.filled)
        self._filled = filled
