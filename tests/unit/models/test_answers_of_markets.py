"""The answers about markets and the venue: what live venues send beyond their pages is read all the same."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from orderly_sync.models import kline, market, system, token
from orderly_sync.wire.envelope import read_answer
from tests.unit.models.answers import MS, NOON, answer, read


@pytest.mark.parametrize("name", ["24h_volume", "24h_volumn"])
def test_a_market_is_read_by_the_wires_names(name):
    """Names that begin with digits, one of them misspelt; open interest as text."""
    made = read(
        market.FuturesInfo,
        symbol="A",
        open_interest="815539.5",
        next_funding_time=MS,
        **{name: 7, "24h_open": 1},
    )
    assert (made.volume_24h, made.open_24h, made.open_interest) == (7, 1, Decimal("815539.5"))
    assert made.next_funding == NOON


def test_rules_are_numbers_even_where_the_page_says_integer():
    """quote_max 100000.5 is no error."""
    made = read(
        market.SymbolRules,
        symbol="A",
        quote_max="100000.5",
        min_notional=0.1,
        liquidation_tier="1",
        updated_time=MS,
    )
    assert (made.quote_max, made.min_notional, made.liquidation_tier, made.time) == (
        Decimal("100000.5"), Decimal("0.1"), 1, NOON,
    )  # fmt: skip


def test_a_books_best_prices_do_not_depend_on_its_order():
    """The pages and the stream disagree which side ascends."""
    levels = [{"price": price, "quantity": 1} for price in (3, 1, 2)]
    made = read(market.Book, asks=levels, bids=levels, timestamp=MS)
    assert (made.best_ask.price, made.best_bid.price, made.time) == (1, 3, NOON)
    assert (market.Book().best_ask, market.Book().best_bid) == (None, None)


def test_a_chart_has_no_envelope():
    """Columns with one-letter names, times in seconds; also as candles."""
    columns = {"s": "ok", "t": [MS // 1000], "o": [1], "h": [2], "l": [0.5], "c": [1.5], "v": [10], "a": [15]}
    made = read_answer(
        200, {}, json.dumps(columns).encode(), kline.KlineHistory, method="GET", path="/x", bare=True
    )
    (candle,) = made.klines("PERP_ETH_USDC")
    assert (len(made), candle.time, candle.open, candle.close) == (1, NOON, 1, Decimal("1.5"))
    assert (candle.symbol, candle.volume, candle.end_timestamp) == ("PERP_ETH_USDC", 10, None)


def test_prices_of_the_past():
    """A market younger than thirty days has none from then."""
    made = read(market.PriceChange, symbol="A", last_price=2, **{"5m": "1.5", "30d": None})
    assert (made.price_5m, made.price_30d, made.price_1h) == (Decimal("1.5"), None, None)
    chart = read(market.PriceHistory, symbol="A", price_list=[{"ts": MS, "price": 1}])
    assert chart.price_list[0].time == NOON
    assert read(market.MarketTrade, symbol="A", executed_timestamp=MS).time == NOON


@pytest.mark.parametrize(
    "sent", [{"chain_id": "43113", "withdraw_fee": 2}, {"chain_id": 43113, "withdrawal_fee": "2"}]
)
def test_a_tokens_chain_has_a_number_and_a_fee(sent):
    """Text or number, one name or the other."""
    made = read(token.Token, token="ETH", chain_details=[sent]).chain_details[0]
    assert (made.chain_id, made.withdraw_fee) == (43113, 2)


@pytest.mark.parametrize("names", [("startTime", "endTime"), ("start_time", "end_time")])
def test_a_maintenance_window_is_read_in_both_spellings(names):
    """This answer alone is written in camelCase; the envelope's own timestamp is the venue's clock."""
    made = answer(
        system.SystemInfo, {"data": {"status": 2, "scheduled_maintenance": dict.fromkeys(names, MS)}}
    )
    assert made.in_maintenance
    assert (made.scheduled_maintenance.starts, made.scheduled_maintenance.ends, made.time) == (NOON,) * 3


@pytest.mark.parametrize("sent", [1, "1"])
def test_an_announcement_has_a_name(sent):
    """A number or a text; further fields are kept or typed."""
    made = read(
        system.Announcement, announcement_id=sent, type="LISTING", updated_time=MS, i18n={"de": "x"}, new=2
    )
    assert (made.announcement_id, made.type, made.extra) == ("1", "LISTING", {"new": 2})
    assert (made.i18n, made.time, made.cover_image) == ({"de": "x"}, NOON, None)


@pytest.mark.parametrize("rows", [[], [{"announcement_id": 3, "coverImage": "https://a.example/p.png"}]])
def test_a_board_is_iterated_like_its_rows(rows):
    """With the time of its last change; 0 is none."""
    made = read(system.Announcements, last_updated_time=MS if rows else 0, rows=rows)
    assert [row.cover_image for row in made] == [row["coverImage"] for row in rows]
    assert (len(made), made.time) == (len(rows), NOON if rows else None)


def test_numbers_in_scientific_text_are_exact():
    """The insurance fund sends them so."""
    made = read(system.InsuranceFund, balance="1.0001908678983E7", rows=[])
    assert made.balance == Decimal("10001908.678983")
