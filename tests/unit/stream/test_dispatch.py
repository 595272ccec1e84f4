"""Hooks on one thread, in order, and what happens when they are slow or wrong."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from orderly_sync.errors import HookError, Overflow
from orderly_sync.stream import dispatch
from orderly_sync.stream.dispatch import Dispatcher, Hook
from orderly_sync.stream.filter import Filter
from tests.support.hooks import Gate

WAIT = 20.0


class RecordedDispatcher:
    """A dispatcher and all it says."""

    def __init__(self) -> None:
        self.failed: list[HookError] = []
        self.firsts: list[bool] = []
        self.overflowed: list[Overflow] = []
        self.told = threading.Event()
        self.dispatcher = Dispatcher(self.fail, self.overflow)

    def fail(self, error: HookError, first: bool) -> None:
        self.failed.append(error)
        self.firsts.append(first)

    def overflow(self, event: Overflow) -> None:
        self.overflowed.append(event)
        self.told.set()

    def hook(self, fn: Any, wanted: Filter | None = None) -> Hook:
        return Hook("topic", fn, wanted or Filter(), lambda _: None)


@pytest.fixture
def recorded() -> Iterator[RecordedDispatcher]:
    made = RecordedDispatcher()
    made.dispatcher.start()
    yield made
    made.dispatcher.stop()
    assert made.dispatcher.join(WAIT)


def drain(recorded: RecordedDispatcher) -> None:
    """Wait until everything queued so far has run."""
    done = threading.Event()
    recorded.dispatcher.put([recorded.hook(lambda _: done.set())], [None])
    assert done.wait(WAIT)


def test_events_run_in_order_on_the_hooks_thread(recorded: RecordedDispatcher):
    """Each event to each hook, before the next event."""
    seen: list[Any] = []
    hooks = [recorded.hook(lambda e: seen.append(("a", e))), recorded.hook(lambda e: seen.append(("b", e)))]
    names: list[str] = []
    recorded.dispatcher.put([recorded.hook(lambda _: names.append(threading.current_thread().name))], [0])
    recorded.dispatcher.put(hooks, [1, 2])
    drain(recorded)
    assert seen == [("a", 1), ("b", 1), ("a", 2), ("b", 2)]
    assert names == ["orderly-hooks"]
    assert not recorded.dispatcher.on_hooks_thread


def test_filters_and_removal_are_heeded(recorded: RecordedDispatcher):
    """A filtered event is not for this hook; a removed hook runs no more."""
    seen: list[Any] = []
    hook = recorded.hook(seen.append, Filter(symbol="A"))
    other = type("Event", (), {"symbol": "B"})()
    mine = type("Event", (), {"symbol": "A"})()
    recorded.dispatcher.put([hook], [other, mine])
    drain(recorded)
    hook.remove()
    hook.remove()
    recorded.dispatcher.put([hook], [mine])
    drain(recorded)
    assert seen == [mine]


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt(), SystemExit(1), RecursionError()])
def test_whatever_a_hook_raises_the_next_event_comes(recorded: RecordedDispatcher, error: BaseException):
    """Counted, handed over as HookError with its cause; the first of its kind is marked."""
    seen: list[Any] = []

    def raises(event: Any) -> None:
        seen.append(event)
        raise error

    hook = recorded.hook(raises)
    recorded.dispatcher.put([hook], [1, 2])
    drain(recorded)
    assert seen == [1, 2]
    assert hook.errors == 2
    assert hook.calls == 2
    assert recorded.failed[0].__cause__ is error
    assert recorded.failed[0].event == 1
    assert recorded.firsts == [True, False]


def test_private_events_beyond_the_bound_are_reported(
    recorded: RecordedDispatcher, monkeypatch: pytest.MonkeyPatch
):
    """What did not fit is counted by topic and told: that it began at once, how many more once hooks have caught up."""
    monkeypatch.setattr(dispatch, "PRIVATE_MAXLEN", 3)
    gate = Gate()
    hook = recorded.hook(gate)
    recorded.dispatcher.put_private("executionreport", [hook], [0])
    assert gate.entered.wait(WAIT)
    for number in range(1, 6):
        recorded.dispatcher.put_private("executionreport", [hook], [number])
    assert recorded.dispatcher.depth == 3
    assert [(one.topic, one.dropped) for one in recorded.overflowed] == [("executionreport", 1)]
    recorded.told.clear()
    gate.go.set()
    assert recorded.told.wait(WAIT)
    assert gate.seen == [0, 1, 2, 3]
    assert [(one.topic, one.dropped) for one in recorded.overflowed] == [
        ("executionreport", 1),
        ("executionreport", 1),
    ]


def test_rare_private_events_find_room_where_reports_do_not(
    recorded: RecordedDispatcher, monkeypatch: pytest.MonkeyPatch
):
    """What nothing can rebuild waits in a queue ten times as long; of positions the newest of each key stays."""
    monkeypatch.setattr(dispatch, "PRIVATE_MAXLEN", 2)
    gate = Gate()
    hook = recorded.hook(gate)
    recorded.dispatcher.put_private("executionreport", [hook], ["report"])
    assert gate.entered.wait(WAIT)
    for number in range(3):
        recorded.dispatcher.put_private("executionreport", [hook], [number])
    for number in range(4):
        recorded.dispatcher.put_private("position", [hook], [("ETH", number)], lambda event: event[0])
    for number in range(20):
        recorded.dispatcher.put_private("wallet", [hook], [f"transfer {number}"])
    gate.go.set()
    drain(recorded)
    assert gate.seen == ["report", 0, 1, ("ETH", 3), *(f"transfer {number}" for number in range(17))]
    assert [(one.topic, one.dropped) for one in recorded.overflowed[:2]] == [
        ("executionreport", 1),
        ("wallet", 1),
    ]


def test_market_data_behind_a_slow_hook_is_conflated(
    recorded: RecordedDispatcher, monkeypatch: pytest.MonkeyPatch
):
    """The newest of each key replaces the older ones, counted."""
    monkeypatch.setattr(dispatch, "CONFLATED_FROM", 1)
    gate = Gate()
    hook = recorded.hook(gate)
    recorded.dispatcher.put_public("t", [hook], [("x", 0)], lambda e: e[0])
    assert gate.entered.wait(WAIT)
    recorded.dispatcher.put_public("t", [hook], [("x", 1)], lambda e: e[0])
    for number in range(2, 6):
        recorded.dispatcher.put_public("t", [hook], [("x", number), ("y", number)], lambda e: e[0])
    recorded.dispatcher.put_public("whole", [hook], [1], None)
    recorded.dispatcher.put_public("whole", [hook], [2], None)
    gate.go.set()
    drain(recorded)
    assert gate.seen == [("x", 0), ("x", 1), ("x", 5), ("y", 5), 2]
    assert recorded.dispatcher.conflated == 7


@pytest.mark.parametrize(("abandoned", "expected"), [(False, [1, 2, 3]), (True, [1])])
def test_stopping_runs_what_waits_unless_it_is_abandoned(
    recorded: RecordedDispatcher, abandoned: bool, expected: list[int]
):
    """A stop from outside lets the queue run out; an abandoned thread ends with the hook under way."""
    gate = Gate()
    hook = recorded.hook(gate)
    recorded.dispatcher.put([hook], [1, 2])
    recorded.dispatcher.put([hook], [3])
    assert gate.entered.wait(WAIT)
    running = recorded.dispatcher.running
    assert running is not None
    assert running is hook
    recorded.dispatcher.stop()
    assert not recorded.dispatcher.join(0.01)
    if abandoned:
        recorded.dispatcher.abandon()
    gate.go.set()
    assert recorded.dispatcher.join(WAIT)
    assert gate.seen == expected


def test_joining_from_a_hook_returns_at_once(recorded: RecordedDispatcher):
    """A hook may stop its own thread."""
    joined: list[bool] = []
    done = threading.Event()

    def hook(_: Any) -> None:
        recorded.dispatcher.stop()
        joined.append(recorded.dispatcher.join(WAIT))
        done.set()

    recorded.dispatcher.put([recorded.hook(hook)], [1])
    assert done.wait(WAIT)
    assert joined == [True]


def test_a_slow_hook_is_named(
    recorded: RecordedDispatcher, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """Its duration is kept, and a warning says who keeps the others waiting."""
    monkeypatch.setattr(dispatch, "SLOW_HOOK", -1.0)
    hook = recorded.hook(lambda _: None)
    with caplog.at_level(logging.WARNING):
        recorded.dispatcher.put([hook], [1])
        drain(recorded)
    assert "events wait behind it" in caplog.text
    assert hook.percentile(0.5) is not None
    assert recorded.hook(print).percentile(0.5) is None
    assert "calls=1" in repr(hook)


def test_a_dispatcher_that_never_started_is_joined():
    """There is nothing to wait for."""
    assert RecordedDispatcher().dispatcher.join(0)
