"""One command for a fleet on the paper venue: Redis, a relay, three bots and a dashboard, each a process of its own.

    python examples/fleet/run.py               until Ctrl-C
    python examples/fleet/run.py --seconds 20

It needs ``redis-server`` (Debian: ``apt-get install redis-server``) or the URL of a Redis that runs, by ``--redis``.
On a real network the relay is ``orderly-sync relay``, and bots and dashboard are these very files, on any machine.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

HERE = Path(__file__).parent
COMMAND = (sys.executable, "-m", "orderly_sync")
BOTS = ("grid-eth", "grid-btc", "grid-sol")


def start(
    ends: ExitStack, words: Sequence[str], *, to: int | None = None, **more: str
) -> subprocess.Popen[str]:
    """Start a process, which ends with the fleet; what it says is shown, unless it goes elsewhere."""
    process = subprocess.Popen(words, stdout=to, text=True, env={**os.environ, **more})
    ends.callback(finish, process)
    return process


def finish(process: subprocess.Popen[str]) -> None:
    """Have a process end as by Ctrl-C."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def start_redis(ends: ExitStack) -> str:
    """A Redis of the fleet's own; its URL."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        sys.exit("no redis-server is installed; install it, or pass --redis redis://host:6379")
    folder = ends.enter_context(tempfile.TemporaryDirectory())
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = (program, "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--appendonly", "yes")
    start(ends, (*words, "--loglevel", "warning"), to=subprocess.DEVNULL)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1.0).close()
            return f"redis://127.0.0.1:{port}"
        time.sleep(0.05)
    sys.exit("the Redis does not start")


def main() -> None:
    """Start all, wait, end all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--redis", help="the URL of a Redis that runs; else one is started")
    parser.add_argument("--seconds", type=float, help="how long; until Ctrl-C without it")
    options = parser.parse_args()
    # A shell that starts this in the background has Ctrl-C ignored, by all parts of the fleet.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with ExitStack() as ends:
        url = options.redis or start_redis(ends)
        venue = start(ends, (*COMMAND, "venue", "--market", "volatile"), to=subprocess.PIPE)
        assert venue.stdout is not None
        line = venue.stdout.readline()
        start(ends, (*COMMAND, "relay", "--redis", url), ORDERLY_NETWORK=line)
        for name in BOTS:
            start(ends, (sys.executable, str(HERE / "bot.py"), name), ORDERLY_NETWORK=line, FLEET_REDIS=url)
        start(ends, (sys.executable, str(HERE / "dashboard.py")), ORDERLY_NETWORK=line, FLEET_REDIS=url)
        print(f"a relay, {len(BOTS)} bots and a dashboard run; Ctrl-C ends them", flush=True)
        try:
            time.sleep(options.seconds or 1_000_000)
        except KeyboardInterrupt:
            print("ending")


if __name__ == "__main__":
    main()
