"""All feeds of one account: which topics are heard, what brings each in order, and what one reading tells of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from orderly_sync.models.algo_tree import AlgoTree
from orderly_sync.models.order import Order
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.reports.earlier_life import EarlierLife
from orderly_sync.reports.feeds import AlgoFeed, OpenTable, OrderFeed
from orderly_sync.reports.holding import Hold
from orderly_sync.reports.reading import Reading
from orderly_sync.reports.report_stream import ReportStream
from orderly_sync.reports.schedule import Poll
from orderly_sync.reports.sequencer import ReportSequencer, sequencer_for

__all__ = ["FeedTable"]

_AT_ONCE = 50
"""How many orders' reports are handed over together."""
_SETTLED_MS = 5_000
"""Until a row is so old, ms, the stream may be telling of it yet: an audit leaves it for the next."""


class FeedTable:
    """The reports that are kept whole, by topic.

    Args:
        orders: The ordinary orders that are shown as open.
        algos: The algo orders that are shown as open.
        stream: What brings the reports.
        later: Seconds after a placing or a cancel at which REST is asked if no report told of it.
        hold: How long reports wait for those before them.
        missing: Called each time that a report must wait, or has gone out though fills before it are missing.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        orders: OpenTable[Order],
        algos: OpenTable[AlgoTree],
        stream: ReportStream,
        *,
        later: Sequence[float],
        hold: Hold,
        missing: Callable[[], object],
        clock: Callable[[], float],
    ) -> None:
        self.floor = 0
        """The venue's time in ms of the first subscription: what older orders did before is not told."""
        self._stream = stream
        self._later = later
        self._hold = hold
        self._missing = missing
        self._now = clock
        self._open_algos = algos
        self.orders = OrderFeed(orders, self._sequencer(OrderFeed.topic), later=later)
        self.algos = AlgoFeed(algos, self._sequencer(AlgoFeed.topic), later=later)
        self._feeds: dict[str, OrderFeed | AlgoFeed] = {
            feed.topic: feed for feed in (self.orders, self.algos)
        }

    def _sequencer(self, topic: str) -> ReportSequencer:
        return sequencer_for(
            topic,
            filled_before_start=self._filled_before_start,
            missing=self._missing,
            clock=self._now,
            hold=self._hold,
        )

    def _filled_before_start(self, report: ExecutionReport | AlgoExecutionReport) -> object:
        """Whatever an order older than this client did before is not this client's to tell."""
        return report.total_executed_quantity if (report.created_time or self.floor) < self.floor else None

    def of(self, topic: str) -> OrderFeed | AlgoFeed | None:
        """That of a topic; None if nobody hears it, or it tells of no orders."""
        return self._feeds.get(topic)

    def all(self) -> list[OrderFeed | AlgoFeed]:
        """All of them at one moment."""
        return list(self._feeds.values())

    @property
    def sequencers(self) -> Mapping[str, ReportSequencer]:
        """What brings each order's reports in order, by topic."""
        return {feed.topic: feed.sequencer for feed in self.all()}

    @property
    def doubtful(self) -> int:
        """How many orders lack reports."""
        return sum(len(feed.sequencer.doubtful) for feed in self.all())

    def hear(self, topic: str, *, resyncing: bool) -> ReportSequencer | None:
        """Somebody hears a topic: keep its reports whole, too; what brings them in order, if they are orders' reports.

        Each version of a topic counts by itself, for whoever hears it: what one has told, the other has not.
        """
        if topic in (OrderFeed.topic, AlgoFeed.topic):
            return self._feeds[topic].sequencer
        if not topic.startswith("algoexecutionreport"):
            return None
        feed = AlgoFeed(self._open_algos, self._sequencer(topic), later=self._later, topic=topic)
        feed.floor = (self._stream.watermark() or -1) + 1
        feed.sequencer.gap = resyncing
        feed.begin()
        self._feeds[topic] = feed
        return feed.sequencer

    def begin(self, earlier: EarlierLife | None) -> None:
        """What is open now is known, or what an earlier life had told of it."""
        for feed in (self.orders, self.algos):
            if earlier is not None:
                earlier.begin(feed.topic, feed.sequencer.begin)
            feed.begin(None if earlier is None else earlier.floor)

    def gap(self) -> None:
        """Reports may be missing: what begins in the middle must wait."""
        for feed in self.all():
            feed.sequencer.gap = True

    def forget_all(self) -> None:
        """The venue began anew."""
        for feed in self.all():
            feed.forget_all()

    def deliver_missed(self, poll: Poll, reading: Reading) -> tuple[dict[str, int], set[tuple[str, int]]]:
        """Deliver what one reading shows to be missing: reports by topic, and the orders it does not show whole."""
        found: dict[str, int] = {}
        unresolved: set[tuple[str, int]] = set()
        for feed in self.all():
            found[feed.topic] = self._deliver_missed(feed, poll, reading, unresolved)
        return found, unresolved

    def _deliver_missed(
        self, feed: OrderFeed | AlgoFeed, poll: Poll, reading: Reading, unresolved: set[tuple[str, int]]
    ) -> int:
        """Deliver what was missed of one kind of orders; how many reports."""
        count = 0
        feed.deduplicator = self._stream.deduplicator(feed.topic)
        if feed.deduplicator is None:
            return 0
        # What is younger is on its way by the stream, or in a reading to come.
        settled = poll.audit or (poll.last and not poll.first)
        until = (self._stream.watermark() or 0) - _SETTLED_MS if settled else None
        known, late = feed.known(poll, self._now(), self.floor, until)
        left: set[int] = set()
        missed: Iterator[Sequence[object]] = iter(feed.missed(reading, known, left))
        # Many orders at once: each hand-over waits for the I/O thread, but none may keep it from its frames for long.
        while batches := list(islice(missed, _AT_ONCE)):
            count += self._stream.deliver_recovered(feed.topic, batches, feed.is_news)
        feed.asked(late)
        feed.tried(left)
        unresolved |= {(feed.topic, order_id) for order_id in left}
        return count
