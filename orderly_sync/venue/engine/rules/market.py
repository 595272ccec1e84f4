"""What the market's own state allows."""

from __future__ import annotations

from orderly_sync.models.enums import OrderType, SymbolStatus
from orderly_sync.venue.engine.refusals import Refused, plain
from orderly_sync.venue.engine.rules.draft import Draft
from orderly_sync.wire.error_codes import INVALID_PARAM, RISK_TOO_HIGH

__all__ = ["market_open", "open_interest_cap"]

_RESTING = (OrderType.LIMIT, OrderType.POST_ONLY)
_CLOSING = (SymbolStatus.REDUCE_ONLY, SymbolStatus.DELISTING)


def market_open(draft: Draft) -> None:
    """ACTIVE takes all orders, POST_ONLY limit orders, REDUCE_ONLY and DELISTING closing orders, the others none."""
    status, symbol = draft.rules.status, draft.rules.symbol
    if status is SymbolStatus.ACTIVE:
        return
    if status is SymbolStatus.POST_ONLY:
        if draft.order.type not in _RESTING:
            raise Refused(INVALID_PARAM, f"{symbol} takes LIMIT and POST_ONLY orders only for now")
        return
    if status not in _CLOSING:
        raise Refused(INVALID_PARAM, f"{symbol} is {status} and takes no orders")
    if not draft.only_reduces:
        raise Refused(INVALID_PARAM, f"{symbol} is {status} and takes only orders that reduce a position")


def open_interest_cap(draft: Draft) -> None:
    """A position may not grow beyond what the whole market may hold."""
    if draft.account.is_maker or draft.closes or draft.only_reduces:
        return
    held = sum(
        (side.remaining for _, _, side in draft.account.working.sides(draft.order.symbol)),
        abs(draft.account.entry(draft.key).quantity) + draft.order.remaining,
    )
    cap = draft.rules.global_max_oi_cap
    if held * draft.market.mark > cap:
        raise Refused(
            RISK_TOO_HIGH,
            f"{plain(held)} {draft.rules.base} would exceed the market's cap of {plain(cap)} USDC",
        )
