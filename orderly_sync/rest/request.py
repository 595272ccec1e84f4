"""A request before it is sent: pure, built once, signed as it stands.

The path is a template; its arguments are checked and percent-encoded, because a signature covers plain concatenation and a
slash or a question mark smuggled into an id would sign another request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timezone
from decimal import Decimal, InvalidOperation
from enum import Enum
from urllib.parse import quote

import attrs

from orderly_sync.errors import UsageError
from orderly_sync.wire.json import encode, plain

__all__ = ["Number", "Request", "TimeLike", "build", "milliseconds", "number", "query_text"]

TimeLike = int | datetime | str
"""Milliseconds since 1970, an aware datetime, or ISO 8601 text with an offset (``"2026-01-31T00:00:00Z"``)."""

Number = str | int | Decimal | float
"""A price, quantity, amount or rate; a float stands for its shortest text."""

_SLOT = re.compile(r"\{(\w+)\}")
_SAFE = re.compile(r"[A-Za-z0-9_.:$\-]{1,200}\Z")
_MS_FROM = 10**11
"""Below this an int is taken for seconds and refused; it is the year 1973 in milliseconds."""


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

    @property
    def name(self) -> str:
        """``"GET /v1/orders"``."""
        return f"{self.method} {self.path}"

    @property
    def is_read(self) -> bool:
        """Whether sending it twice changes nothing."""
        return self.method == "GET"


def milliseconds(value: TimeLike | None, name: str = "time") -> int | None:
    """A moment as wire milliseconds.

    Raises:
        UsageError: A datetime without time zone, text without offset, a number of seconds, or no moment at all.
    """
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
        except ValueError:
            raise UsageError(f"{name}={value!r} is not ISO 8601 text such as '2026-01-31T00:00:00+00:00'") from None
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise UsageError(f"{name} is a naive datetime; give it a zone: datetime(…, tzinfo=timezone.utc)")
        delta = value - datetime(1970, 1, 1, tzinfo=timezone.utc)
        return (delta.days * 86_400 + delta.seconds) * 1000 + delta.microseconds // 1000
    if isinstance(value, bool) or not isinstance(value, int):
        raise UsageError(f"{name} must be milliseconds, an aware datetime or ISO text, not {type(value).__name__}")
    if 0 < value < _MS_FROM:
        raise UsageError(f"{name}={value} looks like seconds; the wire counts milliseconds")
    return value


def number(value: Number | None, name: str = "number") -> Decimal | None:
    """A number exactly as its text says; None stays None.

    Raises:
        UsageError: It is no finite number.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        raise UsageError(f"{name} must be a number or its text, not {type(value).__name__}")
    try:
        exact = Decimal(repr(value) if isinstance(value, float) else value)
    except InvalidOperation:
        raise UsageError(f"{name}={value!r} is not a number") from None
    plain(exact)
    return exact


def _text(name: str, value: object) -> str:
    """A query or path value as its wire text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, float):
        return plain(Decimal(repr(value)))
    if isinstance(value, datetime):
        return str(milliseconds(value, name))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (str, int)):
        return str(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return ",".join(_text(name, item) for item in value)
    raise UsageError(f"{name}={value!r} cannot be written into a URL")


def query_text(query: Mapping[str, object]) -> str:
    """The query string, percent-encoded; parameters that are None are left out."""
    pairs = ((name, _text(name, value)) for name, value in query.items() if value is not None)
    return "&".join(f"{quote(name, safe='')}={quote(text, safe='')}" for name, text in pairs)


def _fill(template: str, at: Mapping[str, object]) -> str:
    def slot(match: re.Match[str]) -> str:
        name = match.group(1)
        text = _text(name, at[name])
        if not _SAFE.match(text) or text.strip(".") == "":
            raise UsageError(f"{name}={text[:60]!r} cannot stand in a path; ids are letters, digits and hyphens")
        return quote(text, safe="$")

    return _SLOT.sub(slot, template)


def build(
    method: str,
    path: str,
    *,
    at: Mapping[str, object] | None = None,
    query: Mapping[str, object] | None = None,
    body: Mapping[str, object] | Sequence[object] | None = None,
    signed: bool = True,
    headers: Mapping[str, object] | None = None,
    client_order_id: str | None = None,
) -> Request:
    """A request from its parts; None parameters are left out of query, body and headers.

    Raises:
        UsageError: A value has no wire form.
    """
    text = query_text(query or {})
    target = _fill(path, at or {}) + (f"?{text}" if text else "")
    payload = b""
    if isinstance(body, Mapping):
        payload = encode({name: value for name, value in body.items() if value is not None})
    elif body is not None:
        payload = encode(body)
    extra = tuple((name, _header(name, value)) for name, value in (headers or {}).items() if value is not None)
    return Request(
        method=method,
        path=path,
        target=target,
        body=payload,
        signed=signed,
        headers=extra,
        client_order_id=client_order_id,
    )


def _header(name: str, value: object) -> str:
    text = _text(name, value)
    if any(ord(char) < 32 or ord(char) > 126 for char in text):  # noqa: PLR2004
        raise UsageError(f"the header {name} cannot carry {text[:60]!r}")
    return text
