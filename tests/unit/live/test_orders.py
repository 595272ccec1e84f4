"""Open orders and algo trees, as reports and rows tell of them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from orderly_sync.live import orders as module
from orderly_sync.live.orders import OpenAlgoOrders, OpenOrders
from orderly_sync.reports.from_rest import algo_tree
from tests.support.reports import algo_row, fill_report, node, report, row


def test_an_order_lives_from_its_first_report_to_its_end():
    """NEW adds it, fills move it, the end drops it for good."""
    orders = OpenOrders()
    assert orders.apply(report(client_order_id="mine", visible_quantity=Decimal(1)))
    assert orders[1].client_order_id == "mine"
    assert orders.apply(fill_report("0.4", "0.4", 7))
    one = orders[1]
    assert (one.filled, str(one.status), one.client_order_id) == (Decimal("0.4"), "PARTIAL_FILLED", "mine")
    assert orders.apply(report("CANCELLED", "0.4"))
    assert 1 not in orders
    assert orders.is_closed(1)
    assert not orders.apply(report("NEW"))
    assert not orders.apply(report("FILLED", "1"))


def test_an_edit_leaves_it_open_with_its_new_terms():
    """REPLACED is a report's word; the order is open or partly filled as before."""
    orders = OpenOrders()
    orders.apply(report())
    orders.apply(report("REPLACED", price="2990"))
    assert (str(orders[1].status), orders[1].price) == ("NEW", Decimal(2990))
    orders.apply(fill_report("0.4", "0.4", 7))
    orders.apply(report("REPLACED", "0.4"))
    assert str(orders[1].status) == "PARTIAL_FILLED"


def test_a_report_that_comes_late_does_not_turn_it_back():
    """Less filled than held is older."""
    orders = OpenOrders()
    orders.apply(fill_report("0.4", "0.4", 7))
    assert not orders.apply(report())
    assert orders[1].filled == Decimal("0.4")


def test_rest_rows_seed_what_is_open():
    """Ended ones stay ended, whatever a lagging list says."""
    orders = OpenOrders()
    orders.apply(report("CANCELLED", order_id=3))
    orders.seed_rows([row(1), row(2, "FILLED"), row(3)])
    assert list(orders) == [1]


def test_the_memory_of_the_ended_is_bounded(monkeypatch: pytest.MonkeyPatch):
    """The newest half stays known."""
    monkeypatch.setattr(module, "_REMEMBERED", 4)
    orders = OpenOrders()
    for number in range(1, 6):
        orders.apply(report("CANCELLED", order_id=number))
    assert not orders.is_closed(1)
    assert orders.is_closed(5)


def test_algo_reports_build_the_tree_and_close_it():
    """Node by node; after its end nothing revives it."""
    algos = OpenAlgoOrders()
    for one in (node(10, kind="TP_SL"), node(12, root=10), node(11, root=10)):
        assert algos.apply(one)
    assert [one.algo_order_id for one in algos[10].nodes] == [10, 11, 12]
    end = {"root_algo_status": "CANCELLED", "timestamp": 9}
    for one in (11, 12):
        algos.apply(node(one, "CANCELLED", root=10, **end))
    algos.apply(node(10, "CANCELLED", kind="TP_SL", **end))
    assert 10 not in algos
    assert algos.is_closed(10)
    assert not algos.apply(node(10, kind="TP_SL"))


def test_algo_rows_seed_what_is_open():
    """Ended trees, and trees known to have ended, are not listed."""
    algos = OpenAlgoOrders()
    algos.apply(node(30, "CANCELLED"))
    child = algo_row(11, root=10)
    algos.seed_rows([algo_row(10, child_orders=(child,)), algo_row(20, "FILLED"), algo_row(30)])
    assert list(algos) == [10]
    assert len(algos[10].nodes) == 2


def test_an_expected_order_is_shown_until_its_reports_say_more():
    """Its report takes its place, times and all; its end removes it."""
    orders = OpenOrders()
    orders.expect(row(1, created_time=None, client_order_id="mine"))
    assert orders[1].client_order_id == "mine"
    orders.apply(report(created_time=50, price="2990"))
    assert (orders[1].created_time, orders[1].price, orders[1].client_order_id) == (50, Decimal(2990), "mine")
    orders.forget(1)
    assert 1 in orders
    orders.apply(report("CANCELLED"))
    assert 1 not in orders


def test_an_answer_never_turns_an_order_back():
    """Reports came first: they stand, and what has ended stays ended."""
    orders = OpenOrders()
    orders.apply(fill_report("0.4", "0.4", 7))
    orders.expect(row(1))
    assert orders[1].filled == Decimal("0.4")
    orders.apply(report("CANCELLED", order_id=2))
    orders.expect(row(2))
    orders.expect(row(3, "FILLED"))
    assert list(orders) == [1]


def test_an_expected_order_outlives_a_snapshot_that_is_too_old_for_it():
    """One that was told of does not: REST knows better. One that the venue does not know is forgotten."""
    orders = OpenOrders()
    orders.expect(row(1))
    orders.apply(report(order_id=2))
    orders.begin()
    orders.seed_rows([row(3)])
    assert sorted(orders) == [1, 3]
    orders.forget(1)
    orders.forget(3)
    assert list(orders) == [3]


def test_an_expected_tree_is_shown_until_its_reports_say_more():
    """The same for trees: the root is replaced, its legs join it."""
    algos = OpenAlgoOrders()
    algos.expect(algo_tree(algo_row(10, kind="TP_SL")))
    algos.begin()
    algos.seed_rows([])
    assert list(algos) == [10]
    for one in (node(11, root=10), node(10, kind="TP_SL", trigger_price="3000")):
        algos.apply(one)
    assert [one.algo_order_id for one in algos[10].nodes] == [10, 11]
    assert algos[10].root.trigger_price == 3000
    algos.expect(algo_tree(algo_row(10)))
    algos.forget(10)
    assert len(algos[10].nodes) == 2
    algos.expect(algo_tree(algo_row(20)))
    algos.forget(20)
    algos.apply(node(30, "CANCELLED"))
    algos.expect(algo_tree(algo_row(30)))
    algos.expect(algo_tree(algo_row(40, "FILLED")))
    assert list(algos) == [10]
