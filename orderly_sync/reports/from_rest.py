"""A row of REST as the report it amounts to: the one place where the two tellings of an order meet. Pure.

REST shows how an order stands, a report what has just happened to it. A row therefore becomes a report of no fill,
made when the row last changed, of ``origin`` ``"rest"``; what the row does not say stays None.
"""

from __future__ import annotations

import attrs

from orderly_sync.models.algo import AlgoOrder
from orderly_sync.models.algo_tree import AlgoTree
from orderly_sync.models.base import Frame, made, zero_like
from orderly_sync.models.enums import (
    AlgoType,
    OrderSide,
    OrderStatus,
    OrderType,
)
from orderly_sync.models.order import Order
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.execution import ExecutionReport

__all__ = ["ALGO_TOPIC", "ORDER_TOPIC", "algo_tree", "order_report"]

ORDER_TOPIC = "executionreport"
ALGO_TOPIC = "algoexecutionreportv2"
"""The topics whose reports these are."""

_SAME = ("order_id", "symbol", "client_order_id", "quantity", "price", "total_executed_quantity",
         "average_executed_price", "total_fee", "fee_asset", "visible_quantity", "margin_mode", "order_tag",
         "reduce_only", "created_time")  # fmt: skip
"""What an order's row and its report name alike and mean alike."""
_NODE_SAME = (
    {field.name for field in attrs.fields(AlgoOrder)}
    & {field.name for field in attrs.fields(AlgoExecutionReport)}
) - {"child_orders", "extra"}
"""The same of an algo order's node, whose row and report differ in their nesting alone."""


def order_report(
    row: Order, *, side: OrderSide | None = None, order_type: OrderType | None = None
) -> ExecutionReport:
    """An ordinary order's row as a report of where it stands.

    Args:
        row: The order as REST shows it.
        side: Which way it was ordered, if the caller knows, for a row that does not say.
        order_type: How it trades, likewise.
    """
    frame = Frame(ORDER_TOPIC, row.updated_time, "rest")
    report = made(
        ExecutionReport,
        frame=frame,
        side=row.side or side or OrderSide(""),
        type=row.type or order_type or OrderType(""),
        status=row.status or OrderStatus.NEW,
        trade_id=0,
        executed_quantity=zero_like(row),
        timestamp=row.updated_time,
        **{name: getattr(row, name) for name in _SAME},
    )
    frame.events = (report,)
    return report


def algo_tree(row: AlgoOrder) -> AlgoTree:
    """An algo order's row, with the children nested in it, as a tree whose nodes are the reports of one frame."""
    frame = Frame(ALGO_TOPIC, row.updated_time, "rest")
    nodes = tuple(sorted((_node(one, row, frame) for one in row.nodes()), key=lambda one: one.algo_order_id))
    frame.events = nodes
    return AlgoTree(nodes=nodes)


def _node(row: AlgoOrder, root: AlgoOrder, frame: Frame) -> AlgoExecutionReport:
    """A node's row as a report; a child's row may lean on its root's for what the whole tree shares."""
    values = {name: getattr(row, name) for name in _NODE_SAME}
    values["symbol"] = row.symbol or root.symbol or ""
    values["root_algo_order_id"] = row.root_algo_order_id or root.algo_order_id
    values["parent_algo_order_id"] = row.parent_algo_order_id or 0
    values["algo_type"] = row.algo_type or AlgoType("")
    values["root_algo_status"] = row.root_algo_status or root.root_algo_status
    values["timestamp"] = row.updated_time
    values["executed_quantity"] = zero_like(row)
    return AlgoExecutionReport(**values, trade_id=0, frame=frame)
