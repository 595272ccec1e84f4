"""The envelope: from status, headers and body to data, or to the right error."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync import errors
from orderly_sync.models.base import Acknowledged, Model, Page, Rows, model
from orderly_sync.wire.envelope import error_for, read_answer, refusal_of, retry_after, told_time
from orderly_sync.wire.json import encode


@model
class Thing(Model):
    """An answer with one identity and one number."""

    thing_id: int
    price: Decimal | None = None


def read(
    body: Any, result: Any = Thing, status: int = 200, headers: dict[str, str] | None = None, **options: Any
) -> Any:
    raw = body if isinstance(body, bytes) else encode(body)
    return read_answer(status, headers or {}, raw, result, method="GET", path="/v1/things/{id}", **options)


def test_data_becomes_the_model() -> None:
    """The number keeps its text, new fields are kept aside."""
    thing = read(b'{"success":true,"timestamp":1,"data":{"thing_id":7,"price":1.50,"new":[1]}}')

    assert (thing.thing_id, str(thing.price), thing.extra) == (7, "1.50", {"new": [1]})


def test_numbers_may_be_floats() -> None:
    """For legacy code that wants them so."""
    assert read({"success": True, "data": {"thing_id": 7, "price": "1.5"}}, numbers=float).price == 1.5


def test_rows_and_pages() -> None:
    """Lists come as rows, with or without the wrapping object, pages with their place in the list."""
    rows = {"rows": [{"thing_id": 1}, {"thing_id": 2}]}
    meta = {"meta": {"total": 9, "records_per_page": 2, "current_page": 3}}

    assert [row.thing_id for row in read({"success": True, "data": rows}, Rows[Thing])] == [1, 2]
    assert [row.thing_id for row in read({"success": True, "data": rows["rows"]}, Rows[Thing])] == [1, 2]
    assert list(read({"success": True, "data": None}, Rows[Thing])) == []
    page = read({"success": True, "data": {**rows, **meta}}, Page[Thing])
    assert (len(page), page.meta.total, page.meta.current_page, page[1].thing_id) == (2, 9, 3, 2)


def test_acknowledgements_take_the_time_of_the_envelope() -> None:
    """With data, without, and with data of their own."""
    for body in (
        {"success": True, "timestamp": 5},
        {"success": True, "timestamp": 5, "data": {}},
        {"success": True, "data": {"timestamp": 5}},
    ):
        assert read(body, Acknowledged).timestamp == 5
    assert read({"success": True}, Acknowledged).timestamp is None


def test_bare_answers_have_no_envelope() -> None:
    """The charting calls answer with the data itself, an object or a list."""
    assert read({"thing_id": 3}, bare=True).thing_id == 3
    assert [row.thing_id for row in read([{"thing_id": 3}], Rows[Thing], bare=True)] == [3]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[1]",
        b'"text"',
        b"5",
        b"null",
        b'{"success":true}',
        b'{"success":true,"data":5}',
        b'{"success":true,"data":{}}',
    ],
)
def test_an_answer_that_is_not_as_promised(body: bytes) -> None:
    """With status 200 it is a decoding error that names the operation and no value of the request."""
    with pytest.raises(errors.DecodingError, match=r"^GET /v1/things/\{id\}"):
        read(body)


def test_the_field_that_does_not_fit_is_named() -> None:
    """The path leads to it."""
    with pytest.raises(errors.DecodingError, match=r"at \$\.price: 'twelve' is not a number"):
        read({"success": True, "data": {"thing_id": 1, "price": "twelve"}})


CODES = [
    (-1000, 500, errors.ApiError),
    (-1001, 401, errors.AuthenticationError),
    (-1002, 401, errors.AuthenticationError),
    (-1003, 429, errors.RateLimited),
    (-1004, 400, errors.BadRequest),
    (-1005, 400, errors.BadRequest),
    (-1006, 400, errors.NotFound),
    (-1007, 409, errors.Duplicate),
    (-1008, 400, errors.BadRequest),
    (-1009, 400, errors.BadRequest),
    (-1011, 400, errors.Maintenance),
    (-1012, 400, errors.BadRequest),
    (-1101, 400, errors.InsufficientMargin),
    (-1102, 400, errors.InvalidOrder),
    (-1103, 400, errors.InvalidOrder),
    (-1104, 400, errors.InvalidOrder),
    (-1105, 400, errors.InvalidOrder),
    (-9999, 400, errors.BadRequest),
    (-9999, 404, errors.NotFound),
    (-9999, 418, errors.ApiError),
    ("ORDER_NOT_FOUND", 400, errors.NotFound),
    ("RATE_LIMIT_EXCEEDED", 400, errors.RateLimited),
    ("SERVICE_UNAVAILABLE", 500, errors.Maintenance),
    ("SOMETHING_NEW", 500, errors.ApiError),
    (None, 401, errors.AuthenticationError),
    (None, 403, errors.AuthenticationError),
    (None, 404, errors.NotFound),
    (None, 409, errors.Duplicate),
    (None, 429, errors.RateLimited),
    (None, 500, errors.ApiError),
    (None, 503, errors.Maintenance),
]


@pytest.mark.parametrize(("code", "status", "kind"), CODES)
def test_refusals_are_typed_by_code_then_status(code: int | str | None, status: int, kind: type) -> None:
    """The code decides, the status where the code is unknown; a code in text counts as its number."""
    for sent in {code, str(code)} if code is not None else {None}:
        with pytest.raises(errors.ApiError) as caught:
            read({"success": False, "code": sent, "message": "no"}, status=status)

        assert type(caught.value) is kind
        assert (caught.value.code, caught.value.message, caught.value.status) == (code, "no", status)
        assert (caught.value.method, caught.value.path) == ("GET", "/v1/things/{id}")


def test_success_false_refuses_whatever_the_status() -> None:
    """Also with 200, and a status outside 2xx whatever the body claims."""
    with pytest.raises(errors.InvalidOrder):
        read({"success": False, "code": -1103, "message": "tick"}, status=200)
    with pytest.raises(errors.ApiError):
        read({"success": True, "data": {"thing_id": 1}}, status=500)


@pytest.mark.parametrize(
    ("name", "said"), [("message", "why"), ("errmsg", "why"), ("error", "why"), ("other", "no reason given")]
)
def test_the_venues_words_are_kept(name: str, said: str) -> None:
    """Under whichever name they come."""
    with pytest.raises(errors.ApiError) as caught:
        read({"success": False, "code": -1005, name: "why"}, status=400)

    assert caught.value.message == said


def test_the_venues_words_cannot_forge_a_log() -> None:
    """Line ends and escapes are spelled out, and a novel is cut."""
    with pytest.raises(errors.ApiError) as caught:
        read(
            {"success": False, "code": -1005, "message": "a\r\nERROR forged \x1b[2J" + "x" * 9_000},
            status=400,
        )

    assert caught.value.message.startswith("a\\r\\nERROR forged \\x1b[2J")
    assert len(caught.value.message) < 2_100


@pytest.mark.parametrize("body", [b"", b"<html>bad gateway</html>", b"\xff\xfe", b"[]", b'"down"', b"null"])
@pytest.mark.parametrize(
    ("status", "kind"), [(502, errors.ApiError), (503, errors.Maintenance), (429, errors.RateLimited)]
)
def test_error_pages_without_json_keep_their_status(body: bytes, status: int, kind: type) -> None:
    """A proxy's HTML is an error of that status with an excerpt, not a decoding error."""
    with pytest.raises(kind) as caught:
        read(body, status=status)

    assert caught.value.status == status
    assert caught.value.code is None
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_errors(status: int) -> None:
    """They would carry signed headers to another host."""
    with pytest.raises(errors.ApiError, match="redirects are never followed") as caught:
        read(
            {"success": True, "data": {"thing_id": 1}},
            status=status,
            headers={"Location": "https://evil.org"},
        )

    assert caught.value.status == status
    assert "evil" not in str(caught.value)


def test_rate_limits_say_when_to_come_back() -> None:
    """From the header, in any case of its name; None where nothing is said."""
    for headers, seconds in (({"Retry-After": "3"}, 3.0), ({"retry-after": "0.5"}, 0.5), ({}, None)):
        with pytest.raises(errors.RateLimited) as caught:
            read({"success": False, "code": -1003, "message": "slow"}, status=429, headers=headers)
        assert caught.value.retry_after == seconds


NOW = datetime(2026, 1, 31, 12, 0, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("1", 1.0),
        ("99999", 60.0),
        ("-1", None),
        ("nan", None),
        ("inf", None),
        ("", None),
        ("soon", None),
        (format_datetime(NOW + timedelta(seconds=5), usegmt=True), 5.0),
        (format_datetime(NOW + timedelta(days=5), usegmt=True), 60.0),
        (format_datetime(NOW - timedelta(seconds=5), usegmt=True), None),
        ("Sat, 31 Jan 2026 12:00:07 -0000", 7.0),
    ],
)
def test_retry_after(text: str, seconds: float | None) -> None:
    """Seconds or a date, at most a minute; what makes no sense counts as absent."""
    assert retry_after({"Retry-After": text}, NOW) == seconds


@given(st.text(max_size=40))
def test_retry_after_takes_any_text(text: str) -> None:
    """No header of a stranger raises."""
    seconds = retry_after({"Retry-After": text}, NOW)

    assert seconds is None or 0 <= seconds <= 60


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8"), max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abcdest", max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.fixed_dictionaries({}, optional={"success": JSON, "code": JSON, "message": JSON, "data": JSON}) | JSON,
    st.integers(100, 599),
    st.sampled_from([Thing, Rows[Thing], Page[Thing], Acknowledged]),
)
def test_no_answer_raises_anything_else(body: Any, status: int, result: Any) -> None:
    """A value, an ApiError or a DecodingError, whatever stands where."""
    try:
        read(body, result, status)
    except (errors.ApiError, errors.DecodingError) as exc:
        told = str(exc)
    else:
        told = "a value"
    assert told


def test_unknown_codes_keep_their_text() -> None:
    """A code that is no number of ours is passed on as it came."""
    for code in ("--5", "\u0665", "1" * 5_000, "NEW_NAME", "1.5"):
        assert error_for(code, "no", 500, "/v1/x", "GET").code == code


@pytest.mark.parametrize("odd", [[], {}, [-1003], True, 1.5, None, {"code": -1003}, [[[]]], "", "x" * 9])
@pytest.mark.parametrize(
    "field", ["code", "message", "errmsg", "error", "retry_after", "data", "timestamp", "success"]
)
@pytest.mark.parametrize("status", [200, 400, 409, 429, 500, 503])
def test_no_field_of_a_refusal_breaks_its_reader(status: int, field: str, odd: Any) -> None:
    """Whatever a host writes where a number, a text or a flag is documented: one of our own errors that can be shown."""
    body = {"success": False, "code": -1005, "message": "no", field: odd}
    if status == 200 and field == "success" and odd is True:
        return
    with pytest.raises((errors.ApiError, errors.DecodingError)) as caught:
        read(body, status=status)
    assert str(caught.value).isascii()
    if isinstance(caught.value, errors.ApiError):
        assert caught.value.code is None or type(caught.value.code) in {int, str}
        assert hash((caught.value.code,))


@pytest.mark.parametrize("odd", ["true", "false", 0, 1, [], {}, None])
def test_an_answer_that_says_neither_yes_nor_no_is_no_success(odd: Any) -> None:
    """A write's outcome is then unknown, not good."""
    with pytest.raises(errors.DecodingError, match="true or false"):
        read({"success": odd, "data": {"thing_id": 7}})


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"success":true,"timestamp":1790000000000,"data":{"timestamp":1}}', 1_790_000_000_000),
        (b' { "success" : false , "timestamp" : 1790000000000 }', 1_790_000_000_000),
        (b'{"success":true,"data":{"rows":[]},"timestamp":1790000000000}\n', 1_790_000_000_000),
        (b'{"success":false,"code":-1001,"message":"no","timestamp":1790000000000}', 1_790_000_000_000),
        (b'{"success":true,"data":{"a":1,"timestamp":1790000000000}}', None),
        (b'{"success":true,"data":[{"timestamp":1790000000000}]}', None),
        (b'{"success":true,"timestamp":"1790000000000","data":{}}', None),
        (b'{"success":true,"timestamp":1790000000,"data":{}}', None),
        (b'{"success":true,"timestamp":1790000000000000,"data":{}}', None),
        (b'{"success":true,"timestamp":1790000000000.5,"data":{}}', None),
        (b'"timestamp":1790000000000}', None),
        (b"", None),
        (b"<html>", None),
    ],
)
def test_the_time_of_an_envelope_is_found_without_reading_it(body: bytes, told: int | None):
    """At either end of it, and nowhere in the data."""
    assert told_time(body) == told


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            b'{"success":false,"code":-1001,"message":"x","timestamp":1790000000000}',
            (-1001, 1_790_000_000_000),
        ),
        (b'{"code":"-1001"}', (-1001, None)),
        (b'{"code":[],"timestamp":"soon"}', (None, "soon")),
        (b"[]", (None, None)),
        (b"<html>", (None, None)),
        (b"", (None, None)),
    ],
)
def test_a_refusal_is_read_whatever_it_holds(body: bytes, said: tuple[object, object]):
    """Its code and its time, each where there is one."""
    assert refusal_of(body) == said
