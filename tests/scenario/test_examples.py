"""The examples run as a newcomer would run them, each in a process of its own, with every warning an error."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from orderly_sync.venue.server.serve import Venue

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
WAIT = 90.0


def command(name: str, *arguments: str) -> list[str]:
    return [sys.executable, "-X", "dev", "-W", "error", "-u", str(EXAMPLES / name), *arguments]


def run(name: str, *arguments: str) -> str:
    """Run an example to its end; what it printed."""
    done = subprocess.run(
        command(name, *arguments), capture_output=True, text=True, timeout=WAIT, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_algo_reports_tells_of_every_report():
    """A stop and a bracket, up to the leg that was cancelled."""
    told = run("algo_reports.py")
    assert "STOP: FILLED" in told
    assert "TAKE_PROFIT: FILLED" in told
    assert "STOP_LOSS: CANCELLED" in told


def test_ctrl_c_ends_the_grid_bot_with_its_orders_cancelled():
    """Exit status 0, no order left, its PnL told."""
    with subprocess.Popen(
        command("grid_bot.py"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as bot:
        assert bot.stdout is not None
        assert bot.stdout.readline().startswith("10 orders")
        bot.send_signal(signal.SIGINT)
        told, errors = bot.communicate(timeout=WAIT)
    assert (bot.returncode, errors) == (0, "")
    assert "\n0 orders left" in told
    assert "PnL" in told


def test_the_grid_bot_turns_fills_around():
    """Bounded by a number of fills."""
    told = run("grid_bot.py", "--turns", "2", "--levels", "2", "--step", "1")
    assert len([line for line in told.splitlines() if line.startswith(("BUY", "SELL"))]) == 2
    assert "\n0 orders left" in told


def test_the_bot_on_a_faulty_venue_loses_and_repeats_nothing():
    """Though answers were lost and connections cut: each fault struck, and its fills are those of the ledger."""
    told = run("faulty_venue.py", "--orders", "20", "--seed", "3")
    assert "20 fills" in told
    assert "0 lost, 0 repeated" in told
    assert "cut struck 0" not in told
    assert "lose_answer struck 0" not in told


def test_fills_are_kept_exactly_once(tmp_path: Path):
    """In a table of the user's, in the journal's own file."""
    path = tmp_path / "bot.db"
    told = run("exactly_once.py", "--journal", str(path), "--trades", "2")
    with sqlite3.connect(path) as db:
        kept = [row[0] for row in db.execute("SELECT id FROM fills ORDER BY id")]
    db.close()
    assert sorted(line.split()[1] for line in told.splitlines()) == kept
    assert len(kept) == 2


def test_book_watch_shows_the_book():
    """Without a key."""
    assert "spread" in run("book_watch.py", "--seconds", "0.1")


def test_a_replay_tells_the_same_reports(tmp_path: Path):
    """The recording is kept where it was asked for."""
    path = tmp_path / "day.jsonl.gz"
    assert "\nthe same reports" in run("record_replay.py", str(path))
    assert path.exists()


def test_paper_on_live_follows_another_venue():
    """Here a second venue stands for the live one."""
    with Venue(seed=1, market="volatile", speed=5) as other:
        told = run("paper_on_live.py", "--follow", other.urls["ws_public"], "--seconds", "2")
    assert "holding" in told
    assert "USDC" in told.splitlines()[-1]


def test_the_legacy_loop_goes_round():
    """Each round an event or the housekeeping."""
    told = run("legacy_loop.py", "--rounds", "3").splitlines()
    assert [line.split(":")[0] for line in told] == ["1", "2", "3"]


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.glob("*.py")))
def test_every_example_says_how_to_run_it(name: str):
    """Its first line says what it is, and the command stands below."""
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    assert text.startswith('"""')
    assert f"python examples/{name}" in text
