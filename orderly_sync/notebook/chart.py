"""The chart of one market with what the account has in it. Pure: a figure of data."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

import attrs

from orderly_sync.models.algo_tree import AlgoTree
from orderly_sync.models.enums import AlgoType, OrderSide
from orderly_sync.models.fill import Fill
from orderly_sync.models.kline import Kline
from orderly_sync.models.order import Order
from orderly_sync.models.position import Position
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.notebook.figures import DOWN, UP, Figure, Trace, apart, candlesticks, figure, level, marks
from orderly_sync.notebook.thinning import candles_of, thinned

__all__ = ["ChartData", "Overlays", "chart_figure", "trailing_trigger"]

_STOP, _TP_SL, _POSITIONAL, _TRAILING = "#b8860b", "#6a4c93", "#1982c4", "#e36414"


@attrs.frozen(kw_only=True)
class Overlays:
    """What is drawn over the candles; each can be left out, as on the venue's own page."""

    fills: bool = True
    """The account's own fills, triangles up where it bought."""
    position: bool = True
    """The mean price of opening."""
    liquidation: bool = True
    """Where liquidation begins."""
    orders: bool = True
    """Pending limit orders, and entries of brackets."""
    stops: bool = True
    """Triggers of stop orders."""
    tp_sl: bool = True
    """Triggers of take profits and stop losses of a quantity."""
    positional_tp_sl: bool = True
    """The same of those that follow the position."""
    trailing: bool = True
    """Activation, extreme and trigger of trailing stops."""


@attrs.frozen(kw_only=True)
class ChartData:
    """What a chart is made of; all of one market, times in ms."""

    symbol: str
    interval: str
    start: int
    end: int
    candles: Iterable[Kline] = ()
    fills: Sequence[Fill] = ()
    positions: Sequence[Position] = ()
    orders: Sequence[Order] = ()
    trees: Sequence[AlgoTree] = ()


def chart_figure(data: ChartData, overlays: Overlays) -> Figure:
    """Candles, at most two thousand (the title says how many stand for how many), and what lies over them."""
    all_candles = candles_of(data.candles)
    candles, each = thinned(all_candles)
    count = len(all_candles.times)
    told = f"{count} candles"
    if each > 1:
        told = f"{count} candles, thinned to {len(candles.times)}, each of {each}"
    traces = [candlesticks(candles)] if count else []
    span = (candles.times[0], candles.times[-1]) if count else (data.start, data.end)
    traces += _of_account(data, overlays, span)
    apart(traces, [*candles.highs, *candles.lows])
    empty = f"no candles of {data.symbol} in this span, and nothing of this account"
    return figure(f"{data.symbol} {data.interval}, {told}", traces, empty=empty)


def _of_account(data: ChartData, overlays: Overlays, span: tuple[int, int]) -> Iterator[Trace]:
    if overlays.fills:
        yield from _fills(data.fills)
    for held in data.positions:
        mode = f" {held.margin_mode}" if held.margin_mode else ""
        if overlays.position and held.average_open_price and held.quantity:
            color = UP if held.quantity > 0 else DOWN
            name = f"position{mode} {held.quantity}"
            yield level(name, span, float(held.average_open_price), color, dash="solid")
        if overlays.liquidation and held.est_liq_price and held.quantity:
            yield level(f"liquidation{mode}", span, float(held.est_liq_price), DOWN, dash="dot")
    if overlays.orders:
        for order in data.orders:
            if order.price:
                yield level(
                    f"{order.side} {order.quantity}", span, float(order.price), _side_color(order.side)
                )
    listed = {
        (order.side, order.price) for order in data.orders
    }  # the entry of a bracket may be listed itself
    for tree in data.trees:
        yield from _of_tree(tree, overlays, span, listed)


def _fills(fills: Sequence[Fill]) -> Iterator[Trace]:
    for side, name, color, sign in (
        (OrderSide.BUY, "bought", UP, "triangle-up"),
        (OrderSide.SELL, "sold", DOWN, "triangle-down"),
    ):
        points = [
            (fill.executed_timestamp, float(fill.executed_price), f"{name} {fill.executed_quantity}")
            for fill in fills
            if fill.side == side and fill.executed_timestamp and fill.executed_price
        ]
        if points:
            yield marks(name, points, color, sign=sign)


def _of_tree(
    tree: AlgoTree, overlays: Overlays, span: tuple[int, int], listed: Container[object]
) -> Iterator[Trace]:
    parents = {node.algo_order_id: node for node in tree.nodes}
    for node in tree.nodes:
        if node.is_final or node.is_triggered:
            continue
        if node.algo_type == AlgoType.BRACKET:
            if overlays.orders and node.price and (node.side, node.price) not in listed:
                name = f"bracket {node.side} {node.quantity}"
                yield level(name, span, float(node.price), _side_color(node.side))
        elif node.algo_type == AlgoType.TRAILING_STOP:
            yield from _trailing(node, span) if overlays.trailing else ()
        elif node.algo_type == AlgoType.STOP:
            yield from _trigger("stop", node, span, _STOP) if overlays.stops else ()
        elif node.is_activated is not False:  # a leg that was switched off has no line
            yield from _leg(node, parents.get(node.parent_algo_order_id), overlays, span)


def _leg(
    node: AlgoExecutionReport, parent: AlgoExecutionReport | None, overlays: Overlays, span: tuple[int, int]
) -> Iterator[Trace]:
    name = {AlgoType.TAKE_PROFIT: "TP", AlgoType.STOP_LOSS: "SL"}.get(node.algo_type, str(node.algo_type))
    if parent is not None and parent.algo_type == AlgoType.POSITIONAL_TP_SL:
        yield from _trigger(f"position {name}", node, span, _POSITIONAL) if overlays.positional_tp_sl else ()
    else:
        yield from _trigger(name, node, span, _TP_SL) if overlays.tp_sl else ()


def _trailing(node: AlgoExecutionReport, span: tuple[int, int]) -> Iterator[Trace]:
    if node.activated_price and not node.is_activated:
        yield level("trailing activation", span, float(node.activated_price), _TRAILING, dash="dot")
    if node.extreme_price:
        yield level("trailing extreme", span, float(node.extreme_price), _TRAILING, dash="dashdot")
    price = trailing_trigger(node)
    if price is not None:
        yield level(f"trailing stop {node.side or ''} {node.quantity or ''}".strip(), span, price, _TRAILING)


def trailing_trigger(node: AlgoExecutionReport) -> float | None:
    """Where a trailing stop would fire now: its distance behind the extreme; None before there is one."""
    if node.trigger_price:
        return float(node.trigger_price)
    if not node.extreme_price or not (node.callback_value or node.callback_rate):
        return None
    extreme = float(node.extreme_price)
    way = float(node.callback_value) if node.callback_value else extreme * float(node.callback_rate or 0)
    return extreme + way if node.side == OrderSide.BUY else extreme - way


def _trigger(name: str, node: AlgoExecutionReport, span: tuple[int, int], color: str) -> Iterator[Trace]:
    if node.trigger_price:
        size = f" {node.quantity}" if node.quantity else ""
        yield level(f"{name} {node.side or ''}{size}".strip(), span, float(node.trigger_price), color)


def _side_color(side: OrderSide | None) -> str:
    return DOWN if side == OrderSide.SELL else UP
