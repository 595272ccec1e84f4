"""What a group has taken: the record moves with what was taken, in order, and never past what was not."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.relay.entries import FIRST
from orderly_sync.relay.group import GroupRecord, StreamPlace
from orderly_sync.stream.routes import Route
from orderly_sync.wire import topics

TOPIC = topics.execution_report()


class Event:
    """What is handed on."""


def hooked() -> Route:
    """A route that a hook hears."""
    route = Route(TOPIC)
    made: Any = object()
    route.hooks = (made,)
    return route


def hand(record: GroupRecord, number: int) -> Event:
    event = Event()
    place = StreamPlace(f"{number}-0", number, number * 10)
    record.about_to_hand(TOPIC.name, place.id)
    record.handing(TOPIC.name, place, (event,), hooked())
    return event


def test_a_new_group_begins_now_and_that_is_noted() -> None:
    """Or since a time; a known one where it was."""
    record = GroupRecord({})
    now = StreamPlace("9-0", 9, 90)
    assert record.place_of(TOPIC.name, now, None) == now
    assert record.changes() == {TOPIC.name: f"9-0 9 90 {FIRST}"}
    assert record.changes() == {}
    assert GroupRecord({}).place_of(TOPIC.name, now, "3-0") == StreamPlace("3-0")
    known = GroupRecord({TOPIC.name: "5-0 5 50 7-0"})
    assert known.place_of(TOPIC.name, now, "3-0") == StreamPlace("5-0", 5, 50)
    assert [known.may_be_known(TOPIC.name, f"{at}-0") for at in (6, 7, 8)] == [True, True, False]


def test_what_was_not_taken_holds_the_record_back() -> None:
    """Though what came behind it was."""
    record = GroupRecord({TOPIC.name: "1-0 1 10 1-0"})
    record.place_of(TOPIC.name, StreamPlace("1-0"), None)
    first, second = hand(record, 2), hand(record, 3)
    record.taken(second, by_hooks=True)
    assert record.changes() == {TOPIC.name: "1-0 1 10 3-0"}
    record.taken(first, by_hooks=True)
    assert record.changes() == {TOPIC.name: "3-0 3 30 3-0"}


def test_what_nobody_wants_is_taken_at_once() -> None:
    """And what could not be written is named again."""
    record = GroupRecord({TOPIC.name: "1-0 1 10 1-0"})
    record.place_of(TOPIC.name, StreamPlace("1-0"), None)
    record.handing(TOPIC.name, StreamPlace("2-0", 2, 20), (Event(),), Route(TOPIC))
    changes = record.changes()
    assert changes == {TOPIC.name: "2-0 2 20 1-0"}
    record.again(changes)
    assert record.changes() == changes


@given(st.permutations(range(2, 10)))
def test_it_stands_before_the_first_that_is_out(order: list[int]) -> None:
    """In whatever order they are taken."""
    record = GroupRecord({TOPIC.name: "1-0 1 10 1-0"})
    record.place_of(TOPIC.name, StreamPlace("1-0"), None)
    events = {number: hand(record, number) for number in range(2, 10)}
    out = set(events)
    for number in order:
        record.taken(events[number], by_hooks=True)
        out.discard(number)
        record.again({TOPIC.name: ""})
        taken = int(record.changes()[TOPIC.name].split(" ")[1])
        assert taken == min(out, default=10) - 1
