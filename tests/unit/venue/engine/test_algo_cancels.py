"""Cancels of algo orders: one, many, by type."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from orderly_sync.models.enums import AlgoType
from orderly_sync.venue.engine.commands import CancelAlgo, CancelAlgos
from tests.unit.venue.engine.floor import ETH, Floor, bracket, positional, stop, tp_sl, trailing

D = Decimal
NEW, USELESS = "NEW", "USELESS"


def statuses(nodes: Any) -> list[str]:
    return [str(node.algo_status) for node in nodes]


def test_cancelling_a_tree_cancels_every_node_in_one_report(floor: Floor):
    """By root id or by client order id."""
    root = floor.algo(tp_sl(), client_order_id="c1")[0]
    floor.submit(CancelAlgo(symbol=ETH, client_order_id="c1"))
    assert floor.answer == {"status": "CANCEL_SENT"}
    assert [row[1] for row in floor.reported()] == ["CANCELLED"] * 3
    gone = floor.refusal(CancelAlgo(order_id=root.algo_order_id))
    assert (gone.code, "CANCELLED" in gone.message) == (-1006, True)


def test_cancelling_a_triggered_stop_cancels_its_order(floor: Floor):
    """The order first, then the node with it."""
    root = floor.algo(stop("BUY", 3410, price=3405))[0]
    floor.move(3410)
    floor.submit(CancelAlgo(order_id=root.algo_order_id))
    assert floor.reported() == [("order", "CANCELLED"), ("STOP", "CANCELLED", "SUCCESS", "CANCELLED")]


def test_a_child_is_not_cancelled_by_itself(floor: Floor):
    """The message names the root."""
    root, take, _ = floor.algo(tp_sl())
    refused = floor.refusal(CancelAlgo(order_id=take.algo_order_id))
    assert (refused.code, str(root.algo_order_id) in refused.message) == (-1006, True)
    assert floor.refusal(CancelAlgo(order_id=1)).code == -1006
    assert floor.refusal(CancelAlgo(client_order_id="no")).code == -1006
    assert floor.refusal(CancelAlgo()).code == -1005
    assert floor.refusal(CancelAlgo(symbol="PERP_BTC_USDC", order_id=root.algo_order_id)).code == -1006
    assert floor.refusal(CancelAlgo(order_id=root.algo_order_id), "bob").code == -1006


def test_cancelling_a_bracket_ends_entry_and_legs(floor: Floor):
    """What is filled stays filled."""
    root = floor.algo(bracket(price="3400.5", quantity=2))[0]
    floor.submit(floor.order("SELL", "LIMIT", 1, "3400.5"), "bob")
    floor.submit(CancelAlgo(order_id=root.algo_order_id))
    assert statuses(floor.tree(root.algo_order_id)) == ["CANCELLED"] * 4
    assert floor.exchange.position("alice", ETH).position_qty == 1


@pytest.mark.parametrize(
    ("kind", "left"),
    [
        (None, set()),
        ("STOP", {"BRACKET", "TRAILING_STOP"}),
        ("TP_SL", {"STOP", "POSITIONAL_TP_SL", "BRACKET", "TRAILING_STOP"}),
        ("BRACKET", {"STOP", "TP_SL", "POSITIONAL_TP_SL", "TRAILING_STOP"}),
        ("TRAILING_STOP", {"STOP", "TP_SL", "POSITIONAL_TP_SL", "BRACKET"}),
    ],
)
def test_cancelling_many_takes_the_types_asked_for(floor: Floor, kind: str | None, left: set[str]):
    """STOP takes the take profits and stop losses along."""
    for each in (stop(), tp_sl(), positional(), bracket(price=3390), trailing(callback_rate="0.01")):
        floor.algo(each)
    floor.submit(CancelAlgos(symbol=ETH, algo_type=None if kind is None else AlgoType(kind)))
    assert floor.answer == {"status": "CANCEL_ALL_SENT"}
    trees = floor.exchange.algos("alice")
    assert {str(tree[0].algo_type) for tree in trees if not tree[0].is_done} == left


def test_cancelling_one_kind_of_leg_leaves_the_other(floor: Floor):
    """A tree goes with its last leg."""
    both, alone = floor.algo(tp_sl())[0], floor.algo(tp_sl(take=None))[0]
    floor.submit(CancelAlgos(algo_type=AlgoType.STOP_LOSS))
    assert statuses(floor.tree(both.algo_order_id)) == [NEW, NEW, "CANCELLED"]
    assert statuses(floor.tree(alone.algo_order_id)) == ["CANCELLED", "CANCELLED"]
    floor.place("BUY", "MARKET", 1)
    floor.move(3420)
    assert floor.tree(both.algo_order_id)[0].algo_status == "FILLED"


def test_cancelling_many_leaves_what_has_fired_and_other_symbols(floor: Floor):
    """A triggered order's rest stays on the book."""
    fired = floor.algo(stop("BUY", 3410, price=3405))[0]
    floor.move(3410)
    floor.submit(CancelAlgos(symbol="PERP_BTC_USDC"))
    floor.submit(CancelAlgos())
    assert not floor.tree(fired.algo_order_id)[0].is_done
    assert floor.refusal(CancelAlgos(symbol="PERP_NO_USDC")).code == -1005
