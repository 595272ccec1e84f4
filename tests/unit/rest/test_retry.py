"""Reads are stubborn, writes are sent once, and a dead key is not flogged. No test here waits: the clock is moved by hand."""

from __future__ import annotations

import json
from typing import NamedTuple

import pytest

from orderly_sync import errors
from orderly_sync.clock import ManualClock
from orderly_sync.models.order import Sent
from orderly_sync.models.system import SystemInfo
from orderly_sync.rest.api_client import ApiClient
from orderly_sync.rest.breaker import Breaker
from orderly_sync.rest.rate_share import in_background
from orderly_sync.rest.retry import Retries, is_passing

GOOD = {"success": True, "data": {"status": 0}}


class Reply(NamedTuple):
    status: int
    headers: dict
    body: bytes


def refusal(status, code=None, headers=None):
    return Reply(
        status, headers or {}, json.dumps({"success": False, "code": code, "message": "no"}).encode()
    )


OK = Reply(200, {}, json.dumps(GOOD).encode())
LOST = errors.TransportError("GET /v1/public/system_info", "the connection broke")
LATE = errors.TimedOut("GET /v1/public/system_info", "late")
UNREACHED = errors.ConnectFailed("GET /v1/public/system_info", "no connection")


class Host:
    """Answers from a script; the last line is repeated."""

    def __init__(self, *script, clock=None, **options):
        self.clock = clock or ManualClock()
        self.script = list(script)
        self.times = []
        self.again = 0
        self.caller = ApiClient(self.send, signed=True, clock=self.clock, retried=self.count, **options)

    def send(self, request):
        self.times.append(self.clock.monotonic())
        act = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(act, Exception):
            raise act
        return act

    def count(self, _):
        self.again += 1

    def read(self):
        return self.caller.get("/v1/public/system_info", SystemInfo)

    def write(self):
        return self.caller.delete("/v1/orders", Sent)

    @property
    def waits(self):
        return [later - earlier for earlier, later in zip(self.times, self.times[1:], strict=False)]


@pytest.mark.parametrize(
    "failure", [LOST, LATE, UNREACHED, refusal(500, -1000), refusal(502), refusal(503, -1011)]
)
def test_a_read_is_tried_again(failure):
    """After a lost answer or a fault of the host, with growing pauses."""
    host = Host(failure, failure, OK)
    assert not host.read().in_maintenance
    assert (len(host.times), host.again) == (3, 2)
    assert all(0.1 <= wait <= 0.2 for wait in host.waits[:1])
    assert all(0.2 <= wait <= 0.4 for wait in host.waits[1:])


@pytest.mark.parametrize("failure", [LOST, LATE, refusal(500, -1000), refusal(429, -1003)])
def test_a_write_is_sent_once(failure):
    """Whatever happens."""
    host = Host(failure, OK)
    with pytest.raises(errors.OrderlyError):
        host.write()
    assert len(host.times) == 1


@pytest.mark.parametrize(
    "failure", [refusal(400, -1005), refusal(401, -1001), refusal(404), Reply(200, {}, b"<html>")]
)
def test_what_asking_again_cannot_help_is_raised_at_once(failure):
    """The same question would get the same answer."""
    host = Host(failure, OK)
    with pytest.raises(errors.OrderlyError):
        host.read()
    assert len(host.times) == 1


def test_tries_are_counted():
    """The last failure is what is raised."""
    host = Host(LOST, LOST, LATE, retries=Retries(tries=3))
    with pytest.raises(errors.TimedOut):
        host.read()
    assert len(host.times) == 3


def test_one_try_is_no_retrying():
    """tries=1 switches it off."""
    host = Host(LOST, retries=Retries(tries=1))
    with pytest.raises(errors.TransportError):
        host.read()
    assert len(host.times) == 1


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({}, 1.0, 1.2),
        ({"Retry-After": "3"}, 3.0, 3.2),
        ({"retry-after": "0"}, 0.0, 0.2),
        ({"Retry-After": "-1"}, 1.0, 1.2),
        ({"Retry-After": "soon"}, 1.0, 1.2),
        ({"Retry-After": "Mon, 01 Jan 2001 00:00:00 GMT"}, 1.0, 1.2),
    ],
)
def test_too_many_requests_wait_for_the_next_window(headers, least, most):
    """As long as the venue asks for, else for the operation's own window, with a little jitter."""
    host = Host(refusal(429, -1003, headers), OK)
    host.read()
    assert least <= host.waits[0] <= most


def test_a_wait_beyond_the_deadline_is_not_waited():
    """A minute is the most that is ever asked for; a caller with half a minute hears of it at once."""
    host = Host(refusal(429, -1003, {"Retry-After": "99999"}), OK)
    with pytest.raises(errors.RateLimited) as caught:
        host.read()
    assert caught.value.retry_after == 60
    assert (host.clock.monotonic(), len(host.times)) == (0, 1)


def test_too_many_requests_end_an_audit():
    """It comes again by itself; a gap's reading, which may want the thread meanwhile, waits as the user's does."""
    host = Host(refusal(429, -1003, {}), OK)
    with in_background(audit=True), pytest.raises(errors.RateLimited):
        host.read()
    assert (host.clock.monotonic(), len(host.times)) == (0, 1)
    with in_background():
        Host(refusal(429, -1003, {}), OK).read()


def test_tries_end_with_their_time():
    """No further try begins after the total; the tries left do not matter."""
    clock = ManualClock()

    class Slow(Host):
        def send(self, request):
            clock.advance(4)
            return super().send(request)

    host = Slow(LATE, clock=clock, retries=Retries(tries=99, total=10))
    with pytest.raises(errors.TimedOut):
        host.read()
    assert len(host.times) == 3


def test_an_error_that_passes_is_told_from_one_that_stays():
    """By kind, not by name."""
    assert is_passing(errors.ApiError(None, "", 500))
    assert not is_passing(errors.ApiError(None, "", 418))
    assert not is_passing(errors.UsageError("x"))


def test_a_key_that_is_refused_ten_times_rests():
    """Nothing more is sent for a minute; then one request tries again, and a success ends it."""
    clock = ManualClock()
    host = Host(*[refusal(401, -1002)] * 11, OK, clock=clock, breaker=Breaker(clock))
    for _ in range(10):
        with pytest.raises(errors.AuthenticationError):
            host.read()
    with pytest.raises(errors.AuthenticationError, match="10 times in a row") as caught:
        host.write()
    assert (caught.value.status, len(host.times)) == (None, 10)

    clock.advance(61)
    with pytest.raises(errors.AuthenticationError):
        host.read()
    with pytest.raises(errors.AuthenticationError, match="nothing is sent"):
        host.read()
    assert len(host.times) == 11

    clock.advance(61)
    host.read()
    host.read()
    assert len(host.times) == 13


def test_a_success_forgets_earlier_refusals():
    """A key that may read but not trade goes on reading."""
    clock = ManualClock()
    host = Host(*[refusal(401, -1002), OK] * 20, clock=clock, breaker=Breaker(clock))
    for _ in range(20):
        with pytest.raises(errors.AuthenticationError):
            host.read()
        host.read()
    assert len(host.times) == 40
