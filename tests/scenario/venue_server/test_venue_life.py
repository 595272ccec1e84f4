"""Starting and stopping: at once, any number of times, leaving nothing behind."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from contextlib import closing
from pathlib import Path

import pytest

from orderly_sync.errors import UsageError
from orderly_sync.paper.start import start_paper
from orderly_sync.venue.server.serve import Venue
from tests.scenario.venue_server.trader import ETH, Trader


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_it_stops_twice_and_then_says_so():
    """The second time does nothing; control calls name the reason."""
    venue = Venue(market="frozen")
    venue.stop()
    venue.stop()

    with pytest.raises(UsageError, match="stopped"):
        venue.advance(1)


@pytest.mark.parametrize("market", ["frozen", "calm"])
def test_one_that_has_stopped_holds_no_market_and_still_says_what_it_was(market: str) -> None:
    """Whoever keeps it keeps a few kilobytes; its addresses, symbols and figures can be read, all else says that it stopped."""
    with closing(Venue(market=market)) as venue, closing(Trader(venue)) as trader:
        trader.place("BUY", "0.1")
        market_of = weakref.ref(venue._core.exchange)
        venue.stop()
    gc.collect()

    assert market_of() is None
    assert (venue.health()["source"], venue.stale, ETH in venue.symbols) == (None, (), True)
    for ask in (venue.now, venue.drop_connections, lambda: venue.set_mark_price(ETH, 3000)):
        with pytest.raises(UsageError, match="this paper venue has stopped"):
            ask()


def test_many_venues_leave_nothing_behind():
    """No thread, no descriptor, with connections open when they stop."""
    before = threading.active_count()
    counted = None
    for _ in range(12):
        with Venue(market="frozen", rate_limits=False) as venue, closing(Trader(venue)) as trader:
            trader.private("executionreport")
            trader.market("tickers")
            trader.place("BUY", "0.1")
            venue.stop()
        counted = descriptors() if counted is None else counted

    assert threading.active_count() == before
    assert descriptors() <= counted


def test_it_stops_from_any_thread(venue):
    """And while others call it."""
    errors = []

    def use() -> None:
        try:
            while True:
                venue.advance(1)
        except UsageError as exc:
            errors.append(str(exc))

    users = [threading.Thread(target=use) for _ in range(4)]
    for user in users:
        user.start()
    stopper = threading.Thread(target=venue.stop)
    stopper.start()
    for thread in [stopper, *users]:
        thread.join(10)

    assert errors == ["this paper venue has stopped"] * 4


def test_it_does_not_show_its_secrets(venue):
    """Neither the venue nor its accounts."""
    shown = repr(venue) + repr(venue.accounts) + str(venue.accounts[0])

    for account in venue.accounts:
        assert account.orderly_secret.removeprefix("ed25519:") not in shown
        assert account.wallet_key not in shown
    assert venue.token not in shown


def test_accounts_follow_from_the_seed():
    """Other seeds give others, and each account is another."""
    with Venue(seed=1, market="frozen", accounts=3) as one, Venue(seed=2, market="frozen") as two:
        ids = [account.account_id for account in one.accounts + two.accounts]
        assert len(set(ids)) == len(ids) == 5
        assert one.token != two.token


def test_it_listens_on_ipv6():
    """On ::1, with the brackets where URLs want them."""
    with Venue(market="frozen", host="::1") as venue:
        assert venue.urls["rest"].startswith("http://[::1]:")
        with closing(Trader(venue)) as trader:
            assert trader.get("/v1/client/info")["account_id"] == trader.account_id


def test_a_paper_venue_is_started_for_a_client():
    """With its network and its first account."""
    venue, network, credentials = start_paper(seed=7, market="frozen", venue_rate_limits=False)
    with venue:
        assert (network.rest, network.ws_public, network.ws_private) == (
            venue.urls["rest"],
            venue.urls["ws_public"],
            venue.urls["ws_private"],
        )
        assert credentials.account_id == venue.accounts[0].account_id
        assert credentials.secret.public == venue.accounts[0].orderly_key


@pytest.mark.parametrize("options", [{"market": "wild"}, {"nothing": 1}])
def test_senseless_paper_options_are_a_usage_error(options):
    """Not a TypeError."""
    with pytest.raises(UsageError):
        start_paper(**options)


def test_a_moving_market_moves_by_itself():
    """Marks change, trades happen, books are told, at a hundred times the speed."""
    with Venue(seed=7, market="volatile", speed=50) as venue, closing(Trader(venue)) as trader:
        socket = trader.market("markprices", f"{ETH}@trade", f"{ETH}@orderbookupdate", f"{ETH}@bbo")
        first = socket.push("markprices")["data"]
        socket.until(lambda frame: frame.get("topic") == "markprices" and frame["data"] != first)
        assert socket.push(f"{ETH}@trade")["data"]["size"] > 0
        one, two = socket.push(f"{ETH}@orderbookupdate"), socket.push(f"{ETH}@orderbookupdate")
        assert one["ts"] == two["data"]["prevTs"]
        bbo = socket.push(f"{ETH}@bbo")["data"]
        assert bbo["bid"] < bbo["ask"]
        assert abs(venue.now() - time.time() * 1000) < 600_000


def test_a_burst_of_reports_reaches_a_reader_whole(venue, trader):
    """Two thousand orders, in order, none lost."""
    socket = trader.private("executionreport")
    orders = [
        {"symbol": ETH, "side": side, "order_type": "MARKET", "order_quantity": 0.01}
        for _ in range(5)
        for side in ("BUY", "SELL")
    ]
    for _ in range(100):
        assert trader.call("POST", "/v1/batch-order", {"orders": orders}).status == 200

    entries = trader.ledger("executionreport")
    seen = [socket.push("executionreport")["data"] for _ in entries]

    assert len(entries) >= 2000
    assert seen == [entry["data"] for entry in entries]
