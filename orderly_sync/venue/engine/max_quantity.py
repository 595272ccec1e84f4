"""The largest order an account could place."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.enums import MarginMode, OrderSide
from orderly_sync.values.arithmetic import CONTEXT
from orderly_sync.venue.engine.isolated import available, margin_rate
from orderly_sync.venue.engine.margin import (
    Markets,
    collateral,
    imr,
    initial_margin,
    leverage,
    max_notional,
    with_orders,
)
from orderly_sync.venue.engine.orders import Key
from orderly_sync.venue.engine.state import Account, MarketState

__all__ = ["max_quantity"]

_ZERO = Decimal(0)
_BPS = Decimal("0.0001")
_SAFETY = Decimal("0.995")
_CURVE = CONTEXT.divide(Decimal(1), Decimal("1.8"))


def max_quantity(
    account: Account, markets: Markets, market: MarketState, side: OrderSide, *, mode: MarginMode
) -> Decimal:
    """What collateral, margin curve and base_max allow, on the step; 0 if not even the smallest order."""
    key = (market.rules.symbol, mode)
    bought, sold = account.pending(key)
    held = account.entry(key).quantity
    # What stands in the way of a buy: the long position and the buys that wait; a short position makes room.
    taken = held + bought if side is OrderSide.BUY else sold - held
    isolated = mode is MarginMode.ISOLATED
    room = (
        _isolated(account, markets, market, taken)
        if isolated
        else _cross(account, markets, market, key) - taken
    )
    quantity = market.rules.quantity_below(min(market.rules.base_max, max(_ZERO, room)))
    return quantity if quantity >= market.rules.base_min else _ZERO


def _isolated(account: Account, markets: Markets, market: MarketState, taken: Decimal) -> Decimal:
    """What can be frozen at the mark price, and what closes the position besides; within max_notional."""
    frozen = available(account, markets) / (margin_rate(account, market) * market.mark) * _SAFETY
    most = max_notional(market.rules, leverage(account, market.rules, MarginMode.ISOLATED)) / market.mark
    return min(frozen + max(_ZERO, -taken), most - taken)


def _cross(account: Account, markets: Markets, market: MarketState, key: Key) -> Decimal:
    """How large the position could be with all the collateral that other symbols leave."""
    rules, lever = market.rules, leverage(account, market.rules, key[1])
    own = market.mark * with_orders(account.entry(key).quantity, *account.pending(key))
    others = initial_margin(account, markets) - own * imr(rules, lever, own)
    left = max(_ZERO, collateral(account, markets) - others)
    fees = 2 * account.fees.taker * _BPS
    linear = left / (max(1 / Decimal(lever), rules.base_imr) + fees) / market.mark * _SAFETY
    curved = (left / rules.imr_factor) ** _CURVE / market.mark / (1 + fees) * _SAFETY
    return min(linear, curved)
