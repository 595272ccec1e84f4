"""Logging in: signed anew each time, and a refusal that is this machine's clock's fault is none of the key's."""

from __future__ import annotations

from email.utils import formatdate
from typing import Any

import pytest

from orderly_sync import Credentials
from orderly_sync.clock import ManualClock
from orderly_sync.corrected_clock import CorrectedClock
from orderly_sync.errors import LoginRefused
from orderly_sync.signing import login_message, verify
from orderly_sync.stream.effects import Abort, Failed, Lost, Send
from orderly_sync.stream.login import Login, may_be_about_login
from orderly_sync.stream.protocol import StreamProtocol
from orderly_sync.stream.transitions import State
from orderly_sync.wire.json import decode
from tests.support.streams import SECRET

ME = Credentials(account_id="0x" + "ab" * 32, secret=SECRET)
BEGAN = 1_790_000_000_000


class Dialling:
    """A private connection on a machine whose clock is off by ``skew``, and the venue that it speaks to."""

    def __init__(self, skew: int) -> None:
        self.machine = ManualClock(BEGAN)
        self.clock = CorrectedClock(self.machine)
        self.skew = skew
        login = Login(ME, self.clock)
        self.protocol = StreamProtocol(
            login=login, login_answered=login.answered, delays=lambda: iter([1.0, 2.0, 4.0, 8.0])
        )

    @property
    def venue(self) -> int:
        return self.machine.time_ms() - self.skew

    def dial(self) -> dict[str, Any]:
        """Open a connection; the login frame."""
        if self.protocol.state is State.IDLE:
            self.protocol.connect(self.machine.monotonic())
        else:
            deadline = self.protocol.deadline
            assert deadline is not None
            self.machine.advance(deadline - self.machine.monotonic())
            self.protocol.tick(self.machine.monotonic())
        self.protocol.effects()
        self.protocol.opened(self.machine.monotonic())
        (sent,) = self.protocol.effects()
        assert isinstance(sent, Send)
        frame = decode(sent.text, "login")
        assert isinstance(frame, dict)
        params = frame["params"]
        assert verify(params["orderly_key"], login_message(params["timestamp"]), params["sign"])
        return frame

    def is_timely(self, frame: dict[str, Any]) -> bool:
        return abs(frame["params"]["timestamp"] - self.venue) <= 300_000

    def answer(self, frame: dict[str, Any], **fields: Any) -> list[Any]:
        """The venue's answer a moment later; what is announced."""
        self.machine.advance(0.05)
        told = {
            "id": frame["id"],
            "event": "auth",
            "success": self.is_timely(frame),
            "ts": self.venue,
            **fields,
        }
        self.protocol.received(told, self.machine.monotonic())
        return self.protocol.events()


@pytest.mark.parametrize("skew", [300_500, -300_500, 301_000, 3_600_000, -3_600_000, -2 * 86_400_000])
def test_a_login_refused_for_its_time_is_made_anew_after_a_delay(skew: int) -> None:
    """The connection is dropped and dialled again, with the venue's time in the login."""
    dialling = Dialling(skew)
    (lost,) = dialling.answer(dialling.dial())
    assert isinstance(lost, Lost)
    assert lost.delay == 1.0
    assert "clock" in lost.reason
    assert dialling.protocol.effects() == [Abort()]
    frame = dialling.dial()
    assert dialling.is_timely(frame)
    dialling.answer(frame)
    assert dialling.protocol.state is State.READY


@pytest.mark.parametrize("skew", [0, 900, -900, 299_000])
def test_a_refusal_of_a_timely_login_is_final(skew: int) -> None:
    """A clock that is right cannot be the reason; one that is nearly off is corrected first."""
    dialling = Dialling(skew)
    if abs(skew) > 1_000:
        (lost,) = dialling.answer(dialling.dial(), success=False)
        assert isinstance(lost, Lost)
    (failed,) = dialling.answer(dialling.dial(), success=False, errorMsg="auth failed")
    assert isinstance(failed, Failed)
    assert isinstance(failed.error, LoginRefused)
    assert dialling.protocol.state is State.FAILED


def test_a_venue_that_says_another_time_at_each_refusal_is_asked_ever_more_seldom() -> None:
    """Never final, for its own words blame the clock; never in a loop, for the delays grow."""
    dialling, delays = Dialling(0), []
    for lie in (400_000, -400_000, 900_000, -7_000):
        (lost,) = dialling.answer(dialling.dial(), success=False, ts=dialling.venue + lie)
        assert isinstance(lost, Lost)
        delays.append(lost.delay)
    assert delays == [1.0, 2.0, 4.0, 8.0]


@pytest.mark.parametrize("ts", [None, "soon", 0, 1_790_000_000, True])
def test_the_header_of_the_handshake_serves_where_the_refusal_tells_no_time(ts: Any) -> None:
    """Without either, the refusal is the key's."""
    for has_header in (True, False):
        dialling = Dialling(301_000)
        frame = dialling.dial()
        if has_header:
            date = formatdate(dialling.venue / 1000, usegmt=True)
            dialling.clock.answered(None, date, dialling.machine.monotonic())
        (told,) = dialling.answer(frame, ts=ts)
        assert isinstance(told, Lost if has_header else Failed)
        if has_header:
            assert dialling.is_timely(dialling.dial())


def test_each_login_is_signed_when_it_is_made() -> None:
    """Also with a clock that was set in between."""
    dialling = Dialling(0)
    first = dialling.dial()
    dialling.answer(first)
    dialling.protocol.lost("cut", dialling.machine.monotonic())
    second = dialling.dial()
    assert second["params"]["timestamp"] - first["params"]["timestamp"] >= 1_000
    assert first["params"]["sign"] != second["params"]["sign"]


def test_what_may_be_about_a_login_names_nothing_else() -> None:
    """An answer without the login's id, and a refusal without event."""
    assert may_be_about_login({"event": "auth"})
    assert may_be_about_login({"success": False})
    assert not may_be_about_login({"event": "subscribe"})
    assert not may_be_about_login({"success": False, "topic": "bbo"})
    assert not may_be_about_login({"success": False, "id": "s1"})
