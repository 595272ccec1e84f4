"""Fixtures of pytest for tests of bots; pytest finds them by itself where this package is installed.

    def test_my_bot_buys_the_dip(ex, frozen_market):
        bot = MyBot(ex)
        frozen_market.move("ETH", by=-50)
        until(lambda: ex.positions)

Each test has a venue of its own, which is gone when the test is over. ``@pytest.mark.orderly_venue(accounts=3)`` says
how it is started. A fixture of the same name in your own conftest.py or test file takes the place of one of these.
"""

from __future__ import annotations

from collections.abc import Iterator
from inspect import signature
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from orderly_sync.client import Orderly
    from orderly_sync.control.faults import FaultControl
    from orderly_sync.testing.venue import FrozenMarket, PaperVenue, VenueClock

__all__ = ["clock", "ex", "faults", "frozen_market", "pytest_configure", "venue"]

_MARKER = "orderly_venue"
_EXPLAINED = (
    f"{_MARKER}(seed=0, market='frozen', speed=1.0, accounts=2, rate_limits=False): "
    "how the fixture venue of orderly_sync starts the paper venue of this test"
)


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, also where unknown ones are refused."""
    config.addinivalue_line("markers", _EXPLAINED)


@pytest.fixture
def venue(request: pytest.FixtureRequest) -> Iterator[PaperVenue]:
    """A paper venue of this test's own, its market frozen; ``venue.connect()`` gives a client of it."""
    from orderly_sync.testing.venue import PaperVenue

    options: dict[str, object] = {}
    for mark in reversed(list(request.node.iter_markers(_MARKER))):  # the nearest counts last
        options.update(mark.kwargs)
        if mark.args or not signature(PaperVenue).parameters.keys() >= mark.kwargs.keys():
            pytest.fail(f"@pytest.mark.{_MARKER} takes these keywords: {_EXPLAINED}", pytrace=False)
    with PaperVenue(**options) as running:  # type: ignore[arg-type] # what makes no sense it refuses
        yield running


@pytest.fixture
def ex(venue: PaperVenue) -> Orderly:
    """A client on the venue's first account, which has 100,000 USDC and nothing else; it ends with the test."""
    return venue.connect()


@pytest.fixture
def frozen_market(venue: PaperVenue) -> FrozenMarket:
    """The venue's prices, which move when this moves them: ``set``, ``move``, ``walk``, ``price``."""
    return venue.market


@pytest.fixture
def faults(venue: PaperVenue) -> FaultControl:
    """What the venue does wrong on request: ``drop``, ``lose_answer``, ``cut`` and the others; none to begin with."""
    return venue.faults


@pytest.fixture
def clock(venue: PaperVenue) -> VenueClock:
    """The venue's time: ``now()`` and ``advance(ms)``; ``skew_ms`` sets it off this machine's."""
    return venue.clock
