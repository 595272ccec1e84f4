"""What isolated orders freeze, how it follows the position, and how large they may be."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderly_sync.models.enums import MarginMode, OrderSide
from orderly_sync.venue.engine.commands import CancelOrder, EditOrder, SetLeverage
from orderly_sync.venue.engine.facts import BalanceChanged
from orderly_sync.venue.engine.margin import max_notional
from orderly_sync.venue.engine.orders import Order
from orderly_sync.venue.engine.refusals import Refused
from tests.support.venue_kit import ETH, ExchangeKit, wealth

D = Decimal
ISOLATED = MarginMode.ISOLATED
RATE = D("0.1006")


def place(kit: ExchangeKit, side: str, kind: str, quantity: Any, price: Any = None, **more: Any) -> Order:
    return kit.place(side, kind, quantity, price, margin_mode=ISOLATED, **more)


def frozen(kit: ExchangeKit) -> Decimal:
    return kit.exchange.holding("alice").isolated_order_frozen


def test_a_position_opened_later_frees_the_sells_that_close_it(kit: ExchangeKit):
    """2 x 3450 x 0.1006 = 694.14 are frozen while flat, nothing once 2 are held; the push says so."""
    place(kit, "SELL", "LIMIT", 2, 3450)
    assert frozen(kit) == D("694.14")
    place(kit, "BUY", "MARKET", 2)
    assert frozen(kit) == 0
    (told,) = (fact.holding for fact in kit.facts if isinstance(fact, BalanceChanged))
    assert told.isolated_order_frozen == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("dear_first", [True, False])
def test_cheap_sells_close_a_long_first(kit: ExchangeKit, dear_first: bool):
    """3 sold against 2: 1 at 3500 opens, 352.10; without the position all do, 1048.755. Age does not matter."""
    place(kit, "BUY", "MARKET", 2)
    for price in (3500, 3450) if dear_first else (3450, 3500):
        place(kit, "SELL", "LIMIT", "1.5", price)
    assert frozen(kit) == D("352.10")
    place(kit, "SELL", "MARKET", 2)
    assert frozen(kit) == D("1048.755")


def test_dear_buys_close_a_short_first(kit: ExchangeKit):
    """3 bought against 2: those that fill first close, so 1 at 3300 opens: 331.98."""
    place(kit, "SELL", "MARKET", 2)
    place(kit, "BUY", "LIMIT", "1.5", 3300)
    place(kit, "BUY", "LIMIT", "1.5", 3350)
    assert frozen(kit) == D("331.98")
    place(kit, "BUY", "MARKET", 1)
    assert frozen(kit) == (D("1.5") * 3300 + D("0.5") * 3350) * RATE


def test_at_one_price_the_older_order_closes_first(kit: ExchangeKit):
    """Cancelling the younger frees what it was to open; cancelling the older lets the younger close."""
    place(kit, "BUY", "MARKET", 1)
    older, younger = (place(kit, "SELL", "LIMIT", 1, 3450) for _ in range(2))
    assert frozen(kit) == 3450 * RATE
    kit.submit(CancelOrder(order_id=older.order_id))
    assert frozen(kit) == 0
    kit.submit(CancelOrder(order_id=younger.order_id))
    assert frozen(kit) == 0


def test_a_cheaper_sell_takes_over_the_closing(kit: ExchangeKit):
    """Long 1 and a sell of 1 at 3500: another at 3410 closes instead, and the first comes to open."""
    place(kit, "BUY", "MARKET", 1)
    place(kit, "SELL", "LIMIT", 1, 3500)
    assert frozen(kit) == 0
    place(kit, "SELL", "LIMIT", 1, 3410)
    assert frozen(kit) == D("352.10")


def test_partial_fills_edits_and_the_other_side_follow(kit: ExchangeKit):
    """Long 2; of a sell of 3 at 3401 one opens; filled 1, held 1, still one opens; edited down, none."""
    place(kit, "BUY", "MARKET", 2)
    order = place(kit, "SELL", "LIMIT", 3, "3400.5")
    assert frozen(kit) == D("3400.5") * RATE
    kit.submit(kit.order("BUY", "IOC", 1, "3400.5"), "bob")
    assert (kit.read(order.order_id).remaining, frozen(kit)) == (2, D("3400.5") * RATE)
    kit.submit(EditOrder(order_id=order.order_id, quantity=D("2.5")))
    assert frozen(kit) == D("0.5") * D("3400.5") * RATE
    place(kit, "BUY", "LIMIT", 1, 3390)
    assert frozen(kit) == D("0.5") * D("3400.5") * RATE + 3390 * RATE
    kit.submit(EditOrder(order_id=order.order_id, quantity=D(2)))
    assert frozen(kit) == 3390 * RATE


def test_reduce_only_orders_freeze_nothing_and_free_nothing(kit: ExchangeKit):
    """They share the position with no plain order."""
    place(kit, "BUY", "MARKET", 1)
    place(kit, "SELL", "LIMIT", 1, 3420, reduce_only=True)
    place(kit, "SELL", "LIMIT", 1, 3450)
    assert frozen(kit) == 0


def test_each_order_is_rounded_up_to_a_millionth(kit: ExchangeKit):
    """1/3 goes up to 0.3333333334: 0.01 x 3390.1 x 0.3339333334 = 11.32067393... -> 11.320674, two of them twice that."""
    kit.submit(SetLeverage(symbol=ETH, leverage=3, margin_mode=ISOLATED))
    order = place(kit, "BUY", "LIMIT", "0.01", "3390.1")
    assert (order.margin_rate, frozen(kit)) == (D("0.3339333334"), D("11.320674"))
    place(kit, "BUY", "LIMIT", "0.01", "3390.1")
    assert frozen(kit) == 2 * D("11.320674")


def test_closing_what_covers_an_order_needs_no_margin_itself(kit: ExchangeKit):
    """An account without free USDC may still close, whatever its other orders come to freeze."""
    kit.exchange.open_account("carol", usdc=D(400))
    place(kit, "BUY", "MARKET", 1, by="carol")
    place(kit, "SELL", "LIMIT", 1, 3500, by="carol")
    assert kit.exchange.holding("carol").isolated_order_frozen == 0
    closed = place(kit, "SELL", "LIMIT", 1, 3399, by="carol", reduce_only=True)
    assert closed.is_done
    assert kit.exchange.holding("carol").isolated_order_frozen == D("352.10")


def test_an_order_that_makes_another_open_needs_the_margin_for_it(kit: ExchangeKit):
    """Long 1 covers a sell at 3500; a second, cheaper one would freeze the first's 352.10."""
    kit.exchange.open_account("carol", usdc=D(600))
    place(kit, "BUY", "MARKET", 1, by="carol")
    place(kit, "SELL", "LIMIT", 1, 3500, by="carol")
    cheaper = kit.order("SELL", "LIMIT", 1, 3450, margin_mode=ISOLATED)
    refused = kit.refusal(cheaper, "carol")
    assert (refused.code, "352.1" in refused.message) == (-1101, True)


def test_unsettled_profit_can_be_frozen_but_not_added(kit: ExchangeKit):
    """Free collateral is what counts for orders; the balance may go below 0 by what the profit covers."""
    kit.quote(size=50)
    kit.exchange.open_account("carol", usdc=D(1_000))
    kit.place("BUY", "MARKET", 2, by="carol")
    kit.mark(4400)
    free = kit.exchange.account("carol").free_collateral
    assert free > 1_900
    place(kit, "BUY", "MARKET", "3.5", by="carol")
    held = kit.exchange.holding("carol")
    assert held.holding < 0
    assert held.isolated_margin == D("3.5") * 4401 * RATE
    assert kit.exchange.account("carol").withdrawable == 0


def test_isolated_size_is_capped_at_the_margin_curve(kit: ExchangeKit):
    """At leverage 50 an ETH position may reach max_notional, orders included; a larger one is -1101, as is an edit."""
    kit.exchange._state.account("alice").usdc = D(10**8)
    kit.submit(SetLeverage(symbol=ETH, leverage=50, margin_mode=ISOLATED))
    most = kit.exchange.rules[ETH].quantity_below(max_notional(kit.exchange.rules[ETH], 50) / 3390)
    assert 2_880 < most < 2_900
    first, *_ = (place(kit, "BUY", "LIMIT", 600, 3390) for _ in range(4))
    left = most - 2_400
    beyond = kit.order("BUY", "LIMIT", left + 1, 3390, margin_mode=ISOLATED)
    refused = kit.refusal(beyond)
    assert (refused.code, ETH in refused.message) == (-1101, True)
    place(kit, "BUY", "LIMIT", left, 3390)
    assert kit.refusal(EditOrder(order_id=first.order_id, price=D(3400))).code == -1101
    place(kit, "SELL", "LIMIT", 100, 3410)
    kit.place("BUY", "LIMIT", 101, 3390)


@pytest.mark.parametrize("side", ["BUY", "SELL"])
@pytest.mark.parametrize("held", [0, 40, -40])
def test_the_largest_isolated_order_ends_at_the_cap(kit: ExchangeKit, side: str, held: int):
    """It is taken at the mark price, and little more is refused; a position of the other side makes room."""
    kit.exchange._state.account("alice").usdc = D(10**8)
    kit.submit(SetLeverage(symbol=ETH, leverage=50, margin_mode=ISOLATED))
    kit.quote(size=100)
    if held:
        place(kit, "BUY" if held > 0 else "SELL", "MARKET", abs(held))
    kit.quote(size=1)
    for _ in range(4):
        place(kit, side, "LIMIT", 600, 3400)
    rules = kit.exchange.rules[ETH]
    most = kit.exchange.max_quantity("alice", ETH, OrderSide(side), ISOLATED)
    signed = held if side == "BUY" else -held
    assert most == rules.quantity_below(max_notional(rules, 50) / 3400 - signed - 2_400)
    beyond = kit.order(side, "LIMIT", most + 1, 3400, margin_mode=ISOLATED)
    assert kit.refusal(beyond).code == -1101
    assert not place(kit, side, "LIMIT", most, 3400).is_done


steps = st.lists(
    st.tuples(
        st.sampled_from(["BUY", "SELL"]),
        st.sampled_from(["LIMIT", "LIMIT", "MARKET", "cancel", "edit", "mark", "reduce"]),
        st.integers(1, 40),
        st.integers(-25, 25),
    ),
    max_size=25,
)


@settings(max_examples=60)
@given(steps)
def test_what_is_frozen_follows_from_position_and_orders(moves: Any):
    """Recomputed from scratch after each command: no money is made, and no frozen cent is left or missing."""
    kit = ExchangeKit()
    kit.quote(size=20)
    before = wealth(kit)
    for side, kind, tenths, away in moves:
        try:
            _move(kit, side, kind, D(tenths) / 10, 3400 + away)
        except Refused:
            continue
        assert frozen(kit) == _expected(kit)
    assert wealth(kit) == before


def _move(kit: ExchangeKit, side: str, kind: str, quantity: Decimal, price: int) -> None:
    opened = [order for order in kit.exchange.orders("alice") if not order.is_done]
    if kind == "mark":
        kit.mark(price)
    elif kind == "reduce":
        place(kit, side, "LIMIT", quantity, price, reduce_only=True)
    elif kind in {"cancel", "edit"}:
        if opened:
            order = opened[int(quantity * 10) % len(opened)]
            change = EditOrder(order_id=order.order_id, price=D(price), quantity=quantity)
            kit.submit(change if kind == "edit" else CancelOrder(order_id=order.order_id))
    else:
        place(kit, side, kind, quantity, price if kind == "LIMIT" else None)


def _expected(kit: ExchangeKit) -> Decimal:
    """The rule in its plainest form: sort, close, round up."""
    held = kit.exchange.position("alice", ETH, "ISOLATED").position_qty
    total = D(0)
    for side in ("BUY", "SELL"):
        orders = [
            each
            for each in kit.exchange.orders("alice")
            if not each.is_done and each.side == side and not each.reduce_only
        ]
        orders.sort(key=lambda each: (each.freeze_price * (-1 if side == "BUY" else 1), each.order_id))
        left = max(D(0), -held if side == "BUY" else held)
        for each in orders:
            closing = min(left, each.remaining)
            left -= closing
            exact = (each.remaining - closing) * each.freeze_price * RATE
            total += -((-exact * 10**6) // 1) / 10**6
    return total
