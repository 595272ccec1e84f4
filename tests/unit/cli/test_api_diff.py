"""``orderly-sync api diff``: what a newer file of the venue has, has no longer, or says otherwise."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from jsonschema import Draft202012Validator

from orderly_sync.cli.layouts import LAYOUTS
from orderly_sync.cli.published import published_operations, published_pages, written

Run = Callable[..., Result]
Diff = Callable[[Any], list[Any]]

ROOT = Path(__file__).parents[3]
FACTS = json.loads((ROOT / "tests/data/orderly/rest.json").read_text(encoding="utf-8"))
PAGE = re.compile(
    r"/docs/build-on-omnichain/((?:restful-api|websocket-api)/(?:public|private)/[A-Za-z0-9_-]+)"
)


def published() -> dict[str, Any]:
    """An OpenAPI file that says what was published when this package was made."""
    paths: dict[str, Any] = {}
    for (verb, path), names in published_operations().items():
        given = [
            {
                "name": name,
                "in": "query",
                "required": name in names.needed,
                "schema": {"enum": sorted(values)},
            }
            for name, values in names.parameters.items()
        ]
        fields = {name: {"enum": sorted(values)} for name, values in names.fields.items()}
        schema = {"properties": {"success": {}, "timestamp": {}, "data": {"properties": fields}}}
        paths.setdefault(path, {})[verb.lower()] = {
            "parameters": given,
            "responses": {"200": {"content": {"application/json": {"schema": schema}}}},
        }
    return {"openapi": "3.0.1", "paths": paths}


@pytest.fixture
def diff(run: Run, tmp_path: Path) -> Diff:
    """The rows for a file."""

    def diff(spec: Any) -> list[Any]:
        path = tmp_path / "openapi.json"
        path.write_text(spec if isinstance(spec, str) else json.dumps(spec))
        result = run("api", "diff", path, "--json")
        rows: list[Any] = json.loads(result.stdout)
        Draft202012Validator(LAYOUTS["api diff"].schema()).validate(rows)
        assert result.exit_code == (1 if rows else 0)
        return rows

    return diff


def test_what_was_published_is_no_news(run: Run, diff: Diff, tmp_path: Path) -> None:
    """Nothing new, nothing gone, and it says so in a line."""
    assert diff(published()) == []
    result = run("api", "diff", tmp_path / "openapi.json")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "openapi.json: nothing new\n")


def test_all_facts_that_are_held_are_typed(diff: Diff) -> None:
    """Each operation with each of its parameters and fields, from the facts that tests compare with: none is new."""
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
        schema = {"properties": {"data": {"properties": fields}}}
        paths.setdefault(row["path"], {})[row["method"].lower()] = {
            "parameters": parameters,
            "responses": {"200": {"content": {"application/json": {"schema": schema}}}},
        }
    assert len(paths) > 150
    told = [row["says"] for row in diff({"paths": paths})]
    assert [one for one in told if "typed" in one or "performs" in one] == []


def parameters(spec: Any, path: str, verb: str) -> list[Any]:
    given: list[Any] = spec["paths"][path][verb]["parameters"]
    return given


def fields(spec: Any, path: str, verb: str) -> dict[str, Any]:
    schema = spec["paths"][path][verb]["responses"]["200"]["content"]["application/json"]["schema"]
    inner: dict[str, Any] = schema["properties"]["data"]["properties"]
    return inner


def one(spec: Any, path: str, verb: str, name: str) -> Any:
    return next(row for row in parameters(spec, path, verb) if row["name"] == name)


def drop(spec: Any, path: str, verb: str, name: str) -> None:
    parameters(spec, path, verb).remove(one(spec, path, verb, name))


def move(spec: Any, old: str, new: str) -> None:
    spec["paths"][new] = spec["paths"].pop(old)


PLANTED: tuple[tuple[Callable[[Any], object], str, str], ...] = (
    (
        lambda s: s["paths"].update({"/v1/moon": {"get": {"summary": "x"}}}),
        "operation",
        "GET /v1/moon /v1/moon",
    ),
    (
        lambda s: s["paths"]["/v1/orders"].update(patch={"summary": "x"}),
        "operation",
        "PATCH /v1/orders /v1/orders",
    ),
    (
        lambda s: s["paths"].pop("/v1/funding_fee/history"),
        "operation",
        "GET /v1/funding_fee/history /v1/funding_fee/history",
    ),
    (
        lambda s: s["paths"]["/v1/kline"]["get"].update(deprecated=True),
        "operation",
        "GET /v1/kline /v1/kline",
    ),
    (lambda s: move(s, "/v1/trades", "/v2/trades"), "operation", "GET /v2/trades /v2/trades"),
    (lambda s: None, "operation", "GET /v1/trades /v1/trades"),
    (
        lambda s: parameters(s, "/v1/order", "post").append({"name": "iceberg"}),
        "parameter",
        "POST /v1/order iceberg",
    ),
    (
        lambda s: parameters(s, "/v1/positions", "get").append({"name": "verbose"}),
        "parameter",
        "GET /v1/positions verbose",
    ),
    (
        lambda s: parameters(s, "/v1/order/{order_id}", "get").append({"name": "tenant"}),
        "parameter",
        "GET /v1/order/{order_id} tenant",
    ),
    (lambda s: drop(s, "/v1/orders", "get", "order_tag"), "parameter", "GET /v1/orders order_tag"),
    (
        lambda s: drop(s, "/v1/order", "post", "visible_quantity"),
        "parameter",
        "POST /v1/order visible_quantity",
    ),
    (
        lambda s: one(s, "/v1/order", "post", "client_order_id").update(required=True),
        "parameter",
        "POST /v1/order client_order_id",
    ),
    (
        lambda s: fields(s, "/v1/positions", "get").update(hedge_qty={}),
        "field",
        "GET /v1/positions hedge_qty",
    ),
    (
        lambda s: fields(s, "/v1/client/holding", "get").update(vip={"properties": {"vip_tier": {}}}),
        "field",
        "GET /v1/client/holding vip",
    ),
    (lambda s: None, "field", "GET /v1/client/holding vip_tier"),
    (lambda s: fields(s, "/v1/orders", "get").pop("total_fee"), "field", "GET /v1/orders total_fee"),
    (
        lambda s: fields(s, "/v1/public/info", "get").pop("base_tick"),
        "field",
        "GET /v1/public/info base_tick",
    ),
    (
        lambda s: one(s, "/v1/order", "post", "order_type")["schema"]["enum"].append("TWAP"),
        "value",
        "POST /v1/order order_type=TWAP",
    ),
    (
        lambda s: one(s, "/v1/order", "post", "side")["schema"]["enum"].append("SHORT"),
        "value",
        "POST /v1/order side=SHORT",
    ),
    (
        lambda s: one(s, "/v1/order", "post", "margin_mode")["schema"]["enum"].remove("ISOLATED"),
        "value",
        "POST /v1/order margin_mode=ISOLATED",
    ),
    (
        lambda s: fields(s, "/v1/orders", "get")["status"].update(enum=["NEW", "SLEEPING"]),
        "value",
        "GET /v1/orders status=SLEEPING",
    ),
)
"""Changes of a file, each with the row that names it; some are named by two rows."""


def test_each_of_twenty_changes_is_named(diff: Diff) -> None:
    """New, gone and changed operations, parameters, fields and values, all in one file; and nothing else is."""
    spec = copy.deepcopy(published())
    for change, _, _ in PLANTED:
        change(spec)
    told = {(row["kind"], f"{row['operation']} {row['name']}") for row in diff(spec)}
    wanted = {(kind, words) for _, kind, words in PLANTED}
    assert len(wanted) >= 20
    assert wanted - told == set()
    assert told - wanted == set()


def index(pages: set[str]) -> str:
    return "\n".join(
        f"- [{page}](https://orderly.network/docs/build-on-omnichain/{page}.md): a page"
        for page in sorted(pages)
    )


def test_an_index_of_pages_tells_topics_and_operations(diff: Diff) -> None:
    """As the venue's llms.txt lists them: new ones, and those that are gone."""
    pages = set(published_pages())
    assert diff(index(pages)) == []
    pages -= {"websocket-api/public/bbo"}
    pages |= {"websocket-api/private/margin-call", "restful-api/private/moon"}
    told = [(row["kind"], row["operation"], row["says"]) for row in diff(index(pages))]
    assert told == [
        ("operation", "restful-api/private/moon", "no docstring of this package links its page"),
        ("topic", "websocket-api/private/margin-call", "no docstring of this package links its page"),
        ("topic", "websocket-api/public/bbo", "its page is gone"),
    ]


def test_the_pages_that_are_held_are_those_that_docstrings_link() -> None:
    """So that a page which is linked is known."""
    linked = {
        page
        for file in (ROOT / "orderly_sync").rglob("*.py")
        for page in PAGE.findall(file.read_text(encoding="utf-8"))
    }
    assert published_pages() == linked


def test_the_file_is_written_as_it_is_read() -> None:
    """An operation a line, so that a change of it can be read."""
    file = ROOT / "orderly_sync" / "cli" / "published.json"
    assert written(published_operations(), published_pages()) == file.read_text(encoding="utf-8")
    assert len(published_operations()) > 220


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "openapi: 3.0.1",
            "[]",
            "{}",
            "7",
            '{"paths": []}',
            "[" * 100_000,
            "x /docs/build-on-omnichain/ y",
        ),
        "info: {}\nopenapi: 3.0.1\nservers: x  # see https://orderly.network/docs/build-on-omnichain/restful-api/private/create-order",
    ],
)
def test_what_is_no_such_file(run: Run, tmp_path: Path, text: str) -> None:
    """Is exit code 5, and one line."""
    path = tmp_path / "openapi.json"
    path.write_text(text)
    result = run("api", "diff", path)
    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (5, "", 1)
