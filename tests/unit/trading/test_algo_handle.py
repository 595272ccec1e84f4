"""A placed algo order that keeps itself up to date: the whole tree, fed by hand."""

from __future__ import annotations

import threading
from decimal import Decimal
from typing import Any

import pytest

from orderly_sync import (
    Bracket,
    Disconnected,
    NotFound,
    OrderEnded,
    PositionalTpSl,
    Stop,
    TpSl,
    TrailingStop,
    UsageError,
)
from orderly_sync.trading.algo_handle import AlgoHandle
from orderly_sync.trading.sending import expected_tree
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
        "total_executed_quantity": 1, "is_triggered": "true", "updated_time": 9, "side": "SELL", "type": "MARKET",
        "trigger_price": 2900, **fields,
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
    """The venue wants the quantity on each."""
    handle, recording = make(TPSL)
    feed(handle, node(10, kind="TP_SL"), *legs())
    handle.edit(quantity=3)
    assert [one["quantity"] for one in recording.body["child_orders"]] == [3, 3]
    handle, recording = make(TpSl.sell("ETH", quantity=1, stop_loss=2900))
    feed(handle, node(10, kind="TP_SL"), legs()[1])
    handle.edit(quantity=2)
    assert [int(one["order_id"]) for one in recording.body["child_orders"]] == [12]


@pytest.mark.parametrize(
    ("request_", "edit", "changed"),
    [
        (TPSL, {"stop_loss": 2800}, {12}),
        (TPSL, {"quantity": 2}, {11, 12}),
        (TPSL, {"take_profit": 3200, "stop_loss": 2800}, {11, 12}),
        (BRACKET, {"take_profit": 3200}, {11}),
        (PositionalTpSl.sell("ETH", take_profit=3100), {"take_profit": 3200}, {11}),
    ],
)
def test_an_edit_waits_for_the_legs(request_: Any, edit: dict[str, Any], changed: set[int]):
    """Called before the tree was told, it sends once the legs' ids are known."""
    handle, recording = make(request_)
    handle.placed(10)
    waiting = threading.Thread(target=handle.edit, kwargs={**edit, "timeout": WAIT})
    waiting.start()
    feed(handle, node(10, kind=str(request_.algo_type)), *legs())
    waiting.join(WAIT)
    assert not waiting.is_alive()
    assert {int(one["order_id"]) for one in recording.body["child_orders"]} == changed
    assert recording.line == "PUT /v1/algo/order"


def test_an_edit_asks_rest_for_the_legs_that_no_report_told_of():
    """The tree as REST shows it is as good; its reports say where they come from."""
    handle, recording = make(BRACKET)
    handle.placed(10)
    child = {"root_algo_order_id": 10, "algo_status": "NEW", "is_triggered": "false"}
    recording.answers["GET /v1/algo/order/{order_id}"] = tree_row(
        algo_type="BRACKET",
        algo_status="NEW",
        root_algo_order_status="NEW",
        child_orders=[
            {
                **child, "algo_order_id": 20, "parent_algo_order_id": 10, "algo_type": "TP_SL",
                "child_orders": [{**child, "algo_order_id": 21, "parent_algo_order_id": 20, "algo_type": "STOP_LOSS"}],
            }
        ],
    )  # fmt: skip
    handle.edit(stop_loss=2850, timeout=0.01)
    (middle,) = recording.body["child_orders"]
    assert [int(one["order_id"]) for one in (middle, *middle["child_orders"])] == [20, 21]
    assert {one.origin for one in handle.reports} == {"rest"}


def test_an_edit_of_legs_that_stay_unknown_says_so_and_sends_nothing():
    """REST does not show them, or cannot be asked."""
    handle, recording = make(TPSL)
    handle.placed(10)
    recording.answers["GET /v1/algo/order/{order_id}"] = tree_row(algo_type="TP_SL")
    with pytest.raises(TimeoutError, match="no TAKE_PROFIT leg within"):
        handle.edit(take_profit=3200, timeout=0.01)
    recording.answers["GET /v1/algo/order/{order_id}"] = (401, -1001)
    with pytest.raises(TimeoutError, match="cannot be asked"):
        handle.edit(take_profit=3200, timeout=0.01)
    assert {one.method for one in recording.requests} == {"GET"}


def test_trouble_ends_the_wait_for_legs():
    """A stream that was stopped will tell of nothing."""
    recording = Recording()
    handle = AlgoHandle(TPSL, recording.orders, lambda: Disconnected("it was stopped", final=True))
    handle.placed(10)
    with pytest.raises(Disconnected):
        handle.edit(take_profit=3200, timeout=WAIT)
    assert recording.requests == []


def test_what_the_answer_tells_stands_until_reports_tell_more():
    """The expected root is the tree; a report of the same node takes its place, and none is invented."""
    handle, _ = make(STOP)
    tree = expected_tree(STOP, 10, None)
    handle.expect(tree)
    handle.placed(10)
    assert (handle.tree, str(handle.status), handle.reports, handle.last) == (tree, "NEW", (), None)
    assert (tree.root.trigger_price, tree.root.quantity, str(tree.root.side)) == (2900, 1, "SELL")
    feed(handle, node(10, "CANCELLED"))
    assert (len(handle.tree.nodes), str(handle.status), handle.is_done) == (1, "CANCELLED", True)  # type: ignore[union-attr]


def test_a_row_found_by_name_that_is_another_order_is_not_taken():
    """The same client order id on another stop: nothing is bound."""
    handle, recording = make(STOP)
    path = "GET /v1/algo/client/order/{client_order_id}"
    for other in (
        {"trigger_price": 2890},
        {"side": "BUY"},
        {"algo_type": "TRAILING_STOP"},
        {"symbol": "PERP_BTC_USDC"},
    ):
        recording.answers[path] = tree_row(**other)
        with pytest.raises(NotFound, match="another order"):
            handle.refresh()
    assert (handle.order_id, handle.reports) == (None, ())


@pytest.mark.parametrize("term", ["trigger", "price", "quantity", "take_profit", "stop_loss"])
@pytest.mark.parametrize("bad", ["1e3", -1, float("inf"), True, "", b"1"])
def test_a_number_of_an_edit_that_cannot_be_right_is_refused_by_its_keyword(term: str, bad: Any):
    """By the name under which it was given, not the wire's or a leg's; no leg is waited for, nothing is sent."""
    handle, recording = make(STOP if term in {"trigger", "price"} else TPSL)
    feed(handle, node(10, kind=str(handle.request.algo_type)))
    with pytest.raises(UsageError, match=f"^{term}\\b"):
        handle.edit(**{term: bad}, timeout=WAIT)
    assert recording.requests == []


@pytest.mark.parametrize(
    "late",
    [
        node(10, "NEW"),
        node(10, "PARTIAL_FILLED", total="0.4"),
        node(10, "NEW", is_triggered=False),
        node(10, "REPLACED", trigger_price="2800"),
    ],
)
def test_a_node_never_goes_back(late: Any):
    """It has triggered and filled; what comes late of it changes nothing and is told once."""
    handle, _ = make(STOP)
    feed(handle, node(10), node(10, "FILLED", total="1", is_triggered=True), late)
    assert (handle.status, handle.filled, handle.is_triggered, handle.is_done) == ("FILLED", 1, True, True)
    assert len(handle.reports) == 2


@pytest.mark.parametrize(
    ("order", "foreign"),
    [
        (BRACKET, ["trigger"]),
        (TPSL, ["trigger", "price"]),
        (PositionalTpSl.sell("ETH", take_profit=3100), ["trigger", "price", "quantity"]),
        (
            TrailingStop.sell("ETH", quantity=1, callback_rate="0.01"),
            ["trigger", "price", "take_profit", "stop_loss"],
        ),
        (STOP, ["take_profit", "stop_loss"]),
    ],
)
def test_an_edit_of_what_an_order_does_not_have_names_what_it_has(order: Any, foreign: list[str]):
    handle, recording = make(order)
    handle.placed(10)
    for term in foreign:
        with pytest.raises(UsageError, match=rf"has no {term} to edit: write \w+="):
            handle.edit(**{term: 3000})
    with pytest.raises(UsageError, match=r"nothing to change: write \w+="):
        handle.edit()
    assert recording.requests == []


def test_what_filled_has_a_mean_price_and_all_orders_have_fees():
    handle, _ = make(TPSL)
    assert (handle.average_price, handle.fee) == (None, 0)
    nodes = [
        node(10, "NEW", kind="TP_SL"),
        node(
            11,
            "FILLED",
            root=10,
            kind="TAKE_PROFIT",
            total="1",
            average_executed_price=Decimal(3101),
            total_fee=Decimal("1.8"),
        ),
        node(12, "CANCELLED", root=10, kind="STOP_LOSS"),
    ]
    feed(handle, *nodes, node(10, "FILLED", kind="TP_SL", total="1", timestamp=2, total_fee=Decimal("1.8")))
    assert (handle.filled, handle.average_price, handle.fee) == (1, 3101, Decimal("1.8"))
