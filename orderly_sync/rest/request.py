"""A request before it is sent: pure, built once, signed as it stands.

The path is a template; its arguments are checked and percent-encoded, because a signature covers plain concatenation
and a slash or a question mark smuggled into an id would sign another request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from numbers import Integral
from typing import TypeGuard
from urllib.parse import quote

import attrs

from orderly_sync.errors import UsageError
from orderly_sync.rest.markets import at_border
from orderly_sync.values.arithmetic import EXACT
from orderly_sync.wire.json import encode, plain
from orderly_sync.wire.moments import milliseconds
from orderly_sync.wire.numbers import Number, float_text, is_truth, native, number

__all__ = ["Request", "build", "is_read", "number_text", "query_text"]

_PAGE_ROWS = 500
"""More rows than this no page has."""
_READING_POSTS = frozenset({"/v1/public/query", "/v1/swap/quote"})
"""Reads that the wire writes as POST."""

_SLOT = re.compile(r"\{(\w+)\}")
_SAFE = re.compile(r"[A-Za-z0-9_.:$\-]{1,200}\Z")


@attrs.frozen(kw_only=True)
class Request:
    """One request, ready to be signed: the bytes below are the bytes sent."""

    method: str
    path: str
    """The template, ``/v1/order/{order_id}``: the key of rate limits, logs and errors."""
    target: str
    """The path with its arguments and its query, percent-encoded."""
    body: bytes = attrs.field(default=b"", repr=False)
    signed: bool = True
    headers: tuple[tuple[str, str], ...] = ()
    client_order_id: str | None = None
    """Which order to ask for, should the answer of a write be lost."""
    weight: int = 1
    """How much of its rate limit it uses up."""

    @property
    def name(self) -> str:
        """``"GET /v1/orders"``."""
        return f"{self.method} {self.path}"

    @property
    def is_read(self) -> bool:
        """Whether sending it twice changes nothing."""
        return is_read(self.method, self.path)


def is_read(method: str, path: str) -> bool:
    """Whether a request of that verb to that path only reads."""
    return method == "GET" or path in _READING_POSTS


def number_text(value: Number | None, name: str) -> str | None:
    """A number for the fields that the wire wants as text; checked as ``number`` does."""
    exact = number(value, name)
    return None if exact is None else format(exact, "f")


def _text(name: str, value: object) -> str:  # noqa: PLR0911 - one return a type
    """A query or path value as its wire text."""
    value = native(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, float):
        return plain(EXACT.create_decimal(float_text(value)))
    if isinstance(value, datetime):
        return str(milliseconds(value, name))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (str, int)):
        return str.__str__(value) if isinstance(value, str) else str(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return ",".join(_text(name, item) for item in value)
    raise UsageError(f"{name}={value!a:.60} cannot be written into a URL")


def query_text(query: Mapping[str, object]) -> str:
    """The query string, percent-encoded; parameters that are None are left out."""
    pairs = ((name, _text(name, value)) for name, value in query.items() if value is not None)
    try:
        return "&".join(f"{quote(name, safe='')}={quote(text, safe='')}" for name, text in pairs)
    except UnicodeEncodeError:
        raise UsageError("a parameter holds half a character (a lone surrogate)") from None


def _fill(template: str, at: Mapping[str, object]) -> str:
    def slot(match: re.Match[str]) -> str:
        name = match.group(1)
        text = _text(name, at[name])
        if not _SAFE.match(text) or text.strip(".") == "":
            raise UsageError(
                f"{name}={text[:60]!a} cannot stand in a path; ids are letters, digits and hyphens"
            )
        return quote(text, safe="$")

    return _SLOT.sub(slot, template)


def _check_page(query: Mapping[str, object]) -> None:
    """Refuse pages that no list of the venue has."""
    page, size = query.get("page"), query.get("size")
    if page is not None and (not _is_whole(page) or page < 1):
        raise UsageError(f"page={page!a} must be a whole number from 1")
    if size is not None and (not _is_whole(size) or not 1 <= size <= _PAGE_ROWS):
        raise UsageError(f"size={size!a} must be 1 to {_PAGE_ROWS}; each() goes over all pages")


def _is_whole(value: object) -> TypeGuard[int]:
    """Whether it is a whole number; to Python, truth is one too."""
    return isinstance(value, Integral) and not is_truth(value)


def build(
    method: str,
    path: str,
    *,
    at: Mapping[str, object] | None = None,
    query: Mapping[str, object] | None = None,
    body: Mapping[str, object] | None = None,
    signed: bool = True,
    headers: Mapping[str, object] | None = None,
    client_order_id: str | None = None,
    weight: int = 1,
) -> Request:
    """A request from its parts; None parameters are left out of query, body and headers.

    Raises:
        UsageError: A value has no wire form.
    """
    target = _fill(path, at_border(at)) if at else path
    if query:
        query = at_border(query)
        _check_page(query)
        text = query_text(query)
        target = f"{target}?{text}" if text else target
    payload = b""
    if body is not None:
        payload = encode({name: value for name, value in at_border(body, path).items() if value is not None})
    extra = tuple(
        (name, _header(name, value)) for name, value in (headers or {}).items() if value is not None
    )
    return Request(
        method=method,
        path=path,
        target=target,
        body=payload,
        signed=signed,
        headers=extra,
        client_order_id=client_order_id,
        weight=weight,
    )


def _header(name: str, value: object) -> str:
    text = _text(name, value)
    if any(ord(char) < 32 or ord(char) > 126 for char in text):  # noqa: PLR2004
        raise UsageError(f"the header {name} cannot carry {text[:60]!a}")
    return text
