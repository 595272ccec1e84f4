"""The simulated work of a venue - prices walk, time passes, topics push - in slices that leave room for its clients.

A client that asks comes first: each turn works for a few milliseconds and then leaves the loop alone for at least as
long. What a machine cannot do so is not done at all: the venue's time runs more slowly than was asked, which is said.
Pure but for the work it is given; the clock's reading is an argument or comes from the clock it was made with.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from typing import Protocol, TypeVar

import attrs

from orderly_sync.clock import Clock
from orderly_sync.venue.engine.simulated_market import SimulatedMarket
from orderly_sync.venue.server.broadcast import Broadcast
from orderly_sync.venue.server.timing import FlowingTime, SimulatedSeconds, VenueTime
from orderly_sync.venue.server.trading import TradingService

__all__ = ["Simulation", "Speed"]

T = TypeVar("T")

log = logging.getLogger("orderly_sync.venue")

SLICE_SECONDS = 0.002
"""A turn begins no further piece of work after so long; a piece is one market's step, or one kind of push."""
SHARE = 0.5
"""How much of the loop's time goes to simulated work at most."""
LEAD_SECONDS = 0.25
"""So long (of the wall clock) the work may lag behind without the venue's time being held back."""
WINDOW_SECONDS = 1.0
"""Over how long the speed is measured."""
_SLOW = 0.9
_SHORTEST = 0.001
_TICKS = ((10.0, 10), (20.0, 5), (50.0, 2))
"""Up to which speed a second of the venue's time is cut into how many ticks; beyond, it is one."""


@attrs.frozen(kw_only=True)
class Speed:
    """How fast a venue runs, as multiples of the wall clock's pace."""

    asked: float
    achieved: float
    """As measured over the last second."""
    slowed: bool
    """Whether the machine did less than nine tenths of what was asked."""


class SimulatedVenue(Protocol):
    """What is worked on."""

    @property
    def time(self) -> VenueTime:
        """The venue's own time."""

    @property
    def market(self) -> SimulatedMarket:
        """The simulated makers and takers."""

    @property
    def trading(self) -> TradingService:
        """What lets prices walk and time pass."""

    @property
    def broadcast(self) -> Broadcast:
        """What publishes the public topics."""

    @property
    def symbols(self) -> tuple[str, ...]:
        """What is listed."""


class Simulation:
    """Does a venue's simulated work when it is due.

    Args:
        core: The venue.
        clock: The wall clock.
        speed: How many times faster than it the work is due.
    """

    def __init__(self, core: SimulatedVenue, clock: Clock, speed: float) -> None:
        now = clock.monotonic()
        self.speed = Speed(asked=speed, achieved=speed, slowed=False)
        self._core = core
        self._clock = clock
        self._flows = isinstance(core.time, FlowingTime)
        self._pace = core.time.pace if isinstance(core.time, FlowingTime) else SimulatedSeconds(speed, now)
        self._ticks = next((ticks for most, ticks in _TICKS if speed <= most), 1)
        self._done = 0  # ticks whose work is begun or dropped
        self._worked = 0  # ticks whose work is done
        self._waiting: deque[Callable[[], object]] = deque()
        self._window = (now, 0)
        self._warned = False

    def turn(self) -> float:
        """Work for a moment; in how many seconds the next turn is due."""
        began = self._clock.monotonic()
        while self._waiting or self._next_tick():
            self._waiting.popleft()()
            if not self._waiting:
                self._worked += 1
            spent = self._clock.monotonic() - began
            if spent >= SLICE_SECONDS:
                self._measure()
                return spent * (1 - SHARE) / SHARE
        self._measure()
        due = (self._done + 1) / self._ticks - self._pace.reached(began)
        return max(_SHORTEST, due / self.speed.asked)

    def let_go(self) -> None:
        """The venue has stopped: hold it no more; ``speed`` stays."""
        self._waiting.clear()
        del self._core

    def _next_tick(self) -> bool:
        """Line up the work of the next tick, if it is due."""
        now = self._clock.monotonic()
        lead = max(2 / self._ticks, LEAD_SECONDS * self.speed.asked)
        behind = int(self._pace.reached(now) * self._ticks) - self._done
        if self._flows and self.speed.asked > 1:
            self._pace.hold((self._done / self._ticks) + lead, now)
        elif behind > lead * self._ticks:
            # In step with the wall clock, or without a clock at all, time is not held back: what was missed is dropped.
            self._done += behind - 1
        if behind <= 0:
            return False
        self._done += 1
        self._waiting.extend(self._work(self._done))
        return True

    def _work(self, tick: int) -> list[Callable[[], object]]:
        core, broadcast = self._core, self._core.broadcast
        second, part = divmod(tick, self._ticks)
        work: list[Callable[[], object]] = []
        if not part and core.market.moves:
            work += [_bound(core.trading.step, symbol) for symbol in core.symbols]
        if self._flows:
            work.append(core.trading.pass_time)
        if self._ticks < _TICKS[0][1] or tick % 2 == 0:
            work.append(broadcast.book_updates)
        if not part:
            work.append(_bound(broadcast.publish_periodic, second))
        return work or [_nothing]

    def _measure(self) -> None:
        now = self._clock.monotonic()
        since, before = self._window
        if now - since < WINDOW_SECONDS:
            return
        asked, done = self.speed.asked, (self._worked - before) / self._ticks / (now - since)
        self._window = (now, self._worked)
        self.speed = Speed(asked=asked, achieved=min(done, asked), slowed=asked > 1 and done < asked * _SLOW)
        if self.speed.slowed and not self._warned:
            self._warned = True
            log.warning(
                "the paper venue runs %.1f times as fast as the wall clock; this machine cannot do the %g asked for",
                done,
                asked,
            )


def _bound(work: Callable[[T], object], value: T) -> Callable[[], object]:
    return lambda: work(value)


def _nothing() -> None:
    pass
