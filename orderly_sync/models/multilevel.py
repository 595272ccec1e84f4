"""The multilevel referral programme, for affiliates and for the builder's admin.

Rates are fractions, amounts USDC. Several fields have an older name on the wire; either is read.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import Model, OpenEnum, model, utc, wire

__all__ = [
    "AdminReferee",
    "Affiliate",
    "AffiliateSort",
    "BindType",
    "ClaimedCode",
    "MaxRebateRate",
    "MultilevelConfig",
    "MultilevelReferee",
    "MultilevelStatistics",
    "MultilevelSummary",
    "RebateBasisMode",
    "RebateInfo",
    "StatisticsRange",
    "SummaryAggregate",
    "TotalRebate",
    "VolumePrerequisite",
]


class BindType(OpenEnum):
    """By which programme a referee is bound."""

    MULTI_LEVEL = "multi_level"
    LEGACY = "legacy"


class RebateBasisMode(OpenEnum):
    """What rebates are a share of."""

    BUILDER_REVENUE = "BUILDER_REVENUE"
    EFFECTIVE_TRADE_FEE_WITH_FALLBACK = "EFFECTIVE_TRADE_FEE_WITH_FALLBACK"


class StatisticsRange(OpenEnum):
    """How far statistics reach back."""

    D1 = "1d"
    D7 = "7d"
    D30 = "30d"
    ALL_TIME = "all_time"


class AffiliateSort(OpenEnum):
    """What affiliates are sorted by."""

    TOTAL_INVITES = "total_invites"
    TOTAL_TRADED = "total_traded"
    REFEREE_VOLUME = "referee_volume"
    BONUS_MAX_REBATE_RATE = "bonus_max_rebate_rate"


class SummaryAggregate(OpenEnum):
    """What a summary is summed by."""

    DATE = "date"
    ACCOUNT_ID = "account_id"


@model
class MaxRebateRate(Model):
    """The most that this account can give and keep."""

    bonus_max_rebate_rate: Decimal | None = wire("bonus_max_rebate_rate", "max_rebate_rate")
    base_rebate_rate: Decimal | None = wire("base_rebate_rate", "direct_bonus_rebate_rate")


@model
class ClaimedCode(Model):
    """The code just claimed."""

    referral_code: str | None = None
    default_bonus_referee_rebate_rate: Decimal | None = wire(
        "default_bonus_referee_rebate_rate", "default_referee_rebate_rate"
    )


@model
class RebateInfo(Model):
    """This account's code, its rates and what it has earned."""

    referral_code: str | None = None
    bonus_max_rebate_rate: Decimal | None = wire("bonus_max_rebate_rate", "max_rebate_rate")
    base_rebate_rate: Decimal | None = wire("base_rebate_rate", "direct_bonus_rebate_rate")
    default_bonus_referee_rebate_rate: Decimal | None = wire(
        "default_bonus_referee_rebate_rate", "default_referee_rebate_rate"
    )
    direct_invites: int | None = None
    indirect_invites: int | None = None
    direct_volume: Decimal | None = None
    indirect_volume: Decimal | None = None
    direct_rebate: Decimal | None = None
    base_rebate: Decimal | None = wire("base_rebate", "direct_bonus_rebate")
    indirect_rebate: Decimal | None = None


@model
class MultilevelStatistics(Model):
    """What this account's referees did, and theirs, within a range."""

    direct_invites: int | None = None
    indirect_invites: int | None = None
    direct_traded: int | None = None
    indirect_traded: int | None = None
    direct_volume: Decimal | None = None
    indirect_volume: Decimal | None = None
    direct_rebate: Decimal | None = None
    base_rebate: Decimal | None = wire("base_rebate", "direct_bonus_rebate")
    indirect_rebate: Decimal | None = None


@model
class MultilevelReferee(Model):
    """One direct referee; times in ms."""

    address: str | None = None
    account_id: str | None = None
    code_binding_time: int | None = None
    bind_type: BindType | None = None
    bind_code: str | None = None
    bonus_referrer_rebate_rate: Decimal | None = wire("bonus_referrer_rebate_rate", "referral_rebate_rate")
    bonus_referee_rebate_rate: Decimal | None = wire("bonus_referee_rebate_rate", "referee_rebate_rate")
    is_default_rate: bool | None = None
    """Whether its split follows the referrer's default."""
    direct_invites: int | None = None
    indirect_invites: int | None = None
    direct_volume: Decimal | None = None
    indirect_volume: Decimal | None = None
    direct_rebate: Decimal | None = None
    indirect_rebate: Decimal | None = None
    base_rebate: Decimal | None = wire("base_rebate", "direct_bonus_rebate")

    @property
    def time(self) -> datetime | None:
        """When it bound the code, UTC."""
        return utc(self.code_binding_time)


@model
class VolumePrerequisite(Model):
    """The volume that opens the programme, and how much of it is done; USDC."""

    required_volume: Decimal | None = None
    current_volume: Decimal | None = None


@model
class MultilevelConfig(Model):
    """How a builder runs the programme."""

    enable: bool | None = None
    required_volume: Decimal | None = None
    bonus_max_rebate_rate: Decimal | None = wire("bonus_max_rebate_rate", "max_rebate_rate")
    base_rebate_rate: Decimal | None = wire("base_rebate_rate", "direct_bonus_rebate_rate")
    rebate_basis_mode: RebateBasisMode | None = None


@model
class TotalRebate(Model):
    """The rebate that a configuration adds up to."""

    total_rebate: Decimal | None = None


@model
class Affiliate(Model):
    """One affiliate with a code, as the builder sees it."""

    account_id: str | None = None
    user_address: str | None = None
    referral_code: str | None = None
    referrer_account_id: str | None = None
    referrer_address: str | None = None
    bound_code: str | None = None
    level: int | None = None
    bonus_max_rebate_rate: Decimal | None = wire("bonus_max_rebate_rate", "max_rebate_rate")
    default_bonus_referee_rebate_rate: Decimal | None = wire(
        "default_bonus_referee_rebate_rate", "default_referee_rebate_rate"
    )
    base_rebate_rate: Decimal | None = wire("base_rebate_rate", "direct_bonus_rebate_rate")
    total_direct_invites: int | None = None
    total_indirect_invites: int | None = None
    total_direct_traded: int | None = None
    total_indirect_traded: int | None = None
    total_direct_volume: Decimal | None = None
    total_indirect_volume: Decimal | None = None
    broker_fee: Decimal | None = None
    total_direct_rebate: Decimal | None = None
    total_indirect_rebate: Decimal | None = None
    total_base_rebate: Decimal | None = wire("total_base_rebate", "total_direct_bonus_rebate")


@model
class AdminReferee(MultilevelReferee):
    """One referee and its referrer, as the builder sees them."""

    referrer_address: str | None = None
    referrer_account_id: str | None = None


@model
class MultilevelSummary(Model):
    """The programme summed by day or by account."""

    account_id: str | None = None
    user_address: str | None = None
    total_direct_invites: int | None = None
    total_indirect_invites: int | None = None
    total_invites: int | None = None
    total_direct_traded: int | None = None
    total_indirect_traded: int | None = None
    total_direct_volume: Decimal | None = None
    total_indirect_volume: Decimal | None = None
    total_volume: Decimal | None = None
    broker_fee: Decimal | None = None
    total_direct_rebate: Decimal | None = None
    total_indirect_rebate: Decimal | None = None
    total_base_rebate: Decimal | None = wire("total_base_rebate", "total_direct_bonus_rebate")
    date: str | None = None
