"""The benchmark, in an environment of its own.

    python bench/run.py                     every table
    python bench/run.py streams --kind algo
    python bench/run.py orders
    python bench/run.py scale
    python bench/run.py growth
    python bench/run.py --help

The clients it compares bring dozens of packages along, so they live in ``.bench`` beside the checkout's ``.venv``,
made on the first run. What cannot be installed is shown as not installed, never as a failure.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_HOME = _HERE.parent
_PLACE = _HOME / ".bench"
_REQUIREMENTS = _HERE / "requirements.txt"


def _python() -> Path:
    return _PLACE / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _stamp() -> str:
    """What the environment was made from: it is made again when that changes."""
    sources = (_REQUIREMENTS, _HOME / "setup.cfg")
    return hashlib.sha256(sys.version.encode() + b"".join(path.read_bytes() for path in sources)).hexdigest()


def _install(*what: str) -> bool:
    command = [str(_python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *what]
    return (
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
        == 0
    )


def _make() -> None:
    """Make the environment; only the project itself is indispensable."""
    print("Making .bench and installing the clients to compare; this happens once.", flush=True)
    venv.create(_PLACE, with_pip=True, clear=True)
    if not _install("-e", str(_HOME)):
        sys.exit("The project cannot be installed into .bench; try: .bench/bin/python -m pip install -e .")
    if not _install("-r", str(_REQUIREMENTS)):
        lines = (line.strip() for line in _REQUIREMENTS.read_text().splitlines())
        for requirement in (line for line in lines if line and not line.startswith("#")):
            if not _install(requirement):
                print(f"  {requirement} cannot be installed here", flush=True)


def main() -> int:
    """Make sure of the environment, then print the tables from within it."""
    marker = _PLACE / "made-from"
    if not marker.is_file() or marker.read_text() != _stamp():
        _make()
        marker.write_text(_stamp())
    return subprocess.run([str(_python()), str(_HERE / "tables.py"), *sys.argv[1:]], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
