"""The time that is signed: this machine's clock, corrected by what the venue says of its own.

One for each client, shared by REST, streams and whatever else sends a time. Without a word of the venue's, and as long
as this machine's clock may be right, it is the machine's clock unchanged.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from typing import Any

from orderly_sync.clock import Clock, SystemClock
from orderly_sync.clock_offset import ClockOffset, Offset
from orderly_sync.logs import log_of

__all__ = ["WORTH_TELLING_MS", "CorrectedClock", "off_by"]

log = log_of("orderly_sync.clock")

WORTH_TELLING_MS = 1_000
"""A clock that is off by more than this is told of, ms: what is signed must be within 5 s for an order."""

Announce = Callable[[Any], object]
MakeEvent = Callable[[Offset, bool], object]


def off_by(offset: Offset | None) -> str:
    """``this machine's clock is 301.0 s behind the venue's``; without a figure if it is not known."""
    if offset is None:
        return "this machine's clock is off"
    side = "behind" if offset.ms > 0 else "ahead of"
    return f"this machine's clock is {abs(offset.ms) / 1000:.1f} s {side} the venue's"


class CorrectedClock:
    """A clock whose wall time is the venue's, as far as the venue has told it; called by many threads at once.

    Args:
        machine: This machine's clock; deadlines and pauses are its own, uncorrected.
    """

    def __init__(self, machine: Clock | None = None) -> None:
        self.machine: Clock = machine or SystemClock()
        """The clock as it stands, for what is compared with files and other programs of this machine."""
        self._offset = ClockOffset()
        self._lock = threading.Lock()  # of what has been told of
        self._known_off: int | None = None  # the offset that was told last, ms; None while the clock is right
        self._listeners: dict[weakref.WeakMethod[Announce], MakeEvent] = {}

    @classmethod
    def of(cls, clock: Clock | None) -> CorrectedClock:
        """That clock itself if it is one, so that parts of a client share it; else a new one around it."""
        return clock if isinstance(clock, cls) else cls(clock)

    def __repr__(self) -> str:
        offset = self.offset()
        return f"CorrectedClock({'offset unknown' if offset is None else f'{offset.ms} ms'})"

    # As a clock ------------------------------------------------------------------------------------------------

    def time_ms(self) -> int:
        """The venue's time in milliseconds since 1970, UTC."""
        return self._offset.corrected(self.machine.monotonic(), self.machine.time_ms())

    def monotonic(self) -> float:
        """Seconds that only ever grow."""
        return self.machine.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let that many seconds pass."""
        self.machine.sleep(seconds)

    # What is known ---------------------------------------------------------------------------------------------

    def offset(self) -> Offset | None:
        """By how much this machine's clock is off; None while that is not known."""
        return self._offset.offset(self.machine.monotonic(), self.machine.time_ms())

    def venue_ms(self) -> int | None:
        """The venue's time as late as it is known to be, and no later, ms: every answer so far was made before or then.

        None while it is not known, and of a venue whose time is simulated.
        """
        return self._offset.reckoned(self.machine.monotonic(), self.machine.time_ms())

    def listen(self, announce: Announce, event: MakeEvent) -> None:
        """Have a method, which is not kept alive, given an event when the clock is found to be off, or right again."""
        with self._lock:
            self._listeners[weakref.WeakMethod(announce)] = event

    # What the venue says ---------------------------------------------------------------------------------------

    def answered(self, ts: object, date: str | None, sent: float) -> None:
        """What was sent at the monotonic second ``sent`` was answered, with these words on the time, if any."""
        now, wall = self.machine.monotonic(), self.machine.time_ms()
        self._offset.told(ts, sent, now, wall)
        self._offset.dated(date, sent, now, wall)
        self._tell(now, wall)

    def heard(self, ts: object) -> None:
        """The venue said unasked what time it was, in ms."""
        now, wall = self.machine.monotonic(), self.machine.time_ms()
        self._offset.heard(ts, now, wall)
        self._tell(now, wall)

    def refused(self, stamp: int, signed: float) -> bool:
        """Whether a timestamp made at the monotonic second ``signed`` was refused because it was wrong.

        Call it after ``answered``. If it was, a new one is right as far as can be known: sign anew once.
        """
        now, wall = self.machine.monotonic(), self.machine.time_ms()
        was_wrong = self._offset.refused(stamp, signed, now, wall)
        self._tell(now, wall)
        return was_wrong

    def _tell(self, now: float, wall: int) -> None:
        offset = self._offset.offset(now, wall)
        if offset is None:
            return
        with self._lock:
            before = self._known_off
            is_off = offset.is_certain and abs(offset.ms) > WORTH_TELLING_MS + offset.error
            # A clock that is right is shown to be off by as much as the error, and may be by as much as is not told.
            bound = max(offset.error, WORTH_TELLING_MS - offset.error)
            is_right = abs(offset.ms) <= bound <= WORTH_TELLING_MS
            if is_off:
                if before is not None and abs(offset.ms - before) <= WORTH_TELLING_MS + offset.error:
                    return
                self._known_off = offset.ms
            elif before is not None and is_right:
                self._known_off = None
            else:
                return
            listeners = list(self._listeners.items())
        if is_off:
            log.warning(
                "%s (within %d ms): what is signed bears the venue's time; set the clock by NTP",
                off_by(offset),
                offset.error,
            )
        else:
            log.info("this machine's clock is right again: %d ms off, within %d ms", offset.ms, offset.error)
        for held, event in listeners:
            announce = held()
            if announce is not None:
                announce(event(offset, is_off))
