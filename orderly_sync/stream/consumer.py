"""Queues that user code reads: a topic's events, filtered, bounded, nothing dropped in silence."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from orderly_sync.config import deadline, limit
from orderly_sync.errors import Disconnected, Overflow, UsageError
from orderly_sync.values.printing import printable

__all__ = ["PRIVATE_MAXLEN", "Consumer", "Filter"]

T = TypeVar("T")

PRIVATE_MAXLEN = 10_000
"""How many events may wait in a consumer, or frames of private events for hooks, before Overflow."""
_NONE = object()
"""No event."""
SLICE = 0.5
"""No wait lasts longer at once, so that Ctrl-C is heard on every platform."""


class Filter:
    """Which events of a topic somebody wants; plain comparisons, so any thread may ask.

    Args:
        symbol: The market, native form.
        order: An order id, or an algo order's root id.
        client_order_id: The caller's own id.
    """

    __slots__ = ("client_order_id", "order", "symbol")

    def __init__(
        self, symbol: str | None = None, order: int | None = None, client_order_id: str | None = None
    ) -> None:
        self.symbol = symbol
        self.order = order
        self.client_order_id = client_order_id

    @property
    def is_open(self) -> bool:
        """Whether it lets everything through."""
        return self.symbol is None and self.order is None and self.client_order_id is None

    def __call__(self, event: Any) -> bool:
        """Whether this event is wanted."""
        if self.symbol is not None and getattr(event, "symbol", None) != self.symbol:
            return False
        if (
            self.client_order_id is not None
            and getattr(event, "client_order_id", None) != self.client_order_id
        ):
            return False
        return self.order is None or self.order in {
            getattr(event, name, None) for name in ("order_id", "algo_order_id", "root_algo_order_id")
        }


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
        conflate: Callable[[Any], Hashable] | None,
        idle: float | None,
        check: Callable[[], BaseException | None],
        leave: Callable[[Consumer[Any]], None],
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
        self._check = check
        self._leave = leave
        self._items: deque[Any] = deque()
        self._latest: dict[Hashable, Any] = {}
        self._ready = threading.Condition()
        self._overflow = 0
        self._closed = False
        self._ended = False

    @printable
    def __repr__(self) -> str:
        return f"Consumer({self.topic!r}, waiting={len(self)}, dropped={self.dropped}, conflated={self.conflated})"

    def __len__(self) -> int:
        return len(self._latest) if self._conflate else len(self._items)

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
        if event is _NONE:
            raise TimeoutError(f"no event of {self.topic!r} within {float(timeout or 0.0):g} s")
        return event

    def first(self, predicate: Callable[[T], object] | None, timeout: float | None, until: float) -> T:
        """The first event for which ``predicate`` is true, until a moment; the caller spoke of ``timeout`` seconds."""
        while True:
            event: T = self._take(until)
            if event is _NONE:
                raise TimeoutError(f"no such event of {self.topic!r} within {float(timeout or 0.0):g} s")
            if predicate is None or predicate(event):
                return event

    def _take(self, until: float) -> Any:
        """The next event, or ``_NONE`` if none has come by then."""
        while True:
            with self._ready:
                if self._has_items():
                    return self._pop()
                if self._closed or self._ended:
                    raise Disconnected("the stream was stopped", final=True)
                left = min(SLICE, until - time.monotonic())
                if left > 0:
                    self._ready.wait(left)
                    if self._has_items():
                        return self._pop()
            error = self._check()
            if error is not None:
                raise error
            if time.monotonic() >= until:
                return _NONE

    def close(self) -> None:
        """End the subscription; what waits in the queue can still be read."""
        with self._ready:
            already, self._closed = self._closed, True
            self._ready.notify_all()
        if not already:
            self._leave(self)

    # The I/O thread's side

    def put(self, events: Sequence[Any]) -> None:
        """Take the events of one frame; never waits for the consumer."""
        wanted = self._filter
        with self._ready:
            for event in events:
                if wanted is None or wanted(event):
                    self._put(event)
            self._ready.notify()

    def wake(self) -> None:
        """Have waiters look at how the stream stands."""
        with self._ready:
            self._ready.notify_all()

    def end(self) -> None:
        """No more events will come; what waits can still be read."""
        with self._ready:
            self._ended = True
            self._ready.notify_all()

    def _has_items(self) -> bool:
        return bool(self._items or self._latest or self._overflow)

    def _put(self, event: Any) -> None:
        if self._conflate is not None:
            key = self._conflate(event)
            self.conflated += key in self._latest
            # Deleted first, so that the newest stands last.
            self._latest.pop(key, None)
            self._latest[key] = event
        elif len(self._items) < self._maxlen:
            self._items.append(event)
        elif self._private:
            self.dropped += 1
            self._overflow += 1
        else:
            self._items.popleft()
            self._items.append(event)
            self.dropped += 1

    def _pop(self) -> T:
        if self._latest:
            return self._latest.pop(next(iter(self._latest)))  # type: ignore[no-any-return]
        if self._items:
            return self._items.popleft()  # type: ignore[no-any-return]
        dropped, self._overflow = self._overflow, 0
        raise Overflow(self.topic, dropped)
