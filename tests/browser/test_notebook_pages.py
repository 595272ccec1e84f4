"""Saved notebooks in a real browser: the chart draws itself without a network, the live table shows what is so."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from orderly_sync import Bracket, Limit, Market, Stop, connect
from orderly_sync.notebook.figures import figure, marks
from orderly_sync.notebook.live_view import LiveView, Moment
from orderly_sync.notebook.offline import offline

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
HOSTILE = "<img src=x onerror=document.title='lost'>"


@pytest.fixture(scope="module")
def ex():
    """An account with a position, a fill, and an order of each kind."""
    with connect("paper", seed=7, market="frozen", rate_limits=False) as client:
        client.place(Market.buy("ETH", quantity="0.5")).wait("filled")
        mark = round(client.rest.market.futures_info("PERP_ETH_USDC").mark_price)
        client.place(Limit.buy("ETH", quantity="0.2", price=mark - 40))
        client.place(Stop.sell("ETH", quantity="0.5", trigger=mark - 60))
        legs = {"take_profit": mark + 60, "stop_loss": mark - 80}
        client.place(Bracket.buy("ETH", quantity="0.3", price=mark - 20, **legs))
        yield client


@pytest.fixture
def opened(browser, tmp_path):
    """Shows what a notebook that was saved and opened again has of one output."""

    def show(html: str, **how: int):
        path = tmp_path / "saved.html"
        style = "body { font: 13px sans-serif } td, th { padding: 1px 6px } table { margin: 4px }"
        head = f"<!doctype html><meta charset=utf-8><title>saved</title><style>{style}</style>"
        path.write_text(f"{head}<body>{html}", encoding="utf-8")
        browser.open_file(path, **how)
        return browser

    return show


def kept(browser, name: str) -> None:
    """The picture stands in the docs; it is made anew when PICTURES is set."""
    if os.environ.get("PICTURES"):
        browser.picture(PICTURES / name)
    assert (PICTURES / name).read_bytes().startswith(b"\x89PNG")


def test_a_saved_chart_draws_itself_and_asks_nobody(ex, opened):
    """Candles, the fill, the position and each order by its name; its file is all that is read."""
    chart = ex.plot("ETH", "15m", days=1)
    page = opened(chart._repr_mimebundle_()["text/html"], width=1000, height=560)
    page.find(".js-plotly-plot .cartesianlayer .trace.boxes")
    lines = page.shows(".js-plotly-plot", "PERP_ETH_USDC 15m")

    for told in (
        "position CROSS 0.5 3401",
        "BUY 0.2 3360",
        "stop SELL 0.5 3340",
        "TP SELL",
        "SL SELL",
        "bought",
    ):
        assert told in lines
    assert len(page.all(".js-plotly-plot .scatterlayer .trace")) == len(chart.data) - 1
    assert {request["url"].partition(":")[0] for request in page.requests()} <= {"file", "data", "blob"}
    assert page.log() == []
    kept(page, "chart.png")


def test_a_chart_of_hostile_names_is_text(opened):
    """What stands in a title or a name is neither run nor loaded."""
    page = opened(offline(figure(HOSTILE, [marks(HOSTILE, [(1000, 1.0, HOSTILE)], "#000")]))._repr_html_())
    page.shows(".js-plotly-plot .gtitle", HOSTILE)

    assert page.all("img") == []
    assert page.driver.title == "saved"


def test_the_live_table_shows_what_is_so(ex, opened):
    """Book, orders and algo trees; text of the venue's is text."""
    view = LiveView("PERP_ETH_USDC")
    for handle in (ex.handle(number) for number in ex.orders):
        view.report(handle.last)
    book = ex.book("ETH")
    moment = Moment(
        status=ex.status,
        book=book,
        orders=list(ex.orders.values()),
        trees=list(ex.algo_orders.values()),
    )
    page = opened(view.html(moment), width=1100, height=560)

    captions = page.texts("caption")
    assert captions[:2] == [
        "PERP_ETH_USDC live",
        f"PERP_ETH_USDC book: {len(book.bids)} bids, {len(book.asks)} asks",
    ]
    for told in ("3360", "STOP", "BRACKET", "TAKE_PROFIT", "NEW"):
        page.shows("td", told)
    assert page.log() == []
    kept(page, "live-table.png")


def test_the_live_table_runs_nothing_that_the_venue_wrote(opened):
    """Symbols and notes."""
    page = opened(LiveView(HOSTILE).html(Moment(status="ready", book=None, note=HOSTILE)))

    page.shows("td", HOSTILE)
    assert page.all("img") == []
    assert page.driver.title == "saved"
