"""Placing against the paper venue: what is shown when place() returns, and for how long."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import attrs
import pytest

from orderly_sync import (
    Bracket,
    Duplicate,
    Fok,
    InvalidOrder,
    Ioc,
    Limit,
    Market,
    NotFound,
    PostOnly,
    Resynced,
    Stop,
    TpSl,
    connect,
    topics,
)
from orderly_sync.errors import ApiError
from tests.scenario.open_orders import REPORTS, RESTING, WAITING, Make
from tests.support.paper import ETH, WAIT, eventually, mark, paper


@pytest.fixture
def ex(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr("orderly_sync.trading.unknown_writes.WITHIN_A_CALL", (0.1, 0.1, 0.1))
    with paper() as client:
        yield client


# What is shown at once -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", RESTING)
@pytest.mark.parametrize("muted", [False, True])
def test_an_order_is_shown_when_place_returns(ex: Any, make: Make, muted: bool):
    """Even if none of its reports ever comes; nothing is invented for them."""
    ex.paper.faults(mute=REPORTS if muted else [])
    request = make(ex)
    order = ex.place(request)
    row = ex.orders[order.order_id]
    assert str(order.status) == "NEW"
    assert (row.client_order_id, row.side, row.type, str(row.status)) == (
        request.client_order_id, request.side, request.order_type, "NEW",
    )  # fmt: skip
    assert (row.symbol, row.quantity, row.filled) == (request.symbol, request.quantity, 0)
    if not muted:
        told = eventually(lambda: order.last)
        assert (told.order_id, told.origin) == (order.order_id, "stream")
        assert ex.orders[order.order_id].created_time == told.created_time


@pytest.mark.parametrize("make", WAITING)
@pytest.mark.parametrize("muted", [False, True])
def test_an_algo_order_is_shown_when_place_returns(ex: Any, make: Make, muted: bool):
    """Its root at once, its legs with the reports."""
    ex.place(Market.buy(ETH, quantity=1)).wait("filled", WAIT)
    ex.paper.faults(mute=REPORTS if muted else [])
    request = make(ex)
    order = ex.place(request)
    tree = ex.algo_orders[order.order_id]
    assert (str(order.status), str(tree.status), tree.algo_type) == ("NEW", "NEW", request.algo_type)
    assert order.tree.root.client_order_id == request.client_order_id
    if not muted:
        eventually(
            lambda: len(ex.algo_orders[order.order_id].nodes) == len(order.tree.nodes) and order.reports
        )
        assert {one.origin for one in order.reports} == {"stream"}


def test_what_is_placed_is_counted_at_once(ex: Any):
    """The loop that places while there is no order places one."""
    ex.paper.faults(mute=REPORTS)
    placed = 0
    while not ex.orders and placed < 5:
        ex.place(Limit.buy(ETH, quantity="0.1", price=mark(ex) - 50))
        placed += 1
    assert placed == 1


@pytest.mark.parametrize(
    "make",
    [
        lambda ex: Market.buy(ETH, quantity="0.1"),
        lambda ex: Market.sell(ETH, amount=500),
        lambda ex: Ioc.buy(ETH, quantity="0.1", price=mark(ex) - 50),
        lambda ex: Fok.buy(ETH, quantity="0.1", price=mark(ex) + 20),
        lambda ex: PostOnly.buy(ETH, quantity="0.1", price=mark(ex) + 20),
    ],
)
@pytest.mark.parametrize("fault", [{}, {"mute": REPORTS}, {"drop_reports": 1.0}, {"swap_reports": 1.0}])
def test_an_order_that_ends_at_once_does_not_stay(ex: Any, make: Make, fault: dict[str, Any]):
    """Its end is told by REST if no report does; it is told to hooks as well, and once."""
    ends: list[Any] = []
    ex.on(topics.execution_report(), lambda one: ends.append(one) if one.is_final else None)
    ex.paper.faults(**fault)
    order = ex.place(make(ex))
    assert order.status is not None
    eventually(lambda: not ex.orders and order.is_done and ends)
    ex.paper.faults(clear=True)
    ex.place(Market.buy(ETH, quantity="0.3")).wait("filled", WAIT)
    assert [one.order_id for one in ends if one.order_id == order.order_id] == [order.order_id]


def test_an_order_the_venue_forgot_is_shown_no_longer(ex: Any):
    """Neither reported nor known to REST: after a few looks it is dropped."""
    table = ex._session.orders
    ghost = ex.place(Limit.buy(ETH, quantity="0.1", price=mark(ex) - 50))
    eventually(lambda: ghost.last)
    row = table[ghost.order_id]
    table.expect(attrs.evolve(row, order_id=999_999))
    recovery = ex._session.recovery
    recovery.orders.awaited.add(999_999, time.monotonic())
    recovery.expect()
    assert 999_999 in ex.orders
    eventually(lambda: 999_999 not in ex.orders)
    assert ghost.order_id in ex.orders


def test_a_refused_order_is_never_shown(ex: Any):
    """By the rules here, by the venue's, or because its id is taken."""
    first = ex.place(Limit.buy(ETH, quantity="0.1", price=mark(ex) - 50, client_order_id="mine"))
    for bad, kind in (
        (Limit.buy(ETH, quantity="0.1", price="1.001"), InvalidOrder),
        (Limit.buy(ETH, quantity="0.1", price=mark(ex) + 900), ApiError),
        (Limit.buy(ETH, quantity=90_000, price=mark(ex) - 50), ApiError),
        (Limit.buy(ETH, quantity="0.1", price=mark(ex) - 60, client_order_id="mine"), Duplicate),
    ):
        with pytest.raises(kind):
            ex.place(bad)
    assert list(ex.orders) == [first.order_id]


def test_orders_survive_a_reading_that_is_too_old_to_know_them(ex: Any):
    """A REST list that lags does not hide what was just placed."""
    ex.paper.faults(read_lag_ms=60_000, mute=REPORTS)
    order = ex.place(Limit.buy(ETH, quantity="0.1", price=mark(ex) - 50))
    stop = ex.place(Stop.sell(ETH, quantity="0.1", trigger=mark(ex) - 50))
    resyncs = ex.stream(Resynced)
    ex._session.recovery.resync("a test")
    resyncs.get(timeout=WAIT)
    assert order.order_id in ex.orders
    assert stop.order_id in ex.algo_orders


@pytest.mark.parametrize(
    ("make", "edit", "leg", "move"),
    [
        (lambda ex: Bracket.buy(ETH, quantity="0.4", take_profit=mark(ex) + 30, stop_loss=mark(ex) - 30), "take_profit", "TAKE_PROFIT", 35),
        (lambda ex: Bracket.sell(ETH, quantity="0.4", price=mark(ex) + 40, stop_loss=mark(ex) + 60), "stop_loss", "STOP_LOSS", 65),
        (lambda ex: Bracket.buy(ETH, quantity="0.4", price=mark(ex) - 40, take_profit=mark(ex) + 30, positional=True), "take_profit", "TAKE_PROFIT", 35),
        (lambda ex: TpSl.sell(ETH, quantity="0.4", take_profit=mark(ex) + 30, stop_loss=mark(ex) - 30), "stop_loss", "STOP_LOSS", -35),
    ],
)  # fmt: skip
@pytest.mark.parametrize("muted", [False, True])
def test_legs_can_be_edited_as_soon_as_they_are_placed(
    ex: Any, make: Make, edit: str, leg: str, move: int, muted: bool
):
    """The edit waits for the legs' ids, or asks REST for them."""
    ex.place(Market.buy(ETH, quantity=1)).wait("filled", WAIT)
    ex.paper.faults(mute=REPORTS if muted else [])
    order = ex.place(make(ex))
    level = mark(ex) + move
    order.edit(**{edit: level}, timeout=0.2 if muted else WAIT)
    row = ex.rest.orders.get_algo(order.order_id)
    assert [node.trigger_price for node in row.nodes() if node.algo_type == leg] == [level]


def test_cancel_waits_for_the_end(ex: Any):
    """When it returns, the order is done and shown no longer; an algo order's whole tree too."""
    order = ex.place(Limit.buy(ETH, quantity="0.1", price=mark(ex) - 50))
    assert order.cancel(wait=WAIT).status == "CANCELLED"
    assert (order.is_done, len(ex.orders)) == (True, 0)
    stop = ex.place(Stop.sell(ETH, quantity="0.1", trigger=mark(ex) - 50))
    assert stop.cancel(wait=True).algo_status == "CANCELLED"
    assert (stop.is_done, len(ex.algo_orders)) == (True, 0)
    with pytest.raises(NotFound):
        order.cancel(wait=WAIT)


def test_numbers_are_shown_in_the_kind_that_was_asked_for():
    """The row that stands in for the first report has floats where all others have."""
    with connect("paper", market="frozen", rate_limits=False, numbers=float) as ex:
        ex.paper.faults(mute=REPORTS)
        price = float(round(ex.rest.market.futures_info(ETH).mark_price or 0) - 50)
        order = ex.place(Limit.buy(ETH, quantity=0.1, price=price))
        row = ex.orders[order.order_id or 0]
        assert [type(one) for one in (row.quantity, row.price, row.total_executed_quantity)] == [float] * 3
        stop = ex.place(Stop.sell(ETH, quantity=0.1, trigger=price))
        assert type(ex.algo_orders[stop.order_id or 0].root.trigger_price) is float


@pytest.mark.parametrize("make", [RESTING[0], WAITING[0], WAITING[1], WAITING[3]])
def test_a_cancel_whose_report_is_lost_is_told_by_rest(ex: Any, make: Make):
    """The order is shown no longer, and hooks hear of its end."""
    ex.place(Market.buy(ETH, quantity=1)).wait("filled", WAIT)
    order = ex.place(make(ex))
    eventually(lambda: order.last)
    ends = ex.stream(
        topics.algo_execution_report() if order.order_id in ex.algo_orders else topics.execution_report()
    )
    ex.paper.faults(drop_reports=1.0)
    order.cancel()
    eventually(lambda: not ex.orders and not ex.algo_orders)
    assert order.wait("done", WAIT).is_final
    assert ends.get(timeout=WAIT).recovered


def test_an_order_that_is_not_cancelled_after_all_stays_shown(ex: Any):
    """The venue said CANCEL_SENT, and the order is open: REST is asked, and it stays."""
    order = ex.place(Limit.buy(ETH, quantity="0.1", price=mark(ex) - 50))
    eventually(lambda: order.last)
    ex._session._placing._cancelled(order)
    eventually(lambda: ex._session.recovery.orders.awaited.deadline is None)
    assert order.order_id in ex.orders


def test_the_legs_of_a_positional_bracket_are_an_open_order_once_its_entry_has_filled(ex: Any):
    """The bracket is done, its legs have a handle by their own id, and close the position."""
    bracket = ex.place(
        Bracket.buy(ETH, quantity="0.4", take_profit=mark(ex) + 30, stop_loss=mark(ex) - 30, positional=True)
    )
    assert bracket.wait("filled", 5).algo_order_id == bracket.order_id
    eventually(lambda: len(ex.algo_orders) == 1 and bracket.order_id not in ex.algo_orders)
    (tree,) = ex.algo_orders.values()
    assert (tree.algo_type, len(tree.legs)) == ("POSITIONAL_TP_SL", 2)
    legs = ex.handle(tree.root.algo_order_id)
    legs.edit(stop_loss=mark(ex) - 20)
    ex.paper.set_mark_price(ETH, mark(ex) - 21)
    assert legs.wait("done", 5).root_algo_status == "FILLED"
    eventually(lambda: not ex.positions)
    assert not ex.algo_orders
