"""The life of one algo order as a picture. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import attrs

from orderly_sync.models.algo_tree import AlgoTree
from orderly_sync.models.fill import Fill
from orderly_sync.models.kline import Kline
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.notebook.figures import DOWN, UP, Figure, Trace, candlesticks, curve, figure, marks
from orderly_sync.notebook.thinning import candles_of, thinned

__all__ = ["AlgoLife", "algo_figure", "span_of"]

_COLORS = ("#6a4c93", "#1982c4", "#e36414", "#b8860b", "#1a9a6c", "#d1495b")


@attrs.frozen(kw_only=True)
class AlgoLife:
    """What is known of one algo order."""

    tree: AlgoTree
    reports: Sequence[AlgoExecutionReport] = ()
    fills: Sequence[Fill] = ()
    candles: Iterable[Kline] = ()


def span_of(life: AlgoLife) -> tuple[int, int]:
    """When it was created and when it was last told of, ms; equal where only one moment is known."""
    told = [*life.tree.nodes, *life.reports]
    times = [
        at
        for one in told
        for at in (one.created_time, one.timestamp, one.updated_time, one.trigger_time)
        if at
    ]
    times += [fill.executed_timestamp for fill in life.fills if fill.executed_timestamp]
    return (min(times), max(times)) if times else (0, 0)


def algo_figure(life: AlgoLife) -> Figure:
    """Candles around it; the trigger of each node while it stood, where it fired, the extreme, reports and fills."""
    tree, span = life.tree, span_of(life)
    candles, _ = thinned(candles_of(life.candles))
    traces = [candlesticks(candles)] if candles.times else []
    for number, node in enumerate(tree.nodes):
        name = f"{node.algo_type} {node.algo_order_id}"
        traces += _of_node(name, node, life.reports, span, _COLORS[number % len(_COLORS)])
    traces += _reports(life.reports)
    fills = [
        (fill.executed_timestamp, float(fill.executed_price), f"fill {fill.side} {fill.executed_quantity}")
        for fill in life.fills
        if fill.executed_timestamp and fill.executed_price
    ]
    if fills:
        traces.append(marks("fills", fills, UP, sign="triangle-up"))
    title = f"{tree.symbol} {tree.algo_type} {tree.root.algo_order_id}, {tree.status}"
    return figure(title, traces, empty="this order has no price yet")


def _of_node(
    name: str,
    node: AlgoExecutionReport,
    reports: Sequence[AlgoExecutionReport],
    span: tuple[int, int],
    color: str,
) -> Iterator[Trace]:
    own = [one for one in reports if one.algo_order_id == node.algo_order_id] or [node]
    end = node.trigger_time or span[1]
    for what, field in (("trigger", "trigger_price"), ("extreme", "extreme_price")):
        moves = _moves(own, field)
        if moves:
            times, prices = [at or span[0] for at, _ in moves], [price for _, price in moves]
            line = curve(
                f"{name} {what}", [*times, max(end, times[-1])], [*prices, prices[-1]], color, steps=True
            )
            traces = {
                **line,
                "line": {"color": color, "shape": "hv", "dash": "dash" if what == "trigger" else "dot"},
            }
            yield traces
    if node.trigger_time and node.trigger_trade_price:
        point = (node.trigger_time, float(node.trigger_trade_price), f"{name} triggered")
        yield marks(f"{name} triggered", [point], color, sign="star")


def _moves(own: Sequence[AlgoExecutionReport], field: str) -> list[tuple[int, float]]:
    """The moments at which a price of a node changed, and what it was from then on."""
    moves: list[tuple[int, float]] = []
    for one in own:
        price = getattr(one, field)
        if price and (not moves or moves[-1][1] != float(price)):
            at = one.timestamp if moves else one.created_time or one.timestamp
            moves.append((at or 0, float(price)))
    return moves


def _reports(reports: Sequence[AlgoExecutionReport]) -> Iterator[Trace]:
    """Each report at the price that it speaks of."""
    points = []
    for one in reports:
        price = one.executed_price or one.trigger_price or one.price
        if price and one.timestamp:
            points.append((one.timestamp, float(price), f"{one.algo_type} {one.algo_status}"))
    if points:
        yield marks("reports", points, DOWN, sign="circle-open")
