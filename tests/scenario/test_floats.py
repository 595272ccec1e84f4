"""``connect(numbers=float)``: whatever a user reads is a float, wherever it came from."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from orderly_sync import Bracket, InvalidOrder, Limit, Market, Orderly, Stop, TpSl, connect, topics
from orderly_sync.formulas.margin import unrealized_pnl
from orderly_sync.live.book import Book
from orderly_sync.models.algo_tree import AlgoTree
from orderly_sync.models.base import Model, Page
from orderly_sync.trading.handles import Handle
from tests.support.paper import eventually

ETH = "PERP_ETH_USDC"


@pytest.fixture
def ex() -> Iterator[Orderly]:
    """A client that reads floats."""
    with connect("paper", seed=7, market="frozen", rate_limits=False, numbers=float) as client:
        yield client


PASSED_OVER = {"frame", "events", "root", "parent", "df", "arrow"}
"""What leads back to where it began; and frames, which are floats whatever the client reads."""


def numbers(value: Any, depth: int = 0) -> Iterator[Decimal | float]:
    """All numbers that can be reached from a value, those of properties too."""
    if isinstance(value, (Decimal, float)):
        yield value
    elif depth > 8 or isinstance(value, (str, bytes)):
        return
    elif isinstance(value, (Model, AlgoTree, Handle, Book)):
        for name in dir(type(value)):
            member = getattr(type(value), name)
            is_field = isinstance(member, property) or type(member).__name__ == "member_descriptor"
            if is_field and not name.startswith("_") and name not in PASSED_OVER:
                yield from numbers(getattr(value, name), depth + 1)
    elif hasattr(value, "items"):
        for one in value.values():
            yield from numbers(one, depth + 1)
    elif isinstance(value, (tuple, list, Page)):
        for one in value:
            yield from numbers(one, depth + 1)


def all_floats(value: Any) -> bool:
    """Whether there are numbers, and all of them are floats."""
    found = list(numbers(value))
    return bool(found) and all(isinstance(one, float) for one in found)


def test_handles_and_state_are_floats_from_the_first_moment_on(ex: Orderly):
    """Placed, resting, filled, triggered, edited: amounts can be reckoned with at any time."""
    resting = ex.place(Limit.buy(ETH, quantity="0.3", price=3300))
    assert 0.3 - resting.filled - resting.fee == 0.3
    assert type(resting.filled) is type(resting.fee) is float
    filled = ex.place(Market.buy(ETH, quantity=0.1))
    filled.wait("filled")
    algos = [
        ex.place(Stop.sell(ETH, quantity=0.05, trigger=9000)),
        ex.place(Bracket.buy(ETH, quantity="0.1", take_profit=3900, stop_loss=3000)),
        ex.place(TpSl.sell(ETH, quantity=0.05, take_profit=3900, stop_loss=3000)),
    ]
    assert all(type(one.filled) is float for one in algos)
    algos[0].wait("filled")
    resting.edit(price=3310)
    eventually(lambda: ex.orders[resting.order_id].price == 3310)
    for one in (resting, filled, *algos):
        assert all_floats(one.reports)
    assert type(filled.average_price) is type(filled.fee) is float
    for table in (ex.positions, ex.holdings, ex.orders, ex.algo_orders):
        assert all_floats(table), table
    ex.place(Market.sell(ETH, quantity=ex.positions[ETH].quantity)).wait("filled")
    assert all_floats(ex.positions.flat)
    assert all_floats(ex.account)


def test_recovered_reports_are_floats(ex: Orderly):
    """What REST tells of a gap, down to the zero of an order not yet filled."""
    seen: list[Any] = []
    ex.on(topics.execution_report(), seen.append)
    ex.on(topics.algo_execution_report(), seen.append)
    ex.paper.faults(mute=["executionreport", "algoexecutionreportv2"])
    order = {"symbol": ETH, "side": "BUY", "order_quantity": "0.1"}
    ex.rest.orders.create(**order, order_type="LIMIT", order_price="3300")
    ex.rest.orders.create(**order, order_type="MARKET")
    ex.place(Stop.sell(ETH, quantity=0.05, trigger=3000))
    ex.paper.faults(clear=True)
    ex.paper.drop_connections()
    eventually(
        lambda: {"NEW", "FILLED"} <= {str(getattr(one, "status", None)) for one in seen} and len(seen) > 2
    )
    assert any(one.recovered for one in seen)
    for report in seen:
        assert all_floats(report)
        assert type(report.filled) is float


def test_margin_figures_are_floats_of_the_exact_ones(ex: Orderly):
    """Reckoned exactly, told as floats."""
    ex.place(Market.buy(ETH, quantity="0.1")).wait("filled")
    ex.place(Limit.buy(ETH, quantity="0.2", price=3300))
    margin = ex.margin
    figures = [
        margin.total_collateral(),
        margin.free_collateral(),
        margin.initial_margin(with_orders=False),
        margin.maintenance_margin(),
        margin.margin_ratio(),
        margin.initial_margin_ratio(),
        margin.maintenance_margin_ratio(),
        margin.withdrawable(),
        margin.unsettled_pnl(),
        margin.unrealized_pnl(),
        margin.imr("ETH"),
        margin.mmr("ETH"),
        margin.liquidation_price("ETH"),
        margin.max_quantity("ETH", "BUY"),
        margin.removable_margin("ETH"),
    ]
    assert [type(one) for one in figures] == [float] * len(figures)
    listed = ex.rest.positions.list()
    assert figures[1] == pytest.approx(listed.free_collateral, abs=1e-6)
    held = ex.positions[ETH]
    assert held.mark_price is not None
    assert held.average_open_price is not None
    exact = [Decimal(repr(one)) for one in (held.quantity, held.mark_price, held.average_open_price)]
    assert figures[9] == float(unrealized_pnl(*exact))


def test_books_history_and_events_are_floats(ex: Orderly):
    """Levels and what is reckoned from them, pages, candles, market data, refusals."""
    book = ex.book(ETH)
    assert all_floats(book.bids)
    for figure in (book.mid, book.spread, book.imbalance(3), book.cost_to_fill("BUY", "0.5")):
        assert type(figure) is float
    ex.place(Market.buy(ETH, quantity="0.1")).wait("filled")
    assert all_floats(ex.history.fills("2026-01-01", until="2026-01-02").all())
    assert all_floats(ex.rest.orders.fills())
    assert all_floats(ex.rest.market.futures())
    assert all_floats(ex.rest.market.rules(ETH))
    assert all_floats(ex.rest.market.tokens())
    assert all_floats(ex.wait_for(topics.mark_prices(), timeout=10))
    with pytest.raises(InvalidOrder) as refused:
        ex.place(Limit.buy(ETH, quantity="0.10001", price="3300"))
    assert type(refused.value.nearest) is float
