"""A replica takes the primary's place, without the last that it wrote: nobody misses or doubles anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from orderly_sync import Orderly, Relay, RelayHealth, connect
from orderly_sync.relay import redis_server
from tests.support.failover import ReplicatedRedis, replicated_redis
from tests.support.paper import eventually
from tests.support.relayed import KEYS, REPORTS, Listener, commands, credentials_of, entries_of, names, trade


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer is waited for not so long."""
    monkeypatch.setattr(redis_server, "_SECONDS", 1.5)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[ReplicatedRedis]:
    """A primary and its replica."""
    with replicated_redis(tmp_path) as made:
        yield made


@pytest.fixture
def relay_at(pair: ReplicatedRedis) -> Iterator[Callable[[Orderly], Relay]]:
    """Makes relays at their address, which end with the test."""
    made: list[Relay] = []

    def make(ex: Orderly) -> Relay:
        made.append(Relay(ex, pair.url if made else pair.first_url, lease=1.0))
        return made[-1]

    yield make
    for relay in made:
        relay.stop()


@pytest.fixture
def bots(
    pair: ReplicatedRedis, ex: Orderly, relay_at: Callable[[Orderly], Relay]
) -> Iterator[list[Listener]]:
    """The relay's own client, and bots without and with a group; some reports are everywhere."""
    own = Listener(ex)
    own.relay = relay_at(ex)
    own.relay.wait_leading(10)
    with Listener.over(pair.url) as alone, Listener.over(pair.url, group="g") as grouped:
        trade(ex, 2)
        alone.wait_for_all(own)
        grouped.wait_for_all(own)
        pair.wait_copied()
        pair.lag()
        trade(ex, 3)
        alone.wait_for_all(own)
        grouped.wait_for_all(own)
        yield [own, alone, grouped]


def all_told_once(bots: list[Listener]) -> None:
    """Each bot was told all that the venue's own stream told, in order and once without a flag."""
    own, *others = bots
    for bot in others:
        bot.wait_for_all(own)
    for bot in others:
        assert bot.plain == names(own.told)


def test_what_the_replica_lacks_is_written_anew(
    ex: Orderly, pair: ReplicatedRedis, bots: list[Listener]
) -> None:
    """By the relay that wrote it, under the ids that it had; meanwhile it says that this is a replica."""
    health = ex.stream(RelayHealth)
    before = entries_of(pair.primary.url)
    pair.fail()
    trade(ex, 2)
    eventually(lambda: "is a replica and takes no writes; name the primary" in health.get(timeout=20).reason)
    pair.promote()
    eventually(lambda: health.get(timeout=20).publishing)
    trade(ex, 1)
    all_told_once(bots)
    after = entries_of(pair.replica.url)

    assert len(before) == 10
    assert after[:10] == before
    assert [number for _, number, _ in after] == list(range(1, 17))


def test_a_relay_that_was_restarted_as_well_recovers_it(
    ex: Orderly, pair: ReplicatedRedis, bots: list[Listener], relay_at: Callable[[Orderly], Relay]
) -> None:
    """By REST, flagged: it knows nothing of what the primary had held."""
    ex.paper.advance(60_000)
    relay = bots[0].relay
    assert relay is not None
    relay.stop()
    pair.fail()
    trade(ex, 1)
    pair.promote()
    with connect(ex.paper.urls["rest"], credentials=credentials_of(ex), rate_limits=False) as later:
        relay_at(later).wait_leading(10)
        trade(ex, 1)
        own, *others = bots
        for bot in others:
            bot.wait_for_all(own)

    for bot in others:
        assert len(bot.plain) == len(set(bot.plain))
        assert set(bot.plain) < set(names(own.told))


def test_a_standby_that_takes_over_at_the_same_time_does(
    ex: Orderly, pair: ReplicatedRedis, bots: list[Listener], relay_at: Callable[[Orderly], Relay]
) -> None:
    """From what it has heard itself; bots know the events again, whatever ids their entries have."""
    with connect(ex.paper.urls["rest"], credentials=credentials_of(ex), rate_limits=False) as second:
        other = relay_at(second)
        eventually(lambda: other.status == "standby")
        trade(ex, 3)
        for bot in bots[1:]:
            bot.wait_for_all(bots[0])
        pair.cut_off_first()
        pair.fail()
        pair.promote()
        other.wait_leading(10)
        trade(ex, 3)
        all_told_once(bots)


def test_all_that_redis_held_is_deleted_under_them(
    ex: Orderly, pair: ReplicatedRedis, bots: list[Listener]
) -> None:
    """Streams, state, lead and groups are there again, and who comes later finds them."""
    before = entries_of(pair.primary.url)
    with commands(pair.primary.url) as client:
        group = client.hkeys(KEYS.group("g"))
        client.flushall()
        trade(ex, 2)
        all_told_once(bots)
        after = entries_of(pair.primary.url)
        assert after[:10] == before
        assert [number for _, number, _ in after] == list(range(1, 15))
        eventually(lambda: set(client.hkeys(KEYS.group("g"))) == set(group))
    with Listener.over(pair.url) as later:
        assert later.client.positions["ETH"].quantity == ex.positions["ETH"].quantity
        trade(ex, 1)
        later.wait_for_last(bots[0])
        all_told_once(bots)
        assert later.plain == names(bots[0].told)[-2:]


def test_a_stream_that_is_deleted_under_those_who_hear_it(
    ex: Orderly, pair: ReplicatedRedis, bots: list[Listener]
) -> None:
    """Costs those nothing who had read it; the numbers go on."""
    with commands(pair.primary.url) as client:
        client.delete(KEYS.events(REPORTS.name))
    trade(ex, 2)
    all_told_once(bots)

    assert [number for _, number, _ in entries_of(pair.primary.url)] == [11, 12, 13, 14]
    assert [bot.gaps for bot in bots] == [[], [], []]
