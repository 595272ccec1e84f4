"""From items to what Redis is asked to do, in one fenced script. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from orderly_sync.relay.entries import (
    EntryClock,
    Fields,
    entry_fields,
    entry_key,
    session_fields,
    state_fields,
)
from orderly_sync.relay.keys import TABLES, KeyLayout
from orderly_sync.relay.outbox import Change, Item, Outbox, Snapshot
from orderly_sync.relay.published import Covered
from orderly_sync.relay.state_rows import row_text

__all__ = ["EntryWriter", "FencedBatch"]


class FencedBatch:
    """Commands of one script.

    Args:
        keys: The names of all keys.
        token: The fencing token.
        head: The id of the last entry before it.
    """

    def __init__(self, keys: KeyLayout, token: int, head: str) -> None:
        self.head = head
        """The id of the last entry in it, or before it."""
        self.count = 0
        """How many commands it has."""
        self._token = token
        self._before = head
        self._numbers: dict[str, int] = {keys.fence: 1, keys.head: 2}
        self._args: list[Any] = []

    def add(self, command: str, key: str, *words: object) -> None:
        """One command on one key."""
        number = self._numbers.setdefault(key, len(self._numbers) + 1)
        self._args += (len(words) + 2, command, number, *words)
        self.count += 1

    @property
    def keys(self) -> list[str]:
        """The script's keys."""
        return list(self._numbers)

    @property
    def args(self) -> list[Any]:
        """The script's arguments."""
        return [self._token, self._before, self.head, *self._args]


class EntryWriter:
    """Numbers entries and writes them into batches.

    Args:
        keys: The names of all keys.
        outbox: What knows of holes in market data.
        maxlen: About how many entries a stream keeps.
    """

    def __init__(self, keys: KeyLayout, outbox: Outbox, maxlen: int) -> None:
        self.clock = EntryClock()
        self.counts: dict[str, int] = {}
        """By topic, the number of its last entry."""
        self.covered = Covered()
        self._keys = keys
        self._outbox = outbox
        self._maxlen = maxlen

    def begin(self, head: str, counts: dict[str, int], covered: Covered) -> None:
        """A term begins behind that entry, with so many entries in each stream, and all until then published."""
        self.covered = covered
        last = max(head, self.clock.last, key=entry_key)
        self.clock, self.counts = EntryClock(last), dict(counts)

    def write(self, batch: FencedBatch, items: Sequence[Item], *, is_current: bool = True) -> None:
        """Add these items to a batch; an item that is written again gets the id it had.

        Args:
            batch: The batch.
            items: The first that wait.
            is_current: Whether all that came before the last of them was heard; not while a gap is read over.
        """
        for item in items:
            if item.snapshot is not None:
                self._write_state(batch, item.snapshot)
            self._name(item)
            assert item.entry_id is not None
            fields = self._fields(item)
            key = self._keys.session if item.topic is None else self._keys.events(item.name)
            words = [word for pair in fields.items() for word in pair]
            batch.add("XADD", key, "MAXLEN", "~", self._maxlen, item.entry_id, *words)
            batch.add("HSET", self._keys.counts, item.name, item.number)
            batch.head = max(batch.head, item.entry_id, key=entry_key)
            for change in item.changes:
                self._write_change(batch, change)
        heard = [one for one in items if one.is_private and one.events and not one.events[0].recovered]
        if is_current and heard:  # in the order in which it came
            ts = max(event.ts or 0 for item in heard for event in item.events)
            self.cover(batch, Covered(max(item.at for item in heard), ts))

    def cover(self, batch: FencedBatch, until: Covered) -> None:
        """Add that all that was heard until then is there."""
        covered = Covered(max(until.at, self.covered.at), max(until.ts, self.covered.ts))
        if covered != self.covered:
            self.covered = covered
            batch.add("SET", self._keys.covered, f"{covered.at} {covered.ts}")

    def write_answers(self, batch: FencedBatch, answers: Mapping[str, str]) -> None:
        """Add what became of all topics on demand."""
        batch.add("DEL", self._keys.topics)
        for topic, answer in list(answers.items()):
            batch.add("HSET", self._keys.topics, topic, answer)

    def _name(self, item: Item) -> None:
        name = item.name
        if item.entry_id is None:
            item.entry_id = self.clock.next(item.at)
            item.number = self.counts.get(name, 0) + 1 + self._outbox.hole(name)
        self.counts[name] = max(item.number, self.counts.get(name, 0))

    @staticmethod
    def _fields(item: Item) -> Fields:
        if item.topic is not None:
            return entry_fields(item.topic, item.events, item.number)
        if item.snapshot is not None:
            return state_fields(item.number)
        fields = session_fields(item.session, item.number)
        assert fields is not None  # nothing else is captured
        return fields

    def _write_change(self, batch: FencedBatch, change: Change) -> None:
        key = self._keys.state(change.table)
        if change.row is None:
            batch.add("HDEL", key, change.key)
        else:
            batch.add("HSET", key, change.key, row_text(change.row))

    def _write_state(self, batch: FencedBatch, state: Snapshot) -> None:
        for table in TABLES:
            key = self._keys.state(table)
            batch.add("DEL", key)
            for name, row in state.rows.get(table, {}).items():
                batch.add("HSET", key, name, row_text(row))
