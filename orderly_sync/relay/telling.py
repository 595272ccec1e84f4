"""What hooks and queues of a bot are told of the account's topics: each event once, in order, none too many at once.

While they keep pace, the I/O thread hands events on as they come. A topic whose hooks are full, which a group or
``since=`` has to be told of from an earlier time, or which has a hole, is *behind*: a thread reads it from Redis
again, as fast as there is room, until it has reached the I/O thread. So whoever is slow waits for himself alone, and
Redis holds what waits.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, Protocol

import attrs

from orderly_sync.relay.entries import entry_key, id_before, is_recovered
from orderly_sync.relay.group import GroupRecord, StreamPlace
from orderly_sync.relay.stream_entry import FilledGap, StreamEntry
from orderly_sync.relay.told import ToldTopic
from orderly_sync.stream.hub import Hub
from orderly_sync.stream.routes import Route
from orderly_sync.waiting import Flag, Worker

__all__ = ["LOOK", "OVERLAP_MS", "ReadsAgain", "Telling"]

LOOK = 0.05
"""Seconds between two looks for somebody to hear what a group is owed, and for room."""
_CHUNK = 200
_LATE_MS = 60_000
"""How much later, by the venue's time, a relay may publish what REST has told of already."""
_BACK_MS = 30_000
"""How long before the place that was reached another relay may have written what it heard itself, clocks and all."""
OVERLAP_MS = 15_000
"""How far reports that follow each other may lie apart backwards, by the venue's time: so far REST is asked before a
hole, too."""


class _HasRoom(Protocol):
    """A queue of events."""

    @property
    def room(self) -> int:
        """For how many there is room."""

    @property
    def bound(self) -> int:
        """For how many there ever is."""


class ReadsAgain(Protocol):
    """Reads streams for a topic that is behind."""

    def read(self, topic: str, after: str, most: int) -> list[StreamEntry] | None:
        """The entries of a topic behind an id; None if they cannot be read now."""

    def fill(self, topic: str, at: StreamPlace, missed: int, until: int | None, told: set[str]) -> FilledGap:
        """What REST tells of a hole of so many entries behind a place, up to a time; that it is open is announced.

        Not what was ``told`` shortly before, nor what is in the stream.
        """

    def last_of_lost(self, topic: str, at: StreamPlace) -> int | None:
        """The number of the last entry, where some were written behind a place and none is there; 0 if that is not so.

        None if it cannot be known now.
        """

    def may_hand(self, topic: str, entry_id: str) -> bool:
        """Have a group's record name what is handed on next, up to an id; whether it could be written."""


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
        self._topics: dict[str, ToldTopic] = {}
        self._lock = threading.Lock()
        self._stopping = Flag()
        self._catcher: Worker | None = None
        self._look = 0.0

    # The I/O thread --------------------------------------------------------------------------------------------------

    def begin(self, topic: str, at: StreamPlace) -> None:
        """A topic is read from there on; one that was left meanwhile is told from there, unless a group owes more."""
        with self._lock:
            known = self._topics.get(topic)
            if known is not None and (self._record is not None or not known.left):
                return
            start = self._record.place_of(topic, at, self._since) if self._record is not None else None
            if known is None and self._since is not None and self._record is None:
                start = StreamPlace(self._since)
            found = self._topics[topic] = ToldTopic(start or at, at.id, at.id)
            found.behind = start is not None and entry_key(start.id) < entry_key(at.id)
            found.known_to = 0 if start is None else start.ts

    def left(self, topic: str) -> None:
        """A topic is read no more, for nobody heard it."""
        with self._lock:
            found = self._topics.get(topic)
            if found is not None:
                found.left = True

    def look_again(self, head: str) -> None:
        """The state was read anew, up to an id: another relay may lead, or another Redis answer, with other entries."""
        for found in list(self._topics.values()):
            with self._lock:
                if found.begun and len(found.known):
                    found.unsure, found.behind = head, True
        if self.is_behind:
            self._catch_up()

    def wants(self, topic: str) -> bool:
        """Whether a group's record must name what is about to be handed on."""
        return self._record is not None and self._is_heard(topic)

    def tell(self, route: Route, entry: StreamEntry) -> None:
        """An entry that the state holds already."""
        with self._lock:
            found = self._topics[entry.topic]
            if entry_key(entry.id) <= entry_key(found.seen):
                return  # it was told before
            found.seen = entry.id
            now = self._passes(found, route, entry)
            start = found.behind and found.begun
        if now:
            self._hand(found, route, entry)
        elif start:
            self._catch_up()

    def _passes(self, found: ToldTopic, route: Route, entry: StreamEntry) -> bool:
        """Whether it is handed on now; under the lock."""
        if not found.begun:
            found.begun = bool(route.hooks or route.consumers)
            if not found.begun:
                if not found.behind and self._record is None:
                    found.reach(entry.place)
                    found.known.news(entry, entry.events)
                elif self._record is not None:
                    found.behind = True
                return False
        place = entry.place
        # The record comes first, too: who hears it may have come since that was written.
        if (
            found.behind
            or found.missed(place.number) > 0
            or not self._fits(entry.topic, route, entry.events)
            or (self._record is not None and not self._record.may_hand(entry.topic, entry.id))
        ):
            found.behind = True
            return False
        found.reach(place)
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

    def _fits(self, topic: str, route: Route, events: Sequence[Any]) -> bool:
        """Whether all who hear them have room, or as much as they ever have."""
        if self._record is not None and self._record.room(topic) < 1:
            return False
        count = len(events)
        return all(taker.room >= min(count, taker.bound) for taker in self._takers(route))

    def _takers(self, route: Route) -> list[_HasRoom]:
        takers: list[_HasRoom] = [*route.live_consumers()]
        if route.hooks:
            takers.append(self._hub.dispatcher)
        return takers

    def _hand(self, found: ToldTopic, route: Route, entry: StreamEntry) -> None:
        events = entry.events
        if found.early:
            events = tuple(event for event in events if event.event_id not in found.early)
            for event in entry.events:
                found.early.pop(event.event_id, None)
            if entry.place.ts > found.late:
                found.early.clear()
        self._pass_on(route, entry.topic, found.at, found.known.news(entry, events))

    def _pass_on(self, route: Route, topic: str, place: StreamPlace, events: tuple[Any, ...]) -> None:
        if self._record is not None:
            self._record.handing(topic, place, events, route)
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
        if found.gap is not None:
            return self._tell_gap(name, found, route, found.gap)
        if not self._fits(name, route, (None,)):
            return False
        if found.unsure is not None or found.back is not None:
            return self._make_sure(name, found, route)
        seen = found.seen
        most = min((taker.room for taker in self._takers(route)), default=_CHUNK)
        entries = self._again.read(name, found.at.id, max(1, min(_CHUNK, most)))
        if entries is None:
            return False
        told = 0
        for entry in entries:
            if not self._tell_behind(found, route, entry):
                break
            told += 1
        return told > 0 or found.has_gap or (not entries and self._is_over(name, found, seen))

    def _make_sure(self, name: str, found: ToldTopic, route: Route) -> bool:
        """That nothing is missing before the place that was reached, and nothing behind it is told twice."""
        if found.unsure is not None:
            return self._look_whether_lost(name, found, found.unsure)
        return found.back is None or self._look_back(name, found, route, found.back)

    def _look_back(self, name: str, found: ToldTopic, route: Route, start: str) -> bool:
        """Tell what has come into the stream before the place that was reached."""
        entries = self._again.read(name, start, _CHUNK)
        if entries is None:
            return False
        back: str | None = start if entries else None
        for entry in entries:
            if entry_key(entry.id) > entry_key(found.at.id):
                back = None
                break
            if not self._fits(name, route, entry.events) or self._stopping.is_set():
                break
            news = found.known.news(entry, entry.events)
            if news:
                self._pass_on(route, name, found.at, news)
            back = entry.id
        with self._lock:
            found.back = back
        return back != start

    def _look_whether_lost(self, name: str, found: ToldTopic, head: str) -> bool:
        """A Redis that has an entry has all before it, and what is written later stands behind it.

        It is looked for by the thread that tells, between two entries: what it tells meanwhile counts as told.
        """
        entries = self._again.read(name, id_before(found.at.id), 1)
        if entries is None:
            return False
        with self._lock:
            if found.unsure == head:  # else the state was read anew once more
                found.unsure = None
        if entries and entries[0].id == found.at.id:
            found.back = None
            found.known.forget_again()
        else:
            found.back = found.known.look_back(found.at.id, _BACK_MS, head)
        return True

    def _tell_behind(self, found: ToldTopic, route: Route, entry: StreamEntry) -> bool:
        """Tell one entry, if it is its turn."""
        if entry_key(entry.id) > entry_key(found.seen) or self._stopping.is_set():
            return False  # the state comes first
        missed = found.missed(entry.place.number)
        if missed > 0:
            found.told = entry.place.number - 1
            # What happened after that comes in its turn, unless that itself comes late.
            until = None if is_recovered(entry.fields) else entry.place.ts
            self._open_gap(entry.topic, found, missed, until)
            return False
        if not self._fits(entry.topic, route, entry.events):
            return False
        if entry.error is not None and entry_key(entry.id) <= entry_key(found.first):
            self._hub.announce(entry.error)  # the I/O thread, which tells of all others, never had it
        found.reach(entry.place)
        self._hand(found, route, entry)
        return True

    def _open_gap(self, name: str, found: ToldTopic, missed: int, until: int | None) -> None:
        gap = self._again.fill(name, found.at, missed, until, found.known.ids)
        is_known = self._record is not None and self._record.is_known_behind(name, found.at.id)
        newest = max((event.timestamp or 0 for event in gap.events), default=0)
        if until is None:
            found.through = f"{max(entry_key(found.seen)[0], newest) + _LATE_MS}-0"
        for event in gap.events:
            ts = event.timestamp or 0
            if is_known or ts <= found.known_to:
                event.frame.redelivered = True
            found.early[event.event_id] = None
            found.late = max(found.late, ts + _LATE_MS)
            found.known.note(found.at.id, event.event_id)
        found.owed.extend(gap.events)
        found.gap = gap

    def _tell_gap(self, name: str, found: ToldTopic, route: Route, gap: FilledGap) -> bool:
        """Tell some of what REST told of a hole. A group has not taken it before what follows it."""
        if not self._again.may_hand(name, found.through):
            return False
        told = 0
        while found.owed and self._fits(name, route, (None,)) and not self._stopping.is_set():
            self._pass_on(route, name, found.at, (found.owed.popleft(),))
            told += 1
        if found.owed or self._stopping.is_set():
            return told > 0
        self._hub.announce(gap.closed)
        found.gap = None
        if found.until is not None:
            self._pass_on(route, name, found.until, ())
            self._reach(found, found.until)
            found.until = None
        return True

    def _is_over(self, name: str, found: ToldTopic, seen: str) -> bool:
        """Nothing is left up to what had been seen before that was looked for."""
        last = self._again.last_of_lost(name, found.at)
        if last is None:
            return False
        end = attrs.evolve(found.at, id=max(found.at.id, seen, key=entry_key))
        if last:
            found.until = attrs.evolve(end, number=last)
            self._open_gap(name, found, last - max(found.at.number, found.told), None)
            return True
        self._reach(found, end)
        return not found.behind

    def _reach(self, found: ToldTopic, end: StreamPlace) -> None:
        """All is told up to there; whether that is all decides what the I/O thread has seen meanwhile."""
        with self._lock:
            found.at = end
            more = found.unsure is not None or found.back is not None
            found.behind = more or entry_key(end.id) < entry_key(found.seen)
