"""Until when the stream was heard, by the venue's own clock. Pure: time is an argument.

A recovery reads from this time on, so one time that is too late would hide whatever came before it, now and ever after.
The venue tells its time by itself in pings and acknowledgements. What a push says of its time counts as far as that
clock, moved on by the seconds that have passed here, allows; a push that claims more (another unit, a broken row) says
nothing. Nor does a single word of the venue's that its neighbours contradict: of its last three the middle one counts.
"""

from __future__ import annotations

from collections import deque

__all__ = ["RESTART_MS", "SLACK_MS", "Watermark"]

SLACK_MS = 5_000
"""By how much the clocks of the venue's machines may differ, and what it says of them be late, ms."""
RESTART_MS = 30_000
"""By how much the venue's own time must go back to show that it began anew, ms: far more than its machines differ."""
MOST = 3
"""So many of the venue's last words are compared."""
LATEST = 2**63 - 1
"""What is later is no time in any unit, and may be no number that can be reckoned with."""


class Watermark:
    """The greatest venue time of one connection's frames that can be true."""

    __slots__ = ("_greatest", "_limit_at_zero", "_middle", "_told", "ignored", "restarts")

    def __init__(self) -> None:
        self.restarts = 0
        """How often the venue's own time went back."""
        self.ignored = 0
        """Pushes whose time could not be true."""
        self._greatest = 0
        # Its last words, and what each makes its time at our second 0, ms.
        self._told: deque[tuple[int, float]] = deque(maxlen=MOST)
        self._middle = 0
        self._limit_at_zero: float | None = None

    @property
    def value(self) -> int:
        """Until when all was heard, ms; 0 before the first frame."""
        return self._greatest

    def pushed(self, ts: int, now: float) -> None:
        """A push that came at this monotonic second bears this time, ms."""
        if ts > self._greatest:
            limit = self._limit_at_zero
            if ts <= (LATEST if limit is None else limit + now * 1000):
                self._greatest = ts
            else:
                self.ignored += 1

    def told(self, ts: int, now: float) -> None:
        """The venue said by itself, at this monotonic second, that it was this time, ms."""
        if not 0 <= ts <= LATEST:
            self.ignored += 1
            return
        self._told.append((ts, ts - now * 1000))
        if self._limit_at_zero is None or len(self._told) == MOST:
            middle = sorted(self._told)[len(self._told) // 2]
            if middle[0] < self._middle - RESTART_MS:
                self.restarts += 1
            self._middle, self._limit_at_zero = middle[0], middle[1] + SLACK_MS
        limit = self._limit_at_zero + now * 1000
        if self._greatest > limit:
            # Believed before the venue's own clock was known, or before it went back.
            self._greatest = int(limit) - SLACK_MS
        self.pushed(ts, now)
