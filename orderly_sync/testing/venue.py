"""A paper venue for one test: its clients, its prices, its faults and its time, all ended with it.

The fixtures of ``orderly_sync.testing.plugin`` are made of this; without pytest it is used as it stands:

    with PaperVenue() as venue:
        ex = venue.connect()
        venue.market.set("ETH", 3500)
"""

from __future__ import annotations

import atexit
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, TypedDict, TypeVar

from typing_extensions import Self, Unpack

from orderly_sync.clock import SkewedClock
from orderly_sync.connecting import connect
from orderly_sync.control.faults import FaultControl
from orderly_sync.control.paper_control import PaperControl, VenueLine, refuse_all, show_mark_price
from orderly_sync.credentials import Credentials
from orderly_sync.errors import UsageError
from orderly_sync.paper.start import start_paper
from orderly_sync.rest import Rest
from orderly_sync.values.sentences import PAPER_STOPPED
from orderly_sync.waiting import Flag
from orderly_sync.wire.numbers import Number, finite

if TYPE_CHECKING:
    from os import PathLike

    from orderly_sync.client import Orderly
    from orderly_sync.config import Timeouts

__all__ = ["FrozenMarket", "PaperVenue", "VenueClock", "until"]

T = TypeVar("T")
_LOOK_SECONDS = 0.005


class ClientOptions(TypedDict, total=False):
    """What ``PaperVenue.connect`` hands on to ``orderly_sync.connect``, which tells what each means."""

    timeouts: Timeouts
    numbers: type
    strict: bool
    record: str | PathLike[str]
    max_notional: Number
    dry_run: bool
    cancel_on_silence: float
    journal: str | PathLike[str]


def until(condition: Callable[[], T], *, timeout: float = 5.0) -> T:
    """Ask ``condition`` again and again until it is true, for what hooks and threads do; what it returned.

    Args:
        condition: A function without arguments, asked in this thread every few milliseconds.
        timeout: Seconds.

    Raises:
        TimeoutError: It was not true in that time; the sentence holds what it returned last.
    """
    end = time.monotonic() + timeout
    while not (found := condition()):
        if time.monotonic() >= end:
            raise TimeoutError(f"not true within {timeout:g} s; it was {found!a:.200}")
        Flag().wait(_LOOK_SECONDS)
    return found


class FrozenMarket:
    """Prices that stand still until a test moves them; each method returns when all triggers have fired.

    The makers quote around the mark price, so that a market order finds somebody to trade with. Every client of the
    venue reckons with the new price at once, and hooks hear each price; the reports of what it triggered come as ever,
    on their own threads.

    Args:
        venue: Whose.
    """

    def __init__(self, venue: PaperVenue) -> None:
        self._venue = venue

    def price(self, symbol: str = "ETH") -> Decimal:
        """The mark price, USDC; the symbol in any spelling."""
        return self._venue.control.mark_price(symbol)

    def set(self, symbol: str, price: Number) -> Decimal:
        """Move the mark and the index price to ``price``, USDC; the price as it stands now.

        Raises:
            UsageError: The symbol is unknown, or the price is no number above 0.
        """
        self._venue.control.set_mark_price(symbol, price)
        return self.price(symbol)

    def move(self, symbol: str, by: Number) -> Decimal:
        """Move the mark price by so many USDC, up or (negative) down; the price as it stands now."""
        return self.set(symbol, self.price(symbol) + finite(by, "by"))

    def walk(self, symbol: str, prices: Iterable[Number]) -> Decimal:
        """Set one price after the other, as a trend or a spike has them; the price as it stands now.

        Each is pushed when it is set. Where more than 1,000 events wait for slower hooks, the newest price replaces
        those before it.
        """
        for price in prices:
            self.set(symbol, price)
        return self.price(symbol)


class VenueClock:
    """The venue's time, and how far it is off this machine's.

    In a frozen market it moves only with what happens, by a millisecond each, and by ``advance``.

    Args:
        venue: Whose.
        machine: The clock that stands for the venue's machine.
    """

    def __init__(self, venue: PaperVenue, machine: SkewedClock) -> None:
        self._venue = venue
        self._machine = machine

    def now(self) -> int:
        """The venue's time, ms since 1970."""
        return self._venue.now()

    def advance(self, ms: int) -> int:
        """Let so many milliseconds pass at once, for funding, lags and whatever waits for the time; the time then.

        Raises:
            UsageError: It is no whole number, negative, or longer than 400 days.
        """
        self._venue.control.advance(ms)
        return self.now()

    @property
    def skew_ms(self) -> int:
        """How far the venue's clock is ahead of this machine's, ms; it may be set at any moment, negative too.

        More than 300 s, and the venue refuses what the machine's own time is signed with.
        """
        return self._machine.skew_ms

    @skew_ms.setter
    def skew_ms(self, value: int) -> None:
        self._machine.skew_ms = value


class PaperVenue:
    """A venue for one test, listening when the constructor returns; ``stop()``, or ``with``, ends it and its clients.

    Args:
        seed: The same seed and the same commands give the same events; the accounts follow from it.
        market: ``frozen``, or ``calm`` and ``volatile``, where prices and time move by themselves.
        speed: How many times faster than the wall clock the venue's time runs.
        accounts: How many funded accounts it opens, each with 100,000 USDC.
        rate_limits: Whether the venue has the API's rate limits, and clients wait for them.

    Raises:
        UsageError: An argument makes no sense, or the extra ``paper`` is not installed.
    """

    def __init__(
        self,
        *,
        seed: int = 0,
        market: str = "frozen",
        speed: float = 1.0,
        accounts: int = 2,
        rate_limits: bool = False,
    ) -> None:
        machine = SkewedClock()
        self._rate_limits = rate_limits
        self._stopped = False
        self._venue, self._network, _ = start_paper(
            venue_rate_limits=rate_limits,
            seed=seed,
            market=market,
            speed=speed,
            accounts=accounts,
            clock=machine,
        )
        self.clients: list[Orderly] = []
        """Those of ``connect`` that have not been stopped by ``stop()``, in order."""
        self.credentials: tuple[Credentials, ...] = tuple(
            Credentials(**account.line()) for account in self._venue.accounts
        )
        """The key of each account; they open nothing but this venue."""
        self.public: Rest = Rest(self._network, rate_limits=False)
        """A client without an account, for what everybody may read."""
        self._venue.at_stop.append(partial(self.public.refuse_all, PAPER_STOPPED))
        self.market: FrozenMarket = FrozenMarket(self)
        """Its prices."""
        self.clock: VenueClock = VenueClock(self, machine)
        """Its time."""
        self.control: PaperControl = PaperControl(
            self._venue, self.credentials[0].account_id, self._show_mark_price
        )
        """What ``ex.paper`` of a client has: ``drop_connections``, ``ledger``, ``snapshot`` and the like."""
        self.faults: FaultControl = self.control.faults
        """Has it misbehave; see docs/faults.md."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"PaperVenue({self._venue.urls['rest']!r}, {len(self.clients)} clients)"

    @property
    def line(self) -> VenueLine:
        """What a bot in another process connects with: ``connect(line)``. It holds the secrets of this venue."""
        return self.control.line

    def now(self) -> int:
        """The venue's time, ms since 1970."""
        return self._venue.now()

    def connect(self, account: int = 0, **options: Unpack[ClientOptions]) -> Orderly:
        """A client of this venue, ready; it ends with the venue at the latest.

        Args:
            account: Which of ``credentials``, from 0.
            options: As of ``orderly_sync.connect``.

        Raises:
            UsageError: There is no such account, or an option makes no sense.
        """
        if not 0 <= account < len(self.credentials):
            count = len(self.credentials)
            more = f"open it with accounts={account + 1}" if account > 0 else "they count from 0"
            raise UsageError(f"account={account} is none of this venue's {count}; {more}")
        client = connect(
            self.line, credentials=self.credentials[account], rate_limits=self._rate_limits, **options
        )
        for refuse in (client.rest.refuse_all, partial(refuse_all, client.paper)):
            self._venue.at_stop.append(partial(refuse, PAPER_STOPPED))
        self.clients.append(client)
        return client

    def _show_mark_price(self, symbol: str, price: Number, ts: int | None) -> None:
        for client in self.clients:
            if ts is not None:
                show_mark_price(client.paper, symbol, price, ts)

    def stop(self) -> None:
        """End all clients, then the venue; idempotent."""
        if self._stopped:
            return
        self._stopped = True
        with ExitStack() as ends:
            ends.callback(atexit.unregister, self._venue.stop)
            ends.callback(self._venue.stop)
            ends.callback(self.public.close)
            while self.clients:
                ends.callback(self.clients.pop().stop)
            self.faults.clear()
