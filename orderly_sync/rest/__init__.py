"""The REST half: every operation of the venue as a typed method. No threads."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING

from orderly_sync.clock import Clock
from orderly_sync.config import Network, Timeouts, number_type, timeouts_of
from orderly_sync.config import network as find_network
from orderly_sync.corrected_clock import CorrectedClock
from orderly_sync.credentials import Credentials
from orderly_sync.rest.api_client import ApiClient
from orderly_sync.rest.breaker import Breaker
from orderly_sync.rest.groups_by_name import RestGroups
from orderly_sync.rest.order_guard import OrderGuard, notional_limit, order_reads
from orderly_sync.rest.request import Request
from orderly_sync.rest.retry import Retries
from orderly_sync.rest.write_guard import WriteGuard
from orderly_sync.values.printing import printable
from orderly_sync.wire.numbers import Number

if TYPE_CHECKING:
    from typing_extensions import Self

    from orderly_sync.rest.rate_limiter import SharedLimits
    from orderly_sync.rest.stats import RestStats
    from orderly_sync.rest.transport import Transport

__all__ = ["Rest", "Retries"]


class Rest(RestGroups):
    """All operations of one venue, one group an attribute, as the account of ``credentials``.

    Threads may share it. Connections are opened when needed and closed by ``close()`` or by leaving its ``with``; after
    that, and in a process forked from its own, nothing is written any more.

    Args:
        network: ``"mainnet"``, ``"testnet"`` or a Network.
        credentials: Who asks; without them only the public operations can be called.
        timeouts: How long each try may take.
        numbers: ``Decimal``, or ``float`` for the numbers of answers.
        rate_limits: Whether to keep the venue's rate limits by waiting.
        clock: This machine's clock. What is signed bears the venue's time, which ``rest.clock`` tells from answers.
        proxy: A proxy's URL. The environment's proxies are never used.
        ca_file: A file of certificate authorities instead of the usual ones.
        retries: How stubborn reads are. Writes are sent once.
        transport: Carries the requests instead of the network; see ``orderly_sync.rest.transport``.
        max_notional: USDC that one order may be worth at most, however it is placed or edited; InvalidOrder else. An
            order without a price is worth what it is at the mark price; what only reduces a position always passes.
        dry_run: Whether no write is sent: each is checked and then raises DryRun, which shows it.

    Raises:
        UsageError: The network is unknown, ``proxy`` is no proxy's URL, ``ca_file`` cannot be read, or ``max_notional``
            is no amount.
    """

    def __init__(
        self,
        network: str | Network,
        credentials: Credentials | None = None,
        *,
        timeouts: Timeouts | None = None,
        numbers: type[Decimal | float] = Decimal,
        rate_limits: bool = True,
        clock: Clock | None = None,
        proxy: str | None = None,
        ca_file: str | None = None,
        retries: Retries | None = None,
        transport: Transport | None = None,
        max_notional: Number | None = None,
        dry_run: bool = False,
    ) -> None:
        # Imported here: HTTP and its rate limits take longer than all of this package.
        from orderly_sync.rest.senders import Senders

        self.network = find_network(network)
        self.credentials = credentials
        self.clock = clock = CorrectedClock.of(clock)
        self._guard = WriteGuard()
        self._senders = senders = Senders(
            credentials,
            timeouts=timeouts_of(timeouts),
            rate_limits=rate_limits,
            clock=clock,
            guard=self._guard,
            proxy=proxy,
            ca_file=ca_file,
            transport=transport,
        )
        caller = partial(
            ApiClient, numbers=number_type(numbers), retries=retries, clock=clock, retried=self._retried
        )
        main = senders.of(self.network.rest)
        limit = notional_limit(max_notional)
        if limit is not None or dry_run:
            asks = caller(main, signed=False), caller(main, signed=True)
            caller = partial(caller, guard=OrderGuard(limit, *order_reads(*asks), dry_run=dry_run))
        self._public = caller(main, signed=False)
        self._signed = caller(main, signed=True, breaker=Breaker(clock))
        self._vault = caller(senders.of(self.network.rest_strategy_vault or self.network.rest), signed=False)
        self._faucet = caller(senders.of(self.network.faucet or self.network.rest), signed=False)

    def _retried(self, _: Request) -> None:
        self._senders.counters.add(retried=1)

    def stats(self) -> RestStats:
        """What has been sent, retried and lost, and how the rate limits stand."""
        return self._senders.stats()

    def share_rate_limits(self, shared: SharedLimits) -> None:
        """Keep the account's limits together with other processes; not part of what is promised."""
        self._senders.share_rate_limits(shared)

    def require_open(self, what: str) -> None:
        """Refuse ``what`` is about to be written if this client may not write any more.

        Raises:
            UsageError: It was closed, or made before a fork.
        """
        self._guard.require_open(what)

    def refuse_all(self, why: str) -> None:
        """Send nothing any more, since there is no venue to ask: each call is a UsageError that says why."""
        self._guard.refuse_all(why)

    def close(self) -> None:
        """Send no more writes, and close all connections.

        From then on whatever writes (POST, PUT, DELETE) is a UsageError and nothing of it leaves, also if it was
        waiting for its turn; a write whose bytes have left is waited for by its own caller. Reads change nothing and
        still answer, over new connections.
        """
        self._guard.close()
        self._senders.close()

    def stop(self) -> None:
        """The same as ``close()``."""
        self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @printable
    def __repr__(self) -> str:
        who = repr(self.credentials) if self.credentials else "public"
        return f"Rest({self.network.name!r}, {who})"
