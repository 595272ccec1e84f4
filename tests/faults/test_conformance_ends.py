"""A conformance run that is broken off anywhere leaves nothing open, and its report says how far it came."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import attrs
import pytest

from orderly_sync import Credentials, Network, Rest
from orderly_sync.conformance.capture import AnswerCapture
from orderly_sync.conformance.check import CheckGroup
from orderly_sync.conformance.plan import CHECKS
from orderly_sync.conformance.run import run_conformance
from orderly_sync.conformance.venue_access import ConformanceOptions
from orderly_sync.control.served import attach
from orderly_sync.rest.transport import HttpRequest, HttpResponse
from orderly_sync.venue.server.serve import Venue
from tests.support.conformance import open_on

FAST = 20.0
TRADE = tuple(one.name for one in CHECKS if one.group is CheckGroup.TRADE)
OPTIONS = ConformanceOptions(
    rate_limits=False, listen=0, speed=FAST, trade=True, max_notional=Decimal(100), only=TRADE, wait=3
)


class Interrupting:
    """A transport that raises KeyboardInterrupt once, before or after one of the writes went out."""

    def __init__(self, at: int, *, after: bool) -> None:
        self._within = AnswerCapture()
        self._at, self._after = at, after
        self.writes = 0

    def send(self, request: HttpRequest) -> HttpResponse:
        strikes = False
        if request.method != "GET":
            self.writes += 1
            strikes = self.writes == self._at
        if strikes and not self._after:
            raise KeyboardInterrupt
        answer = self._within.send(request)
        if strikes:
            raise KeyboardInterrupt
        return answer

    def close(self) -> None:
        self._within.close()


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[Venue, Network, Credentials]]:
    with Venue(seed=7, speed=FAST, rate_limits=False) as venue:
        _, network, credentials = attach(venue.line())
        assert credentials is not None
        yield venue, network, credentials


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", [1, 2, 6, 11, 16, 21, 26, 31, 36, 41, 46])
def test_an_interrupt_at_any_write_leaves_nothing(
    place: tuple[Venue, Network, Credentials], at: int, after: bool
) -> None:
    """Before its bytes leave, or when the answer is there and nobody has read it."""
    _, network, credentials = place
    transport = Interrupting(at, after=after)
    report = run_conformance(network, credentials, attrs.evolve(OPTIONS, transport=transport))
    transport.close()

    assert transport.writes > at
    assert report.ended.startswith("interrupted ")
    assert len(report.rows) < report.planned
    assert report.left == "no open orders, no position"
    with Rest(network, credentials, rate_limits=False) as rest:
        assert open_on(rest) == (0, 0, 0)


def test_ctrl_c_in_a_terminal_ends_in_good_order(
    place: tuple[Venue, Network, Credentials], tmp_path: Path
) -> None:
    """Also pressed again and again: exit code 130, a report, and an account as it was."""
    venue, network, credentials = place
    file = tmp_path / "venue.json"
    file.write_text(venue.line() + "\n")
    words = ["conformance", str(file), "--trade", "--max-notional", "100", "--listen", "1", "--speed", "20"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ORDERLY_")}
    with subprocess.Popen(
        [sys.executable, "-m", "orderly_sync", *words, "--json", "--progress"],
        env={**kept, "ORDERLY_KEYS": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stderr is not None
        for line in running.stderr:
            if "order LIMIT" in line:
                break
        for _ in range(3):
            running.send_signal(signal.SIGINT)
        told, _ = running.communicate(timeout=60)
    report = json.loads(told)

    assert running.returncode == 130
    assert report["ended"].startswith("interrupted after the check ")
    assert report["left"] == "no open orders, no position"
    with Rest(network, credentials, rate_limits=False) as rest:
        assert open_on(rest) == (0, 0, 0)
