"""The life of an algo order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import plotly.graph_objects as go

from orderly_sync.models.algo_tree import AlgoTree
from orderly_sync.models.enums import AlgoType, OrderSide
from orderly_sync.models.fill import Fill
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.notebook.algo_figure import AlgoLife, algo_figure, span_of

D = Decimal


def report(at: int, number: int = 1, **more: Any) -> AlgoExecutionReport:
    return AlgoExecutionReport(
        symbol="S",
        algo_order_id=number,
        root_algo_order_id=1,
        parent_algo_order_id=number - 1,
        algo_type=AlgoType.STOP if number == 1 else AlgoType.STOP_LOSS,
        created_time=1000,
        timestamp=at,
        **more,
    )


def test_it_shows_triggers_as_they_moved_where_it_fired_and_its_fills() -> None:
    """An edit moves the line; the extreme is a line of its own; the star stands where the trigger fired."""
    reports = [
        report(1000, trigger_price=D(10), extreme_price=D(20)),
        report(2000, trigger_price=D(10), extreme_price=D(25)),
        report(3000, trigger_price=D(12), extreme_price=D(25)),
        report(4000, trigger_price=D(12), trigger_time=4000, trigger_trade_price=D(11), algo_status="FILLED"),
    ]
    fill = Fill(id=1, order_id=1, side=OrderSide.SELL, executed_price=D(11), executed_timestamp=4500)
    life = AlgoLife(tree=AlgoTree(nodes=(reports[-1],)), reports=reports, fills=[fill])
    found = {trace.name: trace for trace in go.Figure(algo_figure(life)).data}

    assert span_of(life) == (1000, 4500)
    assert list(found["STOP 1 trigger"].y) == [10, 12, 12]
    assert [at[17:19] for at in found["STOP 1 trigger"].x] == ["01", "03", "04"]
    assert list(found["STOP 1 extreme"].y) == [20, 25, 25]
    assert list(found["STOP 1 triggered"].y) == [11]
    assert list(found["fills"].y) == [11]
    assert len(found["reports"].y) == 4


def test_each_leg_has_lines_of_its_own_by_the_tree_where_no_report_is_known() -> None:
    """As after a restart."""
    tree = AlgoTree(
        nodes=(report(1000), report(1000, 2, trigger_price=D(5)), report(1000, 3, trigger_price=D(7)))
    )
    found = {trace.name: list(trace.y) for trace in go.Figure(algo_figure(AlgoLife(tree=tree))).data}

    assert found == {"STOP_LOSS 2 trigger": [5, 5], "STOP_LOSS 3 trigger": [7, 7]}


def test_an_order_without_a_price_or_time_is_a_picture_that_says_so() -> None:
    """A holder of legs that nobody has told of yet."""
    bare = AlgoExecutionReport(
        symbol="S", algo_order_id=1, root_algo_order_id=1, parent_algo_order_id=0, algo_type=AlgoType.TP_SL
    )
    life = AlgoLife(tree=AlgoTree(nodes=(bare,)))

    assert span_of(life) == (0, 0)
    assert len(go.Figure(algo_figure(life)).layout.annotations) == 1
