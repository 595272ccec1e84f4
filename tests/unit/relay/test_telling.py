"""What hooks and queues are told: each event once and in order, whoever is slow, fails, is trimmed or killed."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from orderly_sync import OrderlyError
from orderly_sync.relay.group import StreamPlace
from tests.support.telling_model import TOPICS, Process, RelayModel

NAMES = st.sampled_from([topic.name for topic in TOPICS])


class Telling(RuleBasedStateMachine):
    """One bot's life, or a group's."""

    group = False

    def __init__(self) -> None:
        super().__init__()
        self.model = RelayModel()
        self.lives: list[Process] = []
        self.wanted_from: dict[tuple[str, str], int] = {}
        self.begin(3, None)
        self.process.keep()  # a group begins with that

    def begin(self, bound: int, since: str | None) -> None:
        self.process = Process(self.model, group=self.group, since=since, bound=bound)
        self.lives.append(self.process)
        self.wanted_from = {}

    @precondition(lambda self: len(self.lives) == 1 and not self.wanted_from)
    @rule(rest=st.booleans())
    def rest(self, rest: bool) -> None:
        self.process.rest = rest

    @rule(topic=NAMES, events=st.integers(1, 3), published=st.integers(0, 2))
    def happen(self, topic: str, events: int, published: int) -> None:
        self.model.happen(topic, events)
        for _ in range(published):
            self.model.publish()

    @rule(topic=NAMES, keep=st.integers(0, 2))
    def trim(self, topic: str, keep: int) -> None:
        self.model.trim(topic, keep)

    @rule(fails=st.sets(st.sampled_from(["read", "last", "write", "answer"])))
    def fail(self, fails: set[str]) -> None:
        self.model.fails = fails

    @rule(topic=NAMES, hooks=st.booleans())
    def listen(self, topic: str, hooks: bool) -> None:
        who = "hooks" if hooks else "queue"
        if not any(name == topic for _, name in self.wanted_from):
            self.process.listen(topic, hooks=hooks, queue=not hooks)
            self.wanted_from[who, topic] = self.model.published

    @rule()
    def io(self) -> None:
        self.process.io()

    @rule(steps=st.integers(1, 3))
    def catch_up(self, steps: int) -> None:
        for _ in range(steps):
            self.process.catch_up()

    @rule(topic=NAMES, most=st.integers(1, 4))
    def take(self, topic: str, most: int) -> None:
        for _ in range(most):
            self.process.hooks_take()
            self.process.queue_takes(topic)

    @rule()
    def keep(self) -> None:
        self.process.keep()

    @precondition(lambda self: self.group)
    @rule(bound=st.integers(3, 6))
    def kill(self, bound: int) -> None:
        self.begin(bound, None)

    @invariant()
    def nothing_finds_no_room(self) -> None:
        assert self.process.dispatcher.room >= 0
        assert not any(one.dropped for one in self.process.queues.values())

    def teardown(self) -> None:
        self.model.fails = set()
        for topic in TOPICS:
            self.listen(topic.name, True)
            self.model.happen(topic.name, 1)  # a hole is found with what follows it
        while self.model.published < len(self.model.happened):
            self.model.publish()
        self.settle()
        self.settle()
        assert not self.process.telling.is_behind
        assert self.process.telling.deadline is None
        for topic in TOPICS:
            self.check(topic.name)

    def settle(self) -> None:
        for _ in range(500):
            self.process.io()
            moved = self.process.catch_up() | self.process.hooks_take()
            for topic in TOPICS:
                moved |= self.process.queue_takes(topic.name)
            self.process.keep()
            if not moved:
                return
        raise AssertionError("it never comes to an end")

    def check(self, topic: str) -> None:
        for life in self.lives:
            told = told_of(life, topic)
            numbers = [event.number for event in told if self.group or event.number >= life.began]
            assert len(set(numbers)) == len(numbers), "told twice by one process"
            assert numbers == sorted(numbers), "out of order"
        self.check_all_told(topic)

    def check_all_told(self, topic: str) -> None:
        told = {event.number for event in told_of(self.process, topic)}
        (since,) = (at for (_, name), at in self.wanted_from.items() if name == topic)
        wanted = {one for name, numbers in self.model.happened[since:] if name == topic for one in numbers}
        assert wanted <= told | self.process.untold


class TellingAGroup(Telling):
    """Killed at any step."""

    group = True

    def check_all_told(self, topic: str) -> None:
        seen: set[int] = set()
        for life in self.lives:
            mine = told_of(life, topic)
            assert all(event.frame.redelivered for event in mine if event.number in seen), (
                "repeated unflagged"
            )
            seen |= {event.number for event in mine}
        seen |= set().union(*(life.untold for life in self.lives))
        assert seen >= {one for name, numbers in self.model.happened if name == topic for one in numbers}


def told_of(life: Process, topic: str) -> list[Any]:
    return [event for _, name, event in life.told if name == topic]


TestTelling = Telling.TestCase
TestTelling.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestTellingAGroup = TellingAGroup.TestCase
TestTellingAGroup.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)


NAME = TOPICS[0].name


def told(process: Process) -> list[int]:
    """Once nothing moves any more, what its hooks were told."""
    for _ in range(50):
        process.io()
        process.catch_up()
        process.hooks_take()
    return [event.number for who, name, event in process.told if (who, name) == ("hooks", NAME)]


def published(model: RelayModel, *frames: int) -> RelayModel:
    for events in frames:
        model.happen(NAME, events)
        model.publish()
    return model


def hooked(model: RelayModel, **options: Any) -> Process:
    process = Process(model, **options)
    process.keep()
    process.listen(NAME, hooks=True, queue=False)
    return process


def test_without_a_group_it_begins_now_or_since_a_time() -> None:
    """Since a time, with all that is there from then on; what is past is told while what comes is seen."""
    model = published(RelayModel(), 1, 2, 1)
    now, past = hooked(model), hooked(model, since="11-0")
    assert past.telling.deadline is not None
    published(model, 1)
    assert told(now) == [14]
    assert told(past) == [11, 12, 13, 14]
    assert not past.telling.is_behind


def test_what_rest_told_before_the_relay_is_not_told_again() -> None:
    """All that was published is gone, and what happened last is on its way still."""
    model = RelayModel()
    process = hooked(model, bound=9)
    published(model, 1)
    assert told(process) == [10]
    process.dispatcher.is_full = True
    published(model, 2)
    process.io()
    model.happen(NAME, 2)
    model.trim(NAME, 0)
    process.dispatcher.is_full = False
    assert told(process) == [10, 11, 12, 13, 14]
    model.publish()
    published(model, 1)
    assert told(process) == [10, 11, 12, 13, 14, 15]
    assert [type(event).__name__ for event in process.announced] == ["GapOpened", "GapClosed"]


def test_a_gap_is_closed_when_all_of_it_was_told() -> None:
    """Which waits for room as all does."""
    model = RelayModel()
    process = hooked(model, bound=2)
    process.dispatcher.is_full = True
    published(model, 1, 2, 2, 1)
    process.io()
    model.trim(NAME, 1)
    process.dispatcher.is_full = False
    for _ in range(4):
        process.catch_up()
    assert [type(event).__name__ for event in process.announced] == ["GapOpened"]
    assert process.dispatcher.room == 0
    assert told(process) == [10, 11, 12, 13, 14, 15]
    assert [type(event).__name__ for event in process.announced] == ["GapOpened", "GapClosed"]


def test_a_hook_that_comes_between_record_and_event_waits_for_the_record() -> None:
    """The reading thread had seen nobody to hear it; killed in that hook, the next one is told of a repeat."""
    model = RelayModel()
    process = Process(model, group=True)
    process.keep()
    published(model, 1)
    (entry,) = model.read(NAME, "9-0", process.record)
    assert not process.telling.wants(NAME)
    process.listen(NAME, hooks=True, queue=False)
    process.at[NAME] = entry.id
    process.give(entry)
    assert not process.dispatcher.waiting
    process.catch_up()
    process.hooks_take()
    (again,) = Process(model, group=True).read(NAME, "9-0", 9) or ()
    assert again.events[0].frame.redelivered


def test_what_cannot_be_known_now_is_looked_at_again() -> None:
    """Redis fails between the reading that finds nothing and the question whether anything is missing."""
    model = RelayModel()
    process = hooked(model)
    process.dispatcher.is_full = True
    published(model, 2)
    process.io()
    model.trim(NAME, 0)
    process.dispatcher.is_full = False
    model.fails = {"last"}
    for _ in range(3):
        assert not process.catch_up()
    assert process.telling.is_behind
    model.fails = set()
    assert told(process) == [10, 11]


def test_a_frame_that_never_fits_is_handed_on_when_all_else_is_taken() -> None:
    """It waits for no room that there never is."""
    model = RelayModel()
    process = hooked(model, bound=2)
    published(model, 2, 5, 1)
    process.io()
    process.catch_up()
    assert len(process.dispatcher.waiting) == 2
    assert told(process) == [10, 11, 12, 13, 14, 15, 16, 17]


def test_no_entry_is_told_twice() -> None:
    """Though the reading thread gives it again."""
    model = RelayModel()
    process = hooked(model)
    published(model, 1)
    process.io()
    process.at[NAME] = "9-0"
    process.io()
    assert told(process) == [10]


def test_an_entry_that_cannot_be_read_is_announced_by_who_reads_it_first() -> None:
    """By the I/O thread, save what came before that began; neither holds the topic up."""
    model = published(RelayModel(), 1, 1)
    process = hooked(model, since="9-0")
    published(model, 1)
    error = OrderlyError("too new")
    process.broken = {"10-0": error, "12-0": error}
    assert told(process) == [11]
    assert process.announced == [error]


def test_a_topic_that_was_left_begins_anew_without_a_group() -> None:
    """A group goes on where it was."""
    for group, wanted in ((False, [10, 12]), (True, [10, 11, 12])):
        model = RelayModel()
        process = hooked(model, group=group)
        published(model, 1)
        told(process)
        process.routes[NAME].hooks = ()
        process.telling.left(NAME)
        published(model, 1)
        process.at[NAME] = model.head
        process.telling.begin(NAME, StreamPlace(model.head, model.counts[NAME]))
        process.listen(NAME, hooks=True, queue=False)
        published(model, 1)
        assert told(process) == wanted


def test_it_tells_nothing_more_once_it_is_stopped() -> None:
    """What is behind stays in Redis."""
    model = RelayModel()
    process = hooked(model)
    process.dispatcher.is_full = True
    published(model, 1)
    process.io()
    process.dispatcher.is_full = False
    process.telling.stop(0.0)
    process.catch_up()
    assert not process.dispatcher.waiting
