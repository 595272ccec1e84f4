"""Queues that user code reads: a topic's events, filtered, bounded, nothing dropped in silence.

Taking an event is one subscript and one ``del``. CPython looks for signals, and lets other threads run, behind
calls and on the way back in a loop, at neither of these; so no interrupt and no other thread comes between having the
first event and its being gone from the queue: ``get`` raises KeyboardInterrupt and leaves the event, or returns it.
"""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from orderly_sync.config import deadline, limit
from orderly_sync.errors import Disconnected, Overflow, UsageError
from orderly_sync.reports.backlog import Backlog
from orderly_sync.stream.delivery import DeliveryListener, tell_taken
from orderly_sync.stream.filter import Filter
from orderly_sync.values.printing import printable
from orderly_sync.waiting import SLICE, WaitQueue
from orderly_sync.wire.topic import KeyOf

__all__ = ["NONE", "Consumer"]

T = TypeVar("T")

NONE = object()
"""No event."""


class _Hole:
    """Where events are missing, and how many."""

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0


class Consumer(Generic[T]):
    """A queue of events: iterate over it, or ``get(timeout=…)``.

    Iteration ends when the consumer or the stream is closed, or after ``idle`` seconds without an event. Leaving a
    ``with`` block, ``close()`` and garbage collection all end the subscription it stands for: the stream holds
    consumers weakly.
    """

    def __init__(
        self,
        topic: str,
        *,
        wanted: Filter,
        maxlen: int,
        private: bool,
        conflate: KeyOf | None,
        idle: float | None,
        check: Callable[[], BaseException | None],
        leave: Callable[[Consumer[Any]], None],
        deliveries: DeliveryListener | None = None,
        newest: KeyOf | None = None,
        overflowed: Callable[[Overflow], object] | None = None,
    ) -> None:
        if type(maxlen) is not int or maxlen < 1:
            raise UsageError(f"maxlen={maxlen!r}: pass a whole number from 1 on")
        self.topic = topic
        self.dropped = 0
        self.conflated = 0
        self.owner: object = None
        """What must live as long as this consumer: the client it came from."""
        self._filter = None if wanted.is_open else wanted
        self._maxlen = maxlen
        self._private = private
        self._conflate = conflate
        self._idle = limit(idle, "idle")
        self._newest = newest
        self._overflowed = overflowed
        self._check = check
        self._leave = leave
        self._deliveries = deliveries
        self._handed: object = NONE  # out, and not known to have been looked at
        self._items: deque[Any] = deque()
        self._holes = 0
        self._latest: dict[Hashable, Any] = {}
        self.backlog: Backlog | None = None
        """What is owed to it, where REST can tell of it."""
        self._ready = WaitQueue()
        self._closed = False
        self._left = False
        self._ended = False

    @printable
    def __repr__(self) -> str:
        return f"Consumer({self.topic!r}, waiting={len(self)}, dropped={self.dropped}, conflated={self.conflated})"

    def __len__(self) -> int:
        return len(self._items) - self._holes + len(self._latest)

    def __enter__(self) -> Consumer[T]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[T]:
        return self

    def stop(self) -> None:
        """The same as ``close()``."""
        self.close()

    def __next__(self) -> T:
        try:
            return self.get(timeout=self._idle)
        except (TimeoutError, Disconnected) as exc:
            if isinstance(exc, Disconnected) and exc.final and not self._closed and not self._ended:
                raise
            self.close()
            raise StopIteration from None

    def get(self, timeout: float | None = None) -> T:
        """The next event, waiting up to ``timeout`` seconds; without a limit if that is None.

        Raises:
            TimeoutError: None came in time.
            Overflow: Events were dropped before this point; the next call goes on behind the hole.
            Disconnected: The stream was stopped or gave up.
            UsageError: The timeout is no number of seconds.
        """
        event: T = self._take(deadline(timeout, time.monotonic()))
        if event is NONE:
            raise TimeoutError(f"no event of {self.topic!r} within {float(timeout or 0.0):g} s")
        return event

    def first(self, predicate: Callable[[T], object] | None, timeout: float | None, until: float) -> T:
        """The first event for which ``predicate`` is true, until a moment; the caller spoke of ``timeout`` seconds."""
        while True:
            event: T = self._take(until)
            if event is NONE:
                raise TimeoutError(f"no such event of {self.topic!r} within {float(timeout or 0.0):g} s")
            if predicate is None or predicate(event):
                return event

    def _take(self, until: float) -> Any:
        """The next event, or ``NONE`` if none has come by then."""
        if self._deliveries is not None:
            self._tell_taken(self._deliveries)
        waited = False
        while True:
            if self._deliveries is not None and not self._is_on_record(self._deliveries, until):
                return NONE
            event = self._first()
            if event is not NONE:
                return event
            if self._closed or self._ended:
                raise Disconnected("the stream was stopped", final=True)
            if waited:
                error = self._check()
                if error is not None:
                    raise error
                if time.monotonic() >= until:
                    return NONE
            self._ready.wait_for(self._has_news, min(until, time.monotonic() + SLICE))
            waited = True

    def _first(self) -> Any:
        """Take the first event; ``NONE`` if none waits."""
        if self._items:
            event = self._handed = self._items[0]
            del self._items[0]
            if event.__class__ is _Hole:
                self._handed = NONE
                self._holes -= 1
                raise Overflow(self.topic, event.count)
            return event
        while self._latest:
            try:
                key = next(iter(self._latest))
                event = self._handed = self._latest[key]
                del self._latest[key]
            except (KeyError, RuntimeError, StopIteration):  # it is being replaced, or was taken
                continue
            return event
        return NONE

    def _is_on_record(self, deliveries: DeliveryListener, until: float) -> bool:
        """Whether the first event may be handed out; waits for that."""
        first = self._items[0] if self._items else NONE  # only this thread takes from a private queue
        return first is NONE or first.__class__ is _Hole or deliveries.handing(first, until)

    def _has_news(self) -> bool:
        return bool(self._items or self._latest or self._closed or self._ended)

    def _tell_taken(self, deliveries: DeliveryListener) -> None:
        event, self._handed = self._handed, NONE
        if event is not NONE:
            tell_taken(deliveries, event, self)

    def close(self) -> None:
        """End the subscription; what waits in the queue can still be read."""
        if self._deliveries is not None:
            self._tell_taken(self._deliveries)
        self._closed = True
        self._ready.wake_all()
        if not self._left:
            self._leave(self)
            self._left = True  # last: interrupted before, it is left by the next call

    # The I/O thread's side

    def wants(self, event: object) -> bool:
        """Whether its filter lets an event through."""
        return self._filter is None or self._filter(event)

    def put(self, events: Sequence[object]) -> None:
        """Take the events of one frame; never waits for the consumer."""
        wanted = self._filter
        if wanted is not None:
            events = [event for event in events if wanted(event)]
        if self.backlog is not None:
            events = self.backlog.pass_on(events, self.room)
            self.dropped = self.backlog.withheld
        lost = 0
        for event in events:
            lost += self._put(event)
        self._ready.wake_all()
        if lost and self._overflowed is not None:
            self._overflowed(Overflow(self.topic, lost))

    @property
    def bound(self) -> int:
        """How many events may wait."""
        return self._maxlen

    @property
    def room(self) -> int:
        """For how many more there is room."""
        return max(0, self._maxlen - len(self._items))

    def hand(self, event: object) -> None:
        """Take one event that is owed."""
        self._items.append(event)
        self._ready.wake_all()

    @property
    def is_read(self) -> bool:
        """Whether anybody may take more than what waits."""
        return not (self._closed or self._ended)

    @property
    def is_closed(self) -> bool:
        """Whether its reader has closed it: nobody misses what waits."""
        return self._closed

    def wake(self) -> None:
        """Have waiters look at how the stream stands."""
        self._ready.wake_all()

    def end(self) -> None:
        """No more events will come; what waits can still be read."""
        self._ended = True
        self._ready.wake_all()

    def _put(self, event: object) -> int:
        """Queue one event; 1 if it is the first of those that are lost at this place, else 0."""
        if self._conflate is not None:
            self._keep_newest(self._conflate(event), event)
        elif self._newest is not None and (self._latest or len(self._items) >= self._maxlen):
            self._keep_newest(self._newest(event), event)  # behind all that waits, until it has been taken
        elif len(self._items) < self._maxlen:
            self._items.append(event)
        elif self._private:
            self.dropped += 1
            return self._count_lost()
        else:
            self._items.append(event)
            with contextlib.suppress(IndexError):  # it was taken meanwhile
                self._items.popleft()
                self.dropped += 1
        return 0

    def _keep_newest(self, key: Hashable, event: object) -> None:
        self.conflated += key in self._latest
        # Deleted first, so that the newest stands last.
        self._latest.pop(key, None)
        self._latest[key] = event

    def _count_lost(self) -> int:
        """Mark the place behind which an event is missing; 1 if there was no mark."""
        last = self._items[-1] if self._items else None
        if not isinstance(last, _Hole):
            last = _Hole()
            self._holes += 1
            self._items.append(last)
        last.count += 1
        return int(last.count == 1)
