"""Moments and days as people have them, as the wire wants them: the one reader of every argument that is a time."""

from __future__ import annotations

import operator
import re
from datetime import date, datetime, timedelta, timezone
from numbers import Integral, Real
from typing import Any

from orderly_sync.errors import UsageError
from orderly_sync.wire.numbers import is_truth

__all__ = ["DateLike", "TimeLike", "day", "milliseconds", "seconds"]

TimeLike = int | datetime | str
"""Milliseconds since 1970, an aware datetime, or ISO 8601 text with an offset (``"2026-01-31T00:00:00Z"``).

Microseconds and nanoseconds since 1970 are told by their size; a date, ``"2026-01-31"``, is its midnight in UTC.
"""

DateLike = date | str
"""A date, or ``"YYYY-MM-DD"``."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9}))?(Z|[+-]\d\d(?::?\d\d(?::?\d\d(?:\.\d+)?)?)?)?)?",
    re.IGNORECASE | re.ASCII,
)
_MS_FROM = 10**11
"""Below this an int is taken for seconds and refused; it is the year 1973 in milliseconds."""
_SCALES = ((10**14, 1), (10**17, 1000), (10**20, 1_000_000))
"""Up to where an int counts milliseconds, microseconds and nanoseconds: each time the year 5138."""
_LONGEST = 60


def milliseconds(value: TimeLike | None, name: str = "time") -> int | None:
    """A moment as wire milliseconds.

    Raises:
        UsageError: A datetime without time zone, text without offset, a number of seconds, or no moment at all.
    """
    if value is None:
        return None
    given: Any = value
    if isinstance(given, str):
        given = _of_text(given, name)
    if isinstance(given, datetime):
        return _of_datetime(given, name)
    if isinstance(given, date):
        return _since_1970(datetime(given.year, given.month, given.day, tzinfo=timezone.utc))
    if type(given).__name__ == "datetime64" and type(given).__module__ == "numpy":
        return _of_datetime64(given, name)
    if is_truth(given) or not isinstance(given, Integral):
        raise UsageError(
            f"{name} must be milliseconds, an aware datetime or ISO text, not {type(given).__name__}{_hint(given)}"
        )
    return _of_int(operator.index(given), name)


def seconds(value: TimeLike | None, name: str = "time") -> int | None:
    """A moment as whole seconds, for the few charting parameters that count so; taken as everywhere else."""
    exact = milliseconds(value, name)
    return None if exact is None else exact // 1000


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
    raise UsageError(f"{name}={value!a:.60} must be a date or 'YYYY-MM-DD' text")


def _hint(value: object) -> str:
    """For the readings of ``time.time()`` and of tables: the int they stand for."""
    if isinstance(value, Real) and not is_truth(value):
        size = float(value)
        if 10**9 <= size < _MS_FROM:
            return f"; as milliseconds it is {round(size * 1000)}"
        if _MS_FROM <= size < _SCALES[-1][0]:
            return f"; pass {int(size)}"
    return ""


def _of_int(value: int, name: str) -> int:
    if value < 0:
        raise UsageError(f"{name}={value} lies before 1970")
    if 0 < value < _MS_FROM:
        raise UsageError(
            f"{name}={value} looks like seconds; the wire counts milliseconds, so pass {value * 1000}"
        )
    for limit, scale in _SCALES:
        if value < limit:
            return value // scale
    raise UsageError(f"{name} is no moment that any clock reaches; pass milliseconds since 1970")


def _of_text(text: str, name: str) -> datetime:
    match = _ISO.fullmatch(text.strip())
    moment = None if match is None else _parsed(*match.groups())
    if moment is None:
        raise UsageError(
            f"{name}={str.__str__(text)[:_LONGEST]!a} is not ISO 8601 text such as '2026-01-31T00:00:00+00:00'"
        )
    if moment.tzinfo is None:
        raise UsageError(
            f"{name}={str.__str__(text)[:_LONGEST]!a} is a naive time; write its offset, {text.strip()}Z for UTC"
        )
    return moment


def _parsed(day: str, clock: str | None, fraction: str | None, offset: str | None) -> datetime | None:
    """The moment that these parts say, naive where no offset does; None if the calendar has none."""
    try:
        moment = datetime.fromisoformat(f"{day}T{clock or '00:00'}")
        zone = timezone.utc if clock is None else _zone(offset) if offset else None
    except ValueError:
        return None
    return moment.replace(microsecond=int((fraction or "0").ljust(6, "0")[:6]), tzinfo=zone)


def _zone(offset: str) -> timezone:
    if offset in {"Z", "z"}:
        return timezone.utc
    digits = offset[1:].partition(".")[0].replace(":", "").ljust(6, "0")
    hours, minutes, rest = (int(digits[at : at + 2]) for at in (0, 2, 4))
    if minutes >= 60 or rest >= 60:  # noqa: PLR2004 - of an hour, of a minute
        raise ValueError
    span = timedelta(hours=hours, minutes=minutes, seconds=rest)
    return timezone(-span if offset[0] == "-" else span)


def _of_datetime(moment: datetime, name: str) -> int:
    if moment != moment:  # noqa: PLR0124 - pandas' NaT is a datetime that does not equal itself
        raise UsageError(f"{name} is NaT, which is no moment; pass milliseconds or an aware datetime")
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise UsageError(f"{name} is a naive datetime; give it a zone: datetime(..., tzinfo=timezone.utc)")
    return _since_1970(moment)


def _since_1970(moment: datetime) -> int:
    delta = moment - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1000 + delta.microseconds // 1000


def _of_datetime64(value: Any, name: str) -> int:
    """Moments of numpy have no zone: they count from 1970 in UTC."""
    count = int(value.astype("datetime64[ms]").astype("int64"))
    if value != value:  # noqa: PLR0124 - NaT
        raise UsageError(f"{name} is NaT, which is no moment; pass milliseconds or an aware datetime")
    return count
