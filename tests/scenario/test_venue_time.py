"""The account's past at venues whose clock is not this machine's."""

from __future__ import annotations

from typing import Any

import pytest

from orderly_sync import Market, Rest, connect
from orderly_sync.history.account_history import History
from orderly_sync.venue.server.serve import Venue


@pytest.mark.parametrize("options", [{"market": "frozen"}, {"market": "calm", "speed": 20}], ids=str)
def test_what_happened_just_now_is_part_of_the_last_hour(options: dict[str, Any]):
    """A venue that stands at the first of January, or runs twenty times as fast as the wall clock."""
    with connect("paper", seed=5, rate_limits=False, **options) as ex:
        ex.place(Market.buy("ETH", quantity="0.3")).wait("filled", timeout=20)
        ex.paper.advance(30 * 60_000)
        ex.place(Market.sell("ETH", quantity="0.3")).wait("filled", timeout=20)

        sold = [fill.side for fill in ex.history.fills("10m")]
        both = [fill.side for fill in ex.history.fills("1h", symbol="ETH/USDC:USDC")]

        assert "SELL" in sold
        assert "BUY" not in sold
        assert {"BUY", "SELL"} == set(both)
        assert len(ex.history.orders("1h").all()) == 2
        ex.paper.advance(9 * 3_600_000)
        assert not ex.history.fills("1h").all()
        candles = ex.history.klines("eth", "15m", days=0.25).all()
        assert len(candles) in {24, 25}
        assert ex.history.klines("ETH", "1w", days=70).all()
        assert ex.history.klines("ETH", "1mon", days=400).all()


def test_funding_of_the_last_day_is_found_where_a_day_passes_at_once():
    """The payments of a position that was held for a day of the venue's time."""
    with connect("paper", market="frozen", rate_limits=False) as ex:
        ex.place(Market.buy("ETH", quantity="0.5")).wait("filled", timeout=20)
        for _ in range(24):
            ex.paper.advance(3_600_000)

        assert len(ex.history.funding("1d").all()) >= 1


@pytest.mark.parametrize("market", ["calm", "frozen"])
def test_a_span_that_ends_now_costs_no_request_for_the_time(market: str):
    """Of a client, each reading of an hour is the request that it is about, on the venue in here and on one apart."""
    with Venue(seed=7, market=market) as venue:
        clients = [connect("paper", market=market), connect(venue.line())]
        for ex in clients:
            with ex:
                before = ex.rest.stats().sent
                for _ in range(4):
                    ex.history.fills("1h").all()
                assert ex.rest.stats().sent - before == 4
                assert "GET /v1/public/system_info" not in ex.rest.stats().limits


@pytest.mark.parametrize(("market", "asked"), [("calm", 1), ("frozen", 4)])
def test_the_rest_half_alone_asks_once_where_time_runs_as_here(market: str, asked: int):
    """Each time where it stands still, for what was said says nothing of later; what happened just now is found."""
    with connect("paper", market=market, rate_limits=False) as ex:
        ex.place(Market.buy("ETH", quantity="0.3")).wait("filled", timeout=20)
        with Rest(ex.rest.network, ex.rest.credentials, rate_limits=False) as rest:
            history = History(rest)
            for _ in range(4):
                assert history.fills("1h").all()
            assert rest.stats().sent == 4 + asked
