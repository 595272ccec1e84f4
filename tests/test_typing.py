"""What users write type-checks, and what cannot work does not."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "tests" / "typing").rglob("*.py"))
ERROR = re.compile(r"^(?P<file>[^:]+):(?P<line>\d+): error: ", re.MULTILINE)


@pytest.fixture(scope="module")
def errors() -> dict[str, set[int]]:
    """The lines of each file that the type checker refuses, in one run over all of them."""
    # In a process of its own: the type checker raises the recursion limit of the one it runs in.
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--config-file",
        "setup.cfg",
        "--no-pretty",
        "--no-error-summary",
        *FILES,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stderr == ""
    lines: dict[str, set[int]] = {file: set() for file in FILES}
    for match in ERROR.finditer(done.stdout):
        lines.setdefault(match["file"], set()).add(int(match["line"]))
    return lines


@pytest.mark.parametrize("file", FILES)
def test_exactly_the_marked_lines_are_refused(errors: dict[str, set[int]], file: str) -> None:
    """In the refused files each line that says so and no other; in the accepted files none."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    marked = {number for number, line in enumerate(lines, 1) if line.endswith("# refused")}

    assert errors[file] == marked
    assert bool(marked) is ("/refused/" in file)
