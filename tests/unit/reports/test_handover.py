"""Handing over what a full queue owes, whatever REST does meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import pytest

from orderly_sync.errors import Overflow, TransportError
from orderly_sync.reports.backlog import Backlog
from orderly_sync.reports.delivered import Delivered
from orderly_sync.reports.handover import Handover
from orderly_sync.rest.rate_share import BACKGROUND, rate_shares
from tests.support.paper import eventually
from tests.support.reports import fill_report, report

WAIT = 20.0
TOPIC = "executionreport"


class Feed:
    """Answers each reading with the next of what it was told to."""

    topic = TOPIC

    def __init__(self, *answers: Sequence[Sequence[Any]] | Exception) -> None:
        self.answers = list(answers)
        self.known: list[Delivered] = []
        self.shares: list[object] = []
        self.sequencer = self
        self.table: dict[int, Any] = {}

    def delivered(self, key: int) -> Any:
        return Decimal(key)

    def has_ended(self, key: int) -> bool:
        return key % 2 == 0

    def missed(self, _: Any, known: Delivered, __: Any) -> Iterator[Sequence[Any]]:
        self.known.append(known)
        self.shares.append(rate_shares())
        answer = self.answers.pop(0) if self.answers else ()
        if isinstance(answer, Exception):
            raise answer
        return iter(answer)


class Queue:
    """So many places; whoever reads takes them out."""

    def __init__(self, bound: int = 10) -> None:
        self.bound = bound
        self.items: list[Any] = []
        self.got: list[Any] = []

    @property
    def room(self) -> int:
        return self.bound - len(self.items)

    def hand(self, event: object) -> None:
        self.items.append(event)
        self.got.append(event)


class Stage:
    """A handover, one queue, and all that was said."""

    def __init__(self, *answers: Any, pauses: Sequence[float] = (0.001,) * 3, bound: int = 10) -> None:
        self.feed: Any = Feed(*answers)
        self.queue: Any = Queue(bound)
        self.told: list[Overflow] = []
        self.done: list[tuple[str, int | None, int]] = []
        self.ended = threading.Event()
        rest: Any = None  # the feed asks nobody
        self.handover = Handover(
            rest,
            {TOPIC: self.feed}.get,
            floor=lambda: 5,
            told=self.told.append,
            done=self._done,
            pauses=pauses,
        )
        backlog = self.handover.backlog_of(TOPIC, lambda: self.queue)
        assert backlog is not None
        self.backlog: Backlog = backlog

    def _done(self, *told: Any) -> None:
        self.done.append(told)
        self.ended.set()

    def join(self) -> None:
        self.handover.stop()
        self.handover.join(WAIT)


@pytest.fixture
def stage() -> Iterator[Callable[..., Stage]]:
    made: list[Stage] = []

    def make(*answers: Any, **options: Any) -> Stage:
        made.append(Stage(*answers, **options))
        return made[-1]

    yield make
    for one in made:
        one.join()


def test_rest_is_asked_for_what_is_owed_and_no_more(stage: Callable[..., Stage]) -> None:
    """From the time of the first, by the marks of the queue; of other orders by what state has."""
    first = fill_report("2", "1", 7, timestamp=50)
    made = stage([[first, fill_report("1", "1", 6)], [report("NEW", order_id=9)]])
    made.backlog.pass_on([first], 0)
    assert made.ended.wait(WAIT)
    (known,) = made.feed.known
    assert made.feed.shares == [(BACKGROUND,)]  # the rest of each rate limit is the user's
    assert (known.since, known.floor, known.asked) == (50, 5, [1])
    assert (known.delivered(1), known.delivered(8)) == (Decimal(1), Decimal(8))
    assert (known.has_ended(1), known.has_ended(8), known.has_ended(7)) == (True, True, False)
    assert made.queue.got == [first]
    assert made.done == [(TOPIC, 50, 1)]
    assert [(one.dropped, one.lost) for one in made.told] == [(1, False)]
    assert not made.handover.is_behind


def test_a_topic_that_rest_cannot_rebuild_has_no_account(stage: Callable[..., Stage]) -> None:
    """It is told and read anew by other means."""
    made = stage()
    assert made.handover.backlog_of("settle", lambda: None) is None
    assert made.handover.rebuilds(TOPIC)
    assert not made.handover.rebuilds("settle")


@pytest.mark.parametrize(
    "trouble", [(), TransportError("GET /v1/orders", "no"), ValueError("odd")], ids=["lag", "down", "odd"]
)
def test_what_cannot_be_read_yet_is_read_again(stage: Callable[..., Stage], trouble: Any) -> None:
    """REST may lag or fail, once or often; nothing is given up for a failure."""
    first = report("NEW")
    times = 2 if trouble == () else 9
    made = stage(*[trouble] * times, [[first]])
    made.backlog.pass_on([first], 0)
    assert made.ended.wait(WAIT)
    assert made.queue.got == [first]
    assert len(made.feed.known) == times + 1
    assert not [one for one in made.told if one.lost]


def test_what_rest_never_tells_is_given_up_loudly(
    stage: Callable[..., Stage], caplog: pytest.LogCaptureFixture
) -> None:
    """After the last pause: logged, told as lost, and what comes next is delivered."""
    made = stage()
    made.backlog.pass_on([report("NEW")], 0)
    assert made.ended.wait(WAIT)
    assert [(one.dropped, one.lost) for one in made.told] == [(1, False), (1, True)]
    assert "cannot be read again" in str(made.told[1])
    assert "does not tell of them" in caplog.text
    later = [report("NEW", order_id=2)]
    assert made.backlog.pass_on(later, 1) is later


def test_it_waits_for_room_without_reading(stage: Callable[..., Stage]) -> None:
    """Half of the queue before it reads, one place for each report after that."""
    owed = [report("NEW", order_id=number) for number in range(1, 8)]
    made = stage([owed], [owed], [owed], bound=4)
    made.queue.items = [0, 0, 0, 0]
    made.backlog.pass_on(owed, 0)
    assert made.handover.is_behind
    assert made.feed.known == []
    for _ in range(7):
        made.queue.items.pop()
        if len(made.queue.items) < 2:
            eventually(lambda: len(made.queue.items) >= 2 or made.ended.is_set())
    assert made.ended.wait(WAIT)
    assert made.queue.got == owed


def test_a_queue_that_is_gone_is_owed_nothing(stage: Callable[..., Stage]) -> None:
    """Its thread ends, and nobody is told that it caught up."""
    made = stage()
    made.queue.items = [0] * 10
    made.backlog.pass_on([report("NEW")], 0)
    made.queue = None
    eventually(lambda: not made.handover.is_behind)
    made.handover.join(WAIT)
    assert made.done == []


def test_stopping_ends_it_in_any_pause(stage: Callable[..., Stage]) -> None:
    """At once, though the next reading is an hour away; what is owed stays owed."""
    made = stage(pauses=(3600.0,))
    made.backlog.pass_on([report("NEW")], 0)
    eventually(lambda: made.feed.known)
    made.join()
    assert made.handover.is_behind
    assert not [one for one in threading.enumerate() if one.name == "orderly-handover"]


def test_it_can_fall_behind_again(stage: Callable[..., Stage]) -> None:
    """Each time is told, handed over and ended anew."""
    first, second = report("NEW"), report("NEW", order_id=2)
    made = stage([[first]], [[second]])
    for one in (first, second):
        made.ended.clear()
        made.backlog.pass_on([one], 0)
        assert made.ended.wait(WAIT)
    assert made.queue.got == [first, second]
    assert len(made.told) == len(made.done) == 2
