"""The five algo orders from NEW to their end, report by report."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

from orderly_sync.models.enums import AlgoType, OrderType
from orderly_sync.venue.engine.commands import CancelAlgo, CancelOrder, PlaceAlgo
from orderly_sync.venue.engine.facts import AlgoReported
from tests.support.algo_specs import bracket, legs, positional, spec, stop, tp_sl, trailing
from tests.support.venue_kit import ETH, ExchangeKit

D = Decimal
NEW, USELESS = "NEW", "USELESS"


def statuses(nodes: Any) -> list[str]:
    return [str(node.algo_status) for node in nodes]


# STOP


def test_a_stop_goes_from_new_to_filled(kit: ExchangeKit):
    """NEW; TRIGGERING; SUCCESS; its order NEW and FILLED on the other topic; FILLED with the fill."""
    kit.place("BUY", "MARKET", 1)
    (root,) = kit.algo(stop(), client_order_id="my_stop-1", order_tag="tag")
    assert kit.reported() == [("STOP", NEW, USELESS, NEW)]
    assert kit.answer == {
        "order_id": root.algo_order_id,
        "client_order_id": "my_stop-1",
        "algo_type": AlgoType.STOP,
        "quantity": D(1),
    }
    kit.mark(3390)
    assert kit.reported() == [
        ("STOP", NEW, "TRIGGERING", NEW),
        ("STOP", NEW, "SUCCESS", NEW),
        ("order", NEW),
        ("order", "FILLED"),
        ("STOP", "FILLED", "SUCCESS", "FILLED"),
    ]
    (after,) = kit.exchange.algo_by_client_id("alice", "my_stop-1")
    assert (after.is_triggered, after.trigger_time, after.trigger_trade_price) == (True, kit.now, D(3390))
    assert (after.executed_quantity, after.average_executed_price, after.total_fee) == (1, 3389, D("2.0334"))
    assert (after.order_tag, after.root_algo_order_id, after.parent_algo_order_id) == (
        "tag",
        after.algo_order_id,
        0,
    )
    assert after.order_id is not None
    order = kit.read(after.order_id)
    assert (order.algo_order_id, order.type, order.order_tag) == (
        after.algo_order_id,
        OrderType.MARKET,
        "tag",
    )
    assert kit.exchange.position("alice", ETH).position_qty == 0


def test_a_fill_is_reported_with_its_node(kit: ExchangeKit):
    """The last report carries the fill, the others none."""
    kit.algo(stop())
    kit.mark(3390)
    *before, last = (fact for fact in kit.facts if isinstance(fact, AlgoReported))
    assert all(fact.fill is None and fact.filled is None for fact in before)
    assert last.fill is not None
    assert (last.filled, last.fill.price) == (last.changed[0], D(3389))
    assert last.fill.algo_order_id == last.filled


def test_a_stop_beyond_its_trigger_fires_at_once(kit: ExchangeKit):
    """NEW is reported first."""
    kit.algo(stop(trigger=3400))
    assert [row[1:3] for row in kit.reported() if row[0] == "STOP"] == [
        (NEW, USELESS),
        (NEW, "TRIGGERING"),
        (NEW, "SUCCESS"),
        ("FILLED", "SUCCESS"),
    ]


def test_a_stop_limit_rests_after_its_trigger(kit: ExchangeKit):
    """Its order fills later, in parts; the node follows."""
    (root,) = kit.algo(stop("BUY", 3410, 7, price="3410.5"))
    kit.mark(3410)
    (node,) = kit.tree(root.algo_order_id)
    assert (node.trigger_status, node.algo_status) == ("SUCCESS", "NEW")
    kit.submit(kit.order("SELL", "LIMIT", 3, "3410.5"), "bob")
    assert kit.reported()[-1] == ("STOP", "PARTIAL_FILLED", "SUCCESS", "PARTIAL_FILLED")
    kit.submit(kit.order("SELL", "LIMIT", 4, "3410.5"), "bob")
    (node,) = kit.tree(root.algo_order_id)
    assert (node.algo_status, node.executed_quantity, node.average_executed_price) == (
        "FILLED",
        7,
        D("3410.5"),
    )


def test_a_triggered_stop_whose_order_is_refused_fails(kit: ExchangeKit):
    """FAILED and REJECTED, with the reason; no order was sent."""
    (root,) = kit.algo(stop("BUY", 3410, 500))
    kit.mark(3410)
    assert kit.reported() == [
        ("STOP", NEW, "TRIGGERING", NEW),
        ("STOP", "REJECTED", "FAILED", "REJECTED"),
    ]
    (node,) = kit.tree(root.algo_order_id)
    assert (node.order_id, "margin" in node.reason) == (None, True)
    assert kit.exchange.orders("alice") == []


def test_a_stop_limit_outside_the_band_at_its_trigger_fails(kit: ExchangeKit):
    """The price was fine when asked and is not any more."""
    kit.algo(stop("SELL", 3390, price=3200))
    kit.mark(3390)
    assert kit.reported()[-1] == ("STOP", "REJECTED", "FAILED", "REJECTED")


def test_untriggered_orders_reserve_no_margin(kit: ExchangeKit):
    """Neither stops nor sleeping legs; a bracket's entry does."""
    kit.algo(stop("BUY", 3410, 100))
    kit.algo(trailing("BUY", 100, callback_rate="0.01"))
    assert kit.exchange.account("alice").free_collateral == 100_000
    kit.algo(bracket(price=3390))
    assert kit.exchange.account("alice").free_collateral == 99_660


# TP_SL


def test_the_first_leg_that_fires_cancels_its_sibling(kit: ExchangeKit):
    """The root follows its leg; both see the fill."""
    kit.place("BUY", "MARKET", 2)
    root, take, loss = kit.algo(tp_sl())
    ids = (root.algo_order_id, take.algo_order_id, loss.algo_order_id)
    assert ids == tuple(sorted(ids))
    assert [node.parent_algo_order_id for node in (root, take, loss)] == [0, ids[0], ids[0]]
    assert {node.root_algo_order_id for node in (root, take, loss)} == {ids[0]}
    assert [node.is_root for node in (root, take, loss)] == [True, False, False]
    assert (root.type, root.quantity, take.quantity, loss.quantity) == (None, 1, 1, 1)
    kit.mark(3420)
    assert kit.reported() == [
        ("TP_SL", NEW, "TRIGGERING", NEW),
        ("TAKE_PROFIT", NEW, "TRIGGERING", NEW),
        ("TP_SL", NEW, "SUCCESS", NEW),
        ("TAKE_PROFIT", NEW, "SUCCESS", NEW),
        ("STOP_LOSS", "CANCELLED", USELESS, NEW),
        ("order", NEW),
        ("order", "FILLED"),
        ("TP_SL", "FILLED", "SUCCESS", "FILLED"),
        ("TAKE_PROFIT", "FILLED", "SUCCESS", "FILLED"),
    ]
    root, take, loss = kit.tree(ids[0])
    assert (root.executed_quantity, take.executed_quantity, loss.executed_quantity) == (1, 1, 0)
    assert take.realized_pnl == 3419 - 3401
    assert take.reduce_only
    assert kit.exchange.position("alice", ETH).position_qty == 1


def test_each_report_shows_the_whole_tree_and_times_of_its_own(kit: ExchangeKit):
    """A node's time moves only when the node changes."""
    kit.place("BUY", "MARKET", 2)
    root, _, _ = kit.algo(tp_sl())
    created = root.created_time
    kit.mark(3420)
    reports = [fact for fact in kit.facts if isinstance(fact, AlgoReported)]
    assert all(len(fact.nodes) == 3 for fact in reports)
    for before, after in pairwise(reports):
        for old, new in zip(before.nodes, after.nodes, strict=True):
            if new.algo_order_id not in after.changed:
                assert new.updated_time == old.updated_time
    _, take, loss = reports[0].nodes
    assert (take.updated_time, loss.updated_time) == (kit.now, created)


def test_one_leg_alone_is_allowed(kit: ExchangeKit):
    """A stop loss without a take profit, closing a short."""
    kit.place("SELL", "MARKET", 2)
    root, loss = kit.algo(spec("TP_SL", quantity=2, children=legs("BUY", None, 3410)))
    kit.mark(3410)
    assert statuses(kit.tree(root.algo_order_id)) == ["FILLED", "FILLED"]
    assert kit.exchange.position("alice", ETH).position_qty == 0
    assert loss.side == "BUY"


def test_a_leg_is_cut_to_the_position(kit: ExchangeKit):
    """Reduce-only: a TP_SL of 3 on a position of 1 sells 1."""
    kit.place("BUY", "MARKET", 1)
    root, _, _ = kit.algo(tp_sl(quantity=3))
    kit.mark(3380)
    _, _, loss = kit.tree(root.algo_order_id)
    assert (loss.algo_status, loss.executed_quantity) == ("FILLED", 1)


def test_a_leg_without_a_position_fails_and_ends_the_tree(kit: ExchangeKit):
    """REJECTED, the sibling CANCELLED, the tree REJECTED."""
    root, _, _ = kit.algo(tp_sl())
    kit.mark(3420)
    assert statuses(kit.tree(root.algo_order_id)) == ["REJECTED", "REJECTED", "CANCELLED"]
    assert kit.reported()[-1] == ("STOP_LOSS", "CANCELLED", USELESS, "REJECTED")


def test_limit_legs_rest_and_follow_their_order(kit: ExchangeKit):
    """Cancelling that order ends the leg and the tree."""
    kit.place("BUY", "MARKET", 1)
    root, *_ = kit.algo(tp_sl(type="LIMIT", price=3425))
    kit.mark(3420)
    _, take, _ = kit.tree(root.algo_order_id)
    assert take.algo_status == NEW
    kit.submit(CancelOrder(order_id=take.order_id))
    assert kit.reported() == [
        ("order", "CANCELLED"),
        ("TP_SL", "CANCELLED", "SUCCESS", "CANCELLED"),
        ("TAKE_PROFIT", "CANCELLED", "SUCCESS", "CANCELLED"),
    ]


def test_closing_the_position_cancels_its_tp_sl(kit: ExchangeKit):
    """All of that side and symbol, after the position is told; stops and other sides stay."""
    kit.place("BUY", "MARKET", 2)
    gone = kit.algo(tp_sl())[0]
    also = kit.algo(positional())[0]
    other_side = kit.algo(tp_sl(3380, 3420, side="BUY"))[0]
    plain = kit.algo(stop())[0]
    kit.place("SELL", "MARKET", 1)
    assert not kit.tree(gone.algo_order_id)[0].is_done
    kit.place("SELL", "MARKET", 1)
    assert [row[1] for row in kit.reported() if row[0] in {"TP_SL", "POSITIONAL_TP_SL"}] == ["CANCELLED"] * 2
    names = [type(fact).__name__ for fact in kit.facts]
    assert names.index("PositionChanged") < names.index("AlgoReported")
    assert statuses(kit.tree(also.algo_order_id)) == ["CANCELLED"] * 3
    assert not kit.tree(other_side.algo_order_id)[0].is_done
    assert not kit.tree(plain.algo_order_id)[0].is_done


def test_flipping_the_position_cancels_its_tp_sl(kit: ExchangeKit):
    """A flip closes it too."""
    kit.place("BUY", "MARKET", 1)
    root = kit.algo(tp_sl())[0]
    kit.place("SELL", "MARKET", 3)
    assert statuses(kit.tree(root.algo_order_id)) == ["CANCELLED"] * 3


def test_ten_tp_sl_may_wait(kit: ExchangeKit):
    """The eleventh is refused; one that has fired makes room."""
    kit.place("BUY", "MARKET", 1)
    roots = [kit.algo(tp_sl())[0] for _ in range(10)]
    refused = kit.refusal(PlaceAlgo(root=tp_sl()))
    assert (refused.code, "10 are allowed" in refused.message) == (-1005, True)
    kit.submit(CancelAlgo(order_id=roots[0].algo_order_id))
    kit.algo(tp_sl())
    kit.submit(PlaceAlgo(root=tp_sl()), "bob")


# POSITIONAL_TP_SL


def test_a_positional_order_closes_whatever_the_position_is(kit: ExchangeKit):
    """It has no quantity; at its trigger it sells all there is."""
    kit.place("BUY", "MARKET", 1)
    root, take, loss = kit.algo(positional())
    assert [node.quantity for node in (root, take, loss)] == [0, 0, 0]
    kit.place("BUY", "MARKET", 2)
    kit.mark(3370)
    root, take, loss = kit.tree(root.algo_order_id)
    assert statuses((root, take, loss)) == ["FILLED", "CANCELLED", "FILLED"]
    assert (loss.executed_quantity, loss.type) == (3, OrderType.CLOSE_POSITION)
    assert kit.exchange.position("alice", ETH).position_qty == 0


def test_only_one_positional_order_may_wait_on_a_side(kit: ExchangeKit):
    """-1005 names the other; the other side is free."""
    first = kit.algo(positional())[0]
    refused = kit.refusal(PlaceAlgo(root=positional()))
    assert (refused.code, str(first.algo_order_id) in refused.message) == (-1005, True)
    kit.algo(positional(3370, 3450, side="BUY"))


def test_a_positional_order_takes_its_side_from_the_position(kit: ExchangeKit):
    """Where no side is given; without a position it must be."""
    sideless = spec(
        "POSITIONAL_TP_SL",
        children=(spec("STOP_LOSS", None, None, trigger_price=3300),),
    )
    assert kit.refusal(PlaceAlgo(root=sideless)).code == -1005
    kit.place("BUY", "MARKET", 1)
    assert kit.algo(sideless)[1].side == "SELL"


def test_a_positional_leg_may_be_a_limit_order(kit: ExchangeKit):
    """Then it rests at its price with the position's quantity."""
    kit.place("BUY", "MARKET", 2)
    tree = kit.algo(spec("POSITIONAL_TP_SL", children=legs("SELL", 3420, type="LIMIT", price=3425)))
    kit.mark(3420)
    take = kit.tree(tree[0].algo_order_id)[1]
    assert take.order_id is not None
    order = kit.read(take.order_id)
    assert (order.type, order.quantity, order.price, order.reduce_only) == (OrderType.LIMIT, 2, 3425, True)


def test_closing_a_huge_position_is_no_matter_of_size_limits(kit: ExchangeKit):
    """More than base_max, less than min_notional: it goes."""
    kit.exchange._state.account("alice").usdc = D(10**8)
    for _ in range(2):
        kit.quote(size=400, levels=1)
        kit.place("BUY", "MARKET", 400)
    root = kit.algo(positional())[0]
    kit.quote(3370, size=400, levels=2)
    kit.mark(3370, quote=False)
    assert kit.tree(root.algo_order_id)[0].executed_quantity == 800


# TRAILING_STOP


def test_a_trailing_stop_reports_each_new_extreme(kit: ExchangeKit):
    """REPLACED each time mark is better; then it fires at the callback."""
    kit.place("BUY", "MARKET", 1)
    root = kit.algo(trailing(callback_rate="0.01"))[0]
    assert (root.is_activated, root.extreme_price) == (True, 3400)
    kit.mark(3450)
    assert kit.reported() == [("TRAILING_STOP", "REPLACED", USELESS, "REPLACED")]
    assert kit.tree(root.algo_order_id)[0].algo_status == NEW
    kit.mark(3440)
    assert kit.reported() == []
    kit.mark("3415.5")
    (node,) = kit.tree(root.algo_order_id)
    assert (node.algo_status, node.extreme_price, node.trigger_trade_price) == ("FILLED", 3450, D("3415.5"))


def test_a_trailing_stop_sleeps_until_its_activation_price(kit: ExchangeKit):
    """Then it counts from there."""
    root = kit.algo(trailing("BUY", activated_price=3380, callback_value=10))[0]
    assert (root.is_activated, root.extreme_price) == (False, None)
    kit.mark(3395)
    assert kit.reported() == []
    kit.mark(3375)
    assert kit.reported() == [("TRAILING_STOP", "REPLACED", USELESS, "REPLACED")]
    kit.mark(3385)
    assert kit.reported()[-1] == ("TRAILING_STOP", "FILLED", "SUCCESS", "FILLED")
    assert kit.exchange.position("alice", ETH).position_qty == 1


def test_the_mark_price_of_another_symbol_fires_nothing(kit: ExchangeKit):
    """Triggers watch their own."""
    kit.algo(stop())
    assert kit.exchange.set_prices("PERP_BTC_USDC", kit.now, mark=D(1)) == ()


def test_a_trailing_stop_beyond_its_activation_price_is_active_at_once(kit: ExchangeKit):
    """From the mark price of that moment."""
    root = kit.algo(trailing(activated_price=3390, callback_value=10))[0]
    assert (root.is_activated, root.extreme_price) == (True, 3400)
    kit.mark(3390)
    assert kit.tree(root.algo_order_id)[0].algo_status == "FILLED"


def test_a_closing_leg_needs_no_margin(kit: ExchangeKit):
    """Even where other orders of its side already cover the position."""
    kit.place("BUY", "MARKET", 5)
    kit.place("SELL", "LIMIT", 5, 3500)
    root = kit.algo(positional())[0]
    kit.exchange._state.account("alice").usdc = D(400)
    kit.mark(3370)
    assert kit.tree(root.algo_order_id)[0].algo_status == "FILLED"
