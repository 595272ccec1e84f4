"""A symbol's order rules, checked before anything is sent: refusals name the nearest valid value. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, ROUND_UP, Decimal

from orderly_sync.errors import InvalidOrder
from orderly_sync.models.base import zero_like
from orderly_sync.models.market import SymbolRules
from orderly_sync.values.arithmetic import owned
from orderly_sync.wire.error_codes import MIN_NOTIONAL, PRICE_FILTER, SIZE_FILTER

__all__ = [
    "check_notional",
    "check_numbers",
    "check_price",
    "check_quantity",
    "nearest_price",
    "nearest_quantity",
]


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _exact(value: Decimal | float | None) -> Decimal | None:
    """A rule as a decimal; with ``numbers=float`` the wire's short text is what the float shows."""
    return Decimal(repr(value)) if isinstance(value, float) else value


def _nearest(value: Decimal, low: Decimal | None, high: Decimal | None, tick: Decimal | None) -> Decimal:
    """The closest value on the grid ``low + n * tick`` within the bounds."""
    low, high, tick = _exact(low), _exact(high), _exact(tick)
    base = low or Decimal(0)
    if tick:
        value = base + ((value - base) / tick).to_integral_value(ROUND_HALF_EVEN) * tick
    if low is not None and value < low:
        value = low
    if high is not None and value > high:
        value = high if not tick else base + ((high - base) // tick) * tick
    return value


@owned
def nearest_price(rules: SymbolRules, price: Decimal) -> Decimal:
    """The closest price that the symbol allows, quote units."""
    return _nearest(price, rules.quote_min, rules.quote_max, rules.quote_tick)


@owned
def nearest_quantity(rules: SymbolRules, quantity: Decimal) -> Decimal:
    """The closest quantity that the symbol allows, base units."""
    return _nearest(quantity, rules.base_min, rules.base_max, rules.base_tick)


@owned
def check_price(rules: SymbolRules, price: Decimal, name: str = "price") -> None:
    """Refuse a price outside the symbol's bounds or off its tick.

    Raises:
        InvalidOrder: With the nearest valid price.
    """
    nearest = nearest_price(rules, price)
    if nearest != price:
        why = _why(price, rules.quote_min, rules.quote_max, rules.quote_tick, "tick")
        raise _refusal(PRICE_FILTER, rules, f"{name} {_plain(price)} {why}", nearest)


@owned
def check_quantity(rules: SymbolRules, quantity: Decimal, name: str = "quantity") -> None:
    """Refuse a quantity outside the symbol's bounds or off its step.

    Raises:
        InvalidOrder: With the nearest valid quantity.
    """
    nearest = nearest_quantity(rules, quantity)
    if nearest != quantity:
        why = _why(quantity, rules.base_min, rules.base_max, rules.base_tick, "step")
        raise _refusal(SIZE_FILTER, rules, f"{name} {_plain(quantity)} {why}", nearest)


@owned
def check_notional(rules: SymbolRules, price: Decimal, quantity: Decimal) -> None:
    """Refuse an order worth less than the symbol's least notional.

    Raises:
        InvalidOrder: With the smallest quantity that would do at this price.
    """
    least = _exact(rules.min_notional)
    if least is None or price * quantity >= least or price <= 0:
        return
    needed = least / price
    tick, base = _exact(rules.base_tick), _exact(rules.base_min) or Decimal(0)
    if tick:
        needed = base + max(Decimal(0), ((needed - base) / tick).to_integral_value(ROUND_UP)) * tick
    worth = f"{_plain(price)} x {_plain(quantity)} is under the least notional of {_plain(least)} USDC"
    raise _refusal(MIN_NOTIONAL, rules, worth, needed, "the least quantity")


def check_numbers(rules: SymbolRules, given: Sequence[tuple[str, str, Decimal]]) -> None:
    """Hold the numbers of an order against the symbol's rules: every price, then every quantity.

    Args:
        rules: The symbol's.
        given: Each number with what it is on the wire and with the name to complain of.

    Raises:
        InvalidOrder: With the nearest valid value.
    """
    for check in (check_price, check_quantity):
        for what, name, value in given:
            if _RULED.get(what) is check:
                check(rules, value, name)


_RULED = {
    "price": check_price,
    "trigger_price": check_price,
    "activated_price": check_price,
    "quantity": check_quantity,
}
"""Which rule holds which number of an order; the others have none."""


def _why(value: Decimal, low: Decimal | None, high: Decimal | None, tick: Decimal | None, what: str) -> str:
    low, high, tick = _exact(low), _exact(high), _exact(tick)
    if (low is not None and value < low) or (high is not None and value > high):
        return (
            f"is outside {'0' if low is None else _plain(low)} to {'any' if high is None else _plain(high)}"
        )
    return f"is not a multiple of the {what} {_plain(tick)}" if tick else "is not allowed"


def _refusal(
    code: int, rules: SymbolRules, fact: str, nearest: Decimal, what: str = "the nearest valid value"
) -> InvalidOrder:
    error = InvalidOrder(code, f"{rules.symbol}: {fact}; {what} is {_plain(nearest)}; nothing was sent")
    error.nearest = type(zero_like(rules))(nearest)
    return error
