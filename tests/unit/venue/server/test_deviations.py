"""Deviations: what each kind makes of an answer or of frames, and what is no deviation."""

from __future__ import annotations

import json
from typing import Any

import pytest

from orderly_sync.venue.server.answers import HttpAnswer
from orderly_sync.venue.server.deviations import KINDS, Deviations, read_deviations

WHERE = "GET /v1/orders"
ROWS = [{"price": 3000.5, "size": 2, "id": "7"}, {"price": 3001, "size": None, "id": "8"}]
MESSAGE = {"success": True, "timestamp": 1767225600000, "data": {"rows": ROWS, "meta": {"total": 2}}}


def written(**wanted: Any) -> str:
    """The answer with one deviation, as text."""
    deviations = read_deviations({"where": WHERE, **wanted})
    answer = HttpAnswer(200, json.dumps(MESSAGE).encode())
    return deviations.answer("GET /v1/orders", answer).body.decode()


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ({"kind": "rename", "field": "data.rows[].price", "to": "px"}, '"px":3000.5'),
        ({"kind": "add", "field": "data.rows[].tag", "value": "x"}, '"tag":"x"'),
        ({"kind": "replace", "field": "data.rows[].id", "value": "none"}, '"id":"none"'),
        ({"kind": "null", "field": "data.rows[].id"}, '"id":null'),
        ({"kind": "text", "field": "data.rows[].price"}, '"price":"3000.5"'),
        ({"kind": "number", "field": "data.rows[].id"}, '"id":8'),
        ({"kind": "exponent", "field": "data.rows[].price"}, '"price":3.0005e+3'),
        ({"kind": "decimal", "field": "timestamp"}, '"timestamp":1767225600000.5'),
        ({"kind": "shift", "field": "data.meta.total", "by": 5}, '"total":7'),
        ({"kind": "reverse", "field": "data.rows"}, '"rows":[{"price":3001'),
    ],
)
def test_a_kind_changes_what_its_path_leads_to(wanted: dict[str, Any], text: str) -> None:
    """And leaves the rest as it is."""
    assert text in written(**wanted)
    assert '"success":true' in written(**wanted)


def test_what_is_removed_or_lifted() -> None:
    """A field, and the envelope."""
    assert '"price"' not in written(kind="remove", field="data.rows[].price")
    assert written(kind="lift", field="data").startswith('{"rows":')


def test_a_null_and_what_is_not_there_stay() -> None:
    """Paths that lead nowhere change nothing."""
    assert '"size":null' in written(kind="text", field="data.rows[].size")
    assert json.loads(written(kind="remove", field="data.nothing[].price")) == MESSAGE
    assert json.loads(written(kind="rename", field="data.*.total", to="count"))["data"]["meta"] == {
        "count": 2
    }


def test_small_numbers_stay_spelt_as_they_were() -> None:
    """A deviation of one field respells no other."""
    deviations = read_deviations({"kind": "remove", "where": WHERE, "field": "data.gone"})
    text = b'{"data":{"gone":1,"factor":0.0000001,"price":3000.50}}'
    assert (
        deviations.answer(WHERE, HttpAnswer(200, text)).body
        == b'{"data":{"factor":0.0000001,"price":3000.50}}'
    )


def test_headers_status_and_pretended_answers() -> None:
    """What surrounds a body; and what is answered without being done."""
    rows = [
        {"kind": "header", "where": "GET *", "field": "X-Left", "value": "9"},
        {"kind": "status", "where": WHERE, "status": 418},
        {"kind": "pretend", "where": "PUT /v1/order", "data": {"status": "EDIT_SENT"}},
        {"kind": "refuse", "where": "GET /v1/gone", "status": 404},
        {"kind": "ignore_header", "where": "POST *", "field": "x-recv-window"},
        {"kind": "page_cap", "where": WHERE, "size": 100},
        {"kind": "lag_reads", "where": "GET *", "ms": 700},
    ]
    deviations = read_deviations(rows)
    answer = deviations.answer(WHERE, HttpAnswer(200, b"{}"))
    assert (answer.status, answer.headers) == (418, {"X-Left": "9"})
    done, gone = deviations.pretended("PUT /v1/order", 5), deviations.pretended("GET /v1/gone", 5)
    assert done is not None
    assert json.loads(done.body) == {"success": True, "timestamp": 5, "data": {"status": "EDIT_SENT"}}
    assert gone is not None
    assert (gone.status, deviations.pretended(WHERE, 5)) == (404, None)
    assert deviations.headers("POST /v1/order", {"x-recv-window": "5", "a": "b"}) == {"a": "b"}
    assert deviations.query(WHERE, {"size": "500", "page": "1"}) == {"size": "100", "page": "1"}
    assert deviations.lag_ms == 700


class Clock:
    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> int:
        return self.now


def push(topic: str, **data: Any) -> str:
    return json.dumps({"topic": topic, "ts": 5, "data": data}, separators=(",", ":"))


def test_frames_are_changed_dropped_or_swapped() -> None:
    """By their topic; others go as they are."""
    rows = [
        {"kind": "rename", "where": "*@bbo", "field": "data.ask", "to": "offer"},
        {"kind": "silent", "where": "balance"},
        {"kind": "reorder", "where": "executionreport"},
        {"kind": "cadence", "where": "tickers", "ms": 3000},
    ]
    clock = Clock()
    of = read_deviations(rows).frames(clock, lambda: None).of
    assert json.loads(of(push("PERP_ETH_USDC@bbo", ask=1))[0])["data"] == {"offer": 1}
    assert of(push("balance")) == []
    first, second = push("executionreport", n=1), push("executionreport", n=2)
    assert (of(first), of(second)) == ([], [second, first])
    assert of(push("position", n=1)) == [push("position", n=1)]
    sent = []
    for clock.now in range(0, 12_000, 1000):
        sent += [clock.now] if of(push("tickers")) else []
    assert sent == [0, 3000, 6000, 9000]


def test_acknowledgements_are_named_by_their_event() -> None:
    """A login is told, so that older sessions can be ended."""
    logins: list[int] = []
    rows = [{"kind": "one_session", "where": "auth"}, {"kind": "remove", "where": "subscribe", "field": "ts"}]
    of = read_deviations(rows).frames(lambda: 0, lambda: logins.append(1)).of
    assert of('{"id":"1","event":"auth","success":true,"ts":5}') != []
    assert of('{"id":"2","event":"auth","success":false,"ts":5}') != []
    assert logins == [1]
    assert of('{"id":"3","event":"subscribe","success":true,"ts":5}') == [
        '{"id":"3","event":"subscribe","success":true}'
    ]


@pytest.mark.parametrize(
    "wanted",
    [
        5,
        {},
        {"kind": "dance", "where": WHERE},
        {"kind": "silent"},
        {"kind": "silent", "where": 7},
        {"kind": "rename", "where": WHERE, "field": "a"},
        {"kind": "silent", "where": WHERE, "ms": 5},
        {"kind": "cadence", "where": WHERE, "ms": "5"},
        {"kind": "remove", "where": WHERE, "field": ""},
    ],
)
def test_what_is_no_deviation(wanted: object) -> None:
    """Is said before anything deviates."""
    with pytest.raises((ValueError, TypeError)):
        read_deviations([wanted])


def test_none_is_none() -> None:
    """A venue without deviations pays nothing for them."""
    assert not Deviations()
    assert len(KINDS) >= 20
