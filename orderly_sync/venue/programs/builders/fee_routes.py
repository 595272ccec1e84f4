"""Fee setting, for a builder's admin. The rates apply: the exchange charges them from the next trade on."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.programs.builders.builders import (
    account_list,
    admin,
    for_admin,
    known,
    members,
    one_user,
)
from orderly_sync.venue.programs.builders.fees import UserRates
from orderly_sync.venue.server.call import Call, paged
from orderly_sync.venue.server.encoding import number
from orderly_sync.venue.server.fields import missing
from orderly_sync.venue.server.registry import Member
from orderly_sync.venue.server.routes.route import HttpRoute, read, signed
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["ROUTES"]

_RATES = ("maker_fee_rate", "taker_fee_rate", "rwa_taker_fee_rate", "rwa_maker_fee_rate")


def _rates_row(rates: UserRates) -> dict[str, object]:
    return {
        "maker_fee_rate": number(rates.maker),
        "taker_fee_rate": number(rates.taker),
        "rwa_taker_fee_rate": number(rates.rwa_taker),
        "rwa_maker_fee_rate": number(rates.rwa_maker),
    }


def _asked_rates(call: Call, old: UserRates) -> UserRates:
    """The rates of the body; those for real world assets stay where they are absent."""

    def required(name: str) -> Decimal:
        value = call.body.number(name)
        if value is None:
            raise missing(name)
        return value

    def kept(name: str, before: Decimal) -> Decimal:
        value = call.body.number(name)
        return before if value is None else value

    return UserRates(
        maker=required("maker_fee_rate"),
        taker=required("taker_fee_rate"),
        rwa_maker=kept("rwa_maker_fee_rate", old.rwa_maker),
        rwa_taker=kept("rwa_taker_fee_rate", old.rwa_taker),
    )


def _apply(call: Call, account_ids: Iterable[str]) -> None:
    for account_id in account_ids:
        rates = call.programs.fees.rates(account_id, call.member.broker_id)
        call.accounts.set_fees(account_id, rates.trading)


def _user_info(call: Call) -> object:
    user = one_user(call, "account_id", "address")
    if user is None:
        raise Refused(INVALID_PARAM, "account_id or address is required")
    fees = call.programs.fees

    def row(member: Member) -> dict[str, object]:
        return {
            "account_id": member.account_id,
            "address": member.address,
            "is_default_fee_rate": "true" if fees.is_default(member.account_id) else "false",
            **_rates_row(fees.rates(member.account_id, member.broker_id)),
        }

    return paged(call, [user], row)


def _set(call: Call) -> None:
    account_ids = account_list(call)
    assert account_ids is not None
    fees = call.programs.fees
    fees.set_own(account_ids, _asked_rates(call, fees.default(call.member.broker_id)))
    _apply(call, account_ids)


def _set_default(call: Call) -> None:
    account_ids = account_list(call)
    assert account_ids is not None
    call.programs.fees.reset(account_ids)
    _apply(call, account_ids)


def _default(call: Call) -> object:
    return _rates_row(call.programs.fees.default(call.member.broker_id))


def _update_default(call: Call) -> None:
    fees, broker_id = call.programs.fees, admin(call).broker_id
    fees.set_default(broker_id, _asked_rates(call, fees.default(broker_id)))
    users = (each.account_id for each in members(call, broker_id))
    _apply(call, [each for each in users if fees.is_default(each)])


ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", "/v1/broker/user_info"): read(
        for_admin(known(_user_info, "account_id", "address", "page", "size"))
    ),
    ("POST", "/v1/broker/fee_rate/set"): signed(for_admin(known(_set, *_RATES, "account_ids"))),
    ("POST", "/v1/broker/fee_rate/set_default"): signed(for_admin(known(_set_default, "account_ids"))),
    ("GET", "/v1/broker/fee_rate/default"): read(for_admin(known(_default))),
    ("POST", "/v1/broker/fee_rate/default"): signed(for_admin(known(_update_default, *_RATES))),
}
