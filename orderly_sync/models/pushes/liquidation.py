"""Liquidations: of anybody, of this account, and those this account takes over as a liquidator."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from orderly_sync.models.base import Model, Push, model, utc
from orderly_sync.models.enums import MarginMode

__all__ = ["AccountLiquidation", "LiquidatedPosition", "LiquidationUpdate", "LiquidatorLiquidation"]


@model
class LiquidatedPosition(Model):
    """One position of a liquidation; which fields are sent depends on the topic."""

    wire_case: ClassVar[str] = "camel"

    symbol: str
    """The market."""
    position_qty: Decimal | None = None
    """Base units."""
    cost_position_transfer: Decimal | None = None
    """USDC."""
    transfer_price: Decimal | None = None
    """USDC."""
    liquidator_fee: Decimal | None = None
    """The liquidator's share, a fraction."""
    insurance_fund_fee: Decimal | None = None
    """The insurance fund's share, a fraction."""
    abs_liquidation_fee: Decimal | None = None
    """What this account pays, USDC."""
    abs_liquidator_fee: Decimal | None = None
    """What the liquidator receives, USDC."""
    margin_mode: MarginMode | None = None
    """CROSS or ISOLATED."""


@model
class _Liquidation(Push):
    liquidation_id: int
    """Id of the liquidation."""
    timestamp: int | None = None
    """ms."""
    positions_by_perp: tuple[LiquidatedPosition, ...] = ()
    """The positions concerned."""

    @property
    def time(self) -> datetime | None:
        """When it took place, UTC."""
        return utc(self.timestamp)


@model
class LiquidationUpdate(_Liquidation):
    """A liquidation on the venue, or a claim from the insurance fund."""

    type: str | None = None
    """``liquidated`` or ``claim``."""


@model
class AccountLiquidation(_Liquidation):
    """A liquidation of this account."""

    transfer_amount_to_insurance_fund: Decimal | None = None
    """USDC."""


@model
class LiquidatorLiquidation(_Liquidation):
    """A liquidation that this account, as a liquidator, may take or has taken over."""

    type: str | None = None
    """``liquidated`` or ``claim``."""
    assigned: int | None = None
    """1 where it is assigned to this account."""
