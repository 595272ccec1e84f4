"""Rows of the state as text in Redis, and back. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orderly_sync.models.account import AccountInfo
from orderly_sync.models.algo_tree import AlgoTree
from orderly_sync.models.holding import Holding
from orderly_sync.models.order import Order
from orderly_sync.models.position import Position
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.wire.converter import structure, to_wire
from orderly_sync.wire.json import decode, encode

__all__ = ["row_text", "rows_of_table"]

_KINDS: dict[str, type] = {
    "positions": Position,
    "holdings": Holding,
    "orders": Order,
    "account": AccountInfo,
}


def row_text(row: object) -> bytes:
    """A row as JSON; an algo order is the list of its nodes. A row that was written down already is that text."""
    if isinstance(row, bytes):
        return row
    if isinstance(row, AlgoTree):
        nodes = [to_wire(node) for node in row.nodes]
        for node in nodes:
            node.pop("childOrders", None)
        return encode(nodes)
    return encode(to_wire(row))


def rows_of_table(table: str, told: Mapping[bytes, bytes], numbers: type) -> list[Any]:
    """The rows of one table.

    Raises:
        DecodingError: One of them cannot be read.
    """
    where = f"the relay's {table}"
    decoded = [decode(text, where) for text in told.values()]
    if table == "algo_orders":
        return [
            AlgoTree(nodes=tuple(structure(node, AlgoExecutionReport, where, numbers) for node in nodes))
            for nodes in decoded
        ]
    return [structure(row, _KINDS[table], where, numbers) for row in decoded]
