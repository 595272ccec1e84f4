"""Strategy vaults: their figures, their providers and their depositors.

Times are milliseconds; amounts, values and PnL are in the vault's asset, which is USDC so far.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import Model, model, utc, wire
from orderly_sync.models.enums import VaultStatus, VaultTransactionStatus, VaultTransactionType

__all__ = [
    "ChartPoint",
    "Claimable",
    "FundInfo",
    "FundPeriod",
    "LiquidityProvider",
    "PendingTransactions",
    "StrategyProvider",
    "UserVaultTotals",
    "Vault",
    "VaultChain",
    "VaultFee",
    "VaultInternalTransfer",
    "VaultNonce",
    "VaultPerformance",
    "VaultRevenue",
    "VaultTotals",
    "VaultTransaction",
    "VaultTransactionRecord",
    "VenueTransfer",
    "VenueWithdrawal",
]


@model
class VaultNonce(Model):
    """The number the next vault request signs."""

    nonce: int


@model
class VaultTransaction(Model):
    """A deposit into a vault or a withdrawal from it by this account."""

    vault_id: str
    created_time: int | None = None
    type: VaultTransactionType | None = None
    status: VaultTransactionStatus | None = None
    asset: str | None = None
    amount_change: Decimal | None = None
    shares_change: Decimal | None = None

    @property
    def time(self) -> datetime | None:
        """When it was asked for, UTC."""
        return utc(self.created_time)


@model
class VenueTransfer(Model):
    """An allocation of a fund's inflow to the trading venue."""

    created_time: int | None = None
    executed_time: int | None = None
    period_number: int | None = None
    plan_id: str | None = None
    amount: Decimal | None = None
    status: VaultTransactionStatus | None = None


@model
class VenueWithdrawal(VenueTransfer):
    """An allocation of a fund's outflow from the trading venue."""

    schedule_time: int | None = None
    trigger_by: str | None = None


@model
class VaultRevenue(Model):
    """A share of revenue or of liquidation fees paid to a fund."""

    executed_time: int | None = None
    amount: Decimal | None = None


@model
class VaultInternalTransfer(VaultRevenue):
    """A transfer to a fund from another account."""

    from_account: str | None = None


@model
class StrategyProvider(Model):
    """A strategy provider's stake in its own vault."""

    sp_nav: Decimal | None = None
    sp_tvl: Decimal | None = None
    sp_total_strategy_shares: Decimal | None = None
    sp_strategy_shares_pct: Decimal | None = None
    available_strategy_shares: Decimal | None = None
    sp_lifetime_net_pnl: Decimal | None = None
    potential_pnl: Decimal | None = None
    sp_reserved_collateral: Decimal | None = None
    sp_min_shares_pct: Decimal | None = None
    total_performance_fees: Decimal | None = None


@model
class LiquidityProvider(Model):
    """A depositor's stake in one vault."""

    vault_id: str | None = None
    lp_nav: Decimal | None = None
    lp_tvl: Decimal | None = None
    total_main_shares: Decimal | None = None
    available_main_shares: Decimal | None = None
    potential_pnl: Decimal | None = None
    total_performance_fees: Decimal | None = None


@model
class VaultTransactionRecord(Model):
    """A transaction of a provider or a depositor, with its way through the periods of the vault."""

    created_time: int | None = None
    period_number: int | None = None
    type: str | None = None
    source: str | None = None
    status: str | None = None
    est_assign_period_time: int | None = None
    unlock_time: int | None = None
    est_claim_time: int | None = None
    chain_id: str | None = None
    txn_hash: str | None = None
    txn_hash_claim: str | None = None
    shares_change: Decimal | None = None
    amount_change: Decimal | None = None
    transaction_nonce: str | None = None

    @property
    def time(self) -> datetime | None:
        """When it was asked for, UTC."""
        return utc(self.created_time)


@model
class Claimable(Model):
    """What can be claimed on one chain."""

    claimable_amount: Decimal | None = None


@model
class VaultFee(Model):
    """A performance fee of one period."""

    created_time: int | None = None
    period_number: int | None = None
    type: str | None = None
    shares_change: Decimal | None = None
    amount_change: Decimal | None = None


@model
class FundInfo(Model):
    """A vault's fund and its current period."""

    fund_nav: Decimal | None = None
    fund_lifetime_net_pnl: Decimal | None = None
    fund_total_strategy_shares: Decimal | None = None
    est_strategy_share_price: Decimal | None = None
    broker_id: str | None = None
    current_period_number: int | None = None
    period_start_time: int | None = None
    period_end_time: int | None = None
    period_duration: Decimal | None = None
    performance_fee_rate: Decimal | None = None


@model
class FundPeriod(Model):
    """What went into a fund and out of it in one period."""

    period_number: int | None = None
    start_time: int | None = None
    end_time: int | None = None
    total_deposit_amount: Decimal | None = None
    total_withdrawal_amount: Decimal | None = None


@model
class PendingTransactions(Model):
    """What waits for a fund's next period."""

    est_fund_allocation_pct: Decimal | None = None
    total_pending_deposit_amount: Decimal | None = None
    lp_pending_deposit_amount: Decimal | None = None
    sp_pending_deposit_amount: Decimal | None = None
    fund_pending_deposit_amount: Decimal | None = None
    fund_pending_withdrawal_amount: Decimal | None = None
    total_pending_withdrawal_main_share: Decimal | None = None
    est_main_share_price: Decimal | None = None
    total_pending_withdrawal_strategy_share: Decimal | None = None
    est_strategy_share_price: Decimal | None = None


@model
class VaultChain(Model):
    """A chain a vault takes deposits on."""

    chain_id: str
    chain_name: str | None = None


@model
class Vault(Model):
    """A strategy vault; yields and rates are fractions, ``lock_duration`` is in hours, ``vault_age`` in days."""

    vault_id: str
    vault_address: str | None = None
    vault_type: str | None = None
    vault_name: str | None = None
    description: str | None = None
    sp_address: str | None = None
    sp_name: str | None = None
    asset: str | None = None
    vault_age: Decimal | None = None
    status: VaultStatus | None = None
    vault_start_time: int | None = None
    performance_fee_rate: Decimal | None = None
    supported_chains: tuple[VaultChain, ...] | None = None
    tvl: Decimal | None = None
    valid_hpr: Decimal | None = None
    apy_30d: Decimal | None = wire("30d_apy")
    recovery_30d_apy: Decimal | None = None
    vault_lifetime_net_pnl: Decimal | None = None
    lp_counts: int | None = None
    total_main_shares: Decimal | None = None
    lifetime_apy: Decimal | None = None
    lock_duration: Decimal | None = None
    min_deposit_amount: Decimal | None = None
    min_withdrawal_amount: Decimal | None = None
    gate_threshold_pct: Decimal | None = None
    gate_triggered: bool | None = None
    broker_id: str | None = None


@model
class VaultPerformance(Model):
    """PnL and drawdown over a range; fees and volume are known for vaults only."""

    time_range: str | None = None
    incremental_net_pnl: Decimal | None = None
    max_drawdown: Decimal | None = None
    pnl_max_drawdown: Decimal | None = None
    fees: Decimal | None = None
    volume: Decimal | None = None


@model
class ChartPoint(Model):
    """A value at a moment."""

    timestamp: int
    value: Decimal | None = None

    @property
    def time(self) -> datetime | None:
        """The moment, UTC."""
        return utc(self.timestamp)


@model
class VaultTotals(Model):
    """All vaults together."""

    strategy_vaults_tvl: Decimal | None = None
    strategy_vaults_lifetime_net_pnl: Decimal | None = None
    strategy_vaults_count: int | None = None
    strategy_vaults_lp_count: int | None = None


@model
class UserVaultTotals(Model):
    """One wallet's stakes in all vaults together."""

    total_vaults_tvl: Decimal | None = None
    vaults_lp_tvl: Decimal | None = None
    vaults_sp_tvl: Decimal | None = None
    total_vaults_lifetime_net_pnl: Decimal | None = None
    vaults_lp_lifetime_net_pnl: Decimal | None = None
    vaults_sp_lifetime_net_pnl: Decimal | None = None
    total_involved_vaults_count: int | None = None
    involved_lp_vaults_count: int | None = None
    involved_sp_vaults_count: int | None = None
