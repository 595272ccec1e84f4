"""Recovery of the private topics that tell no order: money in and out, settlements, liquidations, messages.

Their lists are short and some may be read ten times a minute only, so they are read on a thread of their own, which
lives for as long as a gap is being read over: nothing of it can hold up the reports of orders. After a gap each topic
that somebody hears is read at once and again after the seconds of ``LOOKS``; what no push has told goes out, flagged
``recovered``. The topics that tell how something stands are in ``latest_states.py``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import attrs

from orderly_sync.clock import Clock
from orderly_sync.dialling.cancellation import Cancellation
from orderly_sync.errors import RateLimited, RequestError
from orderly_sync.logs import described, log_of
from orderly_sync.models.base import Push
from orderly_sync.reports.delivered import OVERLAP_MS
from orderly_sync.reports.other_rows import READERS, OtherReads
from orderly_sync.reports.report_stream import EventStream
from orderly_sync.rest.rate_share import in_background
from orderly_sync.waiting import Flag, Worker

__all__ = ["LOOKS", "OtherTopics"]

log = log_of("orderly_sync.state")

LOOKS = (0.0, 10.0, 60.0)
"""Seconds after a gap at which these lists are read: the last must come later than their worst lag."""
_PAUSE = 5.0
_TRIES = 6
"""How often a list that cannot be read is tried, after pauses that double; then it is given up, loudly."""


@attrs.frozen(order=True)
class _Look:
    """One reading of one topic."""

    due: float
    topic: str = attrs.field(order=False)
    since: int = attrs.field(order=False)
    tries: int = attrs.field(default=0, order=False)


def _parted(looks: Sequence[_Look], now: float) -> tuple[list[_Look], list[_Look]]:
    """Those that are due, and the others."""
    return [look for look in looks if look.due <= now], [look for look in looks if look.due > now]


class OtherTopics:
    """Rebuilds, after a gap, what private topics without orders would have pushed.

    Args:
        rest: Where REST is asked.
        stream: What brings the pushes, and delivers what is rebuilt.
        clock: Where time comes from.
        looks: Seconds after a gap at which the lists are read.
        ended: Told of the defect of this package by which its thread ends.
    """

    def __init__(
        self,
        rest: OtherReads,
        stream: EventStream,
        *,
        clock: Clock,
        looks: Sequence[float] = LOOKS,
        ended: Callable[[BaseException], object] | None = None,
    ) -> None:
        self.recovered = 0
        """Events that were rebuilt and delivered."""
        self._rest = rest
        self._stream = stream
        self._now = clock.monotonic
        self._after = tuple(looks)
        self._ended = ended
        self._lock = threading.Lock()
        self._floors: dict[str, int] = {}  # by topic: from when on it is told, the venue's time in ms
        self._since: int | None = None
        self._looks: list[_Look] = []
        self._changed = Flag()
        self._stopping = Cancellation()
        self._thread: Worker | None = None

    # From any thread -------------------------------------------------------------------------------------------------

    def hear(self, topic: str) -> None:
        """Somebody begins to hear a topic: what happens from now on is told."""
        if topic in READERS:
            self._floors[topic] = (self._stream.watermark() or -1) + 1

    def gap(self) -> None:
        """The stream is lost."""
        if self._since is None:
            self._since = self._stream.watermark() or 0

    def resync(self) -> None:
        """It is back: have the lists read soon, from where the gap began."""
        since, self._since = self._since, None
        if since is None:
            return
        now = self._now()
        looks = [_Look(now + pause, topic, since) for topic in tuple(self._floors) for pause in self._after]
        with self._lock:
            if self._stopping.is_set():
                return
            self._looks += looks
            if self._thread is None and self._looks:
                self._thread = Worker(self._run, "orderly-other-topics", self._ended)
                self._thread.start()
        self._changed.set()

    def forget_all(self) -> None:
        """The venue began anew: whatever its lists show is news."""
        self._floors = dict.fromkeys(self._floors, 0)
        self._since = 0

    def stop(self) -> None:
        """Have the thread end, whatever it reads; returns at once."""
        self._stopping.set()
        self._changed.set()

    def join(self, timeout: float) -> None:
        """Wait for its end, unless this is the thread itself."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout)

    # Its thread ------------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while (pause := self._pause()) is not None:
            if pause > 0:
                self._changed.wait(pause)
                self._changed.clear()
                continue
            for look in self._take():
                if not self._stopping.is_set():
                    self._look(look)

    def _pause(self) -> float | None:
        """Seconds until the next look; None if there is none, and the thread ends."""
        with self._lock:
            if self._stopping.is_set() or not self._looks:
                self._thread = None
                return None
            return max(0.0, min(self._looks).due - self._now())

    def _take(self) -> list[_Look]:
        """What is due, each topic once, from the earliest time asked for."""
        now = self._now()
        with self._lock:
            due, self._looks = _parted(self._looks, now)
        by_topic: dict[str, _Look] = {}
        for look in due:
            other = by_topic.get(look.topic, look)
            since, tries = min(look.since, other.since), max(look.tries, other.tries)
            by_topic[look.topic] = attrs.evolve(look, since=since, tries=tries)
        return list(by_topic.values())

    def _look(self, look: _Look) -> None:
        if not self._stream.hears(look.topic):
            return
        start = max(0, look.since - OVERLAP_MS, self._floors.get(look.topic, 0))
        try:
            with self._stopping.applied(), in_background():
                events = READERS[look.topic](self._rest, start)
        except RateLimited as exc:
            self._again(look, exc, exc.retry_after)
        except RequestError as exc:
            self._again(look, exc)
        except Exception as exc:  # noqa: BLE001 - said, for nobody else can see this thread
            self._again(look, exc)
        else:
            self._tell(look.topic, events)

    def _tell(self, topic: str, events: Sequence[Push]) -> None:
        count = self._stream.deliver_recovered(topic, [(event,) for event in events], lambda _: True)
        self.recovered += count
        if count:
            log.info("recovery (disconnect): %d of %s was missing", count, topic)

    def _again(self, look: _Look, error: Exception, after: float | None = None) -> None:
        if self._stopping.is_set():
            return
        tries = look.tries + 1
        if tries >= _TRIES:
            log.error(
                "what a gap took of %r cannot be read; read it yourself: %s", look.topic, described(error)
            )
            return
        log.warning("what a gap took of %r could not be read: %s; it will be tried again", look.topic, error)
        pause = after or _PAUSE * 2**look.tries
        with self._lock:
            self._looks.append(attrs.evolve(look, due=self._now() + pause, tries=tries))
