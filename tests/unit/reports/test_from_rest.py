"""Rows of REST as the reports they amount to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs
import pytest

from orderly_sync.models.enums import MarginMode, OrderSide, OrderType
from orderly_sync.models.order import Order
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.reports.from_rest import algo_tree, order_report
from tests.support.reports import algo_row, row

NAMES = {one.name for one in attrs.fields(Order)} & {one.name for one in attrs.fields(ExecutionReport)}
MEANT_OTHERWISE = {"executed_quantity", "extra", "status", "side", "type"}
"""Of one fill in a report, of all in a row; or with a word for what the row does not say."""


def test_an_order_s_row_becomes_a_report_that_is_no_fill():
    """It was made when the order last changed, comes from REST, and is its frame's only one."""
    report = order_report(row(7, "PARTIAL_FILLED", "0.4", updated_time=77))
    assert (report.order_id, report.status, report.filled) == (7, "PARTIAL_FILLED", Decimal("0.4"))
    assert (report.timestamp, report.ts, report.topic, report.origin) == (77, 77, "executionreport", "rest")
    assert (report.is_fill, report.trade_id, report.executed_quantity) == (False, 0, 0)
    assert not report.recovered
    assert report.frame.events == (report,)


SHARED: dict[str, Any] = {
    "client_order_id": "mine",
    "average_executed_price": Decimal(2999),
    "total_fee": Decimal("-0.1"),
    "fee_asset": "USDC",
    "visible_quantity": Decimal(0),
    "margin_mode": MarginMode.ISOLATED,
    "order_tag": "tag",
    "reduce_only": True,
    "created_time": 3,
}


def test_every_word_that_row_and_report_share_is_carried_over():
    """Whatever field the two models have in common, and mean alike, arrives."""
    shown = row(7, "NEW", "0.5", leverage=Decimal(10), **SHARED)
    report = order_report(shown)
    unlike = {name for name in NAMES - MEANT_OTHERWISE if getattr(report, name) != getattr(shown, name)}
    assert unlike <= {"leverage"}
    assert {name: getattr(report, name) for name in SHARED} == SHARED


def test_what_a_row_leaves_out_its_request_may_say():
    """The row's own word comes first; without either the word is empty, never invented."""
    bare = Order(order_id=1, symbol="PERP_BTC_USDC")
    report = order_report(bare, side=OrderSide.SELL, order_type=OrderType.IOC)
    assert (report.side, report.type, report.status) == ("SELL", "IOC", "NEW")
    assert order_report(row(1), side=OrderSide.SELL, order_type=OrderType.IOC).side == "BUY"
    assert (order_report(bare).side, order_report(bare).type) == ("", "")
    assert (order_report(bare).created_time, order_report(bare).timestamp) == (None, None)


@pytest.mark.parametrize("numbers", [Decimal, float])
def test_the_size_of_no_fill_is_0_in_the_numbers_of_the_row(numbers: type):
    """Rows read as floats become reports of floats."""
    shown = Order(order_id=1, symbol="PERP_BTC_USDC", quantity=numbers(2), price=numbers(3))
    assert type(order_report(shown).executed_quantity) is numbers


def test_an_algo_row_becomes_reports_of_the_same_words():
    """Times, ids and terms are REST's; no fill is invented."""
    tree = algo_tree(algo_row(10, total="0.5", trigger_price="3000", updated_time=77))
    root = tree.root
    assert (root.timestamp, root.trigger_price, root.filled, root.trade_id) == (
        77,
        Decimal(3000),
        Decimal("0.5"),
        0,
    )
    assert (root.origin, root.reports) == ("rest", tree.nodes)
    assert root.executed_quantity == 0


def test_a_nested_row_leans_on_its_root():
    """Market, root and the whole tree's status are the root's where a child's row leaves them out."""
    child = attrs.evolve(
        algo_row(12, kind="STOP_LOSS"), symbol=None, root_algo_order_id=None, root_algo_status=None
    )
    leaf = algo_row(11, "FILLED", root=10, kind="TAKE_PROFIT")
    tree = algo_tree(algo_row(10, kind="TP_SL", child_orders=(child, leaf)))
    assert [one.algo_order_id for one in tree.nodes] == [10, 11, 12]
    loss = tree.nodes[2]
    assert (loss.symbol, loss.root_algo_order_id, loss.root_algo_status) == (tree.symbol, 10, "NEW")
    assert loss.root is tree.root
