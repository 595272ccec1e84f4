"""Referral program: what referrers and referees have earned in either programme.

Rebates are shares of what the builder earns by a trade, computed from the venue's own fills. They are shown as paid on
the next UTC day; balances do not change by them.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from orderly_sync.models.distribution import DistributionStatus, DistributionType
from orderly_sync.venue.engine.records import volume
from orderly_sync.venue.programs.builders.builders import is_admin, known, members, ordered
from orderly_sync.venue.programs.referral.rebates import BASE, DIRECT, INDIRECT, REFEREE, revenue
from orderly_sync.venue.programs.referral.referral import Binding
from orderly_sync.venue.programs.referral.shared import code_row, doubled, rebates, total
from orderly_sync.venue.server.call import Call, paged, rows
from orderly_sync.venue.server.encoding import number
from orderly_sync.venue.server.routes.route import HttpRoute, read
from orderly_sync.venue.server.time_windows import DAY, asked_days, asked_window, date_of, each_day, since

__all__ = ["ROUTES"]

_ZERO = Decimal(0)
_MOST_DAYS = 92
_SPANS = {"1d": DAY, "7d": 7 * DAY, "30d": 30 * DAY}


def _referrer_info(call: Call) -> dict[str, Any]:
    referrals, book = call.programs.referrals, rebates(call)
    direct = referrals.direct(call.account_id)
    row: dict[str, Any] = {}
    for name, length in {**_SPANS, "total": call.now}.items():
        start = call.now - length
        fills = {each.referee: book.fills(each.referee, start) for each in direct}
        rebate = book.earned(call.account_id, (DIRECT, INDIRECT, BASE), start)
        row |= {
            f"{name}_invites": sum(1 for each in direct if each.since >= start),
            f"{name}_traded": sum(1 for each in fills.values() if each),
            f"{name}_referee_volume": number(volume(fill for each in fills.values() for fill in each)),
            f"{name}_referrer_rebate": number(total(rebate)),
        }
    row["referral_codes"] = [
        {
            **code_row(call, code),
            "total_invites": sum(1 for each in direct if each.code == code.code),
            "total_traded": sum(1 for each in direct if each.code == code.code and book.fills(each.referee)),
        }
        for code in referrals.codes_of(call.account_id)
    ]
    return row


def _info(call: Call) -> Any:
    binding = call.programs.referrals.binding(call.account_id)
    rate = call.programs.multilevel.referee_rate(call.account_id, call.member.broker_id)
    book = rebates(call)
    referee = {
        f"{name}_referee_rebate": number(total(book.earned(call.account_id, [REFEREE], call.now - length)))
        for name, length in {**_SPANS, "total": call.now}.items()
    }
    return {
        "referrer_info": _referrer_info(call),
        "referee_info": {
            "referer_code": None if binding is None else binding.code,
            **doubled(bonus_referee_rebate_rate=rate),
            **referee,
        },
    }


def _daily(call: Call, *, required: bool) -> list[tuple[str, int, int]]:
    return list(each_day(call, asked_days(call, _MOST_DAYS, required=required)))


def _referee_days(call: Call, *, required: bool) -> list[dict[str, Any]]:
    """The days on which this account earned or traded as a referee."""
    book, found = rebates(call), []
    for day, start, end in _daily(call, required=required):
        traded = volume(book.fills(call.account_id, start, end))
        if traded:
            rebate = total(book.earned(call.account_id, [REFEREE], start, end))
            found.append({"volume": number(traded), "referee_rebate": number(rebate), "date": day})
    return found


def _referee_history(call: Call) -> Any:
    return paged(call, _referee_days(call, required=False), dict)


def _referee_rebates(call: Call) -> Any:
    return rows(
        _referee_days(call, required=True),
        lambda row: {"referee_rebate": row["referee_rebate"], "date": row["date"]},
    )


def _referees(call: Call) -> Any:
    book = rebates(call)
    direct = call.programs.referrals.direct(call.account_id)

    def brought(referee: str) -> Decimal:
        return total(
            each
            for each in book.of_trader(referee)
            if each.receiver == call.account_id and each.kind == DIRECT
        )

    keys: dict[str, Callable[[Any], Any]] = {
        "code_binding_time": lambda each: each.since,
        "referral_rebate": lambda each: brought(each.referee),
        "volume": lambda each: volume(book.fills(each.referee)),
    }

    def row(binding: Binding) -> dict[str, Any]:
        member = call.accounts.get(binding.referee)
        traded = volume(book.fills(binding.referee))
        return {
            "account_id": member.account_id,
            "user_address": member.address,
            "register_time": member.registered,
            "code_binding_time": binding.since,
            "referral_code": binding.code,
            "volume": number(traded),
            "referral_rebate": number(brought(binding.referee)),
            "trade_status": "Traded" if traded else "Registered",
        }

    return paged(call, ordered(call.query, direct, keys), row)


def _distributions(call: Call) -> Any:
    """Rebates of whole UTC days, paid when the day was over; a builder's admin also gets what is left of the fees."""
    status = call.query.choice("status", DistributionStatus)
    kind = call.query.choice("type", DistributionType)
    start, end = asked_window(call)
    found = [
        row
        for row in _paid(call)
        if start <= row["created_time"] <= end
        and (kind is None or row["type"] == _WRITTEN.get(kind.value, kind.value))
        and status in {None, DistributionStatus.COMPLETED}
    ]
    return paged(call, found, dict)


_WRITTEN = {"REFERRER_REBATE": "REFERRAL_REBATE"}


def _paid(call: Call) -> list[dict[str, Any]]:
    """All distributions to an account, newest first; ids follow from day and type."""
    found = []
    for number_, (_, start, end) in enumerate(reversed(_all_days(call))):
        if end > call.now:
            continue
        amounts = {
            "REFERRAL_REBATE": (DIRECT, INDIRECT, BASE),
            "REFEREE_REBATE": (REFEREE,),
        }
        for place, (kind, ways) in enumerate(amounts.items()):
            amount = total(rebates(call).earned(call.account_id, ways, start, end))
            found.append((kind, amount, number_ * 3 + place + 1, end))
        found.append(("BROKER_FEE", _broker_fee(call, start, end), number_ * 3 + 3, end))
    return [
        {
            "id": id_,
            "token": "USDC",
            "type": kind,
            "amount": number(amount),
            "status": "COMPLETED",
            "created_time": end,
            "updated_time": end,
        }
        for kind, amount, id_, end in reversed(found)
        if amount
    ]


def _all_days(call: Call) -> list[tuple[str, int, int]]:
    return list(each_day(call, (date_of(call.markets.opening), date_of(call.now))))


def _broker_fee(call: Call, start: int, end: int) -> Decimal:
    """What the builder kept of a day's fees; only its admin is paid."""
    if not is_admin(call):
        return _ZERO
    users = members(call, call.member.broker_id)
    book = rebates(call)
    fills = [fill for each in users for fill in since(call.exchange.fills(each.account_id), start, end)]
    given = total(each for user in users for each in book.of_trader(user.account_id, start, end))
    return sum((revenue(fill) + fill.tag_fee for fill in fills), _ZERO) - given


_DAYS = ("start_date", "end_date")
_PAGE = ("page", "size")
ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", "/v1/referral/info"): read(known(_info)),
    ("GET", "/v1/referral/referee_history"): read(known(_referee_history, *_DAYS, *_PAGE)),
    ("GET", "/v1/referral/referee_info"): read(known(_referees, *_PAGE, "sort")),
    ("GET", "/v1/referral/referee_rebate_summary"): read(known(_referee_rebates, *_DAYS)),
    ("GET", "/v1/client/distribution_history"): read(
        known(_distributions, "status", "type", "start_t", "end_t", *_PAGE)
    ),
}
