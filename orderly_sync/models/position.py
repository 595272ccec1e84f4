"""Positions, open and past."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from orderly_sync.arithmetic import owned
from orderly_sync.models.base import Model, Rows, model, utc, wire, zero_like
from orderly_sync.models.enums import (
    MarginMode,
    OrderSide,
    PositionHistoryStatus,
    PositionHistoryType,
    PositionSide,
)

__all__ = ["OpenPositions", "PastPosition", "Position"]


@model
class Position(Model):
    """What the account holds of one market; one position a symbol and margin mode."""

    shown = ("symbol", "margin_mode", "position_qty", "average_open_price", "mark_price", "unrealized_pnl")
    always = ("position_qty",)

    symbol: str
    margin_mode: MarginMode | None = None
    position_qty: Decimal | None = None
    """Base units; negative is short."""
    average_open_price: Decimal | None = None
    cost_position: Decimal | None = None
    mark_price: Decimal | None = None
    settle_price: Decimal | None = None
    """The price at which PnL was last settled."""
    est_liq_price: Decimal | None = None
    """Mark price at which liquidation begins; None or 0 where it cannot."""
    unsettled_pnl: Decimal | None = None
    """USDC, at the mark price, funding included."""
    unrealized_pnl: Decimal | None = None
    accrued_funding_fee: Decimal | None = None
    """Funding since the position was opened, USDC, above 0 is owed; adding to the position does not reset it."""
    last_sum_unitary_funding: Decimal | None = None
    pending_long_qty: Decimal | None = None
    pending_short_qty: Decimal | None = None
    leverage: int | None = None
    margin: Decimal | None = None
    """USDC set aside for an isolated position."""
    margin_token: str | None = None
    """The token of ``margin``, such as USDC; None where the venue does not say."""
    imr: Decimal | None = None
    mmr: Decimal | None = None
    imr_withdraw_orders: Decimal | None = wire("IMR_withdraw_orders", "IMR_with_orders", "imr_with_orders")
    mmr_with_orders: Decimal | None = wire("MMR_with_orders")
    pnl_24_h: Decimal | None = wire("pnl_24_h", "pnl_24h")
    fee_24_h: Decimal | None = wire("fee_24_h", "fee_24h")
    seq: int | None = None
    """Grows with the venue's events; exceeds what a float holds."""
    timestamp: int | None = None
    """ms."""
    updated_time: int | None = None
    """ms."""

    @property
    def quantity(self) -> Decimal:
        """Base units; negative is short, 0 is none."""
        return self.position_qty or zero_like(self)

    @property
    def side(self) -> OrderSide | None:
        """BUY where it is long, SELL where it is short, None where there is none."""
        if not self.quantity:
            return None
        return OrderSide.BUY if self.quantity > 0 else OrderSide.SELL

    @property
    @owned
    def notional(self) -> Decimal | None:
        """Quantity times mark price, USDC; negative is short."""
        return None if self.mark_price is None else self.quantity * self.mark_price

    @property
    def time(self) -> datetime | None:
        """When it last changed, UTC."""
        return utc(self.updated_time or self.timestamp)


@model
class OpenPositions(Model):
    """All open positions with the account's margin figures; iterating goes over the positions."""

    shown = ("rows", "account_value", "free_collateral", "margin_ratio")

    rows: Rows[Position] = Rows()
    account_value: Decimal | None = None
    """USDC."""
    free_collateral: Decimal | None = None
    """USDC that new orders may use."""
    total_collateral_value: Decimal | None = None
    """USDC."""
    margin_ratio: Decimal | None = None
    """Account value over notional of all positions."""
    current_margin_ratio_with_orders: Decimal | None = None
    open_margin_ratio: Decimal | None = None
    initial_margin_ratio: Decimal | None = None
    initial_margin_ratio_with_orders: Decimal | None = None
    maintenance_margin_ratio: Decimal | None = None
    maintenance_margin_ratio_with_orders: Decimal | None = None
    total_pnl_24_h: Decimal | None = wire("total_pnl_24_h", "total_pnl_24h")
    """USDC."""

    def __iter__(self) -> Iterator[Position]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def get(self, symbol: str, margin_mode: MarginMode = MarginMode.CROSS) -> Position | None:
        """The position in that symbol and margin mode, if there is one."""
        modes = (margin_mode, None) if margin_mode == MarginMode.CROSS else (margin_mode,)
        return next((row for row in self.rows if row.symbol == symbol and row.margin_mode in modes), None)


@model
class PastPosition(Model):
    """A position that was closed, or the closed part of one."""

    position_id: int
    symbol: str | None = None
    status: PositionHistoryStatus | None = wire("status", "position_status")
    type: PositionHistoryType | None = None
    side: PositionSide | None = None
    margin_mode: MarginMode | None = None
    avg_open_price: Decimal | None = None
    avg_close_price: Decimal | None = None
    max_position_qty: Decimal | None = None
    """Base units."""
    closed_position_qty: Decimal | None = None
    """Base units."""
    realized_pnl: Decimal | None = None
    """USDC."""
    trading_fee: Decimal | None = None
    accumulated_funding_fee: Decimal | None = None
    insurance_fund_fee: Decimal | None = None
    liquidator_fee: Decimal | None = None
    liquidation_id: int | None = None
    leverage: int | None = None
    open_timestamp: int | None = None
    """ms."""
    close_timestamp: int | None = None
    """ms."""
    last_update_timestamp: int | None = wire("last_update_timestamp", "last_update_time")
    """ms."""

    @property
    def opened(self) -> datetime | None:
        """When it was opened, UTC."""
        return utc(self.open_timestamp)

    @property
    def closed(self) -> datetime | None:
        """When it was closed, UTC."""
        return utc(self.close_timestamp)
