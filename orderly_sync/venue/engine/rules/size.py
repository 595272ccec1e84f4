"""Bounds and step of a quantity, what may show of it, and the least notional."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.enums import OrderType
from orderly_sync.values.arithmetic import places
from orderly_sync.venue.engine.refusals import Refused, plain
from orderly_sync.venue.engine.rules.draft import Draft
from orderly_sync.venue.engine.symbols import SymbolRules
from orderly_sync.wire.error_codes import MIN_NOTIONAL, SIZE_FILTER

__all__ = [
    "check_notional",
    "check_quantity",
    "notional_minimum",
    "quantity_bounds",
    "quantity_precision",
    "quantity_step",
    "visible_quantity_form",
]

_DECIMALS = 8
_NO_ICEBERG = (OrderType.MARKET, OrderType.IOC, OrderType.FOK)


def _precision(quantity: Decimal, name: str) -> None:
    if places(quantity) > _DECIMALS:
        raise Refused(SIZE_FILTER, f"{name} {plain(quantity)} has more than {_DECIMALS} decimals")


def _bounds(rules: SymbolRules, quantity: Decimal, name: str) -> None:
    if not rules.base_min <= quantity <= rules.base_max:
        low, high = plain(rules.base_min), plain(rules.base_max)
        raise Refused(SIZE_FILTER, f"{name} {plain(quantity)} of {rules.symbol} must be from {low} to {high}")


def _step(rules: SymbolRules, quantity: Decimal, name: str) -> None:
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
    _precision(quantity, name)
    _bounds(rules, quantity, name)
    _step(rules, quantity, name)


def check_notional(rules: SymbolRules, price: Decimal, quantity: Decimal) -> None:
    """Refuse a notional under the minimum; the minimum itself is accepted (assumed)."""
    if price * quantity < rules.min_notional:
        enough = rules.quantity_above(rules.min_notional / price)
        raise Refused(
            MIN_NOTIONAL,
            f"notional {plain(price * quantity)} USDC is under the minimum of {plain(rules.min_notional)}; "
            f"at {plain(price)} the smallest valid quantity is {plain(enough)}",
        )


def quantity_precision(draft: Draft) -> None:
    """At most 8 decimals; that more is a fault of size is assumed."""
    _precision(draft.order.quantity, "order_quantity")


def quantity_bounds(draft: Draft) -> None:
    """From base_min to base_max; what closes a position whole may be any size."""
    if not draft.closes:
        _bounds(draft.rules, draft.order.quantity, "order_quantity")


def quantity_step(draft: Draft) -> None:
    """Whole steps from base_min."""
    if not draft.closes:
        _step(draft.rules, draft.order.quantity, "order_quantity")


def visible_quantity_form(draft: Draft) -> None:
    """From 0 (hidden) to the quantity, on the step; POST_ONLY hides nothing; ignored where nothing rests."""
    order, visible = draft.order, draft.order.visible_quantity
    if order.type in _NO_ICEBERG or visible == order.quantity:
        return
    if not 0 <= visible <= order.quantity:
        raise Refused(
            SIZE_FILTER, f"visible_quantity {plain(visible)} must be from 0 to {plain(order.quantity)}"
        )
    if order.type is OrderType.POST_ONLY:
        raise Refused(SIZE_FILTER, "POST_ONLY orders are visible whole; leave visible_quantity out")
    if visible and not draft.closes:
        _step(draft.rules, visible, "visible_quantity")


def notional_minimum(draft: Draft) -> None:
    """Price x quantity reaches min_notional; closing a whole position always may."""
    whole = draft.order.quantity == abs(draft.account.entry(draft.key).quantity)
    if not draft.closes and not (draft.order.reduce_only and whole):
        check_notional(draft.rules, draft.reference, draft.order.quantity)
