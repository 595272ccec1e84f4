"""What joins the two halves, against the paper venue."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from orderly_sync import (
    Connected,
    Limit,
    Market,
    OrderOutcomeUnknown,
    Overflow,
    Resynced,
    Stop,
)
from orderly_sync.live.session import Session
from tests.support.paper import ETH, WAIT, eventually, mark, paper


@pytest.fixture
def ex() -> Any:
    with paper() as client:
        yield client


def session_of(ex: Any) -> Session:
    found: Session = ex._session
    return found


def test_ready_means_that_state_is_read(ex: Any):
    """Account, holdings and tables are there when the client is."""
    session = session_of(ex)
    assert session.account is not None
    assert ex.account.account_id == session.account.account_id
    assert all(
        table.seeded for table in (session.positions, session.holdings, session.orders, session.algo_orders)
    )
    assert ex.holdings["USDC"].holding > 0


def test_rules_are_read_once(ex: Any):
    """A symbol's rules do not change with each order."""
    session = session_of(ex)
    assert session.rules(ETH) is session.rules(ETH)


def test_an_order_whose_answer_is_lost_is_found(ex: Any):
    """Carried out or not told: it is looked for, never sent twice."""
    ex.paper.faults(http=[{"path": "/v1/order", "method": "POST", "reset": True, "commit": True}])
    order = ex.place(Market.buy(ETH, quantity="0.1"))
    assert order.wait("filled", WAIT).status == "FILLED"
    assert len(list(ex.rest.orders.list().each())) == 1


def test_an_algo_order_whose_answer_is_lost_is_found_by_rest(ex: Any):
    """Even if its report is lost as well."""
    ex.paper.faults(
        mute=["algoexecutionreportv2"],
        http=[{"path": "/v1/algo/order", "method": "POST", "reset": True, "commit": True}],
    )
    stop = ex.place(Stop.sell(ETH, quantity="0.1", trigger=mark(ex) - 10))
    assert stop.order_id is not None
    assert stop.reports[-1].origin == "rest"


def test_an_order_that_cannot_be_found_stays_unknown(ex: Any, monkeypatch: pytest.MonkeyPatch):
    """The error names the client order id to ask for; nothing was sent again."""
    monkeypatch.setattr("orderly_sync.trading.unknown_writes.WITHIN_A_CALL", (0.01, 0.01))
    ex.paper.faults(http=[{"path": "/v1/order", "method": "POST", "reset": True}])
    with pytest.raises(OrderOutcomeUnknown) as caught:
        ex.place(Market.buy(ETH, quantity="0.1", client_order_id="lost"))
    assert caught.value.client_order_id == "lost"
    assert list(ex.rest.orders.list().each()) == []


def test_overflow_has_the_state_read_again(ex: Any):
    """What was dropped of a topic that is not handed over cannot be trusted to have been seen."""
    resyncs = ex.stream(Resynced)
    ex._stream.hub.announce(Overflow("settle", 3))
    assert "3 events" in resyncs.get(timeout=WAIT).reason
    eventually(lambda: ex.status == "ready")


def test_a_gap_is_told_from_its_beginning_to_its_end(ex: Any):
    """Resyncing from the moment of the loss; Resynced once, with the venue's times."""
    resyncs, ups = ex.stream(Resynced), ex.stream(Connected)
    ex.paper.drop_connections()
    eventually(lambda: ex.stats()["gaps"] == 1)
    assert ups.get(timeout=WAIT).resumed
    told = resyncs.get(timeout=WAIT)
    assert told.since is not None
    assert told.until >= told.since
    assert told.recovered == 0
    with pytest.raises(TimeoutError):
        resyncs.get(timeout=0.3)


def test_profit_moves_with_the_mark_price(ex: Any):
    """While there is a position, mark prices are followed."""
    ex.place(Market.buy(ETH, quantity=1)).wait("filled", WAIT)
    held = eventually(lambda: ex.positions.get(ETH))
    ex.paper.set_mark_price(ETH, mark(ex) + 10)
    eventually(lambda: ex.positions[ETH].mark_price != held.mark_price)
    eventually(lambda: (ex.positions[ETH].unrealized_pnl or 0) > 0)


def test_a_handle_hears_of_its_own_order_only(ex: Any):
    """The same client order id on another order of another market would not mislead it."""
    first = ex.place(Limit.buy(ETH, quantity="0.1", price=mark(ex) - 50))
    second = ex.place(Limit.buy(ETH, quantity="0.1", price=mark(ex) - 60))
    eventually(lambda: first.last and second.last)
    assert {one.order_id for one in first.reports} == {first.order_id}
    assert {one.order_id for one in second.reports} == {second.order_id}


def test_stopping_is_idempotent_and_ends_the_threads(ex: Any):
    """From any thread, any number of times."""
    threads = [threading.Thread(target=ex.stop) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(WAIT)
    assert ex.status == "stopped"
    assert not any(one.name == "orderly-recovery" for one in threading.enumerate())
