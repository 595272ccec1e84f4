"""Everything that takes long, one after the other: ``python -m tests.soak.run --minutes 20 --seed 7``; ``make soak``.

Runs the disconnects, the kills of a client with a journal, the interrupts and the fuzz, as far as they are there, and writes
the table that docs/reliability.md shows between two marks: each command with its seed, what it said, and the date. Exits 1
if one failed or did not fit into the time.
"""

from __future__ import annotations

import argparse
import datetime as dt
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- soak: begin -->", "<!-- soak: end -->"
HEAD = "# Reliability\n\nWhat `make soak` last showed; each command can be run by itself, and the same seed draws the same lots.\n\n"
RUNS = {
    "disconnects": "tests.soak.disconnects --count 10000",
    "kills": "tests.soak.kills --kills 1000",
    "interrupts": "tests.soak.interrupts --count 10000",
    "fuzz": "tests.soak.fuzz --payloads 1000000 --frames 100000",
    "venue_fuzz": "tests.soak.venue_fuzz --requests 100000",
}


def say(text: str) -> None:
    """Print at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def run(command: str, seconds: float) -> tuple[bool, list[str]]:
    """Run one for so long at most; whether it succeeded, and its last lines."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", *command.split()],
            cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        told = late.stdout.decode() if isinstance(late.stdout, bytes) else late.stdout or ""
        return False, [*told.strip().splitlines(), f"stopped after {seconds:.0f} s"]
    lines = done.stdout.strip().splitlines()
    if done.returncode:
        lines += done.stderr.strip().splitlines()[-1:]
    return done.returncode == 0, lines


def table(rows: list[tuple[str, str, str]]) -> str:
    """The rows as they stand in the document."""
    lines = [f"| `python -m {command}` | {outcome} | {said} |" for command, outcome, said in rows]
    return "\n".join(["| command | outcome | what it said |", "| --- | --- | --- |", *lines])


def write(text: str) -> None:
    """Put a text between the marks of the document, which is made if it is not there."""
    old = DOCUMENT.read_text() if DOCUMENT.is_file() else f"{HEAD}{BEGIN}\n{END}\n"
    before, _, rest = old.partition(BEGIN)
    after = rest.partition(END)[2] if END in rest else "\n"
    DOCUMENT.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


def main() -> int:
    """All of them; 1 if one failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", default=",".join(RUNS), help="some of them, with commas between")
    given = parser.parse_args()
    end, rows = time.monotonic() + given.minutes * 60, []
    for name in given.only.split(","):
        command = f"{RUNS[name]} --seed {given.seed}"
        if not (ROOT / "tests" / "soak" / f"{name}.py").is_file():
            say(f"{name}: there is none")
            continue
        say(f"python -m {command}")
        good, lines = run(command, max(1.0, end - time.monotonic()))
        for line in lines:
            say(f"  {line}")
        rows.append((command, "passed" if good else "FAILED", "<br>".join(lines[-2:]).replace("|", "/")))
    today = dt.datetime.now(dt.timezone.utc).date()
    write(f"{today}, Python {sys.version.split()[0]}, seed {given.seed}:\n\n{table(rows)}")
    return int(any(outcome != "passed" for _, outcome, _ in rows))


if __name__ == "__main__":
    sys.exit(main())
