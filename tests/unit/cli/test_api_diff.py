"""``orderly-sync api diff``: what a newer OpenAPI file has."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from jsonschema import Draft202012Validator

from orderly_sync.cli.layouts import LAYOUTS

Run = Callable[..., Result]
Change = Callable[[dict[str, Any]], object]

ROOT = Path(__file__).parents[3]
FACTS = json.loads((ROOT / "tests/data/orderly/rest.json").read_text(encoding="utf-8"))


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


@pytest.fixture
def diff(run: Run, tmp_path: Path) -> Callable[[Any], list[Any]]:
    """The rows for a file."""

    def diff(spec: Any) -> list[Any]:
        path = tmp_path / "openapi.json"
        path.write_text(json.dumps(spec))
        result = run("api", "diff", path, "--json")
        rows: list[Any] = json.loads(result.stdout)
        Draft202012Validator(LAYOUTS["api diff"].schema()).validate(rows)
        assert result.exit_code == (1 if rows else 0)
        return rows

    return diff


def test_what_is_typed_is_no_news(diff: Callable[[Any], list[Any]]) -> None:
    """In any spelling, by any name of a place in the path, and without the headers that every request bears."""
    assert diff(SPEC) == []


def test_all_that_is_published_is_typed(diff: Callable[[Any], list[Any]]) -> None:
    """Each operation with each of its parameters and fields, made into one file."""
    paths: dict[str, Any] = {}
    for row in FACTS["operations"]:
        names = {
            part.replace("[]", "")
            for one in row["response"].get("fields", ())
            for part in one["path"].split(".")
        }
        fields = {name: {} for name in names if name != "data" and name[0] != "{"}
        given = [*row.get("params", ()), *(row.get("body") or {}).get("fields", ())]
        sent = {part.replace("[]", "") for one in given for part in one["name"].split(".")}
        parameters = [{"name": name, "in": "query"} for name in sent if name and name[0] != "{"]
        paths.setdefault(row["path"], {})[row["method"].lower()] = {
            "parameters": parameters,
            "responses": answer({"properties": fields}),
        }
    assert len(paths) > 150
    assert diff({"paths": paths}) == []


def add_operation(spec: dict[str, Any]) -> None:
    spec["paths"]["/v1/moon"] = {"get": {"responses": answer({})}}


def add_parameter(spec: dict[str, Any]) -> None:
    spec["paths"]["/v1/order/{id}"]["get"]["parameters"].append({"name": "verbose", "in": "query"})


def add_to_the_path(spec: dict[str, Any]) -> None:
    spec["paths"]["/v1/order/{id}"]["parameters"] = [{"name": "tenant", "in": "query"}]


def add_to_the_body(spec: dict[str, Any]) -> None:
    spec["components"]["schemas"]["Order"]["properties"]["iceberg"] = {"type": "number"}


def add_a_deep_field(spec: dict[str, Any]) -> None:
    data = spec["paths"]["/v1/order"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    data["properties"]["data"]["properties"]["order_id"] = {
        "items": {"anyOf": [{"properties": {"route": {}}}]}
    }


def add_a_value_of_a_field(spec: dict[str, Any]) -> None:
    spec["components"]["schemas"]["Status"]["enum"].append("SLEEPING")


def add_a_value_of_a_parameter(spec: dict[str, Any]) -> None:
    spec["components"]["schemas"]["Order"]["properties"]["order_type"]["enum"].append("TWAP")


@pytest.mark.parametrize(
    ("change", "row"),
    [
        (add_operation, ("operation", "GET /v1/moon", "/v1/moon")),
        (add_parameter, ("parameter", "GET /v1/order/{id}", "verbose")),
        (add_to_the_path, ("parameter", "GET /v1/order/{id}", "tenant")),
        (add_to_the_body, ("parameter", "POST /v1/order", "iceberg")),
        (add_a_deep_field, ("field", "POST /v1/order", "route")),
        (add_a_value_of_a_field, ("value", "GET /v1/order/{id}", "status=SLEEPING")),
        (add_a_value_of_a_parameter, ("value", "POST /v1/order", "order_type=TWAP")),
    ],
)
def test_each_kind_of_news_is_told(
    diff: Callable[[Any], list[Any]], change: Change, row: tuple[str, ...]
) -> None:
    """Once, by its operation and its name, wherever the file writes it."""
    spec = copy.deepcopy(SPEC)
    change(spec)
    assert [(one["kind"], one["operation"], one["name"]) for one in diff(spec)] == [row]


def test_what_is_given_up_is_no_news(diff: Callable[[Any], list[Any]]) -> None:
    """A deprecated operation need not be typed any more."""
    spec = copy.deepcopy(SPEC)
    spec["paths"]["/v1/moon"] = {"get": {"deprecated": True, "responses": answer({})}}
    assert diff(spec) == []


def test_a_schema_that_holds_itself_is_read_once(diff: Callable[[Any], list[Any]]) -> None:
    """As trees of orders are written; so is a reference that leads to itself."""
    spec = copy.deepcopy(SPEC)
    schemas = spec["components"]["schemas"]
    schemas["Order"]["properties"]["symbol"] = {"items": {"$ref": "#/components/schemas/Order"}}
    schemas["Status"] = {"$ref": "#/components/schemas/Status"}
    assert diff(spec) == []


@pytest.mark.parametrize("text", ["", "openapi: 3.0.1", "[]", "{}", "7", '{"paths": []}', "[" * 100_000])
def test_what_is_no_such_file(run: Run, tmp_path: Path, text: str) -> None:
    """Is exit code 5, and one line."""
    path = tmp_path / "openapi.json"
    path.write_text(text)
    result = run("api", "diff", path)
    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (5, "", 1)
