"""Builder API / Referral Program, multilevel: an affiliate's code, its referees and theirs."""

from __future__ import annotations

from collections.abc import Sequence

from orderly_sync.models.base import Acknowledged, Page
from orderly_sync.models.multilevel import (
    ClaimedCode,
    MaxRebateRate,
    MultilevelReferee,
    MultilevelStatistics,
    RebateInfo,
    StatisticsRange,
    VolumePrerequisite,
)
from orderly_sync.models.referral import BoundCode, CodeExists, RebateDay, ReferralRebate
from orderly_sync.rest.arguments import DateLike, account_list, days
from orderly_sync.rest.group import Group
from orderly_sync.rest.group_choices import StatisticsRangeLike
from orderly_sync.wire.enum_values import one_of
from orderly_sync.wire.json import NULL
from orderly_sync.wire.numbers import Number, number

__all__ = ["MultilevelReferral"]


class MultilevelReferral(Group):
    """The multilevel part of ``Referral``: binding, codes, rebates and referees of an affiliate.

    https://orderly.network/docs/introduction/be-a-broker/affiliate-referral-program
    """

    def check_ref_code(self, account_id: str) -> BoundCode:
        """The code that an account is bound to.

        ``GET /v1/public/referral/check_ref_code``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/check-referral-code
        """
        return self._public.get("/v1/public/referral/check_ref_code", BoundCode, account_id=account_id)

    def verify_ref_code(self, referral_code: str) -> CodeExists:
        """Whether a code exists.

        ``GET /v1/public/referral/verify_ref_code``, public; 10 requests a second.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/verify-referral-code
        """
        return self._public.get(
            "/v1/public/referral/verify_ref_code", CodeExists, referral_code=referral_code
        )

    def bind(self, referral_code: str) -> Acknowledged:
        """Bind this account to a code; only before its first deposit.

        ``POST /v1/referral/bind``, signed, scope not documented; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/bind-referral-code
        """
        return self._signed.post("/v1/referral/bind", Acknowledged, referral_code=referral_code)

    def edit_referral_code(self, *, current_referral_code: str, new_referral_code: str) -> Acknowledged:
        """Rename an automatic code that nobody is bound to yet.

        ``POST /v1/referral/edit_referral_code``, signed, scope not documented; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/edit-referral-code
        """
        return self._signed.post(
            "/v1/referral/edit_referral_code",
            Acknowledged,
            current_referral_code=current_referral_code,
            new_referral_code=new_referral_code,
        )

    def edit_referee_description(self, *, user_address: str, description: str | None) -> Acknowledged:
        """Describe a direct referee for oneself; None removes it.

        At most 50 letters, digits, spaces and ``-_@,``.

        ``POST /v1/referral/edit_referee_description``, signed, scope not documented; 10 requests a second per user.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/edit-direct-referee-description
        """
        return self._signed.post(
            "/v1/referral/edit_referee_description",
            Acknowledged,
            user_address=user_address,
            description=NULL if description is None else description,
        )

    def referral_history(
        self,
        *,
        start_date: DateLike | None = None,
        end_date: DateLike | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[ReferralRebate]:
        """What each referee brought, by day, in USDC.

        ``GET /v1/referral/referral_history``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-referral-history
        """
        return self._signed.get(
            "/v1/referral/referral_history",
            Page[ReferralRebate],
            **days(start_date, end_date),
            page=page,
            size=size,
        )

    def rebate_summary(
        self,
        *,
        start_date: DateLike | None = None,
        end_date: DateLike | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[RebateDay]:
        """What all referees brought, by day, in USDC; at most 3 months.

        ``GET /v1/referral/rebate_summary``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-referral-rebate-summary
        """
        return self._signed.get(
            "/v1/referral/rebate_summary",
            Page[RebateDay],
            **days(start_date, end_date),
            page=page,
            size=size,
        )

    def max_rebate_rate(self) -> MaxRebateRate:
        """The most this account can give and keep.

        ``GET /v1/referral/multi_level/max_rebate_rate``, signed, scope ``read``; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-max-rebate-rate
        """
        return self._signed.get("/v1/referral/multi_level/max_rebate_rate", MaxRebateRate)

    def claim_code(self, *, bonus_referee_rebate_rate: Number | None = None) -> ClaimedCode:
        """Take a code of one's own, giving referees that rate.

        ``POST /v1/referral/multi_level/claim_code``, signed, scope not documented; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/claim-referral-code
        """
        return self._signed.post(
            "/v1/referral/multi_level/claim_code",
            ClaimedCode,
            bonus_referee_rebate_rate=number(bonus_referee_rebate_rate, "bonus_referee_rebate_rate"),
        )

    def rebate_info(self) -> RebateInfo:
        """This account's code, its rates and what it has earned.

        ``GET /v1/referral/multi_level/rebate_info``, signed, scope ``read``; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-rebate-info
        """
        return self._signed.get("/v1/referral/multi_level/rebate_info", RebateInfo)

    def update_rebate_rate(
        self, *, bonus_referee_rebate_rate: Number | None = None, account_ids: Sequence[str] | None = None
    ) -> Acknowledged:
        """Set the rate of direct referees, or the default one.

        ``POST /v1/referral/multi_level/rebate_rate/update``, signed, scope not documented;
        1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/update-referee-rebate-rate

        Args:
            bonus_referee_rebate_rate: What they get.
            account_ids: Whose rate; the default of all others where absent.
        """
        return self._signed.post(
            "/v1/referral/multi_level/rebate_rate/update",
            Acknowledged,
            bonus_referee_rebate_rate=number(bonus_referee_rebate_rate, "bonus_referee_rebate_rate"),
            account_ids=None if account_ids is None else account_list(account_ids),
        )

    def reset_rebate_rate(self, account_ids: Sequence[str]) -> Acknowledged:
        """Give direct referees the default rate again.

        ``POST /v1/referral/multi_level/rebate_rate/set_default``, signed, scope not documented;
        1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/reset-referee-rebate-rate
        """
        return self._signed.post(
            "/v1/referral/multi_level/rebate_rate/set_default",
            Acknowledged,
            account_ids=account_list(account_ids),
        )

    def statistics(self, time_range: StatisticsRangeLike) -> MultilevelStatistics:
        """What referees and theirs did over a range, USDC.

        ``GET /v1/referral/multi_level/statistics``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-multilevel-statistics
        """
        return self._signed.get(
            "/v1/referral/multi_level/statistics",
            MultilevelStatistics,
            time_range=one_of(StatisticsRange, time_range, "time_range"),
        )

    def referee_list(
        self,
        *,
        address: str | None = None,
        sort_by: str | None = None,
        sort_order: str | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[MultilevelReferee]:
        """This account's direct referees, of both programmes.

        ``GET /v1/referral/multi_level/referee_list``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-referee-list

        Args:
            address: One wallet only.
            sort_by: ``code_binding_time``, or a rate, an invites or a volume field of the rows.
            sort_order: ``ascending`` or ``descending``.
            page: From 1.
            size: Rows a page.
        """
        return self._signed.get(
            "/v1/referral/multi_level/referee_list",
            Page[MultilevelReferee],
            page=page,
            size=size,
            address=address,
            sort_by=sort_by,
            sort_order=sort_order,
        )

    def volume_prerequisite(self) -> VolumePrerequisite:
        """The volume to reach, and how much is done.

        ``GET /v1/referral/multi_level/volume_prerequisite``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-volume-prerequisite
        """
        return self._signed.get("/v1/referral/multi_level/volume_prerequisite", VolumePrerequisite)
