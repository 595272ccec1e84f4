"""The live book of a client against the venue's own."""

from __future__ import annotations

import threading
import time
from decimal import Decimal

import pytest

from orderly_sync import Limit, Orderly, StaleBook, SubscriptionRefused, Timeouts, connect, topics
from orderly_sync.live import live_book
from tests.support.paper import eventually

ETH = "PERP_ETH_USDC"
WAIT = 10.0


def levels(ex: Orderly) -> tuple[list[tuple[Decimal, Decimal]], list[tuple[Decimal, Decimal]]]:
    """The venue's book by REST, best first."""
    book = ex.rest.market.book(ETH)
    bids = sorted(((row.price, row.quantity) for row in book.bids), reverse=True)
    return bids, sorted((row.price, row.quantity) for row in book.asks)


def agrees(ex: Orderly) -> bool:
    """Whether the live book shows what the venue shows, in the 20 best levels of each side."""
    try:
        book = ex.book(ETH)
    except StaleBook:
        return False
    bids, asks = levels(ex)
    return [tuple(one) for one in book.bids[:20]] == bids[:20] and [
        tuple(one) for one in book.asks[:20]
    ] == asks[:20]


def until_agreed(ex: Orderly) -> None:
    eventually(lambda: agrees(ex), WAIT)


def test_the_book_follows_orders_moves_and_drops(ex: Orderly):
    """After each change, and after a lost connection, the live book equals the venue's."""
    best = ex.book(ETH).best_bid
    assert best is not None
    until_agreed(ex)
    ex.place(Limit.buy(ETH, quantity="0.37", price=best.price))
    until_agreed(ex)
    ex.paper.set_mark_price(ETH, best.price + 20)
    until_agreed(ex)
    stale = ex.stream(StaleBook)
    ex.paper.drop_connections()
    assert stale.get(timeout=WAIT).symbol == ETH
    until_agreed(ex)
    ex.paper.set_mark_price(ETH, best.price - 20)
    until_agreed(ex)
    assert ex.stats()["books"][ETH]["status"] == "live"


def test_a_hook_on_updates_sees_the_book_already_updated(ex: Orderly):
    """State comes before hooks: the book's time is the update's own, or later."""
    ex.book(ETH)
    seen: list[bool] = []
    done = threading.Event()

    def hook(delta: topics.pushes.OrderBookDelta) -> None:
        seen.append(ex.book(ETH).ts >= (delta.ts or 0))
        done.set()

    ex.on(topics.orderbook_update(ETH), hook)
    ex.place(Limit.buy(ETH, quantity="0.37", price=(ex.book(ETH).bids[3]).price))
    assert done.wait(WAIT)
    assert all(seen)


def test_the_book_is_compared_with_one_that_the_venue_pushes(ex: Orderly, monkeypatch: pytest.MonkeyPatch):
    """A book that agrees stays; one that differs from a push of the same moment is dropped and built anew."""
    monkeypatch.setattr(live_book, "AUDIT", 0.02)
    ex.book(ETH)
    end = time.monotonic() + 4 * WAIT
    eventually(lambda: ex.stats()["books"][ETH]["audited"] >= 3, 4 * WAIT)
    assert ex.stats()["books"][ETH]["resyncs"] == 0

    ex.paper.advance(1000)
    ex.paper.set_mark_price(ETH, 3410)
    until_agreed(ex)
    wrong = {"symbol": ETH, "asks": [[3500, 1]], "bids": [[3300, 1]]}
    with ex.stream(topics.orderbook(ETH)), ex.stream(StaleBook) as stale:
        while not len(stale):
            assert time.monotonic() < end, "the difference was not seen"
            ex.paper.tell(f"{ETH}@orderbook", wrong)
            threading.Event().wait(0.01)
        assert "differs" in str(stale.get(timeout=WAIT))
    until_agreed(ex)


def test_an_unknown_symbol_is_refused(ex: Orderly):
    """The venue's refusal is raised by the first call."""
    with pytest.raises(SubscriptionRefused):
        ex.book("PERP_NOPE_USDC")


def refusal(ex: Orderly) -> str:
    """Why the book is not shown; empty if it is."""
    try:
        ex.book(ETH)
    except StaleBook as exc:
        return str(exc)
    return ""


def test_a_book_that_nobody_feeds_is_not_shown_as_live():
    """Whatever holds the I/O thread up: it is refused once the connection should have spoken, and shown when it does."""
    timeouts = Timeouts(silence=1.0)
    with connect("paper", market="volatile", speed=20, timeouts=timeouts) as ex:
        ex.stream(topics.mark_prices())
        eventually(lambda: not refusal(ex))
        eventually(lambda: ex.stats()["books"][ETH]["age"] is not None)
        go = threading.Event()
        ex._stream.hub.connections["public"].driver.submit(lambda _: go.wait(WAIT))
        eventually(lambda: "nothing was heard" in refusal(ex))
        assert ex.stats()["books"][ETH]["age"] > 1.0
        go.set()
        eventually(lambda: not refusal(ex))
        assert ex.stats()["books"][ETH]["age"] < 1.0


def test_a_book_is_refused_when_its_stream_has_ended():
    """By stop, or because its thread is gone: what is in memory is old."""
    with connect("paper", market="frozen") as ex:
        ex.book(ETH)
        ex._stream.hub.connections["public"].driver.stop()
        eventually(lambda: "thread" in refusal(ex))
    assert "stopped" in refusal(ex)
