"""Orders over HTTP and their reports over WebSocket and in the ledger."""

from __future__ import annotations

from decimal import Decimal

from tests.scenario.venue_server.trader import ETH


def test_a_market_order_fills_and_is_reported(trader):
    """NEW comes first, the fill after it, with running totals."""
    socket = trader.private("executionreport")

    placed = trader.place("BUY", "0.5", client_order_id="first")

    new, filled = socket.push("executionreport")["data"], socket.push("executionreport")["data"]
    assert ("NEW", 0, placed["order_id"]) == (new["status"], new["tradeId"], new["orderId"])
    assert (filled["status"], filled["clientOrderId"], filled["type"]) == ("FILLED", "first", "MARKET")
    assert filled["tradeId"] > 0
    assert filled["totalExecutedQuantity"] == filled["executedQuantity"] == Decimal("0.5")


def test_a_limit_order_rests_is_edited_and_cancelled(trader):
    """Each step has its report and the row of REST follows."""
    socket = trader.private("executionreport")
    order_id = trader.place("BUY", "0.5", "3300", client_order_id="rests")["order_id"]

    edit = {"order_id": str(order_id), "symbol": ETH, "order_type": "LIMIT", "side": "BUY"}
    assert trader.call("PUT", "/v1/order", {**edit, "order_price": 3301, "order_quantity": 0.5}).data == {
        "status": "EDIT_SENT"
    }
    assert trader.call("DELETE", f"/v1/order?order_id={order_id}&symbol={ETH}").data == {
        "status": "CANCEL_SENT"
    }

    assert [socket.push("executionreport")["data"]["status"] for _ in range(3)] == [
        "NEW",
        "REPLACED",
        "CANCELLED",
    ]
    row = trader.get("/v1/client/order/rests")
    assert (row["status"], row["price"], row["total_executed_quantity"]) == ("CANCELLED", 3301, 0)


def test_a_stop_fires_when_the_mark_price_is_set(trader, venue):
    """Both algo topics tell of the trigger and of the fill."""
    socket = trader.private("algoexecutionreport", "algoexecutionreportv2")
    placed = trader.algo(algo_type="STOP", type="MARKET", side="BUY", quantity="0.5", trigger_price="3450")

    venue.set_mark_price(ETH, "3460")

    flat = socket.until(
        lambda frame: frame.get("topic") == "algoexecutionreport" and frame["data"][0]["tradeId"]
    )
    tree = socket.until(
        lambda frame: frame.get("topic") == "algoexecutionreportv2" and frame["data"]["tradeId"]
    )
    root = flat["data"][0]
    assert (placed["order_id"], "FILLED", True, "SUCCESS") == (
        root["algoOrderId"],
        root["algoStatus"],
        root["triggered"],
        root["triggerStatus"],
    )
    assert (root["algoOrderId"], True, []) == (
        tree["data"]["algoOrderId"],
        tree["data"]["isTriggered"],
        tree["data"]["childOrders"],
    )
    assert Decimal(3460) <= root["executedPrice"] <= Decimal(3460) * Decimal("1.03")


def test_the_ledger_holds_what_no_socket_took(trader, venue):
    """Events are written down without anybody listening, in order, numbered from 1."""
    trader.algo(algo_type="STOP", type="MARKET", side="BUY", quantity="0.5", trigger_price="3450")
    venue.set_mark_price(ETH, "3460")

    entries = trader.ledger()

    assert list(range(1, len(entries) + 1)) == [entry["seq"] for entry in entries]
    assert {"executionreport", "algoexecutionreport", "algoexecutionreportv2", "position", "account"} <= {
        entry["topic"] for entry in entries
    }
    assert entries[3:] == venue.ledger(trader.account_id, after=3)


def test_the_ledger_is_what_was_pushed(trader):
    """Frame and entry hold the same data and time."""
    socket = trader.private("executionreport")
    trader.place("BUY", "0.5")

    pushed = [socket.push("executionreport") for _ in range(2)]

    written = trader.ledger("executionreport")
    assert [(frame["ts"], frame["data"]) for frame in pushed] == [
        (entry["ts"], entry["data"]) for entry in written
    ]
