"""When the lists of other private topics are read, and what becomes of a list that cannot be."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from orderly_sync.clock import SystemClock
from orderly_sync.errors import ConnectFailed, RateLimited
from orderly_sync.models.base import Frame, Push
from orderly_sync.models.pushes import SettleUpdate
from orderly_sync.reports import other_topics
from orderly_sync.reports.other_topics import OtherTopics
from orderly_sync.rest.rate_share import BACKGROUND, rate_shares
from tests.support.paper import eventually

LIMITED = RateLimited(-1003, "slow down")
FAILED = ConnectFailed("GET /v1/pnl_settlement/history", "cannot connect")


class Stage:
    """A stream at one moment, and lists that answer as they are told to."""

    def __init__(self) -> None:
        self.now = 100_000
        self.is_heard = True
        self.told: list[Any] = []
        self.asked: list[tuple[str, int]] = []
        self.shares: list[object] = []
        self.answers: list[Any] = []
        self.threads: set[str] = set()
        rest: Any = None  # the readers ask nobody
        self.others = OtherTopics(rest, self, clock=SystemClock(), looks=(0.0, 0.02))

    def watermark(self) -> int | None:
        return self.now

    def hears(self, _: str) -> bool:
        return self.is_heard

    def deliver_recovered(
        self, name: str, batches: Sequence[Sequence[object]], is_news: Callable[[Any], bool]
    ) -> int:
        fresh = [one for batch in batches for one in batch if is_news(one) and one not in self.told]
        self.told += fresh
        return len(fresh)

    def reader(self, topic: str) -> Callable[[Any, int], list[Push]]:
        def read(_: Any, start: int) -> list[Push]:
            self.asked.append((topic, start))
            self.shares.append(rate_shares())
            self.threads.add(threading.current_thread().name)
            answer = self.answers.pop(0) if self.answers else []
            if isinstance(answer, Exception):
                raise answer
            return list(answer)

        return read

    def done(self) -> None:
        eventually(lambda: self.others._thread is None)


def settled(number: int) -> SettleUpdate:
    return SettleUpdate(id=number, frame=Frame("settle", 1, "rest", recovered=True))


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    made = Stage()
    readers = {topic: made.reader(topic) for topic in other_topics.READERS}
    monkeypatch.setattr(other_topics, "READERS", readers)
    monkeypatch.setattr(other_topics, "_PAUSE", 0.01)
    yield made
    made.others.stop()
    made.others.join(5)


def lost(stage: Stage) -> None:
    stage.others.gap()
    stage.now += 500
    stage.others.gap()
    stage.others.resync()


def test_only_what_is_heard_is_read_and_from_where_the_gap_began(stage: Stage):
    """At each look once, on a thread of its own, of which the rate limit's share is the background's."""
    stage.others.hear("settle")
    stage.now = 300_000
    lost(stage)
    stage.done()
    assert stage.asked == [("settle", 240_000)] * 2
    assert stage.shares == [(BACKGROUND,)] * 2
    assert stage.threads == {"orderly-other-topics"}


def test_nothing_is_read_from_before_it_was_heard(stage: Stage):
    """What was over then is no news."""
    stage.others.hear("settle")
    lost(stage)
    stage.done()
    assert {start for _, start in stage.asked} == {100_001}


def test_without_a_gap_or_without_anybody_nothing_is_read(stage: Stage):
    """No request, no thread."""
    stage.others.hear("settle")
    stage.others.resync()
    stage.is_heard = False
    lost(stage)
    stage.done()
    assert stage.asked == []


def test_a_topic_that_has_no_list_is_left_to_others(stage: Stage):
    """Orders and states have their own ways."""
    for topic in ("executionreport", "position", "markprices"):
        stage.others.hear(topic)
    lost(stage)
    stage.done()
    assert stage.asked == []


@pytest.mark.parametrize("error", [LIMITED, FAILED, ValueError("a defect")])
def test_a_list_that_cannot_be_read_is_tried_again(
    stage: Stage, error: Exception, caplog: pytest.LogCaptureFixture
):
    """It says so, and what it holds is told then; another list is not held up by it."""
    stage.answers = [error, error, [settled(1)]]
    stage.others.hear("settle")
    lost(stage)
    stage.done()
    assert stage.told == [settled(1)]
    assert stage.others.recovered == 1
    assert "will be tried again" in caplog.text


def test_a_list_that_is_never_read_is_given_up_loudly(stage: Stage, caplog: pytest.LogCaptureFixture):
    """After so many tries somebody must look for himself; looks that were due together end together."""
    stage.answers = [FAILED] * 100
    stage.others.hear("settle")
    lost(stage)
    stage.done()
    given_up = [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR]
    assert 1 <= len(given_up) <= 2
    assert all("read it yourself" in text for text in given_up)


def test_gaps_that_overlap_are_read_together_from_the_first(stage: Stage):
    """Each topic once a look, from the earliest time."""
    stage.others.hear("settle")
    for moment in (300_000, 400_000):
        stage.now = moment
        stage.others.gap()
        stage.others.resync()
    stage.done()
    assert stage.asked[0] == ("settle", 240_000)
    assert len(stage.asked) <= 4


def test_it_ends_when_asked_to_and_begins_nothing_more(stage: Stage):
    """Whatever is still to be read."""
    stage.others.hear("settle")
    stage.others._after = (600.0,)
    lost(stage)
    stage.others.stop()
    stage.others.join(5)
    assert stage.others._thread is None
    lost(stage)
    assert stage.others._thread is None
