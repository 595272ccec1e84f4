"""What counts as delivered: what the user has taken, not what was queued."""

from __future__ import annotations

import logging
import math
import threading
from typing import Any

import pytest

from orderly_sync import topics
from orderly_sync.stream.delivery import tell_taken
from tests.support.streams import make, mark, report
from tests.support.wire_server import WireServer

WAIT = 20.0


class Account:
    """What was told to be taken, by order id, and in which thread."""

    def __init__(self) -> None:
        self.taken_ids: list[int] = []
        self.threads: list[str] = []
        self.changed = threading.Condition()

    def handing(self, event: Any, until: float = math.inf) -> bool:
        return True

    def taken(self, event: Any, taker: object = None) -> None:
        with self.changed:
            self.taken_ids.append(event.order_id)
            self.threads.append(threading.current_thread().name)
            self.changed.notify_all()

    def wait(self, count: int) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.taken_ids) >= count, WAIT)


def test_hooks_have_taken_an_event_when_all_have_returned() -> None:
    """Not when it was queued, nor when the first returned; and before the next event begins."""
    account, entered, go = Account(), threading.Event(), threading.Event()
    seen: list[tuple[int, list[int]]] = []

    def slow(event: Any) -> None:
        seen.append((event.order_id, list(account.taken_ids)))
        entered.set()
        assert go.wait(WAIT)

    with WireServer() as server, make(server) as stream:
        stream.hub.deliveries = account
        stream.on(topics.execution_report(), lambda _: None)
        stream.on(topics.execution_report(), slow)
        for number in (1, 2):
            server.peer().send(report(number))
        assert entered.wait(WAIT)
        assert account.taken_ids == []
        go.set()
        account.wait(2)
    assert seen == [(1, []), (2, [1])]
    assert set(account.threads) == {"orderly-hooks"}


def test_an_event_that_a_hook_raises_at_is_taken() -> None:
    """The error is told; the event does not come again."""
    account = Account()

    def fails(_: Any) -> None:
        raise ValueError("no")

    with WireServer() as server, make(server) as stream:
        stream.hub.deliveries = account
        stream.on(topics.execution_report(), fails)
        server.peer().send(report(1))
        account.wait(1)
    assert account.taken_ids == [1]


def test_an_event_whose_hooks_did_not_all_run_is_not_taken() -> None:
    """Stopped from within a hook, which is the last to run."""
    account, done = Account(), threading.Event()

    with WireServer() as server, make(server) as stream:
        stream.hub.deliveries = account

        def stops(_: Any) -> None:
            stream.stop()
            done.set()

        stream.on(topics.execution_report(), stops)
        stream.on(topics.execution_report(), lambda _: None)
        for number in (1, 2):
            server.peer().send(report(number))
        assert done.wait(WAIT)
    assert account.taken_ids == []


def test_a_consumer_has_taken_an_event_when_it_asks_for_the_next() -> None:
    """Or is closed; what it holds until then may not have been looked at."""
    account = Account()
    with WireServer() as server, make(server) as stream:
        stream.hub.deliveries = account
        events = stream.stream(topics.execution_report())
        for number in (1, 2, 3):
            server.peer().send(report(number))
        assert events.get(timeout=WAIT).order_id == 1
        assert account.taken_ids == []
        assert events.get(timeout=WAIT).order_id == 2
        assert account.taken_ids == [1]
        events.close()
        assert account.taken_ids == [1, 2]
        events.close()
        assert account.taken_ids == [1, 2]


def test_market_data_and_session_events_are_nobodys_account() -> None:
    """Only what is private is told."""
    account, seen = Account(), threading.Event()
    with WireServer() as server, make(server) as stream:
        stream.hub.deliveries = account
        stream.on(topics.mark_price("ETH"), lambda _: seen.set())
        prices = stream.stream(topics.mark_price("ETH"))
        server.peer(0).send(mark(1))
        assert seen.wait(WAIT)
        prices.get(timeout=WAIT)
        prices.close()
    assert account.taken_ids == []


def test_an_account_that_fails_harms_no_delivery(caplog: pytest.LogCaptureFixture) -> None:
    """It is logged with its traceback."""

    class Broken:
        def handing(self, event: Any, until: float = math.inf) -> bool:
            return True

        def taken(self, event: Any, taker: object = None) -> None:
            raise OSError("disk full")

    with caplog.at_level(logging.ERROR, "orderly_sync.stream"):
        tell_taken(Broken(), object())
    assert "disk full" in caplog.text
