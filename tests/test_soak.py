"""The long runs that ``make soak`` starts take the options that it gives them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.soak.run import RUNS

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("command", RUNS.values())
def test_a_long_run_takes_its_options(command: str):
    module, *options = command.split()
    done = subprocess.run(
        [sys.executable, "-m", module, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    known = set(re.findall(r"--[a-z]+", done.stdout))
    assert {one for one in options if one.startswith("--")} | {"--seed"} <= known
