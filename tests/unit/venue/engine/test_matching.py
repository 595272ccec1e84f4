"""Matching: price, then time; nothing made, nothing lost, never a crossed book."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.models.enums import OrderSide
from orderly_sync.venue.engine.book import LimitOrderBook, Resting
from orderly_sync.venue.engine.facts import BookChanged, OrderReported, Traded
from orderly_sync.venue.engine.matching import affordable, apply, plan
from orderly_sync.venue.engine.refusals import Refused
from tests.support.venue_kit import ETH, ExchangeKit

D = Decimal
BUY, SELL = OrderSide.BUY, OrderSide.SELL

resting = st.lists(
    st.tuples(st.integers(1, 20), st.integers(1, 50), st.integers(0, 50)),  # price, quantity, peak
    max_size=12,
)


def filled(rows: list[tuple[int, int, int]], side: OrderSide) -> LimitOrderBook:
    book = LimitOrderBook("X")
    for order_id, (price, quantity, peak) in enumerate(rows):
        book.add(
            Resting(
                order_id=order_id,
                account_id="a",
                side=side,
                price=D(price),
                remaining=D(quantity),
                peak=D(min(peak, quantity)),
            )
        )
    return book


@given(resting, st.sampled_from([BUY, SELL]), st.integers(1, 300), st.none() | st.integers(1, 20))
def test_a_plan_follows_price_and_time(rows: Any, side: OrderSide, quantity: int, limit: int | None):
    """Trades come best price first, then oldest order, hidden before visible, none beyond the limit."""
    book = filled(rows, side.opposite)
    matches = plan(book, side, D(quantity), None if limit is None else D(limit))
    sign = 1 if side is BUY else -1
    order = [(sign * match.price, match.order_id, not match.hidden) for match in matches]
    assert order == sorted(order)
    assert all(limit is None or sign * match.price <= sign * limit for match in matches)


@given(resting, st.sampled_from([BUY, SELL]), st.integers(1, 300), st.none() | st.integers(1, 20))
def test_a_plan_takes_all_it_can_and_no_more(rows: Any, side: OrderSide, quantity: int, limit: int | None):
    """What is planned is the smaller of the wish and of what stands within the limit."""
    book = filled(rows, side.opposite)
    sign = 1 if side is BUY else -1
    there = sum(D(size) for price, size, _ in rows if limit is None or sign * price <= sign * limit)
    matches = plan(book, side, D(quantity), None if limit is None else D(limit))
    assert sum(match.quantity for match in matches) == min(there, D(quantity))


@given(resting, st.integers(1, 300))
def test_applying_a_plan_takes_exactly_its_quantity_off_the_book(rows: Any, quantity: int):
    """What the book loses is what was traded, order by order."""
    book = filled(rows, SELL)
    before = sum(D(size) for _, size, _ in rows)
    matches = plan(book, BUY, D(quantity), None)
    for match in matches:
        apply(book, match)
    left = sum(each.remaining for each in book.crossing(BUY, None))
    assert before - left == sum(match.quantity for match in matches)


@given(resting, st.integers(1, 5_000))
def test_an_amount_buys_what_a_plan_of_that_quantity_costs(rows: Any, amount: int):
    """The quantity found costs the amount, or the book is empty before."""
    book = filled(rows, SELL)
    quantity = affordable(book, BUY, D(amount), None)
    cost = sum(match.price * match.quantity for match in plan(book, BUY, quantity, None))
    assert cost <= D(amount) + D("1e-20")
    if cost < D(amount) - D("1e-20"):
        assert quantity == sum(D(size) for _, size, _ in rows)


step = st.tuples(
    st.sampled_from(["alice", "bob", "maker"]),
    st.sampled_from(["BUY", "SELL"]),
    st.sampled_from(["LIMIT", "LIMIT", "IOC", "FOK", "POST_ONLY", "MARKET", "BID", "ASK"]),
    st.integers(1, 30),  # tenths of an ETH
    st.integers(-20, 20),  # dollars from 3400
    st.sampled_from([None, 0, 1]),  # tenths that show
)


def taken(kit: ExchangeKit, steps: Any) -> Iterator[list[Any]]:
    """Submit one order after another; the facts of each that was not refused."""
    for by, side, kind, tenths, away, shows in steps:
        price = None if kind in {"MARKET", "BID", "ASK"} else 3400 + away
        visible = None if shows is None else D(shows) / 10
        try:
            kit.submit(kit.order(side, kind, D(tenths) / 10, price, visible_quantity=visible), by)
        except Refused:
            continue
        yield kit.facts


@given(st.lists(step, max_size=25))
def test_no_sequence_of_orders_crosses_the_book_or_makes_quantity(steps: Any):
    """The best bid stays under the best ask, both sides of every trade agree, and every order adds up."""
    kit = ExchangeKit()
    traded = D(0)
    for facts in taken(kit, steps):
        for fact in facts:
            if isinstance(fact, Traded):
                traded += fact.quantity
        book = kit.exchange.book(ETH)
        assert book.best_bid is None or book.best_ask is None or book.best_bid < book.best_ask
    total = D(0)
    for name in ("alice", "bob", "maker"):
        held = kit.exchange.position(name, ETH).position_qty
        total += held
        if name != "maker":
            fills = kit.exchange.fills(name)
            assert held == sum(fill.quantity * (1 if fill.side is BUY else -1) for fill in fills)
            for order in kit.exchange.orders(name):
                own = [fill for fill in fills if fill.order_id == order.order_id]
                assert order.executed_quantity == sum(fill.quantity for fill in own)
                assert order.executed_notional == sum(fill.quantity * fill.price for fill in own)
                assert order.total_fee == sum(fill.fee for fill in own)
                assert 0 <= order.executed_quantity <= order.quantity
    assert total == 0


@given(st.lists(step, max_size=25))
def test_the_book_told_is_the_book_there_is(steps: Any):
    """A reader who applies every BookChanged holds the venue's own book."""
    kit = ExchangeKit()
    seen: dict[tuple[OrderSide, Decimal], Decimal] = {}
    for facts in taken(kit, steps):
        for fact in facts:
            if isinstance(fact, BookChanged):
                seen[fact.side, fact.price] = fact.quantity
    book = kit.exchange.book(ETH)
    told = {key: quantity for key, quantity in seen.items() if quantity}
    there = {(BUY, price): quantity for price, quantity in book.bids}
    there |= {(SELL, price): quantity for price, quantity in book.asks}
    assert told == there


def test_hidden_quantity_pays_as_taker_and_trades_first(kit: ExchangeKit):
    """Of an iceberg the hidden part goes first and pays the taker's fee, then the visible part as maker."""
    kit.place("SELL", "LIMIT", 2, 3400, by="bob", visible_quantity=D("0.5"))
    kit.place("BUY", "LIMIT", 2, 3400)
    hidden, shown = reversed(kit.exchange.fills("bob"))
    assert (hidden.quantity, hidden.is_maker, hidden.fee) == (D("1.5"), False, D("1.5") * 3400 * D("0.0006"))
    assert (shown.quantity, shown.is_maker, shown.fee) == (D("0.5"), True, D("0.5") * 3400 * D("0.0003"))
    assert all(not fill.is_maker for fill in kit.exchange.fills("alice"))


def test_both_sides_of_a_trade_share_its_match_id(kit: ExchangeKit):
    """Match ids are beyond 2^53 and equal on both sides; trade ids are each side's own."""
    kit.place("SELL", "LIMIT", 1, 3400, by="bob")
    kit.place("BUY", "LIMIT", 1, 3400)
    mine, theirs = kit.exchange.fills("alice")[0], kit.exchange.fills("bob")[0]
    assert mine.match_id == theirs.match_id > 2**53
    assert mine.trade_id != theirs.trade_id
    assert [fact.fill for fact in kit.facts if isinstance(fact, OrderReported) and fact.fill] == [
        mine,
        theirs,
    ]
