"""What the exchange keeps on file of money and liquidations: the rows that accounts hold and facts carry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

import attrs

from orderly_sync.models.enums import (
    AssetSide,
    AssetStatus,
    FundingPaymentType,
    FundingStatus,
    InternalTransferStatus,
    MarginMode,
    OrderSide,
)

__all__ = [
    "INSURANCE_FUND",
    "AccountState",
    "AssetRow",
    "Fill",
    "Funding",
    "FundingFee",
    "FundingRate",
    "LiquidatedPosition",
    "LiquidationRow",
    "Offer",
    "Settlement",
    "TransferRow",
    "volume",
]

INSURANCE_FUND = "insurance-fund"
"""The account id of the insurance fund."""


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


@attrs.frozen(kw_only=True)
class Fill:
    """One side of one trade."""

    trade_id: int
    match_id: int
    account_id: str
    order_id: int
    symbol: str
    side: OrderSide
    price: Decimal
    quantity: Decimal
    fee: Decimal
    is_maker: bool
    realized_pnl: Decimal
    ts: int
    margin_mode: str
    algo_order_id: int | None = None
    order_tag: str | None = None
    tag_fee: Decimal = Decimal(0)
    """The part of the fee that goes to the builder who owns the order's tag."""
    tag_fee_rate: Decimal = Decimal(0)
    fee_asset: str = "USDC"

    @property
    def notional(self) -> Decimal:
        """Price times quantity, USDC."""
        return self.price * self.quantity


def volume(fills: Iterable[Fill]) -> Decimal:
    """What fills amount to, USDC."""
    return sum((fill.notional for fill in fills), Decimal(0))


@attrs.frozen(kw_only=True)
class AccountState:
    """The totals and settings of an account. USDC and fractions; fee rates in basis points."""

    account_id: str
    total_collateral: Decimal
    free_collateral: Decimal
    total_account_value: Decimal
    total_unsettled_pnl: Decimal
    total_notional: Decimal
    total_initial_margin: Decimal
    total_initial_margin_with_orders: Decimal
    total_maintenance_margin: Decimal
    total_pnl_24h: Decimal
    margin_ratio: Decimal
    """10 (1000 %) without positions, as documented."""
    margin_ratio_with_orders: Decimal
    initial_margin_ratio: Decimal
    initial_margin_ratio_with_orders: Decimal
    maintenance_margin_ratio: Decimal
    maintenance_margin_ratio_with_orders: Decimal
    withdrawable: Decimal
    leverages: Mapping[tuple[str, str], int]
    """By symbol and margin mode, every symbol."""
    default_margin_modes: Mapping[str, MarginMode]
    max_leverage: int
    imr_factors: Mapping[str, Decimal]
    max_notionals: Mapping[str, Decimal]
    taker_fee_rate: Decimal
    maker_fee_rate: Decimal
    cancel_at: int | None
    """When the dead man's switch cancels all orders, ms; None if it is not armed."""
