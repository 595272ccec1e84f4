"""The parts of ``bench/`` that no table of it shows still run: each kind of frame has its stages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).parents[1] / "bench"
STAGES = """
import profile_stream as bench

bench._COUNTS, bench._REPORTS, bench._TURNS = {}, 3, 1
for kind in bench.KINDS:
    print(kind, *(name.replace(" ", "_") for name, _ in bench.stages(kind)))
"""


def test_the_stages_of_each_kind_are_measured():
    """Reports go through the gate that lets each through once, market data has none."""
    done = subprocess.run(
        [sys.executable, "-c", STAGES], cwd=BENCH, capture_output=True, text=True, check=False, timeout=60
    )

    assert done.stderr == ""
    told = {kind: stages for kind, *stages in map(str.split, done.stdout.splitlines())}
    every = ["read", "cut", "decode", "structure", "hop_and_call"]
    assert {kind.partition("_")[0] for kind in told} == {"algo", "execution", "book", "bbo"}
    assert {kind: [*stages] for kind, stages in told.items()} == {
        kind: [*every[:4], "once", *every[4:]] if kind.startswith(("algo", "execution")) else every
        for kind in told
    }
