"""Sub-accounts: what a main account may do with them. Its keys act for them, named in orderly-account-id."""

from __future__ import annotations

from typing import Any

from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server import wallets
from orderly_sync.venue.server.call import Call, rows
from orderly_sync.venue.server.registry import Member
from orderly_sync.venue.server.routes.route import HttpRoute, read, signed
from orderly_sync.venue.server.rows import holding_row, position_row
from orderly_sync.wire.error_codes import INVALID_PARAM, RESOURCE_NOT_FOUND

__all__ = ["ROUTES", "main_account"]

_LONGEST_DESCRIPTION = 256
_MOST = 100
"""Sub-accounts of one account; the API states no number [assumed]."""


def main_account(call: Call) -> Member:
    """The asking account.

    Raises:
        Refused: -1005, it is a sub-account.
    """
    if call.member.main_id is not None:
        raise Refused(INVALID_PARAM, "this is for main accounts only")
    return call.member


def _description(call: Call) -> str:
    text = call.body.text("description") or ""
    if len(text) > _LONGEST_DESCRIPTION:
        raise Refused(INVALID_PARAM, f"description may have {_LONGEST_DESCRIPTION} characters")
    return text


def _add(call: Call) -> object:
    main, description = main_account(call), _description(call)
    count = len(call.accounts.subs(main.account_id))
    if count >= _MOST:
        raise Refused(INVALID_PARAM, f"an account may have {_MOST} sub-accounts")
    issued = wallets.keccak(f"{main.account_id.lower()}/sub-account/{count + 1}".encode())
    made = call.accounts.open(
        "0x" + issued.hex(),
        address=main.address,
        broker_id=main.broker_id,
        main_id=main.account_id,
        description=description,
        delegate=main.delegate,
    )
    return {"sub_account_id": made.account_id, "description": made.description}


def _list(call: Call) -> object:
    main = main_account(call)

    def row(sub: Member) -> dict[str, object]:
        return {"sub_account_id": sub.account_id, "description": sub.description}

    return {"main_account_id": main.account_id, **rows(call.accounts.subs(main.account_id), row)}


def _update(call: Call) -> Any:
    main = main_account(call)
    sub = call.accounts.get(call.body.required_text("sub_account_id"))
    if sub.main_id != main.account_id:
        raise Refused(RESOURCE_NOT_FOUND, f"{sub.account_id} is no sub-account of this account")
    sub.description = _description(call)


def _family(call: Call) -> list[Member]:
    """The main account and its sub-accounts."""
    main = main_account(call)
    return [main, *call.accounts.subs(main.account_id)]


def _positions(call: Call) -> object:
    return {
        "rows": [
            {"account_id": member.account_id, **position_row(position, call.reports.next_seq(), call.now)}
            for member in _family(call)
            for position in call.exchange.positions(member.account_id)
        ]
    }


def _holdings(call: Call) -> object:
    def row(member: Member) -> dict[str, object]:
        return {
            "account_id": member.account_id,
            **holding_row(call.exchange.holding(member.account_id)),
        }

    return rows(_family(call), row)


ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("POST", "/v1/client/add_sub_account"): signed(_add),
    ("GET", "/v1/client/sub_account"): read(_list),
    ("POST", "/v1/client/update_sub_account"): signed(_update),
    ("GET", "/v1/client/aggregate/positions"): read(_positions),
    ("GET", "/v1/client/aggregate/holding"): read(_holdings),
}
