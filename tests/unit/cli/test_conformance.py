"""``orderly-sync conformance``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result
from jsonschema import Draft202012Validator

from orderly_sync.cli.layouts import LAYOUTS
from orderly_sync.conformance.plan import CHECKS
from orderly_sync.conformance.report import read_report

Run = Callable[..., Result]


def test_a_part_of_it_as_json(run: Run, place: str, tmp_path: Path) -> None:
    """By the names of checks; the file holds the same report."""
    file = tmp_path / "report.json"
    result = run("conformance", place, "--only", "market.*", "--json", "-o", file)
    told = json.loads(result.stdout)

    assert result.exit_code == 0, result.stderr
    Draft202012Validator(LAYOUTS["conformance"].schema()).validate(told)
    assert all(row["name"].startswith("market.") for row in told["rows"])
    assert read_report(file.read_text()).rows == told["rows"]


def test_the_page_for_people(run: Run, place: str, tmp_path: Path) -> None:
    """On stdout, and in a file of that kind."""
    file = tmp_path / "report.txt"
    result = run("conformance", place, "--only", "market.symbols", "-o", file)
    assert "1 of 1 checks were run: 1 agrees" in result.stdout
    assert file.read_text() == result.stdout


def test_the_list_names_every_check(run: Run) -> None:
    """With what it tests; nobody is asked."""
    lines = run("conformance", "--list").stdout.splitlines()
    assert len(lines) == len(CHECKS)
    assert all(
        check.name in line and check.assumption in line for check, line in zip(CHECKS, lines, strict=True)
    )


def test_a_venue_that_is_not_there(run: Run) -> None:
    """Exit code 3, and the report says that it came nowhere, and why."""
    result = run("conformance", "http://127.0.0.1:1", "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 3
    assert told["rows"] == []
    assert told["ended"].startswith("the venue cannot be spoken to: ")
