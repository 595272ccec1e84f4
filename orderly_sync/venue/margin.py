"""Margin: how much collateral positions and orders ask for, and how much there is.

All functions read, none changes anything. Cross positions share the account's USDC.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

import attrs

from orderly_sync.models.enums import MarginMode
from orderly_sync.venue.ledger import Holding, Position
from orderly_sync.venue.state import Account, Key, Market
from orderly_sync.venue.symbols import SymbolRules

__all__ = [
    "AccountState",
    "account_state",
    "collateral",
    "holding",
    "imr",
    "initial_margin",
    "leverage",
    "max_notional",
    "mmr",
    "position",
    "with_orders",
]

_ZERO = Decimal(0)
_CURVE = Decimal("0.8")
_USDC = "USDC"
_SHOWN = 8  # decimals of numbers that a division made
_DEFAULT_LEVERAGE = 10
_FLAT_RATIO = Decimal(10)  # the documented 1000 % of an account without positions

Markets = Mapping[str, Market]


def imr(rules: SymbolRules, leverage: int, notional: Decimal) -> Decimal:
    """Initial margin ratio of a position of ``notional`` USDC."""
    return max(1 / Decimal(leverage), rules.base_imr, rules.imr_factor * _curve(notional))


def mmr(rules: SymbolRules, notional: Decimal) -> Decimal:
    """Maintenance margin ratio of a position of ``notional`` USDC."""
    return max(rules.base_mmr, rules.base_mmr / rules.base_imr * rules.imr_factor * _curve(notional))


def max_notional(rules: SymbolRules, leverage: int) -> Decimal:
    """The largest notional the margin curve allows at a leverage, USDC."""
    return _notional_at(leverage, rules.imr_factor)


@lru_cache(maxsize=1024)
def _notional_at(leverage: int, factor: Decimal) -> Decimal:
    # A power of decimals takes long, and every account is shown this for every symbol.
    return (1 / (leverage * factor)) ** (1 / _CURVE)


def _curve(notional: Decimal) -> Decimal:
    return abs(notional) ** _CURVE if notional else _ZERO


def leverage(account: Account, rules: SymbolRules, mode: MarginMode) -> int:
    """The leverage set, or the default of 10 as far as the symbol allows it."""
    return account.leverages.get((rules.symbol, mode), min(_DEFAULT_LEVERAGE, rules.max_leverage))


def with_orders(quantity: Decimal, buys: Decimal, sells: Decimal) -> Decimal:
    """The largest size a position could reach when all orders of one side fill."""
    return max(abs(quantity + buys), abs(quantity - sells))


def _cross_keys(account: Account) -> list[Key]:
    keys = dict.fromkeys(key for key, entry in account.entries.items() if entry.is_listed)
    keys.update(dict.fromkeys((order.symbol, order.margin_mode) for order in account.open_orders()))
    return [key for key in keys if key[1] is MarginMode.CROSS]


def unsettled(account: Account, markets: Markets, mode: MarginMode = MarginMode.CROSS) -> Decimal:
    """Unsettled PnL of all positions of one mode, USDC."""
    rows = ((markets[symbol], entry) for (symbol, its), entry in account.entries.items() if its is mode)
    return sum(
        (entry.unsettled_pnl(market.mark, market.sum_unitary_funding) for market, entry in rows), _ZERO
    )


def collateral(account: Account, markets: Markets) -> Decimal:
    """Total collateral of the cross positions: USDC and unsettled PnL."""
    return account.usdc + unsettled(account, markets)


def initial_margin(
    account: Account,
    markets: Markets,
    *,
    key: Key | None = None,
    buys: Decimal = _ZERO,
    sells: Decimal = _ZERO,
    without: int = 0,
    leverages: Mapping[Key, int] | None = None,
) -> Decimal:
    """Initial margin of all cross positions and orders, USDC.

    Args:
        account: Whose.
        markets: For mark prices and rules.
        key: The position to which ``buys`` and ``sells`` are added as if they were open orders.
        buys: Extra quantity to buy.
        sells: Extra quantity to sell.
        without: An open order to leave out, because it is about to be replaced.
        leverages: Settings to try instead of the account's.
    """
    keys = _cross_keys(account)
    if key is not None and key not in keys:
        keys.append(key)
    total = _ZERO
    for each in keys:
        market = markets[each[0]]
        bought, sold = account.pending(each, without)
        if each == key:
            bought, sold = bought + buys, sold + sells
        notional = market.mark * with_orders(account.entry(each).quantity, bought, sold)
        lever = (leverages or {}).get(each) or leverage(account, market.rules, MarginMode.CROSS)
        total += notional * imr(market.rules, lever, notional)
    return total


@attrs.frozen(kw_only=True)
class _Sums:
    """Sums over the cross positions, USDC."""

    notional: Decimal
    notional_with_orders: Decimal
    initial: Decimal
    initial_with_orders: Decimal
    maintenance: Decimal
    maintenance_with_orders: Decimal


def _sums(account: Account, markets: Markets) -> _Sums:
    totals = [_ZERO] * 6
    for key in _cross_keys(account):
        market = markets[key[0]]
        quantity = account.entry(key).quantity
        bare = market.mark * abs(quantity)
        full = market.mark * with_orders(quantity, *account.pending(key))
        lever = leverage(account, market.rules, MarginMode.CROSS)
        parts = (
            bare,
            full,
            bare * imr(market.rules, lever, bare),
            full * imr(market.rules, lever, full),
            bare * mmr(market.rules, bare),
            full * mmr(market.rules, full),
        )
        totals = [total + part for total, part in zip(totals, parts, strict=True)]
    return _Sums(
        notional=totals[0],
        notional_with_orders=totals[1],
        initial=totals[2],
        initial_with_orders=totals[3],
        maintenance=totals[4],
        maintenance_with_orders=totals[5],
    )


@attrs.frozen(kw_only=True)
class AccountState:
    """The totals and settings of an account. USDC and fractions; fee rates in basis points."""

    account_id: str
    total_collateral: Decimal
    free_collateral: Decimal
    total_account_value: Decimal
    total_unsettled_pnl: Decimal
    total_notional: Decimal
    total_initial_margin: Decimal
    total_initial_margin_with_orders: Decimal
    total_maintenance_margin: Decimal
    total_pnl_24h: Decimal
    margin_ratio: Decimal
    """10 (1000 %) without positions, as documented."""
    margin_ratio_with_orders: Decimal
    initial_margin_ratio: Decimal
    initial_margin_ratio_with_orders: Decimal
    maintenance_margin_ratio: Decimal
    maintenance_margin_ratio_with_orders: Decimal
    withdrawable: Decimal
    leverages: Mapping[tuple[str, str], int]
    """By symbol and margin mode, every symbol."""
    default_margin_modes: Mapping[str, MarginMode]
    max_leverage: int
    imr_factors: Mapping[str, Decimal]
    max_notionals: Mapping[str, Decimal]
    taker_fee_rate: Decimal
    maker_fee_rate: Decimal
    cancel_at: int | None
    """When the dead man's switch cancels all orders, ms; None if it is not armed."""


def _ratio(part: Decimal, whole: Decimal, flat: Decimal) -> Decimal:
    return round(part / whole, _SHOWN) if whole else flat


def account_state(account: Account, markets: Markets, now: int) -> AccountState:
    """A snapshot of the totals at the present mark prices."""
    sums = _sums(account, markets)
    upnl = unsettled(account, markets)
    total = collateral(account, markets)
    free = max(_ZERO, total - sums.initial_with_orders)
    isolated = _ZERO
    for (_, mode), entry in account.entries.items():
        isolated += entry.margin if mode is MarginMode.ISOLATED else _ZERO
    rules = {symbol: market.rules for symbol, market in markets.items()}
    modes = (MarginMode.CROSS, MarginMode.ISOLATED)
    return AccountState(
        account_id=account.account_id,
        total_collateral=total,
        free_collateral=free,
        total_account_value=total + isolated + unsettled(account, markets, MarginMode.ISOLATED),
        total_unsettled_pnl=upnl,
        total_notional=sums.notional,
        total_initial_margin=sums.initial,
        total_initial_margin_with_orders=sums.initial_with_orders,
        total_maintenance_margin=sums.maintenance,
        total_pnl_24h=sum((day.totals(now)[0] for day in account.days.values()), _ZERO),
        margin_ratio=_ratio(total, sums.notional, _FLAT_RATIO),
        margin_ratio_with_orders=_ratio(total, sums.notional_with_orders, _FLAT_RATIO),
        initial_margin_ratio=_ratio(sums.initial, sums.notional, _ZERO),
        initial_margin_ratio_with_orders=_ratio(sums.initial_with_orders, sums.notional_with_orders, _ZERO),
        maintenance_margin_ratio=_ratio(sums.maintenance, sums.notional, _ZERO),
        maintenance_margin_ratio_with_orders=_ratio(
            sums.maintenance_with_orders, sums.notional_with_orders, _ZERO
        ),
        withdrawable=max(_ZERO, min(account.usdc, free - max(upnl, _ZERO))),
        leverages={
            (symbol, mode): leverage(account, each, mode) for symbol, each in rules.items() for mode in modes
        },
        default_margin_modes={
            symbol: account.default_modes.get(symbol, MarginMode.CROSS) for symbol in markets
        },
        max_leverage=max((each.max_leverage for each in rules.values()), default=0),
        imr_factors={symbol: each.imr_factor for symbol, each in rules.items()},
        max_notionals={
            symbol: max_notional(each, leverage(account, each, MarginMode.CROSS))
            for symbol, each in rules.items()
        },
        taker_fee_rate=account.fees.taker,
        maker_fee_rate=account.fees.maker,
        cancel_at=account.cancel_at,
    )


def liquidation_price(account: Account, markets: Markets, key: Key) -> Decimal:
    """The mark price at which cross collateral meets the maintenance margin, other prices standing still."""
    market, quantity = markets[key[0]], account.entry(key).quantity
    if not quantity:
        return _ZERO
    notional = market.mark * abs(quantity)
    rate = mmr(market.rules, notional)
    others = _sums(account, markets).maintenance - notional * rate
    price = market.mark + (collateral(account, markets) - notional * rate - others) / (
        abs(quantity) * rate - quantity
    )
    return max(_ZERO, round(price, _SHOWN))


def position(account: Account, markets: Markets, key: Key, now: int) -> Position:
    """A snapshot of one position at the present mark price."""
    market, entry = markets[key[0]], account.entry(key)
    buys, sells = account.pending(key)
    lever = leverage(account, market.rules, key[1])
    bare = market.mark * abs(entry.quantity)
    full = market.mark * with_orders(entry.quantity, buys, sells)
    pnl, fee = account.days[key].totals(now) if key in account.days else (_ZERO, _ZERO)
    return Position(
        symbol=key[0],
        margin_mode=key[1],
        position_qty=entry.quantity,
        cost_position=entry.cost,
        average_open_price=entry.average_open_price,
        last_sum_unitary_funding=entry.last_sum_unitary_funding,
        sum_unitary_funding=market.sum_unitary_funding,
        settle_price=entry.settle_price,
        mark_price=market.mark,
        pending_long_qty=buys,
        pending_short_qty=-sells + _ZERO,
        unsettled_pnl=entry.unsettled_pnl(market.mark, market.sum_unitary_funding),
        unrealized_pnl=entry.quantity * (market.mark - entry.average_open_price),
        imr=imr(market.rules, lever, bare),
        mmr=mmr(market.rules, bare),
        imr_with_orders=imr(market.rules, lever, full),
        mmr_with_orders=mmr(market.rules, full),
        est_liq_price=liquidation_price(account, markets, key),
        leverage=lever,
        margin=entry.margin,
        pnl_24h=pnl,
        fee_24h=fee,
        accrued_funding_fee=entry.funding(market.sum_unitary_funding),
        version=entry.version,
        created_time=entry.opened_time,
        updated_time=entry.updated_time,
    )


def holding(account: Account) -> Holding:
    """A snapshot of the USDC balance."""
    return Holding(
        token=_USDC, holding=account.usdc, version=account.version, updated_time=account.updated_time
    )
