"""Trading and market making rewards: the answers of retired operations.

Rewards and stakes are in the epoch's token, volumes in USDC, times in ms.
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
    "GroupReward",
    "GroupRewards",
    "MakerEpoch",
    "MakerEpochs",
    "MakerEstimate",
    "MakerLeaderboard",
    "MakerScore",
    "MakerSymbol",
    "MakerSymbols",
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
    """The parameters of one epoch of trading rewards."""

    epoch_id: int
    start_time: int | None = None
    end_time: int | None = None
    power_fees_paid_major: Decimal | None = None
    power_fees_paid_alts: Decimal | None = None
    power_staked_major: Decimal | None = None
    power_staked_alts: Decimal | None = None
    epoch_token: str | None = None
    max_reward_amount: Decimal | None = None
    k_constant_major: Decimal | None = None
    k_constant_alts: Decimal | None = None


@model
class RewardsEpochs(Model):
    """The parameters of every epoch."""

    current_epoch: int | None = None
    rows: tuple[RewardsEpoch, ...] = ()


@model
class RewardsEpochScore(Model):
    """The scores and rewards of one epoch."""

    epoch_id: int
    total_trader_score_major: Decimal | None = None
    total_trader_score_alts: Decimal | None = None
    epoch_token: str | None = None
    reward_status: str | None = None
    r_major: Decimal | None = None
    r_alts: Decimal | None = None


@model
class RewardsEpochScores(Model):
    """The scores and rewards of every epoch."""

    total_released_trading_rewards_order: Decimal | None = None
    total_released_trading_rewards_escrow: Decimal | None = None
    current_epoch: int | None = None
    rows: tuple[RewardsEpochScore, ...] = ()


@model
class BrokerAllocation(Model):
    """A builder's share of one epoch."""

    broker_id: str
    epoch_token: str | None = None
    pct_allocation: Decimal | None = None
    rewards_allocation: Decimal | None = None


@model
class EpochAllocation(Model):
    """How one epoch was shared among builders."""

    epoch_id: int
    rewards: tuple[BrokerAllocation, ...] = ()


@model
class WalletReward(Model):
    """A wallet's reward of one epoch."""

    epoch_id: int
    wallet_epoch_avg_staked: Decimal | None = None
    max_reward_amount: Decimal | None = None
    epoch_token: str | None = None
    reward_status: str | None = None
    r_wallet: Decimal | None = None


@model
class WalletRewards(Model):
    """A wallet's rewards."""

    wallet_lifetime_trading_rewards_order: Decimal | None = None
    wallet_lifetime_trading_rewards_escrow: Decimal | None = None
    rows: tuple[WalletReward, ...] = ()


@model
class AccountReward(Model):
    """What a wallet earned with one builder."""

    broker_id: str
    wallet_epoch_avg_staked: Decimal | None = None
    trader_score_major: Decimal | None = None
    trader_score_alts: Decimal | None = None
    epoch_token: str | None = None
    reward_status: str | None = None
    r_major: Decimal | None = None
    r_alts: Decimal | None = None
    r_account: Decimal | None = None


@model
class AccountRewards(Model):
    """What a wallet earned in one epoch, by builder."""

    epoch_id: int
    broker: tuple[AccountReward, ...] = ()


@model
class RewardsStatus(Model):
    """Where a rewards programme stands."""

    epoch_status: str | None = None
    current_epoch: int | None = None
    last_completed_epoch: int | None = None


@model
class SymbolCategory(Model):
    """Which symbols count as major in one epoch."""

    epoch_id: int | None = None
    major_weightage: Decimal | None = None
    alts_weightage: Decimal | None = None
    major_symbols: str | None = None
    """Comma-separated: ``BTC,ETH``."""
    updated_time: int | None = None


@model
class SymbolCategories(Model):
    """The categories of this epoch and the next."""

    current: SymbolCategory | None = None
    next: SymbolCategory | None = None


@model
class MakerEpoch(Model):
    """The parameters of one epoch of market making rewards."""

    epoch_id: int
    start_time: int | None = None
    end_time: int | None = None
    epoch_token: str | None = None
    max_reward_amount: Decimal | None = None


@model
class MakerEpochs(Model):
    """The parameters of every epoch."""

    current_epoch: int | None = None
    rows: tuple[MakerEpoch, ...] = ()


@model
class MakerSymbol(Model):
    """What market making in one symbol must meet."""

    symbol: str
    multiplier: Decimal | None = None
    min_depth: Decimal | None = None
    max_spread: Decimal | None = None


@model
class MakerSymbols(Model):
    """What market making must meet."""

    updated_time: int | None = None
    rows: tuple[MakerSymbol, ...] = ()


@model
class MakerScore(Model):
    """One line of the makers' leaderboard."""

    address: str
    est_score: Decimal | None = None
    est_r_wallet: Decimal | None = None
    est_avg_stake: Decimal | None = None
    est_stake_boost: Decimal | None = None
    uptime: Decimal | None = None
    maker_volume: Decimal | None = None


@model
class MakerLeaderboard(Model):
    """The makers of one epoch."""

    market: str | None = None
    epoch: int | None = None
    epoch_status: str | None = None
    rows: tuple[MakerScore, ...] = ()


@model
class MakerEstimate(Model):
    """What a maker may expect of the current epoch."""

    est_maker_volume: Decimal | None = None
    est_avg_stake: Decimal | None = None
    est_stake_boost: Decimal | None = None
    est_r_wallet: Decimal | None = None


@model
class BrokerEstimate(Model):
    """What a builder may expect of the current epoch."""

    broker_id: str
    est_pct_allocation: Decimal | None = None
    est_allocation: Decimal | None = None


@model
class AccountEstimate(Model):
    """What a wallet may expect with one builder."""

    broker_id: str
    est_r_account: Decimal | None = None


@model
class TraderEstimate(Model):
    """What a wallet may expect of the current epoch."""

    est_trading_volume: Decimal | None = None
    est_avg_stake: Decimal | None = None
    est_stake_boost: Decimal | None = None
    est_r_wallet: Decimal | None = None
    rows: tuple[AccountEstimate, ...] = ()


@model
class GroupReward(Model):
    """The market making reward of a wallet's group in one epoch."""

    epoch_id: int
    epoch_avg_staked: Decimal | None = None
    max_reward_amount: Decimal | None = None
    epoch_token: str | None = None
    reward_status: str | None = None
    total_reward: Decimal | None = None


@model
class GroupRewards(Model):
    """The market making rewards of a wallet's group."""

    group_lifetime_mm_rewards_order: Decimal | None = None
    group_lifetime_mm_rewards_escrow: Decimal | None = None
    rows: tuple[GroupReward, ...] = ()
