"""What bots want is heard while anybody wants it: asked for once, answered in words, left in time."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

import pytest

from orderly_sync.errors import Disconnected, SubscriptionRefused, UsageError
from orderly_sync.relay import wishes as module
from orderly_sync.relay.demand import LINGER
from orderly_sync.relay.wishes import WISH_SECONDS, Wishes
from tests.support.memory_bots import KEYS, NAME, reader_of
from tests.support.memory_redis import MemoryRedis

BBO, TRADE, BOOK = "PERP_ETH_USDC@bbo", "PERP_ETH_USDC@trade", "PERP_ETH_USDC@orderbookupdate"


class Venue:
    """A relay's client: what it hears, and what it is answered."""

    def __init__(self, redis: MemoryRedis) -> None:
        self.heard: list[str] = []
        self.left: list[str] = []
        self.books: list[str] = []
        self.asked: list[str] = []
        self.answers: dict[str, str] = {}
        self.told: list[dict[str, str]] = []
        self.fails: dict[str, Exception] = {}
        server: Any = redis
        self.wishes = Wishes(
            server, KEYS, capture=self, always=[NAME], acked=self.acked, show_book=self.books.append,
            answers=self.answers, answered=lambda: self.told.append(dict(self.answers)), ended=print,
        )  # fmt: skip

    def hear(self, topic: Any) -> None:
        if topic.name in self.fails and not isinstance(
            self.fails[topic.name], SubscriptionRefused | TimeoutError
        ):
            raise self.fails[topic.name]
        self.heard.append(topic.name)

    def leave(self, name: str) -> None:
        self.left.append(name)

    def acked(self, topic: Any) -> None:
        self.asked.append(topic.name)
        if topic.name in self.fails:
            raise self.fails[topic.name]

    def look(self) -> None:
        """What the thread does once."""
        self.wishes._try()


@pytest.fixture
def redis(monkeypatch: pytest.MonkeyPatch) -> MemoryRedis:
    """Time is that of the Redis."""
    made = MemoryRedis()
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: made.now))
    monkeypatch.setattr(module, "_PAUSE", 0.0)
    return made


def bot(redis: MemoryRedis, name: str = "bot-1") -> Any:
    made = reader_of(redis)
    made.bot = name
    return made


def test_a_wish_is_subscribed_once_whoever_has_it(redis: MemoryRedis) -> None:
    """Answered when the venue has acknowledged it; what is heard anyway is not asked for."""
    venue = Venue(redis)
    venue.look()
    bot(redis).wish_as("public", {BBO, NAME})
    venue.look()
    bot(redis, "bot-2").wish_as("public", {BBO, TRADE})
    venue.look()
    assert venue.heard == venue.asked == [BBO, TRADE]
    assert venue.told == [{BBO: "ok"}, {BBO: "ok", TRADE: "ok"}]
    assert venue.wishes.demand.topics == {BBO, TRADE}


def test_all_are_asked_for_before_any_is_waited_for(redis: MemoryRedis) -> None:
    """And a book is shown once its topic is on record as heard."""
    venue = Venue(redis)
    order: list[str] = []
    venue.hear = lambda topic: order.append(f"hear {topic.name}")  # type: ignore[method-assign]
    venue.wishes._acked = lambda topic: order.append(f"wait {topic.name}")
    venue.wishes._show_book = lambda symbol: order.append(f"book {symbol} {venue.answers[BOOK]}")
    bot(redis).wish_as("public", {BOOK, BBO})
    venue.look()
    assert order == [
        f"hear {BBO}", f"hear {BOOK}", f"wait {BBO}", f"wait {BOOK}", "book PERP_ETH_USDC ok",
    ]  # fmt: skip


def test_bots_from_before_are_found(redis: MemoryRedis) -> None:
    """As when a relay begins, or what a bot said was trimmed before it was read."""
    bot(redis).wish_as("public", {BBO})
    venue = Venue(redis)
    venue.look()
    assert venue.heard == [BBO]
    bot(redis, "bot-2").wish_as("public", {TRADE})
    redis.values[KEYS.asks].clear()
    venue.look()
    assert venue.heard == [BBO]
    redis.now += 31
    bot(redis, "bot-2").wish_as("public", {TRADE})
    redis.values[KEYS.asks].clear()
    venue.look()
    assert venue.heard == [BBO, TRADE]


def test_what_nobody_wants_is_left_after_a_while(redis: MemoryRedis) -> None:
    """Not at once, for a bot that starts anew wants it again; also what a bot wanted that was killed."""
    venue = Venue(redis)
    asking = bot(redis)
    asking.wish_as("public", {BBO})
    venue.look()
    asking.wish_as("public", set())
    venue.look()
    redis.now += LINGER - 1
    asking.wish_as("public", {BBO})
    venue.look()
    redis.now += LINGER
    venue.look()
    assert (venue.heard, venue.left) == ([BBO], [])
    redis.now += WISH_SECONDS
    venue.look()
    redis.now += LINGER
    venue.look()
    assert (venue.left, venue.answers, venue.told[-1]) == ([BBO], {}, {})


@pytest.mark.parametrize(
    ("error", "answer", "is_left"),
    [
        (SubscriptionRefused(BBO, "no such symbol"), "refused: no such symbol", True),
        (UsageError("no topic"), "refused: no topic", False),
        (
            Disconnected("it was stopped", final=True),
            "refused: the stream is down for good: it was stopped",
            False,
        ),
        (TimeoutError("not yet"), "ok", False),
    ],
)
def test_each_answer_says_what_became_of_it(
    redis: MemoryRedis, error: Exception, answer: str, is_left: bool
) -> None:
    """A refusal in the venue's words, which is left; one that is late is there when it comes. Nothing else is kept."""
    venue = Venue(redis)
    venue.fails = {BBO: error}
    bot(redis).wish_as("public", {BBO, TRADE})
    venue.look()
    assert venue.answers == {BBO: answer, TRADE: "ok"}
    assert venue.left == [BBO] * is_left
    venue.look()
    assert venue.asked.count(BBO) <= 1


def test_a_wish_that_is_no_topic_is_refused(redis: MemoryRedis) -> None:
    """Whatever a bot has written there."""
    venue = Venue(redis)
    redis.hset(KEYS.wishes("bot-1"), mapping={"no topic": "1", b"\xff": "1"})
    venue.look()
    assert venue.heard == []
    assert all(answer.startswith("refused: ") for answer in venue.answers.values())
    assert len(venue.answers) == 2


def test_a_redis_that_fails_is_said_once_and_asked_again(
    redis: MemoryRedis, caplog: pytest.LogCaptureFixture
) -> None:
    """What was wanted meanwhile is found then, and nothing is left for it."""
    venue = Venue(redis)
    asking = bot(redis)
    asking.wish_as("public", {BBO})
    venue.look()
    redis.failing = lambda name: "before" if name == "XREAD" else None
    redis.now += LINGER
    with caplog.at_level(logging.WARNING):
        venue.look()
        venue.look()
    assert [record.message.split(":")[0] for record in caplog.records] == ["what bots want cannot be read"]
    redis.failing = lambda _: None
    asking.wish_as("public", {BBO, TRADE})
    venue.look()
    assert (venue.heard, venue.left) == ([BBO, TRADE], [])
