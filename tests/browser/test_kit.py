"""The kit by itself: it shows files, tells what a page asked for and complained of, and reaches nobody else."""

from __future__ import annotations

import pytest


@pytest.fixture
def page(tmp_path):
    def write(text: str):
        path = tmp_path / "saved page.html"
        path.write_text(f"<!doctype html><meta charset=utf-8><title>saved</title>{text}", encoding="utf-8")
        return path

    return write


def test_a_file_is_shown_with_what_its_scripts_make_of_it(browser, page):
    """As a saved notebook is: scripts inside, no server."""
    browser.open_file(
        page("<p id=a>before</p><script>document.getElementById('a').textContent = 'after'</script>")
    )

    assert browser.shows("#a", "after") == "after"
    assert [request["url"].partition(":")[0] for request in browser.requests()] == ["file"]


def test_a_file_that_asks_others_is_found_out_and_gets_nothing(browser, page):
    """The request is listed, and no name leads anywhere."""
    browser.open_file(
        page("<img id=i src='https://pictures.example/x.png' onerror='document.title=\"lost\"'>")
    )
    browser.until(lambda: browser.driver.title == "lost")

    assert "https://pictures.example/x.png" in [request["url"] for request in browser.requests()]
    assert any("pictures.example" in line for line in browser.log())


def test_each_page_begins_anew(browser, page):
    """No storage of the tab, no log, no requests, no history of the one before."""
    browser.open_file(page("<script>sessionStorage.setItem('x', 1); console.error('one')</script>"))
    browser.until(browser.log)
    browser.open_file(page("<p>two</p>"))

    assert browser.log() == []
    assert len(browser.requests()) == 1
    assert browser.value("sessionStorage.getItem('x')") is None
    assert set(browser.history()) == {"about:blank", browser.driver.current_url}


@pytest.mark.parametrize(("scheme", "colour"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(0, 0, 0)")])
def test_light_and_dark_are_told_apart(browser, page, scheme, colour):
    """Whoever makes pictures says which."""
    style = "<style>body{background:#fff}@media(prefers-color-scheme:dark){body{background:#000}}</style>"
    browser.open_file(page(style), scheme=scheme, width=700, height=500)

    assert browser.value("getComputedStyle(document.body).backgroundColor") == colour
    assert browser.value("[innerWidth, innerHeight]") == [700, 500]
