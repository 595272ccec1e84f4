"""Every method against the published operations: verb, path, names, required flags, scope and answer."""

from __future__ import annotations

import json
import re

import pytest

from orderly_sync.wire.rate_limits import DEFAULT, RateLimit, rate_limit
from tests.contract import deviations
from tests.contract.calls import Call, answered, called, methods
from tests.contract.published import NEWER, OPERATIONS, QUERIES, RETIRED, VAULT_HOST, published
from tests.contract.shapes import extras, find, fits

METHODS = tuple(methods())
ROWS = published()
QUERY = "POST /v1/public/query"


def test_the_published_data_are_whole():
    """All operations that are counted on the pages were read."""
    assert (len(OPERATIONS), len(RETIRED), len(VAULT_HOST), len(QUERIES)) == (229, 16, 23, 24)
    assert len(NEWER) == 17


def test_every_published_operation_has_one_method():
    """No operation is missing, none is there twice, none is invented; what is missing is listed exactly."""
    ops = [called(name, everything=False).op for name in METHODS]
    once = [op for op in ops if op != QUERY]

    assert sorted(set(once)) == sorted(once)
    assert set(ROWS) - set(once) == deviations.MISSING
    assert set(once) - set(ROWS) == set()


def test_every_type_of_the_public_query_has_one_method():
    """The one call that answers many questions is one method a question."""
    asked = [called(name, everything=False) for name in METHODS]
    assert sorted(row["type"] for row in QUERIES) == sorted(
        call.body["type"] for call in asked if call.op == QUERY
    )


def _row(name):
    return ROWS.get(called(name, everything=False).op)


DOCUMENTED = [name for name in METHODS if _row(name)]


def _wire_names(row) -> set[str]:
    body = (row.get("body") or {}).get("fields", [])
    return (
        {param["name"] for param in row["params"]}
        | {field["name"] for field in body if not re.search(r"[.\[]", field["name"])}
        | {header["name"] for header in row.get("extra_headers", [])}
    )


def _required(row) -> set[str]:
    body = (row.get("body") or {}).get("fields", [])
    fields = [field for field in [*row["params"], *body] if not re.search(r"[.\[]", field["name"])]
    return {field["name"] for field in fields if field.get("required") and not field.get("conditional")}


def _sent(call: Call) -> set[str]:
    return {*call.at, *call.query, *call.body, *call.headers}


@pytest.mark.parametrize("name", DOCUMENTED)
def test_parameters_have_their_published_names(name):
    """Given everything, a method sends exactly the published names, each where it belongs."""
    row, call = _row(name), called(name, everything=True)
    absent, beyond, _ = deviations.NAMES.get(call.op, (frozenset(), frozenset(), ""))

    assert _wire_names(row) - absent == _sent(call) - beyond
    assert {param["name"] for param in row["params"] if param["in"] == "path"} == call.at
    assert call.query <= {param["name"] for param in row["params"] if param["in"] == "query"} | beyond


def _python(wire: str) -> str:
    snake = re.sub(r"(?<=[a-z])([A-Z])", lambda match: f"_{match[1].lower()}", wire)
    return deviations.RENAMED.get(wire, snake)


def _inside(value, path="") -> set[str]:
    if isinstance(value, dict):
        return {
            inner
            for key, item in value.items()
            for inner in {f"{path}.{key}", *_inside(item, f"{path}.{key}")}
        }
    return (
        {inner for item in value for inner in _inside(item, f"{path}[]")}
        if isinstance(value, list)
        else set()
    )


@pytest.mark.parametrize("name", [name for name in DOCUMENTED if (_row(name).get("body"))])
def test_parts_of_a_body_have_their_published_names(name):
    """What stands inside lists and objects of a body is named as on the page."""
    row, call = _row(name), called(name, everything=True)
    beyond, _ = deviations.INSIDE.get(call.op, (frozenset(), ""))
    known = {field["name"] for field in row["body"]["fields"]}
    inner = {path.removeprefix(".") for path in _inside(call.body)}

    assert beyond == {path for path in inner if re.search(r"[.\[]", path)} - known


@pytest.mark.parametrize("name", DOCUMENTED)
def test_arguments_are_named_after_the_wire(name):
    """A reader of the venue's pages finds the same names here, in snake_case."""
    row, call = _row(name), called(name, everything=True)
    absent, beyond, _ = deviations.NAMES.get(call.op, (frozenset(), frozenset(), ""))

    assert {_python(wire) for wire in (_wire_names(row) - absent) | beyond} == set(call.arguments)


@pytest.mark.parametrize("name", DOCUMENTED)
def test_required_parameters_are_required_here(name):
    """What the venue requires has no default, and nothing else is demanded."""
    row, call = _row(name), called(name, everything=False)
    lax, strict, _ = deviations.REQUIRED.get(call.op, (frozenset(), frozenset(), ""))

    assert {_python(wire) for wire in (_required(row) - lax) | strict} == call.required
    assert _required(row) - lax <= _sent(call)


@pytest.mark.parametrize("name", DOCUMENTED)
def test_requests_are_signed_where_the_venue_wants_a_key(name):
    """Private operations are signed, public ones are not."""
    row, call = _row(name), called(name, everything=False)
    assert (
        (row["auth"]["kind"] == "private") != (call.op in deviations.SCOPES)
        if call.signed
        else (row["auth"]["kind"] == "public") != (call.op in deviations.SCOPES)
    )


@pytest.mark.parametrize("name", DOCUMENTED)
def test_answers_have_a_typed_place_for_every_published_field(name):
    """Every published path of the answer is a field of the method's result, of a type that can hold it."""
    row, call = _row(name), called(name, everything=False)
    absent, _ = deviations.ANSWER_FIELDS.get(call.op, (frozenset(), ""))
    wrong, _ = deviations.TYPES.get(call.op, (frozenset(), ""))
    homeless, unfit = set(), set()
    for field in row["response"]["fields"]:
        path = field["path"].removeprefix("data.") if field["path"] != "data" else ""
        path = re.sub(r"^data\[\]\.?", "[].", path).strip(".")
        if not path:
            continue
        place = find(call.result, path)
        if place.kind is None:
            homeless.add(path)
        elif not fits(field["type"], place.kind):
            unfit.add(path)

    assert absent == homeless
    assert wrong == unfit


@pytest.mark.parametrize("name", DOCUMENTED)
def test_the_published_answer_is_understood_whole(name):
    """The page's own example becomes the result, with nothing left over."""
    row, call = _row(name), called(name, everything=False)
    left, _ = deviations.LEFT_OVER.get(call.op, (frozenset(), ""))

    assert left == set(extras(answered(name, json.dumps(row["response"]["example"]).encode())))


@pytest.mark.parametrize("query", QUERIES, ids=[row["type"] for row in QUERIES])
def test_a_public_query_is_asked_and_understood(query):
    """A query sends its published parameters and understands its published answer."""
    name = next(
        name
        for name in METHODS
        if (call := called(name, everything=False)).op == QUERY and call.body["type"] == query["type"]
    )
    call = called(name, everything=True)
    left, _ = deviations.LEFT_OVER.get(query["type"], (frozenset(), ""))

    assert {param["name"] for param in query["params"]} | {"type"} == set(call.body)
    assert left == set(extras(answered(name, json.dumps(query["response_example"]).encode())))


@pytest.mark.parametrize("op", sorted(ROWS))
def test_rate_limits_are_the_published_ones(op):
    """What the client keeps is what the page says; where it says nothing, the venue's usual limit."""
    said = ROWS[op]["rate_limit"]
    method, path = op.split(" ")
    assert rate_limit(method, path) == (RateLimit(said["requests"], said["seconds"]) if said else DEFAULT)
