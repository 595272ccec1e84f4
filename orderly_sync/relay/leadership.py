"""Which of several relays leads: a lease in Redis, kept by renewing it, and a fencing token that grows. Pure.

Whoever leads writes with its token, and each write is refused by Redis itself unless the token is the last one that was
given out. So a leader that was thought dead, and is not, can write nothing: the lease keeps two from trying, the token
keeps the loser's late writes out. The states are data, as is who is asked when.
"""

from __future__ import annotations

from enum import Enum

__all__ = ["RENEWALS", "TRANSITIONS", "Leadership", "LeadershipState"]

RENEWALS = 3.0
"""How often a lease is renewed within its time; a standby asks as often whether it is free."""


class LeadershipState(Enum):
    """Where one relay stands."""

    STANDBY = "standby"
    """Another leads, or nobody does yet."""
    LEADING = "leading"
    """It holds the lease, as far as it knows."""


TRANSITIONS: dict[LeadershipState, dict[str, LeadershipState]] = {
    LeadershipState.STANDBY: {
        "acquired": LeadershipState.LEADING,
        "refused": LeadershipState.STANDBY,
        "fenced": LeadershipState.STANDBY,
        "expired": LeadershipState.STANDBY,
    },
    LeadershipState.LEADING: {
        "renewed": LeadershipState.LEADING,
        "refused": LeadershipState.STANDBY,
        "fenced": LeadershipState.STANDBY,
        "expired": LeadershipState.STANDBY,
    },
}
"""What each answer of Redis, or its absence, makes of a state. What is not listed cannot happen."""


class Leadership:
    """One relay's part in it.

    Args:
        ttl: Seconds that a lease lasts without being renewed.
    """

    def __init__(self, ttl: float) -> None:
        self.ttl = ttl
        self.state = LeadershipState.STANDBY
        self.token: int | None = None
        """The fencing token to write with; None while another leads."""
        self.terms = 0
        """How often it began to lead."""
        self._due = 0.0
        self._until = 0.0

    @property
    def leads(self) -> bool:
        """Whether it leads, as far as it knows."""
        return self.state is LeadershipState.LEADING

    @property
    def due(self) -> float:
        """When Redis is to be asked for the lease, or to renew it."""
        return self._due

    def acquired(self, token: int, now: float) -> None:
        """Redis gave the lease and a token at a time not later than ``now``, which is when it was asked."""
        self._move("acquired")
        self.token, self.terms = token, self.terms + 1
        self._held(now)

    def renewed(self, now: float) -> None:
        """Redis prolonged the lease, asked at ``now``."""
        self._move("renewed")
        self._held(now)

    def refused(self, now: float) -> None:
        """Another holds the lease."""
        self._move("refused")
        self.token = None
        self._due = now + self.ttl / RENEWALS

    def fenced(self, now: float) -> None:
        """A write was refused: another has led since."""
        self._move("fenced")
        self.token = None
        self._due = now

    def unanswered(self, now: float) -> None:
        """Redis did not answer; a lease that could not be renewed in time is another's to take."""
        self._due = now + self.ttl / RENEWALS
        if self.leads and now >= self._until:
            self._move("expired")
            self.token = None

    def _held(self, now: float) -> None:
        self._until = now + self.ttl
        self._due = now + self.ttl / RENEWALS

    def _move(self, event: str) -> None:
        try:
            self.state = TRANSITIONS[self.state][event]
        except KeyError:
            raise ValueError(f"{event!r} cannot happen to a relay that is {self.state.value}") from None
