"""The paper venue passes its own conformance, and the report gives nobody away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

import base58
import pytest

from orderly_sync import Credentials, Network, Rest
from orderly_sync.conformance.check import Verdict
from orderly_sync.conformance.report import ConformanceReport, read_report
from orderly_sync.conformance.report_text import report_text
from orderly_sync.conformance.run import run_conformance
from orderly_sync.conformance.venue_access import ConformanceOptions
from orderly_sync.control.served import attach
from orderly_sync.signing import PREFIX
from orderly_sync.venue.server.serve import Venue
from tests.support.conformance import open_on
from tests.test_secrets import canaries

FAST = 20.0
"""How many times faster than the wall clock the venue runs: topics of a minute push every three seconds."""


OPTIONS = ConformanceOptions(rate_limits=False, listen=30, speed=FAST, trade=True, max_notional=Decimal(100))


class Ran(NamedTuple):
    """A run and what it ran on."""

    report: ConformanceReport
    venue: Venue
    network: Network
    credentials: Credentials


@pytest.fixture(scope="module")
def ran() -> Iterator[Ran]:
    """A run of everything: with a key, and with orders."""
    with Venue(seed=7, speed=FAST, rate_limits=False) as venue:
        _, network, credentials = attach(venue.line())
        assert credentials is not None
        report = run_conformance(network, credentials, OPTIONS)
        yield Ran(report, venue, network, credentials)


def test_the_paper_venue_passes(ran: Ran) -> None:
    """Every operation that reads, every topic, every kind of order: nothing differs, and all that was planned was run."""
    assert ran.report.differences == []
    assert ran.report.ended == "complete"
    assert len(ran.report.rows) == ran.report.planned > 320
    assert [row["name"] for row in ran.report.rows if "broke" in str(row["says"])] == []
    assert ran.report.count(Verdict.AGREES) > 270


def test_a_run_that_trades_ends_flat(ran: Ran) -> None:
    """Without open orders, and says so; every check that places orders learnt something."""
    rows = [row for row in ran.report.rows if row["group"] == "trade"]
    assert len(rows) > 28
    assert [row["name"] for row in rows if row["verdict"] != "agrees"] == []
    assert ran.report.left == "no open orders, no position"
    with Rest(ran.network, ran.credentials, rate_limits=False) as rest:
        assert open_on(rest) == (0, 0, 0)


def test_each_periodic_topic_tells_its_cadence(ran: Ran) -> None:
    """Within the run, by the frames' own times."""
    rows = [row for row in ran.report.rows if str(row["name"]).startswith("topic ")]
    told = {
        row["name"]: row["measured"]["cadence_ms"]  # type: ignore[index]
        for row in rows
        if "cadence_ms" in row["measured"]  # type: ignore[operator]
    }
    assert len(told) == 16
    assert None not in told.values()


def test_a_report_can_be_read_again(ran: Ran) -> None:
    """And is one JSON object with nothing of this machine in it."""
    text = ran.report.to_json()
    assert read_report(text) == ran.report
    assert json.loads(text)["verdicts"]["differs"] == 0
    assert ran.venue.urls["rest"].rpartition(":")[2] not in json.dumps(ran.report.rows)


def test_a_report_gives_nobody_away(ran: Ran) -> None:
    """Neither ids, keys and addresses of the venue's accounts, nor what the account holds; nor half of a secret."""
    texts = [ran.report.to_json(), report_text(ran.report)]
    for account in ran.venue.accounts:
        seed = base58.b58decode(account.orderly_secret.removeprefix(PREFIX))
        bare = [account.account_id[2:14], account.orderly_key[8:20], account.address[2:14]]
        for text in texts:
            assert [one for one in canaries(account.orderly_secret, seed) if one in text] == []
            assert [one for one in bare if one.lower() in text.lower()] == []
    with Rest(ran.network, ran.credentials, rate_limits=False) as rest:
        orders = [str(row.order_id) for row in rest.orders.list(size=100)]
        trades = [str(row.id) for row in rest.orders.fills(size=100)]
        held = rest.assets.holding().holding[0].holding
        ip = rest.system.ip_info().ip
    assert held
    assert len(orders) > 10
    assert [one for one in (*orders, *trades) if one in texts[0]] == []
    assert [text for text in texts if format(held, "f") in text or str(ip) in text] == []
