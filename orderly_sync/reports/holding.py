"""How long a report waits for those before it, and what it says was before it. Pure."""

from __future__ import annotations

from typing import Any

import attrs

__all__ = ["HOLD", "LONGEST_HOLD", "Hold", "WaitingReports", "before_it", "is_beyond"]

HOLD = 12.0
"""Seconds: longer than the venue's reads are expected to lag behind its pushes."""
LONGEST_HOLD = 60.0
"""Seconds beyond that after which nothing is held any longer for a reading that does not end."""
_RETRY = 0.25
"""Seconds after which a hold that a reading prolongs is looked at again."""
_NEARLY = 1e-9


class Hold:
    """How long reports wait: ``HOLD`` seconds, where nobody knows better."""

    def until(self, now: float) -> float:
        """When a report that begins to wait now goes out at the latest, but for a reading that is under way then."""
        return now + HOLD

    def is_reading(self) -> bool:
        """Whether REST is being read, or about to be, for what is missing."""
        return False


@attrs.define
class WaitingReports:
    """The reports of one order that wait."""

    events: list[Any]
    until: float
    latest: float

    @classmethod
    def begun(cls, event: object, hold: Hold, now: float) -> WaitingReports:
        """The first of them begins to wait."""
        until = hold.until(now)
        return cls([event], until, until + LONGEST_HOLD)

    def is_over(self, hold: Hold, now: float) -> bool:
        """Whether they have waited long enough; a hold ends with the reading for what is missing, not before it."""
        if now < self.until:
            return False
        if now < self.latest and hold.is_reading():
            self.until = min(now + _RETRY, self.latest)
            return False
        return True


def before_it(event: Any) -> Any:
    """What was filled before an event: a fill tells of its own, all else of what was."""
    total = event.total_executed_quantity or 0
    return total - (event.executed_quantity or 0) if event.trade_id else total


def is_beyond(total: Any, told: Any) -> bool:
    """Whether one total is greater than another, by more than floats are off."""
    return bool(total - told > _NEARLY) if isinstance(total, float) else bool(total > told)
