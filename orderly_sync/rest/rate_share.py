"""Whose turn a request takes: what the package asks of its own accord leaves room for what the user asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import attrs

from orderly_sync.wire.rate_limits import RateLimit

__all__ = ["AUDIT", "BACKGROUND", "RateShare", "in_background", "may_wait", "rate_shares"]


@attrs.frozen
class RateShare:
    """A part of each rate limit that requests of one kind may use at most."""

    percent: int
    windows: int = 1
    """Over how many windows of the limit it is counted: a small share of one window would be less than a request."""
    waits: bool = True
    """Whether a request that has no room waits for it; else it is refused at once."""

    def of(self, limit: RateLimit) -> RateLimit:
        """How much of that limit it is; one request at least, for a limit of one cannot be shared."""
        requests = max(1, limit.requests * self.percent * self.windows // 100)
        return attrs.evolve(limit, requests=requests, seconds=limit.seconds * self.windows)


BACKGROUND = RateShare(70)
"""Recovery, hand-over and refreshes together: the rest of each window is the user's alone."""
AUDIT = RateShare(5, windows=20, waits=False)
"""Audits, within that of the background. They come again anyway, and waiting would hold up the reading of a gap."""

_shares: ContextVar[tuple[RateShare, ...]] = ContextVar("shares", default=())


def rate_shares() -> tuple[RateShare, ...]:
    """Those that a request of this context takes its turn from, besides the limit itself; none for the user's own."""
    return _shares.get()


def may_wait() -> bool:
    """Whether a request of this context that finds no room is to be sent later."""
    return all(share.waits for share in _shares.get())


@contextmanager
def in_background(*, audit: bool = False) -> Iterator[None]:
    """Count all requests of this block as asked by the package itself."""
    token = _shares.set((AUDIT, BACKGROUND) if audit else (BACKGROUND,))
    try:
        yield
    finally:
        _shares.reset(token)
