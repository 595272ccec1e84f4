"""Which order is whose, against the paper venue: client order ids that are used again, answers and reports that are lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from orderly_sync import (
    Bracket,
    Duplicate,
    Ioc,
    Limit,
    Market,
    OrderOutcomeUnknown,
    PostOnly,
    Stop,
    TpSl,
    TrailingStop,
)
from tests.scenario.open_orders import ALGO, BTC, ORDER, REPORTS, RESTING, WAITING, Make
from tests.support.paper import ETH, WAIT, eventually, mark, paper


@pytest.fixture
def ex(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr("orderly_sync.trading.unknown_writes.WITHIN_A_CALL", (0.1, 0.1, 0.1))
    with paper() as client:
        yield client


def lost(ex: Any, *, path: str = ORDER, commit: bool = False, **more: Any) -> None:
    """The next answer of a placing is lost, after the venue has taken the order or before."""
    how = more or {"reset": True}
    ex.paper.faults(http=[{"path": path, "method": "POST", "commit": commit, **how}])


LIMIT = {"quantity": "0.1", "client_order_id": "g1"}


def others(ex: Any) -> list[Any]:
    """Orders that bear the id g1 and are not the one that ``wanted`` makes: each differs in one thing."""
    price = mark(ex) - 50
    return [
        Limit.buy(BTC, quantity="0.1", price=mark(ex, BTC) - 500, client_order_id="g1"),
        Limit.sell(ETH, quantity="0.1", price=mark(ex) + 50, client_order_id="g1"),
        PostOnly.buy(ETH, price=price, **LIMIT),
        Limit.buy(ETH, price=price - 1, **LIMIT),
        Limit.buy(ETH, quantity="0.2", price=price, client_order_id="g1"),
        Limit.buy(ETH, price=price, margin_mode="ISOLATED", **LIMIT),
        Limit.buy(ETH, price=price, order_tag="another", **LIMIT),
        Limit.buy(ETH, price=price, **LIMIT),  # it differs in nothing but its time
    ]


def wanted(ex: Any) -> Any:
    return Limit.buy(ETH, price=mark(ex) - 50, order_tag="mine", margin_mode="CROSS", **LIMIT)


@pytest.mark.parametrize("which", range(8))
@pytest.mark.parametrize("muted", [False, True])
@pytest.mark.parametrize("by_rest", [False, True])
def test_an_older_order_of_the_same_id_is_not_taken_for_the_lost_one(
    ex: Any, which: int, muted: bool, by_rest: bool
):
    """It ended, its id was used again, and the second placing never reached the venue: the outcome is unknown."""
    ex.paper.faults(mute=REPORTS if muted else [])
    request = others(ex)[which]
    if by_rest:
        old = request.send(ex.rest.orders).order_id
        ex.rest.orders.cancel(symbol=request.symbol, order_id=old)
    else:
        first = ex.place(request)
        first.cancel(wait=0.5)
        old = first.order_id
    if muted:
        ex.paper.advance(
            200
        )  # nothing told this client of the older order, so only its time speaks against it
        ex.paper.faults(mute=[])
        ex.place(Limit.sell(ETH, quantity="0.1", price=mark(ex) + 70)).cancel(wait=WAIT)
    lost(ex)
    with pytest.raises(OrderOutcomeUnknown) as caught:
        ex.place(wanted(ex))
    assert caught.value.client_order_id == "g1"
    assert {one.order_id for one in ex.rest.orders.list().each() if one.client_order_id == "g1"} == {old}


@pytest.mark.parametrize("which", range(8))
@pytest.mark.parametrize("muted", [False, True])
def test_the_lost_one_is_found_among_others_of_its_id(ex: Any, which: int, muted: bool):
    """Its answer was lost after it was taken; an older order bore the same id."""
    first = ex.place(others(ex)[which])
    first.cancel(wait=WAIT)
    ex.paper.faults(mute=REPORTS if muted else [])
    lost(ex, commit=True)
    order = ex.place(wanted(ex))
    assert order.order_id not in {None, first.order_id}
    row = ex.rest.orders.get(order.order_id)
    assert (row.symbol, row.side, row.price, row.order_tag) == (ETH, "BUY", mark(ex) - 50, "mine")
    assert list(ex.orders) == [order.order_id]
    assert {one.order_id for one in order.reports} <= {order.order_id}
    assert all(one.order_id == first.order_id for one in first.reports)


def test_the_lost_one_is_found_behind_a_newer_order_of_its_id(ex: Any):
    """The name alone shows another's order; the list by time shows the one that was sent."""
    ex.paper.faults(mute=REPORTS)
    original = ex.rest.orders.get_by_client_order_id

    def shadowed(name: str) -> Any:
        if not shadow:
            found = original(name)
            ex.rest.orders.cancel(symbol=ETH, order_id=found.order_id)
            request = Limit.sell(ETH, price=mark(ex) + 60, **LIMIT)
            shadow.append(request.send(ex.rest.orders).order_id)
        return original(name)

    shadow: list[Any] = []
    ex.rest.orders.get_by_client_order_id = shadowed
    lost(ex, commit=True)
    order = ex.place(wanted(ex))
    assert order.order_id not in shadow
    assert str(order.status) == "CANCELLED"
    assert order.order_id not in ex.orders


@pytest.mark.parametrize("which", range(8))
@pytest.mark.parametrize("by_rest", [False, True])
def test_an_id_that_is_taken_is_a_duplicate(ex: Any, which: int, by_rest: bool):
    """The resting order stays, whoever placed it, and no handle is bound to it."""
    request = others(ex)[which]
    old = request.send(ex.rest.orders).order_id if by_rest else ex.place(request).order_id
    eventually(lambda: old in ex.orders)
    with pytest.raises(Duplicate) as caught:
        ex.place(wanted(ex))
    assert caught.value.code == -1007
    assert ex.rest.orders.get(old).status == "NEW"
    assert list(ex.orders) == [old]


def test_the_very_order_that_something_on_the_way_sent_twice_is_found(ex: Any):
    """-1007 came from the second of two that a proxy made of one: the first is the order that was sent."""
    create = ex.rest.orders.create

    def twice(**terms: Any) -> Any:
        create(**terms)
        return create(**terms)

    ex.rest.orders.create = twice
    order = ex.place(wanted(ex))
    del ex.rest.orders.create
    assert ex.rest.orders.get(order.order_id).client_order_id == "g1"
    assert len(list(ex.rest.orders.list().each())) == 1


def test_minus_1007_stays_unknown_while_nobody_can_be_asked(ex: Any):
    """A refusal that may hide a success is not told as a refusal."""
    ex.paper.faults(
        http=[
            {"path": ORDER, "method": "POST", "status": 409, "code": -1007},
            {"path": "/v1/client/order/{client_order_id}", "status": 401, "code": -1001, "times": 9},
        ]
    )
    with pytest.raises(OrderOutcomeUnknown):
        ex.place(wanted(ex))


def stops(ex: Any) -> list[Any]:
    at, terms = mark(ex) - 50, {"quantity": "0.1", "client_order_id": "s1"}
    return [
        Stop.sell(BTC, trigger=mark(ex, BTC) - 500, **terms),
        Stop.buy(ETH, trigger=mark(ex) + 50, **terms),
        Stop.sell(ETH, trigger=at - 1, **terms),
        Stop.sell(ETH, trigger=at, price=at - 1, **terms),
        Stop.sell(ETH, trigger=at, quantity="0.2", client_order_id="s1"),
        TrailingStop.sell(ETH, callback_value=50, **terms),
        TpSl.sell(ETH, stop_loss=at, **terms),
        Bracket.sell(ETH, price=mark(ex) + 50, take_profit=at, **terms),
        Stop.sell(ETH, trigger=at, **terms),
    ]


@pytest.mark.parametrize("which", range(9))
@pytest.mark.parametrize("open_", [False, True])
def test_an_algo_order_of_the_same_id_is_another(ex: Any, which: int, open_: bool):
    """Ended: the outcome of the lost one is unknown. Open: a duplicate."""
    ex.place(Market.buy(ETH, quantity=1)).wait("filled", WAIT)
    first = ex.place(stops(ex)[which])
    if not open_:
        first.cancel(wait=WAIT)
        lost(ex, path=ALGO)
    request = Stop.sell(ETH, quantity="0.1", trigger=mark(ex) - 50, client_order_id="s1")
    with pytest.raises(Duplicate if open_ else OrderOutcomeUnknown):
        ex.place(request)
    assert len(list(ex.rest.orders.list_algo().each())) == 1
    assert list(ex.algo_orders) == ([first.order_id] if open_ else [])


@pytest.mark.parametrize("make", WAITING)
@pytest.mark.parametrize("muted", [False, True])
def test_an_algo_order_whose_answer_is_lost_is_known_again(ex: Any, make: Make, muted: bool):
    """By its whole tree: legs, triggers, distances."""
    ex.place(Market.buy(ETH, quantity=1)).wait("filled", WAIT)
    ex.paper.faults(mute=REPORTS if muted else [])
    lost(ex, path=ALGO, commit=True)
    order = ex.place(make(ex))
    assert list(ex.algo_orders) == [order.order_id]
    assert str(order.status) == "NEW"


@pytest.mark.parametrize("make", RESTING)
@pytest.mark.parametrize("how", [{"reset": True}, {"truncate": True}, {"status": 502}])
def test_an_order_whose_answer_is_lost_is_known_again(ex: Any, make: Make, how: dict[str, Any]):
    """Also one whose price the venue moved out of the way."""
    ex.paper.faults(mute=REPORTS)
    lost(ex, commit=True, **how)
    order = ex.place(make(ex))
    assert list(ex.orders) == [order.order_id]


def test_a_reduce_only_order_that_was_cut_is_known_again(ex: Any):
    """The venue made 0.3 of 0.5."""
    ex.place(Market.buy(ETH, quantity="0.3")).wait("filled", WAIT)
    lost(ex, commit=True)
    order = ex.place(Limit.sell(ETH, quantity="0.5", price=mark(ex) + 50, reduce_only=True))
    assert ex.rest.orders.get(order.order_id).quantity == Decimal("0.3")


def test_two_threads_under_one_id_get_one_order_each_or_none(ex: Any):
    """Never one order for both: the venue takes one while it is open, the other is told so."""
    price = mark(ex) - 50
    for round_ in range(10):
        name = f"both{round_}"
        got: list[Any] = []
        gate = threading.Barrier(2)

        def place(name: str = name, got: list[Any] = got, gate: threading.Barrier = gate) -> None:
            gate.wait(WAIT)
            try:
                got.append(ex.place(Limit.buy(ETH, quantity="0.1", price=price, client_order_id=name)))
            except (Duplicate, OrderOutcomeUnknown) as exc:
                got.append(exc)

        threads = [threading.Thread(target=place) for _ in range(2)]
        for one in threads:
            one.start()
        for one in threads:
            one.join(WAIT)
        ids = [one.order_id for one in got if not isinstance(one, Exception)]
        assert len(ids) == len(set(ids)) <= 1
        ex.rest.orders.cancel_all()
        eventually(lambda: not ex.orders)


def test_two_handles_of_one_id_keep_their_own_reports(ex: Any):
    """The second placing under an id does not take the first one's reports from it."""
    first = ex.place(Ioc.buy(ETH, quantity="0.1", price=mark(ex) - 50, client_order_id="again"))
    second = ex.place(Limit.buy(BTC, quantity="0.1", price=mark(ex, BTC) - 500, client_order_id="again"))
    assert first.wait("done", WAIT).symbol == ETH
    second.cancel(wait=WAIT)
    for one in (first, second):
        assert {report.order_id for report in one.reports} == {one.order_id}
        assert [str(report.status) for report in one.reports] == ["NEW", "CANCELLED"]


def test_reports_that_overtake_the_answer_reach_the_handle(ex: Any):
    """All of them, in order, though the answer takes its time."""
    ex.paper.faults(delay_ms=150)
    order = ex.place(Market.buy(ETH, quantity="0.1"))
    assert [str(one.status) for one in order.reports][:1] == ["NEW"]
    assert order.is_done
    assert order.order_id not in ex.orders
