"""Settings of an account: leverage, margin modes, the margin of isolated positions."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

import attrs

from orderly_sync.models.enums import MarginMode
from orderly_sync.venue.engine.commands import AddMargin, ReduceMargin, SetLeverage, SetMarginMode
from orderly_sync.venue.engine.facts import AccountChanged
from orderly_sync.venue.engine.isolated import addable, removable
from orderly_sync.venue.engine.margin import collateral, initial_margin, max_notional
from orderly_sync.venue.engine.orders import Key
from orderly_sync.venue.engine.refusals import Refused, plain
from orderly_sync.venue.engine.rules.form import finite
from orderly_sync.venue.engine.state import Account, ExchangeState
from orderly_sync.wire.error_codes import INVALID_PARAM, RESOURCE_NOT_FOUND, RISK_TOO_HIGH

__all__ = ["set_leverage", "set_margin_mode", "shift_margin"]

Answer = dict[str, object]

_SHOWN = Decimal("0.000001")


def set_leverage(state: ExchangeState, account: Account, command: SetLeverage) -> Answer:
    """Set the leverage of one symbol, or of all, each as far as it allows.

    Of CROSS all change or none. Of ISOLATED those with a position or an open order cannot change: asked by name they
    are refused, asked for all they are left out.

    Raises:
        Refused: -1005 out of range or in use; -1101 if the positions do not allow it.
    """
    mode = command.margin_mode
    if mode not in {MarginMode.CROSS, MarginMode.ISOLATED}:
        raise Refused(INVALID_PARAM, f"margin_mode {mode} must be CROSS or ISOLATED")
    if command.leverage < 1:
        raise Refused(INVALID_PARAM, f"leverage {command.leverage} must be at least 1")
    wanted = _wanted(state, account, command)
    if mode is MarginMode.CROSS:
        _check_cross(state, account, wanted)
    account.leverages.update(wanted)
    for (symbol, _), value in wanted.items():
        state.emit(
            AccountChanged(
                ts=state.now,
                account_id=account.account_id,
                symbol=symbol,
                leverage=value,
                margin_mode=str(mode),
            )
        )
    return {"symbol": command.symbol, "leverage": command.leverage, "margin_mode": mode}


def _wanted(state: ExchangeState, account: Account, command: SetLeverage) -> dict[Key, int]:
    mode = command.margin_mode
    if command.symbol is None:
        return {
            (symbol, mode): min(command.leverage, market.rules.max_leverage)
            for symbol, market in state.markets.items()
            if mode is MarginMode.CROSS or not _in_use(account, (symbol, mode))
        }
    most = state.market(command.symbol).rules.max_leverage
    if command.leverage > most:
        raise Refused(
            INVALID_PARAM, f"leverage {command.leverage} of {command.symbol} must be at most {most}"
        )
    key = (command.symbol, mode)
    if mode is MarginMode.ISOLATED and _in_use(account, key):
        raise Refused(
            INVALID_PARAM,
            f"{mode} leverage of {command.symbol} can change only without position and open order",
        )
    return {key: command.leverage}


def _in_use(account: Account, key: Key) -> bool:
    """Whether the symbol has a position or an open order in that mode."""
    return bool(account.entry(key).quantity) or key in account.working


def _check_cross(state: ExchangeState, account: Account, wanted: dict[Key, int]) -> None:
    for key, value in wanted.items():
        market = state.market(key[0])
        notional = abs(account.entry(key).quantity) * market.mark
        allowed = max_notional(market.rules, value)
        if notional > allowed:
            raise Refused(
                RISK_TOO_HIGH,
                f"at leverage {value} {key[0]} may be at most {plain(round(allowed, 2))} USDC, "
                f"the position is {plain(round(notional, 2))}",
            )
    needed, has = initial_margin(account, state.markets, leverages=wanted), collateral(account, state.markets)
    if needed > has:
        raise Refused(
            RISK_TOO_HIGH,
            f"that leverage needs {plain(round(needed, 2))} USDC of margin, the account has {plain(round(has, 2))}",
        )


def set_margin_mode(state: ExchangeState, account: Account, command: SetMarginMode) -> Answer:
    """Set the mode of orders that name none.

    Raises:
        Refused: -1005 for an unknown mode, or while the symbol has a position or open order in its present mode.
    """
    state.market(command.symbol)
    if command.margin_mode not in {MarginMode.CROSS, MarginMode.ISOLATED}:
        raise Refused(INVALID_PARAM, f"default_margin_mode {command.margin_mode} must be CROSS or ISOLATED")
    now = account.default_modes.get(command.symbol, MarginMode.CROSS)
    if now is command.margin_mode:
        return {}
    if _in_use(account, (command.symbol, now)):
        raise Refused(
            INVALID_PARAM, f"{command.symbol} has a position or an open order in mode {now}; close it first"
        )
    account.default_modes[command.symbol] = command.margin_mode
    state.emit(
        AccountChanged(
            ts=state.now,
            account_id=account.account_id,
            symbol=command.symbol,
            margin_mode=str(command.margin_mode),
        )
    )
    return {}


def shift_margin(state: ExchangeState, account: Account, command: AddMargin | ReduceMargin) -> Answer:
    """Move USDC between the account and an isolated position.

    Raises:
        Refused: -1005 for an amount that is not above 0; -1006 without a position; -1101 for more than can be spared.
    """
    finite(amount=command.amount)
    market, key = state.market(command.symbol), (command.symbol, MarginMode.ISOLATED)
    if command.amount <= 0:
        raise Refused(INVALID_PARAM, "amount must be above 0")
    entry = account.entry(key)
    if not entry.quantity:
        raise Refused(RESOURCE_NOT_FOUND, f"there is no isolated position in {command.symbol}")
    account.refuse_in_liquidation(key)
    adds = isinstance(command, AddMargin)
    most = addable(account, state.markets) if adds else removable(account, market, key)
    if command.amount > most:
        raise Refused(
            RISK_TOO_HIGH,
            f"amount {plain(command.amount)} must be at most {plain(most.quantize(_SHOWN, ROUND_DOWN))} USDC",
        )
    moved: Decimal = command.amount if adds else -command.amount
    account.usdc -= moved
    account.entries[key] = attrs.evolve(
        entry, margin=entry.margin + moved, updated_time=state.now, version=entry.version + 1
    )
    state.touch(account, key, entry.quantity)
    return {}
