"""Topics: what they are called, what they ask for, what they promise."""

from __future__ import annotations

import inspect
import json

import pytest

from orderly_sync.errors import UsageError
from orderly_sync.models import pushes
from orderly_sync.wire import topics

FUNCTIONS = [name for name in topics.__all__ if inspect.isfunction(getattr(topics, name))]

NAMES = [
    (topics.algo_execution_report(), "algoexecutionreportv2", pushes.AlgoExecutionReport),
    (topics.algo_execution_report(1), "algoexecutionreport", pushes.AlgoExecutionReport),
    (topics.execution_report(), "executionreport", pushes.ExecutionReport),
    (topics.position(), "position", pushes.PositionUpdate),
    (topics.balance(), "balance", pushes.BalanceUpdate),
    (topics.account(), "account", pushes.AccountUpdate),
    (topics.settle(), "settle", pushes.SettleUpdate),
    (topics.wallet(), "wallet", pushes.WalletUpdate),
    (topics.liquidations_account(), "liquidationsaccount", pushes.AccountLiquidation),
    (topics.liquidator_liquidations(), "liquidatorliquidations", pushes.LiquidatorLiquidation),
    (topics.asset_convert(), "assetconvert", pushes.AssetConversion),
    (topics.notifications(), "notifications", pushes.NotificationUpdate),
    (topics.trade("ETH"), "PERP_ETH_USDC@trade", pushes.Trade),
    (topics.bbo("ETH-PERP"), "PERP_ETH_USDC@bbo", pushes.Bbo),
    (topics.bbos(), "bbos", pushes.Bbo),
    (topics.orderbook("ETH/USDC:USDC"), "PERP_ETH_USDC@orderbook", pushes.OrderBook),
    (topics.orderbook_update("eth"), "PERP_ETH_USDC@orderbookupdate", pushes.OrderBookDelta),
    (topics.ticker("ETH"), "PERP_ETH_USDC@ticker", pushes.Ticker),
    (topics.ticker("ETH", "woofi_pro"), "woofi_pro$PERP_ETH_USDC@ticker", pushes.Ticker),
    (topics.tickers(), "tickers", pushes.Ticker),
    (topics.tickers("woofi_pro"), "woofi_pro$tickers", pushes.Ticker),
    (topics.kline("ETH", "1m"), "PERP_ETH_USDC@kline_1m", pushes.KlineUpdate),
    (topics.kline("ETH", "1mon"), "PERP_ETH_USDC@kline_1M", pushes.KlineUpdate),
    (topics.price_changes(), "price_changes", pushes.PriceChanges),
    (topics.traders_open_interests(), "traders_open_interests", pushes.TradersOpenInterest),
    (topics.history_charts("1h"), "history_charts_1h", pushes.HistoryChart),
    (topics.index_price("PERP_ETH_USDC"), "SPOT_ETH_USDC@indexprice", pushes.IndexPrice),
    (topics.index_prices(), "indexprices", pushes.IndexPrice),
    (topics.mark_price("ETH"), "PERP_ETH_USDC@markprice", pushes.MarkPrice),
    (topics.mark_prices(), "markprices", pushes.MarkPrice),
    (topics.open_interest("ETH"), "PERP_ETH_USDC@openinterest", pushes.OpenInterest),
    (topics.est_funding_rate("ETH"), "PERP_ETH_USDC@estfundingrate", pushes.EstFundingRate),
    (topics.liquidation(), "liquidation", pushes.LiquidationUpdate),
    (topics.maintenance_status(), "maintenance_status", pushes.MaintenanceStatus),
    (topics.announcement(), "announcement", pushes.AnnouncementUpdate),
]
PRIVATE = {
    "algoexecutionreport",
    "algoexecutionreportv2",
    "executionreport",
    "position",
    "balance",
    "account",
    "settle",
}
PRIVATE |= {"wallet", "liquidationsaccount", "liquidatorliquidations", "assetconvert", "notifications"}


@pytest.mark.parametrize(("topic", "name", "event"), NAMES, ids=[name for _, name, _ in NAMES])
def test_a_topic_has_the_wires_name_its_model_and_its_access(topic, name, event):
    """Each function gives the topic that the venue's pages name, typed, on the right connection."""
    assert (topic.name, topic.event, topic.private) == (name, event, name in PRIVATE)


def test_every_function_is_tested_here():
    """No topic function is missing from the table above."""
    calls = {row["call"].split("(")[0].removeprefix("topics.") for row in topics.ALL}

    assert set(FUNCTIONS) <= calls


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
    cadences = {topic.name: topic.cadence for topic, _, _ in NAMES if topic.cadence}

    assert not PRIVATE & set(cadences)
    assert cadences["PERP_ETH_USDC@ticker"] == 1
    assert cadences["PERP_ETH_USDC@estfundingrate"] == 15
    assert cadences["PERP_ETH_USDC@openinterest"] == 10
    assert cadences["price_changes"] == 60
    assert "PERP_ETH_USDC@trade" not in cadences
    assert "PERP_ETH_USDC@bbo" not in cadences
    assert "PERP_ETH_USDC@orderbookupdate" not in cadences


def test_only_states_conflate():
    """Of the market, of positions and balances; where each event counts, none replaces another."""
    kept = {topic.name for topic, _, _ in NAMES if topic.conflate is None}

    assert kept == PRIVATE - {"position", "balance"} | {
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
