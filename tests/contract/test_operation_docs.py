"""What ``help()`` says of an operation is what the client does: its path, its scope, its limit, and the venue's page."""

from __future__ import annotations

import inspect
import re

import pytest

from orderly_sync.rest.listing import Operation, operations
from orderly_sync.rest.sources import OPENAPI
from orderly_sync.wire.rate_limits import RateLimit, rate_limit
from tests.contract.calls import Groups, bound
from tests.contract.published import QUERIES, published

_QUERY = "POST /v1/public/query"
_PAGE = re.compile(r"^https://orderly\.network/docs/[\w/%-]+$", re.MULTILINE)
_LIMIT = re.compile(r"([\d,]+) requests? (a second|a minute|in (\d+) s)")
_SCOPE = re.compile(r"signed, scope (?:``(\w+)``( \(assumed\))?|(not documented))")
_SPANS = {"a second": 1, "a minute": 60}


def text_of(operation: Operation) -> str:
    """The docstring as ``help()`` shows it."""
    name = operation.call.partition("(")[0]
    return inspect.getdoc(bound(Groups(None, None), name)) or ""  # type: ignore[arg-type]


def limit_told(text: str) -> RateLimit:
    """The limit that a docstring tells."""
    requests, span, seconds = _LIMIT.findall(text)[0]
    return RateLimit(int(requests.replace(",", "")), int(seconds) if seconds else _SPANS[span])


def scope_told(text: str) -> tuple[str | None, bool]:
    """The scope that a docstring tells, and whether it only assumes it; None where it says that nobody documents it."""
    scope, assumed, unknown = _SCOPE.findall(text)[0]
    return (None if unknown else scope, bool(assumed))


NAMED_OTHERWISE = {
    "/v2/public/announcement": "the second version has a page of its own",
}
"""Operations whose page is not named by their title. Those for admins share titles with those for users."""

ALL = operations()
ASKED = [each for each in ALL if f"{each.method} {each.path}" == _QUERY]
OTHERS = [each for each in ALL if f"{each.method} {each.path}" != _QUERY]


def _name(operation: Operation) -> str:
    return operation.call.partition("(")[0]


@pytest.mark.parametrize("operation", OTHERS, ids=_name)
def test_the_text_tells_path_and_limit(operation: Operation) -> None:
    """Once, after what the call is for, in the words of the wire."""
    text = text_of(operation)
    assert f"\n``{operation.method} {operation.path}``, " in text
    assert limit_told(text) == rate_limit(operation.method, operation.path)


@pytest.mark.parametrize("operation", OTHERS, ids=_name)
def test_the_text_tells_which_key_is_needed(operation: Operation) -> None:
    """Public where no key is used; else the scope as published, marked where it is not the venue's own word."""
    text = text_of(operation)
    if not operation.signed:
        assert f"{operation.path}``, public;" in text
        return
    auth = published()[f"{operation.method} {operation.path}"]["auth"]
    scope = auth.get("scope")
    assert scope_told(text) == (scope, scope is not None and auth.get("scope_basis") != "documented")


@pytest.mark.parametrize("operation", ALL, ids=_name)
def test_the_text_links_the_venues_page_or_says_that_there_is_none(operation: Operation) -> None:
    """Nothing is silent about where the venue explains it."""
    text = text_of(operation)
    assert bool(_PAGE.search(text)) is ("\nOn no page of the API; " not in text)
    if operation.source == OPENAPI:
        assert _PAGE.search(text)


@pytest.mark.parametrize("operation", ALL, ids=_name)
def test_the_page_is_the_one_of_that_operation(operation: Operation) -> None:
    """The venue names a page of its API by the operation's title."""
    pages = [page.rpartition("/") for page in _PAGE.findall(text_of(operation))]
    named = [name for folder, _, name in pages if "/restful-api/" in folder]
    row = published().get(f"{operation.method} {operation.path}")
    if (
        row is not None
        and named
        and operation.path not in NAMED_OTHERWISE
        and "/admin/" not in operation.path
    ):
        title = re.sub(r"[^a-z0-9_ \u2019-]", "", row["title"].lower()).replace(" ", "-")
        assert named == [title.replace("\u2019", "%E2%80%99")]


@pytest.mark.parametrize("operation", ASKED, ids=_name)
def test_a_query_tells_its_type_and_weight(operation: Operation) -> None:
    """All queries have one path; what tells them apart is the type, and what they cost the weight."""
    weights = {row["type"]: row["weight"] for row in QUERIES}
    ((kind, weight),) = re.findall(
        r"with type ``(\w+)``, public;\s+weight (\d+) of 1,200", text_of(operation)
    )
    assert weights[kind] == int(weight)


def test_every_query_type_is_told_once() -> None:
    """No two methods claim the same type."""
    told = [re.findall(r"with type ``(\w+)``", text_of(each)) for each in ASKED]
    assert sorted(kind for (kind,) in told) == sorted(row["type"] for row in QUERIES)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("``GET /a``, public; 10 requests a second per IP address.", RateLimit(10, 1)),
        ("``GET /a``, signed, scope ``read``; 1 request a minute per key.", RateLimit(1, 60)),
        ("``GET /a``, public;\nlimit not documented, 1,200 requests in 30 s kept.", RateLimit(1200, 30)),
    ],
)
def test_a_limit_is_read_from_words(text: str, limit: RateLimit) -> None:
    assert limit_told(text) == limit


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("signed, scope ``read``; 1", ("read", False)),
        ("signed, scope ``asset`` (assumed); 1", ("asset", True)),
        ("signed, scope not documented; 1", (None, False)),
    ],
)
def test_a_scope_is_read_from_words(text: str, told: tuple[str | None, bool]) -> None:
    assert scope_told(text) == told
