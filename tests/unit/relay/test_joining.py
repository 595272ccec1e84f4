"""What becomes of a bot's entries: state once, gaps told, REST asked; and as whom it may join a relay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import attrs
import pytest

from orderly_sync import Credentials, Network, Stream, UsageError, topics
from orderly_sync.errors import DecodingError, OrderlyError, TransportError
from orderly_sync.models.order import Order
from orderly_sync.relay import joining
from orderly_sync.relay.entries import FIRST, FORMAT, entry_fields
from orderly_sync.relay.group import StreamPlace
from orderly_sync.relay.joining import Bot, _place
from orderly_sync.relay.session import RelayedSession
from orderly_sync.relay.state_rows import row_text
from orderly_sync.relay.stream_entry import StreamEntry
from orderly_sync.relay.telling import OVERLAP_MS
from orderly_sync.relay_errors import RelayGap, RelayMismatch, RelayUnreachable
from orderly_sync.rest import Rest
from orderly_sync.stream.events import Connected, GapClosed, GapOpened
from orderly_sync.stream.filter import Filter
from orderly_sync.wire.json import encode
from tests.support.memory_bots import KEYS, NAME, joined, reader_of, write
from tests.support.memory_redis import MemoryRedis
from tests.support.reports import report
from tests.support.rest_client import ME

PLACE = Network(
    name="test", rest="http://127.0.0.1:1", ws_public="ws://127.0.0.1:1", ws_private="ws://127.0.0.1:1"
)
BBO = topics.bbo("ETH")


class Life:
    """A bot that was never started: the test gives it its entries."""

    def __init__(
        self, redis: MemoryRedis, *, group: bool = False, credentials: Credentials | None = ME
    ) -> None:
        self.redis = redis
        self.reader = joined(redis) if group else reader_of(redis)
        self.rest = Rest(PLACE, credentials)
        self.stream = Stream(PLACE, ME)
        self.hub = self.stream.hub
        self.session = RelayedSession(self.rest, self.hub)
        self.bot = Bot(self.reader, self.hub, self.session, None)
        self.session._observe_account()
        reading: Any = SimpleNamespace(reader=SimpleNamespace(watermark=SimpleNamespace(pushed=print)))
        self.hub.connections.update(private=reading, public=reading)
        self.announced: list[Any] = []
        self.hub.observers.append(self.announced.append)
        self.hub.observe(topics.bbo("ETH"), print)
        self.moved: list[int] = []
        self.hub.observe(topics.execution_report(), lambda event: self.moved.append(event.order_id))

    def begin(self) -> None:
        """The connection stands, and the account's reports are read."""
        state = self.reader.state()
        self.bot.opened(state, {})
        self.bot.subscribed(NAME, state.place_of(NAME))

    def give(self, entry: StreamEntry) -> None:
        """The I/O thread takes an entry."""
        self.bot.about_to([entry])
        self.bot.entry(entry, 0.0)

    def give_all(self, after: str = FIRST) -> None:
        """All that there are behind an id."""
        for entry in self.reader.wait_entries({NAME: after}, 0.0):
            self.give(entry)


@pytest.fixture
def life_of() -> Iterator[Callable[..., Life]]:
    """Makes bots, which end with the test."""
    made: list[Life] = []

    def make(redis: MemoryRedis, **options: Any) -> Life:
        made.append(Life(redis, **options))
        return made[-1]

    yield make
    for life in made:
        life.session.stop()


LifeOf = Callable[..., Life]


def session_entry(name: str, said: dict[str, Any], number: int = 1) -> StreamEntry:
    fields = {b"v": b"%d" % FORMAT, b"n": b"%d" % number, b"e": name.encode(), b"d": encode(said)}
    return StreamEntry("session", f"{number}-0", fields, ())


def test_the_state_is_moved_once_by_each_entry(life_of: LifeOf) -> None:
    """What it holds already, by its place, moves it no more; hooks are told from their own place on."""
    redis = MemoryRedis()
    write(redis, "4-0", 1)
    life = life_of(redis)
    life.begin()
    for number in (2, 3):
        write(redis, f"{number + 3}-0", number)
    life.bot.took_state(attrs.evolve(life.reader.state(), head="5-0"))
    told: list[Any] = []
    life.hub.add_hook(topics.execution_report(), told.append, Filter())
    life.give_all("4-0")

    assert life.moved == [3]
    assert life.hub.dispatcher.depth == 2


def test_where_reports_are_missing_the_state_is_taken_over_anew(life_of: LifeOf) -> None:
    """As the relay keeps it, which holds that entry and those up to its place, too."""
    redis = MemoryRedis()
    life = life_of(redis)
    write(redis, "1-0", 1)
    life.begin()
    for number in (2, 3, 4):
        write(redis, f"{number}-0", number)
    redis.hset(KEYS.state("orders"), mapping={"7": row_text(Order(order_id=7, symbol="PERP_ETH_USDC"))})
    life.give_all("2-0")

    assert set(life.session.orders) == {7}
    assert life.moved == []


def test_a_state_that_cannot_be_read_is_read_with_the_next_entry(life_of: LifeOf) -> None:
    """The entries are told meanwhile."""
    redis = MemoryRedis()
    life = life_of(redis)
    write(redis, "1-0", 1)
    life.begin()
    write(redis, "3-0", 3)
    write(redis, "4-0", 4)
    third, fourth = life.reader.wait_entries({NAME: "1-0"}, 0.0)
    redis.failing = lambda name: "before" if name == "EXEC" else None
    life.give(third)
    assert life.moved == [3]
    redis.failing = lambda _: None
    redis.hset(KEYS.state("orders"), mapping={"7": row_text(Order(order_id=7, symbol="PERP_ETH_USDC"))})
    life.give(fourth)
    assert (life.moved, set(life.session.orders)) == ([3], {7})


def test_a_hole_in_market_data_is_told_and_that_is_all(life_of: LifeOf) -> None:
    """Also the first one behind the place where it began; none where there is none."""
    life = life_of(MemoryRedis())
    life.begin()
    life.bot.subscribed(BBO.name, StreamPlace("1-0", 5))
    event = BBO.event(frame=report().frame, symbol="PERP_ETH_USDC")
    for number in (8, 9, 12):
        fields = {str(key).encode(): str(value).encode() for key, value in {"n": number}.items()}
        life.give(StreamEntry(BBO.name, f"{number}-0", fields, (event,)))
    gaps = [(one.topic, one.missed) for one in life.announced if isinstance(one, RelayGap)]
    assert gaps == [(BBO.name, 2), (BBO.name, 2)]
    assert life.hub.routes[BBO.name].count == 3


def test_session_events_are_the_relays(life_of: LifeOf) -> None:
    """But for the word that the state was read, which is no event, and those of a later release."""
    life = life_of(MemoryRedis())
    life.give(session_entry("Connected", {"connection": "private", "resumed": True}))
    life.give(session_entry("StateRead", {}))
    life.give(session_entry("Unheard", {}))
    assert life.announced == [Connected(connection="private", resumed=True)]
    newer = attrs.evolve(session_entry("Connected", {}), fields={b"v": b"%d" % (FORMAT + 1)})
    with pytest.raises(RelayMismatch, match="update this bot"):
        life.give(newer)


def test_an_entry_that_cannot_be_read_counts_as_told(life_of: LifeOf) -> None:
    """It is raised, for the driver to announce; what nobody hears by now is dropped."""
    redis = MemoryRedis()
    life = life_of(redis)
    life.begin()
    error = RelayMismatch("update this bot")
    with pytest.raises(RelayMismatch):
        life.give(StreamEntry(NAME, "1-0", {b"n": b"1"}, (), error))
    write(redis, "2-0", 2)
    life.give_all("1-0")
    assert not life.bot.telling.is_behind
    assert life.moved == [2]
    life.give(StreamEntry("nobody@bbo", "3-0", {b"n": b"1"}, ()))


# Holes ---------------------------------------------------------------------------------------------------------------


def test_rest_is_asked_for_what_is_missing(life_of: LifeOf, monkeypatch: pytest.MonkeyPatch) -> None:
    """From some time before the hole on; not for what was told, what is in the stream or what happened later."""
    redis = MemoryRedis()
    life = life_of(redis)
    asked: list[int] = []
    reports = [report(order_id=number, timestamp=20_000 + number) for number in range(1, 6)]

    def since(_: object, ms: int, is_news: Callable[[Any], bool]) -> tuple[list[Any], bool]:
        asked.append(ms)
        return [one for one in reports if is_news(one)], True

    monkeypatch.setattr(joining, "reports_since", since)
    for order, entry_id in ((2, "9-0"), (3, "19-0")):
        fields = entry_fields(topics.execution_report(), [reports[order - 1]], order)
        redis.add(KEYS.events(NAME), entry_id, fields)
    at = StreamPlace("10-0", 1, 20_001)
    gap = life.bot.fill(NAME, at, 2, 20_004, {reports[0].event_id})

    assert asked == [20_001 - OVERLAP_MS]
    assert [one.order_id for one in gap.events] == [2, 4]
    assert (gap.closed.recovered, gap.closed.gap_complete, gap.closed.until) == (2, True, 20_004)
    told, opened = life.announced
    assert (told.topic, told.missed, told.since) == (NAME, 2, 10)
    assert isinstance(opened, GapOpened)
    assert "trimmed or deleted" in opened.reason


@pytest.mark.parametrize(
    "error",
    [TransportError("no answer"), DecodingError("an order", "", "no number"), RelayUnreachable("gone")],
)
def test_a_gap_that_cannot_be_read_is_closed_as_not_complete(
    life_of: LifeOf, monkeypatch: pytest.MonkeyPatch, error: OrderlyError
) -> None:
    """Whatever fails; so is one without credentials, of a topic that REST cannot tell, of a time that nobody knows."""

    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(joining, "reports_since", fails)
    at = StreamPlace("10-0", 1, 20_001)
    closed: list[GapClosed] = [life_of(MemoryRedis()).bot.fill(NAME, at, 1, None, set()).closed]
    monkeypatch.setattr(joining, "reports_since", lambda *_: pytest.fail("it cannot be told by REST"))
    closed.append(life_of(MemoryRedis(), credentials=None).bot.fill(NAME, at, 1, None, set()).closed)
    closed.append(life_of(MemoryRedis()).bot.fill("position", at, 1, None, set()).closed)
    closed.append(life_of(MemoryRedis()).bot.fill(NAME, StreamPlace(FIRST, 0), 1, None, set()).closed)
    assert [(one.gap_complete, one.recovered) for one in closed] == [(False, 0)] * 4


def test_whether_anything_is_missing_is_said_only_where_it_is_known(
    life_of: LifeOf, caplog: pytest.LogCaptureFixture
) -> None:
    """None while Redis fails, so that it is asked again; a place without a number has nothing missing behind it."""
    redis = MemoryRedis()
    bot = life_of(redis).bot
    write(redis, "5-0", 4)
    at = StreamPlace("2-0", 2)
    assert bot.last_of_lost(NAME, at) == 0
    redis.values[KEYS.events(NAME)].clear()
    assert bot.last_of_lost(NAME, at) == 4
    assert bot.last_of_lost(NAME, StreamPlace("2-0")) == 0
    for command in ("HGET", "XRANGE"):
        redis.failing = lambda name, command=command: "before" if name == command else None  # type: ignore[misc]
        assert bot.last_of_lost(NAME, at) is None
    caplog.clear()
    assert [bot.read(NAME, FIRST, 9) for _ in range(3)] == [None] * 3
    assert len(caplog.records) == 1  # it is tried many times a second


def test_a_group_is_let_go_with_what_it_has_taken(life_of: LifeOf) -> None:
    """Once, however often the bot is stopped, and though Redis does not answer."""
    redis = MemoryRedis()
    life = life_of(redis, group=True)
    life.begin()
    life.session.ending.append(life.bot.end)
    assert life.bot.may_hand(NAME, "3-0")
    redis.failing = lambda name: "before" if name == "KEEP" else None
    assert not life.bot.may_hand(NAME, "4-0")
    redis.failing = lambda _: None
    life.session.stop()
    assert redis.values[KEYS.group("grid")][NAME.encode()] == b"0-0 0 0 4-0"
    assert redis.get(KEYS.reader("grid")) is None
    redis.calls.clear()
    life.session.stop()
    assert (redis.calls, redis.closed) == ([], 1)
    other = life_of(redis, group=True)
    redis.failing = lambda _: "before"
    other.bot.end(0.0)
    assert redis.closed == 2


# Joining -------------------------------------------------------------------------------------------------------------


def meta(redis: MemoryRedis, **network: Any) -> None:
    told = {**attrs.asdict(PLACE), **network}
    redis.hset(KEYS.meta, mapping={"account": ME.account_id, "network": encode(told)})


def test_the_relay_must_be_of_the_same_account_and_network() -> None:
    """Each refusal says what to pass."""
    redis = MemoryRedis()
    reader = reader_of(redis)
    with pytest.raises(RelayMismatch, match="pass the prefix= that the relay has"):
        _place(reader, None, ME)
    meta(redis)
    other = Credentials(account_id="0x" + "cd" * 32, secret=ME.secret)
    with pytest.raises(RelayMismatch, match="of another account"):
        _place(reader, None, other)
    with pytest.raises(RelayMismatch, match="is of the network 'test'"):
        _place(reader, "testnet", ME)
    assert _place(reader, "test", ME) == _place(reader, PLACE, ME) == _place(reader, None, None) == PLACE


def test_a_key_is_shown_to_no_host_that_redis_alone_names() -> None:
    """Unless network= says that it is meant; without a key there is nothing to show."""
    redis = MemoryRedis()
    reader = reader_of(redis)
    urls = {
        "rest": "https://evil.example",
        "ws_public": "wss://evil.example",
        "ws_private": "wss://evil.example",
    }
    meta(redis, **urls, allow_untrusted_host=True)
    with pytest.raises(UsageError, match=r"evil\.example"):
        _place(reader, None, ME)
    assert _place(reader, None, None).rest == urls["rest"]
    assert _place(reader, "test", ME).rest == urls["rest"]
