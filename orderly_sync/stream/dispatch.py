"""From events to hooks: one thread, a bounded queue, nothing dropped in silence.

The I/O thread hands over the events of a frame; it never runs user code and never waits. Hooks run on one thread, in
order. Each queue is bounded. When a full queue meets market data, the newest of each symbol stays
(``policy="latest"``) or the oldest go. Private events wait in longer ones; of positions and balances the newest stays
then, reports of orders are owed and handed over later (``reports/backlog.py``), and what else finds no room is counted.
``Overflow`` says so at once, whatever the hooks are doing.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from queue import Empty, SimpleQueue
from time import perf_counter
from types import AsyncGeneratorType, CoroutineType, GeneratorType
from typing import Any

from orderly_sync.errors import HookError, Overflow, UsageError
from orderly_sync.logs import log_of
from orderly_sync.reports.deduplicator import is_report_topic
from orderly_sync.stream.delivery import PRIVATE_MAXLEN, DeliveryListener, ReportKeeper, tell_taken
from orderly_sync.stream.filter import Filter
from orderly_sync.values.printing import printable
from orderly_sync.waiting import Worker
from orderly_sync.wire.topic import KeyOf

__all__ = ["Dispatcher", "Hook", "refuse_deferred"]

log = log_of("orderly_sync.stream.hooks")

CONFLATED_FROM = 1_000
"""Frames that wait for hooks from which on only the newest event of each key of market data is kept."""
SLOW_HOOK = 1.0
_SAMPLES = 512
_RARE = 10
"""Events of topics that push rarely and that nothing can rebuild, such as transfers, have so much longer a queue, so
that reports or positions that fill it take no room from them."""


class Hook:
    """A registered hook; ``remove()`` takes it back, also from within itself."""

    __slots__ = (
        "_kinds",
        "_remove",
        "calls",
        "durations",
        "errors",
        "filter",
        "fn",
        "name",
        "removed",
        "topic",
    )

    def __init__(
        self, topic: str, fn: Callable[[Any], object], wanted: Filter, remove: Callable[[Hook], None]
    ) -> None:
        self.topic = topic
        self.fn = fn
        self.filter = None if wanted.is_open else wanted
        self.name = f"{getattr(fn, '__module__', '?')}.{getattr(fn, '__qualname__', type(fn).__name__)}"
        self.calls = 0
        self.errors = 0
        self.removed = False
        self._remove = remove
        self._kinds: set[type] = set()  # what it has raised so far
        self.durations: deque[float] = deque(maxlen=_SAMPLES)

    @printable
    def __repr__(self) -> str:
        return f"Hook({self.name} on {self.topic!r}, calls={self.calls}, errors={self.errors})"

    def remove(self) -> None:
        """Run it no more; an event already handed to it is finished."""
        if not self.removed:
            self.removed = True
            self._remove(self)

    def failed(self, event: object, cause: BaseException) -> tuple[HookError, bool]:
        """Count what it raised; as a HookError, and whether that is the first of its kind."""
        self.errors += 1
        error = HookError(self.name, self.topic, event)
        error.__cause__ = cause
        first = type(cause) not in self._kinds
        self._kinds.add(type(cause))
        return error, first

    def percentile(self, share: float) -> float | None:
        """The duration in seconds that ``share`` of the last calls stayed under."""
        ordered = sorted(self.durations)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else None


_Item = tuple[Sequence[Hook], Sequence[object], "DeliveryListener | None"]
"""Hooks, their events, and who is told of each that was taken."""


class Dispatcher:
    """Runs hooks on one daemon thread, in the order in which their events came.

    Args:
        failed: Told of each HookError, and whether this hook raised the like for the first time.
        overflowed: Told of each Overflow: when events begin to be dropped, and of the others once hooks have caught up.
        name: What the thread is called.
        ended: Told of the defect of this package by which its thread ends.
    """

    def __init__(
        self,
        failed: Callable[[HookError, bool], None],
        overflowed: Callable[[Overflow], None],
        name: str = "orderly-hooks",
        ended: Callable[[BaseException], None] | None = None,
    ) -> None:
        self.running: Hook | None = None
        """The hook under way."""
        self._queue: SimpleQueue[_Item | None] = SimpleQueue()
        self._failed = failed
        self._overflowed = overflowed
        self._overflow: dict[str, int] = {}
        self._slots: dict[tuple[str, Hashable], object] = {}
        self._lock = threading.Lock()
        self._is_over = False  # after the hook that is running
        self.keeper: ReportKeeper | None = None
        """Keeps reports over the end of the process; set before there are routes."""
        self.deliveries: DeliveryListener | None = None
        """Told of each private event that its hooks have taken."""
        self.conflated = 0
        """Events of market data that a newer one replaced."""
        self.dropped = 0
        """Private events that found no room; each time Overflow told so."""
        self._thread = Worker(self._run, name, ended)

    @property
    def depth(self) -> int:
        """Frames whose hooks have not run yet."""
        return self._queue.qsize()

    @property
    def on_hooks_thread(self) -> bool:
        """Whether the caller is a hook."""
        return self._thread.is_current

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def put(self, hooks: Sequence[Hook], events: Sequence[object]) -> None:
        """Run these hooks on each of these events, later."""
        self._queue.put((hooks, events, None))

    @property
    def bound(self) -> int:
        """How many frames of private events may wait."""
        return PRIVATE_MAXLEN

    @property
    def room(self) -> int:
        """For how many frames of private events there is room."""
        return max(0, PRIVATE_MAXLEN - self._queue.qsize())

    def hand(self, hooks: Sequence[Hook], event: object) -> None:
        """A private event that is owed, whatever room there is."""
        self._queue.put((hooks, (event,), self.deliveries))

    def put_private(
        self,
        topic: str,
        hooks: Sequence[Hook],
        events: Sequence[object],
        conflate: KeyOf | None = None,
    ) -> None:
        """The same for private events: beyond the bound they are counted and told, never lost in silence.

        With ``conflate``, beyond the bound only the newest of each key is kept.
        """
        waiting = self._queue.qsize()
        if waiting < PRIVATE_MAXLEN or (
            conflate is None and not is_report_topic(topic) and waiting < PRIVATE_MAXLEN * _RARE
        ):
            self._queue.put((hooks, events, self.deliveries))
        elif conflate is not None:
            self._keep_newest(topic, hooks, events, conflate, self.deliveries)
        else:
            with self._lock:
                is_first = topic not in self._overflow
                self._overflow[topic] = 0 if is_first else self._overflow[topic] + len(events)
                self.dropped += len(events)
            if is_first:
                self._overflowed(Overflow(topic, len(events)))

    def put_public(
        self,
        topic: str,
        hooks: Sequence[Hook],
        events: Sequence[object],
        conflate: KeyOf | None,
    ) -> None:
        """The same for market data: behind a slow hook the newest event of each key replaces the older ones."""
        if self._queue.qsize() < CONFLATED_FROM:
            self._queue.put((hooks, events, None))
            return
        self._keep_newest(topic, hooks, events, conflate, None)

    def _keep_newest(
        self,
        topic: str,
        hooks: Sequence[Hook],
        events: Sequence[object],
        conflate: KeyOf | None,
        deliveries: DeliveryListener | None,
    ) -> None:
        for event in events:
            key = (topic, conflate(event) if conflate else None)
            with self._lock:
                waiting = key in self._slots
                self._slots[key] = event
                self.conflated += waiting
            if not waiting:
                self._queue.put((hooks, _Slot(self, key), deliveries))

    def take_slot(self, key: tuple[str, Hashable]) -> object:
        """The newest event of a key, once."""
        with self._lock:
            return self._slots.pop(key)

    def stop(self) -> None:
        """End the thread once it has run what waits; called from a hook, that hook is the last to run."""
        if self.on_hooks_thread:
            self._is_over = True
        self._queue.put(None)

    def abandon(self) -> None:
        """End the thread after the hook that is running, whatever waits."""
        self._is_over = True
        self._queue.put(None)

    def join(self, timeout: float) -> bool:
        """Wait for the thread to end; whether it has. True at once on the thread itself."""
        return self._thread.join(timeout)

    def _run(self) -> None:
        call = self._call
        for hooks, events, deliveries in self._items():
            for event in events:
                if deliveries is not None:
                    deliveries.handing(event)
                for hook in hooks:
                    if not hook.removed:
                        call(hook, event)
                        if self._is_over:
                            return
                if deliveries is not None:
                    tell_taken(deliveries, event)

    def _items(self) -> Iterator[_Item]:
        """What is queued, until the thread is to end."""
        get, get_nowait = self._queue.get, self._queue.get_nowait
        ending = False
        while not self._is_over:
            try:
                item = get_nowait()
            except Empty:
                if self._overflow:
                    self._report_overflow()
                if ending:
                    return
                item = get()
            if item is None:
                ending = True  # what hooks raised meanwhile, and other hooks are to be told, stands behind it
            else:
                yield item

    def _call(self, hook: Hook, event: object) -> None:
        began = perf_counter()
        self.running = hook
        try:
            if hook.filter is not None and not hook.filter(event):
                self.running = None
                return
            result = hook.fn(event)
            if result is not None:
                refuse_deferred(result)
        except BaseException as exc:  # noqa: BLE001 - a hook may raise anything; the next event must still come
            self._tell_failed(hook, event, exc)
        took = perf_counter() - began
        self.running = None
        hook.calls += 1
        hook.durations.append(took)
        if took > SLOW_HOOK:
            log.warning("the hook %s took %.1f s; events wait behind it", hook.name, took)

    def _tell_failed(self, hook: Hook, event: object, cause: BaseException) -> None:
        try:
            self._failed(*hook.failed(event, cause))
        except Exception:
            log.exception("what the hook %s raised could not be told", hook.name)

    def _report_overflow(self) -> None:
        with self._lock:
            overflow, self._overflow = self._overflow, {}
        for topic, dropped in overflow.items():
            if dropped:
                self._overflowed(Overflow(topic, dropped))


def refuse_deferred(result: object) -> None:
    """Refuse what a hook gave back instead of running it: nobody ever will.

    Raises:
        UsageError: It is a coroutine or a generator.
    """
    if isinstance(result, (CoroutineType, GeneratorType, AsyncGeneratorType)):
        if isinstance(result, CoroutineType):
            result.close()  # or Python would warn of it, too
        raise UsageError(
            f"it gave back a {type(result).__name__}, which nobody runs; a hook is an ordinary function"
        )


class _Slot(Sequence[object]):
    """One event yet to be chosen: the newest of its key at the time the hooks thread gets there."""

    __slots__ = ("_dispatcher", "_key")

    def __init__(self, dispatcher: Dispatcher, key: tuple[str, Hashable]) -> None:
        self._dispatcher = dispatcher
        self._key = key

    def __len__(self) -> int:
        return 1

    def __getitem__(self, index: object) -> Any:
        if index != 0:
            raise IndexError(index)
        return self._dispatcher.take_slot(self._key)
