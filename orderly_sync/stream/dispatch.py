"""From events to user code: one hooks thread, bounded queues, nothing dropped in silence.

The I/O thread hands over the events of a frame; it never runs user code and never waits. Hooks run on one thread, in order.
Each queue is bounded. When a full queue meets market data, the newest of each symbol stays (``policy="latest"``) or the oldest
go; when it meets private events, what does not fit is counted and reported as ``Overflow`` once the consumer has caught up.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from orderly_sync.errors import Disconnected, HookError, Overflow, UsageError

__all__ = ["Consumer", "Dispatcher", "Filter", "Hook", "PRIVATE_MAXLEN", "PUBLIC_MAXLEN"]

log = logging.getLogger("orderly_sync.stream.hooks")

T = TypeVar("T")

PRIVATE_MAXLEN = 10_000
"""How many frames of private events may wait for hooks, or events in a consumer, before Overflow."""
PUBLIC_MAXLEN = 10_000
SLICE = 0.5
"""No wait lasts longer at once, so that Ctrl-C is heard on every platform."""
SLOW_HOOK = 1.0
_SAMPLES = 512


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
        if self.symbol is not None and getattr(event, "symbol", None) != self.symbol:
            return False
        if self.client_order_id is not None and getattr(event, "client_order_id", None) != self.client_order_id:
            return False
        return self.order is None or self.order in {
            getattr(event, name, None) for name in ("order_id", "algo_order_id", "root_algo_order_id")
        }


class Hook:
    """A registered hook; ``remove()`` takes it back, also from within itself."""

    __slots__ = ("_durations", "_remove", "calls", "errors", "filter", "fn", "name", "removed", "topic")

    def __init__(self, topic: str, fn: Callable[[Any], object], wanted: Filter, remove: Callable[[Hook], None]) -> None:
        self.topic = topic
        self.fn = fn
        self.filter = None if wanted.is_open else wanted
        self.name = f"{getattr(fn, '__module__', '?')}.{getattr(fn, '__qualname__', type(fn).__name__)}"
        self.calls = 0
        self.errors = 0
        self.removed = False
        self._remove = remove
        self._durations: deque[float] = deque(maxlen=_SAMPLES)

    def __repr__(self) -> str:
        return f"Hook({self.name} on {self.topic!r}, calls={self.calls}, errors={self.errors})"

    def remove(self) -> None:
        """Run it no more; an event already handed to it is finished."""
        if not self.removed:
            self.removed = True
            self._remove(self)

    def took(self, seconds: float) -> None:
        """Note how long one call lasted."""
        self.calls += 1
        self._durations.append(seconds)

    def percentile(self, share: float) -> float | None:
        """The duration in seconds that ``share`` of the last calls stayed under."""
        ordered = sorted(self._durations)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else None


class Consumer(Generic[T]):
    """A queue of events: iterate over it, or ``get(timeout=…)``.

    Iteration ends when the consumer or the stream is closed, or after ``idle`` seconds without an event. Leaving a ``with``
    block, ``close()`` and garbage collection all end the subscription it stands for: the stream holds consumers weakly.
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
        if maxlen < 1:
            raise UsageError("maxlen must be at least 1")
        self.topic = topic
        self.dropped = 0
        self.conflated = 0
        self.owner: object = None
        """What must live as long as this consumer: the client it came from."""
        self._filter = None if wanted.is_open else wanted
        self._maxlen = maxlen
        self._private = private
        self._conflate = conflate
        self._idle = idle
        self._check = check
        self._leave = leave
        self._items: deque[Any] = deque()
        self._latest: dict[Hashable, Any] = {}
        self._ready = threading.Condition()
        self._overflow = 0
        self._closed = False
        self._ended = False

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

    def __next__(self) -> T:
        try:
            return self.get(timeout=self._idle)
        except (TimeoutError, Disconnected) as exc:
            if isinstance(exc, Disconnected) and exc.final and not self._closed and not self._ended:
                raise
            self.close()
            raise StopIteration from None

    def get(self, timeout: float | None = None) -> T:
        """The next event, waiting up to ``timeout`` seconds.

        Raises:
            TimeoutError: None came in time.
            Overflow: Events were dropped before this point; the next call goes on behind the hole.
            Disconnected: The stream was stopped or gave up.
        """
        until = None if timeout is None else time.monotonic() + timeout
        while True:
            with self._ready:
                if self._has_items():
                    return self._pop()
                if self._closed or self._ended:
                    raise Disconnected("the stream was stopped", final=True)
                left = SLICE if until is None else min(SLICE, until - time.monotonic())
                if left > 0:
                    self._ready.wait(left)
                    if self._has_items():
                        return self._pop()
            error = self._check()
            if error is not None:
                raise error
            if until is not None and time.monotonic() >= until:
                raise TimeoutError(f"no event of {self.topic!r} within {timeout:g} s")

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


class Dispatcher:
    """Runs hooks on one daemon thread, in the order in which their events came.

    Args:
        failed: Told of each HookError, after it was logged and counted.
        overflowed: Told of each Overflow once the hooks have caught up.
    """

    def __init__(self, failed: Callable[[HookError], None], overflowed: Callable[[Overflow], None]) -> None:
        self.running: tuple[Hook, float] | None = None
        """The hook under way and when it began, for stats and for the warning about slow hooks."""
        self._queue: SimpleQueue[tuple[Sequence[Hook], Sequence[Any]] | None] = SimpleQueue()
        self._failed = failed
        self._overflowed = overflowed
        self._overflow: dict[str, int] = {}
        self._slots: dict[tuple[str, Hashable], Any] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self.conflated = 0
        self.thread: threading.Thread | None = None

    @property
    def depth(self) -> int:
        """Frames whose hooks have not run yet."""
        return self._queue.qsize()

    @property
    def on_hooks_thread(self) -> bool:
        """Whether the caller is a hook."""
        return threading.current_thread() is self.thread

    def start(self) -> None:
        """Start the thread."""
        self.thread = threading.Thread(target=self._run, name="orderly-hooks", daemon=True)
        self.thread.start()

    def put(self, hooks: Sequence[Hook], events: Sequence[Any]) -> None:
        """Run these hooks on each of these events, later."""
        self._queue.put((hooks, events))

    def put_private(self, topic: str, hooks: Sequence[Hook], events: Sequence[Any]) -> None:
        """The same for private events: beyond the bound they are counted and reported, never lost in silence."""
        if self._queue.qsize() >= PRIVATE_MAXLEN:
            with self._lock:
                self._overflow[topic] = self._overflow.get(topic, 0) + len(events)
            return
        self._queue.put((hooks, events))

    def put_public(
        self,
        topic: str,
        hooks: Sequence[Hook],
        events: Sequence[Any],
        conflate: Callable[[Any], Hashable] | None,
    ) -> None:
        """The same for market data: behind a slow hook the newest event of each key replaces the older ones."""
        if self._queue.qsize() < PUBLIC_MAXLEN // 10:
            self._queue.put((hooks, events))
            return
        for event in events:
            key = (topic, conflate(event) if conflate else None)
            with self._lock:
                waiting = key in self._slots
                self._slots[key] = event
                self.conflated += waiting
            if not waiting:
                self._queue.put((hooks, _Slot(self, key)))

    def take_slot(self, key: tuple[str, Hashable]) -> Any:
        """The newest event of a key, once."""
        with self._lock:
            return self._slots.pop(key)

    def stop(self) -> None:
        """End the thread after the hook that is running; the rest of the queue is not run."""
        self._stopping.set()
        self._queue.put(None)

    def join(self, timeout: float) -> bool:
        """Wait for the thread to end; whether it has. True at once on the thread itself."""
        if self.thread is None or self.on_hooks_thread:
            return True
        self.thread.join(timeout)
        return not self.thread.is_alive()

    def _run(self) -> None:
        get, get_nowait = self._queue.get, self._queue.get_nowait
        while not self._stopping.is_set():
            try:
                item = get_nowait()
            except Empty:
                if self._overflow:
                    self._report_overflow()
                item = get()
            if item is None:
                continue
            hooks, events = item
            for event in events:
                for hook in hooks:
                    if not hook.removed and (hook.filter is None or hook.filter(event)):
                        self._call(hook, event)
                        if self._stopping.is_set():
                            return

    def _call(self, hook: Hook, event: Any) -> None:
        began = time.perf_counter()
        self.running = (hook, began)
        try:
            hook.fn(event)
        except BaseException as exc:  # noqa: BLE001 - a hook may raise anything; the next event must still come
            hook.errors += 1
            error = HookError(hook.name, hook.topic, event)
            error.__cause__ = exc
            log.error("%s\n%s", error, "".join(traceback.format_exception(exc)))  # noqa: TRY400
            self._failed(error)
        took = time.perf_counter() - began
        self.running = None
        hook.took(took)
        if took > SLOW_HOOK:
            log.warning("the hook %s took %.1f s; events wait behind it", hook.name, took)

    def _report_overflow(self) -> None:
        with self._lock:
            overflow, self._overflow = self._overflow, {}
        for topic, dropped in overflow.items():
            self._overflowed(Overflow(topic, dropped))


class _Slot(Sequence[Any]):
    """One event yet to be chosen: the newest of its key at the time the hooks thread gets there."""

    __slots__ = ("_dispatcher", "_key")

    def __init__(self, dispatcher: Dispatcher, key: tuple[str, Hashable]) -> None:
        self._dispatcher = dispatcher
        self._key = key

    def __len__(self) -> int:
        return 1

    def __getitem__(self, index: Any) -> Any:
        if index != 0:
            raise IndexError(index)
        return self._dispatcher.take_slot(self._key)
