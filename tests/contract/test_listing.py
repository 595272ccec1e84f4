"""What ``orderly-sync api list`` prints is what there is."""

from __future__ import annotations

import inspect
import json

import pytest
from click.testing import CliRunner

from orderly_sync.cli.api import api
from orderly_sync.rest.listing import operations
from orderly_sync.rest.sources import SOURCES
from orderly_sync.venue.server.routes.table import ROUTES
from orderly_sync.wire.operations import OPERATIONS
from orderly_sync.wire.rate_limits import COUNTED_BY_WEIGHT, COUNTED_ELSEWHERE, RATE_LIMITS, UNSTATED
from orderly_sync.wire.topic_list import ALL
from tests.contract.calls import called, methods
from tests.contract.published import NEWER, ORACLE_PUSH, QUERIES, RETIRED, published


def test_each_method_is_listed_with_the_operation_it_performs():
    """A table says which; calling them tells the same, and the table has no row besides."""
    listed = {
        item.call.partition("(")[0]: (f"{item.method} {item.path}", item.signed) for item in operations()
    }
    performed = {name: called(name, everything=False) for name in methods()}

    assert listed == {name: (call.op, call.signed) for name, call in performed.items()}
    assert list(OPERATIONS) == [item.call.partition("(")[0] for item in operations()]


def test_listing_needs_no_source(monkeypatch):
    """Also where only compiled modules are installed."""

    def refuse(*_):
        raise OSError("could not get source code")

    monkeypatch.setattr(inspect, "getsource", refuse)
    monkeypatch.setattr(inspect, "getsourcelines", refuse)
    assert len(operations()) == len(OPERATIONS)


@pytest.mark.parametrize(
    "table",
    [RATE_LIMITS, UNSTATED, COUNTED_BY_WEIGHT, COUNTED_ELSEWHERE, SOURCES],
    ids=["limits", "without a limit", "by weight", "counted elsewhere", "sources"],
)
def test_what_is_said_of_an_operation_is_said_of_one_that_exists(table):
    """A row with a misspelt path would never be looked up."""
    assert set(table) <= {(each.method, each.path) for each in OPERATIONS.values()}


@pytest.mark.parametrize("key", ROUTES, ids=" ".join)
def test_the_paper_venue_serves_operations_only(key):
    """Each as the client knows it: under that path, and signed or not alike."""
    found = {each.signed for each in OPERATIONS.values() if (each.method, each.path) == key}

    assert found == {ROUTES[key].scope is not None}


def test_all_published_operations_are_listed():
    """The 229 current ones, the retired, the vault host's and one row a query."""
    listed = [f"{item.method} {item.path}" for item in operations()]

    assert set(published()) | {"POST /v1/public/query"} == set(listed)
    assert listed.count("POST /v1/public/query") == len(QUERIES)


def test_retired_operations_are_marked():
    """What the venue has given up says so, and nothing else does."""
    assert {f"{item.method} {item.path}" for item in operations() if item.retired} == {
        row["op"] for row in RETIRED
    }


def test_each_operation_names_where_it_is_known_from():
    """The OpenAPI files, or for what they lack the very source that the data name."""
    sources = {f"{item.method} {item.path}": item.source for item in operations()}
    newer = {row["op"]: row["source"] for row in NEWER}

    assert {op: source for op, source in sources.items() if source != "openapi"} == newer


def test_every_operation_says_what_it_does():
    """No row is without a sentence."""
    assert [item.call for item in operations() if len(item.summary) < 10] == []


def test_the_command_prints_one_json_array():
    """Operations and topics are rows of one array, each with method, path and call."""
    printed = CliRunner().invoke(api, ["list", "--json"])
    rows = json.loads(printed.output)

    assert printed.exit_code == 0
    assert len(rows) == len(operations()) + len(ALL) + 1
    assert all(row["method"] and row["path"] and row["call"] for row in rows)
    assert {"method": "POST", "path": "/v1/order"}.items() <= next(
        row for row in rows if row["call"].startswith("rest.orders.create(")
    ).items()


def test_the_command_prints_what_is_pushed():
    """A builder's index prices, with their source, which every operation has too."""
    rows = json.loads(CliRunner().invoke(api, ["list", "--json"]).output)

    assert [row for row in rows if row["method"] == "PUBLISH"] == [
        {
            "method": "PUBLISH",
            "path": ORACLE_PUSH["send"]["topic"],
            "call": "OracleFeed.publish(base_ccy, price)",
            "source": ORACLE_PUSH["source"],
        }
    ]
    assert all(row["source"] for row in rows if row["call"].startswith("rest."))


def test_the_command_prints_lines_for_people():
    """Without --json each row is one line."""
    printed = CliRunner().invoke(api, ["list"])
    assert printed.output.count("\n") == len(operations()) + len(ALL) + 1
