"""The margin formulas applied to a connected account, from its live positions, holdings and orders."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import wraps
from types import FunctionType
from typing import Any, NamedTuple, TypeVar

from orderly_sync.formulas import margin
from orderly_sync.formulas.margin import Exposure
from orderly_sync.live.account_view import AccountView
from orderly_sync.live.orders import OpenOrders
from orderly_sync.live.positions import position_key
from orderly_sync.models.base import made
from orderly_sync.models.enums import MarginMode, OrderSide
from orderly_sync.models.holding import Holding
from orderly_sync.models.market import FuturesInfo, SymbolRules
from orderly_sync.models.order import Order
from orderly_sync.models.position import Position
from orderly_sync.rest.choices import Margin as Mode
from orderly_sync.rest.choices import Side
from orderly_sync.trading.markets import Markets
from orderly_sync.values.arithmetic import all_owned
from orderly_sync.wire.enum_values import one_of
from orderly_sync.wire.numbers import Number, number
from orderly_sync.wire.symbols import symbol as native_symbol

__all__ = ["Margin"]

C = TypeVar("C", bound=type)

_ZERO = Decimal(0)
_USDC = "USDC"
_BPS = Decimal("0.0001")
_DEFAULT_LEVERAGE = 10


class _Totals(NamedTuple):
    exposures: Mapping[str, Exposure]
    usdc: Decimal
    """The balance that nothing holds back."""
    collateral: Decimal
    unsettled: Decimal
    pending_short: Decimal

    @property
    def free(self) -> Decimal:
        return margin.free_collateral(self.collateral, margin.initial_margin(self.exposures.values()))

    @property
    def withdrawable(self) -> Decimal:
        return margin.withdrawable(self.usdc, self.free, self.unsettled)

    @property
    def available_for_isolated(self) -> Decimal:
        return margin.available_for_isolated(
            self.free, self.usdc, self.unsettled, pending_short=self.pending_short
        )

    def others(self, symbol: str) -> list[Exposure]:
        return [each for each in self.exposures.values() if each.symbol != symbol]


def _as_asked(cls: C) -> C:
    """A class whose public figures are floats where ``numbers=float``; inside all is exact."""
    for name, member in list(vars(cls).items()):
        if isinstance(member, FunctionType) and not name.startswith("_"):
            setattr(cls, name, _told(member))
    return cls


def _told(figure: Callable[..., Decimal]) -> Callable[..., Decimal]:
    @wraps(figure)
    def told(self: Margin, *args: object, **kwargs: object) -> Any:
        return self._session.hub.numbers(figure(self, *args, **kwargs))

    return told


@_as_asked
@all_owned
class Margin:
    """What the account could still do, computed here from what is known live; see ``orderly_sync.formulas.margin``.

    Positions, holdings and open orders are the live ones, with their mark prices. Symbol rules are read by REST once,
    leverages again after the account topic told of a change, and mark prices of symbols without a position each time.
    USDC counts as collateral in full; other tokens count by the venue's weights where a market of theirs tells an index
    price, and not at all elsewhere. All amounts are USDC, all ratios fractions, reckoned exactly and
    told as floats where ``numbers=float``. A symbol that the venue does not list is a UsageError.
    """

    def __init__(self, session: AccountView, markets: Markets | None = None) -> None:
        self._session = session
        self._markets = markets or Markets(session.rest)
        self._lock = threading.Lock()
        self._leverages: dict[tuple[str, MarginMode], int] = {}
        self._told: tuple[object, object] | None = None

    def __repr__(self) -> str:
        return f"Margin({len(self._session.positions)} positions, {len(self._session.orders)} orders)"

    # The account -------------------------------------------------------------------------------------------------

    def total_collateral(self) -> Decimal:
        """What backs the cross positions: balances less what is held back, and unsettled PnL."""
        return self._totals().collateral

    def free_collateral(self) -> Decimal:
        """What new orders may use: total collateral less the initial margin of positions and orders."""
        return self._totals().free

    def initial_margin(self, *, with_orders: bool = True) -> Decimal:
        """What the cross positions ask for, open orders counted as filled unless told not to."""
        return margin.initial_margin(self._totals().exposures.values(), with_orders=with_orders)

    def maintenance_margin(self) -> Decimal:
        """The collateral below which the cross positions are liquidated."""
        return margin.maintenance_margin(self._totals().exposures.values())

    def margin_ratio(self) -> Decimal:
        """Total collateral over the notional of the cross positions; 10 without any."""
        totals = self._totals()
        return margin.margin_ratio(totals.collateral, totals.exposures.values())

    def initial_margin_ratio(self) -> Decimal:
        """Initial margin of the cross positions over their notional; 0 without any."""
        return margin.initial_margin_ratio(self._totals().exposures.values())

    def maintenance_margin_ratio(self) -> Decimal:
        """Maintenance margin of the cross positions over their notional; 0 without any."""
        return margin.maintenance_margin_ratio(self._totals().exposures.values())

    def withdrawable(self) -> Decimal:
        """USDC that can leave the account, or be added to isolated positions; unsettled profit cannot."""
        return self._totals().withdrawable

    def unsettled_pnl(self) -> Decimal:
        """What settling the cross positions would pay into the balance, at the present mark prices."""
        return self._totals().unsettled

    def unrealized_pnl(self) -> Decimal:
        """What the way from entry to mark price brought all positions, of both margin modes."""
        rows = self._session.positions.counted().values()
        return sum(
            (
                margin.unrealized_pnl(
                    _exact(row.quantity), self._mark_price(row.symbol, row), _exact(row.average_open_price)
                )
                for row in rows
            ),
            _ZERO,
        )

    # One symbol --------------------------------------------------------------------------------------------------

    def imr(self, symbol: str, *, margin_mode: Mode = "CROSS") -> Decimal:
        """The initial margin ratio of what is held of a symbol."""
        row = self._exposure(self._market(symbol), _mode(margin_mode))
        return row.imr(row.notional)

    def mmr(self, symbol: str, *, margin_mode: Mode = "CROSS") -> Decimal:
        """The maintenance margin ratio of what is held of a symbol."""
        row = self._exposure(self._market(symbol), _mode(margin_mode))
        return row.mmr(row.notional)

    def liquidation_price(self, symbol: str, *, margin_mode: Mode = "CROSS") -> Decimal:
        """The mark price at which liquidation begins, other prices standing still; 0 if none does."""
        name, mode = self._market(symbol), _mode(margin_mode)
        if mode is MarginMode.ISOLATED:
            return self._isolated_liquidation_price(name)
        totals = self._totals()
        if name not in totals.exposures:
            return _ZERO
        others = margin.maintenance_margin(totals.others(name))
        return margin.liquidation_price(totals.collateral, totals.exposures[name], others)

    def max_quantity(
        self, symbol: str, side: Side, *, margin_mode: Mode = "CROSS", price: Number | None = None
    ) -> Decimal:
        """The largest order that margin and the symbol's bounds allow, base units; 0 if not even the least.

        ``price`` is what an isolated order freezes margin at, the mark price without one: its limit, or of a market
        order ``mark * (1 + price_range)`` to buy and ``mark * (1 - price_range)`` to sell. Cross orders count at mark.
        """
        name, mode = self._market(symbol), _mode(margin_mode)
        wanted = one_of(OrderSide, side, "side")
        rules, totals = self._session.rules(name), self._totals()
        exposure = totals.exposures.get(name) if mode is MarginMode.CROSS else None
        exposure = exposure or self._exposure(name, mode)
        bounds = {
            "base_min": _exact(rules.base_min),
            "base_max": _exact(rules.base_max),
            "base_tick": _exact(rules.base_tick),
        }
        buy = wanted == OrderSide.BUY
        if mode is MarginMode.ISOLATED:
            available = totals.available_for_isolated
            at = number(price, "price")
            return margin.max_isolated_quantity(exposure, buy=buy, available=available, price=at, **bounds)
        return margin.max_quantity(
            exposure,
            buy=buy,
            collateral=totals.collateral,
            others=margin.initial_margin(totals.others(name)),
            taker_fee=self._taker_fee(),
            **bounds,
        )

    def removable_margin(self, symbol: str) -> Decimal:
        """USDC that the isolated position of a symbol can spare; 0 without one."""
        name = self._market(symbol)
        held = self._session.positions.counted().get(position_key(name, MarginMode.ISOLATED))
        if held is None:
            return _ZERO
        row = self._exposure(name, MarginMode.ISOLATED)
        return margin.removable_margin(
            _exact(held.margin), row.notional, row.imr(row.notional), row.unsettled_pnl
        )

    def _market(self, symbol: str) -> str:
        """The native symbol, of a market that there is."""
        name = native_symbol(symbol)
        self._markets.check(name)
        return name

    def _isolated_liquidation_price(self, symbol: str) -> Decimal:
        held = self._session.positions.counted().get(position_key(symbol, MarginMode.ISOLATED))
        if held is None:
            return _ZERO
        row = self._exposure(symbol, MarginMode.ISOLATED)
        cost = _exact(held.cost_position)
        due = row.quantity * row.mark_price - cost - row.unsettled_pnl
        return margin.isolated_liquidation_price(
            row.quantity,
            margin=_exact(held.margin),
            cost_position=cost,
            rate=row.mmr(row.notional),
            funding=_ZERO if held.unsettled_pnl is None else due,
        )

    # What is known -----------------------------------------------------------------------------------------------

    def _totals(self) -> _Totals:
        session = self._session
        orders = list(session.orders.snapshot().values())
        symbols = {row.symbol for row in session.positions.counted().values() if not _is_isolated(row)}
        symbols |= {row.symbol for row in orders if not _is_isolated(row)}
        exposures = {name: self._exposure(name, MarginMode.CROSS) for name in sorted(symbols)}
        unsettled = sum((row.unsettled_pnl for row in exposures.values()), _ZERO)
        holdings = session.holdings.snapshot()
        held = holdings.get(_USDC) or made(Holding, token=_USDC)
        balance, pending_short = _exact(held.holding), _exact(held.pending_short)
        back = {
            "frozen": _exact(held.frozen),
            "isolated_order_frozen": _exact(held.isolated_order_frozen),
        }
        collateral = margin.total_collateral(
            balance,
            unsettled,
            pending_short=pending_short,
            tokens=self._tokens(holdings.values()),
            **back,
        )
        usdc = balance - sum(map(abs, back.values()))
        return _Totals(exposures, usdc, collateral, unsettled, pending_short)

    def _exposure(self, symbol: str, mode: MarginMode) -> Exposure:
        session = self._session
        rules = session.rules(symbol)
        held = session.positions.counted().get(position_key(symbol, mode))
        bought, sold = _pending(session.orders, symbol, mode)
        mark_price = self._mark_price(symbol, held)
        return Exposure(
            symbol=symbol,
            mark_price=mark_price,
            leverage=self._leverage(rules, mode),
            base_imr=_exact(rules.base_imr),
            base_mmr=_exact(rules.base_mmr),
            imr_factor=self._imr_factor(rules),
            quantity=_exact(held.quantity) if held else _ZERO,
            bought=bought,
            sold=sold,
            unsettled_pnl=_unsettled(held, mark_price) if held else _ZERO,
        )

    def _mark_price(self, symbol: str, held: Position | None) -> Decimal:
        if held is not None and held.mark_price:
            return _exact(held.mark_price)
        return _exact(self._session.rest.market.futures_info(symbol).mark_price)

    def _imr_factor(self, rules: SymbolRules) -> Decimal:
        account = self._session.account
        own = account.imr_factor.get(rules.symbol) if account else None
        return _exact(rules.imr_factor if own is None else own)

    def _taker_fee(self) -> Decimal:
        account = self._session.account
        if account is None:
            return _ZERO
        rate = account.futures_taker_fee_rate
        return _exact(account.taker_fee_rate if rate is None else rate) * _BPS

    def _leverage(self, rules: SymbolRules, mode: MarginMode) -> int:
        session = self._session
        told = (session.account, session.account_update)
        with self._lock:
            fresh = self._told is not None and all(a is b for a, b in zip(self._told, told, strict=True))
            leverages = self._leverages
        if not fresh:
            rows = session.rest.config.leverages()
            leverages = {
                (row.symbol, row.margin_mode or MarginMode.CROSS): row.leverage
                for row in rows
                if row.symbol and row.leverage
            }
            with self._lock:
                self._leverages, self._told = leverages, told
        most = int(1 / _exact(rules.base_imr)) if rules.base_imr else _DEFAULT_LEVERAGE
        return leverages.get((rules.symbol, mode), min(_DEFAULT_LEVERAGE, most))

    def _tokens(self, holdings: Iterable[Holding]) -> Decimal:
        """What all tokens but USDC count for."""
        held = {row.token: _exact(row.holding) for row in holdings if row.token != _USDC and row.holding}
        if not held:
            return _ZERO
        rest = self._session.rest
        prices = {row.symbol: row for row in rest.market.futures()}
        total = _ZERO
        for token in rest.market.tokens():
            market: FuturesInfo | None = prices.get(f"PERP_{token.token}_{_USDC}")
            quantity = held.get(token.token, _ZERO)
            if (
                quantity
                and (token.is_collateral or quantity < 0)
                and market is not None
                and market.index_price
            ):
                total += margin.token_collateral(
                    quantity,
                    _exact(market.index_price),
                    base_weight=_exact(token.base_weight),
                    discount_factor=_exact(token.discount_factor),
                    cap=None if token.user_max_qty is None else _exact(token.user_max_qty),
                )
        return total


def _exact(value: Decimal | float | None) -> Decimal:
    """A decimal; floats of ``numbers=float`` by their shortest text, what the venue did not say as 0."""
    if value is None:
        return _ZERO
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _unsettled(held: Position, mark_price: Decimal) -> Decimal:
    """Unsettled PnL; of a position just opened, whose mark price the venue has not told yet, by its cost."""
    if held.unsettled_pnl is None and held.cost_position is not None:
        return _exact(held.quantity) * mark_price - _exact(held.cost_position)
    return _exact(held.unsettled_pnl)


def _mode(given: Mode) -> MarginMode:
    return MarginMode(one_of(MarginMode, given, "margin_mode"))


def _is_isolated(row: Position | Order) -> bool:
    return row.margin_mode == MarginMode.ISOLATED


def _pending(orders: OpenOrders, symbol: str, mode: MarginMode) -> tuple[Decimal, Decimal]:
    """Unfilled buys and sells of a symbol in one margin mode."""
    bought = sold = _ZERO
    for row in orders.snapshot().values():
        if row.symbol == symbol and _is_isolated(row) == (mode is MarginMode.ISOLATED):
            left = _exact(row.quantity) - orders.filled(row)
            if row.side == OrderSide.BUY:
                bought += left
            else:
                sold += left
    return bought, sold
