"""The rules an order must pass. One rule a function, in the order of the lists below; the first refusal wins.

The order in which the venue checks is not published; that it is the order of its error codes is assumed.
"""

from __future__ import annotations

from collections.abc import Callable

from orderly_sync.venue.engine.rules.distance import not_above_the_band, not_below_the_band, within_scope
from orderly_sync.venue.engine.rules.draft import Draft
from orderly_sync.venue.engine.rules.form import FORM, check_form
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


def admit(draft: Draft) -> None:
    """Raise Refused at the first rule the order breaks."""
    for rule in ADMISSION:
        rule(draft)
