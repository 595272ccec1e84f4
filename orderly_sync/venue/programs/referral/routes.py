"""Referral program, the older part: codes with fixed rates, bound by users before they trade.

What they earn stands in ``referral_earnings``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs

from orderly_sync.venue.engine.records import volume
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.programs.builders.builders import for_admin, is_admin, known, one_user, own_user
from orderly_sync.venue.programs.referral.rebates import DIRECT, REFEREE, Rebate, revenue
from orderly_sync.venue.programs.referral.referral import AutoReferralTerms, Code
from orderly_sync.venue.programs.referral.shared import (
    code_row,
    rebates,
    required_number,
    speaking,
    total,
    traded_volume,
)
from orderly_sync.venue.server.call import Call, paged
from orderly_sync.venue.server.encoding import number
from orderly_sync.venue.server.fields import missing
from orderly_sync.venue.server.registry import Member
from orderly_sync.venue.server.routes.route import HttpRoute, public, read, signed
from orderly_sync.venue.server.time_windows import DAY, fees
from orderly_sync.wire.error_codes import INVALID_PARAM, RESOURCE_NOT_FOUND

__all__ = [
    "ROUTES",
]

_ZERO = Decimal(0)
_MOST_DAYS = 92
_SPANS = {"1d": DAY, "7d": 7 * DAY, "30d": 30 * DAY}
_SORTS = ("total_invites", "total_traded", "referee_volume")
_RATES = ("bonus_max_rebate_rate", "bonus_referrer_rebate_rate", "bonus_referee_rebate_rate")


# Admin.


def _asked_code(call: Call) -> Code:
    owner = own_user(call, call.body.required_text("account_id"))
    return Code(
        code=call.body.required_text("referral_code"),
        owner=owner.account_id,
        broker_id=owner.broker_id,
        created_time=call.now,
        max_rate=required_number(call, "bonus_max_rebate_rate"),
        referrer_rate=required_number(call, "bonus_referrer_rebate_rate"),
        referee_rate=required_number(call, "bonus_referee_rebate_rate"),
    )


def _create(call: Call) -> None:
    call.programs.referrals.add(_asked_code(call))


def _update(call: Call) -> None:
    new, referrals = _asked_code(call), call.programs.referrals
    old = referrals.code(new.code)
    if old.is_multilevel or old.owner != new.owner:
        raise Refused(INVALID_PARAM, f"{new.owner} has no referral code {new.code} with rates of its own")
    referrals.change(attrs.evolve(new, created_time=old.created_time, is_automatic=old.is_automatic))


def _edit_split(call: Call) -> None:
    """The owner of the code, or the builder's admin, shares its rate anew."""
    referrals = call.programs.referrals
    old = referrals.code(call.body.required_text("referral_code"))
    if old.is_multilevel or not (old.owner == call.account_id or is_admin(call)):
        raise Refused(INVALID_PARAM, f"this account has no referral code {old.code} with rates of its own")
    referrals.change(
        attrs.evolve(
            old,
            referrer_rate=required_number(call, "bonus_referrer_rebate_rate"),
            referee_rate=required_number(call, "bonus_referee_rebate_rate"),
        )
    )


def _brought(call: Call, owner: str, code: str | None = None) -> list[Rebate]:
    """What a referrer's direct referees brought to anybody, by one code or all."""
    book = rebates(call)
    direct = call.programs.referrals.direct(owner)
    return [
        each for binding in direct if code in {None, binding.code} for each in book.of_trader(binding.referee)
    ]


def _referrer_row(call: Call, member: Member) -> dict[str, Any]:
    referrals, book = call.programs.referrals, rebates(call)
    direct = referrals.direct(member.account_id)
    fills = [fill for binding in direct for fill in book.fills(binding.referee)]

    def row(code: Code) -> dict[str, Any]:
        brought = _brought(call, member.account_id, code.code)
        return {
            **code_row(call, code),
            "total_referrer_rebate": number(total(each for each in brought if each.kind == DIRECT)),
            "total_referee_rebate": number(total(each for each in brought if each.kind == REFEREE)),
        }

    codes = referrals.codes_of(member.account_id)
    return {
        "account_id": member.account_id,
        "user_address": member.address,
        "number_of_codes": len(codes),
        "total_invites": len(direct),
        "total_traded": sum(1 for binding in direct if book.fills(binding.referee)),
        "referee_volume": number(volume(fills)),
        "referee_fee": number(fees(fills)),
        "orderly_fee": number(fees(fills) - sum((revenue(fill) + fill.tag_fee for fill in fills), _ZERO)),
        "referral_codes": [row(code) for code in codes],
    }


def _admin_info(call: Call) -> Any:
    user, sort = one_user(call, "account_id", "user_address"), call.query.text("sort_by")
    if sort not in {None, *_SORTS}:
        raise Refused(INVALID_PARAM, f"sort_by must be one of {', '.join(_SORTS)}")
    owners = call.programs.referrals.owners(call.member.broker_id)
    found = [
        _referrer_row(call, call.accounts.get(owner))
        for owner in owners
        if user is None or owner == user.account_id
    ]
    if sort is not None:
        found.sort(key=lambda row: Decimal(bytes(row[sort]).decode() if sort == _SORTS[2] else row[sort]))
        found.reverse()
    return paged(call, found, dict)


def _edit_description(call: Call) -> None:
    address = call.body.required_text("user_address")
    owners = call.programs.referrals.owners(call.member.broker_id)
    if not any(call.accounts.get(owner).address.lower() == address.lower() for owner in owners):
        raise Refused(RESOURCE_NOT_FOUND, f"the wallet {address} has no referral code of this builder")
    call.programs.referrals.describe(f"broker {call.member.broker_id}", address, _description(call))


def _edit_referee_description(call: Call) -> None:
    address = call.body.required_text("user_address")
    direct = (each.referee for each in call.programs.referrals.direct(call.account_id))
    if not any(call.accounts.get(each).address.lower() == address.lower() for each in direct):
        raise Refused(RESOURCE_NOT_FOUND, f"the wallet {address} is no direct referee of this account")
    call.programs.referrals.describe(call.account_id, address, _description(call))


def _description(call: Call) -> str | None:
    """Null clears; an empty text is one."""
    value = call.body.raw("description")
    if value is not None and not isinstance(value, str):
        raise Refused(INVALID_PARAM, "description must be a text")
    return value


def _auto_update(call: Call) -> None:
    enable = call.body.flag("enable")
    if enable is None:
        raise missing("enable")
    broker_id = call.member.broker_id
    call.programs.referrals.set_auto(
        broker_id,
        AutoReferralTerms(
            required_trading_volume=required_number(call, "required_trading_volume"),
            max_rebate=required_number(call, "max_rebate"),
            referrer_rebate=required_number(call, "referrer_rebate"),
            referee_rebate=required_number(call, "referee_rebate"),
            enable=enable,
            description=call.body.text("description") or "",
        ),
    )


def _auto_info(call: Call) -> Any:
    auto = call.programs.referrals.auto(call.member.broker_id)
    return {
        "required_trading_volume": number(auto.required_trading_volume),
        "max_rebate": number(auto.max_rebate),
        "referrer_rebate": number(auto.referrer_rebate),
        "referee_rebate": number(auto.referee_rebate),
        "description": auto.description,
        "enable": auto.enable,
    }


# Everyone.


def _auto_progress(call: Call) -> Any:
    """The code is made when an account that has traded enough looks; until then there is none."""
    referrals, done = call.programs.referrals, traded_volume(call)
    auto = referrals.auto(call.member.broker_id)
    earned = auto.enable and done >= auto.required_trading_volume
    code = referrals.automatic(call.account_id, call.member.broker_id, call.now).code if earned else None
    return {
        "required_volume": number(auto.required_trading_volume),
        "completed_volume": number(done),
        "auto_referral_code": code,
    }


def _check(call: Call) -> Any:
    account = call.accounts.get(call.query.required_text("account_id"))
    binding = call.programs.referrals.binding(account.account_id)
    return {"referral_code": None if binding is None else binding.code}


def _verify(call: Call) -> Any:
    exists = call.programs.referrals.exists(call.query.required_text("referral_code"))
    return {"exist": "true" if exists else "false"}


def _bind(call: Call) -> None:
    """Only before the first trade: the funds an account opens with count as no deposit here (assumed)."""
    code = call.body.required_text("referral_code")
    if call.exchange.fills(call.account_id):
        raise Refused(INVALID_PARAM, "a referral code must be bound before the first trade")
    call.programs.referrals.bind(call.account_id, call.member.broker_id, code, call.now)


def _rename(call: Call) -> None:
    old, new = (call.body.required_text(f"{which}_referral_code") for which in ("current", "new"))
    call.programs.referrals.rename(call.account_id, old, new)


_PAGE = ("page", "size")
ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("POST", "/v1/referral/create"): signed(
        for_admin(speaking(known(_create, "account_id", "referral_code", *_RATES)))
    ),
    ("POST", "/v1/referral/update"): signed(
        for_admin(speaking(known(_update, "account_id", "referral_code", *_RATES)))
    ),
    ("GET", "/v1/referral/admin_info"): read(
        for_admin(known(_admin_info, *_PAGE, "user_address", "account_id", "sort_by"))
    ),
    ("GET", "/v1/public/referral/check_ref_code"): public(known(_check, "account_id")),
    ("GET", "/v1/public/referral/verify_ref_code"): public(known(_verify, "referral_code")),
    ("POST", "/v1/referral/bind"): signed(speaking(known(_bind, "referral_code"))),
    ("POST", "/v1/referral/edit_split"): signed(speaking(known(_edit_split, "referral_code", *_RATES[1:]))),
    ("POST", "/v1/referral/edit_description"): signed(
        for_admin(known(_edit_description, "user_address", "description"))
    ),
    ("POST", "/v1/referral/edit_referee_description"): signed(
        known(_edit_referee_description, "user_address", "description")
    ),
    ("POST", "/v1/referral/auto_referral/update"): signed(
        for_admin(
            known(
                _auto_update,
                *("required_trading_volume", "max_rebate", "referrer_rebate", "referee_rebate"),
                *("enable", "description"),
            )
        )
    ),
    ("GET", "/v1/referral/auto_referral/info"): read(for_admin(known(_auto_info))),
    ("GET", "/v1/referral/auto_referral/progress"): read(known(_auto_progress)),
    ("POST", "/v1/referral/edit_referral_code"): signed(
        speaking(known(_rename, "current_referral_code", "new_referral_code"))
    ),
}
