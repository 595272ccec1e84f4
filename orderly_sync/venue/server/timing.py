"""The venue's own time.

Everything the venue says - reports, answers, pings - carries it. In a frozen market it starts at a fixed moment and
moves only when something happens: by one millisecond for each command that is accepted and each price that is set, and
as far as ``advance`` says. Two runs of the same commands therefore have the same timestamps. In the other markets it
starts at the wall clock and runs ``speed`` times as fast.
"""

from __future__ import annotations

from typing import Protocol

from orderly_sync.clock import Clock

__all__ = ["FROZEN_START", "FlowingTime", "FrozenTime", "VenueTime"]

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


class FlowingTime:
    """Time that runs, ``speed`` times as fast as the wall clock, from the wall clock's reading."""

    def __init__(self, clock: Clock, speed: float = 1.0) -> None:
        self._clock = clock
        self._speed = speed
        self._start = float(clock.time_ms())
        self._began = clock.monotonic()

    def now(self) -> int:
        """The time that has come."""
        return int(self._start + (self._clock.monotonic() - self._began) * 1000 * self._speed)

    def upcoming(self) -> int:
        """The same as now: it passes by itself."""
        return self.now()

    def reach(self, moment: int) -> None:
        """Nothing to do: it passes by itself."""

    def advance(self, ms: int) -> int:
        """Jump ahead."""
        self._start += ms
        return self.now()
