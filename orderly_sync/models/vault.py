"""Strategy vaults: their figures, their providers and their depositors.

Times are milliseconds; amounts, values and PnL are in the vault's asset, which is USDC so far.

Of most fields the venue's pages show a name and an example; what is said beyond that is what the paper venue computes.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import Model, model, utc, wire
from orderly_sync.models.vault_enums import VaultStatus, VaultTransactionStatus, VaultTransactionType

__all__ = [
    "ChartPoint",
    "Claimable",
    "LiquidityProvider",
    "StrategyProvider",
    "UserVaultTotals",
    "Vault",
    "VaultChain",
    "VaultFee",
    "VaultNonce",
    "VaultPerformance",
    "VaultTotals",
    "VaultTransaction",
    "VaultTransactionRecord",
]


@model
class VaultNonce(Model):
    """The number the next vault request signs.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-strategy-vault-nonce-for-account-transaction
    """

    nonce: int
    """Good for one signature."""


@model
class VaultTransaction(Model):
    """A deposit into a vault or a withdrawal from it by this account.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-account%E2%80%99s-strategy-vault-transaction-history
    """

    vault_id: str
    """The vault."""
    created_time: int | None = None
    """When it was asked for, ms."""
    type: VaultTransactionType | None = None
    """Into the vault or out of it."""
    status: VaultTransactionStatus | None = None
    """Where it stands."""
    asset: str | None = None
    """What is paid in or out, such as ``USDC``."""
    amount_change: Decimal | None = None
    """Units of ``asset``, positive both ways; None for a withdrawal until it is done."""
    shares_change: Decimal | None = None
    """Shares of the vault, positive both ways; None for a deposit until it is done."""

    @property
    def time(self) -> datetime | None:
        """When it was asked for, UTC."""
        return utc(self.created_time)


@model
class StrategyProvider(Model):
    """A strategy provider's stake in its own vault; with the paper venue zero for any other wallet.

    https://orderly.network/docs/strategy-vault/strategy-provider/public/get-strategy-providers-info
    """

    sp_nav: Decimal | None = None
    """What its shares are worth, USDC."""
    sp_tvl: Decimal | None = None
    """The same with deposits that wait for the next period, USDC."""
    sp_total_strategy_shares: Decimal | None = None
    """How many strategy shares it has."""
    sp_strategy_shares_pct: Decimal | None = None
    """Its part of all shares, a fraction (0.12 = 12 %) in spite of the name."""
    available_strategy_shares: Decimal | None = None
    """Shares not asked to be withdrawn."""
    sp_lifetime_net_pnl: Decimal | None = None
    """Gain since the beginning with fees it received, USDC; negative is a loss."""
    potential_pnl: Decimal | None = None
    """Gain of the shares it still has, USDC; negative is a loss."""
    sp_reserved_collateral: Decimal | None = None
    """What it must leave in the vault, USDC."""
    sp_min_shares_pct: Decimal | None = None
    """The least part of the vault it must keep, a fraction (0.01 = 1 %)."""
    total_performance_fees: Decimal | None = None
    """Fees it received so far, USDC; never negative."""


@model
class LiquidityProvider(Model):
    """A depositor's stake in one vault.

    https://orderly.network/docs/strategy-vault/liquidity-provider/public/lp-info
    """

    vault_id: str | None = None
    """The vault."""
    lp_nav: Decimal | None = None
    """What its shares are worth, USDC."""
    lp_tvl: Decimal | None = None
    """The same with deposits that wait for the next period, USDC."""
    total_main_shares: Decimal | None = None
    """How many main shares it has."""
    available_main_shares: Decimal | None = None
    """Shares not asked to be withdrawn."""
    potential_pnl: Decimal | None = None
    """Gain of the shares it still has, USDC; negative is a loss."""
    total_performance_fees: Decimal | None = None
    """Fees it paid to the provider so far, USDC; positive is paid."""


@model
class VaultTransactionRecord(Model):
    """A transaction of a provider or a depositor, with its way through the periods of the vault.

    https://orderly.network/docs/strategy-vault/liquidity-provider/public/lp-transaction-history
    https://orderly.network/docs/strategy-vault/strategy-provider/public/sp-transaction-history
    """

    created_time: int | None = None
    """When it was asked for, ms."""
    period_number: int | None = None
    """The period it was asked for in."""
    type: str | None = None
    """``deposit`` or ``withdrawal``."""
    source: str | None = None
    """Where it came from. Its words are not documented; the paper venue says ``account``."""
    status: str | None = None
    """Where it stands. The page shows ``claimable``; the paper venue says ``pending`` or ``completed``."""
    est_assign_period_time: int | None = None
    """When shares or money are expected to be assigned, ms; None where the venue cannot tell."""
    unlock_time: int | None = None
    """When a deposit can be withdrawn again, ms; None where the venue cannot tell."""
    est_claim_time: int | None = None
    """When a withdrawal is expected to be claimable, ms; None where the venue cannot tell."""
    chain_id: str | None = None
    """The chain, sent as text."""
    txn_hash: str | None = None
    """The transaction on that chain; None or empty for a request of an account."""
    txn_hash_claim: str | None = None
    """The transaction of the claim; None or empty before it."""
    shares_change: Decimal | None = None
    """Shares, positive both ways; None for a deposit until it is done."""
    amount_change: Decimal | None = None
    """USDC, positive both ways; None for a withdrawal until it is done."""
    transaction_nonce: str | None = None
    """The number that the request signed, sent as text."""

    @property
    def time(self) -> datetime | None:
        """When it was asked for, UTC."""
        return utc(self.created_time)


@model
class Claimable(Model):
    """What can be claimed on one chain.

    https://orderly.network/docs/strategy-vault/liquidity-provider/public/lp-claim-info
    https://orderly.network/docs/strategy-vault/strategy-provider/public/sp-claim-info
    """

    claimable_amount: Decimal | None = None
    """USDC; 0 where nothing waits."""


@model
class VaultFee(Model):
    """A performance fee of one period: paid by a depositor, or received by the provider, as was asked.

    https://orderly.network/docs/strategy-vault/liquidity-provider/public/fees-history
    https://orderly.network/docs/strategy-vault/strategy-provider/public/sp-fees-history
    """

    created_time: int | None = None
    """When it was taken, ms."""
    period_number: int | None = None
    """The period it was taken in."""
    type: str | None = None
    """What kind of fee. Its words are not documented; the paper venue says ``performance_fee``."""
    shares_change: Decimal | None = None
    """Shares the fee was taken in. No sign is documented; the paper venue takes none and says 0."""
    amount_change: Decimal | None = None
    """USDC. No sign is documented; positive with the paper venue."""


@model
class VaultChain(Model):
    """A chain a vault takes deposits on.

    https://orderly.network/docs/strategy-vault/vault/public/vault-info
    """

    chain_id: str
    """The chain, sent as text."""
    chain_name: str | None = None
    """Its name, for people."""


@model
class Vault(Model):
    """A strategy vault: what it is, what it asks for and how it stands.

    https://orderly.network/docs/strategy-vault/vault/public/vault-info
    """

    vault_id: str
    """0x and 64 hexadecimal digits."""
    vault_address: str | None = None
    """Its contract."""
    vault_type: str | None = None
    """``protocol`` in the example, ``protocol_vault`` on an older page; other words are not documented."""
    vault_name: str | None = None
    """Its name, for people."""
    description: str | None = None
    """What it does, for people."""
    sp_address: str | None = None
    """The strategy provider's wallet."""
    sp_name: str | None = None
    """The provider's name; None where it gives none."""
    asset: str | None = None
    """What is paid in and out, such as ``USDC``."""
    vault_age: Decimal | None = None
    """Days since it began."""
    status: VaultStatus | None = None
    """Where it stands."""
    vault_start_time: int | None = None
    """When it began, ms."""
    performance_fee_rate: Decimal | None = None
    """The provider's part of a profit, a fraction (0.3 = 30 %)."""
    supported_chains: tuple[VaultChain, ...] | None = None
    """Chains deposits are taken on; None where the venue leaves them out."""
    tvl: Decimal | None = None
    """Worth with deposits that wait, units of ``asset``."""
    valid_hpr: Decimal | None = None
    """Yield of one share since the beginning, a fraction, by its name the holding period's return; not explained
    by the venue."""
    apy_30d: Decimal | None = wire("30d_apy")
    """Yearly yield by the last 30 days. A fraction with the paper venue, not compounded; the venue's older page
    shows 34.87, which reads as per cent."""
    recovery_30d_apy: Decimal | None = None
    """Not explained by the venue; the paper venue gives the same as ``apy_30d``."""
    vault_lifetime_net_pnl: Decimal | None = None
    """Gain since it began, units of ``asset``; negative is a loss."""
    lp_counts: int | None = None
    """How many depositors it has."""
    total_main_shares: Decimal | None = None
    """How many main shares there are."""
    lifetime_apy: Decimal | None = None
    """Yearly yield since it began, in the unit of ``apy_30d``."""
    lock_duration: Decimal | None = None
    """Hours a deposit must stay."""
    min_deposit_amount: Decimal | None = None
    """The least deposit, units of ``asset``."""
    min_withdrawal_amount: Decimal | None = None
    """The least withdrawal. The venue gives no unit; shares with the paper venue."""
    gate_threshold_pct: Decimal | None = None
    """The part of the vault that one period may pay out, a fraction, by its name; not explained by the venue."""
    gate_triggered: bool | None = None
    """Whether that bound holds withdrawals back now."""
    broker_id: str | None = None
    """The builder it belongs to."""


@model
class VaultPerformance(Model):
    """Gain and greatest fall over a range, of a vault or of one depositor's stake.

    https://orderly.network/docs/strategy-vault/vault/public/vault-performance
    https://orderly.network/docs/strategy-vault/liquidity-provider/public/lp-performance
    """

    time_range: str | None = None
    """``24h``, ``7d``, ``30d`` or ``all_time``."""
    incremental_net_pnl: Decimal | None = None
    """Gain within the range, USDC; negative is a loss."""
    max_drawdown: Decimal | None = None
    """The greatest fall from a peak, a fraction of the peak (0.015 = 1.5 %), never negative."""
    pnl_max_drawdown: Decimal | None = None
    """Not explained by the venue; the paper venue gives the same fall in USDC."""
    fees: Decimal | None = None
    """Trading fees of the vault within the range, USDC, positive is paid; None for a depositor."""
    volume: Decimal | None = None
    """Traded value of the vault within the range, USDC; None for a depositor."""


@model
class ChartPoint(Model):
    """A value at a moment.

    https://orderly.network/docs/strategy-vault/vault/public/vault-performance-chart
    https://orderly.network/docs/strategy-vault/liquidity-provider/public/lp-performance-chart
    """

    timestamp: int
    """The moment, ms."""
    value: Decimal | None = None
    """Worth (TVL) or gain since the range began (PNL), as was asked, USDC; a gain below 0 is a loss."""

    @property
    def time(self) -> datetime | None:
        """The moment, UTC."""
        return utc(self.timestamp)


@model
class VaultTotals(Model):
    """All vaults together.

    https://orderly.network/docs/strategy-vault/vault/public/vault-overall-statistics
    """

    strategy_vaults_tvl: Decimal | None = None
    """Their worth, USDC."""
    strategy_vaults_lifetime_net_pnl: Decimal | None = None
    """Their gain since they began, USDC; negative is a loss."""
    strategy_vaults_count: int | None = None
    """How many there are."""
    strategy_vaults_lp_count: int | None = None
    """Their depositors. Whether one with two vaults counts twice is not documented; with the paper venue it does."""


@model
class UserVaultTotals(Model):
    """One wallet's stakes in all vaults together.

    https://orderly.network/docs/strategy-vault/vault/public/user-overall-statistics
    """

    total_vaults_tvl: Decimal | None = None
    """Worth of all its stakes, USDC."""
    vaults_lp_tvl: Decimal | None = None
    """Worth of those as a depositor, USDC."""
    vaults_sp_tvl: Decimal | None = None
    """Worth of those as a provider, USDC."""
    total_vaults_lifetime_net_pnl: Decimal | None = None
    """Gain of all, USDC; negative is a loss."""
    vaults_lp_lifetime_net_pnl: Decimal | None = None
    """Gain as a depositor, USDC; negative is a loss."""
    vaults_sp_lifetime_net_pnl: Decimal | None = None
    """Gain as a provider, USDC; negative is a loss."""
    total_involved_vaults_count: int | None = None
    """How many stakes it has."""
    involved_lp_vaults_count: int | None = None
    """How many as a depositor."""
    involved_sp_vaults_count: int | None = None
    """How many as a provider."""
