"""Isolated margin: positions with a collateral of their own, taken from the account's USDC.

An order that opens freezes its margin while it rests; a fill moves it to the position; a reduction returns the share of
the margin and the PnL of what it closed.
"""

from __future__ import annotations

from decimal import Decimal

import attrs

from orderly_sync.models.enums import MarginMode, OrderSide
from orderly_sync.venue.ledger import Entry, trade
from orderly_sync.venue.margin import Markets, collateral, imr, initial_margin, leverage, unsettled
from orderly_sync.venue.orders import Order
from orderly_sync.venue.state import Account, Key, Market

__all__ = ["Filled", "available", "close_part", "fill", "frozen", "liquidation_price", "removable"]

_ZERO = Decimal(0)
_FEE_RESERVE = Decimal("0.0006")
_CENT_FRACTION = Decimal("1e-12")  # shares are cut here, and the rest stays where it was: nothing is lost


def available(account: Account, markets: Markets) -> Decimal:
    """What may be taken from the account's USDC for isolated positions."""
    free = collateral(account, markets) - initial_margin(account, markets)
    return max(_ZERO, min(account.usdc - account.frozen, free - max(unsettled(account, markets), _ZERO)))


def frozen(account: Account, market: Market, order: Order) -> Order:
    """The order with the margin it freezes while it rests: for what it may open beyond closing the position."""
    if order.margin_mode is not MarginMode.ISOLATED or order.reduce_only:
        return order
    key = (order.symbol, order.margin_mode)
    held = account.entry(key).quantity
    closes = _ZERO
    if held * order.sign < 0:
        buys, sells = account.pending(key, order.order_id)
        closes = max(_ZERO, abs(held) - (buys if order.side is OrderSide.BUY else sells))
    rate = _price(market, order) * _rate(account, market, order.margin_mode)
    return attrs.evolve(order, freeze_rate=rate, frozen=max(_ZERO, order.remaining - closes) * rate)


def _rate(account: Account, market: Market, mode: MarginMode) -> Decimal:
    return 1 / Decimal(leverage(account, market.rules, mode)) + _FEE_RESERVE


def _price(market: Market, order: Order) -> Decimal:
    """The price that freezes margin: a buy's limit, the higher of a sell's limit and the best bid, else the book's."""
    best = market.book.best(order.side.opposite)
    if order.price is None:
        return market.mark if best is None else best
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
    frozen: Decimal
    """What stays frozen for the rest of the order."""


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
    realized = paid = _ZERO
    if closing:
        entry, realized, given = close_part(
            entry, closing, price=price, fee=closing_fee, market=market, now=now
        )
        paid -= given
    opening = quantity - closing
    left = order.frozen
    if opening:
        wanted = opening * order.freeze_rate
        used = min(left, wanted)
        # A position that vanished meanwhile makes more opening than was frozen: the rest comes from what is free.
        extra = min(wanted - used, available(account, markets))
        left -= used
        paid += used + extra
        entry, _ = trade(
            entry,
            opening * order.sign,
            price,
            fee=fee - closing_fee,
            sum_unitary_funding=market.sum_unitary_funding,
            now=now,
        )
        entry = attrs.evolve(entry, margin=entry.margin + used + extra)
    return Filled(entry=entry, realized=realized, paid=paid, frozen=left)


def close_part(
    entry: Entry, closing: Decimal, *, price: Decimal, fee: Decimal, market: Market, now: int
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
        updated_time=now,
        version=entry.version + 1,
    )
    return after, closed * (price - entry.average_open_price), given


def _cut(value: Decimal) -> Decimal:
    return value.quantize(_CENT_FRACTION)


def removable(account: Account, market: Market, key: Key) -> Decimal:
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
