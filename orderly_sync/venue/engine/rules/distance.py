"""How far a price may stand from the mark price: never much better for the other side, nor out of all reach.

Simulated liquidity is exempt: it quotes around a mark price about to come, so that what the price triggers finds a
book.
"""

from __future__ import annotations

from orderly_sync.models.enums import OrderSide
from orderly_sync.venue.engine.refusals import Refused, plain
from orderly_sync.venue.engine.rules.draft import Draft
from orderly_sync.wire.error_codes import PERCENTAGE_FILTER

__all__ = ["not_above_the_band", "not_below_the_band", "within_scope"]


def not_above_the_band(draft: Draft) -> None:
    """BUY price <= mark x (1 + price_range)."""
    price, market = draft.order.price, draft.market
    if price is None or draft.account.is_maker or draft.order.side is OrderSide.SELL:
        return
    highest = market.mark * (1 + market.rules.price_range)
    if price > highest:
        valid = plain(market.rules.price_below(highest))
        raise Refused(
            PERCENTAGE_FILTER,
            f"BUY price {plain(price)} is too far above mark {plain(market.mark)}; the highest is {valid}",
        )


def not_below_the_band(draft: Draft) -> None:
    """SELL price >= mark x (1 - price_range)."""
    price, market = draft.order.price, draft.market
    if price is None or draft.account.is_maker or draft.order.side is OrderSide.BUY:
        return
    lowest = market.mark * (1 - market.rules.price_range)
    if price < lowest:
        valid = plain(market.rules.price_above(lowest))
        raise Refused(
            PERCENTAGE_FILTER,
            f"SELL price {plain(price)} is too far below mark {plain(market.mark)}; the lowest is {valid}",
        )


def within_scope(draft: Draft) -> None:
    """BUY price >= mark x (1 - price_scope), SELL price <= mark x (1 + price_scope)."""
    price, market, side = draft.order.price, draft.market, draft.order.side
    if price is None or draft.account.is_maker:
        return
    lowest, highest = (
        market.mark * (1 - market.rules.price_scope),
        market.mark * (1 + market.rules.price_scope),
    )
    if side is OrderSide.BUY and price < lowest:
        valid = plain(market.rules.price_above(lowest))
        raise Refused(
            PERCENTAGE_FILTER,
            f"BUY price {plain(price)} is out of reach of mark {plain(market.mark)}; the lowest is {valid}",
        )
    if side is OrderSide.SELL and price > highest:
        valid = plain(market.rules.price_below(highest))
        raise Refused(
            PERCENTAGE_FILTER,
            f"SELL price {plain(price)} is out of reach of mark {plain(market.mark)}; the highest is {valid}",
        )
