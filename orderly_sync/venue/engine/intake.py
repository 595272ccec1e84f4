"""From a request to the order it would become: prices, quantities and defaults filled in."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.enums import MarginMode, OrderSide, OrderType
from orderly_sync.venue.engine.commands import PlaceOrder
from orderly_sync.venue.engine.matching import affordable
from orderly_sync.venue.engine.orders import Key, Order
from orderly_sync.venue.engine.refusals import Refused, plain
from orderly_sync.venue.engine.state import Account, MarketState
from orderly_sync.wire.error_codes import INVALID_PARAM, PRICE_FILTER

__all__ = ["market_limit", "order_from_command"]

_ZERO = Decimal(0)
_AT_BOOK = {OrderType.ASK: OrderSide.SELL, OrderType.BID: OrderSide.BUY}
_UNPRICED = (OrderType.MARKET, OrderType.ASK, OrderType.BID)
_NEVER_RESTING = (OrderType.MARKET, OrderType.IOC, OrderType.FOK)


def market_limit(market: MarketState, side: OrderSide, slippage: Decimal | None) -> Decimal:
    """The worst price a MARKET order takes: price_range around mark, narrowed by its slippage (from mark, assumed)."""
    width = market.rules.price_range if slippage is None else min(slippage, market.rules.price_range)
    return market.mark * (1 + width if side is OrderSide.BUY else 1 - width)


def order_from_command(
    market: MarketState, account: Account, command: PlaceOrder, algo_order_id: int | None
) -> Order:
    """The order a well-formed request asks for; it has no id yet.

    Raises:
        Refused: The book has no price to take, or there is nothing to reduce.
    """
    mode = command.margin_mode or account.default_modes.get(command.symbol, MarginMode.CROSS)
    price = _price(market, command)
    quantity = _quantity(market, command, price)
    if command.reduce_only:
        quantity = min(quantity, _reducible(account, (command.symbol, mode), command))
    shown = command.visible_quantity
    hides = shown is not None and command.order_type not in _NEVER_RESTING
    return Order(
        order_id=0,
        account_id=account.account_id,
        symbol=command.symbol,
        side=command.side,
        type=command.order_type,
        price=price,
        quantity=quantity,
        visible_quantity=shown if hides and shown is not None else quantity,
        margin_mode=mode,
        amount=command.amount,
        reduce_only=command.reduce_only,
        slippage=command.slippage,
        client_order_id=command.client_order_id,
        order_tag=command.order_tag,
        algo_order_id=algo_order_id,
    )


def _price(market: MarketState, command: PlaceOrder) -> Decimal | None:
    if command.order_type in _AT_BOOK:
        levels = market.book.visible(_AT_BOOK[command.order_type])
        level = command.level or 0
        if level >= len(levels):
            raise Refused(
                PRICE_FILTER,
                f"the book of {command.symbol} has no {str(command.order_type).lower()}{level} to take",
            )
        return levels[level][0]
    if command.order_type is OrderType.MARKET:
        return None
    if command.order_type is OrderType.POST_ONLY and command.post_only_adjust:
        return _inside(market, command)
    return command.price


def _inside(market: MarketState, command: PlaceOrder) -> Decimal | None:
    """The price one tick inside the other side's best, where the asked one would cross."""
    best = market.book.best(command.side.opposite)
    if best is None or command.price is None:
        return command.price
    tick = market.rules.quote_tick
    return (
        min(command.price, best - tick) if command.side is OrderSide.BUY else max(command.price, best + tick)
    )


def _quantity(market: MarketState, command: PlaceOrder, price: Decimal | None) -> Decimal:
    if command.amount is None:
        return command.quantity or _ZERO
    if price is not None:
        return market.rules.quantity_below(command.amount / price)
    limit = market_limit(market, command.side, command.slippage)
    found = affordable(market.book, command.side, command.amount, limit)
    return market.rules.quantity_below(found or command.amount / market.mark)


def _reducible(account: Account, key: Key, command: PlaceOrder) -> Decimal:
    """What a reduce-only order may still take off the position.

    Resting ones share the position, so that no fill can flip it; one that trades at once may take it whole.
    """
    held = account.entry(key).quantity
    direction = 1 if command.side is OrderSide.BUY else -1
    if held * direction >= 0:
        raise Refused(
            INVALID_PARAM,
            f"reduce_only {command.side}: the {key[1]} position in {key[0]} is {plain(held)}, nothing to reduce",
        )
    left = abs(held)
    if command.order_type in _NEVER_RESTING:
        return left
    left -= account.working.side(key, command.side).reducing
    if left <= 0:
        raise Refused(
            INVALID_PARAM,
            f"reduce_only {command.side}: open reduce-only orders already cover {plain(abs(held))}",
        )
    return left
