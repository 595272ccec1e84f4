"""The groups of account, money, liquidation, funding, charting and vaults: what they put on the wire."""

from __future__ import annotations

import base64
import inspect
import json
from datetime import datetime, timezone
from decimal import Decimal
from enum import Enum
from typing import Any
from urllib.parse import quote

import base58
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from orderly_sync.errors import UsageError
from orderly_sync.models import account_enums, enums, vault_enums
from orderly_sync.models.asset import TransferReceiver
from orderly_sync.models.liquidation import SymbolRatio
from orderly_sync.signing import Secret, request_message
from tests.unit.rest.groups.operations import (
    ANSWERS,
    GROUPS,
    IDS,
    OPERATIONS,
    Operation,
    Recorder,
    call,
    find,
)

SEED = bytes(range(32))
TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12)
SLUG = st.from_regex(r"PERP_[A-Z0-9]{1,8}_USDC", fullmatch=True)
MS = st.integers(1_500_000_000_000, 1_900_000_000_000)
ID = st.integers(0, 2**63)
NUMBER = st.decimals(0, 10**9, places=8) | st.integers(0, 10**12) | st.floats(0, 1e9)
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "text": TEXT,
    "slug": SLUG,
    "id": ID,
    "page": st.integers(1, 10_000),
    "size": st.integers(1, 500),
    "bool": st.booleans(),
    "flag": st.booleans(),
    "list": st.lists(st.from_regex(r"[a-z0-9./-]{1,9}", fullmatch=True), min_size=1, max_size=4),
    "number": NUMBER,
    "prices": st.dictionaries(SLUG, NUMBER, min_size=1, max_size=3),
    "ratios": st.lists(
        st.builds(SymbolRatio, symbol=SLUG, ratio_qty_request=st.decimals(0, 1, places=4)), max_size=3
    ),
    "receivers": st.lists(
        st.builds(TransferReceiver, account_id=TEXT, amount=st.decimals(0, 10**6, places=6)), max_size=3
    ),
    "json": st.dictionaries(TEXT, TEXT | ID | st.booleans(), max_size=4),
    "IpMode": st.sampled_from(account_enums.IpRestrictionStatus),
}


def values(kind: str) -> st.SearchStrategy[Any]:
    if kind in KINDS:
        return KINDS[kind]
    members = next(vars(each)[kind] for each in (enums, account_enums, vault_enums) if kind in vars(each))
    return st.sampled_from(members) | st.sampled_from([str(member) for member in members])


@st.composite
def calls(draw: st.DrawFn, operation: Operation) -> dict[str, Any]:
    """Random valid arguments: the required ones, and any of the others."""
    chosen: dict[str, Any] = {}
    first, last = sorted((draw(MS), draw(MS)))
    for argument in operation.arguments:
        if not argument.required and draw(st.booleans()):
            continue
        if argument.kind in {"ms", "seconds"}:
            moment = first if argument.name == "start" else last
            chosen[argument.name] = draw(st.sampled_from([moment, at(moment)]))
        else:
            # A symbol goes out native however it is spelled, so here it is spelled so.
            chosen[argument.name] = draw(SLUG if argument.wire == "symbol" else values(argument.kind))
    return chosen


def at(ms: int) -> datetime:
    return datetime.fromtimestamp(ms // 1000, tz=timezone.utc).replace(microsecond=ms % 1000 * 1000)


def as_ms(value: Any) -> int:
    if isinstance(value, datetime):
        return int(value.timestamp()) * 1000 + value.microsecond // 1000
    return int(value)


def exact(value: Any) -> Decimal:
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def meant(kind: str, value: Any) -> Any:
    """What the wire must carry for an argument, as a JSON value."""
    if kind == "ms":
        return as_ms(value)
    if kind == "seconds":
        return as_ms(value) // 1000
    if kind == "flag":
        return int(value)
    if kind == "number":
        return exact(value)
    if kind == "prices":
        return {symbol: exact(price) for symbol, price in value.items()}
    if kind == "ratios":
        return [{"symbol": row.symbol, "ratio_qty_request": row.ratio_qty_request} for row in value]
    if kind == "receivers":
        return [{"account_id": row.account_id, "amount": row.amount} for row in value]
    return value.value if isinstance(value, Enum) else value


def in_url(value: Any) -> str:
    if isinstance(value, list):
        value = ",".join(value)
    return quote(str(value).lower() if isinstance(value, bool) else str(value), safe="")


def expected(operation: Operation, arguments: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The target and the body that these arguments must become, worked out from the table alone."""
    given = inspect.signature(getattr(GROUPS[operation.group], operation.method)).parameters
    path, query, body = operation.path, [], {}
    for argument in operation.arguments:
        value = arguments.get(argument.name, given[argument.name].default)
        if value is None or value is inspect.Parameter.empty:
            continue
        value = meant(argument.kind, value)
        if argument.place == "path":
            path = path.replace(f"{{{argument.name}}}", in_url(value))
        elif argument.place == "query":
            query.append(f"{argument.wire}={in_url(value)}")
        else:
            body[argument.wire] = value
    return path + ("?" + "&".join(query) if query else ""), body


@pytest.mark.parametrize("operation", OPERATIONS, ids=IDS)
@settings(max_examples=12)
@given(data=st.data())
def test_any_valid_call_becomes_the_published_request(operation: Operation, data: st.DataObject) -> None:
    """Verb, path, query, body and signature are what the published rules make of the arguments."""
    arguments = data.draw(calls(operation))
    recorder = Recorder(ANSWERS[operation.op])

    call(operation, recorder, **arguments)

    (request,) = recorder.requests
    target, body = expected(operation, arguments)
    assert (operation.verb, operation.path, operation.signed) == (
        request.method,
        request.path,
        request.signed,
    )
    assert target == request.target
    assert body == (json.loads(request.body, parse_float=Decimal) if request.body else {})
    text = f"1700000000000{operation.verb}{target}".encode() + request.body
    secret = Secret(base58.b58encode(SEED).decode())
    assert base64.urlsafe_b64encode(SigningKey(SEED).sign(text).signature).decode() == secret.sign(
        request_message(1_700_000_000_000, request.method, request.target, request.body)
    )


@pytest.mark.parametrize("operation", OPERATIONS, ids=IDS)
def test_required_arguments_are_required_and_no_other(operation: Operation) -> None:
    """A signature demands exactly what the published operation demands, and offers all of its parameters."""
    given = inspect.signature(getattr(GROUPS[operation.group], operation.method)).parameters
    more = {"sub_account_id"} if operation.path == "/v1/sub_account_settle_pnl" else set()

    assert {argument.name for argument in operation.arguments} == set(given) - {"self"} - more
    for argument in operation.arguments:
        assert argument.required == (given[argument.name].default is inspect.Parameter.empty), argument.name


@pytest.mark.parametrize("bad", ["a/b", "a?b", "..", "a#b", "{x}", "a%2fb", "a\r\nX: 1", "", " "])
def test_a_path_argument_that_would_sign_another_request_is_refused(bad: str) -> None:
    """An id with a separator is never encoded into a path."""
    recorder = Recorder({})

    with pytest.raises(UsageError, match="path"):
        call(find("funding_rates.rate"), recorder, symbol=bad)

    assert recorder.requests == []


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("assets.history", {"side": "SIDEWAYS"}),
        ("assets.history", {"start": datetime(2026, 1, 1)}),
        ("assets.history", {"start": 1_700_000_000}),
        ("assets.history", {"start": 1_700_000_000_001, "end": 1_700_000_000_000}),
        ("assets.history", {"size": 501}),
        ("assets.history", {"page": 0}),
        ("vault_host.performance_chart", {"vault_id": "1", "type": "PRICE", "time_range": "7d"}),
        ("liquidations.claim", {"liquidation_id": 1, "ratio_qty_request": "nan", "limit_price": {}}),
        ("liquidations.claim", {"liquidation_id": 1, "ratio_qty_request": 1, "limit_price": {"X": "high"}}),
    ],
)
def test_an_argument_that_cannot_be_right_is_refused_before_sending(
    name: str, arguments: dict[str, Any]
) -> None:
    """Unknown values, naive or impossible times, pages over 500 and numbers that are none: nothing is sent."""
    recorder = Recorder({"success": True, "data": {}})

    with pytest.raises(UsageError):
        call(find(name), recorder, **arguments)

    assert recorder.requests == []


def test_the_key_of_the_main_account_settles_for_the_sub_account_named() -> None:
    """The sub-account's id travels as the account header."""
    recorder = Recorder({"success": True, "data": {"settle_pnl_id": 7}})

    answer = call(find("sub_accounts.settle_pnl"), recorder, settle_nonce=3, sub_account_id="0xab")

    assert answer.settle_pnl_id == 7
    assert recorder.requests[0].headers == (("orderly-account-id", "0xab"),)
