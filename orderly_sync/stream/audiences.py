"""All who hear something of one stream: the routes of its topics, and of the classes of session events."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from orderly_sync.stream.consumer import Consumer
from orderly_sync.stream.dispatch import Hook
from orderly_sync.stream.routes import ClassRoute, HookQueue, Route

__all__ = ["Audiences"]


class Audiences:
    """Routes by topic and by class; ``lock`` is held while they change, never while anybody is told anything."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.topics: dict[str, Route] = {}
        self.classes: dict[type, ClassRoute] = {}
        self.heard: Callable[[str], object] | None = None
        """Told of each private topic that somebody begins to hear, before it is subscribed, under the lock."""

    def add(self, route: Route) -> None:
        """Somebody begins to hear a topic; under the lock."""
        self.topics[route.topic.name] = route
        if self.heard is not None and route.topic.private:
            self.heard(route.topic.name)

    def of(self, kind: type) -> list[ClassRoute]:
        """Who hears of a class of session events, or of a base of it."""
        with self.lock:
            classes = self.classes.copy()
        return [classes[one] for one in kind.__mro__ if one in classes]

    def announce(
        self, event: object, observers: Sequence[Callable[[object], object]], dispatcher: HookQueue
    ) -> None:
        """Tell a session event to these parts of the package, then to those registered for its class or a base of it.

        All are told, whatever a part of this package raises when it is; that is raised afterwards.
        """
        defect: Exception | None = None
        for observe in observers:
            try:
                observe(event)
            except Exception as exc:  # noqa: BLE001, PERF203 - raised below
                defect = defect or exc
        for route in self.of(type(event)):
            route.deliver(event, dispatcher)
        if defect is not None:
            raise defect

    def hears(self, kind: type) -> bool:
        """Whether a hook or a stream is given that class of session events."""
        return any(one.hooks or one.live_consumers() for one in self.of(kind))

    @property
    def is_heard(self) -> bool:
        """Whether user code has hooks or streams."""
        with self.lock:
            audiences = self._all()
        return any(one.hooks or one.live_consumers() for one in audiences)

    def consumers(self) -> Sequence[Consumer[Any]]:
        """All queues of users."""
        with self.lock:
            audiences = self._all()
        return [one for audience in audiences for one in audience.live_consumers()]

    def drop_hook(self, hook: Hook) -> None:
        """A hook was taken back."""
        with self.lock:
            self._drop_hook(hook)

    def _drop_hook(self, hook: Hook) -> None:
        for audience in self._all():
            audience.drop_hook(hook)

    def drop_consumer(self, consumer: Consumer[Any]) -> None:
        """A consumer was closed."""
        with self.lock:
            self._drop_consumer(consumer)

    def _drop_consumer(self, consumer: Consumer[Any]) -> None:
        for audience in self._all():
            audience.drop_consumer(consumer)

    def _all(self) -> Sequence[Route | ClassRoute]:
        return [*self.topics.values(), *self.classes.values()]
