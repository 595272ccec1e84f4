"""What is true of the markets: which are listed, what they traded, where their funding stands."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.engine.tape import Candle, Tape
from orderly_sync.venue.server.ports import ExchangeReader
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["MarketData"]

_MINUTE = 60_000


class MarketData:
    """The markets of one venue.

    Args:
        exchange: For prices and funding.
        tape: What was traded.
        now: The venue's time, ms.
    """

    def __init__(self, exchange: ExchangeReader, tape: Tape, now: Callable[[], int]) -> None:
        self.symbols: tuple[str, ...] = tuple(exchange.rules)
        """What is listed, in order."""
        self.listed = frozenset(self.symbols)
        self.opening: int = now()
        """When the venue opened, ms."""
        self.tape = tape
        self.now = now
        self._exchange = exchange
        self._days: dict[str, tuple[int, int, Candle]] = {}

    def symbol(self, name: str) -> str:
        """The symbol, if it is listed.

        Raises:
            Refused: -1005, it is not.
        """
        if name not in self.listed:
            raise Refused(INVALID_PARAM, f"symbol {name} is not listed; listed are {', '.join(self.symbols)}")
        return name

    def day(self, symbol: str) -> Candle:
        """The last 24 hours of a symbol; computed anew when it traded or a minute passed."""
        minute = self.now() // _MINUTE
        trades = self.tape.count(symbol)
        known = self._days.get(symbol)
        if known is None or known[:2] != (minute, trades):
            known = self._days[symbol] = (minute, trades, self.tape.day(symbol, self.now()))
        return known[2]

    def est_funding(self, symbol: str) -> tuple[Decimal, int]:
        """The funding rate of the coming boundary as it looks now, and the time of the estimate."""
        funding = self._exchange.funding(self.symbol(symbol))
        return funding.est_funding_rate, funding.est_funding_rate_timestamp

    def next_funding(self, symbol: str) -> int:
        """The coming funding boundary, ms."""
        return self._exchange.funding(self.symbol(symbol)).next_funding_time

    def last_funding(self, symbol: str) -> tuple[Decimal, int]:
        """The rate of the last boundary and its time."""
        funding = self._exchange.funding(self.symbol(symbol))
        return funding.last_funding_rate, funding.last_funding_rate_timestamp

    def sum_unitary_funding(self, symbol: str) -> Decimal:
        """Funding per unit since the opening."""
        return self._exchange.funding(self.symbol(symbol)).sum_unitary_funding
