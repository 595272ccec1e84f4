"""The code blocks of pages, run as their reader would run them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def blocks(text: str) -> list[str]:
    """The Python blocks of a page, in order."""
    return re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def pasted(block: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a block as its reader would: with the commands of this environment, and each warning an error."""
    return run([sys.executable, "-W", "error", "-c", block], **environ)


def run(command: list[str], cwd: Path = ROOT, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command that finds those of this environment, and the package of this checkout."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), **environ},
        timeout=100,
    )
