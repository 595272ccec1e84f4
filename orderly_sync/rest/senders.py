"""The senders of one client, a host each: they share its rate limits, its counters, and the guard of its writes."""

from __future__ import annotations

from orderly_sync.config import Timeouts
from orderly_sync.corrected_clock import CorrectedClock
from orderly_sync.credentials import Credentials
from orderly_sync.rest.connection import Connections
from orderly_sync.rest.http import HttpTransport
from orderly_sync.rest.rate_limiter import RateLimiter, SharedLimits
from orderly_sync.rest.sender import ANSWER_LIMIT, RequestSender
from orderly_sync.rest.stats import Counters, RestStats
from orderly_sync.rest.transport import Transport
from orderly_sync.rest.write_guard import WriteGuard

__all__ = ["Senders"]


class Senders:
    """Makes the sender of a host when it is first asked for, and keeps it.

    Args:
        credentials: Who signs.
        timeouts: How long each try may take.
        rate_limits: Whether to keep the venue's rate limits by waiting.
        clock: Where time comes from; what the venue says of its own is told to it.
        guard: What must be open for a write to leave.
        proxy: A proxy's URL.
        ca_file: A file of certificate authorities instead of the usual ones.
        transport: Carries the requests of all hosts instead of the network.
    """

    def __init__(
        self,
        credentials: Credentials | None,
        *,
        timeouts: Timeouts,
        rate_limits: bool,
        clock: CorrectedClock,
        guard: WriteGuard,
        proxy: str | None,
        ca_file: str | None,
        transport: Transport | None,
    ) -> None:
        self.counters = Counters()
        self._credentials = credentials
        self._timeouts = timeouts
        self._rate_limiter = RateLimiter(clock) if rate_limits else None
        self._clock = clock
        self._guard = guard
        self._proxy = proxy
        self._ca_file = ca_file
        self._transport = transport
        self._opened: list[HttpTransport] = []
        self._senders: dict[str, RequestSender] = {}

    def of(self, base: str) -> RequestSender:
        """The sender of the host at that URL.

        Raises:
            UsageError: The proxy's URL is none, or ``ca_file`` cannot be read.
        """
        if base not in self._senders:
            self._senders[base] = RequestSender(
                base,
                self._transport or self._open(base),
                credentials=self._credentials,
                timeouts=self._timeouts,
                clock=self._clock,
                guard=self._guard,
                counters=self.counters,
                pace=self._rate_limiter,
            )
        return self._senders[base]

    def _open(self, base: str) -> HttpTransport:
        now = self._clock.monotonic
        connections = Connections(
            base,
            connect=self._timeouts.connect,
            now=now,
            limit=ANSWER_LIMIT,
            proxy=self._proxy,
            ca_file=self._ca_file,
            sending=self._guard.sending,
        )
        opened = HttpTransport(connections, now)
        self._opened.append(opened)
        return opened

    def share_rate_limits(self, shared: SharedLimits) -> None:
        """Ask these, too, before anything is sent, if rate limits are kept at all."""
        if self._rate_limiter is not None:
            self._rate_limiter.shared = shared

    def stats(self) -> RestStats:
        """What has been sent, retried and lost, and how the rate limits stand."""
        offset = self._clock.offset()
        return self.counters.read(
            self._rate_limiter.use() if self._rate_limiter else {}, None if offset is None else offset.ms
        )

    def close(self) -> None:
        """Close all connections; a read may open new ones."""
        for opened in self._opened:
            opened.close()
