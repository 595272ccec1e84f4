"""Referral codes, referrers, referees and what they earn.

Rates are fractions, amounts USDC, days ``YYYY-MM-DD`` in UTC. Several fields have an older name on the wire
(``max_rebate_rate`` for ``bonus_max_rebate_rate`` and the like); either is read.

Of most fields the venue's pages show a name and an example; what is said beyond that is what the paper venue computes.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import Model, model, utc, wire
from orderly_sync.models.enums import OpenEnum

__all__ = [
    "AutoReferral",
    "AutoReferralProgress",
    "BoundCode",
    "CodeExists",
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
    """How referees are sorted: by when they bound the code, by the rebate they brought, by what they traded.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-referee-info
    """

    ASCENDING_CODE_BINDING_TIME = "ascending_code_binding_time"
    DESCENDING_CODE_BINDING_TIME = "descending_code_binding_time"
    ASCENDING_REFERRAL_REBATE = "ascending_referral_rebate"
    DESCENDING_REFERRAL_REBATE = "descending_referral_rebate"
    ASCENDING_VOLUME = "ascending_volume"
    DESCENDING_VOLUME = "descending_volume"


class RefereeTradeStatus(OpenEnum):
    """Whether a referee has traded since it bound the code.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-referee-info
    """

    REGISTERED = "Registered"
    """Bound, and nothing traded yet."""
    TRADED = "Traded"
    """Bound, with a volume above 0."""


@model
class ReferralCode(Model):
    """One referral code and the split of its rate. ``total_*`` are None in the list that does not hold them.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-referral-info
    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-referral-code-info
    """

    code: str
    """The code, as referees enter it."""
    bonus_max_rebate_rate: Decimal | None = wire("bonus_max_rebate_rate", "max_rebate_rate")
    """Fraction of the rebate basis (0.4 = 40 %) that referrer and referee share; the two below add up to at most
    that."""
    bonus_referrer_rebate_rate: Decimal | None = wire("bonus_referrer_rebate_rate", "referrer_rebate_rate")
    """Fraction of the rebate basis that the referrer gets."""
    bonus_referee_rebate_rate: Decimal | None = wire("bonus_referee_rebate_rate", "referee_rebate_rate")
    """Fraction of the rebate basis that the referee gets back."""
    total_referrer_rebate: Decimal | None = None
    """What the code has earned its owner, USDC; only as the builder sees it."""
    total_referee_rebate: Decimal | None = None
    """What the code has brought its referees, USDC; only as the builder sees it."""
    total_invites: int | None = None
    """How many accounts have bound it; only as its owner sees it."""
    total_traded: int | None = None
    """How many of them have traded; only as its owner sees it."""


@model
class Referrer(Model):
    """One referrer, as the builder sees it; figures since the beginning.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-referral-code-info
    """

    account_id: str | None = None
    """The referrer's account."""
    user_address: str | None = None
    """Its wallet."""
    number_of_codes: int | None = None
    """How many codes it owns."""
    total_invites: Decimal | None = None
    """How many accounts have bound one of them; a number of accounts, though the page shows a fraction."""
    total_traded: Decimal | None = None
    """How many of those have traded; a number of accounts, though the page shows a fraction."""
    referee_volume: Decimal | None = None
    """What its referees have traded, USDC."""
    referee_fee: Decimal | None = None
    """What they have paid in fees, USDC, positive."""
    orderly_fee: Decimal | None = None
    """The venue's own part of those fees, USDC, positive."""
    referral_codes: tuple[ReferralCode, ...] = ()
    """Its codes; empty if there is none."""


@model
class BoundCode(Model):
    """The code an account is bound to.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/check-referral-code
    """

    referral_code: str | None = None
    """None for an account that is bound to none."""


@model
class CodeExists(Model):
    """Whether a code exists.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/verify-referral-code
    """

    exist: bool | None = None
    """Sent as the text ``true`` or ``false``."""


@model
class ReferrerInfo(Model):
    """This account as a referrer, over the last 1, 7 and 30 days and in total.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-referral-info
    """

    invites_1d: int | None = wire("1d_invites")
    """How many accounts bound its codes within the last day."""
    invites_7d: int | None = wire("7d_invites")
    """The same within the last 7 days."""
    invites_30d: int | None = wire("30d_invites")
    """The same within the last 30 days."""
    total_invites: int | None = None
    """The same since the beginning."""
    traded_1d: int | None = wire("1d_traded")
    """How many of its referees traded within the last day."""
    traded_7d: int | None = wire("7d_traded")
    """The same within the last 7 days."""
    traded_30d: int | None = wire("30d_traded")
    """The same within the last 30 days."""
    total_traded: int | None = None
    """The same since the beginning."""
    referee_volume_1d: Decimal | None = wire("1d_referee_volume")
    """What its referees traded within the last day, USDC."""
    referee_volume_7d: Decimal | None = wire("7d_referee_volume")
    """The same within the last 7 days, USDC."""
    referee_volume_30d: Decimal | None = wire("30d_referee_volume")
    """The same within the last 30 days, USDC."""
    total_referee_volume: Decimal | None = None
    """The same since they were bound, USDC."""
    referrer_rebate_1d: Decimal | None = wire("1d_referrer_rebate")
    """What the account earned by its referees within the last day, USDC; never negative."""
    referrer_rebate_7d: Decimal | None = wire("7d_referrer_rebate")
    """The same within the last 7 days, USDC."""
    referrer_rebate_30d: Decimal | None = wire("30d_referrer_rebate")
    """The same within the last 30 days, USDC."""
    total_referrer_rebate: Decimal | None = None
    """The same since the beginning, USDC."""
    referral_codes: tuple[ReferralCode, ...] = ()
    """Its codes; empty if there is none."""


@model
class RefereeInfo(Model):
    """This account as a referee, over the last 1, 7 and 30 days and in total.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-referral-info
    """

    referer_code: str | None = None
    """The code it is bound to, None if to none; the wire spells it so."""
    bonus_referee_rebate_rate: Decimal | None = wire("bonus_referee_rebate_rate", "referee_rebate_rate")
    """Fraction of the rebate basis that the account gets back; 0 or None while it is bound to no code."""
    referee_rebate_1d: Decimal | None = wire("1d_referee_rebate")
    """What it got back within the last day, USDC; never negative."""
    referee_rebate_7d: Decimal | None = wire("7d_referee_rebate")
    """The same within the last 7 days, USDC."""
    referee_rebate_30d: Decimal | None = wire("30d_referee_rebate")
    """The same within the last 30 days, USDC."""
    total_referee_rebate: Decimal | None = None
    """The same since it was bound, USDC."""


@model
class ReferralInfo(Model):
    """This account on both sides of referral.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-referral-info
    """

    referrer_info: ReferrerInfo | None = None
    """What it earns by others; None where the venue leaves it out."""
    referee_info: RefereeInfo | None = None
    """What it gets back itself; None where the venue leaves it out."""


@model
class ReferralRebate(Model):
    """What one referee brought on one day.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-referral-history
    """

    account_id: str | None = None
    """The referee's account."""
    user_address: str | None = None
    """The referee's wallet."""
    referral_code: str | None = None
    """The code it is bound to."""
    volume: Decimal | None = None
    """What it traded on that day, USDC."""
    referral_rebate: Decimal | None = None
    """What its fees earned its referrer, USDC; never negative."""
    base_rebate: Decimal | None = wire("base_rebate", "direct_bonus_rebate")
    """What they earned the direct referrer at the base rate, USDC; None or 0 outside the multilevel programme."""
    date: str | None = None
    """The day as ``YYYY-MM-DD``, UTC."""


@model
class RebateDay(Model):
    """What all referees brought on one day.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-referral-rebate-summary
    """

    date: str
    """The day as ``YYYY-MM-DD``, UTC."""
    traded_referral: int | None = None
    """How many referees traded on it."""
    referral_rebate: Decimal | None = None
    """What they earned this account, USDC; never negative."""
    base_rebate: Decimal | None = wire("base_rebate", "direct_bonus_rebate")
    """What they earned it at the base rate, USDC; None or 0 outside the multilevel programme."""
    volume: Decimal | None = None
    """What they traded, USDC."""


@model
class RefereeDay(Model):
    """One day of this account as a referee.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-referee-history
    """

    date: str
    """The day as ``YYYY-MM-DD``, UTC."""
    volume: Decimal | None = None
    """What the account traded on it, USDC."""
    referee_rebate: Decimal | None = None
    """What it got back, USDC; never negative."""


@model
class Referee(Model):
    """One referee of this account, with its figures since it was bound.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-referee-info
    """

    account_id: str | None = None
    """The referee's account."""
    user_address: str | None = None
    """The referee's wallet."""
    register_time: int | None = None
    """When the referee registered with the venue, ms."""
    code_binding_time: int | None = None
    """When it bound the code, ms."""
    referral_code: str | None = None
    """The code it is bound to."""
    volume: Decimal | None = None
    """What it has traded, USDC."""
    referral_rebate: Decimal | None = None
    """What its fees have earned this account, USDC; never negative."""
    trade_status: RefereeTradeStatus | None = None
    """Whether it has traded yet."""

    @property
    def time(self) -> datetime | None:
        """When it bound the code, UTC."""
        return utc(self.code_binding_time)


@model
class RefereeRebateDay(Model):
    """The rebate of one day as a referee.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-referee-rebate-summary
    """

    date: str
    """The day as ``YYYY-MM-DD``, UTC."""
    referee_rebate: Decimal | None = None
    """What the account got back of its fees, USDC; never negative."""


@model
class AutoReferral(Model):
    """What a user needs for a code of its own, and what that code gives.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/builder-admin-get-auto-referral-info
    """

    required_trading_volume: Decimal | None = None
    """What a user must have traded, USDC."""
    max_rebate: Decimal | None = None
    """Fraction of the rebate basis (0.5 = 50 %) that such a code shares."""
    referrer_rebate: Decimal | None = None
    """Fraction of the rebate basis that its owner gets."""
    referee_rebate: Decimal | None = None
    """Fraction of the rebate basis that its referees get back."""
    description: str | None = None
    """Shown to all who receive a code; empty or None shows nothing."""
    enable: bool | None = None
    """Whether such codes are given out."""


@model
class AutoReferralProgress(Model):
    """How far this account is from a code of its own.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-auto-referral-progress
    """

    required_volume: Decimal | None = None
    """What it must have traded, USDC."""
    completed_volume: Decimal | None = None
    """What it has traded, USDC."""
    auto_referral_code: str | None = None
    """The code it was given; None or empty until it has traded enough."""
