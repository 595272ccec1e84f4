"""What recovery promises, by the venue's own ledger: what a gap hid, what was dropped, what came late or never existed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest

from orderly_sync import GapClosed, GapOpened, Limit, Market, Orderly, Resynced, Stop, VenueRestarted, topics
from orderly_sync.live.session import Session
from orderly_sync.paper.start import start_paper
from orderly_sync.rest import Rest
from orderly_sync.stream.stream import Stream
from tests.support.paper import ETH, WAIT, Seen, Told, account_of, eventually, joined, mark, paper
from tests.support.streams import quick

BOTH = (topics.algo_execution_report(version=1), topics.algo_execution_report())


@contextmanager
def audited(**options: Any) -> Iterator[Orderly]:
    """A client that looks for what was dropped five times a second."""
    venue, network, credentials = start_paper(seed=5, market="frozen", venue_rate_limits=False)
    with joined(venue, network, credentials, **options) as ex:
        yield ex


def fill_of_stop(ex: Orderly, start: Decimal) -> Any:
    """A stop that fires while nothing is heard."""
    stop = ex.place(Stop.buy(ETH, quantity="0.3", trigger=start + 5))
    eventually(lambda: stop.last)
    ex.paper.faults(refuse_upgrade=1)
    ex.paper.drop_connections()
    ex.paper.set_mark_price(ETH, start + 6)
    return stop


@pytest.mark.parametrize("heard", [BOTH[:1], BOTH, BOTH[1:]])
def test_every_version_that_anybody_hears_is_recovered(heard: tuple[Any, ...]):
    """Each for itself: version 1, version 2, or both."""
    with paper() as ex:
        seen: dict[str, list[Any]] = {topic.name: [] for topic in heard}
        for topic in heard:
            ex.on(topic, seen[topic.name].append)
        after = len(ex.paper.ledger(account_of(ex)))
        closed = ex.stream(GapClosed)
        fill_of_stop(ex, mark(ex))
        assert closed.get(timeout=WAIT).gap_complete
        told = Told(ex, after)
        assert told.algo_fills
        for name, events in seen.items():
            eventually(lambda events=events: any(one.is_final for one in events))
            fills = [(one.algo_order_id, one.trade_id) for one in events if one.trade_id]
            assert fills == told.algo_fills, name
            assert {one.topic for one in events} == {name}
            assert any(one.recovered for one in events)


def test_a_version_that_is_heard_later_is_recovered_from_then_on():
    """What was over before is not told, what comes is."""
    with paper() as ex:
        start = mark(ex)
        old = ex.place(Stop.buy(ETH, quantity="0.1", trigger=start + 1))
        eventually(lambda: old.last)
        ex.paper.set_mark_price(ETH, start + 2)
        eventually(lambda: old.is_done)
        seen: list[Any] = []
        ex.on(BOTH[0], seen.append)
        new = fill_of_stop(ex, start)
        eventually(lambda: any(one.is_final for one in seen))
        assert {one.algo_order_id for one in seen} == {new.order_id}


@pytest.mark.parametrize("wrong", [1000, 1_000_000])
def test_one_push_in_another_unit_hides_no_later_gap(wrong: int):
    """In microseconds or nanoseconds: each later gap is read from where it began."""
    with paper() as ex:
        seen = Seen()
        ex.on(topics.execution_report(), seen.reports.append)
        start, resyncs = mark(ex), ex.stream(Resynced)
        now = ex.paper.advance(0) or 1_800_000_000_000
        hub = ex._stream.hub
        private = hub.connections["private"]
        frame = b'{"topic":"balance","ts":%d,"data":{"balances":{}}}' % (now * wrong)
        private.between_frames(lambda at: private.reader.read(frame, at))
        after = len(ex.paper.ledger(account_of(ex)))
        for step in (1, 2, 3):
            order = ex.place(Limit.buy(ETH, quantity="0.2", price=start - step))
            eventually(lambda order=order: order.last)
            ex.paper.faults(refuse_upgrade=1)
            ex.paper.drop_connections()
            ex.paper.set_mark_price(ETH, start - step - 1)
            assert resyncs.get(timeout=WAIT).since < now * 2
            eventually(lambda order=order: order.is_done)
        told = Told(ex, after)
        eventually(lambda: set(seen.fills) == set(told.fills))


@pytest.mark.parametrize("statuses", [{"FILLED", "PARTIAL_FILLED"}, {"NEW"}, {"CANCELLED"}])
def test_what_is_dropped_without_a_disconnect_is_found(statuses: set[str]):
    """Fills, beginnings and ends of another program's orders, of which no other report follows."""
    with audited(later=(0.2, 1.0), audit=0.2) as ex:
        seen = Seen()
        ex.on(topics.execution_report(), seen.reports.append)
        start = mark(ex)
        after = len(ex.paper.ledger(account_of(ex)))
        price = start + 50 if "FILLED" in statuses else start - 50
        ex.paper.faults(
            drop_reports=1.0 if "CANCELLED" not in statuses else 0.0, report_topics=["executionreport"]
        )
        sent = ex.rest.orders.create(
            symbol=ETH, order_type="LIMIT", side="BUY", order_price=price, order_quantity="0.2"
        )
        if "CANCELLED" in statuses:
            eventually(lambda: seen.reports)
            ex.paper.faults(drop_reports=1.0)
            ex.rest.orders.cancel(symbol=ETH, order_id=sent.order_id or 0)
        ex.paper.faults(clear=True)
        ex.paper.advance(10_000)  # what is so young may be on its way yet
        eventually(lambda: {one.status for one in seen.reports} & statuses)
        told = Told(ex, after)
        eventually(lambda: [(one.order_id, one.status) for one in seen.reports]
                   == [(one["orderId"], one["status"]) for one in told.reports])  # fmt: skip
        assert ex._session is not None
        assert ex._session.recovery.gaps == 0


def test_a_new_whose_row_lags_is_not_lost():
    """Placed in the gap, its row not there in the first reading: what follows waits for the look that shows it."""
    with paper(later=(0.5, 2.0)) as ex:
        seen = Seen()
        ex.on(topics.execution_report(), seen.reports.append)
        start, resyncs = mark(ex), ex.stream(Resynced)
        after = len(ex.paper.ledger(account_of(ex)))
        ex.paper.faults(refuse_upgrade=2, read_lag_ms=60_000)
        ex.paper.drop_connections()
        sent = ex.rest.orders.create(
            symbol=ETH, order_type="LIMIT", side="BUY", order_price=start - 3, order_quantity="0.2"
        )
        resyncs.get(timeout=WAIT)
        ex.paper.set_mark_price(ETH, start - 4)
        ex.paper.faults(clear=True)
        eventually(lambda: any(one.is_final for one in seen.reports))
        told = Told(ex, after)
        ours = [one.status for one in seen.reports if one.order_id == sent.order_id]
        assert ours == [one["status"] for one in told.reports if one["orderId"] == sent.order_id]
        assert ours[0] == "NEW"
        assert not any(one.out_of_order for one in seen.reports)


def test_a_gap_is_told_from_its_opening_to_its_end():
    """Opened, read once, closed after the last look with what was found; nothing is known to be missing."""
    with paper() as ex:
        told: list[Any] = []
        for kind in (GapOpened, Resynced, GapClosed):
            ex.on(kind, told.append)
        start = mark(ex)
        order = ex.place(Limit.buy(ETH, quantity="0.2", price=start - 3))
        eventually(lambda: order.last)
        ex.paper.faults(refuse_upgrade=1)
        ex.paper.drop_connections()
        ex.paper.set_mark_price(ETH, start - 4)
        eventually(lambda: told and isinstance(told[-1], GapClosed))
        assert [type(one) for one in told[:2]] == [GapOpened, Resynced]
        opened, closed = told[0], told[-1]
        assert (opened.since, closed.gap_complete) == (closed.since, True)
        assert closed.recovered >= 1
        assert closed.looks >= 3
        assert order.last is not None
        assert order.last.recovered


@pytest.mark.parametrize("many", [499, 560])
def test_more_fills_in_one_millisecond_than_the_venue_lists(many: int):
    """One move of the market fills all, and the venue lists the newest 500: each is told once all the same."""
    with audited(later=(0.5, 1.0, 1.5)) as ex:
        seen: list[Any] = []
        ex.on(topics.execution_report(), seen.append)
        closed = ex.stream(GapClosed)
        fill_in_a_gap(ex, many)
        eventually(lambda: len({one.trade_id for one in seen if one.trade_id}) >= many, timeout=60)
        fills = [one for one in seen if one.trade_id]
        assert len(fills) == many
        assert all(one.recovered for one in fills)
        told = [row["data"] for row in ex.paper.ledger(account_of(ex)) if row["topic"] == "executionreport"]
        assert {one.trade_id for one in fills} == {row["tradeId"] for row in told if row.get("tradeId")}
        assert closed.get(timeout=WAIT).recovered >= many


def fill_in_a_gap(ex: Orderly, many: int) -> None:
    """So many orders, all filled by one move of the market while nothing is heard."""
    price = mark(ex) - 20
    for _ in range(many):
        ex.rest.orders.create(
            symbol=ETH, order_type="LIMIT", side="BUY", order_quantity="0.01", order_price=price
        )
    eventually(lambda: len(ex.orders) == many)
    ex.paper.faults(refuse_upgrade=100_000)
    ex.paper.drop_connections()
    ex.paper.set_mark_price(ETH, price - 40)
    assert len({fill.executed_timestamp for fill in ex.rest.orders.fills(size=500)}) == 1
    ex.paper.faults(refuse_upgrade=0)


@pytest.mark.parametrize("market", ["frozen", "followed"])
def test_a_venue_that_begins_anew_is_noticed(market: str):
    """The same ids are other orders', whether its clock goes back or not: each of their reports is told.

    A followed market has the wall clock, and nobody moves it here: makers that quote would take ids meanwhile.
    """
    venue, network, credentials = start_paper(seed=5, market=market, venue_rate_limits=False)
    port = int(venue.urls["rest"].rsplit(":", 1)[1])
    rest = Rest(network, credentials, rate_limits=False)
    stream = Stream(network, credentials, delays=quick)
    session = Session(rest, stream.hub, later=(0.2, 1.0))
    ex = Orderly(rest, stream, session, None)
    try:
        session.start()
        seen = Seen()
        ex.on(topics.execution_report(), seen.reports.append)
        restarts = ex.stream(VenueRestarted)
        old = [ex.place(Market.buy(ETH, quantity="0.2")) for _ in range(3)]
        for order in old:
            order.wait("done", WAIT)
        eventually(lambda: len(seen.reports) == 6)
        before = [(one.order_id, one.status) for one in seen.reports]
        venue.advance(3_600_000)
        venue.stop()
        # Time goes on where it is the wall clock's: far enough for the orders to be told apart by it.
        eventually(lambda: ex.status != "ready")
        venue = start_paper(seed=5, market=market, venue_rate_limits=False, port=port)[0]
        eventually(lambda: ex.status == "ready")
        new = [ex.place(Market.buy(ETH, quantity="0.2")) for _ in range(3)]
        for order in new:
            order.wait("done", WAIT)
        assert [one.order_id for one in new] == [one.order_id for one in old]
        restarts.get(timeout=WAIT)
        eventually(lambda: len(seen.reports) >= 2 * len(before))
        assert [(one.order_id, one.status) for one in seen.reports] == before * 2
        assert [(one.status, len(one.reports)) for one in [*old, *new]] == [("FILLED", 2)] * 6
        eventually(lambda: ex.positions[ETH].quantity == Decimal("0.6"))
    finally:
        ex.stop()
        venue.stop()
