"""``ex.paper.faults``: each fault as a user's own test asks for it, of a venue in this process and of one served apart."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from orderly_sync import (
    Disconnected,
    Limit,
    Orderly,
    OrderOutcomeUnknown,
    RequestError,
    UsageError,
    connect,
    topics,
)
from orderly_sync.venue.server.accounts import paper_accounts
from orderly_sync.venue.server.serve import Venue
from tests.support.paper import ETH, WAIT, Seen, account_of, eventually, paper


@pytest.fixture(params=["in this process", "served apart"])
def ex(request: pytest.FixtureRequest) -> Iterator[Orderly]:
    if request.param == "in this process":
        with paper() as client:
            yield client
        return
    with (
        Venue(seed=7, market="frozen", rate_limits=False) as venue,
        connect(venue.line(), rate_limits=False) as client,
    ):
        yield client


def far(ex: Orderly) -> Any:
    return ex.place(Limit.buy(ETH, quantity="0.1", price="3300"))


def heard(ex: Orderly) -> Seen:
    seen = Seen()
    ex.on(topics.execution_report(), seen.reports.append)
    return seen


def test_faults_are_listed_with_what_they_struck_and_removed_one_by_one(ex: Orderly):
    """By their ids, in the order they came."""
    faults = ex.paper.faults
    first = faults.drop("balance", probability=0.5, seed=3)
    second = faults.answer("/v1/orders", status=503, method="GET", count=1)
    list(ex.rest.orders.list(symbol=ETH))
    listed = faults.list()
    assert [(one.id, one.kind) for one in listed] == [(first, "drop"), (second, "answer")]
    assert [one.struck for one in listed] == [0, 1]
    assert dict(listed[0].settings) == {"topic": "balance", "probability": 0.5, "seed": 3}
    assert "drop" in repr(faults)
    faults.remove(first)
    assert [one.id for one in faults.list()] == [second]
    faults.clear()
    assert faults.list() == ()
    with pytest.raises(UsageError, match="no fault has the id"):
        faults.remove(first)


def test_bad_input_is_a_usage_error_that_says_what_is_wanted(ex: Orderly):
    """And no fault is in force after it."""
    with pytest.raises(UsageError, match="between 0 and 1"):
        ex.paper.faults.drop("balance", probability=7)
    with pytest.raises(UsageError, match="close code"):
        ex.paper.faults.close(code=12)
    with pytest.raises(UsageError, match="needs a status, half or ms"):
        ex.paper.faults.answer("/v1/order")
    assert ex.paper.faults.list() == ()


NOTHING_TO_STRIKE = [
    (lambda faults: faults.drop("executionreports"), "did you mean executionreport or"),
    (lambda faults: faults.drop("execution_report"), "did you mean executionreport[?]"),
    (lambda faults: faults.duplicate("execution*s"), "no topic is like"),
    (lambda faults: faults.reorder("acme$PERP_ETH_USDC@trade*"), "no topic is like"),
    (lambda faults: faults.delay("ETH@markprice", ms=5), "did you mean PERP_ETH_USDC@markprice[?]"),
    (lambda faults: faults.cut("nope", at_byte=3), "such as executionreport or PERP_ETH_USDC@markprice"),
    (lambda faults: faults.drop("balanc?"), "only [*] stands for other characters"),
    (lambda faults: faults.mute("PERP_NOPE_USDC@trade"), "no topic is called"),
    (
        lambda faults: faults.refuse_subscription("algo_execution_report"),
        "did you mean algoexecutionreportv2",
    ),
    (lambda faults: faults.drop("bbos", account="0x*"), "bbos is public"),
    (lambda faults: faults.close("PERP_*", account="0x*"), "are public"),
    (lambda faults: faults.drop("balance", account="0xabc"), "its accounts are 0x"),
    (lambda faults: faults.refuse_login(account="0xabc"), "its accounts are 0x"),
    (lambda faults: faults.lag_reads(ms=5, account="0xabc"), "its accounts are 0x"),
    (lambda faults: faults.drop("balance", count=0), "1 or more"),
    (lambda faults: faults.lose_answer("/v1/ordr"), "did you mean /v1/order"),
    (lambda faults: faults.lose_answer("v1/order"), "did you mean /v1/order"),
    (lambda faults: faults.lose_answer("/v1/order/"), "no operation is at"),
    (lambda faults: faults.lose_answer("/v9/*"), "no operation is at"),
    (lambda faults: faults.lose_answer("/v1/orders?size=5"), "has a query"),
    (
        lambda faults: faults.lose_answer("/v1/order", method="PST"),
        "called by DELETE or POST or PUT, not by 'PST'",
    ),
    (lambda faults: faults.answer("/v1/order/7", method="POST", status=500), "called by GET"),
    (lambda faults: faults.answer(half=True, code=-1003), "code belongs to an answer that is denied"),
    (lambda faults: faults.drop(topics.execution_report("ETH")), "leave the symbol"),
    (lambda faults: faults.drop(topics.execution_report), r"call execution_report\(\)"),
    (
        lambda faults: faults(report_topics=["nope"], drop_reports=1),
        "'report_topics': no topic is called 'nope'",
    ),
    (lambda faults: faults(report_topics=["bbos"], drop_reports=1), "bbos is public"),
    (lambda faults: faults(report_topics=["balance"]), "give it with one of these"),
    (lambda faults: faults(close_times=2), "give it with one of these"),
    (lambda faults: faults(close_on="auth", close_times=0), "1 or more"),
    (lambda faults: faults(delay_pushes={"postion": 5}), "did you mean position"),
    (lambda faults: faults(delay_pushes={"tickers": 5}), "tickers is public"),
    (lambda faults: faults(mute="exec_report"), "no topic is called"),
    (lambda faults: faults(refuse_topics=["positions"]), "did you mean position"),
    (lambda faults: faults(no_ack=["login"]), "auth or subscribe or unsubscribe is wanted"),
    (lambda faults: faults(http={"path": "/v1/ordr", "status": 500}), "did you mean /v1/order"),
    (lambda faults: faults(http={"path": "/v1/order", "status": 500, "times": 0}), "1 or more"),
]


def test_what_could_strike_nothing_is_refused_with_what_was_likely_meant(ex: Orderly):
    """In the selectors and in the settings of the whole venue; nothing is in force then."""
    for cause, said in NOTHING_TO_STRIKE:
        with pytest.raises(UsageError, match=said) as told:
            cause(ex.paper.faults)
        assert str(told.value).isascii()
    assert ex.paper.faults.list() == ()
    far(ex).cancel(wait=WAIT)


def test_whatever_could_be_struck_is_taken(ex: Orderly):
    """Patterns that fit something, paths as sent and as documented, topics as text and as ``topics`` makes them."""
    faults = ex.paper.faults
    faults.drop("*@markprice")
    faults.drop("acme$tickers")
    faults.drop("acme$PERP_ETH*")
    faults.drop("SPOT_ETH_USDC@indexprice")
    faults.mute("*", account="0X*")
    faults.refuse_subscription("bbos", account=account_of(ex).upper().replace("X", "x"))
    faults.lose_answer("/v1/order/{order_id}", method="get")
    faults.lose_answer("/v1/order/12*", method="GET")
    faults.lose_answer("/v1/*/orders", method="DELETE")
    faults.lose_answer("*")
    faults.clear()
    faults(report_topics=["balance"], drop_reports=0.0)  # named beside it, and to be raised later
    faults.drop(topics.execution_report())
    faults(mute=[topics.mark_price("ETH")], delay_pushes={topics.position(): 5}, refuse_topics=topics.bbos())
    assert [dict(one.settings)["topic"] for one in faults.list()] == ["executionreport"]
    far(ex)
    eventually(lambda: faults.list()[0].struck == 1, WAIT)


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("cut in the header", lambda faults: faults.cut("executionreport", at_byte=1, count=1)),
        ("cut in the middle", lambda faults: faults.cut("executionreport", at_byte=150, count=1)),
        ("closed", lambda faults: faults.close("executionreport", code=1012, count=1)),
    ],
)
def test_a_connection_ends_at_a_report_and_the_report_comes_all_the_same(
    ex: Orderly, name: str, cause: Callable[[Any], int]
):
    """Once; the fault struck once."""
    seen, lost = heard(ex), []
    ex.on(Disconnected, lost.append)
    cause(ex.paper.faults)
    handle = far(ex)
    eventually(lambda: lost, WAIT)
    eventually(lambda: [one.order_id for one in seen.reports] == [handle.order_id], WAIT)
    assert ex.paper.faults.list()[0].struck == 1, name


def test_reports_doubled_and_in_another_order_are_told_once_and_in_order(ex: Orderly):
    """A NEW that is held back until after its CANCELLED; each twice."""
    seen = heard(ex)
    ex.paper.faults.duplicate("executionreport")
    ex.paper.faults.reorder("executionreport", count=1)
    handle = far(ex)
    handle.cancel()
    eventually(lambda: any(one.is_final for one in seen.reports), WAIT)
    seen.check_order()
    assert len([one for one in seen.reports if one.is_final]) == 1


def test_only_the_account_that_is_named_is_struck(ex: Orderly):
    """Another's id leaves this one alone."""
    seen = heard(ex)
    another = next(one.account_id for one in paper_accounts(7, 2) if one.account_id != account_of(ex))
    ex.paper.faults.mute("executionreport", account=another)
    far(ex)
    eventually(lambda: seen.reports, WAIT)
    ex.paper.faults.clear()
    muted = ex.paper.faults.drop("executionreport", account=account_of(ex))
    far(ex)
    eventually(lambda: ex.paper.faults.list()[0].struck == 1, WAIT)
    assert ex.paper.faults.list()[0].id == muted


@pytest.mark.parametrize("executed", [True, False])
def test_an_answer_is_lost_after_or_before_it_was_carried_out(ex: Orderly, executed: bool):
    """The venue's own list tells which."""
    ex.paper.faults.lose_answer("/v1/order", method="POST", executed=executed, count=1)
    with contextlib.suppress(OrderOutcomeUnknown, RequestError):  # what is told of it is no matter here
        far(ex)
    assert ex.paper.faults.list()[0].struck == 1
    assert len(ex.paper.snapshot(account_of(ex))["orders"]) == int(executed)
    far(ex)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"status": 429, "code": -1003, "headers": {"Retry-After": "0"}},
        {"status": 502, "body": "<html>bad gateway</html>"},
        {"half": True},
    ],
)
def test_answers_are_spoilt_as_asked(ex: Orderly, spoilt: Any):
    """As an error of the request, of a path in braces, as often as asked; then as ever."""
    handle = far(ex)
    ex.paper.faults.answer("/v1/order/{order_id}", method="GET", **spoilt)
    with pytest.raises(RequestError):
        ex.rest.orders.get(handle.order_id)
    assert ex.paper.faults.list()[0].struck > 0
    ex.paper.faults.clear()
    assert ex.rest.orders.get(handle.order_id).order_id == handle.order_id


def test_reads_lag_until_they_are_let(ex: Orderly):
    """An order that stands is not listed yet."""
    ex.paper.faults.lag_reads(ms=3_600_000, account=account_of(ex))
    handle = far(ex)
    assert handle.order_id not in {row.order_id for row in ex.rest.orders.list(symbol=ETH)}
    ex.paper.faults.clear()
    assert handle.order_id in {row.order_id for row in ex.rest.orders.list(symbol=ETH)}


def test_a_login_and_a_subscription_are_refused_as_often_as_asked(ex: Orderly):
    """Both on the way back from a drop; the client is there again."""
    ex.paper.faults.refuse_subscription("executionreport", count=1)
    ex.paper.drop_connections()
    eventually(lambda: ex.paper.faults.list()[0].struck == 1, WAIT)
    eventually(lambda: ex.status == "ready", WAIT)
    seen = heard(ex)
    far(ex)
    eventually(lambda: seen.reports, WAIT)
