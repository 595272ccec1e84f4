"""Builder API / Referral Program. The calls of its multilevel part stand in ``referral_multilevel``."""

from __future__ import annotations

from orderly_sync.models.base import Acknowledged, Page, Rows
from orderly_sync.models.distribution import Distribution, DistributionStatus, DistributionType
from orderly_sync.models.referral import (
    AutoReferral,
    AutoReferralProgress,
    Referee,
    RefereeDay,
    RefereeRebateDay,
    RefereeSort,
    ReferralInfo,
    Referrer,
)
from orderly_sync.rest.arguments import DateLike, days, window
from orderly_sync.rest.group_choices import DistributionStatusLike, DistributionTypeLike, RefereeSortLike
from orderly_sync.rest.groups.referral_multilevel import MultilevelReferral
from orderly_sync.wire.enum_values import one_of
from orderly_sync.wire.json import NULL
from orderly_sync.wire.moments import TimeLike
from orderly_sync.wire.numbers import Number, number

__all__ = ["Referral"]


class Referral(MultilevelReferral):
    """Referral codes and their rebates, for builders, referrers and referees.

    Rates are fractions of the fee, at most 1; amounts USDC; days UTC.

    https://orderly.network/docs/introduction/be-a-broker/affiliate-referral-program
    """

    def create(
        self,
        *,
        account_id: str,
        referral_code: str,
        bonus_max_rebate_rate: Number,
        bonus_referrer_rebate_rate: Number,
        bonus_referee_rebate_rate: Number,
    ) -> Acknowledged:
        """Create a code for a referrer, as the builder's admin.

        ``POST /v1/referral/create``, signed, scope not documented; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/create-referral-code

        Args:
            account_id: The referrer's.
            referral_code: The code.
            bonus_max_rebate_rate: What both sides may have together, at most 1.
            bonus_referrer_rebate_rate: The referrer's part.
            bonus_referee_rebate_rate: The referees' part.
        """
        return self._signed.post(
            "/v1/referral/create",
            Acknowledged,
            account_id=account_id,
            referral_code=referral_code,
            bonus_max_rebate_rate=number(bonus_max_rebate_rate, "bonus_max_rebate_rate"),
            bonus_referrer_rebate_rate=number(bonus_referrer_rebate_rate, "bonus_referrer_rebate_rate"),
            bonus_referee_rebate_rate=number(bonus_referee_rebate_rate, "bonus_referee_rebate_rate"),
        )

    def update(
        self,
        *,
        account_id: str,
        referral_code: str,
        bonus_max_rebate_rate: Number,
        bonus_referrer_rebate_rate: Number,
        bonus_referee_rebate_rate: Number,
    ) -> Acknowledged:
        """Change the rates of a referrer's code, as the builder's admin.

        ``POST /v1/referral/update``, signed, scope not documented; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/update-referral-code
        """
        return self._signed.post(
            "/v1/referral/update",
            Acknowledged,
            account_id=account_id,
            referral_code=referral_code,
            bonus_max_rebate_rate=number(bonus_max_rebate_rate, "bonus_max_rebate_rate"),
            bonus_referrer_rebate_rate=number(bonus_referrer_rebate_rate, "bonus_referrer_rebate_rate"),
            bonus_referee_rebate_rate=number(bonus_referee_rebate_rate, "bonus_referee_rebate_rate"),
        )

    def admin_info(
        self,
        *,
        user_address: str | None = None,
        account_id: str | None = None,
        sort_by: str | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[Referrer]:
        """The builder's referrers and their codes, as its admin.

        ``GET /v1/referral/admin_info``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-referral-code-info

        Args:
            user_address: One wallet only; not with ``account_id``.
            account_id: One account only; not with ``user_address``.
            sort_by: ``total_invites``, ``total_traded`` or ``referee_volume``, largest first.
            page: From 1.
            size: Rows a page.
        """
        return self._signed.get(
            "/v1/referral/admin_info",
            Page[Referrer],
            page=page,
            size=size,
            user_address=user_address,
            account_id=account_id,
            sort_by=sort_by,
        )

    def edit_split(
        self, *, referral_code: str, bonus_referrer_rebate_rate: Number, bonus_referee_rebate_rate: Number
    ) -> Acknowledged:
        """Share a code's rate anew between referrer and referees.

        ``POST /v1/referral/edit_split``, signed, scope not documented; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/edit-referral-code-split
        """
        return self._signed.post(
            "/v1/referral/edit_split",
            Acknowledged,
            referral_code=referral_code,
            bonus_referrer_rebate_rate=number(bonus_referrer_rebate_rate, "bonus_referrer_rebate_rate"),
            bonus_referee_rebate_rate=number(bonus_referee_rebate_rate, "bonus_referee_rebate_rate"),
        )

    def edit_description(self, *, user_address: str, description: str | None) -> Acknowledged:
        """Describe a referrer for the builder's admin; None removes it.

        At most 50 letters, digits, spaces and ``-_@,``.

        ``POST /v1/referral/edit_description``, signed, scope not documented;
        limit not documented, 10 requests a second kept.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/edit-referral-description
        """
        return self._signed.post(
            "/v1/referral/edit_description",
            Acknowledged,
            user_address=user_address,
            description=NULL if description is None else description,
        )

    def update_auto_referral(
        self,
        *,
        required_trading_volume: Number,
        max_rebate: Number,
        referrer_rebate: Number,
        referee_rebate: Number,
        enable: bool,
        description: str | None = None,
    ) -> Acknowledged:
        """Set what earns users a code of their own, as the builder's admin.

        ``POST /v1/referral/auto_referral/update``, signed, scope not documented; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/builder-admin-update-auto-referral

        Args:
            required_trading_volume: USDC.
            max_rebate: What both sides of such a code have together.
            referrer_rebate: The referrer's part.
            referee_rebate: The referees' part.
            enable: Whether codes are given.
            description: Shown to all who receive one.
        """
        return self._signed.post(
            "/v1/referral/auto_referral/update",
            Acknowledged,
            required_trading_volume=number(required_trading_volume, "required_trading_volume"),
            max_rebate=number(max_rebate, "max_rebate"),
            referrer_rebate=number(referrer_rebate, "referrer_rebate"),
            referee_rebate=number(referee_rebate, "referee_rebate"),
            enable=enable,
            description=description,
        )

    def auto_referral(self) -> AutoReferral:
        """What earns users a code of their own, as the builder's admin.

        ``GET /v1/referral/auto_referral/info``, signed, scope ``read``; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/builder-admin-get-auto-referral-info
        """
        return self._signed.get("/v1/referral/auto_referral/info", AutoReferral)

    def auto_referral_progress(self) -> AutoReferralProgress:
        """How far this account is from a code of its own.

        ``GET /v1/referral/auto_referral/progress``, signed, scope ``read``; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-auto-referral-progress
        """
        return self._signed.get("/v1/referral/auto_referral/progress", AutoReferralProgress)

    def info(self) -> ReferralInfo:
        """This account as referrer and as referee.

        ``GET /v1/referral/info``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-referral-info
        """
        return self._signed.get("/v1/referral/info", ReferralInfo)

    def referee_history(
        self,
        *,
        start_date: DateLike | None = None,
        end_date: DateLike | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[RefereeDay]:
        """This account's days as a referee.

        ``GET /v1/referral/referee_history``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-referee-history
        """
        return self._signed.get(
            "/v1/referral/referee_history",
            Page[RefereeDay],
            **days(start_date, end_date),
            page=page,
            size=size,
        )

    def referee_info(
        self, *, sort: RefereeSortLike | None = None, page: int = 1, size: int = 25
    ) -> Page[Referee]:
        """This account's referees.

        ``GET /v1/referral/referee_info``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-referee-info
        """
        return self._signed.get(
            "/v1/referral/referee_info",
            Page[Referee],
            page=page,
            size=size,
            sort=one_of(RefereeSort, sort, "sort"),
        )

    def referee_rebate_summary(self, *, start_date: DateLike, end_date: DateLike) -> Rows[RefereeRebateDay]:
        """This account's rebates as a referee, by day.

        ``GET /v1/referral/referee_rebate_summary``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-referee-rebate-summary
        """
        return self._signed.get(
            "/v1/referral/referee_rebate_summary", Rows[RefereeRebateDay], **days(start_date, end_date)
        )

    def distribution_history(
        self,
        *,
        status: DistributionStatusLike | None = None,
        type: DistributionTypeLike | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[Distribution]:
        """Payments of fees and rebates to this account.

        ``GET /v1/client/distribution_history``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-distribution-history

        Args:
            status: ``CREATED``, ``SPLIT`` or ``COMPLETED``.
            type: ``BROKER_FEE``, ``REFEREE_REBATE`` or ``REFERRER_REBATE``; rows call the last ``REFERRAL_REBATE``.
            start: From then on.
            end: Until then.
            page: From 1.
            size: Rows a page.
        """
        return self._signed.get(
            "/v1/client/distribution_history",
            Page[Distribution],
            status=one_of(DistributionStatus, status, "status"),
            type=one_of(DistributionType, type, "type"),
            **window(start, end),
            page=page,
            size=size,
        )
