"""Arguments in the forms people have them, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from orderly_sync.errors import UsageError
from orderly_sync.wire.moments import DateLike, TimeLike, day, milliseconds

__all__ = ["DateLike", "account_list", "day", "days", "in_order", "window"]

End = TypeVar("End", int, str)


def days(start: DateLike | None, end: DateLike | None) -> dict[str, Any]:
    """The wire's ``start_date`` and ``end_date``, both inclusive.

    Raises:
        UsageError: A day is malformed, or the end comes before the start.
    """
    first, last = day(start, "start_date"), day(end, "end_date")
    in_order(first, last, ("start_date", "end_date"))
    return {"start_date": first, "end_date": last}


def window(
    start: TimeLike | None,
    end: TimeLike | None,
    names: tuple[str, str] = ("start_t", "end_t"),
    read: Callable[[TimeLike | None, str], int | None] = milliseconds,
) -> dict[str, Any]:
    """A span of time under the wire's two names, in its milliseconds, or as ``read`` brings it into the wire's form.

    Raises:
        UsageError: A moment is malformed, or the end comes before the start.
    """
    first, last = read(start, "start"), read(end, "end")
    in_order(first, last)
    return dict(zip(names, (first, last), strict=True))


def in_order(first: End | None, last: End | None, names: tuple[str, str] = ("start", "end")) -> None:
    """Refuse a span that ends before it starts; an end that is open cannot.

    Raises:
        UsageError: It does.
    """
    if first is not None and last is not None and last < first:
        raise UsageError(f"{names[1]}={last} comes before {names[0]}={first}")


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
