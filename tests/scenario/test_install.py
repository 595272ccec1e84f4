"""A newcomer's first minute: an empty environment, a clone, the line of the README, and what is said of a missing extra."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
NO_INDEX = re.compile(
    r"NewConnectionError|Temporary failure in name resolution|No matching distribution found|ProxyError"
)


class Newcomer:
    """An empty environment, a copy of the clone, and nothing of this process's paths."""

    def __init__(self, place: Path) -> None:
        self.clone = place / "clone"
        self.home = place / "home"
        self.home.mkdir()
        shutil.copytree(
            ROOT,
            self.clone,
            ignore=shutil.ignore_patterns(".*", "build", "*.egg-info", "__pycache__", "bench"),
        )
        subprocess.run([sys.executable, "-m", "venv", str(place / "env")], check=True)
        self.bin = place / "env" / ("Scripts" if os.name == "nt" else "bin")

    def run(self, command: list[str], cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command of the environment as one typed in its shell."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        found = shutil.which(command[0], path=str(self.bin)) or command[0]
        return subprocess.run(
            [found, *command[1:]],
            cwd=cwd or self.home,
            env={**kept, "PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
            timeout=400,
        )

    def install(self, line: str) -> None:
        """Run a line that installs, in the clone."""
        done = self.run(shlex.split(line, comments=True), self.clone)
        if done.returncode and NO_INDEX.search(done.stderr):
            pytest.skip("no package index can be reached from here")
        assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_readme_s_line_installs_what_the_first_block_needs(tmp_path: Path):
    """Without extras one is told a command, that command works; then the README's line, then its first block."""
    newcomer = Newcomer(tmp_path)
    line = re.search(r"^pip install .*$", README, re.MULTILINE)
    block = re.search(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert line is not None
    assert block is not None

    newcomer.install("python -m pip install -q .")
    told = newcomer.run(["python", "-c", "import orderly_sync; orderly_sync.connect('paper')"])
    command = re.search(r"install it with: (.*)$", told.stderr, re.MULTILINE)
    assert command is not None, told.stderr
    newcomer.install(command[1])
    worked = newcomer.run(
        ["python", "-W", "error", "-c", "import orderly_sync as o; o.connect('paper').stop()"]
    )
    assert (worked.returncode, worked.stderr) == (0, "")
    lacks = newcomer.run(["python", "-m", "orderly_sync", "api", "list"])
    assert lacks.returncode == 1
    assert 'python -m pip install "click' in lacks.stderr

    newcomer.install(line[0])
    for start in (["orderly-sync"], ["python", "-m", "orderly_sync"]):
        done = newcomer.run([*start, "--version"])
        assert done.stdout.startswith("orderly-sync"), done.stderr
    pasted = newcomer.run(["python", "-W", "error", "-c", block[1]])
    assert (pasted.returncode, pasted.stderr) == (0, "")
    assert "FILLED" in pasted.stdout
