"""What strategy vaults trade: positions, orders and fills, shown to everyone."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import Model, model, utc
from orderly_sync.models.enums import OrderSide, OrderStatus, OrderType

__all__ = ["VaultFill", "VaultOrder", "VaultPosition"]


@model
class VaultPosition(Model):
    """An open position of a vault on one exchange."""

    symbol: str
    exchange: str | None = None
    position_qty: Decimal | None = None
    average_open_price: Decimal | None = None
    mark_price: Decimal | None = None
    est_liq_price: Decimal | None = None


@model
class VaultOrder(Model):
    """An order of a vault, open or done."""

    order_id: int
    exchange: str | None = None
    created_time: int | None = None
    updated_time: int | None = None
    type: OrderType | None = None
    symbol: str | None = None
    side: OrderSide | None = None
    quantity: Decimal | None = None
    price: Decimal | None = None
    amount: Decimal | None = None
    executed_quantity: Decimal | None = None
    total_executed_quantity: Decimal | None = None
    average_executed_price: Decimal | None = None
    status: OrderStatus | None = None
    is_triggered: bool | None = None
    child_orders: tuple[VaultOrder, ...] | None = None

    @property
    def time(self) -> datetime | None:
        """When it was placed, UTC."""
        return utc(self.created_time)


@model
class VaultFill(Model):
    """A fill of a vault's order."""

    id: int
    exchange: str | None = None
    symbol: str | None = None
    fee: Decimal | None = None
    fee_asset: str | None = None
    side: OrderSide | None = None
    order_id: int | None = None
    executed_price: Decimal | None = None
    executed_quantity: Decimal | None = None
    executed_timestamp: int | None = None
    is_maker: bool | None = None
    realized_pnl: Decimal | None = None
    match_id: int | None = None

    @property
    def time(self) -> datetime | None:
        """When it was executed, UTC."""
        return utc(self.executed_timestamp)
