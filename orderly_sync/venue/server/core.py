"""The venue itself, without threads or sockets: exchange, makers, time, ledger, and what is told to whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from orderly_sync.clock import Clock
from orderly_sync.venue.engine.commands import CancelOrders, Command, PlaceAlgo, PlaceOrder
from orderly_sync.venue.engine.exchange import Exchange
from orderly_sync.venue.engine.facts import AccountChanged, BookChanged, Fact, Traded
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.engine.simulated_market import CROWD, MAKER, Market
from orderly_sync.venue.engine.symbols import SYMBOLS, SymbolRules
from orderly_sync.venue.engine.tape import Candle, Tape
from orderly_sync.venue.programs.programs import Programs
from orderly_sync.venue.server import notification_rows as letters
from orderly_sync.venue.server.accounts import FUNDS, OrderlyKey, PaperAccount, first_keys
from orderly_sync.venue.server.auth import Keys
from orderly_sync.venue.server.broadcast import Broadcast
from orderly_sync.venue.server.encoding import encode
from orderly_sync.venue.server.faults import Faults
from orderly_sync.venue.server.ledger_log import LedgerLog
from orderly_sync.venue.server.notifications import Notifications
from orderly_sync.venue.server.position_history import ClosedPositions
from orderly_sync.venue.server.publisher import Publisher
from orderly_sync.venue.server.registry import Member, Registry, nonces
from orderly_sync.venue.server.reports import Reports
from orderly_sync.venue.server.sessions import Session
from orderly_sync.venue.server.snapshot import snapshot
from orderly_sync.venue.server.timing import VenueTime
from orderly_sync.venue.server.topics import TopicRefused, WantedTopic, parse_topic
from orderly_sync.wire.error_codes import INVALID_PARAM, UNAUTHORIZED

__all__ = ["Core"]

_MOST_MS = 400 * 86_400_000
_MAKER_FUNDS = Decimal(10**12)
_FIRST_SEQ = 1_767_000_000_000_000_000
_MINUTE = 60_000


class Core:
    """One venue.

    Args:
        accounts: The accounts to open and fund.
        time: The venue's own time.
        clock: The wall clock, for the age of logins.
        kind: How the market moves; a name of ``market.KINDS``.
        seed: The same seed and the same commands give the same events.
        rules: The symbols to list.
        funds: USDC each account starts with.
    """

    exchange: Exchange
    symbols: tuple[str, ...]

    def __init__(
        self,
        *,
        accounts: Sequence[PaperAccount],
        time: VenueTime,
        clock: Clock,
        kind: str = "calm",
        seed: int = 0,
        rules: tuple[SymbolRules, ...] = SYMBOLS,
        funds: Decimal = FUNDS,
    ) -> None:
        self.time = time
        self.registry = Registry()
        self.accounts = self.registry.members
        self.keys = Keys(first_keys(accounts), self.registry.main_of)
        self.nonces = nonces()
        self.on_key_removed: Callable[[OrderlyKey], object] = lambda _: None
        """Called with a key that is accepted no more, to close its connections."""
        self.inbox = Notifications()
        self.reports = Reports(self)
        self.faults = Faults()
        self.faults.seed(seed)
        self.publisher = Publisher(self.faults)
        self.ledger = LedgerLog()
        self.symbols = tuple(each.symbol for each in rules)
        self.opening = time.now()
        self.exchange = Exchange(symbols=rules, seed=seed)
        self.world = Programs(symbols=self.symbols, seed=seed, opening=self.opening)
        self.exchange.charge_tags(self.world.tags.rate)
        self.market = Market(rules, kind, seed)
        self.tape = Tape(rules, seed, self.opening)
        self.broadcast = Broadcast(self)
        self.maintenance: dict[str, Any] = {"status": 0, "msg": "system is functioning properly"}
        self.maintenance_cancels: set[str] = set()
        self.announcements: list[dict[str, Any]] = []
        self.closed = ClosedPositions()
        self._clock = clock
        self._listed = frozenset(self.symbols)
        self._seq = 0
        self._days: dict[str, tuple[int, int, Candle]] = {}
        self._touched: set[str] = set()
        for account_id in (MAKER, CROWD):
            self.exchange.open_account(account_id, usdc=_MAKER_FUNDS, is_maker=True)
        for account in accounts:
            self.open_account(
                account.account_id, address=account.address, broker_id=account.broker_id, usdc=funds
            )
        for symbol in self.symbols:
            self._quote(symbol, self.exchange.mark(symbol), self.opening)
        self._tell(self.exchange.advance(self.opening))

    # Reads.

    def now(self) -> int:
        """The venue's time in ms."""
        return self.time.now()

    def clocks(self) -> tuple[int, int]:
        """What a timestamp may be near: the wall clock and the venue's own time, ms."""
        return self._clock.time_ms(), self.now()

    def account(self, account_id: str) -> Member:
        """The account of that id, whatever its spelling in hex.

        Raises:
            Refused: -1006, there is none.
        """
        return self.registry.get(account_id)

    def known_account(self, account_id: str) -> str:
        """The id as the ledger spells it; raises Refused."""
        return self.account(account_id).account_id

    def symbol(self, name: str) -> str:
        """The symbol, if it is listed.

        Raises:
            Refused: -1005, it is not.
        """
        if name not in self._listed:
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

    def too_young(self, ts: int) -> bool:
        """Whether a read does not show something of that time yet, because a fault makes reads lag."""
        return self.faults.read_lag_ms > 0 and ts > self.now() - self.faults.read_lag_ms

    def next_seq(self) -> int:
        """A number beyond 2^53 that grows with everything told."""
        self._seq += 1
        return _FIRST_SEQ + self._seq

    def est_funding(self, symbol: str) -> tuple[Decimal, int]:
        """The funding rate of the coming boundary as it looks now, and the time of the estimate."""
        funding = self.exchange.funding(self.symbol(symbol))
        return funding.est_funding_rate, funding.est_funding_rate_timestamp

    def next_funding(self, symbol: str) -> int:
        """The coming funding boundary, ms."""
        return self.exchange.funding(self.symbol(symbol)).next_funding_time

    def last_funding(self, symbol: str) -> tuple[Decimal, int]:
        """The rate of the last boundary and its time."""
        funding = self.exchange.funding(self.symbol(symbol))
        return funding.last_funding_rate, funding.last_funding_rate_timestamp

    def sum_unitary_funding(self, symbol: str) -> Decimal:
        """Funding per unit since the opening."""
        return self.exchange.funding(self.symbol(symbol)).sum_unitary_funding

    def snapshot(self, account_id: str) -> dict[str, Any]:
        """What the venue holds of an account right now, for comparing: orders, algo orders, positions, holding."""
        return snapshot(self, self.account(account_id))

    # What happens.

    def open_account(
        self,
        account_id: str,
        *,
        address: str,
        broker_id: str,
        usdc: Decimal = Decimal(0),
        main_id: str | None = None,
        description: str = "",
        delegate: str | None = None,
    ) -> Member:
        """Make an account that may trade from now on; its fields are those of ``registry.Member``.

        Raises:
            Refused: -1007, it exists.
        """
        member = self.registry.add(
            account_id,
            address=address,
            broker_id=broker_id,
            now=self.now(),
            main_id=main_id,
            description=description,
            delegate=delegate,
        )
        fees = self.world.fees.rates(account_id, broker_id).trading
        self.exchange.open_account(account_id, usdc=usdc, fees=fees)
        return member

    def remove_key(self, key: OrderlyKey) -> None:
        """Accept a key of an account no more, and close the connections that it opened."""
        self.keys.remove(key.public, key.account_id)
        self.on_key_removed(key)

    def submit(self, account_id: str, command: Command) -> Any:
        """Carry out an account's command; the exchange's answer.

        Raises:
            Refused: The exchange says no; nothing has happened then and no time has passed.
        """
        if isinstance(command, (PlaceOrder, PlaceAlgo)):
            self.world.tags.admit(command.order_tag)
        now = self.time.upcoming()
        outcome = self.exchange.submit(account_id, command, now)
        self.time.reach(now)
        self._tell(outcome.facts)
        self._replenish(now)
        return outcome.answer

    def set_mark_price(self, symbol: str, price: Decimal) -> None:
        """Move a market: makers quote around the new price, then mark and index stand there and triggers fire.

        Raises:
            Refused: -1005, an unknown symbol or a price not above 0.
        """
        self.symbol(symbol)
        if not price.is_finite() or price <= 0:
            raise Refused(INVALID_PARAM, "a price must be above 0")
        self.market.follow(symbol, None)
        now = self.time.upcoming()
        self.time.reach(now)
        self._move(symbol, price, price, now)

    def set_market(self, symbol: str, prices: Mapping[str, Decimal]) -> None:
        """Take a market from elsewhere: ``mark``, ``index``, ``bid`` and ``ask``, those that are told.

        Makers stand at the bid and the ask; what is not told stays as it is.

        Raises:
            Refused: -1005, an unknown symbol or a price not above 0.
        """
        self.symbol(symbol)
        for price in prices.values():
            if not price.is_finite() or price <= 0:
                raise Refused(INVALID_PARAM, "a price must be above 0")
        bid, ask = prices.get("bid"), prices.get("ask")
        if bid is not None and ask is not None and bid < ask:
            self.market.follow(symbol, (bid, ask))
        now = self.time.upcoming()
        self.time.reach(now)
        mark = prices.get("mark", self.exchange.mark(symbol))
        self._move(symbol, mark, prices.get("index", self.exchange.index(symbol)), now)

    def advance(self, ms: int) -> None:
        """Let time pass at once, with everything that falls due in it.

        Raises:
            Refused: -1005, a negative span or one beyond 400 days.
        """
        if not 0 <= ms <= _MOST_MS:
            raise Refused(INVALID_PARAM, "ms must be 0 or more, and at most 400 days")
        self._tell(self.exchange.advance(self.time.advance(ms)))
        self._replenish(self.now())

    def pass_time(self) -> None:
        """Let happen what has fallen due since the last look."""
        self._tell(self.exchange.advance(self.time.now()))
        self._replenish(self.now())

    def step(self, symbol: str) -> None:
        """One step of a moving market: its price walks, makers follow, the crowd trades."""
        now = self.now()
        mark = self.market.next_mark(symbol, self.exchange.mark(symbol))
        self._move(symbol, mark, self.market.index(symbol, mark), now)
        for order in self.market.crowd(symbol, mark):
            self._simulated(CROWD, order.command, now)

    def set_maintenance(self, status: int, start: int | None = None, end: int | None = None) -> None:
        """Announce maintenance (status 2) or its end (0); while it lasts trading is refused."""
        if status not in {0, 2}:
            raise Refused(INVALID_PARAM, "status is 0 for normal and 2 for maintenance")
        message = "system is under maintenance" if status else "system is functioning properly"
        self.maintenance = {"status": status, "msg": message}
        if start is not None and end is not None:
            self.maintenance["scheduled_maintenance"] = {"startTime": start, "endTime": end}
        self.publisher.public("maintenance_status", self.now(), encode([self.maintenance]))
        if status:
            for account_id in sorted(self.maintenance_cancels):
                self.submit(account_id, CancelOrders())

    def set_maintenance_cancel(self, account_id: str, *, wanted: bool) -> None:
        """Whether an account's orders are pulled when maintenance starts."""
        if wanted:
            self.maintenance_cancels.add(account_id)
        else:
            self.maintenance_cancels.discard(account_id)
        self.reports.tell(AccountChanged(ts=self.now(), account_id=account_id))

    def announce(self, message: str, url: str | None = None) -> int:
        """Publish an announcement; its id."""
        row = {"announcement_id": len(self.announcements) + 1, "message": message, "url": url}
        self.announcements.append({**row, "updated_time": self.now()})
        self.publisher.public("announcement", self.now(), encode(row))
        letter = letters.announced(message, len(self.announcements))
        for member in self.accounts.values():
            self.reports.write(member, letter, self.now())
        return int(str(row["announcement_id"]))

    def tell(self, topic: str, data: Any, account_id: str | None = None) -> None:
        """Push something that the venue itself has no cause for; with an account, to that one and into its ledger."""
        if account_id is None:
            self.publisher.public(topic, self.now(), encode(data))
        else:
            self.reports.report(self.account(account_id), self.now(), topic, None, data)

    # For sessions.

    def login(self, account_id: str, params: Mapping[str, Any], who: str) -> OrderlyKey:
        """The key of a WebSocket login from an address; raises Refused."""
        stamp, sign = params.get("timestamp"), params.get("sign")
        key = self.keys.check_login(
            account_id, params.get("orderly_key"), stamp, sign, self.clocks(), who=who
        )
        if "read" not in key.scopes and "trading" not in key.scopes:
            raise Refused(UNAUTHORIZED, "this key may not read")
        return key

    def topic(self, name: str) -> WantedTopic:
        """The topic of that name; raises TopicRefused."""
        return parse_topic(name, self._listed)

    def subscribed(self, session: Session, topic: WantedTopic) -> None:
        """A subscription took effect."""
        self.broadcast.send_initial(session, topic)

    def orderbook(self, symbol: str) -> dict[str, Any]:
        """The answer to a request for an order book; raises TopicRefused."""
        if symbol not in self._listed:
            raise TopicRefused(f"invalid symbol {symbol}")
        return self.broadcast.orderbook(symbol)

    # Inside.

    def _move(self, symbol: str, mark: Decimal, index: Decimal, now: int) -> None:
        # The makers go first, so that orders triggered by the price find a book around it.
        self._quote(symbol, mark, now)
        self._tell(self.exchange.set_prices(symbol, now, mark=mark, index=index))
        self._touched.add(symbol)
        self._replenish(now)

    def _replenish(self, now: int) -> None:
        """Makers quote anew where somebody traded."""
        while self._touched:
            symbol = min(self._touched)
            self._touched.discard(symbol)
            self._quote(symbol, self.exchange.mark(symbol), now)
            self._touched.discard(symbol)

    def _quote(self, symbol: str, mark: Decimal, now: int) -> None:
        resting = (order for order in self.exchange.orders(MAKER) if order.symbol == symbol)
        for command in self.market.quotes(symbol, mark, resting).commands():
            self._simulated(MAKER, command, now)

    def _simulated(self, account_id: str, command: Command, now: int) -> None:
        """A command of a simulated account; one that the exchange refuses is simply not carried out."""
        try:
            outcome = self.exchange.submit(account_id, command, now)
        except Refused:
            return
        self._tell(outcome.facts)

    def _tell(self, facts: Iterable[Fact]) -> None:
        for fact in facts:
            if isinstance(fact, BookChanged):
                self.broadcast.book_changed(fact)
            elif isinstance(fact, Traded):
                self.tape.record(fact)
                self.broadcast.traded(fact)
                self._touched.add(fact.symbol)
            else:
                self.reports.tell(fact)
