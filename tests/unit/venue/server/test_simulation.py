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


class Stage:
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
    stage = Stage(speed)
    stage.run(20 if speed < 3 else 4)
    seconds = round(stage.passed)
    assert seconds == pytest.approx(speed * (20 if speed < 3 else 4), rel=0.02)
    assert stage.beats == list(range(1, len(stage.beats) + 1))
    assert abs(len(stage.beats) - seconds) <= max(1, speed * 0.01)
    assert {symbol: stage.done.count(symbol) for symbol in SYMBOLS} == dict.fromkeys(
        SYMBOLS, len(stage.beats)
    )
    assert len(stage.beats) <= stage.done.count("books") + 1 <= 5 * len(stage.beats) + 6
    assert not stage.simulation.speed.slowed


@pytest.mark.parametrize("speed", [2, 60, 600, 1000])
@pytest.mark.parametrize("cost", [0.0004, 0.004, 0.4])
def test_no_work_keeps_the_loop_from_its_clients(speed: float, cost: float):
    """A turn ends after its slice and the piece it was at; half of the time belongs to clients."""
    stage = Stage(speed, cost)
    stage.run(30)
    assert stage.longest <= SLICE_SECONDS + cost
    assert stage.busy <= 30 * SHARE + stage.longest
    assert stage.beats == list(range(1, len(stage.beats) + 1))


@pytest.mark.parametrize("speed", [60, 600, 1000])
def test_what_cannot_be_done_slows_time_and_is_said_once(speed: float, caplog: pytest.LogCaptureFixture):
    """Time runs no further ahead of the work than it may; the figure is what was done."""
    stage = Stage(
        speed, 0.01
    )  # a second of the venue costs 0.05 of the wall clock: 10 can be had in half the time
    with caplog.at_level(logging.WARNING, "orderly_sync.venue"):
        stage.run(30)
    assert len(stage.beats) == pytest.approx(300, rel=0.05)
    assert stage.passed <= len(stage.beats) + LEAD_SECONDS * speed + 1
    assert stage.simulation.speed.slowed
    assert stage.simulation.speed.achieved == pytest.approx(10, rel=0.15)
    (line,) = caplog.messages
    assert line.endswith(f"this machine cannot do the {speed:g} asked for")


def test_a_venue_that_was_slow_is_fast_again_once_it_can_be():
    """What was lost is not caught up."""
    stage = Stage(100, 0.01)
    stage.run(10)
    before = stage.passed
    stage.cost = 0.0
    stage.run(10)
    assert stage.passed - before == pytest.approx(1000, rel=0.05)
    assert not stage.simulation.speed.slowed
    assert stage.simulation.speed.achieved == pytest.approx(100, rel=0.02)


def test_time_never_runs_backwards():
    """Held, let go, advanced by hand: each reading is at least the one before."""
    stage = Stage(300, 0.003)
    readings = []
    for number in range(400):
        stage.run(0.02)
        readings.append(stage.core.time.now())
        if number % 50 == 0:
            stage.core.time.advance(1000)
        stage.cost = 0.003 if number % 40 < 30 else 0.0
    assert readings == sorted(readings)


@pytest.mark.parametrize(("speed", "passed"), [(1, 3600.0), (0.5, 1800.0)])
def test_in_step_with_the_wall_clock_a_machine_that_slept_wakes_to_the_present(speed: float, passed: float):
    """Time is the wall clock's; the steps that were slept through are left out, not played in a burst."""
    stage = Stage(speed)
    stage.run(5)
    before, done = stage.passed, len(stage.beats)
    stage.clock.advance(3600)
    stage.run(2)
    assert stage.passed - before == pytest.approx(passed, abs=3)
    assert len(stage.beats) - done <= 4


def test_a_frozen_market_pushes_as_fast_as_it_can_and_no_faster():
    """It has no time to slow down; its pushes leave room all the same."""
    stage = Stage(1000, 0.01, frozen=True)
    stage.run(10)
    assert stage.longest <= SLICE_SECONDS + 0.01
    assert stage.busy <= 10 * SHARE + stage.longest
    assert stage.passed == 0


def test_work_that_raises_does_not_end_the_simulation():
    """It goes up to who drives the turns; the next piece and the next second come."""
    stage = Stage(10)
    stage.broken = {"B", 3}
    stage.run(1)
    assert stage.done.count("C") >= 9
    assert stage.beats[-1] >= 9


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
