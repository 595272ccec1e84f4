"""What a user, a venue or a clock may get wrong: each a typed error or event, and everything goes on."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

import attrs
import pytest

from orderly_sync import (
    AuthenticationError,
    BadRequest,
    Credentials,
    HookError,
    InvalidOrder,
    Limit,
    LoginRefused,
    Market,
    NotFound,
    Orderly,
    Rest,
    Stop,
    Stream,
    SubscriptionRefused,
    UsageError,
    connect,
    topics,
)
from orderly_sync.errors import ApiError
from tests.support.paper import ETH, WAIT, eventually, mark, paper


@pytest.fixture(scope="module")
def ex() -> Any:
    with paper() as client:
        # All threads run before the first test, which would otherwise be told that it leaked one.
        client.wait_for(topics.mark_prices(), timeout=WAIT)
        yield client


def goes_on(ex: Orderly) -> None:
    """The client still trades and hears."""
    assert ex.place(Market.buy(ETH, quantity="0.1")).wait("filled", WAIT).status == "FILLED"


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"price": "3000.123456"}, "tick"),
        ({"quantity": "0.10000001"}, "step"),
        ({"quantity": "0.001"}, "notional"),
        ({"quantity": "100000"}, "outside"),
    ],
)
def test_terms_off_the_symbols_rules_are_refused_before_sending(
    ex: Orderly, terms: dict[str, Any], said: str
):
    """Wrong tick, lot, notional, size: the message names what would be valid, nothing is sent."""
    before = ex.stats()["rest"]
    with pytest.raises(InvalidOrder, match=said) as caught:
        ex.place(Limit.buy(ETH, **{"quantity": 1, "price": 3000, **terms}))
    assert caught.value.status is None
    assert caught.value.nearest is not None
    assert before is not None
    goes_on(ex)


@pytest.mark.parametrize(
    "terms",
    [{"order_price": "3000.123456"}, {"order_quantity": "0.10000001"}, {"order_quantity": "0.001"}],
)
def test_the_venue_refuses_the_same_terms(ex: Orderly, terms: dict[str, Any]):
    """Whoever goes past the check gets the venue's own word, typed."""
    sent = {"symbol": ETH, "order_type": "LIMIT", "side": "BUY", "order_price": 3000, "order_quantity": 1}
    with pytest.raises((InvalidOrder, BadRequest)) as caught:
        ex.rest.orders.create(**{**sent, **terms})
    assert caught.value.status == 400
    goes_on(ex)


@pytest.mark.parametrize("bad", ["nan", "inf", "-inf", "-1", "1e3", float("nan"), float("inf"), -1, True, ""])
def test_numbers_that_are_none_never_leave(ex: Orderly, bad: Any):
    """NaN, infinity, negative, exponent: refused by name, in every kind of order and in the plain operation."""
    for call in (
        lambda: Limit.buy(ETH, quantity=1, price=bad),
        lambda: Stop.buy(ETH, quantity=1, trigger=bad),
        lambda: ex.rest.orders.create(
            symbol=ETH, order_type="LIMIT", side="BUY", order_price=bad, order_quantity=1
        ),
    ):
        with pytest.raises(UsageError):
            call()


def test_an_unknown_side_or_symbol_is_named(ex: Orderly):
    """A side nobody knows is refused here; a symbol the venue does not list is refused there, typed."""
    with pytest.raises(UsageError, match="side"):
        Limit(symbol=ETH, side="HOLD", quantity=1, price=1)
    with pytest.raises(UsageError, match="symbol"):
        Limit.buy("what is this", quantity=1, price=1)
    with pytest.raises(ApiError):
        ex.place(Limit.buy("PERP_NOPE_USDC", quantity=1, price=1))
    with pytest.raises(SubscriptionRefused, match="PERP_NOPE_USDC"):
        ex.book("PERP_NOPE_USDC")
    with pytest.raises(SubscriptionRefused, match="PERP_NOPE_USDC"):
        ex.on(topics.mark_price("PERP_NOPE_USDC"), print)
    goes_on(ex)


def test_a_naive_datetime_is_refused(ex: Orderly):
    """Whose clock it means cannot be known."""
    with pytest.raises(UsageError, match=r"aware|zone|naive"):
        ex.rest.orders.list(start=datetime(2026, 1, 1))


def test_missing_credentials_say_what_to_set():
    """The name of the variable, not a signature error."""
    with pytest.raises(UsageError, match="ORDERLY_"):
        Credentials.from_env({})


def credentials_of(ex: Orderly) -> Credentials:
    found = ex._stream.hub.options.credentials
    assert found is not None
    return found


def test_an_unknown_key_is_refused_by_both_halves(ex: Orderly):
    """REST: AuthenticationError; the stream: LoginRefused, final; connect raises in the caller."""
    from orderly_sync.credentials import Secret

    stranger = Credentials(account_id=credentials_of(ex).account_id, secret=Secret.generate())
    with Rest(ex.rest.network, stranger) as rest, pytest.raises(AuthenticationError):
        rest.orders.list()
    with pytest.raises(LoginRefused):
        connect(ex.rest.network, credentials=stranger)
    goes_on(ex)


def test_an_order_that_is_gone_is_not_found(ex: Orderly):
    """Cancelling twice: the second is told that there is nothing."""
    order = ex.place(Limit.buy(ETH, quantity="0.1", price=mark(ex) - 50))
    order.cancel()
    order.wait("done", WAIT)
    with pytest.raises(NotFound):
        order.cancel()
    goes_on(ex)


def test_a_hook_that_raises_loses_nothing(ex: Orderly):
    """HookError is announced each time; every report reaches the hook, and the handle."""
    errors, seen = ex.stream(HookError), []

    def hook(report: Any) -> None:
        seen.append(report)
        raise ValueError("mine")

    held = ex.on(topics.execution_report(), hook)
    goes_on(ex)
    goes_on(ex)
    assert isinstance(errors.get(timeout=WAIT).__cause__, ValueError)
    eventually(lambda: sum(1 for one in list(seen) if one.status == "FILLED") == 2)
    held.remove()


def test_a_hook_that_sleeps_long_holds_up_nobody_else(ex: Orderly):
    """State, handles, streams and waiters go on; the hook's events wait for it, in order."""
    entered, release, seen = threading.Event(), threading.Event(), []

    def hook(report: Any) -> None:
        entered.set()
        assert release.wait(60)
        seen.append(report)

    held = ex.on(topics.execution_report(), hook)
    with ex.stream(topics.execution_report()) as reports:
        goes_on(ex)
        assert entered.wait(WAIT)
        goes_on(ex)
        assert ex.stats()["hooks_waiting"] >= 1
        expected = [reports.get(timeout=WAIT) for _ in range(4)]
    release.set()
    eventually(lambda: len(seen) == len(expected))
    assert seen == expected
    held.remove()


def test_stop_inside_a_hook_ends_the_client():
    """It returns; the threads end; blocking calls say that the stream was stopped."""
    with paper() as ex:
        stopped = threading.Event()

        def hook(_: Any) -> None:
            ex.stop()
            stopped.set()

        ex.on(topics.execution_report(), hook)
        ex.rest.orders.create(symbol=ETH, order_type="MARKET", side="BUY", order_quantity="0.1")
        assert stopped.wait(WAIT)
        assert ex.status == "stopped"
        ex.stop()


def test_an_expired_key_is_refused():
    """After its time a key is nobody's: both halves say so, typed, and no login is tried in a loop."""
    with paper() as ex:
        mine = credentials_of(ex)
        keys = ex.paper._control._core.keys  # type: ignore[attr-defined]
        keys.add(attrs.evolve(keys.of(mine.account_id)[0], expires=1))
        with pytest.raises(AuthenticationError):
            ex.rest.orders.list()
        with Stream(ex.rest.network, mine) as stream, pytest.raises(LoginRefused):
            stream.on(topics.position(), print)
