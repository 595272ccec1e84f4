"""What an OpenAPI file says, however it is written."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from orderly_sync.cli.openapi import documented
from orderly_sync.errors import DecodingError

ORDER, READ = ("POST", "/v1/order"), ("GET", "/v1/order/{id}")


def body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def answer(schema: dict[str, Any]) -> dict[str, Any]:
    data = {"success": {"type": "boolean"}, "timestamp": {"type": "integer"}, "data": schema}
    return {"200": body({"type": "object", "properties": data})}


SPEC: dict[str, Any] = {
    "openapi": "3.0.1",
    "paths": {
        "/v1/order": {
            "post": {
                "parameters": [{"name": "orderly-timestamp", "in": "header"}],
                "requestBody": body({"$ref": "#/components/schemas/Order"}),
                "responses": answer({"properties": {"order_id": {}, "client_order_id": {}}}),
            }
        },
        "/v1/order/{id}": {
            "get": {
                "parameters": [{"name": "order_id", "in": "path"}],
                "responses": answer(
                    {"allOf": [{"properties": {"status": {"$ref": "#/components/schemas/Status"}}}]}
                ),
            }
        },
    },
    "components": {
        "schemas": {
            "Order": {
                "properties": {
                    "symbol": {"type": "string"},
                    "order_type": {"enum": ["LIMIT", "MARKET"]},
                    "orderQuantity": {},
                }
            },
            "Status": {"enum": ["NEW", "FILLED", None]},
        }
    },
}


def test_names_are_found_behind_references_and_alternatives() -> None:
    """Of the path, the query, the body and the answer; headers that every request bears are none."""
    told = documented(SPEC)
    assert set(told) == {ORDER, READ}
    assert told[ORDER].parameters == {
        "symbol": frozenset(),
        "order_type": frozenset({"LIMIT", "MARKET"}),
        "orderQuantity": frozenset(),
    }
    assert told[ORDER].fields == {"order_id": frozenset(), "client_order_id": frozenset()}
    assert told[READ].fields == {"status": frozenset({"NEW", "FILLED"})}


@pytest.mark.parametrize(
    ("change", "operation", "kind", "name"),
    [
        (
            lambda spec: spec["paths"]["/v1/order/{id}"].update(parameters=[{"name": "tenant"}]),
            READ,
            "parameters",
            "tenant",
        ),
        (
            lambda spec: spec["components"]["schemas"]["Order"].update(required=["symbol"]),
            ORDER,
            "needed",
            "symbol",
        ),
        (
            lambda spec: spec["components"]["schemas"]["Order"]["properties"].update(
                legs={"items": {"anyOf": [{"properties": {"route": {}}}]}}
            ),
            ORDER,
            "parameters",
            "route",
        ),
    ],
)
def test_wherever_a_name_is_written(
    change: Callable[[Any], object], operation: tuple[str, str], kind: str, name: str
) -> None:
    """It is the operation's."""
    spec = copy.deepcopy(SPEC)
    change(spec)
    assert name not in getattr(documented(SPEC)[operation], kind)
    assert name in getattr(documented(spec)[operation], kind)


def test_what_is_given_up_is_left_out() -> None:
    """A deprecated operation."""
    spec = copy.deepcopy(SPEC)
    spec["paths"]["/v1/order"]["post"]["deprecated"] = True
    assert set(documented(spec)) == {READ}


def test_a_schema_that_holds_itself_is_read_once() -> None:
    """As trees of orders are written; so is a reference that leads to itself."""
    spec = copy.deepcopy(SPEC)
    schemas = spec["components"]["schemas"]
    schemas["Order"]["properties"]["symbol"] = {"items": {"$ref": "#/components/schemas/Order"}}
    schemas["Status"] = {"$ref": "#/components/schemas/Status"}
    assert documented(spec)[ORDER].parameters.keys() == documented(SPEC)[ORDER].parameters.keys()


@pytest.mark.parametrize("value", [None, 7, [], {}, {"paths": []}])
def test_what_is_no_such_file(value: object) -> None:
    """Is a typed error."""
    with pytest.raises(DecodingError):
        documented(value)
