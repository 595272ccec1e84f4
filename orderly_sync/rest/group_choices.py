"""Arguments of single groups that take one of a few values: a member of the enumeration, or its text."""

from __future__ import annotations

from typing import Literal

from orderly_sync.models.account_enums import (
    ChainType,
    InternalTransferSide,
    IpRestrictionStatus,
    KeyStatus,
    NotificationType,
)
from orderly_sync.models.admin import OrderSource
from orderly_sync.models.builder_admin import (
    DailyVolumeAggregate,
    DailyVolumeSort,
    LeaderboardAggregate,
    LeaderboardSort,
)
from orderly_sync.models.campaign import CampaignCheckType, CampaignCompare, CampaignGroupBy, CampaignSort
from orderly_sync.models.conversion import ConversionStatus
from orderly_sync.models.distribution import DistributionStatus, DistributionType
from orderly_sync.models.enums import (
    AssetSide,
    AssetStatus,
    InternalTransferStatus,
    LiquidationSort,
    OrderType,
)
from orderly_sync.models.listing import FeedVisibility, MarketSession
from orderly_sync.models.multilevel import AffiliateSort, StatisticsRange, SummaryAggregate
from orderly_sync.models.points import PointsPeriod, StageStatus
from orderly_sync.models.referral import RefereeSort
from orderly_sync.models.vault_enums import VaultChartRange, VaultChartType, VaultStatus, VaultTransactionType

__all__ = [
    "AffiliateSortLike",
    "AssetSideLike",
    "AssetStatusLike",
    "CampaignCheckTypeLike",
    "CampaignCompareLike",
    "CampaignGroupByLike",
    "CampaignSortLike",
    "ChainTypeLike",
    "ConversionStatusLike",
    "DailyVolumeAggregateLike",
    "DailyVolumeSortLike",
    "DistributionStatusLike",
    "DistributionTypeLike",
    "FeedVisibilityLike",
    "InternalTransferSideLike",
    "InternalTransferStatusLike",
    "IpRestrictionStatusLike",
    "KeyStatusLike",
    "LeaderboardAggregateLike",
    "LeaderboardSortLike",
    "LiquidationSortLike",
    "MarketSessionLike",
    "NotificationTypeLike",
    "OrderSourceLike",
    "OrderTypeLike",
    "PointsPeriodLike",
    "RefereeSortLike",
    "StageStatusLike",
    "StatisticsRangeLike",
    "SummaryAggregateLike",
    "VaultChartRangeLike",
    "VaultChartTypeLike",
    "VaultStatusLike",
    "VaultTransactionTypeLike",
]

AffiliateSortLike = (
    AffiliateSort | Literal["total_invites", "total_traded", "referee_volume", "bonus_max_rebate_rate"]
)
AssetSideLike = AssetSide | Literal["DEPOSIT", "WITHDRAW"]
AssetStatusLike = (
    AssetStatus
    | Literal["NEW", "PENDING", "CONFIRM", "PROCESSING", "PENDING_REBALANCE", "COMPLETED", "FAILED"]
)
CampaignCheckTypeLike = CampaignCheckType | Literal["volume", "deposit", "withdraw", "order_count"]
CampaignCompareLike = CampaignCompare | Literal["gt", "ge", "le", "lt"]
CampaignGroupByLike = CampaignGroupBy | Literal["BROKER", "SYMBOL", "NONE"]
CampaignSortLike = CampaignSort | Literal["volume", "pnl"]
ChainTypeLike = ChainType | Literal["EVM", "SOL"]
ConversionStatusLike = ConversionStatus | Literal["completed", "pending", "failed", "cancelled"]
DailyVolumeAggregateLike = DailyVolumeAggregate | Literal["DATE", "ACCOUNT"]
DailyVolumeSortLike = (
    DailyVolumeSort
    | Literal[
        "ascending_broker_fee",
        "descending_broker_fee",
        "ascending_perp_maker_volume",
        "descending_perp_maker_volume",
        "ascending_perp_taker_volume",
        "descending_perp_taker_volume",
        "ascending_perp_volume",
        "descending_perp_volume",
        "ascending_total_fee",
        "descending_total_fee",
    ]
)
DistributionStatusLike = DistributionStatus | Literal["CREATED", "SPLIT", "COMPLETED"]
DistributionTypeLike = (
    DistributionType | Literal["BROKER_FEE", "REFEREE_REBATE", "REFERRER_REBATE", "REFERRAL_REBATE"]
)
FeedVisibilityLike = FeedVisibility | Literal["private", "public"]
InternalTransferSideLike = InternalTransferSide | Literal["IN", "OUT"]
InternalTransferStatusLike = InternalTransferStatus | Literal["CREATED", "PENDING", "COMPLETED", "FAILED"]
IpRestrictionStatusLike = (
    IpRestrictionStatus | Literal["ALLOW_RESTRICTION_LIST", "ALLOW_ALL_IPS", "DISALLOW_ALL_IPS"]
)
KeyStatusLike = KeyStatus | Literal["ACTIVE", "REMOVING", "REMOVED"]
LeaderboardAggregateLike = LeaderboardAggregate | Literal["address", "address_per_builder"]
LeaderboardSortLike = (
    LeaderboardSort
    | Literal[
        "ascending_realized_pnl", "descending_realized_pnl", "ascending_perp_volume", "descending_perp_volume"
    ]
)
LiquidationSortLike = LiquidationSort | Literal["liquidation_id", "time"]
MarketSessionLike = (
    MarketSession | Literal["US_STOCK", "US_STOCK_EXT", "HK_STOCK", "KR_STOCK", "CN_STOCK", "FX"]
)
NotificationTypeLike = NotificationType | Literal["TRADE", "SYSTEM"]
OrderSourceLike = OrderSource | Literal["ORDINARY", "ALL"]
OrderTypeLike = (
    OrderType
    | Literal[
        "LIMIT",
        "MARKET",
        "IOC",
        "FOK",
        "POST_ONLY",
        "ASK",
        "BID",
        "CLOSE_POSITION",
        "LIQUIDATE",
        "SETTLEMENT",
        "ADL_CLOSE",
        "BLP_ASSIGNEE",
        "AC",
    ]
)
PointsPeriodLike = PointsPeriod | Literal["all_time", "last_week", "this_week"]
RefereeSortLike = (
    RefereeSort
    | Literal[
        "ascending_code_binding_time",
        "descending_code_binding_time",
        "ascending_referral_rebate",
        "descending_referral_rebate",
        "ascending_volume",
        "descending_volume",
    ]
)
StageStatusLike = StageStatus | Literal["pending", "active", "completed"]
StatisticsRangeLike = StatisticsRange | Literal["1d", "7d", "30d", "all_time"]
SummaryAggregateLike = SummaryAggregate | Literal["date", "account_id"]
VaultChartRangeLike = VaultChartRange | Literal["24h", "7d", "30d", "all_time"]
VaultChartTypeLike = VaultChartType | Literal["PNL", "TVL"]
VaultStatusLike = VaultStatus | Literal["live", "pre_launch", "closing", "closed"]
VaultTransactionTypeLike = VaultTransactionType | Literal["deposit", "withdrawal"]
