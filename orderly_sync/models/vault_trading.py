"""What strategy vaults trade: positions, orders and fills, shown to everyone.

Of most fields the venue's pages show a name and an example; what is said beyond that is what the paper venue computes.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import Model, model, utc
from orderly_sync.models.enums import OrderSide, OrderStatus, OrderType

__all__ = ["VaultFill", "VaultOrder", "VaultPosition"]


@model
class VaultPosition(Model):
    """An open position of a vault on one exchange.

    https://orderly.network/docs/strategy-vault/vault/public/vault-positions
    """

    symbol: str
    """The market."""
    exchange: str | None = None
    """Where it is held, such as ``orderly``."""
    position_qty: Decimal | None = None
    """Base units; negative is short."""
    average_open_price: Decimal | None = None
    """Mean price of its entry, USDC per base unit."""
    mark_price: Decimal | None = None
    """USDC per base unit."""
    est_liq_price: Decimal | None = None
    """Mark price at which it would be liquidated, an estimate, USDC per base unit; None where there is none."""


@model
class VaultOrder(Model):
    """An order of a vault, open or done; algo orders stand in the same lists.

    https://orderly.network/docs/strategy-vault/vault/public/vault-open-orders
    https://orderly.network/docs/strategy-vault/strategy-vault/public/vault-order-history
    """

    order_id: int
    """The order's id."""
    exchange: str | None = None
    """Where it stands, such as ``orderly``; None in the list of orders that are done."""
    created_time: int | None = None
    """When it was placed, ms."""
    updated_time: int | None = None
    """When it last changed, ms."""
    type: OrderType | None = None
    """How it trades."""
    symbol: str | None = None
    """The market."""
    side: OrderSide | None = None
    """BUY or SELL."""
    quantity: Decimal | None = None
    """Base units, positive."""
    price: Decimal | None = None
    """Its limit, USDC per base unit; None for orders at market."""
    amount: Decimal | None = None
    """Its size in USDC where it was placed so; None otherwise."""
    executed_quantity: Decimal | None = None
    """How much is filled, base units; the example shows the same as ``total_executed_quantity``."""
    total_executed_quantity: Decimal | None = None
    """How much is filled, base units."""
    average_executed_price: Decimal | None = None
    """Mean price of its fills, USDC per base unit; None or 0 without fills."""
    status: OrderStatus | None = None
    """Where it stands."""
    is_triggered: bool | None = None
    """Whether an algo order has fired, sent as a boolean or as the text ``false``; None or False for ordinary
    orders."""
    child_orders: tuple[VaultOrder, ...] | None = None
    """The legs of an algo order; empty or None for others."""

    @property
    def time(self) -> datetime | None:
        """When it was placed, UTC."""
        return utc(self.created_time)


@model
class VaultFill(Model):
    """A fill of a vault's order.

    https://orderly.network/docs/strategy-vault/vault/public/vault-trade-history
    """

    id: int
    """The fill's id."""
    exchange: str | None = None
    """Where it traded, such as ``orderly``."""
    symbol: str | None = None
    """The market."""
    fee: Decimal | None = None
    """In ``fee_asset``; positive is paid, negative received."""
    fee_asset: str | None = None
    """What the fee is paid in, such as ``USDC``."""
    side: OrderSide | None = None
    """BUY or SELL, the vault's."""
    order_id: int | None = None
    """The order it belongs to."""
    executed_price: Decimal | None = None
    """USDC per base unit."""
    executed_quantity: Decimal | None = None
    """Base units, positive."""
    executed_timestamp: int | None = None
    """When it was executed, ms."""
    is_maker: bool | None = None
    """Whether the vault's order was resting; sent as 1 or 0."""
    realized_pnl: Decimal | None = None
    """Gain of what it closed, USDC; negative is a loss."""
    match_id: int | None = None
    """The match's id, the same for both sides; a whole number beyond 2^53."""

    @property
    def time(self) -> datetime | None:
        """When it was executed, UTC."""
        return utc(self.executed_timestamp)
