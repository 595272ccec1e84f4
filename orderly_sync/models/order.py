"""Orders as REST shows them, and what the venue says when one is placed, edited or cancelled."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import Acknowledged, ClientOrderId, Model, model, utc, wire, zero_like
from orderly_sync.models.enums import MarginMode, OrderAck, OrderSide, OrderStatus, OrderType

__all__ = ["CancelAllAfter", "CreatedOrder", "Order", "Sent"]


@model
class Order(Model):
    """One order of the account, as last known to the venue."""

    shown = (
        "symbol",
        "type",
        "side",
        "status",
        "order_id",
        "quantity",
        "amount",
        "price",
        "filled",
        "average_executed_price",
    )

    order_id: int
    symbol: str
    user_id: int | None = None
    client_order_id: ClientOrderId | None = None
    side: OrderSide | None = None
    type: OrderType | None = None
    status: OrderStatus | None = None
    price: Decimal | None = None
    """Limit price in quote units; None on market orders."""
    quantity: Decimal | None = None
    """Ordered size in base units; None where an amount was ordered."""
    amount: Decimal | None = None
    """Ordered size in quote units; None where a quantity was ordered."""
    executed_quantity: Decimal | None = None
    total_executed_quantity: Decimal | None = wire("total_executed_quantity", "executed")
    """Filled so far, base units."""
    average_executed_price: Decimal | None = None
    visible_quantity: Decimal | None = wire("visible_quantity", "visible")
    """The most that it may show in the book, base units; 0 is a hidden order."""
    visible: Decimal | None = None
    """What it shows in the book now, where the venue says so."""
    total_fee: Decimal | None = None
    fee_asset: str | None = None
    realized_pnl: Decimal | None = None
    reduce_only: bool | None = None
    order_tag: str | None = None
    margin_mode: MarginMode | None = None
    leverage: Decimal | None = None
    created_time: int | None = None
    """When the venue took it, ms."""
    updated_time: int | None = None
    """When it last changed, ms."""

    @property
    def time(self) -> datetime | None:
        """When it was created, UTC."""
        return utc(self.created_time)

    @property
    def updated(self) -> datetime | None:
        """When it last changed, UTC."""
        return utc(self.updated_time)

    @property
    def filled(self) -> Decimal:
        """Filled so far, base units; 0 before the first fill."""
        return self.total_executed_quantity or zero_like(self)

    @property
    def remaining(self) -> Decimal | None:
        """Not yet filled, base units; 0 once it is FILLED, None where the size is unknown."""
        if self.status == OrderStatus.FILLED:
            return zero_like(self)
        if self.quantity is None:
            return None
        return self.quantity - self.total_executed_quantity if self.total_executed_quantity else self.quantity

    @property
    def is_final(self) -> bool:
        """Whether nothing more can happen to it; an unknown status is not final."""
        return self.status is not None and self.status.is_final


@model
class CreatedOrder(Model):
    """The venue took an order; its fills arrive by the stream. In a batch, a row may say no for itself."""

    order_id: int | None = None
    client_order_id: ClientOrderId | None = None
    order_type: OrderType | None = None
    order_price: Decimal | None = None
    order_quantity: Decimal | None = None
    order_amount: Decimal | None = None
    error_message: str | None = None
    """The venue's own words; it writes "none" where all is well."""

    @property
    def error(self) -> str | None:
        """Why this order was refused, or None."""
        return None if self.error_message in {None, "", "none", "None"} else self.error_message

    @property
    def is_accepted(self) -> bool:
        """Whether the order exists at the venue."""
        return self.error is None and bool(self.order_id)


@model
class Sent(Acknowledged):
    """An edit or a cancel was passed on; what became of it arrives by the stream."""

    status: OrderAck | None = None


@model
class CancelAllAfter(Model):
    """The dead man's switch is set: all orders are cancelled then unless it is set anew."""

    expected_trigger_time: int | None = None
    """When it fires, ms; None or 0 when it is off."""

    @property
    def time(self) -> datetime | None:
        """When it fires, UTC; None when it is off."""
        return utc(self.expected_trigger_time)
