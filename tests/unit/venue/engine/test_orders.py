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
from tests.support.algo_specs import stop
from tests.support.venue_kit import ETH, ExchangeKit

D = Decimal


def kinds(kit: ExchangeKit) -> list[str]:
    return [type(fact).__name__ for fact in kit.facts]


def test_a_limit_order_fills_at_better_prices_and_rests(kit: ExchangeKit):
    """It takes 5 at 3401, 5 at 3402 and rests with what is left, at its own price."""
    order = kit.place("BUY", "LIMIT", 12, 3402)
    assert (order.status, order.executed_quantity, order.remaining) == (
        OrderStatus.PARTIAL_FILLED,
        D(10),
        D(2),
    )
    assert order.average_executed_price == D("3401.5")
    assert kit.exchange.book(ETH).bids[0] == (D(3402), D(2))
    assert kit.exchange.last(ETH) == D(3402)


def test_a_command_tells_its_facts_in_the_order_of_events(kit: ExchangeKit):
    """NEW, then trade, level, report, trade, level, report; the position after them, the account last."""
    kit.place("BUY", "LIMIT", 6, 3402)
    trade = ["Traded", "BookChanged", "OrderReported"]
    assert kinds(kit) == ["OrderReported", *trade, *trade, "PositionChanged", "AccountChanged"]
    assert kit.reported() == [("order", "NEW"), ("order", "PARTIAL_FILLED"), ("order", "FILLED")]


def test_a_report_shows_the_order_at_its_own_moment(kit: ExchangeKit):
    """The NEW report is unfilled, the next one filled by exactly its fill."""
    kit.place("BUY", "LIMIT", 6, 3402)
    new, first, last = (fact for fact in kit.facts if isinstance(fact, OrderReported))
    assert (new.order.executed_quantity, new.fill) == (D(0), None)
    assert first.fill is not None
    assert (first.order.executed_quantity, first.fill.quantity, first.fill.price) == (D(5), D(5), D(3401))
    assert last.order.executed_quantity == D(6)


def test_a_market_order_stops_at_the_price_band(kit: ExchangeKit):
    """It takes nothing beyond mark x 1.03 and ends CANCELLED with what it has."""
    kit.submit(kit.order("SELL", "LIMIT", 5, 3600), "maker")
    order = kit.place("BUY", "MARKET", 20)
    assert (order.status, order.executed_quantity, order.price) == (OrderStatus.CANCELLED, D(15), None)
    assert kit.reported()[-1] == ("order", "CANCELLED")


def test_slippage_narrows_the_band_of_a_market_order(kit: ExchangeKit):
    """0.05 % of 3400 allows 3401 only."""
    assert kit.place("BUY", "MARKET", 12, slippage=D("0.0005")).executed_quantity == D(5)
    assert kit.place("SELL", "MARKET", 12, slippage=D("0.0006")).executed_quantity == D(10)


def test_a_market_order_by_amount_spends_it(kit: ExchangeKit):
    """3401 x 5 + 3402 x 1 USDC buy 6 ETH; the order keeps the amount."""
    order = kit.place("BUY", "MARKET", None, amount=D(3401 * 5 + 3402))
    assert (order.status, order.quantity, order.amount) == (OrderStatus.FILLED, D(6), D(20407))


def test_ioc_takes_what_there_is_and_cancels_the_rest(kit: ExchangeKit):
    """Nothing of it rests."""
    order = kit.place("BUY", "IOC", 8, 3401)
    assert (order.status, order.executed_quantity) == (OrderStatus.CANCELLED, D(5))
    assert kit.place("SELL", "IOC", 3, 3399).status is OrderStatus.FILLED


def test_fok_fills_whole_or_not_at_all(kit: ExchangeKit):
    """Ten can be had at 3402, eleven cannot."""
    refused = kit.place("BUY", "FOK", 11, 3402)
    assert (refused.status, refused.executed_quantity) == (OrderStatus.CANCELLED, D(0))
    assert "whole" in refused.reason
    assert kit.place("BUY", "FOK", 10, 3402).status is OrderStatus.FILLED


def test_post_only_never_takes_visible_quantity(kit: ExchangeKit):
    """It is cancelled where it would, and rests where it would not."""
    assert kit.place("BUY", "POST_ONLY", 1, 3401).status is OrderStatus.CANCELLED
    assert kit.reported() == [("order", "NEW"), ("order", "CANCELLED")]
    assert kit.place("BUY", "POST_ONLY", 1, "3400.9").status is OrderStatus.NEW


def test_post_only_adjust_moves_one_tick_inside(kit: ExchangeKit):
    """A buy goes under the best ask, a sell over the best bid; a price that does not cross stays."""
    assert kit.place("BUY", "POST_ONLY", 1, 3450, post_only_adjust=True).price == D("3400.9")
    assert kit.place("SELL", "POST_ONLY", 1, 3350, post_only_adjust=True).price == D(3401)
    assert kit.place("SELL", "POST_ONLY", 1, 3405, post_only_adjust=True).price == D(3405)


def test_post_only_fills_as_maker_against_hidden_quantity(kit: ExchangeKit):
    """The hidden side pays taker, and the trade counts as its."""
    kit.submit(kit.order("SELL", "LIMIT", 1, 3400, visible_quantity=D(0)), "bob")
    order = kit.place("BUY", "POST_ONLY", 1, 3400)
    assert order.status is OrderStatus.FILLED
    assert kit.exchange.fills("alice")[0].is_maker
    assert not kit.exchange.fills("bob")[0].is_maker
    (trade,) = (fact for fact in kit.facts if isinstance(fact, Traded))
    assert trade.side is OrderSide.SELL


@pytest.mark.parametrize(
    ("kind", "level", "price"), [("ASK", None, 3401), ("BID", 0, 3399), ("ASK", 2, 3403)]
)
def test_ask_and_bid_take_their_price_from_the_book(
    kit: ExchangeKit, kind: str, level: int | None, price: int
):
    """ASK0 is the best ask, BID0 the best bid, ASK2 the third."""
    assert kit.place("BUY", kind, 1, level=level).price == D(price)


def test_an_iceberg_shows_its_peak(kit: ExchangeKit):
    """2 of 10 show until less is left; hidden orders show nothing."""
    kit.place("BUY", "LIMIT", 10, 3400, visible_quantity=D(2))
    assert kit.exchange.book(ETH).bids[0] == (D(3400), D(2))
    kit.submit(kit.order("SELL", "MARKET", 9), "bob")
    assert kit.exchange.book(ETH).bids[0] == (D(3400), D(1))
    hidden = kit.place("BUY", "LIMIT", 1, "3400.5", visible_quantity=D(0))
    assert hidden.visible == 0
    assert kit.exchange.book(ETH).bids[0][0] == D(3400)


def test_cancelling_takes_an_order_off_the_book(kit: ExchangeKit):
    """By id and by client order id, in one report each."""
    order = kit.place("BUY", "LIMIT", 1, 3390, client_order_id="mine-1")
    kit.submit(CancelOrder(symbol=ETH, client_order_id="mine-1"))
    assert kit.answer == {"status": "CANCEL_SENT"}
    assert kit.reported() == [("order", "CANCELLED")]
    assert kit.read(order.order_id).status is OrderStatus.CANCELLED
    assert all(price != 3390 for price, _ in kit.exchange.book(ETH).bids)


def test_cancelling_what_is_done_or_unknown_is_refused(kit: ExchangeKit):
    """-1006, and the message says how it ended."""
    order = kit.place("BUY", "MARKET", 1)
    done = kit.refusal(CancelOrder(order_id=order.order_id))
    assert (done.code, "FILLED" in done.message) == (-1006, True)
    assert kit.refusal(CancelOrder(order_id=7)).code == -1006
    assert kit.refusal(CancelOrder(client_order_id="nobody")).code == -1006
    assert kit.refusal(CancelOrder()).code == -1005
    open_order = kit.place("BUY", "LIMIT", 1, 3390)
    assert kit.refusal(CancelOrder(symbol="PERP_BTC_USDC", order_id=open_order.order_id)).code == -1006


def test_an_account_cannot_touch_orders_of_another(kit: ExchangeKit):
    """To bob, alice's order does not exist."""
    order = kit.place("BUY", "LIMIT", 1, 3390)
    assert kit.refusal(CancelOrder(order_id=order.order_id), "bob").code == -1006
    assert kit.refusal(EditOrder(order_id=order.order_id, price=D(3391)), "bob").code == -1006


def test_cancel_orders_takes_all_of_a_symbol(kit: ExchangeKit):
    """Other symbols and other accounts stay."""
    first, second = kit.place("BUY", "LIMIT", 1, 3390), kit.place("SELL", "LIMIT", 1, 3410)
    other = kit.place("BUY", "LIMIT", "0.1", 63900, symbol="PERP_BTC_USDC")
    theirs = kit.place("BUY", "LIMIT", 1, 3390, by="bob")
    kit.submit(CancelOrders(symbol=ETH))
    assert kit.answer == {"status": "CANCEL_ALL_SENT"}
    assert kit.read(first.order_id).is_done
    assert kit.read(second.order_id).is_done
    assert not kit.read(other.order_id).is_done
    assert not kit.read(theirs.order_id, "bob").is_done
    kit.submit(CancelOrders())
    assert kit.read(other.order_id).is_done
    assert kit.refusal(CancelOrders(symbol="PERP_NO_USDC")).code == -1005


def test_an_edit_reports_replaced_and_leaves_the_order_new(kit: ExchangeKit):
    """Price and quantity change; the answer is EDIT_SENT."""
    order = kit.place("BUY", "LIMIT", 2, 3390)
    kit.submit(EditOrder(order_id=order.order_id, price=D(3391), quantity=D(3)))
    assert kit.answer == {"status": "EDIT_SENT"}
    assert kit.reported() == [("order", "REPLACED")]
    after = kit.read(order.order_id)
    assert (after.status, after.price, after.quantity, after.visible_quantity) == (
        OrderStatus.NEW,
        3391,
        3,
        3,
    )
    changes = [(fact.price, fact.quantity) for fact in kit.facts if isinstance(fact, BookChanged)]
    assert changes == [(D(3390), D(0)), (D(3391), D(3))]


@pytest.mark.parametrize(("quantity", "first"), [(1, "alice"), (3, "bob")])
def test_only_a_smaller_quantity_keeps_its_place(kit: ExchangeKit, quantity: int, first: str):
    """Alice came first; growing sends her to the end of the queue."""
    order = kit.place("BUY", "LIMIT", 2, 3400)
    kit.place("BUY", "LIMIT", 2, 3400, by="bob")
    kit.submit(EditOrder(order_id=order.order_id, quantity=D(quantity)))
    kit.submit(kit.order("SELL", "LIMIT", 1, 3400), "maker")
    assert kit.exchange.position(first, ETH).position_qty == 1


def test_an_edit_may_trade_at_once(kit: ExchangeKit):
    """Moved over the best ask it fills, the report of the edit first."""
    order = kit.place("BUY", "LIMIT", 2, 3390)
    kit.submit(EditOrder(order_id=order.order_id, price=D(3401)))
    assert kit.reported() == [("order", "REPLACED"), ("order", "FILLED")]


def test_an_edit_counts_what_is_filled(kit: ExchangeKit):
    """The new quantity is the whole; it cannot fall to what is filled already."""
    order = kit.place("BUY", "LIMIT", 7, 3401)
    assert kit.refusal(EditOrder(order_id=order.order_id, quantity=D(5))).code == -1104
    kit.submit(EditOrder(order_id=order.order_id, quantity=D(6)))
    after = kit.read(order.order_id)
    assert (after.remaining, after.status) == (D(1), OrderStatus.PARTIAL_FILLED)
    assert kit.exchange.book(ETH).bids[0] == (D(3401), D(1))


def test_an_edit_must_satisfy_the_rules(kit: ExchangeKit):
    """Tick, margin, a missing change, a done order: refused, nothing changed."""
    order = kit.place("BUY", "LIMIT", 1, 3390)
    assert kit.refusal(EditOrder(order_id=order.order_id)).code == -1005
    assert kit.refusal(EditOrder(order_id=order.order_id, price=D("3390.05"))).code == -1103
    assert kit.refusal(EditOrder(order_id=order.order_id, price=D("NaN"))).code == -1005
    assert kit.refusal(EditOrder(order_id=order.order_id, quantity=D(500))).code == -1101
    assert kit.refusal(EditOrder(order_id=1, quantity=D(5))).code == -1006


def test_reduce_only_is_cut_to_the_position(kit: ExchangeKit):
    """It never flips; without a position there is nothing to reduce."""
    assert kit.refusal(kit.order("SELL", "MARKET", 1, reduce_only=True)).code == -1005
    kit.place("BUY", "MARKET", 2)
    order = kit.place("SELL", "MARKET", 5, reduce_only=True)
    assert (order.quantity, order.status) == (D(2), OrderStatus.FILLED)
    assert kit.exchange.position("alice", ETH).position_qty == 0


def test_resting_reduce_only_orders_share_the_position(kit: ExchangeKit):
    """Two of them cannot exceed it together; when it shrinks the newest goes first."""
    kit.place("BUY", "MARKET", 3)
    first = kit.place("SELL", "LIMIT", 2, 3410, reduce_only=True)
    second = kit.place("SELL", "LIMIT", 2, 3411, reduce_only=True)
    assert second.quantity == 1
    assert kit.refusal(kit.order("SELL", "LIMIT", 1, 3412, reduce_only=True)).code == -1005
    assert kit.refusal(EditOrder(order_id=second.order_id, quantity=D(2))).code == -1104
    kit.place("SELL", "MARKET", 1)
    assert (kit.read(first.order_id).is_done, kit.read(second.order_id).is_done) == (False, True)
    kit.place("SELL", "MARKET", 2)
    assert kit.read(first.order_id).is_done


def test_orders_left_behind_by_the_mark_price_are_cancelled(kit: ExchangeKit):
    """A bid more than 3 % over mark goes; one within stays."""
    order = kit.place("BUY", "LIMIT", 1, "3400.5")
    kit.mark(3310, quote=False)
    assert kit.read(order.order_id).status is OrderStatus.NEW
    kit.mark(3300, quote=False)
    assert kit.read(order.order_id).status is OrderStatus.CANCELLED
    assert kit.reported() == [("order", "CANCELLED")]


def test_pending_quantities_stand_on_the_position(kit: ExchangeKit):
    """Buys positive, sells negative, and a push tells of them."""
    kit.place("BUY", "LIMIT", 2, 3390)
    kit.place("SELL", "LIMIT", 3, 3410)
    (position,) = (fact.position for fact in kit.facts if isinstance(fact, PositionChanged))
    assert (position.pending_long_qty, position.pending_short_qty) == (D(2), D(-3))
    assert position == kit.exchange.position("alice", ETH)


def test_makers_are_told_nothing_but_the_market_is(kit: ExchangeKit):
    """Their orders make public facts only and leave no history."""
    kit.quote(3405)
    assert {type(fact) for fact in kit.facts} == {BookChanged}
    kit.submit(kit.order("BUY", "MARKET", 5), "maker")
    assert {type(fact) for fact in kit.facts} == {BookChanged, Traded}
    assert kit.exchange.fills("maker") == []
    assert all(not order.is_done for order in kit.exchange.orders("maker"))


def test_makers_hear_nothing_of_algo_orders_and_settings_either(kit: ExchangeKit):
    """Whatever concerns them alone is not told."""
    kit.algo(stop(), by="maker")
    assert kit.facts == ()
    kit.submit(SetLeverage(leverage=5), "maker")
    kit.submit(Settle(), "maker")
    assert kit.facts == ()


def test_orders_read_newest_first(kit: ExchangeKit):
    """All ever, by id, by client order id."""
    first = kit.place("BUY", "LIMIT", 1, 3390, client_order_id="a")
    second = kit.place("BUY", "MARKET", 1)
    assert kit.exchange.orders("alice") == [second, first]
    assert kit.exchange.order_by_client_id("alice", "a") == first
    assert kit.exchange.order_by_client_id("alice", "b") is None
    assert kit.exchange.order("alice", 5) is None


def test_account_changes_are_told_once_a_command(kit: ExchangeKit):
    """Both traders hear of their own."""
    kit.place("SELL", "LIMIT", 1, 3400, by="bob")
    kit.place("BUY", "LIMIT", 1, 3400)
    told = [fact.account_id for fact in kit.facts if isinstance(fact, AccountChanged)]
    assert sorted(told) == ["alice", "bob"]


def test_a_trade_with_oneself_is_allowed(kit: ExchangeKit):
    """It moves no position and pays both fees."""
    kit.place("SELL", "LIMIT", 1, 3400)
    kit.place("BUY", "LIMIT", 1, 3400)
    position = kit.exchange.position("alice", ETH)
    assert (position.position_qty, position.cost_position) == (D(0), D(3400) * D("0.0009"))


def test_bid_and_ask_orders_take_an_amount(kit: ExchangeKit):
    """Divided by the price they find, rounded down to the step."""
    order = kit.place("BUY", "BID", None, amount=D(1000))
    assert (order.price, order.quantity, order.amount) == (3399, D("0.2942"), 1000)


def test_an_empty_side_adjusts_nothing(kit: ExchangeKit):
    """POST_ONLY keeps its price; a market order by amount is sized at mark and finds nothing."""
    kit.submit(CancelOrders(), "maker")
    assert kit.place("BUY", "POST_ONLY", 1, 3450, post_only_adjust=True).price == 3450
    kit.submit(CancelOrders())
    order = kit.place("BUY", "MARKET", None, amount=D(3400))
    assert (order.quantity, order.status) == (1, OrderStatus.CANCELLED)


def test_a_maker_may_use_a_client_order_id_again(kit: ExchangeKit):
    """Its finished orders are forgotten with their ids."""
    for _ in range(2):
        kit.submit(kit.order("BUY", "LIMIT", 1, 3390, client_order_id="quote"), "maker")
        kit.submit(CancelOrder(client_order_id="quote"), "maker")
    assert kit.exchange.order_by_client_id("maker", "quote") is None
