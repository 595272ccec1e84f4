"""Sow each defect in turn into a copy of the project and run the tests that must notice: ``python -m tests.selftest``.

Exit status 1 if a defect went unnoticed, or if the tests fail without any.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.selftest.defects import DEFECTS, Defect

ROOT = Path(__file__).resolve().parents[2]
COPIED = (
    "orderly_sync",
    "tests",
    "examples",
    "docs",
    "setup.cfg",
    "setup.py",
    "README.md",
    "CONTRIBUTING.md",
)
LIMIT = 600.0
"""Seconds that the tests of one defect may take; a suite that hangs has noticed, too."""


def main(arguments: Sequence[str]) -> int:
    """Sow and see."""
    parser = argparse.ArgumentParser(prog="python -m tests.selftest", description=__doc__)
    parser.add_argument("--only", help="only defects whose name holds this")
    parser.add_argument(
        "--no-baseline", action="store_true", help="do not run the tests without a defect first"
    )
    options = parser.parse_args(arguments)
    chosen = [one for one in DEFECTS if not options.only or options.only in one.name]
    with tempfile.TemporaryDirectory(prefix="selftest-") as directory:
        copy = Path(directory)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, copy / name)
        if not options.no_baseline and not _baseline(copy, chosen):
            return 1
        unnoticed = [one.name for one in chosen if not _is_noticed(copy, one)]
    print(f"{len(chosen) - len(unnoticed)} of {len(chosen)} defects noticed")
    for name in unnoticed:
        print(f"NOT NOTICED: it {name}")
    return 1 if unnoticed or not chosen else 0


def _baseline(copy: Path, chosen: Sequence[Defect]) -> bool:
    """Whether all those tests pass while nothing is wrong."""
    began = time.monotonic()
    tests = sorted({test for one in chosen for test in one.tests.split()})
    done = _pytest(copy, tests)
    print(f"without a defect: {_words(done)} ({time.monotonic() - began:.0f} s)", flush=True)
    if done.returncode:
        print(done.stdout[-4000:])
    return done.returncode == 0


def _is_noticed(copy: Path, defect: Defect) -> bool:
    file = copy / "orderly_sync" / defect.file
    sound = file.read_text(encoding="utf-8")
    if sound.count(defect.old) != 1:
        raise SystemExit(f"{defect.file} does not hold once what is to be replaced: {defect.old!r}")
    began = time.monotonic()
    try:
        file.write_text(sound.replace(defect.old, defect.new), encoding="utf-8")
        done = _pytest(copy, defect.tests.split(), "-x")
        words = _words(done)
        noticed = done.returncode != 0 and bool(re.search(r"\d+ (failed|errors?)", words))
        if done.returncode != 0 and not noticed:
            raise SystemExit(f"the tests of {defect.name!r} could not be run:\n{done.stdout[-2000:]}")
    except subprocess.TimeoutExpired:
        noticed, words = True, f"still running after {LIMIT:.0f} s"
    finally:
        file.write_text(sound, encoding="utf-8")
    said = "noticed" if noticed else "NOT NOTICED"
    print(f"{said}: it {defect.name}: {words} ({time.monotonic() - began:.0f} s)", flush=True)
    return noticed


def _pytest(copy: Path, tests: Sequence[str], *more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1", "CI": "1"}
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-n",
            "2",
            "--dist",
            "loadfile",
            *more,
            *tests,
        ],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT,
    )


def _words(done: subprocess.CompletedProcess[str]) -> str:
    """The last line of pytest."""
    return (done.stdout.strip().splitlines() or ["nothing was said"])[-1].strip("= ")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
