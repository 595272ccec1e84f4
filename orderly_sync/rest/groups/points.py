"""Points API / Admin and Public."""

from __future__ import annotations

from orderly_sync.models.base import Acknowledged, Page, Rows
from orderly_sync.models.points import (
    EpochDates,
    EpochPoints,
    PointsLeaderboard,
    PointsPeriod,
    PointsRow,
    Stage,
    StageParameters,
    StageRank,
    StageStatus,
    UserPoints,
    UserStagePoints,
)
from orderly_sync.rest.arguments import DateLike, days
from orderly_sync.rest.group import Group
from orderly_sync.rest.group_choices import PointsPeriodLike, StageStatusLike
from orderly_sync.wire.enum_values import one_of
from orderly_sync.wire.numbers import Number, number

__all__ = ["Points"]


class Points(Group):
    """Stages and epochs of points, their ranks, and what users have earned.

    The first three calls are for a builder's admin.
    """

    def stage_parameters(self, *, stage_id: int | None = None) -> Rows[StageParameters]:
        """The builder's stages as they are set, or one of them.

        ``GET /v1/admin/points/stage``, signed, scope ``read``; 10 requests a second per user and IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-stage-parameters
        """
        return self._signed.get("/v1/admin/points/stage", Rows[StageParameters], stage_id=stage_id)

    def save_stage(
        self,
        *,
        stage_name: str,
        start_date: DateLike,
        volume_boost: Number,
        pnl_boost: Number,
        l1_referral_boost: Number,
        l2_referral_boost: Number,
        is_continous: bool,
        stage_id: int | None = None,
        end_date: DateLike | None = None,
    ) -> Acknowledged:
        """Create a stage, or change the one with that id; one stage is active at a time.

        ``POST /v1/admin/points/stage``, signed, scope not documented; 10 requests a second per user and IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/createupdate-stage-parameters

        Args:
            stage_name: For people.
            start_date: First day.
            volume_boost: Points a volume earns, as a factor.
            pnl_boost: Points a PnL earns, as a factor.
            l1_referral_boost: Points a referrer earns of its referees', as a factor.
            l2_referral_boost: The same one level up.
            is_continous: Whether it has no end; the wire spells it so.
            stage_id: The stage to change; absent to create one.
            end_date: Last day; absent where it has none.
        """
        return self._signed.post(
            "/v1/admin/points/stage",
            Acknowledged,
            stage_id=stage_id,
            stage_name=stage_name,
            **days(start_date, end_date),
            volume_boost=number(volume_boost, "volume_boost"),
            pnl_boost=number(pnl_boost, "pnl_boost"),
            l1_referral_boost=number(l1_referral_boost, "l1_referral_boost"),
            l2_referral_boost=number(l2_referral_boost, "l2_referral_boost"),
            is_continous=is_continous,
        )

    def delete_stage(self, stage_id: int) -> Acknowledged:
        """Delete a stage.

        ``DELETE /v1/admin/points/stage``, signed, scope not documented; 10 requests a second per user and IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/admin/delete-stage
        """
        return self._signed.delete("/v1/admin/points/stage", Acknowledged, stage_id=stage_id)

    def leaderboard(
        self,
        *,
        start_r: int | None = None,
        end_r: int | None = None,
        epoch_id: int | None = None,
        page: int = 1,
        size: int = 25,
    ) -> PointsLeaderboard[PointsRow]:
        """Ranks of an epoch, from ``start_r`` to ``end_r``.

        ``GET /v1/public/points/leaderboard``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-merits-leaderboard
        """
        return self._public.get(
            "/v1/public/points/leaderboard",
            PointsLeaderboard[PointsRow],
            start_r=start_r,
            end_r=end_r,
            epoch_id=epoch_id,
            page=page,
            size=size,
        )

    def user(self, address: str) -> UserPoints:
        """A wallet's points, in total and by epoch. Public.

        ``GET /v1/client/points``, public; 10 requests a second per user.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-users-merits
        """
        return self._public.get("/v1/client/points", UserPoints, address=address)

    def user_statistics(self, stage: int) -> UserStagePoints:
        """This account's points of a stage, of this week and the last.

        ``GET /v1/client/points/user_statistics``, signed, scope ``read``;
        10 requests a second per user and IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/client/get-user-statistics
        """
        return self._signed.get("/v1/client/points/user_statistics", UserStagePoints, stage=stage)

    def epoch_dates(self) -> Rows[EpochDates]:
        """When every epoch starts and ends, ms.

        ``GET /v1/public/points/epoch_dates``, public; 10 requests a second per user.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-start-and-end-date-of-all-epochs
        """
        return self._public.get("/v1/public/points/epoch_dates", Rows[EpochDates])

    def rankings(
        self, stage: int, *, period: PointsPeriodLike, page: int = 1, size: int = 20
    ) -> Page[StageRank]:
        """Ranks of a stage over a period.

        ``GET /v1/public/points/rankings``, public; 10 requests a second per user and IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-stage-rankings
        """
        return self._public.get(
            "/v1/public/points/rankings",
            Page[StageRank],
            stage=stage,
            page=page,
            size=size,
            period=one_of(PointsPeriod, period, "period"),
        )

    def epoch(self) -> EpochPoints:
        """The points of all users, now and by epoch.

        ``GET /v1/public/points/epoch``, public; 10 requests a second per user and IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-number-of-merits-for-distribution
        """
        return self._public.get("/v1/public/points/epoch", EpochPoints)

    def stages(
        self, broker_id: str, *, stage_id: int | None = None, status: StageStatusLike | None = None
    ) -> Rows[Stage]:
        """A builder's stages; their times are in seconds.

        ``GET /v1/public/points/stages``, public; 10 requests a second per user and IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-information-about-stages
        """
        return self._public.get(
            "/v1/public/points/stages",
            Rows[Stage],
            stage_id=stage_id,
            status=one_of(StageStatus, status, "status"),
            broker_id=broker_id,
        )
