"""What surrounds the exchange: builders' fees and tags, referral, campaigns, points, staking, rewards, vaults.

Small data sets and the state that calls change, without I/O. What is invented rather than computed says so where it is
made; all of it follows from the seed.
"""

from __future__ import annotations

from collections.abc import Iterable

from orderly_sync.venue.programs.builders.fees import FeeSettings
from orderly_sync.venue.programs.builders.listing import Listings
from orderly_sync.venue.programs.builders.order_tags import TagTable
from orderly_sync.venue.programs.campaigns.campaigns import CampaignService
from orderly_sync.venue.programs.points.points import PointsService
from orderly_sync.venue.programs.referral.multilevel import MultilevelTree
from orderly_sync.venue.programs.referral.referral import Referrals
from orderly_sync.venue.programs.rewards.rewards import RewardsService
from orderly_sync.venue.programs.seeded import Seeded
from orderly_sync.venue.programs.staking.staking import StakingService
from orderly_sync.venue.programs.vaults.vaults import Vaults

__all__ = ["Programs"]

_HOME_BROKER = "paper"


class Programs:
    """The surroundings of one venue.

    Args:
        symbols: Its markets.
        seed: Of all invented figures.
        opening: When it opened, ms.
    """

    def __init__(self, *, symbols: Iterable[str], seed: int, opening: int) -> None:
        self.seeded = Seeded(seed)
        self.fees = FeeSettings()
        self.tags = TagTable(symbols)
        self.referrals = Referrals(self.seeded)
        self.multilevel = MultilevelTree(self.referrals)
        self.campaigns = CampaignService(opening)
        self.points = PointsService(opening, _HOME_BROKER)
        self.staking = StakingService(self.seeded, opening)
        self.rewards = RewardsService(self.seeded, opening)
        self.vaults = Vaults(self.seeded, opening)
        self.listings = Listings()
