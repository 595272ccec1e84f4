"""Delegate signers: wallets that sign for a contract. The contract's own transaction is taken on trust."""

from __future__ import annotations

from orderly_sync.models.message import (
    DelegateAddOrderlyKeyMessage,
    DelegateSettlePnlMessage,
    DelegateSignerMessage,
    DelegateWithdrawMessage,
    WithdrawMessage,
)
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server import wallets
from orderly_sync.venue.server.call import Call
from orderly_sync.venue.server.registry import Member
from orderly_sync.venue.server.routes.assets import demand_broker, send_withdrawal, settle
from orderly_sync.venue.server.routes.keys import add_key
from orderly_sync.venue.server.routes.registration import use_registration_nonce
from orderly_sync.venue.server.routes.route import HttpRoute, public, signed
from orderly_sync.venue.server.signed import demand_signer, read_signed
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["ROUTES"]


def _register(call: Call) -> object:
    """Make the contract's account, or name another wallet for it."""
    message, signer = read_signed(call, DelegateSignerMessage)
    use_registration_nonce(call, message.registration_nonce)
    account_id = wallets.account_id(message.delegate_contract, message.broker_id)
    member = call.accounts.members.get(account_id.lower())
    if member is None:
        member = call.accounts.open(
            account_id, address=message.delegate_contract, broker_id=message.broker_id, delegate=signer
        )
    elif member.delegate is None:
        raise Refused(INVALID_PARAM, "this account belongs to a wallet that signs for itself")
    else:
        member.delegate = signer
    return {"user_id": member.user_id, "account_id": member.account_id, "valid_signer": signer}


def _add_key(call: Call) -> object:
    message, signer = read_signed(call, DelegateAddOrderlyKeyMessage)
    member = call.accounts.get(wallets.account_id(message.delegate_contract, message.broker_id))
    demand_signer(signer, member.delegate)
    return add_key(call, member, message, "")


def _check(call: Call, contract: str, signer: str) -> Member:
    """The asking account, if it is the contract's and its delegate signed."""
    if call.member.delegate is None or call.member.address.lower() != contract.lower():
        raise Refused(INVALID_PARAM, f"this account is not that of the contract {contract}")
    demand_signer(signer, call.member.delegate)
    return call.member


def _withdraw(call: Call) -> object:
    message, signer = read_signed(call, DelegateWithdrawMessage)
    member = _check(call, message.delegate_contract, signer)
    plain = WithdrawMessage(
        broker_id=message.broker_id,
        chain_id=message.chain_id,
        receiver=message.receiver,
        token=message.token,
        amount=message.amount,
        withdraw_nonce=message.withdraw_nonce,
        timestamp=message.timestamp,
    )
    return send_withdrawal(call, plain, member.address)


def _settle(call: Call) -> object:
    message, signer = read_signed(call, DelegateSettlePnlMessage)
    _check(call, message.delegate_contract, signer)
    demand_broker(call, message.broker_id)
    return settle(call, message.settle_nonce)


ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("POST", "/v1/delegate_signer"): public(_register),
    ("POST", "/v1/delegate_orderly_key"): public(_add_key),
    ("POST", "/v1/delegate_withdraw_request"): signed(_withdraw),
    ("POST", "/v1/delegate_settle_pnl"): signed(_settle),
}
