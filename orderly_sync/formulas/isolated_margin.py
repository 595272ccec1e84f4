"""The margin formulas of isolated positions and orders, pure. ``orderly_sync.formulas.margin`` hands them on."""

from __future__ import annotations

from decimal import ROUND_UP, Decimal

from orderly_sync.values.arithmetic import owned

__all__ = [
    "BORROW_LIMIT",
    "FEE_RESERVE",
    "available_for_isolated",
    "isolated_liquidation_price",
    "isolated_margin_rate",
    "isolated_order_margin",
    "removable_margin",
]

FEE_RESERVE = Decimal("0.0006")
"""The part of its notional that an isolated order freezes besides its margin."""
BORROW_LIMIT = Decimal(50_000)
"""USDC that other collateral may stand in for when isolated orders freeze margin."""

_ZERO = Decimal(0)
_RATE_STEP = Decimal("1e-10")
_USDC_STEP = Decimal("1e-6")


@owned
def available_for_isolated(
    free: Decimal,
    usdc: Decimal,
    unsettled: Decimal,
    *,
    pending_short: Decimal = _ZERO,
    borrow_limit: Decimal = BORROW_LIMIT,
) -> Decimal:
    """What new isolated orders may freeze, USDC: the free collateral, never below 0.

    Their margin is USDC. Where profit or other tokens make up the collateral, USDC is borrowed against them, up to
    ``borrow_limit``: ``min(free, usdc + pending_short + unsettled + borrow_limit)``. So the JS SDK 3.2, which says that
    it mirrors the risk engine; the documentation knows only ``withdrawable``, which bounds what is added to a position.

    Args:
        free: Free collateral.
        usdc: The USDC balance that nothing holds back; below 0 where USDC is owed.
        unsettled: Unsettled PnL of all cross positions.
        pending_short: USDC that is owed, 0 or less.
        borrow_limit: ``negative_usdc_threshold`` of the venue.
    """
    return max(_ZERO, min(free, usdc + pending_short + unsettled + abs(borrow_limit)))


@owned
def isolated_margin_rate(leverage: Decimal | int) -> Decimal:
    """The part of its notional an isolated order freezes: ``1 / leverage``, rounded up to 10 decimals, + 0.0006."""
    return (1 / Decimal(leverage)).quantize(_RATE_STEP, ROUND_UP) + FEE_RESERVE


@owned
def isolated_order_margin(quantity: Decimal, price: Decimal, leverage: Decimal | int) -> Decimal:
    """What an isolated order freezes while it rests, USDC: ``quantity * price * (1 / leverage + 0.0006)``, up to 1e-6.

    The quantity is what the order may open: orders that close the position freeze nothing, those that fill first are
    taken to close it. The price is a buy's limit, the higher of a sell's limit and the best bid; of a market order
    ``mark * (1 + price_range)`` for a buy and ``mark * (1 - price_range)`` for a sell.
    """
    return (abs(quantity) * price * isolated_margin_rate(leverage)).quantize(_USDC_STEP, ROUND_UP)


@owned
def isolated_liquidation_price(
    quantity: Decimal, *, margin: Decimal, cost_position: Decimal, rate: Decimal, funding: Decimal = _ZERO
) -> Decimal:
    """The mark price at which an isolated position's own margin is used up; 0 if none does.

    ``(margin - cost_position - funding) / (|quantity| * rate - quantity)``.

    Args:
        quantity: The position; negative is short.
        margin: Its own margin, USDC.
        cost_position: What it cost, fees included, USDC; negative for a short one.
        rate: Its maintenance margin ratio.
        funding: Funding due, ``quantity * (sum_unitary_funding - last_sum_unitary_funding)``, USDC.
    """
    slope = abs(quantity) * rate - quantity
    return max(_ZERO, (margin - cost_position - funding) / slope) if slope else _ZERO


@owned
def removable_margin(margin: Decimal, notional: Decimal, rate: Decimal, unsettled: Decimal) -> Decimal:
    """What an isolated position can spare, USDC: ``margin - notional * IMR + min(0, unsettled)``, never below 0."""
    return max(_ZERO, margin - abs(notional) * rate + min(_ZERO, unsettled))
