"""Topics: what they are called, what they ask for, what they promise."""

from __future__ import annotations

import inspect
import json
from types import ModuleType
from typing import Any

import pytest

from orderly_sync.errors import UsageError
from orderly_sync.models import pushes
from orderly_sync.wire import account_topics, market_topics, topic_list, topics
from orderly_sync.wire.topic import Topic
from tests.support.topics import ARGUMENTS, PATTERNS, PRIVATE_PATTERNS, topic_of

FUNCTIONS = [name for name in topics.__all__ if inspect.isfunction(getattr(topics, name))]

EVENTS = {
    "algoexecutionreportv2": pushes.AlgoExecutionReport,
    "algoexecutionreport": pushes.AlgoExecutionReport,
    "executionreport": pushes.ExecutionReport,
    "position": pushes.PositionUpdate,
    "balance": pushes.BalanceUpdate,
    "account": pushes.AccountUpdate,
    "settle": pushes.SettleUpdate,
    "wallet": pushes.WalletUpdate,
    "liquidationsaccount": pushes.AccountLiquidation,
    "liquidatorliquidations": pushes.LiquidatorLiquidation,
    "assetconvert": pushes.AssetConversion,
    "notifications": pushes.NotificationUpdate,
    "{symbol}@trade": pushes.Trade,
    "{symbol}@bbo": pushes.Bbo,
    "bbos": pushes.Bbo,
    "{symbol}@orderbook": pushes.OrderBook,
    "{symbol}@orderbookupdate": pushes.OrderBookDelta,
    "{symbol}@ticker": pushes.Ticker,
    "{broker_id}${symbol}@ticker": pushes.Ticker,
    "tickers": pushes.Ticker,
    "{broker_id}$tickers": pushes.Ticker,
    "{symbol}@kline_{time}": pushes.KlineUpdate,
    "price_changes": pushes.PriceChanges,
    "traders_open_interests": pushes.TradersOpenInterest,
    "history_charts_{time_interval}": pushes.HistoryChart,
    "{symbol}@indexprice": pushes.IndexPrice,
    "indexprices": pushes.IndexPrice,
    "{symbol}@markprice": pushes.MarkPrice,
    "markprices": pushes.MarkPrice,
    "{symbol}@openinterest": pushes.OpenInterest,
    "{symbol}@estfundingrate": pushes.EstFundingRate,
    "liquidation": pushes.LiquidationUpdate,
    "maintenance_status": pushes.MaintenanceStatus,
    "announcement": pushes.AnnouncementUpdate,
}
"""What each topic of the list delivers."""
FILLED = {
    "{broker_id}": ARGUMENTS["broker"],
    "{symbol}@indexprice": "SPOT_ETH_USDC@indexprice",
    "{symbol}": ARGUMENTS["symbol"],
    "{time}": ARGUMENTS["interval"],
    "{time_interval}": ARGUMENTS["interval"],
}


@pytest.mark.parametrize(("pattern", "topic"), PATTERNS.items(), ids=PATTERNS)
def test_a_topic_has_the_wires_name_its_model_and_its_access(pattern: str, topic: Topic[Any]):
    """Each row's call gives the topic that its pattern names, typed, on the right connection."""
    name = pattern
    for blank, value in FILLED.items():
        name = name.replace(blank, value)

    assert (topic.name, topic.event) == (name, EVENTS[pattern])
    assert topic.private is (pattern in PRIVATE_PATTERNS)


def test_the_list_of_events_holds_no_topic_that_is_gone():
    """And the test above knows each that is there."""
    assert set(EVENTS) == set(PATTERNS)


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        (topics.bbo("ETH-PERP"), "PERP_ETH_USDC@bbo"),
        (topics.orderbook("ETH/USDC:USDC"), "PERP_ETH_USDC@orderbook"),
        (topics.orderbook_update("eth"), "PERP_ETH_USDC@orderbookupdate"),
        (topics.kline("ETH", "1mon"), "PERP_ETH_USDC@kline_1M"),
        (topics.history_charts("1h"), "history_charts_1h"),
        (topics.index_price("ETH"), "SPOT_ETH_USDC@indexprice"),
        (topics.index_price("SPOT_ETH_USDC"), "SPOT_ETH_USDC@indexprice"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_symbols_and_intervals_may_be_spelled_otherwise(topic: Topic[Any], name: str):
    """The wire knows one spelling."""
    assert topic.name == name


def test_every_function_has_a_row():
    """Each function of a topic is called by a row of the list, and each row calls a function or the command."""
    calls = {row["call"].split("(")[0].removeprefix("topics.") for row in topics.ALL}

    assert calls == {*FUNCTIONS, "REQUEST_ORDERBOOK"}
    assert set(FUNCTIONS) == topic_list.FUNCTIONS


def test_advice_names_a_call_that_delivers_the_class():
    """The list names classes as text: each is one that its call makes, and none is missing."""
    assert set(topic_list.CALL_OF_EVENT) == {kind.__name__ for kind in EVENTS.values()}
    for name, call in topic_list.CALL_OF_EVENT.items():
        assert topic_of({"call": call}).event.__name__ == name


@pytest.mark.parametrize("module", [account_topics, market_topics])
def test_a_topic_stands_where_its_access_says(module: ModuleType):
    """Those that need a login in one module, the others in another; each is handed on, and none besides."""
    handed = {name for name in topics.__all__ if hasattr(module, name)}
    private = {
        row["call"].split("(")[0].removeprefix("topics.") for row in topics.ALL if row["access"] == "private"
    }

    assert handed == set(module.__all__)
    assert (handed & private == handed) is (module is account_topics)
    assert set(account_topics.__all__) | set(market_topics.__all__) | {"ALL"} == set(topics.__all__)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_topic_function_says_its_wire_topic(name):
    """The docstring names what is subscribed."""
    doc = inspect.getdoc(getattr(topics, name))

    assert "Wire" in doc or "Topic" in doc


def test_the_listing_is_json():
    """``api list --json`` prints the listing as it stands."""
    assert {frozenset(row) for row in json.loads(json.dumps(topics.ALL))} == {
        frozenset({"topic", "access", "call"})
    }


@pytest.mark.parametrize("version", [0, 3, "2", None])
def test_an_unknown_report_version_is_refused(version):
    """There are two versions of the algo execution report."""
    with pytest.raises(UsageError, match="pass 1 or 2"):
        topics.algo_execution_report(version)


def test_an_unknown_interval_is_answered_with_the_valid_ones():
    """The error lists what may be passed."""
    with pytest.raises(UsageError, match="1m, 5m, 15m, 30m, 1h, 1d, 1w, 1M"):
        topics.kline("ETH", "2h")
    with pytest.raises(UsageError, match="history_charts has no interval '1s'"):
        topics.history_charts("1s")


def test_a_symbol_filter_becomes_subscription_parameters():
    """One symbol or many, in any spelling, each once, in the order given."""
    assert topics.execution_report("ETH").params == (("symbol", "PERP_ETH_USDC"),)
    assert topics.execution_report(["ETH", "PERP_BTC_USDC", "ETH-PERP"]).params == (
        ("symbol", "PERP_ETH_USDC,PERP_BTC_USDC"),
    )
    assert topics.execution_report(["ETH"]).subscription("1") == {
        "id": "1",
        "event": "subscribe",
        "topic": "executionreport",
        "params": {"symbol": "PERP_ETH_USDC"},
    }


def test_an_empty_symbol_filter_is_refused():
    """A filter that lets nothing through is a mistake of the caller."""
    with pytest.raises(UsageError, match="no symbols given"):
        topics.execution_report([])


@pytest.mark.parametrize("broker", ["", "a b", "x$y", "x" * 65])
def test_a_malformed_builder_is_refused(broker):
    """A builder id goes into the topic's name, so it must fit there."""
    with pytest.raises(UsageError, match="builder id"):
        topics.tickers(broker)


def test_topics_of_one_name_and_filter_are_one():
    """The name and the parameters are the identity, so that consumers share a subscription."""
    assert topics.trade("ETH") == topics.trade("PERP_ETH_USDC")
    assert topics.execution_report("ETH") != topics.execution_report()
    assert len({topics.bbos(), topics.bbos(), topics.tickers()}) == 2
    assert repr(topics.bbos()) == "Topic('bbos')"


def test_only_market_data_with_a_known_interval_has_a_cadence():
    """Silence means nothing on topics that push on change."""
    cadences = {topic.name: topic.cadence for topic in PATTERNS.values() if topic.cadence}

    assert not set(PRIVATE_PATTERNS) & set(cadences)
    assert cadences["PERP_ETH_USDC@ticker"] == 1
    assert cadences["PERP_ETH_USDC@estfundingrate"] == 15
    assert cadences["PERP_ETH_USDC@openinterest"] == 10
    assert cadences["price_changes"] == 60
    assert "PERP_ETH_USDC@trade" not in cadences
    assert "PERP_ETH_USDC@bbo" not in cadences
    assert "PERP_ETH_USDC@orderbookupdate" not in cadences


def test_only_states_conflate():
    """Of the market, of positions and balances; where each event counts, none replaces another."""
    kept = {topic.name for topic in PATTERNS.values() if topic.conflate is None}

    assert kept == set(PRIVATE_PATTERNS) - {"position", "balance"} | {
        "PERP_ETH_USDC@trade",
        "PERP_ETH_USDC@orderbookupdate",
        "liquidation",
        "maintenance_status",
        "announcement",
    }


def test_candles_replace_each_other_only_within_their_own_minute():
    """The last state of a finished candle is not lost to the next one."""
    key = topics.kline("ETH", "1m").conflate
    first = pushes.KlineUpdate(symbol="PERP_ETH_USDC", type="1m", start_time=60_000)

    assert key(first) == key(
        pushes.KlineUpdate(symbol="PERP_ETH_USDC", type="1m", start_time=60_000, volume=None)
    )
    assert key(first) != key(pushes.KlineUpdate(symbol="PERP_ETH_USDC", type="1m", start_time=120_000))


def test_rows_of_a_list_replace_each_other_by_symbol():
    """A list topic delivers one event a row, so each symbol keeps its own."""
    key = topics.bbos().conflate

    assert key(pushes.Bbo(symbol="PERP_ETH_USDC")) == "PERP_ETH_USDC"


def test_the_book_is_requested_by_id():
    """The request command is no subscription: its answer echoes the id."""
    assert topics.REQUEST_ORDERBOOK.request("7", "PERP_ETH_USDC") == {
        "id": "7",
        "event": "request",
        "params": {"type": "orderbook", "symbol": "PERP_ETH_USDC"},
    }
    assert repr(topics.REQUEST_ORDERBOOK) == "Command('orderbook')"
