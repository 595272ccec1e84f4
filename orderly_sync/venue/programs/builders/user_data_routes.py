"""User data for builders: volumes and fees of their users by day, and the leaderboard. All from the venue's trades."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import attrs

from orderly_sync.models.builder_admin import DailyVolumeAggregate, LeaderboardAggregate
from orderly_sync.venue.engine.records import Fill, volume
from orderly_sync.venue.programs.builders.builders import checked_broker, for_admin, known, members, ordered
from orderly_sync.venue.programs.referral.rebates import revenue
from orderly_sync.venue.server.call import Call, paged
from orderly_sync.venue.server.encoding import number
from orderly_sync.venue.server.registry import Member
from orderly_sync.venue.server.routes.route import HttpRoute, read
from orderly_sync.venue.server.time_windows import asked_days, each_day, fees, pnl, since

__all__ = ["ROUTES"]

_MOST_DAYS = 90
_ZERO = Decimal(0)


@attrs.frozen(kw_only=True)
class _Line:
    """What one or several users did on one or several days."""

    date: str
    account_id: str
    address: str
    broker_id: str
    fills: tuple[Fill, ...]

    @property
    def maker_volume(self) -> Decimal:
        return volume(fill for fill in self.fills if fill.is_maker)

    @property
    def taker_volume(self) -> Decimal:
        return volume(fill for fill in self.fills if not fill.is_maker)

    @property
    def volume(self) -> Decimal:
        return volume(self.fills)

    @property
    def total_fee(self) -> Decimal:
        return fees(self.fills)

    @property
    def broker_fee(self) -> Decimal:
        return sum((revenue(fill) for fill in self.fills), _ZERO)

    @property
    def realized_pnl(self) -> Decimal:
        return pnl(self.fills)


_SORTS: dict[str, Callable[[_Line], object]] = {
    "broker_fee": lambda line: line.broker_fee,
    "perp_maker_volume": lambda line: line.maker_volume,
    "perp_taker_volume": lambda line: line.taker_volume,
    "perp_volume": lambda line: line.volume,
    "total_fee": lambda line: line.total_fee,
}
_LEADER_SORTS = {"realized_pnl": lambda line: line.realized_pnl, "perp_volume": _SORTS["perp_volume"]}


def _lines(call: Call, users: Iterable[Member]) -> list[_Line]:
    """A line for each user and day with a trade, newest day first."""
    address, tag = call.query.text("address"), call.query.text("order_tag")
    days = list(each_day(call, asked_days(call, _MOST_DAYS)))
    lines = []
    for user in users:
        if address is not None and user.address.lower() != address.lower():
            continue
        kept = [fill for fill in call.exchange.fills(user.account_id) if tag is None or fill.order_tag == tag]
        for day, start, end in days:
            fills = tuple(since(kept, start, end))
            if fills:
                lines.append(_line(user, day, fills))
    return sorted(lines, key=lambda line: line.date, reverse=True)


def _line(user: Member, day: str, fills: tuple[Fill, ...]) -> _Line:
    return _Line(
        date=day, account_id=user.account_id, address=user.address, broker_id=user.broker_id, fills=fills
    )


def _summed(lines: list[_Line], key: Callable[[_Line], object]) -> list[_Line]:
    """Lines of equal key as one, which shows the first one's user and day."""
    groups: dict[object, list[_Line]] = {}
    for line in lines:
        groups.setdefault(key(line), []).append(line)
    return [
        attrs.evolve(group[0], fills=tuple(fill for line in group for fill in line.fills))
        for group in groups.values()
    ]


def _row(line: _Line, taker: str) -> dict[str, object]:
    return {
        "account_id": line.account_id,
        "date": line.date,
        "perp_volume": number(line.volume),
        "perp_maker_volume": number(line.maker_volume),
        taker: number(line.taker_volume),
        "total_fee": number(line.total_fee),
        "broker_fee": number(line.broker_fee),
        "address": line.address,
        "realized_pnl": number(line.realized_pnl),
    }


def _daily(call: Call) -> Any:
    """The taker volume has the misspelt name that the real venue gives it."""
    lines = _lines(call, members(call, call.member.broker_id))
    aggregate = call.query.choice("aggregateBy", DailyVolumeAggregate)
    if aggregate is DailyVolumeAggregate.DATE:
        lines = _summed(lines, lambda line: line.date)
    elif aggregate is DailyVolumeAggregate.ACCOUNT:
        lines = _summed(lines, lambda line: line.account_id)
    page = paged(call, ordered(call.query, lines, _SORTS), lambda line: _row(line, "perp_taker_volum"))
    return {"snapshot_time": call.now, **page}


def _leaderboard(call: Call) -> Any:
    lines = _lines(call, members(call, checked_broker(call)))
    aggregate = call.query.choice("aggregateBy", LeaderboardAggregate)
    if aggregate is LeaderboardAggregate.ADDRESS:
        lines = _summed(lines, lambda line: line.address.lower())
    elif aggregate is LeaderboardAggregate.ADDRESS_PER_BUILDER:
        lines = _summed(lines, lambda line: (line.address.lower(), line.broker_id))

    def row(line: _Line) -> dict[str, object]:
        return {**_row(line, "perp_taker_volume"), "broker_id": line.broker_id}

    return {"snapshot_time": call.now, **paged(call, ordered(call.query, lines, _LEADER_SORTS), row)}


_COMMON = ("start_date", "end_date", "page", "size", "address", "order_tag", "aggregateBy", "sort")
ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", "/v1/volume/broker/daily"): read(for_admin(known(_daily, *_COMMON))),
    ("GET", "/v1/broker/leaderboard/daily"): read(known(_leaderboard, *_COMMON, "broker_id")),
}
