"""Liquidations: of others, of this account, and claimed by this account."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import Model, model, utc, wire
from orderly_sync.models.enums import LiquidationType

__all__ = [
    "AccountLiquidation",
    "LiquidatedPositions",
    "Liquidation",
    "LiquidationPosition",
    "LiquidatorLiquidation",
    "SymbolRatio",
]


@model
class LiquidationPosition(Model):
    """One position of a liquidation; ``liquidator_fee`` and ``insurance_fund_fee`` are rates, ``abs_…`` USDC."""

    symbol: str
    position_qty: Decimal | None = None
    liquidator_fee: Decimal | None = None
    cost_position_transfer: Decimal | None = None
    transfer_price: Decimal | None = None
    insurance_fund_fee: Decimal | None = None
    abs_insurance_fund_fee: Decimal | None = None
    abs_liquidator_fee: Decimal | None = wire("abs_liquidator_fee", "abs_liquidation_fee")
    total_position: Decimal | None = None
    mark_price: Decimal | None = None
    seq: int | None = None


@model
class Liquidation(Model):
    """A liquidation with its positions."""

    liquidation_id: int
    timestamp: int | None = None
    type: LiquidationType | None = None
    positions_by_perp: tuple[LiquidationPosition, ...] = ()

    @property
    def time(self) -> datetime | None:
        """When it happened, UTC."""
        return utc(self.timestamp)


@model
class LiquidatedPositions(Liquidation):
    """A liquidation that is over, with what it moved into the insurance fund (USDC)."""

    transfer_amount_to_insurance_fund: Decimal | None = None


@model
class AccountLiquidation(LiquidatedPositions):
    """A liquidation of this account, with the margin figures that led to it."""

    margin_ratio: Decimal | None = None
    account_mmr: Decimal | None = None
    position_notional: Decimal | None = None
    collateral_value: Decimal | None = None


@model
class LiquidatorLiquidation(Liquidation):
    """A liquidation this account took over."""

    assigned: bool | None = None


@model
class SymbolRatio(Model):
    """How much of one symbol's liquidated position to claim, from 0 to 1."""

    symbol: str
    ratio_qty_request: Decimal
