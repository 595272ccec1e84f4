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

__all__ = ["MOST_OUT", "GroupRecord", "StreamPlace"]

MOST_OUT = 10_000
"""Entries of a topic that may be out, handed on and not taken; what follows waits in Redis."""


@attrs.frozen
class StreamPlace:
    """A place in a topic's stream: behind an entry."""

    id: str = FIRST
    number: int = -1
    """The entry's number, 0 before the first; below that where it is not known."""
    ts: int = 0
    """Its time by the venue, ms; 0 where it is not known."""


@attrs.define(eq=False)
class _Handed:
    """An entry whose events are with hooks and queues."""

    place: StreamPlace
    items: tuple[Any, ...]
    """Held, so that no other event gets the identity of one of them."""
    hooks: int
    """How many of them hooks have still to look at."""
    queues: list[tuple[weakref.ref[Consumer[Any]], int]]
    """Each queue that lets any of them through, and the number of the last such event."""


class GroupRecord:
    """One group's; threads may share it.

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
        self._written: dict[str, str] = dict(self._may_be_known)  # as much of it as Redis is known to have
        self._out: dict[str, deque[_Handed]] = {}
        self._by_event: dict[int, tuple[_Handed, int]] = {}
        self._number = 0  # of the last event that was handed on
        # A queue gives its events in order, and one that keeps the newest only gives none that was replaced: whoever
        # has taken one is done with all before it.
        self._read: weakref.WeakKeyDictionary[Consumer[Any], int] = weakref.WeakKeyDictionary()
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

    def is_known_behind(self, topic: str, entry_id: str) -> bool:
        """Whether it may have been handed anything behind an entry."""
        return entry_key(self._may_be_known.get(topic, FIRST)) > entry_key(entry_id)

    def about_to_hand(self, topic: str, entry_id: str) -> bool:
        """An entry may be handed on from now on; whether that must be written first."""
        with self._lock:
            if topic not in self._taken:
                return False
            if entry_key(entry_id) > entry_key(self._handed.get(topic, FIRST)):
                self._handed[topic] = entry_id
                self._changed.add(topic)
            return not self.may_hand(topic, entry_id)

    def may_hand(self, topic: str, entry_id: str) -> bool:
        """Whether Redis has it that an entry may have been handed on."""
        return entry_key(entry_id) <= entry_key(self._written.get(topic, FIRST))

    def room(self, topic: str) -> int:
        """How many more entries of a topic may be handed on before some are taken."""
        left = MOST_OUT - len(self._out.get(topic, ()))
        if left > 0:
            return left
        with self._lock:
            self._advance()
        return MOST_OUT - len(self._out[topic])

    def handing(self, topic: str, place: StreamPlace, events: tuple[Any, ...], route: Route) -> None:
        """Its events are handed on now."""
        queues = route.live_consumers()
        hooks = len(events) if route.hooks else 0
        with self._lock:
            self._note(topic, _Handed(place, events, hooks, []), queues)

    def _note(self, topic: str, held: _Handed, queues: list[Consumer[Any]]) -> None:
        numbers = range(self._number + 1, self._number + 1 + len(held.items))
        self._number += len(held.items)
        for queue in queues:
            wanted = [number for number, event in zip(numbers, held.items, strict=True) if queue.wants(event)]
            if wanted:
                held.queues.append((weakref.ref(queue), wanted[-1]))
        self._out.setdefault(topic, deque()).append(held)
        self._by_event.update(
            (id(event), (held, number)) for number, event in zip(numbers, held.items, strict=True)
        )

    def taken(self, event: object, queue: Consumer[Any] | None) -> None:
        """Hooks, or a queue's reader, are done with it."""
        with self._lock:
            self._take(event, queue)

    def _take(self, event: object, queue: Consumer[Any] | None) -> None:
        held, number = self._by_event.get(id(event), (None, 0))
        if held is None:
            return
        if queue is None:
            held.hooks -= 1
        else:
            self._read[queue] = max(number, self._read.get(queue, 0))

    def changes(self) -> dict[str, str]:
        """What is to be written, by topic; it is named once. ``kept`` or ``again`` says what became of it."""
        with self._lock:
            self._advance()
            return self._told()

    def kept(self, changes: Mapping[str, str]) -> None:
        """These were written."""
        with self._lock:
            self._written.update((topic, text.rpartition(" ")[2]) for topic, text in changes.items())

    def again(self, topics: Mapping[str, object]) -> None:
        """These could not be written, or nobody knows."""
        with self._lock:
            self._changed.update(topics)

    def is_overtaken(self, told: Mapping[str, str]) -> bool:
        """Whether another process has been handed what this one has not: the group's hash, as it stands in Redis."""
        handed = self._handed.copy()
        return any(
            entry_key(text.rpartition(" ")[2]) > entry_key(handed.get(topic, FIRST))
            for topic, text in told.items()
        )

    def all_again(self) -> None:
        """Redis may not hold what was written: all of it is to be written once more."""
        with self._lock:
            self._changed.update(self._taken)
            self._written.clear()

    def _told(self) -> dict[str, str]:
        changed, self._changed = self._changed, set()
        return {topic: self._text(topic) for topic in changed}

    def _text(self, topic: str) -> str:
        at = self._taken[topic]
        return f"{at.id} {at.number} {at.ts} {self._handed.get(topic, FIRST)}"

    def _advance(self) -> None:
        for topic, out in self._out.items():
            while out and self._is_taken(out[0]):
                held = out.popleft()
                self._taken[topic] = held.place
                self._changed.add(topic)
                for event in held.items:
                    self._by_event.pop(id(event), None)

    def _is_taken(self, held: _Handed) -> bool:
        """Whether nobody has it still to look at. Who ended with the bot, and did not close his queue, still has."""
        if held.hooks > 0:
            return False
        queues = ((reference(), last) for reference, last in held.queues)
        return all(
            queue is None or queue.is_closed or self._read.get(queue, 0) >= last for queue, last in queues
        )
