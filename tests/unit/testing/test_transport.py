"""The public seam: a transport in the network's place, and the mock of it for users' tests."""

from __future__ import annotations

from typing import Any

import pytest

from orderly_sync import errors
from orderly_sync.rest import Rest, Retries
from orderly_sync.signing import request_message, verify
from orderly_sync.testing import (
    AnswerLate,
    ConnectionBroken,
    HttpRequest,
    HttpResponse,
    MockTransport,
    NotSent,
    ok,
    refusal,
)
from tests.support.rest_client import CREATED, INFO, ME, ONCE, place, read


def client(answer: Any, **options: Any) -> tuple[Rest, MockTransport]:
    mock = MockTransport(answer)
    return Rest("testnet", ME, transport=mock, **{"retries": ONCE, "rate_limits": False, **options}), mock


def test_a_function_answers_what_is_asked() -> None:
    """It sees requests as the venue would, signature and all, and nothing touches the network."""

    def venue(request: HttpRequest) -> HttpResponse:
        return ok(CREATED if request.method == "POST" else INFO)

    rest, mock = client(venue)
    with rest:
        assert place(rest).order_id == 7
        assert read(rest).symbol == "PERP_ETH_USDC"
    write, public = mock.requests
    assert write.url == "https://testnet-api.orderly.org/v1/order"
    assert public.target == "/v1/public/futures/PERP_ETH_USDC"
    assert write.timeout == 10
    message = request_message(int(write.headers["orderly-timestamp"]), write.method, write.target, write.body)
    assert verify(write.headers["orderly-key"], message, write.headers["orderly-signature"])
    assert write.headers["orderly-signature"] not in repr(mock.requests)
    assert rest.stats().sent == 2


def test_refusals_are_the_venues() -> None:
    """With the codes and classes that the real one would raise."""
    rest, _ = client(lambda _: refusal(-1101, "not enough"))
    with pytest.raises(errors.InsufficientMargin, match="not enough"):
        place(rest)
    rest, _ = client(lambda _: refusal(-1000, "unknown", status=500))
    with pytest.raises(errors.OrderOutcomeUnknown):
        place(rest)


@pytest.mark.parametrize(
    ("failure", "for_write", "for_read"),
    [
        (NotSent("the line is down"), errors.ConnectFailed, errors.ConnectFailed),
        (AnswerLate(), errors.OrderOutcomeUnknown, errors.TimedOut),
        (TimeoutError(), errors.OrderOutcomeUnknown, errors.TimedOut),
        (ConnectionBroken("cut"), errors.OrderOutcomeUnknown, errors.TransportError),
        (ConnectionResetError(104, "secret header"), errors.OrderOutcomeUnknown, errors.TransportError),
    ],
)
def test_a_failure_is_told_by_its_phase(
    failure: Exception, for_write: type[Exception], for_read: type[Exception]
) -> None:
    """What was not sent may be repeated; what was sent is unknown."""

    def fail(_: HttpRequest) -> HttpResponse:
        raise failure

    rest, mock = client(fail)
    for call, kind in ((place, for_write), (read, for_read)):
        with pytest.raises(errors.TransportError) as caught:
            call(rest)
        assert type(caught.value) is kind
        assert "secret" not in str(caught.value)
    assert len(mock.requests) == 2


def test_a_mistake_of_the_test_itself_is_not_hidden() -> None:
    """An assertion that fails in the function fails the test."""

    def strict(request: HttpRequest) -> HttpResponse:
        raise AssertionError(request.target)

    rest, _ = client(strict)
    with pytest.raises(AssertionError, match="/v1/order"):
        place(rest)


def test_reads_are_tried_again_over_a_transport() -> None:
    """As over the network."""
    answers = [refusal(-1011, "busy", status=503), ok(INFO)]
    rest, mock = client(lambda _: answers.pop(0), retries=Retries(tries=2, first=0.001))
    assert read(rest).symbol == "PERP_ETH_USDC"
    assert len(mock.requests) == 2


def test_a_closed_client_writes_to_no_transport() -> None:
    """The seam is behind the same guard."""
    rest, mock = client(lambda _: ok(INFO))
    rest.close()
    with pytest.raises(errors.UsageError, match="stopped"):
        place(rest)
    assert mock.requests == []
    assert read(rest).symbol == "PERP_ETH_USDC"
