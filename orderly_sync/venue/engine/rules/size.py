"""Bounds and step of a quantity, what may show of it, and the least notional."""

from __future__ import annotations

from orderly_sync.models.enums import OrderType
from orderly_sync.venue.engine.refusals import Refused, plain
from orderly_sync.venue.engine.rules.draft import Draft
from orderly_sync.venue.engine.rules.numbers import (
    check_notional,
    check_quantity_bounds,
    check_quantity_precision,
    check_quantity_step,
)
from orderly_sync.wire.error_codes import SIZE_FILTER

__all__ = [
    "notional_minimum",
    "quantity_bounds",
    "quantity_precision",
    "quantity_step",
    "visible_quantity_form",
]

_NO_ICEBERG = (OrderType.MARKET, OrderType.IOC, OrderType.FOK)


def quantity_precision(draft: Draft) -> None:
    """At most 8 decimals; that more is a fault of size is assumed."""
    check_quantity_precision(draft.order.quantity, "order_quantity")


def quantity_bounds(draft: Draft) -> None:
    """From base_min to base_max; what closes a position whole may be any size."""
    if not draft.closes:
        check_quantity_bounds(draft.rules, draft.order.quantity, "order_quantity")


def quantity_step(draft: Draft) -> None:
    """Whole steps from base_min."""
    if not draft.closes:
        check_quantity_step(draft.rules, draft.order.quantity, "order_quantity")


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
        check_quantity_step(draft.rules, visible, "visible_quantity")


def notional_minimum(draft: Draft) -> None:
    """Price x quantity reaches min_notional; closing a whole position always may."""
    whole = draft.order.quantity == abs(draft.account.entry(draft.key).quantity)
    if not draft.closes and not (draft.order.reduce_only and whole):
        check_notional(draft.rules, draft.reference, draft.order.quantity)
