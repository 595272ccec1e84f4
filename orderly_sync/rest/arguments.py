"""Arguments in the forms people have them, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from orderly_sync.errors import UsageError
from orderly_sync.models.open_enum import OpenEnum
from orderly_sync.rest.request import DateLike, TimeLike, day, member_of, milliseconds

__all__ = ["DateLike", "account_list", "choice", "day", "days", "window"]

E = TypeVar("E", bound=OpenEnum)


def choice(kind: type[E], value: E | str | None, name: str) -> E | None:
    """One of the values that the venue knows, words in any case; a member made on purpose, ``kind("new")``, passes.

    Raises:
        UsageError: A text that is none of them.
    """
    if value is None or isinstance(value, kind):
        return value
    member = member_of(tuple(kind), value)
    if member is not None:
        return member
    known = ", ".join(str(item) for item in kind)
    raise UsageError(f"{name}={value!a:.60} is not known; use one of {known}")


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


def account_list(accounts: Sequence[str], name: str = "account_ids", most: int = 500) -> list[str]:
    """Account ids as a JSON list.

    Raises:
        UsageError: There is none, there are more than the venue takes at once, or one text stands for a list.
    """
    if isinstance(accounts, str):
        raise UsageError(f"{name} is a list of account ids; write [{accounts[:60]!a}]")
    if not 1 <= len(accounts) <= most:
        raise UsageError(f"{name} holds {len(accounts)} accounts; the venue takes 1 to {most} at once")
    return list(accounts)
