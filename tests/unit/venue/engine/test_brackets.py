"""Brackets: an entry that is live at once, and legs that sleep until it executes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from orderly_sync.venue.engine.commands import CancelOrder, CancelOrders, PlaceAlgo
from orderly_sync.venue.engine.facts import AlgoReported
from tests.support.algo_specs import bracket, legs, positional, spec
from tests.support.venue_kit import ETH, ExchangeKit

D = Decimal
NEW, USELESS = "NEW", "USELESS"


def statuses(nodes: Any) -> list[str]:
    return [str(node.algo_status) for node in nodes]


def test_the_legs_of_a_bracket_sleep_until_its_entry_executes(kit: ExchangeKit):
    """Their triggers pass unnoticed, then they close what was filled."""
    root, inner, take, loss = kit.algo(bracket(price=3390))
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
    assert kit.reported()[4] == ("order", NEW)
    kit.mark(3460, quote=False)
    assert statuses(kit.tree(root.algo_order_id)) == [NEW] * 4
    kit.mark(3391, quote=False)
    kit.submit(CancelOrders(), "maker")
    kit.submit(kit.order("SELL", "LIMIT", 1, 3390), "maker")
    root, inner, take, loss = kit.tree(root.algo_order_id)
    assert (root.algo_status, root.root_algo_status) == ("FILLED", "PARTIAL_FILLED")
    assert [node.quantity for node in (inner, take, loss)] == [1, 1, 1]
    kit.mark(3450)
    root, inner, take, loss = kit.tree(root.algo_order_id)
    assert statuses((root, inner, take, loss)) == ["FILLED", "FILLED", "FILLED", "CANCELLED"]
    assert root.root_algo_status == "FILLED"
    assert kit.exchange.position("alice", ETH).position_qty == 0


def test_the_legs_of_a_bracket_have_the_quantity_its_entry_has_filled(kit: ExchangeKit):
    """Growing with each fill, reported in the same report."""
    root = kit.algo(bracket(price="3400.5", quantity=3))[0]
    kit.submit(kit.order("SELL", "LIMIT", 1, "3400.5"), "bob")
    (report,) = (fact for fact in kit.facts if isinstance(fact, AlgoReported))
    assert [node.quantity for node in report.nodes] == [3, 1, 1, 1]
    assert len(report.changed) == 4
    assert report.filled == root.algo_order_id
    kit.submit(kit.order("SELL", "LIMIT", 1, "3400.5"), "bob")
    assert [node.quantity for node in kit.tree(root.algo_order_id)] == [3, 2, 2, 2]


def test_a_leg_that_fires_cancels_the_rest_of_the_entry(kit: ExchangeKit):
    """The entry was partly filled; the leg closes what there is."""
    root = kit.algo(bracket(price="3400.5", quantity=3))[0]
    kit.submit(kit.order("SELL", "LIMIT", 1, "3400.5"), "bob")
    kit.mark(3370, quote=False)
    tree = kit.tree(root.algo_order_id)
    assert statuses(tree) == ["CANCELLED", "FILLED", "CANCELLED", "FILLED"]
    assert tree[0].root_algo_status == "CANCELLED"
    assert kit.exchange.position("alice", ETH).position_qty == 0


def test_an_entry_cancelled_unfilled_takes_the_whole_tree_along(kit: ExchangeKit):
    """By the ordinary order's id as well; one report for all."""
    root = kit.algo(bracket(price=3390))[0]
    order_id = kit.tree(root.algo_order_id)[0].order_id
    kit.submit(CancelOrder(order_id=order_id))
    assert kit.reported() == [
        ("order", "CANCELLED"),
        ("BRACKET", "CANCELLED", "SUCCESS", "CANCELLED"),
        ("TP_SL", "CANCELLED", USELESS, "CANCELLED"),
        ("TAKE_PROFIT", "CANCELLED", USELESS, "CANCELLED"),
        ("STOP_LOSS", "CANCELLED", USELESS, "CANCELLED"),
    ]


def test_an_entry_that_fills_nothing_at_once_ends_the_tree(kit: ExchangeKit):
    """FOK without enough to fill it."""
    root = kit.algo(bracket(type="FOK", price=3401, quantity=6))[0]
    assert statuses(kit.tree(root.algo_order_id)) == ["CANCELLED"] * 4


def test_a_refused_entry_makes_no_tree(kit: ExchangeKit):
    """Margin and band are checked as for any order."""
    assert kit.refusal(PlaceAlgo(root=bracket(price=3390, quantity=400))).code == -1101
    assert kit.refusal(PlaceAlgo(root=bracket(price=3600))).code == -1105
    assert kit.exchange.algos("alice") == []


def test_positional_legs_become_an_order_of_their_own(kit: ExchangeKit):
    """At the first fill, in place of a positional order that waits; the bracket is over with its entry."""
    kit.place("BUY", "MARKET", 1)
    earlier = kit.algo(positional(3500, 3300))[0]
    root = kit.algo(bracket("POSITIONAL_TP_SL", "MARKET"))[0]
    assert [row for row in kit.reported() if row[0] != "order"] == [
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
    assert kit.tree(earlier.algo_order_id)[0].is_done
    own = kit.tree(root.algo_order_id + 1)
    assert [node.parent_algo_order_id for node in own] == [0, own[0].algo_order_id, own[0].algo_order_id]
    assert {node.root_algo_order_id for node in own} == {root.algo_order_id + 1}
    kit.mark(3370)
    assert kit.exchange.position("alice", ETH).position_qty == 0
    assert statuses(kit.tree(own[0].algo_order_id)) == ["FILLED", "CANCELLED", "FILLED"]


def test_positional_legs_are_cancelled_where_one_has_fired(kit: ExchangeKit):
    """The earlier one is closing the position already."""
    kit.place("BUY", "MARKET", 1)
    kit.algo(spec("POSITIONAL_TP_SL", children=legs("SELL", 3420, type="LIMIT", price=3490)))
    kit.mark(3420)
    root = kit.algo(bracket("POSITIONAL_TP_SL", "MARKET", take=3600))[0]
    assert statuses(kit.tree(root.algo_order_id + 1)) == ["CANCELLED"] * 3


def test_closing_the_position_cancels_the_legs_of_a_filled_bracket(kit: ExchangeKit):
    """Not while its entry may still fill."""
    open_entry = kit.algo(bracket(price="3400.5", quantity=2))[0]
    kit.submit(kit.order("SELL", "LIMIT", 1, "3400.5"), "bob")
    kit.place("BUY", "LIMIT", 1, "3400.6", by="bob")
    kit.place("SELL", "MARKET", 1)
    assert statuses(kit.tree(open_entry.algo_order_id)) == ["PARTIAL_FILLED", NEW, NEW, NEW]
    kit.submit(kit.order("SELL", "LIMIT", 1, "3400.5"), "bob")
    kit.place("SELL", "MARKET", 1)
    tree = kit.tree(open_entry.algo_order_id)
    assert statuses(tree) == ["FILLED", "CANCELLED", "CANCELLED", "CANCELLED"]
    assert tree[0].root_algo_status == "FILLED"
