"""Cancels of algo orders: one, many, by type."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from orderly_sync.models.enums import AlgoType
from orderly_sync.venue.engine.commands import CancelAlgo, CancelAlgos
from tests.support.algo_specs import bracket, positional, stop, tp_sl, trailing
from tests.support.venue_kit import ETH, ExchangeKit

D = Decimal
NEW, USELESS = "NEW", "USELESS"


def statuses(nodes: Any) -> list[str]:
    return [str(node.algo_status) for node in nodes]


def test_cancelling_a_tree_cancels_every_node_in_one_report(kit: ExchangeKit):
    """By root id or by client order id."""
    root = kit.algo(tp_sl(), client_order_id="c1")[0]
    kit.submit(CancelAlgo(symbol=ETH, client_order_id="c1"))
    assert kit.answer == {"status": "CANCEL_SENT"}
    assert [row[1] for row in kit.reported()] == ["CANCELLED"] * 3
    gone = kit.refusal(CancelAlgo(order_id=root.algo_order_id))
    assert (gone.code, "CANCELLED" in gone.message) == (-1006, True)


def test_cancelling_a_triggered_stop_cancels_its_order(kit: ExchangeKit):
    """The order first, then the node with it."""
    root = kit.algo(stop("BUY", 3410, price=3405))[0]
    kit.mark(3410)
    kit.submit(CancelAlgo(order_id=root.algo_order_id))
    assert kit.reported() == [("order", "CANCELLED"), ("STOP", "CANCELLED", "SUCCESS", "CANCELLED")]


def test_a_child_is_not_cancelled_by_itself(kit: ExchangeKit):
    """The message names the root."""
    root, take, _ = kit.algo(tp_sl())
    refused = kit.refusal(CancelAlgo(order_id=take.algo_order_id))
    assert (refused.code, str(root.algo_order_id) in refused.message) == (-1006, True)
    assert kit.refusal(CancelAlgo(order_id=1)).code == -1006
    assert kit.refusal(CancelAlgo(client_order_id="no")).code == -1006
    assert kit.refusal(CancelAlgo()).code == -1005
    assert kit.refusal(CancelAlgo(symbol="PERP_BTC_USDC", order_id=root.algo_order_id)).code == -1006
    assert kit.refusal(CancelAlgo(order_id=root.algo_order_id), "bob").code == -1006


def test_cancelling_a_bracket_ends_entry_and_legs(kit: ExchangeKit):
    """What is filled stays filled."""
    root = kit.algo(bracket(price="3400.5", quantity=2))[0]
    kit.submit(kit.order("SELL", "LIMIT", 1, "3400.5"), "bob")
    kit.submit(CancelAlgo(order_id=root.algo_order_id))
    assert statuses(kit.tree(root.algo_order_id)) == ["CANCELLED"] * 4
    assert kit.exchange.position("alice", ETH).position_qty == 1


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
def test_cancelling_many_takes_the_types_asked_for(kit: ExchangeKit, kind: str | None, left: set[str]):
    """STOP takes the take profits and stop losses along."""
    for each in (stop(), tp_sl(), positional(), bracket(price=3390), trailing(callback_rate="0.01")):
        kit.algo(each)
    kit.submit(CancelAlgos(symbol=ETH, algo_type=None if kind is None else AlgoType(kind)))
    assert kit.answer == {"status": "CANCEL_ALL_SENT"}
    trees = kit.exchange.algos("alice")
    assert {str(tree[0].algo_type) for tree in trees if not tree[0].is_done} == left


def test_cancelling_one_kind_of_leg_leaves_the_other(kit: ExchangeKit):
    """A tree goes with its last leg."""
    both, alone = kit.algo(tp_sl())[0], kit.algo(tp_sl(take=None))[0]
    kit.submit(CancelAlgos(algo_type=AlgoType.STOP_LOSS))
    assert statuses(kit.tree(both.algo_order_id)) == [NEW, NEW, "CANCELLED"]
    assert statuses(kit.tree(alone.algo_order_id)) == ["CANCELLED", "CANCELLED"]
    kit.place("BUY", "MARKET", 1)
    kit.mark(3420)
    assert kit.tree(both.algo_order_id)[0].algo_status == "FILLED"


def test_cancelling_many_leaves_what_has_fired_and_other_symbols(kit: ExchangeKit):
    """A triggered order's rest stays on the book."""
    fired = kit.algo(stop("BUY", 3410, price=3405))[0]
    kit.mark(3410)
    kit.submit(CancelAlgos(symbol="PERP_BTC_USDC"))
    kit.submit(CancelAlgos())
    assert not kit.tree(fired.algo_order_id)[0].is_done
    assert kit.refusal(CancelAlgos(symbol="PERP_NO_USDC")).code == -1005
