"""What Redis is asked to do with items: numbers, ids, and until when all that was heard is there."""

from __future__ import annotations

from typing import Any

from orderly_sync.relay.entries import FIRST
from orderly_sync.relay.keys import KeyLayout
from orderly_sync.relay.outbox import Item, Outbox
from orderly_sync.relay.published import Covered
from orderly_sync.relay.writing import EntryWriter, FencedBatch
from orderly_sync.stream.events import GapOpened
from orderly_sync.wire import topics
from tests.support.reports import fill_report

KEYS = KeyLayout("orderly")


def item(at: int, ts: int, *, recovered: bool = False) -> Item:
    report = fill_report("1", "1", at, "FILLED", order_id=at, recovered=recovered)
    report.frame.ts = ts
    return Item(at, topics.execution_report(), (report,))


def writer_of(covered: Covered) -> EntryWriter:
    writer = EntryWriter(KEYS, Outbox(), 100)
    writer.begin(FIRST, {}, covered)
    return writer


def commands_of(batch: FencedBatch) -> list[list[Any]]:
    """The commands of a batch, with the names of their keys."""
    words, found = batch.args[3:], []
    while words:
        count, command, key, *rest = words[: words[0] + 1]
        found.append([command, batch.keys[key - 1], *rest])
        words = words[count + 1 :]
    return found


def covered_after(writer: EntryWriter, items: list[Item], **more: bool) -> list[str]:
    """What a batch says of it."""
    batch = FencedBatch(KEYS, 1, FIRST)
    writer.write(batch, items, **more)
    return [command[2] for command in commands_of(batch) if command[1] == KEYS.covered]


def test_what_was_heard_in_its_turn_covers_what_came_before() -> None:
    """Up to the last of it, and never back."""
    writer = writer_of(Covered(5, 50))
    assert covered_after(writer, [item(10, 100), item(12, 90)]) == ["12 100"]
    assert covered_after(writer, [item(11, 95)]) == []
    assert writer.covered == Covered(12, 100)


def test_what_rest_told_of_and_what_the_relay_says_cover_nothing() -> None:
    """They are written before what was heard earlier and waits."""
    writer = writer_of(Covered(5, 50))
    items = [Item(99, None, session=GapOpened(since=1, reason="x")), item(99, 990, recovered=True)]
    assert covered_after(writer, items) == []


def test_nothing_is_covered_while_a_gap_is_read_over() -> None:
    """What the gap hid is heard later."""
    writer = writer_of(Covered(5, 50))
    assert covered_after(writer, [item(10, 100)], is_current=False) == []
    assert covered_after(writer, [item(11, 101)]) == ["11 101"]


def test_entries_are_numbered_by_topic_and_keep_their_ids() -> None:
    """An item that is written again is the same entry."""
    writer, items = writer_of(Covered()), [item(10, 100), item(11, 101)]
    batch = FencedBatch(KEYS, 7, FIRST)
    writer.write(batch, items)
    names = [(one.entry_id, one.number) for one in items]
    assert names == [("10-0", 1), ("11-0", 2)]
    again = FencedBatch(KEYS, 7, FIRST)
    writer.write(again, items)
    assert [(one.entry_id, one.number) for one in items] == names
    assert (batch.head, batch.args[:3]) == ("11-0", [7, FIRST, "11-0"])
    adds = [command for command in commands_of(batch) if command[0] == "XADD"]
    assert [command[5] for command in adds] == ["10-0", "11-0"]
    assert {command[1] for command in adds} == {KEYS.events("executionreport")}
