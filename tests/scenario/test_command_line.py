"""The command line as people and cron use it: real processes, a venue served apart, terminals, pipes and signals."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

COMMAND = [sys.executable, "-m", "orderly_sync"]
WAIT = 30.0


@pytest.fixture(scope="module")
def line() -> Iterator[str]:
    """The line of a venue in a process of its own."""
    with subprocess.Popen([*COMMAND, "venue", "--seed", "3"], stdout=subprocess.PIPE, text=True) as venue:
        assert venue.stdout is not None
        try:
            yield venue.stdout.readline()
        finally:
            venue.send_signal(signal.SIGTERM)
            assert venue.wait(WAIT) == 0


@pytest.fixture
def environ(line: str, tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ORDERLY_")}
    return {**kept, "ORDERLY_NETWORK": line, "ORDERLY_KEYS": str(tmp_path), "COLUMNS": "100", "LINES": "40"}


def run(environ: dict[str, str], *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environ,
        capture_output=True,
        text=True,
        timeout=WAIT,
        check=False,
        **options,
    )


def test_a_day_at_the_command_line(environ: dict[str, str]) -> None:
    """Doctor, a dry run, an order, the position, the past, and the order is gone: each ends as documented."""
    assert run(environ, "doctor").returncode == 0
    order = ("place", "buy", "ETH", "0.5", "--json")
    assert json.loads(run(environ, *order, "--dry-run").stdout)["sent"] is False
    placed = json.loads(run(environ, *order, "--yes").stdout)
    assert placed["status"] == "FILLED"
    (held,) = json.loads(run(environ, "positions", "--json").stdout)
    assert held["quantity"] == "0.5"
    fills = run(environ, "history", "fills", "--since", "1h", "--csv").stdout.splitlines()
    assert any(str(placed["order_id"]) in row for row in fills[1:])
    gone = run(environ, "cancel", str(placed["order_id"]))
    assert (gone.returncode, gone.stdout, len(gone.stderr.splitlines())) == (1, "", 1)


@pytest.mark.parametrize(
    "command",
    [("watch", "ETH", "--lines", "--interval", "0.05"), ("watch", "ETH", "--json", "--interval", "0.05")],
)
def test_a_reader_that_goes_ends_it_quietly(environ: dict[str, str], command: tuple[str, ...]) -> None:
    """As ``| head -1`` does: no traceback, the exit code of a closed pipe."""
    with subprocess.Popen(
        [*COMMAND, *command], env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as watching:
        assert watching.stdout is not None
        assert watching.stderr is not None
        assert "PERP_ETH_USDC" in watching.stdout.readline()
        watching.stdout.close()
        assert watching.wait(WAIT) == 141
        assert watching.stderr.read() == ""


def test_ctrl_c_ends_lines_with_130(environ: dict[str, str]) -> None:
    """One word on stderr."""
    with subprocess.Popen(
        [*COMMAND, "watch", "ETH", "--lines"],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as watching:
        assert watching.stdout is not None
        assert watching.stderr is not None
        assert watching.stdout.readline()
        watching.send_signal(signal.SIGINT)
        assert watching.wait(WAIT) == 130
        assert watching.stderr.read().strip() == "interrupted"


class Terminal:
    """A command in a terminal of its own, of which all that it draws is kept."""

    def __init__(self, environ: dict[str, str], *arguments: str) -> None:
        self._own, theirs = os.openpty()
        self.process = subprocess.Popen(
            [*COMMAND, *arguments],
            env=environ,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self.drawn = b""

    def read_until(self, words: bytes) -> None:
        end = time.monotonic() + WAIT
        while words not in self.drawn:
            assert time.monotonic() < end, self.drawn[-2000:]
            if select.select([self._own], [], [], 0.1)[0]:
                self.drawn += os.read(self._own, 65536)

    def press(self, key: bytes) -> int:
        """Press a key and see the command end; its exit code."""
        os.write(self._own, key)
        end = time.monotonic() + WAIT
        while self.process.poll() is None:
            assert time.monotonic() < end, "it did not end"
            if select.select([self._own], [], [], 0.05)[0]:
                try:
                    self.drawn += os.read(self._own, 65536)
                except OSError:  # its other end was closed
                    break
        return self.process.wait(WAIT)

    def close(self) -> None:
        os.close(self._own)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


@pytest.mark.parametrize("colours", [{}, {"NO_COLOR": "1"}])
def test_the_full_screen_ends_by_q(environ: dict[str, str], colours: dict[str, str]) -> None:
    """The book was there; the screen that was there before is put back, with its cursor."""
    terminal = Terminal({**environ, "TERM": "xterm", **colours}, "watch", "ETH")
    try:
        terminal.read_until(b"BID")
        assert terminal.press(b"q") == 0
    finally:
        terminal.close()
    assert terminal.drawn.index(b"\x1b[?1049h") < terminal.drawn.index(b"\x1b[?1049l")
    assert (re.search(rb"\x1b\[3[12]m", terminal.drawn) is None) is bool(colours)


def test_a_terminal_that_can_do_nothing_gets_lines(environ: dict[str, str]) -> None:
    """TERM=dumb: nothing is drawn over."""
    terminal = Terminal({**environ, "TERM": "dumb"}, "watch", "ETH", "--interval", "0.1")
    try:
        terminal.read_until(b"PERP_ETH_USDC")
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.press(b"") == 130
    finally:
        terminal.close()
    assert b"\x1b" not in terminal.drawn


def test_a_recording_ends_by_a_signal_and_is_whole(environ: dict[str, str], tmp_path: Path) -> None:
    """SIGTERM, as of a service: exit code 0, and a file that can be told from its first to its last frame."""
    path = tmp_path / "day.jsonl.gz"
    with subprocess.Popen(
        [*COMMAND, "record", str(path), "ETH"], env=environ, stderr=subprocess.PIPE, text=True
    ) as recording:
        assert recording.stderr is not None
        assert "Ctrl-C ends it" in recording.stderr.readline()
        recording.send_signal(signal.SIGTERM)
        assert recording.wait(WAIT) == 0
    told = run(environ, "replay", str(path))
    assert (told.returncode, " 0 not readable" in told.stderr) == (0, True)


def test_doctor_tells_of_a_clock_that_is_off(environ: dict[str, str]) -> None:
    """Of a venue whose clock is 301 s ahead, served as anybody can."""
    command = [*COMMAND, "venue", "--clock-skew", "301"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as venue:
        assert venue.stdout is not None
        try:
            told = run({**environ, "ORDERLY_NETWORK": venue.stdout.readline()}, "doctor")
        finally:
            venue.send_signal(signal.SIGTERM)
    assert told.returncode == 1
    assert re.search(r"XX +clock +this machine's clock is 30[01] s behind the venue's", told.stdout), (
        told.stdout
    )


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_tables_suit_any_console(environ: dict[str, str], encoding: str) -> None:
    """Their lines are of what the console has."""
    told = subprocess.run(
        [*COMMAND, "market"],
        env={**environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
        timeout=WAIT,
        check=False,
    )
    assert (told.returncode, told.stderr) == (0, b"")
    assert "PERP_ETH_USDC" in told.stdout.decode(encoding)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_names_the_command(environ: dict[str, str], shell: str) -> None:
    """And what the shell asks is answered with commands and options."""
    script = run(environ, "completion", shell).stdout
    assert "_ORDERLY_SYNC_COMPLETE" in script
    asked = {
        **environ,
        "_ORDERLY_SYNC_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": "orderly-sync pos",
        "COMP_CWORD": "pos" if shell == "fish" else "1",
    }
    assert "positions" in run(asked).stdout
