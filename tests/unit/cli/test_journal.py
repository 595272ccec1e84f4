"""``orderly-sync journal``."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from orderly_sync.cli.journal import journal
from tests.support.journals import NOW, fill_row, filled_file, opened


def run(*arguments: object) -> Result:
    """The command with these arguments."""
    return CliRunner().invoke(journal, [str(one) for one in arguments])


def test_every_report_is_a_line_in_its_order(tmp_path: Path) -> None:
    """With its time in UTC, its state and its id."""
    filled_file(tmp_path / "bot.db", count=4)
    result = run("show", tmp_path / "bot.db")

    lines = result.output.splitlines()
    assert [line.split()[2] for line in lines] == [f"executionreport/{10 + n}/fill/{n}" for n in range(4)]
    assert [line.split()[1] for line in lines] == ["delivered"] * 3 + ["received"]
    assert lines[0].startswith("2026-09-21T")


def test_what_nobody_took_as_json(tmp_path: Path) -> None:
    """All that the report says is in it."""
    filled_file(tmp_path / "bot.db", count=8)
    rows = [
        json.loads(line)
        for line in run("show", tmp_path / "bot.db", "--json", "--undelivered").output.splitlines()
    ]

    assert [row["body"]["tradeId"] for row in rows] == [6, 7]
    assert {row["state"] for row in rows} == {"received"}


@pytest.mark.parametrize(
    ("since", "count"),
    [(NOW * 1000, 1), (NOW * 1000 + 1, 0), ("2026-09-21", 1), ("2026-09-21T00:00+00:00", 1), (0, 2)],
)
def test_since_a_time(tmp_path: Path, since: object, count: int) -> None:
    """Milliseconds, a date, a time with or without its zone."""
    store = opened(tmp_path / "bot.db")
    store.begin()
    store.receive([fill_row(1, 1, at=1_000), fill_row(1, 2)])
    store.commit()
    result = run("show", tmp_path / "bot.db", "--since", since)  # while a client holds it open
    store.close()

    assert len(result.output.splitlines()) == count


def test_a_senseless_time_is_one_sentence(tmp_path: Path) -> None:
    """That says what to give."""
    filled_file(tmp_path / "bot.db")
    result = run("show", tmp_path / "bot.db", "--since", "yesterday")

    assert result.exit_code == 1
    assert "is no time; give 2026" in result.output


def test_a_whole_file_is_said_to_be_whole(tmp_path: Path) -> None:
    """With what it holds."""
    filled_file(tmp_path / "bot.db", count=8)
    result = run("check", tmp_path / "bot.db")

    assert result.exit_code == 0
    assert "whole; 6 reports delivered, 2 not; 0 orders placed; received until 2026-09-21T" in result.output


@pytest.mark.parametrize(
    "change", ["UPDATE events SET filled = '7'", "UPDATE meta SET value = '0'", "DROP TABLE orders"]
)
def test_a_changed_file_is_told_and_left_as_it_is(tmp_path: Path, change: str) -> None:
    """The exit code is 1."""
    path = tmp_path / "bot.db"
    filled_file(path)
    with sqlite3.connect(path) as db:
        db.execute(change)
    db.close()
    before = path.read_bytes()
    result = run("check", path)

    assert result.exit_code == 1
    assert "damaged or no journal" in result.output
    assert path.read_bytes() == before


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    """Whatever it is."""
    path = tmp_path / "notes.txt"
    path.write_text("hello " * 100)

    assert "damaged or no journal" in run("show", path).output
