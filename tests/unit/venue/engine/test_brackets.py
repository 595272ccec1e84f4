"""Brackets: an entry that is live at once, and legs that sleep until it executes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from orderly_sync.venue.engine.commands import CancelOrder, CancelOrders, PlaceAlgo
from orderly_sync.venue.engine.facts import AlgoReported
from tests.unit.venue.engine.floor import ETH, Floor, bracket, legs, positional, spec

D = Decimal
NEW, USELESS = "NEW", "USELESS"


def statuses(nodes: Any) -> list[str]:
    return [str(node.algo_status) for node in nodes]


def test_the_legs_of_a_bracket_sleep_until_its_entry_executes(floor: Floor):
    """Their triggers pass unnoticed, then they close what was filled."""
    root, inner, take, loss = floor.algo(bracket(price=3390))
    assert [node.algo_type for node in (root, inner, take, loss)] == [
        "BRACKET",
        "TP_SL",
        "TAKE_PROFIT",
        "STOP_LOSS",
    ]
    assert [node.parent_algo_order_id for node in (inner, take, loss)] == [
        root.algo_order_id,
        inner.algo_order_id,
        inner.algo_order_id,
    ]
    assert (root.trigger_status, root.is_triggered, inner.side) == ("SUCCESS", False, "SELL")
    assert floor.reported()[4] == ("order", NEW)
    floor.move(3460, quote=False)
    assert statuses(floor.tree(root.algo_order_id)) == [NEW] * 4
    floor.move(3391, quote=False)
    floor.submit(CancelOrders(), "maker")
    floor.submit(floor.order("SELL", "LIMIT", 1, 3390), "maker")
    root, inner, take, loss = floor.tree(root.algo_order_id)
    assert (root.algo_status, root.root_algo_status) == ("FILLED", "PARTIAL_FILLED")
    assert [node.quantity for node in (inner, take, loss)] == [1, 1, 1]
    floor.move(3450)
    root, inner, take, loss = floor.tree(root.algo_order_id)
    assert statuses((root, inner, take, loss)) == ["FILLED", "FILLED", "FILLED", "CANCELLED"]
    assert root.root_algo_status == "FILLED"
    assert floor.exchange.position("alice", ETH).position_qty == 0


def test_the_legs_of_a_bracket_have_the_quantity_its_entry_has_filled(floor: Floor):
    """Growing with each fill, reported in the same report."""
    root = floor.algo(bracket(price="3400.5", quantity=3))[0]
    floor.submit(floor.order("SELL", "LIMIT", 1, "3400.5"), "bob")
    (report,) = (fact for fact in floor.facts if isinstance(fact, AlgoReported))
    assert [node.quantity for node in report.nodes] == [3, 1, 1, 1]
    assert len(report.changed) == 4
    assert report.filled == root.algo_order_id
    floor.submit(floor.order("SELL", "LIMIT", 1, "3400.5"), "bob")
    assert [node.quantity for node in floor.tree(root.algo_order_id)] == [3, 2, 2, 2]


def test_a_leg_that_fires_cancels_the_rest_of_the_entry(floor: Floor):
    """The entry was partly filled; the leg closes what there is."""
    root = floor.algo(bracket(price="3400.5", quantity=3))[0]
    floor.submit(floor.order("SELL", "LIMIT", 1, "3400.5"), "bob")
    floor.move(3370, quote=False)
    tree = floor.tree(root.algo_order_id)
    assert statuses(tree) == ["CANCELLED", "FILLED", "CANCELLED", "FILLED"]
    assert tree[0].root_algo_status == "CANCELLED"
    assert floor.exchange.position("alice", ETH).position_qty == 0


def test_an_entry_cancelled_unfilled_takes_the_whole_tree_along(floor: Floor):
    """By the ordinary order's id as well; one report for all."""
    root = floor.algo(bracket(price=3390))[0]
    order_id = floor.tree(root.algo_order_id)[0].order_id
    floor.submit(CancelOrder(order_id=order_id))
    assert floor.reported() == [
        ("order", "CANCELLED"),
        ("BRACKET", "CANCELLED", "SUCCESS", "CANCELLED"),
        ("TP_SL", "CANCELLED", USELESS, "CANCELLED"),
        ("TAKE_PROFIT", "CANCELLED", USELESS, "CANCELLED"),
        ("STOP_LOSS", "CANCELLED", USELESS, "CANCELLED"),
    ]


def test_an_entry_that_fills_nothing_at_once_ends_the_tree(floor: Floor):
    """FOK without enough to fill it."""
    root = floor.algo(bracket(type="FOK", price=3401, quantity=6))[0]
    assert statuses(floor.tree(root.algo_order_id)) == ["CANCELLED"] * 4


def test_a_refused_entry_makes_no_tree(floor: Floor):
    """Margin and band are checked as for any order."""
    assert floor.refusal(PlaceAlgo(root=bracket(price=3390, quantity=400))).code == -1101
    assert floor.refusal(PlaceAlgo(root=bracket(price=3600))).code == -1105
    assert floor.exchange.algos("alice") == []


def test_positional_legs_become_an_order_of_their_own(floor: Floor):
    """At the first fill, in place of a positional order that waits; the bracket is over with its entry."""
    floor.place("BUY", "MARKET", 1)
    earlier = floor.algo(positional(3500, 3300))[0]
    root = floor.algo(bracket("POSITIONAL_TP_SL", "MARKET"))[0]
    assert [row for row in floor.reported() if row[0] != "order"] == [
        ("BRACKET", NEW, "SUCCESS", NEW),
        ("POSITIONAL_TP_SL", NEW, USELESS, NEW),
        ("TAKE_PROFIT", NEW, USELESS, NEW),
        ("STOP_LOSS", NEW, USELESS, NEW),
        ("BRACKET", "FILLED", "SUCCESS", "FILLED"),
        ("POSITIONAL_TP_SL", "CANCELLED", USELESS, "CANCELLED"),
        ("TAKE_PROFIT", "CANCELLED", USELESS, "CANCELLED"),
        ("STOP_LOSS", "CANCELLED", USELESS, "CANCELLED"),
        ("POSITIONAL_TP_SL", NEW, USELESS, NEW),
        ("TAKE_PROFIT", NEW, USELESS, NEW),
        ("STOP_LOSS", NEW, USELESS, NEW),
    ]
    assert floor.tree(earlier.algo_order_id)[0].is_done
    own = floor.tree(root.algo_order_id + 1)
    assert [node.parent_algo_order_id for node in own] == [0, own[0].algo_order_id, own[0].algo_order_id]
    assert {node.root_algo_order_id for node in own} == {root.algo_order_id + 1}
    floor.move(3370)
    assert floor.exchange.position("alice", ETH).position_qty == 0
    assert statuses(floor.tree(own[0].algo_order_id)) == ["FILLED", "CANCELLED", "FILLED"]


def test_positional_legs_are_cancelled_where_one_has_fired(floor: Floor):
    """The earlier one is closing the position already."""
    floor.place("BUY", "MARKET", 1)
    floor.algo(spec("POSITIONAL_TP_SL", children=legs("SELL", 3420, type="LIMIT", price=3490)))
    floor.move(3420)
    root = floor.algo(bracket("POSITIONAL_TP_SL", "MARKET", take=3600))[0]
    assert statuses(floor.tree(root.algo_order_id + 1)) == ["CANCELLED"] * 3


def test_closing_the_position_cancels_the_legs_of_a_filled_bracket(floor: Floor):
    """Not while its entry may still fill."""
    open_entry = floor.algo(bracket(price="3400.5", quantity=2))[0]
    floor.submit(floor.order("SELL", "LIMIT", 1, "3400.5"), "bob")
    floor.place("BUY", "LIMIT", 1, "3400.6", by="bob")
    floor.place("SELL", "MARKET", 1)
    assert statuses(floor.tree(open_entry.algo_order_id)) == ["PARTIAL_FILLED", NEW, NEW, NEW]
    floor.submit(floor.order("SELL", "LIMIT", 1, "3400.5"), "bob")
    floor.place("SELL", "MARKET", 1)
    tree = floor.tree(open_entry.algo_order_id)
    assert statuses(tree) == ["FILLED", "CANCELLED", "CANCELLED", "CANCELLED"]
    assert tree[0].root_algo_status == "FILLED"
