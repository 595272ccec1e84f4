"""Spans of time as statistics ask for them, and what fills amount to in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from orderly_sync.venue.engine.records import Fill
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.call import Call
from orderly_sync.venue.server.fields import Fields, missing
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = [
    "DAY",
    "asked_days",
    "asked_window",
    "date_of",
    "day_start",
    "each_day",
    "fees",
    "in_window",
    "pnl",
    "since",
    "taken_date",
    "year_start",
]

DAY = 86_400_000
_ZERO = Decimal(0)


def since(fills: Iterable[Fill], start: int, end: int | None = None) -> list[Fill]:
    """The fills from ``start`` until before ``end``, ms."""
    return [fill for fill in fills if start <= fill.ts and (end is None or fill.ts < end)]


def fees(fills: Iterable[Fill]) -> Decimal:
    """What fills cost, USDC."""
    return sum((fill.fee for fill in fills), _ZERO)


def pnl(fills: Iterable[Fill]) -> Decimal:
    """What fills earned, their fees deducted, USDC."""
    return sum((fill.realized_pnl - fill.fee for fill in fills), _ZERO)


def date_of(ms: int) -> date:
    """The UTC day of a moment."""
    return datetime.fromtimestamp(ms / 1000, tz=timezone.utc).date()


def day_start(day: date) -> int:
    """When a UTC day begins, ms."""
    return int(datetime(day.year, day.month, day.day, tzinfo=timezone.utc).timestamp() * 1000)


def year_start(now: int) -> int:
    """When the UTC year began, ms."""
    return day_start(date(date_of(now).year, 1, 1))


def taken_date(fields: Fields, name: str) -> date | None:
    """A parameter that holds a day, ``YYYY-MM-DD``."""
    text = fields.text(name)
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=timezone.utc).date()
    except ValueError:
        raise Refused(INVALID_PARAM, f"{name} must be a date, YYYY-MM-DD") from None


def asked_days(call: Call, most: int, *, required: bool = True) -> tuple[date, date]:
    """``start_date`` and ``end_date``; where they may be absent, as far back as allowed.

    Raises:
        Refused: -1005, one is missing or no date, they are the wrong way round or too far apart.
    """
    first, last = taken_date(call.query, "start_date"), taken_date(call.query, "end_date")
    if required:
        for name, day in (("start_date", first), ("end_date", last)):
            if day is None:
                raise missing(name)
    last = last or date_of(call.now)
    first = first or last - timedelta(days=most - 1)
    if first > last:
        raise Refused(INVALID_PARAM, "start_date lies after end_date")
    if (last - first).days > most:
        raise Refused(INVALID_PARAM, f"start_date and end_date are more than {most} days apart")
    return first, last


def each_day(call: Call, span: tuple[date, date]) -> Iterator[tuple[str, int, int]]:
    """The days of a span that the venue has lived, newest first: the date, its beginning and its end in ms."""
    first, last = max(span[0], date_of(call.markets.opening)), min(span[1], date_of(call.now))
    for back in range((last - first).days + 1):
        day = last - timedelta(days=back)
        yield day.isoformat(), day_start(day), day_start(day) + DAY


def asked_window(
    call: Call, most: int | None = None, *, names: tuple[str, str] = ("start_t", "end_t")
) -> tuple[int, int]:
    """A window in ms, both ends included; open ends reach as far as there is anything.

    Args:
        call: The request.
        most: If given, both ends are required and may be so many days apart.
        names: The parameters' names.

    Raises:
        Refused: -1005, an end is missing or no number, they are the wrong way round or too far apart.
    """
    start, end = (call.query.whole(name) for name in names)
    if most is not None:
        for name, moment in zip(names, (start, end), strict=True):
            if moment is None:
                raise missing(name)
    start, end = start or 0, 2**62 if end is None else end
    if start > end:
        raise Refused(INVALID_PARAM, f"{names[0]} lies after {names[1]}")
    if most is not None and end - start > most * DAY:
        raise Refused(INVALID_PARAM, f"{names[0]} and {names[1]} are more than {most} days apart")
    return start, end


def in_window(call: Call, start: str = "start_t", end: str = "end_t") -> Callable[[int], bool]:
    """The test for the times between ``start_t`` and ``end_t``, both included."""
    first, last = call.query.whole(start), call.query.whole(end)
    return lambda ts: (first is None or ts >= first) and (last is None or ts <= last)
