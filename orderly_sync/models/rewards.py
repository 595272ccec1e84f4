"""Trading rewards: the answers of retired operations, whose pages the venue may have taken down.

Those of market makers are in ``rewards_maker``.

Of most fields the venue's pages show a name and an example; what is said beyond that is what the paper venue computes.
"""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.base import Model, model

__all__ = [
    "AccountEstimate",
    "AccountReward",
    "AccountRewards",
    "BrokerAllocation",
    "BrokerEstimate",
    "EpochAllocation",
    "RewardsEpoch",
    "RewardsEpochScore",
    "RewardsEpochScores",
    "RewardsEpochs",
    "RewardsStatus",
    "SymbolCategories",
    "SymbolCategory",
    "TraderEstimate",
    "WalletReward",
    "WalletRewards",
]


@model
class RewardsEpoch(Model):
    """The parameters of one epoch of trading rewards; by their names a score is fees to a power times stake to a power.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-parameters-of-each-epoch-for-all-epochs
    """

    epoch_id: int
    """The epoch."""
    start_time: int | None = None
    """Its first moment, ms."""
    end_time: int | None = None
    """Its end, ms."""
    power_fees_paid_major: Decimal | None = None
    """Exponent of fees paid in major symbols (0.8), without unit."""
    power_fees_paid_alts: Decimal | None = None
    """Exponent of fees paid in other symbols, without unit."""
    power_staked_major: Decimal | None = None
    """Exponent of the stake where major symbols are scored (0.2), without unit."""
    power_staked_alts: Decimal | None = None
    """Exponent of the stake where other symbols are scored, without unit."""
    epoch_token: str | None = None
    """What is paid out: ``ORDER`` or ``esORDER``."""
    max_reward_amount: Decimal | None = None
    """The most the epoch pays to all together, units of ``epoch_token``."""
    k_constant_major: Decimal | None = None
    """Constant of the score in major symbols, without unit; the formula is not published."""
    k_constant_alts: Decimal | None = None
    """Constant of the score in other symbols, without unit; the formula is not published."""


@model
class RewardsEpochs(Model):
    """The parameters of every epoch of trading rewards.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-parameters-of-each-epoch-for-all-epochs
    """

    current_epoch: int | None = None
    """The running epoch."""
    rows: tuple[RewardsEpoch, ...] = ()
    """One row an epoch; empty where the venue sends none."""


@model
class RewardsEpochScore(Model):
    """The scores and rewards of one epoch, all traders together.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-epochs-data
    """

    epoch_id: int
    """The epoch."""
    total_trader_score_major: Decimal | None = None
    """Score in major symbols. The venue publishes no unit; the paper venue scores traded value, USDC."""
    total_trader_score_alts: Decimal | None = None
    """Score in other symbols, in the same unit."""
    epoch_token: str | None = None
    """What is paid out: ``ORDER`` or ``esORDER``."""
    reward_status: str | None = None
    """``Confirmed`` when the epoch is over, ``Pending`` before; the page leaves the list open."""
    r_major: Decimal | None = None
    """What trading in major symbols is rewarded with, units of ``epoch_token``."""
    r_alts: Decimal | None = None
    """What trading in other symbols is rewarded with, units of ``epoch_token``."""


@model
class RewardsEpochScores(Model):
    """The scores and rewards of every epoch.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-epochs-data
    """

    total_released_trading_rewards_order: Decimal | None = None
    """What all epochs have paid in ORDER, units of ORDER."""
    total_released_trading_rewards_escrow: Decimal | None = None
    """What all epochs have paid in esORDER, units of esORDER."""
    current_epoch: int | None = None
    """The running epoch."""
    rows: tuple[RewardsEpochScore, ...] = ()
    """One row an epoch; empty where the venue sends none."""


@model
class BrokerAllocation(Model):
    """A builder's share of one epoch of trading rewards.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-broker-allocation-history
    """

    broker_id: str
    """The builder."""
    epoch_token: str | None = None
    """What is paid out: ``ORDER`` or ``esORDER``."""
    pct_allocation: Decimal | None = None
    """Its users' part of the epoch, a fraction (0.2 = 20 %) in spite of the name."""
    rewards_allocation: Decimal | None = None
    """The same in units of ``epoch_token``."""


@model
class EpochAllocation(Model):
    """How one epoch of trading rewards was shared among builders.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-broker-allocation-history
    """

    epoch_id: int
    """The epoch."""
    rewards: tuple[BrokerAllocation, ...] = ()
    """One entry a builder."""


@model
class WalletReward(Model):
    """A wallet's trading reward of one epoch.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-wallet-trading-rewards-history
    """

    epoch_id: int
    """The epoch."""
    wallet_epoch_avg_staked: Decimal | None = None
    """What the wallet had staked on average, tokens."""
    max_reward_amount: Decimal | None = None
    """The most the epoch pays to all together, units of ``epoch_token``."""
    epoch_token: str | None = None
    """What is paid out: ``ORDER`` or ``esORDER``."""
    reward_status: str | None = None
    """``Confirmed`` when the epoch is over, ``Pending`` before; the page leaves the list open."""
    r_wallet: Decimal | None = None
    """What the wallet gets, units of ``epoch_token``."""


@model
class WalletRewards(Model):
    """A wallet's trading rewards.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-wallet-trading-rewards-history
    """

    wallet_lifetime_trading_rewards_order: Decimal | None = None
    """All it has got in ORDER, units of ORDER."""
    wallet_lifetime_trading_rewards_escrow: Decimal | None = None
    """All it has got in esORDER, units of esORDER."""
    rows: tuple[WalletReward, ...] = ()
    """One row an epoch; empty for a wallet without an account."""


@model
class AccountReward(Model):
    """What a wallet earned in one epoch with one builder.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-account-trading-rewards-history
    """

    broker_id: str
    """The builder."""
    wallet_epoch_avg_staked: Decimal | None = None
    """What the wallet had staked on average, tokens."""
    trader_score_major: Decimal | None = None
    """Score in major symbols. The venue publishes no unit; the paper venue scores traded value, USDC."""
    trader_score_alts: Decimal | None = None
    """Score in other symbols, in the same unit."""
    epoch_token: str | None = None
    """What is paid out: ``ORDER`` or ``esORDER``."""
    reward_status: str | None = None
    """``Confirmed`` when the epoch is over, ``Pending`` before; the page leaves the list open."""
    r_major: Decimal | None = None
    """What trading in major symbols brings, units of ``epoch_token``."""
    r_alts: Decimal | None = None
    """What trading in other symbols brings, units of ``epoch_token``."""
    r_account: Decimal | None = None
    """Both together, units of ``epoch_token``."""


@model
class AccountRewards(Model):
    """What a wallet earned in one epoch, by builder.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-account-trading-rewards-history
    """

    epoch_id: int
    """The epoch."""
    broker: tuple[AccountReward, ...] = ()
    """One entry a builder."""


@model
class RewardsStatus(Model):
    """Where a rewards programme stands.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-the-status-of-trading-rewards-programme
    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-the-status-of-market-making-rewards-programme
    """

    epoch_status: str | None = None
    """``Active`` in the example and with the paper venue; other words are not documented."""
    current_epoch: int | None = None
    """The running epoch."""
    last_completed_epoch: int | None = None
    """The epoch before it."""


@model
class SymbolCategory(Model):
    """Which symbols count as major in one epoch.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-symbol-rewards-category
    """

    epoch_id: int | None = None
    """The epoch."""
    major_weightage: Decimal | None = None
    """Part of the epoch's reward for major symbols, a fraction (0.8 = 80 %)."""
    alts_weightage: Decimal | None = None
    """Part for the other symbols; both make 1."""
    major_symbols: str | None = None
    """Comma-separated: ``BTC,ETH``."""
    updated_time: int | None = None
    """When it was set, ms."""


@model
class SymbolCategories(Model):
    """The categories of this epoch and the next.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-symbol-rewards-category
    """

    current: SymbolCategory | None = None
    """The running epoch's; None where the venue leaves it out."""
    next: SymbolCategory | None = None
    """The coming epoch's; None where the venue leaves it out."""


@model
class BrokerEstimate(Model):
    """What a builder's users may expect of the current epoch.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-current-epoch-estimate-by-broker
    """

    broker_id: str
    """The builder."""
    est_pct_allocation: Decimal | None = None
    """Their part of the epoch, a fraction (0.2 = 20 %) in spite of the name."""
    est_allocation: Decimal | None = None
    """The same in units of the epoch's token."""


@model
class AccountEstimate(Model):
    """What a wallet may expect of the current epoch with one builder.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-current-epoch-estimate
    """

    broker_id: str
    """The builder."""
    est_r_account: Decimal | None = None
    """Units of the epoch's token."""


@model
class TraderEstimate(Model):
    """What a wallet may expect of the current epoch.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-current-epoch-estimate
    """

    est_trading_volume: Decimal | None = None
    """What it traded so far, USDC."""
    est_avg_stake: Decimal | None = None
    """What it has staked on average so far, tokens."""
    est_stake_boost: Decimal | None = None
    """Factor by which the stake raises the score (1 = not at all)."""
    est_r_wallet: Decimal | None = None
    """What it may expect with all builders, units of the epoch's token."""
    rows: tuple[AccountEstimate, ...] = ()
    """One row a builder; empty for a wallet without an account."""
