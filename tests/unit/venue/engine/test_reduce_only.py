"""Reduce-only orders never increase or flip a position, whatever trades first."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderly_sync.models.enums import MarginMode, OrderSide, OrderStatus
from orderly_sync.venue.engine.commands import CancelOrder, EditOrder
from orderly_sync.venue.engine.facts import Fact, OrderReported
from orderly_sync.venue.engine.refusals import Refused
from tests.unit.venue.engine.floor import ETH, Floor, positional, tp_sl

D = Decimal
MODES = [MarginMode.CROSS, MarginMode.ISOLATED]


def held(floor: Floor, mode: MarginMode, by: str = "alice") -> Decimal:
    return floor.exchange.position(by, ETH, str(mode)).position_qty


def bare(floor: Floor) -> None:
    """Take the maker's quotes away, so that the accounts meet each other."""
    floor.quote(levels=0)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("side", "price"), [("SELL", 3405), ("BUY", 3395)])
@pytest.mark.parametrize("kind", ["IOC", "LIMIT", "MARKET"])
def test_one_order_meets_a_plain_and_a_reduce_only_one(
    floor: Floor, mode: MarginMode, side: str, price: int, kind: str
):
    """Long or short 1; the plain order closes it, and the reduce-only one behind it is gone before it is reached."""
    other = "BUY" if side == "SELL" else "SELL"
    floor.place(other, "MARKET", 1, margin_mode=mode)
    bare(floor)
    plain = floor.place(side, "LIMIT", 1, price, margin_mode=mode)
    reduces = floor.place(side, "LIMIT", 1, price, margin_mode=mode, reduce_only=True)
    taker = floor.place(other, kind, 2, None if kind == "MARKET" else price, by="bob")
    assert held(floor, mode) == 0
    assert floor.read(plain.order_id).status is OrderStatus.FILLED
    after = floor.read(reduces.order_id)
    assert (after.status, after.executed_quantity) == (OrderStatus.CANCELLED, 0)
    assert "position" in after.reason
    assert taker.executed_quantity == 1
    assert floor.exchange.account("alice").margin_ratio == 10


def test_the_cancel_is_told_between_the_fills(floor: Floor):
    """Fill, then the reduce-only order's end, then the next fill at the next price."""
    floor.place("BUY", "MARKET", 1)
    bare(floor)
    plain = floor.place("SELL", "LIMIT", 1, 3405)
    reduces = floor.place("SELL", "LIMIT", 1, 3405, reduce_only=True)
    floor.place("SELL", "LIMIT", 1, 3406, by="maker")
    taker = floor.place("BUY", "IOC", 2, 3406, by="bob")
    told: list[Any] = [fact for fact in floor.facts if isinstance(fact, OrderReported)]
    assert [(fact.order.order_id, fact.status) for fact in told] == [
        (taker.order_id, "NEW"),
        (taker.order_id, "PARTIAL_FILLED"),
        (plain.order_id, "FILLED"),
        (reduces.order_id, "CANCELLED"),
        (taker.order_id, "FILLED"),
    ]


def test_what_still_fits_stays(floor: Floor):
    """Long 3 with three reduce-only sells of 1: 2 sold plainly take the two newest along; the last one closes."""
    floor.place("BUY", "MARKET", 3)
    bare(floor)
    plain = floor.place("SELL", "LIMIT", 2, 3404)
    first, *younger = (
        floor.place("SELL", "LIMIT", 1, price, reduce_only=True) for price in (3406, 3405, 3404)
    )
    taker = floor.place("BUY", "IOC", 5, 3406, by="bob")
    assert [floor.read(each.order_id).status for each in (plain, first)] == [OrderStatus.FILLED] * 2
    assert {floor.read(each.order_id).status for each in younger} == {OrderStatus.CANCELLED}
    assert (taker.executed_quantity, held(floor, MarginMode.CROSS)) == (3, 0)


def test_reduce_only_fills_first_and_the_plain_order_may_open(floor: Floor):
    """A plain order is not bound: behind a reduce-only one that closed the position it goes short."""
    floor.place("BUY", "MARKET", 1)
    bare(floor)
    floor.place("SELL", "LIMIT", 1, 3404, reduce_only=True)
    floor.place("SELL", "LIMIT", 1, 3405)
    floor.place("BUY", "IOC", 2, 3405, by="bob")
    assert held(floor, MarginMode.CROSS) == -1


def test_modes_are_trimmed_each_by_its_own_position(floor: Floor):
    """A cross sell does not take an isolated reduce-only order off the book."""
    for mode in MODES:
        floor.place("BUY", "MARKET", 1, margin_mode=mode)
    bare(floor)
    floor.place("SELL", "LIMIT", 1, 3405)
    kept = floor.place("SELL", "LIMIT", 1, 3405, margin_mode=MarginMode.ISOLATED, reduce_only=True)
    floor.place("BUY", "IOC", 2, 3405, by="bob")
    assert floor.read(kept.order_id).status is OrderStatus.FILLED
    assert [held(floor, mode) for mode in MODES] == [0, 0]


@pytest.mark.parametrize("mode", MODES)
def test_a_reduce_only_taker_eats_several_makers_down_to_the_position(floor: Floor, mode: MarginMode):
    """It is cut to what is held, whatever rests beside it, and a resting one goes as it trades."""
    floor.place("BUY", "MARKET", 4, margin_mode=mode)
    resting = floor.place("SELL", "LIMIT", 4, 3420, margin_mode=mode, reduce_only=True)
    floor.quote(size=1)
    taker = floor.place("SELL", "MARKET", 9, margin_mode=mode, reduce_only=True)
    assert (taker.quantity, taker.executed_quantity) == (4, 3)
    assert held(floor, mode) == 1
    assert floor.read(resting.order_id).status is OrderStatus.CANCELLED


def test_a_hidden_plain_order_trims_as_a_shown_one(floor: Floor):
    """An iceberg's hidden and shown part are two trades."""
    floor.place("BUY", "MARKET", 2)
    bare(floor)
    floor.place("SELL", "LIMIT", 2, 3405, visible_quantity=D("0.5"))
    reduces = floor.place("SELL", "LIMIT", 2, 3405, reduce_only=True)
    floor.place("BUY", "MARKET", 4, by="bob")
    assert held(floor, MarginMode.CROSS) == 0
    assert floor.read(reduces.order_id).executed_quantity == 0


def test_fok_counts_only_what_will_be_there(floor: Floor):
    """2 stand on the book, but the first trade takes the other 1 away: a FOK of 2 trades nothing, of 1 all."""
    floor.place("BUY", "MARKET", 1)
    bare(floor)
    floor.place("SELL", "LIMIT", 1, 3405)
    reduces = floor.place("SELL", "LIMIT", 1, 3405, reduce_only=True)
    refused = floor.place("BUY", "FOK", 2, 3405, by="bob")
    assert (refused.status, refused.executed_quantity) == (OrderStatus.CANCELLED, 0)
    assert not floor.read(reduces.order_id).is_done
    floor.place("SELL", "LIMIT", 1, 3406, by="maker")
    filled = floor.place("BUY", "FOK", 2, 3406, by="bob")
    assert (filled.status, filled.executed_notional) == (OrderStatus.FILLED, 3405 + 3406)


def test_fok_of_an_account_against_its_own_orders(floor: Floor):
    """Both sides of such a trade leave the position as it is, so nothing is trimmed."""
    floor.place("BUY", "MARKET", 1)
    bare(floor)
    floor.place("SELL", "LIMIT", 1, 3405)
    floor.place("SELL", "LIMIT", 1, 3405, reduce_only=True)
    assert floor.place("BUY", "FOK", 2, 3405).status is OrderStatus.FILLED
    assert held(floor, MarginMode.CROSS) == 1


def test_post_only_does_not_take_what_comes_into_sight(floor: Floor):
    """It meets a hidden order; that trade takes a hidden reduce-only one away, and a shown one is next: it stops."""
    floor.place("BUY", "MARKET", 1)
    bare(floor)
    floor.place("SELL", "LIMIT", 1, 3404, visible_quantity=D(0))
    floor.place("SELL", "LIMIT", 1, 3404, visible_quantity=D(0), reduce_only=True)
    shown = floor.place("SELL", "LIMIT", 1, 3405, by="maker")
    order = floor.place("BUY", "POST_ONLY", 2, 3405, by="bob")
    assert (order.status, order.executed_quantity) == (OrderStatus.CANCELLED, 1)
    assert not floor.read(shown.order_id, "maker").is_done


def test_an_edit_into_a_trade_trims_too(floor: Floor):
    """A plain sell moved to the bid closes the position."""
    floor.place("BUY", "MARKET", 1)
    plain = floor.place("SELL", "LIMIT", 1, 3420)
    reduces = floor.place("SELL", "LIMIT", 1, 3421, reduce_only=True)
    floor.submit(EditOrder(order_id=plain.order_id, price=D(3399)))
    assert floor.read(reduces.order_id).status is OrderStatus.CANCELLED
    assert held(floor, MarginMode.CROSS) == 0


@pytest.mark.parametrize("mode", MODES)
def test_legs_that_rest_as_limit_orders_are_trimmed(floor: Floor, mode: MarginMode):
    """A fired take profit rests reduce-only; a plain sell before it closes the position, and its tree ends."""
    floor.place("BUY", "MARKET", 1, margin_mode=mode)
    root, take, _ = floor.algo(tp_sl(3410, 3300, type="LIMIT", price=3412), margin_mode=mode)
    floor.move(3411, quote=False)
    bare(floor)
    sent = floor.tree(take.algo_order_id)[1].order_id
    assert sent is not None
    assert floor.read(sent).reduce_only
    floor.place("SELL", "LIMIT", 1, "3411.5", margin_mode=mode)
    floor.place("BUY", "IOC", 2, 3412, by="bob")
    assert held(floor, mode) == 0
    assert (floor.read(sent).status, floor.read(sent).executed_quantity) == (OrderStatus.CANCELLED, 0)
    assert floor.tree(root.algo_order_id)[0].root_algo_status == "CANCELLED"


def test_two_trees_that_fire_at_one_price_close_once(floor: Floor):
    """A positional leg and a TP_SL leg are due together: the position is closed, not turned."""
    floor.quote(size=50)
    floor.place("BUY", "MARKET", 2)
    floor.algo(positional(3450, 3300))
    floor.algo(tp_sl(3450, 3300, quantity=2))
    floor.move(3450)
    assert held(floor, MarginMode.CROSS) == 0


def test_a_deleveraged_position_takes_its_orders_along(floor: Floor):
    """What closes a position besides trades trims as well: here a liquidator takes half, there all."""
    account = floor.exchange._state.account("alice")
    floor.place("BUY", "MARKET", 2)
    reduces = floor.place("SELL", "LIMIT", 2, 3420, reduce_only=True)
    floor.exchange._liquidator._book(account, (ETH, MarginMode.CROSS), D(-1), D(0))
    floor.exchange.advance(floor.now)
    assert floor.read(reduces.order_id).status is OrderStatus.CANCELLED


step = st.tuples(
    st.sampled_from(["alice", "bob"]),
    st.sampled_from(["BUY", "SELL"]),
    st.sampled_from(
        [
            "LIMIT",
            "LIMIT",
            "MARKET",
            "IOC",
            "FOK",
            "POST_ONLY",
            "cancel",
            "edit",
            "tp_sl",
            "positional",
            "mark",
        ]
    ),
    st.integers(1, 25),
    st.integers(-12, 12),
    st.booleans(),
    st.sampled_from(MODES),
    st.sampled_from([None, 0, 1]),
)


@settings(max_examples=120)
@given(st.lists(step, min_size=5, max_size=40))
def test_a_reduce_only_fill_never_increases_or_flips(steps: Any):
    """Of each fill: the position before it is of the other side and at least as large as the fill."""
    floor = Floor()
    floor.quote(levels=2, size=1)
    for by, *rest in steps:
        seen = len(floor.history)
        before = {(name, mode): held(floor, mode, name) for name in ("alice", "bob") for mode in MODES}
        try:
            _act(floor, by, *rest)
        except Refused:
            continue
        _check(floor.history[seen:], before)
        for name in ("alice", "bob"):
            for mode in MODES:
                _covered(floor, name, mode)


def _act(
    floor: Floor, by: str, side: str, kind: str, tenths: int, away: int, reduces: bool, mode: Any, shows: Any
) -> None:
    quantity, price = D(tenths) / 10, 3400 + away
    opened = [order for order in floor.exchange.orders(by) if not order.is_done]
    if kind == "mark":
        floor.move(price, quote=False)
    elif kind == "tp_sl":
        floor.algo(tp_sl(3401 + abs(away), 3399 - abs(away), quantity), by=by, margin_mode=mode)
    elif kind == "positional":
        floor.algo(positional(3401 + abs(away), 3399 - abs(away)), by=by, margin_mode=mode)
    elif kind in {"cancel", "edit"}:
        if opened:
            order = opened[tenths % len(opened)]
            edit = EditOrder(order_id=order.order_id, price=D(price))
            floor.submit(edit if kind == "edit" else CancelOrder(order_id=order.order_id), by)
    else:
        visible = None if shows is None or kind == "POST_ONLY" else D(shows) / 10
        at = None if kind == "MARKET" else price
        more = {"reduce_only": reduces, "margin_mode": mode, "visible_quantity": visible}
        floor.place(side, kind, quantity, at, by=by, **more)


def _check(facts: list[Fact], before: dict[Any, Decimal]) -> None:
    """Follow the positions fill by fill; a trade of an account with itself leaves its sum as it was."""
    fills: list[Any] = [fact for fact in facts if isinstance(fact, OrderReported) and fact.fill]
    own = [(fact.fill.match_id, fact.fill.account_id) for fact in fills]
    for fact in fills:
        fill = fact.fill
        key = (fill.account_id, MarginMode(fill.margin_mode))
        signed = fill.quantity if fill.side is OrderSide.BUY else -fill.quantity
        if fact.order.reduce_only and own.count((fill.match_id, fill.account_id)) == 1:
            assert before[key] * signed < 0
            assert abs(signed) <= abs(before[key])
        before[key] += signed


def _covered(floor: Floor, name: str, mode: MarginMode) -> None:
    """What rests reduce-only is never more than what it may close."""
    position = held(floor, mode, name)
    for side, closable in (("BUY", -position), ("SELL", position)):
        resting = (
            each.remaining
            for each in floor.exchange.orders(name)
            if not each.is_done and each.reduce_only and each.side == side and each.margin_mode is mode
        )
        assert sum(resting, D(0)) <= max(D(0), closable)
