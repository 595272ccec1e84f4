"""What the referral sections share: rebates over the venue's own fills, and the figures of a referrer."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import attrs

from orderly_sync.venue.engine.records import Fill, volume
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.programs.referral.multilevel import Programme
from orderly_sync.venue.programs.referral.rebates import BASE, DIRECT, INDIRECT, Rebate, Rebates, revenue
from orderly_sync.venue.programs.referral.referral import Code, UnknownCode
from orderly_sync.venue.server.call import Bare, Call, Declined, Handler
from orderly_sync.venue.server.encoding import number
from orderly_sync.venue.server.fields import missing
from orderly_sync.venue.server.registry import Member
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = [
    "Figures",
    "code_row",
    "doubled",
    "earned",
    "figures",
    "programme",
    "rebates",
    "referee_row",
    "referees_sorted",
    "required_number",
    "speaking",
    "total",
    "traded_volume",
]

_ZERO = Decimal(0)
_REFEREE_SORTS = (
    "code_binding_time",
    "referral_rebate_rate",
    "referee_rebate_rate",
    "direct_invites",
    "indirect_invites",
    "direct_volume",
    "indirect_volume",
)


def rebates(call: Call) -> Rebates:
    """Who earned what by whom."""
    return Rebates(
        call.programs.referrals,
        call.programs.multilevel,
        call.exchange.fills,
        lambda account_id: call.accounts.get(account_id).broker_id,
    )


def total(found: Iterable[Rebate]) -> Decimal:
    """The sum of rebates, USDC."""
    return sum((each.amount for each in found), _ZERO)


def earned(call: Call, kinds: Iterable[str], start: int = 0, end: int | None = None) -> Decimal:
    """What the account that asks earned in some ways, USDC."""
    return total(rebates(call).earned(call.account_id, kinds, start, end))


def traded_volume(call: Call) -> Decimal:
    """What the account that asks has traded, USDC."""
    return volume(call.exchange.fills(call.account_id))


def doubled(**rates: Decimal) -> dict[str, object]:
    """Each figure under its present name and under the older one, which the real venue still sends."""
    older = {
        "bonus_max_rebate_rate": "max_rebate_rate",
        "bonus_referrer_rebate_rate": "referrer_rebate_rate",
        "bonus_referee_rebate_rate": "referee_rebate_rate",
        "default_bonus_referee_rebate_rate": "default_referee_rebate_rate",
        "base_rebate_rate": "direct_bonus_rebate_rate",
        "base_rebate": "direct_bonus_rebate",
        "total_base_rebate": "total_direct_bonus_rebate",
    }
    row: dict[str, object] = {}
    for name, value in rates.items():
        row[name] = number(value)
        if name in older:
            row[older[name]] = number(value)
    return row


def speaking(handler: Handler) -> Handler:
    """The handler, but an unknown code is refused by name, as this section does."""

    def named(call: Call) -> object:
        try:
            return handler(call)
        except UnknownCode as exc:
            body = {"success": False, "code": "INVALID_CODE", "message": exc.message, "timestamp": call.now}
            raise Declined(Bare(body, 400)) from None

    return named


@attrs.frozen(kw_only=True)
class Figures:
    """What a referrer's referees did in a window, and what it earned by it."""

    direct_invites: int
    indirect_invites: int
    direct_traded: int
    indirect_traded: int
    direct_volume: Decimal
    indirect_volume: Decimal
    broker_fee: Decimal
    direct_rebate: Decimal
    indirect_rebate: Decimal
    base_rebate: Decimal

    def row(self, *, prefix: str = "") -> dict[str, object]:
        """All of it but the builder's fee, its names after a prefix."""
        base = number(self.base_rebate)
        return {
            f"{prefix}direct_invites": self.direct_invites,
            f"{prefix}indirect_invites": self.indirect_invites,
            f"{prefix}direct_traded": self.direct_traded,
            f"{prefix}indirect_traded": self.indirect_traded,
            f"{prefix}direct_volume": number(self.direct_volume),
            f"{prefix}indirect_volume": number(self.indirect_volume),
            f"{prefix}direct_rebate": number(self.direct_rebate),
            f"{prefix}indirect_rebate": number(self.indirect_rebate),
            f"{prefix}direct_bonus_rebate": base,
            f"{prefix}base_rebate": base,
        }


def figures(call: Call, account_id: str, start: int = 0, end: int | None = None) -> Figures:
    """The figures of one referrer, in a window from ``start`` until before ``end``, ms."""
    book = rebates(call)

    def invited(accounts: Iterable[str]) -> int:
        bound = (call.programs.referrals.binding(each) for each in accounts)
        return sum(1 for each in bound if each and start <= each.since and (end is None or each.since < end))

    def fills(accounts: Iterable[str]) -> list[list[Fill]]:
        return [book.fills(each, start, end) for each in accounts]

    def amount(kind: str) -> Decimal:
        return total(book.earned(account_id, [kind], start, end))

    direct, indirect = book.below(account_id)
    near, far = fills(direct), fills(indirect)
    return Figures(
        direct_invites=invited(direct),
        indirect_invites=invited(indirect),
        direct_traded=sum(1 for each in near if each),
        indirect_traded=sum(1 for each in far if each),
        direct_volume=sum((volume(each) for each in near), _ZERO),
        indirect_volume=sum((volume(each) for each in far), _ZERO),
        broker_fee=sum((revenue(fill) for each in (*near, *far) for fill in each), _ZERO),
        direct_rebate=amount(DIRECT),
        indirect_rebate=amount(INDIRECT),
        base_rebate=amount(BASE),
    )


def referee_row(call: Call, referee: Member) -> dict[str, object]:
    """A referee as its referrer sees it: binding, rates, what it and its own referees brought."""
    world, broker = call.programs, referee.broker_id
    binding = world.referrals.binding(referee.account_id)
    assert binding is not None
    code = world.referrals.code(binding.code)
    own = figures(call, referee.account_id)
    mine = list(rebates(call).of_trader(referee.account_id))
    upline = [
        each
        for below in rebates(call).below(referee.account_id)
        for trader in below
        for each in rebates(call).of_trader(trader)
        if each.receiver == code.owner
    ]
    kept = world.multilevel.referrer_rate(referee.account_id, broker)
    given = world.multilevel.referee_rate(referee.account_id, broker)

    def sum_of(kind: str) -> Decimal:
        return total(each for each in mine if each.kind == kind and each.receiver == code.owner)

    return {
        "address": referee.address,
        "account_id": referee.account_id,
        "code_binding_time": binding.since,
        "bind_type": "multi_level" if code.is_multilevel else "legacy",
        "bind_code": binding.code,
        "referral_rebate_rate": number(kept),
        "bonus_referrer_rebate_rate": number(kept),
        "referee_rebate_rate": number(given),
        "bonus_referee_rebate_rate": number(given),
        "is_default_rate": world.multilevel.has_default_rate(referee.account_id),
        "direct_invites": own.direct_invites,
        "indirect_invites": own.indirect_invites,
        "direct_volume": number(volume(rebates(call).fills(referee.account_id))),
        "indirect_volume": number(own.direct_volume + own.indirect_volume),
        "direct_rebate": number(sum_of(DIRECT)),
        "indirect_rebate": number(total(upline)),
        **doubled(base_rebate=sum_of(BASE)),
    }


def required_number(call: Call, name: str) -> Decimal:
    """A number of the body that must be there."""
    value = call.body.number(name)
    if value is None:
        raise missing(name)
    return value


def code_row(call: Call, code: Code) -> dict[str, Any]:
    """A code and its rates."""
    world = call.programs
    given = world.multilevel.default_referee_rate(code.owner, code.broker_id)
    highest = world.multilevel.max_rate(code.owner, code.broker_id)
    return {
        "code": code.code,
        **doubled(
            bonus_max_rebate_rate=highest if code.is_multilevel else code.max_rate,
            bonus_referrer_rebate_rate=highest - given if code.is_multilevel else code.referrer_rate,
            bonus_referee_rebate_rate=given if code.is_multilevel else code.referee_rate,
        ),
    }


def programme(call: Call) -> Programme:
    """How the builder of whoever asks runs the programme."""
    return call.programs.multilevel.programme(call.member.broker_id)


def referees_sorted(call: Call, found: list[dict[str, object]]) -> list[dict[str, object]]:
    """Rows as ``sort_by`` and ``sort_order`` ask, newest binding first without."""
    key, order = call.query.text("sort_by"), call.query.text("sort_order")
    if key not in {None, *_REFEREE_SORTS}:
        raise Refused(INVALID_PARAM, f"sort_by must be one of {', '.join(_REFEREE_SORTS)}")
    if order not in {None, "ascending", "descending"}:
        raise Refused(INVALID_PARAM, "sort_order must be ascending or descending")
    name = key or "code_binding_time"
    return sorted(found, key=lambda row: _plain(row[name]), reverse=order != "ascending")


def _plain(value: Any) -> Decimal:
    """A figure of a row, whether it is ready for the wire or not."""
    return Decimal(value) if isinstance(value, (int, Decimal)) else Decimal(bytes(value).decode())
