"""Who wants which topic: hooks, consumers and the state, each topic once.

Changes build new tuples under the stream's lock; the I/O thread reads them without one.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Hashable, Sequence
from typing import Any, Protocol

from orderly_sync.stream.consumer import Consumer
from orderly_sync.stream.dedupe import Once
from orderly_sync.stream.dispatch import Hook
from orderly_sync.wire.topic import Topic

__all__ = ["ClassRoute", "Inbox", "Observer", "Route"]

Observer = Callable[[Any], object]
"""Called on the I/O thread with each event, before anybody else sees it; part of this package, never user code."""


class Inbox(Protocol):
    """Where events for hooks go: the hooks thread, or straight to the hooks in a replay."""

    def put(self, hooks: Sequence[Hook], events: Sequence[Any]) -> None:
        """Session events: never dropped."""

    def put_private(self, topic: str, hooks: Sequence[Hook], events: Sequence[Any]) -> None:
        """Private events: never dropped in silence."""

    def put_public(
        self,
        topic: str,
        hooks: Sequence[Hook],
        events: Sequence[Any],
        conflate: Callable[[Any], Hashable] | None,
    ) -> None:
        """Market data: the newest counts."""


class _Audience:
    """Hooks and consumers of one kind of event."""

    __slots__ = ("consumers", "hooks")

    def __init__(self) -> None:
        self.hooks: tuple[Hook, ...] = ()
        self.consumers: tuple[weakref.ref[Consumer[Any]], ...] = ()

    def add_hook(self, hook: Hook) -> Hook | None:
        """Register; a module-level function defined anew (a notebook cell run again) replaces its older self."""
        older = next((one for one in self.hooks if _same(one, hook)), None)
        kept = tuple(one for one in self.hooks if one is not older)
        self.hooks = (*kept, hook)
        if older is not None:
            older.removed = True
        return older

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


def _same(one: Hook, other: Hook) -> bool:
    if one.fn == other.fn:
        return _filters(one) == _filters(other)
    return one.name == other.name and "<" not in one.name and _filters(one) == _filters(other)


def _filters(hook: Hook) -> tuple[object, ...]:
    wanted = hook.filter
    return () if wanted is None else (wanted.symbol, wanted.order, wanted.client_order_id)


class ClassRoute(_Audience):
    """The audience of a class of session events."""

    __slots__ = ()

    def deliver(self, event: object, dispatcher: Inbox) -> None:
        """Hand one event over; session events are never dropped."""
        for consumer in self.live_consumers():
            consumer.put((event,))
        if self.hooks:
            dispatcher.put(self.hooks, (event,))


class Route(_Audience):
    """The audience of one topic."""

    __slots__ = (
        "began",
        "count",
        "due_since",
        "heard",
        "last_push",
        "last_ts",
        "observers",
        "once",
        "read",
        "stale",
        "topic",
    )

    def __init__(self, topic: Topic[Any]) -> None:
        super().__init__()
        self.topic = topic
        self.read = topic.read
        self.observers: tuple[Observer, ...] = ()
        self.count = 0
        self.once: Once | None = None  # lets each report through once; set with the first push
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

    def deliver(self, events: Sequence[Any], dispatcher: Inbox) -> None:
        """State first, then consumers and waiters, then hooks; called on the I/O thread."""
        for observe in self.observers:
            for event in events:
                observe(event)
        for reference in self.consumers:
            consumer = reference()
            if consumer is not None:
                consumer.put(events)
        if self.hooks:
            if self.topic.private:
                dispatcher.put_private(self.topic.name, self.hooks, events)
            else:
                dispatcher.put_public(self.topic.name, self.hooks, events, self.topic.conflate)
