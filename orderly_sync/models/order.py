"""Orders as REST shows them, and what the venue says when one is placed, edited or cancelled."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import Acknowledged, ClientOrderId, Model, model, utc, wire, zero_like
from orderly_sync.models.enums import (
    MarginMode,
    OrderAck,
    OrderSide,
    OrderStatus,
    OrderType,
)

__all__ = ["CancelAllAfter", "CreatedOrder", "Order", "Sent"]


@model
class Order(Model):
    """One order of the account, as last known to the venue.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-order-by-order_id
    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-orders
    """

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
    """The venue's id, unique over all markets."""
    symbol: str
    """The market, ``PERP_ETH_USDC``."""
    user_id: int | None = None
    """The venue's number of the account's owner; None where it is not sent."""
    client_order_id: ClientOrderId | None = None
    """The caller's own id; None where the order was sent without one. REST may write it as a number."""
    side: OrderSide | None = None
    """BUY adds to a long or takes from a short, SELL the other way."""
    type: OrderType | None = None
    """How it trades; ASK and BID may be shown as the LIMIT that they became."""
    status: OrderStatus | None = None
    """Where it stands; see ``is_final``. The venue's filters INCOMPLETE and COMPLETED are never a status."""
    price: Decimal | None = None
    """Limit price in quote units (USDC); None on market orders."""
    quantity: Decimal | None = None
    """Ordered size in base units; None where an amount was ordered."""
    amount: Decimal | None = None
    """Ordered size in quote units; None where a quantity was ordered."""
    executed_quantity: Decimal | None = None
    """Filled so far, base units, at least 0. Pages and captures show the same value as ``total_executed_quantity``."""
    total_executed_quantity: Decimal | None = wire("total_executed_quantity", "executed")
    """Filled so far, base units, at least 0; None is not said, see ``filled``."""
    average_executed_price: Decimal | None = None
    """Mean price of the fills so far, USDC; 0 or None before the first."""
    visible_quantity: Decimal | None = wire("visible_quantity", "visible")
    """The most that it may show in the book, base units; 0 is a hidden order, the whole quantity an ordinary one."""
    visible: Decimal | None = None
    """What it shows in the book now, base units; None where the venue does not say."""
    total_fee: Decimal | None = None
    """Fees of all fills so far with those of the order's tag, in ``fee_asset``; above 0 was paid, below 0 is a
    rebate."""
    fee_asset: str | None = None
    """The token of ``total_fee``, USDC on perpetual markets; may be empty before the first fill."""
    realized_pnl: Decimal | None = None
    """What its fills realised, USDC, before fees; below 0 is a loss, 0 where they only opened."""
    reduce_only: bool | None = None
    """Whether it may only shrink the position; None is not said."""
    order_tag: str | None = None
    """The tag, in full as stored (``enum:<owning_broker_id>:<enum_id>`` for a custom fee); None or ``default``
    without one."""
    margin_mode: MarginMode | None = None
    """From which margin it trades; None is not said, as before March 2026, when there was only CROSS."""
    leverage: Decimal | None = None
    """Leverage of the symbol, 10 is 10x; on no page, None where it is not sent. The paper venue does not send it."""
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
    """The venue took an order; its fills arrive by the stream. In a batch, a row may say no for itself.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/create-order
    https://orderly.network/docs/build-on-omnichain/restful-api/private/batch-create-order
    """

    order_id: int | None = None
    """The venue's id; None or 0 where this row was refused."""
    client_order_id: ClientOrderId | None = None
    """The caller's own id, echoed; None where none was sent."""
    order_type: OrderType | None = None
    """The type, as sent."""
    order_price: Decimal | None = None
    """Limit price as sent, USDC; None on types that take none."""
    order_quantity: Decimal | None = None
    """Size as sent, base units; None where an amount was ordered."""
    order_amount: Decimal | None = None
    """Size as sent, quote units (USDC); on no page, seen in captures; None where a quantity was ordered."""
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
    """An edit or a cancel was passed on; what became of it arrives by the stream.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/edit-order
    https://orderly.network/docs/build-on-omnichain/restful-api/private/cancel-order
    https://orderly.network/docs/build-on-omnichain/restful-api/private/cancel-all-pending-orders
    """

    status: OrderAck | None = None
    """What was passed on: EDIT_SENT, CANCEL_SENT or CANCEL_ALL_SENT. Not whether it came to pass."""


@model
class CancelAllAfter(Model):
    """The dead man's switch is set: all orders are cancelled then unless it is set anew.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/cancel-all-after
    """

    expected_trigger_time: int | None = None
    """When it fires, ms; None or 0 when it is off."""

    @property
    def time(self) -> datetime | None:
        """When it fires, UTC; None when it is off."""
        return utc(self.expected_trigger_time)
