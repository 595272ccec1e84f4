"""What the console shows of the exchange: every number as the text of its digits, for JavaScript would round some."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from orderly_sync.models.enums import AlgoType
from orderly_sync.venue.engine.book import BookSnapshot
from orderly_sync.venue.engine.facts import Traded
from orderly_sync.venue.engine.ledger import Holding, Position
from orderly_sync.venue.engine.orders import AlgoNode, Order, trailing_level, waits
from orderly_sync.venue.server.ledger_log import LedgerLine

__all__ = [
    "book_row",
    "event_row",
    "holding_row",
    "order_row",
    "position_row",
    "text",
    "trade_row",
    "tree_rows",
]

_DEPTH = 15


def text(value: Decimal | None) -> str | None:
    """The digits of a number, without exponent or trailing zeros; None for none."""
    if value is None:
        return None
    digits = format(value, "f")
    return (digits.rstrip("0").rstrip(".") if "." in digits else digits) if value else "0"


def order_row(order: Order) -> dict[str, object]:
    """An ordinary order."""
    return {
        "id": str(order.order_id),
        "client_id": order.client_order_id,
        "symbol": order.symbol,
        "side": order.side.value,
        "type": order.type.value,
        "price": text(order.price),
        "quantity": text(order.quantity),
        "executed": text(order.executed_quantity),
        "average": text(order.average_executed_price),
        "status": order.status.value,
        "open": not order.is_done,
        "reduce_only": order.reduce_only,
        "algo_id": None if order.algo_order_id is None else str(order.algo_order_id),
        "ts": order.updated_time or order.created_time,
    }


def tree_rows(nodes: tuple[AlgoNode, ...]) -> list[dict[str, object]]:
    """A tree as rows, each child below its parent and as deep as it stands."""
    root = nodes[0]
    asleep = root.algo_type is AlgoType.BRACKET and not root.executed_quantity
    children: dict[int, list[AlgoNode]] = {}
    for node in nodes[1:]:
        children.setdefault(node.parent_algo_order_id, []).append(node)
    rows: list[dict[str, object]] = []
    waiting = [(root, 0)]
    while waiting:
        node, depth = waiting.pop()
        rows.append({**_node_row(node), "depth": depth, "armed": waits(node) and not asleep})
        waiting += [(child, depth + 1) for child in reversed(children.get(node.algo_order_id, []))]
    return rows


def _node_row(node: AlgoNode) -> dict[str, object]:
    trails = node.algo_type is AlgoType.TRAILING_STOP
    return {
        "id": str(node.algo_order_id),
        "client_id": node.client_order_id,
        "symbol": node.symbol,
        "algo_type": node.algo_type.value,
        "side": node.side.value,
        "type": None if node.type is None else node.type.value,
        "quantity": text(node.quantity),
        "price": text(node.price),
        "trigger": text(trailing_level(node) if trails else node.trigger_price),
        "triggered": node.is_triggered,
        "extreme": text(node.extreme_price),
        "activates_at": None if node.is_activated else text(node.activated_price),
        "executed": text(node.executed_quantity),
        "status": node.algo_status.value,
        "tree_status": node.root_algo_status.value,
        "open": not node.is_done,
        "ts": node.updated_time or node.created_time,
    }


def position_row(position: Position) -> dict[str, object]:
    """A position."""
    return {
        "symbol": position.symbol,
        "margin_mode": position.margin_mode.value,
        "quantity": text(position.position_qty),
        "entry": text(position.average_open_price),
        "liquidation": text(round(position.est_liq_price, 4)),
        "unsettled": text(round(position.unsettled_pnl, 4)),
        "leverage": position.leverage,
    }


def holding_row(holding: Holding) -> dict[str, object]:
    """What an account holds, USDC."""
    return {"usdc": text(holding.holding), "frozen": text(holding.frozen)}


def book_row(book: BookSnapshot) -> dict[str, object]:
    """The levels nearest to the middle, best first."""
    return {name: _levels(side) for name, side in (("bids", book.bids), ("asks", book.asks))}


def _levels(side: Iterable[tuple[Decimal, Decimal]]) -> list[tuple[str | None, str | None]]:
    return [(text(price), text(quantity)) for price, quantity in tuple(side)[:_DEPTH]]


def trade_row(trade: Traded) -> dict[str, object]:
    """A public trade."""
    return {
        "ts": trade.ts,
        "side": trade.side.value,
        "price": text(trade.price),
        "quantity": text(trade.quantity),
    }


def event_row(line: LedgerLine) -> dict[str, object]:
    """A line of the ledger, its data as the JSON text that was pushed."""
    return {"seq": line.seq, "ts": line.ts, "topic": line.topic, "text": line.data.decode()}
