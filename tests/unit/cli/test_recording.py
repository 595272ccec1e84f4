"""``orderly-sync record`` and ``replay``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from jsonschema import Draft202012Validator

from orderly_sync import connect
from orderly_sync.cli.layouts import LAYOUTS
from orderly_sync.trading.orders import Market
from orderly_sync.venue.server.serve import Venue

Run = Callable[..., Result]


def replayed(run: Run, *arguments: object) -> list[Any]:
    result = run("replay", *arguments, "--json")
    assert result.exit_code == 0, result.stderr
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    for row in rows:
        Draft202012Validator(LAYOUTS["replay"].schema()).validate(row)
    return rows


@pytest.fixture
def day(venue: Venue, tmp_path: Path) -> Path:
    """A recording of one trade."""
    path = tmp_path / "day.jsonl.gz"
    with connect(venue.line(), record=path) as ex:
        ex.place(Market.buy("ETH", quantity="0.5")).wait("filled", 20)
    return path


def test_a_recording_is_made_and_told(run: Run, told: Callable[..., Any], tmp_path: Path) -> None:
    """With its size; the file is new, or the command is refused."""
    path = tmp_path / "a.jsonl"
    row = told("record", path, "ETH", "--for", "0.2")
    assert (row["symbols"], row["bytes"]) == (["PERP_ETH_USDC"], path.stat().st_size)
    assert replayed(run, path, "--topic", "marks", "--symbol", "ETH") is not None
    again = run("record", path, "ETH", "--for", "0.1")
    assert again.exit_code == 2
    assert "name a new file" in again.stderr


def test_its_reports_come_in_their_order(run: Run, day: Path) -> None:
    """The order is new before it is filled; numbers keep their digits."""
    rows = replayed(run, day, "--topic", "orders")
    assert [row["data"]["status"] for row in rows] == ["NEW", "FILLED"]
    assert rows[-1]["event_id"].startswith("executionreport/")
    assert replayed(run, day, "--topic", "orders", "--symbol", "BTC") == []
    assert replayed(run, day, "--topic", "orders", "--until", "2020-01-01") == []


def test_for_people_each_event_is_a_line(run: Run, day: Path) -> None:
    """What it amounts to is on stderr."""
    result = run("replay", day, "--topic", "orders")
    assert len(result.stdout.splitlines()) == 2
    assert "2 events shown" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("nowhere.jsonl",), 2, "cannot replay"),
        (("DAY", "--topic", "trades"), 2, "--symbol"),
        (("DAY", "--since", "2d"), 2, "has no now"),
        (("DAY", "--speed", "-1"), 2, "speed"),
    ],
)
def test_what_cannot_be(run: Run, day: Path, arguments: tuple[str, ...], code: int, words: str) -> None:
    """Is one line."""
    result = run("replay", *(str(day) if one == "DAY" else one for one in arguments))
    assert result.exit_code == code
    assert words in result.stderr


def test_a_file_that_was_cut_short_is_told_up_to_there(run: Run, day: Path) -> None:
    """How much of it could not be read is said."""
    day.write_bytes(day.read_bytes()[:-30])
    result = run("replay", day, "--topic", "orders")
    assert result.exit_code == 0
    assert "1 not readable" in result.stderr
