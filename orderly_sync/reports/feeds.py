"""The two kinds of orders as recovery sees them: what is known of each, what REST is asked for, and what is news.

Pure but for the REST reads that it is given; what is asked and answered here is decided on ``recovery``'s thread, save
``is_news``, which is asked on the stream's I/O thread.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

from orderly_sync.models.algo_tree import AlgoTree
from orderly_sync.models.enums import OrderStatus
from orderly_sync.models.order import Order
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.reports.deduplicator import Deduplicator
from orderly_sync.reports.delivered import Delivered
from orderly_sync.reports.from_rest import ALGO_TOPIC, ORDER_TOPIC
from orderly_sync.reports.reading import Reading
from orderly_sync.reports.rebuild import missed_orders
from orderly_sync.reports.rebuild_algos import missed_algos, progress
from orderly_sync.reports.schedule import AwaitedReport, AwaitedReports, Poll
from orderly_sync.reports.sequencer import ReportSequencer

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
        table: What is shown as open.
        sequencer: What brings each order's reports in order.
        later: Seconds after a placing or a cancel at which REST is asked if no report told of it.
    """

    topic: str

    def __init__(self, table: OpenTable[T], sequencer: ReportSequencer, *, later: Sequence[float]) -> None:
        self.sequencer = sequencer
        self.awaited = AwaitedReports(later)
        self.deduplicator: Deduplicator | None = None
        """What lets each of these reports through once; None until there is one."""
        self.floor = 0
        """The venue's time in ms from which on these reports are told."""
        self._tries: dict[int, int] = {}
        self.table = table
        """What is shown as open."""

    def known(
        self, poll: Poll, now: float, floor: int, until: int | None = None
    ) -> tuple[Delivered, list[AwaitedReport]]:
        """What has been delivered, and what has not been though it should have by now."""
        late = self.awaited.due(now, self.sequencer.is_delivered)
        asked = dict.fromkeys([*self.sequencer.doubtful, *(report.order_id for report in late)])
        known = Delivered(
            since=poll.since,
            floor=max(floor, self.floor),
            until=until,
            asked=sorted(asked, key=lambda order_id: self._tries.get(order_id, 0)),
            delivered=self.sequencer.delivered,
            missing=self.sequencer.missing,
            has_ended=self.sequencer.has_ended,
            has_begun=self.sequencer.has_begun,
            has_seen=self.has_seen,
            is_another=self.sequencer.is_another,
        )
        return known, late

    def has_seen(self, order_id: int, trade_id: int) -> bool:
        """Whether the report of a fill has been let through, and does not wait."""
        deduplicator = self.deduplicator
        return (
            deduplicator is not None
            and deduplicator.has_seen(order_id, trade_id)
            and not self.sequencer.waits(order_id, trade_id)
        )

    def tried(self, unresolved: Collection[int]) -> None:
        """These could not be told of whole: others are asked for first the next time."""
        self._tries = {order_id: self._tries.get(order_id, 0) + 1 for order_id in unresolved}

    def forget_all(self) -> None:
        """The venue began anew."""
        self.sequencer.forget_all()
        self.awaited.forget_all()
        self._tries = {}
        self.floor = 0

    def asked(self, late: Sequence[AwaitedReport]) -> None:
        """REST was asked for these; an order that it does not know to the last is shown no longer."""
        for order_id in self.awaited.asked(late, self.sequencer.is_delivered):
            self.table.forget(order_id)

    @abstractmethod
    def begin(self, floor: int | None = None) -> None:
        """What is open now, and was created before ``floor``, is known; its reports follow from here."""

    @abstractmethod
    def missed(self, reading: Reading, known: Delivered, unresolved: set[int]) -> Iterator[Sequence[Any]]:
        """What REST tells that no report has, as reports, order by order; ``unresolved`` gets what it hides still."""

    @abstractmethod
    def is_news(self, report: R) -> bool:
        """Whether a report made of what REST tells says more than was delivered until now."""


class OrderFeed(ReportFeed[Order, ExecutionReport]):
    """The reports of ordinary orders."""

    topic = ORDER_TOPIC

    def begin(self, floor: int | None = None) -> None:
        """What is open now, and was created before ``floor``, is known; its reports follow from here."""
        for order in self.table.snapshot().values():
            if floor is None or (order.created_time or 0) < floor:
                self.sequencer.begin(order.order_id, order.total_executed_quantity or 0)

    def missed(
        self, reading: Reading, known: Delivered, unresolved: set[int]
    ) -> Iterator[list[ExecutionReport]]:
        """What REST tells that no report has, as reports, order by order; ``unresolved`` gets what it hides still."""
        return missed_orders(reading, self.table.snapshot(), known, unresolved)

    def is_news(self, report: ExecutionReport) -> bool:
        """Whether a report made of what REST tells says more than was delivered until now."""
        delivered = self.sequencer.delivered(report.order_id)
        if report.is_fill:
            return delivered is None or report.filled > delivered
        if report.is_final:
            return not self.sequencer.has_ended(report.order_id)
        if report.status == OrderStatus.REPLACED:
            held = self.table.get(report.order_id)
            return held is not None and (held.price, held.quantity) != (report.price, report.quantity)
        return delivered is None or not self.sequencer.has_begun(report.order_id)


class AlgoFeed(ReportFeed[AlgoTree, AlgoExecutionReport]):
    """The reports of algo orders, which tell of the nodes of a tree, by one of the two topics that tell of them.

    Args:
        table: What is shown as open.
        sequencer: What brings each node's reports in order.
        later: Seconds after a placing or a cancel at which REST is asked if no report told of it.
        topic: Which of the two.
    """

    topic = ALGO_TOPIC

    def __init__(
        self,
        table: OpenTable[AlgoTree],
        sequencer: ReportSequencer,
        *,
        later: Sequence[float],
        topic: str = ALGO_TOPIC,
    ) -> None:
        super().__init__(table, sequencer, later=later)
        self.topic = topic

    def begin(self, floor: int | None = None) -> None:
        """What is open now, and was created before ``floor``, is known; its reports follow from here."""
        for tree in self.table.snapshot().values():
            for node in tree.nodes:
                if floor is None or (node.created_time or 0) < floor:
                    self.sequencer.begin(node.algo_order_id, node.total_executed_quantity or 0)

    def missed(
        self, reading: Reading, known: Delivered, unresolved: set[int]
    ) -> Iterator[list[AlgoExecutionReport]]:
        """What REST tells that no report has, as reports, tree by tree; ``unresolved`` gets what it hides still."""
        for reports in missed_algos(reading, self.table.snapshot(), known, unresolved):
            for report in reports:
                report.frame.topic = self.topic
            yield reports

    def is_news(self, report: AlgoExecutionReport) -> bool:
        """Whether a report made of what REST tells says more than was delivered until now."""
        delivered = self.sequencer.delivered(report.algo_order_id)
        if delivered is None or report.is_fill:
            return delivered is None or report.filled > delivered
        if report.is_final or self.sequencer.has_ended(report.algo_order_id):
            return not self.sequencer.has_ended(report.algo_order_id)
        tree = self.table.get(report.root_algo_order_id)
        known = [node for node in tree.nodes if node.algo_order_id == report.algo_order_id] if tree else []
        return not known or progress(known[0]) != progress(report)
