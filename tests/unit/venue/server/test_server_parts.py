"""The small pure parts: numbers, times, limits, topics, chains, fields, wallets, the ledger."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.clock import ManualClock
from orderly_sync.models.enums import OrderSide
from orderly_sync.venue.engine.book import BookSnapshot
from orderly_sync.venue.engine.facts import BookChanged
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.engine.symbols import SYMBOLS
from orderly_sync.venue.server.accounts import paper_accounts
from orderly_sync.venue.server.book_updates import BookUpdates
from orderly_sync.venue.server.encoding import encode, number, push
from orderly_sync.venue.server.fields import Fields
from orderly_sync.venue.server.ledger_log import LedgerLog
from orderly_sync.venue.server.limits import Budget, Limits, counted_elsewhere, limit_of
from orderly_sync.venue.server.timing import FROZEN_START, FlowingTime, FrozenTime
from orderly_sync.venue.server.topics import TopicRefused, parse_topic
from orderly_sync.venue.server.wallets import account_id, address, keccak
from orderly_sync.wire.rate_limits import (
    COUNTED_BY_WEIGHT,
    COUNTED_ELSEWHERE,
    RATE_LIMITS,
    UNSTATED,
    rate_limit,
)

ETH = "PERP_ETH_USDC"
LISTED = frozenset(rules.symbol for rules in SYMBOLS)
KEY = "0x" + "11" * 32


@given(st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=-(10**15), max_value=10**15))
def test_numbers_are_exact_and_have_no_exponent(value):
    """And no trailing zeros, nor a negative zero."""
    text = encode(number(value)).decode()

    assert Decimal(text) == value
    assert "e" not in text.lower()
    assert text != "-0"
    assert not ("." in text and text.endswith("0"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1E+5", "100000"),
        ("1E-12", "0.000000000001"),
        ("0E-8", "0"),
        ("-0", "0"),
        ("5", "5"),
        ("0.10", "0.1"),
    ],
)
def test_awkward_decimals_are_written_plainly(value, text):
    """Whatever their exponent was."""
    assert encode(number(Decimal(value))) == text.encode()


def test_nothing_is_null():
    """An absent number."""
    assert encode({"a": number(None), "b": number(7)}) == b'{"a":null,"b":7}'


def test_a_push_is_one_text():
    """Around data that is encoded already."""
    assert json.loads(push("t", 5, b"[1]")) == {"topic": "t", "ts": 5, "data": [1]}
    assert json.loads(push("settle", 5, b"{}", "timestamp")) == {
        "topic": "settle",
        "timestamp": 5,
        "data": {},
    }


def test_frozen_time_moves_by_events_only():
    """One ms each; what is refused takes none."""
    time = FrozenTime()

    assert time.now() == FROZEN_START
    assert time.upcoming() == FROZEN_START + 1
    assert time.now() == FROZEN_START
    time.reach(time.upcoming())
    assert time.advance(10) == time.now() == FROZEN_START + 11


def test_flowing_time_runs_with_the_clock():
    """So many times as fast, and jumps ahead when told."""
    clock = ManualClock(1_000_000)
    time = FlowingTime(clock, speed=10)

    clock.advance(2)

    assert time.now() == time.upcoming() == 1_020_000
    time.reach(0)
    assert time.advance(500) == 1_020_500


def test_limits_count_by_window_and_by_caller():
    """Ten a second where nothing else is said."""
    limits = Limits()

    assert [limits.allows("GET /v1/orders", "a", 0.1 + step / 100) for step in range(11)] == [True] * 10 + [
        False
    ]
    assert limits.allows("GET /v1/orders", "b", 0.5)
    assert limits.allows("GET /v1/trades", "a", 0.5)
    assert limits.allows("GET /v1/orders", "a", 1.0)


def test_a_batch_counts_each_order_and_an_empty_window_takes_any():
    """Else it could never be sent."""
    limits = Limits()

    assert limits.allows("POST /v1/order", "a", 0.1, 10)
    assert not limits.allows("POST /v1/order", "a", 0.2)
    assert limits.allows("POST /v1/order", "a", 1.1, 99)


def test_some_operations_have_no_limit():
    """Where the API states none."""
    assert limit_of("GET /v1/client/leverages") is None
    assert all(Limits().allows("GET /v1/client/leverages", "a", 0) for _ in range(100))


@pytest.mark.parametrize("key", [*RATE_LIMITS, ("GET", "/v1/orders"), ("PUT", "/v1/order")], ids=" ".join)
def test_the_venue_refuses_just_beyond_what_a_client_keeps(key):
    """One table says how many there are in a window, and how long it lasts, to both sides."""
    limits, limit, operation = Limits(), rate_limit(*key), " ".join(key)

    assert all(limits.allows(operation, "a", 0.0) for _ in range(limit.requests))
    assert not limits.allows(operation, "a", limit.seconds - 0.001)
    assert limits.allows(operation, "a", float(limit.seconds))
    assert Budget(limits, "a", float(limit.seconds)).left(operation) == (
        limit.requests,
        limit.requests - 1,
        limit.seconds,
    )


def test_what_the_table_says_of_an_operation_fits_together():
    """None is both limited and not; what counts elsewhere counts against an operation that has a limit."""
    assert not UNSTATED & RATE_LIMITS.keys()
    assert RATE_LIMITS.keys() >= COUNTED_BY_WEIGHT
    for rows, other in COUNTED_ELSEWHERE.items():
        assert counted_elsewhere(" ".join(rows)) == " ".join(other)
        assert limit_of(" ".join(other)) is not None
    assert counted_elsewhere("POST /v1/order") is None


@pytest.mark.parametrize(
    ("name", "kind", "symbol", "interval", "broker"),
    [
        (f"{ETH}@kline_1M", "kline", ETH, "1M", None),
        (f"woofi_pro${ETH}@ticker", "ticker", ETH, None, "woofi_pro"),
        ("woofi_pro$tickers", "tickers", None, None, "woofi_pro"),
        ("SPOT_ETH_USDC@indexprice", "indexprice", "SPOT_ETH_USDC", None, None),
        (f"{ETH}@indexprice", "indexprice", ETH, None, None),
        ("history_charts_1h", "history_charts", None, "1h", None),
        ("executionreport", "executionreport", None, None, None),
    ],
)
def test_topics_are_taken_apart(name, kind, symbol, interval, broker):
    """By their names alone."""
    topic = parse_topic(name, LISTED)

    assert (topic.kind, topic.symbol, topic.interval, topic.broker) == (kind, symbol, interval, broker)
    assert topic.private is (name == "executionreport")


@given(st.text(max_size=40))
def test_any_other_text_is_refused_in_words(name):
    """Nothing but TopicRefused comes of it."""
    try:
        parse_topic(name, LISTED)
    except TopicRefused as exc:
        words = str(exc)
    else:
        words = "invalid only for those that exist"
    assert words.startswith("invalid ")


def level(price: object, quantity: object, side: OrderSide = OrderSide.BUY) -> BookChanged:
    return BookChanged(
        ts=1, symbol=ETH, side=side, price=Decimal(str(price)), quantity=Decimal(str(quantity))
    )


def test_a_chain_names_the_update_before():
    """Times grow by one at least, even where the clock stands; nothing new is no update."""
    chain = BookUpdates(ETH, 100)
    assert chain.take(100) is None
    for price, quantity, side in ((10, 1, "BUY"), (11, 2, "BUY"), (12, 0, "SELL")):
        chain.note(level(price, quantity, OrderSide(side)), keep=True)

    update = chain.take(100)

    assert update is not None
    assert json.loads(encode(update)) == {
        "symbol": ETH,
        "prevTs": 100,
        "asks": [[12, 0]],
        "bids": [[11, 2], [10, 1]],
    }
    assert chain.ts == 101
    chain.note(level(10, 5), keep=True)
    assert (chain.take(500) or {})["prevTs"] == 101


def test_unheard_changes_move_the_chains_time_only():
    """They are in the next snapshot."""
    chain = BookUpdates(ETH, 100)
    chain.note(level(10, 1), keep=False)

    update = chain.take(100)

    assert update is not None
    assert update["bids"] == []
    book = BookSnapshot(symbol=ETH, bids=((Decimal(10), Decimal(1)),), asks=())
    assert json.loads(encode(chain.snapshot(book))) == {
        "symbol": ETH,
        "ts": 101,
        "asks": [],
        "bids": [[10, 1]],
    }


@pytest.mark.parametrize("value", ["x", "NaN", "-Infinity", "1_000", True, [1], {}, "1" * 65, "1e999"])
def test_what_is_no_number_is_refused(value):
    """-1005 with the name of the field."""
    with pytest.raises(Refused, match="price"):
        Fields({"price": value}).number("price")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=8, min_value=-(10**9), max_value=10**9))
def test_numbers_come_as_numbers_or_as_text(value):
    """Exact both ways."""
    assert Fields({"n": value}).number("n") == Fields({"n": str(value)}).number("n") == value


def test_null_and_empty_count_as_absent():
    """As clients send them."""
    fields = Fields({"a": None, "b": ""})

    assert [fields.text("a"), fields.number("a"), fields.flag("a"), fields.number("b"), fields.flag("b")] == [
        None
    ] * 5
    assert "a" not in fields


@pytest.mark.parametrize("read", ["required_text", "required_whole"])
def test_what_must_be_there_is_named(read):
    """-1005."""
    with pytest.raises(Refused, match="size is required"):
        getattr(Fields({}), read)("size")


def test_addresses_and_account_ids_are_those_of_the_chain():
    """Known vectors: the empty hash, a key's address, an account id."""
    assert keccak(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert address(KEY) == "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A"
    assert account_id(address(KEY), "woofi_pro") == (
        "0xd7e83be2bfc1af7dc6180aa350126e31fab4a8b9f9f4f83913f8b904cf1995aa"
    )


@pytest.mark.parametrize("key", ["0x0", "0x" + "ff" * 32])
def test_keys_off_the_curve_are_refused(key):
    """Zero and what is beyond its order."""
    with pytest.raises(ValueError, match="curve"):
        address(key)


def test_accounts_keep_their_secrets_from_repr():
    """And show them in the opening line only."""
    account = paper_accounts(7, 1)[0]

    assert account.orderly_secret not in repr(account)
    assert account.line()["orderly_secret"] == account.orderly_secret


def test_the_ledger_numbers_each_accounts_events():
    """From 1, and gives those after a number."""
    log = LedgerLog()
    log.append("a", 5, "balance", b"{}")
    log.append("b", 6, "balance", b"{}")
    log.append("a", 7, "position", b'{"x":1.50}')

    assert [entry.seq for entry in log.after("a")] == [1, 2]
    assert [entry.value() for entry in log.after("a", 1)] == [
        {"seq": 2, "ts": 7, "topic": "position", "data": {"x": Decimal("1.50")}}
    ]
    assert json.loads(log.after("a", 1)[0].text())["data"] == {"x": 1.5}
    assert log.after("a", -5) == log.after("a")
    assert log.after("c") == []
