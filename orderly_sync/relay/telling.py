"""What hooks and queues of a bot are told of the account's topics: each event once, in order, none too many at once.

While they keep pace, the I/O thread hands events on as they come. A topic whose hooks are full, which a group or
``since=`` has to be told of from an earlier time, or which has a hole, is *behind*: a thread reads it from Redis
again, as fast as there is room, until it has reached the I/O thread. So whoever is slow waits for himself alone, and
Redis holds what waits.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any, Protocol

import attrs

from orderly_sync.errors import OrderlyError
from orderly_sync.relay.entries import FIRST, entry_key, number_of_entry
from orderly_sync.relay.group import GroupRecord, StreamPlace
from orderly_sync.stream.hub import Hub
from orderly_sync.stream.routes import Route
from orderly_sync.waiting import Flag, Worker

__all__ = ["LOOK", "ReadsAgain", "StreamEntry", "Telling"]

LOOK = 0.05
"""Seconds between two looks for somebody to hear what a group is owed, and for room."""
_CHUNK = 200


@attrs.frozen
class StreamEntry:
    """One entry of a stream, as it was read."""

    topic: str
    id: str
    fields: Mapping[bytes, bytes]
    events: tuple[Any, ...]
    error: OrderlyError | None = None
    """Why its events cannot be read; they are none then."""

    @property
    def place(self) -> StreamPlace:
        """Where it stands."""
        return StreamPlace(self.id, number_of_entry(self.fields), int(self.fields.get(b"ts", b"0")))


@attrs.define
class _Topic:
    """How far one topic has been told."""

    at: StreamPlace
    """What was handed on last, or the place to begin behind."""
    seen: str = FIRST
    """The last entry that the I/O thread has shown to the state."""
    begun: bool = False
    """Whether anybody has begun to hear it."""
    behind: bool = False


class ReadsAgain(Protocol):
    """Reads streams for a topic that is behind."""

    def read(self, topic: str, after: str, most: int) -> list[StreamEntry] | None:
        """The entries of a topic behind an id; None if they cannot be read now."""

    def fill(self, topic: str, at: StreamPlace, entry: StreamEntry | None) -> list[Any]:
        """What REST tells of a hole behind a place, before an entry; the hole is announced."""

    def hole(self, topic: str, at: StreamPlace) -> bool:
        """Whether entries were written behind that place that are there no longer, where none are left."""


class Telling:
    """One bot's telling.

    Args:
        hub: The stream's machinery.
        again: Reads what is behind.
        record: What a group has taken; None without one.
        since: Where a topic begins that nobody has heard yet; None for now.
    """

    def __init__(self, hub: Hub, again: ReadsAgain, record: GroupRecord | None, since: str | None) -> None:
        self._hub = hub
        self._again = again
        self._record = record
        self._since = since
        self._topics: dict[str, _Topic] = {}
        self._lock = threading.Lock()
        self._early: set[str] = set()  # told by REST, and on its way through the relay still
        self._stopping = Flag()
        self._catcher: Worker | None = None
        self._look = 0.0

    # The I/O thread --------------------------------------------------------------------------------------------------

    def begin(self, topic: str, at: StreamPlace) -> None:
        """A topic is read from there on."""
        with self._lock:
            if topic in self._topics:
                return
            start = self._record.place_of(topic, at, self._since) if self._record is not None else None
            if start is None and self._since is not None and self._record is None:
                start = StreamPlace(self._since)
            found = self._topics[topic] = _Topic(start or at, at.id)
            found.behind = start is not None and entry_key(start.id) < entry_key(at.id)

    def wants(self, topic: str) -> bool:
        """Whether a group's record must name what is about to be handed on."""
        return self._record is not None and self._is_heard(topic)

    def tell(self, route: Route, entry: StreamEntry) -> None:
        """An entry that the state holds already."""
        with self._lock:
            found = self._topics[entry.topic]
            found.seen = entry.id
            now = self._passes(found, route, entry)
            start = found.behind and found.begun
        if now:
            self._hand(route, entry, entry.events)
        elif start:
            self._catch_up()

    def _passes(self, found: _Topic, route: Route, entry: StreamEntry) -> bool:
        """Whether it is handed on now; under the lock."""
        if not found.begun:
            found.begun = bool(route.hooks or route.consumers)
            if not found.begun:
                if not found.behind and self._record is None:
                    found.at = entry.place
                elif self._record is not None:
                    found.behind = True
                return False
        place = entry.place
        has_hole = place.number > found.at.number + 1 > 1
        if found.behind or has_hole or self._room(route) < len(entry.events):
            found.behind = True
            return False
        found.at = place
        return True

    @property
    def deadline(self) -> float | None:
        """When ``tick`` is due: while any topic is behind."""
        waits = any(one.behind for one in list(self._topics.values()))
        return self._look if waits else None

    def tick(self, now: float) -> None:
        """Begin to tell whoever has come."""
        self._look = now + LOOK
        with self._lock:
            self._begin_heard()
        if self.is_behind:
            self._catch_up()

    def _begin_heard(self) -> None:
        for name, found in self._topics.items():
            found.begun = found.begun or self._is_heard(name)

    def _is_heard(self, topic: str) -> bool:
        route = self._hub.routes.get(topic)
        return route is not None and bool(route.hooks or route.consumers)

    def _room(self, route: Route) -> int:
        rooms = [consumer.room for consumer in route.live_consumers()]
        if route.hooks:
            rooms.append(self._hub.dispatcher.room)
        return min(rooms, default=1_000_000)

    def _hand(self, route: Route, entry: StreamEntry, events: tuple[Any, ...]) -> None:
        if self._early:
            early = self._early.intersection(event.event_id for event in events)
            self._early -= early
            events = tuple(event for event in events if event.event_id not in early)
        if self._record is not None:
            self._record.handing(entry.topic, entry.place, events, route)
        route.hand_owed(events, self._hub.dispatcher.hand)

    # Catching up, on a thread ----------------------------------------------------------------------------------------

    @property
    def is_behind(self) -> bool:
        """Whether anything waits in Redis for hooks that are slow."""
        return any(one.behind and one.begun for one in list(self._topics.values()))

    def _catch_up(self) -> None:
        with self._lock:
            catcher = self._catcher
            if catcher is None or not catcher.is_alive:
                catcher = self._catcher = Worker(
                    self._run, "orderly-catching-up", lambda exc: self._hub.thread_ended("catching up", exc)
                )
        catcher.start()

    def stop(self, timeout: float) -> None:
        """Tell nothing more."""
        self._stopping.set()
        catcher = self._catcher
        if catcher is not None:
            catcher.join(timeout)

    def _run(self) -> None:
        while not self._stopping.is_set():
            behind = [name for name, one in list(self._topics.items()) if one.behind and one.begun]
            if not behind:
                return
            moved = [self._advance(name) for name in behind]
            if not any(moved):
                self._stopping.wait(LOOK / 2)

    def _advance(self, name: str) -> bool:
        """Tell some of what a topic owes; whether anything was told or is over."""
        route, found = self._hub.routes.get(name), self._topics[name]
        if route is None:
            found.behind = False
            return True
        room = min(_CHUNK, self._room(route))
        if room < 1:
            return False
        seen = found.seen
        entries = self._again.read(name, found.at.id, room)
        if entries is None:
            return False
        for entry in entries:
            if entry_key(entry.id) > entry_key(found.seen) or self._stopping.is_set():
                return False  # the state comes first
            if entry.place.number > found.at.number + 1 > 1:
                self._fill(name, found, route, entry)
            self._hand(route, entry, entry.events)
            found.at = entry.place
        return bool(entries) or self._is_over(name, found, route, seen)

    def _fill(self, name: str, found: _Topic, route: Route, entry: StreamEntry | None) -> None:
        for event in self._again.fill(name, found.at, entry):
            self._early.add(event.event_id)
            route.hand_owed((event,), self._hub.dispatcher.hand)

    def _is_over(self, name: str, found: _Topic, route: Route, seen: str) -> bool:
        """Nothing is left up to what had been seen before that was looked for."""
        at = found.at
        if self._again.hole(name, at):
            self._fill(name, found, route, None)
            at = attrs.evolve(at, number=0)
        with self._lock:
            found.at = attrs.evolve(at, id=max(at.id, seen, key=entry_key))
            found.behind = entry_key(found.at.id) < entry_key(found.seen)
            return not found.behind
