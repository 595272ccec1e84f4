"""What a stuck hook costs."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_hundred_thousand_reports_into_a_stuck_hook_stay_small():
    """Less than 100 MiB more; what did not fit is told as Overflow, at once and once the hook goes on; consumers lose nothing unsaid."""
    script = textwrap.dedent("""
        import json, os, resource, threading
        from orderly_sync import Overflow, topics
        from tests.support.streams import make, report
        from tests.support.wire_server import WireServer, frame

        def rss():
            with open("/proc/self/statm") as file:
                return int(file.read().split()[1]) * resource.getpagesize()

        with WireServer() as server, make(server) as stream:
            entered, release = threading.Event(), threading.Event()

            def stuck(event):
                entered.set()
                release.wait(120)

            overflows = stream.stream(Overflow)
            stream.on(topics.execution_report(), stuck)
            peer = server.peer()
            peer.send(report(1))
            assert entered.wait(30)
            before = rss()
            for start in range(2, 100_002, 1000):
                peer.send_raw(b"".join(frame(json.dumps(report(n)).encode()) for n in range(start, start + 1000)))
            pushes = lambda: stream.stats()["topics"]["executionreport"]["pushes"]
            while pushes() < 100_001:
                threading.Event().wait(0.02)
            grown = (rss() - before) / 2**20
            release.set()
            dropped = overflows.get(timeout=60).dropped + overflows.get(timeout=60).dropped
            print(json.dumps({"grown": grown, "dropped": dropped}))
    """)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, done.stderr
    import json

    figures = json.loads(done.stdout)
    assert figures["grown"] < 100
    assert 80_000 < figures["dropped"] < 100_000
