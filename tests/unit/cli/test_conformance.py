"""``orderly-sync conformance``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from jsonschema import Draft202012Validator

from orderly_sync.cli.layouts import LAYOUTS
from orderly_sync.conformance.assumptions import untold
from orderly_sync.conformance.plan import CHECKS
from orderly_sync.conformance.report import read_report
from orderly_sync.signing import Secret

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
    """With what it tests, then the assumptions that no run can tell, and why; nobody is asked."""
    lines = run("conformance", "--list").stdout.splitlines()
    told = [line for line in lines if not line.startswith("none ")]
    assert len(told) == len(CHECKS)
    assert all(
        check.name in line and check.assumption in line for check, line in zip(CHECKS, told, strict=True)
    )
    assert len(lines) - len(told) == len(list(untold())) > 20


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--trade",), "--max-notional"),
        (("--trade", "--max-notional", "1e2x"), "--max-notional"),
        (("--listen", "-1"), "--listen"),
        (("--symbol", "no market"), "no market"),
    ],
)
def test_what_cannot_be_right(run: Run, place: str, words: tuple[str, ...], said: str) -> None:
    """Is exit code 2 and one line; nobody was asked."""
    result = run("conformance", place, *words)
    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (2, "", 1)
    assert said in result.stderr


def test_real_money_must_be_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a key must be there to trade with."""
    result = run("conformance", "mainnet", "--trade", "--max-notional", "50")
    assert (result.exit_code, "takes a key" in result.stderr) == (2, True)
    monkeypatch.setenv("ORDERLY_ACCOUNT_ID", "0x" + "ab" * 32)
    monkeypatch.setenv("ORDERLY_SECRET", Secret.generate().reveal())
    result = run("conformance", "mainnet", "--trade", "--max-notional", "50")
    assert (result.exit_code, "--yes-mainnet" in result.stderr) == (2, True)


def test_a_venue_that_is_not_there(run: Run) -> None:
    """Exit code 3, and the report says that it came nowhere, and why."""
    result = run("conformance", "http://127.0.0.1:1", "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 3
    assert told["rows"] == []
    assert told["ended"].startswith("the venue cannot be spoken to: ")
