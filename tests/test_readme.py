"""The README tells the truth: its commands exist, its files exist, and its code works when pasted."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import orderly_sync

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_the_two_commands_stand_at_the_top() -> None:
    """The first lines are what to type."""
    first = re.search(r"```sh\n(.*?)```", README, re.DOTALL)

    assert first is not None
    assert README.index("```sh") < 100
    assert [line.split("#")[0].strip() for line in first[1].splitlines()] == ["make demo", "make test"]


def test_every_command_and_file_exists() -> None:
    """Each ``make …`` is a command of the Makefile, each path in backticks leads somewhere."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = set(re.findall(r"(?:^|`)make ([a-z-]+)", README, re.MULTILINE))
    paths = set(re.findall(r"`([\w/]+\.(?:py|md))`", README))

    assert [name for name in sorted(commands) if f"\n{name}:" not in makefile] == []
    assert [
        path
        for path in sorted(paths)
        if not any((base / path).exists() for base in (ROOT, ROOT / "orderly_sync"))
    ] == []


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_every_block_is_python_with_names_that_exist(block: str) -> None:
    """What is imported from the package, and what is called on its topics, is there."""
    for node in ast.walk(ast.parse(block)):
        if isinstance(node, ast.ImportFrom) and node.module == "orderly_sync":
            assert [alias.name for alias in node.names if not hasattr(orderly_sync, alias.name)] == []
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "topics":
            assert hasattr(orderly_sync.topics, node.attr)


@pytest.mark.parametrize("stops", [True, False], ids=["with stop", "without stop"])
def test_the_first_block_works_when_pasted(stops: bool) -> None:
    """It prints typed reports, ends by itself with and without ``stop()``, and complains of nothing."""
    lines = [line for line in BLOCKS[0].splitlines() if stops or not line.startswith("ex.stop()")]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "\n".join(lines)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "AlgoExecutionReport(" in done.stdout
    assert "FILLED" in done.stdout
