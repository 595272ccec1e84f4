"""A fill that the algo topic tells of first is no longer open in the order, whichever report comes when."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.live import fills_ahead
from orderly_sync.live.counting import count_fill
from orderly_sync.live.holdings import LiveHoldings
from orderly_sync.live.orders import OpenAlgoOrders, OpenOrders
from orderly_sync.live.positions import LivePositions
from orderly_sync.models.enums import OrderSide, OrderType
from tests.support.reports import fill_report, node, report, row

D = Decimal
BUY = {"side": OrderSide.BUY, "type": OrderType.LIMIT, "price": "3000"}


def algo_fill(total: str, size: str, trade_id: int, **fields: Any) -> Any:
    """What the algo topic says of a fill of the order that ``report`` tells of."""
    fields = {**BUY, "executed_price": "3000", **fields}
    return node(10, "PARTIAL_FILLED", total=total, executed_quantity=size, trade_id=trade_id, **fields)


def filled(orders: OpenOrders, order_id: int = 1) -> Decimal:
    return orders.filled(orders[order_id])


def test_it_counts_at_once_and_the_row_waits_for_its_own_report():
    orders = OpenOrders()
    orders.apply(report())
    orders.fill_of_algo(algo_fill("0.4", "0.4", 7))
    assert (filled(orders), orders[1].filled) == (D("0.4"), 0)
    orders.apply(fill_report("0.4", "0.4", 7, executed_price="3000"))
    assert (filled(orders), orders[1].filled) == (D("0.4"), D("0.4"))


def test_a_fill_that_the_order_has_told_of_is_ahead_of_nothing():
    """Another order of the same terms stays as it is."""
    orders = OpenOrders()
    orders.apply(report())
    orders.apply(fill_report("1", "1", 7, "FILLED", executed_price="3000"))
    orders.apply(report(order_id=2))
    orders.fill_of_algo(algo_fill("1", "1", 7))
    assert filled(orders, 2) == 0


def test_an_order_that_is_told_of_after_its_fill_is_found_then():
    orders = OpenOrders()
    orders.fill_of_algo(algo_fill("1", "1", 7))
    orders.apply(report())
    assert filled(orders) == 1


def test_the_youngest_of_equal_orders_is_it_until_the_trade_says_which():
    """An algo order's own order was placed last; the trade's report corrects a wrong guess."""
    orders = OpenOrders()
    for order_id in (1, 2):
        orders.apply(report(order_id=order_id))
    orders.fill_of_algo(algo_fill("0.4", "0.4", 7))
    assert (filled(orders, 1), filled(orders, 2)) == (0, D("0.4"))
    orders.apply(fill_report("0.4", "0.4", 7, order_id=1, executed_price="3000"))
    assert (filled(orders, 1), filled(orders, 2)) == (D("0.4"), 0)


@pytest.mark.parametrize(
    "other",
    [
        {"side": OrderSide.SELL},
        {"price": "3001"},
        {"type": OrderType.MARKET},
        {"quantity": "2"},
        {"trade_id": 0},
    ],
)
def test_an_order_of_other_terms_is_not_it(other: dict[str, Any]):
    orders = OpenOrders()
    orders.apply(report())
    orders.fill_of_algo(algo_fill("0.4", "0.4", **{"trade_id": 7, **other}))
    assert filled(orders) == 0


@pytest.mark.parametrize("type_", [OrderType.MARKET, OrderType.CLOSE_POSITION])
def test_an_order_at_the_market_has_no_price_to_compare(type_: OrderType):
    """Nor, of a positional node, a quantity."""
    orders = OpenOrders()
    orders.apply(attrs.evolve(report(order_id=1, price="0"), type=OrderType.MARKET))
    orders.apply(report(order_id=2))
    orders.fill_of_algo(algo_fill("0.4", "0.4", 7, type=type_, price="0", quantity="0"))
    assert (filled(orders, 1), filled(orders, 2)) == (D("0.4"), 0)


def test_a_rest_row_that_holds_the_fill_is_not_counted_twice():
    orders = OpenOrders()
    orders.apply(report())
    orders.fill_of_algo(algo_fill("0.4", "0.4", 7))
    orders.begin()
    orders.seed_rows([row(1, "PARTIAL_FILLED", "0.4")])
    assert filled(orders) == D("0.4")


def test_what_is_never_told_of_is_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fills_ahead, "_MOST_AHEAD", 4)
    monkeypatch.setattr(fills_ahead, "_REMEMBERED", 4)
    orders = OpenOrders()
    for trade_id in range(1, 50):
        orders.fill_of_algo(algo_fill("0.4", "0.4", trade_id))
        orders.apply(fill_report("0.1", "0.1", 1000 + trade_id, order_id=trade_id))
    assert len(orders._ahead._ahead) <= 4
    assert len(orders._ahead._told) <= 4


def test_nothing_is_ahead_once_the_venue_began_anew():
    orders = OpenOrders()
    orders.apply(report())
    orders.fill_of_algo(algo_fill("0.4", "0.4", 7))
    orders.forget_all()
    orders.apply(report())
    assert filled(orders) == 0


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6), st.data())
def test_in_any_order_of_the_two_topics_the_most_that_was_told_is_filled(
    sizes: list[int], data: st.DataObject
):
    """Each topic in its own order; between them any."""
    whole = sum(sizes) + 1
    totals = [sum(sizes[: count + 1]) for count in range(len(sizes))]
    by_algo = [
        algo_fill(str(total), str(size), count, quantity=str(whole))
        for count, (total, size) in enumerate(zip(totals, sizes, strict=True), 1)
    ]
    own = [report(quantity=str(whole))] + [
        fill_report(str(total), str(size), count, quantity=str(whole), executed_price="3000")
        for count, (total, size) in enumerate(zip(totals, sizes, strict=True), 1)
    ]
    orders = OpenOrders()
    told_by_algo = told_by_order = D(0)
    while by_algo or own:
        if by_algo and (not own or data.draw(st.booleans())):
            one = by_algo.pop(0)
            orders.fill_of_algo(one)
            told_by_algo = one.filled
        else:
            each = own.pop(0)
            orders.apply(each)
            told_by_order = each.filled
        if 1 in orders:
            assert filled(orders) == max(told_by_algo, told_by_order)
    assert (filled(orders), orders._ahead._filled) == (D(totals[-1]), {})


def test_whoever_counts_fills_counts_it_in_the_order_too():
    """A client and a replay alike: the position has it, and the order has it no longer open."""
    orders, positions = OpenOrders(), LivePositions()
    orders.apply(report())
    count_fill(algo_fill("0.4", "0.4", 7), positions, LiveHoldings(), orders, OpenAlgoOrders())
    assert (filled(orders), positions["ETH"].quantity) == (D("0.4"), D("0.4"))
