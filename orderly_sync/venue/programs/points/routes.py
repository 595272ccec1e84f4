"""Points and merits: stages that admins set up, weekly epochs, and ranks by the venue's own trades.

The wallet counts, with all its accounts. Merits are points of an epoch without boosts (assumed).
"""

from __future__ import annotations

from decimal import Decimal

import attrs

from orderly_sync.models.points import PointsPeriod, StageStatus
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.programs.builders.builders import for_admin, known, members
from orderly_sync.venue.programs.points.points import EPOCH_DAYS, Earned, PointsEpoch, PointsStage, earned
from orderly_sync.venue.server.call import Call, paged, rows
from orderly_sync.venue.server.encoding import number
from orderly_sync.venue.server.fields import missing
from orderly_sync.venue.server.registry import Member
from orderly_sync.venue.server.routes.route import HttpRoute, public, read, signed
from orderly_sync.venue.server.time_windows import DAY, since, taken_date
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["ROUTES"]

_ZERO = Decimal(0)
_RANKING_SIZE = 20
_TIERS = (10_000, 1_000, 100, 1)
"""Merits from which on a wallet is of tier 1, 2, 3, 4; below it is 5 (assumed)."""
_WEEK = 7 * DAY


@attrs.frozen(kw_only=True)
class _Score:
    """The points of one wallet."""

    address: str
    trading: Decimal = _ZERO
    pnl: Decimal = _ZERO
    referral: Decimal = _ZERO

    @property
    def total(self) -> Decimal:
        return self.trading + self.pnl + self.referral


def _wallets(users: list[Member]) -> dict[str, list[Member]]:
    """Accounts by their wallet."""
    found: dict[str, list[Member]] = {}
    for each in users:
        found.setdefault(each.address, []).append(each)
    return found


def _tier(points: Decimal) -> int:
    return next((place for place, least in enumerate(_TIERS, 1) if points >= least), len(_TIERS) + 1)


def _ranked(scores: list[_Score]) -> list[_Score]:
    """Those who have points, most first."""
    return sorted((each for each in scores if each.total), key=lambda each: each.total, reverse=True)


def _rank(scores: list[_Score], address: str) -> int:
    """A wallet's place, 0 for none."""
    return next((place for place, each in enumerate(scores, 1) if each.address.lower() == address.lower()), 0)


# Merits, by epoch.


def _merits(call: Call, start: int, end: int) -> list[_Score]:
    scores = []
    for address, accounts in _wallets(members(call)).items():
        fills = [
            fill for each in accounts for fill in since(call.exchange.fills(each.account_id), start, end)
        ]
        points = earned(fills)
        scores.append(_Score(address=address, trading=points.trading, pnl=points.pnl))
    return _ranked(scores)


def _of_epoch(call: Call, epoch: PointsEpoch) -> list[_Score]:
    return _merits(call, epoch.start, epoch.end)


def _leaderboard(call: Call) -> object:
    points = call.programs.points
    epoch = points.epoch(call.query.whole("epoch_id"), call.now)
    first, last = call.query.whole("start_r") or 1, call.query.whole("end_r")
    if first < 1 or (last is not None and last < first):
        raise Refused(INVALID_PARAM, "start_r and end_r count from 1, and start_r comes first")
    before = _of_epoch(call, points.epoch(epoch.epoch_id - 1, call.now)) if epoch.epoch_id > 1 else []
    ranked = list(enumerate(_of_epoch(call, epoch), 1))[first - 1 : last]

    def row(each: tuple[int, _Score]) -> dict[str, object]:
        place, score = each
        return {
            "rank": place,
            "tier": _tier(score.total),
            "address": score.address,
            "points": number(score.total),
            "previous_rank": _rank(before, score.address),
        }

    return {"epoch_id": epoch.epoch_id, **paged(call, ranked, row)}


def _points_of(scores: list[_Score], address: str) -> Decimal:
    return sum((each.total for each in scores if each.address.lower() == address.lower()), _ZERO)


def _user(call: Call) -> object:
    """Any wallet may be asked for; one without an account has no points and rank 0."""
    address = call.query.required_text("address")
    epochs = call.programs.points.epochs(call.now)
    by_epoch = [(epoch, _of_epoch(call, epoch)) for epoch in epochs]
    ever = _merits(call, 0, 2**62)
    total = sum((_points_of(scores, address) for _, scores in by_epoch), _ZERO)
    return {
        "total_points": number(total),
        "global_rank": _rank(ever, address),
        "tier": _tier(total),
        "current_epoch_points": number(_points_of(by_epoch[-1][1], address)),
        "current_epoch_rank": _rank(by_epoch[-1][1], address),
        **rows(
            reversed(by_epoch),
            lambda each: {
                "rank": _rank(each[1], address),
                "epoch_id": each[0].epoch_id,
                "points": number(_points_of(each[1], address)),
            },
        ),
    }


def _epoch_dates(call: Call) -> object:
    return rows(
        call.programs.points.epochs(call.now),
        lambda epoch: {
            "epoch_start_date": epoch.start,
            "epoch_id": epoch.epoch_id,
            "epoch_end_date": epoch.end,
        },
    )


def _epoch(call: Call) -> object:
    """Rows rank the epochs by their points."""
    epochs = call.programs.points.epochs(call.now)
    totals = {epoch.epoch_id: sum((each.total for each in _of_epoch(call, epoch)), _ZERO) for epoch in epochs}
    places = sorted(totals, key=lambda epoch_id: totals[epoch_id], reverse=True)
    current = epochs[-1]
    return {
        "current_total_epoch_points": number(totals[current.epoch_id]),
        "current_epoch_points": number(totals[current.epoch_id]),
        "current_epoch_id": current.epoch_id,
        "total_traders": len(_of_epoch(call, current)),
        **rows(
            reversed(epochs),
            lambda epoch: {
                "rank": places.index(epoch.epoch_id) + 1,
                "epoch_id": epoch.epoch_id,
                "total_points": number(totals[epoch.epoch_id]),
            },
        ),
    }


# Stages.


def _own(call: Call, stage: PointsStage, account_id: str, start: int, end: int) -> Earned:
    first, last = max(start, stage.start), end if stage.end is None else min(end, stage.end)
    fills = since(call.exchange.fills(account_id), first, last)
    return earned(fills, volume_boost=stage.volume_boost, pnl_boost=stage.pnl_boost)


def _score(
    call: Call, stage: PointsStage, address: str, accounts: list[Member], span: tuple[int, int]
) -> _Score:
    """A wallet's points of a stage within a span; referees of two levels add to them."""
    referrals = call.programs.referrals

    def below(account_id: str) -> list[str]:
        return [binding.referee for binding in referrals.direct(account_id)]

    def points(account_ids: list[str]) -> Decimal:
        return sum((_own(call, stage, each, *span).total for each in account_ids), _ZERO)

    own = [_own(call, stage, each.account_id, *span) for each in accounts]
    first = [referee for each in accounts for referee in below(each.account_id)]
    second = [referee for each in first for referee in below(each)]
    return _Score(
        address=address,
        trading=sum((each.trading for each in own), _ZERO),
        pnl=sum((each.pnl for each in own), _ZERO),
        referral=round(points(first) * stage.l1_boost + points(second) * stage.l2_boost, 8),
    )


def _scores(call: Call, stage: PointsStage, span: tuple[int, int]) -> list[_Score]:
    users = _wallets(members(call, stage.broker_id))
    return _ranked([_score(call, stage, address, each, span) for address, each in users.items()])


def _spans(call: Call) -> dict[PointsPeriod, tuple[int, int]]:
    """The spans that are ranked; weeks are those of the epochs."""
    week = call.programs.points.epoch(None, call.now).start
    return {
        PointsPeriod.ALL_TIME: (0, 2**62),
        PointsPeriod.THIS_WEEK: (week, week + _WEEK),
        PointsPeriod.LAST_WEEK: (week - _WEEK, week),
    }


def _asked_stage(call: Call) -> PointsStage:
    return call.programs.points.stage(call.query.required_whole("stage"))


def _rankings(call: Call) -> object:
    stage, period = _asked_stage(call), call.query.required_choice("period", PointsPeriod)
    ranked = list(enumerate(_scores(call, stage, _spans(call)[period]), 1))
    return paged(
        call,
        ranked,
        lambda each: {
            "rank": each[0],
            "address": each[1].address,
            "total_points": number(each[1].total),
        },
        _RANKING_SIZE,
    )


def _statistics(call: Call) -> object:
    stage, address, spans = _asked_stage(call), call.member.address, _spans(call)

    def of(period: PointsPeriod) -> tuple[_Score, int]:
        scores = _scores(call, stage, spans[period])
        place = _rank(scores, address)
        return (scores[place - 1] if place else _Score(address=address)), place

    def week(period: PointsPeriod) -> dict[str, object]:
        score, place = of(period)
        return {**_parts(score), "rank": place}

    score, place = of(PointsPeriod.ALL_TIME)
    return {
        "stage": stage.stage_id,
        "address": address,
        **_parts(score),
        "stage_rank": place,
        "stage_points": number(score.total),
        "weekly_breakdown": {
            "this_week": week(PointsPeriod.THIS_WEEK),
            "last_week": week(PointsPeriod.LAST_WEEK),
        },
    }


def _parts(score: _Score) -> dict[str, object]:
    return {
        "trading_point": number(score.trading),
        "pnl_point": number(score.pnl),
        "referral_point": number(score.referral),
    }


def _stages(call: Call) -> object:
    """Pending ones are shown only if they are asked for; times are in seconds, 0 for a stage without end."""
    broker_id, stage_id = call.query.required_text("broker_id"), call.query.whole("stage_id")
    status = call.query.choice("status", StageStatus)

    def row(stage: PointsStage) -> dict[str, object]:
        return {
            "stage_id": stage.stage_id,
            "start_time": stage.start // 1000,
            "end_time": (stage.end or 0) // 1000,
            "status": stage.status(call.now),
            "stage_name": stage.name,
            "stage_description": f"{stage.name} of {broker_id}",
            "is_continous": stage.is_continuous,
        }

    def wanted(stage: PointsStage) -> bool:
        now = stage.status(call.now)
        return now != "pending" if status is None else now == status.value

    found = call.programs.points.stages(broker_id)
    return rows(
        [each for each in found if wanted(each) and stage_id in {None, each.stage_id}],
        row,
    )


# Admin.


def _parameters(call: Call) -> object:
    stage_id = call.query.whole("stage_id")

    def row(stage: PointsStage) -> dict[str, object]:
        return {
            "stage_id": stage.stage_id,
            "stage_name": stage.name,
            "start_date": stage.first.isoformat(),
            "end_date": None if stage.last is None else stage.last.isoformat(),
            "epoch_period": EPOCH_DAYS,
            "volume_boost": number(stage.volume_boost),
            "pnl_boost": number(stage.pnl_boost),
            "l1_referral_boost": number(stage.l1_boost),
            "l2_referral_boost": number(stage.l2_boost),
            "status": stage.status(call.now),
            "is_continous": stage.is_continuous,
        }

    found = call.programs.points.stages(call.member.broker_id)
    return rows([each for each in found if stage_id in {None, each.stage_id}], row)


def _boost(call: Call, name: str) -> Decimal:
    value = call.body.number(name)
    if value is None:
        raise missing(name)
    return value


def _save(call: Call) -> None:
    first, continuous = taken_date(call.body, "start_date"), call.body.flag("is_continous")
    if first is None:
        raise missing("start_date")
    if continuous is None:
        raise missing("is_continous")
    call.programs.points.save(
        call.body.whole("stage_id"),
        broker_id=call.member.broker_id,
        name=call.body.required_text("stage_name"),
        first=first,
        last=taken_date(call.body, "end_date"),
        volume_boost=_boost(call, "volume_boost"),
        pnl_boost=_boost(call, "pnl_boost"),
        l1_boost=_boost(call, "l1_referral_boost"),
        l2_boost=_boost(call, "l2_referral_boost"),
        is_continuous=continuous,
    )


def _delete(call: Call) -> None:
    call.programs.points.delete(call.query.required_whole("stage_id"), call.member.broker_id)


_STAGE = "/v1/admin/points/stage"
_PUBLIC = "/v1/public/points"
_FIELDS = ("stage_id", "stage_name", "start_date", "end_date", "is_continous")
_BOOSTS = ("volume_boost", "pnl_boost", "l1_referral_boost", "l2_referral_boost")
ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", _STAGE): read(for_admin(known(_parameters, "stage_id"))),
    ("POST", _STAGE): signed(for_admin(known(_save, *_FIELDS, *_BOOSTS))),
    ("DELETE", _STAGE): signed(for_admin(known(_delete, "stage_id"))),
    ("GET", f"{_PUBLIC}/leaderboard"): public(
        known(_leaderboard, "start_r", "end_r", "epoch_id", "page", "size")
    ),
    ("GET", "/v1/client/points"): public(known(_user, "address")),
    ("GET", "/v1/client/points/user_statistics"): read(known(_statistics, "stage")),
    ("GET", f"{_PUBLIC}/epoch_dates"): public(known(_epoch_dates)),
    ("GET", f"{_PUBLIC}/rankings"): public(known(_rankings, "stage", "page", "size", "period")),
    ("GET", f"{_PUBLIC}/epoch"): public(known(_epoch)),
    ("GET", f"{_PUBLIC}/stages"): public(known(_stages, "stage_id", "status", "broker_id")),
}
