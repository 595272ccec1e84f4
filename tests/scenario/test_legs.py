"""Legs of algo orders edited through the client: switched off, brought back, resized."""

from __future__ import annotations

from typing import Any

import pytest

from orderly_sync import InvalidOrder, Market, Orderly, topics
from orderly_sync.errors import BadRequest

ETH = "PERP_ETH_USDC"


def test_a_leg_waits_and_comes_back_as_a_limit_order(ex: Orderly):
    """The report and the row both say that it is off; with another trigger and type it fires and rests."""
    assert ex.paper is not None
    ex.place(Market.buy(ETH, quantity="0.2")).wait("filled", 5)
    mark = ex.rest.market.futures_info(ETH).mark_price
    legs = [
        {"symbol": ETH, "algo_type": kind, "side": "SELL", "type": "MARKET", "trigger_price": trigger}
        for kind, trigger in (("TAKE_PROFIT", mark + 60), ("STOP_LOSS", mark - 60))
    ]
    reports = ex.stream(topics.algo_execution_report())
    made = ex.rest.orders.create_algo(symbol=ETH, algo_type="TP_SL", quantity="0.2", child_orders=legs)
    root = ex.rest.orders.get_algo(made.order_id)
    take = next(leg for leg in root.child_orders if leg.algo_type == "TAKE_PROFIT")
    assert _next(reports, take.algo_order_id).algo_status == "NEW"

    ex.rest.orders.edit_algo(
        order_id=made.order_id, child_orders=[{"order_id": take.algo_order_id, "is_activated": False}]
    )
    told = _next(reports, take.algo_order_id)
    assert (told.is_activated, told.algo_status) == (False, "REPLACED")
    row = next(
        leg for leg in ex.rest.orders.get_algo(made.order_id).child_orders if leg.algo_type == "TAKE_PROFIT"
    )
    assert (row.is_activated, row.algo_status) == (False, "NEW")

    back = {
        "order_id": take.algo_order_id,
        "order_type": "LIMIT",
        "trigger_price": mark + 20,
        "price": mark + 25,
    }
    ex.rest.orders.edit_algo(order_id=made.order_id, child_orders=[back])
    told = _next(reports, take.algo_order_id)
    assert (told.is_activated, told.type, told.trigger_price) == (True, "LIMIT", mark + 20)
    ex.paper.set_mark_price(ETH, mark + 20)
    assert _next(reports, take.algo_order_id).is_triggered


def test_a_quantity_of_a_tp_sl_is_edited_on_all_legs_or_refused(ex: Orderly):
    """By REST each leg must be named."""
    mark = ex.rest.market.futures_info(ETH).mark_price
    legs = [
        {"symbol": ETH, "algo_type": kind, "side": "SELL", "type": "MARKET", "trigger_price": trigger}
        for kind, trigger in (("TAKE_PROFIT", mark + 60), ("STOP_LOSS", mark - 60))
    ]
    made = ex.rest.orders.create_algo(symbol=ETH, algo_type="TP_SL", quantity="0.2", child_orders=legs)
    first, second = ex.rest.orders.get_algo(made.order_id).child_orders
    one, other = first.algo_order_id, second.algo_order_id
    for wrong in (
        {"quantity": "0.3"},
        {"child_orders": [{"order_id": one, "quantity": "0.3"}]},
        {"child_orders": [{"order_id": one, "quantity": "0.3"}, {"order_id": other, "quantity": "0.4"}]},
    ):
        with pytest.raises((BadRequest, InvalidOrder)):
            ex.rest.orders.edit_algo(order_id=made.order_id, **wrong)
    both = [{"order_id": each, "quantity": "0.3"} for each in (one, other)]
    ex.rest.orders.edit_algo(order_id=made.order_id, child_orders=both)
    root = ex.rest.orders.get_algo(made.order_id)
    assert {str(node.quantity) for node in root.nodes()} == {"0.3"}


def _next(reports: Any, node_id: int) -> Any:
    while (report := reports.get(timeout=5)).algo_order_id != node_id:
        pass
    return report
