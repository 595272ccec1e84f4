"""Lost connections, judged by the venue's own ledger: every fill once and in order, every end told, state equal."""

from __future__ import annotations

import threading
from random import Random

import pytest

from orderly_sync import Limit, Market, Resynced
from tests.faults.oracles import is_quiet, judge, watch
from tests.support.paper import ETH, WAIT, account_of, eventually, mark, paper
from tests.support.random_trading import Trading


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_storm_of_lost_connections_loses_nothing(seed: int):
    """Thirty drops at random moments of random trading: each fill once, in order; each end; the venue's state."""
    lots = Random(seed)
    with paper(seed=seed) as ex:
        after = len(ex.paper.ledger(account_of(ex)))
        seen, trading = watch(ex), Trading(ex, lots)
        for _ in range(30):
            for _ in range(lots.randint(0, 4)):
                trading.step()
            ex.paper.drop_connections()
            for _ in range(lots.randint(0, 4)):
                trading.step()
            if lots.random() < 0.3:
                eventually(lambda: is_quiet(ex))
        judge(ex, seen, after)
        trading.close()
        judge(ex, seen, after)
        assert ex.stats()["gaps"] > 3


@pytest.mark.parametrize("seed", range(2))
def test_each_gap_is_whole_before_the_next(seed: int):
    """Sparse drops, judged each time when Resynced is announced: a defect cannot hide behind the next recovery."""
    lots = Random(seed)
    with paper(seed=seed, later=()) as ex:
        after = len(ex.paper.ledger(account_of(ex)))
        seen, trading, resyncs = watch(ex), Trading(ex, lots), ex.stream(Resynced)
        for _ in range(6):
            for _ in range(4):
                trading.step()
            eventually(lambda: is_quiet(ex))
            ex.paper.drop_connections()
            for _ in range(6):
                trading.step()
            resyncs.get(timeout=WAIT)
            judge(ex, seen, after)


def test_a_fill_missed_in_a_gap_comes_before_the_one_that_is_live():
    """With REST slow to tell, the live fill waits for the missed one: the quantity chain holds."""
    with paper() as ex:
        after = len(ex.paper.ledger(account_of(ex)))
        seen = watch(ex)
        start = mark(ex)
        order = ex.place(Limit.buy(ETH, quantity="250", price=start - 20))
        eventually(lambda: order.last)
        ex.paper.faults(refuse_upgrade=1, delay_ms=200)
        ex.paper.drop_connections()
        ex.paper.set_mark_price(ETH, start - 25)
        eventually(lambda: ex.status in {"resyncing", "ready"})
        ex.paper.set_mark_price(ETH, start - 26)
        ex.paper.faults(clear=True)
        judge(ex, seen, after)
        assert any(one.recovered for one in seen.reports)


def test_reports_that_the_venue_drops_silently_are_found():
    """A hole in an order's totals is noticed without any disconnect, and filled from REST."""
    with paper() as ex:
        after = len(ex.paper.ledger(account_of(ex)))
        seen = watch(ex)
        start = mark(ex)
        order = ex.place(Limit.buy(ETH, quantity="250", price=start - 20))
        eventually(lambda: order.last)
        ex.paper.faults(drop_reports=1.0)
        ex.paper.set_mark_price(ETH, start - 25)
        ex.paper.faults(clear=True)
        ex.paper.set_mark_price(ETH, start - 26)
        judge(ex, seen, after)
        assert ex.stats()["gaps"] == 0


def test_reports_sent_twice_and_out_of_order_come_once_and_in_order():
    """Duplicated and swapped frames: hooks see each fill once, in its order."""
    with paper() as ex:
        after = len(ex.paper.ledger(account_of(ex)))
        ex.paper.faults(duplicate_reports=0.3, swap_reports=0.3)
        seen, trading = watch(ex), Trading(ex, Random(5))
        for _ in range(60):
            trading.step()
        ex.paper.faults(clear=True)
        trading.close()
        trading.market()
        judge(ex, seen, after)


def test_reads_that_lag_are_made_up_for_by_a_later_look():
    """REST shows nothing younger than a while; what the first look cannot see the next one brings."""
    with paper(later=(0.2, 0.5, 1.0)) as ex:
        after = len(ex.paper.ledger(account_of(ex)))
        seen = watch(ex)
        start = mark(ex)
        order = ex.place(Limit.buy(ETH, quantity="0.3", price=start - 20))
        eventually(lambda: order.last)
        resyncs = ex.stream(Resynced)
        ex.paper.faults(read_lag_ms=60_000)
        ex.paper.drop_connections()
        ex.paper.set_mark_price(ETH, start - 25)
        resyncs.get(timeout=WAIT)
        ex.paper.faults(clear=True)
        judge(ex, seen, after)
        assert resyncs.get(timeout=WAIT).recovered


def test_what_was_over_before_the_client_came_is_not_told():
    """Recovery reads back beyond the gap, but never tells of orders that ended before the client was there."""
    with paper() as earlier:
        earlier.place(Market.buy(ETH, quantity="0.1")).wait("filled", WAIT)
        network, credentials = earlier.rest.network, earlier._stream.hub.options.credentials
        from orderly_sync import connect

        with connect(network, credentials=credentials, rate_limits=False) as ex:
            seen, resyncs = watch(ex), ex.stream(Resynced)
            earlier.paper.drop_connections()
            assert resyncs.get(timeout=WAIT).recovered == 0
            assert not seen.reports


def test_recovery_goes_on_after_rest_failed():
    """A read that fails is tried again until it succeeds; the client is resyncing until then."""
    with paper() as ex:
        after = len(ex.paper.ledger(account_of(ex)))
        seen = watch(ex)
        start = mark(ex)
        ex.place(Limit.buy(ETH, quantity="0.3", price=start - 20))
        done = threading.Event()
        ex.on(Resynced, lambda _: done.set())
        ex.paper.faults(
            http=[{"path": "/v1/orders", "method": "GET", "status": 500, "body": "<html>", "times": 9}]
        )
        ex.paper.drop_connections()
        ex.paper.set_mark_price(ETH, start - 25)
        eventually(lambda: ex.status == "resyncing")
        ex.paper.faults(clear=True)
        assert done.wait(WAIT)
        judge(ex, seen, after)
