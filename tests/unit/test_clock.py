"""Clocks: the machine's own and the one that tests move."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.clock import Clock, ManualClock, SystemClock

STEPS = st.lists(st.integers(0, 10_000_000).map(lambda micros: micros / 1e6), max_size=50)


def test_system_clock_reads_the_machine() -> None:
    """Wall time is milliseconds since 1970, the other reading only grows."""
    clock: Clock = SystemClock()
    before = time.time_ns() // 1_000_000
    first = clock.monotonic()

    assert before <= clock.time_ms() <= before + 60_000
    assert clock.monotonic() >= first


def test_system_clock_sleeps_at_least_as_long() -> None:
    """A sleep lasts as long as asked; none at all for nothing and less."""
    clock = SystemClock()
    start = clock.monotonic()
    clock.sleep(-1)
    clock.sleep(0)
    clock.sleep(0.01)

    assert clock.monotonic() - start >= 0.01


def test_long_sleeps_are_cut_into_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """No slice is longer than half a second, so that Ctrl-C is heard on every platform."""
    now, slices = [0.0], []

    def sleep(seconds: float) -> None:
        slices.append(seconds)
        now[0] += seconds

    monkeypatch.setattr(time, "sleep", sleep)
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    SystemClock().sleep(1.2)

    assert max(slices) == 0.5
    assert sum(slices) == pytest.approx(1.2)


def test_manual_clock_stands_still() -> None:
    """Nothing moves until it is told to."""
    clock = ManualClock(1_000)

    assert (clock.time_ms(), clock.monotonic()) == (1_000, 0.0)
    assert (clock.time_ms(), clock.monotonic()) == (1_000, 0.0)


def test_manual_clock_moves_both_readings() -> None:
    """Advancing and sleeping are the same, in seconds; a negative sleep is none."""
    clock = ManualClock(1_000)
    clock.advance(1.5)
    clock.sleep(0.25)
    clock.sleep(-3)

    assert (clock.time_ms(), clock.monotonic()) == (2_750, 1.75)


def test_manual_clock_never_goes_back() -> None:
    """A negative advance is refused and changes nothing."""
    clock = ManualClock(1_000)
    with pytest.raises(ValueError, match="only ever grows"):
        clock.advance(-0.001)

    assert (clock.time_ms(), clock.monotonic()) == (1_000, 0.0)


@given(STEPS)
def test_manual_milliseconds_do_not_drift(steps: list[float]) -> None:
    """However the time is cut into steps, the milliseconds are those of its exact sum."""
    clock = ManualClock(0)
    for step in steps:
        clock.advance(step)

    assert clock.time_ms() == sum(round(step * 1e6) for step in steps) // 1000


@given(STEPS, st.floats(0, 100))
def test_a_deadline_is_met_exactly(steps: list[float], delay: float) -> None:
    """After advancing by a delay, ``now + delay`` is due: the sum is the same float."""
    clock = ManualClock()
    for step in steps:
        clock.advance(step)
    deadline = clock.monotonic() + delay
    clock.advance(delay)

    assert clock.monotonic() >= deadline
