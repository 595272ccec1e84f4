"""An edit is news once; the state behind it is open as before."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from orderly_sync.live.orders import OpenAlgoOrders
from orderly_sync.models.enums import AlgoStatus, AlgoType
from orderly_sync.models.pushes.algo import AlgoExecutionReport


def node(**fields: Any) -> AlgoExecutionReport:
    values = {
        "symbol": "PERP_ETH_USDC",
        "algo_order_id": 1,
        "root_algo_order_id": 1,
        "parent_algo_order_id": 0,
        "algo_type": AlgoType.STOP,
        "algo_status": AlgoStatus.REPLACED,
        "root_algo_status": AlgoStatus.REPLACED,
        **fields,
    }
    return AlgoExecutionReport(**values)


def test_an_edited_algo_order_is_open_as_before():
    """The report says REPLACED, the tree NEW with the new terms, as REST would show it."""
    orders = OpenAlgoOrders()
    assert orders.apply(node(trigger_price=Decimal(3000)))
    tree = orders[1]
    assert (tree.status, tree.root.algo_status, tree.root.trigger_price) == ("NEW", "NEW", 3000)


def test_an_edit_of_a_partly_filled_node_leaves_it_partly_filled():
    """What was filled stays filled."""
    orders = OpenAlgoOrders()
    orders.apply(node(total_executed_quantity=Decimal(1), root_algo_status=AlgoStatus.PARTIAL_FILLED))
    assert (orders[1].status, orders[1].root.algo_status) == ("PARTIAL_FILLED", "PARTIAL_FILLED")
