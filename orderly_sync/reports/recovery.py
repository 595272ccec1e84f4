"""Recovery: after a gap of the stream, or for a report that is missing, REST is read and what was missed is delivered.

The order of things is the same at the start and after every gap: the subscriptions are acknowledged first, then REST
is read, while what the stream brings in between counts as newer. Everything that reads runs on one thread of its own,
and no lock is held while it reads or delivers.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from orderly_sync.clock import Clock
from orderly_sync.errors import RequestError
from orderly_sync.logs import log_of
from orderly_sync.models.algo_tree import AlgoTree
from orderly_sync.models.order import Order
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.reports.feeds import AlgoFeed, OpenTable, OrderFeed
from orderly_sync.reports.schedule import LATER, Poll, PollSchedule
from orderly_sync.reports.sequencer import ReportSequencer, sequencer_for
from orderly_sync.rest.groups.orders import Orders
from orderly_sync.waiting import Flag, Worker

__all__ = ["Recovery", "ReportStream"]

log = log_of("orderly_sync.state")

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
"""Seconds between tries to read REST."""


class ReportStream(Protocol):
    """What recovery asks of the stream that brings the reports."""

    def watermark(self) -> int | None:
        """The greatest venue time seen, ms; None before the first."""

    def deliver_recovered(
        self, name: str, events: Sequence[object], is_news: Callable[[Any], bool], /
    ) -> int:
        """Deliver those reports of a topic that ``is_news`` says are news, in their places; how many were."""

    def settle(self, sequencers: Mapping[str, ReportSequencer], is_over: Callable[[], bool], /) -> bool:
        """Let out what waits only because of a gap, if that gap ``is_over``; whether it was."""

    def resynced(self, since: int | None, until: int | None, recovered: int, reason: str, /) -> None:
        """Announce that a gap has been read over."""


class Recovery:
    """Keeps the reports of one account whole.

    Args:
        orders: Where REST is asked for orders and fills.
        open_orders: The ordinary orders that are shown as open.
        open_algos: The algo orders that are shown as open.
        stream: What brings the reports.
        read: Reads the account's state by REST; what it returns shows that state.
        clock: Where time comes from.
        later: Seconds after a gap's first poll at which REST is read again.
        ended: Told of the defect of this package by which its thread ends.
    """

    def __init__(
        self,
        orders: Orders,
        open_orders: OpenTable[Order],
        open_algos: OpenTable[AlgoTree],
        stream: ReportStream,
        *,
        read: Callable[[], Callable[[], None]],
        clock: Clock,
        later: Sequence[float] = LATER,
        ended: Callable[[BaseException], object] | None = None,
    ) -> None:
        self.gaps = 0
        """How often the stream was lost."""
        self.resyncing = False
        """Whether a gap has begun that has not been read over."""
        self._stream = stream
        self._read = read
        self._now = clock.monotonic
        self.orders = OrderFeed(orders, open_orders, self._sequencer(OrderFeed.topic), later=later or LATER)
        self.algos = AlgoFeed(orders, open_algos, self._sequencer(AlgoFeed.topic), later=later or LATER)
        self.sequencers = {feed.topic: feed.sequencer for feed in (self.orders, self.algos)}
        """What brings each order's reports in order, by topic."""
        self._schedule = PollSchedule(later)
        self._lock = threading.Lock()  # of the schedule
        self._changed = Flag()  # the schedule has
        self._pause = _FIRST_PAUSE
        self.floor = 0  # the venue's time of the first subscription
        self._since: int | None = None  # the venue's time at which the gap began that is still open
        self._reason = ""
        self._stopping = False
        self._thread = Worker(self._run, "orderly-recovery", ended)

    def _sequencer(self, topic: str) -> ReportSequencer:
        return sequencer_for(
            topic, filled_before_start=self._filled_before_start, missing=self._fill_gap, clock=self._now
        )

    # Life --------------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Everything is subscribed: read the state for the first time, from which on reports are told.

        Raises:
            RequestError: It cannot be read.
        """
        # What bears the time of the acknowledgement itself, and was not pushed, came before it.
        self.floor = (self._stream.watermark() or -1) + 1
        self._read()()
        self._stream.settle(self.sequencers, self._note_open)

    def start(self) -> None:
        """Begin to read REST whenever something may be missing, on a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end; returns at once."""
        self._stopping = True
        self._changed.set()

    def join(self, timeout: float) -> None:
        """Wait for its end, unless this is the thread itself."""
        self._thread.join(timeout)

    def _note_open(self) -> bool:
        self.orders.begin()
        self.algos.begin()
        return True

    def _filled_before_start(self, report: ExecutionReport | AlgoExecutionReport) -> object:
        """Whatever an order older than this client did before is not this client's to tell."""
        return report.total_executed_quantity if (report.created_time or self.floor) < self.floor else None

    # What may be missing, from any thread ----------------------------------------------------------------------------

    def gap(self) -> None:
        """The stream is lost; until it is back and was read over, what begins in the middle must wait."""
        self.gaps += 1
        self.resyncing = True
        if self._since is None:
            self._since = self._stream.watermark()
        for sequencer in self.sequencers.values():
            sequencer.gap = True

    def resync(self, reason: str) -> None:
        """The stream is back, or has dropped something: have REST read soon, from where the gap began."""
        since = self._since
        if since is None:
            since = self._stream.watermark() or 0
        self._since = None
        self._reason = reason
        self.resyncing = True
        with self._lock:
            self._schedule.gap(since, self._now())
        self._changed.set()

    def expect(self) -> None:
        """What was asked of the venue should be told of: when it is due and was not, REST is asked."""
        deadlines = [self.orders.awaited.deadline, self.algos.awaited.deadline]
        due = min((one for one in deadlines if one is not None), default=None)
        if due is None:
            return
        with self._lock:
            is_changed = self._schedule.by(due)
        if is_changed:
            self._changed.set()

    def _fill_gap(self) -> None:
        """A report waits for one that has not come; on the I/O thread."""
        with self._lock:
            self._schedule.fill_gap(self._now())
        self._changed.set()

    # Reading by REST, on the thread of recovery ----------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping:
            with self._lock:
                pause = self._schedule.pause(self._now())
            self._changed.wait(pause)
            self._changed.clear()
            if not self._stopping:
                self.poll()

    def poll(self) -> None:
        """Read what is due now, if anything is; what fails is due again, after a pause that grows."""
        with self._lock:
            poll = self._schedule.take(self._now())
        if poll is None:
            return
        if self._try(poll):
            self._pause = _FIRST_PAUSE
            return
        with self._lock:
            self._schedule.again(poll, self._now() + self._pause)
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)

    def _try(self, poll: Poll) -> bool:
        try:
            self._recover(poll)
        except RequestError as exc:
            log.warning("the state could not be read again: %s; it will be tried once more", exc)
            return False
        except Exception:
            # Said loudly: what is shown as live may be old, and nobody else can see this thread.
            log.exception("what the venue says of the account cannot be read; it will be tried once more")
            return False
        return True

    def _recover(self, poll: Poll) -> None:
        gaps = self.gaps
        # Read before what was missed is told, shown after: so state never runs ahead of the reports.
        show = None if poll.since is None else self._read()
        count = self._deliver_missed(self.orders, poll) + self._deliver_missed(self.algos, poll)
        if show is not None:
            show()
        self.expect()
        if count and poll.since is None:
            with self._lock:
                self._schedule.lost(self._stream.watermark() or 0, self._now())
        if poll.first and self._stream.settle(self.sequencers, lambda: self.gaps == gaps):
            self.resyncing = False
        if poll.first or count:
            self._stream.resynced(poll.since, self._stream.watermark(), count, self._reason)

    def _deliver_missed(self, feed: OrderFeed | AlgoFeed, poll: Poll) -> int:
        """Deliver what was missed of one kind of orders; how many reports."""
        count = 0
        known, late = feed.known(poll, self._now(), self.floor)
        for reports in feed.missed(known):
            count += self._stream.deliver_recovered(feed.topic, reports, feed.is_news)
        feed.asked(late)
        return count
