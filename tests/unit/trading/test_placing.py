"""Whose reports are whose while answers are out, and when REST is asked for an order no report tells of."""

from __future__ import annotations

import gc
import threading
from typing import Any

import pytest

from orderly_sync import Limit, Stop
from orderly_sync.trading.algo_handle import AlgoHandle
from orderly_sync.trading.handles import OrderHandle
from orderly_sync.trading.placing import HandleRegistry
from tests.support.recording import Recording
from tests.support.reports import fill_report, node, report, row

WAIT = 20.0
REQUEST = Limit.buy("ETH", quantity=1, price=3000, client_order_id="g1")


def handle(request: Any = REQUEST) -> OrderHandle:
    return OrderHandle(request, Recording().orders, lambda: None)


def test_reports_go_to_the_handle_of_their_id():
    """Whatever client order id they bear, or none."""
    registry, mine, other = HandleRegistry(), handle(), handle()
    for one, order_id in ((mine, 1), (other, 2)):
        registry.claim(registry.begin(REQUEST, None), one, order_id)
    for told in (
        report(order_id=1, client_order_id="g1"),
        report("REPLACED", order_id=1),
        report(order_id=2, client_order_id="g1"),
    ):
        registry.take(told.order_id, told)
    registry.take(3, report(order_id=3, client_order_id="g1"))
    assert [one.order_id for one in mine.reports] == [1, 1]
    assert [one.order_id for one in other.reports] == [2]


@pytest.mark.parametrize("name", ["g1", None])
def test_what_overtakes_the_answer_is_kept_for_it(name: str | None):
    """In order, also where the venue leaves the client order id out; others' reports are not mixed in."""
    registry, mine = HandleRegistry(), handle()
    sending = registry.begin(REQUEST, None)
    early = [report(client_order_id=name), fill_report("1", "1", 7, "FILLED", client_order_id=name)]
    for told in (early[0], report(order_id=2), early[1]):
        registry.take(told.order_id, told)
    assert registry.claim(sending, mine, 1)
    registry.end(sending)
    assert list(mine.reports) == early
    assert not registry.claim(registry.begin(REQUEST, None), handle(), 2)


def test_a_tree_is_kept_by_its_root():
    """Nodes without a client order id belong to it too."""
    registry = HandleRegistry()
    request = Stop.sell("ETH", quantity=1, trigger=2900, client_order_id="g1")
    sending = registry.begin(request, None)
    for told in (node(10, client_order_id="g1"), node(11, root=10)):
        registry.take(10, told)
    mine = AlgoHandle(request, Recording().orders, lambda: None)
    assert registry.claim(sending, mine, 10)
    assert [one.algo_order_id for one in mine.reports] == [10, 11]


def test_nothing_is_kept_once_no_answer_is_out():
    """What came while an older answer was out goes with it, however many overlap."""
    registry = HandleRegistry()
    first = registry.begin(REQUEST, None)
    registry.take(5, report(order_id=5))
    second = registry.begin(REQUEST, None)
    registry.take(6, report(order_id=6))
    registry.end(first)
    assert list(registry._early) == [6]
    registry.end(second)
    assert not registry._early
    registry.take(7, report(order_id=7))
    assert not registry._early


def test_a_handle_nobody_holds_is_forgotten():
    """Its reports go nowhere; the id stays known as another's."""
    registry = HandleRegistry()
    mine = handle()
    registry.claim(registry.begin(REQUEST, None), mine, 1)
    del mine
    gc.collect()
    registry.take(1, report(client_order_id="g1"))
    assert not registry.begin(REQUEST, None).is_it(row(1, client_order_id="g1"))


def test_ids_heard_under_a_name_are_not_those_of_the_next_order():
    """Heard by a report, by a row, by an answer before the send; or claimed by another answer after it."""
    registry = HandleRegistry()
    registry.take(1, report(order_id=1, client_order_id="g1"))
    registry.note("g1", 2)
    registry.note(None, 3)
    earlier = registry.begin(REQUEST, None)
    sending = registry.begin(REQUEST, None)
    assert sending.others == {1, 2}
    registry.claim(earlier, handle(), 4)
    assert not sending.is_it(row(4, client_order_id="g1"))
    assert sending.is_it(row(3, client_order_id="g1"))


def test_what_is_known_is_bounded(monkeypatch: pytest.MonkeyPatch):
    """The newest names, and the newest orders of each."""
    monkeypatch.setattr("orderly_sync.trading.placing._NAMES", 3)
    monkeypatch.setattr("orderly_sync.trading.placing._IDS", 2)
    registry = HandleRegistry()
    for number in range(9):
        registry.note("g1", number)
    assert registry.begin(REQUEST, None).others == {7, 8}
    for number in range(9):
        registry.note(f"n{number}", number)
    assert not registry.begin(REQUEST, None).others
    assert len(registry._known) == 3


def test_a_lost_order_is_heard_of_by_its_report():
    """The wait ends with the very order's report, not with another's."""
    registry = HandleRegistry()
    sending = registry.begin(REQUEST, 1)
    registry.take(5, report(order_id=5, client_order_id="g1", price="2999"))
    assert registry.wait(sending, 0) == []
    got: list[Any] = []
    waiting = threading.Thread(target=lambda: got.extend(registry.wait(sending, WAIT)))
    waiting.start()
    registry.take(6, report(order_id=6, client_order_id="g1"))
    waiting.join(WAIT)
    assert got == [6]


def test_an_order_that_two_could_have_sent_is_neithers():
    """Both answers are out, both under one name and on the same terms."""
    registry = HandleRegistry()
    one, other = registry.begin(REQUEST, None), registry.begin(REQUEST, None)
    registry.take(6, report(order_id=6, client_order_id="g1"))
    assert registry.wait(one, 0) == registry.wait(other, 0) == []
    assert registry.is_contested(one, row(6, client_order_id="g1"))
    registry.end(other)
    assert registry.wait(one, 0) == [6]
    assert not registry.is_contested(one, row(6, client_order_id="g1"))
