"""Positions, holdings and the account, as pushes and REST rows tell of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from orderly_sync.arithmetic import owned
from orderly_sync.models.base import changed, made
from orderly_sync.models.enums import MarginMode
from orderly_sync.models.holding import Holding
from orderly_sync.models.position import Position
from orderly_sync.models.pushes.account import BalanceUpdate, PositionUpdate
from orderly_sync.state.table import Table

__all__ = ["LiveHoldings", "LivePositions", "position_key"]


def position_key(symbol: str, margin_mode: MarginMode | None) -> str:
    """The key of a position: its symbol, with ``:ISOLATED`` behind it for the isolated one."""
    return f"{symbol}:ISOLATED" if margin_mode == MarginMode.ISOLATED else symbol


class LivePositions(Table[str, Position]):
    """Positions by symbol; an isolated one stands under ``PERP_ETH_USDC:ISOLATED``. Flat ones are not listed."""

    def __init__(self) -> None:
        super().__init__("positions")
        self._versions: dict[str, int] = {}

    def apply(self, update: PositionUpdate) -> bool:
        """Take one update; whether anything changed. An update of a lower version than the one held is older."""
        key = position_key(update.symbol, update.margin_mode)
        version = update.version
        if version is not None:
            if version < self._versions.get(key, version):
                return False
            self._versions[key] = version
        if not update.position_qty and not update.unsettled_pnl:
            self.drop(key)
            return True
        self.put(key, _merged(self.get(key), update))
        return True

    def mark(self, symbol: str, price: Decimal) -> bool:
        """Take a mark price; PnL follows it."""
        changed = False
        for key in (symbol, f"{symbol}:ISOLATED"):
            held = self.get(key)
            if held is not None and held.mark_price != price:
                # A price tells nothing of a position's size, which a snapshot under way may correct.
                self.refine(key, _marked(held, price))
                changed = True
        return changed

    def seed_rows(self, rows: Iterable[Position]) -> None:
        """Take the positions as REST lists them."""
        # A new connection may count versions anew; the snapshot is the new beginning.
        self._versions.clear()
        listed = (row for row in rows if row.quantity or row.unsettled_pnl)
        self.seed({position_key(row.symbol, row.margin_mode): _priced(row) for row in listed})


def _priced(row: Position) -> Position:
    """A row of REST with its PnL since the opening, which REST leaves to be reckoned."""
    if row.unrealized_pnl is not None or row.mark_price is None:
        return row
    return _marked(row, row.mark_price)


@owned
def _marked(held: Position, price: Decimal) -> Position:
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


def _merged(held: Position | None, update: PositionUpdate) -> Position:
    base = held or made(Position, symbol=update.symbol)
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


class LiveHoldings(Table[str, Holding]):
    """Holdings by token, in units of the token. Unsettled PnL is not part of them."""

    def __init__(self) -> None:
        super().__init__("holdings")
        self._versions: dict[str, int] = {}

    def apply(self, update: BalanceUpdate) -> bool:
        """Take one update; whether anything changed."""
        version = update.version
        if version is not None:
            if version < self._versions.get(update.token, version):
                return False
            self._versions[update.token] = version
        base = self.get(update.token) or made(Holding, token=update.token)
        new = {
            "holding": update.holding,
            "frozen": update.frozen,
            "pending_short": update.pending_short_qty,
            "pending_long": update.pending_long_qty,
            "isolated_margin": update.isolated_margin,
            "isolated_order_frozen": update.isolated_order_frozen,
            "updated_time": update.ts,
        }
        self.put(
            update.token, changed(base, **{name: value for name, value in new.items() if value is not None})
        )
        return True

    def seed_rows(self, rows: Iterable[Holding]) -> None:
        """Take the holdings as REST lists them."""
        self._versions.clear()
        self.seed({row.token: row for row in rows})
