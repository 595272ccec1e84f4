"""What REST tells of the account's orders since a moment, as reports: for what a relay or a bot has missed.

Nothing is known of what was delivered before but the ids of events that are still there, so all is rebuilt, and what
is older than the hole or has such an id is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from orderly_sync.models.base import Push
from orderly_sync.models.order import Order
from orderly_sync.relay.outbox import Item
from orderly_sync.reports.delivered import Delivered
from orderly_sync.reports.reading import OrderReads, Reading
from orderly_sync.reports.rebuild import missed_orders
from orderly_sync.reports.rebuild_algos import missed_algos
from orderly_sync.rest.rate_share import in_background
from orderly_sync.stream.events import GapClosed, GapOpened
from orderly_sync.wire.topic import Topic

__all__ = ["gap_items", "reports_since"]

_SINGLES = 2_000
_OVERLAP_MS = 60_000


def _none_of_it(_: int) -> int:
    return 0


def _not_begun(_: int) -> bool:
    return False


def reports_since(orders: OrderReads, since: int, is_news: Callable[[Any], bool]) -> tuple[list[Push], bool]:
    """The reports of what happened from that time on, ms, oldest first, and whether they are all of them.

    Raises:
        RequestError: REST could not be read.
    """
    reading = Reading(orders, max(0, since - _OVERLAP_MS), singles=_SINGLES)
    known = Delivered(since=since, floor=max(0, since), delivered=_none_of_it, has_begun=_not_begun)
    before: dict[int, Order] = {}
    hidden: set[int] = set()
    with in_background():
        groups: list[list[Any]] = [list(one) for one in missed_orders(reading, before, known, hidden)]
        groups += [list(one) for one in missed_algos(reading, {}, known, hidden)]
    told = [
        report for group in groups for report in group if (report.timestamp or 0) >= since and is_news(report)
    ]
    return sorted(told, key=lambda report: report.timestamp or 0), reading.is_whole and not hidden


def gap_items(
    topics: Mapping[str, Topic[Any]],
    now: int,
    reports: Sequence[Push],
    *,
    since: int,
    reason: str,
    whole: bool,
    seconds: float,
) -> list[Item]:
    """What a relay publishes of a gap that was read over: that it opened, its reports, that it is closed."""
    closed = GapClosed(
        since=since,
        until=now,
        recovered=len(reports),
        looks=1,
        seconds=seconds,
        gap_complete=whole,
        reason=reason,
    )
    return [
        Item(now, None, session=GapOpened(since=since, reason=reason)),
        *(Item(now, topics[one.topic], (one,)) for one in reports if one.topic in topics),
        Item(now, None, session=closed),
    ]
