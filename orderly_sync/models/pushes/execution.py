"""The execution report: what became of an ordinary order."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import ClientOrderId, Push, model, utc, wire, zero_like
from orderly_sync.models.enums import (
    MarginMode,
    OrderSide,
    OrderStatus,
    OrderType,
)
from orderly_sync.values.arithmetic import owned

__all__ = ["ExecutionReport"]


@model
class ExecutionReport(Push):
    """One change of one order: a new status, a fill, or both.

    Prices in quote (USDC), quantities in base units, times in wire milliseconds.

    https://orderly.network/docs/build-on-omnichain/websocket-api/private/execution-report
    """

    shown = (
        "symbol",
        "type",
        "side",
        "status",
        "reason",
        "order_id",
        "quantity",
        "price",
        "filled",
        "average_executed_price",
    )

    symbol: str
    """The market, ``PERP_ETH_USDC``."""
    order_id: int
    """The venue's id of the order."""
    side: OrderSide
    """BUY or SELL, the order's own side."""
    type: OrderType
    """How it trades; ASK and BID may be reported as the LIMIT that they became."""
    status: OrderStatus
    """Where it stands; REPLACED after an edit."""
    client_order_id: ClientOrderId | None = None
    """The caller's own id; None where it was sent without one."""
    quantity: Decimal | None = None
    """Size of the order, base units, after the latest edit."""
    price: Decimal | None = None
    """Limit price, USDC; 0 or None on market orders."""
    trade_id: int | None = None
    """Id of the fill reported here, 0 where the report is none."""
    executed_price: Decimal | None = None
    """Price of this fill, USDC; 0 where the report is none."""
    executed_quantity: Decimal | None = None
    """Size of this fill, base units; 0 where the report is none."""
    fee: Decimal | None = None
    """Fee of this fill, in ``fee_asset``; above 0 is paid, below 0 is a rebate, 0 where the report is no fill."""
    fee_asset: str | None = None
    """The token of the fees, USDC on perpetual markets; may be empty before the first fill."""
    total_executed_quantity: Decimal | None = None
    """Filled so far, base units, at least 0; None is not said, see ``filled``."""
    average_executed_price: Decimal | None = wire("avgExecutedPrice", "averageExecutedPrice", "avgPrice")
    """Mean price of all fills so far, USDC; 0 or None before the first."""
    reason: str | None = None
    """Why it was refused or cancelled, in the venue's words; None or empty where it does not say."""
    total_fee: Decimal | None = None
    """Fees of all fills so far, in ``fee_asset``; above 0 was paid, below 0 is a rebate."""
    visible_quantity: Decimal | None = wire("visibleQuantity", "visible")
    """The most that it may show in the book, base units; 0 is a hidden order."""
    timestamp: int | None = None
    """When the report was made, ms."""
    margin_mode: MarginMode | None = None
    """CROSS or ISOLATED; None before March 2026, when there was only CROSS."""
    is_maker: bool | None = wire("maker", "isMaker")
    """Whether this fill was a maker's; means nothing where the report is no fill."""
    match_id: str | None = wire("match_id")
    """Id of the match, shared by both sides, text because it exceeds what a float holds; None where the report is no
    fill."""
    seq: int | None = None
    """The venue's sequence number, exact; it tells order, not gaps. None where it is not sent."""
    order_tag: str | None = None
    """The tag in full; ``default`` or None is none. On no page, seen in captures."""
    created_time: int | None = None
    """When the order was created, ms; on no page, None where it is not sent."""
    reduce_only: bool | None = None
    """Whether it may only shrink the position; on no page, None where it is not sent."""

    def _identity(self) -> tuple[object, ...]:
        if self.trade_id:
            return self.order_id, "fill", self.trade_id
        if self.is_final or self.status == OrderStatus.NEW:
            return self.order_id, self.status
        return self.order_id, self.status, self.total_executed_quantity, self.price, self.quantity

    @property
    def is_final(self) -> bool:
        """Whether nothing more can happen to the order; an unknown status is not final."""
        return self.status.is_final

    @property
    def is_fill(self) -> bool:
        """Whether the report tells of a fill."""
        return bool(self.trade_id)

    @property
    def filled(self) -> Decimal:
        """Filled so far, in base units; 0 before the first fill."""
        filled = self.total_executed_quantity
        return zero_like(self) if filled is None else filled

    @property
    @owned
    def remaining(self) -> Decimal | None:
        """Not yet filled, in base units; None where the size is unknown.

        0 once it is FILLED, though the venue may have reduced the size since it was ordered.
        """
        if self.status == OrderStatus.FILLED:
            return zero_like(self)
        if self.quantity is None:
            return None
        return self.quantity - self.total_executed_quantity if self.total_executed_quantity else self.quantity

    @property
    def time(self) -> datetime | None:
        """When the report was made, UTC."""
        return utc(self.timestamp)
