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
from tests.support.algo_specs import positional, tp_sl
from tests.support.venue_kit import ETH, ExchangeKit

D = Decimal
MODES = [MarginMode.CROSS, MarginMode.ISOLATED]


def held(kit: ExchangeKit, mode: MarginMode, by: str = "alice") -> Decimal:
    return kit.exchange.position(by, ETH, str(mode)).position_qty


def bare(kit: ExchangeKit) -> None:
    """Take the maker's quotes away, so that the accounts meet each other."""
    kit.quote(levels=0)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("side", "price"), [("SELL", 3405), ("BUY", 3395)])
@pytest.mark.parametrize("kind", ["IOC", "LIMIT", "MARKET"])
def test_one_order_meets_a_plain_and_a_reduce_only_one(
    kit: ExchangeKit, mode: MarginMode, side: str, price: int, kind: str
):
    """Long or short 1; the plain order closes it, and the reduce-only one behind it is gone before it is reached."""
    other = "BUY" if side == "SELL" else "SELL"
    kit.place(other, "MARKET", 1, margin_mode=mode)
    bare(kit)
    plain = kit.place(side, "LIMIT", 1, price, margin_mode=mode)
    reduces = kit.place(side, "LIMIT", 1, price, margin_mode=mode, reduce_only=True)
    taker = kit.place(other, kind, 2, None if kind == "MARKET" else price, by="bob")
    assert held(kit, mode) == 0
    assert kit.read(plain.order_id).status is OrderStatus.FILLED
    after = kit.read(reduces.order_id)
    assert (after.status, after.executed_quantity) == (OrderStatus.CANCELLED, 0)
    assert "position" in after.reason
    assert taker.executed_quantity == 1
    assert kit.exchange.account("alice").margin_ratio == 10


def test_the_cancel_is_told_between_the_fills(kit: ExchangeKit):
    """Fill, then the reduce-only order's end, then the next fill at the next price."""
    kit.place("BUY", "MARKET", 1)
    bare(kit)
    plain = kit.place("SELL", "LIMIT", 1, 3405)
    reduces = kit.place("SELL", "LIMIT", 1, 3405, reduce_only=True)
    kit.place("SELL", "LIMIT", 1, 3406, by="maker")
    taker = kit.place("BUY", "IOC", 2, 3406, by="bob")
    told: list[Any] = [fact for fact in kit.facts if isinstance(fact, OrderReported)]
    assert [(fact.order.order_id, fact.status) for fact in told] == [
        (taker.order_id, "NEW"),
        (taker.order_id, "PARTIAL_FILLED"),
        (plain.order_id, "FILLED"),
        (reduces.order_id, "CANCELLED"),
        (taker.order_id, "FILLED"),
    ]


def test_what_still_fits_stays(kit: ExchangeKit):
    """Long 3 with three reduce-only sells of 1: 2 sold plainly take the two newest along; the last one closes."""
    kit.place("BUY", "MARKET", 3)
    bare(kit)
    plain = kit.place("SELL", "LIMIT", 2, 3404)
    first, *younger = (kit.place("SELL", "LIMIT", 1, price, reduce_only=True) for price in (3406, 3405, 3404))
    taker = kit.place("BUY", "IOC", 5, 3406, by="bob")
    assert [kit.read(each.order_id).status for each in (plain, first)] == [OrderStatus.FILLED] * 2
    assert {kit.read(each.order_id).status for each in younger} == {OrderStatus.CANCELLED}
    assert (taker.executed_quantity, held(kit, MarginMode.CROSS)) == (3, 0)


def test_reduce_only_fills_first_and_the_plain_order_may_open(kit: ExchangeKit):
    """A plain order is not bound: behind a reduce-only one that closed the position it goes short."""
    kit.place("BUY", "MARKET", 1)
    bare(kit)
    kit.place("SELL", "LIMIT", 1, 3404, reduce_only=True)
    kit.place("SELL", "LIMIT", 1, 3405)
    kit.place("BUY", "IOC", 2, 3405, by="bob")
    assert held(kit, MarginMode.CROSS) == -1


def test_modes_are_trimmed_each_by_its_own_position(kit: ExchangeKit):
    """A cross sell does not take an isolated reduce-only order off the book."""
    for mode in MODES:
        kit.place("BUY", "MARKET", 1, margin_mode=mode)
    bare(kit)
    kit.place("SELL", "LIMIT", 1, 3405)
    kept = kit.place("SELL", "LIMIT", 1, 3405, margin_mode=MarginMode.ISOLATED, reduce_only=True)
    kit.place("BUY", "IOC", 2, 3405, by="bob")
    assert kit.read(kept.order_id).status is OrderStatus.FILLED
    assert [held(kit, mode) for mode in MODES] == [0, 0]


@pytest.mark.parametrize("mode", MODES)
def test_a_reduce_only_taker_eats_several_makers_down_to_the_position(kit: ExchangeKit, mode: MarginMode):
    """It is cut to what is held, whatever rests beside it, and a resting one goes as it trades."""
    kit.place("BUY", "MARKET", 4, margin_mode=mode)
    resting = kit.place("SELL", "LIMIT", 4, 3420, margin_mode=mode, reduce_only=True)
    kit.quote(size=1)
    taker = kit.place("SELL", "MARKET", 9, margin_mode=mode, reduce_only=True)
    assert (taker.quantity, taker.executed_quantity) == (4, 3)
    assert held(kit, mode) == 1
    assert kit.read(resting.order_id).status is OrderStatus.CANCELLED


def test_a_hidden_plain_order_trims_as_a_shown_one(kit: ExchangeKit):
    """An iceberg's hidden and shown part are two trades."""
    kit.place("BUY", "MARKET", 2)
    bare(kit)
    kit.place("SELL", "LIMIT", 2, 3405, visible_quantity=D("0.5"))
    reduces = kit.place("SELL", "LIMIT", 2, 3405, reduce_only=True)
    kit.place("BUY", "MARKET", 4, by="bob")
    assert held(kit, MarginMode.CROSS) == 0
    assert kit.read(reduces.order_id).executed_quantity == 0


def test_fok_counts_only_what_will_be_there(kit: ExchangeKit):
    """2 stand on the book, but the first trade takes the other 1 away: a FOK of 2 trades nothing, of 1 all."""
    kit.place("BUY", "MARKET", 1)
    bare(kit)
    kit.place("SELL", "LIMIT", 1, 3405)
    reduces = kit.place("SELL", "LIMIT", 1, 3405, reduce_only=True)
    refused = kit.place("BUY", "FOK", 2, 3405, by="bob")
    assert (refused.status, refused.executed_quantity) == (OrderStatus.CANCELLED, 0)
    assert not kit.read(reduces.order_id).is_done
    kit.place("SELL", "LIMIT", 1, 3406, by="maker")
    filled = kit.place("BUY", "FOK", 2, 3406, by="bob")
    assert (filled.status, filled.executed_notional) == (OrderStatus.FILLED, 3405 + 3406)


def test_fok_of_an_account_against_its_own_orders(kit: ExchangeKit):
    """Both sides of such a trade leave the position as it is, so nothing is trimmed."""
    kit.place("BUY", "MARKET", 1)
    bare(kit)
    kit.place("SELL", "LIMIT", 1, 3405)
    kit.place("SELL", "LIMIT", 1, 3405, reduce_only=True)
    assert kit.place("BUY", "FOK", 2, 3405).status is OrderStatus.FILLED
    assert held(kit, MarginMode.CROSS) == 1


def test_post_only_does_not_take_what_comes_into_sight(kit: ExchangeKit):
    """It meets a hidden order; that trade takes a hidden reduce-only one away, and a shown one is next: it stops."""
    kit.place("BUY", "MARKET", 1)
    bare(kit)
    kit.place("SELL", "LIMIT", 1, 3404, visible_quantity=D(0))
    kit.place("SELL", "LIMIT", 1, 3404, visible_quantity=D(0), reduce_only=True)
    shown = kit.place("SELL", "LIMIT", 1, 3405, by="maker")
    order = kit.place("BUY", "POST_ONLY", 2, 3405, by="bob")
    assert (order.status, order.executed_quantity) == (OrderStatus.CANCELLED, 1)
    assert not kit.read(shown.order_id, "maker").is_done


def test_an_edit_into_a_trade_trims_too(kit: ExchangeKit):
    """A plain sell moved to the bid closes the position."""
    kit.place("BUY", "MARKET", 1)
    plain = kit.place("SELL", "LIMIT", 1, 3420)
    reduces = kit.place("SELL", "LIMIT", 1, 3421, reduce_only=True)
    kit.submit(EditOrder(order_id=plain.order_id, price=D(3399)))
    assert kit.read(reduces.order_id).status is OrderStatus.CANCELLED
    assert held(kit, MarginMode.CROSS) == 0


@pytest.mark.parametrize("mode", MODES)
def test_legs_that_rest_as_limit_orders_are_trimmed(kit: ExchangeKit, mode: MarginMode):
    """A fired take profit rests reduce-only; a plain sell before it closes the position, and its tree ends."""
    kit.place("BUY", "MARKET", 1, margin_mode=mode)
    root, take, _ = kit.algo(tp_sl(3410, 3300, type="LIMIT", price=3412), margin_mode=mode)
    kit.mark(3411, quote=False)
    bare(kit)
    sent = kit.tree(take.algo_order_id)[1].order_id
    assert sent is not None
    assert kit.read(sent).reduce_only
    kit.place("SELL", "LIMIT", 1, "3411.5", margin_mode=mode)
    kit.place("BUY", "IOC", 2, 3412, by="bob")
    assert held(kit, mode) == 0
    assert (kit.read(sent).status, kit.read(sent).executed_quantity) == (OrderStatus.CANCELLED, 0)
    assert kit.tree(root.algo_order_id)[0].root_algo_status == "CANCELLED"


def test_two_trees_that_fire_at_one_price_close_once(kit: ExchangeKit):
    """A positional leg and a TP_SL leg are due together: the position is closed, not turned."""
    kit.quote(size=50)
    kit.place("BUY", "MARKET", 2)
    kit.algo(positional(3450, 3300))
    kit.algo(tp_sl(3450, 3300, quantity=2))
    kit.mark(3450)
    assert held(kit, MarginMode.CROSS) == 0


def test_a_deleveraged_position_takes_its_orders_along(kit: ExchangeKit):
    """What closes a position besides trades trims as well: here a liquidator takes half, there all."""
    account = kit.exchange._state.account("alice")
    kit.place("BUY", "MARKET", 2)
    reduces = kit.place("SELL", "LIMIT", 2, 3420, reduce_only=True)
    kit.exchange._liquidator._book(account, (ETH, MarginMode.CROSS), D(-1), D(0))
    kit.exchange.advance(kit.now)
    assert kit.read(reduces.order_id).status is OrderStatus.CANCELLED


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
    kit = ExchangeKit()
    kit.quote(levels=2, size=1)
    for by, *rest in steps:
        seen = len(kit.history)
        before = {(name, mode): held(kit, mode, name) for name in ("alice", "bob") for mode in MODES}
        try:
            _act(kit, by, *rest)
        except Refused:
            continue
        _check(kit.history[seen:], before)
        for name in ("alice", "bob"):
            for mode in MODES:
                _covered(kit, name, mode)


def _act(
    kit: ExchangeKit,
    by: str,
    side: str,
    kind: str,
    tenths: int,
    away: int,
    reduces: bool,
    mode: Any,
    shows: Any,
) -> None:
    quantity, price = D(tenths) / 10, 3400 + away
    opened = [order for order in kit.exchange.orders(by) if not order.is_done]
    if kind == "mark":
        kit.mark(price, quote=False)
    elif kind == "tp_sl":
        kit.algo(tp_sl(3401 + abs(away), 3399 - abs(away), quantity), by=by, margin_mode=mode)
    elif kind == "positional":
        kit.algo(positional(3401 + abs(away), 3399 - abs(away)), by=by, margin_mode=mode)
    elif kind in {"cancel", "edit"}:
        if opened:
            order = opened[tenths % len(opened)]
            edit = EditOrder(order_id=order.order_id, price=D(price))
            kit.submit(edit if kind == "edit" else CancelOrder(order_id=order.order_id), by)
    else:
        visible = None if shows is None or kind == "POST_ONLY" else D(shows) / 10
        at = None if kind == "MARKET" else price
        more = {"reduce_only": reduces, "margin_mode": mode, "visible_quantity": visible}
        kit.place(side, kind, quantity, at, by=by, **more)


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


def _covered(kit: ExchangeKit, name: str, mode: MarginMode) -> None:
    """What rests reduce-only is never more than what it may close."""
    position = held(kit, mode, name)
    for side, closable in (("BUY", -position), ("SELL", position)):
        resting = (
            each.remaining
            for each in kit.exchange.orders(name)
            if not each.is_done and each.reduce_only and each.side == side and each.margin_mode is mode
        )
        assert sum(resting, D(0)) <= max(D(0), closable)
