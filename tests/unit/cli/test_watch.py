"""``orderly-sync watch`` without a terminal."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

from orderly_sync.venue.server.serve import Venue


def test_lines_show_own_orders_as_they_are_placed(told: Callable[..., Any]) -> None:
    """Two lines, of one market."""
    told("place", "buy", "ETH", "0.5", "--price", "3300", "--yes")
    lines = told("watch", "ETH", "--count", "2", "--interval", "0.05")
    assert [(one["symbol"], one["orders"], one["status"]) for one in lines] == [
        ("PERP_ETH_USDC", 1, "ready")
    ] * 2


def test_it_survives_lost_connections(run: Callable[..., Result], place: str, venue: Venue) -> None:
    """The lines go on; in between its status may be another."""
    cut = threading.Timer(0.6, venue.drop_connections)
    cut.start()
    result = run("watch", "ETH", "--count", "30", "--interval", "0.1", "--network", place)
    cut.join()
    lines = result.stdout.splitlines()
    assert (result.exit_code, len(lines)) == (0, 30), result.stderr
    assert "status ready" in lines[-1]


def test_a_market_that_is_not_there(run: Callable[..., Result], place: str) -> None:
    """Is said at once."""
    result = run("watch", "ETHX", "--network", place)
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize("option", [("--interval", "0"), ("--levels", "0"), ("--count", "0")])
def test_senseless_options(run: Callable[..., Result], option: tuple[str, str]) -> None:
    """Are refused before anything is dialled."""
    assert run("watch", "ETH", *option).exit_code == 2


@pytest.mark.skipif(sys.platform == "win32", reason="keys are read where there is POSIX")
@pytest.mark.parametrize("keys", [b"q", b"xxQ"])
def test_q_ends_it_before_it_is_connected(keys: bytes) -> None:
    """Though nobody listens there, and it would dial for as long as it may take to be ready; other keys do nothing."""
    import pty

    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        place = f"http://127.0.0.1:{reserved.getsockname()[1]}"
        ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "orderly_sync", "watch", "ETH", "--network", place]
        env = {**os.environ, "TERM": "xterm", "COLUMNS": "100", "LINES": "30"}
        with subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, env=env
        ) as running:
            os.write(ours, keys)
            try:
                said = running.communicate(timeout=12)[1]  # the 15 s of Timeouts.ready are not waited for
            finally:
                running.kill()
        os.close(ours)
        os.close(theirs)

    assert (running.returncode, said) == (0, b"")
