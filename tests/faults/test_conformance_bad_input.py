"""Whatever stands in the way of a conformance run, its report says how far it came and why, and nothing is left open."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import attrs
import pytest

from orderly_sync import Credentials, Rest
from orderly_sync.conformance.check import CheckGroup, Verdict
from orderly_sync.conformance.plan import CHECKS
from orderly_sync.conformance.report import ConformanceReport
from orderly_sync.conformance.report_text import report_text
from orderly_sync.conformance.run import run_conformance
from orderly_sync.conformance.venue_access import ConformanceOptions
from orderly_sync.signing import Secret
from orderly_sync.venue.server.serve import Venue
from tests.support.conformance import open_on
from tests.support.http_host import HttpHost, plain, raw
from tests.support.venue_kit import ETH, VenueKit

FAST = 20.0
TRADE = tuple(one.name for one in CHECKS if one.group is CheckGroup.TRADE)
SOME = ("market.symbols", "orders.list", "order LIMIT", "order MARKET", "market is open")
OPTIONS = ConformanceOptions(
    rate_limits=False, listen=0, speed=FAST, wait=1, trade=True, max_notional=Decimal(100), only=SOME
)


@pytest.fixture
def kit() -> Iterator[VenueKit]:
    """A venue whose market moves."""
    with Venue(seed=7, speed=FAST, rate_limits=False) as venue:
        made = VenueKit(venue)
        yield made
        made.close()


def ran(kit: VenueKit, credentials: Credentials | None = None, **options: object) -> ConformanceReport:
    who = kit.owners[1].credentials if credentials is None else credentials
    return run_conformance(kit.network, who, attrs.evolve(OPTIONS, **options))


def verdicts(report: ConformanceReport) -> dict[object, tuple[object, str]]:
    return {row["name"]: (row["verdict"], str(row["says"])) for row in report.rows}


def ground(report: ConformanceReport) -> dict[object, object]:
    return {row["name"]: row["state"] for row in report.ground}


def test_a_captive_portal() -> None:
    """It answers everything with its page: nothing is asked of it, and no key is shown to it."""
    page = raw(
        plain(b"<html><body>Welcome to our network</body></html>", headers="Content-Type: text/html\r\n")
    )
    with HttpHost(page) as host:
        own = Credentials(account_id="0x" + "ab" * 32, secret=Secret.generate())
        report = run_conformance(host.network, own, attrs.evolve(OPTIONS, trade=False))

        assert report.ended.startswith("the venue cannot be spoken to: ")
        assert report.rows == []
        assert [seen for seen in host.seen if "orderly-key" in seen.headers] == []
    assert "0 of 3 checks were run" in report_text(report)


@pytest.mark.parametrize("secret", ["another", "removed"])
def test_a_key_that_the_venue_does_not_take(kit: VenueKit, secret: str) -> None:
    """What is public is told; the rest could not be, and the report says which step failed."""
    own = kit.owners[1].credentials
    if secret == "another":
        own = Credentials(account_id=own.account_id, secret=Secret.generate())
    else:
        kit.owners[1].rest.keys.remove(orderly_key=own.key)
    report = ran(kit, own)

    told = verdicts(report)
    assert told["market.symbols"][0] == Verdict.AGREES
    assert ground(report)["key"] == "failed"
    assert [told[name][0] for name in ("orders.list", "order LIMIT")] == [Verdict.COULD_NOT_TELL] * 2
    assert told["orders.list"][1].startswith("not asked, since ")
    assert (report.ended, report.left) == ("complete", "nothing was placed")


def test_a_key_without_trading_scope(kit: VenueKit) -> None:
    """Reads are told; orders are refused, one by one, and nothing is there afterwards."""
    reader = kit.newcomer(scope="read")
    kit.client().faucet.usdc(user_address=reader.wallet.address, broker_id="paper")
    report = ran(kit, reader.credentials)

    told = verdicts(report)
    assert told["orders.list"][0] != Verdict.DIFFERS
    assert told["order LIMIT"][0] == Verdict.COULD_NOT_TELL
    assert "scope" in told["order LIMIT"][1] or "-1002" in told["order LIMIT"][1]
    assert open_on(reader.rest) == (0, 0, 0)


def test_too_small_a_balance(kit: VenueKit) -> None:
    """Nothing is placed, and the report says what to do."""
    poor = kit.newcomer()
    told = verdicts(ran(kit, poor.credentials))
    assert told["order LIMIT"][0] == Verdict.COULD_NOT_TELL
    assert "free collateral" in told["order LIMIT"][1]
    assert len(poor.rest.orders.list()) == 0


def test_an_account_in_use(kit: VenueKit) -> None:
    """Its orders and positions are somebody's: nothing is placed, and they are as they were."""
    user = kit.owners[1].rest
    resting = kit.place("BUY", "LIMIT", "0.1", 3000).order_id
    told = verdicts(ran(kit))
    assert "1 open orders" in told["order LIMIT"][1]
    user.orders.cancel(symbol=ETH, order_id=resting)
    kit.buy(1, "0.1")
    told = verdicts(ran(kit))
    assert "has a position" in told["order LIMIT"][1]
    assert open_on(user) == (0, 0, 1)


def test_a_market_that_only_reduces(kit: VenueKit) -> None:
    """Nothing is placed there."""
    where = "GET /v1/public/info/{symbol}"
    kit.venue.faults(
        deviate=[{"kind": "add", "where": where, "field": "data.status", "value": "REDUCE_ONLY"}]
    )
    report = ran(kit)
    told = verdicts(report)
    assert "REDUCE_ONLY" in told["order LIMIT"][1]
    assert "REDUCE_ONLY" in told["market is open"][1]
    assert len(kit.owners[1].rest.orders.list()) == 0


def test_orders_worth_more_than_the_limit(kit: VenueKit) -> None:
    """The smallest that the market takes is more than was allowed."""
    told = verdicts(ran(kit, max_notional=Decimal(2)))
    assert "--max-notional" in told["order LIMIT"][1]
    assert len(kit.owners[1].rest.orders.list()) == 0


def test_maintenance(kit: VenueKit) -> None:
    """Reads are told, orders are not tried."""
    kit.venue.set_maintenance(2)
    report = ran(kit)
    told = verdicts(report)
    assert ground(report)["maintenance"] == "failed"
    assert told["market.symbols"][0] == Verdict.AGREES
    assert told["order LIMIT"][1].startswith("not asked, since ")
    assert report.left == "nothing was placed"


def test_a_venue_that_goes_away_in_the_middle(kit: VenueKit) -> None:
    """The report is there all the same, and says that nothing is known of what is left."""

    def gone(check: object, _: object) -> None:
        if getattr(check, "name", "") == "order LIMIT":
            kit.venue.stop()

    report = run_conformance(
        kit.network, kit.owners[1].credentials, attrs.evolve(OPTIONS, end_within=2.0), told=gone
    )
    assert len(report.rows) == report.planned
    assert "cancel by hand" in report.left


def test_a_run_without_a_key_asks_for_none(kit: VenueKit) -> None:
    """What is public is told, the rest is not planned."""
    report = run_conformance(kit.network, None, attrs.evolve(OPTIONS, trade=False))
    assert {row["group"] for row in report.rows} == {"public"}
    with Rest(kit.network, rate_limits=False) as rest:
        assert rest.market.symbols()
