"""Each method puts on the wire exactly what its published operation wants."""

from __future__ import annotations

import base64
import inspect
import json
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import base58
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from orderly_sync.errors import UsageError
from orderly_sync.rest.retired import is_retired
from orderly_sync.signing import Secret, request_message
from tests.unit.rest.groups.program_operations import IDS, OPERATIONS, Operation, Recorder, group_class, run

SEED = bytes(range(32, 64))
NOW = 1_769_817_600_000
TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=10)
NUMBERS = st.decimals(0, 10**9, places=9) | st.integers(0, 10**12) | st.floats(0, 1e9)
SYMBOL = st.from_regex(r"PERP_[A-Z0-9]{1,5}_USDC", fullmatch=True)
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "text": TEXT,
    "slug": st.from_regex(r"[A-Z0-9_]{1,36}", fullmatch=True),
    "int": st.integers(0, 2**53),
    "page": st.integers(1, 1000),
    "size": st.integers(1, 500),
    "number": NUMBERS | st.decimals(0, 10**9, places=9).map(lambda value: format(value, "f")),
    "bool": st.booleans(),
    "accounts": st.lists(TEXT, min_size=1, max_size=4),
    "symbols": st.lists(st.from_regex(r"PERP_[A-Z0-9]{1,5}_USDC", fullmatch=True), min_size=1, max_size=3),
    "rates": st.dictionaries(SYMBOL, NUMBERS, max_size=3),
}
MOMENTS = st.integers(1_500_000_000_000, 1_900_000_000_000)


@st.composite
def arguments_of(draw: st.DrawFn, operation: Operation) -> dict[str, Any]:
    """Random valid arguments: the required ones, and any of the others."""
    chosen: dict[str, Any] = {}
    moments = sorted((draw(MOMENTS), draw(MOMENTS)))
    for parameter in operation.parameters:
        if not operation.demands(parameter) and draw(st.booleans()):
            continue
        moment = moments[parameter.name.startswith("end") or parameter.name.endswith("_end")]
        if parameter.kind == "day":
            day = datetime.fromtimestamp(moment / 1000, tz=timezone.utc).date()
            value: Any = draw(st.sampled_from([day, day.isoformat()]))
        elif parameter.kind == "ms":
            exact = datetime.fromtimestamp(moment // 1000, tz=timezone.utc)
            value = draw(st.sampled_from([moment, exact.replace(microsecond=moment % 1000 * 1000)]))
        elif isinstance(parameter.kind, list):
            value = draw(st.sampled_from(parameter.kind))
        else:
            # A symbol goes out native however it is spelled, so here it is spelled so.
            value = draw(SYMBOL if parameter.wire == "symbol" else KINDS[parameter.kind])
        chosen[parameter.name] = value
    return chosen


def meant(kind: Any, value: Any) -> Any:
    """What JSON must hold for a value."""
    if kind == "number":
        return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if kind == "rates":
        return {symbol: meant("number", rate) for symbol, rate in value.items()}
    if isinstance(value, datetime):
        return round(value.timestamp() * 1000)
    return value.isoformat() if isinstance(value, date) else value


def in_url(kind: Any, value: Any) -> str:
    """The percent-encoded text that a URL must hold for a value."""
    value = meant(kind, value)
    if isinstance(value, bool):
        value = "true" if value else "false"
    if isinstance(value, list):
        value = ",".join(value)
    return quote(format(value, "f") if isinstance(value, Decimal) else str(value), safe="")


def expected(operation: Operation, arguments: dict[str, Any]) -> tuple[str, dict[str, str], dict[str, Any]]:
    """Path, query and body that these arguments must become, by the published operation alone."""
    path, query, body = operation.path, {}, {}
    defaults = inspect.signature(operation.function).parameters
    for parameter in operation.parameters:
        value = arguments.get(parameter.name, defaults[parameter.name].default)
        if value is None:
            continue
        if parameter.place == "path":
            path = path.replace(f"{{{parameter.wire}}}", in_url(parameter.kind, value))
        elif parameter.place == "query":
            query[parameter.wire] = in_url(parameter.kind, value)
        else:
            body[parameter.wire] = meant(parameter.kind, value)
    return path, query, body


@pytest.mark.parametrize("operation", OPERATIONS, ids=IDS)
@settings(max_examples=12)
@given(data=st.data())
def test_any_valid_call_becomes_the_published_request(operation: Operation, data: st.DataObject) -> None:
    """Verb, path, query, body and signature are what the published rules make of the arguments."""
    arguments = data.draw(arguments_of(operation))
    recorder = Recorder(operation.answer)

    run(operation.call, recorder, **arguments)

    (request,) = recorder.requests
    path, query, body = expected(operation, arguments)
    sent_path, _, sent_query = request.target.partition("?")
    sent = json.loads(request.body, parse_float=Decimal) if request.body else {}
    assert (operation.method, operation.path) == (request.method, request.path)
    assert operation.signed is request.signed
    assert path == sent_path
    assert query == dict(pair.split("=") for pair in sent_query.split("&") if pair)
    assert body == sent
    text = f"{NOW}{operation.method}{request.target}".encode() + request.body
    secret = Secret(base58.b58encode(SEED).decode())
    assert base64.urlsafe_b64encode(SigningKey(SEED).sign(text).signature).decode() == secret.sign(
        request_message(NOW, request.method, request.target, request.body)
    )


@pytest.mark.parametrize("operation", OPERATIONS, ids=IDS)
def test_arguments_are_those_of_the_published_operation(operation: Operation) -> None:
    """Every parameter can be given, no other can, and the required ones must."""
    given = dict(inspect.signature(operation.function).parameters)
    given.pop("self")

    assert {parameter.name for parameter in operation.parameters} == set(given)
    for parameter in operation.parameters:
        assert operation.demands(parameter) is (given[parameter.name].default is inspect.Parameter.empty)


@pytest.mark.parametrize("operation", OPERATIONS, ids=IDS)
def test_a_value_the_venue_does_not_know_is_refused(operation: Operation) -> None:
    """Where the published operation lists its values, others are refused by name before anything is sent."""
    for parameter in operation.parameters:
        if isinstance(parameter.kind, list):
            recorder = Recorder(operation.answer)
            with pytest.raises(UsageError, match=parameter.name):
                run(operation.call, recorder, **{**operation.required, parameter.name: "sideways"})
            assert recorder.requests == []


@pytest.mark.parametrize("call", ["referral.edit_description", "referral.edit_referee_description"])
def test_a_description_is_removed_by_a_null(call: str) -> None:
    """The venue removes a description that is null and leaves one that is absent."""
    recorder = Recorder({"success": True, "timestamp": 5, "data": None})

    answer = run(call, recorder, user_address="0xab", description=None)

    assert recorder.requests[0].body == b'{"user_address":"0xab","description":null}'
    assert answer.timestamp == 5


def test_no_override_of_a_tag_is_an_empty_map_and_an_absent_one_leaves_them() -> None:
    """The venue removes all overrides for an empty map, and keeps them where there is none."""
    recorder = Recorder({"success": True})

    run("order_tags.update", recorder, enum_id="GRID", pair_overrides={})
    run("order_tags.update", recorder, enum_id="GRID", name="Grid")

    assert [request.body for request in recorder.requests] == [b'{"pair_overrides":{}}', b'{"name":"Grid"}']


@pytest.mark.parametrize(
    "call", ["fees.set_default", "referral.reset_rebate_rate", "multilevel.reset_affiliate"]
)
@pytest.mark.parametrize("wrong", ["0xab", [], ["0x1"] * 501])
def test_account_lists_are_lists_of_a_size_the_venue_takes(call: str, wrong: Any) -> None:
    """One text for a list, no account and more than 500 are refused before anything is sent."""
    recorder = Recorder({"success": True})

    with pytest.raises(UsageError, match="account_ids"):
        run(call, recorder, account_ids=wrong)
    assert recorder.requests == []


@pytest.mark.parametrize(
    ("call", "arguments", "what"),
    [
        ("user_data.leaderboard", {"start_date": "2026-02-01", "end_date": "2026-01-01"}, "comes before"),
        ("admin.orders", {"start": NOW, "end": NOW - 1}, "comes before"),
        ("admin.orders", {"update_start": NOW, "update_end": NOW - 1}, "comes before"),
        ("admin.algo_orders", {"start": NOW, "end": NOW - 1}, "comes before"),
        ("admin.trades", {"size": 501}, "size"),
        ("admin.trades", {"start": 1_769_817_600}, "seconds"),
        ("admin.position", {"symbol": "../x"}, "path"),
        ("order_tags.get", {"enum_id": "A?b"}, "path"),
        ("order_tags.create", {"enum_id": "A", "name": "a", "default_fee_rate": "a lot"}, "default_fee_rate"),
        ("fees.update_default", {"maker_fee_rate": float("nan"), "taker_fee_rate": 0}, "maker_fee_rate"),
    ],
)
def test_what_cannot_be_right_is_refused_before_it_is_sent(
    call: str, arguments: dict[str, Any], what: str
) -> None:
    """Spans that run backwards, pages too large, seconds, smuggled paths and no numbers: a UsageError says which."""
    recorder = Recorder({"success": True})

    with pytest.raises(UsageError, match=what):
        run(call, recorder, **arguments)
    assert recorder.requests == []


def test_retired_operations_are_marked_and_say_so() -> None:
    """All of the rewards bear the mark, in a form tools can read and in their docstring; nothing else here does."""
    for operation in OPERATIONS:
        is_reward = operation.call.startswith("rewards.")
        assert is_retired(operation.function) is is_reward
        assert operation.function.__doc__.startswith("Retired.") is is_reward


def test_every_method_of_a_group_is_an_operation() -> None:
    """No public method of these groups is left out of the tests above."""
    groups = {call.split(".")[0] for call in IDS}
    methods = {
        f"{name}.{method}"
        for name in groups
        for method, _ in inspect.getmembers(group_class(name), inspect.isfunction)
        if not method.startswith("_")
    }

    assert methods == set(IDS)
    assert len(IDS) == len(set(IDS))
