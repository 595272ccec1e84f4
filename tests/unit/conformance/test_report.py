"""The report: what is written can be read, what is none is refused in one line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from orderly_sync.conformance.check import (
    CheckGroup,
    CheckResult,
    ConformanceCheck,
    Difference,
    Verdict,
    agrees,
    could_not_tell,
    differs,
)
from orderly_sync.conformance.report import ConformanceReport, read_report
from orderly_sync.conformance.report_text import report_text
from orderly_sync.errors import DecodingError

LATE = {"kind": "cadence", "where": "*@ticker", "ms": 3000}


def check(name: str) -> ConformanceCheck:
    def look(_: Any) -> CheckResult:
        return agrees("as expected")

    return ConformanceCheck(
        name=name, group=CheckGroup.PUBLIC, assumption="it is so", rests="live/book.py", look=look
    )


@pytest.fixture
def report() -> ConformanceReport:
    """Three checks, one of each verdict."""
    made = ConformanceReport(
        network="testnet",
        package="0.1.0",
        python="3.11.7",
        day="2026-11-29",
        symbol="PERP_ETH_USDC",
        planned=4,
    )
    made.add(check("one"), agrees("5 objects read", ms=12))
    late = Difference(
        what="cadence", where="*@ticker", expected="every 1 s", seen="every 3 s", deviation=LATE
    )
    made.add(check("two"), differs(late, late))
    made.add(check("three"), could_not_tell("nothing to show"))
    made.ground.append({"name": "clock", "state": "warning", "says": "it is off", "advice": "turn on NTP"})
    made.ended = "interrupted after the check three"
    return made


def test_what_was_written_can_be_read(report: ConformanceReport) -> None:
    """All of it."""
    assert read_report(report.to_json()) == report


def test_counts_and_differences(report: ConformanceReport) -> None:
    """Each difference with its check; a deviation once."""
    assert [report.count(verdict) for verdict in Verdict] == [1, 1, 1]
    assert [one["check"] for one in report.differences] == ["two", "two"]
    assert report.deviations() == [LATE]
    assert report.named("one")["measured"] == {"ms": 12}
    with pytest.raises(KeyError):
        report.named("four")


def test_the_page_begins_with_what_differs(report: ConformanceReport) -> None:
    """How far it came, what to do about the machine, and each difference whole."""
    page = report_text(report)
    assert "3 of 4 checks were run: 1 agrees, 1 differs, 1 could not tell" in page
    assert "ended: interrupted after the check three" in page
    assert "-> turn on NTP" in page
    assert "cadence at *@ticker: expected every 1 s, seen every 3 s" in page
    assert page.index("XX  two") < page.index("??  three") < page.index("ok  one")
    assert page.isascii()


@pytest.mark.parametrize(
    "change",
    [
        lambda told: [],
        lambda told: {**told, "report": "another"},
        lambda told: {**told, "version": 99},
        lambda told: {name: one for name, one in told.items() if name != "shapes"},
        lambda told: {**told, "rows": [{"name": "one"}]},
    ],
)
def test_what_is_no_report(report: ConformanceReport, change: Any) -> None:
    """Is said in one line."""
    with pytest.raises(DecodingError):
        read_report(json.dumps(change(json.loads(report.to_json()))))
    with pytest.raises(DecodingError):
        read_report("no JSON")
