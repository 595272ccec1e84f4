"""Hooks on one thread, in order, and what happens when they are slow or wrong."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from orderly_sync.errors import HookError, Overflow
from orderly_sync.stream import dispatch
from orderly_sync.stream.consumer import Filter
from orderly_sync.stream.dispatch import Dispatcher, Hook

WAIT = 20.0


class Floor:
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
def floor() -> Iterator[Floor]:
    made = Floor()
    made.dispatcher.start()
    yield made
    made.dispatcher.stop()
    assert made.dispatcher.join(WAIT)


class Gate:
    """A hook that waits until it is let go."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.go = threading.Event()
        self.seen: list[Any] = []

    def __call__(self, event: Any) -> None:
        self.seen.append(event)
        self.entered.set()
        assert self.go.wait(WAIT)


def drain(floor: Floor) -> None:
    """Wait until everything queued so far has run."""
    done = threading.Event()
    floor.dispatcher.put([floor.hook(lambda _: done.set())], [None])
    assert done.wait(WAIT)


def test_events_run_in_order_on_the_hooks_thread(floor: Floor):
    """Each event to each hook, before the next event."""
    seen: list[Any] = []
    hooks = [floor.hook(lambda e: seen.append(("a", e))), floor.hook(lambda e: seen.append(("b", e)))]
    names: list[str] = []
    floor.dispatcher.put([floor.hook(lambda _: names.append(threading.current_thread().name))], [0])
    floor.dispatcher.put(hooks, [1, 2])
    drain(floor)
    assert seen == [("a", 1), ("b", 1), ("a", 2), ("b", 2)]
    assert names == ["orderly-hooks"]
    assert not floor.dispatcher.on_hooks_thread


def test_filters_and_removal_are_heeded(floor: Floor):
    """A filtered event is not for this hook; a removed hook runs no more."""
    seen: list[Any] = []
    hook = floor.hook(seen.append, Filter(symbol="A"))
    other = type("Event", (), {"symbol": "B"})()
    mine = type("Event", (), {"symbol": "A"})()
    floor.dispatcher.put([hook], [other, mine])
    drain(floor)
    hook.remove()
    hook.remove()
    floor.dispatcher.put([hook], [mine])
    drain(floor)
    assert seen == [mine]


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt(), SystemExit(1), RecursionError()])
def test_whatever_a_hook_raises_the_next_event_comes(floor: Floor, error: BaseException):
    """Counted, handed over as HookError with its cause; the first of its kind is marked."""
    seen: list[Any] = []

    def raises(event: Any) -> None:
        seen.append(event)
        raise error

    hook = floor.hook(raises)
    floor.dispatcher.put([hook], [1, 2])
    drain(floor)
    assert seen == [1, 2]
    assert hook.errors == 2
    assert hook.calls == 2
    assert floor.failed[0].__cause__ is error
    assert floor.failed[0].event == 1
    assert floor.firsts == [True, False]


def test_private_events_beyond_the_bound_are_reported(floor: Floor, monkeypatch: pytest.MonkeyPatch):
    """What did not fit is counted by topic and told once the hooks have caught up."""
    monkeypatch.setattr(dispatch, "PRIVATE_MAXLEN", 3)
    gate = Gate()
    hook = floor.hook(gate)
    floor.dispatcher.put_private("topic", [hook], [0])
    assert gate.entered.wait(WAIT)
    for number in range(1, 6):
        floor.dispatcher.put_private("topic", [hook], [number])
    assert floor.dispatcher.depth == 3
    gate.go.set()
    assert floor.told.wait(WAIT)
    assert gate.seen == [0, 1, 2, 3]
    assert [(one.topic, one.dropped) for one in floor.overflowed] == [("topic", 2)]


def test_market_data_behind_a_slow_hook_is_conflated(floor: Floor, monkeypatch: pytest.MonkeyPatch):
    """The newest of each key replaces the older ones, counted."""
    monkeypatch.setattr(dispatch, "PUBLIC_MAXLEN", 10)
    gate = Gate()
    hook = floor.hook(gate)
    floor.dispatcher.put_public("t", [hook], [("x", 0)], lambda e: e[0])
    assert gate.entered.wait(WAIT)
    floor.dispatcher.put_public("t", [hook], [("x", 1)], lambda e: e[0])
    for number in range(2, 6):
        floor.dispatcher.put_public("t", [hook], [("x", number), ("y", number)], lambda e: e[0])
    floor.dispatcher.put_public("whole", [hook], [1], None)
    floor.dispatcher.put_public("whole", [hook], [2], None)
    gate.go.set()
    drain(floor)
    assert gate.seen == [("x", 0), ("x", 1), ("x", 5), ("y", 5), 2]
    assert floor.dispatcher.conflated == 7


@pytest.mark.parametrize(("abandoned", "expected"), [(False, [1, 2, 3]), (True, [1])])
def test_stopping_runs_what_waits_unless_it_is_abandoned(floor: Floor, abandoned: bool, expected: list[int]):
    """A stop from outside lets the queue run out; an abandoned thread ends with the hook under way."""
    gate = Gate()
    hook = floor.hook(gate)
    floor.dispatcher.put([hook], [1, 2])
    floor.dispatcher.put([hook], [3])
    assert gate.entered.wait(WAIT)
    running = floor.dispatcher.running
    assert running is not None
    assert running is hook
    floor.dispatcher.stop()
    assert not floor.dispatcher.join(0.01)
    if abandoned:
        floor.dispatcher.abandon()
    gate.go.set()
    assert floor.dispatcher.join(WAIT)
    assert gate.seen == expected


def test_joining_from_a_hook_returns_at_once(floor: Floor):
    """A hook may stop its own thread."""
    joined: list[bool] = []
    done = threading.Event()

    def hook(_: Any) -> None:
        floor.dispatcher.stop()
        joined.append(floor.dispatcher.join(WAIT))
        done.set()

    floor.dispatcher.put([floor.hook(hook)], [1])
    assert done.wait(WAIT)
    assert joined == [True]


def test_a_slow_hook_is_named(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """Its duration is kept, and a warning says who keeps the others waiting."""
    monkeypatch.setattr(dispatch, "SLOW_HOOK", -1.0)
    hook = floor.hook(lambda _: None)
    with caplog.at_level(logging.WARNING):
        floor.dispatcher.put([hook], [1])
        drain(floor)
    assert "events wait behind it" in caplog.text
    assert hook.percentile(0.5) is not None
    assert floor.hook(print).percentile(0.5) is None
    assert "calls=1" in repr(hook)


def test_a_dispatcher_that_never_started_is_joined():
    """There is nothing to wait for."""
    assert Floor().dispatcher.join(0)
