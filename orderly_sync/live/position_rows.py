"""A position's row as a mark price or a push changes it. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from orderly_sync.models.base import changed
from orderly_sync.models.position import Position
from orderly_sync.models.pushes.account import PositionUpdate
from orderly_sync.values.arithmetic import owned

__all__ = ["marked", "merged", "priced"]


def priced(row: Position) -> Position:
    """A row of REST with its PnL since the opening, which REST leaves to be reckoned."""
    if row.unrealized_pnl is not None or row.mark_price is None:
        return row
    return marked(row, row.mark_price)


@owned
def marked(held: Position, price: Decimal) -> Position:
    """The row at another mark price: PnL moves by quantity times the way, what cannot be told stays."""
    unrealized = unsettled = None
    quantity: Any = held.position_qty or 0  # with numbers=float no Decimal may come in between
    if held.average_open_price is not None:
        unrealized = quantity * (price - held.average_open_price)
    if held.unsettled_pnl is not None and held.mark_price is not None:
        unsettled = held.unsettled_pnl + quantity * (price - held.mark_price)
    return changed(
        held,
        mark_price=price,
        unrealized_pnl=held.unrealized_pnl if unrealized is None else unrealized,
        unsettled_pnl=held.unsettled_pnl if unsettled is None else unsettled,
    )


def merged(base: Position, update: PositionUpdate) -> Position:
    """The row as a push says; what the push leaves out stays."""
    new = {
        "margin_mode": update.margin_mode,
        "position_qty": update.position_qty,
        "average_open_price": update.average_open_price,
        "cost_position": update.cost_position,
        "mark_price": update.mark_price,
        "settle_price": update.settle_price,
        "est_liq_price": update.est_liq_price,
        "unsettled_pnl": update.unsettled_pnl,
        "unrealized_pnl": update.unrealized_pnl,
        "last_sum_unitary_funding": update.last_sum_unitary_funding,
        "pending_long_qty": update.pending_long_qty,
        "pending_short_qty": update.pending_short_qty,
        "leverage": None if update.leverage is None else int(update.leverage),
        "margin": update.margin,
        "margin_token": update.margin_token,
        "accrued_funding_fee": update.accrued_funding_fee,
        "imr": update.imr,
        "mmr": update.mmr,
        "imr_withdraw_orders": update.imr_with_orders,
        "mmr_with_orders": update.mmr_with_orders,
        "pnl_24_h": update.pnl_24h,
        "fee_24_h": update.fee_24h,
        "seq": update.seq,
        "timestamp": update.timestamp,
        "updated_time": update.updated_time or update.ts,
    }
    return changed(base, **{name: value for name, value in new.items() if value is not None})
