"""Auto-deleveraging: where the insurance fund holds more than it can carry, winners of the other side are closed."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.enums import MarginMode
from orderly_sync.venue.engine.facts import Deleveraged
from orderly_sync.venue.engine.isolated import close_part
from orderly_sync.venue.engine.ledger import trade
from orderly_sync.venue.engine.margin import leverage
from orderly_sync.venue.engine.orders import Key
from orderly_sync.venue.engine.state import Account, Day, ExchangeState

__all__ = ["MIN_FUND_RATIO", "deleverage", "fund_ratio", "rank"]

_ZERO = Decimal(0)
MIN_FUND_RATIO = Decimal("0.25")
"""Collateral over notional under which the fund deleverages."""


def fund_ratio(state: ExchangeState) -> Decimal | None:
    """The insurance fund's margin ratio, None if it holds no position."""
    notional, value = _ZERO, state.fund.usdc
    for (symbol, _), entry in state.fund.entries.items():
        market = state.market(symbol)
        notional += abs(entry.quantity) * market.mark
        value += entry.unsettled_pnl(market.mark, market.sum_unitary_funding)
    return value / notional if notional else None


def rank(state: ExchangeState, symbol: str, *, long: bool) -> list[tuple[Account, Key]]:
    """The positions of one side in the order in which they are deleveraged: profit ratio x leverage, highest first."""
    market = state.market(symbol)
    rows: list[tuple[Decimal, Account, Key]] = []
    for account in state.accounts.values():
        for mode in (MarginMode.CROSS, MarginMode.ISOLATED):
            key = (symbol, mode)
            entry = account.entry(key)
            if account is state.fund or not entry.quantity or (entry.quantity > 0) is not long:
                continue
            profit = (market.mark / entry.average_open_price - 1) * (1 if long else -1)
            rows.append((profit * leverage(account, market.rules, mode), account, key))
    return [(account, key) for _, account, key in sorted(rows, key=lambda row: (-row[0], row[1].account_id))]


def deleverage(state: ExchangeState) -> None:
    """Close positions of the fund against the other side, largest first, until its margin ratio is at its minimum."""
    held = [(key[0], entry.quantity) for key, entry in state.fund.entries.items() if entry.quantity]
    for symbol, quantity in sorted(held, key=lambda row: (-abs(row[1]) * state.market(row[0]).mark, row[0])):
        for account, key in rank(state, symbol, long=quantity < 0):
            left = state.fund.entry((symbol, MarginMode.CROSS)).quantity
            ratio = fund_ratio(state)
            if not left or ratio is None or ratio >= MIN_FUND_RATIO:
                break
            size = min(abs(left), abs(account.entry(key).quantity))
            _close(state, account, key, size if left > 0 else -size)


def _close(state: ExchangeState, account: Account, key: Key, size: Decimal) -> None:
    """Give ``size`` of the fund's position to an account of the other side, at mark and without a fee."""
    market, entry, own = state.market(key[0]), account.entry(key), (key[0], MarginMode.CROSS)
    state.touch(account, key, entry.quantity)
    if key[1] is MarginMode.ISOLATED:
        after, realized, given = close_part(
            entry, abs(size), price=market.mark, fee=_ZERO, market=market, now=state.now
        )
        account.usdc += given
    else:
        after, realized = trade(
            entry, size, market.mark, fee=_ZERO, sum_unitary_funding=market.sum_unitary_funding, now=state.now
        )
    account.entries[key] = after
    state.fund.entries[own], _ = trade(
        state.fund.entry(own),
        -size,
        market.mark,
        fee=_ZERO,
        sum_unitary_funding=market.sum_unitary_funding,
        now=state.now,
    )
    if not account.is_maker:
        account.days.setdefault(key, Day()).add(state.now, realized, _ZERO)
        state.emit(
            Deleveraged(
                ts=state.now,
                account_id=account.account_id,
                symbol=key[0],
                margin_mode=str(key[1]),
                quantity=size,
                price=market.mark,
                realized_pnl=realized,
            )
        )
