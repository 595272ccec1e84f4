"""Arguments in the forms people have them, checked before anything is sent."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any, TypeVar

from orderly_sync.errors import UsageError
from orderly_sync.models.base import OpenEnum
from orderly_sync.rest.request import TimeLike, milliseconds

__all__ = ["DateLike", "choice", "day", "days", "window"]

DateLike = date | str
"""A date, an aware datetime (its day in UTC), or text as ``"2026-01-31"``."""

E = TypeVar("E", bound=OpenEnum)


def choice(kind: type[E], value: E | str | None, name: str) -> E | None:
    """One of the values that the venue knows. A member made on purpose, ``kind("new")``, passes unchecked.

    Raises:
        UsageError: A text that is none of them.
    """
    if value is None or isinstance(value, kind):
        return value
    if value in kind._value2member_map_:
        return kind(value)
    known = ", ".join(str(item) for item in kind)
    raise UsageError(f"{name}={value!r} is not known; use one of {known}")


def day(value: DateLike | None, name: str = "date") -> str | None:
    """A day as ``YYYY-MM-DD``, which the venue counts in UTC.

    Raises:
        UsageError: Text in another form, or a datetime without time zone.
    """
    if value is None:
        return None
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise UsageError(f"{name} is a naive datetime; give it a zone, or pass its date()")
        return value.astimezone(timezone.utc).date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    try:
        return datetime.strptime(value.strip(), "%Y-%m-%d").replace(tzinfo=timezone.utc).date().isoformat()
    except (ValueError, AttributeError):
        raise UsageError(f"{name}={value!r} is no day; write it as '2026-01-31'") from None


def days(start: DateLike | None, end: DateLike | None) -> dict[str, Any]:
    """The wire's ``start_date`` and ``end_date``, both inclusive.

    Raises:
        UsageError: A day is malformed, or the end comes before the start.
    """
    first, last = day(start, "start_date"), day(end, "end_date")
    if first is not None and last is not None and last < first:
        raise UsageError(f"end_date={last} comes before start_date={first}")
    return {"start_date": first, "end_date": last}


def window(
    start: TimeLike | None, end: TimeLike | None, names: tuple[str, str] = ("start_t", "end_t")
) -> dict[str, Any]:
    """A span of time in wire milliseconds, under the wire's two names.

    Raises:
        UsageError: A moment is malformed, or the end comes before the start.
    """
    first, last = milliseconds(start, "start"), milliseconds(end, "end")
    if first is not None and last is not None and last < first:
        raise UsageError(f"end={last} comes before start={first}")
    return dict(zip(names, (first, last), strict=True))
