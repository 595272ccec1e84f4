"""Handing over what a full queue owes: read by REST, as after a gap, and told in order once there is room again.

Each queue that falls behind gets a thread for as long as it is behind, so that a hook that blocks holds up no other
queue, and no recovery. It waits for room, reads, and queues what is owed, flagged ``recovered``. REST may lag behind
what was withheld; what it does not show yet is read again after a pause.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import Any

from orderly_sync.dialling.cancellation import Cancellation
from orderly_sync.errors import Overflow, RequestError
from orderly_sync.logs import log_of
from orderly_sync.models.algo_tree import AlgoTree
from orderly_sync.models.base import Frame, changed, zero_like
from orderly_sync.models.enums import OrderStatus
from orderly_sync.reports.backlog import Backlog, ReportQueue
from orderly_sync.reports.deduplicator import is_report_topic
from orderly_sync.reports.delivered import Delivered
from orderly_sync.reports.feeds import AlgoFeed, OrderFeed
from orderly_sync.reports.from_rest import order_report
from orderly_sync.reports.reading import SINGLES, OrderReads, Reading
from orderly_sync.rest.rate_share import in_background
from orderly_sync.waiting import Worker

__all__ = ["Handover"]

log = log_of("orderly_sync.state")

_LOOK = 0.02
"""Seconds between two looks for room: whoever takes events has nothing to tell, and so nothing that can be lost."""
PAUSES = (0.25, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
"""Seconds before each further reading of what REST did not show; after the last it is given up, loudly."""


class _End(Enum):
    """How a reading ended."""

    DONE = "done"
    """Nothing is owed any more."""
    MISSING = "missing"
    """REST does not show all of it yet."""
    FAILED = "failed"
    """It could not be read."""


class Handover:
    """Hands over what queues owe, for the topics that REST can rebuild.

    Args:
        orders: Where REST is asked.
        feed_of: What reads a topic's reports by REST, asked when something is owed; None if nobody heard the topic.
        floor: The venue's time in ms before which nothing is told.
        told: Called with each Overflow at once, on the I/O thread, and with each that ends in a loss.
        done: Called with the backlog and the number of reports handed over, when a queue is live again.
    """

    def __init__(
        self,
        orders: OrderReads,
        feed_of: Callable[[str], OrderFeed | AlgoFeed | None],
        *,
        floor: Callable[[], int],
        told: Callable[[Overflow], object],
        done: Callable[[str, int | None, int], object],
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._orders = orders
        self._feed_of = feed_of
        self._floor = floor
        self._told = told
        self._done = done
        self._pauses = pauses
        self._stopping = Cancellation()
        self._running: list[tuple[Backlog, Worker]] = []

    @property
    def is_behind(self) -> bool:
        """Whether any queue owes something."""
        return any(backlog.is_behind for backlog, _ in list(self._running))

    def backlog_of(self, topic: str, queue: Callable[[], ReportQueue | None]) -> Backlog | None:
        """The account of one queue, which is None once nobody reads it; there is none where REST cannot help."""
        if not is_report_topic(topic):
            return None

        def began(count: int) -> None:
            self._told(Overflow(topic, count))
            worker = Worker(lambda: self._run(backlog, queue), "orderly-handover")
            self._running = [(one, other) for one, other in self._running if other.is_alive]
            self._running.append((backlog, worker))
            worker.start()

        backlog = Backlog(topic, began)
        return backlog

    def rebuilds(self, topic: str) -> bool:
        """Whether what a queue of this topic owes can be read by REST."""
        return is_report_topic(topic)

    def stop(self) -> None:
        """Hand over nothing more, whatever is being read for it; returns at once."""
        self._stopping.set()

    def join(self, timeout: float) -> None:
        """Wait for the threads to end."""
        until = time.monotonic() + timeout
        for _, worker in list(self._running):
            worker.join(max(0.0, until - time.monotonic()))

    # One queue, on its thread ----------------------------------------------------------------------------------------

    def _run(self, backlog: Backlog, queue: Callable[[], ReportQueue | None]) -> None:
        count, tries, failures = 0, 0, 0
        while self._has_room(queue, half=True):
            since = backlog.since
            with self._stopping.applied(), in_background():
                told, end = self._round(backlog, queue)
            count += told
            if end is _End.DONE:
                log.info("%d reports of %r that found no room were handed over", count, backlog.topic)
                self._done(backlog.topic, since, count)
                return
            failures = failures + 1 if end is _End.FAILED else 0
            tries = tries + 1 if end is _End.MISSING and not told else 0
            if tries > len(self._pauses):
                self._give_up(backlog)
                tries = 0
            pause = (
                self._pauses[min(max(tries, failures), len(self._pauses)) - 1] if tries or failures else 0.0
            )
            self._stopping.wait(pause)
        if not self._stopping.is_set():
            backlog.abandon()

    def _has_room(self, queue: Callable[[], ReportQueue | None], *, half: bool = False) -> bool:
        """Wait for room, half of the queue or for one; false if nobody reads it any more, or all is being stopped."""
        while not self._stopping.is_set():
            one = queue()
            if one is None:
                return False
            if one.room >= (max(1, one.bound // 2) if half else 1):
                return True
            del one  # held while it is looked at only: whoever drops his queue ends this
            self._stopping.wait(_LOOK)
        return False

    def _round(self, backlog: Backlog, queue: Callable[[], ReportQueue | None]) -> tuple[int, _End]:
        """Read once and tell what is owed; how many reports, and how it ended."""
        one, count = queue(), 0
        backlog.catch_up(0 if one is None else max(1, one.bound // 2))
        del one
        try:
            for report in self._owed(backlog):
                if not self._has_room(queue) or (one := queue()) is None:
                    return count, _End.MISSING
                backlog.tell(report)
                one.hand(report)
                del one
                count += 1
            one = queue()
            if one is not None and backlog.finish(one.hand):
                return count, _End.DONE
        except RequestError as exc:
            if not self._stopping.is_set():
                log.warning("what a full queue owes cannot be read: %s; it will be tried again", exc)
            return count, _End.FAILED
        except Exception:
            log.exception("what a full queue owes cannot be rebuilt; it will be tried again")
            return count, _End.FAILED
        finally:
            backlog.pause()
        return count, _End.MISSING

    def _owed(self, backlog: Backlog) -> Iterator[Any]:
        """The reports that are owed, order by order, each asked for when the one before it was told."""
        feed, owed = self._feed_of(backlog.topic), backlog.owed
        assert feed is not None  # for what is owed was heard
        name = "algo_order_id" if isinstance(feed, AlgoFeed) else "order_id"

        def delivered(key: int) -> Any:
            return owed[key].told if key in owed else feed.sequencer.delivered(key)

        def has_ended(key: int) -> bool:
            return not owed[key].end if key in owed else feed.sequencer.has_ended(key)

        known = Delivered(
            since=backlog.since,
            floor=self._floor(),
            asked=sorted({one.root for one in owed.values()}),
            delivered=delivered,
            has_ended=has_ended,
        )
        # As many as are owed may be asked for one by one: nobody else waits for that.
        reading = Reading(self._orders, known.start, singles=len(owed) * 2 + SINGLES)
        for reports in feed.missed(reading, known, set()):
            for report in reports:
                if backlog.is_owed(report):
                    yield report
            for key in {getattr(report, name) for report in reports}:
                backlog.begun(key)
        for key, one in backlog.owed.items():
            if one.state and not one.end and (one.told or 0) >= one.total:
                report = _standing(feed, key, one.root)
                if report is None:
                    backlog.forgo(key)  # it has ended since, and that is told behind this
                else:
                    yield report

    def _give_up(self, backlog: Backlog) -> None:
        owed = backlog.owed
        log.error(
            "reports of %d orders of %r found no room, and the venue does not tell of them: %s",
            len(owed),
            backlog.topic,
            sorted(owed)[:10],
        )
        for key in owed:
            backlog.forgo(key, whole=True)
        self._told(Overflow(backlog.topic, len(owed), lost=True))


def _standing(feed: OrderFeed | AlgoFeed, key: int, root: int) -> Any:
    """How an order that is open stands, as a report of its topic; None if it is not."""
    held = feed.table.get(root)
    if held is None:
        return None
    if isinstance(held, AlgoTree):
        nodes = [node for node in held.nodes if node.algo_order_id == key]
        if not nodes:
            return None
        report: Any = nodes[0]
        values: dict[str, Any] = {"trade_id": 0, "executed_quantity": zero_like(report)}
    else:
        report = order_report(held)
        values = {"status": OrderStatus.REPLACED}
    frame = Frame(feed.topic, report.ts, "rest", recovered=True)
    made = changed(report, frame=frame, **values)
    frame.events = (made,)
    return made
