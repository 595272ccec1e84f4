"""Multilevel referral as its builder's admin runs it: settings, affiliates, all referees, sums."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import attrs

from orderly_sync.models.multilevel import AffiliateSort, SummaryAggregate
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.programs.builders.builders import (
    account_list,
    for_admin,
    known,
    members,
    one_user,
    own_user,
)
from orderly_sync.venue.programs.referral.multilevel import Programme
from orderly_sync.venue.programs.referral.shared import (
    Figures,
    doubled,
    figures,
    programme,
    rebates,
    referee_row,
    referees_sorted,
    required_number,
    speaking,
    total,
)
from orderly_sync.venue.server.call import Call, paged
from orderly_sync.venue.server.encoding import number
from orderly_sync.venue.server.fields import missing
from orderly_sync.venue.server.registry import Member
from orderly_sync.venue.server.routes.route import HttpRoute, read, signed
from orderly_sync.venue.server.time_windows import asked_days, each_day
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["ROUTES"]

_MOST_SUMMARY_DAYS = 366
_SUMMARY_SIZE = 20


def _config(call: Call) -> Any:
    settings = programme(call)
    return {
        "enable": settings.enable,
        "required_volume": number(settings.required_volume),
        **doubled(bonus_max_rebate_rate=settings.bonus_rate, base_rebate_rate=settings.base_rate),
        "rebate_basis_mode": "BUILDER_REVENUE",
    }


def _configure(call: Call) -> Any:
    """``total_rebate`` is what all users have earned so far (assumed)."""
    enable = call.body.flag("enable")
    if enable is None:
        raise missing("enable")
    broker_id = call.member.broker_id
    settings = Programme(
        enable=enable,
        required_volume=required_number(call, "required_volume"),
        bonus_rate=required_number(call, "default_bonus_rebate_rate"),
        base_rate=required_number(call, "base_rebate_rate"),
    )
    call.programs.multilevel.configure(broker_id, settings)
    users = members(call, broker_id)
    book = rebates(call)
    paid = total(each for user in users for each in book.of_trader(user.account_id))
    return {"total_rebate": bytes(number(paid) or b"").decode()}


def _update(call: Call) -> None:
    old = programme(call)

    def given(name: str, before: Decimal) -> Decimal:
        value = call.body.number(name)
        return before if value is None else value

    new = attrs.evolve(
        old,
        required_volume=given("required_volume", old.required_volume),
        bonus_rate=given("default_bonus_rebate_rate", old.bonus_rate),
        base_rate=given("base_rebate_rate", old.base_rate),
    )
    call.programs.multilevel.configure(call.member.broker_id, new)


def _update_affiliates(call: Call) -> None:
    account_ids = account_list(call)
    assert account_ids is not None
    call.programs.multilevel.set_affiliates(account_ids, required_number(call, "bonus_rebate_rate"))


def _reset_affiliates(call: Call) -> None:
    account_ids = account_list(call)
    assert account_ids is not None
    call.programs.multilevel.reset_affiliates(account_ids)


def _create_affiliate(call: Call) -> None:
    owner = own_user(call, call.body.required_text("account_id"))
    call.programs.multilevel.create(
        owner.account_id,
        owner.broker_id,
        code=call.body.text("referral_code"),
        rate=required_number(call, "bonus_max_rebate_rate"),
        now=call.now,
    )


def _affiliate_row(call: Call, member: Member, found: Figures) -> dict[str, Any]:
    world, broker_id = call.programs, member.broker_id
    code = world.referrals.multilevel_code(member.account_id)
    binding = world.referrals.binding(member.account_id)
    above = world.referrals.upline(member.account_id)
    assert code is not None
    return {
        "account_id": member.account_id,
        "user_address": member.address,
        "referral_code": code.code,
        "referrer_account_id": above,
        "referrer_address": None if above is None else call.accounts.get(above).address,
        "bound_code": None if binding is None else binding.code,
        "level": world.multilevel.level(member.account_id),
        **doubled(
            bonus_max_rebate_rate=world.multilevel.max_rate(member.account_id, broker_id),
            default_bonus_referee_rebate_rate=world.multilevel.default_referee_rate(
                member.account_id, broker_id
            ),
            base_rebate_rate=programme(call).base_rate,
        ),
        **found.row(prefix="total_"),
        "broker_fee": number(found.broker_fee),
    }


_AFFILIATE_SORTS: dict[AffiliateSort, Callable[[tuple[Member, Figures, Decimal]], Any]] = {
    AffiliateSort.TOTAL_INVITES: lambda each: each[1].direct_invites + each[1].indirect_invites,
    AffiliateSort.TOTAL_TRADED: lambda each: each[1].direct_traded + each[1].indirect_traded,
    AffiliateSort.REFEREE_VOLUME: lambda each: each[1].direct_volume + each[1].indirect_volume,
    AffiliateSort.BONUS_MAX_REBATE_RATE: lambda each: each[2],
}


def _affiliates(call: Call) -> Any:
    user = one_user(call, "account_id", "user_address")
    referrer = one_user(call, "referrer_account", "referrer_address")
    sort, level = call.query.choice("sort_by", AffiliateSort), call.query.whole("level")
    world, broker_id = call.programs, call.member.broker_id
    found = [
        (
            each,
            figures(call, each.account_id),
            world.multilevel.max_rate(each.account_id, broker_id),
        )
        for each in members(call, broker_id)
        if world.referrals.multilevel_code(each.account_id) is not None
        and (user is None or each.account_id == user.account_id)
        and (referrer is None or world.referrals.upline(each.account_id) == referrer.account_id)
        and level in {None, world.multilevel.level(each.account_id)}
    ]
    if sort is not None:
        found.sort(key=_AFFILIATE_SORTS[sort], reverse=True)
    return paged(call, found, lambda each: _affiliate_row(call, each[0], each[1]))


def _all_referees(call: Call) -> Any:
    user = one_user(call, "account_id", "user_address")
    referrer = one_user(call, "referrer_account", "referrer_address")
    referrals, found = call.programs.referrals, []
    for member in members(call, call.member.broker_id):
        above = referrals.upline(member.account_id)
        if above is None or (user is not None and member.account_id != user.account_id):
            continue
        if referrer is None or above == referrer.account_id:
            owner = call.accounts.get(above)
            row = referee_row(call, member)
            row |= {"referrer_address": owner.address, "referrer_account_id": owner.account_id}
            found.append(row)
    return paged(call, referees_sorted(call, found), dict)


def _summed(found: list[Figures]) -> Figures:
    names = [field.name for field in attrs.fields(Figures)]
    return Figures(**{name: sum(getattr(each, name) for each in found) for name in names})


def _admin_summary(call: Call) -> Any:
    """By account a row for each referrer; by date one for each day, with all referrers together."""
    aggregate = call.query.required_choice("aggregate_by", SummaryAggregate)
    user = one_user(call, "account_id", "user_address")
    days = list(each_day(call, asked_days(call, _MOST_SUMMARY_DAYS)))
    owners = [
        call.accounts.get(each)
        for each in call.programs.referrals.owners(call.member.broker_id)
        if user is None or each == user.account_id
    ]
    found: list[tuple[str, str, str, Figures]] = []
    if aggregate is SummaryAggregate.ACCOUNT_ID:
        for owner in owners if days else ():
            part = figures(call, owner.account_id, days[-1][1], days[0][2])
            found.append((owner.account_id, owner.address, "", part))
    else:
        for day, start, end in days if owners else ():
            parts = [figures(call, owner.account_id, start, end) for owner in owners]
            found.append(("", "", day, _summed(parts)))
    return paged(call, _summary_sorted(call, found), _summary_row, _SUMMARY_SIZE)


_SUMMARY_SORTS: dict[str, Callable[[Figures], Any]] = {
    "broker_fee": lambda each: each.broker_fee,
    "total_volume": lambda each: each.direct_volume + each.indirect_volume,
    "total_invites": lambda each: each.direct_invites + each.indirect_invites,
}


def _summary_sorted(
    call: Call, found: list[tuple[str, str, str, Figures]]
) -> list[tuple[str, str, str, Figures]]:
    sort = call.query.text("sort_by")
    if sort is None:
        return found
    if sort not in _SUMMARY_SORTS:
        raise Refused(INVALID_PARAM, f"sort_by must be one of {', '.join(_SUMMARY_SORTS)}")
    return sorted(found, key=lambda each: _SUMMARY_SORTS[sort](each[3]), reverse=True)


def _summary_row(each: tuple[str, str, str, Figures]) -> dict[str, Any]:
    account_id, address, day, found = each
    return {
        "account_id": account_id,
        "user_address": address,
        **found.row(prefix="total_"),
        "total_invites": found.direct_invites + found.indirect_invites,
        "total_volume": number(found.direct_volume + found.indirect_volume),
        "broker_fee": number(found.broker_fee),
        "date": day,
    }


_DAYS = ("start_date", "end_date")
_PAGE = ("page", "size")
_REFERRER = ("user_address", "account_id", "referrer_account", "referrer_address")
_ADMIN = "/v1/referral/multi_level/admin"
ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", _ADMIN): read(for_admin(known(_config))),
    ("POST", _ADMIN): signed(
        for_admin(
            known(_configure, "enable", "required_volume", "default_bonus_rebate_rate", "base_rebate_rate")
        )
    ),
    ("POST", f"{_ADMIN}/update"): signed(
        for_admin(known(_update, "required_volume", "default_bonus_rebate_rate", "base_rebate_rate"))
    ),
    ("POST", f"{_ADMIN}/update/affiliate"): signed(
        for_admin(known(_update_affiliates, "bonus_rebate_rate", "account_ids"))
    ),
    ("POST", f"{_ADMIN}/reset/affiliate"): signed(for_admin(known(_reset_affiliates, "account_ids"))),
    ("GET", f"{_ADMIN}/info"): read(for_admin(known(_affiliates, *_REFERRER, *_PAGE, "sort_by", "level"))),
    ("GET", f"{_ADMIN}/referee_list"): read(
        for_admin(known(_all_referees, *_REFERRER, *_PAGE, "sort_by", "sort_order"))
    ),
    ("GET", f"{_ADMIN}/summary"): read(
        for_admin(
            known(
                _admin_summary,
                *(*_DAYS, *_PAGE, "aggregate_by", "account_id", "user_address", "sort_by"),
            )
        )
    ),
    ("POST", f"{_ADMIN}/create/affiliate"): signed(
        for_admin(speaking(known(_create_affiliate, "account_id", "referral_code", "bonus_max_rebate_rate")))
    ),
}
