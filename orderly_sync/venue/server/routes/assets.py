"""Assets: what accounts hold, and money in, out and between them."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.account_enums import InternalTransferSide
from orderly_sync.models.enums import AssetSide, AssetStatus, InternalTransferStatus
from orderly_sync.models.message import InternalTransferMessage, SettlePnlMessage, WithdrawMessage
from orderly_sync.venue.engine.commands import Settle, Transfer, Withdraw
from orderly_sync.venue.engine.records import TransferRow
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server import wallets
from orderly_sync.venue.server.call import Call, Handler, paged
from orderly_sync.venue.server.constants import CHAINS, LEAST_DEPOSIT, WITHDRAWAL_FEE
from orderly_sync.venue.server.encoding import number
from orderly_sync.venue.server.fields import missing
from orderly_sync.venue.server.money_rows import asset_row, settlement_row, transfer_row
from orderly_sync.venue.server.routes.route import HttpRoute, asset, read, signed
from orderly_sync.venue.server.rows import holding_row
from orderly_sync.venue.server.signed import demand_signer, read_signed
from orderly_sync.venue.server.time_windows import in_window
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["ROUTES", "demand_broker", "send_withdrawal", "settle", "use_nonce"]

_BASE_UNITS = Decimal("0.000001")
_MOST_UNITS = 10**24
_USDC = "USDC"


def _holding(call: Call) -> object:
    call.query.flag("all")  # USDC is the only token here, so both spellings show the same.
    return {"holding": [holding_row(call.exchange.holding(call.account_id))]}


def _history(call: Call) -> object:
    query, window = call.query, in_window(call)
    token, side = query.text("token"), query.choice("side", AssetSide)
    status = query.choice("status", AssetStatus)
    found = [
        row
        for row in call.exchange.assets(call.account_id)
        if token in {None, row.token}
        and side in {None, row.side}
        and status in {None, row.trans_status}
        and window(row.created_time)
    ]
    return paged(call, found, asset_row)


def _receiver_address(call: Call) -> object:
    """An address of the account's own; nothing arrives there, since there is no chain behind it."""
    chain_id, token = call.query.required_whole("chain_id"), call.query.text("token") or _USDC
    chain = next((chain for chain in CHAINS if chain["chain_id"] == chain_id), None)
    if chain is None or token != _USDC:
        raise Refused(INVALID_PARAM, f"{token} of chain {chain_id} cannot be deposited here")
    derived = wallets.keccak(f"{call.account_id.lower()}/receiver/{chain_id}".encode())
    return {
        "receiver_address": "0x" + derived[12:].hex(),
        "token_address": chain["usdc"],
        "minimum_deposit": number(LEAST_DEPOSIT),
    }


def _receiver_events(_call: Call) -> object:
    """None: there is no chain on which a token could be sent to a receiver address."""
    return {"rows": []}


def _nonce(purpose: str) -> Handler:
    def issue(call: Call) -> object:
        return {f"{purpose}_nonce": call.accounts.nonces[purpose].issue(call.account_id, call.now)}

    return issue


def use_nonce(call: Call, purpose: str, nonce: int) -> None:
    """Use up a nonce of the asking account; raises Refused."""
    call.accounts.nonces[purpose].use(call.account_id, nonce, call.now)


def demand_broker(call: Call, broker_id: str) -> None:
    """Hold the builder of a message against the account's; raises Refused."""
    if broker_id != call.member.broker_id:
        raise Refused(
            INVALID_PARAM, f"this account belongs to builder {call.member.broker_id}, not {broker_id}"
        )


def send_withdrawal(call: Call, message: WithdrawMessage, wallet: str) -> object:
    """Carry out a verified withdrawal to the only address that may receive it."""
    demand_broker(call, message.broker_id)
    if message.receiver.lower() != wallet.lower():
        raise Refused(INVALID_PARAM, f"receiver must be the account's own wallet, {wallet}")
    use_nonce(call, "withdraw", message.withdraw_nonce)
    command = Withdraw(
        amount=_whole_tokens(message.amount),
        token=message.token,
        chain_id=str(message.chain_id),
        fee=WITHDRAWAL_FEE,
    )
    return call.trading.submit(call.account_id, command)


def _whole_tokens(units: int) -> Decimal:
    if units > _MOST_UNITS:
        raise Refused(INVALID_PARAM, "amount is more than there is")
    return units * _BASE_UNITS


def _withdraw(call: Call) -> object:
    message, signer = read_signed(call, WithdrawMessage)
    demand_signer(signer, call.member.address)
    return send_withdrawal(call, message, call.member.address)


def settle(call: Call, nonce: int) -> object:
    """Settle the asking account with a nonce of its own."""
    use_nonce(call, "settle", nonce)
    return call.trading.submit(call.account_id, Settle())


def _settle(call: Call) -> object:
    message, signer = read_signed(call, SettlePnlMessage)
    demand_signer(signer, call.member.address)
    demand_broker(call, message.broker_id)
    return settle(call, message.settle_nonce)


def _settle_sub_account(call: Call) -> object:
    """By key alone, which is why main accounts may not."""
    if call.member.main_id is None:
        raise Refused(
            INVALID_PARAM, "a main account settles with its wallet's signature: POST /v1/settle_pnl"
        )
    return settle(call, call.body.required_whole("settle_nonce"))


def _settlements(call: Call) -> object:
    window = in_window(call)
    found = [row for row in call.exchange.settlements(call.account_id) if window(row.settled_time)]
    return paged(call, found, settlement_row)


def _transfer(call: Call) -> object:
    if call.member.delegate is not None:
        raise Refused(INVALID_PARAM, "accounts of a delegate signer may not transfer by key")
    receivers = []
    for entry in call.body.objects("receiver_list"):
        amount = entry.number("amount")
        if amount is None:
            raise missing("amount")
        receivers.append((call.accounts.known(entry.required_text("account_id")), amount))
    command = Transfer(receivers=tuple(receivers), token=call.body.text("token") or _USDC)
    return call.trading.submit(call.account_id, command)


def _transfer_signed(call: Call) -> object:
    message, signer = read_signed(call, InternalTransferMessage)
    demand_signer(signer, call.member.signer)
    receiver = call.accounts.known(message.receiver)
    use_nonce(call, "transfer", message.transfer_nonce)
    command = Transfer(receivers=((receiver, _whole_tokens(message.amount)),), token=message.token)
    return call.trading.submit(call.account_id, command)


def _transfers(call: Call) -> object:
    query, window = call.query, in_window(call)
    side = query.required_choice("side", InternalTransferSide)
    status = query.choice("status", InternalTransferStatus)
    giver, taker = query.text("from_account_id"), query.text("to_account_id")
    family_only = bool(query.flag("main_sub_only"))
    registry, own = call.accounts, call.account_id
    family = call.member.main_id or own

    def wanted(row: TransferRow) -> bool:
        mine, other = (
            (row.to_account_id, row.from_account_id)
            if side is InternalTransferSide.IN
            else (row.from_account_id, row.to_account_id)
        )
        return (
            mine == own
            and (giver is None or row.from_account_id.lower() == giver.lower())
            and (taker is None or row.to_account_id.lower() == taker.lower())
            and (not family_only or family in {other, registry.main_of(other)})
            and status in {None, row.status}
            and window(row.created_time)
        )

    return paged(call, [row for row in call.exchange.transfers(own) if wanted(row)], transfer_row)


ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", "/v1/client/holding"): read(_holding),
    ("GET", "/v1/asset/history"): read(_history),
    ("GET", "/v1/client/asset/receiver_address"): read(_receiver_address),
    ("GET", "/v1/client/asset/receiver_events"): read(_receiver_events),
    ("GET", "/v1/withdraw_nonce"): read(_nonce("withdraw")),
    ("GET", "/v1/settle_nonce"): read(_nonce("settle")),
    ("GET", "/v1/transfer_nonce"): read(_nonce("transfer")),
    ("POST", "/v1/withdraw_request"): signed(_withdraw),
    ("POST", "/v1/settle_pnl"): signed(_settle),
    ("POST", "/v1/sub_account_settle_pnl"): signed(_settle_sub_account),
    ("GET", "/v1/pnl_settlement/history"): read(_settlements),
    ("POST", "/v1/internal_transfer"): asset(_transfer),
    ("POST", "/v2/internal_transfer"): signed(_transfer_signed),
    ("GET", "/v1/internal_transfer_history"): asset(_transfers),
}
