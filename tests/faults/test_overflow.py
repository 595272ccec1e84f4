"""Queues that are full: nothing private is lost, each report comes once and in order, and it is told at once."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal

import pytest

from orderly_sync import Limit, Market, Orderly, Overflow, Resynced, Stop, topics
from orderly_sync.stream import dispatch
from tests.support.hooks import Gate
from tests.support.paper import ETH, WAIT, account_of, eventually, mark, paper

BOUND = 8


@pytest.fixture
def ex(monkeypatch: pytest.MonkeyPatch) -> Iterator[Orderly]:
    monkeypatch.setattr(dispatch, "PRIVATE_MAXLEN", BOUND)
    with paper() as client:
        yield client


def told(ex: Orderly, topic: str = "executionreport") -> list[tuple[int, int, str]]:
    """What the venue has emitted, in its order."""
    rows = ex.paper.ledger(account_of(ex))
    return [
        (row["data"]["orderId"], row["data"].get("tradeId") or 0, row["data"]["status"])
        for row in rows
        if row["topic"] == topic
    ]


def key(report: Any) -> tuple[int, int, str]:
    return report.order_id, report.trade_id, str(report.status)


def by_order(keys: list[tuple[int, int, str]]) -> dict[int, list[tuple[int, int, str]]]:
    orders: dict[int, list[tuple[int, int, str]]] = {}
    for one in keys:
        orders.setdefault(one[0], []).append(one)
    return orders


def assert_all_once_in_order(ex: Orderly, seen: list[Any]) -> None:
    """Of each order what the venue told of it, in its order; nothing twice."""
    keys = [key(report) for report in seen]
    assert len(keys) == len(set(keys))
    assert by_order(keys) == by_order(told(ex))


def churn(ex: Orderly, orders: int) -> None:
    """Orders that stay, are cancelled, and are filled at once."""
    price = mark(ex) - 50
    for number in range(orders):
        if number % 3 == 2:
            ex.place(Market.buy(ETH, quantity="0.01"))
        else:
            handle = ex.place(Limit.buy(ETH, quantity="0.1", price=price - number % 20))
            if number % 3 == 1:
                handle.cancel(wait=WAIT)
    count = len(told(ex))
    eventually(lambda: ex.stats()["topics"]["executionreport"]["pushes"] >= count)


def caught_up(ex: Orderly, seen: list[Any]) -> None:
    eventually(lambda: len(seen) >= len(told(ex)))


def test_what_a_blocked_hook_had_no_room_for_is_handed_over(ex: Orderly):
    """All of it, once, in each order's order; what was owed says that it was recovered, and Resynced ends it."""
    slow = Gate()
    ex.on(topics.execution_report(), slow)
    resynced = ex.stream(Resynced)
    churn(ex, 30)
    eventually(lambda: ex.status == "resyncing")
    slow.go.set()
    done = resynced.get(timeout=WAIT)
    caught_up(ex, slow.seen)
    assert_all_once_in_order(ex, slow.seen)
    assert "full" in done.reason
    assert done.recovered == sum(report.recovered for report in slow.seen) > 20
    assert {report.origin for report in slow.seen if report.recovered} == {"rest"}
    eventually(lambda: ex.status == "ready")


def test_overflow_is_told_while_the_hook_still_blocks(ex: Orderly):
    """To streams, to other hooks for it on a thread of their own, to the log and in the status."""
    slow, alerts, threads = Gate(), ex.stream(Overflow), []
    heard = threading.Event()

    def alert(event: Overflow) -> None:
        threads.append((event.topic, event.dropped, threading.current_thread().name))
        heard.set()

    ex.on(topics.execution_report(), slow)
    ex.on(Overflow, alert)
    churn(ex, 12)
    assert heard.wait(WAIT)
    event = alerts.get(timeout=WAIT)
    assert not slow.go.is_set()
    assert (event.topic, event.dropped, event.lost) == ("executionreport", 1, False)
    assert threads == [("executionreport", 1, "orderly-alerts")]
    slow.go.set()
    caught_up(ex, slow.seen)


def test_a_consumer_that_was_full_gets_what_it_missed(ex: Orderly):
    """It raises nothing; it goes on behind what it was given late."""
    events = ex.stream(topics.execution_report(), maxlen=5)
    churn(ex, 15)
    seen: list[Any] = []
    while len(seen) < len(told(ex)):
        seen.append(events.get(timeout=WAIT))
    assert_all_once_in_order(ex, seen)
    assert events.dropped > 0
    ex.place(Market.buy(ETH, quantity="0.01")).wait("filled", WAIT)
    while len(seen) < len(told(ex)):
        seen.append(events.get(timeout=WAIT))
    assert_all_once_in_order(ex, seen)
    eventually(lambda: ex.status == "ready")


def test_each_queue_has_an_account_of_its_own(ex: Orderly):
    """A blocked hook, a small stream and a large one: each gets all, and none waits for another."""
    slow = Gate()
    ex.on(topics.execution_report(), slow)
    small = ex.stream(topics.execution_report(), maxlen=3)
    large = ex.stream(topics.execution_report(), maxlen=10_000)
    churn(ex, 20)
    whole = [large.get(timeout=WAIT) for _ in told(ex)]
    assert not any(report.recovered for report in whole)
    part = [small.get(timeout=WAIT) for _ in told(ex)]
    assert_all_once_in_order(ex, part)
    assert len(slow.seen) == 1
    slow.go.set()
    caught_up(ex, slow.seen)
    assert_all_once_in_order(ex, slow.seen)


def test_what_comes_while_it_is_being_handed_over_waits_behind_it(ex: Orderly):
    """More than fits, again and again: still once and in order."""
    slow = Gate()
    ex.on(topics.execution_report(), slow)
    churn(ex, 20)
    slow.go.set()
    for _ in range(4):
        churn(ex, 12)
    caught_up(ex, slow.seen)
    assert_all_once_in_order(ex, slow.seen)


def test_overflow_in_a_gap_of_the_connection_loses_nothing(ex: Orderly):
    """What the gap hid is recovered into a full queue, and handed over from there."""
    slow = Gate()
    ex.on(topics.execution_report(), slow)
    churn(ex, 12)
    gaps = ex.stats()["gaps"]
    ex.paper.drop_connections()
    eventually(lambda: ex.stats()["gaps"] > gaps)
    for number in range(9):
        ex.rest.orders.create(
            symbol=ETH,
            order_type="LIMIT",
            side="BUY",
            order_price=mark(ex) - 60 - number,
            order_quantity="0.1",
        )
    eventually(lambda: len(ex.orders) >= 9)
    slow.go.set()
    caught_up(ex, slow.seen)
    assert_all_once_in_order(ex, slow.seen)


def test_an_edit_that_found_no_room_is_told_as_the_order_stands(ex: Orderly):
    """The terms of the last edit; those before it are gone, as after any gap."""
    slow = Gate()
    ex.on(topics.execution_report(), slow)
    price = mark(ex) - 50
    order = ex.place(Limit.buy(ETH, quantity="0.1", price=price))
    churn(ex, 12)
    order.edit(price=price - 1)
    order.edit(price=price - 2)
    eventually(lambda: ex.orders[order.order_id or 0].price == price - 2)
    slow.go.set()
    eventually(lambda: [one for one in slow.seen if str(one.status) == "REPLACED"])
    edits = [one for one in slow.seen if str(one.status) == "REPLACED"]
    assert [(one.order_id, one.price, one.recovered) for one in edits] == [(order.order_id, price - 2, True)]


@pytest.mark.parametrize("version", [1, 2])
def test_algo_orders_that_found_no_room_are_told_of(ex: Orderly, version: Literal[1, 2]):
    """Beginnings, triggers with their fills, and ends, of trees; by either topic, under its own name."""
    slow = Gate()
    topic = topics.algo_execution_report(version)
    ex.on(topic, slow)
    start = mark(ex)
    ex.place(Market.buy(ETH, quantity="1")).wait("filled", WAIT)
    handles = [ex.place(Stop.sell(ETH, quantity="0.1", trigger=start - 10 - number)) for number in range(12)]
    for handle in handles[6:]:
        handle.cancel(wait=WAIT)
    ex.paper.set_mark_price(ETH, start - 20)
    for handle in handles[:6]:
        handle.wait("filled", WAIT)
    slow.go.set()
    ends = {handle.order_id: "FILLED" if number < 6 else "CANCELLED" for number, handle in enumerate(handles)}
    eventually(lambda: ends.keys() <= {one.algo_order_id for one in slow.seen if one.is_final})
    assert {one.algo_order_id: str(one.algo_status) for one in slow.seen if one.is_final} == ends
    filled = [one for one in slow.seen if one.is_fill]
    assert sum((one.executed_quantity or Decimal(0) for one in filled), Decimal(0)) == Decimal("0.6")
    assert len({(one.algo_order_id, one.trade_id) for one in filled}) == len(filled)
    assert any(one.recovered for one in slow.seen)
    assert {one.topic for one in slow.seen} == {topic.name}


def test_each_version_of_the_algo_reports_has_an_account_of_its_own(ex: Orderly):
    """Hooks of both wait for one that blocks, a stream is read: each is told all, once, and the stream as it comes."""
    slow, quick = Gate(), list[Any]()
    ex.on(topics.algo_execution_report(1), slow)
    ex.on(topics.algo_execution_report(2), quick.append)
    stream = ex.stream(topics.algo_execution_report(2), maxlen=1_000)
    start = mark(ex)
    handles = [ex.place(Stop.sell(ETH, quantity="0.1", trigger=start - 10 - number)) for number in range(12)]
    for handle in handles:
        handle.cancel(wait=WAIT)
    read = [stream.get(timeout=WAIT) for _ in range(24)]
    slow.go.set()
    ids = {handle.order_id for handle in handles}
    for seen in (slow.seen, quick):
        eventually(lambda seen=seen: ids <= {one.algo_order_id for one in seen if one.is_final})
        assert len([one for one in seen if one.is_final]) == len(handles)
    assert not any(one.recovered for one in read)
    assert {one.topic for one in slow.seen} == {"algoexecutionreport"}


def test_of_positions_and_balances_the_newest_stays(ex: Orderly):
    """A state topic promises the latest state, however slow the hook."""
    slow = Gate()
    ex.on(topics.position(), slow)
    events = ex.stream(topics.position(), maxlen=2)
    for _ in range(20):
        ex.place(Market.buy(ETH, quantity="0.01")).wait("filled", WAIT)
    eventually(lambda: ex.stats()["topics"]["position"]["pushes"] >= 20)
    slow.go.set()
    eventually(lambda: slow.seen[-1].position_qty == Decimal("0.20"))
    last = [events.get(timeout=WAIT) for _ in range(len(events))][-1]
    assert last.position_qty == Decimal("0.20")
    assert events.conflated > 0


def test_it_can_be_stopped_while_anything_is_owed(ex: Orderly):
    """At once, and no thread is left."""
    slow = Gate()
    ex.on(topics.execution_report(), slow)
    events = ex.stream(topics.execution_report(), maxlen=1)
    churn(ex, 15)
    slow.go.set()
    ex.stop()
    assert ex.status == "stopped"
    assert events.dropped > 0
    assert not [one for one in threading.enumerate() if one.name == "orderly-handover"]


@pytest.mark.parametrize("how", ["close", "drop"])
def test_a_queue_that_nobody_reads_is_owed_nothing(ex: Orderly, how: str):
    """Closed or let go of: its thread ends, and the client is as ready as before."""
    events: Any = ex.stream(topics.execution_report(), maxlen=1)
    churn(ex, 9)
    eventually(lambda: ex.status == "resyncing")
    if how == "close":
        events.close()
    del events
    gc.collect()
    eventually(lambda: ex.status == "ready")
    eventually(lambda: not [one for one in threading.enumerate() if one.name == "orderly-handover"])


def test_thousands_of_reports_into_a_blocked_hook_and_a_stream_that_is_not_read(
    monkeypatch: pytest.MonkeyPatch,
):
    """Six thousand of three thousand orders, and bounds of two hundred: each once, in order, by the venue's own ledger."""
    monkeypatch.setattr(dispatch, "PRIVATE_MAXLEN", 200)
    with paper() as ex:
        slow = Gate()
        ex.on(topics.execution_report(), slow)
        events = ex.stream(topics.execution_report(), maxlen=200)
        price = mark(ex) - 60
        for _ in range(300):
            rows: list[Any] = [
                {
                    "symbol": ETH, "order_type": "LIMIT", "side": "BUY", "order_quantity": "0.01",
                    "order_price": price - number,
                }
                for number in range(10)
            ]  # fmt: skip
            ex.rest.orders.create_batch(orders=rows)
        ex.rest.orders.cancel_all()
        eventually(lambda: ex.stats()["topics"]["executionreport"]["pushes"] >= 6_000)
        eventually(lambda: not ex.orders)
        assert len(slow.seen) == 1
        assert ex.stats()["topics"]["executionreport"]["owed"] > 5_000
        slow.go.set()
        got = [events.get(timeout=WAIT) for _ in range(6_000)]
        caught_up(ex, slow.seen)
        assert_all_once_in_order(ex, slow.seen)
        assert_all_once_in_order(ex, got)
