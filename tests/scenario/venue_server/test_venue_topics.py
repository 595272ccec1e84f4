"""What each public topic says, and how the order book's updates chain."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.scenario.venue_server.trader import ETH

TICKER = {"symbol", "open", "close", "high", "low", "volume", "amount", "count"}
BBO = {"symbol", "ask", "askSize", "bid", "bidSize"}
PERIODS = {"5m", "30m", "1h", "4h", "24h", "3d", "7d", "30d"}
KLINE = {"symbol", "type", "open", "close", "high", "low", "volume", "amount", "startTime", "endTime"}

ONE = {
    f"{ETH}@orderbook": {"symbol", "asks", "bids"},
    f"{ETH}@ticker": TICKER,
    f"woofi_pro${ETH}@ticker": TICKER,
    f"{ETH}@bbo": BBO,
    f"{ETH}@kline_1m": KLINE,
    f"{ETH}@kline_1h": KLINE,
    f"{ETH}@kline_1M": KLINE,
    "SPOT_ETH_USDC@indexprice": {"symbol", "price"},
    f"{ETH}@markprice": {"symbol", "price"},
    f"{ETH}@openinterest": {"symbol", "openInterest"},
    f"{ETH}@estfundingrate": {"symbol", "fundingRate", "fundingTs"},
}
ALL = {
    "tickers": TICKER,
    "woofi_pro$tickers": TICKER,
    "bbos": BBO,
    "indexprices": {"symbol", "price"},
    "markprices": {"symbol", "price"},
    "price_changes": {"symbol", "last_price"} | PERIODS,
    "traders_open_interests": {"symbol", "long_oi", "short_oi"},
    "history_charts_1m": {"symbol", "price_list"},
    "history_charts_1h": {"symbol", "price_list"},
}


@pytest.mark.parametrize("topic", ONE)
def test_a_topic_of_one_symbol_says_what_the_pages_show(trader, topic):
    """An object with the documented fields, soon after the subscription."""
    frame = trader.market(topic).push(topic)

    assert set(frame) == {"topic", "ts", "data"}
    assert set(frame["data"]) == ONE[topic]
    assert frame["data"]["symbol"] == topic.partition("@")[0].rpartition("$")[2]


@pytest.mark.parametrize("topic", ALL)
def test_a_topic_of_the_whole_market_has_a_row_for_each_symbol(trader, topic):
    """A list of at least eight."""
    frame = trader.market(topic).push(topic)

    assert len({row["symbol"] for row in frame["data"]}) == len(frame["data"]) >= 8
    assert all(set(row) == ALL[topic] for row in frame["data"])


@pytest.mark.parametrize("topic", ["liquidation", "maintenance_status", "announcement"])
def test_topics_of_rare_events_are_silent_until_then(trader, topic):
    """They are acknowledged all the same."""
    trader.market(topic)


def test_what_is_told_each_second_comes_again(trader):
    """In a frozen market too."""
    socket = trader.market("markprices")

    assert socket.push("markprices") == socket.push("markprices")


def test_a_trade_is_told_at_once(trader):
    """With the taker's side."""
    socket = trader.market(f"{ETH}@trade")

    trader.place("SELL", "0.25")

    data = socket.push(f"{ETH}@trade")["data"]
    assert (data["symbol"], data["size"], data["side"]) == (ETH, Decimal("0.25"), "SELL")
    assert (
        trader.public(f"/v1/public/market_trades?symbol={ETH}")["rows"][0]["executed_price"] == data["price"]
    )


def test_maintenance_is_told_and_stops_trading(trader):
    """Then trading is refused with -1011, and goes on afterwards."""
    socket = trader.market("maintenance_status")
    rests = trader.place("BUY", "0.1", "3300")
    trader.call("POST", "/v1/client/maintenance_config", {"maintenance_cancel_order_flag": True})

    trader.control("POST", "/venue/maintenance", {"status": 2, "start": 1, "end": 2})

    assert socket.push("maintenance_status")["data"][0]["status"] == 2
    assert trader.public("/v1/public/system_info")["scheduled_maintenance"] == {"startTime": 1, "endTime": 2}
    assert trader.call("POST", "/v1/order", {}).code == -1011
    assert trader.get(f"/v1/order/{rests['order_id']}")["status"] == "CANCELLED"
    trader.control("POST", "/venue/maintenance", {"status": 0})
    assert socket.push("maintenance_status")["data"][0]["status"] == 0
    assert trader.place("BUY", "0.1", "3300")["order_id"]


def test_an_announcement_is_told_and_kept(trader):
    """On the topic and in the list of REST."""
    socket = trader.market("announcement")

    trader.control("POST", "/venue/announce", {"message": "A new market opens."})

    assert socket.push("announcement")["data"]["message"] == "A new market opens."
    assert trader.public("/v1/public/announcement")["rows"][0]["announcement_id"] == 1


class Replica:
    """An order book kept from a snapshot and the updates after it."""

    def __init__(self, snapshot) -> None:
        self.ts = snapshot["ts"]
        self.sides = {side: dict(snapshot[side]) for side in ("asks", "bids")}

    def apply(self, frame) -> None:
        if frame["ts"] <= self.ts:
            return
        assert frame["data"]["prevTs"] == self.ts
        self.ts = frame["ts"]
        for side, levels in self.sides.items():
            for price, quantity in frame["data"][side]:
                levels[price] = quantity
                if not quantity:
                    del levels[price]


def test_a_snapshot_and_the_updates_after_it_give_the_book(trader, venue):
    """Each update names the one before; the answer to a request has the time of the last."""
    topic = f"{ETH}@orderbookupdate"
    socket = trader.market(topic)
    wanted = {"event": "request", "params": {"type": "orderbook", "symbol": ETH}}
    trader.place("BUY", "0.5")
    replica = Replica(socket.ask(wanted)["data"])

    for price in ("3410", "3395", "3200", "3399.7"):
        venue.set_mark_price(ETH, price)
        trader.place("BUY", "0.5", str(Decimal(price) - 20))
        answer = socket.ask(wanted)["data"]
        for frame in list(socket.kept):
            socket.kept.remove(frame)
            replica.apply(frame)
        assert replica.ts == answer["ts"]
        assert replica.sides == Replica(answer).sides

    assert min(replica.sides["asks"]) > max(replica.sides["bids"])


def test_a_late_subscriber_joins_the_chain(trader):
    """What changed before does not break it, for itself nor for who was there."""
    topic = f"{ETH}@orderbookupdate"
    early = trader.market(topic)
    trader.place("BUY", "0.5", "3390")
    late = trader.market(topic)
    trader.place("BUY", "0.5", "3391")
    wanted = {"event": "request", "params": {"type": "orderbook", "symbol": ETH}}

    replica = Replica(late.ask(wanted)["data"])
    first, second = early.push(topic), early.push(topic)

    assert first["ts"] == second["data"]["prevTs"]
    assert second["ts"] == replica.ts
    assert Decimal(3391) in replica.sides["bids"]


def test_the_orderbook_answer_of_rest_has_objects_in_descending_order(trader):
    """Unlike the stream's pairs."""
    book = trader.get(f"/v1/orderbook/{ETH}?max_level=3")

    assert len(book["asks"]) == len(book["bids"]) == 3
    for side in ("asks", "bids"):
        prices = [level["price"] for level in book[side]]
        assert prices == sorted(prices, reverse=True)
