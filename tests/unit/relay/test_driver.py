"""Where a bot's frames come from: what is asked of Redis, what is given on, and what a link that is gone leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from orderly_sync import Timeouts, topics
from orderly_sync.corrected_clock import CorrectedClock
from orderly_sync.errors import DecodingError, SubscriptionRefused
from orderly_sync.relay import driver as module
from orderly_sync.relay.driver import RelayedDriver
from orderly_sync.relay.entries import FORMAT
from orderly_sync.relay.group import StreamPlace
from orderly_sync.relay.reading import LEASE_SECONDS, BotReader, RelayedState
from orderly_sync.relay.stream_entry import StreamEntry
from orderly_sync.relay_errors import GroupInUse, RelayMismatch
from orderly_sync.stream.effects import Answered, Lost, Ready, SubscriptionRejected
from orderly_sync.stream.protocol import StreamProtocol
from tests.support.memory_bots import KEYS, NAME, REPORTS, joined, reader_of, write
from tests.support.memory_redis import MemoryRedis

BBO = topics.bbo("ETH")


class _Thread:
    """One that never runs: the test does its work."""

    is_alive = is_current = False

    def __init__(self, *_: object) -> None:
        pass

    def start(self) -> None:
        pass


class Ears:
    """Both who is told of the connection and who is given what is read."""

    deadline = None

    def __init__(self) -> None:
        self.occurred_: list[Any] = []
        self.broken: list[Exception] = []
        self.announced: list[object] = []
        self.states: list[str] = []
        self.begun: dict[str, StreamPlace] = {}
        self.left: list[str] = []
        self.heard: list[str] = []
        self.warned: list[str] = []
        self.raises: dict[str, Exception] = {}
        self.at_begin: Callable[[str], object] = lambda _: None

    def occurred(self, occurrence: Any) -> None:
        self.occurred_.append(occurrence)

    def undecodable(self, error: Exception) -> None:
        self.broken.append(error)

    def ended(self, error: BaseException) -> None:
        raise error

    def tick(self, _: float) -> None:
        raise AssertionError

    pushed = pinged = tick

    def opened(self, state: RelayedState, _: Mapping[str, StreamPlace]) -> None:
        self.states.append(f"opened at {state.head}")

    def took_state(self, state: RelayedState) -> None:
        self.states.append(f"took {state.head}")

    def subscribed(self, topic: str, at: StreamPlace) -> None:
        self.at_begin(topic)
        self.begun[topic] = at

    def unsubscribed(self, topic: str) -> None:
        self.left.append(topic)

    def entry(self, entry: StreamEntry, _: float) -> None:
        self.heard.append(entry.id)
        if entry.id in self.raises:
            raise self.raises[entry.id]

    def announce(self, event: object) -> None:
        self.announced.append(event)

    def about_to(self, entries: list[StreamEntry]) -> None:
        self.warned += [entry.id for entry in entries]

    def of(self, kind: type) -> list[Any]:
        """What the protocol announced of a kind."""
        return [one for one in self.occurred_ if isinstance(one, kind)]


class Wire:
    """A driver, whose two threads are the test's."""

    def __init__(self, reader: BotReader, name: str) -> None:
        self.ears = Ears()
        self.protocol = StreamProtocol(login=None, delays=lambda: iter([0.0] * 99), timeouts=Timeouts())
        owner: Any = self.ears
        self.driver = RelayedDriver(
            name, "redis at memory", self.protocol, owner,
            clock=CorrectedClock(), timeouts=Timeouts(), reader=reader, listener=self.ears,
            always=frozenset({NAME}),
        )  # fmt: skip

    @property
    def link(self) -> Any:
        return self.driver._link

    def dial(self, *wanted: Any) -> None:
        """The connection begins, and wants these topics."""
        for topic in wanted:
            self.protocol.subscribe(topic, 0.0)
        self.protocol.connect(0.0)
        self.pump()

    def pump(self) -> None:
        """The I/O thread does all there is to do."""
        self.driver._run_submitted(0.0)
        self.driver._perform()
        self.driver._run_submitted(0.0)

    def look(self) -> None:
        """The reading thread looks once, and the I/O thread takes what it brings."""
        link = self.link
        try:
            link.look()
        except Exception as exc:
            link._broke(exc)
        self.pump()

    def redial(self) -> None:
        """After a loss."""
        self.protocol.tick(self.protocol.deadline or 0.0)
        self.pump()


@pytest.fixture
def redis(monkeypatch: pytest.MonkeyPatch) -> MemoryRedis:
    """One with a relay that leads; nothing waits."""
    monkeypatch.setattr(module, "Worker", _Thread)
    monkeypatch.setattr(module, "_SOON", 0.0)
    monkeypatch.setattr(module, "_BLOCK", 0.0)
    made = MemoryRedis()
    made.set(KEYS.leader, "relay-1")
    return made


@pytest.fixture
def wire_of(redis: MemoryRedis) -> Iterator[Callable[..., Wire]]:
    """Makes drivers, which end with the test."""
    made: list[Wire] = []

    def make(reader: BotReader | None = None, name: str = "private") -> Wire:
        made.append(Wire(reader or reader_of(redis), name))
        return made[-1]

    yield make
    for wire in made:
        wire.driver._finish()


WireOf = Callable[..., Wire]


def test_it_takes_the_state_and_goes_on_behind_it(redis: MemoryRedis, wire_of: WireOf) -> None:
    """What the state holds already is not given."""
    write(redis, "1-0", 1)
    wire = wire_of()
    wire.dial(REPORTS)
    write(redis, "2-0", 2)
    wire.look()
    wire.look()

    assert wire.ears.states == ["opened at 1-0"]
    assert wire.ears.begun == {NAME: StreamPlace("1-0", 1)}
    assert (wire.ears.heard, wire.ears.warned) == (["2-0"], ["2-0"])
    assert len(wire.ears.of(Ready)) == 1
    assert KEYS.wishes("bot-1") not in redis.values


def test_without_a_leader_the_dial_fails_and_is_tried_again(redis: MemoryRedis, wire_of: WireOf) -> None:
    """As a venue that does not answer."""
    redis.delete(KEYS.leader)
    wire = wire_of()
    wire.dial(REPORTS)
    assert "no relay leads" in wire.ears.of(Lost)[0].reason
    assert wire.link is None
    redis.set(KEYS.leader, "relay-2")
    wire.redial()
    wire.look()
    assert len(wire.ears.of(Ready)) == 1


def test_a_topic_begins_before_any_of_it_is_read(redis: MemoryRedis, wire_of: WireOf) -> None:
    """What the reading thread reads is what was begun; so a group's record knows each topic of it."""
    wire = wire_of()
    seen: list[set[str]] = []
    wire.ears.at_begin = lambda _: seen.append(set(wire.driver.wanted()[0]))
    wire.dial(REPORTS)
    wire.look()
    assert seen == [{"session"}]
    assert set(wire.driver.wanted()[0]) == {"session", NAME}


def test_a_topic_on_demand_is_wished_for_until_there_is_an_answer(
    redis: MemoryRedis, wire_of: WireOf
) -> None:
    """It is read from the moment of that on; when it is left, the wish is taken back and nothing more is given."""
    wire = wire_of(name="public")
    wire.dial(BBO)
    wire.look()
    assert set(redis.values[KEYS.wishes("bot-1")]) == {BBO.name.encode()}
    assert wire.ears.begun == {}
    write(redis, "1-0", 1, BBO.name)
    redis.hset(KEYS.topics, mapping={BBO.name: "ok"})
    wire.look()
    write(redis, "2-0", 2, BBO.name)
    wire.look()
    assert wire.ears.begun == {BBO.name: StreamPlace("1-0", 1)}
    assert wire.ears.heard == ["2-0"]
    write(redis, "3-0", 3, BBO.name)
    wire.link.look()
    wire.protocol.unsubscribe(BBO.name, 0.0)
    wire.driver._perform()
    wire.pump()
    wire.look()
    assert (wire.ears.heard, wire.ears.left) == (["2-0"], [BBO.name])
    assert redis.values[KEYS.wishes("bot-1")] == {}


def test_a_refusal_is_told_in_the_words_of_the_venue(redis: MemoryRedis, wire_of: WireOf) -> None:
    """Nothing of that topic is read or wished for any more."""
    wire = wire_of(name="public")
    wire.dial(BBO)
    redis.hset(KEYS.topics, mapping={BBO.name: "refused: no such symbol"})
    wire.look()
    wire.look()
    (refused,) = wire.ears.of(SubscriptionRejected)
    assert isinstance(refused.error, SubscriptionRefused)
    assert "no such symbol" in str(refused.error)
    assert wire.driver.wanted() == ({}, set(), set())


def test_a_link_that_was_replaced_is_not_heard(redis: MemoryRedis, wire_of: WireOf) -> None:
    """Neither what it reads nor what breaks it; the next goes on behind what was given."""
    wire = wire_of()
    wire.dial(REPORTS)
    wire.look()
    write(redis, "1-0", 1)
    wire.look()
    write(redis, "2-0", 2)
    old = wire.link
    old.look()
    wire.driver._lost("cut")
    wire.pump()
    assert wire.ears.heard == ["1-0"]
    wire.redial()
    old._broke(DecodingError("old", "", "broken"))
    old._acknowledge(NAME, "refused: old", None, 0.0)
    wire.pump()
    wire.look()
    wire.look()
    assert wire.ears.heard == ["1-0", "2-0"]
    assert len(wire.ears.of(Lost)) == 1
    assert wire.ears.states == ["opened at 0-0", "opened at 2-0"]


def test_a_redis_that_fails_is_a_lost_connection(redis: MemoryRedis, wire_of: WireOf) -> None:
    """Before the entries are given or while they are read: the next link gives them."""
    wire = wire_of()
    wire.dial(REPORTS)
    wire.look()
    for number, command in enumerate(("XREAD", "EXISTS"), 1):
        redis.failing = lambda name, command=command: "after" if name == command else None  # type: ignore[misc]
        write(redis, f"{number}-0", number)
        wire.link._reads._renewal_due = 0.0
        wire.look()
        assert len(wire.ears.of(Lost)) == number
        redis.failing = lambda _: None
        wire.redial()
        wire.look()
        wire.look()
    assert wire.ears.heard == ["1-0", "2-0"]


def test_a_group_that_another_has_taken_is_announced(redis: MemoryRedis, wire_of: WireOf) -> None:
    """And the connection is lost, for as long as it is the other's."""
    wire = wire_of(joined(redis))
    wire.dial(REPORTS)
    wire.look()
    redis.now += LEASE_SECONDS + 1
    redis.set(KEYS.leader, "relay-1")
    joined(redis, instance="two")
    wire.link._reads._renewal_due = 0.0
    wire.look()
    (told,) = wire.ears.announced
    assert isinstance(told, GroupInUse)
    wire.redial()
    assert ["another process reads in the group 'grid'" in one.reason for one in wire.ears.of(Lost)] == [
        True
    ] * 2


def test_what_breaks_an_entrys_reader_stops_nothing(redis: MemoryRedis, wire_of: WireOf) -> None:
    """An entry of a later release is announced as what it is, all else as a frame that could not be read."""
    wire = wire_of()
    wire.dial(REPORTS)
    wire.look()
    mismatch, other = RelayMismatch("update this bot"), KeyError("x")
    wire.ears.raises = {"1-0": mismatch, "2-0": other}
    for number in (1, 2, 3):
        write(redis, f"{number}-0", number)
    wire.look()
    assert wire.ears.heard == ["1-0", "2-0", "3-0"]
    assert (wire.ears.announced, wire.ears.broken) == ([mismatch], [other])


def test_the_state_is_taken_anew_when_the_relay_has_read_it(redis: MemoryRedis, wire_of: WireOf) -> None:
    """Before the entries that came with that word."""
    wire = wire_of()
    wire.dial(REPORTS)
    wire.look()
    redis.add(KEYS.session, "5-0", {"v": FORMAT, "n": 1, "e": "StateRead", "d": "{}"})
    write(redis, "6-0", 1)
    wire.look()
    assert wire.ears.states == ["opened at 0-0", "took 6-0"]
    assert wire.ears.heard == ["5-0", "6-0"]


def test_a_book_is_given_as_the_relay_shows_it(redis: MemoryRedis, wire_of: WireOf) -> None:
    """Or that there is none."""
    wire = wire_of(name="public")
    wire.dial(BBO)
    redis.set(KEYS.book("PERP_ETH_USDC"), '{"symbol":"PERP_ETH_USDC","ts":5}')
    redis.hset(KEYS.topics, mapping={BBO.name: "ok"})
    wire.look()
    for symbol in ("PERP_ETH_USDC", "PERP_BTC_USDC"):
        wire.protocol.request({"type": "orderbook", "symbol": symbol}, 0.0)
        wire.driver._perform()
    wire.look()
    found, none = (one.message for one in wire.ears.of(Answered))
    assert (found["success"], found["data"]) == (True, {"symbol": "PERP_ETH_USDC", "ts": 5})
    assert (none["success"], none["errorMsg"]) == (False, "the relay has no such book yet")


def test_what_was_taken_is_written_when_nothing_comes_or_in_time(redis: MemoryRedis, wire_of: WireOf) -> None:
    """Not for each entry: it is written with what is handed on next."""
    reader = joined(redis)
    wire = wire_of(reader)
    wire.dial(REPORTS)
    wire.look()
    assert reader.record is not None
    reader.record.place_of(NAME, StreamPlace(), None)
    redis.calls.clear()
    for number in range(1, 20):
        write(redis, f"{number}-0", number)
        reader.record.again({NAME: ""})
        wire.look()
    assert redis.calls.count("KEEP") <= 2
    wire.look()
    wire.look()
    assert redis.calls.count("KEEP") >= 1
    assert reader.record.changes() == {}
