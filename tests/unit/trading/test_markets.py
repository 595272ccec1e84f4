"""A symbol that the venue does not list is told at once, where that can be known."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from orderly_sync import ConnectFailed, UsageError, topics
from orderly_sync.clock import ManualClock
from orderly_sync.trading.markets import REREAD, Markets
from tests.support.paper import paper

LISTED = ("PERP_ETH_USDC", "PERP_BTC_USDC", "PERP_1000PEPE_USDC")


class Row:
    def __init__(self, symbol: str) -> None:
        self.symbol = symbol


class Rest:
    """Lists what it is told to, or fails."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.network = type("Network", (), {"name": "paper"})()
        self.market = self
        self.listed: tuple[str, ...] | None = LISTED
        self.reads = 0
        self.gate = threading.Event()
        self.gate.set()

    def symbols(self) -> Any:
        self.reads += 1
        assert self.gate.wait(20)
        if self.listed is None:
            raise ConnectFailed("GET /v1/public/info")
        return [Row(name) for name in self.listed]


def made() -> tuple[Rest, Markets]:
    rest = Rest()
    return rest, Markets(rest)  # type: ignore[arg-type]


def test_what_is_listed_is_read_once():
    """However many symbols are asked for."""
    rest, markets = made()
    for name in LISTED * 3:
        markets.check(name)
    assert rest.reads == 1


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("PERP_ETHH_USDC", "did you mean PERP_ETH_USDC"),
        ("PERP_ZZZZZZZZZZZZZZ_USDC", r"rest\.market\.symbols\(\) lists all"),
    ],
)
def test_what_is_not_listed_is_refused_with_what_looks_like_it(name: str, advice: str):
    """One sentence; asking again soon reads nothing again."""
    rest, markets = made()
    for _ in range(3):
        with pytest.raises(UsageError, match=f"there is no {name} on paper; {advice}"):
            markets.check(name)
    assert rest.reads == 1


def test_a_market_that_was_added_is_found():
    """The list is read again for what it lacks, after a while."""
    rest, markets = made()
    with pytest.raises(UsageError):
        markets.check("PERP_NEW_USDC")
    rest.listed = (*LISTED, "PERP_NEW_USDC")
    rest.clock.advance(REREAD)
    markets.check("PERP_NEW_USDC")
    assert rest.reads == 2


def test_what_cannot_be_known_is_taken():
    """The list cannot be read, first or again; a builder's own symbols need not be listed."""
    rest, markets = made()
    rest.listed = None
    markets.check("PERP_NOPE_USDC")
    rest.listed = LISTED
    markets.check("PERP_ETH_USDC")
    markets.check("PERP_ETH_USDC-mine")
    rest.clock.advance(REREAD)
    rest.listed = None
    markets.check("PERP_NOPE_USDC")
    assert rest.reads == 3


def test_a_list_that_does_not_come_is_not_waited_for():
    """No longer than the caller has; those who ask meanwhile share one reading."""
    rest, markets = made()
    rest.gate.clear()
    markets.check("PERP_NOPE_USDC", timeout=0)
    markets.check("PERP_NOPE_USDC", timeout=0)
    rest.gate.set()
    assert markets._changed.wait_for(lambda: markets._reading is None, time.monotonic() + 20)
    with pytest.raises(UsageError):
        markets.check("PERP_NOPE_USDC")
    assert rest.reads == 1


def test_every_call_of_a_client_that_takes_a_symbol_refuses_one_that_is_not_there():
    """In whatever spelling; nothing is registered."""
    topic = topics.execution_report()
    with paper() as ex:
        for nope in ("NOPE", "NOPE/USDC:USDC", "PERP_NOPE_USDC"):
            for call in (
                lambda: ex.on(topic, print, symbol=nope),
                lambda: ex.on(topics.mark_prices(), symbol=nope)(print),
                lambda: ex.on(topics.index_prices(), print, symbol=nope),
                lambda: ex.stream(topic, symbol=nope),
                lambda: ex.wait_for(topic, symbol=nope, timeout=20),
                lambda: ex.margin.imr(nope),
                lambda: ex.margin.mmr(nope),
                lambda: ex.margin.liquidation_price(nope),
                lambda: ex.margin.liquidation_price(nope, margin_mode="ISOLATED"),
                lambda: ex.margin.max_quantity(nope, "BUY"),
                lambda: ex.margin.removable_margin(nope),
            ):
                with pytest.raises(UsageError, match="there is no PERP_NOPE_USDC on paper"):
                    call()
        assert ex.stats()["hooks"] == []
        for there in ("ETH", "eth", "ETH/USDC:USDC", "PERP_BTC_USDC"):
            ex.on(topic, print, symbol=there)
            assert ex.margin.liquidation_price(there) == 0
        assert ex.stream(topics.index_prices(), symbol="ETH").get(timeout=20).symbol == "SPOT_ETH_USDC"
