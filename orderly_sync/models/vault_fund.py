"""The funds of strategy vaults: their periods, and what flows in and out. Times are ms, amounts USDC.

Of most fields the venue's pages show a name and an example; what is said beyond that is what the paper venue computes.
"""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.base import Model, model
from orderly_sync.models.vault_enums import VaultTransactionStatus

__all__ = [
    "FundInfo",
    "FundPeriod",
    "PendingTransactions",
    "VaultInternalTransfer",
    "VaultRevenue",
    "VenueTransfer",
    "VenueWithdrawal",
]


@model
class VenueTransfer(Model):
    """An allocation of a fund's inflow to the trading venue.

    https://orderly.network/docs/strategy-vault/strategy-fund/public/get-fund-inflow-allocation
    """

    created_time: int | None = None
    """When it was planned, ms."""
    executed_time: int | None = None
    """When it was carried out, ms; None before."""
    period_number: int | None = None
    """The period whose deposits it carries."""
    plan_id: str | None = None
    """The plan's id."""
    amount: Decimal | None = None
    """USDC, positive: the fund receives it."""
    status: VaultTransactionStatus | None = None
    """Where it stands."""


@model
class VenueWithdrawal(VenueTransfer):
    """An allocation of a fund's outflow from the trading venue.

    https://orderly.network/docs/strategy-vault/strategy-fund/public/get-fund-outflow-allocation
    """

    schedule_time: int | None = None
    """When it is due, ms; None for one without a date."""
    trigger_by: str | None = None
    """Not documented, and drawn as a number without example; the paper venue gives the provider's user number where
    the provider set it off by hand, None otherwise."""


@model
class VaultRevenue(Model):
    """A share of revenue or of liquidation fees paid to a fund.

    https://orderly.network/docs/strategy-vault/strategy-fund/public/get-orderly-protocol-revenue-sharing-history
    https://orderly.network/docs/strategy-vault/strategy-fund/public/get-liquidation-fees-sharing-history
    """

    executed_time: int | None = None
    """When it was paid, ms."""
    amount: Decimal | None = None
    """USDC, positive: the fund receives it."""


@model
class VaultInternalTransfer(VaultRevenue):
    """A transfer to a fund from an account that is no vault's.

    https://orderly.network/docs/strategy-vault/strategy-fund/public/get-internal-transfer-history
    """

    from_account: str | None = None
    """The account it came from."""


@model
class FundInfo(Model):
    """A vault's fund and its current period.

    https://orderly.network/docs/strategy-vault/strategy-fund/public/get-strategy-fund-details
    """

    fund_nav: Decimal | None = None
    """What the fund is worth, USDC."""
    fund_lifetime_net_pnl: Decimal | None = None
    """Its gain since the vault began, USDC; negative is a loss."""
    fund_total_strategy_shares: Decimal | None = None
    """How many strategy shares there are."""
    est_strategy_share_price: Decimal | None = None
    """What one is worth, an estimate, USDC."""
    broker_id: str | None = None
    """The builder the fund trades with."""
    current_period_number: int | None = None
    """The running period, counted from 1."""
    period_start_time: int | None = None
    """Its first moment, ms."""
    period_end_time: int | None = None
    """Its end, ms."""
    period_duration: Decimal | None = None
    """Its length. The venue gives no unit (its 60 stands beside a period of a day); minutes with the paper venue."""
    performance_fee_rate: Decimal | None = None
    """The provider's part of a profit, a fraction (0.3 = 30 %)."""


@model
class FundPeriod(Model):
    """What went into a fund and out of it in one period.

    https://orderly.network/docs/strategy-vault/strategy-fund/public/get-period-history-and-fund-period-instructions
    """

    period_number: int | None = None
    """The period, counted from 1."""
    start_time: int | None = None
    """Its first moment, ms."""
    end_time: int | None = None
    """Its end, ms."""
    total_deposit_amount: Decimal | None = None
    """What was paid in, USDC, positive."""
    total_withdrawal_amount: Decimal | None = None
    """What was paid out, USDC, positive; None while the period runs."""


@model
class PendingTransactions(Model):
    """What waits for a fund's next period.

    https://orderly.network/docs/strategy-vault/strategy-fund/public/get-preview-users-pending-requests
    """

    est_fund_allocation_pct: Decimal | None = None
    """The fund's part of what is pending, a fraction (1 = all of it) in spite of the name."""
    total_pending_deposit_amount: Decimal | None = None
    """Deposits of all together, USDC."""
    lp_pending_deposit_amount: Decimal | None = None
    """Deposits of depositors, USDC."""
    sp_pending_deposit_amount: Decimal | None = None
    """Deposits of the provider, USDC."""
    fund_pending_deposit_amount: Decimal | None = None
    """What of them comes to the fund, USDC."""
    fund_pending_withdrawal_amount: Decimal | None = None
    """What the fund has to pay out, an estimate, USDC, positive."""
    total_pending_withdrawal_main_share: Decimal | None = None
    """Main shares that depositors withdraw."""
    est_main_share_price: Decimal | None = None
    """What one of those is worth, an estimate, USDC."""
    total_pending_withdrawal_strategy_share: Decimal | None = None
    """Strategy shares that are withdrawn."""
    est_strategy_share_price: Decimal | None = None
    """What one of those is worth, an estimate, USDC."""
