"""What an account is shown of itself: totals, positions and balance at the present mark prices."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from orderly_sync.models.enums import MarginMode
from orderly_sync.venue.engine import isolated
from orderly_sync.venue.engine.ledger import Holding, Position
from orderly_sync.venue.engine.margin import (
    Markets,
    collateral,
    imr,
    leverage,
    max_notional,
    mmr,
    sums,
    unsettled,
    with_orders,
)
from orderly_sync.venue.engine.orders import Key
from orderly_sync.venue.engine.records import AccountState
from orderly_sync.venue.engine.state import Account

__all__ = ["account_state", "holding", "liquidation_price", "position"]

_ZERO = Decimal(0)
_USDC = "USDC"
_MODES = (MarginMode.CROSS, MarginMode.ISOLATED)
_FLAT_RATIO = Decimal(10)  # the documented 1000 % of an account without positions
_SHOWN = 8  # decimals of numbers that a division made
_STEPS = 60
_TOLERANCE = Decimal("1e-9")
"""Relative, so that prices of any size are equally exact."""
_DIGITS = 10


def _ratio(part: Decimal, whole: Decimal, flat: Decimal) -> Decimal:
    return round(part / whole, _SHOWN) if whole else flat


def account_state(account: Account, markets: Markets, now: int) -> AccountState:
    """A snapshot of the totals at the present mark prices."""
    total_of = sums(account, markets)
    upnl = unsettled(account, markets)
    total = collateral(account, markets)
    free = max(_ZERO, total - total_of.initial_with_orders)
    apart = account.isolated_margin + unsettled(account, markets, MarginMode.ISOLATED)
    return AccountState(
        account_id=account.account_id,
        total_collateral=total,
        free_collateral=free,
        total_account_value=total + account.frozen + apart,
        total_unsettled_pnl=upnl,
        total_notional=total_of.notional,
        total_initial_margin=total_of.initial,
        total_initial_margin_with_orders=total_of.initial_with_orders,
        total_maintenance_margin=total_of.maintenance,
        total_pnl_24h=sum((day.totals(now)[0] for day in account.days.values()), _ZERO),
        margin_ratio=_ratio(total, total_of.notional, _FLAT_RATIO),
        margin_ratio_with_orders=_ratio(total, total_of.notional_with_orders, _FLAT_RATIO),
        initial_margin_ratio=_ratio(total_of.initial, total_of.notional, _ZERO),
        initial_margin_ratio_with_orders=_ratio(
            total_of.initial_with_orders, total_of.notional_with_orders, _ZERO
        ),
        maintenance_margin_ratio=_ratio(total_of.maintenance, total_of.notional, _ZERO),
        maintenance_margin_ratio_with_orders=_ratio(
            total_of.maintenance_with_orders, total_of.notional_with_orders, _ZERO
        ),
        withdrawable=max(_ZERO, min(account.usdc - account.frozen, free - max(upnl, _ZERO))),
        **_settings(account, markets),
    )


def _settings(account: Account, markets: Markets) -> dict[str, Any]:
    """What was chosen for an account, and the limits that follow."""
    rules = {symbol: market.rules for symbol, market in markets.items()}
    return {
        "leverages": {
            (symbol, mode): leverage(account, each, mode) for symbol, each in rules.items() for mode in _MODES
        },
        "default_margin_modes": {
            symbol: account.default_modes.get(symbol, MarginMode.CROSS) for symbol in markets
        },
        "max_leverage": max((each.max_leverage for each in rules.values()), default=0),
        "imr_factors": {symbol: each.imr_factor for symbol, each in rules.items()},
        "max_notionals": {
            symbol: max_notional(each, leverage(account, each, MarginMode.CROSS))
            for symbol, each in rules.items()
        },
        "taker_fee_rate": account.fees.taker,
        "maker_fee_rate": account.fees.maker,
        "cancel_at": account.cancel_at,
    }


def liquidation_price(account: Account, markets: Markets, key: Key) -> Decimal:
    """The mark price at which collateral meets the maintenance margin, other prices standing still; 0 if none does.

    The ratio depends on the price it leads to, so the two are sought in turn until the price stands still.
    """
    market, entry = markets[key[0]], account.entry(key)
    if not entry.quantity:
        return _ZERO
    size = abs(entry.quantity)
    rate = mmr(market.rules, market.mark * size)
    if key[1] is MarginMode.ISOLATED:
        return _shown(isolated.liquidation_price(entry, rate, market.sum_unitary_funding))
    total = collateral(account, markets)
    others = sums(account, markets).maintenance - market.mark * size * rate
    price = market.mark
    for _ in range(_STEPS):
        before, at = price, mmr(market.rules, size * price)
        away = (total - market.mark * size * at - others) / (size * at - entry.quantity)
        price = max(_ZERO, market.mark + away)
        if abs(price - before) <= _TOLERANCE * before:
            break
    return _shown(price)


def _shown(price: Decimal) -> Decimal:
    """A price to 8 decimals, or to 10 digits where that is finer."""
    return round(price, max(_SHOWN, _DIGITS - 1 - price.adjusted())) if price else _ZERO


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
        accrued_funding_fee=entry.accrued(market.sum_unitary_funding),
        version=entry.version,
        created_time=entry.opened_time,
        updated_time=entry.updated_time,
    )


def holding(account: Account) -> Holding:
    """A snapshot of the USDC balance."""
    return Holding(
        token=_USDC,
        holding=account.usdc,
        frozen=account.withdrawing,
        isolated_margin=account.isolated_margin,
        isolated_order_frozen=account.order_frozen,
        version=account.version,
        updated_time=account.updated_time,
    )
