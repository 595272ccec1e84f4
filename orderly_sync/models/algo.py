"""Algo orders as REST shows them: a tree of nodes under one root."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

import attrs

from orderly_sync.models.base import ClientOrderId, Model, model, utc, wire, zero_like
from orderly_sync.models.enums import (
    AlgoOrderType,
    AlgoStatus,
    AlgoType,
    MarginMode,
    OrderSide,
    OrderStatus,
    TriggerPriceType,
    TriggerStatus,
)

__all__ = ["AlgoOrder", "CreatedAlgoOrder"]


@model
class AlgoOrder(Model):
    """One node of an algo order with its children; the root's ``parent_algo_order_id`` is 0.

    Containers (TP_SL, POSITIONAL_TP_SL, a bracket's root) may lack type, price, side and trigger price; children may
    lack their symbol, which is then the root's.
    """

    shown = (
        "symbol",
        "algo_type",
        "side",
        "algo_status",
        "algo_order_id",
        "quantity",
        "price",
        "trigger_price",
        "is_triggered",
        "total_executed_quantity",
    )

    algo_order_id: int
    root_algo_order_id: int | None = None
    parent_algo_order_id: int | None = None
    parent_algo_type: AlgoType | None = None
    """What the node directly above is; None on the root, or where the venue does not say."""
    symbol: str | None = None
    client_order_id: ClientOrderId | None = None
    algo_type: AlgoType | None = None
    algo_status: AlgoStatus | None = None
    """Where this node stands."""
    root_algo_status: AlgoStatus | None = wire("root_algo_order_status", "root_algo_status")
    """Where the whole tree stands."""
    status: OrderStatus | None = None
    """Where the order that this node sent stands; None before it triggers."""
    side: OrderSide | None = None
    type: AlgoOrderType | None = None
    price: Decimal | None = None
    """Limit price; 0 or None where it trades at market."""
    quantity: Decimal | None = None
    """Size in base units; 0 on positional nodes."""
    trigger_price: Decimal | None = None
    trigger_price_type: TriggerPriceType | None = None
    trigger_status: TriggerStatus | None = None
    trigger_trade_price: Decimal | None = None
    trigger_time: int | None = None
    """When it triggered, ms; 0 or None before."""
    is_triggered: bool | None = wire("is_triggered", "triggered")
    """Whether the trigger has fired; None where the venue does not say. Texts, "false", are read as what they mean."""
    is_activated: bool | None = wire("is_activated", "activated")
    callback_rate: Decimal | None = None
    """Trailing stop: the distance as a fraction, 0.1 = 10 %."""
    callback_value: Decimal | None = None
    """Trailing stop: the distance in quote units."""
    extreme_price: Decimal | None = None
    """Trailing stop: the best price since activation."""
    activated_price: Decimal | None = None
    """Trailing stop: the price from which on it trails."""
    executed_quantity: Decimal | None = None
    total_executed_quantity: Decimal | None = None
    average_executed_price: Decimal | None = wire(
        "average_executed_price", "avg_price", "average_executed_quantity"
    )
    total_fee: Decimal | None = None
    fee_asset: str | None = None
    realized_pnl: Decimal | None = None
    visible_quantity: Decimal | None = wire("visible_quantity", "visible")
    reduce_only: bool | None = None
    order_tag: str | None = None
    margin_mode: MarginMode | None = None
    leverage: Decimal | None = None
    user_id: int | None = None
    created_time: int | None = None
    """ms."""
    updated_time: int | None = None
    """ms."""
    child_orders: tuple[AlgoOrder, ...] = ()

    @property
    def time(self) -> datetime | None:
        """When it was created, UTC."""
        return utc(self.created_time)

    @property
    def updated(self) -> datetime | None:
        """When it last changed, UTC."""
        return utc(self.updated_time)

    @property
    def is_root(self) -> bool:
        """Whether it stands at the top of its tree."""
        return not self.parent_algo_order_id or self.algo_order_id == self.root_algo_order_id

    @property
    def remaining(self) -> Decimal | None:
        """Not yet filled, base units; 0 once it is FILLED, None on positional nodes, whose size is the position's."""
        if OrderStatus.FILLED in {self.algo_status, self.status}:
            return zero_like(self)
        if not self.quantity:
            return None
        return self.quantity - self.total_executed_quantity if self.total_executed_quantity else self.quantity

    @property
    def is_final(self) -> bool:
        """Whether nothing more can happen to this node; an unknown status is not final."""
        return self.algo_status is not None and self.algo_status.is_final

    def nodes(self) -> Iterator[AlgoOrder]:
        """This node and all below it, parents before their children."""
        yield self
        for child in self.child_orders:
            yield from child.nodes()


@model
class CreatedAlgoOrder(Model):
    """The venue took an algo order; its reports arrive by the stream."""

    order_id: int = wire("order_id", "algo_order_id", default=attrs.NOTHING)
    """The root's id."""
    client_order_id: ClientOrderId | None = None
    algo_type: AlgoType | None = None
    quantity: Decimal | None = None
    rows: tuple[AlgoOrder, ...] = ()
    """The nodes of the tree, where the venue lists them."""
