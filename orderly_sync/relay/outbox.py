"""What a relay has heard and Redis has not taken yet, or may have to take from it should the leader fail. Pure.

Two bounded queues. Reports and whatever else is the account's must not be lost: what finds no room waits in a spool on
the disk, if there is one; else it is noted from when on, and nothing more is taken until REST was asked for it. Of
market data the oldest go. I/O threads add, one thread takes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import islice, takewhile
from typing import Any, Protocol

import attrs

from orderly_sync.models.base import Push
from orderly_sync.wire.topic import Topic

__all__ = ["SESSION", "Change", "Item", "Outbox", "Snapshot", "Spool"]

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
    seq: int = 0
    """Its number in the spool; 0 if it is not there."""

    @property
    def is_private(self) -> bool:
        """Whether it is the account's."""
        return self.topic is None or self.topic.private

    @property
    def name(self) -> str:
        """The topic's name, or what stands for one."""
        return SESSION if self.topic is None else self.topic.name


class Spool(Protocol):
    """Keeps on the disk what an outbox does not hold."""

    @property
    def earlier(self) -> int:
        """The number of the last item that an earlier process has left; 0 if none is left."""

    def __len__(self) -> int:
        """How many items are there that were not read."""

    def put(self, items: Sequence[Item], *, held: bool) -> bool:
        """Number and keep these behind all others; whether it could. ``held``: they need not be read again."""

    def read(self, most: int) -> list[Item] | None:
        """The next that were not read; None if they cannot be read and are given up."""

    def done(self, seq: int) -> None:
        """What has that number or a lower one is kept no longer."""

    def ids(self) -> set[str]:
        """The ids of the events that were not read."""

    def close(self) -> None:
        """Let it go; idempotent."""


class Outbox:
    """Both queues.

    Args:
        private: How many frames of the account's events may wait in memory.
        public: How many frames of market data may.
        spool: Where more of the account's events wait; None for nowhere.
        held: With a spool, how many of those are held in memory while it can be written.
    """

    def __init__(
        self, private: int = 200_000, public: int = 20_000, *, spool: Spool | None = None, held: int = 5_000
    ) -> None:
        self.lost_since: int | None = None
        """When the first of the account's events came that found no room, ms; None if none did."""
        self.dropped = 0
        """Frames of market data that found no room."""
        self._most = private, public
        self._spool, self._most_held = spool, held
        self._heard: deque[Item] = deque()  # between the threads; all else is the taking thread's
        # These go first, then what the spool has, then what is on its way to it.
        self._private: deque[Item] = deque()
        self._behind: deque[Item] = deque()
        self._public: deque[Item] = deque()
        self._holes: dict[str, int] = {}

    def __len__(self) -> int:
        return self.waiting + len(self._public)

    @property
    def waiting(self) -> int:
        """Frames that wait, those of market data apart that have been looked at."""
        return len(self._heard) + len(self._private) + self._spooled + len(self._behind)

    @property
    def _spooled(self) -> int:
        return 0 if self._spool is None else len(self._spool)

    def add(self, item: Item) -> None:
        """Take what was heard, from any thread."""
        self._heard.append(item)

    def hole(self, topic: str) -> int:
        """How many frames of a topic were dropped since this was asked last."""
        return self._holes.pop(topic, 0)

    def first(self, most: int) -> list[Item]:
        """The first of what waits, the account's before market data; it stays until ``done``."""
        self._sort()
        if len(self._private) < most:
            self._read_on(most)
        private = list(islice(self._private, most))
        return private + list(islice(self._public, most - len(private)))

    @property
    def earlier(self) -> int:
        """The number of the last item that an earlier process has left in the spool; 0 if none is left."""
        return 0 if self._spool is None else self._spool.earlier

    def done(self, items: Sequence[Item]) -> None:
        """Redis has taken these, which ``first`` gave last, or they are no news."""
        for item in items:
            queue = self._private if item.is_private else self._public
            if queue and queue[0] is item:
                queue.popleft()
        self._forget_spooled(items)

    def put_first(self, items: Sequence[Item]) -> None:
        """What was read by REST comes before all that waits."""
        self._sort()
        self._private.extendleft(reversed(items))

    def forget(self, before: int) -> None:
        """The leader has published what came before that time: it need not be kept for it. Market data never is."""
        self._sort()
        self.forget_private(before)
        self._public.clear()
        self._holes.clear()

    def forget_private(self, before: int) -> None:
        """The same of the account's events alone."""
        gone: list[Item] = []
        while self.first(1) and self._private and self._private[0].at < before:
            gone.append(self._private.popleft())
        self._forget_spooled(gone)

    @property
    def held(self) -> list[Item]:
        """All that waits in memory and was looked at, in order."""
        self._sort()
        return [*self._private, *self._behind, *self._public]

    def forget_names(self) -> None:
        """What waits gets its ids anew, for another relay may have written since."""
        for item in self.held:
            item.entry_id, item.number = None, 0

    def ids(self) -> set[str]:
        """The ids of all of the account's events that wait."""
        here = {event.event_id for item in self.held if item.is_private for event in item.events}
        return here if self._spool is None else here | self._spool.ids()

    # The spool -------------------------------------------------------------------------------------------------------

    def secure(self) -> None:
        """Redis takes nothing: have the account's events in the spool, which outlives this process."""
        self._sort()
        if self._spool is not None:
            self._secure(self._spool)

    def _secure(self, spool: Spool) -> None:
        if len(spool):
            return  # all that comes goes there
        # What was read by REST stands before all and is read again, should this process end.
        fresh = list(takewhile(lambda item: not item.seq, reversed(self._private)))
        if fresh:
            spool.put(fresh[::-1], held=True)

    def _spill(self) -> None:
        if self._spool is None or not self._behind:
            return
        self._secure(self._spool)
        if self._spool.put(list(self._behind), held=False):
            self._behind.clear()

    def _read_on(self, most: int) -> None:
        while self._spool is not None and self._spooled and len(self._private) < most:
            items = self._spool.read(max(most, self._most_held))
            if items is None:
                self.lost_since = self._private[-1].at if self._private else 0
                self._behind.clear()
                break
            self._private.extend(items)
        if not self._spooled:
            while self._behind and len(self._private) < most:
                self._private.append(self._behind.popleft())

    def _forget_spooled(self, items: Sequence[Item]) -> None:
        seq = max((item.seq for item in items), default=0)
        if seq and self._spool is not None:
            self._spool.done(seq)

    def close(self) -> None:
        """Let the spool go, once nobody adds any more."""
        if self._spool is not None:
            self._spool.close()

    # What was heard --------------------------------------------------------------------------------------------------

    def _sort(self) -> None:
        for _ in range(len(self._heard)):
            item = self._heard.popleft()
            if item.is_private:
                self._take_private(item)
                continue
            self._public.append(item)
            if len(self._public) > self._most[1]:
                oldest = self._public.popleft()
                self.dropped += 1
                self._holes[oldest.name] = self._holes.get(oldest.name, 0) + 1
        self._spill()

    def _take_private(self, item: Item) -> None:
        if self.lost_since is not None:
            return  # REST tells of it, behind all that waits
        if len(self._private) + len(self._behind) >= self._most[0]:
            self.lost_since = item.at
        elif self._spool is None or not (
            self._behind or self._spooled or len(self._private) >= self._most_held
        ):
            self._private.append(item)
        else:
            self._behind.append(item)
