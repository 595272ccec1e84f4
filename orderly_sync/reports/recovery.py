"""Recovery: after a gap of the stream, or for a report that is missing, REST is read and what was missed is delivered.

The order of things is the same at the start and after every gap: the subscriptions are acknowledged first, then REST
is read, while what the stream brings in between counts as newer. Everything that reads runs on one thread of its own,
and no lock is held while it reads or delivers.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence

from orderly_sync.clock import Clock
from orderly_sync.dialling.cancellation import Cancellation
from orderly_sync.errors import RequestError
from orderly_sync.logs import log_of
from orderly_sync.models.algo_tree import AlgoTree
from orderly_sync.models.order import Order
from orderly_sync.reports.causes import RecoveryCause, RecoveryTally
from orderly_sync.reports.delivered import OVERLAP_MS, AnotherOrder
from orderly_sync.reports.earlier_life import EarlierLife
from orderly_sync.reports.feed_table import FeedTable
from orderly_sync.reports.feeds import OpenTable
from orderly_sync.reports.holding import HOLD, Hold
from orderly_sync.reports.reading import FEW, OrderReads, Reading
from orderly_sync.reports.report_stream import ReportStream
from orderly_sync.reports.schedule import LATER, Gap, Poll, PollSchedule
from orderly_sync.reports.sequencer import ReportSequencer
from orderly_sync.rest.rate_share import in_background
from orderly_sync.waiting import Flag, Worker

__all__ = ["Recovery"]

log = log_of("orderly_sync.state")

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
"""Seconds between tries to read REST."""
_AFTER_LAST = 1.0
"""Seconds after the last look for a gap until which what it may bring is waited for."""
_LONGEST_GAP_MS = 86_400_000
"""The longest gap of which it is claimed that nothing is missing, ms."""


class _Holding(Hold):
    """Reports wait for as long as readings are to come that may bring what is missing."""

    def __init__(self, recovery: Recovery) -> None:
        self._recovery = recovery

    def until(self, now: float) -> float:
        """When a report that begins to wait now goes out at the latest, but for a reading that is under way then."""
        return self._recovery.hold_until(now)

    def is_reading(self) -> bool:
        """Whether REST is being read, or about to be, for what is missing."""
        return self._recovery.is_reading()


class Recovery:
    """Keeps the reports of one account whole.

    Args:
        orders: Where REST is asked for orders and fills.
        open_orders: The ordinary orders that are shown as open.
        open_algos: The algo orders that are shown as open.
        stream: What brings the reports.
        read: Reads the account's state, with what the reading has read already; what it returns shows that state.
        clock: Where time comes from.
        later: Seconds after a gap's first poll at which REST is read again.
        ended: Told of the defect of this package by which its thread ends.
        audit: Seconds between two looks for what was dropped while the connection stood; None for none.
    """

    def __init__(
        self,
        orders: OrderReads,
        open_orders: OpenTable[Order],
        open_algos: OpenTable[AlgoTree],
        stream: ReportStream,
        *,
        read: Callable[[Reading], Callable[[], None]],
        clock: Clock,
        later: Sequence[float] = LATER,
        ended: Callable[[BaseException], object] | None = None,
        audit: float | None = None,
    ) -> None:
        self.gaps = 0
        """How often the stream was lost."""
        self.tally = RecoveryTally()
        """Why REST was read, and what that found."""
        self.resyncing = False
        """Whether a gap has begun that has not been read over."""
        self._rest = orders
        self._stream = stream
        self._read = read
        self._now = clock.monotonic
        self._lock = threading.Lock()  # of the schedule
        self._schedule = PollSchedule(later, audit)
        self.feeds = FeedTable(
            open_orders,
            open_algos,
            stream,
            later=later or LATER,
            hold=_Holding(self),
            missing=self._fill_gap,
            clock=self._now,
        )
        """The reports that are kept whole, by topic."""
        self.orders, self.algos = self.feeds.orders, self.feeds.algos
        self._changed = Flag()  # the schedule has
        self._pause = _FIRST_PAUSE
        self._since: int | None = None  # the venue's time at which the gap began that is still open
        self._restarts = 0
        self._is_reading = False
        self._until_then: EarlierLife | None = None
        self._reason = ""
        self._stopping = Cancellation()
        self._thread = Worker(self._run, "orderly-recovery", ended)

    @property
    def floor(self) -> int:
        """The venue's time of the first subscription, ms."""
        return self.feeds.floor

    @property
    def sequencers(self) -> Mapping[str, ReportSequencer]:
        """What brings each order's reports in order, by topic."""
        return self.feeds.sequencers

    def hear(self, topic: str) -> ReportSequencer | None:
        """Somebody hears a topic; what brings its reports in order, if they are orders' reports."""
        return self.feeds.hear(topic, resyncing=self.resyncing)

    # Life --------------------------------------------------------------------------------------------------------

    def begin(self, earlier: EarlierLife | None = None) -> None:
        """Everything is subscribed: read the state for the first time, from which on reports are told.

        With an ``earlier`` life of the client, from where that ended: what happened since is read over like a gap.

        Raises:
            RequestError: It cannot be read.
        """
        # What bears the time of the acknowledgement itself, and was not pushed, came before it.
        self.feeds.floor = (self._stream.watermark() or -1) + 1
        self._restarts = self._stream.restarts()
        if earlier is not None:
            self.feeds.floor = min(earlier.floor, self.floor)
            self._since, self._until_then = earlier.since, earlier
            self.feeds.gap()
        self._read(Reading(self._rest, None))()
        self._stream.settle(self.sequencers, self._note_open)
        with self._lock:
            self._schedule.begin(self._now())
        if earlier is not None:
            self.resync("the client was not running", RecoveryCause.CLIENT_RESTART)

    def start(self) -> None:
        """Begin to read REST whenever something may be missing, on a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Have the thread end, whatever it reads; returns at once."""
        self._stopping.set()
        self._changed.set()

    def join(self, timeout: float) -> None:
        """Wait for its end, unless this is the thread itself."""
        self._thread.join(timeout)

    def _note_open(self) -> bool:
        self.feeds.begin(self._until_then)
        return self._until_then is None

    # What may be missing, from any thread ----------------------------------------------------------------------------

    def gap(self, reason: str = "") -> None:
        """The stream is lost; until it is back and was read over, what begins in the middle must wait."""
        self.gaps += 1
        opens = self._since is None
        self.resyncing = True
        if opens:
            self._since = self._stream.watermark()
        self.feeds.gap()
        if opens:
            self._stream.gap_opened(self._since, reason)

    def resync(self, reason: str, cause: RecoveryCause = RecoveryCause.DISCONNECT) -> None:
        """The stream is back, or has dropped something: have REST read soon, from where the gap began."""
        since = (self._stream.watermark() or 0) if self._since is None else self._since
        self._since = None
        if self._stream.restarts() != self._restarts:
            self._begin_anew("its clock went back")
            since, cause = 0, RecoveryCause.VENUE_RESTART
        self.recover(since, reason, cause)

    def recover(self, since: int, reason: str, cause: RecoveryCause) -> None:
        """Whatever happened since that time of the venue's, ms, may not have been told: have it read over as a gap."""
        self._reason = reason
        self.resyncing = True
        with self._lock:
            self._schedule.gap(since, self._now(), reason, cause)
        self._changed.set()

    def expect(self) -> None:
        """What was asked of the venue should be told of: when it is due and was not, REST is asked."""
        deadlines = [self.orders.awaited.deadline, self.algos.awaited.deadline]
        due = min((one for one in deadlines if one is not None), default=None)
        with self._lock:
            is_changed = due is not None and self._schedule.by(due)
        if is_changed:
            self._changed.set()

    def another_order(self) -> None:
        """A known order's id is another's now; on the I/O thread before its report is delivered, or on recovery's."""
        self._begin_anew("a known id is another order's now")
        self.recover(0, "the venue began anew", RecoveryCause.VENUE_RESTART)

    def hold_until(self, now: float) -> float:
        """Until when a report that begins to wait now waits for those before it, monotonic seconds."""
        with self._lock:
            last = self._schedule.last_look
        return now + HOLD if last is None else max(now + HOLD, last + _AFTER_LAST)

    def is_reading(self) -> bool:
        """Whether REST is being read for what is missing, or about to be."""
        with self._lock:
            return self._is_reading or self._schedule.is_pressing(self._now())

    def _fill_gap(self) -> None:
        """A report waits for one that has not come; on the I/O thread."""
        with self._lock:
            self._schedule.fill_gap(self._now())
        self._changed.set()

    def _begin_anew(self, reason: str) -> None:
        """Nothing that is known of the venue's orders holds any longer."""
        log.warning("the venue has begun anew: %s", reason)
        self._restarts = self._stream.restarts()
        self.feeds.floor = 0
        self._stream.forget_all(self.feeds.forget_all)
        self._stream.restarted(reason)

    # Reading by REST, on the thread of recovery ----------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.is_set():
            with self._lock:
                pause = self._schedule.pause(self._now())
            self._changed.wait(pause)
            self._changed.clear()
            if not self._stopping.is_set():
                self.poll()

    def poll(self) -> None:
        """Read what is due now, if anything is; what fails is due again, after a pause that grows."""
        with self._lock:
            poll = self._schedule.take(self._now(), self._stream.watermark())
            self._is_reading = poll is not None
        if poll is None:
            return
        try:
            is_done = self._try(poll)
        finally:
            self._is_reading = False
        if is_done:
            self._pause = _FIRST_PAUSE
            return
        with self._lock:
            self._schedule.again(poll, self._now() + self._pause)
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)

    def _try(self, poll: Poll) -> bool:
        try:
            with self._stopping.applied(), in_background(audit=poll.audit):
                self._recover(poll)
        except AnotherOrder:
            self.another_order()
        except RequestError as exc:
            if not self._stopping.is_set():
                log.warning("the state could not be read again: %s; it will be tried once more", exc)
            return False
        except Exception:
            # Said loudly: what is shown as live may be old, and nobody else can see this thread.
            log.exception("what the venue says of the account cannot be read; it will be tried once more")
            return False
        return True

    def _recover(self, poll: Poll) -> None:
        gaps = self.gaps
        self.tally.began(poll.cause)
        reading = Reading(self._rest, self._start_of(poll))
        # Read before what was missed is told, shown after: so state never runs ahead of the reports.
        show = None if poll.since is None or poll.audit else self._read(reading)
        found, unresolved = self.feeds.deliver_missed(poll, reading)
        count = sum(found.values())
        until = self._stream.watermark()
        self.tally.ended(poll.cause, since=reading.start, until=until, found=found, hidden=len(unresolved))
        if show is not None:
            show()
        self.expect()
        self._look_again(poll, reading, count)
        is_current = self.gaps == gaps and self._since is None
        if poll.first and is_current:
            self.resyncing = False
        if (poll.first and is_current) or (count and poll.gaps and not self.resyncing):
            self._stream.resynced(poll.since, until, count, self._reason)
        self._finish(poll, count, is_whole=reading.is_whole and not unresolved, gaps=gaps)

    def _start_of(self, poll: Poll) -> int | None:
        """From when on lists are read; None if the few orders that lack reports are asked for by themselves."""
        since = poll.since
        if since is None and self.feeds.doubtful > FEW:
            since = self._stream.watermark()
        return None if since is None else max(0, since - OVERLAP_MS)

    def _look_again(self, poll: Poll, reading: Reading, count: int) -> None:
        """What one reading has shown to be missing besides is read soon."""
        for gap in poll.gaps:  # which this thread alone counts in
            gap.looks += 1
            gap.recovered += count
        with self._lock:
            if count and poll.since is None:
                self._schedule.lost(self._stream.watermark() or 0, self._now())
            if reading.left <= 0 and (count or poll.since is None):
                self._schedule.soon(self._now(), poll)

    def _closing(self, poll: Poll, now: float, *, again: bool) -> list[Gap]:
        """The gaps that have had their last look; with ``again`` those that get no further one. Under the lock."""
        return [gap for gap in poll.last if not self._schedule.once_more(gap, now, found=again)]

    def _finish(self, poll: Poll, count: int, *, is_whole: bool, gaps: int) -> None:
        """Close the gaps for which this was the last look, unless it has found something still."""
        now = self._now()
        with self._lock:
            closing = self._closing(poll, now, again=bool(count) or not is_whole)
            is_last = bool(poll.last) and self._schedule.last_look is None
        until = self._stream.watermark()
        for gap in closing:
            complete = is_whole and not count and (until or 0) - gap.since <= _LONGEST_GAP_MS
            self._stream.gap_closed(gap, until, now - gap.opened, complete=complete)
        if is_last:
            self._stream.settle(self.sequencers, lambda: self.gaps == gaps and self._since is None)
