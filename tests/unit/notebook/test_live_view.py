"""What a live table shows: bounded, of its market only, and never markup."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from orderly_sync.live.book import Book
from orderly_sync.models.algo_tree import AlgoTree
from orderly_sync.models.order import Order
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.book import Level
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.models.pushes.market import Trade
from orderly_sync.notebook.live_view import KEPT, LiveView, Moment

D = Decimal


def report(**more: Any) -> ExecutionReport:
    given = {"symbol": "S", "order_id": 1, "side": "BUY", "type": "LIMIT", "status": "NEW", **more}
    return ExecutionReport(**given)


def algo(**more: Any) -> AlgoExecutionReport:
    given = {
        "symbol": "S",
        "algo_order_id": 1,
        "root_algo_order_id": 1,
        "parent_algo_order_id": 0,
        "algo_type": "STOP",
    }
    return AlgoExecutionReport(**given, **more)


def test_it_shows_book_trades_orders_and_reports_of_its_market() -> None:
    """Reports of both kinds, newest first; other markets' are left out."""
    view = LiveView("S")
    view.trade(Trade(symbol="S", price=D("77.5"), size=D(3), side="BUY"))
    view.report(report(status="FILLED", reason="because"))
    view.report(algo(algo_status="TRIGGERED_BY_TEST"))
    view.report(report(symbol="OTHER", status="REJECTED"))
    book = Book("S", 1, (Level(D(9), D(1)),), (Level(D(10), D(1)),))
    orders = [Order(order_id=7, symbol="S", price=D("66.6"))]
    html = view.html(Moment(status="ready", book=book, orders=orders, trees=[AlgoTree(nodes=(algo(),))]))

    for told in (
        "S live",
        "ready",
        "77.5",
        "66.6",
        "1 bids, 1 asks",
        "FILLED",
        "because",
        "algo orders: 1 row",
    ):
        assert told in html
    assert html.index("TRIGGERED_BY_TEST") < html.index("FILLED")
    assert "REJECTED" not in html


def test_what_it_keeps_is_bounded() -> None:
    """A busy market, a busy bot."""
    view = LiveView("S")
    for number in range(10_000):
        view.trade(Trade(symbol="S", price=D(number), size=D(1), side="SELL"))
        view.report(report(order_id=number, reason=f"n{number}"))
    html = view.html(Moment(status="ready", book=None))

    assert html.count("SELL") == KEPT
    assert [f"n{number}<" in html for number in (9999, 9999 - KEPT)] == [True, False]
    assert len(html) < 20_000


def test_where_there_is_no_book_it_says_why() -> None:
    """And shows the rest."""
    assert "it is being rebuilt" in LiveView("S").html(
        Moment(status="down", book=None, note="it is being rebuilt")
    )


@pytest.mark.parametrize("hostile", ["<script>x</script>", "</div></td>", "<img src=x onerror=y>"])
def test_no_text_is_markup(hostile: str) -> None:
    """Symbols, reasons, notes."""
    view = LiveView(hostile)
    view.report(report(symbol=hostile, reason=hostile))
    html = view.html(
        Moment(status=hostile, book=None, note=hostile, orders=[Order(order_id=1, symbol=hostile)])
    )

    assert hostile not in html
    assert html.count("<div") == html.count("</div>") == 1
