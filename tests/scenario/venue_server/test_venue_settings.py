"""Account, configuration, positions, holdings and market reads."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.scenario.venue_server.trader import ETH


def test_leverage_is_read_and_set_in_all_forms(trader):
    """For one symbol or for all, by either path; the account topic tells of it."""
    socket = trader.private("account")
    assert trader.get(f"/v1/client/leverage?symbol={ETH}")["leverage"] == 10

    one = trader.call("POST", "/v1/client/leverages", {"symbol": ETH, "leverage": 5}).data
    assert one == {"symbol": ETH, "leverage": 5, "margin_mode": "CROSS"}
    assert socket.push("account")["data"]["accountDetail"]["symbolLeverage"] == {
        "leverage": 5,
        "symbol": ETH,
        "marginMode": "CROSS",
    }
    assert trader.call("POST", "/v1/client/leverage", {"leverage": 20}).status == 200
    rows = trader.get("/v1/client/leverages")["rows"]
    leverages = {row["symbol"]: row["leverage"] for row in rows if row["margin_mode"] == "CROSS"}
    assert (leverages[ETH], leverages["PERP_NEAR_USDC"]) == (20, 10), "each as far as it allows"


@pytest.mark.parametrize("body", [{}, {"leverage": 0}, {"leverage": 1000, "symbol": ETH}, {"leverage": "x"}])
def test_senseless_leverage_is_refused(trader, body):
    """-1005."""
    assert trader.call("POST", "/v1/client/leverages", body).code == -1005


def test_an_isolated_position_has_a_margin_of_its_own(trader):
    """Chosen by order, added to and reduced; each is a row by its mode."""
    body = {"symbol": ETH, "amount": "3", "type": "ADD"}
    assert trader.call("POST", "/v1/position_margin", body).code == -1006, "there is no isolated position yet"
    trader.place("BUY", "0.5", margin_mode="ISOLATED")
    trader.place("BUY", "0.1")
    before = trader.get(f"/v1/position/{ETH}?margin_mode=ISOLATED")["margin"]

    assert set(trader.call("POST", "/v1/position_margin", body).json) == {"success", "timestamp"}

    rows = {row["margin_mode"]: row for row in trader.get("/v1/positions")["rows"]}
    assert (rows["ISOLATED"]["margin"], rows["CROSS"]["margin"]) == (before + 3, 0)
    assert trader.call("POST", "/v1/position_margin", {**body, "amount": 2, "type": "REDUCE"}).status == 200
    assert trader.call("POST", "/v1/position_margin", {**body, "type": "DOUBLE"}).code == -1005
    assert trader.call("POST", "/v1/position_margin", {"symbol": ETH, "type": "ADD"}).code == -1005


def test_the_margin_mode_may_be_set_to_what_it_is(trader):
    """CROSS changes nothing and succeeds without data."""
    answer = trader.call("POST", "/v1/client/margin_mode", {"symbol": ETH, "default_margin_mode": "CROSS"})

    assert set(answer.json) == {"success", "timestamp"}
    assert {row["default_margin_mode"] for row in trader.get("/v1/client/margin_modes")["rows"]} == {"CROSS"}


def test_the_maintenance_flag_is_kept(trader):
    """And shown by client info and the account topic."""
    socket = trader.private("account")
    for wanted in (True, False):
        trader.call("POST", "/v1/client/maintenance_config", {"maintenance_cancel_order_flag": wanted})

        assert trader.get("/v1/client/info")["maintenance_cancel_orders"] is wanted
        assert socket.push("account")["data"]["accountDetail"]["maintenanceCancelFlag"] is wanted


def test_positions_agree_in_every_form(trader, venue):
    """All, lite, one, and the stream's."""
    socket = trader.private("position")
    trader.place("BUY", "0.5")
    pushed = socket.push("position")["data"]["positions"][0]

    row = trader.get("/v1/positions")["rows"][0]
    one = trader.get(f"/v1/position/{ETH}")
    lite = trader.get("/v1/positions_lite")["rows"][0]

    assert {**row, "seq": 0} == {**one, "seq": 0}
    assert lite == {name: value for name, value in row.items() if name in lite}
    assert (pushed["positionQty"], pushed["averageOpenPrice"]) == (
        row["position_qty"],
        row["average_open_price"],
    )
    assert pushed["imrwithOrders"] == row["IMR_withdraw_orders"]


def test_closed_positions_are_remembered(trader, venue):
    """A round trip, and a flip which closes one and opens another."""
    trader.place("BUY", "0.5")
    venue.set_mark_price(ETH, "3450")
    trader.place("SELL", "0.2")
    trader.place("SELL", "0.5")
    trader.place("BUY", "0.2")

    short, long = trader.get("/v1/position_history?limit=10")["rows"]

    assert (long["side"], short["side"]) == ("LONG", "SHORT")
    assert (long["max_position_qty"], long["closed_position_qty"]) == (Decimal("0.5"), Decimal("0.5"))
    assert (short["max_position_qty"], short["closed_position_qty"]) == (Decimal("0.2"), Decimal("0.2"))
    assert long["avg_close_price"] > long["avg_open_price"]
    realized = sum(row["realized_pnl"] for row in (short, long))
    fills = trader.get("/v1/trades")["rows"]
    assert realized == sum(fill["realized_pnl"] - fill["fee"] for fill in fills)
    assert trader.get(f"/v1/position_history?limit=1&symbol={ETH}")["rows"] == [short]
    assert trader.call("GET", "/v1/position_history").code == -1005


def test_volumes_add_up(trader, venue):
    """By day, by span and since the beginning."""
    trader.place("BUY", "0.5")
    fill = trader.get("/v1/trades")["rows"][0]
    notional = fill["executed_price"] * fill["executed_quantity"]

    assert trader.get("/v1/volume/user/stats")["perp_volume_today"] == notional
    statistics = trader.get("/v1/client/statistics")
    assert statistics["perp_trading_volume_ltd"] == notional
    assert statistics["fees_paid_last_30_days"] == fill["fee"]
    span = "start_date=2025-12-01&end_date=2026-03-01"
    assert trader.get(f"/v1/volume/user/daily?{span}") == [{"date": "2026-01-01", "perp_volume": notional}]
    assert trader.get(f"/v1/client/statistics/daily?{span}")["rows"][0]["perp_volume"] == notional
    venue.advance(86_400_000)
    assert trader.get("/v1/volume/user/stats")["perp_volume_today"] == 0
    assert trader.get(f"/v1/volume/user/daily?{span}")[1] == {"date": "2026-01-02", "perp_volume": 0}
    assert trader.call("GET", "/v1/volume/user/daily?start_date=x&end_date=y").code == -1005
    assert trader.call("GET", "/v1/volume/user/daily").code == -1005


def test_the_holding_is_usdc(trader):
    """A hundred thousand to begin with."""
    row = trader.get("/v1/client/holding?all=true")["holding"][0]

    assert (row["token"], row["holding"]) == ("USDC", 100_000)


def test_candles_agree_with_trades_and_with_each_other(trader, venue):
    """The newest first, closed ones before the opening, the open one with what was traded."""
    trader.place("BUY", "0.5")
    trader.place("SELL", "0.25")
    rows = trader.get(f"/v1/kline?symbol={ETH}&type=5m&limit=20")["rows"]

    assert len(rows) == 20
    assert rows[0]["volume"] == Decimal("0.75")
    assert all(
        row["low"] <= min(row["open"], row["close"]) <= max(row["open"], row["close"]) <= row["high"]
        for row in rows
    )
    starts = [row["start_timestamp"] for row in rows]
    assert starts == sorted(starts, reverse=True)
    assert [row["close"] for row in rows[2:]] == [row["open"] for row in rows[1:-1]]
    chart = trader.call("GET", f"/v1/tv/kline_history?symbol={ETH}&resolution=5m&limit=20").json
    assert chart["c"] == [row["close"] for row in rows[::-1]]
    assert chart["t"] == [start // 1000 for start in starts[::-1]]
    assert trader.call("GET", f"/v1/kline?symbol={ETH}&type=7m").code == -1005
    assert trader.call("GET", "/v1/kline?type=5m").code == -1005


def test_one_market_is_a_flat_object(trader):
    """As live clients need it, with the day's figures."""
    row = trader.public(f"/v1/public/futures/{ETH}")

    assert {"24h_open", "24h_close", "24h_high", "24h_low", "24h_volume", "24h_amount", "mark_price"} <= set(
        row
    )
    assert row in trader.public("/v1/public/futures")["rows"]
    assert trader.raw("GET", "/v1/public/futures/PERP_NO_USDC").code == -1005


def test_funding_is_estimated_and_then_paid(trader, venue):
    """A row at each boundary since the opening; only who holds a position pays."""
    row = trader.public(f"/v1/public/funding_rate/{ETH}")
    assert (row["last_funding_rate"], row["next_funding_time"] > venue.now()) == (0, True)

    venue.advance(17 * 3_600_000)

    history = trader.public(f"/v1/public/funding_rate_history?symbol={ETH}")
    assert history["meta"]["total"] == 2
    now = trader.public(f"/v1/public/funding_rate/{ETH}")
    assert history["rows"][0]["next_funding_time"] == now["next_funding_time"]
    assert history["rows"][0]["funding_rate"] == now["last_funding_rate"]
    assert trader.get("/v1/funding_fee/history")["rows"] == []


def test_tokens_and_chains_can_be_filtered(trader):
    """By chain id."""
    assert trader.public("/v1/public/token?chain_id=421614")["rows"][0]["token"] == "USDC"
    assert trader.public("/v1/public/token?chain_id=1")["rows"] == []
    assert trader.public("/v1/public/chain_info")["rows"][0]["chain_id"] == "421614"
    assert trader.public("/v1/public/vault_balance?token=ETH")["rows"] == []
    assert (
        trader.public("/v1/public/vault_balance?chain_id=421614&token=USDC")["rows"][0]["balance"] == 200_000
    )
