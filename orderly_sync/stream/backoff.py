"""How long to wait before dialling again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from random import Random

__all__ = ["FIRST_DELAY", "LONGEST_DELAY", "MOST_DIALS", "WITHIN", "DialBudget", "full_jitter"]

FIRST_DELAY = 0.25
LONGEST_DELAY = 30.0
_LONG = 8.0
"""From this bound on, seconds, a delay is at least half of it: an outage that lasts is not hammered at."""
MOST_DIALS = 20
WITHIN = 300.0
"""So many dials at most in so many seconds, whatever the venue does to them."""


def full_jitter(
    uniform: Callable[[float, float], float] | None = None,
    *,
    first: float = FIRST_DELAY,
    longest: float = LONGEST_DELAY,
) -> Iterator[float]:
    """Endless delays in seconds: each drawn evenly between 0 and a bound that doubles up to ``longest``.

    Drawing from the whole range is what keeps a thousand clients from coming back in step after an outage; of long
    delays the upper half does that as well.
    """
    draw = uniform or Random().uniform  # noqa: S311 - spread, not secrecy
    bound = first
    while True:
        yield draw(0.0 if bound < _LONG else bound / 2, bound)
        bound = min(bound * 2, longest)


class DialBudget:
    """Keeps dials to so many in any span of time, by putting off those that would be more.

    Args:
        most: How many.
        within: In how many seconds.
    """

    def __init__(self, most: int = MOST_DIALS, within: float = WITHIN) -> None:
        self._within = within
        self._dials: deque[float] = deque(maxlen=most)  # when, the next one included

    def delay(self, wanted: float, now: float) -> float:
        """Seconds from now to the next dial, which is wanted in so many; the dial before it has been made."""
        if not self._dials:
            self._dials.append(now)  # the very first, a while ago at most
        is_spent = len(self._dials) == self._dials.maxlen
        at = max(now + wanted, self._dials[0] + self._within) if is_spent else now + wanted
        self._dials.append(at)
        return at - now
