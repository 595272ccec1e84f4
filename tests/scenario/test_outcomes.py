"""Writes whose answers were lost, against the paper venue: what became of each is found out, and nothing is sent twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import pytest

from orderly_sync import Limit, Market, NotFound, OrderOutcomeUnknown, UsageError
from orderly_sync.rest.rows import BatchOrder
from tests.scenario.open_orders import RESTING, WAITING, Make
from tests.support.paper import ETH, WAIT, eventually, mark, paper

ORDER, ALGO, BATCH = "/v1/order", "/v1/algo/order", "/v1/batch-order"
BY_NAME = ["/v1/client/order/{client_order_id}", "/v1/algo/client/order/{client_order_id}"]
REPORTS = ["executionreport", "algoexecutionreportv2"]


@pytest.fixture
def ex(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr("orderly_sync.trading.unknown_writes.WITHIN_A_CALL", (0.05, 0.05, 0.05))
    with paper() as client:
        yield client


HOW: list[dict[str, Any]] = [
    {"reset": True},
    {"status": 500},
    {"status": 502, "body": "<html>"},
    {"status": 409},
]


def fault(path: str, method: str, *, commit: bool, how: dict[str, Any], times: int = 1) -> dict[str, Any]:
    return {"path": path, "method": method, "commit": commit, "times": times, **how}


def unseen(ex: Any, *faults: dict[str, Any]) -> None:
    """Answers are lost, and neither a report nor a look by name shows the order for the moment."""
    hidden = [
        fault(path, "GET", commit=False, how={"status": 404, "code": -1006}, times=30) for path in BY_NAME
    ]
    ex.paper.faults(mute=REPORTS, http=[*faults, *hidden])


def seen_again(ex: Any) -> None:
    ex.paper.faults(clear=True)


@pytest.mark.parametrize("how", HOW[:3])
@pytest.mark.parametrize("make", [*RESTING, *WAITING])
def test_a_placed_order_is_found_and_gets_its_handle(ex: Any, make: Make, how: dict[str, Any]):
    request = make(ex)
    unseen(ex, fault(ALGO if hasattr(request, "algo_type") else ORDER, "POST", commit=True, how=how))
    with pytest.raises(OrderOutcomeUnknown) as lost:
        ex.place(request)
    seen_again(ex)
    (order,) = ex.resolve(lost.value)
    assert order.request is request
    assert order.order_id in {*ex.orders, *ex.algo_orders}
    assert ex.resolve(lost.value)[0].order_id == order.order_id
    order.cancel(wait=WAIT)
    assert order.is_done
    listed = ex.rest.orders.list_algo if hasattr(request, "algo_type") else ex.rest.orders.list
    assert len(listed().rows) == 1


@pytest.mark.parametrize("how", HOW[:3])
@pytest.mark.parametrize("make", [RESTING[0], WAITING[0], lambda ex: Market.buy(ETH, quantity="0.1")])
def test_an_order_that_was_not_placed_is_none_once_that_is_certain(ex: Any, make: Make, how: dict[str, Any]):
    request = make(ex)
    unseen(ex, fault(ALGO if hasattr(request, "algo_type") else ORDER, "POST", commit=False, how=how))
    with pytest.raises(OrderOutcomeUnknown) as lost:
        ex.place(request)
    seen_again(ex)
    with pytest.raises(OrderOutcomeUnknown):
        ex.resolve(lost.value, timeout=0.1)  # it may still arrive
    lost.value.certain_at = 0.0
    assert ex.resolve(lost.value) == []
    assert ex.rest.orders.list().rows == ex.rest.orders.list_algo().rows == ()


@pytest.mark.parametrize("commit", [True, False])
def test_a_batch_is_told_row_by_row(ex: Any, commit: bool):
    """One of its rows is refused by the venue, whether or not the others are placed."""
    low = mark(ex) - 50
    rows = [
        BatchOrder(symbol=ETH, side="BUY", order_type="LIMIT", order_price=price, order_quantity="0.1")
        for price in (low, 1, low - 1)
    ]
    ex.paper.faults(http=[fault(BATCH, "POST", commit=commit, how={"reset": True})])
    with pytest.raises(OrderOutcomeUnknown) as lost:
        ex.rest.orders.create_batch(orders=rows)
    assert lost.value.client_order_id.count(",") == 2
    lost.value.certain_at = 0.0
    placed = ex.resolve(lost.value)
    assert sorted(one.request.price for one in placed) == ([low - 1, low] if commit else [])
    for one in placed:
        one.cancel(wait=WAIT)


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("make", [RESTING[0], WAITING[0], WAITING[1]])
@pytest.mark.parametrize("commit", [True, False])
def test_a_cancel_whose_answer_is_lost_cancels_once(ex: Any, make: Make, how: dict[str, Any], commit: bool):
    """It is sent again, for twice is as good as once; an order that is gone already needs none."""
    order = ex.place(make(ex))
    path = ALGO if hasattr(order.request, "algo_type") else ORDER
    ex.paper.faults(http=[fault(path, "DELETE", commit=commit, how=how)])
    order.cancel(wait=WAIT)
    assert str(order.status) == "CANCELLED"


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("commit", [True, False])
def test_an_edit_whose_answer_is_lost_is_told_by_the_order(ex: Any, how: dict[str, Any], commit: bool):
    """Also of one that was answered 409 by a venue that has carried it out: it is no duplicate of anything."""
    order = ex.place(Limit.buy(ETH, quantity="0.1", price=mark(ex) - 50))
    ex.paper.faults(http=[fault(ORDER, "PUT", commit=commit, how=how)])
    if commit:
        order.edit(price=mark(ex) - 60)  # the order itself shows that it was carried out
    else:
        with pytest.raises(OrderOutcomeUnknown) as lost:
            order.edit(price=mark(ex) - 60)
        assert ex.resolve(lost.value) == [order]
    shown = mark(ex) - (60 if commit else 50)
    assert ex.rest.orders.get(order.order_id).price == shown
    assert eventually(lambda: ex.orders[order.order_id].price == shown)


def test_a_cancel_of_all_names_no_order(ex: Any):
    ex.paper.faults(http=[fault("/v1/orders", "DELETE", commit=False, how={"reset": True})])
    with pytest.raises(OrderOutcomeUnknown) as lost:
        ex.rest.orders.cancel_all()
    with pytest.raises(UsageError, match=r"names no order.*ex\.orders"):
        ex.resolve(lost.value)


@pytest.mark.parametrize("make", [*RESTING, *WAITING])
@pytest.mark.parametrize("by_name", [True, False])
def test_any_order_of_the_account_has_a_handle(ex: Any, make: Make, by_name: bool):
    """One that ``rest.orders`` placed, as an earlier run of a program would have."""
    request = make(ex)
    created = request.send(ex.rest.orders)
    name = request.client_order_id if by_name else created.order_id
    order = ex.handle(name)
    assert (order.order_id, order.symbol, order.client_order_id) == (
        created.order_id,
        request.symbol,
        request.client_order_id,
    )
    assert ex.handle(created.order_id) is order
    order.cancel(wait=WAIT)
    assert str(order.status) == "CANCELLED"
    assert ex.handle(name).is_done


def test_a_handle_of_no_order_is_not_found(ex: Any):
    for name in ("nobody", 987654321):
        with pytest.raises(NotFound):
            ex.handle(name)


@pytest.mark.parametrize("make", [RESTING[0], WAITING[0]])
def test_an_order_behind_a_later_one_of_its_id_is_found(ex: Any, make: Make):
    """Its answer was lost, it ended, and its id was given to another since: the name alone shows that one."""
    request = make(ex)
    is_algo = hasattr(request, "algo_type")
    unseen(ex, fault(ALGO if is_algo else ORDER, "POST", commit=True, how={"reset": True}))
    with pytest.raises(OrderOutcomeUnknown) as lost:
        ex.place(request)
    seen_again(ex)
    rest = ex.rest.orders
    (rest.cancel_all_algo if is_algo else rest.cancel_all)()
    later = attrs.evolve(request, quantity=request.quantity * 2)
    other = later.send(rest).order_id
    (order,) = ex.resolve(lost.value)
    assert order.order_id != other
    assert (str(order.status), order.request) == ("CANCELLED", request)


def test_an_order_that_cannot_be_told_from_another_is_neither_placed_nor_not(ex: Any):
    """Two of one id and the same terms, both made since it was sent."""
    request = RESTING[0](ex)
    unseen(ex, fault(ORDER, "POST", commit=True, how={"reset": True}))
    with pytest.raises(OrderOutcomeUnknown) as lost:
        ex.place(request)
    seen_again(ex)
    ex.rest.orders.cancel_all()
    request.send(ex.rest.orders)
    ex.rest.orders.cancel_all()
    attrs.evolve(request, quantity=request.quantity * 2).send(ex.rest.orders)
    lost.value.certain_at = 0.0
    with pytest.raises(OrderOutcomeUnknown):
        ex.resolve(lost.value, timeout=0.1)
