"""What a symbol demands of a price, a quantity and a notional by themselves, whatever order has them."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.values.arithmetic import places
from orderly_sync.venue.engine.refusals import Refused, plain
from orderly_sync.venue.engine.symbols import SymbolRules
from orderly_sync.wire.error_codes import MIN_NOTIONAL, PRICE_FILTER, SIZE_FILTER

__all__ = [
    "check_notional",
    "check_price",
    "check_price_bounds",
    "check_price_tick",
    "check_quantity",
    "check_quantity_bounds",
    "check_quantity_precision",
    "check_quantity_step",
]

_DECIMALS = 8


def check_price_bounds(rules: SymbolRules, price: Decimal, name: str) -> None:
    """Refuse a price outside the bounds; ``name`` is the field's."""
    if not rules.first_price <= price <= rules.quote_max:
        low, high = plain(rules.first_price), plain(rules.quote_max)
        raise Refused(PRICE_FILTER, f"{name} {plain(price)} of {rules.symbol} must be from {low} to {high}")


def check_price_tick(rules: SymbolRules, price: Decimal, name: str) -> None:
    """Refuse a price off the tick; the message names the nearest valid one."""
    if (price - rules.quote_min) % rules.quote_tick:
        below, above = rules.price_below(price), rules.price_above(price)
        nearest = below if price - below <= above - price else above
        raise Refused(
            PRICE_FILTER,
            f"{name} {plain(price)} is off the tick {plain(rules.quote_tick)} of {rules.symbol}; "
            f"the nearest valid price is {plain(nearest)}",
        )


def check_price(rules: SymbolRules, price: Decimal, name: str) -> None:
    """Refuse a price outside the bounds or off the tick; ``name`` is the field's."""
    check_price_bounds(rules, price, name)
    check_price_tick(rules, price, name)


def check_quantity_precision(quantity: Decimal, name: str) -> None:
    """Refuse a quantity of more than 8 decimals."""
    if places(quantity) > _DECIMALS:
        raise Refused(SIZE_FILTER, f"{name} {plain(quantity)} has more than {_DECIMALS} decimals")


def check_quantity_bounds(rules: SymbolRules, quantity: Decimal, name: str) -> None:
    """Refuse a quantity outside the bounds."""
    if not rules.base_min <= quantity <= rules.base_max:
        low, high = plain(rules.base_min), plain(rules.base_max)
        raise Refused(SIZE_FILTER, f"{name} {plain(quantity)} of {rules.symbol} must be from {low} to {high}")


def check_quantity_step(rules: SymbolRules, quantity: Decimal, name: str) -> None:
    """Refuse a quantity off the step; the message names the nearest valid one."""
    if (quantity - rules.base_min) % rules.base_tick:
        below, above = max(rules.base_min, rules.quantity_below(quantity)), rules.quantity_above(quantity)
        nearest = below if quantity - below <= above - quantity else above
        raise Refused(
            SIZE_FILTER,
            f"{name} {plain(quantity)} is off the step {plain(rules.base_tick)} of {rules.symbol}; "
            f"the nearest valid quantity is {plain(nearest)}",
        )


def check_quantity(rules: SymbolRules, quantity: Decimal, name: str) -> None:
    """Refuse a quantity of too many decimals, outside the bounds or off the step; ``name`` is the field's."""
    check_quantity_precision(quantity, name)
    check_quantity_bounds(rules, quantity, name)
    check_quantity_step(rules, quantity, name)


def check_notional(rules: SymbolRules, price: Decimal, quantity: Decimal) -> None:
    """Refuse a notional under the minimum; the minimum itself is accepted (assumed)."""
    if price * quantity < rules.min_notional:
        enough = rules.quantity_above(rules.min_notional / price)
        raise Refused(
            MIN_NOTIONAL,
            f"notional {plain(price * quantity)} USDC is under the minimum of {plain(rules.min_notional)}; "
            f"at {plain(price)} the smallest valid quantity is {plain(enough)}",
        )
