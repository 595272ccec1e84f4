"""Depth, equity and funding."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import plotly.graph_objects as go
import pytest

from orderly_sync.models.account import DailyStatistics
from orderly_sync.models.funding import FundingFee, FundingRateRecord
from orderly_sync.models.pushes.book import Level
from orderly_sync.notebook.account_figures import depth_figure, equity_figure, funding_figure

D = Decimal


def drawn(made: Any) -> dict[str, list[float]]:
    return {trace.name: list(trace.y) for trace in go.Figure(made).data}


def test_depth_is_added_up_from_the_best_price_on() -> None:
    """On each side by itself."""
    bids = [Level(D(9), D(1)), Level(D(8), D(2))]
    assert drawn(depth_figure("S", bids, [Level(D(10), D(4))])) == {"bids": [1, 3], "asks": [4]}
    assert drawn(depth_figure("S", bids, [])) == {"bids": [1, 3]}


def test_equity_goes_day_by_day_until_now() -> None:
    """Whatever order the days came in; a day without a value is left out."""
    days = [
        DailyStatistics(date="b", account_value=D(2), snapshot_time=2000),
        DailyStatistics(date="a", account_value=D(1), snapshot_time=1000),
        DailyStatistics(date="c"),
    ]
    assert drawn(equity_figure(days, (3000, 5.0))) == {"account value": [1, 2, 5]}


def test_funding_that_was_paid_counts_below_nothing() -> None:
    """The venue's examples carry no sign: the type says who paid; one without a type is signed as fees are."""
    fees = [
        FundingFee(symbol="S", funding_fee=D(3), payment_type="Pay", created_time=2000),
        FundingFee(symbol="S", funding_fee=D(1), payment_type="Receive", created_time=1000),
        FundingFee(symbol="S", funding_fee=D(-4), created_time=3000),
    ]
    rates = [FundingRateRecord(symbol="S", funding_rate=D("0.0001"), funding_rate_timestamp=1000)]

    assert drawn(funding_figure("S", rates, fees)) == {"rate, bp": [1.0], "received, USDC": [1, -2, 2]}


@pytest.mark.parametrize(
    "made", [depth_figure("S", [], []), equity_figure([], None), funding_figure("S", [], [])], ids=range(3)
)
def test_nothing_to_show_is_a_picture_that_says_so(made: Any) -> None:
    """An empty book, a new account, a market without funding."""
    figure = go.Figure(made)
    assert len(figure.data) == 0
    assert len(figure.layout.annotations) == 1
