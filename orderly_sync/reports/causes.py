"""Why REST was read for reports, and what that found: a line in the log and figures in ``ex.stats()``. Pure."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from enum import Enum

from orderly_sync.logs import log_of

__all__ = ["RecoveryCause", "RecoveryTally"]

log = log_of("orderly_sync.state")


class RecoveryCause(str, Enum):
    """What has recovery read REST. Where one reading serves several, the first of them in this order is named."""

    VENUE_RESTART = "venue restart"
    """The venue began anew: its clock went back, or an id that was known is another order's."""
    CLIENT_RESTART = "client restart"
    """The client was not running; a journal says since when."""
    DISCONNECT = "disconnect"
    """The private connection was lost."""
    OVERFLOW = "overflow"
    """A queue of private events was full."""
    LOST_REPORT = "lost report"
    """A report proved lost while the connection stood, so that others may be: all is read once more."""
    MISSING_FILL = "missing fill"
    """A report does not follow on the one before it of its order, by what was filled, or is not its first."""
    AWAITED_REPORT = "awaited report"
    """What this client placed or cancelled was not told of in time."""
    AUDIT = "audit"
    """The periodic look for what the venue dropped while the connection stood."""


CAUSES = tuple(RecoveryCause)
_UNTOLD = frozenset({RecoveryCause.LOST_REPORT, RecoveryCause.MISSING_FILL, RecoveryCause.AUDIT})
"""Causes whose finds the venue did not push though the connection stood: worth a warning."""
_ROUTINE = frozenset({RecoveryCause.AUDIT, RecoveryCause.AWAITED_REPORT, RecoveryCause.MISSING_FILL})
"""Causes whose readings leave no line where they find nothing: they come often."""


class RecoveryTally:
    """Counts readings and finds by cause, and says each in the log."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # hand-over counts on threads of its own
        self._readings = dict.fromkeys(CAUSES, 0)
        self._recovered = dict.fromkeys(CAUSES, 0)

    @property
    def audits(self) -> int:
        """How often REST was read to see whether anything was dropped."""
        return self._readings[RecoveryCause.AUDIT]

    def began(self, cause: RecoveryCause) -> None:
        """REST is about to be read."""
        with self._lock:
            self._readings[cause] += 1

    def found(self, cause: RecoveryCause, count: int) -> None:
        """So many reports were rebuilt and delivered."""
        with self._lock:
            self._recovered[cause] += count

    def ended(
        self,
        cause: RecoveryCause,
        *,
        since: int | None,
        until: int | None,
        found: Mapping[str, int],
        hidden: int = 0,
    ) -> None:
        """A reading is over: count what it found, and say so.

        Args:
            cause: Why REST was read.
            since: The venue's time in ms from which on everything was read; None for single orders alone.
            until: The venue's time in ms until which the stream was heard.
            found: How many reports of each topic were rebuilt and delivered.
            hidden: Of how many orders REST does not show all yet.
        """
        count = sum(found.values())
        self.found(cause, count)
        if not count and not hidden and cause in _ROUTINE:
            return
        window = "single orders" if since is None else f"{since} to {until}"
        what = ", ".join(f"{number} of {topic}" for topic, number in found.items() if number) or "nothing"
        say = log.warning if count and cause in _UNTOLD else log.info
        say(
            "recovery (%s), read %s: %s was missing; %d orders not whole yet",
            cause.value,
            window,
            what,
            hidden,
        )

    def stats(self) -> dict[str, object]:
        """``recovered`` and ``readings`` by cause, and ``audits``."""
        with self._lock:
            readings, recovered = _by_name(self._readings), _by_name(self._recovered)
        return {"recovered": recovered, "readings": readings, "audits": readings[RecoveryCause.AUDIT.value]}


def _by_name(counts: Mapping[RecoveryCause, int]) -> dict[str, int]:
    return {cause.value: count for cause, count in counts.items()}
