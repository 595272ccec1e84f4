"""Cancels and edits that were carried out, or not, and whose answer says neither: the order itself is asked."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from orderly_sync import Limit, NotFound, OrderOutcomeUnknown, Stop, TpSl
from orderly_sync.errors import Duplicate
from orderly_sync.waiting import WaitQueue
from tests.support.paper import ETH, WAIT, eventually, mark, paper

ANSWERS: dict[str, dict[str, Any]] = {
    "conflict": {"status": 409, "code": -1007},
    "conflict without a code": {"status": 409, "body": "{}"},
    "code of a repeated request": {"status": 400, "code": -1007},
    "fault of the server": {"status": 502, "body": "<html>bad gateway</html>"},
    "cut": {"reset": True},
    "half an answer": {"truncate": True},
    "unreadable code": {"status": 500, "body": '{"success": false, "code": [], "message": {}}'},
    "neither yes nor no": {"status": 200, "body": '{"success": [], "data": {}}'},
}


def spoil(ex: Any, method: str, answer: str, *, commit: bool, path: str = "/v1/order") -> None:
    ex.paper.faults(http=[{"path": path, "method": method, "commit": commit, **ANSWERS[answer]}])


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("commit", [True, False], ids=["done", "not done"])
def test_a_cancel_is_settled(answer: str, commit: bool):
    """It returns once the order is gone, sent once more if need be."""
    with paper() as ex:
        order = ex.place(Limit.buy(ETH, price=mark(ex) - 300, quantity="0.1"))
        spoil(ex, "DELETE", answer, commit=commit)
        end = order.cancel(wait=WAIT)
        assert end is not None
        assert end.status == "CANCELLED"
        assert list(ex.rest.orders.list(status="INCOMPLETE").each()) == []


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_edit_that_was_carried_out_is_settled(answer: str):
    """The order bears the new terms, so nothing is raised."""
    with paper() as ex:
        price = mark(ex)
        order = ex.place(Limit.buy(ETH, price=price - 300, quantity="0.1"))
        spoil(ex, "PUT", answer, commit=True)
        order.edit(price=price - 250, quantity="0.2")
        row = ex.rest.orders.get(order.order_id)
        assert (row.price, str(row.quantity)) == (price - 250, "0.2")


@pytest.mark.parametrize("answer", ["conflict", "cut"])
def test_an_edit_that_cannot_be_seen_stays_unknown_and_is_sent_once(
    answer: str, monkeypatch: pytest.MonkeyPatch
):
    """It may come yet; the caller is told to ask."""
    monkeypatch.setattr("orderly_sync.trading.unknown_writes.WITHIN_A_CALL", (0.01,))
    with paper() as ex:
        price = mark(ex)
        order = ex.place(Limit.buy(ETH, price=price - 300, quantity="0.1"))
        spoil(ex, "PUT", answer, commit=False)
        with pytest.raises(OrderOutcomeUnknown):
            order.edit(price=price - 250)
        assert ex.rest.orders.get(order.order_id).price == price - 300


def test_an_edit_of_an_order_that_is_gone_is_told_as_such():
    """It ended with its old terms: the edit did not happen and never will."""
    with paper() as ex:
        price = mark(ex)
        order = ex.place(Limit.buy(ETH, price=price - 300, quantity="0.1"))
        ex.rest.orders.cancel_all()
        spoil(ex, "PUT", "conflict", commit=False)
        with pytest.raises(NotFound):
            order.edit(price=price - 250)


@pytest.mark.parametrize("answer", ["conflict", "cut", "unreadable code"])
def test_algo_orders_are_settled_likewise(answer: str):
    """Trigger of a stop, a leg of a pair, and the cancel."""
    with paper() as ex:
        price = mark(ex)
        path = "/v1/algo/order"
        stop = ex.place(Stop.sell(ETH, quantity="0.1", trigger=price - 100))
        spoil(ex, "PUT", answer, commit=True, path=path)
        stop.edit(trigger=price - 200)
        assert ex.rest.orders.get_algo(stop.order_id).trigger_price == price - 200
        pair = ex.place(TpSl.sell(ETH, quantity="0.1", take_profit=price + 100, stop_loss=price - 100))
        spoil(ex, "PUT", answer, commit=True, path=path)
        pair.edit(take_profit=price + 150)
        for commit, handle in ((True, stop), (False, pair)):
            spoil(ex, "DELETE", answer, commit=commit, path=path)
            handle.cancel(wait=WAIT)
        eventually(lambda: not ex.algo_orders)


def test_a_conflict_where_no_order_is_concerned_is_a_refusal():
    """It exists already: nothing is in doubt."""
    with paper() as ex:
        ex.paper.faults(http=[{"path": "*", "method": "POST", "status": 409, "code": -1007}])
        with pytest.raises(Duplicate):
            ex.rest.config.set_leverage(leverage=2)


CALLS: dict[str, tuple[str, str, Callable[[Any, Any, Any], object]]] = {
    "an order": (
        "POST",
        "/v1/order",
        lambda ex, _, __: ex.place(Limit.buy(ETH, price=mark(ex) - 200, quantity="0.2")),
    ),
    "an algo order": (
        "POST",
        "/v1/algo/order",
        lambda ex, _, __: ex.place(Stop.sell(ETH, quantity="0.2", trigger=mark(ex) - 200)),
    ),
    "an edit": ("PUT", "/v1/order", lambda _, order, __: order.edit(quantity="0.3")),
    "an edit of an algo order": ("PUT", "/v1/algo/order", lambda _, __, stop: stop.edit(quantity="0.3")),
}


@pytest.mark.parametrize(
    ("what", "then_resolve"),
    [*((what, False) for what in CALLS), ("an order", True), ("an algo order", True)],
)
def test_a_stop_ends_the_search(what: str, then_resolve: bool, monkeypatch: pytest.MonkeyPatch):
    """Whoever looks for a lost write, in the call itself or by ``resolve``, is told soon that it is unknown."""
    monkeypatch.setattr("orderly_sync.trading.unknown_writes.PAUSES", (3600.0,))
    monkeypatch.setattr("orderly_sync.trading.outcomes.PAUSES", (3600.0,))
    monkeypatch.setattr(
        "orderly_sync.trading.unknown_writes.WITHIN_A_CALL", () if then_resolve else (3600.0,)
    )
    method, path, call = CALLS[what]
    with paper() as ex:
        price = mark(ex)
        order = ex.place(Limit.buy(ETH, price=price - 300, quantity="0.1"))
        stop = ex.place(Stop.sell(ETH, quantity="0.1", trigger=price - 100))
        ex.paper.faults(http=[{"path": path, "method": method, "reset": True, "commit": False}])
        told: list[BaseException] = []

        def search() -> None:
            try:
                try:
                    call(ex, order, stop)
                except OrderOutcomeUnknown as lost:
                    if not then_resolve:
                        raise
                    lost.certain_at = None
                    ex.resolve(lost, timeout=3600)
            except OrderOutcomeUnknown as exc:
                told.append(exc)

        thread = threading.Thread(target=search)
        thread.start()
        eventually(lambda: asleep(thread))
        ex.stop()
        thread.join(WAIT)

        assert not thread.is_alive()
        assert [type(one) for one in told] == [OrderOutcomeUnknown]


def asleep(thread: threading.Thread) -> bool:
    """Whether a thread waits between two looks."""
    frame = sys._current_frames().get(thread.ident or 0)
    while frame is not None:
        if frame.f_code is WaitQueue.wait_for.__code__:
            return float(frame.f_locals.get("until", 0)) > time.monotonic() + 10
        frame = frame.f_back
    return False
