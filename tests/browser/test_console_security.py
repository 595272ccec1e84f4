"""Whom the console could harm: its token, its requests, its policy, and pages of strangers beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from orderly_sync.venue.server.app import App
from orderly_sync.venue.server.serve import Venue
from tests.browser.kit import Browser

ETH = "PERP_ETH_USDC"


class Asked(NamedTuple):
    """A request as the server read it."""

    target: str
    headers: dict[str, str]


@pytest.fixture(scope="module")
def access_log() -> Iterator[list[Asked]]:
    """Every request that a venue of this file reads."""
    asked: list[Asked] = []
    answer = App._answer

    async def noted(self: App, request: web.BaseRequest) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked.append(Asked(request.raw_path, headers))
        return await answer(self, request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(App, "_answer", noted)
        yield asked


@pytest.fixture(scope="module")
def venue(access_log) -> Iterator[Venue]:
    with Venue(seed=2, market="frozen", console=True) as running:
        yield running


def tour(page: Browser) -> None:
    """A bit of everything that the page can do, and a reload."""
    page.shows("#link", "live")
    Select(page.find("#symbol")).select_by_visible_text("ETH")
    page.write("#mark-input", "3390", Keys.ENTER)
    page.until(lambda: page.text("#mark") == "3390")
    page.find("[data-kind='delay']").click()
    page.find("#fault-add").click()
    page.shows("#in-force li", "delay")
    page.find("#announcement").send_keys("on tour", Keys.ENTER)
    page.shows("#announcements li", "on tour")
    page.find("#ledger summary") if page.texts("#ledger summary") else None
    page.find("#clear-faults").click()
    page.shows("#in-force", "none")
    page.driver.refresh()
    page.shows("#link", "live")


def test_the_token_is_in_no_address(browser, venue, access_log):
    """Neither asked for, nor in the address bar, nor behind Back; no request names where it came from."""
    access_log.clear()
    browser.open(venue.console)
    tour(browser)

    assert urlsplit(browser.driver.current_url)[2:] == ("/console", "", "")
    assert access_log
    assert [one.target for one in access_log if venue.token in one.target] == []
    assert [one.target for one in access_log if "referer" in one.headers] == []
    assert {name for one in access_log for name, value in one.headers.items() if venue.token in value} == {
        "x-venue-token"
    }
    assert [url for url in browser.history() if venue.token in url] == []
    assert [one["url"] for one in browser.requests() if venue.token in one["url"]] == []
    assert browser.value("[localStorage.length, document.cookie, name].join()") == "0,,"
    assert venue.token not in browser.value("document.documentElement.outerHTML")


def test_nothing_is_asked_but_the_venue_and_the_policy_is_kept(browser, venue):
    """In all that the page does."""
    browser.open(venue.console)
    tour(browser)
    sent = browser.requests()

    assert len(sent) > 8
    assert [one["url"] for one in sent if not one["url"].startswith(venue.urls["rest"] + "/")] == []
    assert browser.log() == []


STEPS = {
    "a request to another port": "fetch('http://127.0.0.1:1/').catch(() => 0)",
    "an inline script": "document.body.append(Object.assign(document.createElement('script'), {text: 'x'}))",
    "an inline style": "document.body.append(Object.assign(document.createElement('style'), {textContent: 'p{}'}))",
    "an image of a stranger": "document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:1/x.png'}))",
    "markup of text": "document.body.innerHTML = '<b>text</b>'",
    "a form": "(() => { const form = document.createElement('form'); document.body.append(form); form.submit(); })()",
}


@pytest.mark.parametrize("step", STEPS)
def test_the_policy_would_be_told(browser, venue, step):
    """What it forbids does not happen and stands in the log, so that an empty log says something."""
    browser.open(venue.console)
    browser.shows("#link", "live")
    browser.driver.execute_script(f"try {{ {STEPS[step]} }} catch (error) {{ console.error(error.message) }}")

    browser.until(
        lambda: [line for line in browser.log() if "Content Security Policy" in line or "Trusted" in line]
    )
    assert browser.driver.current_url == venue.urls["rest"] + "/console"
    assert browser.all("body > b") == []


def test_a_strangers_page_may_not_frame_it(browser, venue, tmp_path):
    """The frame stays empty."""
    path = tmp_path / "stranger.html"
    path.write_text(f"<iframe src='{venue.console}'></iframe>", encoding="utf-8")
    browser.open_file(path)

    browser.until(lambda: [line for line in browser.log() if "frame" in line and "'none'" in line])
    browser.driver.switch_to.frame(0)
    assert browser.all("#console") == []
    browser.driver.switch_to.default_content()


def test_a_strangers_page_may_not_speak_to_the_venue(browser, venue, tmp_path):
    """Not even blindly, and not with the token: nothing moves."""
    venue.set_mark_price(ETH, 3400)
    body = '{"symbol": "PERP_ETH_USDC", "price": 1000}'
    ask = "fetch(place, {method: 'POST', mode, headers, body}).then((answer) => answer.type, () => 'refused')"
    script = f"""
        const place = '{venue.urls["control"]}/mark-price', body = '{body}', told = [];
        (async () => {{
            for (const [mode, headers] of [['cors', {{'x-venue-token': '{venue.token}'}}], ['no-cors', {{}}]]) told.push(await {ask});
            document.title = told.join();
        }})()"""
    path = tmp_path / "stranger.html"
    path.write_text(f"<script>{script}</script>", encoding="utf-8")
    browser.open_file(path)

    browser.until(lambda: browser.driver.title == "refused,opaque")
    assert venue._call(lambda: venue._core.exchange.mark(ETH)) == 3400


def test_without_a_token_it_asks_for_one(browser, venue):
    """A wrong one is told so; the right one opens the page, and this tab keeps it, no other."""
    page = venue.urls["rest"] + "/console"
    browser.open(page)
    browser.shows("#login", "Control token")
    assert not browser.find("#console").is_displayed()
    for wrong in ("x" * 64, "not a token", "\u00fc"):
        browser.find("#token").send_keys(wrong, Keys.ENTER)
        browser.shows("#login-error", "token")
        assert browser.find("#token").get_attribute("value") == ""
    browser.find("#token").send_keys(venue.token, Keys.ENTER)
    browser.shows("#link", "live")
    browser.driver.refresh()
    browser.shows("#link", "live")
    browser.open(page)
    browser.shows("#login", "Control token")


def test_a_wrong_token_in_the_address_is_no_way_in(browser, venue):
    """Nor is markup there."""
    for fragment in ("#token=wrong", "#token=<img src=x onerror=alert(1)>", "#token="):
        browser.open(f"{venue.urls['rest']}/console{fragment}")
        browser.shows("#login", "Control token")
        assert browser.driver.current_url == f"{venue.urls['rest']}/console"
        assert [line for line in browser.log() if "401" not in line] == []


def test_a_venue_that_begins_anew_asks_anew(browser):
    """On the same port with another token: the page that was left open says so, and shows nothing of the old one."""
    with Venue(seed=2, market="frozen", console=True) as first:
        browser.open(first.console)
        browser.shows("#link", "live")
        first.announce("words of the first")
        browser.shows("#announcements li", "words of the first")
        port = urlsplit(first.urls["rest"]).port or 0
    browser.shows("#link", "no answer")
    with Venue(seed=2, market="frozen", console=True, port=port) as second:
        browser.shows("#login-error", "does not know this token")
        browser.find("#token").send_keys(second.token, Keys.ENTER)
        browser.shows("#link", "live")
        second.announce("words of the second")
        assert "first" not in browser.shows("#announcements", "words of the second")
