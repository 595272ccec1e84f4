"""What a venue may be opened with."""

from __future__ import annotations

from ipaddress import ip_address

from orderly_sync.errors import UsageError
from orderly_sync.venue.engine.simulated_market import KINDS

__all__ = ["check"]

_MOST_ACCOUNTS = 1000


def check(*, market: str, speed: float, accounts: int, host: str) -> None:
    """Raise UsageError for the first that makes no sense."""
    if market not in KINDS:
        raise UsageError(f"no market called {market!r}; use {', '.join(KINDS)}")
    if not 0 < speed <= 1000:  # noqa: PLR2004 - beyond it the loop does nothing else
        raise UsageError(f"speed {speed} must be above 0 and at most 1000")
    if not 1 <= accounts <= _MOST_ACCOUNTS:
        raise UsageError(f"accounts must be 1 to {_MOST_ACCOUNTS}")
    try:
        loopback = ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise UsageError(f"a paper venue listens on loopback only: 127.0.0.1 or ::1, not {host!r}")
