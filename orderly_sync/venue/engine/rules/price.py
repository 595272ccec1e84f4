"""Bounds and tick of a price."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.venue.engine.refusals import Refused, plain
from orderly_sync.venue.engine.rules.draft import Draft
from orderly_sync.venue.engine.symbols import SymbolRules
from orderly_sync.wire.error_codes import PRICE_FILTER

__all__ = ["check_price", "price_bounds", "price_tick"]


def _bounds(rules: SymbolRules, price: Decimal, name: str) -> None:
    if not rules.first_price <= price <= rules.quote_max:
        low, high = plain(rules.first_price), plain(rules.quote_max)
        raise Refused(PRICE_FILTER, f"{name} {plain(price)} of {rules.symbol} must be from {low} to {high}")


def _tick(rules: SymbolRules, price: Decimal, name: str) -> None:
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
    _bounds(rules, price, name)
    _tick(rules, price, name)


def price_bounds(draft: Draft) -> None:
    """From quote_min, but above 0, to quote_max."""
    if draft.order.price is not None:
        _bounds(draft.rules, draft.order.price, "order_price")


def price_tick(draft: Draft) -> None:
    """Whole ticks from quote_min."""
    if draft.order.price is not None:
        _tick(draft.rules, draft.order.price, "order_price")
