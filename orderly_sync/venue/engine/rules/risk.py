"""Whether the account can carry the order, and whether it has sent it before."""

from __future__ import annotations

from orderly_sync.models.enums import MarginMode, OrderSide
from orderly_sync.venue.engine.isolated import available
from orderly_sync.venue.engine.margin import collateral, initial_margin, leverage, max_notional
from orderly_sync.venue.engine.refusals import Refused, plain
from orderly_sync.venue.engine.rules.draft import Draft
from orderly_sync.wire.error_codes import DUPLICATE_REQUEST, RISK_TOO_HIGH

__all__ = ["enough_margin", "not_in_liquidation", "unused_client_order_id", "within_max_notional"]


def enough_margin(draft: Draft) -> None:
    """Total collateral covers the initial margin with the order, or the order only reduces."""
    account, order = draft.account, draft.order
    if account.is_maker or draft.only_reduces:
        return
    if order.margin_mode is MarginMode.ISOLATED:
        _enough_to_freeze(draft)
        return
    left, nothing = order.remaining, order.remaining * 0
    wanted = (left, nothing) if order.side is OrderSide.BUY else (nothing, left)
    needed = initial_margin(account, draft.markets, extra={draft.key: wanted}, without=draft.replaced_id)
    has = collateral(account, draft.markets)
    if has < needed:
        raise Refused(
            RISK_TOO_HIGH,
            f"{plain(order.remaining)} {draft.rules.base} would need {plain(round(needed, 2))} USDC of margin "
            f"in all, the account has {plain(round(has, 2))}",
        )


def _enough_to_freeze(draft: Draft) -> None:
    """What an isolated order freezes more than now is free; it may free something, as others come to open instead."""
    account, order = draft.account, draft.order
    side, closable = account.working.side(draft.key, order.side), account.closable(draft.key, order.side)
    more = side.frozen(closable, put=order, without=draft.replaced_id) - side.frozen(closable)
    has = available(account, draft.markets)
    if more > has:
        raise Refused(
            RISK_TOO_HIGH,
            f"{plain(order.remaining)} {draft.rules.base} would freeze {plain(round(more, 2))} "
            f"USDC of isolated margin, {plain(round(has, 2))} are free",
        )


def within_max_notional(draft: Draft) -> None:
    """What is held and may be opened on an order's side stays below what the margin curve allows at its leverage.

    In cross margin the curve sees to that; that the engine caps isolated positions alike is assumed.
    """
    account, order = draft.account, draft.order
    if account.is_maker or draft.only_reduces or order.margin_mode is not MarginMode.ISOLATED:
        return
    side, closable = account.working.side(draft.key, order.side), account.closable(draft.key, order.side)
    held = max(order.remaining * 0, account.entry(draft.key).quantity * order.sign) * draft.market.mark
    notional = held + side.opening_notional(closable, put=order, without=draft.replaced_id)
    most = max_notional(draft.rules, leverage(account, draft.rules, order.margin_mode))
    if notional > most:
        raise Refused(
            RISK_TOO_HIGH,
            f"{plain(round(notional, 2))} USDC would be beyond the {plain(round(most, 2))} that an isolated position "
            f"in {order.symbol} may reach at its leverage",
        )


def unused_client_order_id(draft: Draft) -> None:
    """No open order carries the same client_order_id."""
    text = draft.order.client_order_id
    if text is None or draft.replaces is not None:
        return
    taken = draft.account.client_ids.get(text)
    if taken is not None and taken in draft.account.open_ids:
        raise Refused(
            DUPLICATE_REQUEST, f"client_order_id {text} belongs to open order {taken}; choose another"
        )


def not_in_liquidation(draft: Draft) -> None:
    """Neither the account nor the isolated position it trades is being liquidated."""
    draft.account.refuse_in_liquidation(draft.key)
