"""What a program reads that turns on logging at INFO: the life of its connections, and nothing about each request."""

from __future__ import annotations

import logging

import pytest

from orderly_sync import Limit, Resynced, connect
from tests.support.paper import eventually

WAIT = 20.0


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO)
    return caplog


def of(lines: pytest.LogCaptureFixture, words: str) -> list[str]:
    return [line.getMessage() for line in list(lines.records) if words in line.getMessage()]


def test_a_connection_tells_its_life_in_numbers(lines: pytest.LogCaptureFixture):
    """Connected, down, connected again and resynced: one line each, with how many and how long."""
    with connect("paper", market="frozen", rate_limits=False) as ex:
        (first,) = of(lines, "the private stream is connected")
        assert first.endswith("dial 1, 5 topics acknowledged")
        order = ex.place(Limit.buy("ETH", quantity="0.1", price="3000"))
        eventually(lambda: order.last)
        with ex.stream(Resynced) as resynced:
            ex.paper.drop_connections()
            resynced.get(timeout=WAIT)
        (down,) = of(lines, "the private stream is down")
        assert "dialling in" in down
        (again,) = [line for line in of(lines, "the private stream is connected") if "down" in line]
        assert again.startswith("the private stream is connected after 0.")
        eventually(lambda: of(lines, "resynced"))
        assert "(the private stream was down): 0 reports recovered of the 0." in of(lines, "resynced")[0]


def test_requests_to_the_paper_venue_leave_no_line(lines: pytest.LogCaptureFixture):
    """The server's access log stays quiet, whatever is asked; only whoever debugs the libraries below hears of them."""
    with connect("paper", market="frozen", rate_limits=False) as ex:
        for _ in range(3):
            ex.rest.market.futures_info("PERP_ETH_USDC")
    heard = [line.name for line in lines.records if line.levelno >= logging.INFO]
    assert [name for name in heard if not name.startswith("orderly_sync")] == []
