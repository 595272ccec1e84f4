"""The account's open orders, ordinary and algo, as reports and REST rows tell of them. Pure."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Generic, TypeVar

from orderly_sync.live.fills_ahead import FillsAhead
from orderly_sync.live.table import FEEDS, Table
from orderly_sync.models.algo import AlgoOrder
from orderly_sync.models.algo_tree import AlgoTree
from orderly_sync.models.base import changed, made
from orderly_sync.models.enums import AlgoStatus, OrderStatus
from orderly_sync.models.order import Order
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.reports.from_rest import algo_tree

__all__ = ["OpenAlgoOrders", "OpenOrderTable", "OpenOrders"]

_REMEMBERED = 10_000

Shown = TypeVar("Shown", Order, AlgoTree)
Told = TypeVar("Told", ExecutionReport, AlgoExecutionReport)


class _Closed:
    """Ids of orders that ended, so that a late report does not raise the dead."""

    def __init__(self) -> None:
        self._ids: dict[int, None] = {}

    def add(self, order_id: int) -> None:
        self._ids[order_id] = None
        if len(self._ids) > _REMEMBERED:
            self._ids = dict.fromkeys(list(self._ids)[_REMEMBERED // 2 :])

    def __contains__(self, order_id: int) -> bool:
        return order_id in self._ids


class _Expected:
    """Ids of orders that are shown though no report has told of them, and the lock that keeps the two in step."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.ids: dict[int, None] = {}

    def __iter__(self) -> Iterator[int]:
        return iter(list(self.ids))

    def met(self, order_id: int) -> bool:
        """Its report has come; whether it was expected."""
        return self.ids.pop(order_id, self) is None if self.ids else False


class OpenOrderTable(Table[int, Shown], Generic[Shown, Told]):
    """Open orders of one kind by id, and which of them are shown before any report has told of them."""

    _internal = FEEDS | {
        "expect",
        "fill_of_algo",
        "filled",
        "forget",
        "is_closed",
        "keep_since",
        "seed_trees",
    }

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._closed = _Closed()
        self._expected = _Expected()

    def begin(self) -> None:
        """A REST snapshot is about to be asked for; it may be too old to know of what was just placed."""
        super().begin()
        self._keep(self._expected)

    def keep_since(self, ts: int) -> None:
        """Let what changed since that time of the venue's, ms, outlive the REST snapshot: it may lag behind."""
        self._keep([key for key, row in self.snapshot().items() if self._changed_at(row) >= ts])

    def expect(self, order: Shown) -> None:
        """Show what the venue has taken, until its reports tell more; not if they have already."""
        order_id = self._id_of(order)
        with self._expected.lock:
            if not (order.is_final or order_id in self._closed or order_id in self):
                self._expected.ids[order_id] = None
                self.put(order_id, order)

    def forget(self, order_id: int) -> None:
        """Show what was expected no longer: the venue does not know it."""
        with self._expected.lock:
            if self._expected.met(order_id):
                self.drop(order_id)

    def forget_all(self) -> None:
        """Hold no rows; what is told from now on is news."""
        with self._expected.lock:
            self._closed, self._expected.ids = _Closed(), {}
            super().forget_all()

    def is_closed(self, order_id: int) -> bool:
        """Whether it is known to have ended."""
        return order_id in self._closed

    def apply(self, report: Told) -> bool:
        """Take one report; whether anything changed."""
        with self._expected.lock:
            return self._apply(report)

    def _seed_open(self, orders: Iterable[Shown]) -> None:
        """Hold those of a REST snapshot that have not ended."""
        rows = {self._id_of(order): order for order in orders if not order.is_final}
        self.seed({order_id: order for order_id, order in rows.items() if order_id not in self._closed})

    def _apply(self, report: Told) -> bool:
        raise NotImplementedError

    def _id_of(self, order: Shown) -> int:
        raise NotImplementedError

    def _changed_at(self, order: Shown) -> int:
        """When it changed last, ms by the venue's clock; 0 if nothing says so."""
        raise NotImplementedError


class OpenOrders(OpenOrderTable[Order, ExecutionReport]):
    """Open orders by order id."""

    _row_type = Order

    def __init__(self) -> None:
        super().__init__("open orders")
        self._ahead = FillsAhead()

    def fill_of_algo(self, report: AlgoExecutionReport) -> None:
        """Note a fill that an algo order tells of: that of an order here, whose own report may still be on its way."""
        with self._expected.lock:
            self._ahead.algo(report, self.snapshot())

    def filled(self, order: Order) -> Decimal:
        """What is filled of an order as far as anything has told, base units."""
        return self._ahead.filled(order)

    def forget_all(self) -> None:
        """Hold no rows; what is told from now on is news."""
        super().forget_all()
        self._ahead.forget_all()

    def _id_of(self, order: Order) -> int:
        return order.order_id

    def _changed_at(self, order: Order) -> int:
        return order.updated_time or order.created_time or 0

    def _apply(self, report: ExecutionReport) -> bool:
        has_changed = self._take(report)
        self._ahead.told(report, self.snapshot())
        return has_changed

    def _take(self, report: ExecutionReport) -> bool:
        self._expected.met(report.order_id)
        held = self.get(report.order_id)
        if report.is_final:
            self._closed.add(report.order_id)
            self.drop(report.order_id)
            return held is not None
        if report.order_id in self._closed or (held is not None and report.filled < held.filled):
            return False
        self.put(report.order_id, _merged(held, report))
        return True

    def seed_rows(self, rows: Iterable[Order]) -> None:
        """Take the open orders as REST lists them."""
        self._seed_open(rows)


def _merged(held: Order | None, report: ExecutionReport) -> Order:
    status = report.status
    if status == OrderStatus.REPLACED:
        # A report's word for an edit; the order itself is open or partly filled as before.
        status = OrderStatus.PARTIAL_FILLED if report.filled else OrderStatus.NEW
    base = held or made(Order, order_id=report.order_id, symbol=report.symbol)
    return changed(
        base,
        created_time=base.created_time or report.created_time or report.timestamp,
        client_order_id=report.client_order_id or base.client_order_id,
        side=report.side,
        type=report.type,
        status=status,
        price=report.price,
        quantity=report.quantity,
        total_executed_quantity=report.filled,
        average_executed_price=report.average_executed_price,
        visible_quantity=report.visible_quantity
        if report.visible_quantity is not None
        else base.visible_quantity,
        total_fee=report.total_fee,
        fee_asset=report.fee_asset or base.fee_asset,
        reduce_only=report.reduce_only if report.reduce_only is not None else base.reduce_only,
        order_tag=report.order_tag or base.order_tag,
        margin_mode=report.margin_mode or base.margin_mode,
        updated_time=report.timestamp,
    )


class OpenAlgoOrders(OpenOrderTable[AlgoTree, AlgoExecutionReport]):
    """Open algo orders by their root's id."""

    _row_type = AlgoExecutionReport

    def __init__(self) -> None:
        super().__init__("open algo orders")

    def _id_of(self, order: AlgoTree) -> int:
        return order.root.algo_order_id

    def _changed_at(self, order: AlgoTree) -> int:
        return max((node.timestamp or 0 for node in order.nodes), default=0)

    def _apply(self, report: AlgoExecutionReport) -> bool:
        root_id = report.root_algo_order_id
        self._expected.met(root_id)
        if root_id in self._closed:
            return False
        held = self.get(root_id)
        nodes = {node.algo_order_id: node for node in held.nodes} if held else {}
        nodes[report.algo_order_id] = _standing(report)
        tree = AlgoTree.of(nodes.values())
        if tree.is_final:
            self._closed.add(root_id)
            self.drop(root_id)
        else:
            self.put(root_id, tree)
        return True

    def seed_trees(self, trees: Iterable[AlgoTree]) -> None:
        """Take the open algo orders as another client shows them."""
        self._seed_open(trees)

    def seed_rows(self, rows: Iterable[AlgoOrder]) -> None:
        """Take the open algo orders as REST lists them."""
        self._seed_open(algo_tree(row) for row in rows)


def _standing(report: AlgoExecutionReport) -> AlgoExecutionReport:
    """The report as the state it leaves behind: REPLACED is the word for an edit, the node is open as before."""
    edited = AlgoStatus.REPLACED
    if edited not in {report.algo_status, report.root_algo_status}:
        return report
    open_as = AlgoStatus.PARTIAL_FILLED if report.filled else AlgoStatus.NEW
    return changed(
        report,
        algo_status=open_as if report.algo_status == edited else report.algo_status,
        root_algo_status=AlgoStatus.NEW if report.root_algo_status == edited else report.root_algo_status,
    )
