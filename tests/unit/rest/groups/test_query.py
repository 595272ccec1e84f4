"""The public query: each type is one method, weighs what it weighs, and its answer is understood whole."""

from __future__ import annotations

import inspect
import json
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderly_sync.errors import BadRequest, Maintenance, NotFound, RateLimited, UsageError
from orderly_sync.models.base import Model, Rows
from orderly_sync.models.pages import CursorPage
from orderly_sync.rest.groups.query import PublicQuery
from tests.unit.rest.groups.program_operations import ARGUMENTS, QUERIES, Recorder, extras, group, moments

TYPES = [query["type"] for query in QUERIES]
TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=10)
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "string": TEXT,
    "int": st.integers(1, 1000),
    "int64": st.integers(1_500_000_000_000, 1_900_000_000_000),
    "string[]": st.lists(TEXT, max_size=3),
    "decimal": st.decimals(0, 10**9, places=6),
}
SYMBOL = st.from_regex(r"PERP_[A-Z0-9]{1,5}_USDC", fullmatch=True)
SYMBOLS: dict[str, st.SearchStrategy[Any]] = {"symbol": SYMBOL, "symbols": st.lists(SYMBOL, max_size=3)}
"""A symbol goes out native however it is spelled, so here it is spelled so."""


def method(kind: str) -> str:
    return re.sub(r"[A-Z]", lambda found: f"_{found.group().lower()}", kind)


def query_of(kind: str) -> dict[str, Any]:
    return QUERIES[TYPES.index(kind)]


def ask(send: Any, kind: str, **arguments: Any) -> Any:
    return getattr(group("query", send), method(kind))(**arguments)


@pytest.mark.parametrize("query", QUERIES, ids=TYPES)
def test_a_query_takes_what_its_type_takes(query: dict[str, Any]) -> None:
    """Every parameter can be given, no other can, and the required ones must."""
    given_names = dict(inspect.signature(getattr(PublicQuery, method(query["type"]))).parameters)
    given_names.pop("self")
    wanted = {ARGUMENTS.get(name, name): required for name, _, required in query["parameters"]}

    assert wanted == {name: item.default is item.empty for name, item in given_names.items()}


@pytest.mark.parametrize("query", QUERIES, ids=TYPES)
def test_the_published_query_is_sent_and_its_answer_understood_whole(query: dict[str, Any]) -> None:
    """The example's body goes out as it is printed, and nothing of the example's answer is left over."""
    recorder = Recorder(query["answer"])
    asked = {ARGUMENTS.get(name, name): value for name, value in query["request"].items() if name != "type"}

    answer = ask(recorder, query["type"], **asked)

    (request,) = recorder.requests
    assert query["request"] == json.loads(request.body)
    assert (request.method, request.path, request.signed) == ("POST", "/v1/public/query", False)
    assert query["weight"] == request.weight
    assert request.is_read
    assert extras(answer) == {}
    assert all(moments(answer).values())
    assert isinstance(answer, (Model, Rows, CursorPage))
    if not isinstance(answer, Model):
        assert len(query["answer"]["data"]["rows"]) == len(answer)


@pytest.mark.parametrize("query", QUERIES, ids=TYPES)
@settings(max_examples=10)
@given(data=st.data())
def test_any_valid_query_carries_its_arguments(query: dict[str, Any], data: st.DataObject) -> None:
    """Whatever is given stands in the body under its wire name, and nothing else but the type."""
    body = {
        name: data.draw(SYMBOLS.get(name, KINDS[kind]))
        for name, kind, required in query["parameters"]
        if required or data.draw(st.booleans())
    }
    if {"start_time", "end_time"} <= set(body):
        body["start_time"], body["end_time"] = sorted((body["start_time"], body["end_time"]))
    recorder = Recorder(query["answer"])

    ask(recorder, query["type"], **{ARGUMENTS.get(name, name): value for name, value in body.items()})

    sent = json.loads(recorder.requests[0].body)
    assert sent.pop("type") == query["type"]
    if "min_notional" in body:
        assert body.pop("min_notional") == Decimal(sent.pop("min_notional"))
    assert body == sent


def test_every_method_is_a_published_type() -> None:
    """No query is left out of the tests above."""
    methods = {
        name for name, _ in inspect.getmembers(PublicQuery, inspect.isfunction) if not name.startswith("_")
    }

    assert methods == {method(kind) for kind in TYPES}


def test_a_list_is_followed_by_its_cursor() -> None:
    """``each()`` asks again with the cursor and the same arguments, at the same weight, until there is none."""
    row = query_of("openOrders")["answer"]["data"]["rows"][0]
    pages = [
        {
            "success": True,
            "data": {"rows": [{**row, "order_id": str(number)}], "next_cursor": cursor},
            "ts": 1,
        }
        for number, cursor in ((1, "a"), (2, "b"), (3, None))
    ]
    recorder = Recorder(*pages)

    rows = list(ask(recorder, "openOrders", address="0xab", limit=1).each())

    assert [order.order_id for order in rows] == [1, 2, 3]
    bodies = [json.loads(request.body) for request in recorder.requests]
    assert [body.pop("cursor", None) for body in bodies] == [None, "a", "b"]
    assert bodies == [{"type": "openOrders", "address": "0xab", "limit": 1}] * 3
    assert {5} == {request.weight for request in recorder.requests}


def test_totals_beside_the_rows_are_kept() -> None:
    """The platform's totals and the time of the ranking stand on their pages."""
    positions = ask(Recorder(query_of("platformPositions")["answer"]), "platformPositions")
    wallets = ask(Recorder(query_of("topAddresses")["answer"]), "topAddresses")

    assert (Decimal(50000), Decimal(45000), 1234) == (
        positions.total_long_notional,
        positions.total_short_notional,
        positions.total_positions,
    )
    assert wallets.last_updated_time == 1_779_269_143_700


def test_parts_that_were_not_asked_for_are_empty() -> None:
    """A detail of one part has no others, and a wallet without position has one without symbol."""
    detail = ask(Recorder({"success": True, "data": {"symbol": "X"}, "ts": 1}), "marketDetail", symbol="X")
    context = ask(Recorder(query_of("positionContext")["answer"]), "positionContext", address="a", symbol="X")

    assert (detail.orderbook, detail.recent_trades, detail.candles) == (None, (), ())
    assert context.position.symbol is None
    assert Decimal("70305.1") == context.market.mark_price


def test_words_of_the_query_alone_keep_their_text() -> None:
    """OPEN and STOP_MARKET are known to no other list."""
    (order,) = ask(Recorder(query_of("openOrders")["answer"]), "openOrders", address="a")

    assert (order.status, order.type, order.trigger_status) == ("OPEN", "STOP_MARKET", "PENDING")
    assert not order.status.is_final


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("UNKNOWN_TYPE", 400, BadRequest),
        ("MISSING_PARAM", 400, BadRequest),
        ("INVALID_PARAM", 400, BadRequest),
        ("ADDRESS_NOT_FOUND", 404, NotFound),
        ("ORDER_NOT_FOUND", 404, NotFound),
        ("SERVICE_UNAVAILABLE", 503, Maintenance),
        ("POSITION_CALC_TIMEOUT", 503, Maintenance),
    ],
)
def test_codes_in_words_are_errors_of_their_kind(code: str, status: int, kind: type[Exception]) -> None:
    """The query's codes are words; they decide as numbers do elsewhere."""
    recorder = Recorder({"success": False, "code": code, "message": "no", "ts": 1}, status=status)

    with pytest.raises(kind) as refused:
        group("query", recorder).order_status("0xab", 1)

    assert code == refused.value.code  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("told", "seconds"),
    [(1500, 1.5), (0, 0.0), (10**9, 60.0), (-1, None), ("soon", None), (None, None), (True, None)],
)
def test_how_long_to_wait_is_read_from_the_body(told: Any, seconds: float | None) -> None:
    """The query says in milliseconds when to come back; what is senseless is as if it had not been said."""
    answer = {"success": False, "code": "RATE_LIMIT_EXCEEDED", "message": "slow", "retry_after": told}

    with pytest.raises(RateLimited) as refused:
        ask(Recorder(answer, status=429), "rateLimitStatus")

    assert seconds == refused.value.retry_after


def test_an_order_id_must_be_a_number() -> None:
    """An id that is none is refused before anything is sent."""
    recorder = Recorder({})

    with pytest.raises(UsageError, match="order_id"):
        group("query", recorder).order_status("0xab", "latest")
    assert recorder.requests == []
