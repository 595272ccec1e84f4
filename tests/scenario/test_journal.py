"""A client with a journal: what the next one is told, in this process and after a crash of it."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from orderly_sync import (
    Bracket,
    Limit,
    Market,
    NotFound,
    Stop,
    UsageError,
    connect,
    topics,
)
from orderly_sync.venue.server.serve import Venue
from tests.support.journals import Told, crash, other_rest
from tests.support.paper import eventually

WAIT = 20.0


def test_what_was_done_while_no_client_ran_is_told_to_the_next(venue: Venue, path: Path) -> None:
    """Flagged as recovered, in order, whole; what the first was told is not told again."""
    with connect(venue.line(), journal=path) as ex:
        told = Told(ex)
        kept = ex.place(Limit.buy("ETH", quantity="0.5", price="3000"))
        first = {report.event_id for report in told.wait(1)}
    with other_rest(venue) as rest:
        rest.orders.create(symbol="PERP_ETH_USDC", order_type="MARKET", side="BUY", order_quantity="0.1")
        rest.orders.cancel(symbol="PERP_ETH_USDC", order_id=kept.order_id)
    with connect(venue.line(), journal=path) as ex:
        again = Told(ex).wait(3)

    assert sorted(report.status for report in again) == ["CANCELLED", "FILLED", "NEW"]
    assert all(report.recovered and not report.redelivered for report in again)
    assert not first & {report.event_id for report in again}
    filled = [report for report in again if report.order_id != kept.order_id]
    assert [report.status for report in filled] == ["NEW", "FILLED"]


def test_what_no_hook_has_returned_from_is_told_again(venue: Venue, path: Path) -> None:
    """With the same id and the same facts, flagged, and before what is new."""
    ex = connect(venue.line(), journal=path)
    told = Told(ex)
    ex.place(Market.buy("ETH", quantity="0.1")).wait("filled", WAIT)
    before = list(told.wait(2))
    ex.journal.taken = lambda event: None
    ex.place(Market.sell("ETH", quantity="0.1")).wait("filled", WAIT)
    lost = list(told.wait(4))[2:]
    crash(ex)
    with connect(venue.line(), journal=path) as ex:
        second = Told(ex)
        ex.place(Market.buy("ETH", quantity="0.2")).wait("filled", WAIT)
        again = second.wait(4)[:4]

    assert [report.event_id for report in again[:2]] == [report.event_id for report in lost]
    assert again[:2] == lost  # fact for fact
    assert [report.redelivered for report in again] == [True, True, False, False]
    assert not {report.event_id for report in before} & {report.event_id for report in again}


def test_the_same_for_algo_orders(venue: Venue, path: Path) -> None:
    """Each node of a tree; what happened to them without a client is told, too."""
    topic = topics.algo_execution_report()
    ex = connect(venue.line(), journal=path)
    told = Told(ex, topic)
    ex.journal.taken = lambda event: None
    stop = ex.place(Stop.buy("ETH", quantity="0.1", trigger="3600"))
    name, lost = stop.client_order_id, list(told.wait(1))
    crash(ex)
    venue.set_mark_price("PERP_ETH_USDC", 3650)
    with connect(venue.line(), journal=path) as ex:
        second = Told(ex, topic)
        eventually(lambda: any(report.is_fill for report in second.reports), WAIT)
        again = second.reports
        handle = ex.handle(name)
        assert (handle.is_done, handle.order_id) == (True, stop.order_id)

    assert again[0].event_id == lost[0].event_id
    assert again[0].redelivered
    assert len(set(second.ids())) == len(again)


def test_hooks_of_one_topic_hear_what_is_owed_though_one_comes_first(venue: Venue, path: Path) -> None:
    """A filter for one market does not use up what another hook waits for."""
    ex = connect(venue.line(), journal=path)
    ex.place(Market.buy("ETH", quantity="0.1")).wait("filled", WAIT)
    ex.place(Market.buy("BTC", quantity="0.01")).wait("filled", WAIT)
    ex.stop()
    with connect(venue.line(), journal=path) as ex:
        eth: list[Any] = []
        ex.on(topics.execution_report(), eth.append, symbol="ETH")
        every = Told(ex)
        every.wait(4)

    assert [report.symbol for report in eth] == ["PERP_ETH_USDC"] * 2
    assert len(every.reports) == 4


@pytest.mark.parametrize("close", [True, False])
def test_a_stream_has_taken_what_came_before_the_next_was_asked_for(
    venue: Venue, path: Path, *, close: bool
) -> None:
    """Closing it says that the last one was looked at; a crash does not."""
    ex = connect(venue.line(), journal=path)
    reports = ex.stream(topics.execution_report())
    ex.place(Market.buy("ETH", quantity="0.1"))
    first, second = reports.get(timeout=WAIT), reports.get(timeout=WAIT)
    if close:
        reports.close()
    ex.end()
    with connect(venue.line(), journal=path) as ex:
        told = Told(ex)
        ex.place(Market.buy("ETH", quantity="0.3")).wait("filled", WAIT)
        told.wait(2 if close else 3)

    assert first.event_id not in told.ids()
    assert (second.event_id in told.ids()) is not close


def test_a_hook_that_stops_its_client_is_not_given_the_report_again(venue: Venue, path: Path) -> None:
    """Or it would stop the next client at once."""
    ex = connect(venue.line(), journal=path)
    ended = threading.Event()

    def once(report: Any) -> None:
        ex.stop()
        ended.set()

    ex.on(topics.execution_report(), once)
    ex.place(Limit.buy("ETH", quantity="0.1", price="3000"))
    assert ended.wait(WAIT)
    with connect(venue.line(), journal=path) as ex:
        told = Told(ex)
        ex.place(Market.buy("ETH", quantity="0.1")).wait("filled", WAIT)
        told.wait(2)

    assert not any(report.redelivered for report in told.reports)


# Handles ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("with_journal", [True, False])
def test_a_handle_comes_back_and_lives(venue: Venue, path: Path, *, with_journal: bool) -> None:
    """It can cancel, and hears of what follows; with a journal and without."""
    journal = path if with_journal else None
    requests = (
        Limit.buy("ETH", quantity="0.5", price="3000"),
        Bracket.buy("ETH", quantity="0.5", price="3000", take_profit="3900", stop_loss="2800"),
    )
    with connect(venue.line(), journal=journal) as ex:
        placed = [ex.place(request) for request in requests]
        assert [ex.handle(one.client_order_id) for one in placed] == placed
    with connect(venue.line(), journal=journal) as ex:
        back = [ex.handle(one.client_order_id) for one in placed]
        assert [one.order_id for one in back] == [one.order_id for one in placed]
        assert ex.handle(placed[0].client_order_id) is back[0]
        assert not any(one.is_done for one in back)
        for one in back:
            one.cancel(wait=WAIT)
        assert [str(one.status) for one in back] == ["CANCELLED", "CANCELLED"]


def test_an_unknown_name_is_told(venue: Venue) -> None:
    """By its type."""
    with (
        connect(venue.line()) as ex,
        pytest.raises(NotFound),
    ):
        ex.handle("nobody")


# One transaction ---------------------------------------------------------------------------------------------------


def count_of(path: Path) -> int:
    """How many rows the user's own table has."""
    with sqlite3.connect(path) as db:
        count = db.execute("SELECT count(*) FROM seen").fetchone()[0]
    db.close()
    return int(count)


def test_rows_of_a_hook_and_its_mark_are_one(venue: Venue, path: Path) -> None:
    """A crash right behind the transaction brings nothing again; one that raises within leaves nothing."""
    ex = connect(venue.line(), journal=path)
    done, fail = threading.Semaphore(0), False

    def keep(report: Any) -> None:
        try:
            with ex.journal.transaction() as db:
                db.execute("CREATE TABLE IF NOT EXISTS seen (event_id TEXT PRIMARY KEY, quantity TEXT)")
                db.execute("INSERT INTO seen VALUES (?, ?)", (report.event_id, str(report.executed_quantity)))
                assert not fail
        finally:
            done.release()

    ex.on(topics.execution_report(), keep)
    ex.journal.taken = lambda event: None  # the client dies before it can mark anything itself
    ex.place(Limit.buy("ETH", quantity="0.1", price="3000"))
    assert done.acquire(timeout=WAIT)
    fail = True
    ex.place(Limit.buy("ETH", quantity="0.1", price="3000"))
    assert done.acquire(timeout=WAIT)
    crash(ex)

    assert count_of(path) == 1
    with connect(venue.line(), journal=path) as ex:
        again = Told(ex).wait(1)
    assert len(again) == 1
    assert again[0].redelivered


@pytest.mark.parametrize(
    "statement",
    [
        "COMMIT",
        "DELETE FROM events",
        "UPDATE meta SET value = ''",
        "DROP TABLE orders",
        "ATTACH 'x' AS x",
        "PRAGMA x",
    ],
)
def test_a_transaction_does_not_touch_what_is_not_the_user_s(
    venue: Venue, path: Path, statement: str
) -> None:
    """Neither its own end nor the journal's tables."""
    with connect(venue.line(), journal=path) as ex:
        raised: list[BaseException] = []
        done = threading.Event()

        def meddle(report: Any) -> None:
            try:
                with ex.journal.transaction() as db:
                    db.execute(statement)
            except sqlite3.DatabaseError as exc:
                raised.append(exc)
            done.set()

        ex.on(topics.execution_report(), meddle)
        ex.place(Limit.buy("ETH", quantity="0.1", price="3000"))
        assert done.wait(WAIT)
        assert "not authorized" in str(raised[0]) or "prohibited" in str(raised[0])
        assert ex.journal.status == "durable"


def test_a_transaction_is_for_hooks(venue: Venue, path: Path) -> None:
    """Elsewhere an interrupt could leave the file locked."""
    with connect(venue.line(), journal=path) as ex, pytest.raises(UsageError, match="is for a hook"):
        ex.journal.transaction()
