"""When an algo order fires. Only the mark price counts; nothing here changes anything."""

from __future__ import annotations

from decimal import Decimal

import attrs

from orderly_sync.models.enums import AlgoType, OrderSide
from orderly_sync.venue.engine.orders import AlgoNode

__all__ = ["LEGS", "fires", "trailed", "trailing_level", "waits", "watched"]

LEGS = (AlgoType.TAKE_PROFIT, AlgoType.STOP_LOSS)
_FIRING = (AlgoType.STOP, AlgoType.TRAILING_STOP, *LEGS)


def waits(node: AlgoNode) -> bool:
    """Whether the node has a trigger that may still fire."""
    return node.algo_type in _FIRING and not node.is_done and not node.is_triggered


def fires(node: AlgoNode, mark: Decimal) -> bool:
    """Whether a waiting node fires at this mark price; being beyond its trigger counts as reaching it (assumed)."""
    level = trailing_level(node) if node.algo_type is AlgoType.TRAILING_STOP else node.trigger_price
    if level is None or not node.is_activated:
        return False
    rising = node.side is OrderSide.BUY
    if node.algo_type is AlgoType.TAKE_PROFIT:
        rising = not rising
    return mark >= level if rising else mark <= level


def trailing_level(node: AlgoNode) -> Decimal | None:
    """Where a trailing stop fires now: its callback away from the best mark price since it became active."""
    if node.extreme_price is None:
        return None
    away = node.callback_value if node.callback_rate is None else node.extreme_price * node.callback_rate
    assert away is not None
    return node.extreme_price + away if node.side is OrderSide.BUY else node.extreme_price - away


def trailed(node: AlgoNode, mark: Decimal) -> AlgoNode:
    """The node after this mark price: activated if it was waiting for it, its extreme moved if it is better."""
    if node.algo_type is not AlgoType.TRAILING_STOP:
        return node
    sells = node.side is OrderSide.SELL
    if not node.is_activated:
        wanted = node.activated_price
        assert wanted is not None
        reached = mark >= wanted if sells else mark <= wanted
        return attrs.evolve(node, is_activated=True, extreme_price=mark) if reached else node
    assert node.extreme_price is not None
    better = mark > node.extreme_price if sells else mark < node.extreme_price
    return attrs.evolve(node, extreme_price=mark) if better else node


def watched(node: AlgoNode) -> tuple[Decimal | None, Decimal | None]:
    """The mark prices between which nothing happens to a waiting node, each itself outside; None is no bound.

    At the lower or below, or at the upper or above, it may fire, become active, or move its extreme.
    """
    sells = node.side is OrderSide.SELL
    if node.algo_type is not AlgoType.TRAILING_STOP:
        if not node.is_activated:
            return None, None
        rises = sells is (node.algo_type is AlgoType.TAKE_PROFIT)
        return (None, node.trigger_price) if rises else (node.trigger_price, None)
    if not node.is_activated:
        return (None, node.activated_price) if sells else (node.activated_price, None)
    level, extreme = trailing_level(node), node.extreme_price
    return (level, extreme) if sells else (extreme, level)
