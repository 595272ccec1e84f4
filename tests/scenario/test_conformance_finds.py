"""Each deviation of a venue is found by conformance, and named: by its check, its kind, and where it is.

Several stand in one run where they do not hide each other. What a run found, another venue repeats from its report.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import attrs
import pytest

from orderly_sync.conformance.check import CheckGroup
from orderly_sync.conformance.plan import CHECKS
from orderly_sync.conformance.report import ConformanceReport, read_report
from orderly_sync.conformance.run import run_conformance
from orderly_sync.conformance.venue_access import ConformanceOptions
from orderly_sync.control.served import attach
from orderly_sync.venue.server.serve import Venue

FAST = 20.0
OPTIONS = ConformanceOptions(rate_limits=False, listen=4, speed=FAST, wait=1, max_notional=Decimal(100))
TRADE = tuple(one.name for one in CHECKS if one.group is CheckGroup.TRADE)
READS = ("orders.*", "topic *", "order of rows of list", "page limit of list")


class Planted(NamedTuple):
    """A deviation, and how it must be named."""

    check: str
    what: str
    where: str
    deviation: dict[str, Any]


def planted(check: str, what: str, place: str, kind: str, where: str, **given: Any) -> Planted:
    return Planted(check, what, place, {"kind": kind, "where": where, **given})


MARKET: tuple[Planted, ...] = (
    planted(
        "market.symbols",
        "unknown field",
        "data.rows[].tick",
        "rename",
        "GET /v1/public/info",
        field="data.rows[].quote_tick",
        to="tick",
    ),
    planted("market.futures", "envelope", "data", "lift", "GET /v1/public/futures", field="data"),
    planted("market.tokens", "envelope", "timestamp", "remove", "GET /v1/public/token", field="timestamp"),
    planted(
        "assets.holding",
        "unknown field",
        "data.holding[].yield",
        "add",
        "GET /v1/client/holding",
        field="data.holding[].yield",
        value=0.5,
    ),
    planted(
        "config.leverages",
        "unknown value",
        "data.rows[].margin_mode",
        "add",
        "GET /v1/client/leverages",
        field="data.rows[].margin_mode",
        value="PORTFOLIO",
    ),
    planted(
        "market.futures_info",
        "number spelling",
        "data.mark_price",
        "text",
        "GET /v1/public/futures/{symbol}",
        field="data.mark_price",
    ),
    planted(
        "market.rules",
        "number spelling",
        "data.imr_factor",
        "exponent",
        "GET /v1/public/info/{symbol}",
        field="data.imr_factor",
    ),
    planted(
        "funding_rates.rate",
        "number spelling",
        "data.next_funding_time",
        "decimal",
        "GET /v1/public/funding_rate/{symbol}",
        field="data.next_funding_time",
    ),
    planted(
        "builder.futures_market",
        "no answer",
        "GET /v1/public/futures_market",
        "refuse",
        "GET /v1/public/futures_market",
        status=404,
    ),
    planted(
        "rate-limit headers",
        "rate-limit header",
        "x-ratelimit-remaining",
        "header",
        "GET *",
        field="X-RateLimit-Remaining",
        value="9",
    ),
    planted(
        "page limit of fills",
        "page limit",
        "data.meta.records_per_page",
        "page_cap",
        "GET /v1/trades",
        size=100,
    ),
    planted(
        "page limit of list_algo",
        "page total",
        "data.meta.total",
        "shift",
        "GET /v1/algo/orders",
        field="data.meta.total",
        by=5,
    ),
    planted(
        "assets.holding",
        "missing field",
        "data.holding[].frozen",
        "remove",
        "GET /v1/client/holding",
        field="data.holding[].frozen",
    ),
    planted("topic {symbol}@markprice", "cadence", "*@markprice", "cadence", "*@markprice", ms=4000),
    planted("topic {symbol}@ticker", "cadence", "*@ticker", "silent", "PERP_*@ticker"),
    planted(
        "order of book sides", "order of levels", "data.asks", "reverse", "*@orderbook", field="data.asks"
    ),
    planted(
        "chain of book updates",
        "chain of updates",
        "data.prevTs",
        "shift",
        "*@orderbookupdate",
        field="data.prevTs",
        by=-5,
    ),
    planted(
        "topic {symbol}@bbo",
        "unknown field",
        "data.askQty",
        "rename",
        "*@bbo",
        field="data.askSize",
        to="askQty",
    ),
    planted("topic tickers", "number spelling", "data[].open", "text", "tickers", field="data[].open"),
    planted("topic bbos", "envelope", "ts", "remove", "bbos", field="ts"),
    planted(
        "topic indexprices",
        "unknown field",
        "data[].source",
        "add",
        "indexprices",
        field="data[].source",
        value="x",
    ),
    planted(
        "topic {symbol}@kline_{time}",
        "number spelling",
        "data.startTime",
        "decimal",
        "*@kline_1m",
        field="data.startTime",
    ),
    planted("acknowledgements", "missing field", "subscribe ts", "remove", "subscribe", field="ts"),
    planted("request orderbook", "missing field", "data.ts", "remove", "request", field="data.ts"),
    planted("second session", "second session", "auth", "one_session", "auth"),
)
"""Found without placing an order."""

TRADING: tuple[Planted, ...] = (
    planted("tradeId", "tradeId", "data.tradeId", "shift", "executionreport", field="data.tradeId", by=1000),
    planted("balance after an isolated fill", "push after a fill", "balance", "silent", "balance"),
    planted(
        "x-recv-window",
        "x-recv-window",
        "POST /v1/order",
        "ignore_header",
        "POST /v1/order",
        field="x-recv-window",
    ),
    planted(
        "cancel all after",
        "cancel all after",
        "POST /v1/order/cancel_all_after",
        "pretend",
        "POST /v1/order/cancel_all_after",
        data={"expected_trigger_time": 0},
    ),
    planted(
        "duplicate client order id",
        "duplicate client order id",
        "POST /v1/order",
        "replace",
        "POST /v1/order",
        field="code",
        value=-1005,
    ),
    planted(
        "client order id",
        "client order id",
        "data.clientOrderId",
        "replace",
        "executionreport",
        field="data.clientOrderId",
        value="other",
    ),
    planted(
        "marks of a position",
        "mark of a position",
        "data.positions[].seq",
        "shift",
        "position",
        field="data.positions[].seq",
        by=-(10**18),
    ),
    planted(
        "decimals of average prices",
        "decimals",
        "data.positions[].averageOpenPrice",
        "replace",
        "position",
        field="data.positions[].averageOpenPrice",
        value=3000.1234567891,
    ),
    planted(
        "edit",
        "edit",
        "data.status",
        "replace",
        "GET /v1/order/{order_id}",
        field="data.status",
        value="AMENDED",
    ),
    planted(
        "algo edit",
        "edit",
        "GET /v1/algo/order/{order_id}",
        "pretend",
        "PUT /v1/algo/order",
        data={"status": "EDIT_SENT"},
    ),
    planted("algo STOP", "algo report", "algoexecutionreport", "silent", "algoexecutionreport"),
    planted(
        "trailing stop that is active at once",
        "activation",
        "algoexecutionreportv2",
        "replace",
        "algoexecutionreportv2",
        field="data.isActivated",
        value=False,
    ),
    planted(
        "orders.list",
        "unknown value",
        "data.rows[].status",
        "replace",
        "GET /v1/orders",
        field="data.rows[].status",
        value="HALTED",
    ),
    planted(
        "order of rows of list",
        "order of rows",
        "data.rows[].created_time",
        "reverse",
        "GET /v1/orders",
        field="data.rows",
    ),
    planted(
        "topic position",
        "unknown field",
        "data.positions[].hedge",
        "add",
        "position",
        field="data.positions[].hedge",
        value=True,
    ),
)
"""Found by orders."""

LATE: tuple[Planted, ...] = (
    planted("read lag", "read lag", "GET /v1/order/{order_id}", "lag_reads", "GET *", ms=60_000),
    planted("order LIMIT", "order of reports", "LIMIT", "reorder", "executionreport"),
)
"""What would hide others."""


def ran(rows: Sequence[dict[str, Any]], *, trade: bool, only: tuple[str, ...] = ()) -> ConformanceReport:
    """A run on a venue that deviates so."""
    with Venue(seed=7, speed=FAST, rate_limits=False) as venue:
        venue.faults(deviate=list(rows))
        _, network, credentials = attach(venue.line())
        report = run_conformance(network, credentials, attrs.evolve(OPTIONS, trade=trade, only=only))
    assert report.ended == "complete"
    return report


@pytest.fixture(scope="module")
def market() -> ConformanceReport:
    return ran([one.deviation for one in MARKET], trade=False)


@pytest.fixture(scope="module")
def trading() -> ConformanceReport:
    return ran([one.deviation for one in TRADING], trade=True, only=(*TRADE, *READS))


def named(report: ConformanceReport) -> set[tuple[str, str, str]]:
    return {(one["check"], one["what"], one["where"]) for one in report.differences}


@pytest.mark.parametrize("one", MARKET, ids=lambda one: f"{one.check}, {one.deviation['kind']}")
def test_what_the_market_does_otherwise_is_named(market: ConformanceReport, one: Planted) -> None:
    """By a run that only reads."""
    assert one[:3] in named(market)


@pytest.mark.parametrize("one", TRADING, ids=lambda one: f"{one.check}, {one.deviation['kind']}")
def test_what_orders_bring_to_light_is_named(trading: ConformanceReport, one: Planted) -> None:
    """By a run that trades, and ends flat all the same."""
    assert one[:3] in named(trading)
    assert trading.left == "no open orders, no position"


@pytest.mark.parametrize("one", LATE, ids=lambda one: one.check)
def test_what_is_late_or_in_another_order_is_named(one: Planted) -> None:
    """By a run that looks for nothing else."""
    report = ran([one.deviation], trade=True, only=("market is open", one.check))
    assert one[:3] in named(report)
    assert report.left == "no open orders, no position"


def test_enough_was_planted() -> None:
    """Of most kinds that there are."""
    planted_here = [*MARKET, *TRADING, *LATE]
    assert len(planted_here) >= 40
    assert len({one.deviation["kind"] for one in planted_here}) >= 18


def test_a_report_makes_a_venue_that_differs_in_the_same_way(market: ConformanceReport) -> None:
    """Read from its file: all that a venue can repeat is found again, so what was found once stays a test."""
    report = read_report(market.to_json())
    again = ran(report.deviations(), trade=False)
    planted_here = {one[:3] for one in MARKET}
    found = [one for one in market.differences if one["deviation"] is not None]
    repeated = {(one["check"], one["what"], one["where"]) for one in found} & planted_here
    assert len(repeated) >= 20
    assert repeated - named(again) == set()
