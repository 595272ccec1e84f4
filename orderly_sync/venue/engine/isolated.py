"""Isolated margin: positions with a collateral of their own, taken from the account's USDC.

An order that opens freezes its margin while it rests. What it freezes follows the position at every change, as orders
of the other side close it first. A fill moves the margin to the position; a reduction returns its share of the margin
and the PnL of what it closed.

Documentation and JS SDK 3.2, which says that it mirrors the risk engine, differ in what may be frozen. Here as in the
SDK: all free collateral counts, unsettled profit included, so that the USDC balance may fall below 0; a market order
freezes at the end of the price range; size is capped by max_notional.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_UP, Decimal

import attrs

from orderly_sync.models.enums import MarginMode, OrderSide
from orderly_sync.venue.engine.ledger import Entry, trade
from orderly_sync.venue.engine.margin import Markets, collateral, imr, initial_margin, leverage, unsettled
from orderly_sync.venue.engine.orders import Key, Order
from orderly_sync.venue.engine.state import Account, MarketState

__all__ = [
    "Filled",
    "addable",
    "available",
    "close_part",
    "fill",
    "liquidation_price",
    "margin_rate",
    "priced",
    "removable",
]

_ZERO = Decimal(0)
_FEE_RESERVE = Decimal("0.0006")
_RATE_STEP = Decimal("0.0000000001")
_CENT_FRACTION = Decimal("1e-12")  # shares are cut here, and the rest stays where it was: nothing is lost


def addable(account: Account, markets: Markets) -> Decimal:
    """What may be added by hand to the margin of isolated positions: USDC that is there, unsettled profit left out."""
    profit = max(unsettled(account, markets), _ZERO)
    return max(_ZERO, min(account.usdc - account.frozen, _free(account, markets) - profit))


def available(account: Account, markets: Markets) -> Decimal:
    """What new isolated orders may freeze: the free collateral.

    The real venue lends at most 50,000 USDC for this. Here nothing but USDC is collateral, so the balance falls below 0
    only by what unsettled profit covers, and the limit has nothing to add.
    """
    return max(_ZERO, _free(account, markets))


def _free(account: Account, markets: Markets) -> Decimal:
    return collateral(account, markets) - initial_margin(account, markets)


def margin_rate(account: Account, market: MarketState) -> Decimal:
    """The part of its notional that an order freezes: 1 / leverage, rounded up to 10 decimals, and the fee reserve."""
    lever = Decimal(leverage(account, market.rules, MarginMode.ISOLATED))
    return (1 / lever).quantize(_RATE_STEP, ROUND_UP) + _FEE_RESERVE


def priced(account: Account, market: MarketState, order: Order) -> Order:
    """The order with the price and the rate at which it freezes margin."""
    if order.margin_mode is not MarginMode.ISOLATED or order.reduce_only:
        return order
    return attrs.evolve(order, freeze_price=_price(market, order), margin_rate=margin_rate(account, market))


def _price(market: MarketState, order: Order) -> Decimal:
    """A buy's limit; the higher of a sell's limit and the best bid; a market order's price_range away from mark."""
    if order.price is None:
        step = Decimal(1).scaleb(min(0, int(market.rules.quote_tick.normalize().as_tuple().exponent)))
        away = market.rules.price_range * order.sign
        return (market.mark * (1 + away)).quantize(step, ROUND_FLOOR if order.sign > 0 else ROUND_CEILING)
    best = market.book.best(order.side.opposite)
    if order.side is OrderSide.BUY or best is None:
        return order.price
    return max(order.price, best)


@attrs.frozen(kw_only=True)
class Filled:
    """What a fill did to an isolated position."""

    entry: Entry
    realized: Decimal
    paid: Decimal
    """USDC taken from the account, below 0 if given back."""


def fill(
    account: Account,
    markets: Markets,
    order: Order,
    *,
    price: Decimal,
    quantity: Decimal,
    fee: Decimal,
    now: int,
) -> Filled:
    """Book a fill: first what it closes, then what it opens. Nothing is changed yet."""
    market = markets[order.symbol]
    entry = account.entry((order.symbol, order.margin_mode))
    signed = quantity * order.sign
    closing = min(quantity, abs(entry.quantity)) if entry.quantity * signed < 0 else _ZERO
    closing_fee = fee if closing == quantity else _cut(fee * closing / quantity)
    realized = given = _ZERO
    if closing:
        entry, realized, given = close_part(
            entry, closing, price=price, fee=closing_fee, market=market, now=now
        )
    paid = -given
    opening = quantity - closing
    if opening:
        # A market order's bound is given back, a limit order's margin moves as it was frozen (assumed).
        wanted = opening * order.margin_rate * (price if order.price is None else order.freeze_price)
        # What it froze is there, unless losses have eaten it: then the position starts with what is left (assumed).
        backed = max(account.usdc - account.withdrawing, _free(account, markets) + _frozen(account, order))
        moved = max(_ZERO, min(wanted, backed + given))
        paid += moved
        entry, _ = trade(
            entry,
            opening * order.sign,
            price,
            fee=fee - closing_fee,
            sum_unitary_funding=market.sum_unitary_funding,
            now=now,
        )
        entry = attrs.evolve(entry, margin=entry.margin + moved)
    return Filled(entry=entry, realized=realized, paid=paid)


def _frozen(account: Account, order: Order) -> Decimal:
    """What all orders of its side freeze."""
    key = (order.symbol, order.margin_mode)
    return account.working.side(key, order.side).frozen(account.closable(key, order.side))


def close_part(
    entry: Entry, closing: Decimal, *, price: Decimal, fee: Decimal, market: MarketState, now: int
) -> tuple[Entry, Decimal, Decimal]:
    """Close part of a position: the entry left, the PnL realised, the USDC given back (margin share and PnL)."""
    held = entry.quantity
    closed = closing if held > 0 else -closing
    whole = closing == abs(held)
    cost = entry.cost + entry.funding(market.sum_unitary_funding)
    cost_share = cost if whole else _cut(cost * closing / abs(held))
    margin_share = entry.margin if whole else _cut(entry.margin * closing / abs(held))
    given = margin_share + closed * price - cost_share - fee
    margin = entry.margin - margin_share
    if given < 0 and not whole:
        # A loss beyond its share of the margin eats into the rest before it reaches the account.
        margin, given = margin + given, _ZERO
    after = attrs.evolve(
        entry,
        quantity=held - closed,
        cost=cost - cost_share,
        margin=margin,
        average_open_price=_ZERO if whole else entry.average_open_price,
        last_sum_unitary_funding=market.sum_unitary_funding,
        funded=_ZERO if whole else entry.accrued(market.sum_unitary_funding),
        updated_time=now,
        version=entry.version + 1,
    )
    return after, closed * (price - entry.average_open_price), given


def _cut(value: Decimal) -> Decimal:
    return value.quantize(_CENT_FRACTION)


def removable(account: Account, market: MarketState, key: Key) -> Decimal:
    """The margin a position can spare: margin - notional x IMR + min(0, unsettled PnL)."""
    entry = account.entry(key)
    notional = abs(entry.quantity) * market.mark
    pnl = entry.unsettled_pnl(market.mark, market.sum_unitary_funding)
    needed = notional * imr(market.rules, leverage(account, market.rules, key[1]), notional)
    return max(_ZERO, entry.margin - needed + min(_ZERO, pnl))


def liquidation_price(entry: Entry, rate: Decimal, sum_unitary_funding: Decimal) -> Decimal:
    """The mark price at which margin and PnL of an open position meet the maintenance margin at ``rate``; 0 if none."""
    left = entry.margin - entry.cost - entry.funding(sum_unitary_funding)
    return max(_ZERO, left / (abs(entry.quantity) * rate - entry.quantity))
