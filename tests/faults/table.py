"""The table of faults in README.md as data; run as a program it prints the tests that are named there, for pytest.

``python -m tests.faults.table``; the tests of this folder are not among them, since ``make faults`` runs all of those.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

__all__ = ["FOLDER", "faults"]

FOLDER = Path(__file__).parent
_NAMED = re.compile(r"`(tests/[^`]+)`")


def faults() -> dict[str, list[str]]:
    """Each fault in words, with the tests that cause it."""
    rows = [
        line.strip().strip("|").split("|")
        for line in (FOLDER / "README.md").read_text().splitlines()
        if line.startswith("| ")
    ]
    return {fault.strip(): _NAMED.findall(tests) for fault, tests in rows[2:]}


if __name__ == "__main__":
    named = {test for tests in faults().values() for test in tests if not test.startswith("tests/faults/")}
    sys.stdout.write("\n".join(sorted(named)) + "\n")
