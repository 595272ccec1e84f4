"""The book: never wrong while it is live, and back as soon as it can be."""

from __future__ import annotations

import runpy
from decimal import Decimal
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.errors import StaleBook, UsageError
from orderly_sync.live import book as module
from orderly_sync.live.book import Book, BookBuilder, BookEffect, BookStatus
from orderly_sync.models.base import Frame
from orderly_sync.models.pushes import Level, OrderBook, OrderBookDelta

BENCH = Path(__file__).parents[3] / "bench" / "book.py"
REQUEST, RESUBSCRIBE, STALE, LIVE = (
    BookEffect.REQUEST,
    BookEffect.RESUBSCRIBE,
    BookEffect.STALE,
    BookEffect.LIVE,
)
A = "PERP_ETH_USDC"


def levels(*pairs):
    return tuple(Level(Decimal(str(price)), Decimal(str(quantity))) for price, quantity in pairs)


def delta(prev, ts, bids=(), asks=(), symbol=A):
    frame = Frame(f"{symbol}@orderbookupdate", ts)
    return OrderBookDelta(symbol=symbol, prev_ts=prev, bids=levels(*bids), asks=levels(*asks), frame=frame)


def whole(ts, bids=((99, 1), (98, 2)), asks=((101, 1), (102, 2)), symbol=A):
    return OrderBook(symbol=symbol, bids=levels(*bids), asks=levels(*asks), book_ts=ts)


def live(ts=100, now=0.0, **sides):
    builder = BookBuilder(A)
    assert builder.subscribed(now) == (REQUEST,)
    assert builder.snapshot(whole(ts, **sides), now) == (LIVE,)
    return builder


def test_a_book_begins_with_a_request_and_lives_with_the_answer():
    """Subscribed, asked, answered: the levels are the snapshot's, best first."""
    builder = BookBuilder(A)
    with pytest.raises(StaleBook, match="no snapshot yet"):
        _ = builder.book
    assert builder.subscribed(0) == (REQUEST,)
    assert builder.status is BookStatus.ASKING
    assert builder.snapshot(whole(100, bids=((98, 2), (99, 1)), asks=((102, 2), (101, 1))), 0.1) == (LIVE,)

    book = builder.book
    assert (book.bids, book.asks) == (levels((99, 1), (98, 2)), levels((101, 1), (102, 2)))
    assert (book.ts, builder.deadline, builder.reason) == (100, None, "")


def test_updates_in_a_chain_are_applied():
    """A size replaces a level, a new price is one more, 0 removes one; what is not there may be removed."""
    builder = live()
    assert builder.feed([delta(100, 200, bids=[(99, 5), (98.5, 1), (97, 0)], asks=[(101, 0)])], 1) == ()
    assert builder.feed([delta(200, 300, asks=[(103, 3)])], 1) == ()

    assert builder.book.bids == levels((99, 5), (98.5, 1), (98, 2))
    assert builder.book.asks == levels((102, 2), (103, 3))
    assert (builder.book.ts, builder.applied, builder.resyncs) == (300, 2, 0)


def test_a_book_that_was_read_never_changes():
    """Reading twice between updates gives the same value; an update gives another one."""
    builder = live()
    before = builder.book
    assert builder.book is before
    builder.feed([delta(100, 200, bids=[(99, 0)])], 1)

    assert before.best_bid == (99, 1)
    assert builder.book.best_bid == (98, 2)


def test_updates_before_the_snapshot_are_kept_and_placed():
    """Those the snapshot has are dropped, the others follow in their order, even when they came out of turn."""
    builder = BookBuilder(A)
    builder.feed([delta(50, 100, bids=[(99, 7)])], 0)
    builder.subscribed(0)
    builder.feed([delta(200, 300, asks=[(101, 9)]), delta(100, 200, asks=[(101, 8)]), delta(100, 200)], 0)
    assert builder.snapshot(whole(100), 0.1) == (LIVE,)

    assert (builder.book.ts, builder.book.best_ask, builder.book.best_bid) == (300, (101, 9), (99, 1))


def test_an_update_that_straddles_the_snapshot_is_applied():
    """Levels are absolute, so the first update may have begun before the snapshot; later ones may not."""
    builder = live(ts=150)
    assert builder.feed([delta(100, 200, bids=[(99, 4)])], 1) == ()
    assert builder.book.ts == 200
    assert builder.feed([delta(150, 300)], 2) == (STALE, REQUEST)


def test_a_repeated_update_is_dropped_and_counted():
    """What the book has is not applied again."""
    builder = live()
    step = delta(100, 200, bids=[(99, 4)])
    assert builder.feed([step, step, delta(50, 100)], 1) == ()

    assert (builder.repeated, builder.applied, builder.status) == (2, 1, BookStatus.LIVE)


FAULTS = [
    (delta(200, 300), "the update from 100 is missing"),
    (delta(100, 200, symbol="PERP_BTC_USDC"), "an update of PERP_BTC_USDC"),
    (delta(100, None), "cannot be placed in time"),
    (delta(100, 50), "cannot be placed in time"),
    (delta(100, 200, bids=[(101, 1)]), "bid 101 and ask 101 cross"),
    (delta(100, 200, bids=[(150, 1)]), "cross"),
    (delta(100, 200, bids=[(99, -1)]), "cannot be"),
    (delta(100, 200, asks=[(0, 1)]), "cannot be"),
]


@pytest.mark.parametrize(("bad", "reason"), FAULTS)
def test_a_fault_makes_the_book_stale_and_asks_for_another(bad, reason):
    """Nobody is shown a book of which anything is in doubt; the error says what."""
    builder = live()

    assert builder.feed([bad], 10) == (STALE, REQUEST)
    with pytest.raises(StaleBook, match=reason) as caught:
        _ = builder.book
    assert (caught.value.symbol, builder.resyncs) == (A, 1)
    assert builder.snapshot(whole(400), 10.1) == (LIVE,)
    assert builder.book.ts == 400


def test_updates_that_come_while_stale_are_not_lost():
    """The one that showed the gap and those after it follow the new snapshot."""
    builder = live()
    builder.feed([delta(200, 300, bids=[(99, 3)]), delta(300, 400, bids=[(99, 4)])], 10)
    assert builder.snapshot(whole(250), 10.1) == (LIVE,)

    assert (builder.book.ts, builder.book.best_bid) == (400, (99, 4))


def test_a_snapshot_older_than_the_chain_is_asked_again_ever_later():
    """0.25, 0.5, 1, 2 and 4 s after each failure, then the topic is subscribed anew, and it all starts over."""
    builder = live()
    now = 10.0
    effects = list(builder.feed([delta(200, 300)], now))
    waits = []
    while RESUBSCRIBE not in effects:
        effects = list(builder.snapshot(whole(150), now))
        if builder.deadline is not None:
            waits.append(builder.deadline - now)
            assert builder.tick(builder.deadline - 0.01) == ()
            now = builder.deadline
            assert builder.tick(now) == (REQUEST,)

    assert waits == [0.25, 0.5, 1, 2, 4]
    assert (builder.status, builder.tick(now + 60)) == (BookStatus.WAITING, ())
    assert builder.subscribed(now) == (REQUEST,)
    assert builder.snapshot(whole(150), now) == (LIVE,)


def test_a_late_snapshot_may_come_while_waiting_to_ask_again():
    """An answer is an answer, whenever it comes, if the chain joins it."""
    builder = live()
    builder.feed([delta(200, 300, bids=[(99, 3)])], 10)
    builder.snapshot(whole(150), 10)
    assert builder.status is BookStatus.PAUSED
    assert builder.snapshot(whole(300), 10.1) == (LIVE,)
    assert builder.snapshot(whole(50), 10.2) == ()

    assert builder.book.ts == 300


@pytest.mark.parametrize(
    "bad",
    [
        whole(100, symbol="PERP_BTC_USDC"),
        whole(None),
        whole(100, bids=((101, 1),)),
        whole(100, bids=((99, -1),)),
        whole(100, asks=((-1, 1),)),
    ],
)
def test_a_senseless_snapshot_is_a_failure(bad):
    """It is not shown; another one is asked for."""
    builder = BookBuilder(A)
    builder.subscribed(0)

    assert builder.snapshot(bad, 0) == ()
    assert (builder.status, builder.deadline) == (BookStatus.PAUSED, 0.25)


def test_an_unanswered_or_refused_request_is_a_failure():
    """Silence and refusal both lead to the next try."""
    builder = BookBuilder(A)
    builder.subscribed(0)
    assert builder.tick(4.9) == ()
    assert builder.tick(5) == ()
    assert (builder.status, builder.deadline, builder.reason) == (
        BookStatus.PAUSED,
        5.25,
        "the request for a snapshot was not answered",
    )
    assert builder.tick(5.25) == (REQUEST,)
    assert builder.refused("invalid symbol", 6) == ()
    assert (builder.deadline, builder.reason) == (6.5, "invalid symbol")
    assert builder.refused("again", 6) == ()
    assert builder.deadline == 6.5


def test_faults_in_quick_succession_do_not_become_a_storm_of_requests():
    """A book that breaks at once after it came waits before it asks."""
    builder = live(now=0)

    assert builder.feed([delta(200, 300)], 0.5) == (STALE,)
    assert (builder.status, builder.deadline) == (BookStatus.PAUSED, 0.75)


def test_a_lost_connection_makes_it_stale_until_it_is_subscribed_again():
    """What was kept for later belongs to the old connection."""
    builder = live()
    assert builder.lost("the stream is down") == (STALE,)
    assert builder.lost("the stream is down") == ()
    assert builder.snapshot(whole(200), 1) == ()
    with pytest.raises(StaleBook, match="the stream is down"):
        _ = builder.book
    assert builder.subscribed(2) == (REQUEST,)
    assert builder.snapshot(whole(500), 2) == (LIVE,)


def test_subscribing_anew_starts_over():
    """A subscription that is acknowledged again may have missed updates."""
    assert live().subscribed(1) == (STALE, REQUEST)


def test_what_waits_is_bounded(monkeypatch):
    """A snapshot that never comes does not fill the memory."""
    builder = BookBuilder(A)
    builder.feed((delta(ts - 1, ts) for ts in range(1, 6000)), 0)

    assert len(builder._waiting) == module._MAX_WAITING


def test_a_book_is_bounded(monkeypatch):
    """A venue that never removes levels is not believed."""
    monkeypatch.setattr(module, "_MAX_LEVELS", 3)
    builder = live()
    builder.feed([delta(100, 200, bids=[(97, 1)])], 1)

    assert builder.feed([delta(200, 300, bids=[(96, 1)])], 2) == (STALE, REQUEST)


def test_a_pushed_book_of_the_same_moment_is_proof():
    """Equal is fine, another moment proves nothing, a difference makes it stale."""
    builder = live()
    assert builder.audit(whole(100), 1) == ()
    assert builder.audit(whole(99, bids=((1, 1),)), 1) == ()
    assert builder.audit(whole(100, symbol="PERP_BTC_USDC", bids=()), 1) == ()
    assert builder.audit(whole(100, bids=((99, 1),)), 1) == ()
    assert builder.audit(whole(100, bids=((99, 2),)), 1) == (STALE, REQUEST)
    assert builder.audit(whole(100), 1) == ()


def test_what_a_book_tells():
    """Best levels, mid, spread, depth, imbalance and what it costs to fill an order."""
    book = live().book

    assert (book.best_bid, book.best_ask, book.mid, book.spread) == ((99, 1), (101, 1), 100, 2)
    assert (book.depth(1).bids, book.depth(1).asks, book.depth(1).ts) == (
        levels((99, 1)),
        levels((101, 1)),
        100,
    )
    assert (book.imbalance(1), book.imbalance()) == (0, 0)
    assert live(bids=((99, 3),)).book.imbalance(1) == Decimal("0.5")
    assert (book.cost_to_fill("BUY", 2), book.cost_to_fill("SELL", "1.5")) == (203, 148)
    assert (book.cost_to_fill("BUY", 3), book.cost_to_fill("BUY", Decimal("3.01"))) == (305, None)
    assert repr(book) == "Book(PERP_ETH_USDC, 99 / 101, 2 bids, 2 asks, ts=100)"


def test_an_empty_side_has_no_best_level():
    """None, never a made-up number."""
    book = live(asks=()).book

    assert (book.best_ask, book.mid, book.spread, book.cost_to_fill("BUY", 1)) == (None, None, None, None)
    assert live(bids=(), asks=()).book.imbalance() is None
    assert repr(book) == "Book(PERP_ETH_USDC, 99 / none, 2 bids, 0 asks, ts=100)"


@pytest.mark.parametrize(
    ("side", "quantity"), [("HOLD", 1), ("BUY", 0), ("BUY", -1), ("SELL", "nan"), ("BUY", "x")]
)
def test_a_senseless_question_is_refused(side, quantity):
    """The message says what may be asked."""
    with pytest.raises(UsageError, match="BUY or SELL and a quantity above 0"):
        live().book.cost_to_fill(side, quantity)


def test_a_book_of_floats_answers_in_floats():
    """``numbers=float`` holds here too."""
    book = Book(A, 1, bids=(Level(99.0, 1.0),), asks=(Level(101.0, 2.0),))

    assert (book.cost_to_fill("BUY", Decimal("0.5")), book.imbalance(), book.mid) == (50.5, -1 / 3, 100.0)


def test_a_book_is_unchangeable():
    """It may be handed to any thread."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        live().book.ts = 1


@given(
    steps=st.lists(
        st.lists(st.tuples(st.integers(1, 30), st.integers(0, 3)), max_size=4),
        max_size=12,
    ),
    order=st.randoms(use_true_random=False),
    cut=st.integers(0, 12),
)
def test_any_arrival_gives_the_venues_book_or_none(steps, order, cut):
    """Whatever is lost, doubled or swapped, a live book is the venue's own at that moment."""
    truth = {100: {price: Decimal(1) for price in (90, 91, 92)}}
    sent = []
    for number, step in enumerate(steps):
        ts = 100 + 100 * number
        changes = {60 + offset: Decimal(size) for offset, size in step}
        truth[ts + 100] = {price: size for price, size in {**truth[ts], **changes}.items() if size}
        sent.append(delta(ts, ts + 100, bids=changes.items()))
    arrived = [each for each in sent if order.random() > 0.2]
    arrived += [each for each in arrived if order.random() < 0.2]
    if order.random() < 0.5:
        order.shuffle(arrived)
    builder = BookBuilder(A)
    builder.subscribed(0)
    builder.feed(arrived[:cut], 0)
    start = order.choice(list(truth))
    builder.snapshot(whole(start, bids=truth[start].items(), asks=()), 0)
    for each in [None, *arrived[cut:]]:
        builder.feed([each] if each else [], 1)
        if builder.status is BookStatus.LIVE:
            assert dict(builder.book.bids) == truth[builder.book.ts]


@pytest.mark.slow
def test_fifty_thousand_faulty_updates_never_show_a_wrong_level():
    """One in a hundred dropped, doubled, swapped: 0 wrong levels served as live, and mostly live."""
    result = runpy.run_path(str(BENCH))["run"](50_000, seed=11)

    assert result["wrong"] == 0
    assert result["resyncs"] > 700
    assert result["live"] > 0.9


def test_the_simulation_would_show_a_wrong_book(monkeypatch):
    """A builder that ignores the chain is caught at once: the proof above can fail."""

    def believe_all(self, change):
        self._last, self._shown = change.ts, None
        return self._put(change)

    monkeypatch.setattr(BookBuilder, "_follow", believe_all)

    assert runpy.run_path(str(BENCH))["run"](2_000, seed=11)["wrong"] > 50
