"""The venue's own time.

Everything the venue says - reports, answers, pings - carries it. In a frozen market it starts at a fixed moment and
moves only when something happens: by one millisecond for each command that is accepted and each price that is set, and
as far as ``advance`` says. Two runs of the same commands therefore have the same timestamps. In the other markets it
starts at the wall clock and runs ``speed`` times as fast, or as fast as the machine can.
"""

from __future__ import annotations

import math
from typing import Protocol

from orderly_sync.clock import Clock

__all__ = ["FROZEN_START", "FlowingTime", "FrozenTime", "SimulatedSeconds", "VenueTime"]

FROZEN_START = 1_767_225_600_000
"""2026-01-01 00:00 UTC, in ms."""


class VenueTime(Protocol):
    """What the venue asks of its time; all in ms."""

    def now(self) -> int:
        """The venue's time."""

    def upcoming(self) -> int:
        """The time of the next thing to happen; it has not come yet."""

    def reach(self, moment: int) -> None:
        """That thing has happened."""

    def advance(self, ms: int) -> int:
        """Let ``ms`` pass at once; the time afterwards."""


class FrozenTime:
    """Time that stands still between events."""

    def __init__(self, start: int = FROZEN_START) -> None:
        self._now = start

    def now(self) -> int:
        """The time of the last event."""
        return self._now

    def upcoming(self) -> int:
        """One millisecond later."""
        return self._now + 1

    def reach(self, moment: int) -> None:
        """Stand there; a command that is refused never gets here, and takes no time."""
        self._now = max(self._now, moment)

    def advance(self, ms: int) -> int:
        """So much later."""
        self._now += ms
        return self._now


class SimulatedSeconds:
    """How far a simulation has come, in its own seconds: ``speed`` times a clock's, and no further than it is let."""

    def __init__(self, speed: float, now: float) -> None:
        self._speed = speed
        self._since = now
        self._base = 0.0
        self._limit = math.inf

    def reached(self, now: float) -> float:
        """Seconds since the beginning; never fewer than before."""
        return min(self._base + max(0.0, now - self._since) * self._speed, max(self._limit, self._base))

    def hold(self, limit: float, now: float) -> None:
        """Go no further than ``limit`` seconds from now on. What is lost so is lost: it runs on from where it stood."""
        self._base, self._since, self._limit = self.reached(now), now, limit


class FlowingTime:
    """Time that runs, ``speed`` times as fast as the wall clock, from the wall clock's reading."""

    def __init__(self, clock: Clock, speed: float = 1.0) -> None:
        self.pace = SimulatedSeconds(speed, clock.monotonic())
        self._clock = clock
        self._start = clock.time_ms()

    def now(self) -> int:
        """The time that has come."""
        return int(self._start + self.pace.reached(self._clock.monotonic()) * 1000)

    def upcoming(self) -> int:
        """The same as now: it passes by itself."""
        return self.now()

    def reach(self, moment: int) -> None:
        """Nothing to do: it passes by itself."""

    def advance(self, ms: int) -> int:
        """Jump ahead."""
        self._start += ms
        return self.now()
