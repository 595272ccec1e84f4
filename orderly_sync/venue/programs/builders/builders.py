"""Builders and their users: who belongs to whom, who is admin, and whom an admin asks about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from orderly_sync.venue.engine.records import Fill
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.account_service import Accounts
from orderly_sync.venue.server.call import Call, Handler
from orderly_sync.venue.server.constants import BROKERS
from orderly_sync.venue.server.fields import Fields, missing
from orderly_sync.venue.server.registry import Member
from orderly_sync.wire.error_codes import INVALID_PARAM, RESOURCE_NOT_FOUND, UNAUTHORIZED, UNKNOWN_PARAM

__all__ = [
    "account_list",
    "admin",
    "brokers",
    "checked_broker",
    "fills_of",
    "for_admin",
    "is_admin",
    "is_admin_of",
    "known",
    "members",
    "members_of",
    "one_user",
    "ordered",
    "own_user",
]

_MOST_ACCOUNTS = 500


def members(call: Call, broker_id: str | None = None) -> list[Member]:
    """The accounts of a builder, or of all of them, oldest first."""
    return members_of(call.accounts, broker_id)


def members_of(accounts: Accounts, broker_id: str | None = None) -> list[Member]:
    """The same, where nobody calls."""
    return [each for each in accounts.members.values() if broker_id in {None, each.broker_id}]


def brokers(call: Call) -> list[str]:
    """The builders that users may register with, and those that have users."""
    return list(dict.fromkeys([*BROKERS, *(each.broker_id for each in call.accounts.members.values())]))


def checked_broker(call: Call) -> str | None:
    """The ``broker_id`` of the path or the query; an unknown one is refused with -1006."""
    broker_id = call.slots.get("broker_id") or call.query.text("broker_id")
    if broker_id is not None and broker_id not in brokers(call):
        raise Refused(RESOURCE_NOT_FOUND, f"builder {broker_id} does not exist")
    return broker_id


def fills_of(call: Call, users: Sequence[Member]) -> list[Fill]:
    """The fills of some accounts, newest first."""
    found = [fill for each in users for fill in call.exchange.fills(each.account_id)]
    return sorted(found, key=lambda fill: (fill.ts, fill.trade_id), reverse=True)


def admin(call: Call) -> Member:
    """The account that asks, if it is its builder's admin: the first main account that registered (assumed).

    Raises:
        Refused: -1002, it is not.
    """
    if not is_admin(call):
        raise Refused(UNAUTHORIZED, "only the builder's admin may call this")
    return call.member


def is_admin(call: Call) -> bool:
    """Whether the account that asks is its builder's admin."""
    return is_admin_of(call.accounts, call.member)


def is_admin_of(accounts: Accounts, member: Member) -> bool:
    """Whether an account is its builder's admin."""
    mains = (each for each in members_of(accounts, member.broker_id) if each.main_id is None)
    return next(mains).account_id == member.account_id


def for_admin(handler: Handler) -> Handler:
    """The handler behind a check that a builder's admin asks."""

    def checked(call: Call) -> object:
        admin(call)
        return handler(call)

    return checked


def known(handler: Handler, *names: str) -> Handler:
    """The handler behind a check that all parameters are among these; others are refused with -1004."""
    expected = frozenset(names)

    def checked(call: Call) -> object:
        for fields in (call.query, call.body):
            for name in fields.all():
                if name not in expected:
                    raise Refused(UNKNOWN_PARAM, f"{call.method} {call.path} has no parameter {name}")
        return handler(call)

    return checked


def own_user(call: Call, account_id: str) -> Member:
    """An account of the builder that asks; raises Refused -1006."""
    member = call.accounts.get(account_id)
    if member.broker_id != call.member.broker_id:
        raise Refused(RESOURCE_NOT_FOUND, f"account {account_id} is not one of this builder's users")
    return member


def one_user(call: Call, account: str, address: str) -> Member | None:
    """The builder's user that two parameters name, by account or by wallet; None where both are absent.

    Raises:
        Refused: -1005 both are given, -1006 there is no such user.
    """
    account_id, wallet = call.query.text(account), call.query.text(address)
    if account_id is not None and wallet is not None:
        raise Refused(INVALID_PARAM, f"only one of {account} and {address} can be given")
    if account_id is not None:
        return own_user(call, account_id)
    if wallet is None:
        return None
    found = call.accounts.of_wallet(wallet, call.member.broker_id)
    if not found:
        raise Refused(RESOURCE_NOT_FOUND, f"no user of this builder has the wallet {wallet}")
    return found[0]


def account_list(call: Call, *, required: bool = True) -> list[str] | None:
    """The ``account_ids`` of the body, all of them users of the builder that asks.

    Raises:
        Refused: -1005 they are missing, too many or no texts; -1006 one is no user of the builder.
    """
    value = call.body.raw("account_ids")
    if value is None and not required:
        return None
    if value is None:
        raise missing("account_ids")
    if (
        not isinstance(value, list)
        or not 1 <= len(value) <= _MOST_ACCOUNTS
        or not all(isinstance(each, str) for each in value)
    ):
        raise Refused(INVALID_PARAM, f"account_ids must be a list of 1 to {_MOST_ACCOUNTS} texts")
    return [own_user(call, each).account_id for each in value]


def ordered(
    fields: Fields, items: list[Any], keys: dict[str, Callable[[Any], Any]], name: str = "sort"
) -> list[Any]:
    """Items as a parameter such as ``ascending_volume`` or ``descending_volume`` asks; unchanged without it.

    Raises:
        Refused: -1005, it asks for something else.
    """
    wanted = fields.text(name)
    if wanted is None:
        return items
    direction, _, key = wanted.partition("_")
    if direction not in {"ascending", "descending"} or key not in keys:
        raise Refused(
            INVALID_PARAM, f"{name} {wanted!r} must be ascending_ or descending_ and {', '.join(keys)}"
        )
    return sorted(items, key=keys[key], reverse=direction == "descending")
