"""A request before it is sent: pure, built once, signed as it stands.

The path is a template; its arguments are checked and percent-encoded, because a signature covers plain concatenation
and a slash or a question mark smuggled into an id would sign another request.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, timezone
from decimal import ROUND_DOWN, Decimal
from enum import Enum
from typing import Any, TypeVar
from urllib.parse import quote

import attrs

from orderly_sync.errors import UsageError
from orderly_sync.models.base import OpenEnum
from orderly_sync.wire.json import encode, plain

__all__ = [
    "DateLike",
    "Number",
    "Request",
    "TimeLike",
    "build",
    "day",
    "milliseconds",
    "number",
    "number_text",
    "one_of",
    "quantity",
    "query_text",
    "seconds",
]

TimeLike = int | datetime | str
"""Milliseconds since 1970, an aware datetime, or ISO 8601 text with an offset (``"2026-01-31T00:00:00Z"``)."""

DateLike = date | str
"""A date, or ``"YYYY-MM-DD"``."""

Number = str | int | Decimal | float
"""A price, quantity, amount or rate; a float stands for its shortest text: 0.1 is 0.1."""

E = TypeVar("E", bound=OpenEnum)

_PLAIN = re.compile(r"[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")
_DECIMALS = 8
"""More decimals than this a quantity cannot have."""
_PAGE_ROWS = 500
"""More rows than this no page has."""
_READING_POSTS = frozenset({"/v1/public/query"})
"""Reads that the wire writes as POST."""

_SLOT = re.compile(r"\{(\w+)\}")
_SAFE = re.compile(r"[A-Za-z0-9_.:$\-]{1,200}\Z")
_MAX_DIGITS = 40
_SPANS = (("start_t", "end_t"), ("from", "to"), ("start_date", "end_date"))
"""Names of the two ends of a window; days are text of one form and compare as such."""
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
    weight: int = 1
    """How much of its rate limit it uses up."""

    @property
    def name(self) -> str:
        """``"GET /v1/orders"``."""
        return f"{self.method} {self.path}"

    @property
    def is_read(self) -> bool:
        """Whether sending it twice changes nothing."""
        return self.method == "GET" or self.path in _READING_POSTS


def number(value: Number | None, name: str) -> Decimal | None:
    """A finite number from zero upwards, exact.

    Raises:
        UsageError: NaN, infinite, negative, written with an exponent, a truth value, or no number at all.
    """
    if value is None:
        return None
    if isinstance(value, str):
        text = value.strip()
        if not _PLAIN.fullmatch(text):
            raise UsageError(f"{name}={value[:60]!r} is not a plain positive number such as '0.25'")
        return Decimal(text)
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise UsageError(f"{name} must be text, int, Decimal or float, not {type(value).__name__}")
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        raise UsageError(f"{name}={value} is not finite; pass a plain number")
    if exact < 0:
        raise UsageError(f"{name}={value} is negative; the side says which way, the number how much")
    if exact.adjusted() > _MAX_DIGITS:
        raise UsageError(f"{name} is larger than any market; pass a plain number")
    return exact


def number_text(value: Number | None, name: str) -> str | None:
    """A number for the fields that the wire wants as text; checked as ``number`` does."""
    exact = number(value, name)
    return None if exact is None else format(exact, "f")


def quantity(value: Number | None, name: str) -> Decimal | None:
    """A number with at most eight decimals, as the venue demands of quantities.

    Raises:
        UsageError: As ``number``; or it has more than eight decimals.
    """
    exact = number(value, name)
    if exact is not None and _decimals(exact) > _DECIMALS:
        rounded = exact.quantize(Decimal(1).scaleb(-_DECIMALS), rounding=ROUND_DOWN)
        raise UsageError(
            f"{name}={format(exact, 'f')} has more than {_DECIMALS} decimals; the next below is {rounded}"
        )
    return exact


def _decimals(exact: Decimal) -> int:
    exponent = exact.as_tuple().exponent
    if isinstance(exponent, str) or exponent >= -_DECIMALS:
        return 0
    return -int(exact.normalize().as_tuple().exponent)


def one_of(kind: type[E], value: E | str | None, name: str, among: Collection[E] | None = None) -> str | None:
    """The wire text of an enumeration's value, or of one of ``among``.

    Answers are read with open enumerations; an argument, though, must be a value that the venue knows today.

    Raises:
        UsageError: It is none; the message lists what is.
    """
    if value is None:
        return None
    valid = tuple(kind) if among is None else among
    if isinstance(value, str):
        text = str(value.value) if isinstance(value, Enum) else value
        if any(member.value == text for member in valid):
            return text
    names = ", ".join(str(member.value) for member in valid)
    raise UsageError(f"{name}={value!r:.60} is none of {names}")


def day(value: DateLike | None, name: str) -> str | None:
    """A date as ``YYYY-MM-DD``.

    Raises:
        UsageError: It is neither a date nor such a text; a datetime is no date, for its zone decides the day.
    """
    if value is None:
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and _DATE.match(value):
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            pass
    raise UsageError(f"{name}={value!r:.60} must be a date or 'YYYY-MM-DD' text")


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
            raise UsageError(
                f"{name}={value!r} is not ISO 8601 text such as '2026-01-31T00:00:00+00:00'"
            ) from None
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise UsageError(f"{name} is a naive datetime; give it a zone: datetime(…, tzinfo=timezone.utc)")
        delta = value - datetime(1970, 1, 1, tzinfo=timezone.utc)
        return (delta.days * 86_400 + delta.seconds) * 1000 + delta.microseconds // 1000
    if isinstance(value, bool) or not isinstance(value, int):
        raise UsageError(
            f"{name} must be milliseconds, an aware datetime or ISO text, not {type(value).__name__}"
        )
    if value < 0:
        raise UsageError(f"{name}={value} lies before 1970")
    if 0 < value < _MS_FROM:
        raise UsageError(f"{name}={value} looks like seconds; the wire counts milliseconds")
    return value


def seconds(value: TimeLike | None, name: str = "time") -> int | None:
    """A moment as whole seconds, for the few charting parameters that count so; taken as everywhere else."""
    exact = milliseconds(value, name)
    return None if exact is None else exact // 1000


def _text(name: str, value: object) -> str:  # noqa: PLR0911 - one return a type
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
                f"{name}={text[:60]!r} cannot stand in a path; ids are letters, digits and hyphens"
            )
        return quote(text, safe="$")

    return _SLOT.sub(slot, template)


def _check_window(query: Mapping[str, Any]) -> None:
    """Refuse what every list of the venue refuses: windows that end before they start, pages that cannot be."""
    for first, last in _SPANS:
        start, end = query.get(first), query.get(last)
        if start is not None and end is not None and end < start:
            raise UsageError(f"the window ends ({end}) before it starts ({start})")
    page, size = query.get("page"), query.get("size")
    if page is not None and (not _is_whole(page) or page < 1):
        raise UsageError(f"page={page!r} must be a whole number from 1")
    if size is not None and (not _is_whole(size) or not 1 <= size <= _PAGE_ROWS):
        raise UsageError(f"size={size!r} must be 1 to {_PAGE_ROWS}; each() goes over all pages")


def _is_whole(value: object) -> bool:
    """Whether it is a whole number; to Python, truth is one too."""
    return isinstance(value, int) and not isinstance(value, bool)


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
    target = _fill(path, at) if at else path
    if query:
        _check_window(query)
        text = query_text(query)
        target = f"{target}?{text}" if text else target
    payload = b""
    if body is not None:
        payload = encode({name: value for name, value in body.items() if value is not None})
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
        raise UsageError(f"the header {name} cannot carry {text[:60]!r}")
    return text
