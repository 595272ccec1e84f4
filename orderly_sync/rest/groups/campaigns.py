"""Builder API / Trading Campaigns."""

from __future__ import annotations

from collections.abc import Sequence

from orderly_sync.models.base import Acknowledged, Page, Rows
from orderly_sync.models.campaign import (
    Campaign,
    CampaignBreakdown,
    CampaignCheck,
    CampaignCheckType,
    CampaignCompare,
    CampaignGroupBy,
    CampaignRank,
    CampaignSort,
    CampaignStats,
    CampaignUser,
)
from orderly_sync.rest.arguments import window
from orderly_sync.rest.group import Group
from orderly_sync.rest.group_choices import (
    CampaignCheckTypeLike,
    CampaignCompareLike,
    CampaignGroupByLike,
    CampaignSortLike,
)
from orderly_sync.wire.enum_values import one_of
from orderly_sync.wire.moments import TimeLike
from orderly_sync.wire.numbers import Number, number

__all__ = ["Campaigns"]


class Campaigns(Group):
    """Trading campaigns, their rankings and their users. Amounts are in USDC."""

    def sign_up(self, campaign_id: int) -> Acknowledged:
        """Sign this account up for a campaign.

        ``POST /v1/client/campaign/sign_up``, signed, scope not documented; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/sign-up-campaign
        """
        return self._signed.post("/v1/client/campaign/sign_up", Acknowledged, campaign_id=campaign_id)

    def campaigns(
        self,
        *,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        only_show_alive: bool | None = None,
        address: str | None = None,
    ) -> Rows[Campaign]:
        """Campaigns; with an address those that it takes part in.

        ``GET /v1/public/campaigns``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-list-of-campaigns
        """
        return self._public.get(
            "/v1/public/campaigns",
            Rows[Campaign],
            **window(start, end),
            only_show_alive=only_show_alive,
            address=address,
        )

    def stats(
        self, campaign_id: int, *, broker_id: str | None = None, symbol: str | None = None
    ) -> CampaignStats:
        """A campaign in totals, of one builder or symbol where asked.

        ``GET /v1/public/campaign/stats``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-campaign-statistics
        """
        return self._public.get(
            "/v1/public/campaign/stats",
            CampaignStats,
            campaign_id=campaign_id,
            broker_id=broker_id,
            symbol=symbol,
        )

    def stats_details(
        self,
        campaign_id: int,
        *,
        broker_id: str | None = None,
        symbols: Sequence[str] | str | None = None,
        group_by: CampaignGroupByLike | None = None,
    ) -> Page[CampaignBreakdown]:
        """A campaign's volume by builder and symbol.

        Ten requests a minute.

        ``GET /v1/public/campaign/stats/details``, public; 10 requests a minute per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-detailed-campaign-info
        """
        return self._public.get(
            "/v1/public/campaign/stats/details",
            Page[CampaignBreakdown],
            campaign_id=campaign_id,
            broker_id=broker_id,
            symbols=symbols,
            group_by=one_of(CampaignGroupBy, group_by, "group_by"),
        )

    def ranking(
        self,
        campaign_id: int,
        *,
        broker_id: str | None = None,
        sort_by: CampaignSortLike | None = None,
        min_pnl: int | None = None,
        min_volume: int | None = None,
        aggregate_by: str | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[CampaignRank]:
        """A campaign's users by volume or PnL; the minima are inclusive, in USDC.

        ``GET /v1/public/campaign/ranking``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-campaign-ranking
        """
        return self._public.get(
            "/v1/public/campaign/ranking",
            Page[CampaignRank],
            campaign_id=campaign_id,
            broker_id=broker_id,
            page=page,
            size=size,
            sort_by=one_of(CampaignSort, sort_by, "sort_by"),
            min_pnl=min_pnl,
            min_volume=min_volume,
            aggregate_by=aggregate_by,
        )

    def user(
        self,
        campaign_id: int,
        *,
        account_id: str | None = None,
        address: str | None = None,
        broker_id: str | None = None,
        symbol: Sequence[str] | str | None = None,
        order_tag: str | None = None,
    ) -> CampaignUser:
        """What one account or wallet did in a campaign.

        ``GET /v1/public/campaign/user``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-campaign-user-info
        """
        return self._public.get(
            "/v1/public/campaign/user",
            CampaignUser,
            campaign_id=campaign_id,
            account_id=account_id,
            address=address,
            broker_id=broker_id,
            symbol=symbol,
            order_tag=order_tag,
        )

    def check(
        self,
        campaign_id: int,
        *,
        type: CampaignCheckTypeLike,
        address: str,
        lower_boundary: Number,
        cmp: CampaignCompareLike | None = None,
    ) -> CampaignCheck:
        """Whether a wallet has reached a mark of a campaign.

        ``GET /v1/public/campaign/check``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-campaign-verification

        Args:
            campaign_id: The campaign.
            type: What is counted: ``volume``, ``deposit``, ``withdraw`` or ``order_count``.
            address: The wallet.
            lower_boundary: The mark, USDC or orders.
            cmp: How it is compared: ``gt`` where absent, or ``ge``, ``le``, ``lt``.
        """
        return self._public.get(
            "/v1/public/campaign/check",
            CampaignCheck,
            campaign_id=campaign_id,
            type=one_of(CampaignCheckType, type, "type"),
            address=address,
            lower_boundary=number(lower_boundary, "lower_boundary"),
            cmp=one_of(CampaignCompare, cmp, "cmp"),
        )
