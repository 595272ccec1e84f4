"""What a group has taken: the record moves with what was taken, in order, and never past what was not."""

from __future__ import annotations

import weakref
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.relay.entries import FIRST
from orderly_sync.relay.group import MOST_OUT, GroupRecord, StreamPlace
from orderly_sync.stream.consumer import Consumer
from orderly_sync.stream.filter import Filter
from orderly_sync.stream.routes import Route
from orderly_sync.wire import topics
from tests.support.reports import report

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
    record.taken(second, None)
    assert record.changes() == {TOPIC.name: "1-0 1 10 3-0"}
    record.taken(first, None)
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
        record.taken(events[number], None)
        out.discard(number)
        record.again({TOPIC.name: ""})
        taken = int(record.changes()[TOPIC.name].split(" ")[1])
        assert taken == min(out, default=10) - 1


def queue(**options: Any) -> Consumer[Any]:
    options = {
        "wanted": Filter(), "maxlen": 9, "private": True, "conflate": None, "idle": None,
        "check": lambda: None, "leave": lambda _: None, **options,
    }  # fmt: skip
    return Consumer(TOPIC.name, **options)


def heard(*queues: Consumer[Any], hooks: bool = False) -> Route:
    """A route that these queues hear, and maybe hooks."""
    route = hooked() if hooks else Route(TOPIC)
    for one in queues:
        route.add_consumer(weakref.ref(one))
    return route


def begun() -> GroupRecord:
    record = GroupRecord({TOPIC.name: "1-0 1 10 1-0"})
    record.place_of(TOPIC.name, StreamPlace("1-0"), None)
    return record


def give(record: GroupRecord, number: int, route: Route, *events: object) -> None:
    place = StreamPlace(f"{number}-0", number, number * 10)
    record.about_to_hand(TOPIC.name, place.id)
    record.handing(TOPIC.name, place, events, route)


def stands_at(record: GroupRecord) -> int:
    record.again({TOPIC.name: ""})
    return int(record.changes()[TOPIC.name].split(" ")[1])


def test_an_entry_is_taken_when_all_have_taken_all_of_it() -> None:
    """Hooks and each queue for itself: no two of one queue stand for one of another."""
    record, left, right = begun(), queue(), queue()
    events = report(order_id=1), report(order_id=2)
    give(record, 2, heard(left, right, hooks=True), *events)
    for event in events:
        record.taken(event, left)
        record.taken(event, None)
        assert stands_at(record) == 1
    record.taken(events[0], right)
    assert stands_at(record) == 1
    record.taken(events[1], right)
    assert stands_at(record) == 2


def test_a_queue_owes_only_what_its_filter_lets_through() -> None:
    """The rest of an entry, and entries of which it wants nothing, are not waited for."""
    record, one = begun(), queue(wanted=Filter(order=2))
    mine, others = report(order_id=2), report(order_id=1)
    give(record, 2, heard(one), others, mine, report(order_id=3))
    assert stands_at(record) == 1
    record.taken(mine, one)
    assert stands_at(record) == 2
    give(record, 3, heard(one), others)
    assert stands_at(record) == 3


def test_what_a_newer_event_replaced_is_taken_with_it() -> None:
    """A queue that keeps the newest only never gives the others."""
    record, one = begun(), queue(conflate=lambda event: event.symbol)
    reports = [report(order_id=number) for number in range(1, 6)]
    for number, event in enumerate(reports, 2):
        give(record, number, heard(one), event)
        one.put((event,))
    assert one.get(timeout=0) is reports[-1]
    assert stands_at(record) == 1
    record.taken(reports[-1], one)
    assert stands_at(record) == 6


def test_a_queue_that_was_closed_or_dropped_is_not_waited_for() -> None:
    """One that ended with its bot is: what waits there was seen by nobody."""
    record, closed, ended, dropped = begun(), queue(), queue(), queue()
    event = report()
    give(record, 2, heard(closed, ended, dropped), event)
    record.taken(event, closed)
    assert stands_at(record) == 1
    closed.close()
    del dropped
    ended.end()
    assert stands_at(record) == 1
    record.taken(event, ended)
    assert stands_at(record) == 2


def test_no_more_is_out_than_there_is_room_for() -> None:
    """Room comes back with what is taken, and nothing of that is held on to."""
    record, one = begun(), queue()
    events = [report(order_id=number) for number in range(MOST_OUT)]
    for number, event in enumerate(events, 2):
        assert record.room(TOPIC.name) > 0
        give(record, number, heard(one), event)
    assert record.room(TOPIC.name) == 0
    held = weakref.ref(events[0].frame)
    for event in events:
        record.taken(event, one)
    assert record.room(TOPIC.name) == MOST_OUT
    del event, events
    assert held() is None


def test_what_may_be_handed_on_is_what_was_written() -> None:
    """Not what was about to be: a write may fail, or be under way still."""
    record = begun()
    assert record.about_to_hand(TOPIC.name, "2-0")
    changes = record.changes()
    assert (record.about_to_hand(TOPIC.name, "2-0"), record.may_hand(TOPIC.name, "2-0")) == (True, False)
    record.again(changes)
    assert record.changes() == changes
    record.kept(changes)
    assert (record.about_to_hand(TOPIC.name, "2-0"), record.may_hand(TOPIC.name, "2-0")) == (False, True)
    assert not record.is_overtaken(changes)
    assert record.is_overtaken({TOPIC.name: "1-0 1 10 3-0"})
    assert record.is_overtaken({"position": "1-0 1 10 1-0"})
    assert not GroupRecord({}).about_to_hand(TOPIC.name, "2-0")
