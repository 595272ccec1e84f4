"""``orderly-sync doctor``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from jsonschema import Draft202012Validator

from orderly_sync.checks.checks import CHECKS
from orderly_sync.cli.layouts import LAYOUTS
from orderly_sync.clock import SkewedClock
from orderly_sync.venue.server.serve import Venue

Run = Callable[..., Result]


@pytest.fixture
def skewed(request: pytest.FixtureRequest) -> Iterator[Venue]:
    with Venue(rate_limits=False, clock=SkewedClock(request.param)) as running:
        yield running


def findings(run: Run, *arguments: str) -> tuple[int, dict[str, Any]]:
    result = run("doctor", "--json", *arguments)
    rows = json.loads(result.stdout)
    Draft202012Validator(LAYOUTS["doctor"].schema()).validate(rows)
    assert [row["name"] for row in rows] == [check.name for check in CHECKS]
    return result.exit_code, {row["name"]: row for row in rows}


def test_on_paper_all_is_well(run: Run, tmp_path: Path) -> None:
    """Nothing fails, and what says nothing was skipped for a reason."""
    code, found = findings(run, "--folder", str(tmp_path))
    assert (code, [one for one in found.values() if one["state"] == "failed"]) == (0, [])
    assert found["scopes"]["says"] == "asset, read, trading"
    assert list(tmp_path.glob(".orderly*")) == []


@pytest.mark.parametrize(
    ("skewed", "state", "words"),
    [
        (301_000, "failed", r"30[01] s behind"),
        (-400_000, "failed", r"(399|400) s ahead of"),
        (20_000, "warning", r"(19|20) s behind"),
    ],
    indirect=["skewed"],
)
def test_a_clock_that_is_off_is_told(run: Run, skewed: Venue, state: str, words: str) -> None:
    """With the way to set it; beyond what the venue takes it is a failure."""
    code, found = findings(run, "--network", skewed.line())
    assert code == (1 if state == "failed" else 0)
    assert found["clock"]["state"] == state
    assert re.search(words, found["clock"]["says"])
    assert "timedatectl" in found["clock"]["advice"]


def test_a_venue_that_is_not_there(run: Run) -> None:
    """What cannot be looked at without it is skipped, and says so."""
    code, found = findings(run, "--network", "http://127.0.0.1:9")
    assert code == 1
    assert found["tls"]["state"] == "failed"
    assert {found[name]["state"] for name in ("rest", "clock", "key", "ip list")} == {"skipped"}
    assert found["python"]["state"] == "ok"


def test_a_key_that_the_venue_does_not_know(run: Run, venue: Venue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails by its name; what stands on it is skipped."""
    monkeypatch.setenv("ORDERLY_ACCOUNT_ID", venue.accounts[0].account_id)
    monkeypatch.setenv("ORDERLY_SECRET", "ed25519:AFmQSju4FhDwG93cMdKogcnKx7SWmViDtDv5PVzfvRDF")
    code, found = findings(run, "--network", venue.urls["rest"])
    assert (code, found["key"]["state"], found["account"]["state"]) == (1, "failed", "skipped")


def test_without_an_account_the_rest_is_checked(run: Run, venue: Venue) -> None:
    """A reader of market data is told so, and nothing is wrong."""
    code, found = findings(run, "--network", venue.urls["rest"])
    assert (code, found["key"]["state"]) == (0, "skipped")
    assert "only market data" in found["key"]["says"]


def test_a_folder_that_cannot_be_written(run: Run, place: str, tmp_path: Path) -> None:
    """Fails, with what to do."""
    code, found = findings(run, "--network", place, "--folder", str(tmp_path / "nowhere"))
    assert (code, found["journal folder"]["state"]) == (1, "failed")
    assert "--folder" in found["journal folder"]["advice"]


def test_for_people_each_check_is_a_line(run: Run, place: str) -> None:
    """And each advice another."""
    lines = run("doctor", "--network", place).stdout.splitlines()
    assert [line[4:20].strip() for line in lines if line[:2].strip()] == [check.name for check in CHECKS]
