"""Points: stages, epochs, ranks and what users have earned.

Of most fields the venue's pages show a name and an example; what is said beyond that is what the paper venue computes.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TypeVar

import attrs

from orderly_sync.models.base import Model, Page, model
from orderly_sync.models.enums import OpenEnum

__all__ = [
    "EpochDates",
    "EpochPoints",
    "EpochTotal",
    "PointsLeaderboard",
    "PointsPeriod",
    "PointsRow",
    "Stage",
    "StageParameters",
    "StageRank",
    "StageStatus",
    "UserEpochPoints",
    "UserPoints",
    "UserStagePoints",
    "WeekPoints",
    "WeeklyBreakdown",
]


T = TypeVar("T")


class StageStatus(OpenEnum):
    """Where a stage stands by its dates.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-information-about-stages
    """

    PENDING = "pending"
    """It has not begun."""
    ACTIVE = "active"
    """It runs; a builder has at most one such stage at a time."""
    COMPLETED = "completed"
    """It is over."""


class PointsPeriod(OpenEnum):
    """Which points are ranked.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-stage-rankings
    """

    ALL_TIME = "all_time"
    """Those of the whole stage."""
    LAST_WEEK = "last_week"
    """Those of the week before the running one. The venue does not say when its weeks begin; the paper venue takes
    those of its epochs."""
    THIS_WEEK = "this_week"
    """Those of the running week."""


@model
class StageParameters(Model):
    """One stage as its admin set it.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-stage-parameters
    """

    stage_id: int
    """The stage's id."""
    stage_name: str | None = None
    """Its name, for people."""
    start_date: str | None = None
    """Its first day as ``YYYY-MM-DD``."""
    end_date: str | None = None
    """Its last day as ``YYYY-MM-DD``; None for a stage without end."""
    epoch_period: int | None = None
    """Days in an epoch."""
    volume_boost: Decimal | None = None
    """Factor by which volume turns into points (1 = as it is). The venue publishes no formula; the paper venue
    counts 1 point per 100 USDC."""
    pnl_boost: Decimal | None = None
    """Factor by which PnL turns into points; the paper venue counts 1 point per USDC of profit."""
    l1_referral_boost: Decimal | None = None
    """Fraction of a direct referee's points that its referrer gets besides (0.5 = half)."""
    l2_referral_boost: Decimal | None = None
    """Fraction of the points of a referee's referees that the referrer gets besides."""
    status: StageStatus | None = None
    """Where it stands."""
    is_continous: bool | None = None
    """Whether it has no end; the wire spells it so."""


@model
class PointsRow(Model):
    """One wallet's line of an epoch's leaderboard.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-merits-leaderboard
    """

    rank: int | None = None
    """Its place, from 1."""
    tier: int | None = None
    """Its class by points; the venue publishes no bounds. The paper venue counts 1 to 5, 1 the highest."""
    address: str | None = None
    """The wallet."""
    points: Decimal | None = None
    """Its points (merits) of the epoch."""
    previous_rank: int | None = None
    """Its place in the epoch before; 0 or None where it had none."""


@attrs.define(eq=False, repr=False)
class PointsLeaderboard(Page[T]):
    """A page of an epoch's leaderboard.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-merits-leaderboard
    """

    epoch_id: int | None = None
    """The epoch that is ranked; None where the venue does not say."""


@model
class UserEpochPoints(Model):
    """A user's points of one epoch.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-users-merits
    """

    epoch_id: int
    """The epoch."""
    rank: int | None = None
    """The wallet's place in it, from 1; 0 or None where it has none."""
    points: Decimal | None = None
    """Its points of the epoch."""


@model
class UserPoints(Model):
    """A user's points, in total and by epoch.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-users-merits
    """

    total_points: Decimal | None = None
    """All points so far."""
    global_rank: int | None = None
    """The place by them, from 1; 0 or None for a wallet without points."""
    tier: int | None = None
    """The class by points; the venue publishes no bounds. The paper venue counts 1 to 5, 1 the highest."""
    current_epoch_points: Decimal | None = None
    """Points of the running epoch."""
    current_epoch_rank: int | None = None
    """The place by those, from 1; 0 or None where there are none."""
    rows: tuple[UserEpochPoints, ...] = ()
    """One row an epoch, in the venue's order; empty where it sends none."""


@model
class WeekPoints(Model):
    """A user's points of one week.

    https://orderly.network/docs/build-on-omnichain/restful-api/client/get-user-statistics
    """

    trading_point: Decimal | None = None
    """Points by volume."""
    pnl_point: Decimal | None = None
    """Points by PnL. Whether losses can take points away is not documented."""
    referral_point: Decimal | None = None
    """Points by referees of two levels."""
    rank: int | None = None
    """The place of the week, from 1; 0 or None where there are no points."""


@model
class WeeklyBreakdown(Model):
    """A user's points of this week and the last.

    https://orderly.network/docs/build-on-omnichain/restful-api/client/get-user-statistics
    """

    this_week: WeekPoints | None = None
    """The running week; None where the venue leaves it out."""
    last_week: WeekPoints | None = None
    """The week before it; None where the venue leaves it out."""


@model
class UserStagePoints(Model):
    """A user's points of one stage.

    https://orderly.network/docs/build-on-omnichain/restful-api/client/get-user-statistics
    """

    stage: int | None = None
    """The stage's id."""
    address: str | None = None
    """The wallet, with all its accounts."""
    trading_point: Decimal | None = None
    """Points by volume."""
    pnl_point: Decimal | None = None
    """Points by PnL."""
    referral_point: Decimal | None = None
    """Points by referees of two levels."""
    stage_rank: int | None = None
    """The place in the stage, from 1; 0 or None where there are no points."""
    stage_points: Decimal | None = None
    """The three kinds together, points."""
    weekly_breakdown: WeeklyBreakdown | None = None
    """The same for the last two weeks; None where the venue leaves it out."""


@model
class EpochDates(Model):
    """When an epoch starts and ends.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-start-and-end-date-of-all-epochs
    """

    epoch_id: int
    """The epoch, counted from 1."""
    epoch_start_date: int | None = None
    """Its first moment, ms."""
    epoch_end_date: int | None = None
    """Its end, ms. The venue does not say whether it belongs to the epoch; with the paper venue it does not."""


@model
class StageRank(Model):
    """One line of a stage's ranking.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-stage-rankings
    """

    rank: int | None = None
    """The place, from 1."""
    address: str | None = None
    """The wallet, with all its accounts."""
    total_points: Decimal | None = None
    """Its points within the period that was asked for."""


@model
class EpochTotal(Model):
    """All points of one epoch.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-number-of-merits-for-distribution
    """

    epoch_id: int
    """The epoch."""
    rank: int | None = None
    """Not explained by the venue; the paper venue gives the epoch's place among all epochs by points, from 1."""
    total_points: Decimal | None = None
    """The points of all users together."""


@model
class EpochPoints(Model):
    """The points of all users, now and by epoch.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-number-of-merits-for-distribution
    """

    current_total_epoch_points: Decimal | None = None
    """Not told apart from the next by the venue; with the paper venue both are all points of the running epoch so
    far."""
    current_epoch_points: Decimal | None = None
    """Points of all users as well, which the venue does not tell apart from the one before."""
    current_epoch_id: int | None = None
    """The running epoch."""
    total_traders: int | None = None
    """How many wallets have points in it."""
    rows: tuple[EpochTotal, ...] = ()
    """One row an epoch; empty where the venue sends none."""


@model
class Stage(Model):
    """One stage as its users see it.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-information-about-stages
    """

    stage_id: int
    """The stage's id."""
    start_time: int | None = None
    """In seconds, unlike every other time."""
    end_time: int | None = None
    """In seconds; 0 or None for a stage without end."""
    status: StageStatus | None = None
    """Where it stands."""
    stage_name: str | None = None
    """Its name, for people."""
    stage_description: str | None = None
    """What it is about, for people; None where there is nothing."""
    is_continous: bool | None = None
    """Whether it has no end; the wire spells it so."""
