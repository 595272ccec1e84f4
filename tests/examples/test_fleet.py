"""The fleet of examples/fleet: one command, a Redis, a relay, three bots and a dashboard."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.redis_servers import redis_program

FLEET = Path(__file__).parents[2] / "examples" / "fleet"


def test_a_fleet_runs_and_ends_with_one_command() -> None:
    """Each bot is told of its own fills, the dashboard of all; Ctrl-C ends all of them."""
    if redis_program() is None:
        pytest.skip("no Redis is installed; on Debian: apt-get install redis-server")
    awaited = {"grid-eth: first fill", "grid-btc: first fill", "grid-sol: first fill", "dashboard: ready"}
    with subprocess.Popen(
        [sys.executable, str(FLEET / "run.py")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as fleet:
        assert fleet.stdout is not None
        assert fleet.stderr is not None
        for line in fleet.stdout:
            awaited -= {said for said in awaited if line.startswith(said)}
            if not awaited:
                break
        fleet.send_signal(signal.SIGINT)
        said, complaints = fleet.communicate(timeout=60)

    assert not awaited
    assert fleet.returncode == 0, complaints
    assert "Traceback" not in complaints
    fills = dict(re.findall(r"^(grid-\w+): (\d+) fills, at the last", said, re.MULTILINE))
    assert set(fills) == {"grid-eth", "grid-btc", "grid-sol"}
    assert all(int(count) > 0 for count in fills.values())
    assert said.count("dashboard: ended") == 1
