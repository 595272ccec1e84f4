"""The rules an order must pass. One rule a function, in the order of the lists below; the first refusal wins.

The order in which the venue checks is not published; that it is the order of its error codes is assumed.
"""

from __future__ import annotations

from collections.abc import Callable

from orderly_sync.venue.engine.commands import PlaceOrder
from orderly_sync.venue.engine.rules.distance import not_above_the_band, not_below_the_band, within_scope
from orderly_sync.venue.engine.rules.draft import Draft
from orderly_sync.venue.engine.rules.form import (
    amount_or_quantity,
    client_order_id_form,
    finite_numbers,
    level_form,
    order_tag_form,
    post_only_adjust_form,
    price_presence,
    slippage_form,
    type_known,
)
from orderly_sync.venue.engine.rules.market import market_open, open_interest_cap
from orderly_sync.venue.engine.rules.price import price_bounds, price_tick
from orderly_sync.venue.engine.rules.risk import (
    enough_margin,
    not_in_liquidation,
    unused_client_order_id,
    within_max_notional,
)
from orderly_sync.venue.engine.rules.size import (
    notional_minimum,
    quantity_bounds,
    quantity_precision,
    quantity_step,
    visible_quantity_form,
)

__all__ = ["ADMISSION", "FORM", "Draft", "admit", "check_form"]

FORM: tuple[Callable[[PlaceOrder], None], ...] = (
    type_known,
    finite_numbers,
    client_order_id_form,
    order_tag_form,
    price_presence,
    amount_or_quantity,
    level_form,
    slippage_form,
    post_only_adjust_form,
)
"""What can be said of a request without looking at the market."""

ADMISSION: tuple[Callable[[Draft], None], ...] = (
    market_open,
    price_bounds,
    price_tick,
    quantity_precision,
    quantity_bounds,
    quantity_step,
    visible_quantity_form,
    notional_minimum,
    not_above_the_band,
    not_below_the_band,
    within_scope,
    open_interest_cap,
    within_max_notional,
    enough_margin,
    unused_client_order_id,
    not_in_liquidation,
)
"""What an order must satisfy against market and account."""


def check_form(command: PlaceOrder) -> None:
    """Raise Refused at the first thing wrong with the request itself."""
    for rule in FORM:
        rule(command)


def admit(draft: Draft) -> None:
    """Raise Refused at the first rule the order breaks."""
    for rule in ADMISSION:
        rule(draft)
