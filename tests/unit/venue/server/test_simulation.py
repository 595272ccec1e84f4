"""Simulated work leaves room for clients, and time is as slow as the work is: said, and once."""

from __future__ import annotations

import contextlib
import logging
from types import SimpleNamespace
from typing import Any

import pytest

from orderly_sync import Market, connect
from orderly_sync.clock import ManualClock
from orderly_sync.venue.server.simulation import LEAD_SECONDS, SHARE, SLICE_SECONDS, Simulation
from orderly_sync.venue.server.timing import FlowingTime, FrozenTime
from tests.support.paper import eventually

SYMBOLS = ("A", "B", "C")


class TimedSimulation:
    """A venue whose work costs so many seconds of a clock that moves only by that, and by the pauses between turns."""

    def __init__(self, speed: float, cost: float = 0.0, *, frozen: bool = False) -> None:
        self.clock = ManualClock()
        self.cost = cost
        self.busy = 0.0
        self.longest = 0.0
        self.done: list[Any] = []
        self.broken: set[Any] = set()
        time = FrozenTime() if frozen else FlowingTime(self.clock, speed)
        self.core: Any = SimpleNamespace(
            time=time,
            symbols=SYMBOLS,
            market=SimpleNamespace(moves=not frozen),
            trading=SimpleNamespace(step=self.work, pass_time=lambda: None),
            broadcast=SimpleNamespace(book_updates=lambda: self.work("books"), publish_periodic=self.work),
        )
        self.opening = time.now()
        self.simulation = Simulation(self.core, self.clock, speed)

    def work(self, what: Any) -> None:
        self.clock.advance(self.cost)
        self.done.append(what)
        if what in self.broken:
            raise ZeroDivisionError

    def run(self, seconds: float) -> None:
        """Let so much of the wall clock pass, in turns and the pauses they ask for."""
        end = self.clock.monotonic() + seconds
        while self.clock.monotonic() < end:
            began, pause = self.clock.monotonic(), 0.01
            with contextlib.suppress(ZeroDivisionError):
                pause = self.simulation.turn()
            spent = self.clock.monotonic() - began
            self.busy += spent
            self.longest = max(self.longest, spent)
            self.clock.advance(max(pause, 0.0005))

    @property
    def passed(self) -> float:
        """Seconds of the venue's time."""
        return (self.core.time.now() - self.opening) / 1000

    @property
    def beats(self) -> list[int]:
        return [one for one in self.done if isinstance(one, int)]


@pytest.mark.parametrize("speed", [0.5, 1, 3, 15, 40, 200, 1000])
def test_within_its_means_each_second_of_the_venue_has_its_step_and_its_push(speed: float):
    """Every market steps once a second of the venue's time, at whatever speed that runs; books push 5 times or less."""
    timed = TimedSimulation(speed)
    timed.run(20 if speed < 3 else 4)
    seconds = round(timed.passed)
    assert seconds == pytest.approx(speed * (20 if speed < 3 else 4), rel=0.02)
    assert timed.beats == list(range(1, len(timed.beats) + 1))
    assert abs(len(timed.beats) - seconds) <= max(1, speed * 0.01)
    assert {symbol: timed.done.count(symbol) for symbol in SYMBOLS} == dict.fromkeys(
        SYMBOLS, len(timed.beats)
    )
    assert len(timed.beats) <= timed.done.count("books") + 1 <= 5 * len(timed.beats) + 6
    assert not timed.simulation.speed.slowed


@pytest.mark.parametrize("speed", [2, 60, 600, 1000])
@pytest.mark.parametrize("cost", [0.0004, 0.004, 0.4])
def test_no_work_keeps_the_loop_from_its_clients(speed: float, cost: float):
    """A turn ends after its slice and the piece it was at; half of the time belongs to clients."""
    timed = TimedSimulation(speed, cost)
    timed.run(30)
    assert timed.longest <= SLICE_SECONDS + cost
    assert timed.busy <= 30 * SHARE + timed.longest
    assert timed.beats == list(range(1, len(timed.beats) + 1))


@pytest.mark.parametrize("speed", [60, 600, 1000])
def test_what_cannot_be_done_slows_time_and_is_said_once(speed: float, caplog: pytest.LogCaptureFixture):
    """Time runs no further ahead of the work than it may; the figure is what was done."""
    timed = TimedSimulation(
        speed, 0.01
    )  # a second of the venue costs 0.05 of the wall clock: 10 can be had in half the time
    with caplog.at_level(logging.WARNING, "orderly_sync.venue"):
        timed.run(30)
    assert len(timed.beats) == pytest.approx(300, rel=0.05)
    assert timed.passed <= len(timed.beats) + LEAD_SECONDS * speed + 1
    assert timed.simulation.speed.slowed
    assert timed.simulation.speed.achieved == pytest.approx(10, rel=0.15)
    (line,) = caplog.messages
    assert line.endswith(f"this machine cannot do the {speed:g} asked for")


def test_a_venue_that_was_slow_is_fast_again_once_it_can_be():
    """What was lost is not caught up."""
    timed = TimedSimulation(100, 0.01)
    timed.run(10)
    before = timed.passed
    timed.cost = 0.0
    timed.run(10)
    assert timed.passed - before == pytest.approx(1000, rel=0.05)
    assert not timed.simulation.speed.slowed
    assert timed.simulation.speed.achieved == pytest.approx(100, rel=0.02)


def test_time_never_runs_backwards():
    """Held, let go, advanced by hand: each reading is at least the one before."""
    timed = TimedSimulation(300, 0.003)
    readings = []
    for number in range(400):
        timed.run(0.02)
        readings.append(timed.core.time.now())
        if number % 50 == 0:
            timed.core.time.advance(1000)
        timed.cost = 0.003 if number % 40 < 30 else 0.0
    assert readings == sorted(readings)


@pytest.mark.parametrize(("speed", "passed"), [(1, 3600.0), (0.5, 1800.0)])
def test_in_step_with_the_wall_clock_a_machine_that_slept_wakes_to_the_present(speed: float, passed: float):
    """Time is the wall clock's; the steps that were slept through are left out, not played in a burst."""
    timed = TimedSimulation(speed)
    timed.run(5)
    before, done = timed.passed, len(timed.beats)
    timed.clock.advance(3600)
    timed.run(2)
    assert timed.passed - before == pytest.approx(passed, abs=3)
    assert len(timed.beats) - done <= 4


def test_a_frozen_market_pushes_as_fast_as_it_can_and_no_faster():
    """It has no time to slow down; its pushes leave room all the same."""
    timed = TimedSimulation(1000, 0.01, frozen=True)
    timed.run(10)
    assert timed.longest <= SLICE_SECONDS + 0.01
    assert timed.busy <= 10 * SHARE + timed.longest
    assert timed.passed == 0


def test_work_that_raises_does_not_end_the_simulation():
    """It goes up to who drives the turns; the next piece and the next second come."""
    timed = TimedSimulation(10)
    timed.broken = {"B", 3}
    timed.run(1)
    assert timed.done.count("C") >= 9
    assert timed.beats[-1] >= 9


@pytest.mark.slow
def test_a_client_connects_trades_and_is_told_the_speed_while_the_market_runs_at_its_fastest():
    """A thousand times the wall clock is more than it can do; the figure stands in health and in the client's stats."""
    with connect("paper", market="volatile", speed=1000, rate_limits=False) as ex:
        for _ in range(20):
            ex.place(Market.buy("ETH", quantity="0.01")).wait("filled", 20)
        speed = eventually(lambda: (told := ex.stats()["paper"]["speed"])["achieved"] < 1000 and told)
        assert speed["asked"] == 1000
        assert speed["slowed"] is (speed["achieved"] < 900)
        assert set(ex.paper.health()["speed"]) == set(speed)
