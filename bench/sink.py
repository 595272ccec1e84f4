"""Where every contender's callback ends: the moment is noted, the last one of a burst wakes the measuring thread."""

from __future__ import annotations

import threading
from time import monotonic_ns

from frames import EPOCH


class Sink:
    """Counts what arrives; the same in every contender, about 0.1 µs a call."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.times: list[int] = []
        self.target = -1
        self.last: object = None
        self._first_ts = EPOCH

    def arm(self, first: int, count: int) -> None:
        """Expect ``count`` values, the first of them made from the frame ``first``."""
        self.done.clear()
        self._first_ts = EPOCH + first
        self.times = []
        self.target = count

    def take(self, value: object) -> None:
        """One value has reached the callback."""
        times = self.times
        times.append(monotonic_ns())
        if len(times) == self.target:
            self.last = value
            self.done.set()

    def upto(self, ts: int, value: object) -> None:
        """Everything up to the frame of ``ts`` has arrived, of which the client hands out only the newest state."""
        now = monotonic_ns()
        missing = ts - self._first_ts + 1 - len(self.times)
        if missing > 0:
            self.times.extend([now] * missing)
            if len(self.times) >= self.target > 0:
                self.last = value
                self.done.set()
