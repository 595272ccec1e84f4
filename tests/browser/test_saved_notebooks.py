"""A notebook that was run and saved, opened again in a real browser without a network: the chart and the live table."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.kit import Browser

pytest.importorskip("nbconvert", reason="nbconvert is missing: pip install 'orderly_sync[browser]'")
from tests.browser.saved import run_and_save, to_page

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SYMBOL = "PERP_ETH_USDC"
CELLS = [
    """
from orderly_sync import Limit, Market, PositionalTpSl, Stop, TpSl, TrailingStop, connect, topics

ex = connect("paper", seed=7, market="frozen", rate_limits=False)
isolated = {"margin_mode": "ISOLATED"}
ex.rest.config.set_leverage(symbol="PERP_ETH_USDC", leverage=20, **isolated)
bought = ex.place(Market.buy("ETH", quantity="2", **isolated)).wait("filled", timeout=30)
ex.paper.advance(2 * 3_600_000)
sold = ex.place(Market.sell("ETH", quantity="0.5", **isolated)).wait("filled", timeout=30)
ex.paper.advance(3_600_000)
orders = [
    Limit.buy("ETH", quantity="0.2", price=3360, **isolated),
    Stop.sell("ETH", quantity="0.3", trigger=3340, **isolated),
    TpSl.sell("ETH", quantity="0.4", take_profit=3460, stop_loss=3320, **isolated),
    PositionalTpSl.sell("ETH", take_profit=3480, stop_loss=3300, **isolated),
    TrailingStop.sell("ETH", quantity="0.1", callback_value=50, **isolated),
    TrailingStop.sell("ETH", quantity="0.1", callback_value=20, activation=3415, **isolated),
]
handles = [ex.place(order) for order in orders]
print(ex.positions["ETH:ISOLATED"].est_liq_price)
""",
    'ex.plot("ETH", "15m", days=1)',
    'table = ex.watch("ETH")',
    """
trades = ex.stream(topics.trade("ETH"))
more = ex.place(Market.buy("ETH", quantity="0.1", **isolated)).wait("filled", timeout=30)
trade = trades.get(timeout=30)  # the table has heard it, too
order = ex.place(Limit.buy("ETH", quantity="0.25", price=3390, **isolated))
order.cancel(wait=30)
print(order.status)
""",
    "ex.stop()",
]
LEVELS = {
    "position ISOLATED 1.5": 3401,
    "BUY 0.2": 3360,
    "stop SELL 0.3": 3340,
    "TP SELL 0.4": 3460,
    "SL SELL 0.4": 3320,
    "position TP SELL": 3480,
    "position SL SELL": 3300,
    "trailing activation": 3415,
    "trailing extreme": 3400,
    "trailing stop SELL 0.1": 3350,
}
"""What the account of the notebook has in its chart, by the prices that its cells name."""
DRAWN = """document.querySelector('.js-plotly-plot').data.map(
    (one) => [one.name, one.type, one.type === 'candlestick' ? Array.from(one.close) : Array.from(one.y)])"""


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The notebook's file, after its kernel has gone."""
    return run_and_save([cell.strip() for cell in CELLS], tmp_path_factory.mktemp("notebook"))


@pytest.fixture(scope="module")
def told(saved: Path) -> list[str]:
    """What the cells printed, by cell."""
    cells = json.loads(saved.read_text(encoding="utf-8"))["cells"]
    return ["".join("".join(one.get("text", "")) for one in cell["outputs"]) for cell in cells]


@pytest.fixture(scope="module")
def html(saved: Path) -> Path:
    """The same file, opened again."""
    return to_page(saved)


@pytest.fixture
def page(browser: Browser, html: Path) -> Iterator[Browser]:
    """The page, which asked nobody and complained of nothing."""
    browser.open_file(html, width=1000, height=1000)
    browser.find(".js-plotly-plot .cartesianlayer .trace.boxes")
    yield browser
    assert {request["url"].partition(":")[0] for request in browser.requests()} <= {"file", "data", "blob"}
    assert browser.log() == []


def kept(page: Browser, name: str, selector: str) -> None:
    """The picture stands in the docs; it is made anew when PICTURES is set, and only then."""
    if os.environ.get("PICTURES"):
        page.picture(PICTURES / name, selector)
    assert (PICTURES / name).read_bytes().startswith(b"\x89PNG")


def test_the_chart_of_a_saved_notebook_is_drawn_when_it_is_opened_again(
    page: Browser, told: list[str]
) -> None:
    """Candles, own fills, entry, liquidation, pending orders and every kind of trigger: the eight toggles of ``plot``."""
    drawn: dict[str, tuple[str, list[Any]]] = {
        name: (kind, values) for name, kind, values in page.value(DRAWN)
    }
    liquidation = float(told[0])

    assert drawn.pop("price")[0] == "candlestick"
    assert drawn.pop("bought") == ("scatter", [3401])
    assert drawn.pop("sold") == ("scatter", [3399])
    assert drawn.pop("liquidation ISOLATED") == ("scatter", [liquidation] * 2)
    assert drawn == {name: ("scatter", [price] * 2) for name, price in LEVELS.items()}
    kept(page, "plot.png", ".jp-Cell:has(.js-plotly-plot)")


def test_what_the_chart_holds_is_seen(page: Browser) -> None:
    """The names and prices of all lines, as many candles as the title says, a mark for each fill."""
    words = page.shows(".js-plotly-plot", f"{SYMBOL} 15m, 96 candles")
    assert [name for name, price in LEVELS.items() if f"{name} {price}" not in words] == []
    assert len(page.all(".js-plotly-plot .trace.boxes path.box")) == 96
    assert len(page.all(".js-plotly-plot .scatterlayer .points path.point")) == 2


def cells(page: Browser, caption: str) -> list[list[str]]:
    """The rows of the live table's part of that name."""
    script = """[...document.querySelectorAll('table.orderly')]
        .filter((one) => one.caption.textContent.startsWith(arguments[0]))
        .flatMap((one) => [...one.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim())))"""
    return list(page.value(script, caption))


def test_the_live_table_of_a_saved_notebook_shows_its_last_state(page: Browser, told: list[str]) -> None:
    """Book, trades, own orders, algo trees and last reports, as they stood when the client was stopped."""
    asks = [row for row in cells(page, f"{SYMBOL} book") if row[0] == "ask"]
    trades, orders = cells(page, "trades"), cells(page, "orders")

    assert told[3] == "CANCELLED\n"
    assert ["note", "this table has ended"] in cells(page, f"{SYMBOL} live")
    assert [ask[1] for ask in asks] == ["3405", "3404", "3403", "3402", "3401"]
    assert [trade[1:] for trade in trades] == [["BUY", "0.1", "3401"]]
    assert [order[2:7] for order in orders] == [["LIMIT", "BUY", "0.2", "3360", "NEW"]]
    assert [row[0] for row in cells(page, "algo orders")] == [
        "STOP", "TP_SL", "TAKE_PROFIT", "STOP_LOSS", "POSITIONAL_TP_SL", "TAKE_PROFIT", "STOP_LOSS",
        "TRAILING_STOP", "TRAILING_STOP",
    ]  # fmt: skip
    assert [row[3] for row in cells(page, "last reports")] == ["CANCELLED", "NEW", "FILLED", "NEW"]
    kept(page, "watch.png", ".jp-Cell:has(caption)")
