"""The multilevel referral programme, for affiliates and for the builder's admin.

Rates are fractions, amounts USDC. Several fields have an older name on the wire; either is read.

Of most fields the venue's pages show a name and an example; what is said beyond that is what the paper venue computes.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import Model, model, utc, wire
from orderly_sync.models.enums import OpenEnum

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
    """By which programme a referee is bound.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-referee-list
    """

    MULTI_LEVEL = "multi_level"
    """By a code of this programme, which an affiliate claims itself."""
    LEGACY = "legacy"
    """By a code with rates of its own, which the builder's admin made (``ex.rest.referral``)."""


class RebateBasisMode(OpenEnum):
    """What rebates are a share of, for one builder.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-multilevel-referral-config
    """

    BUILDER_REVENUE = "BUILDER_REVENUE"
    """Always of what the builder earns by the trade: the fee less the venue's own part."""
    EFFECTIVE_TRADE_FEE_WITH_FALLBACK = "EFFECTIVE_TRADE_FEE_WITH_FALLBACK"
    """Of the standard gross fee, without tag fees and other fees on top; of the builder's revenue for a trade
    whose rebates would exceed that revenue."""


class StatisticsRange(OpenEnum):
    """How far statistics reach back from now.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-multilevel-statistics
    """

    D1 = "1d"
    """One day."""
    D7 = "7d"
    """Seven days."""
    D30 = "30d"
    """Thirty days."""
    ALL_TIME = "all_time"
    """Since the account's first referee."""


class AffiliateSort(OpenEnum):
    """What affiliates are sorted by, the highest first.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-multilevel-info
    """

    TOTAL_INVITES = "total_invites"
    """By referees, direct and indirect, whether they trade or not."""
    TOTAL_TRADED = "total_traded"
    """By referees, direct and indirect, who have traded."""
    REFEREE_VOLUME = "referee_volume"
    """By what referees, direct and indirect, have traded, USDC."""
    BONUS_MAX_REBATE_RATE = "bonus_max_rebate_rate"
    """By the most the affiliate can give and keep."""


class SummaryAggregate(OpenEnum):
    """What one row of a summary stands for.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-multilevel-summary-info
    """

    DATE = "date"
    """One day with all referrers together."""
    ACCOUNT_ID = "account_id"
    """One referrer over the whole window."""


@model
class MaxRebateRate(Model):
    """The most that this account can give and keep.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-max-rebate-rate
    """

    bonus_max_rebate_rate: Decimal | None = wire("bonus_max_rebate_rate", "max_rebate_rate")
    """Fraction of the rebate basis (0.3 = 30 %) that this account shares between itself and its referees."""
    base_rebate_rate: Decimal | None = wire("base_rebate_rate", "direct_bonus_rebate_rate")
    """Fraction of the rebate basis paid to a direct referrer besides the shared part."""


@model
class ClaimedCode(Model):
    """The code just claimed.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/claim-referral-code
    """

    referral_code: str | None = None
    """The code, as referees enter it."""
    default_bonus_referee_rebate_rate: Decimal | None = wire(
        "default_bonus_referee_rebate_rate", "default_referee_rebate_rate"
    )
    """Fraction of the rebate basis that referees get back unless they are given a rate of their own."""


@model
class RebateInfo(Model):
    """This account's code, its rates and what it has earned since the beginning.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-rebate-info
    """

    referral_code: str | None = None
    """The account's code; None before it has claimed one."""
    bonus_max_rebate_rate: Decimal | None = wire("bonus_max_rebate_rate", "max_rebate_rate")
    """Fraction of the rebate basis (0.3 = 30 %) that this account shares between itself and its referees."""
    base_rebate_rate: Decimal | None = wire("base_rebate_rate", "direct_bonus_rebate_rate")
    """Fraction of the rebate basis paid to a direct referrer besides the shared part."""
    default_bonus_referee_rebate_rate: Decimal | None = wire(
        "default_bonus_referee_rebate_rate", "default_referee_rebate_rate"
    )
    """Fraction of the rebate basis that referees get back unless they are given a rate of their own."""
    direct_invites: int | None = None
    """How many accounts have bound this account's code, whether they trade or not."""
    indirect_invites: int | None = None
    """How many accounts have bound a code of its referees, or further down."""
    direct_volume: Decimal | None = None
    """What direct referees have traded since they were bound, USDC."""
    indirect_volume: Decimal | None = None
    """What indirect referees have traded since they were bound, USDC."""
    direct_rebate: Decimal | None = None
    """What the account has earned by direct referees, USDC; never negative, without ``base_rebate``."""
    base_rebate: Decimal | None = wire("base_rebate", "direct_bonus_rebate")
    """What it has earned at ``base_rebate_rate`` by direct referees, USDC; never negative."""
    indirect_rebate: Decimal | None = None
    """What it has earned by indirect referees, USDC; never negative."""


@model
class MultilevelStatistics(Model):
    """What this account's referees did, and theirs, within the range that was asked for.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-multilevel-statistics
    """

    direct_invites: int | None = None
    """How many accounts bound this account's code within the range."""
    indirect_invites: int | None = None
    """How many accounts bound a code of its referees, or further down, within the range."""
    direct_traded: int | None = None
    """How many direct referees traded within the range."""
    indirect_traded: int | None = None
    """How many indirect referees traded within the range."""
    direct_volume: Decimal | None = None
    """What direct referees traded, USDC."""
    indirect_volume: Decimal | None = None
    """What indirect referees traded, USDC."""
    direct_rebate: Decimal | None = None
    """What the account earned by direct referees, USDC; never negative, without ``base_rebate``."""
    base_rebate: Decimal | None = wire("base_rebate", "direct_bonus_rebate")
    """What it earned at the base rate by direct referees, USDC; never negative."""
    indirect_rebate: Decimal | None = None
    """What it earned by indirect referees, USDC; never negative."""


@model
class MultilevelReferee(Model):
    """One direct referee and what it has brought its referrer since it was bound; those of the older programme too.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-referee-list
    """

    address: str | None = None
    """The referee's wallet."""
    account_id: str | None = None
    """The referee's account."""
    code_binding_time: int | None = None
    """When it bound the code, ms."""
    bind_type: BindType | None = None
    """The programme whose code it bound."""
    bind_code: str | None = None
    """The code it bound."""
    bonus_referrer_rebate_rate: Decimal | None = wire("bonus_referrer_rebate_rate", "referral_rebate_rate")
    """Fraction of the rebate basis that the referrer keeps of this referee's trades."""
    bonus_referee_rebate_rate: Decimal | None = wire("bonus_referee_rebate_rate", "referee_rebate_rate")
    """Fraction of the rebate basis that the referee gets back."""
    is_default_rate: bool | None = None
    """Whether its split follows the referrer's default; False where it has a rate of its own."""
    direct_invites: int | None = None
    """How many accounts this referee has referred itself."""
    indirect_invites: int | None = None
    """How many accounts stand below those."""
    direct_volume: Decimal | None = None
    """Not explained by the venue; the paper venue gives what the referee itself has traded, USDC."""
    indirect_volume: Decimal | None = None
    """Not explained by the venue; the paper venue gives what everybody below it has traded, USDC."""
    direct_rebate: Decimal | None = None
    """What its own trades have brought the referrer, USDC; never negative, without ``base_rebate``."""
    indirect_rebate: Decimal | None = None
    """What the trades of those below it have brought the referrer, USDC; never negative."""
    base_rebate: Decimal | None = wire("base_rebate", "direct_bonus_rebate")
    """What its trades have brought the referrer at the base rate, USDC; never negative."""

    @property
    def time(self) -> datetime | None:
        """When it bound the code, UTC."""
        return utc(self.code_binding_time)


@model
class VolumePrerequisite(Model):
    """The volume that opens the programme to this account, and how much of it is done.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-volume-prerequisite
    """

    required_volume: Decimal | None = None
    """What an account must have traded before it can claim a code, USDC; 0 asks for nothing."""
    current_volume: Decimal | None = None
    """What this account has traded so far, USDC."""


@model
class MultilevelConfig(Model):
    """How a builder runs the programme.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-multilevel-referral-config
    """

    enable: bool | None = None
    """Whether accounts can claim codes."""
    required_volume: Decimal | None = None
    """What an account must have traded before it can claim a code, USDC."""
    bonus_max_rebate_rate: Decimal | None = wire("bonus_max_rebate_rate", "max_rebate_rate")
    """Fraction of the rebate basis (0.4 = 40 %) that an affiliate of the first level can share, unless it is given
    a rate of its own."""
    base_rebate_rate: Decimal | None = wire("base_rebate_rate", "direct_bonus_rebate_rate")
    """Fraction of the rebate basis paid to a direct referrer besides the shared part."""
    rebate_basis_mode: RebateBasisMode | None = None
    """What the rates are a share of."""


@model
class TotalRebate(Model):
    """What the venue answers to a new configuration.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/enable-or-configure-multilevel-referral
    """

    total_rebate: Decimal | None = None
    """Sent as text. Not explained by the venue; the paper venue gives what the builder's users have earned so far,
    USDC."""


@model
class Affiliate(Model):
    """One affiliate as the builder sees it; accounts without a code have no row. Figures count from the beginning.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-multilevel-info
    """

    account_id: str | None = None
    """The affiliate's account."""
    user_address: str | None = None
    """Its wallet."""
    referral_code: str | None = None
    """The code it has claimed."""
    referrer_account_id: str | None = None
    """The account that referred it; None for an affiliate whom nobody referred."""
    referrer_address: str | None = None
    """That account's wallet; None for an affiliate whom nobody referred."""
    bound_code: str | None = None
    """The code it has bound itself; None for an affiliate whom nobody referred."""
    level: int | None = None
    """1 for an affiliate whom nobody referred, one more for each referrer above it."""
    bonus_max_rebate_rate: Decimal | None = wire("bonus_max_rebate_rate", "max_rebate_rate")
    """Fraction of the rebate basis that it shares between itself and its referees."""
    default_bonus_referee_rebate_rate: Decimal | None = wire(
        "default_bonus_referee_rebate_rate", "default_referee_rebate_rate"
    )
    """Fraction of the rebate basis that its referees get back unless they are given a rate of their own."""
    base_rebate_rate: Decimal | None = wire("base_rebate_rate", "direct_bonus_rebate_rate")
    """Fraction of the rebate basis paid to a direct referrer besides the shared part."""
    total_direct_invites: int | None = None
    """How many accounts have bound its code."""
    total_indirect_invites: int | None = None
    """How many accounts stand below those."""
    total_direct_traded: int | None = None
    """How many of its direct referees have traded."""
    total_indirect_traded: int | None = None
    """How many of its indirect referees have traded."""
    total_direct_volume: Decimal | None = None
    """What its direct referees have traded, USDC."""
    total_indirect_volume: Decimal | None = None
    """What its indirect referees have traded, USDC."""
    broker_fee: Decimal | None = None
    """What the builder earned by all its referees before rebates, USDC: not explained by the venue, computed so by
    the paper venue."""
    total_direct_rebate: Decimal | None = None
    """What it has earned by direct referees, USDC; never negative, without ``total_base_rebate``."""
    total_indirect_rebate: Decimal | None = None
    """What it has earned by indirect referees, USDC; never negative."""
    total_base_rebate: Decimal | None = wire("total_base_rebate", "total_direct_bonus_rebate")
    """What it has earned at the base rate by direct referees, USDC; never negative."""


@model
class AdminReferee(MultilevelReferee):
    """One referee and its referrer, as the builder sees them.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-admin-referee-list
    """

    referrer_address: str | None = None
    """The referrer's wallet."""
    referrer_account_id: str | None = None
    """The referrer's account."""


@model
class MultilevelSummary(Model):
    """The programme within the days that were asked for, one row a day or one row a referrer.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-multilevel-summary-info
    """

    account_id: str | None = None
    """The referrer; empty or None in rows by day."""
    user_address: str | None = None
    """The referrer's wallet; empty or None in rows by day."""
    total_direct_invites: int | None = None
    """How many accounts bound a code."""
    total_indirect_invites: int | None = None
    """How many bound a code below those."""
    total_invites: int | None = None
    """Both together."""
    total_direct_traded: int | None = None
    """How many direct referees traded."""
    total_indirect_traded: int | None = None
    """How many indirect referees traded."""
    total_direct_volume: Decimal | None = None
    """What direct referees traded, USDC."""
    total_indirect_volume: Decimal | None = None
    """What indirect referees traded, USDC."""
    total_volume: Decimal | None = None
    """Both together, USDC."""
    broker_fee: Decimal | None = None
    """What the builder earned by these referees before rebates, USDC: not explained by the venue, computed so by
    the paper venue."""
    total_direct_rebate: Decimal | None = None
    """What referrers earned by direct referees, USDC; never negative, without ``total_base_rebate``."""
    total_indirect_rebate: Decimal | None = None
    """What they earned by indirect referees, USDC; never negative."""
    total_base_rebate: Decimal | None = wire("total_base_rebate", "total_direct_bonus_rebate")
    """What they earned at the base rate by direct referees, USDC; never negative."""
    date: str | None = None
    """The day as ``YYYY-MM-DD``, UTC; empty or None in rows by account."""
