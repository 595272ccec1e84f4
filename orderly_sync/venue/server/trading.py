"""What happens at the exchange: commands of accounts, prices that move, time that passes, and makers who follow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from orderly_sync.venue.engine.commands import Command, PlaceAlgo, PlaceOrder
from orderly_sync.venue.engine.facts import Fact, Traded
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.engine.simulated_market import CROWD, MAKER, SimulatedMarket
from orderly_sync.venue.server.market_data import MarketData
from orderly_sync.venue.server.ports import ExchangeDriver
from orderly_sync.venue.server.timing import FrozenTime, VenueTime
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["TradingService"]

_MOST_MS = 400 * 86_400_000
_MAKER_FUNDS = Decimal(10**12)


class TradingService:
    """All that changes the exchange, each thing with the facts it brings passed on.

    Args:
        exchange: The exchange.
        market: The simulated makers and takers.
        markets: What is listed.
        time: The venue's own time.
        tell: Told every fact, in order.
        admit: Refuses the tag of an order that may not carry it.
    """

    def __init__(
        self,
        exchange: ExchangeDriver,
        market: SimulatedMarket,
        markets: MarketData,
        time: VenueTime,
        *,
        tell: Callable[[Fact], None],
        admit: Callable[[str | None], object],
    ) -> None:
        self.market = market
        self.symbols: tuple[str, ...] = markets.symbols
        """What is listed, in order."""
        self._exchange = exchange
        self._markets = markets
        self._time = time
        self._tell_one = tell
        self._admit = admit
        self.on_change: Callable[[], object] = _nothing
        """Called when something has happened and was told."""
        self.on_price: Callable[[str], object] = _nothing_of
        """Called with the symbol when a price was set by hand, and all that follows from it was told."""
        self.on_jump: Callable[[int, int], object] = _nothing_of
        """Called when time passed at once, with the time before and after, ms, and all that fell due was told."""
        self._touched: set[str] = set()

    def admit_makers(self) -> None:
        """Open the accounts of the simulated makers and takers; they come before all others."""
        for account_id in (MAKER, CROWD):
            self._exchange.open_account(account_id, usdc=_MAKER_FUNDS, is_maker=True)

    def open(self) -> None:
        """Have the makers quote, and start the clocks of funding."""
        now = self._time.now()
        for symbol in self._exchange.rules:
            self._quote(symbol, self._exchange.mark(symbol), now)
        self._tell(self._exchange.advance(now))

    def submit(self, account_id: str, command: Command) -> Any:
        """Carry out an account's command; the exchange's answer.

        Raises:
            Refused: The exchange says no; nothing has happened then and no time has passed.
        """
        if isinstance(command, (PlaceOrder, PlaceAlgo)):
            self._admit(command.order_tag)
        now = self._time.upcoming()
        outcome = self._exchange.submit(account_id, command, now)
        self._time.reach(now)
        self._tell(outcome.facts)
        self._replenish(now)
        return outcome.answer

    def set_mark_price(self, symbol: str, price: Decimal) -> None:
        """Move a market: makers quote around the new price, then mark and index stand there and triggers fire.

        Raises:
            Refused: -1005, an unknown symbol or a price not above 0.
        """
        self._markets.symbol(symbol)
        _check_price(price)
        self.market.follow(symbol, None)
        self._move(symbol, price, price, self._next())
        self.on_price(symbol)

    def set_market(self, symbol: str, prices: Mapping[str, Decimal]) -> None:
        """Take a market from elsewhere: ``mark``, ``index``, ``bid`` and ``ask``, those that are given.

        Makers stand at the bid and the ask; what is not told stays as it is.

        Raises:
            Refused: -1005, an unknown symbol or a price not above 0.
        """
        self._markets.symbol(symbol)
        for price in prices.values():
            _check_price(price)
        bid, ask = prices.get("bid"), prices.get("ask")
        if bid is not None and ask is not None and bid < ask:
            self.market.follow(symbol, (bid, ask))
        now = self._next()
        mark = prices.get("mark", self._exchange.mark(symbol))
        self._move(symbol, mark, prices.get("index", self._exchange.index(symbol)), now)
        if isinstance(
            self._time, FrozenTime
        ):  # elsewhere prices stream in, and are pushed as often as the real ones
            self.on_price(symbol)

    def advance(self, ms: int) -> int:
        """Let time pass at once, with everything that falls due in it; the time then, ms.

        Raises:
            Refused: -1005, a negative span or one beyond 400 days.
        """
        if not 0 <= ms <= _MOST_MS:
            raise Refused(INVALID_PARAM, "ms must be 0 or more, and at most 400 days")
        before = self._time.now()
        self._tell(self._exchange.advance(self._time.advance(ms)))
        self._replenish(self._time.now())
        self.on_jump(before, before + ms)
        return self._time.now()

    def pass_time(self) -> None:
        """Let happen what has fallen due since the last look."""
        self._tell(self._exchange.advance(self._time.now()))
        self._replenish(self._time.now())

    def step(self, symbol: str) -> None:
        """One step of a moving market: its price walks, makers follow, the crowd trades."""
        now = self._time.now()
        mark = self.market.next_mark(symbol, self._exchange.mark(symbol))
        self._move(symbol, mark, self.market.index(symbol, mark), now)
        for order in self.market.crowd(symbol, mark):
            self._simulated(CROWD, order.command, now)

    def _next(self) -> int:
        now = self._time.upcoming()
        self._time.reach(now)
        return now

    def _move(self, symbol: str, mark: Decimal, index: Decimal, now: int) -> None:
        # The makers go first, so that orders triggered by the price find a book around it.
        self._quote(symbol, mark, now)
        self._tell(self._exchange.set_prices(symbol, now, mark=mark, index=index))
        self._touched.add(symbol)
        self._replenish(now)

    def _replenish(self, now: int) -> None:
        """Makers quote anew where somebody traded."""
        while self._touched:
            symbol = min(self._touched)
            self._touched.discard(symbol)
            self._quote(symbol, self._exchange.mark(symbol), now)
            self._touched.discard(symbol)

    def _quote(self, symbol: str, mark: Decimal, now: int) -> None:
        resting = (order for order in self._exchange.orders(MAKER) if order.symbol == symbol)
        for command in self.market.quotes(symbol, mark, resting).commands():
            self._simulated(MAKER, command, now)

    def _simulated(self, account_id: str, command: Command, now: int) -> None:
        """A command of a simulated account; one that the exchange refuses is simply not carried out."""
        try:
            outcome = self._exchange.submit(account_id, command, now)
        except Refused:
            return
        self._tell(outcome.facts)

    def _tell(self, facts: Iterable[Fact]) -> None:
        for fact in facts:
            if isinstance(fact, Traded):
                self._touched.add(fact.symbol)
            self._tell_one(fact)
        self.on_change()


def _nothing() -> None:
    pass


def _nothing_of(*_: object) -> None:
    pass


def _check_price(price: Decimal) -> None:
    if not price.is_finite() or price <= 0:
        raise Refused(INVALID_PARAM, "a price must be above 0")
