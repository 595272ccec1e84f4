"""The parts that pictures are made of, as plain dictionaries in the form of plotly's JSON. Pure.

Whatever the venue wrote goes through ``_plain``: plotly reads some tags in the texts of a picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from orderly_sync.models.base import utc
from orderly_sync.notebook.thinning import Candles
from orderly_sync.tables.html import text_of

__all__ = [
    "DOWN",
    "UP",
    "Figure",
    "Trace",
    "apart",
    "bars",
    "candlesticks",
    "curve",
    "figure",
    "level",
    "marks",
    "moments",
]

Trace = dict[str, object]
Figure = dict[str, object]

UP, DOWN = "#1a9a6c", "#d1495b"
_NAME_HEIGHT = 0.04
"""How much of a picture's height the name of a level takes."""


def _plain(value: object) -> str:
    """A value as text that is no markup."""
    return escape(text_of(value))


def moments(times: Sequence[int]) -> list[str]:
    """Ms as plotly reads them: UTC."""
    found = (utc(at) for at in times)
    return [at.strftime("%Y-%m-%dT%H:%M:%S.%f") if at else "" for at in found]


def candlesticks(candles: Candles) -> Trace:
    """Candles."""
    return {
        "type": "candlestick",
        "name": "price",
        "x": moments(candles.times),
        "open": candles.opens,
        "high": candles.highs,
        "low": candles.lows,
        "close": candles.closes,
        "increasing": {"line": {"color": UP}},
        "decreasing": {"line": {"color": DOWN}},
        "showlegend": False,
    }


def level(name: str, span: tuple[int, int], price: float, color: str, *, dash: str = "dash") -> Trace:
    """A price that stands for a while, as a horizontal line with its name and price at the right end."""
    return {
        "type": "scatter",
        "mode": "lines+text",
        "name": _plain(name),
        "x": moments(span),
        "y": [price, price],
        "line": {"color": color, "dash": dash, "width": 1},
        "text": ["", f"{_plain(name)} {price:.10g}"],
        "textposition": "top left",
        "textfont": {"color": color, "size": 10},
        "hoverinfo": "name+y",
    }


def apart(traces: Iterable[Trace], prices: Iterable[float]) -> None:
    """Have levels whose names would lie over each other named at the other end of their lines.

    Args:
        traces: What is drawn; the levels among it are changed.
        prices: What else the picture reaches.
    """
    lines: list[dict[str, Any]] = [one for one in traces if one.get("mode") == "lines+text"]
    levels = sorted(((one, float(one["y"][0])) for one in lines), key=lambda found: found[1])
    reached = [*prices, *(price for _, price in levels)]
    room = (max(reached) - min(reached)) * _NAME_HEIGHT if reached else 0.0
    at_right = at_left = float("-inf")  # the price of the highest name so far at each end
    for line, price in levels:
        if price - at_right < room and at_left < at_right:
            at_left = price
            line.update(text=line["text"][::-1], textposition="top right")
        else:
            at_right = price


def curve(
    name: str, times: Sequence[int], values: Sequence[float], color: str, *, steps: bool = False
) -> Trace:
    """A line through values over time; with ``steps`` each value holds until the next."""
    return {
        "type": "scatter",
        "mode": "lines",
        "name": _plain(name),
        "x": moments(times),
        "y": list(values),
        "line": {"color": color, "shape": "hv" if steps else "linear"},
    }


def bars(name: str, times: Sequence[int], values: Sequence[float]) -> Trace:
    """Bars over time, those below 0 in the colour of falling."""
    colors = [DOWN if value < 0 else UP for value in values]
    return {
        "type": "bar",
        "name": _plain(name),
        "x": moments(times),
        "y": list(values),
        "marker": {"color": colors},
    }


def marks(
    name: str,
    points: Sequence[tuple[int, float, str]],
    color: str,
    *,
    sign: str = "circle",
) -> Trace:
    """Signs at moments and prices, each with a text that is shown under the pointer."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": _plain(name),
        "x": moments([at for at, _, _ in points]),
        "y": [price for _, price, _ in points],
        "text": [_plain(text) for _, _, text in points],
        "hoverinfo": "text+x+y",
        "marker": {"symbol": sign, "color": color, "size": 10, "line": {"width": 1, "color": "#ffffff"}},
    }


def figure(title: str, traces: Sequence[Trace], *, x: str = "", y: str = "USDC", empty: str = "") -> Figure:
    """A picture; without traces it says ``empty`` where they would be."""
    layout: dict[str, object] = {
        "title": {"text": _plain(title), "font": {"size": 14}},
        "template": None,
        "margin": {"l": 60, "r": 20, "t": 50, "b": 40},
        "height": 480,
        "xaxis": {"title": {"text": x}, "rangeslider": {"visible": False}},
        "yaxis": {"title": {"text": y}},
        "legend": {"orientation": "h"},
        "hovermode": "closest",
    }
    if not traces:
        hidden = {"visible": False}
        text = {
            "text": _plain(empty),
            "showarrow": False,
            "xref": "paper",
            "yref": "paper",
            "x": 0.5,
            "y": 0.5,
        }
        layout |= {"xaxis": hidden, "yaxis": hidden, "annotations": [text]}
    return {"data": list(traces), "layout": layout}
