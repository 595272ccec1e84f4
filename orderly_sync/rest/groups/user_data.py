"""Builder API / User Data."""

from __future__ import annotations

from orderly_sync.models.builder_admin import (
    DailyVolumeAggregate,
    DailyVolumeSort,
    LeaderboardAggregate,
    LeaderboardRow,
    LeaderboardSort,
    UserVolume,
)
from orderly_sync.models.pages import SnapshotPage
from orderly_sync.rest.arguments import DateLike, days
from orderly_sync.rest.group import Group
from orderly_sync.rest.group_choices import (
    DailyVolumeAggregateLike,
    DailyVolumeSortLike,
    LeaderboardAggregateLike,
    LeaderboardSortLike,
)
from orderly_sync.wire.enum_values import one_of

__all__ = ["UserData"]


class UserData(Group):
    """What a builder's users trade. Computed hourly; a span of days covers at most 90."""

    def daily_volume(
        self,
        *,
        start_date: DateLike,
        end_date: DateLike,
        address: str | None = None,
        order_tag: str | None = None,
        aggregate_by: DailyVolumeAggregateLike | None = None,
        sort: DailyVolumeSortLike | None = None,
        page: int = 1,
        size: int = 25,
    ) -> SnapshotPage[UserVolume]:
        """Volumes and fees of the builder's users by day, in USDC.

        ``GET /v1/volume/broker/daily``, signed, scope ``read``; 10 requests a minute per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-builders-users-volumes

        Args:
            start_date: First day, UTC.
            end_date: Last day, UTC.
            address: One wallet only.
            order_tag: Orders with this whole tag only, such as ``enum:<broker_id>:<enum_id>``.
            aggregate_by: Sum by ``DATE`` or by ``ACCOUNT``.
            sort: By fee or volume, up or down.
            page: From 1.
            size: Rows a page.
        """
        return self._signed.get(
            "/v1/volume/broker/daily",
            SnapshotPage[UserVolume],
            **days(start_date, end_date),
            page=page,
            size=size,
            address=address,
            order_tag=order_tag,
            aggregateBy=one_of(DailyVolumeAggregate, aggregate_by, "aggregate_by"),
            sort=one_of(DailyVolumeSort, sort, "sort"),
        )

    def leaderboard(
        self,
        *,
        start_date: DateLike,
        end_date: DateLike,
        broker_id: str | None = None,
        address: str | None = None,
        order_tag: str | None = None,
        aggregate_by: LeaderboardAggregateLike | None = None,
        sort: LeaderboardSortLike | None = None,
        page: int = 1,
        size: int = 25,
    ) -> SnapshotPage[LeaderboardRow]:
        """Daily leaderboard of one builder, or of all, in USDC.

        ``GET /v1/broker/leaderboard/daily``, signed, scope ``read``; 10 requests a minute per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-builders-leaderboard

        Args:
            start_date: First day, UTC.
            end_date: Last day, UTC.
            broker_id: One builder; all where it is absent.
            address: One wallet only.
            order_tag: Orders with this whole tag only.
            aggregate_by: Sum a wallet over all builders (``address``) or at each (``address_per_builder``).
            sort: By PnL or volume, up or down.
            page: From 1.
            size: Rows a page.
        """
        return self._signed.get(
            "/v1/broker/leaderboard/daily",
            SnapshotPage[LeaderboardRow],
            **days(start_date, end_date),
            page=page,
            size=size,
            order_tag=order_tag,
            broker_id=broker_id,
            sort=one_of(LeaderboardSort, sort, "sort"),
            address=address,
            aggregateBy=one_of(LeaderboardAggregate, aggregate_by, "aggregate_by"),
        )
