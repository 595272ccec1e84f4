"""The paper venue passes its own conformance, and the report gives nobody away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from orderly_sync import Credentials, Network
from orderly_sync.conformance.check import Verdict
from orderly_sync.conformance.report import ConformanceReport, read_report
from orderly_sync.conformance.run import run_conformance
from orderly_sync.conformance.venue_access import ConformanceOptions
from orderly_sync.control.served import attach
from orderly_sync.venue.server.serve import Venue

FAST = 20.0
"""How many times faster than the wall clock the venue runs: topics of a minute push every three seconds."""


OPTIONS = ConformanceOptions(rate_limits=False, listen=30, speed=FAST)


class Ran(NamedTuple):
    """A run and what it ran on."""

    report: ConformanceReport
    venue: Venue
    network: Network
    credentials: Credentials


@pytest.fixture(scope="module")
def public() -> Iterator[Ran]:
    """A run without a key."""
    with Venue(seed=7, speed=FAST, rate_limits=False) as venue:
        _, network, credentials = attach(venue.line())
        assert credentials is not None
        report = run_conformance(network, None, OPTIONS)
        yield Ran(report, venue, network, credentials)


def test_the_paper_venue_passes(public: Ran) -> None:
    """Every public operation and topic: nothing differs, all that was planned was run."""
    assert public.report.differences == []
    assert public.report.ended == "complete"
    assert len(public.report.rows) == public.report.planned > 160
    assert public.report.count(Verdict.AGREES) > 120


def test_each_periodic_topic_tells_its_cadence(public: Ran) -> None:
    """Within the run, by the frames' own times."""
    rows = [row for row in public.report.rows if str(row["name"]).startswith("topic ")]
    told = {
        row["name"]: row["measured"]["cadence_ms"]  # type: ignore[index]
        for row in rows
        if "cadence_ms" in row["measured"]  # type: ignore[operator]
    }
    assert len(told) == 16
    assert None not in told.values()


def test_a_report_can_be_read_again(public: Ran) -> None:
    """And is one JSON object with nothing of this machine in it."""
    text = public.report.to_json()
    assert read_report(text) == public.report
    assert json.loads(text)["verdicts"]["differs"] == 0
    assert public.venue.urls["rest"].rpartition(":")[2] not in json.dumps(public.report.rows)
