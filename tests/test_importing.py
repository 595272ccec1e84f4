"""What ``import orderly_sync`` costs and does: nothing heavy, nothing that runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

HEAVY = {
    "aiohttp",
    "pandas",
    "plotly",
    "eth_account",
    "redis",
    "click",
    "rich",
    "keyring",
    "anywidget",
    "tqdm",
}


def test_importing_loads_nothing_heavy() -> None:
    """``import orderly_sync`` loads neither the extras nor the venue, and of the operations only those that place orders."""
    command = [sys.executable, "-X", "importtime", "-c", "import orderly_sync"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stderr
    loaded = {line.rsplit("|", 1)[-1].strip() for line in told.splitlines()}

    assert "orderly_sync" in loaded
    assert set() == HEAVY & {name.split(".")[0] for name in loaded}
    assert [
        name for name in loaded if name.startswith(("orderly_sync.venue", "orderly_sync.paper.start"))
    ] == []
    assert "orderly_sync.rest.group_choices" not in loaded
    assert {name for name in loaded if name.startswith("orderly_sync.rest.groups.")} == {
        "orderly_sync.rest.groups.algo_orders",
        "orderly_sync.rest.groups.orders",
    }


def test_importing_starts_nothing() -> None:
    """``import orderly_sync`` starts no thread, opens no socket and configures no logging."""
    script = (
        "import logging, socket, threading, warnings\n"
        "warnings.simplefilter('error')\n"
        "def refuse(*_): raise SystemExit('a socket was opened')\n"
        "socket.socket.connect = socket.socket.bind = refuse\n"
        "import orderly_sync\n"
        "assert threading.active_count() == 1, threading.enumerate()\n"
        "assert logging.getLogger().handlers == [], logging.getLogger().handlers\n"
        "assert socket.getdefaulttimeout() is None\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
