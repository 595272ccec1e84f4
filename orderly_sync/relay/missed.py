"""What neither Redis nor a relay has heard, read by REST, as items for its outbox."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from orderly_sync.errors import RequestError
from orderly_sync.logs import log_of
from orderly_sync.models.base import Push
from orderly_sync.relay.gap_reports import gap_items
from orderly_sync.relay.outbox import Item
from orderly_sync.relay_errors import RelayError
from orderly_sync.wire.topic import Topic

__all__ = ["MissedReports"]

log = log_of("orderly_sync.relay")

_PATIENCE = 30.0
"""Seconds that a venue which does not answer by REST is waited for: what it tells of comes before what is newer."""


class MissedReports:
    """Reads it.

    Args:
        missed: Reads by REST what happened since a time, ms, save what is no news; whether that is all.
        private: The account's topics.
        time_ms: This machine's time.
    """

    def __init__(
        self,
        missed: Callable[[int, Callable[[Any], bool]], tuple[list[Push], bool]],
        private: Callable[[], Iterable[Topic[Any]]],
        time_ms: Callable[[], int],
    ) -> None:
        self._missed, self._private, self._time_ms = missed, private, time_ms
        self._unread_since: float | None = None

    def read(
        self, since: int, reason: str, known: set[str], waiting: Callable[[], set[str]], now: float
    ) -> tuple[list[Item], set[str]]:
        """A gap's opening, its reports and its end, and the ids of the reports; without what is known or waits.

        Raises:
            RelayError: REST does not answer; to be asked again. After half a minute the gap is left open instead.
        """
        try:
            reports, whole = self._missed(since, lambda report: report.event_id not in known)
        except RequestError as exc:
            self._wait_for_rest(since, exc, now)
            reports, whole = [], False
        self._unread_since = None
        here = waiting()  # after that: the client may have heard some meanwhile, and may hear others later
        reports = [report for report in reports if report.event_id not in here]
        items = gap_items(
            {topic.name: topic for topic in self._private()},
            self._time_ms(),
            reports,
            since=since,
            reason=reason,
            whole=whole,
            seconds=time.monotonic() - now,
        )
        return items, {report.event_id for report in reports}

    def _wait_for_rest(self, since: int, exc: RequestError, now: float) -> None:
        if self._unread_since is None:
            self._unread_since = now
        if now - self._unread_since < _PATIENCE:
            raise RelayError(f"what happened since {since} cannot be read by REST: {exc}")
        log.error("what happened since %d cannot be read, and is left out: %s", since, exc)
