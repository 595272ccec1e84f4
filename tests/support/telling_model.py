"""A relay, a Redis, REST and the two ends of a bot, as far as ``Telling`` knows them: all in one thread, step by step."""

from __future__ import annotations

import weakref
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import attrs
import pytest

from orderly_sync import OrderlyError, topics
from orderly_sync.relay import telling
from orderly_sync.relay.entries import entry_key
from orderly_sync.relay.group import GroupRecord, StreamPlace
from orderly_sync.relay.stream_entry import FilledGap, StreamEntry
from orderly_sync.relay.telling import Telling
from orderly_sync.stream.consumer import Consumer
from orderly_sync.stream.events import GapClosed, GapOpened
from orderly_sync.stream.filter import Filter
from orderly_sync.stream.routes import Route

__all__ = ["TOPICS", "Event", "Process", "RelayModel"]

_OVERLAP = 5
TOPICS = (topics.execution_report(), topics.algo_execution_report())


@attrs.define(eq=False)
class Frame:
    """Whose events are flagged together."""

    redelivered: bool = False
    recovered: bool = False


@attrs.define(eq=False)
class Event:
    """One report, as one process has it."""

    topic: str
    number: int
    timestamp: int
    frame: Frame

    @property
    def event_id(self) -> str:
        """The same in every process."""
        return f"e{self.number}"


class RelayModel:
    """What happened, what the relay has published of it, and what is left of that."""

    def __init__(self) -> None:
        self.happened: list[tuple[str, list[int]]] = []
        """Frames: topic, and the numbers of their events, which are their times, too."""
        self.published = 0
        self.entries: dict[str, list[tuple[str, int, list[int]]]] = {topic.name: [] for topic in TOPICS}
        """By topic, id and number of each entry, and its events."""
        self.counts = dict.fromkeys(self.entries, 0)
        self.record: dict[str, str] = {}
        self.fails: set[str] = set()
        """What does not answer: ``read``, ``last``, ``write``, or ``answer`` to a write that is done."""
        self.lost: dict[tuple[str, int], list[int]] = {}
        """The events of each entry that ever was, by topic and number."""
        self.head = "9-0"
        self.count = 9

    def happen(self, topic: str, events: int) -> None:
        """A frame of so many events."""
        first = self.count + 1
        self.count += events
        self.happened.append((topic, list(range(first, first + events))))

    def publish(self) -> None:
        """The next frame, if there is one."""
        if self.published == len(self.happened):
            return
        topic, numbers = self.happened[self.published]
        self.published += 1
        self.counts[topic] += 1
        self.head = f"{numbers[-1]}-0"
        self.entries[topic].append((self.head, self.counts[topic], numbers))
        self.lost[topic, self.counts[topic]] = numbers

    def trim(self, topic: str, keep: int) -> None:
        """Only the last entries stay."""
        entries = self.entries[topic]
        del entries[: len(entries) - keep]

    def read(self, topic: str, after: str, record: GroupRecord | None) -> list[StreamEntry]:
        """What is left behind an id."""
        told = []
        for entry_id, number, numbers in self.entries[topic]:
            if entry_key(entry_id) > entry_key(after):
                again = record is not None and record.may_be_known(topic, entry_id)
                frame = Frame(again)
                events = tuple(Event(topic, one, one, frame) for one in numbers)
                names = " ".join(event.event_id for event in events).encode()
                fields = {b"n": b"%d" % number, b"ts": b"%d" % numbers[-1], b"id": names}
                told.append(StreamEntry(topic, entry_id, fields, events))
        return told

    def keep(self, record: GroupRecord) -> bool:
        """Write a group's record; whether that is known."""
        changes = record.changes()
        if not changes:
            return True
        if "write" not in self.fails:
            self.record.update(changes)
            if "answer" not in self.fails:
                record.kept(changes)
                return True
        record.again(changes)
        return False


class _Hooks:
    """The hooks thread's queue."""

    def __init__(self, bound: int) -> None:
        self.bound = bound
        self.is_full = False
        self.waiting: deque[Any] = deque()

    @property
    def room(self) -> int:
        return 0 if self.is_full else self.bound - len(self.waiting)

    def hand(self, _: Sequence[object], event: object) -> None:
        self.waiting.append(event)


class _Thread:
    """A thread that never runs: the test does its work."""

    is_alive = True

    def __init__(self, *_: object) -> None:
        self.started = 0

    def start(self) -> None:
        self.started += 1

    def join(self, _: float) -> bool:
        return True


@contextmanager
def _in_one_thread() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(telling, "Worker", _Thread)
        patch.setattr(telling, "OVERLAP_MS", _OVERLAP)
        yield


class Process:
    """One life of a bot.

    Args:
        model: What is outside of it.
        group: Whether it has a record.
        since: Where it begins without one.
        bound: How many events wait for its hooks, and in its queue, at most.
        rest: Whether REST tells of holes.
    """

    def __init__(
        self,
        model: RelayModel,
        *,
        group: bool = False,
        since: str | None = None,
        bound: int = 3,
        rest: bool = True,
    ) -> None:
        self.model, self.dispatcher, self.rest = model, _Hooks(bound), rest
        self.record = GroupRecord(model.record) if group else None
        self.routes = {topic.name: Route(topic) for topic in TOPICS}
        self.broken: dict[str, OrderlyError] = {}
        """By id, the entries that cannot be read."""
        self.announced: list[Any] = []
        self.queues: dict[str, Consumer[Any]] = {}
        self.told: list[tuple[str, str, Event]] = []
        """By whom (``hooks``, ``queue``), of which topic."""
        self.at = dict.fromkeys(self.routes, model.head)
        self.began = model.count + 1
        """The first event that happens in its life."""
        self.untold: set[int] = set()
        """Events of a gap that is not complete."""
        hub: Any = self
        self.telling = Telling(hub, self, self.record, since)
        for topic in self.routes:
            self.telling.begin(topic, StreamPlace(model.head, model.counts[topic]))

    def announce(self, event: object) -> None:
        """A session event."""
        self.announced.append(event)

    def thread_ended(self, *_: object) -> None:
        """No thread runs."""
        raise AssertionError

    # The user --------------------------------------------------------------------------------------------------------

    def listen(self, topic: str, *, hooks: bool, queue: bool) -> None:
        """Hooks come, or a queue, or both."""
        route = self.routes[topic]
        made: Any = object()
        if queue and topic not in self.queues:
            self.queues[topic] = Consumer(
                topic, wanted=Filter(), maxlen=self.dispatcher.bound, private=True, conflate=None, idle=None,
                check=lambda: None, leave=lambda _: None,
            )  # fmt: skip
            route.add_consumer(weakref.ref(self.queues[topic]))
        if hooks:
            route.hooks = (made,)

    def hooks_take(self) -> bool:
        """Hooks run on one event; whether there was one."""
        if not self.dispatcher.waiting:
            return False
        event = self.dispatcher.waiting.popleft()
        self.told.append(("hooks", event.topic, event))
        if self.record is not None:
            self.record.taken(event, None)
        return True

    def queue_takes(self, topic: str) -> bool:
        """The queue's reader asks for one event, and is done with it; whether there was one."""
        queue = self.queues.get(topic)
        if queue is None or not len(queue):
            return False
        event = queue.get(timeout=0)
        self.told.append(("queue", topic, event))
        if self.record is not None:
            self.record.taken(event, queue)
        return True

    # The threads -----------------------------------------------------------------------------------------------------

    def io(self) -> None:
        """The I/O thread is given what there is, if the record can be written."""
        entries = [
            one for topic in self.routes for one in self.model.read(topic, self.at[topic], self.record)
        ]
        if "read" in self.model.fails:
            return
        entries.sort(key=lambda one: entry_key(one.id))
        wanted = [entry for entry in entries if self.telling.wants(entry.topic)]
        if not all(self.may_hand(entry.topic, entry.id) for entry in wanted):
            return
        for entry in entries:
            self.at[entry.topic] = entry.id
            self.give(entry)

    def give(self, entry: StreamEntry) -> None:
        """The I/O thread has shown an entry to the state."""
        with _in_one_thread():
            self.telling.tell(self.routes[entry.topic], self._as_read(entry))

    def _as_read(self, entry: StreamEntry) -> StreamEntry:
        error = self.broken.get(entry.id)
        return entry if error is None else attrs.evolve(entry, events=(), error=error)

    def catch_up(self) -> bool:
        """The catching-up thread looks once at each topic; whether it did anything."""
        with _in_one_thread():
            self.telling.tick(0.0)
            behind = [name for name, one in self.telling._topics.items() if one.behind and one.begun]
            moved = [self.telling._advance(name) for name in behind]
        return any(moved)

    def keep(self) -> None:
        """The reading thread writes what was taken."""
        if self.record is not None:
            self.model.keep(self.record)

    # What the catching-up thread asks --------------------------------------------------------------------------------

    def read(self, topic: str, after: str, most: int) -> list[StreamEntry] | None:
        """As the bot's reader does."""
        if "read" in self.model.fails:
            return None
        entries = [self._as_read(one) for one in self.model.read(topic, after, self.record)[:most]]
        return entries if not entries or self.may_hand(topic, entries[-1].id) else None

    def may_hand(self, topic: str, entry_id: str) -> bool:
        """As the bot's reader does."""
        if self.record is None or not self.record.about_to_hand(topic, entry_id):
            return True
        return self.model.keep(self.record)

    def last_of_lost(self, topic: str, at: StreamPlace) -> int | None:
        """As ``Bot`` does."""
        if self.model.fails & {"read", "last"}:
            return None
        last = self.model.counts[topic]
        return last if last > at.number >= 0 and not self.model.read(topic, at.id, None) else 0

    def fill(self, topic: str, at: StreamPlace, missed: int, until: int | None, told: set[str]) -> FilledGap:
        """As ``Bot`` does."""
        assert missed > 0
        if not self.rest:
            self.untold |= {
                one
                for number in range(at.number + 1, at.number + missed + 1)
                for one in self.model.lost[topic, number]
            }
        self.announced.append(GapOpened(since=at.ts, reason=topic))
        closed = GapClosed(
            since=at.ts, until=until, recovered=0, looks=1, gap_complete=self.rest, reason=topic
        )
        known = told | {one.event_id for entry in self.model.read(topic, at.id, None) for one in entry.events}
        since = (at.ts or entry_key(at.id)[0]) - _OVERLAP
        events = [
            Event(topic, number, number, Frame(recovered=True))
            for name, numbers in self.model.happened
            for number in numbers
            if name == topic and number >= since and (until is None or number <= until)
        ]
        return FilledGap([one for one in events if self.rest and one.event_id not in known], closed)
