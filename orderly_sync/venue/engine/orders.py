"""Orders and algo orders as they stand at one moment: frozen snapshots, replaced whole at every change."""

from __future__ import annotations

from decimal import Decimal

import attrs

from orderly_sync.models.enums import (
    AlgoType,
    MarginMode,
    OrderSide,
    OrderStatus,
    OrderType,
    TriggerStatus,
)

__all__ = ["LEGS", "AlgoNode", "Key", "Order", "fires", "trailed", "trailing_level", "waits", "watched"]

_ZERO = Decimal(0)
_AVERAGE_STEP = Decimal("0.00000001")


def _average(notional: Decimal, quantity: Decimal) -> Decimal:
    return (notional / quantity).quantize(_AVERAGE_STEP).normalize() + _ZERO if quantity else _ZERO


LEGS = (AlgoType.TAKE_PROFIT, AlgoType.STOP_LOSS)
_FIRING = (AlgoType.STOP, AlgoType.TRAILING_STOP, *LEGS)

Key = tuple[str, MarginMode]
"""A symbol and a margin mode: what a position is known by."""


@attrs.frozen(kw_only=True)
class Order:
    """An ordinary order. ``price`` is None for MARKET; ``quantity`` is the whole of it, filled part included."""

    order_id: int
    account_id: str
    symbol: str
    side: OrderSide
    type: OrderType
    price: Decimal | None
    quantity: Decimal
    visible_quantity: Decimal
    margin_mode: MarginMode = MarginMode.CROSS
    amount: Decimal | None = None
    status: OrderStatus = OrderStatus.NEW
    executed_quantity: Decimal = _ZERO
    """Filled so far; the wire's ``executed`` and ``total_executed_quantity``."""
    executed_notional: Decimal = _ZERO
    """Sum of price x quantity of its fills, USDC."""
    total_fee: Decimal = _ZERO
    fee_asset: str = "USDC"
    realized_pnl: Decimal = _ZERO
    reduce_only: bool = False
    slippage: Decimal | None = None
    freeze_price: Decimal = _ZERO
    """The price at which it freezes margin for what it may open; 0 unless it is isolated and may open."""
    margin_rate: Decimal = _ZERO
    """The part of that notional which it freezes."""
    client_order_id: str | None = None
    order_tag: str | None = None
    algo_order_id: int | None = None
    """The algo node that sent it, if one did."""
    reason: str = ""
    created_time: int = 0
    updated_time: int = 0

    @property
    def remaining(self) -> Decimal:
        """What is not filled."""
        return self.quantity - self.executed_quantity

    @property
    def visible(self) -> Decimal:
        """What the book shows of it while it rests."""
        return _ZERO if self.is_done else min(self.visible_quantity, self.remaining)

    @property
    def average_executed_price(self) -> Decimal:
        """Mean price of its fills to 8 decimals, 0 without any."""
        return _average(self.executed_notional, self.executed_quantity)

    @property
    def is_done(self) -> bool:
        """Whether nothing more can happen to it."""
        return self.status.is_final

    @property
    def sign(self) -> int:
        """1 for BUY, -1 for SELL."""
        return 1 if self.side is OrderSide.BUY else -1


@attrs.frozen(kw_only=True)
class AlgoNode:
    """One node of an algo tree. Containers (TP_SL, POSITIONAL_TP_SL) have no ``type`` and no trigger of their own.

    A container shows the trigger and the fills of the leg that fired. ``algo_status`` is the node's own,
    ``root_algo_status`` the whole tree's and final only when every node is.
    """

    algo_order_id: int
    root_algo_order_id: int
    parent_algo_order_id: int
    account_id: str
    symbol: str
    algo_type: AlgoType
    side: OrderSide
    type: OrderType | None = None
    quantity: Decimal = _ZERO
    """0 on positional nodes; on the legs of a BRACKET with TP_SL what the entry has filled."""
    price: Decimal | None = None
    trigger_price: Decimal | None = None
    trigger_price_type: str = "MARK_PRICE"
    trigger_status: TriggerStatus = TriggerStatus.USELESS
    is_triggered: bool = False
    trigger_time: int = 0
    trigger_trade_price: Decimal = _ZERO
    algo_status: OrderStatus = OrderStatus.NEW
    root_algo_status: OrderStatus = OrderStatus.NEW
    is_activated: bool = True
    activated_price: Decimal | None = None
    callback_rate: Decimal | None = None
    callback_value: Decimal | None = None
    extreme_price: Decimal | None = None
    visible_quantity: Decimal = _ZERO
    reduce_only: bool = False
    margin_mode: MarginMode = MarginMode.CROSS
    client_order_id: str | None = None
    order_tag: str | None = None
    order_id: int | None = None
    """The ordinary order this node sent."""
    executed_quantity: Decimal = _ZERO
    executed_notional: Decimal = _ZERO
    total_fee: Decimal = _ZERO
    fee_asset: str = "USDC"
    realized_pnl: Decimal = _ZERO
    reason: str = ""
    created_time: int = 0
    updated_time: int = 0

    @property
    def average_executed_price(self) -> Decimal:
        """Mean price of its fills to 8 decimals, 0 without any."""
        return _average(self.executed_notional, self.executed_quantity)

    @property
    def is_done(self) -> bool:
        """Whether nothing more can happen to it."""
        return self.algo_status.is_final

    @property
    def is_root(self) -> bool:
        """Whether it is the root of its tree."""
        return self.parent_algo_order_id == 0


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
