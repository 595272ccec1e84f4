"""What a gap in the stream has hidden of algo orders, rebuilt as the reports that would have come. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from orderly_sync.models.algo import AlgoOrder
from orderly_sync.models.algo_tree import AlgoTree
from orderly_sync.models.base import changed
from orderly_sync.models.enums import AlgoType, OrderStatus
from orderly_sync.models.fill import Fill
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.reports.delivered import AnotherOrder, Delivered
from orderly_sync.reports.fill_totals import of_fill, running, total_of
from orderly_sync.reports.from_rest import algo_tree
from orderly_sync.reports.reading import Reading

__all__ = ["missed_algos", "progress"]

_ZERO = Decimal(0)
_CONTAINERS = frozenset({AlgoType.TP_SL, AlgoType.POSITIONAL_TP_SL})
"""Nodes that hold their legs together and trade nothing themselves."""


def missed_algos(
    reading: Reading, before: Mapping[int, AlgoTree], known: Delivered, unresolved: set[int] | None = None
) -> Iterator[list[AlgoExecutionReport]]:
    """The reports of everything that happened to algo orders while the stream was not heard, tree by tree.

    A tree that cannot be told of whole, because its fills cannot be read yet, is added to ``unresolved``.
    """
    left: set[int] = set() if unresolved is None else unresolved
    rows = _algo_rows(reading, before, known, left)
    for root_id in sorted(rows):
        row, held = rows[root_id], before.get(root_id)
        if held is None and known.delivered(root_id) is None and (row.created_time or 0) < known.floor:
            continue
        if known.is_another(row):
            raise AnotherOrder(root_id)
        if known.until is not None and any((one.updated_time or 0) > known.until for one in row.nodes()):
            continue
        reports = _reports_of_tree(reading, algo_tree(row), held, known)
        if reports is None:
            left.add(root_id)
        elif reports:
            yield reports


def _algo_rows(
    reading: Reading, before: Mapping[int, AlgoTree], known: Delivered, left: set[int]
) -> dict[int, AlgoOrder]:
    vanished = before if known.since is not None else {}
    rows = reading.algos(known.floor, {root_id: tree.root.created_time for root_id, tree in vanished.items()})
    told_of = {node.algo_order_id for row in rows.values() for node in row.nodes()}
    for order_id in [*known.asked, *sorted(vanished.keys() - set(known.asked))]:
        if order_id in told_of:
            continue
        row = reading.algo(order_id)
        if row is not None:
            rows[row.algo_order_id] = row
        elif order_id in known.asked:
            left.add(order_id)
    return rows


def _reports_of_tree(
    reading: Reading, tree: AlgoTree, held: AlgoTree | None, known: Delivered
) -> list[AlgoExecutionReport] | None:
    old = {node.algo_order_id: node for node in held.nodes} if held else {}
    reports: list[AlgoExecutionReport] = []
    for node in tree.nodes:
        node.frame.recovered = True
        before = old.get(node.algo_order_id)
        delivered, ended = known.delivered(node.algo_order_id), known.has_ended(node.algo_order_id)
        filled = node.total_executed_quantity or 0
        if filled > (delivered or 0) and node.algo_type not in _CONTAINERS:
            fills = _fills_of_node(reading, tree, node)
            if total_of(fills) < filled:
                return None
            fresh = list(_fill_reports(node, fills, delivered or 0))
            reports += fresh
            if fresh[-1].algo_status == node.algo_status:
                continue
        if not ended if node.is_final else delivered is None or _has_moved(node, before):
            reports.append(node)
    return sorted(reports, key=lambda report: report.timestamp or 0)


def _has_moved(node: AlgoExecutionReport, before: AlgoExecutionReport | None) -> bool:
    return before is None or progress(before) != progress(node)


def _fills_of_node(reading: Reading, tree: AlgoTree, node: AlgoExecutionReport) -> list[Fill]:
    """The fills of one node: those listed under the root are the whole tree's, and a leg may have filled just now."""
    fills = list(reading.algo_fills_of(node.algo_order_id))
    if node is not tree.root:
        return fills
    others = {
        fill.id
        for leg in tree.legs
        if leg.algo_type not in _CONTAINERS
        for fill in reading.algo_fills_of(leg.algo_order_id)
    }
    return [fill for fill in fills if fill.id not in others]


def _fill_reports(
    node: AlgoExecutionReport, fills: Iterable[Fill], delivered: Any
) -> Iterator[AlgoExecutionReport]:
    filled = node.total_executed_quantity or 0
    for fill, total in running(fills):
        if delivered < total <= filled:
            done = total >= filled and node.algo_status == OrderStatus.FILLED
            yield changed(
                node,
                algo_status=OrderStatus.FILLED if done else OrderStatus.PARTIAL_FILLED,
                total_executed_quantity=total,
                timestamp=fill.executed_timestamp,
                **of_fill(fill),
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
