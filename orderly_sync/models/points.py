"""Points: stages, epochs, ranks and what users have earned."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeVar

import attrs

from orderly_sync.models.base import Model, OpenEnum, Page, model

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
    """Where a stage stands."""

    PENDING = "pending"
    ACTIVE = "active"
    COMPLETED = "completed"


class PointsPeriod(OpenEnum):
    """Which points are ranked."""

    ALL_TIME = "all_time"
    LAST_WEEK = "last_week"
    THIS_WEEK = "this_week"


@model
class StageParameters(Model):
    """One stage as its admin set it; dates as ``YYYY-MM-DD``."""

    stage_id: int
    stage_name: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    epoch_period: int | None = None
    """Days in an epoch."""
    volume_boost: Decimal | None = None
    pnl_boost: Decimal | None = None
    l1_referral_boost: Decimal | None = None
    l2_referral_boost: Decimal | None = None
    status: StageStatus | None = None
    is_continous: bool | None = None
    """Whether it has no end; the wire spells it so."""


@model
class PointsRow(Model):
    """One line of an epoch's leaderboard."""

    rank: int | None = None
    tier: int | None = None
    address: str | None = None
    points: Decimal | None = None
    previous_rank: int | None = None


@attrs.define(eq=False, repr=False)
class PointsLeaderboard(Page[T]):
    """A page of an epoch's leaderboard."""

    epoch_id: int | None = None


@model
class UserEpochPoints(Model):
    """A user's points of one epoch."""

    epoch_id: int
    rank: int | None = None
    points: Decimal | None = None


@model
class UserPoints(Model):
    """A user's points, in total and by epoch."""

    total_points: Decimal | None = None
    global_rank: int | None = None
    tier: int | None = None
    current_epoch_points: Decimal | None = None
    current_epoch_rank: int | None = None
    rows: tuple[UserEpochPoints, ...] = ()


@model
class WeekPoints(Model):
    """A user's points of one week."""

    trading_point: Decimal | None = None
    pnl_point: Decimal | None = None
    referral_point: Decimal | None = None
    rank: int | None = None


@model
class WeeklyBreakdown(Model):
    """A user's points of this week and the last."""

    this_week: WeekPoints | None = None
    last_week: WeekPoints | None = None


@model
class UserStagePoints(Model):
    """A user's points of one stage."""

    stage: int | None = None
    address: str | None = None
    trading_point: Decimal | None = None
    pnl_point: Decimal | None = None
    referral_point: Decimal | None = None
    stage_rank: int | None = None
    stage_points: Decimal | None = None
    weekly_breakdown: WeeklyBreakdown | None = None


@model
class EpochDates(Model):
    """When an epoch starts and ends, ms."""

    epoch_id: int
    epoch_start_date: int | None = None
    epoch_end_date: int | None = None


@model
class StageRank(Model):
    """One line of a stage's ranking."""

    rank: int | None = None
    address: str | None = None
    total_points: Decimal | None = None


@model
class EpochTotal(Model):
    """All points of one epoch."""

    epoch_id: int
    rank: int | None = None
    total_points: Decimal | None = None


@model
class EpochPoints(Model):
    """The points of all users, now and by epoch."""

    current_total_epoch_points: Decimal | None = None
    current_epoch_points: Decimal | None = None
    current_epoch_id: int | None = None
    total_traders: int | None = None
    rows: tuple[EpochTotal, ...] = ()


@model
class Stage(Model):
    """One stage as its users see it."""

    stage_id: int
    start_time: int | None = None
    """In seconds, unlike every other time."""
    end_time: int | None = None
    """In seconds."""
    status: StageStatus | None = None
    stage_name: str | None = None
    stage_description: str | None = None
    is_continous: bool | None = None
    """Whether it has no end; the wire spells it so."""
