"""The rest of order management: batches, cancellations in all forms, lists, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.scenario.venue_server.trader import ETH

LEGS = [
    {"symbol": ETH, "algo_type": "TAKE_PROFIT", "side": "SELL", "type": "MARKET", "trigger_price": 3600},
    {"symbol": ETH, "algo_type": "STOP_LOSS", "side": "SELL", "type": "MARKET", "trigger_price": 3200},
]
CLOSING = [{**leg, "type": "CLOSE_POSITION", "reduce_only": True} for leg in LEGS]


def order(**changed):
    base = {"symbol": ETH, "side": "BUY", "order_type": "LIMIT", "order_price": 3300, "order_quantity": 0.1}
    return {name: value for name, value in {**base, **changed}.items() if value is not None}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"order_price": 3300.05}, -1103),
        ({"order_price": 0}, -1103),
        ({"order_price": -1}, -1103),
        ({"order_quantity": 0.00001}, -1104),
        ({"order_quantity": 100_000}, -1104),
        ({"order_quantity": 0}, -1104),
        ({"order_quantity": 0.001}, -1102),
        ({"order_price": 3600}, -1105),
        ({"order_price": 100}, -1105),
        ({"order_quantity": 500, "order_price": 3399}, -1101),
        ({"side": "HOLD"}, -1005),
        ({"side": None}, -1005),
        ({"order_type": "STOP"}, -1005),
        ({"symbol": "PERP_NO_USDC"}, -1005),
        ({"symbol": None}, -1005),
        ({"order_price": "NaN"}, -1005),
        ({"order_price": "Infinity"}, -1005),
        ({"order_price": True}, -1005),
        ({"order_price": "1" * 70}, -1005),
        ({"order_quantity": [1]}, -1005),
        ({"order_price": None}, -1005),
        ({"reduce_only": "perhaps"}, -1005),
        ({"client_order_id": "-x"}, -1005),
        ({"client_order_id": "x" * 37}, -1005),
        ({"order_tag": "x" * 129}, -1005),
        ({"margin_mode": "PARTIAL"}, -1005),
    ],
)
def test_what_breaks_a_rule_is_refused_with_its_code(trader, changed, code):
    """HTTP 400, a message, and nothing in the ledger."""
    answer = trader.call("POST", "/v1/order", order(**changed))

    assert (answer.status, answer.code) == (400, code), answer.body
    assert answer.json["message"]
    assert trader.ledger() == []


def test_a_client_order_id_of_an_open_order_is_refused(trader):
    """-1007 with HTTP 409; after the order is done it may be used again."""
    first = trader.call("POST", "/v1/order", order(client_order_id="mine")).data["order_id"]
    answer = trader.call("POST", "/v1/order", order(client_order_id="mine"))
    assert (answer.status, answer.code) == (409, -1007)

    trader.call("DELETE", f"/v1/client/order?client_order_id=mine&symbol={ETH}")

    second = trader.call("POST", "/v1/order", order(client_order_id="mine")).data["order_id"]
    assert trader.get("/v1/client/order/mine")["order_id"] == second > first


def test_numbers_may_be_texts_and_unknown_fields_are_ignored(trader):
    """As two live clients send them."""
    placed = trader.call(
        "POST", "/v1/order", order(order_price="3300.10", order_quantity="0.1", hello="x")
    ).data

    assert (placed["order_price"], placed["error_message"]) == (Decimal("3300.1"), "none")


def test_a_batch_answers_for_each_order_by_itself(trader):
    """One refused does not stop the others, and reduce_only is not honoured in batches."""
    orders = [order(client_order_id="a", reduce_only=True), order(order_price=1), order(client_order_id="c")]

    rows = trader.call("POST", "/v1/batch-order", {"orders": orders}).data["rows"]

    assert [row["order_id"] is not None for row in rows] == [True, False, True]
    assert rows[0]["error_message"] == "none"
    assert "1" in rows[1]["error_message"]
    assert trader.call("POST", "/v1/batch-order", {"orders": []}).code == -1005
    assert trader.call("POST", "/v1/batch-order", {"orders": [order()] * 11}).code == -1005
    assert trader.call("POST", "/v1/batch-order", {"orders": "x"}).code == -1005


def test_batches_are_cancelled_by_either_id(trader):
    """It is done if any of the ids was good, and refused if none was."""
    ids = [
        trader.call("POST", "/v1/order", order(client_order_id=f"b{n}")).data["order_id"] for n in range(4)
    ]

    done = trader.call("DELETE", f"/v1/batch-order?order_ids={ids[0]},{ids[1]},9")
    assert done.data == {"status": "CANCEL_ALL_SENT"}
    assert trader.call("DELETE", "/v1/client/batch-order?client_order_ids=b2,b3").data == {
        "status": "CANCEL_ALL_SENT"
    }

    assert trader.get("/v1/orders?status=INCOMPLETE")["rows"] == []
    assert trader.call("DELETE", f"/v1/batch-order?order_ids={ids[0]}").code == -1006
    assert trader.call("DELETE", "/v1/batch-order?order_ids=x").code == -1005
    assert trader.call("DELETE", "/v1/batch-order").code == -1005


def test_all_orders_of_one_symbol_or_of_all_are_cancelled(trader):
    """CANCEL_ALL_SENT."""
    trader.call("POST", "/v1/order", order())
    trader.call("POST", "/v1/order", order(symbol="PERP_SOL_USDC", order_price=140, order_quantity=1))

    assert trader.call("DELETE", f"/v1/orders?symbol={ETH}").data == {"status": "CANCEL_ALL_SENT"}
    assert [row["symbol"] for row in trader.get("/v1/orders?status=INCOMPLETE")["rows"]] == ["PERP_SOL_USDC"]
    assert trader.call("DELETE", "/v1/orders").data == {"status": "CANCEL_ALL_SENT"}
    assert trader.get("/v1/orders?status=INCOMPLETE")["rows"] == []


def test_what_is_not_there_cannot_be_cancelled_edited_or_read(trader):
    """-1006."""
    gone = trader.place("BUY", "0.1")["order_id"]
    for method, target in (
        ("DELETE", f"/v1/order?order_id={gone}&symbol={ETH}"),
        ("DELETE", f"/v1/order?order_id=9&symbol={ETH}"),
        ("DELETE", f"/v1/client/order?client_order_id=none&symbol={ETH}"),
        ("DELETE", f"/v1/algo/order?order_id=9&symbol={ETH}"),
        ("DELETE", f"/v1/algo/client/order?client_order_id=none&symbol={ETH}"),
        ("GET", "/v1/order/9"),
        ("GET", "/v1/client/order/none"),
        ("GET", "/v1/order/9/trades"),
        ("GET", "/v1/trade/9"),
        ("GET", "/v1/algo/order/9"),
        ("GET", "/v1/algo/client/order/none"),
        ("GET", "/v1/algo/order/9/trades"),
    ):
        assert trader.call(method, target).code == -1006, target
    assert trader.call("PUT", "/v1/order", order(order_id=gone)).code == -1006
    assert trader.call("PUT", "/v1/algo/order", {"order_id": 9, "trigger_price": 1}).code == -1006
    assert trader.call("GET", "/v1/order/x").code == -1005


def test_lists_filter_sort_and_page(trader, venue):
    """By symbol, side, type, status, tag and time; pages count from 1."""
    first = trader.place("BUY", "0.1", "3300", order_tag="t")["order_id"]
    trader.place("SELL", "0.1", "3500")
    venue.advance(1000)
    third = trader.place("BUY", "0.1")["order_id"]
    edit = order(order_id=first, order_price=3301)
    venue.advance(1000)
    trader.call("PUT", "/v1/order", edit)
    since = venue.now() - 1500

    def ids(query):
        return [row["order_id"] for row in trader.get(f"/v1/orders?{query}")["rows"]]

    assert ids("order_tag=t") == [first]
    assert ids("side=BUY&status=INCOMPLETE") == [first]
    assert ids("order_type=MARKET") == ids("status=COMPLETED") == ids(f"start_t={since}") == [third]
    assert len(ids(f"end_t={since}")) == 2
    assert ids("sort_by=UPDATED_TIME_DESC")[0] == first
    assert ids("sort_by=CREATED_TIME_ASC")[0] == first
    page = trader.get("/v1/orders?size=2&page=2")
    assert page["meta"] == {"total": 3, "records_per_page": 2, "current_page": 2}
    assert [row["order_id"] for row in page["rows"]] == [first]
    assert trader.call("GET", "/v1/orders?page=0&size=-1").code == -1005
    assert trader.call("GET", "/v1/orders?status=DONE").code == -1005
    assert trader.call("GET", "/v1/orders?symbol=PERP_NO_USDC").code == -1005


def test_trades_are_the_newest_500_of_the_window(trader):
    """However many there are; those of an order are all there."""
    for _ in range(26):
        assert all(
            row["order_id"]
            for _ in range(2)
            for row in trader.call(
                "POST",
                "/v1/batch-order",
                {
                    "orders": [
                        order(order_type="MARKET", order_price=None, order_quantity=0.01) for _ in range(10)
                    ]
                },
            ).data["rows"]
        )

    page = trader.get("/v1/trades?size=500")

    assert (page["meta"]["total"], len(page["rows"])) == (500, 500)
    fill = page["rows"][0]
    assert trader.get(f"/v1/order/{fill['order_id']}/trades")["rows"] == [fill]
    assert trader.get(f"/v1/trade/{fill['id']}") == fill
    older = trader.get(f"/v1/trades?end_t={page['rows'][-1]['executed_timestamp']}")
    assert older["meta"]["total"] > 1


@pytest.mark.parametrize(
    "body",
    [
        {"algo_type": "STOP", "type": "MARKET", "side": "SELL", "quantity": "0.1", "trigger_price": "3300"},
        {"algo_type": "TP_SL", "quantity": 0.1, "child_orders": LEGS},
        {"algo_type": "POSITIONAL_TP_SL", "child_orders": CLOSING},
        {
            "algo_type": "BRACKET",
            "type": "LIMIT",
            "side": "BUY",
            "quantity": "0.1",
            "price": "3300",
            "child_orders": [{"symbol": ETH, "algo_type": "TP_SL", "child_orders": LEGS}],
        },
        {
            "algo_type": "BRACKET",
            "type": "LIMIT",
            "side": "BUY",
            "quantity": "0.1",
            "price": "3300",
            "child_orders": [{"symbol": ETH, "algo_type": "POSITIONAL_TP_SL", "child_orders": CLOSING}],
        },
        {
            "algo_type": "TRAILING_STOP",
            "type": "MARKET",
            "side": "SELL",
            "quantity": "0.1",
            "callback_rate": "0.01",
        },
        {
            "algo_type": "TRAILING_STOP",
            "type": "MARKET",
            "side": "SELL",
            "quantity": "0.1",
            "callbackRate": "0.01",
        },
    ],
)
def test_every_algo_type_is_placed_read_and_cancelled(trader, body):
    """The tree comes back whole, by either id, and both topics tell of it as the ledger has it."""
    socket = trader.private("algoexecutionreport", "algoexecutionreportv2")
    trader.place("BUY", "0.5")
    placed = trader.algo(**body, client_order_id="tree")

    row = trader.get(f"/v1/algo/order/{placed['order_id']}")
    assert row == trader.get("/v1/algo/client/order/tree") == trader.get("/v1/algo/orders")["rows"][0]
    assert (row["algo_type"], row["is_triggered"]) == (body["algo_type"], False)
    flat = socket.push("algoexecutionreport")["data"]
    tree = socket.push("algoexecutionreportv2")["data"]
    assert flat[0]["algoOrderId"] == tree["algoOrderId"] == row["algo_order_id"]
    assert {node["algoOrderId"] for node in flat} == set(ids_of(tree, "childOrders", "algoOrderId"))
    assert {node["algoOrderId"] for node in flat} == set(ids_of(row, "child_orders", "algo_order_id"))
    assert trader.call("DELETE", f"/v1/algo/client/order?client_order_id=tree&symbol={ETH}").data == {
        "status": "CANCEL_SENT"
    }
    assert trader.get("/v1/algo/orders?status=INCOMPLETE")["rows"] == []
    assert socket.push("algoexecutionreport")["data"] == trader.ledger("algoexecutionreport")[-1]["data"]


def ids_of(node, children, name):
    yield node[name]
    for child in node[children]:
        yield from ids_of(child, children, name)


def test_an_algo_order_is_edited_filtered_and_its_trades_are_read(trader, venue):
    """By root id, as numbers or texts."""
    stop = {"algo_type": "STOP", "type": "MARKET", "side": "BUY", "quantity": "0.1", "trigger_price": "3500"}
    root = trader.algo(**stop, order_tag="t")["order_id"]
    assert trader.call("PUT", "/v1/algo/order", {"order_id": str(root), "trigger_price": "3450"}).data == {
        "status": "EDIT_SENT"
    }
    assert trader.get(f"/v1/algo/order/{root}")["trigger_price"] == 3450

    venue.set_mark_price(ETH, 3451)

    for query in (
        "algo_type=STOP",
        "is_triggered=true",
        "status=COMPLETED",
        "order_tag=t",
        "side=BUY",
        "order_type=MARKET",
    ):
        assert [row["algo_order_id"] for row in trader.get(f"/v1/algo/orders?{query}")["rows"]] == [root], (
            query
        )
    for query in ("algo_type=TPSL", "is_triggered=false", "status=INCOMPLETE", "order_tag=x", "side=SELL"):
        assert trader.get(f"/v1/algo/orders?{query}")["rows"] == [], query
    trades = trader.get(f"/v1/algo/order/{root}/trades")["rows"]
    assert [row["id"] for row in trades] == [row["id"] for row in trader.get("/v1/trades")["rows"]]
    assert isinstance(trades[0]["match_id"], str)
    assert trader.call("GET", "/v1/algo/orders?algo_type=x").code == -1005


def test_all_algo_orders_are_cancelled(trader):
    """Of a type, or of a symbol, or all."""
    stop = {"algo_type": "STOP", "type": "MARKET", "side": "BUY", "quantity": "0.1", "trigger_price": "3500"}
    trail = {
        "algo_type": "TRAILING_STOP",
        "type": "MARKET",
        "side": "SELL",
        "quantity": "0.1",
        "callback_rate": "0.01",
    }
    trader.algo(**stop)
    trader.algo(**trail)

    assert trader.call("DELETE", "/v1/algo/orders?algo_type=STOP").data == {"status": "CANCEL_ALL_SENT"}
    left = trader.get("/v1/algo/orders?status=INCOMPLETE")["rows"]
    assert [row["algo_type"] for row in left] == ["TRAILING_STOP"]
    trader.call("DELETE", f"/v1/algo/orders?symbol={ETH}")
    assert trader.get("/v1/algo/orders?status=INCOMPLETE")["rows"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"algo_type": "STOP"},
        {"algo_type": "DANCE", "quantity": 1},
        {"algo_type": "TP_SL", "quantity": 0.1, "child_orders": "x"},
        {"algo_type": "TP_SL", "quantity": 0.1, "child_orders": LEGS * 5},
        {"algo_type": "STOP", "type": "MARKET", "side": "SELL", "quantity": "x", "trigger_price": 1},
        {
            "algo_type": "BRACKET",
            "child_orders": [{"algo_type": "TP_SL", "child_orders": [{"child_orders": LEGS}]}],
        },
    ],
)
def test_senseless_algo_orders_are_refused(trader, body):
    """-1005, and nothing happens."""
    assert trader.call("POST", "/v1/algo/order", {"symbol": ETH, **body}).code == -1005
    assert trader.ledger() == []
