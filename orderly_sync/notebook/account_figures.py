"""Pictures of a book, of equity and of funding. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

from orderly_sync.models.account import DailyStatistics
from orderly_sync.models.enums import FundingPaymentType
from orderly_sync.models.funding import FundingFee, FundingRateRecord
from orderly_sync.models.pushes.book import Level
from orderly_sync.notebook.figures import DOWN, UP, Figure, Trace, bars, curve, figure

__all__ = ["depth_figure", "equity_figure", "funding_figure"]


def depth_figure(symbol: str, bids: Sequence[Level], asks: Sequence[Level]) -> Figure:
    """What rests in a book up to each price, base units; sides are given best first."""
    sides = [_side("bids", bids, UP), _side("asks", asks, DOWN)]
    traces = [trace for trace, levels in zip(sides, (bids, asks), strict=True) if levels]
    return figure(f"{symbol} depth", traces, x="USDC", y="base units", empty=f"the book of {symbol} is empty")


def _side(name: str, levels: Sequence[Level], color: str) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [float(one.price) for one in levels],
        "y": list(accumulate(float(one.quantity) for one in levels)),
        "line": {"color": color, "shape": "hv"},
        "fill": "tozeroy",
    }


def equity_figure(days: Iterable[DailyStatistics], now: tuple[int, float] | None) -> Figure:
    """What the account was worth each day, and is worth now (ms and USDC)."""
    points = sorted(
        (day.snapshot_time, float(day.account_value))
        for day in days
        if day.snapshot_time and day.account_value is not None
    )
    points += [] if now is None else [now]
    traces = []
    if points:
        line = curve("account value", [at for at, _ in points], [value for _, value in points], UP)
        traces.append({**line, "mode": "lines+markers"})
    return figure("account value", traces, empty="nothing is known of this account's value yet")


def funding_figure(symbol: str, rates: Iterable[FundingRateRecord], fees: Iterable[FundingFee]) -> Figure:
    """The rates charged (bars, basis points) and what this account has received less what it paid, added up (USDC)."""
    charged = sorted(
        (rate.funding_rate_timestamp, float(rate.funding_rate) * 10_000)
        for rate in rates
        if rate.funding_rate_timestamp and rate.funding_rate is not None
    )
    paid = sorted((fee.created_time, _received(fee)) for fee in fees if fee.created_time)
    traces = []
    if charged:
        traces.append(bars("rate, bp", [at for at, _ in charged], [rate for _, rate in charged]))
    if paid:
        line = curve(
            "received, USDC",
            [at for at, _ in paid],
            list(accumulate(sum_ for _, sum_ in paid)),
            "#1982c4",
            steps=True,
        )
        traces.append({**line, "yaxis": "y2"})
    made = figure(f"{symbol} funding", traces, y="basis points", empty=f"no funding of {symbol} in this span")
    if paid:
        second = {"title": {"text": "USDC"}, "overlaying": "y", "side": "right"}
        made["layout"] = {**_layout(made), "yaxis2": second}
    return made


def _layout(made: Figure) -> dict[str, object]:
    layout = made["layout"]
    assert isinstance(layout, dict)
    return layout


def _received(fee: FundingFee) -> float:
    """Above 0 was received. The venue's examples have no sign, and the type says who paid."""
    amount = float(fee.funding_fee or 0)
    if fee.payment_type == FundingPaymentType.PAY:
        return -abs(amount)
    return abs(amount) if fee.payment_type == FundingPaymentType.RECEIVE else -amount
