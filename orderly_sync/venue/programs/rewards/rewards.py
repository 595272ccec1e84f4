"""The rewards of traders and market makers, which the real venue has ended: their parameters are a data set.

What traders earned is computed from the venue's own trades, against a crowd of an invented size.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from orderly_sync.venue.programs.seeded import Seeded

__all__ = ["MAJORS", "MAJOR_WEIGHT", "MAX_REWARD", "Epoch", "RewardsService"]

_DAY = 86_400_000
_EPOCH_DAYS, _EARLIER = 14, 2
MAX_REWARD = Decimal(200_000)
"""ORDER an epoch gives away at most."""
MAJOR_WEIGHT = Decimal("0.75")
"""The part of it for major symbols."""
MAJORS = ("BTC", "ETH")


class Epoch(NamedTuple):
    """Two weeks; times in ms."""

    epoch_id: int
    start: int
    end: int


class RewardsService:
    """The epochs and the crowd's scores in them.

    Args:
        seeded: Where figures come from.
        opening: When the venue opened, ms.
    """

    def __init__(self, seeded: Seeded, opening: int) -> None:
        self._seeded = seeded
        self._first = opening - opening % _DAY - _EARLIER * _EPOCH_DAYS * _DAY

    def epochs(self, now: int) -> list[Epoch]:
        """All epochs that have begun, oldest first; two were over before the venue opened."""
        length = _EPOCH_DAYS * _DAY
        count = max(1, (now - self._first) // length + 1)
        return [
            Epoch(number + 1, self._first + number * length, self._first + (number + 1) * length)
            for number in range(count)
        ]

    def crowd(self, epoch_id: int, *, major: bool) -> Decimal:
        """The score of everybody who does not trade here."""
        return self._seeded.amount(8_000, 30_000, "score", epoch_id, major)

    def pool(self, *, major: bool) -> Decimal:
        """ORDER an epoch gives to one kind of symbols."""
        return MAX_REWARD * (MAJOR_WEIGHT if major else 1 - MAJOR_WEIGHT)

    def share(self, epoch_id: int, score: Decimal, ours: Decimal, *, major: bool) -> Decimal:
        """ORDER for a score among the venue's own scores and the crowd's."""
        total = ours + self.crowd(epoch_id, major=major)
        return round(self.pool(major=major) * score / total, 8)
