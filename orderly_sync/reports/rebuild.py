"""What a gap in the stream has hidden, rebuilt from REST as the reports that would have come. Reads only.

For every order that was open before the gap, and every order changed since, the fills not yet reported become fill
reports with a running total, then the order's status follows. Rebuilt reports carry ``origin="rest"`` and
``recovered=True``; what REST does not tell stays None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any

import attrs

from orderly_sync.errors import NotFound
from orderly_sync.models.algo import AlgoOrder
from orderly_sync.models.algo_tree import AlgoTree
from orderly_sync.models.base import Frame, changed, zero_like
from orderly_sync.models.enums import AlgoType, OrderStatus
from orderly_sync.models.fill import Fill
from orderly_sync.models.order import Order
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.reports.from_rest import ORDER_TOPIC, algo_tree, order_report
from orderly_sync.rest.groups.orders import Orders
from orderly_sync.values.arithmetic import owned

__all__ = [
    "OVERLAP_MS",
    "Delivered",
    "missed_algos",
    "missed_orders",
    "progress",
    "reports_of",
]

OVERLAP_MS = 60_000
"""How far before the gap REST is read: pushes may lag, and so may the venue's read replicas."""
_PAGE = 500
_ZERO = Decimal(0)
_CONTAINERS = frozenset({AlgoType.TP_SL, AlgoType.POSITIONAL_TP_SL})
"""Nodes that hold their legs together and trade nothing themselves."""


def _nothing(_: int) -> Any:
    return None


def _no(_: int) -> bool:
    return False


@attrs.frozen(kw_only=True)
class Delivered:
    """What has been delivered already, so that only news is rebuilt."""

    since: int | None = None
    """The venue's time in ms at which the gap began; None if only what is open and what is asked for matters."""
    floor: int = 0
    """The venue's time in ms from which on things are told: what was over before the client came is not news."""
    asked: Iterable[int] = ()
    """Orders to look at whatever else."""
    delivered: Callable[[int], Any] = _nothing
    """How much of an order's (of a node's) fills has been delivered; None if none of its reports has come."""
    has_ended: Callable[[int], bool] = _no
    """Whether the end of an order (of a node) has been delivered."""

    @property
    def start(self) -> int | None:
        """From when on REST is read."""
        return None if self.since is None else self.since - OVERLAP_MS


# Ordinary orders -----------------------------------------------------------------------------------------------------


def missed_orders(
    orders: Orders, before: Mapping[int, Order], known: Delivered
) -> Iterator[list[ExecutionReport]]:
    """The reports of everything that happened to ordinary orders while the stream was not heard, order by order."""
    rows = _order_rows(orders, before, known)
    for order_id in sorted(rows):
        row, held, delivered = rows[order_id], before.get(order_id), known.delivered(order_id)
        filled = row.total_executed_quantity or 0
        if delivered is None:
            if (row.created_time or 0) < known.floor and order_id not in known.asked:
                continue
        elif filled == delivered and _unchanged(row, held, ended=known.has_ended(order_id)):
            continue
        fills = list(orders.fills_of(order_id)) if filled != (delivered or 0) else []
        if filled != (delivered or 0) and _sum(fills) < filled:
            continue  # its fills cannot be read yet; a later look finds them
        reports = reports_of(row, fills, held, delivered=delivered, floor=known.floor)
        if reports:
            yield reports


def _order_rows(orders: Orders, before: Mapping[int, Order], known: Delivered) -> dict[int, Order]:
    rows: dict[int, Order] = {}
    if known.start is not None:
        # Created long ago and filled just now: only the time of the last change finds such an order.
        for row in orders.list(sort_by="UPDATED_TIME_DESC", size=_PAGE).each():
            if (row.updated_time or 0) < known.start:
                break
            rows[row.order_id] = row
        for row in orders.list(status="INCOMPLETE", size=_PAGE).each():
            rows.setdefault(row.order_id, row)
    for order_id in {*(before if known.start is not None else ()), *known.asked} - rows.keys():
        with suppress(NotFound):
            rows[order_id] = orders.get(order_id)
    return rows


def _unchanged(row: Order, held: Order | None, *, ended: bool) -> bool:
    if held is None or row.is_final:
        return ended
    return (row.price, row.quantity) == (held.price, held.quantity)


def _sum(fills: Iterable[Fill]) -> Any:
    total: Any = 0
    for fill in fills:
        total = _plus(total, fill.executed_quantity or 0)
    return total


@owned
def _plus(one: Any, other: Any) -> Any:
    """Their sum; of floats, the one that the wire's decimals have."""
    if isinstance(one, float) or isinstance(other, float):
        return float(Decimal(str(one)) + Decimal(str(other)))
    return one + other


def reports_of(
    row: Order, fills: Iterable[Fill], held: Order | None, *, delivered: Any = None, floor: int = 0
) -> list[ExecutionReport]:
    """The reports that lead from what was delivered to what REST says, oldest first.

    Args:
        row: The order as REST shows it.
        fills: All its fills, in any order.
        held: The order as it is known; None if it is not open.
        delivered: How much of it has been reported as filled; None if none of its reports has come.
        floor: Of an order not told of, nothing from before this time in ms is reported.
    """
    base = order_report(row)
    reports: list[ExecutionReport] = []
    if delivered is None and (row.created_time or 0) >= floor:
        reports.append(_at(base, OrderStatus.NEW, row.created_time, total=zero_like(row)))
    for fill, total in _running(fills):
        if total <= (delivered or 0) or (delivered is None and (fill.executed_timestamp or 0) < floor):
            continue
        done = row.quantity is not None and total >= row.quantity
        status = OrderStatus.FILLED if done else OrderStatus.PARTIAL_FILLED
        report = _at(base, status, fill.executed_timestamp, total=total)
        reports.append(changed(report, **_of_fill(fill)))
    total = row.total_executed_quantity
    if row.is_final and (not reports or reports[-1].status != row.status):
        reports.append(_at(base, row.status or OrderStatus(""), row.updated_time, total=total))
    elif held is not None and not row.is_final and (held.price, held.quantity) != (row.price, row.quantity):
        reports.append(_at(base, OrderStatus.REPLACED, row.updated_time, total=total))
    return reports


def _running(fills: Iterable[Fill]) -> Iterator[tuple[Fill, Any]]:
    """Fills, oldest first, each with the total after it."""
    total: Any = 0
    for fill in sorted(fills, key=lambda one: (one.executed_timestamp or 0, one.id)):
        total = _plus(total, fill.executed_quantity or 0)
        yield fill, total


def _of_fill(fill: Fill) -> dict[str, Any]:
    return {
        "trade_id": fill.id,
        "executed_price": fill.executed_price,
        "executed_quantity": fill.executed_quantity,
        "fee": fill.fee,
        "is_maker": fill.is_maker,
        "match_id": None if fill.match_id is None else str(fill.match_id),
    }


def _at(base: ExecutionReport, status: OrderStatus, when: int | None, *, total: Any) -> ExecutionReport:
    frame = Frame(ORDER_TOPIC, when, "rest", recovered=True)
    report = changed(base, frame=frame, status=status, timestamp=when, total_executed_quantity=total)
    frame.events = (report,)
    return report


# Algo orders ---------------------------------------------------------------------------------------------------------


def missed_algos(
    orders: Orders, before: Mapping[int, AlgoTree], known: Delivered
) -> Iterator[list[AlgoExecutionReport]]:
    """The reports of everything that happened to algo orders while the stream was not heard, tree by tree.

    A tree that cannot be told of whole, because its fills cannot be read yet, is left for a later look.
    """
    rows = _algo_rows(orders, before, known)
    for root_id in sorted(rows):
        row, held = rows[root_id], before.get(root_id)
        if held is None and known.delivered(root_id) is None and (row.created_time or 0) < known.floor:
            continue
        reports = _reports_of_tree(orders, algo_tree(row), held, known)
        if reports:
            yield reports


def _algo_rows(orders: Orders, before: Mapping[int, AlgoTree], known: Delivered) -> dict[int, AlgoOrder]:
    rows: dict[int, AlgoOrder] = {}
    if known.start is not None:
        # These are listed by their creation alone; those created earlier were open and are asked for one by one.
        for row in orders.list_algo(status="INCOMPLETE", size=_PAGE).each():
            rows[row.algo_order_id] = row
        for row in orders.list_algo(start=max(known.start, known.floor), size=_PAGE).each():
            rows.setdefault(row.algo_order_id, row)
    for root_id in {*(before if known.start is not None else ()), *known.asked} - rows.keys():
        with suppress(NotFound):
            row = orders.get_algo(root_id)
            above = row.root_algo_order_id
            if above is not None and above != row.algo_order_id:
                row = orders.get_algo(above)  # a node was asked for; its tree is what can be told of
            rows[row.algo_order_id] = row
    return rows


def _reports_of_tree(
    orders: Orders, tree: AlgoTree, held: AlgoTree | None, known: Delivered
) -> list[AlgoExecutionReport]:
    old = {node.algo_order_id: node for node in held.nodes} if held else {}
    reports: list[AlgoExecutionReport] = []
    for node in tree.nodes:
        node.frame.recovered = True
        before = old.get(node.algo_order_id)
        delivered, ended = known.delivered(node.algo_order_id), known.has_ended(node.algo_order_id)
        filled = node.total_executed_quantity or 0
        if filled > (delivered or 0) and node.algo_type not in _CONTAINERS:
            fills = _fills_of_node(orders, tree, node)
            if _sum(fills) < filled:
                return []
            fresh = list(_fill_reports(node, fills, delivered or 0))
            reports += fresh
            if fresh[-1].algo_status == node.algo_status:
                continue
        if not ended if node.is_final else delivered is None or _has_moved(node, before):
            reports.append(node)
    return sorted(reports, key=lambda report: report.timestamp or 0)


def _has_moved(node: AlgoExecutionReport, before: AlgoExecutionReport | None) -> bool:
    return before is None or progress(before) != progress(node)


def _fills_of_node(orders: Orders, tree: AlgoTree, node: AlgoExecutionReport) -> list[Fill]:
    """The fills of one node: those listed under the root are the whole tree's, and a leg may have filled just now."""
    fills = list(orders.algo_fills_of(node.algo_order_id))
    if node is not tree.root:
        return fills
    others = {
        fill.id
        for leg in tree.legs
        if leg.algo_type not in _CONTAINERS
        for fill in orders.algo_fills_of(leg.algo_order_id)
    }
    return [fill for fill in fills if fill.id not in others]


def _fill_reports(
    node: AlgoExecutionReport, fills: Iterable[Fill], delivered: Any
) -> Iterator[AlgoExecutionReport]:
    filled = node.total_executed_quantity or 0
    for fill, total in _running(fills):
        if delivered < total <= filled:
            done = total >= filled and node.algo_status == OrderStatus.FILLED
            yield changed(
                node,
                algo_status=OrderStatus.FILLED if done else OrderStatus.PARTIAL_FILLED,
                total_executed_quantity=total,
                timestamp=fill.executed_timestamp,
                **_of_fill(fill),
            )


def progress(node: AlgoExecutionReport) -> tuple[Any, ...]:
    """What makes one state of a node differ from another, as far as REST tells."""
    return (
        node.algo_status,
        node.is_triggered,
        node.trigger_price,
        node.filled,
        node.quantity or _ZERO,
        node.price or _ZERO,
    )
