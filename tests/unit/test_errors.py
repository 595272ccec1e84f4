"""The error tree: what is caught by what, what each says, and what survives a process boundary."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal

import pytest

from orderly_sync import errors
from orderly_sync.errors import (
    ApiError,
    AuthenticationError,
    ConnectFailed,
    DecodingError,
    Disconnected,
    DryRun,
    HookError,
    InvalidOrder,
    JournalDegraded,
    JournalError,
    LoginRefused,
    OrderlyError,
    OrderOutcomeUnknown,
    Overflow,
    PushRefused,
    RateLimited,
    RequestError,
    StaleBook,
    StreamError,
    SubscriptionRefused,
    TimedOut,
    TransportError,
    UsageError,
)

PARENTS = {
    "UsageError": "OrderlyError",
    "DryRun": "OrderlyError",
    "RequestError": "OrderlyError",
    "TransportError": "RequestError",
    "ConnectFailed": "TransportError",
    "TimedOut": "TransportError",
    "OrderOutcomeUnknown": "TransportError",
    "ApiError": "RequestError",
    "AuthenticationError": "ApiError",
    "RateLimited": "ApiError",
    "BadRequest": "ApiError",
    "NotFound": "ApiError",
    "Duplicate": "ApiError",
    "InsufficientMargin": "ApiError",
    "InvalidOrder": "ApiError",
    "Maintenance": "ApiError",
    "DecodingError": "OrderlyError",
    "StreamError": "OrderlyError",
    "LoginRefused": "StreamError",
    "SubscriptionRefused": "StreamError",
    "PushRefused": "StreamError",
    "Disconnected": "StreamError",
    "Overflow": "StreamError",
    "StaleBook": "StreamError",
    "HookError": "OrderlyError",
    "JournalError": "OrderlyError",
    "JournalDegraded": "JournalError",
}

EXAMPLES = [
    (UsageError("pass a symbol"), "pass a symbol"),
    (
        DryRun("DELETE /v1/orders"),
        "DELETE /v1/orders was checked and not sent: this client was made with dry_run=True",
    ),
    (RequestError("GET /v1/orders"), "GET /v1/orders"),
    (TransportError("GET /v1/orders", "the answer was cut"), "GET /v1/orders: the answer was cut"),
    (ConnectFailed("GET /v1/orders", "refused"), "GET /v1/orders: refused"),
    (TimedOut("GET /v1/orders", "no answer in 10 s"), "GET /v1/orders: no answer in 10 s"),
    (
        OrderOutcomeUnknown("POST /v1/order", "abc1", "connection reset"),
        "POST /v1/order: the outcome is unknown (connection reset); ask for client_order_id 'abc1'",
    ),
    (
        OrderOutcomeUnknown("DELETE /v1/orders"),
        "DELETE /v1/orders: the outcome is unknown (the answer was lost); ask before repeating it",
    ),
    (
        ApiError(-1005, "size must be positive", 400, "/v1/order", "POST"),
        "POST /v1/order: size must be positive (-1005, HTTP 400)",
    ),
    (ApiError(None, "no JSON", 502), "no JSON (HTTP 502)"),
    (ApiError(None, "no JSON"), "no JSON"),
    (InvalidOrder(-1103, "off the tick"), "off the tick (-1103)"),
    (
        DecodingError("GET /v1/orders at $.price", "12,5", "not a number"),
        "GET /v1/orders at $.price: not a number: 12,5",
    ),
    (DecodingError("trade"), "trade: not readable"),
    (StreamError("a pong was refused"), "a pong was refused"),
    (LoginRefused("key expired"), "key expired"),
    (SubscriptionRefused("x@y", "Auth is needed."), "the venue refused the topic 'x@y': Auth is needed."),
    (PushRefused("push_1", "no feed"), "the venue refused the price push_1: no feed"),
    (PushRefused("push_1"), "the venue refused the price push_1: no reason given"),
    (SubscriptionRefused("x@y"), "the venue refused the topic 'x@y': no reason given"),
    (Disconnected("reset", "private"), "the private stream is down: reset"),
    (Disconnected(final=True), "the stream is down for good: no reason known"),
    (
        Overflow("executionreport", 3),
        "3 events of 'executionreport' did not fit their queue; consume faster or raise maxlen",
    ),
    (
        JournalError("bot.db", "is a link; name the file itself"),
        "the journal bot.db is a link; name the file itself",
    ),
    (JournalDegraded("bot.db"), "the journal bot.db cannot be used"),
    (StaleBook("PERP_ETH_USDC"), "the book of PERP_ETH_USDC is being rebuilt: no snapshot yet"),
    (StaleBook("PERP_ETH_USDC", "a gap"), "the book of PERP_ETH_USDC is being rebuilt: a gap"),
]


def test_the_tree_is_as_documented() -> None:
    """Every public error stands under the parent that the module's drawing gives it."""
    tree = {
        name: getattr(errors, name).__mro__[1].__name__ for name in errors.__all__ if name != "OrderlyError"
    }

    assert tree == PARENTS
    assert issubclass(OrderlyError, Exception)
    assert issubclass(UsageError, ValueError)
    assert all(name in (errors.__doc__ or "") for name in errors.__all__)


@pytest.mark.parametrize(("error", "sentence"), EXAMPLES, ids=lambda value: type(value).__name__)
def test_each_error_says_one_sentence(error: OrderlyError, sentence: str) -> None:
    """Facts in, one sentence out."""
    assert str(error) == sentence


@pytest.mark.parametrize("error", [error for error, _ in EXAMPLES], ids=lambda error: type(error).__name__)
def test_errors_cross_processes(error: OrderlyError) -> None:
    """Pickling and copying keep type, sentence and facts, as process pools and test runners need."""
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(other) is type(error)
        assert str(other) == str(error)
        assert vars(other) == vars(error)


def test_api_errors_carry_what_the_venue_said() -> None:
    """Code, message, status, path and method are attributes, the request is named without values."""
    error = AuthenticationError(-1001, "bad signature", 401, "/v1/order/{order_id}", "GET")

    assert (error.code, error.message, error.status) == (-1001, "bad signature", 401)
    assert (error.path, error.method) == ("/v1/order/{order_id}", "GET")
    assert error.request == "GET /v1/order/{order_id}"


def test_optional_facts_are_none_until_known() -> None:
    """Nobody said when to come back, nobody knows a nearer price."""
    limited, invalid = RateLimited(-1003, "slow down", 429), InvalidOrder(-1103, "off the tick")
    invalid.nearest = Decimal("3000.1")

    assert limited.retry_after is None
    assert InvalidOrder(-1103, "off the tick").nearest is None
    assert invalid.nearest == Decimal("3000.1")


def test_a_hook_error_shows_its_cause() -> None:
    """What the hook raised is the cause; the event it was given is at hand."""
    error = HookError("on_algo", "algoexecutionreport", {"id": 1})
    error.__cause__ = KeyError("price")

    assert str(error) == "the hook on_algo raised KeyError('price') on 'algoexecutionreport'"
    assert error.event == {"id": 1}


def test_a_lost_order_names_its_client_order_id() -> None:
    """The one fact that leads back to the order is an attribute."""
    assert OrderOutcomeUnknown("POST /v1/order", "abc1").client_order_id == "abc1"
    assert OrderOutcomeUnknown("POST /v1/order").client_order_id is None
