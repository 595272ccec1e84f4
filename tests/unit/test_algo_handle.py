"""A placed algo order that keeps itself up to date: the whole tree, fed by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from orderly_sync import Bracket, OrderEnded, PositionalTpSl, Stop, TpSl, UsageError
from orderly_sync.algo_handle import AlgoHandle
from tests.support.recording import Recording
from tests.support.reports import node

WAIT = 20.0
STOP = Stop.sell("ETH", quantity=1, trigger=2900)
TPSL = TpSl.sell("ETH", quantity=1, take_profit=3100, stop_loss=2900)
BRACKET = Bracket.buy("ETH", quantity=1, take_profit=3100, stop_loss=2900)


def make(request: Any) -> tuple[AlgoHandle, Recording]:
    recording = Recording()
    return AlgoHandle(request, recording.orders, lambda: None), recording


def feed(handle: AlgoHandle, *nodes: Any) -> AlgoHandle:
    for one in nodes:
        handle.apply(one)
    return handle


def legs(status: str = "NEW", root: int = 10, **fields: Any) -> list[Any]:
    return [
        node(11, status, root=root, kind="TAKE_PROFIT", **fields),
        node(12, status, root=root, kind="STOP_LOSS", **fields),
    ]


def test_before_the_first_report_nothing_is_known():
    """No tree, no status, nothing filled."""
    handle, _ = make(STOP)
    assert (handle.tree, handle.status, handle.filled, handle.is_triggered, handle.is_done) == (
        None,
        None,
        0,
        False,
        False,
    )
    with pytest.raises(UsageError, match="not confirmed"):
        handle.cancel()


def test_a_stop_triggers_then_fills():
    """Each goal is its own report."""
    handle, _ = make(STOP)
    feed(handle, node(10), node(10, is_triggered=True, trigger_status="SUCCESS"))
    assert handle.wait("triggered", 0) is handle.reports[1]
    assert handle.is_triggered
    done = node(10, "FILLED", total="1", trade_id=7, executed_quantity="1", is_triggered=True)
    feed(handle, done)
    assert handle.wait("filled", 0) is handle.wait("done", 0) is done
    assert handle.filled == 1
    assert repr(handle) == "AlgoHandle(STOP PERP_ETH_USDC 10 FILLED filled=1)"


def test_an_order_cancelled_before_it_fired_says_so():
    """OrderEnded for what can no longer come; done is done."""
    handle, _ = make(STOP)
    feed(handle, node(10), node(10, "CANCELLED"))
    for goal in ("triggered", "filled"):
        with pytest.raises(OrderEnded, match=f"CANCELLED before it was {goal}"):
            handle.wait(goal, WAIT)  # type: ignore[arg-type]
    assert handle.wait("done", WAIT).algo_status == "CANCELLED"


def test_the_leg_that_fired_is_what_was_filled():
    """The container may or may not repeat it; either way the quantity counts once."""
    handle, _ = make(TPSL)
    feed(handle, node(10, kind="TP_SL"), *legs())
    assert handle.tree is not None
    assert len(handle.tree.nodes) == 3
    end = {"root_algo_status": "FILLED", "timestamp": 9}
    feed(
        handle,
        node(11, "FILLED", root=10, kind="TAKE_PROFIT", total="1", trade_id=7, is_triggered=True, **end),
        node(12, "CANCELLED", root=10, kind="STOP_LOSS", **end),
        node(10, "FILLED", kind="TP_SL", total="1", **end),
    )
    assert handle.filled == 1
    assert handle.wait("triggered", 0).algo_order_id == 11
    assert handle.wait("done", 0).algo_order_id == 10


def test_of_a_bracket_the_entry_counts_as_filled():
    """Its legs close what it opened."""
    handle, _ = make(BRACKET)
    feed(handle, node(10, "FILLED", kind="BRACKET", total="1", root_algo_status="PARTIAL_FILLED"))
    assert handle.filled == 1
    feed(handle, *legs())
    assert not handle.is_done


def tree_row(**fields: Any) -> dict[str, Any]:
    return {
        "algo_order_id": 10, "root_algo_order_id": 10, "parent_algo_order_id": 0, "symbol": "PERP_ETH_USDC",
        "algo_type": "STOP", "algo_status": "FILLED", "root_algo_order_status": "FILLED", "quantity": 1,
        "total_executed_quantity": 1, "is_triggered": "true", "updated_time": 9, **fields,
    }  # fmt: skip


def test_rest_is_asked_before_a_wait_gives_up():
    """By the caller's own id first, by the venue's once it is known."""
    handle, recording = make(STOP)
    recording.answers["GET /v1/algo/client/order/{client_order_id}"] = tree_row()
    assert handle.wait("filled", 0).origin == "rest"
    recording.answers["GET /v1/algo/order/{order_id}"] = tree_row()
    handle.refresh()
    assert recording.line == "GET /v1/algo/order/10"


def test_a_stop_is_edited_by_its_own_terms():
    """Only what changes is sent, to the root."""
    handle, recording = make(STOP)
    handle.placed(10)
    handle.edit(trigger=2950, price="2940.5", quantity=2)
    sent = recording.body
    assert int(sent.pop("order_id")) == 10
    assert sent == {"trigger_price": 2950, "price": Decimal("2940.5"), "quantity": 2}
    handle.cancel()
    assert recording.line.startswith("DELETE /v1/algo/order?")


def test_a_leg_is_edited_through_the_tree():
    """A TP_SL's legs stand under the root, a bracket's under the node between."""
    handle, recording = make(TPSL)
    feed(handle, node(10, kind="TP_SL"), *legs())
    handle.edit(take_profit=3200)
    (child,) = recording.body["child_orders"]
    assert (int(child["order_id"]), child["trigger_price"]) == (11, 3200)
    handle.edit(stop_loss=2800, quantity=2)
    first, second = recording.body["child_orders"]
    assert (first["quantity"], second["quantity"], second["trigger_price"]) == (2, 2, 2800)
    handle, recording = make(BRACKET)
    feed(handle, node(10, kind="BRACKET"), node(20, root=10, kind="TP_SL"), *legs())
    handle.edit(take_profit=3200)
    (middle,) = recording.body["child_orders"]
    assert int(middle["order_id"]) == 20
    assert int(middle["child_orders"][0]["order_id"]) == 11


def test_a_bracket_without_a_node_between_is_edited_directly():
    """Should the venue leave it out."""
    handle, recording = make(BRACKET)
    feed(handle, node(10, kind="BRACKET"), *legs())
    handle.edit(take_profit=3200)
    assert int(recording.body["child_orders"][0]["order_id"]) == 11


def test_a_leg_that_is_not_there_cannot_be_edited():
    """Before the first report, or on an order without legs."""
    handle, _ = make(PositionalTpSl.sell("ETH", take_profit=3100))
    handle.placed(10)
    with pytest.raises(UsageError, match="no STOP_LOSS leg"):
        handle.edit(stop_loss=1)
    feed(handle, node(10, kind="POSITIONAL_TP_SL"), node(11, root=10, kind="TAKE_PROFIT"))
    with pytest.raises(UsageError, match="no STOP_LOSS leg"):
        handle.edit(stop_loss=1)


def test_a_tp_sl_is_resized_on_every_leg():
    """The venue wants the quantity on each; before the tree is known there is none to name."""
    handle, recording = make(TPSL)
    handle.placed(10)
    handle.edit(quantity=3)
    assert "child_orders" not in recording.body
    feed(handle, node(10, kind="TP_SL"), *legs())
    handle.edit(quantity=3)
    assert [one["quantity"] for one in recording.body["child_orders"]] == [3, 3]
