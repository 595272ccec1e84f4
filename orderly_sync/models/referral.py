"""Referral codes, referrers, referees and what they earn.

Rates are fractions, amounts USDC, days ``YYYY-MM-DD`` in UTC. Several fields have an older name on the wire
(``max_rebate_rate`` for ``bonus_max_rebate_rate`` and the like); either is read.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import Model, OpenEnum, model, utc, wire

__all__ = [
    "AutoReferral",
    "AutoReferralProgress",
    "BoundCode",
    "CodeExists",
    "Distribution",
    "DistributionStatus",
    "DistributionType",
    "RebateDay",
    "Referee",
    "RefereeDay",
    "RefereeInfo",
    "RefereeRebateDay",
    "RefereeSort",
    "RefereeTradeStatus",
    "ReferralCode",
    "ReferralInfo",
    "ReferralRebate",
    "Referrer",
    "ReferrerInfo",
]


class RefereeSort(OpenEnum):
    """How referees are sorted."""

    ASCENDING_CODE_BINDING_TIME = "ascending_code_binding_time"
    DESCENDING_CODE_BINDING_TIME = "descending_code_binding_time"
    ASCENDING_REFERRAL_REBATE = "ascending_referral_rebate"
    DESCENDING_REFERRAL_REBATE = "descending_referral_rebate"
    ASCENDING_VOLUME = "ascending_volume"
    DESCENDING_VOLUME = "descending_volume"


class RefereeTradeStatus(OpenEnum):
    """Whether a referee has traded since it bound the code."""

    REGISTERED = "Registered"
    TRADED = "Traded"


class DistributionStatus(OpenEnum):
    """Where a distribution stands."""

    CREATED = "CREATED"
    SPLIT = "SPLIT"
    COMPLETED = "COMPLETED"


class DistributionType(OpenEnum):
    """What is paid out. Filters say REFERRER_REBATE where rows say REFERRAL_REBATE."""

    BROKER_FEE = "BROKER_FEE"
    REFEREE_REBATE = "REFEREE_REBATE"
    REFERRER_REBATE = "REFERRER_REBATE"
    REFERRAL_REBATE = "REFERRAL_REBATE"


@model
class ReferralCode(Model):
    """One referral code."""

    code: str
    bonus_max_rebate_rate: Decimal | None = wire("bonus_max_rebate_rate", "max_rebate_rate")
    bonus_referrer_rebate_rate: Decimal | None = wire("bonus_referrer_rebate_rate", "referrer_rebate_rate")
    bonus_referee_rebate_rate: Decimal | None = wire("bonus_referee_rebate_rate", "referee_rebate_rate")
    total_referrer_rebate: Decimal | None = None
    total_referee_rebate: Decimal | None = None
    total_invites: int | None = None
    total_traded: int | None = None


@model
class Referrer(Model):
    """One referrer, as the builder sees it."""

    account_id: str | None = None
    user_address: str | None = None
    number_of_codes: int | None = None
    total_invites: Decimal | None = None
    total_traded: Decimal | None = None
    referee_volume: Decimal | None = None
    referee_fee: Decimal | None = None
    orderly_fee: Decimal | None = None
    referral_codes: tuple[ReferralCode, ...] = ()


@model
class BoundCode(Model):
    """The code an account is bound to."""

    referral_code: str | None = None


@model
class CodeExists(Model):
    """Whether a code exists."""

    exist: bool | None = None


@model
class ReferrerInfo(Model):
    """This account as a referrer, over the last 1, 7 and 30 days and in total."""

    invites_1d: int | None = wire("1d_invites")
    invites_7d: int | None = wire("7d_invites")
    invites_30d: int | None = wire("30d_invites")
    total_invites: int | None = None
    traded_1d: int | None = wire("1d_traded")
    traded_7d: int | None = wire("7d_traded")
    traded_30d: int | None = wire("30d_traded")
    total_traded: int | None = None
    referee_volume_1d: Decimal | None = wire("1d_referee_volume")
    referee_volume_7d: Decimal | None = wire("7d_referee_volume")
    referee_volume_30d: Decimal | None = wire("30d_referee_volume")
    total_referee_volume: Decimal | None = None
    referrer_rebate_1d: Decimal | None = wire("1d_referrer_rebate")
    referrer_rebate_7d: Decimal | None = wire("7d_referrer_rebate")
    referrer_rebate_30d: Decimal | None = wire("30d_referrer_rebate")
    total_referrer_rebate: Decimal | None = None
    referral_codes: tuple[ReferralCode, ...] = ()


@model
class RefereeInfo(Model):
    """This account as a referee, over the last 1, 7 and 30 days and in total."""

    referer_code: str | None = None
    """The code it is bound to; the wire spells it so."""
    bonus_referee_rebate_rate: Decimal | None = wire("bonus_referee_rebate_rate", "referee_rebate_rate")
    referee_rebate_1d: Decimal | None = wire("1d_referee_rebate")
    referee_rebate_7d: Decimal | None = wire("7d_referee_rebate")
    referee_rebate_30d: Decimal | None = wire("30d_referee_rebate")
    total_referee_rebate: Decimal | None = None


@model
class ReferralInfo(Model):
    """This account on both sides of referral."""

    referrer_info: ReferrerInfo | None = None
    referee_info: RefereeInfo | None = None


@model
class ReferralRebate(Model):
    """What one referee brought on one day."""

    account_id: str | None = None
    """The referee's."""
    user_address: str | None = None
    referral_code: str | None = None
    volume: Decimal | None = None
    referral_rebate: Decimal | None = None
    base_rebate: Decimal | None = wire("base_rebate", "direct_bonus_rebate")
    date: str | None = None


@model
class RebateDay(Model):
    """What all referees brought on one day."""

    date: str
    traded_referral: int | None = None
    """How many of them traded."""
    referral_rebate: Decimal | None = None
    base_rebate: Decimal | None = wire("base_rebate", "direct_bonus_rebate")
    volume: Decimal | None = None


@model
class RefereeDay(Model):
    """One day of this account as a referee."""

    date: str
    volume: Decimal | None = None
    referee_rebate: Decimal | None = None


@model
class Referee(Model):
    """One referee; times in ms."""

    account_id: str | None = None
    user_address: str | None = None
    register_time: int | None = None
    code_binding_time: int | None = None
    referral_code: str | None = None
    volume: Decimal | None = None
    referral_rebate: Decimal | None = None
    trade_status: RefereeTradeStatus | None = None

    @property
    def time(self) -> datetime | None:
        """When it bound the code, UTC."""
        return utc(self.code_binding_time)


@model
class RefereeRebateDay(Model):
    """The rebate of one day as a referee."""

    date: str
    referee_rebate: Decimal | None = None


@model
class AutoReferral(Model):
    """What a user needs for a code of its own, and what that code gives."""

    required_trading_volume: Decimal | None = None
    max_rebate: Decimal | None = None
    referrer_rebate: Decimal | None = None
    referee_rebate: Decimal | None = None
    description: str | None = None
    """Shown to all who receive a code."""
    enable: bool | None = None


@model
class AutoReferralProgress(Model):
    """How far this account is from a code of its own; volumes in USDC."""

    required_volume: Decimal | None = None
    completed_volume: Decimal | None = None
    auto_referral_code: str | None = None


@model
class Distribution(Model):
    """One payment of fees or rebates; times in ms."""

    id: int
    token: str | None = None
    type: DistributionType | None = None
    amount: Decimal | None = None
    status: DistributionStatus | None = None
    created_time: int | None = None
    updated_time: int | None = None

    @property
    def time(self) -> datetime | None:
        """When it was created, UTC."""
        return utc(self.created_time)
