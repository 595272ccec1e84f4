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
    """One position of a liquidation; ``liquidator_fee`` and ``insurance_fund_fee`` are rates, ``abs_…`` USDC.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-liquidated-positions-of-account
    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-liquidated-positions-info
    """

    symbol: str
    """The market, ``PERP_ETH_USDC``."""
    position_qty: Decimal | None = None
    """What changed hands, base units; below 0 is a short, as in the venue's examples of positions under liquidation."""
    liquidator_fee: Decimal | None = None
    """The liquidator's share of the notional, a fraction: 0.006 is 0.6 %."""
    cost_position_transfer: Decimal | None = None
    """Value at which it changed hands, USDC: quantity times ``transfer_price``; None where it is not over."""
    transfer_price: Decimal | None = None
    """Price at which it changed hands, USDC; None where it is not over."""
    insurance_fund_fee: Decimal | None = None
    """The insurance fund's share of the notional, a fraction; None in a liquidator's own rows."""
    abs_insurance_fund_fee: Decimal | None = None
    """What the insurance fund received, USDC, at least 0; None in a liquidator's own rows."""
    abs_liquidator_fee: Decimal | None = wire("abs_liquidator_fee", "abs_liquidation_fee")
    """What the liquidator received, USDC, at least 0."""
    total_position: Decimal | None = None
    """What was held before, base units, with the sign of the position; None but in this account's own rows."""
    mark_price: Decimal | None = None
    """Mark price at that moment, USDC; None but in this account's own rows."""
    seq: int | None = None
    """The venue's sequence number; exceeds what a float holds. None but in the public rows."""


@model
class Liquidation(Model):
    """A liquidation with its positions.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-positions-under-liquidation
    """

    liquidation_id: int
    """The venue's id, the same on all topics."""
    timestamp: int | None = None
    """When it happened, ms; see ``time``."""
    type: LiquidationType | None = None
    """``liquidated`` is offered to or taken by a liquidator, ``claim`` is claimed from the insurance fund. None is
    not said."""
    positions_by_perp: tuple[LiquidationPosition, ...] = ()
    """One row a market."""

    @property
    def time(self) -> datetime | None:
        """When it happened, UTC."""
        return utc(self.timestamp)


@model
class LiquidatedPositions(Liquidation):
    """A liquidation that is over, with what it moved into the insurance fund (USDC).

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-liquidated-positions-info
    """

    transfer_amount_to_insurance_fund: Decimal | None = None
    """USDC moved into the insurance fund; the sign is not documented, the paper venue writes what the fund had to
    cover, below 0."""


@model
class AccountLiquidation(LiquidatedPositions):
    """A liquidation of this account, with the margin figures that led to it.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-liquidated-positions-of-account
    """

    margin_ratio: Decimal | None = None
    """Collateral over notional before it, a fraction: below ``account_mmr``."""
    account_mmr: Decimal | None = None
    """Maintenance margin ratio of the account before it, a fraction."""
    position_notional: Decimal | None = None
    """Notional of the positions before it, USDC, at least 0."""
    collateral_value: Decimal | None = None
    """Collateral before it, USDC; below 0 is a bankrupt account."""


@model
class LiquidatorLiquidation(Liquidation):
    """A liquidation this account took over.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-liquidated-positions-by-liquidator
    """

    assigned: bool | None = None
    """Whether the venue assigned it to this account as a market maker or vault (1 on the wire), not claimed by it
    (0)."""


@model
class SymbolRatio(Model):
    """How much of one symbol's liquidated position to claim, from 0 to 1.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/claim-liquidated-positions
    """

    symbol: str
    """The market, ``PERP_ETH_USDC``."""
    ratio_qty_request: Decimal
    """Share of the position to take, a fraction from 0 to 1; 1 takes all of it."""
