"""The wheel alone, as a user installs it: ``python .ci/wheel.py``; ``make wheel``.

Builds it, and on every Python from 3.10 to 3.13 that is found installs it into a new environment without this folder:
pip check must find nothing, the import must take less than 0.35 s of CPU (the median of seven, so that what else the
machine does is not counted), and a command without its extra must say which one it needs. On this Python each extra is
then installed by itself into an environment of its own and used. Exits 1 if one of these does not hold.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VERSIONS = ("3.10", "3.11", "3.12", "3.13")
ALLOWED = 0.35
"""Seconds of CPU that the import may take."""
RUNS = 7
_ROWS = (
    "from orderly_sync.models.base import Rows; from orderly_sync.models.market import PriceHistory;"
    "rows = Rows([PriceHistory(symbol='PERP_ETH_USDC')])"
)
USES = {
    "paper": "from orderly_sync import connect; ex = connect('paper'); print(ex.status); ex.stop()",
    "cli": "import subprocess, sys; subprocess.run([sys.executable, '-m', 'orderly_sync', 'api', 'list'], check=True)",
    "wallet": "from orderly_sync import Wallet; print(Wallet('0x' + '11' * 32).address)",
    "keyring": "import keyring; from orderly_sync import Credentials",
    "notebook": f"{_ROWS}; print(rows.df, rows._repr_html_()); import plotly, tqdm, IPython",
    "arrow": f"{_ROWS}; print(rows.arrow)",
    "polars": f"{_ROWS}; print(rows.to_polars())",
    "redis": "import redis; from orderly_sync import Relay; print(Relay)",
}
"""What each extra is there for, used without the others."""


def run(*command: str | Path, **more: object) -> subprocess.CompletedProcess[str]:
    """A command outside this folder, with its output."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    options: dict[str, object] = {"cwd": "/", "env": clean, **more}
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, **options
    )  # type: ignore[call-overload,no-any-return]


def found(version: str) -> Path | None:
    """A Python of that version that runs."""
    home = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    on_path = shutil.which(f"python{version}")
    for one in (on_path, *sorted((home / "versions").glob(f"{version}.*/bin/python"))):
        if one is not None and run(one, "-c", "import venv, ensurepip").returncode == 0:
            return Path(one)
    return None


def installed(python: Path, wheel: Path, extra: str, place: Path) -> Path:
    """A new environment with the wheel and one extra; its Python."""
    run(python, "-m", "venv", place)
    own = place / "bin" / "python"
    wanted = f"{wheel}[{extra}]" if extra else str(wheel)
    done = run(own, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wanted)
    if done.returncode:
        raise SystemExit(f"{wanted} cannot be installed: {done.stderr.strip()[-400:]}")
    return own


def seconds(python: Path, script: str) -> float:
    """The median CPU time of a script in a process of its own, that of the interpreter included."""

    def once(text: str) -> float:
        before = os.times()
        done = run(python, "-c", text)
        if done.returncode:
            raise SystemExit(done.stderr)
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    once(script)
    return statistics.median(once(script) for _ in range(RUNS))


def core(version: str, python: Path, wheel: Path, place: Path) -> list[str]:
    """What is wrong with the wheel alone."""
    own = installed(python, wheel, "", place)
    wrong = []
    checked = run(own, "-m", "pip", "check")
    if checked.returncode:
        wrong.append(f"pip check: {checked.stdout.strip()}")
    package, client = seconds(own, "import orderly_sync"), seconds(own, "from orderly_sync import connect")
    if max(package, client) > ALLOWED:
        wrong.append(f"importing takes {max(package, client):.2f} s")
    lacking = run(own, "-m", "orderly_sync", "demo")
    if lacking.returncode != 1 or "pip install" not in lacking.stderr or "Traceback" in lacking.stderr:
        wrong.append(f"without the extra the command says {lacking.stderr.strip()[-200:]!r}")
    say(f"Python {version}: the package {package * 1000:.0f} ms, the client {client * 1000:.0f} ms", wrong)
    return wrong


def with_extra(extra: str, wheel: Path, place: Path) -> list[str]:
    """What is wrong with one extra by itself."""
    own = installed(Path(sys.executable), wheel, extra, place)
    wrong = [
        done.stderr.strip()[-400:] for done in [run(own, "-W", "error", "-c", USES[extra])] if done.returncode
    ]
    checked = run(own, "-m", "pip", "check")
    if checked.returncode:
        wrong.append(f"pip check: {checked.stdout.strip()}")
    say(f"with [{extra}]", wrong)
    return wrong


def say(what: str, wrong: list[str]) -> None:
    """One line, and what is wrong below."""
    sys.stdout.write("\n  ".join([f"{what}: {'wrong' if wrong else 'good'}", *wrong]) + "\n")
    sys.stdout.flush()


def main() -> int:
    """All of it; 1 if something is wrong."""
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        built = run(
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"),
            *("--wheel-dir", place, ROOT),
        )
        if built.returncode:
            raise SystemExit(built.stderr)
        (wheel,) = place.glob("*.whl")
        for version in VERSIONS:
            python = found(version)
            if python is None:
                say(f"Python {version}: not installed", [])
            else:
                wrong += core(version, python, wheel, place / version)
        for extra in USES:
            wrong += with_extra(extra, wheel, place / extra)
            shutil.rmtree(place / extra)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
