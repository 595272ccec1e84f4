"""Other people's clients, unmodified but for their base URLs, against a paper venue: status 0 if all their checks held.

    python interop/run.py                       all of them
    python interop/run.py official_connector    one of them

It makes ``.interop``, an environment of its own, starts and ends a venue for each check, and gives it three minutes.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import venv
from collections.abc import Iterator
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_PLACE = _HERE.parent / ".interop"
_REQUIREMENTS = _HERE / "requirements.txt"
_CHECKS = ("official_connector", "ccxt_check")
_START_LIMIT = 30
_CHECK_LIMIT = 180
_STOP_LIMIT = 10


def _python() -> Path:
    return _PLACE / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _prepare() -> None:
    """Make the environment on the first run, and again when its requirements change."""
    stamp = hashlib.sha256(sys.version.encode() + _REQUIREMENTS.read_bytes()).hexdigest()
    marker = _PLACE / "made-from"
    if marker.is_file() and marker.read_text() == stamp:
        return
    print("Making .interop and installing the clients into it; this happens once.", flush=True)
    venv.create(_PLACE, with_pip=True, clear=True)
    pip = [str(_python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*pip, "-r", str(_REQUIREMENTS)], check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"the clients cannot be installed:\n{done.stderr.strip()}")
    marker.write_text(stamp)


def _first_line(running: subprocess.Popen[str]) -> str:
    """What the venue prints when it listens; empty if it does not within the limit."""
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=lambda: lines.put(running.stdout.readline()), daemon=True).start()
    with contextlib.suppress(queue.Empty):
        return lines.get(timeout=_START_LIMIT)
    return ""


def _end(running: subprocess.Popen[str]) -> None:
    """Ask it to end, then see to it."""
    if running.poll() is None:
        running.terminate()
    try:
        running.wait(_STOP_LIMIT)
    except subprocess.TimeoutExpired:
        running.kill()
        running.wait()


@contextlib.contextmanager
def _venue() -> Iterator[dict]:
    """A paper venue in a process of its own: the JSON line it printed."""
    script = Path(sys.executable).with_name("orderly-sync.exe" if os.name == "nt" else "orderly-sync")
    command = [str(script), "venue", "--port", "0", "--seed", "7", "--market", "frozen"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = _first_line(running)
        if not line:
            sys.exit("the venue did not start: " + " ".join(command))
        yield json.loads(line)
    finally:
        _end(running)


def _check(name: str, venue: dict) -> bool:
    """Run one client in its own process group, so that nothing it starts outlives it."""
    print(f"\n{name}", flush=True)
    surroundings = {
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        # The connector takes the base URLs of its testnet from these.
        "ORDERLY_TEST_URL": venue["rest"],
        "ORDERLY_TEST_PUBLIC_WS_URL": venue["ws_public"],
        "ORDERLY_TEST_PRIVATE_WS_URL": venue["ws_private"],
    }
    command = [str(_python()), str(_HERE / f"{name}.py")]
    with subprocess.Popen(
        command, env=surroundings, stdin=subprocess.PIPE, text=True, start_new_session=os.name != "nt"
    ) as running:
        try:
            running.stdin.write(json.dumps(venue))
            running.stdin.close()
            status = running.wait(_CHECK_LIMIT)
        except subprocess.TimeoutExpired:
            print(f"  not done within {_CHECK_LIMIT} s", flush=True)
            status = 1
        finally:
            _end_group(running)
    return status == 0


def _end_group(running: subprocess.Popen[str]) -> None:
    if os.name == "nt":
        running.kill()
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)


def main() -> int:
    """Run the checks; 0 if all held."""
    names = sys.argv[1:] or _CHECKS
    if unknown := set(names) - set(_CHECKS):
        sys.exit(f"no check called {', '.join(sorted(unknown))}; there are {', '.join(_CHECKS)}")
    _prepare()
    failed = []
    for name in names:
        # Each gets a fresh venue: what one leaves behind is no concern of the next.
        with _venue() as venue:
            if not _check(name, venue):
                failed.append(name)
    print(f"\nfailed: {', '.join(failed)}" if failed else "\nall held", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
