"""Settings of an account."""

from __future__ import annotations

from orderly_sync.models.enums import MarginMode
from orderly_sync.venue.commands import SetLeverage
from orderly_sync.venue.facts import AccountChanged, Refused
from orderly_sync.venue.margin import collateral, initial_margin, max_notional
from orderly_sync.venue.rules.draft import plain
from orderly_sync.venue.state import Account, Key, State

__all__ = ["set_leverage"]


def set_leverage(state: State, account: Account, command: SetLeverage) -> dict[str, object]:
    """Set the leverage of one symbol, or of all, each as far as it allows; all or none.

    Raises:
        Refused: -1005 out of range; -1101 if the positions do not allow it.
    """
    mode = command.margin_mode
    if command.leverage < 1:
        raise Refused(-1005, f"leverage {command.leverage} must be at least 1")
    if mode is not MarginMode.CROSS:
        raise Refused(-1005, f"margin_mode {mode} is not simulated yet; only CROSS is")
    if command.symbol is None:
        wanted: dict[Key, int] = {
            (symbol, mode): min(command.leverage, market.rules.max_leverage)
            for symbol, market in state.markets.items()
        }
    else:
        most = state.market(command.symbol).rules.max_leverage
        if command.leverage > most:
            raise Refused(-1005, f"leverage {command.leverage} of {command.symbol} must be at most {most}")
        wanted = {(command.symbol, mode): command.leverage}
    _check(state, account, wanted)
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


def _check(state: State, account: Account, wanted: dict[Key, int]) -> None:
    for key, value in wanted.items():
        market = state.market(key[0])
        notional = abs(account.entry(key).quantity) * market.mark
        allowed = max_notional(market.rules, value)
        if notional > allowed:
            raise Refused(
                -1101,
                f"at leverage {value} {key[0]} may be at most {plain(round(allowed, 2))} USDC, "
                f"the position is {plain(round(notional, 2))}",
            )
    needed, has = initial_margin(account, state.markets, leverages=wanted), collateral(account, state.markets)
    if needed > has:
        raise Refused(
            -1101,
            f"that leverage needs {plain(round(needed, 2))} USDC of margin, the account has {plain(round(has, 2))}",
        )
