"""Registration: accounts of wallets. Signatures are verified as a chain would; the chain itself is not asked."""

from __future__ import annotations

from orderly_sync.models.account_enums import ChainType
from orderly_sync.models.message import RegistrationMessage
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server import wallets
from orderly_sync.venue.server.call import Call, rows
from orderly_sync.venue.server.registry import Member
from orderly_sync.venue.server.routes.route import HttpRoute, public
from orderly_sync.venue.server.signed import read_signed
from orderly_sync.wire.error_codes import RESOURCE_NOT_FOUND
from orderly_sync.wire.typed_data import address

__all__ = ["ROUTES", "use_registration_nonce"]


def _nonce(call: Call) -> object:
    wall, _ = call.accounts.clocks()
    return {"registration_nonce": str(call.accounts.nonces["registration"].issue("", wall))}


def use_registration_nonce(call: Call, nonce: int) -> None:
    """Use a nonce up; raises Refused."""
    wall, _ = call.accounts.clocks()
    call.accounts.nonces["registration"].use("", nonce, wall)


def _register(call: Call) -> object:
    message, signer = read_signed(call, RegistrationMessage)
    use_registration_nonce(call, message.registration_nonce)
    account_id = wallets.account_id(signer, message.broker_id)
    member = call.accounts.open(account_id, address=signer, broker_id=message.broker_id)
    return {"account_id": member.account_id}


def _accounts(call: Call, broker_id: str | None) -> list[Member]:
    """The accounts of the wallet asked for; a wallet of another family of chains has none."""
    wallet = address(call.query.required_text("address"))
    if call.query.choice("chain_type", ChainType) not in {None, ChainType.EVM}:
        return []
    return call.accounts.of_wallet(wallet, broker_id)


def _account(call: Call) -> object:
    found = _accounts(call, call.query.required_text("broker_id"))
    if not found:
        raise Refused(RESOURCE_NOT_FOUND, "this wallet has no account with this builder")
    return {"user_id": found[0].user_id, "account_id": found[0].account_id}


def _all_accounts(call: Call) -> object:
    def row(member: Member) -> dict[str, object]:
        return {
            "user_id": member.user_id,
            "account_id": member.account_id,
            "broker_id": member.broker_id,
            "chain_type": ChainType.EVM.value,
            "user_type": member.user_type.value,
        }

    return rows(_accounts(call, call.query.required_text("broker_id")), row)


def _brokers(call: Call) -> object:
    return {"broker_id": sorted({member.broker_id for member in _accounts(call, None)})}


def _owner(call: Call) -> object:
    member = call.accounts.get(call.query.required_text("account_id"))
    return {"address": member.address, "broker_id": member.broker_id}


ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", "/v1/registration_nonce"): public(_nonce),
    ("GET", "/v1/get_account"): public(_account),
    ("GET", "/v1/get_all_accounts"): public(_all_accounts),
    ("GET", "/v1/get_broker"): public(_brokers),
    ("POST", "/v1/register_account"): public(_register),
    ("GET", "/v1/public/account"): public(_owner),
}
