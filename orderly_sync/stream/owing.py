"""Queues and what they owe: the hooks of a topic, and each consumer, have an account of what found no room."""

from __future__ import annotations

import weakref
from typing import Any, Protocol

from orderly_sync.reports.backlog import Backlog, OwesReports, ReportQueue
from orderly_sync.stream.consumer import Consumer
from orderly_sync.stream.delivery import DeliveryListener
from orderly_sync.stream.dispatch import Dispatcher
from orderly_sync.stream.filter import Filter
from orderly_sync.stream.routes import Route
from orderly_sync.wire.topic import KeyOf, Topic

__all__ = ["ConsumerHome", "backlog_of_hooks", "consumer_of"]


class _HooksQueue:
    """The hooks thread's queue, for the hooks of one topic."""

    def __init__(self, route: Route, dispatcher: Dispatcher) -> None:
        self._route = route
        self._dispatcher = dispatcher

    @property
    def bound(self) -> int:
        """How many frames may wait."""
        return self._dispatcher.bound

    @property
    def room(self) -> int:
        """For how many there is room."""
        return self._dispatcher.room

    def hand(self, event: object) -> None:
        """Queue one event, whatever room there is."""
        self._dispatcher.hand(self._route.hooks, event)


class ConsumerHome(Protocol):
    """What a consumer needs of its stream."""

    @property
    def deliveries(self) -> DeliveryListener | None:
        """Told of each private event that the user has taken."""

    @property
    def handover(self) -> OwesReports | None:
        """What hands over what queues owe."""

    def trouble(self) -> BaseException | None:
        """What a blocking call must raise now."""

    def announce(self, event: object) -> None:
        """Tell an Overflow."""

    def consumer_left(self, consumer: Consumer[Any]) -> None:
        """It was closed."""


def consumer_of(
    home: ConsumerHome,
    name: str,
    target: Topic[Any] | type[Any],
    wanted: Filter,
    *,
    maxlen: int,
    conflate: KeyOf | None,
    idle: float | None,
) -> Consumer[Any]:
    """A consumer of a topic, or of a class of session events, that nobody feeds yet."""
    topic = target if isinstance(target, Topic) and target.private else None
    consumer: Consumer[Any] = Consumer(
        name,
        wanted=wanted,
        maxlen=maxlen,
        private=topic is not None or not isinstance(target, Topic),
        conflate=conflate,
        idle=idle,
        check=home.trouble,
        leave=home.consumer_left,
        deliveries=home.deliveries if topic else None,
        newest=topic.conflate if topic else None,
        overflowed=home.announce if topic else None,
    )
    consumer.backlog = _backlog_of_consumer(home.handover, consumer)
    return consumer


def backlog_of_hooks(handover: OwesReports | None, route: Route, dispatcher: Dispatcher) -> Backlog | None:
    """The account of a topic's hooks; None where REST cannot tell of what they miss."""
    queue = _HooksQueue(route, dispatcher)

    def find() -> ReportQueue | None:
        return queue if route.hooks else None

    return None if handover is None else handover.backlog_of(route.topic.name, find)


def _backlog_of_consumer(handover: OwesReports | None, consumer: Consumer[Any]) -> Backlog | None:
    """The account of a consumer, which lives as long as somebody else holds it."""
    held = weakref.ref(consumer)

    def find() -> ReportQueue | None:
        one = held()
        return one if one is not None and one.is_read else None

    return None if handover is None else handover.backlog_of(consumer.topic, find)
