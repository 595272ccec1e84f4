"""The account's settings are read beside recovery: by a thread of their own, until it succeeds."""

from __future__ import annotations

import threading

import pytest

from orderly_sync.errors import ConnectFailed, RateLimited
from orderly_sync.live.account_refresh import AccountRefresh
from orderly_sync.rest.rate_share import BACKGROUND, rate_shares

WAIT = 10.0


class Venue:
    """Answers readings as it is told to, and can keep one waiting."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.reads = 0
        self.done = threading.Semaphore(0)
        self.may_answer = threading.Event()
        self.may_answer.set()

    def read(self) -> None:
        assert self.may_answer.wait(WAIT)
        self.reads += 1
        if self.failures:
            raise self.failures.pop(0)
        self.done.release()


def limited() -> RateLimited:
    error = RateLimited(None, "10 in 60 s", None, "/v1/client/info", "GET")
    error.retry_after = 0.01
    return error


def test_asking_does_not_wait_for_the_answer():
    """A reading that takes long holds nobody up; what is asked meanwhile is read once more, not once each."""
    venue = Venue()
    refresh = AccountRefresh(venue.read)
    venue.may_answer.clear()
    for _ in range(5):
        refresh.ask()
    assert venue.reads == 0
    venue.may_answer.set()
    assert venue.done.acquire(timeout=WAIT)
    refresh.join(WAIT)
    assert 1 <= venue.reads <= 2


def test_it_leaves_the_user_his_readings():
    """Of ten a minute it takes seven at most, however often it is asked to."""
    seen = []
    refresh = AccountRefresh(lambda: seen.append(rate_shares()))
    refresh.ask()
    refresh.join(WAIT)
    assert seen == [(BACKGROUND,)]


@pytest.mark.parametrize("times", [1, 3])
def test_a_limit_is_waited_for(times: int):
    """Refused by the rate limit, it comes again when that allows."""
    venue = Venue(*(limited() for _ in range(times)))
    refresh = AccountRefresh(venue.read)
    refresh.ask()
    assert venue.done.acquire(timeout=WAIT)
    refresh.join(WAIT)
    assert venue.reads == times + 1


@pytest.mark.parametrize("error", [ConnectFailed("GET /v1/client/info", "cannot connect"), ValueError("odd")])
def test_stopping_ends_the_waiting_for_another_try(error: Exception, caplog: pytest.LogCaptureFixture):
    """What failed is said, and the thread ends at once when it is no longer wanted."""
    failed = threading.Event()
    venue = Venue(error)

    def read() -> None:
        try:
            venue.read()
        finally:
            failed.set()

    refresh = AccountRefresh(read)
    refresh.ask()
    assert failed.wait(WAIT)
    refresh.stop()
    refresh.join(WAIT)
    refresh.ask()
    assert venue.reads == 1
    assert "account's settings" in caplog.text
