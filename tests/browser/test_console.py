"""The venue's console in a real browser: what a person sees and moves there is what the venue holds and does."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from orderly_sync import (
    AlgoExecutionReport,
    Credentials,
    Disconnected,
    Limit,
    Market,
    Orderly,
    Resynced,
    Stop,
    connect,
    topics,
)
from tests.browser.kit import Browser

ETH = "PERP_ETH_USDC"
HOSTILE = "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>&lt;b&gt;"


@pytest.fixture(scope="module")
def ex() -> Iterator[Orderly]:
    """A client of a venue with a console."""
    with connect("paper", seed=11, market="frozen", console=True) as client:
        client.paper.set_mark_price(ETH, 3400)
        client.place(Market.buy(ETH, quantity=5)).wait("filled", 10)
        yield client


@pytest.fixture(scope="module")
def other(ex) -> Iterator[Orderly]:
    """A client of its second account."""
    line = json.loads(ex.paper.line)
    with connect(line, credentials=Credentials(**line["accounts"][1])) as client:
        yield client


@pytest.fixture
def page(browser, ex) -> Iterator[Browser]:
    """Its console, on ETH, at a mark price of 3400."""
    ex.paper.set_mark_price(ETH, 3400)
    browser.open(ex.paper.console)
    browser.shows("#link", "live")
    Select(browser.find("#symbol")).select_by_visible_text("ETH")
    browser.until(lambda: browser.text("#mark-tag").startswith("3400"))
    browser.find("#account-rows [data-account]")  # the chart may be drawn before the page is told of accounts
    yield browser
    ex.paper.faults.clear()


def rows(page: Browser, client: Orderly, table: str) -> list[str]:
    account = client.rest.credentials.account_id
    return page.texts(f"[data-account='{account}'] table[aria-label='{table}'] tbody tr")


def guard(ex: Orderly, trigger: int, **more: object):
    return ex.place(Stop.sell(ETH, quantity="0.1", trigger=trigger, **more))


def test_an_order_stands_in_the_rows_of_its_account(page, ex, other):
    """As soon as it is placed, in no other account's; cancelled there when it is cancelled."""
    mine = ex.place(Limit.buy(ETH, quantity="0.25", price=3333, client_order_id="shown-at-once"))
    row = page.until(lambda: next((row for row in rows(page, ex, "Orders") if "shown-at-once" in row), None))

    assert [word in row for word in ("ETH", "buy limit", "3333", "0.25", "new", str(mine.order_id))] == [
        True
    ] * 6
    assert not [row for row in rows(page, other, "Orders") if "shown-at-once" in row]
    mine.cancel()
    page.until(
        lambda: [row for row in rows(page, ex, "Orders") if "shown-at-once" in row and "cancelled" in row]
    )


def test_one_account_or_all_are_shown(page, ex, other):
    """By tabs, with the mouse or the arrow keys."""
    theirs = other.place(Limit.sell(ETH, quantity="0.5", price=3456, client_order_id="theirs"))
    page.until(lambda: [row for row in rows(page, other, "Orders") if "theirs" in row])
    page.find("#tabs button[aria-selected=true]").send_keys(Keys.ARROW_RIGHT)

    assert page.until(lambda: page.texts("#tabs [aria-selected=true]")) == ["Account 1"]
    assert not rows(page, other, "Orders")
    page.driver.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    page.until(lambda: [row for row in rows(page, other, "Orders") if "theirs" in row])
    assert not rows(page, ex, "Positions")
    theirs.cancel()


def drag(page: Browser) -> None:
    hand = ActionChains(page.driver, duration=10).click_and_hold(page.find("#mark-handle"))
    for _ in range(12):
        hand = hand.move_by_offset(0, 8)
    hand.release().perform()


def press(page: Browser) -> None:
    page.find("#mark-handle").send_keys(*[Keys.ARROW_DOWN] * 4, Keys.PAGE_DOWN)


def write(page: Browser) -> None:
    page.write("#mark-input", "3350", Keys.ENTER)


@pytest.mark.parametrize("move", [drag, press, write])
def test_the_mark_price_is_moved_through_a_trigger(page, ex, move):
    """With the mouse, the keys or a number: the stop fires, its report is heard, and the page shows it."""
    heard: list[AlgoExecutionReport] = []
    hook = ex.on(topics.algo_execution_report(), heard.append)
    stop = guard(ex, 3380)
    node = f"[data-algo='{stop.order_id}']"
    page.shows(node, "stop", "3380", "new")
    page.shows("#lines", "stop sell 0.1", "3380")
    move(page)

    stop.wait("filled", 10)
    assert ex.rest.market.futures_info(ETH).mark_price < 3380
    page.until(lambda: [one for one in heard if one.algo_order_id == stop.order_id and one.is_triggered])
    page.shows(node, "filled", "fired")
    page.shows("#ledger li[data-topic='algoexecutionreportv2']", "FILLED", "STOP 0.1", "trigger 3380 fired")
    assert "3380" not in page.text("#lines")
    hook.remove()


def test_a_price_that_is_none_is_refused_in_words(page, ex):
    """Nothing moves."""
    for text in ("dear", "-1", "0", ""):
        page.write("#mark-input", text, Keys.ENTER)
        page.shows("#notice.bad", "price")
    assert ex.rest.market.futures_info(ETH).mark_price == 3400


def test_connections_are_dropped_and_the_client_recovers(page, ex):
    """By a button; the page itself goes on."""
    heard: list[object] = []
    hooks = [ex.on(Disconnected, heard.append), ex.on(Resynced, heard.append)]
    page.find("#drop-connections").click()
    page.shows("#notice", "Connections dropped:")

    page.until(lambda: any(isinstance(event, Disconnected) for event in heard))
    page.until(lambda: any(isinstance(event, Resynced) for event in heard))
    assert ex.place(Market.sell(ETH, quantity="0.1")).wait("filled", 10)
    assert page.text("#link") == "live"
    for hook in hooks:
        hook.remove()


def test_a_fault_is_put_in_force_strikes_and_is_ended(page, ex):
    """A report is lost to the client; the page, which shows what the venue did, has it."""
    page.find("[data-kind='drop']").click()
    page.find("#fault-add").click()
    page.shows("#in-force li", "drop", "executionreport", "struck 0")
    assert [fault.kind for fault in ex.paper.faults.list()] == ["drop"]

    order = ex.place(Limit.buy(ETH, quantity="0.1", price=3322, client_order_id="lost-report"))
    page.shows("#in-force li", "struck 1")
    page.shows("#ledger li[data-topic='executionreport']", "NEW", "lost-report")
    page.find("#in-force button").click()
    page.shows("#in-force", "none")
    assert ex.paper.faults.list() == ()
    order.cancel()


def test_every_kind_of_fault_can_be_put_in_force(page, ex):
    """With what the page proposes for it."""
    kinds = page.value("[...document.querySelectorAll('#kinds button')].map((one) => one.dataset.kind)")
    for number, kind in enumerate(kinds, 1):
        page.find(f"[data-kind='{kind}']").click()
        page.find("#fault-add").click()
        page.until(lambda number=number: len(page.texts("#in-force li[data-fault]")) == number)

    assert [fault.kind for fault in ex.paper.faults.list()] == kinds
    assert len(kinds) == 12
    page.find("#clear-faults").click()
    page.shows("#in-force", "none")


def test_strangers_words_stay_text(page, ex):
    """In a report, an announcement, a fault: markup is shown as it was written, and nothing of it runs."""
    account = ex.rest.credentials.account_id
    told = {
        "symbol": ETH,
        "clientOrderId": HOSTILE,
        "status": HOSTILE,
        "side": "BUY",
        "type": "LIMIT",
        "quantity": 1,
    }
    ex.paper.tell("executionreport", told, account)
    ex.paper.announce(HOSTILE)
    ex.paper.faults.answer("/v1/orders", status=500, body=HOSTILE)
    page.shows("#ledger li", HOSTILE)
    page.shows("#announcements li", HOSTILE)
    page.shows("#in-force li", HOSTILE)
    page.find(f"#ledger li[data-account='{account}'][data-topic='executionreport'] summary").send_keys(
        Keys.ENTER
    )
    page.shows("#ledger pre", "onerror")

    assert page.all("img, #console script, #ledger b, iframe, object") == []
    assert "hacked" not in page.driver.title
    assert page.log() == []


STRANGE = [5, "text", [], {}, [None], {"childOrders": 3, "isTriggered": True}, {"childOrders": [None, 7, {"isTriggered": True}]},
           {"isTriggered": True, "algoType": {"x": []}}, {"positions": None}, {"balances": [1]}, {"symbol": None, "status": 1}]  # fmt: skip


def test_whatever_is_pushed_is_shown_and_stops_nothing(page, ex):
    """Of any topic, in any shape: the page shows its text and goes on."""
    account = ex.rest.credentials.account_id
    Select(page.find("#ledger-topic")).select_by_visible_text("all")
    for topic in ("executionreport", "algoexecutionreportv2", "position", "balance"):
        for data in STRANGE:
            ex.paper.tell(topic, data, account)
    ex.paper.tell("settle", {"last": "of them"}, account)

    page.shows("#ledger li", "settle", "of them")
    assert page.text("#link") == "live"
    assert page.log() == []


def fetch_all(page: Browser, items: str) -> None:
    """Have the earlier events shown, too."""
    page.find(items)
    while page.texts("#earlier"):
        before = len(page.all("#ledger li"))
        page.find("#earlier").click()
        page.until(lambda before=before: len(page.all("#ledger li")) > before)


def test_the_ledger_is_newest_first_whoever_it_happened_to(page, ex, other):
    """When the page is opened too, and is told of all accounts at once."""
    for client in (ex, other, ex, other, ex):
        client.place(Limit.buy(ETH, quantity="0.1", price=3311)).cancel(wait=30)
        ex.paper.advance(1000)
    ids = [client.rest.credentials.account_id for client in (other, ex)]
    page.driver.refresh()
    for account in ids:
        page.find(f"#ledger li[data-account='{account}']")
    shown = "[...document.querySelectorAll('#ledger li')].map((one) => [one.dataset.account, one.querySelector('.num').textContent])"
    rows = page.value(shown)

    times = [time for _, time in rows]
    assert times == sorted(times, reverse=True)
    newest = list(dict.fromkeys((account, time[:8]) for account, time in rows if account in ids))
    assert [account for account, _ in newest][:3] == [ids[1], ids[0], ids[1]]


def test_a_long_ledger_is_shown_in_part_and_had_in_full(page, ex, other):
    """The page keeps the newest; the earlier ones come by a button, until there are none."""
    account = other.rest.credentials.account_id
    for number in range(640):
        ex.paper.tell("settle", {"number": number}, account)
    Select(page.find("#ledger-topic")).select_by_visible_text("all")
    items = f"#ledger li[data-account='{account}']"
    last = ex.paper.ledger(account)[-1]["seq"]
    page.until(lambda: page.all(f"{items}[data-seq='{last}']"))
    assert len(page.all("#ledger li")) <= 600
    Select(page.find("#ledger-account")).select_by_visible_text("account 2")
    fetch_all(page, items)

    seqs = page.value(
        "[...document.querySelectorAll(arguments[0])].map((one) => Number(one.dataset.seq))", items
    )
    assert seqs == list(range(last, 0, -1))


def test_time_maintenance_and_words_are_the_venues(page, ex):
    """Buttons of the venue do what the calls of ex.paper do."""
    before = ex.paper.now()
    page.find("[data-advance='3600000']").click()
    page.shows("#notice", "+1 h")
    assert ex.paper.now() - before >= 3_600_000
    page.find("#maintenance").click()
    page.shows("#kind", "maintenance")
    page.find("#maintenance").click()
    page.until(lambda: "maintenance" not in page.text("#kind"))
    page.find("#announcement").send_keys("a quiet word", Keys.ENTER)
    page.shows("#announcements li", "a quiet word")


def test_the_ledger_is_all_there_and_exact(page, ex):
    """Every event of the account by its number, with the digits that were pushed."""
    Select(page.find("#ledger-topic")).select_by_visible_text("all")
    account = ex.rest.credentials.account_id
    ledger = ex.paper.ledger(account)
    items = f"#ledger li[data-account='{account}']"
    fetch_all(page, items)
    seqs = page.value(
        "[...document.querySelectorAll(arguments[0])].map((one) => Number(one.dataset.seq))", items
    )
    assert seqs == [entry["seq"] for entry in reversed(ledger)]

    newest = next(
        entry
        for entry in reversed(ledger)
        if "seq" in str(entry["data"]) and entry["topic"] == "executionreport"
    )
    page.find(f"#ledger li[data-seq='{newest['seq']}'][data-topic='executionreport'] summary").send_keys(
        Keys.ENTER
    )
    page.shows("#ledger pre", f'"seq":{newest["data"]["seq"]}')


def test_another_market_has_its_own_book_and_price(page, ex):
    """Chosen from the list; the mark price that is set is that one's."""
    Select(page.find("#symbol")).select_by_visible_text("BTC")
    mark = str(ex.rest.market.futures_info("BTC").mark_price)
    page.until(lambda: page.text("#mark") == mark)
    best = str(ex.book("BTC").asks[0].price) if hasattr(ex.book("BTC"), "asks") else None
    page.until(lambda: best is None or best in page.text("#asks"))
    page.write("#mark-input", "64100", Keys.ENTER)
    page.until(lambda: ex.rest.market.futures_info("BTC").mark_price == 64100)
    assert ex.rest.market.futures_info(ETH).mark_price == 3400


def test_a_venue_served_apart_tells_where_its_page_is(browser):
    """The command prints the URL beside its line; the client has it too."""
    command = [sys.executable, "-m", "orderly_sync", "venue", "--console", "--market", "frozen"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as venue:
        try:
            line = venue.stdout.readline()
            told = venue.stderr.readline()
            with connect(line) as client:
                assert client.paper.console == json.loads(line)["console"] == told.split()[-1]
                browser.open(client.paper.console)
                browser.shows("#link", "live")
                order = client.place(Limit.buy(ETH, quantity="0.5", price=3390))
                browser.shows(f"[data-order='{order.order_id}']", "3390")
        finally:
            venue.terminate()
            venue.communicate()
    browser.shows("#link", "no answer")
