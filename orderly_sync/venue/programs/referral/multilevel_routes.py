"""Multilevel referral as its users see it: codes, referees and what they brought.

All figures are computed from the venue's own fills and from who is bound to whom.
"""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.multilevel import StatisticsRange
from orderly_sync.venue.engine.records import volume
from orderly_sync.venue.programs.builders.builders import account_list, known
from orderly_sync.venue.programs.referral.rebates import BASE, DIRECT, INDIRECT
from orderly_sync.venue.programs.referral.shared import (
    doubled,
    figures,
    programme,
    rebates,
    referee_row,
    referees_sorted,
    required_number,
    total,
    traded_volume,
)
from orderly_sync.venue.server.call import Call, paged
from orderly_sync.venue.server.encoding import number
from orderly_sync.venue.server.routes.route import HttpRoute, read, signed
from orderly_sync.venue.server.time_windows import DAY, asked_days, each_day

__all__ = [
    "ROUTES",
]

_ZERO = Decimal(0)
_MOST_DAYS = 92
_MOST_SUMMARY_DAYS = 366
_SUMMARY_SIZE = 20
_RANGES = {
    StatisticsRange.D1: DAY,
    StatisticsRange.D7: 7 * DAY,
    StatisticsRange.D30: 30 * DAY,
}


def _max_rate(call: Call) -> object:
    highest = call.programs.multilevel.max_rate(call.account_id, call.member.broker_id)
    return {
        "max_rebate_rate": number(highest),
        "bonus_max_rebate_rate": number(highest),
        "base_rebate_rate": number(programme(call).base_rate),
    }


def _claim(call: Call) -> object:
    code = call.programs.multilevel.claim(
        call.account_id,
        call.member.broker_id,
        rate=call.body.number("bonus_referee_rebate_rate"),
        volume=traded_volume(call),
        now=call.now,
    )
    given = call.programs.multilevel.default_referee_rate(call.account_id, call.member.broker_id)
    return {"referral_code": code.code, **doubled(default_bonus_referee_rebate_rate=given)}


def _rebate_info(call: Call) -> object:
    world, broker_id = call.programs, call.member.broker_id
    code = world.referrals.multilevel_code(call.account_id)
    found = figures(call, call.account_id).row()
    for name in ("direct_traded", "indirect_traded"):
        del found[name]
    return {
        "referral_code": None if code is None else code.code,
        **doubled(
            bonus_max_rebate_rate=world.multilevel.max_rate(call.account_id, broker_id),
            base_rebate_rate=programme(call).base_rate,
            default_bonus_referee_rebate_rate=world.multilevel.default_referee_rate(
                call.account_id, broker_id
            ),
        ),
        **found,
    }


def _update_rates(call: Call) -> None:
    rate = required_number(call, "bonus_referee_rebate_rate")
    account_ids = account_list(call, required=False)
    call.programs.multilevel.set_referees(call.account_id, call.member.broker_id, rate, account_ids)


def _reset_rates(call: Call) -> None:
    account_ids = account_list(call)
    assert account_ids is not None
    call.programs.multilevel.reset_referees(call.account_id, account_ids)


def _statistics(call: Call) -> object:
    length = _RANGES.get(call.query.required_choice("time_range", StatisticsRange))
    return figures(call, call.account_id, 0 if length is None else call.now - length).row()


def _referees(call: Call) -> object:
    address = call.query.text("address")
    direct = [call.accounts.get(each.referee) for each in call.programs.referrals.direct(call.account_id)]
    found = [
        referee_row(call, each)
        for each in direct
        if address is None or each.address.lower() == address.lower()
    ]
    return paged(call, referees_sorted(call, found), dict)


def _prerequisite(call: Call) -> object:
    return {
        "required_volume": number(programme(call).required_volume),
        "current_volume": number(traded_volume(call)),
    }


def _history(call: Call) -> object:
    """A row for each day and direct referee that traded, newest day first."""
    book, referrals = rebates(call), call.programs.referrals
    found = []
    for day, start, end in each_day(call, asked_days(call, _MOST_DAYS, required=False)):
        for binding in referrals.direct(call.account_id):
            traded = volume(book.fills(binding.referee, start, end))
            if not traded:
                continue
            mine = [
                each
                for each in book.of_trader(binding.referee, start, end)
                if each.receiver == call.account_id
            ]
            member = call.accounts.get(binding.referee)
            found.append(
                {
                    "account_id": member.account_id,
                    "user_address": member.address,
                    "referral_code": binding.code,
                    "volume": number(traded),
                    "referral_rebate": number(total(each for each in mine if each.kind == DIRECT)),
                    **doubled(base_rebate=total(each for each in mine if each.kind == BASE)),
                    "date": day,
                }
            )
    return paged(call, found, dict)


def _summary(call: Call) -> object:
    """A row for each day on which a referee traded, newest first."""
    book = rebates(call)
    direct, indirect = book.below(call.account_id)
    found = []
    for day, start, end in each_day(call, asked_days(call, _MOST_DAYS, required=False)):
        fills = [book.fills(each, start, end) for each in (*direct, *indirect)]
        traded = volume(fill for each in fills for fill in each)
        if not traded:
            continue
        found.append(
            {
                "traded_referral": sum(1 for each in fills if each),
                "referral_rebate": number(
                    total(book.earned(call.account_id, (DIRECT, INDIRECT), start, end))
                ),
                **doubled(base_rebate=total(book.earned(call.account_id, (BASE,), start, end))),
                "volume": number(traded),
                "date": day,
            }
        )
    return paged(call, found, dict)


_DAYS = ("start_date", "end_date")
_PAGE = ("page", "size")
_USER = "/v1/referral/multi_level"
ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", "/v1/referral/referral_history"): read(known(_history, *_DAYS, *_PAGE)),
    ("GET", "/v1/referral/rebate_summary"): read(known(_summary, *_DAYS, *_PAGE)),
    ("GET", f"{_USER}/max_rebate_rate"): read(known(_max_rate)),
    ("POST", f"{_USER}/claim_code"): signed(known(_claim, "bonus_referee_rebate_rate")),
    ("GET", f"{_USER}/rebate_info"): read(known(_rebate_info)),
    ("POST", f"{_USER}/rebate_rate/update"): signed(
        known(_update_rates, "bonus_referee_rebate_rate", "account_ids")
    ),
    ("POST", f"{_USER}/rebate_rate/set_default"): signed(known(_reset_rates, "account_ids")),
    ("GET", f"{_USER}/statistics"): read(known(_statistics, "time_range")),
    ("GET", f"{_USER}/referee_list"): read(known(_referees, *_PAGE, "address", "sort_by", "sort_order")),
    ("GET", f"{_USER}/volume_prerequisite"): read(known(_prerequisite)),
}
