"""The example that goes from a new wallet through the venue and back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[3] / "examples" / "onboard.py"


def test_the_example_gets_its_money_back():
    """Every step of it happens, and what was settled and withdrawn adds up."""
    done = subprocess.run(
        [sys.executable, "-W", "error", str(EXAMPLE)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (0, "")
    steps = [line.split(maxsplit=1) for line in done.stdout.splitlines()]
    assert [name for name, _ in steps] == [
        *("wallet", "account", "key", "deposit", "bought", "mark", "settled"),
        *("withdrawal", "withdrawal", "withdrawal", "balance"),
    ]
    assert dict(steps)["deposit"] == "1000 USDC COMPLETED"
    assert dict(steps)["settled"].endswith("1000 -> 1009.59188")
    assert dict(steps)["balance"] == "509.59188 USDC"
