"""Ordinary orders: every type, its reports, edits and cancels."""

from __future__ import annotations

from decimal import Decimal

import pytest

from orderly_sync.models.enums import OrderSide, OrderStatus
from orderly_sync.venue.engine.commands import CancelOrder, CancelOrders, EditOrder, SetLeverage, Settle
from orderly_sync.venue.engine.facts import (
    AccountChanged,
    BookChanged,
    OrderReported,
    PositionChanged,
    Traded,
)
from tests.unit.venue.engine.floor import ETH, Floor, stop

D = Decimal


def kinds(floor: Floor) -> list[str]:
    return [type(fact).__name__ for fact in floor.facts]


def test_a_limit_order_fills_at_better_prices_and_rests(floor: Floor):
    """It takes 5 at 3401, 5 at 3402 and rests with what is left, at its own price."""
    order = floor.place("BUY", "LIMIT", 12, 3402)
    assert (order.status, order.executed_quantity, order.remaining) == (
        OrderStatus.PARTIAL_FILLED,
        D(10),
        D(2),
    )
    assert order.average_executed_price == D("3401.5")
    assert floor.exchange.book(ETH).bids[0] == (D(3402), D(2))
    assert floor.exchange.last(ETH) == D(3402)


def test_a_command_tells_its_facts_in_the_order_of_events(floor: Floor):
    """NEW, then trade, level, report, trade, level, report; the position after them, the account last."""
    floor.place("BUY", "LIMIT", 6, 3402)
    trade = ["Traded", "BookChanged", "OrderReported"]
    assert kinds(floor) == ["OrderReported", *trade, *trade, "PositionChanged", "AccountChanged"]
    assert floor.reported() == [("order", "NEW"), ("order", "PARTIAL_FILLED"), ("order", "FILLED")]


def test_a_report_shows_the_order_at_its_own_moment(floor: Floor):
    """The NEW report is unfilled, the next one filled by exactly its fill."""
    floor.place("BUY", "LIMIT", 6, 3402)
    new, first, last = (fact for fact in floor.facts if isinstance(fact, OrderReported))
    assert (new.order.executed_quantity, new.fill) == (D(0), None)
    assert first.fill is not None
    assert (first.order.executed_quantity, first.fill.quantity, first.fill.price) == (D(5), D(5), D(3401))
    assert last.order.executed_quantity == D(6)


def test_a_market_order_stops_at_the_price_band(floor: Floor):
    """It takes nothing beyond mark x 1.03 and ends CANCELLED with what it has."""
    floor.submit(floor.order("SELL", "LIMIT", 5, 3600), "maker")
    order = floor.place("BUY", "MARKET", 20)
    assert (order.status, order.executed_quantity, order.price) == (OrderStatus.CANCELLED, D(15), None)
    assert floor.reported()[-1] == ("order", "CANCELLED")


def test_slippage_narrows_the_band_of_a_market_order(floor: Floor):
    """0.05 % of 3400 allows 3401 only."""
    assert floor.place("BUY", "MARKET", 12, slippage=D("0.0005")).executed_quantity == D(5)
    assert floor.place("SELL", "MARKET", 12, slippage=D("0.0006")).executed_quantity == D(10)


def test_a_market_order_by_amount_spends_it(floor: Floor):
    """3401 x 5 + 3402 x 1 USDC buy 6 ETH; the order keeps the amount."""
    order = floor.place("BUY", "MARKET", None, amount=D(3401 * 5 + 3402))
    assert (order.status, order.quantity, order.amount) == (OrderStatus.FILLED, D(6), D(20407))


def test_ioc_takes_what_there_is_and_cancels_the_rest(floor: Floor):
    """Nothing of it rests."""
    order = floor.place("BUY", "IOC", 8, 3401)
    assert (order.status, order.executed_quantity) == (OrderStatus.CANCELLED, D(5))
    assert floor.place("SELL", "IOC", 3, 3399).status is OrderStatus.FILLED


def test_fok_fills_whole_or_not_at_all(floor: Floor):
    """Ten can be had at 3402, eleven cannot."""
    refused = floor.place("BUY", "FOK", 11, 3402)
    assert (refused.status, refused.executed_quantity) == (OrderStatus.CANCELLED, D(0))
    assert "whole" in refused.reason
    assert floor.place("BUY", "FOK", 10, 3402).status is OrderStatus.FILLED


def test_post_only_never_takes_visible_quantity(floor: Floor):
    """It is cancelled where it would, and rests where it would not."""
    assert floor.place("BUY", "POST_ONLY", 1, 3401).status is OrderStatus.CANCELLED
    assert floor.reported() == [("order", "NEW"), ("order", "CANCELLED")]
    assert floor.place("BUY", "POST_ONLY", 1, "3400.9").status is OrderStatus.NEW


def test_post_only_adjust_moves_one_tick_inside(floor: Floor):
    """A buy goes under the best ask, a sell over the best bid; a price that does not cross stays."""
    assert floor.place("BUY", "POST_ONLY", 1, 3450, post_only_adjust=True).price == D("3400.9")
    assert floor.place("SELL", "POST_ONLY", 1, 3350, post_only_adjust=True).price == D(3401)
    assert floor.place("SELL", "POST_ONLY", 1, 3405, post_only_adjust=True).price == D(3405)


def test_post_only_fills_as_maker_against_hidden_quantity(floor: Floor):
    """The hidden side pays taker, and the trade counts as its."""
    floor.submit(floor.order("SELL", "LIMIT", 1, 3400, visible_quantity=D(0)), "bob")
    order = floor.place("BUY", "POST_ONLY", 1, 3400)
    assert order.status is OrderStatus.FILLED
    assert floor.exchange.fills("alice")[0].is_maker
    assert not floor.exchange.fills("bob")[0].is_maker
    (trade,) = (fact for fact in floor.facts if isinstance(fact, Traded))
    assert trade.side is OrderSide.SELL


@pytest.mark.parametrize(
    ("kind", "level", "price"), [("ASK", None, 3401), ("BID", 0, 3399), ("ASK", 2, 3403)]
)
def test_ask_and_bid_take_their_price_from_the_book(floor: Floor, kind: str, level: int | None, price: int):
    """ASK0 is the best ask, BID0 the best bid, ASK2 the third."""
    assert floor.place("BUY", kind, 1, level=level).price == D(price)


def test_an_iceberg_shows_its_peak(floor: Floor):
    """2 of 10 show until less is left; hidden orders show nothing."""
    floor.place("BUY", "LIMIT", 10, 3400, visible_quantity=D(2))
    assert floor.exchange.book(ETH).bids[0] == (D(3400), D(2))
    floor.submit(floor.order("SELL", "MARKET", 9), "bob")
    assert floor.exchange.book(ETH).bids[0] == (D(3400), D(1))
    hidden = floor.place("BUY", "LIMIT", 1, "3400.5", visible_quantity=D(0))
    assert hidden.visible == 0
    assert floor.exchange.book(ETH).bids[0][0] == D(3400)


def test_cancelling_takes_an_order_off_the_book(floor: Floor):
    """By id and by client order id, in one report each."""
    order = floor.place("BUY", "LIMIT", 1, 3390, client_order_id="mine-1")
    floor.submit(CancelOrder(symbol=ETH, client_order_id="mine-1"))
    assert floor.answer == {"status": "CANCEL_SENT"}
    assert floor.reported() == [("order", "CANCELLED")]
    assert floor.read(order.order_id).status is OrderStatus.CANCELLED
    assert all(price != 3390 for price, _ in floor.exchange.book(ETH).bids)


def test_cancelling_what_is_done_or_unknown_is_refused(floor: Floor):
    """-1006, and the message says how it ended."""
    order = floor.place("BUY", "MARKET", 1)
    done = floor.refusal(CancelOrder(order_id=order.order_id))
    assert (done.code, "FILLED" in done.message) == (-1006, True)
    assert floor.refusal(CancelOrder(order_id=7)).code == -1006
    assert floor.refusal(CancelOrder(client_order_id="nobody")).code == -1006
    assert floor.refusal(CancelOrder()).code == -1005
    open_order = floor.place("BUY", "LIMIT", 1, 3390)
    assert floor.refusal(CancelOrder(symbol="PERP_BTC_USDC", order_id=open_order.order_id)).code == -1006


def test_an_account_cannot_touch_orders_of_another(floor: Floor):
    """To bob, alice's order does not exist."""
    order = floor.place("BUY", "LIMIT", 1, 3390)
    assert floor.refusal(CancelOrder(order_id=order.order_id), "bob").code == -1006
    assert floor.refusal(EditOrder(order_id=order.order_id, price=D(3391)), "bob").code == -1006


def test_cancel_orders_takes_all_of_a_symbol(floor: Floor):
    """Other symbols and other accounts stay."""
    first, second = floor.place("BUY", "LIMIT", 1, 3390), floor.place("SELL", "LIMIT", 1, 3410)
    other = floor.place("BUY", "LIMIT", "0.1", 63900, symbol="PERP_BTC_USDC")
    theirs = floor.place("BUY", "LIMIT", 1, 3390, by="bob")
    floor.submit(CancelOrders(symbol=ETH))
    assert floor.answer == {"status": "CANCEL_ALL_SENT"}
    assert floor.read(first.order_id).is_done
    assert floor.read(second.order_id).is_done
    assert not floor.read(other.order_id).is_done
    assert not floor.read(theirs.order_id, "bob").is_done
    floor.submit(CancelOrders())
    assert floor.read(other.order_id).is_done
    assert floor.refusal(CancelOrders(symbol="PERP_NO_USDC")).code == -1005


def test_an_edit_reports_replaced_and_leaves_the_order_new(floor: Floor):
    """Price and quantity change; the answer is EDIT_SENT."""
    order = floor.place("BUY", "LIMIT", 2, 3390)
    floor.submit(EditOrder(order_id=order.order_id, price=D(3391), quantity=D(3)))
    assert floor.answer == {"status": "EDIT_SENT"}
    assert floor.reported() == [("order", "REPLACED")]
    after = floor.read(order.order_id)
    assert (after.status, after.price, after.quantity, after.visible_quantity) == (
        OrderStatus.NEW,
        3391,
        3,
        3,
    )
    changes = [(fact.price, fact.quantity) for fact in floor.facts if isinstance(fact, BookChanged)]
    assert changes == [(D(3390), D(0)), (D(3391), D(3))]


@pytest.mark.parametrize(("quantity", "first"), [(1, "alice"), (3, "bob")])
def test_only_a_smaller_quantity_keeps_its_place(floor: Floor, quantity: int, first: str):
    """Alice came first; growing sends her to the end of the queue."""
    order = floor.place("BUY", "LIMIT", 2, 3400)
    floor.place("BUY", "LIMIT", 2, 3400, by="bob")
    floor.submit(EditOrder(order_id=order.order_id, quantity=D(quantity)))
    floor.submit(floor.order("SELL", "LIMIT", 1, 3400), "maker")
    assert floor.exchange.position(first, ETH).position_qty == 1


def test_an_edit_may_trade_at_once(floor: Floor):
    """Moved over the best ask it fills, the report of the edit first."""
    order = floor.place("BUY", "LIMIT", 2, 3390)
    floor.submit(EditOrder(order_id=order.order_id, price=D(3401)))
    assert floor.reported() == [("order", "REPLACED"), ("order", "FILLED")]


def test_an_edit_counts_what_is_filled(floor: Floor):
    """The new quantity is the whole; it cannot fall to what is filled already."""
    order = floor.place("BUY", "LIMIT", 7, 3401)
    assert floor.refusal(EditOrder(order_id=order.order_id, quantity=D(5))).code == -1104
    floor.submit(EditOrder(order_id=order.order_id, quantity=D(6)))
    after = floor.read(order.order_id)
    assert (after.remaining, after.status) == (D(1), OrderStatus.PARTIAL_FILLED)
    assert floor.exchange.book(ETH).bids[0] == (D(3401), D(1))


def test_an_edit_must_satisfy_the_rules(floor: Floor):
    """Tick, margin, a missing change, a done order: refused, nothing changed."""
    order = floor.place("BUY", "LIMIT", 1, 3390)
    assert floor.refusal(EditOrder(order_id=order.order_id)).code == -1005
    assert floor.refusal(EditOrder(order_id=order.order_id, price=D("3390.05"))).code == -1103
    assert floor.refusal(EditOrder(order_id=order.order_id, price=D("NaN"))).code == -1005
    assert floor.refusal(EditOrder(order_id=order.order_id, quantity=D(500))).code == -1101
    assert floor.refusal(EditOrder(order_id=1, quantity=D(5))).code == -1006


def test_reduce_only_is_cut_to_the_position(floor: Floor):
    """It never flips; without a position there is nothing to reduce."""
    assert floor.refusal(floor.order("SELL", "MARKET", 1, reduce_only=True)).code == -1005
    floor.place("BUY", "MARKET", 2)
    order = floor.place("SELL", "MARKET", 5, reduce_only=True)
    assert (order.quantity, order.status) == (D(2), OrderStatus.FILLED)
    assert floor.exchange.position("alice", ETH).position_qty == 0


def test_resting_reduce_only_orders_share_the_position(floor: Floor):
    """Two of them cannot exceed it together; when it shrinks the newest goes first."""
    floor.place("BUY", "MARKET", 3)
    first = floor.place("SELL", "LIMIT", 2, 3410, reduce_only=True)
    second = floor.place("SELL", "LIMIT", 2, 3411, reduce_only=True)
    assert second.quantity == 1
    assert floor.refusal(floor.order("SELL", "LIMIT", 1, 3412, reduce_only=True)).code == -1005
    assert floor.refusal(EditOrder(order_id=second.order_id, quantity=D(2))).code == -1104
    floor.place("SELL", "MARKET", 1)
    assert (floor.read(first.order_id).is_done, floor.read(second.order_id).is_done) == (False, True)
    floor.place("SELL", "MARKET", 2)
    assert floor.read(first.order_id).is_done


def test_orders_left_behind_by_the_mark_price_are_cancelled(floor: Floor):
    """A bid more than 3 % over mark goes; one within stays."""
    order = floor.place("BUY", "LIMIT", 1, "3400.5")
    floor.move(3310, quote=False)
    assert floor.read(order.order_id).status is OrderStatus.NEW
    floor.move(3300, quote=False)
    assert floor.read(order.order_id).status is OrderStatus.CANCELLED
    assert floor.reported() == [("order", "CANCELLED")]


def test_pending_quantities_stand_on_the_position(floor: Floor):
    """Buys positive, sells negative, and a push tells of them."""
    floor.place("BUY", "LIMIT", 2, 3390)
    floor.place("SELL", "LIMIT", 3, 3410)
    (position,) = (fact.position for fact in floor.facts if isinstance(fact, PositionChanged))
    assert (position.pending_long_qty, position.pending_short_qty) == (D(2), D(-3))
    assert position == floor.exchange.position("alice", ETH)


def test_makers_are_told_nothing_but_the_market_is(floor: Floor):
    """Their orders make public facts only and leave no history."""
    floor.quote(3405)
    assert {type(fact) for fact in floor.facts} == {BookChanged}
    floor.submit(floor.order("BUY", "MARKET", 5), "maker")
    assert {type(fact) for fact in floor.facts} == {BookChanged, Traded}
    assert floor.exchange.fills("maker") == []
    assert all(not order.is_done for order in floor.exchange.orders("maker"))


def test_makers_hear_nothing_of_algo_orders_and_settings_either(floor: Floor):
    """Whatever concerns them alone is not told."""
    floor.algo(stop(), by="maker")
    assert floor.facts == ()
    floor.submit(SetLeverage(leverage=5), "maker")
    floor.submit(Settle(), "maker")
    assert floor.facts == ()


def test_orders_read_newest_first(floor: Floor):
    """All ever, by id, by client order id."""
    first = floor.place("BUY", "LIMIT", 1, 3390, client_order_id="a")
    second = floor.place("BUY", "MARKET", 1)
    assert floor.exchange.orders("alice") == [second, first]
    assert floor.exchange.order_by_client_id("alice", "a") == first
    assert floor.exchange.order_by_client_id("alice", "b") is None
    assert floor.exchange.order("alice", 5) is None


def test_account_changes_are_told_once_a_command(floor: Floor):
    """Both traders hear of their own."""
    floor.place("SELL", "LIMIT", 1, 3400, by="bob")
    floor.place("BUY", "LIMIT", 1, 3400)
    told = [fact.account_id for fact in floor.facts if isinstance(fact, AccountChanged)]
    assert sorted(told) == ["alice", "bob"]


def test_a_trade_with_oneself_is_allowed(floor: Floor):
    """It moves no position and pays both fees."""
    floor.place("SELL", "LIMIT", 1, 3400)
    floor.place("BUY", "LIMIT", 1, 3400)
    position = floor.exchange.position("alice", ETH)
    assert (position.position_qty, position.cost_position) == (D(0), D(3400) * D("0.0009"))


def test_bid_and_ask_orders_take_an_amount(floor: Floor):
    """Divided by the price they find, rounded down to the step."""
    order = floor.place("BUY", "BID", None, amount=D(1000))
    assert (order.price, order.quantity, order.amount) == (3399, D("0.2942"), 1000)


def test_an_empty_side_adjusts_nothing(floor: Floor):
    """POST_ONLY keeps its price; a market order by amount is sized at mark and finds nothing."""
    floor.submit(CancelOrders(), "maker")
    assert floor.place("BUY", "POST_ONLY", 1, 3450, post_only_adjust=True).price == 3450
    floor.submit(CancelOrders())
    order = floor.place("BUY", "MARKET", None, amount=D(3400))
    assert (order.quantity, order.status) == (1, OrderStatus.CANCELLED)


def test_a_maker_may_use_a_client_order_id_again(floor: Floor):
    """Its finished orders are forgotten with their ids."""
    for _ in range(2):
        floor.submit(floor.order("BUY", "LIMIT", 1, 3390, client_order_id="quote"), "maker")
        floor.submit(CancelOrder(client_order_id="quote"), "maker")
    assert floor.exchange.order_by_client_id("maker", "quote") is None
