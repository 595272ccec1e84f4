"""Requests of a machine whose clock is off: signed with the venue's time, and once anew where that was not known."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

import pytest

from orderly_sync import Rest, Timeouts
from orderly_sync.clock import ManualClock
from orderly_sync.errors import (
    ApiError,
    AuthenticationError,
    ConnectFailed,
    DecodingError,
    OrderOutcomeUnknown,
    UsageError,
)
from orderly_sync.rest.call_deadline import call_by
from orderly_sync.rest.transport import ConnectionBroken, HttpRequest, HttpResponse, NotSent
from orderly_sync.signing import request_message, verify
from tests.support.rest_client import CREATED, ME, ONCE, place

BEGAN = 1_790_000_000_000
SKEWS = [-2 * 86_400_000, -3_600_000, -301_000, -300_500, 300_500, 301_000, 3_600_000, 2 * 86_400_000]


class Venue:
    """Checks time and signature as the real one does, and says its time in every answer.

    Args:
        skew: By how much the machine's clock is ahead of it, ms.
        rtt: Seconds of a round trip.
    """

    def __init__(self, skew: int, *, rtt: float = 0.04) -> None:
        self.skew = skew
        self.rtt = rtt
        self.machine = ManualClock(BEGAN)
        self.requests: list[HttpRequest] = []
        self.placed = 0
        self.code: int | None = -1001
        self.status = 401
        self.tells = self.dates = True
        self.headers: dict[str, str] = {}
        self.before: Callable[[], object] = lambda: None
        self.after: Callable[[], object] = lambda: None
        self.refuses = False

    @property
    def now(self) -> int:
        return self.machine.time_ms() - self.skew

    def off(self, request: HttpRequest) -> int:
        """By how much a request's time is off."""
        return abs(int(request.headers["orderly-timestamp"]) - self.now)

    def send(self, request: HttpRequest) -> HttpResponse:
        self.requests.append(request)
        self.before()
        self.machine.advance(self.rtt / 2)
        answer = self._answer(request)
        self.machine.advance(self.rtt / 2)
        self.after()
        return answer

    def _answer(self, request: HttpRequest) -> HttpResponse:
        value: dict[str, Any] = {"success": True, "data": CREATED}
        status = 200
        if "orderly-signature" in request.headers:
            stamp = request.headers["orderly-timestamp"]
            message = request_message(int(stamp), request.method, request.target, request.body)
            assert verify(ME.key, message, request.headers["orderly-signature"])
            window = int(request.headers.get("x-recv-window", 300_000))
            if self.refuses or self.off(request) > min(window, 300_000):
                status, value = self.status, {"success": False, "message": "no"}
                if self.code is not None:
                    value["code"] = self.code
        self.placed += request.method == "POST" and status == 200
        if self.tells:
            value["timestamp"] = self.now
        headers = {"date": formatdate(self.now / 1000, usegmt=True)} if self.dates else {}
        return HttpResponse(status, {**headers, **self.headers}, json.dumps(value).encode())

    def client(self, **options: Any) -> Rest:
        return Rest(
            "testnet",
            ME,
            transport=self,
            clock=self.machine,
            **{"rate_limits": False, "retries": ONCE, **options},
        )


def window_of(rest: Rest) -> None:
    """An order that the venue must not take after five seconds."""
    rest.orders.create(
        symbol="PERP_ETH_USDC", order_type="MARKET", side="BUY", order_quantity="0.1", recv_window=5_000
    )


WRITES = {
    "an order": place,
    "an order with a window": window_of,
    "an algo order": lambda rest: rest.orders.create_algo(
        symbol="PERP_ETH_USDC", algo_type="STOP", quantity=1, trigger_price=1
    ),
    "a batch": lambda rest: rest.orders.create_batch(
        orders=[{"symbol": "PERP_ETH_USDC", "order_type": "MARKET", "side": "BUY", "order_quantity": 1}]
    ),
    "a cancel": lambda rest: rest.orders.cancel(order_id=1, symbol="PERP_ETH_USDC"),
    "the timer of a dead man's switch": lambda rest: rest.orders.cancel_all_after(trigger_after=30_000),
    "a read": lambda rest: rest.orders.get(1),
}


def done(call: Callable[[Rest], object], rest: Rest) -> None:
    """Carry it out; the one answer of this venue fits an order only, and what it means is of no interest here."""
    with contextlib.suppress(DecodingError, OrderOutcomeUnknown):
        call(rest)


@pytest.mark.parametrize("skew", SKEWS)
@pytest.mark.parametrize("name", WRITES)
def test_what_is_refused_for_its_time_is_signed_anew_with_the_venues(name: str, skew: int):
    """Once: the second is right, and so is everything after it at the first try."""
    venue = Venue(skew)
    with venue.client() as rest:
        done(WRITES[name], rest)
        assert len(venue.requests) == 2
        first, second = venue.requests
        assert (first.body, first.target) == (second.body, second.target)
        assert rest.stats().resigned == 1
        done(WRITES[name], rest)
        assert len(venue.requests) == 3
        offset = rest.stats().clock_offset
        assert offset is not None
        assert abs(offset + skew) <= 25


@pytest.mark.parametrize("skew", [-299_000, -6_000, -1_500, 0, 1_500, 6_000, 299_000])
def test_what_the_venue_takes_is_sent_once_and_its_answer_corrects_the_next(skew: int):
    """Within the 300 s nothing is refused; an order with a window of 5 s passes as soon as one answer has come."""
    venue = Venue(skew)
    with venue.client() as rest:
        place(rest)
        window_of(rest)
        assert len(venue.requests) == 2
        assert venue.placed == 2
        assert int(venue.requests[1].headers["orderly-timestamp"]) - venue.now + venue.rtt * 1000 <= 25


@pytest.mark.parametrize("dates", [True, False])
@pytest.mark.parametrize("tells", [True, False])
def test_either_word_of_the_time_suffices(tells: bool, dates: bool):
    """Without any the refusal is raised as it is."""
    venue = Venue(301_000)
    venue.tells, venue.dates = tells, dates
    with venue.client() as rest:
        if tells or dates:
            place(rest)
        else:
            with pytest.raises(AuthenticationError):
                place(rest)
    assert len(venue.requests) == (2 if tells or dates else 1)
    assert venue.placed == len(venue.requests) - 1


@pytest.mark.parametrize("skew", [0, 300, 301_000])
def test_a_venue_that_refuses_all_the_same_is_asked_no_third_time(skew: int):
    """Each request once anew at most, and not at all where its time was right."""
    venue = Venue(skew)
    venue.refuses = True
    with venue.client() as rest:
        for number in (1, 2, 3):
            with pytest.raises(AuthenticationError):
                place(rest)
            assert len(venue.requests) == number + (1 if skew == 301_000 else 0)
    assert venue.placed == 0


def test_a_venue_that_tells_another_time_each_time_is_asked_twice_for_each_request():
    """However it lies, no request is signed a third time."""
    venue = Venue(0)
    venue.refuses = True
    lies = iter(range(400_000, 9_000_000, 350_000))

    def lie() -> None:
        venue.skew = next(lies)

    venue.before = lie
    with venue.client() as rest:
        for number in (1, 2, 3):
            with pytest.raises(AuthenticationError):
                place(rest)
            assert len(venue.requests) <= 2 * number


@pytest.mark.parametrize(
    ("status", "code", "anew"),
    [
        (401, -1001, True),
        (401, "-1001", True),
        (401, -1002, True),
        (400, -1001, True),
        (200, -1001, True),
        (401, None, True),
        (401, -1101, False),
        (400, -1101, False),
        (400, None, False),
        (429, -1003, False),
        (409, -1007, False),
        (500, -1001, False),
        (503, None, False),
    ],
)
def test_only_refusals_of_a_signature_are_signed_anew(status: int, code: Any, anew: bool):
    """Whatever else is refused, or may have been carried out, is not sent again."""
    venue = Venue(301_000)
    venue.status, venue.code = status, code
    with venue.client() as rest:
        if anew:
            place(rest)
        else:
            with pytest.raises((ApiError, OrderOutcomeUnknown)):
                place(rest)
    assert len(venue.requests) == 1 + anew


def test_what_is_not_signed_is_not_signed_anew():
    """A public read that is refused stays so."""
    venue = Venue(301_000)

    def refuse(request: HttpRequest) -> HttpResponse:
        venue.requests.append(request)
        body = {"success": False, "code": -1001, "message": "no", "timestamp": venue.now}
        return HttpResponse(401, {}, json.dumps(body).encode())

    venue.send = refuse  # type: ignore[method-assign]
    with venue.client() as rest, pytest.raises(AuthenticationError):
        rest.system.info()
    assert len(venue.requests) == 1


def test_a_lost_second_answer_is_an_unknown_outcome():
    """The first was not carried out; the second may have been, and counts from its own signature."""
    venue, refused_at = Venue(301_000), []

    def lose() -> None:
        refused_at.append(time.monotonic())
        if len(venue.requests) == 2:
            raise ConnectionBroken("it was cut")

    venue.after = lose
    with venue.client() as rest, pytest.raises(OrderOutcomeUnknown) as caught:
        place(rest)
    assert venue.placed == 1
    assert caught.value.signed_at is not None
    assert refused_at[0] <= caught.value.signed_at <= refused_at[1]


def test_a_second_request_that_does_not_leave_is_told_as_not_sent():
    """Neither was carried out."""
    venue = Venue(301_000)

    def drop() -> None:
        if len(venue.requests) == 2:
            raise NotSent("nobody there")

    venue.before = drop
    with venue.client() as rest, pytest.raises(ConnectFailed):
        place(rest)
    assert venue.placed == 0


def test_the_time_of_the_call_holds_for_both():
    """A refusal that comes when the time is over is raised; the next call is right at once."""
    venue = Venue(3_600_000, rtt=9.99)
    with venue.client(timeouts=Timeouts(request=10.0)) as rest:
        with pytest.raises(AuthenticationError):
            call_by(venue.machine.monotonic() + 9.99, place, rest)
        assert len(venue.requests) == 1
        place(rest)
        assert len(venue.requests) == 2
    assert venue.placed == 1


def test_a_client_that_is_closed_meanwhile_signs_nothing_anew():
    """Not a byte leaves after that."""
    venue = Venue(301_000)
    rest = venue.client()
    venue.after = rest.close
    with pytest.raises(UsageError):
        place(rest)
    assert len(venue.requests) == 1


def test_both_take_their_turn_of_the_rate_limit():
    """The venue counts each."""
    venue = Venue(301_000)
    with venue.client(rate_limits=True) as rest:
        place(rest)
        assert sum(use.used for use in rest.stats().limits.values()) == 2


def test_a_clock_that_is_put_right_is_followed():
    """And one that is put wrong again, in either direction."""
    venue = Venue(0)
    with venue.client() as rest:
        for skew in (0, 301_000, 0, -301_000, 0, 3_600_000, 3_000, -3_000):
            venue.machine.advance(60)
            venue.skew, ahead = skew, skew - venue.skew
            venue.machine._wall_ns += ahead * 1_000_000
            sent = len(venue.requests)
            place(rest)
            assert len(venue.requests) - sent <= 2
            assert venue.off(venue.requests[-1]) <= 60 + 1_000 * (abs(ahead) < 5_000)
    assert venue.placed == 8


@pytest.mark.parametrize("age", ["1", "3600"])
def test_what_a_cache_repeats_tells_no_time(age: str):
    """Its words were said to somebody else, long ago."""
    venue = Venue(301_000)
    venue.headers = {"age": age}
    with venue.client() as rest:
        rest.system.info()
        assert rest.stats().clock_offset is None
        venue.headers = {"age": "0"}
        rest.system.info()
        assert rest.stats().clock_offset is not None


def test_a_slow_answer_moves_no_clock_that_may_be_right():
    """Nine seconds on the way may have been spent on either half of it."""
    venue = Venue(0, rtt=9.0)
    with venue.client() as rest:
        place(rest)
        place(rest)
        assert int(venue.requests[1].headers["orderly-timestamp"]) == venue.now - 9_000


def test_what_is_not_signed_bears_no_time_and_a_window_counts_from_the_venues():
    """``rest.clock`` is the venue's time for whoever sends one."""
    venue = Venue(-8_000)
    with venue.client() as rest:
        rest.system.info()
        assert "orderly-timestamp" not in venue.requests[0].headers
        assert abs(rest.clock.time_ms() - venue.now) <= 25
        window_of(rest)
    assert venue.placed == 1
