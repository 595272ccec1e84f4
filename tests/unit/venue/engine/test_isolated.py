"""Isolated margin: what is frozen, what moves, what comes back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.models.enums import MarginMode
from orderly_sync.venue.engine.commands import (
    AddMargin,
    CancelOrder,
    EditOrder,
    ReduceMargin,
    SetLeverage,
    SetMarginMode,
)
from orderly_sync.venue.engine.facts import AccountChanged, BalanceChanged, PositionChanged
from orderly_sync.venue.engine.ledger import Entry
from orderly_sync.venue.engine.orders import Order
from orderly_sync.venue.engine.refusals import Refused
from tests.support.algo_specs import bracket, positional, tp_sl
from tests.support.venue_kit import ETH, ExchangeKit, wealth

D = Decimal
ISOLATED, CROSS = MarginMode.ISOLATED, MarginMode.CROSS
RATE = D("0.1006")  # leverage 10 and the fee reserve
BTC = "PERP_BTC_USDC"


def place(kit: ExchangeKit, side: str, kind: str, quantity: Any, price: Any = None, **more: Any) -> Order:
    return kit.place(side, kind, quantity, price, margin_mode=ISOLATED, **more)


def margin(kit: ExchangeKit) -> Decimal:
    return kit.exchange.position("alice", ETH, "ISOLATED").margin


def usdc(kit: ExchangeKit) -> Decimal:
    return kit.exchange.holding("alice").holding


def test_a_resting_order_freezes_its_margin(kit: ExchangeKit):
    """Quantity x limit x (1/leverage + 0.0006), told with the balance and given back by a cancel."""
    order = place(kit, "BUY", "LIMIT", 2, 3390)
    held_back = 2 * 3390 * RATE
    (balance,) = (fact.holding for fact in kit.facts if isinstance(fact, BalanceChanged))
    assert (balance.isolated_order_frozen, balance.holding) == (held_back, 100_000)  # type: ignore[attr-defined]
    state = kit.exchange.account("alice")
    assert state.free_collateral == 100_000 - held_back
    assert state.total_account_value == 100_000
    kit.submit(CancelOrder(order_id=order.order_id))
    assert kit.exchange.holding("alice").isolated_order_frozen == 0
    assert [type(fact).__name__ for fact in kit.facts].count("BalanceChanged") == 1


@pytest.mark.parametrize(
    ("side", "kind", "price", "reference"),
    [
        ("BUY", "LIMIT", 3405, 3405),
        ("SELL", "LIMIT", 3410, 3410),
        ("SELL", "IOC", 3398, 3399),
        ("BUY", "MARKET", None, 3502),
        ("SELL", "MARKET", None, 3298),
    ],
)
def test_the_reference_price_is_the_limit_the_book_or_the_band(
    kit: ExchangeKit, side: str, kind: str, price: Any, reference: int
):
    """A sell freezes at the higher of limit and best bid, a market order 3 % away from mark."""
    order = place(kit, side, kind, 1, price)
    assert (order.freeze_price, order.margin_rate) == (reference, RATE)


@pytest.mark.parametrize(("side", "reference"), [("BUY", "3426.5"), ("SELL", "3227")])
def test_a_market_orders_reference_ends_on_the_tick(kit: ExchangeKit, side: str, reference: str):
    """3326.73 x 1.03 = 3426.5319 goes down to 0.1, 3326.73 x 0.97 = 3226.9281 goes up."""
    kit.quote(3326)
    kit.mark("3326.73", quote=False)
    assert place(kit, side, "MARKET", 1).freeze_price == D(reference)


def test_a_fill_moves_the_frozen_margin_to_the_position(kit: ExchangeKit):
    """The balance falls by it, the position holds it, cross figures do not change otherwise."""
    place(kit, "BUY", "LIMIT", 7, 3401)
    assert margin(kit) == 5 * 3401 * RATE
    assert usdc(kit) == 100_000 - margin(kit)
    holding = kit.exchange.holding("alice")
    assert (holding.isolated_margin, holding.isolated_order_frozen) == (margin(kit), 2 * 3401 * RATE)
    position = kit.exchange.position("alice", ETH, "ISOLATED")
    assert (position.position_qty, position.margin_mode) == (5, ISOLATED)
    assert kit.exchange.position("alice", ETH).position_qty == 0
    assert kit.exchange.account("alice").total_notional == 0


def test_a_reduction_returns_its_share_of_margin_and_pnl(kit: ExchangeKit):
    """Half the position, half the margin, and what that half earned less its fee."""
    place(kit, "BUY", "MARKET", 4)
    before, held = usdc(kit), margin(kit)
    cost = kit.exchange.position("alice", ETH, "ISOLATED").cost_position
    kit.mark(3450)
    order = place(kit, "SELL", "MARKET", 2)
    assert kit.exchange.holding("alice").isolated_order_frozen == 0
    assert order.is_done
    fee = 2 * 3449 * D("0.0006")
    assert usdc(kit) == before + held / 2 + (2 * 3449 - cost / 2 - fee)
    assert margin(kit) == held / 2
    after = kit.exchange.position("alice", ETH, "ISOLATED")
    assert (after.position_qty, after.cost_position, after.average_open_price) == (2, cost / 2, 3401)
    place(kit, "SELL", "MARKET", 2)
    assert margin(kit) == 0
    assert kit.exchange.positions("alice") == []
    total_fees = kit.exchange.fees_collected
    assert usdc(kit) == 100_000 + 4 * (3449 - 3401) - total_fees


def test_reduce_only_orders_of_one_mode_do_not_share_with_the_other(kit: ExchangeKit):
    """Each rests against its own position."""
    kit.place("BUY", "MARKET", 1)
    place(kit, "BUY", "MARKET", 1)
    kit.place("SELL", "LIMIT", 1, 3410, reduce_only=True)
    assert place(kit, "SELL", "LIMIT", 1, 3410, reduce_only=True).quantity == 1


def test_a_flip_needs_margin_for_the_new_side_only(kit: ExchangeKit):
    """Long 2, sell 5: 3 short, with the margin of 3."""
    place(kit, "BUY", "MARKET", 2)
    place(kit, "SELL", "MARKET", 5)
    position = kit.exchange.position("alice", ETH, "ISOLATED")
    assert (position.position_qty, position.average_open_price) == (-3, 3399)
    assert margin(kit) == 3 * 3399 * RATE


def test_a_loss_beyond_its_share_eats_into_the_rest(kit: ExchangeKit):
    """It never reaches the account while margin is left."""
    place(kit, "BUY", "MARKET", 4)
    before = usdc(kit)
    account = kit.exchange._state.account("alice")
    entry = account.entries[ETH, ISOLATED]
    account.entries[ETH, ISOLATED] = Entry(quantity=D(4), cost=entry.cost + 4000, margin=entry.margin)
    place(kit, "SELL", "MARKET", 1)
    assert usdc(kit) == before
    assert margin(kit) < entry.margin * 3 / 4


def test_what_was_admitted_to_close_may_come_to_open(kit: ExchangeKit):
    """A sell covered by a position that is closed meanwhile takes its margin when it fills."""
    place(kit, "BUY", "MARKET", 2)
    order = place(kit, "SELL", "LIMIT", 2, 3405)
    assert kit.exchange.holding("alice").isolated_order_frozen == 0
    place(kit, "SELL", "MARKET", 2)
    assert kit.exchange.holding("alice").isolated_order_frozen == 2 * 3405 * RATE
    kit.submit(kit.order("BUY", "LIMIT", 20, 3405), "bob")
    assert kit.read(order.order_id).is_done
    assert margin(kit) == 2 * 3405 * RATE


def test_free_usdc_bounds_isolated_orders(kit: ExchangeKit):
    """What is frozen or used by cross positions is not there; -1101."""
    refused = kit.refusal(kit.order("BUY", "LIMIT", 300, 3390, margin_mode=ISOLATED))
    assert (refused.code, "free" in refused.message) == (-1101, True)
    place(kit, "BUY", "LIMIT", 200, 3390)
    assert kit.refusal(kit.order("BUY", "LIMIT", 100, 3390, margin_mode=ISOLATED)).code == -1101
    assert kit.refusal(kit.order("BUY", "LIMIT", 100, 3390)).code == -1101
    kit.place("BUY", "LIMIT", 50, 3390)
    kit.submit(EditOrder(order_id=kit.exchange.orders("alice")[1].order_id, quantity=D(240)))
    assert kit.exchange.holding("alice").isolated_order_frozen == 240 * 3390 * RATE


def test_both_modes_coexist_on_one_symbol(kit: ExchangeKit):
    """Two rows, each with its own orders, reduce-only each for itself."""
    kit.place("BUY", "MARKET", 1)
    place(kit, "SELL", "MARKET", 2)
    rows = {row.margin_mode: row.position_qty for row in kit.exchange.positions("alice")}
    assert rows == {CROSS: 1, ISOLATED: -2}
    assert kit.refusal(kit.order("SELL", "MARKET", 1, reduce_only=True, margin_mode=ISOLATED)).code == -1005
    place(kit, "BUY", "MARKET", 5, reduce_only=True)
    rows = {row.margin_mode: row.position_qty for row in kit.exchange.positions("alice")}
    assert rows == {CROSS: 1}


def test_the_default_mode_serves_orders_that_name_none(kit: ExchangeKit):
    """It changes only while the symbol is idle in its present mode."""
    kit.submit(SetMarginMode(symbol=ETH, margin_mode=ISOLATED))
    assert kit.facts == (AccountChanged(ts=kit.now, account_id="alice", symbol=ETH, margin_mode="ISOLATED"),)
    assert kit.exchange.account("alice").default_margin_modes[ETH] is ISOLATED
    order = kit.place("BUY", "LIMIT", 1, 3390)
    assert order.margin_mode is ISOLATED
    assert kit.refusal(SetMarginMode(symbol=ETH, margin_mode=CROSS)).code == -1005
    kit.submit(SetMarginMode(symbol=ETH, margin_mode=ISOLATED))
    assert kit.facts == ()
    kit.submit(CancelOrder(order_id=order.order_id))
    kit.submit(SetMarginMode(symbol=ETH, margin_mode=CROSS))
    assert kit.refusal(SetMarginMode(symbol=ETH, margin_mode=MarginMode("BOTH"))).code == -1005
    assert kit.refusal(SetMarginMode(symbol="PERP_NO_USDC", margin_mode=CROSS)).code == -1005


def test_isolated_leverage_changes_only_while_idle(kit: ExchangeKit):
    """By name it is refused, for all symbols it is left out."""
    kit.submit(SetLeverage(symbol=ETH, leverage=20, margin_mode=ISOLATED))
    order = place(kit, "BUY", "LIMIT", 1, 3390)
    assert order.margin_rate == D("0.0506")
    assert kit.exchange.holding("alice").isolated_order_frozen == 3390 * D("0.0506")
    assert kit.refusal(SetLeverage(symbol=ETH, leverage=5, margin_mode=ISOLATED)).code == -1005
    kit.submit(SetLeverage(leverage=5, margin_mode=ISOLATED))
    leverages = kit.exchange.account("alice").leverages
    assert (leverages[ETH, "ISOLATED"], leverages[BTC, "ISOLATED"], leverages[BTC, "CROSS"]) == (20, 5, 10)
    assert kit.refusal(SetLeverage(symbol=BTC, leverage=5, margin_mode=MarginMode("BOTH"))).code == -1005


def test_margin_is_added_and_taken_back(kit: ExchangeKit):
    """Told with position and balance; the liquidation price moves."""
    place(kit, "BUY", "MARKET", 4)
    before, held = kit.exchange.position("alice", ETH, "ISOLATED"), margin(kit)
    kit.submit(AddMargin(symbol=ETH, amount=D(500)))
    assert {type(fact) for fact in kit.facts} == {PositionChanged, BalanceChanged, AccountChanged}
    after = kit.exchange.position("alice", ETH, "ISOLATED")
    assert margin(kit) == held + 500
    assert usdc(kit) == 100_000 - held - 500
    assert after.est_liq_price < before.est_liq_price
    kit.submit(ReduceMargin(symbol=ETH, amount=D(400)))
    assert (margin(kit), usdc(kit)) == (held + 100, 100_000 - held - 100)


def test_margin_moves_within_its_bounds(kit: ExchangeKit):
    """Not more than is free, not more than the position can spare, never without one."""
    assert kit.refusal(AddMargin(symbol=ETH, amount=D(1))).code == -1006
    place(kit, "BUY", "MARKET", 4)
    assert kit.refusal(AddMargin(symbol=ETH, amount=D(0))).code == -1005
    assert kit.refusal(AddMargin(symbol=ETH, amount=D("NaN"))).code == -1005
    assert kit.refusal(AddMargin(symbol=ETH, amount=D(100_000))).code == -1101
    position = kit.exchange.position("alice", ETH, "ISOLATED")
    spare = position.margin - 4 * 3400 * D("0.1") + position.unsettled_pnl
    assert kit.refusal(ReduceMargin(symbol=ETH, amount=max(spare, D(0)) + D("0.01"))).code == -1101
    kit.submit(AddMargin(symbol=ETH, amount=D(100)))
    kit.submit(ReduceMargin(symbol=ETH, amount=spare + 100))
    assert kit.refusal(ReduceMargin(symbol=ETH, amount=D("0.01"))).code == -1101


def test_the_liquidation_price_of_an_isolated_position(kit: ExchangeKit):
    """(margin - cost) / (|qty| x MMR - qty): there margin and PnL equal 1.2 % of the notional."""
    place(kit, "BUY", "MARKET", 4)
    position = kit.exchange.position("alice", ETH, "ISOLATED")
    price = (position.margin - position.cost_position) / (4 * D("0.012") - 4)
    assert position.est_liq_price == round(price, 8)
    assert abs(position.margin + 4 * price - position.cost_position - 4 * price * D("0.012")) < D("1e-18")


def test_algo_orders_work_in_either_mode(kit: ExchangeKit):
    """Each closes the position of its own mode."""
    place(kit, "BUY", "MARKET", 2)
    kit.place("BUY", "MARKET", 1)
    closing = kit.algo(positional(), margin_mode=ISOLATED)[0]
    kit.algo(positional(), margin_mode=CROSS)
    kit.algo(tp_sl(3500, 3300), margin_mode=ISOLATED)
    kit.algo(bracket(price=3390), margin_mode=ISOLATED)
    assert kit.exchange.holding("alice").isolated_order_frozen == 3390 * RATE
    kit.submit(CancelOrder(order_id=kit.exchange.orders("alice")[0].order_id))
    kit.mark(3450)
    assert kit.tree(closing.algo_order_id)[0].algo_status == "FILLED"
    assert [tree[0].algo_status for tree in kit.exchange.algos("alice")] == [
        "CANCELLED",
        "CANCELLED",
        "FILLED",
        "FILLED",
    ]
    assert [row.position_qty for row in kit.exchange.positions("alice")] == [0]


step = st.tuples(
    st.sampled_from(["BUY", "SELL"]),
    st.sampled_from(["MARKET", "LIMIT", "mark", "add", "cross"]),
    st.integers(1, 60),
    st.integers(-15, 15),
)


@given(st.lists(step, max_size=20))
def test_isolated_trading_makes_and_loses_no_money(steps: Any):
    """Balances, margins, unsettled PnL and fees add up to the same, and nothing frozen is left over."""
    kit = ExchangeKit()
    kit.quote(size=20)

    before = wealth(kit)
    for side, kind, tenths, away in steps:
        try:
            if kind == "mark":
                kit.mark(3400 + away)
            elif kind == "add":
                kit.submit(AddMargin(symbol=ETH, amount=D(tenths)))
            elif kind == "cross":
                kit.place(side, "MARKET", D(tenths) / 10)
            else:
                place(kit, side, kind, D(tenths) / 10, 3400 + away if kind == "LIMIT" else None)
        except Refused:
            continue
        if not any(not order.is_done for order in kit.exchange.orders("alice")):
            assert kit.exchange.holding("alice").isolated_order_frozen == 0
        assert margin(kit) >= 0
    assert wealth(kit) == before
