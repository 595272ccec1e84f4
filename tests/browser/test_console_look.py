"""How the console looks: whole on a laptop, readable in light and dark, usable without a mouse, and its picture."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from orderly_sync import (
    Bracket,
    Credentials,
    Limit,
    Market,
    Orderly,
    PositionalTpSl,
    Stop,
    TpSl,
    TrailingStop,
    connect,
)
from tests.browser.kit import Browser

ETH = "PERP_ETH_USDC"
PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "console.png"
WAY = (3, 6, 4, 9, 13, 10, 7, 12, 15, 18, 14, 19, 23, 20, 16, 12, 15, 11, 8, 12, 9, 6, 10, 13)

FAINT = """
    const luminance = (colour) => {
        const parts = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => {
            const share = part / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    };
    const behind = (one) => {
        for (let at = one; at; at = at.parentElement) {
            const colour = getComputedStyle(at).backgroundColor;
            if (!/, 0\\)$|transparent/.test(colour) && !/, 0\\.\\d+\\)$/.test(colour)) return colour;
        }
        return 'rgb(255, 255, 255)';
    };
    return [...document.querySelectorAll('body *')].filter((one) => one.checkVisibility() && !one.closest('svg, .skip')
        && [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())).map((one) => {
        const [a, b] = [luminance(getComputedStyle(one).color), luminance(behind(one))];
        return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), `${one.tagName} ${one.className} ${one.textContent.slice(0, 30)}`];
    }).filter(([ratio]) => ratio < 4.5).map(([ratio, what]) => `${ratio.toFixed(2)} ${what}`)
"""


@pytest.fixture(scope="module")
def ex() -> Iterator[Orderly]:
    """Two accounts at work: positions, orders, an algo order of each kind, one of them fired, a fault in force."""
    with connect("paper", seed=1, market="frozen", console=True) as client:
        client.paper.set_mark_price(ETH, 3400)
        line = json.loads(client.paper.line)
        with connect(line, credentials=Credentials(**line["accounts"][1])) as other:
            client.place(Market.buy(ETH, quantity=2)).wait("filled", 10)
            other.place(Market.sell(ETH, quantity="1.5")).wait("filled", 10)
            other.place(PositionalTpSl.buy(ETH, take_profit=3345, stop_loss=3470))
            client.place(TrailingStop.sell(ETH, quantity="0.2", callback_value=42))
            client.place(Bracket.buy(ETH, quantity="0.4", price=3369, take_profit=3450, stop_loss=3330))
            client.place(TpSl.sell(ETH, quantity="0.5", take_profit=3460, stop_loss=3320))
            client.place(Stop.sell(ETH, quantity="0.3", trigger=3378, client_order_id="guard"))
            client.place(Limit.sell(ETH, quantity="0.4", price=3438, client_order_id="grid-7"))
            client.place(Limit.buy(ETH, quantity="0.5", price=3361, client_order_id="grid-3"))
            fired = client.place(Stop.buy(ETH, quantity="0.25", trigger=3410, client_order_id="breakout"))
            client.paper.set_mark_price(ETH, 3411)
            fired.wait("filled", 10)
            client.paper.faults.drop("executionreport", probability=0.1, seed=7)
            client.paper.announce("Funding is paid every eight hours.")
            yield client


@pytest.fixture(scope="module", params=["light", "dark"])
def page(request, browser, ex) -> Browser:
    """The console as it is then, the price having walked for a while."""
    browser.open(ex.paper.console, scheme=request.param)
    browser.shows("#link", "live")
    for step in WAY:
        ex.paper.set_mark_price(ETH, 3395 + step)
        browser.until(lambda step=step: browser.text("#mark") == str(3395 + step))
    return browser


def test_every_word_is_readable(page):
    """Its contrast to what is behind it is 4.5 to 1 at least, in light and dark."""
    assert page.value(f"(() => {{ {FAINT} }})()") == []


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 720), (1920, 1080)])
def test_it_is_whole_on_a_laptop(page, width, height):
    """Every part is on the screen at once, with room for its rows, and nothing sticks out."""
    page.resize(width, height)
    assert page.value("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        width,
        height,
    ]
    boxes = page.value("""[...document.querySelectorAll('#console > .panel')].map((one) => {
        const box = one.getBoundingClientRect(); return [box.left, box.top, box.right, box.bottom]; })""")
    assert len(boxes) == 6
    for left, top, right, bottom in boxes:
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
        assert bottom - top >= 110
    page.resize(1440, 900)


def test_it_stands_below_each_other_on_a_narrow_screen(page):
    """Scrolled down, never sideways."""
    page.resize(820, 1000)
    assert page.value("document.documentElement.scrollWidth") == 820
    assert page.value("document.documentElement.scrollHeight") > 1000
    page.resize(1440, 900)


def test_everything_is_reached_by_the_tab_key(page):
    """Each control has the focus once, and shows that it has."""
    page.driver.execute_script("document.activeElement.blur()")
    seen: list[str] = []
    for _ in range(150):
        page.driver.switch_to.active_element.send_keys(Keys.TAB)
        name, outline = (
            page.value("""(() => { const one = document.activeElement, style = getComputedStyle(one);
            return [one.id || one.dataset.kind || one.dataset.advance || one.tagName, style.outlineStyle]; })()""")
        )
        if name == "BODY" or (seen and name == seen[0] == "symbol"):
            break
        assert outline not in {"none", ""}, name
        seen.append(name)
    wanted = {
        "symbol",
        "mark-input",
        "mark-handle",
        "drop-connections",
        "clear-faults",
        "lose_answer",
        "3600000",
    }
    wanted |= {"maintenance", "announcement", "ledger-account", "ledger-topic", "account-rows", "SUMMARY"}

    assert wanted - set(seen) == set()


def test_controls_have_names_and_the_price_is_a_slider(page):
    """For those who hear the page."""
    unnamed = page.value("""[...document.querySelectorAll('button, input, select, [role=slider]')]
        .filter((one) => one.checkVisibility())
        .filter((one) => !(one.textContent.trim() || one.ariaLabel || (one.labels && one.labels.length)))
        .map((one) => one.outerHTML)""")
    slider = page.find("#mark-handle")

    assert unnamed == []
    low, now, high = (float(slider.get_attribute(f"aria-value{name}")) for name in ("min", "now", "max"))
    assert low < now < high


def test_the_picture_shows_what_is_there(page, ex):
    """Every level by its name, the order that fired, both accounts; the file is made anew when PICTURES is set."""
    chart = page.text("#lines")
    for level in (
        "trailing stop sell 0.2",
        "take profit sell",
        "stop sell 0.3",
        "buy 0.5",
        "sell 0.4",
        "entry",
    ):
        assert level in chart, level
    page.shows("#account-rows tr", "stop", "filled", "fired", "breakout")
    assert len(page.texts("#account-rows [data-account]")) == 2
    page.shows("#in-force li", "drop", "0.1")
    page.shows("#ledger li", "STOP", "FILLED", "breakout")
    assert page.log() == []
    scheme = page.value("matchMedia('(prefers-color-scheme: dark)').matches")
    if os.environ.get("PICTURES") and not scheme:
        page.driver.execute_script("""document.activeElement.blur();
            for (const one of document.querySelectorAll('.ledger .scroll, .accounts .scroll, .faults .scroll')) one.scrollTop = 0;""")
        page.picture(PICTURE)
    assert PICTURE.read_bytes().startswith(b"\x89PNG")
