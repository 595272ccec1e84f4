"""What the control of a venue is told is read as everywhere: symbols in any spelling, numbers exact, or refused."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from orderly_sync.errors import UsageError
from orderly_sync.venue.server.serve import Venue


@pytest.fixture(scope="module")
def venue() -> Iterator[Venue]:
    with Venue(market="frozen", rate_limits=False) as running:
        yield running


@pytest.mark.parametrize("symbol", ["BTC", "btc", "BTC-PERP", "BTC/USDC:USDC", "PERP_BTC_USDC"])
def test_a_market_is_moved_by_any_name(venue: Venue, symbol: str):
    """Every spelling that an order takes."""
    venue.set_mark_price(symbol, "61000.5")
    venue.set_market({symbol: {"mark": Decimal("61000.6")}})


@pytest.mark.parametrize(
    "price", ["3100.5", 3100.5, np.float64(3100.5), np.float32(3100.5), 3100, np.int32(3100)]
)
def test_a_price_is_read_exactly(venue: Venue, price: Any):
    """Text, ints, floats and the scalars of numpy."""
    venue.set_mark_price("ETH", price)


@pytest.mark.parametrize(
    ("price", "said"),
    [
        ("abc", "plain positive number"),
        ("", "plain positive number"),
        ("1e5", "plain positive number"),
        (None, "must be"),
        (True, "must be"),
        (float("nan"), "NaN"),
        ("-3", "above 0"),
        (0, "above 0"),
        ([1], "must be"),
    ],
)
def test_what_is_no_price_is_refused_in_one_sentence(venue: Venue, price: Any, said: str):
    """By its name, and nothing moves."""
    before = venue.now()
    with pytest.raises(UsageError, match=said):
        venue.set_mark_price("ETH", price)
    assert venue.now() == before


@pytest.mark.parametrize("symbol", ["", "PERP_ETH", None, "PERP_NO_USDC", 7])
def test_what_is_no_market_is_refused(venue: Venue, symbol: Any):
    """Whether it is no symbol at all, or one that is not listed."""
    with pytest.raises(UsageError):
        venue.set_mark_price(symbol, 1)


@pytest.mark.parametrize("ms", ["10", 1.5, None, True])
def test_time_goes_by_in_whole_milliseconds(venue: Venue, ms: Any):
    """Anything else is refused by name."""
    with pytest.raises(UsageError, match="milliseconds"):
        venue.advance(ms)


def test_a_maintenance_is_scheduled_by_any_moment(venue: Venue):
    """Its ends are read as every time is."""
    venue.set_maintenance(0, "2026-03-01", np.int64(1_800_000_000_000_000_000))
    with pytest.raises(UsageError, match="seconds"):
        venue.set_maintenance(0, 1_800_000_000, 1_800_000_000_000)
