"""The dead man's switch without a venue: when the timer is set, when not, and what is told of it."""

from __future__ import annotations

import math
import threading
from typing import Any

import pytest

from orderly_sync import CancelTimer, UsageError
from orderly_sync.clock import ManualClock
from orderly_sync.errors import ConnectFailed, OrderOutcomeUnknown
from orderly_sync.live.cancel_on_silence import CancelOnSilence, checked_silence


class Account:
    """The account's timer, as the venue keeps it."""

    def __init__(self, limit: float = 30.0, name: str = "0xa") -> None:
        self.clock = ManualClock()
        self.sets: list[int] = []
        self.told: list[CancelTimer] = []
        self.lost: float | None = None
        self.error: BaseException | None = None
        self.off = threading.Event()
        self.switch = CancelOnSilence(
            limit, name, self.set, lost_since=lambda: self.lost, announce=self.told.append, clock=self.clock
        )

    def set(self, after_ms: int) -> None:
        if self.error is not None:
            raise self.error
        self.sets.append(after_ms)
        if not after_ms:
            self.off.set()


@pytest.mark.parametrize("limit", [5, 5.5, 29.9, 30, 400, 900])
def test_the_timer_never_runs_out_between_two_settings(limit: float):
    """Two settings may fail in a row, and the third is still in time."""
    account = Account(limit)
    account.switch.step()
    assert account.sets == [round(limit * 1000)]
    assert 3 * account.switch.pause() <= limit + 1e-9
    account.error = ConnectFailed("POST /v1/order/cancel_all_after")
    account.switch.step()
    assert account.switch.pause() <= 1.0


@pytest.mark.parametrize("error", [
    ConnectFailed("POST /v1/order/cancel_all_after", "cannot connect"),
    OrderOutcomeUnknown("POST /v1/order/cancel_all_after", None, "the answer was late"),
    UsageError("the client is stopped"),
])  # fmt: skip
def test_a_setting_that_fails_is_told_once_and_so_is_the_next_that_does_not(error: Exception):
    account = Account()
    account.error = error
    account.switch.step()
    account.switch.step()
    assert [(one.armed, one.reason) for one in account.told] == [(False, str(error))]
    account.error = None
    account.switch.step()
    account.switch.step()
    assert [one.armed for one in account.told] == [False, True]
    assert account.sets == [30_000, 30_000]


@pytest.mark.parametrize(
    ("lost", "sets"), [(None, 1), (0.1, 1), (29.9, 1), (30.0, 0), (500, 0), (math.inf, 0)]
)
def test_the_timer_runs_out_where_the_stream_is_gone_for_as_long(lost: float | None, sets: int):
    """Nobody sees fills then, so nobody should have orders."""
    account = Account(30)
    account.clock.advance(1000)
    account.lost = None if lost is None else account.clock.monotonic() - lost
    account.switch.step()
    assert len(account.sets) == sets
    assert [one.reason for one in account.told] == ["the private stream is gone"] * (1 - sets)
    account.lost = None
    account.switch.step()
    assert account.sets[-1] == 30_000
    assert [one.armed for one in account.told] == [False, True][: 2 * (1 - sets)]


def test_stats_say_how_long_the_timer_has_left():
    account = Account(30)
    assert account.switch.stats() == {"armed": False, "runs_out_in": None, "renewals": 0}
    account.switch.step()
    account.clock.advance(12)
    assert account.switch.stats() == {"armed": True, "runs_out_in": 18, "renewals": 1}
    account.clock.advance(40)
    assert account.switch.stats()["armed"] is False


@pytest.mark.parametrize("disarm", [True, False])
def test_a_clean_stop_switches_the_timer_off_and_nothing_else_does(disarm: bool):
    account = Account()
    account.switch.start()
    account.switch.stop(disarm=disarm)
    account.switch.stop(disarm=True)
    assert account.sets == [30_000, 0][: 1 + disarm]
    assert account.off.is_set() is disarm


def test_a_start_that_the_venue_refuses_leaves_no_thread():
    account = Account()
    account.error = ConnectFailed("POST /v1/order/cancel_all_after")
    with pytest.raises(ConnectFailed):
        account.switch.start()
    account.error = None
    account.switch.stop(disarm=True)
    assert account.sets == []


def test_the_timer_stays_set_while_another_client_keeps_it_for_the_account():
    first, second, stranger = Account(), Account(), Account(name="0xb")
    for each in (first, second, stranger):
        each.switch.start()
    first.switch.stop(disarm=True)
    assert first.sets == [30_000]
    second.switch.stop(disarm=True)
    assert second.sets == [30_000, 0]
    stranger.switch.stop(disarm=True)
    assert stranger.sets == [30_000, 0]


@pytest.mark.parametrize("value", [0, 4.99, 900.1, -5, "30", math.nan, math.inf, True])
def test_a_length_that_the_venue_has_no_timer_for_is_refused(value: Any):
    with pytest.raises(UsageError, match="cancel_on_silence"):
        checked_silence(value)
