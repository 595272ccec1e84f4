"""What REST tells of the account's orders since a moment: all that happened from then on, oldest first, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from orderly_sync import topics
from orderly_sync.errors import TransportError
from orderly_sync.relay.gap_reports import gap_items, reports_since
from orderly_sync.rest.rate_share import rate_shares
from orderly_sync.stream.events import GapClosed, GapOpened
from tests.support.reports import fill, report, row
from tests.unit.reports.test_rebuild import FakeOrders

BEGAN = 1_000_000


def everything(_: Any) -> bool:
    return True


def told(venue: FakeOrders, since: int = BEGAN) -> list[tuple[int, str, int]]:
    """Order, status and time of each report."""
    reports, _ = reports_since(venue, since, everything)  # type: ignore[arg-type]
    return [(one.order_id, str(one.status), one.timestamp or 0) for one in reports]


def test_what_happened_since_is_told_oldest_first() -> None:
    """Over all orders; what happened before is left out, though REST is read from somewhat earlier on."""
    rows = [
        row(1, "FILLED", "1", created_time=BEGAN + 5, updated_time=BEGAN + 30),
        row(2, "NEW", created_time=BEGAN + 10, updated_time=BEGAN + 10),
        row(3, "FILLED", "1", created_time=BEGAN - 90, updated_time=BEGAN + 20),
        row(4, "FILLED", "1", created_time=BEGAN - 90, updated_time=BEGAN - 50),
    ]
    trades = [fill(11, "1", BEGAN + 30, 1), fill(13, "1", BEGAN + 20, 3), fill(14, "1", BEGAN - 50, 4)]
    found = told(FakeOrders(rows, trades))
    assert [one[:2] for one in found] == [(1, "NEW"), (2, "NEW"), (3, "FILLED"), (1, "FILLED")]
    assert all(when >= BEGAN for *_, when in found)


def test_they_are_flagged_and_bear_the_ids_that_any_process_gives_them() -> None:
    """So what a stream told already is told from what it did not."""
    venue = FakeOrders([row(2, "NEW", created_time=BEGAN + 10, updated_time=BEGAN + 10)])
    (one,), _ = reports_since(venue, BEGAN, everything)  # type: ignore[arg-type]
    (again,), _ = reports_since(venue, BEGAN - 500, everything)  # type: ignore[arg-type]
    assert one.recovered
    assert one.event_id == again.event_id
    none, whole = reports_since(venue, BEGAN, lambda report: report.event_id != one.event_id)  # type: ignore[arg-type]
    assert (none, whole) == ([], True)


def test_whether_that_is_all_is_said() -> None:
    """Not where a list hides fills of an order of which more are known than are shown."""
    rows = [row(1, "FILLED", "1", created_time=BEGAN - 90, updated_time=BEGAN + 30)]
    _, whole = reports_since(FakeOrders(rows, [fill(11, "1", BEGAN + 30, 1)]), BEGAN, everything)  # type: ignore[arg-type]
    assert whole
    _, whole = reports_since(FakeOrders(rows, []), BEGAN, everything)  # type: ignore[arg-type]
    assert not whole


def test_it_is_asked_as_what_the_package_asks_of_its_own_accord() -> None:
    """The user's requests never wait for it; what fails is raised."""
    shares: list[int] = []

    class Venue(FakeOrders):
        def list(self, **options: Any) -> Any:
            shares.append(len(rate_shares()))
            return super().list(**options)

        def list_algo(self, **options: Any) -> Any:
            raise TransportError("no answer")

    with pytest.raises(TransportError):
        reports_since(Venue([row(1)]), BEGAN, everything)  # type: ignore[arg-type]
    assert min(shares) > 0
    assert len(rate_shares()) == 0


def test_a_relay_publishes_them_between_open_and_closed() -> None:
    """Those of topics that it publishes; the count is of all."""
    mine, other = report(order_id=1), report(order_id=2)
    other.frame.topic = "elsewhere"
    topic = topics.execution_report()
    items = gap_items(
        {topic.name: topic},
        50,
        [mine, other],
        since=10,
        reason="no relay was there",
        whole=False,
        seconds=1.5,
    )
    opened, one, closed = items
    assert (opened.session, one.events, one.topic) == (
        GapOpened(since=10, reason="no relay was there"), (mine,), topic,
    )  # fmt: skip
    assert isinstance(closed.session, GapClosed)
    assert (closed.session.recovered, closed.session.gap_complete, closed.session.until) == (2, False, 50)
    assert {item.at for item in items} == {50}
