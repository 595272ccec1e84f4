"""How far this machine's clock is from the venue's, from what the venue says of its time. Pure: time is an argument.

The venue tells its time twice over: in its own words (``timestamp`` of an answer, ``ts`` of a frame) and in the header
``Date``. One of the two may be nonsense: a cache repeats old words, a simulated venue lives in another year, a proxy's
clock is wrong. So a machine's clock is called wrong where both agree that it is, or where the venue refused a signature
for which every word of it has the time wrong.

A word is bounded by its round trip: it was said after the question left and before the answer came. Of each kind the
word with the smallest error counts, and one that contradicts it replaces it. All is kept by the monotonic clock, so a
wall clock that is set does not matter. A monotonic clock may stand still while the machine sleeps: where the wall clock
has leapt ahead of it, an older word counts only if a younger one of the other kind confirms it.
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from functools import lru_cache

import attrs

__all__ = ["ClockOffset", "Offset"]

DRIFT = 0.0005
"""What a clock gains or loses at most, as a share of the time that passes."""
LEAP_MS = 1_000
"""By so much more than by drift the wall clock must get ahead of the monotonic one to have leapt, ms."""
AGREE_MS = 2_000
"""By how much the clocks of the venue's machines may differ, ms."""
LATE_MS = 5_000
"""How late what nobody asked for may be read, ms."""
OFF_MS = 1_000
"""A refused timestamp must be off by more than this for the refusal to be about it, ms."""
LONE_MS = 7 * 24 * 3600 * 1_000
"""If its own words alone say that this machine's clock is off by more, ms, they are examples or simulated times."""
_EARLIEST, _LATEST = 10**12, 10**13
"""Milliseconds of the years 2001 to 2286: seconds, micro- and nanoseconds of any likely day lie outside."""
_SECOND = 1_000


@attrs.frozen
class Offset:
    """What must be added to this machine's time to have the venue's."""

    ms: int
    """Positive where this machine's clock is behind the venue's, negative where it is ahead, ms."""
    error: int
    """The true one is within so many ms of it, as far as the two words agree."""
    is_certain: bool
    """Whether every word of it shows that this machine's clock is wrong; it may be right otherwise."""


@attrs.frozen
class _Word:
    """What the venue said of its time, as bounds of its time at our monotonic second 0, ms."""

    low: float
    high: float
    at: float
    """When it was read, monotonic seconds."""
    base: float
    """What the wall clock was ahead of the monotonic one then, ms."""
    ts: int
    """What was said, ms."""

    def slack(self, now: float) -> float:
        return max(0.0, now - self.at) * 1000 * DRIFT

    def error(self, now: float) -> float:
        return (self.high - self.low) / 2 + self.slack(now)

    def reckoned(self, now: float) -> int:
        """What it says the time is by now: no later than it is, however slowly the venue's clock drifts, ms."""
        return self.ts + int((now - self.at) * 1000 * (1 - DRIFT))

    def stands(self, now: float, wall: int) -> bool:
        """Whether no sleep of the machine can have come between: its wall clock has not leapt ahead."""
        return wall - now * 1000 - self.base <= LEAP_MS + self.slack(now)

    def misses(self, other: _Word, now: float) -> float:
        """By how much the two contradict each other; 0 if both can be true."""
        slack = self.slack(now) + other.slack(now)
        return max(0.0, self.low - other.high - slack, other.low - self.high - slack)

    def off(self, zero: float, now: float) -> float:
        """By how much a reading, as the time at second 0, is wrong if this is true."""
        slack = self.slack(now)
        return max(0.0, self.low - slack - zero, zero - self.high - slack)


class ClockOffset:
    """What the venue has said of its time, and what follows for this machine's clock.

    Times named ``sent`` and ``now`` are monotonic seconds, ``wall`` is this machine's time at ``now`` in ms. Words that
    cannot be true are passed over in silence. Values are replaced whole, so that threads need no lock to read.
    """

    def __init__(self) -> None:
        self._told: _Word | None = None
        self._dated: _Word | None = None
        self._latest: _Word | None = None  # the one by which it is latest
        self._trusts_date: bool | None = None  # the kind that a refusal has proven; None before any

    def told(self, ts: object, sent: float, now: float, wall: int) -> None:
        """The venue said in its own words that it was ``ts``, ms, in the answer to what was sent at ``sent``."""
        word = _word(ts, 1, sent, now, wall)
        if word is not None:
            self._told = _better(self._told, word, now, wall)
            self._latest = _later(self._latest, word, now, wall)

    def dated(self, date: str | None, sent: float, now: float, wall: int) -> None:
        """An answer had this ``Date`` header."""
        word = _word(_milliseconds(date), _SECOND, sent, now, wall)
        if word is not None:
            self._dated = _better(self._dated, word, now, wall)

    def heard(self, ts: object, now: float, wall: int) -> None:
        """The venue said unasked that it was ``ts``, ms: it is that late at least, and perhaps a little later."""
        word, known = _word(ts, LATE_MS, now, now, wall), self._told
        if word is None:
            return
        if known is None or not known.stands(now, wall) or word.low > known.high + known.slack(now):
            self._told = word
        if (
            self._latest is None
            or not self._latest.stands(now, wall)
            or word.ts >= self._latest.reckoned(now)
        ):
            self._latest = word

    def refused(self, stamp: int, signed: float, now: float, wall: int) -> bool:
        """Whether a timestamp that was refused was wrong, by all that the venue says; ``signed`` is when it was made.

        If so, the word that needs the smallest correction is believed from then on, until another refusal.
        """
        zero = stamp - signed * 1000
        off = {
            kind: word.off(zero, now)
            for kind, word in ((False, self._told), (True, self._dated))
            if word is not None and word.stands(now, wall)
        }
        if off.get(False, 0.0) > LONE_MS and not self._agree(now, wall):
            del off[False]
        if min(off.values(), default=0.0) <= OFF_MS:
            return False
        self._trusts_date = min(off, key=lambda kind: off[kind])
        return True

    def offset(self, now: float, wall: int) -> Offset | None:
        """By how much this machine's clock is off; None where nothing is known, or what is said contradicts itself."""
        words = self._believed(now, wall)
        if not words:
            return None
        best, zero = words[0], wall - now * 1000
        error = best.error(now) + max(best.misses(word, now) for word in words)
        return Offset(
            round((best.low + best.high) / 2 - zero),
            round(error) + 1,
            is_certain=all(word.off(zero, now) > 0 for word in words),
        )

    def corrected(self, now: float, wall: int) -> int:
        """The venue's time, ms: this machine's own, unless that is certainly wrong."""
        offset = self.offset(now, wall)
        return wall if offset is None or not offset.is_certain else wall + offset.ms

    def reckoned(self, now: float, wall: int) -> int | None:
        """The venue's time, ms: as late as all that it has said shows it to be, and no later.

        None where that is not known: before its first word, after a sleep of this machine, and where its words
        contradict each other, as those of a simulated venue do whose time stands still or runs at another speed.
        """
        latest = self._latest
        if latest is None or not latest.stands(now, wall) or not self._agree(now, wall):
            return None
        return latest.reckoned(now)

    def _believed(self, now: float, wall: int) -> list[_Word]:
        """The words that count, the best one first."""
        told, dated = (
            [word] if word is not None and word.stands(now, wall) else []
            for word in (self._told, self._dated)
        )
        if self._agree(now, wall):
            return told + dated
        return dated if self._trusts_date else told if self._trusts_date is False else []

    def _agree(self, now: float, wall: int) -> bool:
        """Whether both kinds say the same; one that stands vouches for the other, for it shows that nobody slept."""
        told, dated = self._told, self._dated
        if told is None or dated is None or told.misses(dated, now) > AGREE_MS:
            return False
        return told.stands(now, wall) or dated.stands(now, wall)


def _word(ts: object, grain: int, sent: float, now: float, wall: int) -> _Word | None:
    """What ``ts`` says, which may be up to ``grain`` ms older than what was meant; None if it says nothing."""
    if isinstance(ts, bool) or not isinstance(ts, int) or not _EARLIEST <= ts < _LATEST or sent > now:
        return None
    drift = (now - sent) * 1000 * DRIFT
    return _Word(ts - now * 1000 - drift, ts + grain - sent * 1000 + drift, now, wall - now * 1000, ts)


def _better(known: _Word | None, word: _Word, now: float, wall: int) -> _Word:
    """The one that says more exactly what time it is; the later one where they contradict each other."""
    if known is None or not known.stands(now, wall) or known.misses(word, now) > 0:
        return word
    return word if word.error(now) <= known.error(now) else known


def _later(known: _Word | None, word: _Word, now: float, wall: int) -> _Word:
    """The one by which the venue's time is later; the new one where both cannot be true."""
    if known is None or not known.stands(now, wall) or known.misses(word, now) > 0:
        return word
    return word if word.ts >= known.reckoned(now) else known


@lru_cache(maxsize=8)  # many answers of one second bear the same text
def _milliseconds(date: str | None) -> int | None:
    """A ``Date`` header as ms; None if it is none."""
    if date is None:
        return None
    try:
        moment = parsedate_to_datetime(date)
        return None if moment.tzinfo is None else int(moment.timestamp()) * 1000
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        return None
