"""What the exchange keeps on file of money and liquidations: the rows that accounts hold and facts carry."""

from __future__ import annotations

from decimal import Decimal

import attrs

from orderly_sync.models.account_enums import AssetSide, AssetStatus, InternalTransferStatus
from orderly_sync.models.enums import FundingPaymentType, FundingStatus, MarginMode

__all__ = [
    "AssetRow",
    "Funding",
    "FundingFee",
    "FundingRate",
    "LiquidatedPosition",
    "LiquidationRow",
    "Offer",
    "Settlement",
    "TransferRow",
]


@attrs.frozen(kw_only=True)
class Funding:
    """Where funding of a symbol stands; rates as fractions of the notional for one period, times in ms."""

    symbol: str
    est_funding_rate: Decimal
    est_funding_rate_timestamp: int
    last_funding_rate: Decimal
    last_funding_rate_timestamp: int
    next_funding_time: int
    sum_unitary_funding: Decimal
    version: int
    """How often funding was paid."""


@attrs.frozen(kw_only=True)
class FundingRate:
    """One rate that was paid."""

    symbol: str
    funding_rate: Decimal
    funding_rate_timestamp: int
    next_funding_time: int
    mark_price: Decimal


@attrs.frozen(kw_only=True)
class FundingFee:
    """What one position paid or received at one boundary."""

    account_id: str
    symbol: str
    margin_mode: MarginMode
    funding_rate: Decimal
    mark_price: Decimal
    funding_fee: Decimal
    """USDC, never below 0; ``payment_type`` tells the direction."""
    payment_type: FundingPaymentType
    status: FundingStatus = FundingStatus.ACCRUED
    created_time: int = 0
    updated_time: int = 0


@attrs.frozen(kw_only=True)
class Settlement:
    """One settlement; amounts in USDC."""

    id: int
    old_balance: Decimal
    new_balance: Decimal
    settled_amount: Decimal
    requested_time: int
    settled_time: int
    symbols: tuple[tuple[str, Decimal], ...]
    """What each cross position added."""
    status: str = "COMPLETED"


@attrs.frozen(kw_only=True)
class AssetRow:
    """A deposit or a withdrawal."""

    id: int
    account_id: str
    side: AssetSide
    token: str
    amount: Decimal
    fee: Decimal
    trans_status: AssetStatus
    tx_id: str
    chain_id: str
    created_time: int
    updated_time: int


@attrs.frozen(kw_only=True)
class TransferRow:
    """One receiver's part of an internal transfer."""

    id: int
    internal_transfer_request_id: int
    token: str
    amount: Decimal
    from_account_id: str
    to_account_id: str
    status: InternalTransferStatus
    created_time: int
    updated_time: int


@attrs.frozen(kw_only=True)
class Offer:
    """Positions offered to liquidators. ``type`` is ``liquidated``, or ``claim`` where the insurance fund sells."""

    liquidation_id: int
    account_id: str
    margin_mode: MarginMode
    type: str
    timestamp: int
    positions: tuple[tuple[str, Decimal], ...]
    """Symbol and signed quantity, just enough to lift the margin ratio to the initial one."""
    must_take_all: bool
    symbol: str | None = None
    """The one symbol of an isolated liquidation or a claim."""


@attrs.frozen(kw_only=True)
class LiquidatedPosition:
    """One position as it changed hands. Quantities are signed; fees are fractions, ``abs_`` ones USDC."""

    symbol: str
    margin_mode: MarginMode
    position_qty: Decimal
    total_position: Decimal
    """What was held before."""
    transfer_price: Decimal
    cost_position_transfer: Decimal
    mark_price: Decimal
    liquidator_fee: Decimal
    insurance_fund_fee: Decimal
    abs_liquidator_fee: Decimal
    abs_insurance_fund_fee: Decimal


@attrs.frozen(kw_only=True)
class LiquidationRow:
    """One claim: what an account lost to a liquidator."""

    liquidation_id: int
    account_id: str
    liquidator_id: str
    type: str
    timestamp: int
    margin_ratio: Decimal
    account_mmr: Decimal
    position_notional: Decimal
    collateral_value: Decimal
    transfer_amount_to_insurance_fund: Decimal
    """USDC beyond the fees; below 0 where the fund covers a loss."""
    positions: tuple[LiquidatedPosition, ...]
