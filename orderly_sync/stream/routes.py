"""Who wants which topic: hooks, consumers and the state, each topic once.

Changes build new tuples under the stream's lock; the I/O thread reads them without one.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from types import BuiltinMethodType, FunctionType, MethodType, MethodWrapperType
from typing import Any, Protocol

from orderly_sync.reports.backlog import Backlog
from orderly_sync.reports.deduplicator import Deduplicator
from orderly_sync.stream.consumer import Consumer
from orderly_sync.stream.delivery import ReportKeeper
from orderly_sync.stream.dispatch import Hook
from orderly_sync.wire.topic import KeyOf, Topic

__all__ = ["ClassRoute", "HookQueue", "Observer", "Route"]

Observer = Callable[[Any], object]
"""Called on the I/O thread with each event, before anybody else sees it; part of this package, never user code."""


class HookQueue(Protocol):
    """Where events for hooks go: the hooks thread, or straight to the hooks in a replay."""

    def put(self, hooks: Sequence[Hook], events: Sequence[object]) -> None:
        """Session events: never dropped."""

    def put_private(
        self,
        topic: str,
        hooks: Sequence[Hook],
        events: Sequence[object],
        conflate: KeyOf | None = None,
    ) -> None:
        """Private events: never dropped in silence."""

    @property
    def room(self) -> int:
        """For how many frames of private events there is room."""

    def put_public(
        self,
        topic: str,
        hooks: Sequence[Hook],
        events: Sequence[object],
        conflate: KeyOf | None,
    ) -> None:
        """Market data: the newest counts."""


class _Subscribers:
    """Hooks and consumers of one kind of event."""

    __slots__ = ("consumers", "hooks")

    def __init__(self) -> None:
        self.hooks: tuple[Hook, ...] = ()
        self.consumers: tuple[weakref.ref[Consumer[Any]], ...] = ()

    def add_hook(self, hook: Hook) -> Hook:
        """Register; the hook that counts.

        The same object with the same filter is there already: then the hook it has counts. A module-level function
        that was defined anew (a notebook cell run again) replaces its older selves. All others stand side by side.
        """
        twin = next((one for one in self.hooks if _is_same(one.fn, hook.fn) and _alike(one, hook)), None)
        if twin is not None:
            return twin
        older = tuple(one for one in self.hooks if _is_older(one.fn, hook.fn) and _alike(one, hook))
        self.hooks = (*(one for one in self.hooks if one not in older), hook)
        for one in older:
            one.removed = True
        return hook

    def restore(self, hook: Hook, before: tuple[Hook, ...]) -> None:
        """Take back an ``add_hook`` that came to nothing, ``before`` which there were these."""
        older = tuple(
            one
            for one in before
            if one not in self.hooks and _is_older(one.fn, hook.fn) and _alike(one, hook)
        )
        for one in older:
            one.removed = False
        self.hooks = (*(one for one in self.hooks if one is not hook), *older)

    def drop_hook(self, hook: Hook) -> None:
        self.hooks = tuple(one for one in self.hooks if one is not hook)

    def add_consumer(self, reference: weakref.ref[Consumer[Any]]) -> None:
        self.consumers = (*self.consumers, reference)

    def drop_consumer(self, consumer: Consumer[Any] | None) -> None:
        """Forget this consumer and all that were collected."""
        alive = ((ref, ref()) for ref in self.consumers)
        self.consumers = tuple(ref for ref, one in alive if one is not None and one is not consumer)

    def live_consumers(self) -> list[Consumer[Any]]:
        return [one for one in (ref() for ref in self.consumers) if one is not None]


def _is_same(one: Any, other: Any) -> bool:
    """Whether two callables are one object; a method counts as the object it is bound to and its name."""
    if one is other:
        return True
    if isinstance(one, MethodType) and isinstance(other, MethodType):
        return one.__self__ is other.__self__ and one.__func__ is other.__func__
    if type(one) is type(other) and isinstance(one, (BuiltinMethodType, MethodWrapperType)):
        return one.__self__ is other.__self__ and bool(one.__name__ == other.__name__)
    return False


def _is_older(one: Any, other: Any) -> bool:
    """Whether ``other`` is the module-level function ``one``, defined anew.

    Closures, lambdas and whatever wraps a function under its name are never taken for each other, nor are functions
    that a loop made with different defaults: they share their code, while a cell that runs again is compiled again.
    """
    return (
        _is_plain(one)
        and _is_plain(other)
        and (one.__module__, one.__qualname__) == (other.__module__, other.__qualname__)
        and (one.__code__ is not other.__code__ or _defaults(one) == _defaults(other))
    )


def _defaults(fn: Any) -> list[int]:
    given = (*(fn.__defaults__ or ()), *(fn.__kwdefaults__ or {}).values())
    return [id(value) for value in given]


def _is_plain(fn: object) -> bool:
    return (
        isinstance(fn, FunctionType)
        and fn.__closure__ is None
        and fn.__qualname__.isidentifier()
        and fn.__qualname__ == fn.__code__.co_name
        and not hasattr(fn, "__wrapped__")
    )


def _alike(one: Hook, other: Hook) -> bool:
    return _filters(one) == _filters(other)


def _filters(hook: Hook) -> tuple[object, ...]:
    wanted = hook.filter
    return () if wanted is None else (wanted.symbol, wanted.order, wanted.client_order_id)


class ClassRoute(_Subscribers):
    """The audience of a class of session events."""

    __slots__ = ()

    def deliver(self, event: object, dispatcher: HookQueue) -> None:
        """Hand one event over; session events are never dropped."""
        for consumer in self.live_consumers():
            consumer.put((event,))
        if self.hooks:
            dispatcher.put(self.hooks, (event,))


class Route(_Subscribers):
    """The audience of one topic."""

    __slots__ = (
        "backlog",
        "began",
        "conflate",
        "count",
        "deduplicator",
        "due_since",
        "heard",
        "is_private",
        "is_required",
        "keeper",
        "last_push",
        "last_ts",
        "name",
        "observers",
        "read",
        "stale",
        "topic",
    )

    def __init__(self, topic: Topic[Any], keeper: ReportKeeper | None = None) -> None:
        super().__init__()
        self.topic = topic
        self.name = topic.name
        self.is_private = topic.private
        self.conflate = topic.conflate
        self.keeper = keeper if keeper is not None and topic.private and keeper.keeps(topic.name) else None
        self.read = topic.read
        self.observers: tuple[Observer, ...] = ()
        self.is_required = False  # by a part of this package
        self.backlog: Backlog | None = None  # what is owed to the hooks, where REST can tell of it
        self.count = 0
        self.deduplicator: Deduplicator | None = (
            None  # lets each report through once; set with the first push
        )
        self.began = 0.0  # when its first push came
        self.last_push = 0.0
        self.last_ts: int | None = None  # the venue's time in the last push that had one
        self.due_since = 0.0  # when pushes began to be expected, or the silence was last seen to
        self.stale = 0  # times in a row it was found silent
        self.heard = 0  # pushes there had been by then

    @property
    def is_empty(self) -> bool:
        """Whether nobody wants the topic."""
        return not (self.hooks or self.observers or any(ref() is not None for ref in self.consumers))

    def deliver(self, events: Sequence[object], dispatcher: HookQueue) -> int:
        """State first, then consumers and waiters, then hooks; called on the I/O thread. How many were new.

        Raises:
            Exception: What an observer raised first, once all have been given everything: an event that counts as
                delivered comes only once, and nobody may miss it for the sake of another.
        """
        if self.keeper is not None:
            return self._deliver_kept(events, dispatcher, self.keeper)
        broken = self.observe(events) if self.observers else None
        for reference in self.consumers:
            consumer = reference()
            if consumer is not None:
                consumer.put(events)
        if self.hooks:
            if self.is_private:
                self._hand(events, dispatcher)
            else:
                dispatcher.put_public(self.name, self.hooks, events, self.conflate)
        if broken is not None:
            raise broken
        return len(events)

    def _deliver_kept(self, events: Sequence[object], dispatcher: HookQueue, keeper: ReportKeeper) -> int:
        """The same of reports that are kept over the end of the process."""
        events = keeper.admit(events)
        broken = self.observe(events) if self.observers else None
        if not keeper.withhold(self.name, events, is_heard=bool(self.hooks or self.consumers)):
            for consumer in self.live_consumers():
                consumer.put(events)
            if self.hooks:
                self._hand(events, dispatcher)
            else:
                self._pass_over(events, keeper)
        if broken is not None:
            raise broken
        return len(events)

    def _hand(self, events: Sequence[object], dispatcher: HookQueue) -> None:
        """Queue private events for the hooks, save those that are owed to them."""
        if self.backlog is not None:
            events = self.backlog.pass_on(events, dispatcher.room)
        if events:
            dispatcher.put_private(self.name, self.hooks, events, self.conflate)

    def observe(self, events: Sequence[object]) -> Exception | None:
        """Have the state alone take all events; what an observer raised first."""
        broken: Exception | None = None
        for observe in self.observers:
            for event in events:
                try:
                    observe(event)
                except Exception as exc:  # noqa: BLE001, PERF203 - raised by the caller
                    broken = broken or exc
        return broken

    def hand_owed(self, events: Sequence[object], hand: Callable[[Sequence[Hook], object], object]) -> None:
        """The same for what is owed, whatever room hooks have; ``hand`` queues one event for them."""
        for consumer in self.live_consumers():
            consumer.put(events)
        if self.hooks:
            for event in events:
                hand(self.hooks, event)
        elif self.keeper is not None:
            self._pass_over(events, self.keeper)

    def _pass_over(self, events: Sequence[object], keeper: ReportKeeper) -> None:
        """What no consumer's filter lets through counts as taken."""
        consumers = self.live_consumers()
        for event in events:
            if not any(consumer.wants(event) for consumer in consumers):
                keeper.taken(event)
