"""What REST tells of a gap, as items; a venue that does not answer is waited for, and not for ever."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from orderly_sync.errors import TransportError
from orderly_sync.models.base import Push
from orderly_sync.relay.missed import MissedReports
from orderly_sync.relay_errors import RelayError
from orderly_sync.stream.events import GapClosed, GapOpened
from orderly_sync.wire import topics
from tests.support.reports import fill_report

REPORTS = [fill_report("1", "1", at, "FILLED", order_id=at) for at in (1, 2, 3)]


def made(missed: Callable[[int, Any], tuple[list[Push], bool]]) -> MissedReports:
    return MissedReports(missed, lambda: [topics.execution_report()], lambda: 50)


def none() -> set[str]:
    return set()


def test_a_gaps_reports_stand_between_its_ends() -> None:
    """Without those that are known, or came by the stream meanwhile."""
    reads = made(lambda _, is_news: ([one for one in REPORTS if is_news(one)], True))
    known, waiting = {REPORTS[0].event_id}, {REPORTS[2].event_id}
    items, ids = reads.read(40, "why", known, lambda: waiting, 0.0)

    assert isinstance(items[0].session, GapOpened)
    assert [item.events for item in items[1:-1]] == [(REPORTS[1],)]
    closed = items[-1].session
    assert isinstance(closed, GapClosed)
    assert (closed.since, closed.until, closed.recovered, closed.gap_complete) == (40, 50, 1, True)
    assert ids == {REPORTS[1].event_id}


def test_rest_that_does_not_answer_is_asked_again_for_half_a_minute() -> None:
    """Then the gap is said to be open; the next one is waited for anew."""

    def fails(_: int, __: object) -> tuple[list[Push], bool]:
        raise TransportError("GET /v1/orders", "no way")

    reads = made(fails)
    for start in (0.0, 100.0):
        for now in (start, start + 29.0):
            with pytest.raises(RelayError, match="cannot be read by REST"):
                reads.read(40, "why", set(), none, now)
        items, ids = reads.read(40, "why", set(), none, start + 31.0)
        assert isinstance(items[-1].session, GapClosed)
        assert not items[-1].session.gap_complete
        assert not ids
