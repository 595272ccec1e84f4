"""Money in, out and across: settlements, deposits, withdrawals, transfers between accounts."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256

import attrs

from orderly_sync.models.enums import AssetSide, AssetStatus, InternalTransferStatus, MarginMode
from orderly_sync.values.arithmetic import places
from orderly_sync.venue.engine.commands import Deposit, Settle, Transfer, Withdraw
from orderly_sync.venue.engine.facts import Settled, Transferred, WalletChanged
from orderly_sync.venue.engine.funding import settle_fees
from orderly_sync.venue.engine.isolated import addable
from orderly_sync.venue.engine.ledger import settle as settle_entry
from orderly_sync.venue.engine.records import AssetRow, Settlement, TransferRow
from orderly_sync.venue.engine.refusals import Refused, plain
from orderly_sync.venue.engine.rules.form import finite
from orderly_sync.venue.engine.state import Account, ExchangeState
from orderly_sync.wire.error_codes import CAN_NOT_WITHDRAWAL, INVALID_PARAM, RISK_TOO_HIGH

__all__ = ["deposit", "pass_time", "settle", "transfer", "withdraw"]

_ZERO = Decimal(0)
_USDC = "USDC"
_DECIMALS = 6
_RECEIVERS = 50
# How long a simulated chain takes, ms after the request.
_PROCESSING_AFTER, _COMPLETED_AFTER = 2_000, 5_000

Answer = dict[str, object]


def settle(state: ExchangeState, account: Account, _command: Settle) -> Answer:
    """Move unsettled PnL to the balance, of isolated positions to their own margin (assumed); ratios stay."""
    old, settled = account.usdc, []
    for key, entry in tuple(account.entries.items()):
        if not entry.is_listed:
            continue
        market = state.market(key[0])
        after, pnl = settle_entry(entry, market.mark, market.sum_unitary_funding, state.now)
        if key[1] is MarginMode.ISOLATED:
            after = attrs.evolve(after, margin=after.margin + pnl)
        else:
            account.usdc += pnl
            settled.append((key[0], pnl))
        account.entries[key] = after
        state.touch(account, key, entry.quantity)
    settle_fees(account, state.now)
    row = Settlement(
        id=state.next_money_id(),
        old_balance=old,
        new_balance=account.usdc,
        settled_amount=account.usdc - old,
        requested_time=state.now,
        settled_time=state.now,
        symbols=tuple(settled),
    )
    account.settlements.append(row)
    state.emit(Settled(ts=state.now, account_id=account.account_id, settlement=row))
    return {"settle_pnl_id": row.id}


def _check_amount(amount: Decimal, token: str) -> None:
    finite(amount=amount)
    if token != _USDC:
        raise Refused(INVALID_PARAM, f"token {token} is not held here; only USDC is")
    if amount <= 0 or places(amount) > _DECIMALS:
        raise Refused(
            INVALID_PARAM, f"amount {plain(amount)} must be above 0 with at most {_DECIMALS} decimals"
        )


def deposit(state: ExchangeState, account: Account, command: Deposit) -> Answer:
    """Credit USDC.

    Raises:
        Refused: -1005 for another token or an amount that is none.
    """
    _check_amount(command.amount, command.token)
    account.usdc += command.amount
    row = _row(state, account, command, status=AssetStatus.COMPLETED)
    state.accounts_changed[account.account_id] = None
    return {"id": row.id}


def withdraw(state: ExchangeState, account: Account, command: Withdraw) -> Answer:
    """Ask for USDC; it is frozen at once and leaves the balance when the withdrawal completes.

    Raises:
        Refused: -1005 for an amount that is none; -1101 beyond the balance; -1009 if margin or unsettled PnL block it.
    """
    _check_amount(command.amount, command.token)
    if not _ZERO <= command.fee < command.amount:
        raise Refused(
            INVALID_PARAM, f"amount {plain(command.amount)} must be above the fee of {plain(command.fee)}"
        )
    _check_spare(state, account, command.amount)
    account.withdrawing += command.amount
    row = _row(state, account, command, status=AssetStatus.PENDING)
    state.accounts_changed[account.account_id] = None
    return {"withdraw_id": row.id}


def _check_spare(state: ExchangeState, account: Account, amount: Decimal) -> None:
    held = account.usdc - account.frozen
    if amount > held:
        raise Refused(
            RISK_TOO_HIGH, f"{plain(amount)} USDC is more than the {plain(max(held, _ZERO))} in the balance"
        )
    spare = addable(account, state.markets)
    if amount > spare:
        raise Refused(
            CAN_NOT_WITHDRAWAL,
            f"{plain(amount)} USDC is more than the {plain(round(spare, _DECIMALS))} that margin and unsettled "
            "PnL leave; settle or close positions first",
        )


def _row(
    state: ExchangeState, account: Account, command: Deposit | Withdraw, *, status: AssetStatus
) -> AssetRow:
    own = state.next_money_id()
    row = AssetRow(
        id=own,
        account_id=account.account_id,
        side=AssetSide.WITHDRAW if isinstance(command, Withdraw) else AssetSide.DEPOSIT,
        token=command.token,
        amount=command.amount,
        fee=command.fee if isinstance(command, Withdraw) else _ZERO,
        trans_status=status,
        tx_id="0x" + sha256(f"{account.account_id}/{own}".encode()).hexdigest(),
        chain_id=command.chain_id,
        created_time=state.now,
        updated_time=state.now,
    )
    account.assets[own] = row
    state.emit(WalletChanged(ts=state.now, account_id=account.account_id, row=row))
    return row


def pass_time(state: ExchangeState) -> None:
    """Move withdrawals on: PENDING, PROCESSING, COMPLETED."""
    for account in state.accounts.values():
        if not account.withdrawing:
            continue
        for row in tuple(account.assets.values()):
            age = state.now - row.created_time
            moved = row
            if moved.trans_status is AssetStatus.PENDING and age >= _PROCESSING_AFTER:
                moved = _moved_on(state, account, moved, AssetStatus.PROCESSING)
            if moved.trans_status is AssetStatus.PROCESSING and age >= _COMPLETED_AFTER:
                account.withdrawing -= row.amount
                account.usdc -= row.amount
                state.accounts_changed[account.account_id] = None
                _moved_on(state, account, moved, AssetStatus.COMPLETED)


def _moved_on(state: ExchangeState, account: Account, row: AssetRow, status: AssetStatus) -> AssetRow:
    moved = attrs.evolve(row, trans_status=status, updated_time=state.now)
    account.assets[row.id] = moved
    state.emit(WalletChanged(ts=state.now, account_id=account.account_id, row=moved))
    return moved


def transfer(state: ExchangeState, account: Account, command: Transfer) -> Answer:
    """Send USDC to other accounts, to all or to none.

    Raises:
        Refused: -1005 for receivers or amounts that are none; -1101 or -1009 for more than can be spared.
    """
    if not 1 <= len(command.receivers) <= _RECEIVERS:
        raise Refused(INVALID_PARAM, f"receiver_list must name 1 to {_RECEIVERS} accounts")
    for receiver, amount in command.receivers:
        _check_amount(amount, command.token)
        if receiver == account.account_id:
            raise Refused(INVALID_PARAM, "receiver_list must not name the sender")
        if receiver not in state.accounts:
            raise Refused(INVALID_PARAM, f"receiver {receiver} does not exist")
    _check_spare(state, account, sum((amount for _, amount in command.receivers), _ZERO))
    request = state.next_money_id()
    for receiver, amount in command.receivers:
        other = state.accounts[receiver]
        account.usdc -= amount
        other.usdc += amount
        row = TransferRow(
            id=state.next_money_id(),
            internal_transfer_request_id=request,
            token=command.token,
            amount=amount,
            from_account_id=account.account_id,
            to_account_id=receiver,
            status=InternalTransferStatus.COMPLETED,
            created_time=state.now,
            updated_time=state.now,
        )
        for party in (account, other):
            party.transfers.append(row)
            state.accounts_changed[party.account_id] = None
            state.emit(Transferred(ts=state.now, account_id=party.account_id, row=row))
    return {"internal_transfer_request_id": request}
