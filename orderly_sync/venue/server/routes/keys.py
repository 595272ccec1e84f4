"""Key management: what may act for an account, until when, and from where."""

from __future__ import annotations

from typing import Any

import base58

from orderly_sync.models.account_enums import IpRestrictionStatus, KeyScope, KeyStatus
from orderly_sync.models.message import (
    AddOrderlyKeyMessage,
    AddSpOrderlyKeyMessage,
    DelegateAddOrderlyKeyMessage,
)
from orderly_sync.signing import PREFIX
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server import notification_rows, wallets
from orderly_sync.venue.server.auth import RegisteredKey, ip_span
from orderly_sync.venue.server.call import Call, rows
from orderly_sync.venue.server.registry import Member
from orderly_sync.venue.server.routes.route import HttpRoute, public, read, signed
from orderly_sync.venue.server.signed import demand_signer, read_signed
from orderly_sync.wire.error_codes import DUPLICATE_REQUEST, INVALID_PARAM, RESOURCE_NOT_FOUND

__all__ = ["ROUTES", "add_key"]

_YEAR_MS = 365 * 86_400_000
_KEY_BYTES = 32
_NEVER = 4_102_444_800_000
"""What is shown for a key that does not end: the year 2100."""
_MOST_ADDRESSES = 100


def _add(call: Call) -> object:
    message, signer = read_signed(call, AddOrderlyKeyMessage)
    owner = message.sub_account_id or wallets.account_id(signer, message.broker_id)
    member = call.accounts.get(owner)
    demand_signer(signer, member.signer)
    if member.broker_id != message.broker_id:
        raise Refused(INVALID_PARAM, f"account {owner} belongs to builder {member.broker_id}")
    return add_key(call, member, message, message.tag or "")


def add_key(
    call: Call,
    member: Member,
    message: AddOrderlyKeyMessage | DelegateAddOrderlyKeyMessage | AddSpOrderlyKeyMessage,
    tag: str,
) -> object:
    """Let the key of a verified message act for an account.

    Raises:
        Refused: -1005, the key, its scope or its end make no sense; -1007, the account has or had this key.
    """
    wall, own = call.accounts.clocks()
    if not wall < message.expiration <= max(wall, own) + _YEAR_MS:
        raise Refused(INVALID_PARAM, "expiration must lie in the future and at most 365 days ahead")
    known = call.accounts.keys.get(message.orderly_key, member.account_id)
    if known is not None:  # The struct has no nonce: who kept the message could bring a removed key back.
        raise Refused(
            DUPLICATE_REQUEST,
            "this key was added before" if known.is_active else "a removed key stays removed",
        )
    key = RegisteredKey(
        public=_public(message.orderly_key),
        account_id=member.account_id,
        scopes=_scopes(message.scope),
        expires=message.expiration,
        number=call.accounts.keys.count + 1,
        tag=tag,
    )
    call.accounts.keys.add(key)
    call.reports.write(member, notification_rows.key_added(key.public, key.scope), call.now)
    return {"id": key.number, "orderly_key": key.public}


def _public(text: str) -> str:
    try:
        raw = base58.b58decode(text.removeprefix(PREFIX))
    except ValueError:
        raw = b""
    if not text.startswith(PREFIX) or len(raw) != _KEY_BYTES:
        raise Refused(INVALID_PARAM, f"orderlyKey must be {PREFIX} and 32 bytes in base58")
    return text


def _scopes(text: str) -> frozenset[str]:
    scopes = frozenset(part.strip() for part in text.split(","))
    if not all(KeyScope(scope).known for scope in scopes):
        raise Refused(INVALID_PARAM, f"scope {text!r} must join {', '.join(KeyScope)} by commas")
    return scopes


def _get(call: Call) -> Any:
    member = call.accounts.get(call.query.required_text("account_id"))
    key = _known(call, member.account_id, call.query.required_text("orderly_key"))
    return {
        "orderly_key": key.public,
        "scope": key.scope,
        "expiration": key.expires or _NEVER,
        "tag": key.tag,
    }


def _known(call: Call, account_id: str, public_key: str) -> RegisteredKey:
    key = call.accounts.keys.get(PREFIX + public_key.removeprefix(PREFIX), account_id)
    if key is None or not key.is_active:
        raise Refused(RESOURCE_NOT_FOUND, f"account {account_id} has no key {public_key}")
    return key


def _asked(call: Call) -> RegisteredKey:
    """The key of the asking account that the query names."""
    return _known(call, call.account_id, call.query.required_text("orderly_key"))


def _remove(call: Call) -> Any:
    key = _known(call, call.account_id, call.body.required_text("orderly_key"))
    call.accounts.remove_key(key)
    call.reports.write(call.member, notification_rows.key_removed(key.public), call.now)


def _info(call: Call) -> object:
    status = call.query.choice("key_status", KeyStatus)

    def row(key: RegisteredKey) -> dict[str, object]:
        return {
            "orderly_key": key.public,
            "key_status": key.status.value,
            "ip_restriction_list": key.ips,
            "ip_restriction_status": key.restriction.value,
            "expiration": key.expires or _NEVER,
            "scope": key.scope,
            "tag": key.tag,
        }

    return rows((key for key in call.accounts.keys.of(call.account_id) if status in {None, key.status}), row)


def _restriction(call: Call) -> object:
    key = _asked(call)
    return {
        "account_id": call.account_id,
        "orderly_key": key.public,
        "ip_restriction_list": key.ips,
        "tag": key.tag,
    }


def _restrict(call: Call) -> object:
    """Parameters come in the query, although it is a POST."""
    key = _asked(call)
    spans = [part.strip() for part in call.query.required_text("ip_restriction_list").split(",")]
    if len(spans) > _MOST_ADDRESSES:
        raise Refused(INVALID_PARAM, f"ip_restriction_list may hold {_MOST_ADDRESSES} addresses")
    try:
        [ip_span(span) for span in spans]
    except ValueError as exc:
        raise Refused(INVALID_PARAM, f"ip_restriction_list: {exc}") from None
    call.accounts.keys.restrict(key, IpRestrictionStatus.ALLOW_RESTRICTION_LIST, tuple(spans))
    return {"ip_restriction_list": spans}


def _unrestrict(call: Call) -> Any:
    mode = call.query.required_choice("reset_mode", IpRestrictionStatus)
    if mode is IpRestrictionStatus.ALLOW_RESTRICTION_LIST:
        raise Refused(INVALID_PARAM, "reset_mode must be ALLOW_ALL_IPS or DISALLOW_ALL_IPS")
    call.accounts.keys.restrict(_asked(call), mode)


ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", "/v1/get_orderly_key"): public(_get),
    ("POST", "/v1/orderly_key"): public(_add),
    ("POST", "/v1/client/remove_orderly_key"): signed(_remove),
    ("GET", "/v1/client/key_info"): read(_info),
    ("GET", "/v1/client/orderly_key_ip_restriction"): read(_restriction),
    ("POST", "/v1/client/set_orderly_key_ip_restriction"): signed(_restrict),
    ("POST", "/v1/client/reset_orderly_key_ip_restriction"): signed(_unrestrict),
}
