"""What a relay has heard and Redis has not taken yet, or may have to take from it should the leader fail. Pure.

Two bounded queues. Reports and whatever else is the account's must not be lost: where they find no room, it is noted
from when on, and REST is asked for them later. Of market data the oldest go. I/O threads add, one thread takes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import islice
from typing import Any

import attrs

from orderly_sync.models.base import Push
from orderly_sync.wire.topic import Topic

__all__ = ["SESSION", "Change", "Item", "Outbox", "Snapshot"]

SESSION = "session"
"""Stands for the topic of session events."""


@attrs.frozen
class Change:
    """What an event left behind in the state: a row, or that it is gone."""

    table: str
    key: str
    row: Any = None


@attrs.frozen
class Snapshot:
    """The whole state at one moment between two events, by table and key."""

    rows: dict[str, dict[str, Any]]


@attrs.define(eq=False)
class Item:
    """What one frame brought, or a session event, or the state as it was read anew."""

    at: int
    """When it was heard, ms by the machine's clock."""
    topic: Topic[Any] | None
    """Whose events; None of session events and of the state."""
    events: Sequence[Push] = ()
    changes: Sequence[Change] = ()
    session: object = None
    snapshot: Snapshot | None = None
    entry_id: str | None = None
    """The id it is written under; None before it was tried."""
    number: int = 0
    """Its number among the entries of its topic, likewise."""

    @property
    def is_private(self) -> bool:
        """Whether it is the account's."""
        return self.topic is None or self.topic.private

    @property
    def name(self) -> str:
        """The topic's name, or what stands for one."""
        return SESSION if self.topic is None else self.topic.name


class Outbox:
    """Both queues.

    Args:
        private: How many frames of the account's events may wait.
        public: How many frames of market data may.
    """

    def __init__(self, private: int = 200_000, public: int = 20_000) -> None:
        self.lost_since: int | None = None
        """When the first of the account's events came that found no room, ms; None if none did."""
        self.dropped = 0
        """Frames of market data that found no room."""
        self._most = private, public
        self._heard: deque[Item] = deque()  # between the threads; all else is the taking thread's
        self._private: deque[Item] = deque()
        self._public: deque[Item] = deque()
        self._holes: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._heard) + len(self._private) + len(self._public)

    @property
    def waiting(self) -> int:
        """Frames that wait, those of market data apart that have been looked at."""
        return len(self._heard) + len(self._private)

    def add(self, item: Item) -> None:
        """Take what was heard, from any thread."""
        self._heard.append(item)

    def hole(self, topic: str) -> int:
        """How many frames of a topic were dropped since this was asked last."""
        return self._holes.pop(topic, 0)

    def first(self, most: int) -> list[Item]:
        """The first of what waits, the account's before market data; it stays until ``done``."""
        self._sort()
        private = list(islice(self._private, most))
        return private + list(islice(self._public, most - len(private)))

    def done(self, items: Sequence[Item]) -> None:
        """Redis has taken these, which ``first`` gave last, or they are no news."""
        for item in items:
            queue = self._private if item.is_private else self._public
            if queue and queue[0] is item:
                queue.popleft()

    def put_first(self, items: Sequence[Item]) -> None:
        """What was read by REST comes before all that waits."""
        self._sort()
        self._private.extendleft(reversed(items))

    def forget(self, before: int) -> None:
        """The leader has published what came before that time: it need not be kept for it. Market data never is."""
        self._sort()
        while self._private and self._private[0].at < before:
            self._private.popleft()
        self._public.clear()
        self._holes.clear()

    def _sort(self) -> None:
        for _ in range(len(self._heard)):
            item = self._heard.popleft()
            if not item.is_private:
                self._public.append(item)
                if len(self._public) > self._most[1]:
                    oldest = self._public.popleft()
                    self.dropped += 1
                    self._holes[oldest.name] = self._holes.get(oldest.name, 0) + 1
            elif len(self._private) < self._most[0]:
                self._private.append(item)
            elif self.lost_since is None:
                self.lost_since = item.at
