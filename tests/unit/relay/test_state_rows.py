"""Rows of the state as text in Redis: what comes back is what was written."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from orderly_sync.errors import DecodingError
from orderly_sync.models.account import AccountInfo
from orderly_sync.models.algo_tree import AlgoTree
from orderly_sync.models.holding import Holding
from orderly_sync.models.order import Order
from orderly_sync.models.position import Position
from orderly_sync.relay.keys import TABLES
from orderly_sync.relay.state_rows import row_text, rows_of_table
from tests.support.reports import node

ROWS: dict[str, Any] = {
    "orders": Order(order_id=7, symbol="PERP_ETH_USDC", price=Decimal("3000.10"), quantity=Decimal("0.30")),
    "positions": Position(symbol="PERP_ETH_USDC", position_qty=Decimal("-0.5")),
    "holdings": Holding(token="USDC", holding=Decimal("12.340")),
    "account": AccountInfo(account_id="0x" + "ab" * 32),
    "algo_orders": AlgoTree(nodes=(node(10), node(11, root=10), node(12, root=10))),
}


@pytest.mark.parametrize("table", TABLES)
def test_a_row_comes_back_as_it_was(table: str) -> None:
    """Of each table, with the digits that it had."""
    (row,) = rows_of_table(table, {b"key": row_text(ROWS[table])}, Decimal)
    assert row == ROWS[table]
    assert row_text(row) == row_text(ROWS[table])


def test_numbers_are_of_the_kind_that_is_asked_for() -> None:
    """As ``numbers=`` of the client says."""
    (row,) = rows_of_table("orders", {b"7": row_text(ROWS["orders"])}, float)
    assert (row.price, type(row.price)) == (3000.1, float)


def test_a_tree_is_the_list_of_its_nodes() -> None:
    """None within another, though the venue nests them; so no node is there twice."""
    assert row_text(ROWS["algo_orders"]).count(b'"algoOrderId"') == 3
    assert b"childOrders" not in row_text(ROWS["algo_orders"])


def test_text_is_left_as_it_is() -> None:
    """A row that was written down already."""
    assert row_text(b'{"orderId":7}') == b'{"orderId":7}'


@pytest.mark.parametrize("text", [b"{", b"[]", b'{"symbol": 5}'])
def test_what_is_no_row_is_said_with_its_table(text: bytes) -> None:
    """An empty table has no rows."""
    with pytest.raises(DecodingError, match="the relay's orders"):
        rows_of_table("orders", {b"7": text}, Decimal)
    assert rows_of_table("orders", {}, Decimal) == []
