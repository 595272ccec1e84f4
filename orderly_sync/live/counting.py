"""A report's fill, counted in positions, holdings and orders before anybody is told of it."""

from __future__ import annotations

from orderly_sync.live.fills import trade_of
from orderly_sync.live.holdings import LiveHoldings
from orderly_sync.live.orders import OpenAlgoOrders, OpenOrders
from orderly_sync.live.positions import LivePositions
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.execution import ExecutionReport

__all__ = ["count_fill"]


def count_fill(
    report: ExecutionReport | AlgoExecutionReport,
    positions: LivePositions,
    holdings: LiveHoldings,
    orders: OpenOrders,
    algo_orders: OpenAlgoOrders,
) -> None:
    """Count the fill a report tells of, if it tells of one; an algo order's is that of an order among ``orders``."""
    mode = None
    if isinstance(report, AlgoExecutionReport):
        orders.fill_of_algo(report)
    if isinstance(report, AlgoExecutionReport) and report.tree_margin_mode is None:
        tree = algo_orders.get(report.root_algo_order_id)
        mode = tree.root.margin_mode if tree is not None else None
    trade = trade_of(report, mode)
    if trade is not None:
        move = positions.fill(trade)
        if move is not None:
            holdings.move(move)
