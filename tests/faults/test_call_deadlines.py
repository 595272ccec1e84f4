"""The time given to a call is the time it takes, whatever it asks the venue meanwhile."""

from __future__ import annotations

import time
from typing import Any

import pytest

from orderly_sync import Limit
from tests.support.paper import ETH, mark, paper

SILENT: dict[str, dict[str, Any]] = {
    "silent": {"timeout": True},
    "always busy": {"status": 503, "body": "<html>"},
    "too many requests": {"status": 429, "code": -1003},
}


@pytest.mark.parametrize("kind", SILENT)
def test_waiting_for_an_order_ends_in_its_time_though_the_venue_cannot_be_asked(kind: str):
    """Neither the time of a request nor the tries of a read are added to it."""
    with paper() as ex:
        order = ex.place(Limit.buy(ETH, price=mark(ex) - 300, quantity="0.1"))
        ex.paper.faults(http=[{"path": "*", "method": "GET", "times": 99, **SILENT[kind]}])
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            order.wait("done", timeout=0.8)
        assert time.monotonic() - began < 3.0
        ex.paper.faults(clear=True)
