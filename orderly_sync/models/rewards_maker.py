"""Market making rewards: the answers of retired operations, whose pages the venue may have taken down.

Of most fields the venue's pages show a name and an example; what is said beyond that is what the paper venue computes.
"""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.base import Model, model

__all__ = [
    "GroupReward",
    "GroupRewards",
    "MakerEpoch",
    "MakerEpochs",
    "MakerEstimate",
    "MakerLeaderboard",
    "MakerScore",
    "MakerSymbol",
    "MakerSymbols",
]


@model
class MakerEpoch(Model):
    """The parameters of one epoch of market making rewards.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-parameters-of-each-epoch
    """

    epoch_id: int
    """The epoch."""
    start_time: int | None = None
    """Its first moment, ms."""
    end_time: int | None = None
    """Its end, ms."""
    epoch_token: str | None = None
    """What is paid out: ``ORDER`` or ``esORDER``."""
    max_reward_amount: Decimal | None = None
    """The most the epoch pays to all together, units of ``epoch_token``."""


@model
class MakerEpochs(Model):
    """The parameters of every epoch of market making rewards.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-parameters-of-each-epoch
    """

    current_epoch: int | None = None
    """The running epoch."""
    rows: tuple[MakerEpoch, ...] = ()
    """One row an epoch; empty where the venue sends none."""


@model
class MakerSymbol(Model):
    """What market making in one symbol must meet.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-symbol-rewards-parameters
    """

    symbol: str
    """The market."""
    multiplier: Decimal | None = None
    """Factor by which making in this symbol counts (1 = as it is)."""
    min_depth: Decimal | None = None
    """The least depth that counts. The venue gives no unit; the paper venue's 1,000 are USDC."""
    max_spread: Decimal | None = None
    """The widest spread that counts. The venue gives no unit and shows 2.3; the paper venue's 0.003 is a fraction
    of the mid price."""


@model
class MakerSymbols(Model):
    """What market making must meet.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-symbol-rewards-parameters
    """

    updated_time: int | None = None
    """When it was set, ms."""
    rows: tuple[MakerSymbol, ...] = ()
    """One row a symbol; empty where the venue sends none."""


@model
class MakerScore(Model):
    """One line of the makers' leaderboard.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/leaderboard-for-market-maker-rewards
    """

    address: str
    """The wallet."""
    est_score: Decimal | None = None
    """Its score so far. The venue publishes no unit; the paper venue scores the value traded as a maker, USDC."""
    est_r_wallet: Decimal | None = None
    """What it may expect, units of the epoch's token."""
    est_avg_stake: Decimal | None = None
    """What it has staked on average so far, tokens."""
    est_stake_boost: Decimal | None = None
    """Factor by which the stake raises the score (1 = not at all)."""
    uptime: Decimal | None = None
    """Part of the time that it met the conditions, a fraction (1 = always); always 1 with the paper venue."""
    maker_volume: Decimal | None = None
    """What it traded as a maker, USDC."""


@model
class MakerLeaderboard(Model):
    """The makers of one epoch.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/leaderboard-for-market-maker-rewards
    """

    market: str | None = None
    """The market that is ranked; empty for all together."""
    epoch: int | None = None
    """The epoch that was asked for."""
    epoch_status: str | None = None
    """``Active`` or ``Completed`` with the paper venue; other words are not documented."""
    rows: tuple[MakerScore, ...] = ()
    """The best first; empty for an epoch that the venue does not know."""


@model
class MakerEstimate(Model):
    """What a maker may expect of the current epoch.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-market-maker-current-epoch-estimate
    """

    est_maker_volume: Decimal | None = None
    """What it traded as a maker so far, USDC."""
    est_avg_stake: Decimal | None = None
    """What it has staked on average so far, tokens."""
    est_stake_boost: Decimal | None = None
    """Factor by which the stake raises the score (1 = not at all)."""
    est_r_wallet: Decimal | None = None
    """What it may expect, units of the epoch's token."""


@model
class GroupReward(Model):
    """The market making reward of a wallet's group in one epoch. What joins wallets to a group is not documented.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-wallet-group-market-making-rewards-history
    """

    epoch_id: int
    """The epoch."""
    epoch_avg_staked: Decimal | None = None
    """What the group had staked on average, tokens."""
    max_reward_amount: Decimal | None = None
    """The most the epoch pays to all together, units of ``epoch_token``."""
    epoch_token: str | None = None
    """What is paid out: ``ORDER`` or ``esORDER``."""
    reward_status: str | None = None
    """``CONFIRMED`` when the epoch is over, ``PENDING`` before; here in capitals."""
    total_reward: Decimal | None = None
    """What the group gets, units of ``epoch_token``."""


@model
class GroupRewards(Model):
    """The market making rewards of a wallet's group.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-wallet-group-market-making-rewards-history
    """

    group_lifetime_mm_rewards_order: Decimal | None = None
    """All it has got in ORDER, units of ORDER."""
    group_lifetime_mm_rewards_escrow: Decimal | None = None
    """All it has got in esORDER, units of esORDER."""
    rows: tuple[GroupReward, ...] = ()
    """One row an epoch; empty for a wallet without an account."""
