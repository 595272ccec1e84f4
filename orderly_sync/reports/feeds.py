"""The two kinds of orders as recovery sees them: what is known of each, what REST is asked for, and what is news.

Pure but for the REST reads that it is given; what is asked and answered here is decided on ``recovery``'s thread, save
``is_news``, which is asked on the stream's I/O thread.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

from orderly_sync.models.algo_tree import AlgoTree
from orderly_sync.models.enums import OrderStatus
from orderly_sync.models.order import Order
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.reports.from_rest import ALGO_TOPIC, ORDER_TOPIC
from orderly_sync.reports.rebuild import Delivered, missed_algos, missed_orders, progress
from orderly_sync.reports.schedule import AwaitedReport, AwaitedReports, Poll
from orderly_sync.reports.sequencer import ReportSequencer
from orderly_sync.rest.groups.orders import Orders

__all__ = ["AlgoFeed", "OpenTable", "OrderFeed", "ReportFeed"]

Open_co = TypeVar("Open_co", covariant=True)
T = TypeVar("T")
R = TypeVar("R")


class OpenTable(Protocol[Open_co]):
    """The open orders of one kind as they are shown, by id."""

    def snapshot(self) -> Mapping[int, Open_co]:
        """All of them at one moment."""

    def get(self, order_id: int, /) -> Open_co | None:
        """One of them; None if it is not open."""

    def forget(self, order_id: int, /) -> None:
        """Show an order no longer that was placed and of which neither report nor REST knows."""


class ReportFeed(ABC, Generic[T, R]):
    """The reports of one kind of orders.

    Args:
        orders: Where REST is asked.
        table: What is shown as open.
        sequencer: What brings each order's reports in order.
        later: Seconds after a placing or a cancel at which REST is asked if no report told of it.
    """

    topic: str

    def __init__(
        self, orders: Orders, table: OpenTable[T], sequencer: ReportSequencer, *, later: Sequence[float]
    ) -> None:
        self.sequencer = sequencer
        self.awaited = AwaitedReports(later)
        self._orders = orders
        self._table = table

    def known(self, poll: Poll, now: float, floor: int) -> tuple[Delivered, list[AwaitedReport]]:
        """What has been delivered, and what has not been though it should have by now."""
        late = self.awaited.due(now, self.sequencer.is_delivered)
        known = Delivered(
            since=poll.since,
            floor=floor,
            asked={*self.sequencer.doubtful, *(report.order_id for report in late)},
            delivered=self.sequencer.delivered,
            has_ended=self.sequencer.has_ended,
        )
        return known, late

    def asked(self, late: Sequence[AwaitedReport]) -> None:
        """REST was asked for these; an order that it does not know to the last is shown no longer."""
        for order_id in self.awaited.asked(late, self.sequencer.is_delivered):
            self._table.forget(order_id)

    @abstractmethod
    def begin(self) -> None:
        """What is open now is known; its reports follow from here."""

    @abstractmethod
    def missed(self, known: Delivered) -> Iterator[Sequence[Any]]:
        """What REST tells that no report has, as reports, order by order."""

    @abstractmethod
    def is_news(self, report: R) -> bool:
        """Whether a report made of what REST tells says more than was delivered until now."""


class OrderFeed(ReportFeed[Order, ExecutionReport]):
    """The reports of ordinary orders."""

    topic = ORDER_TOPIC

    def begin(self) -> None:
        """What is open now is known; its reports follow from here."""
        for order in self._table.snapshot().values():
            self.sequencer.begin(order.order_id, order.total_executed_quantity or 0)

    def missed(self, known: Delivered) -> Iterator[list[ExecutionReport]]:
        """What REST tells that no report has, as reports, order by order."""
        return missed_orders(self._orders, self._table.snapshot(), known)

    def is_news(self, report: ExecutionReport) -> bool:
        """Whether a report made of what REST tells says more than was delivered until now."""
        delivered = self.sequencer.delivered(report.order_id)
        if report.is_fill:
            return delivered is None or report.filled > delivered
        if report.is_final:
            return not self.sequencer.has_ended(report.order_id)
        if report.status == OrderStatus.REPLACED:
            held = self._table.get(report.order_id)
            return held is not None and (held.price, held.quantity) != (report.price, report.quantity)
        return delivered is None


class AlgoFeed(ReportFeed[AlgoTree, AlgoExecutionReport]):
    """The reports of algo orders, which tell of the nodes of a tree."""

    topic = ALGO_TOPIC

    def begin(self) -> None:
        """What is open now is known; its reports follow from here."""
        for tree in self._table.snapshot().values():
            for node in tree.nodes:
                self.sequencer.begin(node.algo_order_id, node.total_executed_quantity or 0)

    def missed(self, known: Delivered) -> Iterator[list[AlgoExecutionReport]]:
        """What REST tells that no report has, as reports, tree by tree."""
        return missed_algos(self._orders, self._table.snapshot(), known)

    def is_news(self, report: AlgoExecutionReport) -> bool:
        """Whether a report made of what REST tells says more than was delivered until now."""
        delivered = self.sequencer.delivered(report.algo_order_id)
        if delivered is None or report.is_fill:
            return delivered is None or report.filled > delivered
        if report.is_final or self.sequencer.has_ended(report.algo_order_id):
            return not self.sequencer.has_ended(report.algo_order_id)
        tree = self._table.get(report.root_algo_order_id)
        known = [node for node in tree.nodes if node.algo_order_id == report.algo_order_id] if tree else []
        return not known or progress(known[0]) != progress(report)
