"""What a group of reports has taken, over the end of its bot. Pure but for its lock.

For each topic three places are kept in Redis, in the group's own key: what was *taken* by hooks and queues, and how
far events may have been *handed* to them. A bot that comes back begins behind what was taken; what lies between the
two may have been seen by the one before it, and is marked ``redelivered``.

It is no group of Redis's own: those share a stream's entries out among readers, live inside the stream, and whoever may
use one may use all, so that no rule could keep a bot to its own.
"""

from __future__ import annotations

import threading
import weakref
from collections import deque
from collections.abc import Mapping
from typing import Any

import attrs

from orderly_sync.relay.entries import FIRST, entry_key
from orderly_sync.stream.consumer import Consumer
from orderly_sync.stream.routes import Route

__all__ = ["GroupRecord", "StreamPlace"]


@attrs.frozen
class StreamPlace:
    """A place in a topic's stream: behind an entry."""

    id: str = FIRST
    number: int = 0
    """The entry's number; 0 where it is not known."""
    ts: int = 0
    """Its time by the venue, ms."""


@attrs.define(eq=False)
class _Handed:
    """An entry whose events are with hooks and queues."""

    place: StreamPlace
    items: tuple[Any, ...]
    """Held, so that no other event gets the identity of one of them."""
    events: int
    hooks: int
    queues: list[weakref.ref[Consumer[Any]]]

    @property
    def is_taken(self) -> bool:
        """Whether nobody has it still to look at."""
        if self.hooks > 0:
            return False
        alive = [one for one in self.queues if (queue := one()) is not None and queue.is_read]
        return not alive


class GroupRecord:
    """One group's.

    Args:
        told: The group's hash, as it stands in Redis.
    """

    def __init__(self, told: Mapping[str, str]) -> None:
        self._taken: dict[str, StreamPlace] = {}
        self._may_be_known: dict[str, str] = {}
        for topic, text in told.items():
            entry_id, number, ts, handed = text.split(" ")
            self._taken[topic] = StreamPlace(entry_id, int(number), int(ts))
            self._may_be_known[topic] = handed
        self._handed: dict[str, str] = dict(self._may_be_known)
        self._out: dict[str, deque[_Handed]] = {}
        self._by_event: dict[int, _Handed] = {}
        self._changed: set[str] = set()
        self._lock = threading.Lock()

    def place_of(self, topic: str, now: StreamPlace, since: str | None) -> StreamPlace:
        """Where the group goes on in a topic; where it has none, from ``since``, or from now on, which is noted."""
        with self._lock:
            if topic not in self._taken:
                self._taken[topic] = now if since is None else StreamPlace(since)
                self._handed[topic] = FIRST
                self._changed.add(topic)
            return self._taken[topic]

    def may_be_known(self, topic: str, entry_id: str) -> bool:
        """Whether the bot before this one may have been handed an entry."""
        return entry_key(entry_id) <= entry_key(self._may_be_known.get(topic, FIRST))

    def about_to_hand(self, topic: str, entry_id: str) -> bool:
        """An entry may be handed on from now on; whether that must be written first."""
        with self._lock:
            if topic not in self._taken or entry_key(entry_id) <= entry_key(self._handed.get(topic, FIRST)):
                return False
            self._handed[topic] = entry_id
            self._changed.add(topic)
            return True

    def handing(self, topic: str, place: StreamPlace, events: tuple[Any, ...], route: Route) -> None:
        """Its events are handed on now."""
        queues = [
            weakref.ref(one) for one in route.live_consumers() if any(one.wants(event) for event in events)
        ]
        held = _Handed(place, events, len(events), len(events) if route.hooks else 0, queues)
        keys = dict.fromkeys(map(id, events), held)
        with self._lock:
            self._out.setdefault(topic, deque()).append(held)
            self._by_event.update(keys)

    def taken(self, event: object, *, by_hooks: bool) -> None:
        """Hooks, or a queue's reader, are done with it."""
        held = self._by_event.get(id(event))
        if held is None:
            return
        if by_hooks:
            held.hooks -= 1
        else:
            held.events -= 1
            if held.queues and held.events <= 0:
                held.queues.pop()

    def changes(self) -> dict[str, str]:
        """What is to be written, by topic; it is named once."""
        with self._lock:
            self._advance()
            return self._told()

    def again(self, topics: Mapping[str, object]) -> None:
        """These could not be written."""
        with self._lock:
            self._changed.update(topics)

    def _told(self) -> dict[str, str]:
        changed, self._changed = self._changed, set()
        return {topic: self._text(topic) for topic in changed}

    def _text(self, topic: str) -> str:
        at = self._taken[topic]
        return f"{at.id} {at.number} {at.ts} {self._handed.get(topic, FIRST)}"

    def _advance(self) -> None:
        for topic, out in self._out.items():
            while out and out[0].is_taken:
                held = out.popleft()
                self._taken[topic] = held.place
                self._changed.add(topic)
                for event in held.items:
                    self._by_event.pop(id(event), None)
