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

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-algo-order-by-order_id
    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-algo-orders
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
    """Id of this node."""
    root_algo_order_id: int | None = None
    """Id of the tree's root; its own id on the root. None is not said."""
    parent_algo_order_id: int | None = None
    """Id of the node directly above; 0 on the root. None is not said."""
    parent_algo_type: AlgoType | None = None
    """What the node directly above is; None on the root, or where the venue does not say."""
    symbol: str | None = None
    """The market, ``PERP_ETH_USDC``; None on children that leave it to the root."""
    client_order_id: ClientOrderId | None = None
    """The caller's own id; None where it was sent without one."""
    algo_type: AlgoType | None = None
    """What the node is: STOP, TP_SL, POSITIONAL_TP_SL, BRACKET, TRAILING_STOP, TAKE_PROFIT or STOP_LOSS."""
    algo_status: AlgoStatus | None = None
    """Where this node stands; None is not said, see ``is_final``."""
    root_algo_status: AlgoStatus | None = wire("root_algo_order_status", "root_algo_status")
    """Where the whole tree stands; the JS SDK reads it as ``root_algo_status``."""
    status: OrderStatus | None = None
    """Where the order that this node sent stands; None before it triggers."""
    side: OrderSide | None = None
    """BUY or SELL; on nodes that only hold others it is missing or means nothing."""
    type: AlgoOrderType | None = None
    """How it trades once triggered; None on nodes that only hold others."""
    price: Decimal | None = None
    """Limit price, USDC; 0 or None where it trades at market."""
    quantity: Decimal | None = None
    """Size, base units; 0 on positional nodes, which follow the position."""
    trigger_price: Decimal | None = None
    """The price that sets it off, USDC; None on a bracket's root and on nodes that only hold others."""
    trigger_price_type: TriggerPriceType | None = None
    """Which price is watched: MARK_PRICE. None is not said."""
    trigger_status: TriggerStatus | None = None
    """USELESS (not armed or not needed), TRIGGERING, SUCCESS or FAILED, where the order was refused; None is not
    said."""
    trigger_trade_price: Decimal | None = None
    """The price seen when it fired, USDC; 0 or None before."""
    trigger_time: int | None = None
    """When it triggered, ms; 0 or None before."""
    is_triggered: bool | None = wire("is_triggered", "triggered")
    """Whether the trigger has fired; None where the venue does not say. Texts, "false", are read as what they mean."""
    is_activated: bool | None = wire("is_activated", "activated")
    """Whether the node is armed, so that False switches a leg off; on a trailing stop, whether its activation price
    was reached."""
    callback_rate: Decimal | None = None
    """Trailing stop: the distance as a fraction, 0.1 is 10 %; None on others and where a price was given."""
    callback_value: Decimal | None = None
    """Trailing stop: the distance as a price, USDC; None on others and where a fraction was given."""
    extreme_price: Decimal | None = None
    """Trailing stop: the best mark price since activation, USDC; None on others and before."""
    activated_price: Decimal | None = None
    """Trailing stop: the mark price from which on it trails, USDC; None or 0 where it trails from the start, and on
    others."""
    executed_quantity: Decimal | None = None
    """Filled so far, base units, at least 0; the same as ``total_executed_quantity`` on the venue's pages."""
    total_executed_quantity: Decimal | None = None
    """Filled so far, base units, at least 0; None is not said."""
    average_executed_price: Decimal | None = wire(
        "average_executed_price", "avg_price", "average_executed_quantity"
    )
    """Mean price of the fills so far, USDC; 0 or None before the first."""
    total_fee: Decimal | None = None
    """Fees of all fills so far with those of the order's tag, in ``fee_asset``; above 0 was paid, below 0 is a
    rebate."""
    fee_asset: str | None = None
    """The token of the fees, USDC; may be empty before the first fill."""
    realized_pnl: Decimal | None = None
    """What its fills realised, USDC, before fees; below 0 is a loss."""
    visible_quantity: Decimal | None = wire("visible_quantity", "visible")
    """The most that it may show in the book, base units; 0 is hidden."""
    reduce_only: bool | None = None
    """Whether it may only shrink the position; None is not said."""
    order_tag: str | None = None
    """The tag in full (``enum:<owning_broker_id>:<enum_id>`` for a custom fee); None or ``default`` without one."""
    margin_mode: MarginMode | None = None
    """CROSS or ISOLATED; None is not said, as on children."""
    leverage: Decimal | None = None
    """Leverage of the symbol, 10 is 10x; on no page, None where it is not sent. The paper venue does not send it."""
    user_id: int | None = None
    """The venue's number of the account's owner; None where it is not sent."""
    created_time: int | None = None
    """When the node was created, ms; the wire may write a text."""
    updated_time: int | None = None
    """When the node last changed, ms; the wire may write a text."""
    child_orders: tuple[AlgoOrder, ...] = ()
    """The nodes directly below, each with its own; empty on a leaf."""

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
    """The venue took an algo order; its reports arrive by the stream.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/create-algo-order
    """

    order_id: int = wire("order_id", "algo_order_id", default=attrs.NOTHING)
    """The root's id."""
    client_order_id: ClientOrderId | None = None
    """The caller's own id, echoed; None where none was sent."""
    algo_type: AlgoType | None = None
    """What was created, as sent."""
    quantity: Decimal | None = None
    """Size as sent, base units; None or 0 on positional orders."""
    rows: tuple[AlgoOrder, ...] = ()
    """The nodes of the tree, where the venue lists them."""
