"""The margin formulas of the venue, pure: how much collateral there is, how much is asked for, what is left.

Amounts are USDC, quantities base units (negative is short), prices USDC a base unit, ratios and rates fractions.
Everything takes and gives exact decimals; nothing is rounded but order sizes, which end on the symbol's step.
``ex.margin`` applies these to a live account.

Where the documentation and the JS SDK 3.2 differ, these follow the documentation, and so does the paper venue:

- IMR with orders: of the notional with all orders of one side filled; the SDK takes ``|position + buys - sells|``.
- Margin ratio: over the notional of cross positions; the SDK adds that of isolated ones.
- Collateral weight: by all that is held of a token, also beyond its cap; the SDK takes it at what is counted.
- ``pending_short_qty``: 0 or below, as in the documented examples; the SDK reads it as above 0.

Of isolated orders the documentation tells less than the SDK; see ``orderly_sync.formulas.isolated_margin``.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import attrs

from orderly_sync.formulas.isolated_margin import (
    BORROW_LIMIT,
    FEE_RESERVE,
    available_for_isolated,
    isolated_liquidation_price,
    isolated_margin_rate,
    isolated_order_margin,
    removable_margin,
)
from orderly_sync.values.arithmetic import all_owned, owned

__all__ = [
    "BORROW_LIMIT",
    "FEE_RESERVE",
    "FLAT_RATIO",
    "Exposure",
    "available_for_isolated",
    "free_collateral",
    "imr",
    "initial_margin",
    "initial_margin_ratio",
    "isolated_liquidation_price",
    "isolated_margin_rate",
    "isolated_order_margin",
    "liquidation_price",
    "maintenance_margin",
    "maintenance_margin_ratio",
    "margin_ratio",
    "max_isolated_quantity",
    "max_notional",
    "max_quantity",
    "mmr",
    "removable_margin",
    "token_collateral",
    "token_weight",
    "total_collateral",
    "unrealized_pnl",
    "unsettled_pnl",
    "withdrawable",
]

FLAT_RATIO = Decimal(10)
"""The margin ratio of an account without positions: 1000 %, as documented."""

_ZERO = Decimal(0)
_CURVE = Decimal("0.8")
_SAFETY = Decimal("0.995")
_MAX_WEIGHT = Decimal("1.2")
_STEPS = 60
_TOLERANCE = Decimal("1e-9")  # of the price


# One symbol ------------------------------------------------------------------------------------------------------


def _curve(notional: Decimal) -> Decimal:
    return abs(notional) ** _CURVE if notional else _ZERO


@owned
def imr(notional: Decimal, *, leverage: Decimal | int, base_imr: Decimal, imr_factor: Decimal) -> Decimal:
    """The initial margin ratio of a notional (USDC): the largest of 1 / leverage, base_imr and the curve.

    The curve is ``imr_factor * |notional| ** 0.8``: large positions need more.
    """
    return max(1 / Decimal(leverage), base_imr, imr_factor * _curve(notional))


@owned
def mmr(notional: Decimal, *, base_imr: Decimal, base_mmr: Decimal, imr_factor: Decimal) -> Decimal:
    """The maintenance margin ratio of a notional (USDC): base_mmr, or the curve where it is higher.

    The curve is that of the initial margin, times ``base_mmr / base_imr``. Leverage does not enter.
    """
    return max(base_mmr, base_mmr / base_imr * imr_factor * _curve(notional))


@owned
def max_notional(leverage: Decimal | int, imr_factor: Decimal) -> Decimal:
    """The notional (USDC) at which the curve asks for 1 / leverage: ``(1 / (leverage * imr_factor)) ** (1 / 0.8)``."""
    return (1 / (leverage * imr_factor)) ** (1 / _CURVE)


@owned
def unsettled_pnl(
    quantity: Decimal,
    mark_price: Decimal,
    cost_position: Decimal,
    *,
    sum_unitary_funding: Decimal = _ZERO,
    last_sum_unitary_funding: Decimal = _ZERO,
) -> Decimal:
    """What settling would pay into the balance, USDC: value at the mark price less cost, less the funding due.

    ``quantity * mark - cost_position - quantity * (sum_unitary_funding - last_sum_unitary_funding)``; fees are in the
    cost, funding sums are USDC a base unit.
    """
    due = quantity * (sum_unitary_funding - last_sum_unitary_funding)
    return quantity * mark_price - cost_position - due


@owned
def unrealized_pnl(quantity: Decimal, mark_price: Decimal, average_open_price: Decimal) -> Decimal:
    """What the way from the entry to the mark price brought, USDC: ``quantity * (mark - average_open_price)``."""
    return quantity * (mark_price - average_open_price)


@attrs.frozen(kw_only=True)
@all_owned
class Exposure:
    """What an account holds and has ordered of one symbol in cross margin, and what the symbol asks for it."""

    symbol: str
    mark_price: Decimal
    leverage: Decimal | int
    base_imr: Decimal
    base_mmr: Decimal
    imr_factor: Decimal
    quantity: Decimal = _ZERO
    """The position; negative is short."""
    bought: Decimal = _ZERO
    """What open buys have not yet filled, 0 or more."""
    sold: Decimal = _ZERO
    """What open sells have not yet filled, 0 or more."""
    unsettled_pnl: Decimal = _ZERO

    @property
    def quantity_with_orders(self) -> Decimal:
        """The largest size, 0 or more, that the orders of one side can lead to."""
        return max(abs(self.quantity + self.bought), abs(self.quantity - self.sold))

    @property
    def notional(self) -> Decimal:
        """Size of the position at the mark price, USDC, 0 or more."""
        return abs(self.quantity) * self.mark_price

    @property
    def notional_with_orders(self) -> Decimal:
        """The same for the size that orders can lead to."""
        return self.quantity_with_orders * self.mark_price

    def imr(self, notional: Decimal) -> Decimal:
        """The initial margin ratio of that notional."""
        return imr(notional, leverage=self.leverage, base_imr=self.base_imr, imr_factor=self.imr_factor)

    def mmr(self, notional: Decimal) -> Decimal:
        """The maintenance margin ratio of that notional."""
        return mmr(notional, base_imr=self.base_imr, base_mmr=self.base_mmr, imr_factor=self.imr_factor)


# The account -----------------------------------------------------------------------------------------------------


@owned
def initial_margin(exposures: Iterable[Exposure], *, with_orders: bool = True) -> Decimal:
    """What all exposures ask for, USDC: the sum of notional times its own IMR; with open orders unless told not to."""
    notionals = ((each, each.notional_with_orders if with_orders else each.notional) for each in exposures)
    return sum((notional * each.imr(notional) for each, notional in notionals), _ZERO)


@owned
def maintenance_margin(exposures: Iterable[Exposure]) -> Decimal:
    """Below which the account is liquidated, USDC: the sum of the positions' notionals times their MMR."""
    return sum((each.notional * each.mmr(each.notional) for each in exposures), _ZERO)


@owned
def total_collateral(
    usdc: Decimal,
    unsettled: Decimal,
    *,
    frozen: Decimal = _ZERO,
    isolated_order_frozen: Decimal = _ZERO,
    pending_short: Decimal = _ZERO,
    tokens: Decimal = _ZERO,
) -> Decimal:
    """What backs the cross positions, USDC.

    Args:
        usdc: The USDC balance.
        unsettled: Unsettled PnL of all cross positions.
        frozen: USDC that withdrawals under way hold back.
        isolated_order_frozen: USDC that isolated orders hold back; hosts differ in its sign, so its size counts.
        pending_short: USDC that is owed, 0 or less.
        tokens: What other tokens count for, see ``token_collateral``.
    """
    return usdc - abs(frozen) - abs(isolated_order_frozen) + pending_short + tokens + unsettled


@owned
def token_weight(value: Decimal, *, base_weight: Decimal, discount_factor: Decimal) -> Decimal:
    """The fraction at which a token worth ``value`` USDC counts: ``min(base, 1.2 / (1 + discount * value ** 0.8))``."""
    return min(base_weight, _MAX_WEIGHT / (1 + discount_factor * _curve(value)))


@owned
def token_collateral(
    quantity: Decimal,
    index_price: Decimal,
    *,
    base_weight: Decimal,
    discount_factor: Decimal,
    cap: Decimal | None = None,
) -> Decimal:
    """What a token counts for, USDC: ``min(quantity, cap) * weight * index_price``, weighted by all that is held.

    A token that is owed (a quantity below 0) counts with its full index price, without weight or cap.

    Args:
        quantity: What is held, in units of the token.
        index_price: USDC.
        base_weight: The largest weight.
        discount_factor: How fast the weight falls with the value held.
        cap: The most that counts, in units of the token; None and anything below 0 (the venue says -1) are no cap.
    """
    if quantity < 0:
        return quantity * index_price
    weight = token_weight(quantity * index_price, base_weight=base_weight, discount_factor=discount_factor)
    counted = quantity if cap is None or cap < 0 else min(quantity, cap)
    return counted * weight * index_price


@owned
def free_collateral(collateral: Decimal, margin: Decimal) -> Decimal:
    """What new orders may use, USDC: total collateral less the initial margin with orders, never below 0."""
    return max(_ZERO, collateral - margin)


@owned
def withdrawable(usdc: Decimal, free: Decimal, unsettled: Decimal) -> Decimal:
    """What can leave the account, USDC: ``min(usdc, free - max(unsettled, 0))``, never below 0.

    ``usdc`` is the balance that nothing holds back; profit must be settled before it can go. The same bounds what an
    isolated position can be given.
    """
    return max(_ZERO, min(usdc, free - max(unsettled, _ZERO)))


@owned
def margin_ratio(collateral: Decimal, exposures: Iterable[Exposure]) -> Decimal:
    """Total collateral over the notional of all positions; 10 (1000 %) without any."""
    notional = sum((each.notional for each in exposures), _ZERO)
    return collateral / notional if notional else FLAT_RATIO


@owned
def initial_margin_ratio(exposures: Iterable[Exposure]) -> Decimal:
    """The positions' initial margin over their notional; 0 without any."""
    rows = list(exposures)
    notional = sum((each.notional for each in rows), _ZERO)
    return initial_margin(rows, with_orders=False) / notional if notional else _ZERO


@owned
def maintenance_margin_ratio(exposures: Iterable[Exposure]) -> Decimal:
    """The positions' maintenance margin over their notional; liquidation begins where the margin ratio is below it."""
    rows = list(exposures)
    notional = sum((each.notional for each in rows), _ZERO)
    return maintenance_margin(rows) / notional if notional else _ZERO


@owned
def liquidation_price(collateral: Decimal, exposure: Exposure, others: Decimal = _ZERO) -> Decimal:
    """The mark price at which collateral meets the maintenance margin, all other prices standing still; 0 if none does.

    Solves ``collateral + quantity * (price - mark) = |quantity| * price * MMR(price) + others`` for the price. As the
    ratio depends on the price it leads to, the two are sought in turn.

    Args:
        collateral: Total collateral at the present prices, USDC.
        exposure: The position in question.
        others: Maintenance margin of the other cross positions, USDC.
    """
    size, mark = abs(exposure.quantity), exposure.mark_price
    price = mark
    for _ in range(_STEPS if size else 0):
        before, rate = price, exposure.mmr(size * price)
        slope = size * rate - exposure.quantity
        if not slope:
            return _ZERO
        price = max(_ZERO, mark + (collateral - size * mark * rate - others) / slope)
        if abs(price - before) <= _TOLERANCE * before:
            break
    return price if size else _ZERO


@owned
def max_quantity(
    exposure: Exposure,
    *,
    buy: bool,
    collateral: Decimal,
    others: Decimal = _ZERO,
    taker_fee: Decimal = _ZERO,
    base_min: Decimal = _ZERO,
    base_max: Decimal,
    base_tick: Decimal,
) -> Decimal:
    """The largest cross order of one side, base units, on the symbol's step; 0 if not even the least order.

    All collateral that other symbols leave may carry a position of ``left / (max(1 / leverage, base_imr) + 2 *
    taker_fee) / mark``, and no more than the curve allows: ``(left / imr_factor) ** (1 / 1.8) / mark / (1 + 2 *
    taker_fee)``; 0.5 % of either is kept back. What is held and ordered on that side is taken off; an opposite position
    makes room.

    Args:
        exposure: The symbol's, its orders included.
        buy: Whether for a buy.
        collateral: Total collateral, USDC.
        others: Initial margin with orders of the other symbols, USDC.
        taker_fee: The taker's fee rate, a fraction.
        base_min: The least quantity of an order.
        base_max: The largest.
        base_tick: The step above the least.
    """
    left = max(_ZERO, collateral - others)
    fees = 2 * taker_fee
    rate = max(1 / Decimal(exposure.leverage), exposure.base_imr) + fees
    room = left / rate / exposure.mark_price * _SAFETY
    if exposure.imr_factor:
        curved = (left / exposure.imr_factor) ** (1 / (1 + _CURVE)) / exposure.mark_price / (1 + fees)
        room = min(room, curved * _SAFETY)
    return _on_step(room - _taken(exposure, buy=buy), base_min, base_max, base_tick)


def _taken(exposure: Exposure, *, buy: bool) -> Decimal:
    """What stands in the way of an order; below 0 where it first closes a position."""
    return exposure.quantity + exposure.bought if buy else exposure.sold - exposure.quantity


def _on_step(quantity: Decimal, least: Decimal, most: Decimal, step: Decimal) -> Decimal:
    bounded = min(most, quantity)
    if bounded < least or bounded <= 0:
        return _ZERO
    return least + (bounded - least) // step * step


# Isolated --------------------------------------------------------------------------------------------------------


@owned
def max_isolated_quantity(
    exposure: Exposure,
    *,
    buy: bool,
    available: Decimal,
    price: Decimal | None = None,
    base_min: Decimal = _ZERO,
    base_max: Decimal,
    base_tick: Decimal,
) -> Decimal:
    """The largest isolated order of one side, base units, on the symbol's step; 0 if not even the least order.

    Available USDC can freeze ``available / (price * (1 / leverage + 0.0006))``, of which 0.5 % is kept back; what
    closes the position freezes nothing. What is held and ordered on that side may reach ``max_notional`` together.

    Args:
        exposure: The symbol's in isolated margin, its orders included.
        buy: Whether for a buy.
        available: USDC that orders may freeze, see ``available_for_isolated``.
        price: At which the order freezes margin, see ``isolated_order_margin``; the mark price without one.
        base_min: The least quantity of an order.
        base_max: The largest.
        base_tick: The step above the least.
    """
    mark, taken = exposure.mark_price, _taken(exposure, buy=buy)
    at = mark if price is None else price
    room = available / (at * isolated_margin_rate(exposure.leverage)) * _SAFETY + max(_ZERO, -taken)
    if exposure.imr_factor:
        most = max_notional(exposure.leverage, exposure.imr_factor)
        room = min(room, max(_ZERO, -taken) + (most - max(_ZERO, taken) * mark) / at)
    return _on_step(room, base_min, base_max, base_tick)
