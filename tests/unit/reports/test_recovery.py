"""When REST is read for what was missed, and what is delivered of it: without a thread, by a clock that stands still."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from orderly_sync.clock import ManualClock
from orderly_sync.errors import ConnectFailed
from orderly_sync.live.orders import OpenAlgoOrders, OpenOrders
from orderly_sync.reports.deduplicator import Deduplicator
from orderly_sync.reports.reading import Reading
from orderly_sync.reports.recovery import Recovery
from orderly_sync.reports.schedule import Gap
from orderly_sync.reports.sequencer import ReportSequencer
from orderly_sync.rest.rate_share import AUDIT, BACKGROUND, RateShare, rate_shares
from tests.support.reports import fill, fill_report, report, row
from tests.unit.reports.test_rebuild import FakeOrders


class FakeStream:
    """A stream at one moment of the venue's time; notes what it is given."""

    def __init__(self) -> None:
        self.now: int | None = 1000
        self.delivered: list[Any] = []
        self.resyncs: list[tuple[Any, ...]] = []
        self.events: list[tuple[Any, ...]] = []
        self.times_restarted = 0
        self.deduplicators: dict[str, Deduplicator] = {}
        self.is_down_again = False
        self.recovery: Recovery | None = None

    def watermark(self) -> int | None:
        return self.now

    def hears(self, _: str) -> bool:
        return True

    def restarts(self) -> int:
        return self.times_restarted

    def deduplicator(self, name: str) -> Deduplicator | None:
        return self.deduplicators.setdefault(
            name, Deduplicator(lambda event: (event.order_id, event.trade_id))
        )

    def forget_all(self, forget: Callable[[], object]) -> None:
        for deduplicator in self.deduplicators.values():
            deduplicator.forget_all()
        forget()

    def restarted(self, reason: str) -> None:
        self.events.append(("restarted", reason))

    def gap_opened(self, since: int | None, reason: str) -> None:
        self.events.append(("opened", since, reason))

    def gap_closed(self, gap: Gap, until: int | None, seconds: float, *, complete: bool) -> None:
        self.events.append(("closed", gap.since, until, gap.recovered, gap.looks, seconds, complete))

    def deliver_recovered(
        self, name: str, batches: Sequence[Sequence[Any]], is_news: Callable[[Any], bool]
    ) -> int:
        assert self.recovery is not None
        sequencer = self.recovery.sequencers[name]
        told = [one for events in batches for one in sequencer.merged(events, is_news)]
        self.delivered += told
        return sum(one.recovered for one in told)

    def settle(self, sequencers: Mapping[str, ReportSequencer], is_over: Callable[[], bool]) -> bool:
        over = is_over()
        for sequencer in sequencers.values() if over else ():
            self.delivered += sequencer.settle()
        return over

    def resynced(self, since: int | None, until: int | None, recovered: int, reason: str) -> None:
        self.resyncs.append((since, until, recovered, reason))


class Setup:
    """A recovery, and everything that it asks."""

    def __init__(self, later: Sequence[float] = (2.0, 10.0), audit: float | None = None) -> None:
        self.rest = FakeOrders()
        self.stream = FakeStream()
        self.clock = ManualClock()
        self.orders = OpenOrders()
        self.steps: list[str] = []
        self.failures = 0
        self.recovery = Recovery(
            self.rest, self.orders, OpenAlgoOrders(), self.stream,  # type: ignore[arg-type]
            read=self.read, clock=self.clock, later=later, audit=audit,
        )  # fmt: skip
        self.stream.recovery = self.recovery
        self.recovery.begin()
        self.steps.clear()

    def read(self, _: Reading) -> Callable[[], None]:
        if self.failures:
            self.failures -= 1
            raise ConnectFailed("GET /v1/positions", "cannot connect")
        self.steps.append("read")
        if self.stream.is_down_again:
            self.recovery.gap("again")
        return lambda: self.steps.append("show")

    def poll(self, after: float = 0.0) -> None:
        self.clock.advance(after)
        self.recovery.poll()


@pytest.fixture
def made() -> Setup:
    return Setup()


def test_nothing_is_read_while_nothing_is_missing(made: Setup):
    """A poll that is not due asks nobody."""
    made.poll(1000)
    assert (made.steps, made.rest.asked, made.stream.resyncs) == ([], [], [])


def test_a_gap_is_read_from_its_beginning(made: Setup):
    """From the last time heard before, however often the connection is lost until it stands; announced once."""
    made.recovery.gap()
    made.stream.now = 2000
    made.recovery.gap()
    assert (made.recovery.gaps, made.recovery.resyncing) == (2, True)
    made.recovery.resync("it was down")
    made.poll()
    assert made.stream.resyncs == [(1000, 2000, 0, "it was down")]
    assert not made.recovery.resyncing
    made.poll(2)
    made.poll(8)
    assert made.steps == ["read", "show"] * 3
    assert len(made.stream.resyncs) == 1


def test_state_is_shown_after_what_led_to_it(made: Setup):
    """Read before what was missed is told, shown after."""
    made.rest.rows = {5: row(5, created_time=1500, updated_time=1500)}
    deliver = made.stream.deliver_recovered

    def watched(*args: Any) -> int:
        made.steps.append("tell")
        return deliver(*args)

    made.stream.deliver_recovered = watched  # type: ignore[method-assign]
    made.recovery.gap()
    made.recovery.resync("it was down")
    made.poll()
    assert made.steps == ["read", "tell", "show"]
    assert [(one.order_id, one.status) for one in made.stream.delivered] == [(5, "NEW")]


def test_a_gap_is_closed_for_the_connection_on_which_it_was_opened(made: Setup):
    """Lost again while REST is read: nothing is said to be well until the next connection was read over."""
    made.recovery.gap("first")
    made.recovery.resync("first")
    made.stream.is_down_again = True
    made.poll()
    assert made.recovery.resyncing
    assert made.stream.resyncs == []
    made.stream.is_down_again = False
    made.poll(10)
    assert made.recovery.resyncing
    assert [one[0] for one in made.stream.events] == ["opened", "opened", "closed"]
    assert all(one.gap for one in made.recovery.sequencers.values())
    made.recovery.resync("second")
    made.poll()
    assert not made.recovery.resyncing
    assert len(made.stream.resyncs) == 1
    assert all(one.gap for one in made.recovery.sequencers.values())
    made.poll(2)
    made.poll(8)
    assert [one[0] for one in made.stream.events] == ["opened", "opened", "closed", "closed"]
    assert not any(one.gap for one in made.recovery.sequencers.values())


def test_missing_fills_alone_have_one_order_read(made: Setup):
    """No list, no state; what was lost without a gap has everything read once more later."""
    sequencer = made.recovery.orders.sequencer
    new = report(order_id=5, created_time=1500)
    second = fill_report("0.5", "0.2", 2, order_id=5, created_time=1500)
    assert [*sequencer([new, second])] == [new]
    made.rest.rows = {5: row(5, "PARTIAL_FILLED", "0.5", created_time=1500, updated_time=1600)}
    made.rest.trades = [fill(1, "0.3", 1550, 5), fill(2, "0.2", 1600, 5)]
    made.poll()
    assert [one.trade_id for one in made.stream.delivered] == [1, 2]
    assert (made.steps, made.rest.asked[0]) == ([], 5)
    assert made.stream.resyncs == []
    made.poll(10)
    assert made.steps == ["read", "show"]


def test_a_failed_reading_comes_again_after_longer_and_longer(caplog: pytest.LogCaptureFixture):
    """0.5 s, 1 s, 2 s; the gap is read as it was, and the pauses begin anew after a success."""
    made = Setup(later=(100.0, 200.0))
    made.recovery.gap()
    made.failures = 3
    made.recovery.resync("it was down")
    with caplog.at_level(logging.WARNING, logger="orderly_sync.state"):
        made.poll()
        for pause in (0.5, 1.0):
            made.poll(pause - 0.01)
            assert made.stream.resyncs == []
            made.poll(0.01)
        made.poll(1.9)
        assert made.steps == []
        made.poll(0.1)
    assert len(caplog.records) == 3
    assert made.stream.resyncs == [(1000, 1000, 0, "it was down")]
    assert made.recovery._pause == 0.5


def test_a_reading_that_breaks_is_said_loudly_and_tried_again(made: Setup, caplog: pytest.LogCaptureFixture):
    """Nobody else sees that thread: the traceback is in the log."""
    made.rest.list = None  # type: ignore[assignment, method-assign]
    made.recovery.resync("a test")
    made.poll()
    assert [one.levelname for one in caplog.records] == ["ERROR"]
    assert caplog.records[0].exc_info
    del made.rest.list
    made.poll(0.5)
    assert len(made.stream.resyncs) == 1


def test_a_placed_order_that_nobody_knows_is_forgotten_in_the_end(made: Setup):
    """Asked for after each pause; then it is shown no longer."""
    made.orders.expect(row(5))
    made.recovery.orders.awaited.add(5, made.clock.monotonic())
    made.recovery.expect()
    made.poll(2)
    assert (made.rest.asked, list(made.orders)) == ([5], [5])
    made.poll(8)
    assert (made.rest.asked, list(made.orders)) == ([5, 5], [])
    made.poll(1000)
    assert made.rest.asked == [5, 5]


def test_the_thread_reads_what_is_asked_for_and_ends(made: Setup):
    """It sleeps until something may be missing; stopping is bounded and idempotent."""
    read = threading.Event()
    made.stream.resynced = lambda *_: read.set()  # type: ignore[method-assign]
    made.recovery.start()
    made.recovery.resync("a test")
    assert read.wait(20)
    made.recovery.stop()
    made.recovery.stop()
    made.recovery.join(20)
    assert not any(one.name == "orderly-recovery" for one in threading.enumerate())


def test_what_recovery_reads_counts_as_asked_by_the_package(made: Setup, monkeypatch: pytest.MonkeyPatch):
    """A gap takes from the background's share, and nothing is marked afterwards."""
    seen: list[tuple[RateShare, ...]] = []
    listed = made.rest.list
    monkeypatch.setattr(made.rest, "list", lambda **asked: (seen.append(rate_shares()), listed(**asked))[1])
    made.recovery.gap()
    made.recovery.resync("it was down")
    made.poll()
    assert set(seen) == {(BACKGROUND,)}
    assert rate_shares() == ()


def test_an_audit_takes_from_a_share_of_its_own_besides(monkeypatch: pytest.MonkeyPatch):
    """The marks are of each poll, not of the thread."""
    audited = Setup(audit=20.0)
    seen: list[tuple[RateShare, ...]] = []
    listed = audited.rest.list
    monkeypatch.setattr(
        audited.rest, "list", lambda **asked: (seen.append(rate_shares()), listed(**asked))[1]
    )
    audited.poll(20)
    assert set(seen) == {(AUDIT, BACKGROUND)}
    audited.recovery.gap()
    audited.recovery.resync("it was down")
    seen.clear()
    audited.poll(1)
    assert set(seen) == {(BACKGROUND,)}
