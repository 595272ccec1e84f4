"""``orderly-sync venue``: what it is told about how to differ from the documented venue."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from orderly_sync import Network, Rest
from orderly_sync.conformance.capture import AnswerCapture
from orderly_sync.conformance.check import CheckGroup, ConformanceCheck, Difference, agrees, differs
from orderly_sync.conformance.report import ConformanceReport
from orderly_sync.errors import DecodingError

Run = Callable[..., Result]

RENAME = {
    "kind": "rename",
    "where": "GET /v1/public/token",
    "field": "data.rows[].token",
    "to": "coin",
}
ADD = {"kind": "add", "where": "GET /v1/public/token", "field": "data.rows[].listed", "value": True}


def report() -> ConformanceReport:
    """One that found a field more."""
    made = ConformanceReport(
        network="testnet", package="0", python="3", day="2026-11-29", symbol="PERP_ETH_USDC", planned=1
    )
    check = ConformanceCheck(
        name="market.tokens",
        group=CheckGroup.PUBLIC,
        assumption="it is read",
        rests="rest/groups/market.py",
        look=lambda _: agrees("so"),
    )
    found = Difference(what="unknown field", where="x", expected="none", seen="one", deviation=ADD)
    made.add(check, differs(found))
    return made


def tokens(*words: object) -> list[dict[str, Any]]:
    """What a venue that was started so answers, as it came."""
    command = [sys.executable, "-m", "orderly_sync", "venue", *map(str, words)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as venue:
        assert venue.stdout is not None
        capture = AnswerCapture()
        with Rest(Network.from_venue(venue.stdout.readline()), transport=capture) as rest:
            with suppress(DecodingError):  # what is looked at is what was sent
                rest.market.tokens()
            answer = capture.latest()
        capture.close()
        venue.send_signal(signal.SIGTERM)
        assert venue.wait(30) == 0
    assert answer is not None
    rows: list[dict[str, Any]] = json.loads(answer.body)["data"]["rows"]
    return rows


def test_a_venue_deviates_as_a_file_says(tmp_path: Path) -> None:
    """From its first answer on."""
    file = tmp_path / "deviations.json"
    file.write_text(json.dumps([RENAME]))
    rows = tokens("--deviate", file)
    assert rows
    assert all("coin" in row and "token" not in row for row in rows)


def test_a_venue_differs_as_a_report_found(tmp_path: Path) -> None:
    """What a run wrote is enough."""
    file = tmp_path / "report.json"
    file.write_text(report().to_json())
    rows = tokens("--against", file)
    assert rows
    assert all(row["listed"] is True for row in rows)


@pytest.mark.parametrize(
    ("option", "text", "said"),
    [
        ("--deviate", '[{"kind": "dance", "where": "*"}]', "dance"),
        ("--deviate", "[{", "deviations.json"),
        ("--against", "{}", "report"),
    ],
)
def test_what_is_no_such_file(run: Run, tmp_path: Path, option: str, text: str, said: str) -> None:
    """Is one line, and no venue."""
    file = tmp_path / "deviations.json"
    file.write_text(text)
    result = run("venue", option, file)
    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (1, "", 1)
    assert said in result.stderr
