"""A builder's tier and revenue, for its admin: from the venue's own fills. The tier itself is a data set."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.venue.engine.records import volume
from orderly_sync.venue.programs.builders.builders import fills_of, for_admin, known, members
from orderly_sync.venue.programs.builders.fees import BASE_MAKER, BASE_TAKER
from orderly_sync.venue.programs.referral.rebates import revenue
from orderly_sync.venue.programs.referral.shared import rebates, total
from orderly_sync.venue.server.call import Call, rows
from orderly_sync.venue.server.encoding import ZERO, number
from orderly_sync.venue.server.routes.route import HttpRoute, read
from orderly_sync.venue.server.time_windows import DAY, asked_days, date_of, day_start, since

__all__ = ["ROUTES"]

_MOST_DAYS = 180
_ZERO = Decimal(0)
_TIER = "DIAMOND"


def _info(call: Call) -> object:
    users = members(call, call.member.broker_id)
    fills = since(fills_of(call, users), call.now - 30 * DAY)
    stake = call.programs.staking.stake(call.member.address)
    return {
        "broker_id": call.member.broker_id,
        "total_staked_balance": number(stake.total),
        "volume_last_30_days": number(volume(fills)),
        "type": _TIER,
        "base_maker_fee_rate": number(BASE_MAKER),
        "base_taker_fee_rate": number(BASE_TAKER),
        "base_rwa_maker_fee_rate": number(BASE_MAKER),
        "base_rwa_taker_fee_rate": number(BASE_TAKER),
        "updated_time": call.now,
    }


def _tag_fees(call: Call, start: int, end: int) -> Decimal:
    """What the builder's tags brought, whoever's users sent the orders."""
    prefix = f"enum:{call.member.broker_id}:"
    return sum(
        (
            fill.tag_fee
            for fill in since(fills_of(call, members(call)), start, end)
            if (fill.order_tag or "").startswith(prefix)
        ),
        _ZERO,
    )


def _revenue(call: Call) -> object:
    """A row for each settlement day since the venue opened; what it settles was earned the day before."""
    first, last = asked_days(call, _MOST_DAYS)
    opened = day_start(date_of(call.markets.opening)) + DAY
    users, book, found = members(call, call.member.broker_id), rebates(call), []
    start, end = max(day_start(first), opened), min(day_start(last), call.now)
    for settled in range(start, end + 1, DAY):
        fills = since(fills_of(call, users), settled - DAY, settled)
        given = total(
            each for user in users for each in book.of_trader(user.account_id, settled - DAY, settled)
        )
        own = sum((revenue(fill) for fill in fills), _ZERO) - given
        tagged = _tag_fees(call, settled - DAY, settled)
        found.append(
            {
                "date": date_of(settled).isoformat(),
                "permissionless_listing_fee_share": ZERO,
                "distributor_fee_share": ZERO,
                "builder_fee_revenue": number(own),
                "cross_broker_fee": number(tagged),
                "total_revenue": number(own + tagged),
            }
        )
    return rows(reversed(found), dict)


ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", "/v1/broker/broker_info"): read(for_admin(known(_info))),
    ("GET", "/v1/broker/daily_fee_revenue"): read(for_admin(known(_revenue, "start_date", "end_date"))),
}
