"""What a gap in the stream has hidden, rebuilt from REST as the reports that would have come. Reads only.

For every order that was open before the gap, and every order changed since, the fills not yet reported become fill
reports with a running total, then the order's status follows. Rebuilt reports carry ``origin="rest"`` and
``recovered=True``; what REST does not tell stays None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from orderly_sync.errors import NotFound
from orderly_sync.models.base import Frame, changed, made
from orderly_sync.models.enums import OrderSide, OrderStatus, OrderType
from orderly_sync.models.fill import Fill
from orderly_sync.models.order import Order
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.rest.groups.orders import Orders
from orderly_sync.state.orders import AlgoTree, tree_of

__all__ = ["OVERLAP_MS", "Recovered", "missed_algos", "missed_orders", "progress", "reports_of"]

OVERLAP_MS = 60_000
"""How far before the gap REST is read: pushes may lag, and so may the venue's read replicas."""
_PAGE = 500
_ZERO = Decimal(0)

Recovered = Iterable[tuple[str, list[Any]]]


def missed_orders(orders: Orders, before: Mapping[int, Order], since: int | None) -> Recovered:
    """Execution reports of everything that happened to ordinary orders while the stream was not heard."""
    start = None if since is None else since - OVERLAP_MS
    changed: dict[int, Order] = {}
    if start is not None:
        # Created long ago and filled just now: only the time of the last change finds such an order.
        for row in orders.list(sort_by="UPDATED_TIME_DESC", size=_PAGE).each():
            if (row.updated_time or 0) < start:
                break
            changed[row.order_id] = row
    for order_id in before:
        if order_id not in changed:
            try:
                changed[order_id] = orders.get(order_id)
            except NotFound:
                continue
    found: list[tuple[str, list[Any]]] = []
    for order_id in sorted(changed):
        row, held = changed[order_id], before.get(order_id)
        if held is not None and (held.status, held.filled, held.price, held.quantity) == (
            row.status,
            row.filled,
            row.price,
            row.quantity,
        ):
            continue
        fills = list(orders.fills_of(order_id)) if row.filled else []
        reports = reports_of(row, fills, held)
        if reports:
            found.append(("executionreport", reports))
    return found


def reports_of(row: Order, fills: Iterable[Fill], held: Order | None) -> list[ExecutionReport]:
    """The reports that lead from what was held to what REST says, oldest first."""
    base = _report(row)
    reports: list[ExecutionReport] = []
    if held is None:
        reports.append(_at(base, OrderStatus.NEW, row.created_time, total=_ZERO))
    total, ordered = _ZERO, sorted(fills, key=lambda fill: (fill.executed_timestamp or 0, fill.id))
    known = _ZERO if held is None else held.filled
    whole = row.quantity
    for fill in ordered:
        quantity = fill.executed_quantity or _ZERO
        total += quantity
        if total <= known:
            continue
        status = OrderStatus.FILLED if whole is not None and total >= whole else OrderStatus.PARTIAL_FILLED
        reports.append(
            changed(
                _at(base, status, fill.executed_timestamp, total=total),
                trade_id=fill.id,
                executed_price=fill.executed_price,
                executed_quantity=quantity,
                fee=fill.fee,
                is_maker=fill.is_maker,
                match_id=None if fill.match_id is None else str(fill.match_id),
            )
        )
    last = reports[-1].status if reports else (held.status if held else None)
    if row.status is not None and row.status != last and row.is_final:
        reports.append(_at(base, row.status, row.updated_time, total=row.filled))
    elif held is not None and not reports and (held.price, held.quantity) != (row.price, row.quantity):
        reports.append(_at(base, OrderStatus.REPLACED, row.updated_time, total=row.filled))
    return reports


def _report(row: Order) -> ExecutionReport:
    return made(
        ExecutionReport,
        symbol=row.symbol,
        order_id=row.order_id,
        side=row.side or OrderSide(""),
        type=row.type or OrderType(""),
        status=row.status or OrderStatus(""),
        client_order_id=row.client_order_id,
        quantity=row.quantity,
        price=row.price,
        trade_id=0,
        average_executed_price=row.average_executed_price,
        total_fee=row.total_fee,
        fee_asset=row.fee_asset,
        visible_quantity=row.visible_quantity,
        margin_mode=row.margin_mode,
        order_tag=row.order_tag,
        reduce_only=row.reduce_only,
        created_time=row.created_time,
    )


def _at(base: ExecutionReport, status: OrderStatus, when: int | None, *, total: Decimal) -> ExecutionReport:
    frame = Frame("executionreport", when, "rest", recovered=True)
    report = changed(base, frame=frame, status=status, timestamp=when, total_executed_quantity=total)
    frame.events = (report,)
    return report


def missed_algos(orders: Orders, before: Mapping[int, AlgoTree]) -> Recovered:
    """Algo execution reports of the trees that were open before the gap, and of those that are open now."""
    rows = {row.algo_order_id: row for row in orders.list_algo(status="INCOMPLETE", size=_PAGE).each()}
    for root_id in before:
        if root_id not in rows:
            try:
                rows[root_id] = orders.get_algo(root_id)
            except NotFound:
                continue
    found: list[tuple[str, list[Any]]] = []
    for root_id in sorted(rows):
        tree, held = tree_of(rows[root_id]), before.get(root_id)
        old = {node.algo_order_id: progress(node) for node in held.nodes} if held else {}
        news = [node for node in tree.nodes if old.get(node.algo_order_id) != progress(node)]
        for node in news:
            node.frame.recovered = True
        if news:
            found.append(("algoexecutionreportv2", news))
    return found


def progress(node: Any) -> tuple[Any, ...]:
    """What makes one state of a node differ from another, as far as REST tells."""
    return (
        node.algo_status,
        node.is_triggered,
        node.trigger_price,
        node.filled,
        node.quantity or _ZERO,
        node.price or _ZERO,
    )
