"""The venue itself, without threads or sockets: its services, made and joined once, and opened in order."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from orderly_sync.clock import Clock
from orderly_sync.venue.engine.exchange import Exchange
from orderly_sync.venue.engine.facts import BookChanged, Fact, Traded
from orderly_sync.venue.engine.fees import FeeRates
from orderly_sync.venue.engine.simulated_market import SimulatedMarket
from orderly_sync.venue.engine.symbols import SYMBOLS, SymbolRules
from orderly_sync.venue.engine.tape import Tape
from orderly_sync.venue.programs.programs import Programs
from orderly_sync.venue.programs.vaults.vault_service import VaultService
from orderly_sync.venue.server.account_service import Accounts
from orderly_sync.venue.server.accounts import FUNDS, PaperAccount, first_keys
from orderly_sync.venue.server.auth import KeyTable, RegisteredKey
from orderly_sync.venue.server.broadcast import Broadcast, PublicView
from orderly_sync.venue.server.call import Services
from orderly_sync.venue.server.fault_targets import FaultTargets
from orderly_sync.venue.server.faults import Faults
from orderly_sync.venue.server.market_data import MarketData
from orderly_sync.venue.server.notices import Notices
from orderly_sync.venue.server.publisher import Publisher
from orderly_sync.venue.server.registry import Member
from orderly_sync.venue.server.reports import Reports
from orderly_sync.venue.server.sessions import SocketSession
from orderly_sync.venue.server.snapshot import snapshot
from orderly_sync.venue.server.timing import VenueTime
from orderly_sync.venue.server.topics import TopicRefused, WantedTopic, parse_topic
from orderly_sync.venue.server.trading import TradingService

__all__ = ["Core"]


class Core:
    """One venue: the place where its services are made. Operations are handed the services, not this.

    Args:
        accounts: The accounts to open and fund.
        time: The venue's own time.
        clock: The wall clock, for the age of logins.
        kind: How the market moves; a name of ``market.KINDS``.
        seed: The same seed and the same commands give the same events.
        rules: The symbols to list.
        funds: USDC each account starts with.
        operations: Verb and path of each HTTP operation; with these, faults that can strike nothing are refused.
    """

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
        operations: Collection[tuple[str, str]] | None = None,
    ) -> None:
        self.time = time
        self._clock = clock
        self.faults = Faults(None if operations is None else self._fault_targets(rules, operations))
        self.faults.seed(seed)
        self.publisher = Publisher(self.faults.rules)
        self.exchange = Exchange(symbols=rules, seed=seed)
        self.tape = Tape(rules, seed, time.now())
        self.markets = MarketData(self.exchange, self.tape, self.now)
        self.programs = Programs(symbols=self.symbols, seed=seed, opening=self.markets.opening)
        self.exchange.charge_tags(self.programs.tags.rate)
        self.accounts = Accounts(
            first_keys(accounts), clocks=self.clocks, fund=self._fund, charge=self.exchange.set_fees
        )
        self.reports = Reports(self.exchange, self.accounts.members, self.publisher)
        self.market = SimulatedMarket(rules, kind, seed)
        self.broadcast = Broadcast(
            PublicView(self.exchange, self.markets, lambda: self.market.halted), self.publisher, self.faults
        )
        self.trading = TradingService(
            self.exchange,
            self.market,
            self.markets,
            time,
            tell=self._tell,
            admit=self.programs.tags.admit,
        )
        self.trading.on_price = self.broadcast.price_set
        self.trading.on_jump = self.broadcast.time_passed
        self.notices = Notices(
            accounts=self.accounts,
            reports=self.reports,
            publisher=self.publisher,
            trading=self.trading,
            now=self.now,
            symbols=self.markets.listed,
        )
        self.services = self._services()
        self._open(accounts, funds)

    def _fault_targets(
        self, rules: tuple[SymbolRules, ...], operations: Collection[tuple[str, str]]
    ) -> FaultTargets:
        return FaultTargets(
            symbols=tuple(rule.symbol for rule in rules),
            operations=operations,
            accounts=lambda: [member.account_id for member in self.accounts.members.values()],
        )

    def _services(self) -> Services:
        return Services(
            exchange=self.exchange,
            trading=self.trading,
            markets=self.markets,
            accounts=self.accounts,
            reports=self.reports,
            notices=self.notices,
            programs=self.programs,
            vaults=VaultService(
                self.programs.vaults, self.accounts.members, self.accounts.nonces, self.trading, self.now
            ),
            faults=self.faults,
            publisher=self.publisher,
        )

    def _open(self, accounts: Sequence[PaperAccount], funds: Decimal) -> None:
        """The opening: the makers, the accounts, the vaults, the first quotes."""
        self.trading.admit_makers()
        for account in accounts:
            self.accounts.open(
                account.account_id, address=account.address, broker_id=account.broker_id, usdc=funds
            )
        self.services.vaults.open(
            lambda account_id, usdc: self.exchange.open_account(account_id, usdc=usdc, is_maker=True)
        )
        self.trading.open()

    # Reads.

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols it lists."""
        return self.markets.symbols

    @property
    def keys(self) -> KeyTable:
        """The keys it knows."""
        return self.accounts.keys

    def now(self) -> int:
        """The venue's time in ms."""
        return self.time.now()

    def clocks(self) -> tuple[int, int]:
        """What a timestamp may be near: the wall clock and the venue's own time, ms."""
        return self._clock.time_ms(), self.now()

    def snapshot(self, account_id: str) -> dict[str, object]:
        """What the venue holds of an account right now, for comparing: orders, algo orders, positions, holding."""
        return snapshot(self.exchange, self.accounts.get(account_id), self.now())

    # For sessions.

    def login(self, account_id: str, params: Mapping[str, object], who: str) -> RegisteredKey:
        """The key of a WebSocket login from an address; raises Refused."""
        return self.accounts.login(account_id, params, who)

    def topic(self, name: str) -> WantedTopic:
        """The topic of that name; raises TopicRefused."""
        return parse_topic(name, self.markets.listed)

    def subscribed(self, session: SocketSession, topic: WantedTopic) -> None:
        """A subscription took effect."""
        self.broadcast.send_initial(session, topic)

    def orderbook(self, symbol: str) -> dict[str, object]:
        """The answer to a request for an order book; raises TopicRefused."""
        if symbol not in self.markets.listed:
            raise TopicRefused(f"invalid symbol {symbol}")
        return self.broadcast.orderbook(symbol)

    # Joints between the services.

    def _fund(self, member: Member, usdc: Decimal) -> None:
        fees: FeeRates = self.programs.fees.rates(member.account_id, member.broker_id).trading
        self.exchange.open_account(member.account_id, usdc=usdc, fees=fees)

    def _tell(self, fact: Fact) -> None:
        if isinstance(fact, BookChanged):
            self.broadcast.book_changed(fact)
        elif isinstance(fact, Traded):
            self.tape.record(fact)
            self.broadcast.traded(fact)
        else:
            self.reports.tell(fact)
