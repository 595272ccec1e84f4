"""Margin: how much collateral positions and orders ask for, and how much there is.

All functions read, none changes anything. Cross positions share the account's USDC.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

import attrs

from orderly_sync.models.enums import MarginMode
from orderly_sync.venue.engine.orders import Key
from orderly_sync.venue.engine.state import Account, MarketState
from orderly_sync.venue.engine.symbols import SymbolRules

__all__ = [
    "Markets",
    "Sums",
    "collateral",
    "imr",
    "initial_margin",
    "leverage",
    "max_notional",
    "mmr",
    "sums",
    "unsettled",
    "with_orders",
]

_ZERO = Decimal(0)
_CURVE = Decimal("0.8")
_SURELY = Decimal("0.999999")
_DEFAULT_LEVERAGE = 10

Markets = Mapping[str, MarketState]


def imr(rules: SymbolRules, leverage: int, notional: Decimal) -> Decimal:
    """Initial margin ratio of a position of ``notional`` USDC."""
    least = max(1 / Decimal(leverage), rules.base_imr)
    if abs(notional) <= _flat_until(least, rules.imr_factor):
        return least
    return max(least, rules.imr_factor * _curve(notional))


def mmr(rules: SymbolRules, notional: Decimal) -> Decimal:
    """Maintenance margin ratio of a position of ``notional`` USDC."""
    if abs(notional) <= _flat_until(rules.base_imr, rules.imr_factor):
        return rules.base_mmr
    return max(rules.base_mmr, rules.base_mmr / rules.base_imr * rules.imr_factor * _curve(notional))


def max_notional(rules: SymbolRules, leverage: int) -> Decimal:
    """The largest notional the margin curve allows at a leverage, USDC."""
    return _notional_at(leverage, rules.imr_factor)


@lru_cache(maxsize=1024)
def _notional_at(leverage: int, factor: Decimal) -> Decimal:
    # A power of decimals takes long, and every account is shown this for every symbol.
    return (1 / (leverage * factor)) ** (1 / _CURVE)


@lru_cache(maxsize=1024)
def _flat_until(least: Decimal, factor: Decimal) -> Decimal:
    """A notional up to which the curve surely asks for less than ``least``, USDC.

    Each order brings notionals never met before, and the power of each takes longer than all else of the order;
    nearly all positions are below this, where no power is needed. A millionth below the bend rounding cannot matter.
    """
    return (least / factor) ** (1 / _CURVE) * _SURELY if factor else Decimal("Infinity")


@lru_cache(maxsize=4096)
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
    keys.update(dict.fromkeys(account.working.positions()))
    return [key for key in keys if key[1] is MarginMode.CROSS]


def unsettled(account: Account, markets: Markets, mode: MarginMode = MarginMode.CROSS) -> Decimal:
    """Unsettled PnL of all positions of one mode, USDC."""
    rows = ((markets[symbol], entry) for (symbol, its), entry in account.entries.items() if its is mode)
    return sum(
        (entry.unsettled_pnl(market.mark, market.sum_unitary_funding) for market, entry in rows), _ZERO
    )


def collateral(account: Account, markets: Markets) -> Decimal:
    """Total collateral of the cross positions: USDC that is not frozen, and unsettled PnL."""
    return account.usdc - account.frozen + unsettled(account, markets)


def initial_margin(
    account: Account,
    markets: Markets,
    *,
    extra: Mapping[Key, tuple[Decimal, Decimal]] | None = None,
    without: int = 0,
    leverages: Mapping[Key, int] | None = None,
) -> Decimal:
    """Initial margin of all cross positions and orders, USDC.

    Args:
        account: Whose.
        markets: For mark prices and rules.
        extra: What else is to be bought and sold of each position, as if by open orders.
        without: An open order to leave out, because it is about to be replaced.
        leverages: Settings to try instead of the account's.
    """
    added = extra or {}
    total = _ZERO
    for each in dict.fromkeys([*_cross_keys(account), *added]):
        market = markets[each[0]]
        bought, sold = account.pending(each, without)
        if each in added:
            bought, sold = bought + added[each][0], sold + added[each][1]
        notional = market.mark * with_orders(account.entry(each).quantity, bought, sold)
        lever = (leverages or {}).get(each) or leverage(account, market.rules, MarginMode.CROSS)
        total += notional * imr(market.rules, lever, notional)
    return total


@attrs.frozen(kw_only=True)
class Sums:
    """Sums over the cross positions, USDC."""

    notional: Decimal
    notional_with_orders: Decimal
    initial: Decimal
    initial_with_orders: Decimal
    maintenance: Decimal
    maintenance_with_orders: Decimal


def sums(account: Account, markets: Markets) -> Sums:
    """Notionals and margins of all cross positions, bare and with all orders filled."""
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
    return Sums(
        notional=totals[0],
        notional_with_orders=totals[1],
        initial=totals[2],
        initial_with_orders=totals[3],
        maintenance=totals[4],
        maintenance_with_orders=totals[5],
    )
