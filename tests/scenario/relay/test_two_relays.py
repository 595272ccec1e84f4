"""Two relays of one account: one leads, the other takes over, and between them each event is published once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from orderly_sync import Credentials, GapClosed, Market, Orderly, Relay, connect, topics
from orderly_sync.relay.keys import KeyLayout
from orderly_sync.relay.redis_server import RedisServer
from orderly_sync.relay.scripts import PUBLISH
from orderly_sync.relay_errors import RelayUnreachable
from tests.support.paper import eventually
from tests.support.redis_servers import ServedRedis

KEYS = KeyLayout("orderly")
REPORTS = topics.execution_report()


@pytest.fixture
def second(ex: Orderly) -> Iterator[Orderly]:
    """Another client of the same account."""
    with connect(ex.paper.urls["rest"], credentials=credentials_of(ex), rate_limits=False) as other:
        yield other


def credentials_of(ex: Orderly) -> Credentials:
    found = ex._stream.hub.options.credentials
    assert found is not None
    return found


def ids(redis: ServedRedis, topic: str = "executionreport") -> list[str]:
    server = RedisServer(redis.url)
    try:
        rows: Any = server.client.xrange(KEYS.events(topic))
        return [fields[b"id"].decode() for _, fields in rows]
    finally:
        server.close()


def cut_off(*_: object) -> None:
    """What a relay meets that Redis hears no more: it writes nothing and gives nothing back."""
    raise RelayUnreachable("cut off")


def trade(ex: Orderly, times: int) -> None:
    for _ in range(times):
        ex.place(Market.buy("ETH", quantity="0.01")).wait("filled", timeout=10)


def test_the_standby_publishes_what_the_leader_has_not(
    ex: Orderly,
    second: Orderly,
    redis: ServedRedis,
    relay_of: Callable[..., Relay],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever the leader heard and could not write; nothing that it had written again."""
    first, other = relay_of(ex, lease=1.0), None
    first.wait_leading(10)
    other = relay_of(second, lease=1.0)
    trade(ex, 5)
    eventually(lambda: len(ids(redis)) == 10)
    assert (first.status, other.status) == ("leading", "standby")
    monkeypatch.setattr(first._server, "run", cut_off)
    trade(ex, 5)
    other.wait_leading(10)
    trade(ex, 5)
    eventually(lambda: len(ids(redis)) >= 30)

    assert len(ids(redis)) == len(set(ids(redis))) == 30


def test_a_standby_keeps_what_the_leader_may_have_missed(
    ex: Orderly,
    second: Orderly,
    redis: ServedRedis,
    relay_of: Callable[..., Relay],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While the leader reads over a gap of its own, however far its entries have come; then it forgets them."""
    monkeypatch.setattr("orderly_sync.relay.publisher._SLACK_MS", 0)
    first = relay_of(ex, lease=1.0)
    first.wait_leading(10)
    other = relay_of(second, lease=1.0)
    heard = second.stream(REPORTS)
    is_current = first._publisher._is_current
    first._publisher._is_current = lambda: False
    trade(ex, 3)
    assert len([heard.get(timeout=10) for _ in range(6)]) == 6
    eventually(lambda: len(ids(redis)) == 6)
    due = other._leadership.due
    eventually(lambda: other._leadership.due > due)  # it has looked since
    assert len([item for item in other._outbox.held if item.topic == REPORTS]) == 6
    first._publisher._is_current = is_current
    trade(ex, 1)
    eventually(lambda: len([item for item in other._outbox.held if item.topic == REPORTS]) <= 2)
    first.stop()
    other.wait_leading(10)
    trade(ex, 1)
    eventually(lambda: len(ids(redis)) >= 10)

    assert len(ids(redis)) == len(set(ids(redis))) == 10


def test_the_late_writes_of_a_leader_that_seemed_dead_are_refused(
    ex: Orderly, second: Orderly, redis: ServedRedis, relay_of: Callable[..., Relay]
) -> None:
    """By Redis itself, for its token is not the last one; it stands by then, and bots hear each event once."""
    first = relay_of(ex, lease=30.0)
    first.wait_leading(10)
    other = relay_of(second, lease=1.0)
    trade(ex, 2)
    eventually(lambda: len(ids(redis)) == 4)
    bot = connect(via=redis.url, credentials=credentials_of(ex))
    told: list[Any] = []
    bot.on(REPORTS, told.append)
    server = RedisServer(redis.url)
    server.client.delete(KEYS.leader)  # its lease is over, and it does not know
    server.close()
    other.wait_leading(10)
    trade(ex, 5)
    eventually(lambda: first.status == "standby" and first.stats()["refused"] == 1)
    trade(ex, 5)
    eventually(lambda: len(told) >= 20)
    bot.stop()

    assert len(ids(redis)) == len(set(ids(redis))) == 24
    assert [report.event_id for report in told] == ids(redis)[4:]


def test_a_leader_that_loses_its_lease_while_it_writes_stands_by(
    ex: Orderly, redis: ServedRedis, relay_of: Callable[..., Relay], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two writes of one backlog, too; what is left is written once it leads again."""
    relay = relay_of(ex, lease=30.0)
    relay.wait_leading(10)
    trade(ex, 1)
    eventually(lambda: len(ids(redis)) == 2)
    server, leadership, run = relay._server, relay._leadership, relay._server.run

    def run_and_lose(script: str, keys: list[str], args: list[Any]) -> Any:
        told = run(script, keys, args)
        if script is PUBLISH and leadership.leads:
            server.client.set(KEYS.leader, "another")
            leadership._due = 0.0
        return told

    monkeypatch.setattr(server, "run", run_and_lose)
    trade(ex, 3)
    eventually(lambda: relay.status == "standby")
    monkeypatch.undo()
    trade(ex, 1)
    server.client.delete(KEYS.leader)
    leadership._due = 0.0
    relay.wait_leading(10)
    eventually(lambda: len(ids(redis)) >= 10)

    assert len(ids(redis)) == len(set(ids(redis))) == 10
    assert ex.status == "ready"


def test_a_relay_that_was_alone_reads_what_happened_without_it(
    ex: Orderly, redis: ServedRedis, relay_of: Callable[..., Relay]
) -> None:
    """By REST, between a gap's opening and its end; a bot of a group has all of it, the rebuilt flagged."""
    first = relay_of(ex)
    first.wait_leading(10)
    bot = connect(via=redis.url, group="g")
    told: list[Any] = []
    bot.on(REPORTS, told.append)
    closed = bot.stream(GapClosed)
    trade(ex, 2)
    eventually(lambda: len(told) == 4)
    first.stop()
    ex.paper.advance(60_000)
    trade(ex, 3)
    with connect(ex.paper.urls["rest"], credentials=credentials_of(ex), rate_limits=False) as later:
        relay_of(later).wait_leading(10)
        gap = closed.get(timeout=30)
        trade(ex, 1)
        eventually(lambda: len({report.event_id for report in told}) == 12)
        bot.stop()

    assert gap.reason == "no relay was there"
    assert gap.gap_complete
    plain = [report.event_id for report in told if not report.recovered]
    assert len(plain) == len(set(plain)) == 6
