"""A paper venue without pytest: its clients, its prices, and ``until``."""

from __future__ import annotations

import threading
from decimal import Decimal
from itertools import groupby

import pytest

from orderly_sync import Limit, Market, UsageError, topics
from orderly_sync.testing import PaperVenue, until


def test_two_clients_trade_with_each_other() -> None:
    """Each on an account of its own, at a price between the makers' quotes."""
    with PaperVenue() as venue:
        alice, bob = venue.connect(), venue.connect(1)
        price = venue.market.price("ETH")
        order = alice.place(Limit.buy("ETH", quantity="0.2", price=price))
        bob.place(Market.sell("ETH", quantity="0.2")).wait("filled", timeout=5)

        assert order.wait("filled", timeout=5).executed_price == price


def test_every_client_reckons_with_a_new_price_at_once() -> None:
    """Whichever of them asks, without waiting for a push."""
    with PaperVenue() as venue:
        both = [venue.connect(), venue.connect(1)]
        for client in both:
            client.place(Market.buy("ETH", quantity="1")).wait("filled", timeout=5)
        before = [client.positions["ETH"].mark_price for client in both]
        now = venue.market.move("ETH", by="-12.5")

        assert [client.positions["ETH"].mark_price for client in both] == [now, now] != before


@pytest.mark.parametrize("prices", [[3000], [3100, "3200.5", 2900.0], [Decimal(2500), 2600]])
def test_a_walk_ends_where_it_says(prices: list[str | float | Decimal]) -> None:
    """Also before anybody has connected; in any kind of number."""
    with PaperVenue() as venue:
        assert venue.market.walk("PERP_ETH_USDC", prices) == Decimal(str(prices[-1]))
        assert venue.market.price("ETH-PERP") == Decimal(str(prices[-1]))


def _changes(prices: list[Decimal], wanted: list[Decimal]) -> list[Decimal]:
    """The prices among those that are wanted, without the pushes that come every second whatever the price does."""
    return [price for price, _ in groupby(one for one in list(prices) if one in wanted)]


def test_hooks_hear_each_price_of_a_spike() -> None:
    """Every client of the venue, once for each price, with the best prices and the index beside it."""
    spike = [Decimal(price) for price in (3410, 3500, 3420, 3390)]
    with PaperVenue() as venue:
        heard: dict[str, list[Decimal]] = {"mark": [], "other": [], "all": [], "index": [], "bid": []}
        ex, other = venue.connect(), venue.connect(1)
        ex.on(topics.mark_price("ETH"), lambda one: heard["mark"].append(one.price))
        ex.on(topics.mark_prices(), lambda one: heard["all"].append(one.price), symbol="ETH")
        ex.on(topics.index_price("ETH"), lambda one: heard["index"].append(one.price))
        ex.on(topics.bbo("ETH"), lambda one: heard["bid"].append(one.bid))
        other.on(topics.mark_price("ETH"), lambda one: heard["other"].append(one.price))
        until(lambda: all(heard.values()))
        venue.market.walk("ETH", spike)

        for name, prices in heard.items():
            wanted = [price - 1 for price in spike] if name == "bid" else spike
            until(lambda prices=prices, wanted=wanted: _changes(prices, wanted) == wanted)


def test_a_price_takes_one_millisecond_however_many_clients_there_are() -> None:
    """It is set once, whoever reckons with it."""
    with PaperVenue() as venue:
        venue.connect()
        venue.connect(1)
        before = venue.clock.now()
        venue.market.set("ETH", 3500)

        assert venue.clock.now() == before + 1


def test_time_that_passes_at_once_pushes_what_was_due_in_it() -> None:
    """Each topic once, by the venue's own clock: nothing before a second is full, whatever the wall clock says."""
    with PaperVenue() as venue:
        ex, heard = venue.connect(), []
        ex.on(topics.est_funding_rate("ETH"), lambda rate: heard.append(rate.ts))
        until(lambda: heard)
        first = venue.clock.now()
        assert venue.clock.advance(60_000) == first + 60_000
        until(lambda: first + 60_000 in heard)


def test_a_walk_of_no_prices_moves_nothing() -> None:
    """It tells the price as it stands."""
    with PaperVenue() as venue:
        assert venue.market.walk("ETH", []) == venue.market.price("ETH")


def test_nothing_is_left_when_it_has_stopped() -> None:
    """No thread of the venue, of its clients or of one that was stopped before; ``stop`` twice is ``stop`` once."""
    before = threading.active_count()
    venue = PaperVenue()
    first = venue.connect()
    venue.connect(1)
    first.stop()
    venue.faults.refuse_login()
    venue.stop()
    venue.stop()

    assert until(lambda: threading.active_count() == before)


@pytest.mark.parametrize("account", [-1, 2, 7])
def test_an_account_that_is_none_is_refused(account: int) -> None:
    """The sentence says how to have one."""
    with (
        PaperVenue() as venue,
        pytest.raises(UsageError, match=f"accounts={account + 1}" if account > 0 else "from 0"),
    ):
        venue.connect(account)


def test_until_returns_what_was_true_and_tells_what_was_not() -> None:
    """What the condition returned last stands in the sentence."""
    seen: list[int] = []
    assert until(lambda: seen.append(1) or (len(seen) >= 3 and seen)) == [1, 1, 1]
    with pytest.raises(TimeoutError, match=r"0.01 s; it was \[\]"):
        until(list, timeout=0.01)
