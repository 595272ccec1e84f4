"""Everything the exchange knows, and the facts it is about to report."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from decimal import Decimal
from random import Random

import attrs

from orderly_sync.models.enums import MarginMode, OrderSide
from orderly_sync.venue.engine.book import LimitOrderBook
from orderly_sync.venue.engine.facts import Fact
from orderly_sync.venue.engine.fees import STANDARD, FeeRates
from orderly_sync.venue.engine.ledger import FLAT, Entry, Holding
from orderly_sync.venue.engine.orders import Key, Order
from orderly_sync.venue.engine.pending import WorkingOrders
from orderly_sync.venue.engine.records import (
    INSURANCE_FUND,
    AssetRow,
    Fill,
    FundingFee,
    FundingRate,
    LiquidationRow,
    Offer,
    Settlement,
    TransferRow,
)
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.engine.symbols import SymbolRules
from orderly_sync.venue.engine.trees import Tree
from orderly_sync.venue.engine.waiting import OpenTrees
from orderly_sync.wire.error_codes import INVALID_PARAM, RESOURCE_NOT_FOUND, RPC_REJECT

__all__ = ["Account", "Day", "ExchangeState", "FundingMeter", "MarketState"]

_ZERO = Decimal(0)
_DAY_MS = 86_400_000


@attrs.define(kw_only=True)
class FundingMeter:
    """The premiums of the running funding period, and the rates of those that are over, oldest first."""

    next_sample: int = 0
    next_boundary: int = 0
    """0 until the clock is started."""
    total: Decimal = _ZERO
    count: int = 0
    rates: list[FundingRate] = attrs.field(factory=list)

    @property
    def mean(self) -> Decimal:
        """The mean premium so far."""
        return self.total / self.count if self.count else _ZERO


@attrs.define(kw_only=True)
class MarketState:
    """One symbol as it trades."""

    rules: SymbolRules
    book: LimitOrderBook
    mark: Decimal
    index: Decimal
    last: Decimal | None = None
    sum_unitary_funding: Decimal = _ZERO
    funding: FundingMeter = attrs.field(factory=FundingMeter)


class Day:
    """PnL and fees of one position over the last 24 hours, summed as they come and go."""

    def __init__(self) -> None:
        self._rows: deque[tuple[int, Decimal, Decimal]] = deque()
        self._pnl = _ZERO
        self._fee = _ZERO

    def add(self, now: int, pnl: Decimal, fee: Decimal) -> None:
        """Count one fill."""
        self._rows.append((now, pnl, fee))
        self._pnl += pnl
        self._fee += fee

    def totals(self, now: int) -> tuple[Decimal, Decimal]:
        """Realised PnL and fees, USDC."""
        while self._rows and self._rows[0][0] <= now - _DAY_MS:
            _, pnl, fee = self._rows.popleft()
            self._pnl -= pnl
            self._fee -= fee
        return self._pnl, self._fee


@attrs.define(kw_only=True)
class Account:
    """One account. Of a maker (simulated liquidity) only what is open is kept."""

    account_id: str
    is_maker: bool
    usdc: Decimal
    fees: FeeRates = STANDARD
    version: int = 0
    updated_time: int = 0
    leverages: dict[Key, int] = attrs.field(factory=dict)
    default_modes: dict[str, MarginMode] = attrs.field(factory=dict)
    entries: dict[Key, Entry] = attrs.field(factory=dict)
    days: dict[Key, Day] = attrs.field(factory=dict)
    orders: dict[int, Order] = attrs.field(factory=dict)
    open_ids: dict[int, None] = attrs.field(factory=dict)
    working: WorkingOrders = attrs.field(factory=WorkingOrders)
    """The open orders by position and side, with their sums."""
    client_ids: dict[str, int] = attrs.field(factory=dict)
    trees: dict[int, Tree] = attrs.field(factory=dict)
    open_trees: OpenTrees = attrs.field(factory=OpenTrees)
    roots: dict[int, int] = attrs.field(factory=dict)
    """Every algo node's id to the root of its tree."""
    algo_client_ids: dict[str, int] = attrs.field(factory=dict)
    fills: list[Fill] = attrs.field(factory=list)
    funding_fees: list[FundingFee] = attrs.field(factory=list)
    settlements: list[Settlement] = attrs.field(factory=list)
    assets: dict[int, AssetRow] = attrs.field(factory=dict)
    transfers: list[TransferRow] = attrs.field(factory=list)
    withdrawing: Decimal = _ZERO
    """USDC on its way out, still in the balance."""
    told: Holding | None = None
    """The balance as last reported."""
    cancel_at: int | None = None
    offers: dict[str | None, int] = attrs.field(factory=dict)
    """Open liquidations: of the cross account under None, of an isolated position under its symbol."""

    def refuse_in_liquidation(self, key: Key | None = None) -> None:
        """Raise Refused -1012 while the account, or that isolated position, is being liquidated."""
        scope = key[0] if key is not None and key[1] is MarginMode.ISOLATED else None
        for each in (None, scope):
            if each in self.offers:
                what = "the account" if each is None else f"the isolated position in {each}"
                raise Refused(RPC_REJECT, f"{what} is in liquidation {self.offers[each]}")

    @property
    def order_frozen(self) -> Decimal:
        """USDC frozen by open isolated orders, for what they may open beyond closing the position as it is now."""
        rows = (row for row in self.working.sides() if row[0][1] is MarginMode.ISOLATED)
        return sum((side.frozen(self.closable(key, which)) for key, which, side in rows), _ZERO)

    @property
    def frozen(self) -> Decimal:
        """USDC that is in the balance and cannot be used."""
        return self.order_frozen + self.withdrawing

    @property
    def isolated_margin(self) -> Decimal:
        """USDC that has moved to isolated positions."""
        return sum((entry.margin for entry in self.entries.values()), _ZERO)

    def entry(self, key: Key) -> Entry:
        """The ledger's row of a position, flat if there is none."""
        return self.entries.get(key, FLAT)

    def closable(self, key: Key, side: OrderSide) -> Decimal:
        """How much of a position orders of that side can close, 0 or more."""
        held = self.entry(key).quantity
        return max(_ZERO, -held if side is OrderSide.BUY else held)

    def keep(self, order: Order) -> None:
        """Store an order as it stands now. All changes of orders come through here, so that the sums hold."""
        self.orders[order.order_id] = order
        if not order.is_done:
            self.open_ids[order.order_id] = None
            self.working.put(order)
        elif order.order_id in self.open_ids:
            del self.open_ids[order.order_id]
            self.working.drop(order)

    def open_orders(self, symbol: str | None = None) -> Iterator[Order]:
        """Orders that can still trade, oldest first."""
        ids = self.open_ids if symbol is None else self._ids_of(symbol)
        for order_id in tuple(ids):
            yield self.orders[order_id]

    def _ids_of(self, symbol: str) -> list[int]:
        return sorted(order_id for _, _, side in self.working.sides(symbol) for order_id in side.orders)

    def pending(self, key: Key, without: int = 0) -> tuple[Decimal, Decimal]:
        """Unfilled quantity of open buys and of open sells, both at or above 0, one order left out."""
        buys, sells = (self.working.side(key, side) for side in (OrderSide.BUY, OrderSide.SELL))
        bought, sold = buys.remaining, sells.remaining
        if without in buys.orders:
            bought -= buys.orders[without].remaining
        if without in sells.orders:
            sold -= sells.orders[without].remaining
        return bought, sold


class ExchangeState:
    """All markets and accounts, the counters of ids, and the facts of the command at work."""

    def __init__(self, symbols: tuple[SymbolRules, ...], seed: int, insurance_fund: Decimal) -> None:
        self.markets = {
            rules.symbol: MarketState(
                rules=rules,
                book=LimitOrderBook(rules.symbol),
                mark=rules.reference_price,
                index=rules.reference_price,
            )
            for rules in symbols
        }
        self.fund = Account(
            account_id=INSURANCE_FUND,
            is_maker=True,
            usdc=insurance_fund,
            fees=FeeRates(taker=_ZERO, maker=_ZERO),
        )
        self.accounts: dict[str, Account] = {INSURANCE_FUND: self.fund}
        self.offers: dict[int, Offer] = {}
        self.liquidation_rows: list[LiquidationRow] = []
        self.now = 0
        self.facts: list[Fact] = []
        self.fees_collected = _ZERO
        self.tag_rate: Callable[[str | None, str], Decimal] = lambda _tag, _symbol: _ZERO
        """What an order's tag costs besides, by tag and symbol: a decimal fraction."""
        self.positions_changed: dict[tuple[str, Key], Decimal] = {}
        """Positions whose quantity, pending quantity or margin changed, with the quantity before."""
        self.accounts_changed: dict[str, None] = {}
        """Accounts whose totals changed."""
        self.marks_moved = False
        chance = Random(seed)  # noqa: S311 - ids, not secrets
        self._order_id = 1_167_000_000 + chance.randrange(10**7)
        self._algo_id = 654_000_000 + chance.randrange(10**7)
        self._trade_id = 1_715_179_456_664_011
        self._liquidation_id = 1_000
        self._money_id = 230_707_030_600_000
        self._match_id = 1_773_456_866_666_661_999

    def touch(self, account: Account, key: Key, before: Decimal) -> None:
        """Remember that a position changes, and what it held before the first change."""
        self.positions_changed.setdefault((account.account_id, key), before)

    def emit(self, fact: Fact) -> None:
        """Report a fact, unless it concerns simulated liquidity alone."""
        owner = self.accounts.get(getattr(fact, "account_id", ""))
        if owner is None or not owner.is_maker:
            self.facts.append(fact)

    def taken(self) -> tuple[Fact, ...]:
        """The facts reported since the last call."""
        facts, self.facts = tuple(self.facts), []
        return facts

    def market(self, symbol: str) -> MarketState:
        """The market of a symbol; -1005 if there is none."""
        try:
            return self.markets[symbol]
        except KeyError:
            known = ", ".join(self.markets)
            raise Refused(
                INVALID_PARAM, f"symbol {symbol!r} is not traded here; the symbols are {known}"
            ) from None

    def account(self, account_id: str) -> Account:
        """The account; -1006 if there is none."""
        try:
            return self.accounts[account_id]
        except KeyError:
            raise Refused(RESOURCE_NOT_FOUND, f"account {account_id} does not exist") from None

    def next_order_id(self) -> int:
        """A new order id."""
        self._order_id += 1
        return self._order_id

    def next_algo_id(self) -> int:
        """A new algo order id."""
        self._algo_id += 1
        return self._algo_id

    def next_money_id(self) -> int:
        """A new id of a settlement, a deposit, a withdrawal or a transfer."""
        self._money_id += 1
        return self._money_id

    def next_liquidation_id(self) -> int:
        """A new id of a liquidation or of a claim on the insurance fund."""
        self._liquidation_id += 1
        return self._liquidation_id

    def next_trade_id(self) -> int:
        """A new id of one side of a trade."""
        self._trade_id += 1
        return self._trade_id

    def next_match_id(self) -> int:
        """A new id of a trade, beyond 2^53."""
        self._match_id += 1
        return self._match_id
