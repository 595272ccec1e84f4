"""Bad input, of every operation.

What its caller gets wrong is refused before anything is sent; what a host gets wrong is one typed error that says where,
and no write is sent twice.
"""

from __future__ import annotations

import inspect
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from functools import cache
from typing import Any, get_args, get_type_hints

import pytest

from orderly_sync import errors
from orderly_sync.models.enums import OpenEnum
from orderly_sync.rest import Rest
from tests.contract.calls import arguments, bound, called, methods
from tests.support.http_host import HttpHost, answer, hang_up, plain, raw
from tests.support.rest_client import here

NAMES = tuple(methods())
IN_PATHS = ("a/b", "a?b", "a#b", "..", ".", "{x}", "a%2fb", "a\r\nX: 1", "", " ", "a\\b", "a;b", "\x00", "é")
UNPUBLISHED = {"query.candles", "query.market_detail", "query.portfolio"}
"""Their intervals are not enumerated anywhere, so any text is passed on."""
NOW = datetime(2026, 1, 2, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def host() -> Iterator[HttpHost]:
    """A host that must not hear of anything."""
    with HttpHost() as listening:
        yield listening


@pytest.fixture(scope="module")
def rest(host: HttpHost) -> Iterator[Rest]:
    """Its client."""
    with here(host) as client:
        yield client


def parameters(name: str) -> list[str]:
    group, _, method = name.partition(".")
    return list(inspect.signature(getattr(_groups()[group], method)).parameters)[1:]


@cache
def _groups() -> dict[str, type]:
    with HttpHost() as nobody, here(nobody) as rest:
        return {name: type(getattr(rest, name)) for name in {each.partition(".")[0] for each in NAMES}}


def having(*wanted: str) -> list[str]:
    """The operations that take all of these arguments."""
    return [name for name in NAMES if set(wanted) <= set(parameters(name))]


def call(rest: Rest, name: str, **changed: Any) -> Any:
    """Call with valid arguments but for those changed."""
    method = bound(rest, name)
    positional, keywords = arguments(name, method, everything=False)
    given = inspect.signature(method).bind(*positional, **keywords).arguments
    return method(**{**given, **changed})


def refused(rest: Rest, host: HttpHost, name: str, **changed: Any) -> None:
    """It is refused by a sentence, and nothing was sent."""
    before = len(host.seen)
    with pytest.raises(errors.UsageError) as caught:
        call(rest, name, **changed)
    assert len(str(caught.value)) > 10, changed
    assert len(host.seen) == before, changed


# What the caller gets wrong


@pytest.mark.parametrize("name", [name for name in NAMES if called(name, everything=False).at])
def test_no_argument_leaves_its_slot_in_a_path(rest: Rest, host: HttpHost, name: str):
    """Separators, escapes, dots, braces, control and foreign characters: they would sign another request."""
    for slot in called(name, everything=False).at:
        for bad in IN_PATHS:
            refused(rest, host, name, **{slot: bad})


@pytest.mark.parametrize("name", having("start", "end"))
def test_moments_are_aware_and_run_forwards(rest: Rest, host: HttpHost, name: str):
    """Naive datetimes, seconds for milliseconds, and windows that end before they start."""
    good = {"start": NOW - timedelta(hours=1), "end": NOW}
    refused(rest, host, name, **{**good, "start": good["start"].replace(tzinfo=None)})
    refused(rest, host, name, **{**good, "end": NOW.replace(tzinfo=None)})
    refused(rest, host, name, **{**good, "start": 1_767_225_600})
    refused(rest, host, name, start=NOW, end=NOW - timedelta(milliseconds=1))
    refused(rest, host, name, **{**good, "end": "yesterday"})


@pytest.mark.parametrize("name", having("start_date", "end_date"))
def test_days_are_days_and_run_forwards(rest: Rest, host: HttpHost, name: str):
    """Days that are none, moments for days, and spans that end before they start."""
    refused(rest, host, name, start_date="2026-02-30", end_date="2026-03-01")
    refused(rest, host, name, start_date=NOW, end_date="2026-03-01")
    refused(rest, host, name, start_date=date(2026, 1, 2), end_date=date(2026, 1, 1))


@pytest.mark.parametrize("name", having("page", "size"))
def test_pages_begin_at_1_and_hold_500_rows_at_most(rest: Rest, host: HttpHost, name: str):
    """No page 0, no size 0, 501 or true."""
    for bad in ({"page": 0}, {"page": -1}, {"size": 0}, {"size": 501}, {"size": True}, {"page": 1.5}):
        refused(rest, host, name, **bad)


def choices(name: str) -> Iterator[str]:
    """The arguments of an operation that take one of a few values."""
    group, _, method = name.partition(".")
    for argument, hint in get_type_hints(getattr(_groups()[group], method)).items():
        parts = get_args(hint) or (hint,)
        if argument != "return" and any(
            isinstance(part, type) and issubclass(part, OpenEnum) for part in parts
        ):
            yield argument


@pytest.mark.parametrize("name", [name for name in NAMES if any(choices(name)) and name not in UNPUBLISHED])
def test_an_unknown_value_of_an_enumeration_is_refused(rest: Rest, host: HttpHost, name: str):
    """Answers are read with open enumerations; questions are not asked with them."""
    for argument in choices(name):
        for bad in ("SIDEWAYS", "", 7):
            refused(rest, host, name, **{argument: bad})


@pytest.mark.parametrize("name", [name for name in NAMES if called(name, everything=True).query])
def test_no_text_in_a_query_becomes_another_parameter(name: str):
    """It arrives as it was meant, escaped."""
    texts = [
        argument
        for argument, hint in get_type_hints(bound_type(name)).items()
        if argument != "return"
        and hint in {str, str | None}
        and argument not in called(name, everything=True).at
    ]
    with HttpHost(hang_up) as host, here(host) as rest:
        for argument in texts:
            with pytest.raises(errors.OrderlyError):
                call(rest, name, **{argument: "a&b=c#d%2f e\r\n"})
        for seen in host.seen:
            assert not set(seen.target) & set("# \r\n")
            assert "&b=c" not in seen.target


def bound_type(name: str) -> Any:
    group, _, method = name.partition(".")
    return getattr(_groups()[group], method)


# What the host gets wrong


@cache
def _bomb() -> bytes:
    """200 KB that inflate to 200 MiB."""
    press = zlib.compressobj(9, wbits=31)
    return b"".join(press.compress(b" " * (1 << 20)) for _ in range(200)) + press.flush()


ANSWERS: dict[str, Callable[[HttpHost, Any, Any], None]] = {
    "html": raw(plain(b"<html><h1>502 Bad Gateway</h1></html>", 502, "Content-Type: text/html\r\n")),
    "nothing": raw(plain(b"")),
    "redirect": answer(status=302, headers="Location: http://127.0.0.1:9/\r\n"),
    "cut short": raw(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"success":true', close=True),
    "hang up": hang_up,
    "deep": raw(plain(b'{"success":true,"data":' + b"[" * 100_000 + b"]" * 100_000 + b"}")),
    "wrong scope": answer(status=401, success=False, code=-1002, message="The api key has no permission."),
    "expired nonce": answer(status=400, success=False, code=-1005, message="The nonce has expired."),
    "too fast": answer(status=429, success=False, code=-1003, message="Rate limit exceeded."),
    "not json": raw(plain(b"<html>ok</html>")),
}
WRITES = [name for name in NAMES if not called(name, everything=False).op.startswith("GET")]
QUESTIONS = {name for name in WRITES if name.startswith("query.")} | {"assets.swap_quote"}
"""Asked by POST, but they are reads."""


@pytest.mark.parametrize("kind", sorted(ANSWERS))
def test_whatever_a_host_answers_is_a_typed_error(kind: str):
    """Of every operation; it names the operation, and nothing is sent twice."""
    with HttpHost(ANSWERS[kind]) as host:
        # Deep text takes its time to be read, and is read alike for all.
        for name in NAMES[::30] if kind == "deep" else NAMES:
            before = len(host.seen)
            with here(host) as rest, pytest.raises((errors.RequestError, errors.DecodingError)) as caught:
                call(rest, name)
            assert called(name, everything=False).op.partition(" ")[2] in str(caught.value), name
            assert len(host.seen) - before == 1, (name, caught.value)


def test_a_wrong_scope_and_an_expired_nonce_keep_the_venues_words():
    """They say what is to be done: another key, another nonce."""
    for kind, error, words in (
        ("wrong scope", errors.AuthenticationError, "no permission"),
        ("expired nonce", errors.BadRequest, "nonce has expired"),
    ):
        with HttpHost(ANSWERS[kind]) as host, here(host) as rest, pytest.raises(error, match=words):
            call(rest, "assets.withdraw")


def test_an_answer_that_blows_up_is_left_packed():
    """200 KB of gzip that inflate to 200 MiB; of a read and of a write."""
    packed = raw(plain(_bomb(), headers="Content-Encoding: gzip\r\n"))
    with HttpHost(packed) as host, here(host) as rest:
        for name in ("market.symbols", "orders.create"):
            with pytest.raises(errors.TransportError, match="inflates beyond 16 MiB"):
                call(rest, name)
        assert len(host.seen) == 2


@pytest.mark.parametrize("kind", ["html", "hang up", "nothing", "cut short", "redirect"])
def test_stubborn_clients_do_not_repeat_writes_either(kind: str):
    """With retries as they are by default, for every operation that writes."""
    with HttpHost(ANSWERS[kind]) as host, here(host, retries=None) as rest:
        for name in WRITES:
            if name in QUESTIONS:
                continue
            before = len(host.seen)
            with pytest.raises(errors.OrderlyError):
                call(rest, name)
            assert len(host.seen) - before == 1, name
