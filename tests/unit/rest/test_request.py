"""Requests before they are sent: nothing of a value can become part of another request, and what is sent is what is signed."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.errors import UsageError
from orderly_sync.models.enums import OrderSide
from orderly_sync.rest.request import Request, build, query_text
from orderly_sync.wire.moments import milliseconds

TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)


def test_a_read_has_its_arguments_in_the_target() -> None:
    """Path and query are one text, percent-encoded; what is None is left out."""
    request = build(
        "GET",
        "/v1/order/{order_id}/trades",
        at={"order_id": 12},
        query={"symbol": "PERP_ETH_USDC", "tag": None, "note": "a b&c"},
    )

    assert request.target == "/v1/order/12/trades?symbol=PERP_ETH_USDC&note=a%20b%26c"
    assert (request.path, request.name) == ("/v1/order/{order_id}/trades", "GET /v1/order/{order_id}/trades")
    assert (request.body, request.signed, request.is_read) == (b"", True, True)


def test_a_write_has_them_in_the_body() -> None:
    """Compact JSON, exact numbers, None left out; it is no read."""
    request = build(
        "POST",
        "/v1/order",
        body={
            "symbol": "PERP_ETH_USDC",
            "order_price": Decimal("3000.10"),
            "side": OrderSide.BUY,
            "tag": None,
        },
        client_order_id="c1",
    )

    assert request.body == b'{"symbol":"PERP_ETH_USDC","order_price":3000.10,"side":"BUY"}'
    assert (request.target, request.is_read, request.client_order_id) == ("/v1/order", False, "c1")


def test_a_request_does_not_change() -> None:
    """What was signed cannot be altered before it is sent."""
    request = build("GET", "/v1/orders")

    with pytest.raises(AttributeError):
        request.target = "/v1/positions"  # type: ignore[misc]


@given(st.dictionaries(TEXTS.filter(bool), TEXTS.filter(bool) | st.integers() | st.booleans(), max_size=5))
def test_any_query_is_read_as_it_was_meant(query: dict[str, Any]) -> None:
    """Whatever a value holds, the venue decodes the same pairs, and the target is plain ASCII."""
    target = build("GET", "/v1/x", query={f"q{name}": value for name, value in query.items()}).target
    meant = [
        (f"q{name}", str(value).lower() if isinstance(value, bool) else str(value))
        for name, value in query.items()
    ]

    assert parse_qsl(urlsplit(target).query, keep_blank_values=True) == meant
    assert target.isascii()
    assert target.isprintable()
    assert " " not in target


@given(TEXTS)
def test_no_path_argument_leaves_its_slot(text: str) -> None:
    """A value stands between its slashes as it is, or it is refused."""
    try:
        target = build("GET", "/v1/order/{order_id}/trades", at={"order_id": text}).target
    except UsageError:
        return
    assert target.split("/")[:3] == ["", "v1", "order"]
    assert target.split("/")[4:] == ["trades"]
    assert unquote(target.split("/")[3]) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        "a/b",
        "a?b",
        "a#b",
        "a%2fb",
        "a b",
        "a\r\nb",
        "é",
        "{x}",
        "a\\b",
        "a;b",
        "x" * 201,
        "1\n",
    ],
)
def test_what_would_sign_another_request_is_refused(text: str) -> None:
    """Separators, dots, escapes, blanks, line ends: none of them is an id."""
    with pytest.raises(UsageError, match="cannot stand in a path"):
        build("GET", "/v1/order/{order_id}", at={"order_id": text})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("PERP_ETH_USDC", "PERP_ETH_USDC"),
        (42, "42"),
        ("a-b.c", "a-b.c"),
        ("$x:1", "$x%3A1"),
        (OrderSide.BUY, "BUY"),
    ],
)
def test_ids_and_symbols_stand_in_paths(value: Any, text: str) -> None:
    """Letters, digits and a few marks."""
    assert build("GET", "/v1/x/{slot}", at={"slot": value}).target == f"/v1/x/{text}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (Decimal("1E+3"), "1000"),
        (0.1, "0.1"),
        (OrderSide("LATER"), "LATER"),
        (date(2026, 1, 31), "2026-01-31"),
        (datetime(2026, 1, 31, tzinfo=timezone.utc), "1769817600000"),
        (["A", "B"], "A%2CB"),
        (("A", 1, True), "A%2C1%2Ctrue"),
        ("", ""),
    ],
)
def test_query_values(value: Any, text: str) -> None:
    """Each type has one spelling on the wire."""
    assert query_text({"x": value}) == f"x={text}"


@pytest.mark.parametrize(
    "value",
    [float("nan"), Decimal("Infinity"), datetime(2026, 1, 1), object(), {"a": 1}, b"x", [None], "\ud800"],
)
def test_what_has_no_wire_form_is_refused(value: Any) -> None:
    """As a usage error, before anything is signed."""
    with pytest.raises(UsageError):
        query_text({"x": value})


def test_bodies_are_refused_likewise() -> None:
    """A number that is none, or an object, never reaches the wire."""
    for value in (float("nan"), Decimal("Infinity"), object(), datetime(2026, 1, 1, tzinfo=timezone.utc)):
        with pytest.raises(UsageError):
            build("POST", "/v1/order", body={"x": value})


def test_headers_are_checked() -> None:
    """Numbers become text, None is left out, line ends and other alphabets are refused."""
    assert build("POST", "/v1/order", headers={"x-recv-window": 5000, "x-none": None}).headers == (
        ("x-recv-window", "5000"),
    )
    for text in ("a\r\nx-evil: 1", "a\nb", "é", "a\x00", "\x7f"):
        with pytest.raises(UsageError, match="cannot carry"):
            build("GET", "/v1/orders", headers={"x": text})


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.timezones()))
def test_moments_keep_their_milliseconds(moment: datetime) -> None:
    """In any zone, rounded down, as a datetime or as text with an offset."""
    exact = (moment - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(milliseconds=1)

    assert milliseconds(moment) == exact
    if moment.utcoffset() is not None and not (moment.utcoffset() or timedelta()).seconds % 60:
        assert milliseconds(moment.isoformat()) == exact


@pytest.mark.parametrize(
    ("value", "ms"),
    [
        (None, None),
        (0, 0),
        (1769817600123, 1769817600123),
        ("2026-01-31T00:00:00Z", 1769817600000),
        (" 2026-01-31T01:00:00+01:00 ", 1769817600000),
        (datetime(2026, 1, 31, 0, 0, 0, 123_999, tzinfo=timezone.utc), 1769817600123),
    ],
)
def test_moments(value: Any, ms: int | None) -> None:
    """Milliseconds stay, datetimes and ISO text become them."""
    assert milliseconds(value) == ms


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1769817600, "looks like seconds"),
        (-1, "before 1970"),
        (True, "not bool"),
        (1769817600123.0, "not float"),
        ("2026-01-31T00:00:00", "naive"),
        ("yesterday", "not ISO 8601"),
        ("", "not ISO 8601"),
        (datetime(2026, 1, 31), "naive"),
    ],
)
def test_no_moments(value: Any, said: str) -> None:
    """Seconds, naive times and fractions are refused with the name of the argument."""
    with pytest.raises(UsageError, match=said) as caught:
        milliseconds(value, "start")

    assert str(caught.value).startswith("start")


def test_the_parts_of_a_request_are_what_is_signed() -> None:
    """Same arguments, same bytes: nothing depends on when or where it is built."""
    make = [
        build("POST", "/v1/order", query={"a": 1}, body={"b": [1, {"c": Decimal("1.0")}]}) for _ in range(2)
    ]

    assert make[0] == make[1]
    assert isinstance(make[0], Request)
    assert (make[0].target, make[0].body) == ("/v1/order?a=1", b'{"b":[1,{"c":1.0}]}')
