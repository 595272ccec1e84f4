"""What a notebook shows, in a real browser: words of strangers stay text."""

from __future__ import annotations

import pytest

from orderly_sync.notebook.figures import figure, marks
from orderly_sync.notebook.live_view import LiveView, Moment
from orderly_sync.notebook.offline import offline

HOSTILE = "<img src=x onerror=document.title='lost'>"


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


def test_a_chart_of_hostile_names_is_text(opened):
    """What stands in a title or a name is neither run nor loaded."""
    page = opened(offline(figure(HOSTILE, [marks(HOSTILE, [(1000, 1.0, HOSTILE)], "#000")]))._repr_html_())
    page.shows(".js-plotly-plot .gtitle", HOSTILE)

    assert page.all("img") == []
    assert page.driver.title == "saved"


def test_the_live_table_runs_nothing_that_the_venue_wrote(opened):
    """Symbols and notes."""
    page = opened(LiveView(HOSTILE).html(Moment(status="ready", book=None, note=HOSTILE)))

    page.shows("td", HOSTILE)
    assert page.all("img") == []
    assert page.driver.title == "saved"
