"""Reports, rows and fills with only what a test is about."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from orderly_sync.models.algo import AlgoOrder
from orderly_sync.models.base import Frame
from orderly_sync.models.enums import (
    AlgoType,
    OrderSide,
    OrderStatus,
    OrderType,
)
from orderly_sync.models.fill import Fill
from orderly_sync.models.order import Order
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.execution import ExecutionReport

ETH = "PERP_ETH_USDC"


def _numbers(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: Decimal(value) if name in _EXACT else value for name, value in fields.items()}


_EXACT = {
    "quantity", "price", "executed_quantity", "total_executed_quantity", "executed_price", "trigger_price",
}  # fmt: skip


def report(status: str = "NEW", total: str = "0", order_id: int = 1, **fields: Any) -> ExecutionReport:
    """An execution report; a fill if ``trade_id`` is given, of ``executed_quantity``."""
    fields = {"quantity": "1", "price": "3000", "timestamp": 1, "trade_id": 0, **fields}
    frame = Frame(
        "executionreport", 1, fields.pop("origin", "stream"), recovered=fields.pop("recovered", False)
    )
    return ExecutionReport(
        frame=frame,
        symbol=fields.pop("symbol", ETH),
        order_id=order_id,
        side=OrderSide.BUY,
        type=OrderType.LIMIT,
        status=OrderStatus(status),
        **_numbers({"total_executed_quantity": total, **fields}),
    )


def fill_report(total: str, size: str, trade_id: int, status: str = "PARTIAL_FILLED", **fields: Any) -> Any:
    return report(status, total, trade_id=trade_id, executed_quantity=size, **fields)


def node(
    node_id: int = 10,
    status: str | None = "NEW",
    *,
    root: int | None = None,
    kind: str = "STOP",
    total: str = "0",
    **fields: Any,
) -> AlgoExecutionReport:
    """A node's report; the root unless ``root`` names another."""
    root = node_id if root is None else root
    whole = fields.pop("root_algo_status", status)
    fields = {"quantity": "1", "timestamp": 1, "trade_id": 0, **fields}
    return AlgoExecutionReport(
        frame=Frame("algoexecutionreportv2", 1, recovered=fields.pop("recovered", False)),
        symbol=ETH,
        algo_order_id=node_id,
        root_algo_order_id=root,
        parent_algo_order_id=fields.pop("parent", 0 if root == node_id else root),
        algo_type=AlgoType(kind),
        algo_status=None if status is None else OrderStatus(status),
        root_algo_status=None if whole is None else OrderStatus(whole),
        **_numbers({"total_executed_quantity": total, **fields}),
    )


def row(order_id: int = 1, status: str = "NEW", total: str = "0", **fields: Any) -> Order:
    fields = {"quantity": "1", "price": "3000", "created_time": 100, "updated_time": 200, **fields}
    return Order(
        order_id=order_id,
        symbol=ETH,
        side=OrderSide.BUY,
        type=OrderType.LIMIT,
        status=OrderStatus(status),
        **_numbers({"total_executed_quantity": total, **fields}),
    )


def fill(trade_id: int, size: str, when: int = 150, order_id: int = 1) -> Fill:
    return Fill(
        id=trade_id,
        order_id=order_id,
        executed_quantity=Decimal(size),
        executed_price=Decimal(3000),
        executed_timestamp=when,
    )


def algo_row(
    node_id: int = 10,
    status: str = "NEW",
    total: str = "0",
    kind: str = "STOP",
    root: int | None = None,
    **fields: Any,
) -> AlgoOrder:
    fields = {"quantity": "1", "created_time": 100, "updated_time": 200, **fields}
    return AlgoOrder(
        algo_order_id=node_id,
        root_algo_order_id=root or node_id,
        parent_algo_order_id=root or 0,
        symbol=ETH,
        algo_type=AlgoType(kind),
        algo_status=OrderStatus(status),
        root_algo_status=OrderStatus(fields.pop("root_status", status)),
        **_numbers({"total_executed_quantity": total, **fields}),
    )
