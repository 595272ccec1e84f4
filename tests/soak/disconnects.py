"""Ten thousand lost connections at a byte and in a state drawn by lot, half of them judged one by one at ``GapClosed``.

``python -m tests.soak.disconnects --count 10000 --seed 7``: in pieces of 250, each in a process of its own with a venue of
its own, so that a piece that fails is run again by its own seed: ``--count 250 --seed N``. Threads and descriptors are
counted before and after each. Prints a line for each piece and one for all; exits 1 if anything was lost, repeated or out
of order.
"""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

from tests.faults.disconnects import Disconnects, proxied
from tests.faults.oracles import census

ROOT = Path(__file__).parents[2]
PIECE = 250
LONGEST = 900.0
"""Seconds that a piece may take."""


def say(text: str) -> None:
    """Print at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def piece(count: int, seed: int) -> bool:
    """One run; whether it was clean."""
    # Nobody reads what is said of each of them.
    logging.getLogger("orderly_sync").addHandler(logging.NullHandler())
    with census(), proxied(seed=seed) as (ex, proxy):
        run = Disconnects(ex, proxy, Random(seed))
        verdict = run.run(count)
    say(f"seed {seed}: {run.done} disconnects, {verdict}")
    return verdict.is_clean and run.done == count


def _apart(count: int, seed: int) -> tuple[bool, str]:
    command = [
        sys.executable,
        "-m",
        "tests.soak.disconnects",
        "--count",
        str(count),
        "--seed",
        str(seed),
        "--here",
    ]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        return False, f"seed {seed}: did not end within {LONGEST:.0f} s"
    last = (done.stderr.strip().splitlines() or [""])[-1] if done.returncode else ""
    return done.returncode == 0, f"{done.stdout.strip()} {last}".strip()


def main() -> int:
    """All pieces; 1 if one was not clean."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.here:
        return int(not piece(given.count, given.seed))
    began, failed = time.monotonic(), 0
    counts = [min(PIECE, given.count - start) for start in range(0, given.count, PIECE)]
    with ThreadPoolExecutor(given.processes) as pool:
        for clean, line in pool.map(_apart, counts, range(given.seed, given.seed + len(counts))):
            say(line)
            failed += not clean
    say(
        f"disconnects: {given.count} in {time.monotonic() - began:.0f} s, "
        f"{len(counts) - failed} of {len(counts)} pieces clean"
    )
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
