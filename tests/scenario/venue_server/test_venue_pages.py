"""Every answer and frame of the venue has the fields that the published pages give it."""

from __future__ import annotations

from contextlib import closing

import pytest

from orderly_sync.venue.server.serve import Venue
from tests.contract.published import OPERATIONS, TOPICS
from tests.scenario.venue_server.trader import ETH, Trader

SECTIONS = (
    "Order Management",
    "Positions",
    "Account/User Info",
    "Account Config",
    "Market Info",
    "System Info",
    "Funding Rates",
)
QUERIES = {
    "/v1/client/leverage": f"symbol={ETH}",
    "/v1/volume/user/daily": "start_date=2025-12-01&end_date=2026-02-01",
    "/v1/client/statistics/daily": "start_date=2025-12-01&end_date=2026-02-01",
    "/v1/position_history": "limit=5",
    "/v1/public/market_trades": f"symbol={ETH}",
    "/v1/kline": f"type=1h&symbol={ETH}",
    "/v1/tv/kline_history": f"resolution=1h&symbol={ETH}",
    "/v1/public/funding_rate_history": f"symbol={ETH}",
}
LEGS = [
    {"symbol": ETH, "algo_type": "TAKE_PROFIT", "side": "SELL", "type": "MARKET", "trigger_price": 3600},
    {"symbol": ETH, "algo_type": "STOP_LOSS", "side": "SELL", "type": "MARKET", "trigger_price": 3200},
]


READS = [row for row in OPERATIONS if row["group"].endswith(SECTIONS) and row["method"] == "GET"]


@pytest.fixture(scope="module")
def eventful():
    """A venue where everything has happened once, and the ids of it."""
    with Venue(seed=7, market="frozen", rate_limits=False) as venue, closing(Trader(venue)) as trader:
        order_id = trader.place("BUY", "0.5", client_order_id="c1")["order_id"]
        trader.place("SELL", "0.2")
        trader.place("BUY", "0.5", "3300", client_order_id="c2", order_tag="tag")
        tree = trader.algo(algo_type="TP_SL", quantity="0.2", client_order_id="a1", child_orders=LEGS)[
            "order_id"
        ]
        stop = {
            "algo_type": "STOP",
            "type": "MARKET",
            "side": "BUY",
            "quantity": "0.1",
            "trigger_price": "3405",
        }
        fired = trader.algo(**stop)["order_id"]
        venue.set_mark_price(ETH, "3406")
        trader.place("SELL", "0.4")
        trader.place("BUY", "0.3")
        trade_id = trader.get("/v1/trades")["rows"][0]["id"]
        trader.control("POST", "/venue/announce", {"message": "hello"})
        trader.control("POST", "/venue/maintenance", {"status": 0, "start": 1, "end": 2})
        venue.advance(86_400_000)
        yield (
            trader,
            {
                "order_id": order_id,
                "client_order_id": "c1",
                "trade_id": trade_id,
                "symbol": ETH,
                "tree": tree,
                "fired": fired,
            },
        )


def paths(value, prefix=""):
    """The paths of a value, as the pages write them."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield (path := f"{prefix}.{name}" if prefix else name)
            yield from paths(item, path)
    elif isinstance(value, list):
        for item in value:
            yield f"{prefix}[]"
            yield from paths(item, f"{prefix}[]")


@pytest.mark.parametrize("row", READS, ids=lambda row: row["op"])
def test_an_answer_has_every_published_field(eventful, row):
    """Where the pages and live captures disagree, the captures win: one market is a flat object."""
    trader, ids = eventful
    slots = dict(ids)
    if "/algo/" in row["path"]:
        slots["order_id"] = ids["fired"] if row["path"].endswith("/trades") else ids["tree"]
        slots["client_order_id"] = "a1"
    query = f"?{QUERIES[row['path']]}" if row["path"] in QUERIES else ""

    answer = trader.call("GET", row["path"].format(**slots) + query)

    assert answer.status == 200, answer.body
    wanted = {field["path"] for field in row["response"]["fields"] if "{key}" not in field["path"]}
    if row["path"] == "/v1/public/futures/{symbol}":
        wanted = {path.replace(".rows[]", "") for path in wanted} - {"data.rows"}
    assert wanted - set(paths(answer.json)) == set()


@pytest.mark.parametrize(
    "row", [row for row in OPERATIONS if row["group"].endswith(SECTIONS)], ids=lambda row: row["op"]
)
def test_every_operation_of_these_sections_has_a_route(eventful, row):
    """Its scope as published: signed where the page says private."""
    trader, ids = eventful
    slots = {**ids, "client_order_id": "c1"}

    answer = trader.raw(
        row["method"], row["path"].format(**slots), headers={"Content-Type": "application/json"}
    )

    assert answer.status != 404
    assert (answer.status == 401) is (row["auth"]["kind"] == "private")


PRIVATE = ("executionreport", "algoexecutionreport", "algoexecutionreportv2", "position", "account")


@pytest.mark.parametrize(
    "row", [row for row in TOPICS if row["topic"] in PRIVATE], ids=lambda row: row["topic"]
)
def test_a_private_frame_has_every_published_field(eventful, row):
    """Over all frames of the topic: some fields come with some events only."""
    trader, _ = eventful
    entries = trader.ledger(row["topic"])

    seen = {
        path
        for entry in entries
        for path in paths({"topic": row["topic"], "ts": entry["ts"], "data": entry["data"]})
    }

    wanted = {field["path"] for field in row["fields"]} - set(row_optional(row))
    assert wanted - seen == set()


def row_optional(row):
    """What only a change of leverage brings."""
    return (field["path"] for field in row["fields"] if "symbolLeverage" in field["path"])
