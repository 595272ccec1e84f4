"""Where time comes from. Everything else takes it as an argument."""

from __future__ import annotations

import time
from typing import Protocol

__all__ = ["Clock", "ManualClock", "SkewedClock", "SystemClock"]


class Clock(Protocol):
    """Two readings: wall time for what is signed and shown, monotonic time for every deadline."""

    def time_ms(self) -> int:
        """Wall time in milliseconds since 1970, UTC."""

    def monotonic(self) -> float:
        """Seconds that only ever grow."""

    def sleep(self, seconds: float) -> None:
        """Let that many seconds pass."""


class SystemClock:
    """The machine's own clocks."""

    def time_ms(self) -> int:
        """Wall time in milliseconds since 1970, UTC."""
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        """Seconds that only ever grow."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let that many seconds pass, in slices so that Ctrl-C is heard everywhere."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 0.5))


class SkewedClock(SystemClock):
    """The machine's own clocks, the wall time of which is wrong: ``connect("paper", clock=SkewedClock(301_000))``.

    Args:
        skew_ms: What it shows too much, ms; negative where it is behind. It may be changed at any moment.
    """

    def __init__(self, skew_ms: int = 0) -> None:
        self.skew_ms = skew_ms

    def time_ms(self) -> int:
        """Wall time in milliseconds since 1970, UTC, and the skew."""
        return super().time_ms() + self.skew_ms


class ManualClock:
    """A clock that moves only when told to, for tests and replays."""

    def __init__(self, start_ms: int = 1_700_000_000_000) -> None:
        self._wall_ns = start_ms * 1_000_000
        self._monotonic = 0.0

    def time_ms(self) -> int:
        """Wall time in milliseconds since 1970, UTC."""
        return self._wall_ns // 1_000_000

    def monotonic(self) -> float:
        """Seconds since this clock was made."""
        return self._monotonic

    def sleep(self, seconds: float) -> None:
        """Advance by that many seconds without waiting."""
        self.advance(max(0.0, seconds))

    def advance(self, seconds: float) -> None:
        """Move both readings forward.

        Raises:
            ValueError: It would move them back.
        """
        if seconds < 0:
            raise ValueError("time only ever grows")
        # Two sums: a deadline is a float sum and must be met exactly, while milliseconds must not drift.
        self._wall_ns += round(seconds * 1e9)
        self._monotonic += seconds
