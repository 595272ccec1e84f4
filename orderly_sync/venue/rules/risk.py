"""Whether the account can carry the order, and whether it has sent it before."""

from __future__ import annotations

from orderly_sync.models.enums import MarginMode, OrderSide
from orderly_sync.venue.facts import Refused
from orderly_sync.venue.isolated import available
from orderly_sync.venue.margin import collateral, initial_margin
from orderly_sync.venue.rules.draft import Draft, plain

__all__ = ["enough_margin", "not_in_liquidation", "unused_client_order_id"]


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
            -1101,
            f"{plain(order.remaining)} {draft.rules.base} would need {plain(round(needed, 2))} USDC of margin "
            f"in all, the account has {plain(round(has, 2))}",
        )


def _enough_to_freeze(draft: Draft) -> None:
    """An isolated order takes its margin from the USDC that is free."""
    has = available(draft.account, draft.markets) + (draft.replaces.frozen if draft.replaces else 0)
    if has < draft.order.frozen:
        raise Refused(
            -1101,
            f"{plain(draft.order.remaining)} {draft.rules.base} would freeze {plain(round(draft.order.frozen, 2))} "
            f"USDC of isolated margin, {plain(round(has, 2))} are free",
        )


def unused_client_order_id(draft: Draft) -> None:
    """No open order carries the same client_order_id."""
    text = draft.order.client_order_id
    if text is None or draft.replaces is not None:
        return
    taken = draft.account.client_ids.get(text)
    if taken is not None and taken in draft.account.open_ids:
        raise Refused(-1007, f"client_order_id {text} belongs to open order {taken}; choose another")


def not_in_liquidation(draft: Draft) -> None:
    """Neither the account nor the isolated position it trades is being liquidated."""
    draft.account.refuse_in_liquidation(draft.key)
