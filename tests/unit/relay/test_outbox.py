"""What waits to be written: in order, bounded, nothing lost without a word."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from orderly_sync.relay.outbox import SESSION, Item, Outbox
from orderly_sync.wire import topics

HELD = 3


def private(at: int) -> Item:
    return Item(at, topics.execution_report())


def public(at: int) -> Item:
    return Item(at, topics.bbos())


def test_it_gives_what_waits_until_it_is_done() -> None:
    """The account's first, each kind in order."""
    box = Outbox()
    items = [public(1), private(2), private(3), Item(4, None)]
    for item in items:
        box.add(item)
    assert box.first(3) == items[1:4]
    assert box.first(9) == [*items[1:4], items[0]]
    box.done(items[1:3])
    assert box.first(9) == [items[3], items[0]]
    assert items[3].name == SESSION
    assert len(box) == 2


def test_the_accounts_events_that_find_no_room_are_noted() -> None:
    """From when on REST must be asked; what came before stays."""
    box = Outbox(private=2)
    items = [private(at) for at in (5, 6, 7, 8)]
    for item in items:
        box.add(item)
    assert box.first(9) == items[:2]
    assert box.lost_since == 7


def test_of_market_data_the_oldest_go_and_leave_a_hole() -> None:
    """Which the next entry of the topic tells of, once."""
    box = Outbox(public=2)
    for at in range(5):
        box.add(public(at))
    assert [item.at for item in box.first(9)] == [3, 4]
    assert box.dropped == 3
    assert (box.hole("bbos"), box.hole("bbos")) == (3, 0)


def test_a_standby_keeps_what_the_leader_may_not_have_written() -> None:
    """And no market data, which is old by then."""
    box = Outbox()
    items = [private(1), private(5), public(6)]
    for item in items:
        box.add(item)
    box.forget(5)
    assert box.first(9) == [items[1]]


def test_what_was_read_by_rest_comes_first() -> None:
    """In its own order."""
    box = Outbox()
    late = private(9)
    box.add(late)
    early = [private(1), private(2)]
    box.put_first(early)
    assert box.first(9) == [*early, late]


class DiskRows:
    """A spool's file, which outlives the one that reads it."""

    def __init__(self) -> None:
        self.rows: dict[int, Item] = {}
        self.last = 0
        self.is_full = False


class MemorySpool:
    """What a spool promises, over rows in memory."""

    def __init__(self, disk: DiskRows) -> None:
        self.disk = disk
        self.earlier = max(disk.rows, default=0)
        self._read_to = 0

    def __len__(self) -> int:
        return sum(seq > self._read_to for seq in self.disk.rows)

    def put(self, items: Any, *, held: bool) -> bool:
        if self.disk.is_full:
            return False
        assert not (held and len(self)), "held items would stand behind what was not read"
        for item in items:
            assert not item.seq, "it is there already"
            self.disk.last += 1
            item.seq = self.disk.last
            self.disk.rows[item.seq] = Item(item.at, item.topic, seq=item.seq)
        if held:
            self._read_to = self.disk.last
        return True

    def read(self, most: int) -> list[Item] | None:
        found = [self.disk.rows[seq] for seq in sorted(self.disk.rows) if seq > self._read_to][:most]
        if found:
            self._read_to = found[-1].seq
        return found

    def done(self, seq: int) -> None:
        for one in [one for one in self.disk.rows if one <= seq]:
            del self.disk.rows[one]

    def ids(self) -> set[str]:
        return set()

    def close(self) -> None:
        """Nothing."""


class OutboxMachine(RuleBasedStateMachine):
    """One relay's outbox, and those of the processes after it: whatever comes, fails and ends, all stays in order."""

    def __init__(self) -> None:
        super().__init__()
        self.disk = DiskRows()
        self.clock = 0
        self.waits: list[int] = []
        self.box = Outbox(spool=MemorySpool(self.disk), held=HELD)

    @rule(count=st.integers(1, 6))
    def hear(self, count: int) -> None:
        """Events come."""
        for _ in range(count):
            self.clock += 1
            self.box.add(Item(self.clock, topics.execution_report()))
            self.waits.append(self.clock)

    @rule(most=st.integers(1, 5), taken=st.booleans())
    def publish(self, most: int, taken: bool) -> None:
        """Redis takes the first, or its answer fails."""
        items = self.box.first(most)
        assert [item.at for item in items] == self.waits[:most]
        if taken:
            self.box.done(items)
            del self.waits[: len(items)]

    @rule()
    def fail(self) -> None:
        """Redis is found to take nothing."""
        self.box.secure()
        if not self.disk.is_full:
            assert [row.at for _, row in sorted(self.disk.rows.items())] == self.waits

    @rule(full=st.booleans())
    def fill_disk(self, full: bool) -> None:
        """The disk has no room, or has some again."""
        self.disk.is_full = full

    @rule(before=st.integers(0, 40))
    def follow(self, before: int) -> None:
        """Another relay has published what came before."""
        self.box.forget(before)
        self.waits = [at for at in self.waits if at >= before]

    @rule()
    def kill(self) -> None:
        """The process ends; the next one begins with what is on the disk, in order and none twice."""
        kept = [row.at for _, row in sorted(self.disk.rows.items())]
        assert kept == sorted(set(kept) & set(self.waits))
        self.waits = kept
        self.box = Outbox(spool=MemorySpool(self.disk), held=HELD)

    @invariant()
    def counts(self) -> None:
        """How many wait is known at any time."""
        assert self.box.waiting == len(self.waits)


TestOutboxMachine = OutboxMachine.TestCase
TestOutboxMachine.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
