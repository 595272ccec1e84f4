"""Filters of lists: moments as people type them, and what the operations call the rest."""

from __future__ import annotations

import re
from typing import Any

from orderly_sync.errors import UsageError
from orderly_sync.rest import Rest
from orderly_sync.wire.moments import milliseconds
from orderly_sync.wire.symbols import symbol as native_symbol

__all__ = ["filters", "moment", "typed"]

_AGO = re.compile(r"(\d{1,6})([smhdw])\Z")
_MS = {"s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 7 * 86_400_000}
_DIGITS = re.compile(r"\d{1,15}\Z")
_ZONED = re.compile(r"(\A\d{4}-\d\d-\d\d|Z|[+-]\d\d:?\d\d)\Z", re.IGNORECASE)
"""A date alone is its midnight in UTC."""
_STATUS = {"open": "INCOMPLETE", "done": "COMPLETED"}
_PAGE = 100


def filters(rest: Rest, limit: int, **wanted: str | None) -> dict[str, Any]:
    """Arguments of a list, from the options of a command."""
    symbol, status = wanted.pop("symbol"), wanted.pop("status") or ""
    return {
        "symbol": None if symbol is None else native_symbol(symbol),
        "status": _STATUS.get(status, status.upper()) or None,
        "start": moment(rest, wanted.pop("since"), "--since"),
        "end": moment(rest, wanted.pop("until"), "--until"),
        "size": min(limit, _PAGE),
        **wanted,
    }


def moment(rest: Rest, text: str | None, name: str) -> int | None:
    """Ms of what was typed: an age such as ``12h`` before the venue's now, a time (UTC unless it says), or ms.

    Raises:
        UsageError: It is none of these.
    """
    if text is None:
        return None
    ago = _AGO.match(text.strip())
    if ago is None:
        return milliseconds(typed(text, name), name)
    now = rest.system.info().timestamp
    return (rest.clock.time_ms() if now is None else now) - int(ago.group(1)) * _MS[ago.group(2)]


def typed(text: str, name: str) -> str | int:
    """The same as ``History`` takes it: ages as they are, times with their zone, ms as numbers.

    Raises:
        UsageError: It is none of these.
    """
    given = text.strip()
    if _AGO.match(given):
        return given
    if _DIGITS.match(given):
        return int(given)
    zoned = given if _ZONED.search(given) else f"{given}+00:00"
    try:
        milliseconds(zoned, name)
    except UsageError:
        raise UsageError(
            f"{name} {text!a:.40} is no time; give an age such as 12h or 30d, 2026-11-28T20:00 (UTC), or ms since 1970"
        ) from None
    return zoned
