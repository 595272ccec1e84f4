"""The order book: time order, what shows, what is told."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.enums import OrderSide
from orderly_sync.venue.engine.book import LimitOrderBook, Resting

D = Decimal
BUY, SELL = OrderSide.BUY, OrderSide.SELL


def rest(
    book: LimitOrderBook, order_id: int, side: OrderSide, price: str, quantity: str, peak: str | None = None
) -> None:
    book.add(
        Resting(
            order_id=order_id,
            account_id="a",
            side=side,
            price=D(price),
            remaining=D(quantity),
            peak=D(peak if peak is not None else quantity),
        )
    )


def test_a_snapshot_shows_best_levels_first():
    """Bids fall, asks rise, quantities of one price add up."""
    book = LimitOrderBook("X")
    for order_id, (side, price) in enumerate(
        [(BUY, "9"), (BUY, "8"), (BUY, "9"), (SELL, "11"), (SELL, "10")]
    ):
        rest(book, order_id, side, price, "1")
    shown = book.snapshot()
    assert shown.bids == ((D(9), D(2)), (D(8), D(1)))
    assert shown.asks == ((D(10), D(1)), (D(11), D(1)))
    assert (shown.best_bid, shown.best_ask) == (D(9), D(10))


def test_an_empty_book_has_no_best():
    """Neither side has a price."""
    shown = LimitOrderBook("X").snapshot()
    assert (shown.best_bid, shown.best_ask, shown.bids, shown.asks) == (None, None, (), ())


def test_hidden_quantity_does_not_show():
    """An iceberg shows its peak, a hidden order nothing, not even a level."""
    book = LimitOrderBook("X")
    rest(book, 1, SELL, "10", "5", peak="2")
    rest(book, 2, SELL, "9", "5", peak="0")
    assert book.snapshot().asks == ((D(10), D(2)),)
    assert book.best(SELL) == D(10)
    assert book.visible_at(SELL, D(9)) == 0


def test_an_iceberg_shows_its_peak_until_less_is_left():
    """What shows is the smaller of peak and rest."""
    book = LimitOrderBook("X")
    rest(book, 1, SELL, "10", "5", peak="2")
    book.reduce(1, D(2))
    assert book.visible_at(SELL, D(10)) == 2
    book.reduce(1, D(2))
    assert book.visible_at(SELL, D(10)) == 1
    book.reduce(1, D(1))
    assert 1 not in book
    assert book.snapshot().asks == ()


def test_orders_meet_the_best_price_first_and_the_oldest_of_it():
    """Price, then time, up to the limit."""
    book = LimitOrderBook("X")
    for order_id, price in enumerate(["11", "10", "12", "10"]):
        rest(book, order_id, SELL, price, "1")
    assert [each.order_id for each in book.crossing(BUY, D(11))] == [1, 3, 0]
    assert [each.order_id for each in book.crossing(BUY, None)] == [1, 3, 0, 2]


def test_removing_the_last_order_removes_the_level():
    """The level's price is gone with it."""
    book = LimitOrderBook("X")
    rest(book, 1, BUY, "9", "1")
    rest(book, 2, BUY, "8", "1")
    book.remove(1)
    assert book.snapshot().bids == ((D(8), D(1)),)
    assert book.best(BUY) == D(8)
