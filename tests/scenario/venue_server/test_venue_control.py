"""Control calls over HTTP and their twins in Python."""

from __future__ import annotations

from decimal import Decimal

import pytest

from orderly_sync.errors import UsageError
from tests.scenario.venue_server.trader import ETH


@pytest.mark.parametrize("token", ["", "wrong"])
def test_control_needs_its_token(trader, token):
    """401 and nothing happens."""
    answer = trader.control("POST", "/venue/mark-price", {"symbol": ETH, "price": 1}, token)

    assert (answer.status, answer.code) == (401, -1002)
    assert trader.public(f"/v1/public/futures/{ETH}")["mark_price"] == 3400


@pytest.mark.parametrize("price", ["3300.5", 3300.5])
def test_a_mark_price_is_set_with_the_index_and_the_makers_follow(trader, price):
    """The book stands around it at once."""
    trader.control("POST", "/venue/mark-price", {"symbol": ETH, "price": price})

    row = trader.public(f"/v1/public/futures/{ETH}")
    assert row["mark_price"] == row["index_price"] == Decimal("3300.5")
    book = trader.get(f"/v1/orderbook/{ETH}")
    assert book["bids"][0]["price"] < Decimal("3300.5") < book["asks"][-1]["price"]


@pytest.mark.parametrize("price", [0, -1, "NaN", "many", None])
def test_senseless_prices_are_refused(trader, venue, price):
    """-1005, and a UsageError in Python."""
    assert trader.control("POST", "/venue/mark-price", {"symbol": ETH, "price": price}).code == -1005
    if isinstance(price, int):
        with pytest.raises(UsageError, match="above 0"):
            venue.set_mark_price(ETH, price)


def test_an_unknown_symbol_is_refused(trader, venue):
    """By HTTP and in Python."""
    assert trader.control("POST", "/venue/mark-price", {"symbol": "PERP_NO_USDC", "price": 1}).code == -1005
    with pytest.raises(UsageError, match="PERP_NO_USDC"):
        venue.set_mark_price("PERP_NO_USDC", 1)


def test_a_jump_far_beyond_the_band_finds_a_book(trader, venue):
    """A triggered market order fills near the new price even if that is thirty percent away."""
    trader.place("BUY", "1")
    trader.algo(algo_type="STOP", type="MARKET", side="SELL", quantity="1", trigger_price="3000")

    venue.set_mark_price(ETH, "2400")

    fill = trader.get("/v1/trades")["rows"][0]
    assert (fill["side"], fill["executed_quantity"]) == ("SELL", 1)
    assert Decimal(2400) * Decimal("0.97") <= fill["executed_price"] <= 2400


def test_a_resting_order_the_market_moves_through_is_filled(trader, venue):
    """At its own price."""
    order_id = trader.place("BUY", "0.5", "3350")["order_id"]

    venue.set_mark_price(ETH, "3340")

    row = trader.get(f"/v1/order/{order_id}")
    assert (row["status"], row["average_executed_price"]) == ("FILLED", 3350)


def test_time_is_advanced_and_switches_go_off(trader, venue):
    """The dead man's switch cancels when its time has come."""
    order_id = trader.place("BUY", "0.1", "3300")["order_id"]
    armed = trader.call("POST", "/v1/order/cancel_all_after", {"trigger_after": 5000}).data
    before = venue.now()

    trader.control("POST", "/venue/advance", {"ms": 4000})
    assert trader.get(f"/v1/order/{order_id}")["status"] == "NEW"
    venue.advance(2000)

    assert trader.get(f"/v1/order/{order_id}")["status"] == "CANCELLED"
    assert venue.now() == before + 6000 >= int(armed["expected_trigger_time"])
    with pytest.raises(UsageError, match="ms"):
        venue.advance(-1)


def test_the_ledger_by_http_is_the_ledger_in_python(trader, venue):
    """The same entries, after the same number."""
    trader.place("BUY", "0.1")
    path = f"/venue/ledger?account_id={trader.account_id}"

    assert trader.control("GET", path).data["rows"] == venue.ledger(trader.account_id)
    assert trader.control("GET", f"{path}&after=2").data["rows"] == venue.ledger(trader.account_id, after=2)
    assert trader.control("GET", f"{path}&after=99").data["rows"] == []
    assert trader.control("GET", "/venue/ledger?account_id=0x1").code == -1006
    assert trader.control("GET", "/venue/ledger").code == -1005
    with pytest.raises(UsageError, match="does not exist"):
        venue.ledger("0x1")


def test_a_snapshot_shows_what_the_account_holds(trader, venue):
    """Orders, algo orders, fills, positions, holding; the same both ways."""
    trader.place("BUY", "0.5")
    trader.algo(algo_type="STOP", type="MARKET", side="SELL", quantity="0.5", trigger_price="3300")

    shown = venue.snapshot(trader.account_id)

    assert shown == trader.control("GET", f"/venue/snapshot?account_id={trader.account_id}").data
    counts = {name: len(shown[name]) for name in ("orders", "algo_orders", "fills", "positions", "holding")}
    assert counts == {"orders": 1, "algo_orders": 1, "fills": 1, "positions": 1, "holding": 1}


def test_connections_are_dropped_by_http(trader):
    """And counted."""
    trader.market()

    assert trader.control("POST", "/venue/drop-connections").data == {"dropped": 1}


def test_faults_are_set_by_http(trader):
    """As in Python."""
    assert trader.control("POST", "/venue/faults", {"raw_frame": "x"}).data == {"rules": [], "raw_frame": 0}
    assert trader.control("POST", "/venue/faults", {"nothing": 1}).code == -1005


def test_an_unknown_control_call_is_named(trader):
    """404."""
    answer = trader.control("POST", "/venue/dance")

    assert (answer.status, "POST /venue/dance" in answer.json["message"]) == (404, True)
