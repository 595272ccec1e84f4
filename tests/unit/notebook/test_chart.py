"""The chart: what each toggle draws, where, and what an empty account gives."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs
import plotly.graph_objects as go
import pytest

from orderly_sync.models.algo_tree import AlgoTree
from orderly_sync.models.enums import AlgoStatus, AlgoType, MarginMode, OrderSide
from orderly_sync.models.fill import Fill
from orderly_sync.models.kline import Kline
from orderly_sync.models.order import Order
from orderly_sync.models.position import Position
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.notebook.chart import ChartData, Overlays, chart_figure, trailing_trigger

D = Decimal
NONE = {field.name: False for field in attrs.fields(Overlays)}


def candle(number: int) -> Kline:
    return Kline(start_timestamp=60_000 * (number + 1), open=D(10), high=D(12), low=D(9), close=D(11))


def node(number: int, kind: AlgoType, parent: int = 0, **more: Any) -> AlgoExecutionReport:
    given = {"side": OrderSide.SELL, "quantity": D(1), "algo_status": AlgoStatus.NEW, **more}
    return AlgoExecutionReport(
        symbol="S",
        algo_order_id=number,
        root_algo_order_id=1,
        parent_algo_order_id=parent,
        algo_type=kind,
        **given,
    )


def legs(kind: AlgoType, **more: Any) -> AlgoTree:
    return AlgoTree(
        nodes=(
            node(1, kind),
            node(2, AlgoType.TAKE_PROFIT, 1, trigger_price=D(120), **more),
            node(3, AlgoType.STOP_LOSS, 1, trigger_price=D(80), **more),
        )
    )


TRAILING = node(
    1,
    AlgoType.TRAILING_STOP,
    extreme_price=D(200),
    callback_rate=D("0.1"),
    activated_price=D(150),
    is_activated=False,
)
DATA = ChartData(
    symbol="S",
    interval="1m",
    start=0,
    end=240_000,
    candles=[candle(number) for number in range(3)],
    fills=[
        Fill(
            id=1,
            order_id=1,
            side=OrderSide.BUY,
            executed_price=D(11),
            executed_quantity=D(2),
            executed_timestamp=90_000,
        ),
        Fill(
            id=2,
            order_id=2,
            side=OrderSide.SELL,
            executed_price=D(12),
            executed_quantity=D(1),
            executed_timestamp=95_000,
        ),
    ],
    positions=[
        Position(
            symbol="S",
            margin_mode=MarginMode.CROSS,
            position_qty=D(1),
            average_open_price=D(11),
            est_liq_price=D(5),
        ),
        Position(symbol="S", margin_mode=MarginMode.ISOLATED, position_qty=D(-1), average_open_price=D(13)),
    ],
    orders=[
        Order(order_id=1, symbol="S", side=OrderSide.BUY, quantity=D(3), price=D(7)),
        Order(order_id=2, symbol="S"),
    ],
    trees=[
        AlgoTree(nodes=(node(1, AlgoType.STOP, trigger_price=D(6)),)),
        legs(AlgoType.TP_SL),
        legs(AlgoType.POSITIONAL_TP_SL),
        AlgoTree(nodes=(TRAILING,)),
        AlgoTree(nodes=(node(1, AlgoType.BRACKET, side=OrderSide.BUY, price=D(8)),)),
    ],
)
DRAWN: dict[str, dict[str, list[float]]] = {
    "fills": {"bought": [11], "sold": [12]},
    "position": {"position CROSS 1": [11, 11], "position ISOLATED -1": [13, 13]},
    "liquidation": {"liquidation CROSS": [5, 5]},
    "orders": {"BUY 3": [7, 7], "bracket BUY 1": [8, 8]},
    "stops": {"stop SELL 1": [6, 6]},
    "tp_sl": {"TP SELL 1": [120, 120], "SL SELL 1": [80, 80]},
    "positional_tp_sl": {"position TP SELL 1": [120, 120], "position SL SELL 1": [80, 80]},
    "trailing": {
        "trailing activation": [150, 150],
        "trailing extreme": [200, 200],
        "trailing stop SELL 1": [180, 180],
    },
}


def drawn(data: ChartData, **overlays: bool) -> dict[str, Any]:
    """What a figure shows, by name, as plotly itself reads it."""
    made = go.Figure(chart_figure(data, Overlays(**overlays))).to_dict()
    return {trace["name"]: trace for trace in made["data"]}


@pytest.mark.parametrize("toggle", DRAWN)
def test_each_toggle_draws_its_own_and_nothing_else(toggle: str) -> None:
    """Eight of them; without any, candles alone; each line goes from the first candle to the last."""
    assert NONE.keys() == DRAWN.keys()
    found = drawn(DATA, **{**NONE, toggle: True})

    assert {name: list(found[name]["y"]) for name in found if name != "price"} == DRAWN[toggle]
    assert list(drawn(DATA, **NONE)) == ["price"]
    for name, trace in found.items():
        if trace.get("mode") == "lines+text":
            assert list(trace["x"]) == ["1970-01-01T00:01:00.000000", "1970-01-01T00:03:00.000000"]
            assert str(DRAWN[toggle][name][0]) in "".join(trace["text"])
    everything = drawn(DATA)
    assert everything.keys() == {"price"} | {name for each in DRAWN.values() for name in each}


def test_names_of_levels_do_not_lie_over_each_other() -> None:
    """One that would is told at the other end of its line; where there is room all stand at the right."""
    orders = [attrs.evolve(DATA.orders[0], quantity=D(size), price=D(100 + size)) for size in (1, 2, 20, 99)]
    found = drawn(attrs.evolve(DATA, orders=orders), **{**NONE, "orders": True})
    named = {
        name: (trace["textposition"], list(trace["text"])) for name, trace in found.items() if name != "price"
    }

    assert named["BUY 1"] == ("top left", ["", "BUY 1 101"])
    assert named["BUY 2"] == ("top right", ["BUY 2 102", ""])
    assert {named[name][0] for name in ("bracket BUY 1", "BUY 20", "BUY 99")} == {"top left"}


def test_the_entry_of_a_bracket_is_drawn_once_where_it_is_listed_itself() -> None:
    """The venue lists the entry among the orders too."""
    entry = attrs.evolve(DATA.orders[0], price=D(8))
    assert "bracket BUY 1" not in drawn(attrs.evolve(DATA, orders=[entry]))


@pytest.mark.parametrize(
    "over", [{"algo_status": AlgoStatus.CANCELLED}, {"is_triggered": True}, {"is_activated": False}]
)
def test_a_leg_that_cannot_fire_has_no_line(over: dict[str, Any]) -> None:
    """Ended, fired, or switched off."""
    data = attrs.evolve(DATA, trees=[legs(AlgoType.TP_SL, **over)])
    assert drawn(data, **{**NONE, "tp_sl": True}).keys() == {"price"}


def test_too_many_candles_are_thinned_and_the_title_says_so() -> None:
    """Not in silence."""
    title = chart_figure(attrs.evolve(DATA, candles=map(candle, range(100_001))), Overlays())["layout"][
        "title"
    ]["text"]  # type: ignore[index]
    assert title == "S 1m, 100001 candles, thinned to 1961, each of 51"
    assert "thinned" not in str(chart_figure(DATA, Overlays())["layout"])


def test_an_empty_account_in_an_empty_market_gives_a_picture_that_says_so() -> None:
    """A figure, not an error."""
    made = chart_figure(ChartData(symbol="S", interval="1h", start=0, end=1), Overlays())
    figure = go.Figure(made)

    assert len(figure.data) == 0
    assert "no candles of S" in figure.layout.annotations[0].text


def test_lines_are_drawn_over_the_span_where_there_are_no_candles() -> None:
    """A market without trades, with an order in it."""
    found = drawn(attrs.evolve(DATA, candles=(), start=60_000))
    assert list(found["BUY 3"]["x"]) == ["1970-01-01T00:01:00.000000", "1970-01-01T00:04:00.000000"]


@pytest.mark.parametrize("hostile", ["<a href='javascript:x'>y</a>", "<b>", "</script><script>", "&#60;"])
def test_no_text_of_the_venue_is_markup_in_a_picture(hostile: str) -> None:
    """Plotly reads some tags in names, texts and titles."""
    fill = attrs.evolve(DATA.fills[0], executed_quantity=hostile)
    order = attrs.evolve(DATA.orders[0], side=hostile, quantity=hostile)
    made = str(chart_figure(attrs.evolve(DATA, symbol=hostile, fills=[fill], orders=[order]), Overlays()))

    assert hostile not in made
    assert "<" not in made


@pytest.mark.parametrize(
    ("changes", "price"),
    [
        ({}, 180),
        ({"callback_rate": None, "callback_value": D(5)}, 195),
        ({"side": OrderSide.BUY}, 220),
        ({"trigger_price": D(190)}, 190),
        ({"extreme_price": None}, None),
        ({"callback_rate": None}, None),
    ],
)
def test_a_trailing_stop_fires_its_distance_behind_the_extreme(
    changes: dict[str, Any], price: float | None
) -> None:
    """By fraction or by price; what the venue says itself comes first."""
    assert trailing_trigger(attrs.evolve(TRAILING, **changes)) == price
