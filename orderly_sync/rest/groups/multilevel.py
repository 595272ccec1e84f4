"""Builder Admin API / Multilevel Referral."""

from __future__ import annotations

from collections.abc import Sequence

from orderly_sync.models.base import Acknowledged, Page
from orderly_sync.models.multilevel import (
    AdminReferee,
    Affiliate,
    AffiliateSort,
    MultilevelConfig,
    MultilevelSummary,
    SummaryAggregate,
    TotalRebate,
)
from orderly_sync.rest.arguments import DateLike, account_list, days
from orderly_sync.rest.group import Group
from orderly_sync.rest.group_choices import AffiliateSortLike, SummaryAggregateLike
from orderly_sync.wire.enum_values import one_of
from orderly_sync.wire.numbers import Number, number

__all__ = ["Multilevel"]


class Multilevel(Group):
    """The multilevel referral programme as its builder's admin runs it. Rates are fractions, amounts USDC.

    https://orderly.network/docs/introduction/be-a-broker/affiliate-referral-program
    """

    def config(self) -> MultilevelConfig:
        """How the programme is set.

        ``GET /v1/referral/multi_level/admin``, signed, scope ``read``; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-multilevel-referral-config
        """
        return self._signed.get("/v1/referral/multi_level/admin", MultilevelConfig)

    def configure(
        self,
        *,
        enable: bool,
        required_volume: Number,
        default_bonus_rebate_rate: Number,
        base_rebate_rate: Number,
    ) -> TotalRebate:
        """Switch the programme on or off and set it.

        ``POST /v1/referral/multi_level/admin``, signed, scope not documented; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/enable-or-configure-multilevel-referral

        Args:
            enable: Whether it runs.
            required_volume: The volume that lets a user claim a code, USDC.
            default_bonus_rebate_rate: The bonus an affiliate starts with.
            base_rebate_rate: What a direct referrer gets besides.
        """
        return self._signed.post(
            "/v1/referral/multi_level/admin",
            TotalRebate,
            enable=enable,
            required_volume=number(required_volume, "required_volume"),
            default_bonus_rebate_rate=number(default_bonus_rebate_rate, "default_bonus_rebate_rate"),
            base_rebate_rate=number(base_rebate_rate, "base_rebate_rate"),
        )

    def update(
        self,
        *,
        required_volume: Number | None = None,
        default_bonus_rebate_rate: Number | None = None,
        base_rebate_rate: Number | None = None,
    ) -> Acknowledged:
        """Change some of the programme's settings.

        ``POST /v1/referral/multi_level/admin/update``, signed, scope not documented; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/update-multilevel-referral-config
        """
        return self._signed.post(
            "/v1/referral/multi_level/admin/update",
            Acknowledged,
            required_volume=number(required_volume, "required_volume"),
            default_bonus_rebate_rate=number(default_bonus_rebate_rate, "default_bonus_rebate_rate"),
            base_rebate_rate=number(base_rebate_rate, "base_rebate_rate"),
        )

    def update_affiliate(self, *, account_ids: Sequence[str], bonus_rebate_rate: Number) -> Acknowledged:
        """Give first-level affiliates a bonus of their own.

        ``POST /v1/referral/multi_level/admin/update/affiliate``, signed, scope not documented;
        1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/update-l1-affiliate-rebate-rate
        """
        return self._signed.post(
            "/v1/referral/multi_level/admin/update/affiliate",
            Acknowledged,
            bonus_rebate_rate=number(bonus_rebate_rate, "bonus_rebate_rate"),
            account_ids=account_list(account_ids),
        )

    def reset_affiliate(self, account_ids: Sequence[str]) -> Acknowledged:
        """Give first-level affiliates the default bonus again.

        ``POST /v1/referral/multi_level/admin/reset/affiliate``, signed, scope not documented;
        1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/reset-l1-affiliate-rebate-rate
        """
        return self._signed.post(
            "/v1/referral/multi_level/admin/reset/affiliate",
            Acknowledged,
            account_ids=account_list(account_ids),
        )

    def create_affiliate(
        self, *, account_id: str, bonus_max_rebate_rate: Number, referral_code: str | None = None
    ) -> Acknowledged:
        """Create a first-level affiliate's code for it.

        ``POST /v1/referral/multi_level/admin/create/affiliate``, signed, scope not documented;
        10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/create-multilevel-referral-code-on-affiliates-behalf
        """
        return self._signed.post(
            "/v1/referral/multi_level/admin/create/affiliate",
            Acknowledged,
            account_id=account_id,
            referral_code=referral_code,
            bonus_max_rebate_rate=number(bonus_max_rebate_rate, "bonus_max_rebate_rate"),
        )

    def info(
        self,
        *,
        user_address: str | None = None,
        account_id: str | None = None,
        referrer_account: str | None = None,
        referrer_address: str | None = None,
        sort_by: AffiliateSortLike | None = None,
        level: int | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[Affiliate]:
        """All affiliates that have a code.

        ``GET /v1/referral/multi_level/admin/info``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-multilevel-info

        Args:
            user_address: One wallet; not with ``account_id``.
            account_id: One account; not with ``user_address``.
            referrer_account: Those of one referrer; not with ``referrer_address``.
            referrer_address: Those of one referrer's wallet; not with ``referrer_account``.
            sort_by: What they are sorted by.
            level: Those of one level; all where absent.
            page: From 1.
            size: Rows a page.
        """
        return self._signed.get(
            "/v1/referral/multi_level/admin/info",
            Page[Affiliate],
            user_address=user_address,
            account_id=account_id,
            referrer_account=referrer_account,
            referrer_address=referrer_address,
            page=page,
            size=size,
            sort_by=one_of(AffiliateSort, sort_by, "sort_by"),
            level=level,
        )

    def referee_list(
        self,
        *,
        user_address: str | None = None,
        account_id: str | None = None,
        referrer_address: str | None = None,
        referrer_account: str | None = None,
        sort_by: str | None = None,
        sort_order: str | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[AdminReferee]:
        """All referees, of both programmes.

        ``GET /v1/referral/multi_level/admin/referee_list``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-admin-referee-list

        Args:
            user_address: One wallet; not with ``account_id``.
            account_id: One account; not with ``user_address``.
            referrer_address: Those of one referrer's wallet; not with ``referrer_account``.
            referrer_account: Those of one referrer; not with ``referrer_address``.
            sort_by: ``code_binding_time``, or a rate, an invites or a volume field of the rows.
            sort_order: ``ascending`` or ``descending``.
            page: From 1.
            size: Rows a page.
        """
        return self._signed.get(
            "/v1/referral/multi_level/admin/referee_list",
            Page[AdminReferee],
            page=page,
            size=size,
            user_address=user_address,
            account_id=account_id,
            referrer_address=referrer_address,
            referrer_account=referrer_account,
            sort_by=sort_by,
            sort_order=sort_order,
        )

    def summary(
        self,
        *,
        start_date: DateLike,
        end_date: DateLike,
        aggregate_by: SummaryAggregateLike,
        account_id: str | None = None,
        user_address: str | None = None,
        sort_by: str | None = None,
        page: int = 1,
        size: int = 20,
    ) -> Page[MultilevelSummary]:
        """The programme summed by day or by account.

        ``GET /v1/referral/multi_level/admin/summary``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-multilevel-summary-info

        Args:
            start_date: First day, UTC.
            end_date: Last day, UTC.
            aggregate_by: ``date`` or ``account_id``.
            account_id: One account; not with ``user_address``.
            user_address: One wallet; not with ``account_id``.
            sort_by: ``broker_fee``, ``total_volume`` or ``total_invites``.
            page: From 1.
            size: Rows a page.
        """
        return self._signed.get(
            "/v1/referral/multi_level/admin/summary",
            Page[MultilevelSummary],
            **days(start_date, end_date),
            page=page,
            size=size,
            aggregate_by=one_of(SummaryAggregate, aggregate_by, "aggregate_by"),
            account_id=account_id,
            user_address=user_address,
            sort_by=sort_by,
        )
