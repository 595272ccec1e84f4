"""Raw JSON against a model: whatever the model does not know, lacks or expects otherwise is named by its path."""

from __future__ import annotations

import json
from typing import Any

import pytest

from orderly_sync.conformance.aliases import Aliases
from orderly_sync.conformance.comparison import Comparison
from orderly_sync.conformance.raw_json import read_raw
from orderly_sync.models.base import Page, Rows
from orderly_sync.models.fill import Fill
from orderly_sync.models.market import SymbolRules
from orderly_sync.models.order import Order
from orderly_sync.models.pushes import AlgoExecutionReport

ORDER: dict[str, Any] = {
    "order_id": 7,
    "symbol": "PERP_ETH_USDC",
    "side": "BUY",
    "type": "LIMIT",
    "status": "NEW",
    "price": 3000.5,
    "quantity": 0.1,
    "total_executed_quantity": 0,
    "created_time": 1767225600000,
    "updated_time": 1767225600000,
}
META = {"total": 1, "records_per_page": 25, "current_page": 1}


def found(value: object, kind: Any, **options: Any) -> list[tuple[str, str, str]]:
    comparison = Comparison("GET /v1/orders", Aliases(), **options)
    comparison.compare(read_raw(json.dumps(value)), kind)
    return [(one.what, one.where, one.seen) for one in comparison.differences]


def test_what_is_as_expected_is_no_difference() -> None:
    """In a page, in rows, by itself, and in the other spellings that are read."""
    assert found({"rows": [ORDER], "meta": META}, Page[Order]) == []
    assert found({"rows": [ORDER]}, Rows[Order]) == []
    assert found([ORDER], tuple[Order, ...]) == []
    assert found({**ORDER, "orderId": 7, "average_executed_price": None}, Order) == []
    assert found({"rows": [ORDER]}, Order) == []
    assert found(None, Order | None) == []


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ({"route": "A7"}, ("unknown field", "data.rows[].route", "text, such as text-1")),
        ({"user": 123456789}, ("unknown field", "data.rows[].user", "integer, such as id-1")),
        ({"status": "HALTED"}, ("unknown value", "data.rows[].status", "HALTED")),
        ({"price": "3000.5"}, ("number spelling", "data.rows[].price", "number in text")),
        ({"updated_time": 1767225600000.5}, ("number spelling", "data.rows[].updated_time", "decimal")),
        ({"status": None, "order_id": None}, ("missing field", "data.rows[].order_id", "absent or null")),
        ({"side": {"is": "BUY"}}, ("shape", "data.rows[].side", "object")),
    ],
)
def test_each_kind_of_difference(change: dict[str, Any], difference: tuple[str, str, str]) -> None:
    """By its path, with an alias as the example."""
    value = {"rows": [ORDER, {**ORDER, **change}], "meta": META}
    assert found(value, Page[Order])[-1:] == [difference]


def test_a_field_that_is_relied_on_may_be_null_but_not_absent() -> None:
    """A renamed one is two differences: the unknown and the missing."""
    renamed = {name: one for name, one in ORDER.items() if name != "status"}
    assert found({**ORDER, "status": None}, Order) == []
    assert found({**renamed, "state": "NEW"}, Order) == [
        ("unknown field", "data.state", "text, such as text-1"),
        ("missing field", "data.status", "absent or null"),
    ]


def test_an_exponent_is_a_spelling() -> None:
    """Read all the same, but not what the venue writes."""
    comparison = Comparison("GET /v1/public/info", Aliases())
    comparison.compare(read_raw('{"symbol": "PERP_ETH_USDC", "imr_factor": 9.1e-8}'), SymbolRules)
    assert ("number spelling", "data.imr_factor") in [(one.what, one.where) for one in comparison.differences]


def test_where_numbers_are_text_text_is_no_difference() -> None:
    """As in the public query."""
    assert found({**ORDER, "price": "3000.5"}, Order, text_numbers=True) == []


def test_fields_beside_the_rows_of_a_page() -> None:
    """Are unknown, too; and a page needs its place."""
    assert found({"rows": [], "meta": {"total": 1}, "took": 5}, Page[Order]) == [
        ("missing field", "data.meta.current_page", "absent or null"),
        ("missing field", "data.meta.records_per_page", "absent or null"),
        ("unknown field", "data.took", "integer, such as number-1"),
    ]


def test_legs_take_their_symbol_from_the_tree() -> None:
    """They may lack it; the root may not."""
    node = {
        "algoOrderId": 1,
        "rootAlgoOrderId": 1,
        "parentAlgoOrderId": 0,
        "algoType": "TP_SL",
        "algoStatus": "NEW",
        "rootAlgoStatus": "NEW",
        "tradeId": 0,
        "executedQuantity": 0,
        "timestamp": 1767225600000,
    }
    assert found({**node, "symbol": "PERP_ETH_USDC", "childOrders": [node]}, AlgoExecutionReport) == []
    assert found(node, AlgoExecutionReport) == [("missing field", "data.symbol", "absent or null")]


def test_shapes_say_how_and_how_often() -> None:
    """Every spelling of a field, and in how many rows it stood."""
    comparison = Comparison("GET /v1/trades", Aliases())
    rows = [{"id": 1, "order_id": 2, "fee": 0.1}, {"id": 1, "order_id": 2, "fee": None}, {"id": 3}]
    comparison.compare(read_raw(json.dumps({"rows": rows})), Rows[Fill])
    shapes = comparison.shapes()
    assert shapes["data.rows[].id"] == "integer"
    assert shapes["data.rows[].fee"] == "decimal|null, in 2 of 3"


def test_each_difference_says_how_a_paper_venue_shows_it() -> None:
    """Where it was seen, and what to do there."""
    comparison = Comparison("GET /v1/orders", Aliases())
    comparison.compare(read_raw(json.dumps({"rows": [{**ORDER, "route": "A7"}]})), Rows[Order])
    (one,) = comparison.differences
    assert one.deviation == {
        "where": "GET /v1/orders",
        "kind": "add",
        "field": "data.rows[].route",
        "value": "sample",
    }
