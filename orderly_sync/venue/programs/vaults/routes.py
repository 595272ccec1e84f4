"""Strategy vaults for accounts and for their provider: signed requests, and the books of the fund.

Deposits and withdrawals are real and wait for the end of a period; the revenue shares are a data set.
"""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.message import (
    AddSpOrderlyKeyMessage,
    SettleSpPnlMessage,
    VaultAction,
    VaultRequestMessage,
)
from orderly_sync.models.vault_enums import VaultTransactionType
from orderly_sync.venue.engine.records import TransferRow
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.programs.builders.builders import known
from orderly_sync.venue.programs.vaults.vault_service import VAULT_ACCOUNT_ID, VaultService
from orderly_sync.venue.programs.vaults.vaults import LP, SP, VaultRequest
from orderly_sync.venue.server.call import Call, paged
from orderly_sync.venue.server.encoding import number
from orderly_sync.venue.server.registry import Member
from orderly_sync.venue.server.routes.assets import demand_broker, settle
from orderly_sync.venue.server.routes.keys import add_key
from orderly_sync.venue.server.routes.route import HttpRoute, public, read, signed
from orderly_sync.venue.server.signed import demand_signer, read_signed
from orderly_sync.venue.server.time_windows import DAY, asked_window, date_of, day_start
from orderly_sync.wire.error_codes import INVALID_PARAM, RESOURCE_NOT_FOUND

__all__ = ["ROUTES"]

_USDC = "USDC"
_UNITS = Decimal("0.000001")
_MOST_UNITS = 10**24
_HISTORY_SIZE = 60
_SHARE_WEEKS = 4


def _nonce(call: Call) -> object:
    return {"nonce": call.vaults.up_to_date().nonces.issue("", call.now)}


def _transactions(call: Call) -> object:
    """Amounts of withdrawals and shares of deposits are known when they are done, null before."""
    vaults = call.vaults.up_to_date().vaults
    wanted, vault_id = call.query.text("type"), call.query.text("vault_id")
    kind = None if wanted is None else VaultTransactionType("withdrawal" if wanted == "withdraw" else wanted)
    if kind is not None and not kind.known:
        raise Refused(INVALID_PARAM, "type must be deposit or withdrawal")
    vault = None if vault_id is None else vaults.get(vault_id)
    start, end = asked_window(call)
    found = [
        each
        for each in vaults.requests(vault, account_id=call.account_id)
        if (kind is None or each.kind == kind.value) and start <= each.created <= end
    ]

    def row(request: VaultRequest) -> dict[str, object]:
        return {
            "vault_id": request.vault_id,
            "created_time": request.created,
            "type": request.kind,
            "status": "completed" if request.is_done else "pending",
            "asset": _USDC,
            "amount_change": number(request.amount),
            "shares_change": number(request.shares),
        }

    return paged(call, found, row, _HISTORY_SIZE)


def _owner(call: Call, wallet: str, broker_id: str) -> Member:
    found = call.accounts.of_wallet(wallet, broker_id)
    if not found:
        raise Refused(RESOURCE_NOT_FOUND, f"the wallet {wallet} has no account with {broker_id}")
    return found[0]


def _request(call: Call) -> None:
    """A deposit names USDC, a withdrawal shares; both in millionths."""
    message, signer = read_signed(call, VaultRequestMessage)
    service, owner = call.vaults.up_to_date(), _owner(call, signer, message.dex_broker_id)
    if message.receiver.lower() != signer.lower():
        raise Refused(INVALID_PARAM, f"receiver must be the account's own wallet, {signer}")
    if message.token != _USDC:
        raise Refused(INVALID_PARAM, f"token {message.token} is not held here; only USDC is")
    if message.payload_type not in set(VaultAction):
        raise Refused(INVALID_PARAM, "payloadType must be 0 to 3")
    if not 0 < message.amount <= _MOST_UNITS:
        raise Refused(INVALID_PARAM, "amount must be above 0 and no more than there is")
    action, amount = VaultAction(message.payload_type), message.amount * _UNITS
    is_deposit = action in {VaultAction.LP_DEPOSIT, VaultAction.SP_DEPOSIT}
    request = VaultRequest(
        id=0,
        vault_id=service.vaults.get(message.vault_id).vault_id,
        account_id=owner.account_id,
        wallet=owner.address,
        role=LP if action in {VaultAction.LP_DEPOSIT, VaultAction.LP_WITHDRAW} else SP,
        kind="deposit" if is_deposit else "withdrawal",
        created=call.now,
        period=0,
        nonce=str(message.nonce),
        chain_id=str(message.chain_id),
        amount=amount if is_deposit else None,
        shares=None if is_deposit else amount,
    )
    service.vaults.check(request)
    service.nonces.use("", message.nonce, call.now)
    service.ask(request)


def _provider_key(call: Call) -> None:
    """For the provider's account or a sub-account of it."""
    message, signer = read_signed(call, AddSpOrderlyKeyMessage)
    provider = call.vaults.up_to_date().provider
    demand_signer(signer, provider.signer)
    if message.broker_id != provider.broker_id:
        raise Refused(INVALID_PARAM, f"the provider belongs to builder {provider.broker_id}")
    member = provider if message.sub_account_id is None else call.accounts.get(message.sub_account_id)
    if provider.account_id not in {member.account_id, member.main_id}:
        raise Refused(INVALID_PARAM, f"{message.sub_account_id} is no sub-account of the provider")
    add_key(call, member, message, "")


def _provider_settle(call: Call) -> None:
    call.vaults.up_to_date().demand_provider(call.member)
    message, signer = read_signed(call, SettleSpPnlMessage)
    demand_signer(signer, call.member.signer)
    demand_broker(call, message.broker_id)
    settle(call, message.settle_nonce)


def _provided(call: Call) -> VaultService:
    """The service, for the provider only."""
    service = call.vaults.up_to_date()
    service.demand_provider(call.member)
    return service


def _deliver(call: Call) -> None:
    service, plan = _provided(call), call.body.whole("plan_id")
    if plan is None:
        raise Refused(INVALID_PARAM, "plan_id is required")
    service.deliver(plan)


def _plans(call: Call, kind: str) -> list[VaultRequest]:
    period = call.query.whole("period_number")
    found = _provided(call).vaults.requests(kind=kind)
    return [each for each in found if period in {None, each.period}]


def _transfers(call: Call) -> object:
    """Deposits that were handed to the fund."""

    def row(request: VaultRequest) -> dict[str, object]:
        return {
            "created_time": request.created,
            "executed_time": request.executed,
            "period_number": request.period,
            "plan_id": request.id,
            "amount": number(request.amount),
            "status": "completed",
        }

    return paged(call, [each for each in _plans(call, "deposit") if each.is_done], row)


def _withdrawals(call: Call) -> object:
    """Withdrawals of the fund; while they wait, at the present price."""
    service = call.vaults.up_to_date()

    def row(request: VaultRequest) -> dict[str, object]:
        vault = service.vaults.get(request.vault_id)
        amount = request.amount
        if amount is None:
            amount = round((request.shares or Decimal(0)) * service.price(vault), 6)
        return {
            "created_time": request.created,
            "period_number": request.period,
            "plan_id": request.id,
            "schedule_time": service.vaults.period_times(vault, request.period)[1],
            "executed_time": request.executed,
            "trigger_by": service.provider.user_id if request.by_hand else None,
            "amount": number(amount),
            "status": "completed" if request.is_done else "pending",
        }

    return paged(call, _plans(call, "withdrawal"), row)


def _shares(call: Call, kind: str, most: int) -> object:
    """One a week for the last weeks before the venue opened; invented."""
    _provided(call)
    opened = day_start(date_of(call.markets.opening))

    def row(week: int) -> dict[str, object]:
        amount = call.programs.seeded.amount(10, most, "share", kind, week)
        return {"executed_time": opened - (7 * week + 1) * DAY, "amount": number(amount)}

    return paged(call, list(range(_SHARE_WEEKS)), row)


def _received(call: Call) -> object:
    """What other accounts sent to the provider's, but for the vaults' own money."""
    provider = _provided(call).provider.account_id
    found = [
        row
        for row in call.exchange.transfers(provider)
        if row.to_account_id == provider and row.from_account_id != VAULT_ACCOUNT_ID
    ]

    def row(transfer: TransferRow) -> dict[str, object]:
        return {
            "executed_time": transfer.updated_time,
            "from_account": transfer.from_account_id,
            "amount": number(transfer.amount),
        }

    return paged(call, found, row)


_PAGE = ("page", "size")
_BODY = ("message", "signature", "userAddress")
ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", "/v1/public/sv_nonce"): public(known(_nonce)),
    ("GET", "/v1/account_sv_transaction_history"): read(
        known(_transactions, "vault_id", "start_t", "end_t", "type", *_PAGE)
    ),
    ("POST", "/v1/sv_operation_request"): public(known(_request, *_BODY, "verifyingContract")),
    ("POST", "/v1/sv/sp_orderly_key"): public(known(_provider_key, *_BODY, "verifyingContract")),
    ("POST", "/v1/sv/sp_settle_pnl"): signed(known(_provider_settle, *_BODY, "verifyingContract")),
    ("POST", "/v1/sv/manual_period_delivery"): signed(known(_deliver, "plan_id")),
    ("GET", "/v1/sv/venue_transfer_history"): read(known(_transfers, *_PAGE, "period_number")),
    ("GET", "/v1/sv/venue_withdrawal_history"): read(known(_withdrawals, *_PAGE, "period_number")),
    ("GET", "/v1/sv/protocol_revenue_share_history"): read(
        known(lambda call: _shares(call, "revenue", 500), *_PAGE)
    ),
    ("GET", "/v1/sv/liquidation_fees_share_history"): read(
        known(lambda call: _shares(call, "liquidation", 100), *_PAGE)
    ),
    ("GET", "/v1/sv/internal_transfer_history"): read(known(_received, *_PAGE)),
}
