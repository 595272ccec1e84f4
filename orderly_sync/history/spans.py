"""From when until when: moments and ages, as the two ends of a span. Pure but for the way to ask what time it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timezone
from decimal import Decimal

from orderly_sync.errors import UsageError
from orderly_sync.rest.arguments import in_order
from orderly_sync.values.arithmetic import CONTEXT
from orderly_sync.wire.moments import TimeLike, milliseconds
from orderly_sync.wire.numbers import number

__all__ = ["of_days", "span"]

_AGO = re.compile(r"(\d{1,6})([smhdw])\Z")
_MS = {"s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 7 * 86_400_000}


def span(
    since: TimeLike | None,
    until: TimeLike | None,
    back: int | None,
    ask_now: Callable[[], int],
    *,
    may_stand: bool = False,
) -> tuple[int, int]:
    """The two ends, ms; ``back`` counts from the later one. All that is relative hangs on one reading of now.

    Args:
        since: A moment or an age.
        until: Likewise; None for now.
        back: How far before the end it begins; None where ``since`` says it.
        ask_now: What time it is at the venue, ms.
        may_stand: Whether the venue's clock may stand still, as in a frozen market.

    Raises:
        UsageError: One of them is no moment and no age, or the span ends before it begins.
    """
    since_age, until_age = _age(since, "since"), _age(until, "until")
    asks = until is None or since_age is not None or until_age is not None
    now = ask_now() if asks else 0
    end = now - (until_age or 0) if until is None or until_age is not None else _moment(until, "until")
    if back is None:
        back = None if since_age is None else end - now + since_age
    start = _moment(since, "since") if back is None else end - back
    if until is None and start > end:
        day = datetime.fromtimestamp(end / 1000, timezone.utc).date()
        stands = ", and in a frozen market stands there" if may_stand else ""
        told = f"now={end}, for it is {day} by the venue's clock{stands}"
        raise UsageError(f"since={start} lies after {told}; pass an age such as '1h'")
    in_order(start, end)
    return start, end


def of_days(value: float) -> int:
    """So many days, ms.

    Raises:
        UsageError: It is no number of days.
    """
    days = number(value, "days")
    assert days is not None
    return int(CONTEXT.multiply(days, Decimal(_MS["d"])))


def _age(value: TimeLike | None, name: str) -> int | None:
    """How long ago a text such as ``"12h"`` says, ms; None for a moment."""
    if not isinstance(value, str):
        return None
    match = _AGO.match(value.strip())
    if match is None:
        _moment(value, name)  # refuses what is no moment either
        return None
    return int(match.group(1)) * _MS[match.group(2)]


def _moment(value: TimeLike | None, name: str) -> int:
    try:
        moment = milliseconds(value, name)
    except UsageError as exc:
        if not isinstance(value, str):
            raise
        raise UsageError(
            f"{exc}, nor an age: those are '45m', '12h', '30d', '2w', of s, m, h, d and w"
        ) from None
    if moment is None:
        raise UsageError(f"{name} is missing; pass a moment or an age such as '30d'")
    return moment
