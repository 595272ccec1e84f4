"""What a bot remembers of what it was told, for when other entries hold the same, or come before the place it reached."""

from __future__ import annotations

from collections import Counter
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from orderly_sync.relay.stream_entry import StreamEntry
from orderly_sync.relay.told import ToldEvents
from tests.support.telling_model import TOPICS, Event, Frame, Process, RelayModel

NAME = TOPICS[0].name


def entry(entry_id: str, *numbers: int, named: bool = True) -> StreamEntry:
    events = tuple(Event(NAME, one, one, Frame()) for one in numbers)
    names = " ".join(one.event_id for one in events).encode()
    return StreamEntry(NAME, entry_id, {b"id": names} if named else {}, events)


@given(st.lists(st.integers(0, 3), max_size=8), st.lists(st.integers(0, 5), max_size=12), st.booleans())
def test_what_was_told_is_known_as_often_as_it_was(told: list[int], again: list[int], named: bool) -> None:
    """In whatever entries it comes again, up to where the state was read; behind that nothing is."""
    found = ToldEvents()
    for at, number in enumerate([9, *told], 10):
        found.news(entry(f"{at}-0", number), entry("", number).events)
    assert found.look_back("30-0", 1_000, "99-0") == "10-0"
    left, expected = Counter(told), []
    for at, number in enumerate(again, 40):
        one = entry(f"{at}-0", number, named=named)
        expected += [number] if left[number] <= 0 else []
        left[number] -= 1
        assert [event.number for event in found.news(one, one.events)] == expected[-1:] * (left[number] < 0)

    late = entry("60100-0", *told)
    assert len(found.news(late, late.events)) == len(told)


@given(st.integers(1, 5), st.integers(0, 20))
def test_only_so_many_are_remembered(most: int, count: int) -> None:
    """The last ones; and nothing before them is looked at again, for it would be told again."""
    told = ToldEvents(most)
    for number in range(count):
        told.note(f"{number}-0", f"e{number}")
    kept = range(max(0, count - most), count)

    assert told.ids == {f"e{number}" for number in kept}
    assert told.look_back(f"{count}-0", 1_000, "99-0") == (f"{kept[0]}-0" if count else None)


def test_it_is_looked_at_again_so_far_back() -> None:
    """By the time of the entries, not before the first that was told."""
    told = ToldEvents()
    assert told.look_back("9000-0", 1_000, "9000-0") is None
    told.note("5000-3", "a")
    assert told.look_back("9000-0", 1_000, "9000-0") == "8000-0"
    assert told.look_back("5500-0", 1_000, "5500-0") == "5000-3"


def test_what_was_known_elsewhere_is_known_there_next_time() -> None:
    """Though where it was told first lies too far back by then."""
    told = ToldEvents()
    for at, number in ((1_000, 1), (2_000, 2)):
        told.note(f"{at}-0", f"e{number}")
    assert told.look_back("2000-0", 9_000, "9000-0") == "1000-0"
    copy = entry("5000-0", 2)
    assert told.news(copy, copy.events) == ()
    assert told.look_back("5500-0", 1_000, "9000-0") == "4500-0"
    assert told.news(copy, copy.events) == ()


def bot(*, group: bool = False) -> tuple[RelayModel, Process]:
    """One that hears by hooks, and was told three reports."""
    model = RelayModel()
    process = Process(model, group=group, bound=9)
    process.keep()
    process.listen(NAME, hooks=True, queue=False)
    for _ in range(3):
        model.happen(NAME, 1)
        model.publish()
    settle(process)
    assert numbers(process) == [10, 11, 12]
    return model, process


def settle(process: Process) -> None:
    for _ in range(20):
        process.io()
        process.catch_up()
        process.hooks_take()
        process.keep()


def numbers(process: Process) -> list[int]:
    return [event.number for _, _, event in process.told]


def test_what_another_relay_wrote_under_other_ids_is_told_once() -> None:
    """Behind the place that was reached, and before it: what was known is left out, what was not is told in turn."""
    for group in (False, True):
        model, process = bot(group=group)
        held = model.entries[NAME]
        held[:] = [held[0], ("11-1", 2, [13]), ("11-2", 3, [11]), ("14-0", 4, [12]), ("15-0", 5, [14])]
        model.counts[NAME], model.head, model.count = 5, "15-0", 14
        process.telling.look_again(model.head)
        settle(process)

        assert numbers(process) == [10, 11, 12, 13, 14]
        assert not process.telling.is_behind
        assert process.telling.deadline is None


def test_a_second_look_finds_nothing_and_holds_nothing_up() -> None:
    """While nothing new is there."""
    model, process = bot()
    for _ in range(2):
        process.telling.look_again(model.head)
        settle(process)
    model.happen(NAME, 1)
    model.publish()
    settle(process)

    assert numbers(process) == [10, 11, 12, 13]
    assert not process.telling.is_behind


def test_where_nothing_was_lost_one_entry_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """However much was told of late: a Redis that has the last of it has all."""
    model, process = bot()
    again, found = process.telling._again, []
    read = again.read

    def counted(topic: str, after: str, most: int) -> Any:
        entries = read(topic, after, most)
        found.extend(entries or ())
        return entries

    monkeypatch.setattr(again, "read", counted)
    process.telling.look_again(model.head)
    settle(process)

    assert [entry.topic for entry in found] == [NAME]
    assert not process.telling.is_behind


def test_what_is_told_while_the_state_is_read_anew_is_not_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a bot that is behind, whose thread is between reading entries and telling them: whether Redis lost any or not."""
    for lost in (False, True):
        model, process = bot()
        process.listen(NAME, hooks=True, queue=False)
        model.happen(NAME, 1)
        model.happen(NAME, 1)
        model.publish()
        again = process.telling._again
        read = again.read

        def read_and_look(topic: str, after: str, most: int, read: Any = read) -> Any:
            entries = read(topic, after, most)
            if lost and len(entries or ()) == 1:
                return ()  # what was told last is not there
            process.telling.look_again(model.head)
            return entries

        process.telling._topics[NAME].behind = True
        process.io()
        monkeypatch.setattr(again, "read", read_and_look)
        process.catch_up()
        monkeypatch.undo()
        settle(process)

        assert numbers(process) == sorted(set(numbers(process)))
        assert not process.telling.is_behind


def test_redis_out_of_reach_puts_the_look_off() -> None:
    """It is tried again, and what follows waits for it."""
    model, process = bot()
    model.fails = {"read"}
    process.telling.look_again(model.head)
    model.happen(NAME, 1)
    model.publish()
    settle(process)
    assert numbers(process) == [10, 11, 12]
    model.fails = set()
    settle(process)

    assert numbers(process) == [10, 11, 12, 13]
