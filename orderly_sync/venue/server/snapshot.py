"""Everything the venue holds of an account at this moment, for a test to compare with what a client believes."""

from __future__ import annotations

from orderly_sync.venue.server.ports import ExchangeReader
from orderly_sync.venue.server.registry import Member
from orderly_sync.venue.server.rows import algo_tree_row, fill_row, holding_row, order_row, position_row

__all__ = ["snapshot"]


def snapshot(exchange: ExchangeReader, account: Member, now: int) -> dict[str, object]:
    """Orders, algo trees, fills, positions and holding, spelt as in REST answers; whole histories, newest first."""
    account_id = account.account_id
    return {
        "account_id": account_id,
        "ts": now,
        "orders": [order_row(order, account.user_id) for order in exchange.orders(account_id)],
        "algo_orders": [algo_tree_row(nodes) for nodes in exchange.algos(account_id)],
        "fills": [fill_row(fill) for fill in exchange.fills(account_id)],
        "positions": [position_row(each, 0, now) for each in exchange.positions(account_id)],
        "holding": [holding_row(exchange.holding(account_id))],
    }
