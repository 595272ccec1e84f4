"""Fields that the venue's own web client and captures show, and that no page lists: the paper venue sends them too."""

from __future__ import annotations

from tests.scenario.venue_server.trader import ETH

NAMES = {"display_symbol_name": "ETH", "broker_id": None, "is_pretge": False, "status": "ACTIVE"}


def test_every_row_of_a_market_says_what_it_is_called_and_whether_it_trades(trader):
    """A client that keeps only what is ACTIVE sees the market in each of the lists."""
    lists = ("/v1/public/info", "/v1/public/futures", "/v1/public/futures_market")
    rows = [next(row for row in trader.public(path)["rows"] if row["symbol"] == ETH) for path in lists]
    rows += [trader.public(f"/v1/public/info/{ETH}"), trader.public(f"/v1/public/futures/{ETH}")]

    assert [NAMES.items() <= row.items() for row in rows] == [True] * 5
    assert all(
        rows[0][name] > 0
        for name in (
            "mark_index_price_deviation_floor",
            "mark_index_price_deviation_cap",
            "deviation_factor",
        )
    )


def test_a_withdrawals_fee_is_told_under_both_names(trader):
    """Clients know one or the other."""
    (token,) = trader.public("/v1/public/token")["rows"]
    assert [detail["withdraw_fee"] == detail["withdrawal_fee"] > 0 for detail in token["chain_details"]] == [
        True
    ]


def test_nodes_of_an_algo_order_say_whether_they_fired_and_what_holds_them(trader):
    """A boolean, never a text that is true in every if; the parent's type on all but the root."""
    leg = {"symbol": ETH, "side": "SELL", "type": "MARKET"}
    placed = trader.algo(
        algo_type="BRACKET",
        side="BUY",
        type="LIMIT",
        price="3300",
        quantity="0.1",
        child_orders=[
            {
                "symbol": ETH,
                "algo_type": "TP_SL",
                "child_orders": [
                    {**leg, "algo_type": "TAKE_PROFIT", "trigger_price": "3600"},
                    {**leg, "algo_type": "STOP_LOSS", "trigger_price": "3100"},
                ],
            }
        ],
    )
    order_id = placed["order_id"]
    root = trader.get(f"/v1/algo/order/{order_id}")
    (pair,) = root["child_orders"]
    nodes = [root, pair, *pair["child_orders"]]

    assert [node["parent_algo_type"] for node in nodes] == [None, "BRACKET", "TP_SL", "TP_SL"]
    assert [node["is_triggered"] for node in nodes] == [False] * 4
    alone = trader.get(f"/v1/algo/order/{nodes[2]['algo_order_id']}")
    assert (alone["algo_type"], alone["parent_algo_type"]) == ("TAKE_PROFIT", "TP_SL")


def test_a_position_update_says_when_it_was_opened_and_when_it_changed(venue, trader):
    """Adding to the position moves one of the two times only; both names of it are sent."""
    trader.place(quantity="0.5")
    venue.advance(60_000)
    trader.place(quantity="0.5")

    first, last = (trader.ledger("position")[at]["data"]["positions"][0] for at in (0, -1))

    assert (last["positionQty"], last["timestamp"]) == (1, first["timestamp"])
    assert last["updatedTime"] == last["updated_time"] >= last["timestamp"] + 60_000
    assert (last["marginToken"], "accruedFundingFee" in last) == ("USDC", True)
    assert trader.get(f"/v1/position/{ETH}")["margin_token"] == "USDC"
