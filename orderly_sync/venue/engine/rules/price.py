"""Bounds and tick of a price."""

from __future__ import annotations

from orderly_sync.venue.engine.rules.draft import Draft
from orderly_sync.venue.engine.rules.numbers import check_price_bounds, check_price_tick

__all__ = ["price_bounds", "price_tick"]


def price_bounds(draft: Draft) -> None:
    """From quote_min, but above 0, to quote_max."""
    if draft.order.price is not None:
        check_price_bounds(draft.rules, draft.order.price, "order_price")


def price_tick(draft: Draft) -> None:
    """Whole ticks from quote_min."""
    if draft.order.price is not None:
        check_price_tick(draft.rules, draft.order.price, "order_price")
