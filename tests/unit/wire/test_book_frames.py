"""Books whose decimals are made late are the same books, and a fault of a frame still shows at the border."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from orderly_sync import DecodingError, Unrouted, topics
from orderly_sync.models.pushes.book import Level, OrderBook
from orderly_sync.stream.dispatch import Dispatcher
from orderly_sync.stream.frame_decoder import FrameDecoder
from orderly_sync.stream.routes import Route
from orderly_sync.wire.book_frames import LEAST
from orderly_sync.wire.levels import UnreadSide

SYMBOL = "PERP_ETH_USDC"
BOOK = topics.orderbook("ETH")
UPDATES = topics.orderbook_update("ETH")


class Target:
    """Who reads the frames here: what came and what was announced."""

    def __init__(self, numbers: type = Decimal) -> None:
        self.routes = {topic.name: Route(topic) for topic in (BOOK, UPDATES)}
        self.dispatcher = Dispatcher(lambda _: None, lambda _: None)
        self.numbers = numbers
        self.announced: list[Any] = []
        self.seen: list[Any] = []
        for route in self.routes.values():
            route.observers = (self.seen.append,)

    def announce(self, event: object) -> None:
        self.announced.append(event)


def side(levels: Sequence[Any]) -> str:
    return "[" + ",".join(f"[{price},{quantity}]" for price, quantity in levels) + "]"


def frame(asks: str, bids: str, *, topic: str = BOOK.name, more: str = "", beside: str = "") -> bytes:
    data = f'{{"symbol":"{SYMBOL}","asks":{asks},"bids":{bids}{more}}}'
    return f'{{"topic":"{topic}","ts":1700000000001,"data":{data}{beside}}}'.encode()


def read(text: bytes, numbers: type = Decimal) -> Any:
    """The one book of a frame."""
    target = Target(numbers)
    assert FrameDecoder("public", target).read(text, 1.0) is None
    (book,) = target.seen
    return book


def is_unread(book: OrderBook, name: str) -> bool:
    return isinstance(OrderBook.__dict__[name]._slot.__get__(book), UnreadSide)


def exact(levels: Sequence[Any]) -> tuple[Level, ...]:
    return tuple(Level(Decimal(str(price)), Decimal(str(quantity))) for price, quantity in levels)


ASKS = [(f"{3400 + level}.10", f"{level}.50") for level in range(1, 60)]
BIDS = [(f"{3400 - level}.20", f"{level}") for level in range(60)]

prices = st.decimals("0.0001", "99999", places=4, allow_nan=False).map(lambda one: format(one, "f"))
quantities = st.one_of(
    prices, st.integers(0, 10**15).map(str), st.just("0.0"), st.just("12345678.123456789012345678")
)
levels = st.lists(st.tuples(prices, quantities), min_size=40, max_size=60)


@given(asks=levels, bids=levels)
def test_every_level_is_the_text_of_the_wire(asks, bids):
    """Not one digit is lost or added, in the wire's order, whatever was looked at first."""
    text = frame(side(asks), side(bids))
    assume(len(text) >= LEAST)
    book = read(text)

    top = (book.best_bid, book.best_ask)

    assert (book.asks, book.bids) == (exact(asks), exact(bids))
    assert [str(level.quantity) for level in book.asks] == [str(Decimal(quantity)) for _, quantity in asks]
    assert top == (max(exact(bids)), min(exact(asks)))
    assert (book.best_bid, book.best_ask) == top


@pytest.mark.parametrize("order", [1, -1])
def test_the_best_level_is_found_in_either_order(order):
    """The venue's order is trusted nowhere."""
    book = read(frame(side(ASKS[::order]), side(BIDS[::order])))

    assert book.best_ask == exact(ASKS)[0]
    assert book.best_bid == exact(BIDS)[0]


@pytest.mark.parametrize("tied", [[("3000.5", "1"), ("3000.5", "2")], [("3000.5", "2"), ("3000.5", "1")]])
@pytest.mark.parametrize("beside", [[], [("3000.4", "7"), ("3000.6", "7")]], ids=["alone", "in between"])
def test_of_two_levels_of_one_price_the_same_one_is_best_read_or_unread(tied, beside):
    """The exact levels decide, whichever stands first."""
    rows = [*tied, *beside]
    for asks, bids in ((rows, BIDS), (ASKS, rows)):
        early, late = read(frame(side(asks), side(bids))), read(frame(side(asks), side(bids)))
        assert len(late.asks) + len(late.bids) == len(asks) + len(bids)

        assert (early.best_ask, early.best_bid) == (late.best_ask, late.best_bid)
        assert (early.best_ask, early.best_bid) == (min(exact(asks)), max(exact(bids)))


def test_two_prices_of_one_float_are_told_apart():
    """Floats only help to look; the exact text decides."""
    near = [("3400.10000000000000002", "2"), ("3400.10000000000000001", "3")]
    low = [("1.00000000000000000001", "1"), ("1.00000000000000000002", "1"), *[("0.5", "1")] * 60]
    book = read(frame(side([*near, *ASKS]), side(low)))

    assert book.best_ask == exact(near)[1]
    assert book.best_bid == Level(Decimal("1.00000000000000000002"), Decimal(1))


def test_looking_at_the_top_leaves_the_rest_unread():
    """Whoever reads one level pays for one."""
    book = read(frame(side(ASKS), side(BIDS)))

    assert (book.best_bid, book.best_ask) == (exact(BIDS)[0], exact(ASKS)[0])
    assert is_unread(book, "asks")
    assert is_unread(book, "bids")
    assert book.asks is book.asks
    assert not is_unread(book, "asks")
    assert is_unread(book, "bids")


def test_a_late_book_is_a_value_like_any_other():
    """It compares, copies, pickles and prints as one that was made by hand."""
    late = read(frame(side(ASKS), side(BIDS)))
    made = OrderBook(symbol=SYMBOL, asks=exact(ASKS), bids=exact(BIDS))

    assert pickle.loads(pickle.dumps(late)) == made
    assert copy.deepcopy(read(frame(side(ASKS), side(BIDS)))) == made
    assert repr(read(frame(side(ASKS), side(BIDS)))) == repr(made)
    assert late == made


def test_floats_where_they_were_asked_for():
    """With ``numbers=float`` the levels are floats, of the same values."""
    book = read(frame(side(ASKS), side(BIDS)), float)

    assert [tuple(level) for level in book.asks] == [(float(one), float(other)) for one, other in ASKS]
    assert {type(number) for level in (*book.asks, *book.bids, book.best_ask) for number in level} == {float}


def test_updates_and_answers_keep_their_own_times():
    """``prevTs`` and the book's own ``ts`` are read as in any frame."""
    update = read(frame(side(ASKS), side(BIDS), topic=UPDATES.name, more=',"prevTs":1699999999999'))
    book = read(frame(side(ASKS), side(BIDS), more=',"ts":1699999999998'))

    assert (update.prev_ts, update.ts, len(update.asks)) == (1699999999999, 1700000000001, len(ASKS))
    assert (book.as_of, book.ts) == (1699999999998, 1700000000001)


@pytest.mark.parametrize(
    "spelling",
    [
        pytest.param(lambda text: text.replace(b",", b", ").replace(b":", b" : "), id="white space"),
        pytest.param(lambda text: text.replace(b"[3401.10,", b'["3401.10",'), id="a number as text"),
        pytest.param(lambda text: text.replace(b"[3401.10,", b"[34.0110e2,"), id="an exponent"),
        pytest.param(lambda text: text.replace(b'"asks"', b'"asks":[[1,1]],"asks"', 1), id="a name twice"),
    ],
)
def test_other_spellings_are_the_same_book(spelling):
    """What the wire tolerates is tolerated here."""
    text = frame(side(ASKS), side(BIDS))
    assert spelling(text) != text

    book = read(spelling(text))

    assert (book.best_ask, book.best_bid) == (exact(ASKS)[0], exact(BIDS)[0])
    assert (book.asks, book.bids) == (exact(ASKS), exact(BIDS))


def test_unknown_fields_stay_readable():
    """A new field is no reason to lose it."""
    book = read(frame(side(ASKS), side(BIDS), more=',"checksum":5,"asks2":[[1,1]]'))

    assert dict(book.extra) == {"checksum": 5, "asks2": [[1, 1]]}
    assert book.asks == exact(ASKS)


@pytest.mark.parametrize(
    "level",
    ["[3400.1]", "[3400.1,1,1]", "[]", "3400.1", "{}", '["x",1]', "[null,1]", "[1,true]", "[1,[1]]", "[1,1e999]", "[1,1e-999]", f"[1,{'9' * 1100}]", f"[1,0.{'1' * 1100}]"],
)  # fmt: skip
@pytest.mark.parametrize("place", [0, 30, -1])
def test_a_bad_level_is_refused_at_the_border(level, place):
    """Wherever it stands, and before anybody is handed the book."""
    rows = [f"[{price},{quantity}]" for price, quantity in ASKS]
    rows[place] = level
    target = Target()

    with pytest.raises(DecodingError):
        FrameDecoder("public", target).read(frame("[" + ",".join(rows) + "]", side(BIDS)), 1.0)

    assert target.seen == []


@pytest.mark.parametrize("cut", [1, 2, 700, 1400])
def test_a_frame_cut_short_is_refused(cut):
    """Half a book is none."""
    with pytest.raises(DecodingError):
        FrameDecoder("public", Target()).read(frame(side(ASKS), side(BIDS))[:-cut], 1.0)


def test_a_book_nobody_asked_for_is_shown_in_plain_values():
    """``Unrouted`` holds lists and numbers."""
    target = Target()

    FrameDecoder("public", target).read(frame(side(ASKS), side(BIDS), topic="PERP_BTC_USDC@orderbook"), 1.0)

    (event,) = target.announced
    assert isinstance(event, Unrouted)
    assert event.message["data"]["asks"][0] == [Decimal("3401.10"), Decimal("1.50")]
