"""A relay's journal: what Redis does not take outlives the relay, and is published once, in order, by the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from orderly_sync import (
    GapClosed,
    JournalDegraded,
    JournalError,
    Market,
    Orderly,
    Relay,
    RelayHealth,
    UsageError,
    connect,
    topics,
)
from orderly_sync.relay.entries import number_of_entry, session_event_of
from orderly_sync.relay.keys import KeyLayout
from orderly_sync.relay.redis_server import RedisServer
from tests.support.paper import eventually
from tests.support.redis_servers import ServedRedis

REPORTS = topics.execution_report()
KEYS = KeyLayout("orderly")
READS = [
    {"path": path, "method": "GET", "status": 503, "times": 1000} for path in ("/v1/orders", "/v1/trades")
]


@pytest.fixture
def client_of(ex: Orderly) -> Iterator[Callable[[], Orderly]]:
    """Makes further clients of the same account, as other processes would."""
    credentials = ex._stream.hub.options.credentials
    made: list[Orderly] = []

    def make() -> Orderly:
        made.append(connect(ex.paper.urls["rest"], credentials=credentials, rate_limits=False))
        return made[-1]

    yield make
    for client in made:
        client.stop()


def entries(redis: ServedRedis, stream: str = KEYS.events(REPORTS.name)) -> list[dict[bytes, bytes]]:
    """What is published, the reports, as fields."""
    server = RedisServer(redis.url)
    try:
        rows: Any = server.client.xrange(stream)
        return [fields for _, fields in rows]
    finally:
        server.close()


def trade(ex: Orderly, times: int) -> None:
    for _ in range(times):
        ex.place(Market.buy("ETH", quantity="0.01")).wait("filled", timeout=10)


def flags_of(rows: list[dict[bytes, bytes]]) -> list[bytes]:
    return [fields.get(b"f", b"") for fields in rows]


def ledger(ex: Orderly) -> list[int]:
    """The orders of all reports that the venue emitted, in its order."""
    rows = [entry["data"] for entry in ex.paper.ledger() if entry["topic"] == REPORTS.name]
    return [one["orderId"] for row in rows for one in (row if isinstance(row, list) else [row])]


def test_a_relay_that_ends_while_redis_is_away_leaves_all_to_the_next(
    ex: Orderly, client_of: Callable[[], Orderly], redis: ServedRedis, tmp_path: Path
) -> None:
    """As it was heard, without a flag; what happened without a relay comes behind it, read by REST."""
    first = client_of()
    with Relay(first, redis.url, lease=1.0, journal=tmp_path / "relay.db") as relay:
        relay.wait_leading(10)
        trade(ex, 2)
        eventually(lambda: len(entries(redis)) == 4)
        health, heard = first.stream(RelayHealth), first.stream(REPORTS)
        redis.kill()
        trade(ex, 3)
        assert not health.get(timeout=20).publishing
        assert len([heard.get(timeout=10) for _ in range(6)]) == 6
    first.stop()
    ex.paper.advance(60_000)
    trade(ex, 2)
    redis.start()
    later = client_of()
    with Relay(later, redis.url, lease=1.0, journal=tmp_path / "relay.db") as relay:
        relay.wait_leading(20)
        trade(ex, 1)
        eventually(lambda: len({fields[b"id"] for fields in entries(redis)}) == 16)
        rows = entries(redis)

    plain = [fields[b"id"] for fields in rows if b"r" not in fields.get(b"f", b"")]
    assert len(plain) == len(set(plain))
    assert flags_of(rows[:10]) == [b""] * 10  # the journal's
    assert [number_of_entry(fields) for fields in rows] == list(range(1, len(rows) + 1))
    orders = [int(fields[b"id"].split(b"/")[1]) for fields in rows]
    assert list(dict.fromkeys(orders)) == list(dict.fromkeys(ledger(ex)))


def test_what_another_relay_has_published_meanwhile_is_not_told_again(
    ex: Orderly,
    client_of: Callable[[], Orderly],
    redis: ServedRedis,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A journal that is older than what Redis has is left."""
    monkeypatch.setattr("orderly_sync.relay.publisher._SLACK_MS", 0)  # as if all that were hours ago
    monkeypatch.setattr("orderly_sync.relay.published._PAGE", 1)
    first = client_of()
    with Relay(first, redis.url, lease=1.0, journal=tmp_path / "relay.db") as relay:
        relay.wait_leading(10)
        health = first.stream(RelayHealth)
        trade(ex, 1)
        eventually(lambda: len(entries(redis)) == 2)
        with Relay(client_of(), redis.url, lease=1.0) as other:
            redis.kill()
            trade(ex, 2)
            assert not health.get(timeout=20).publishing
            eventually(lambda: relay.stats()["waiting"] >= 4)
            relay.stop()
            redis.start()
            other.wait_leading(20)
            eventually(lambda: len(entries(redis)) == 6)
            ex.paper.advance(60_000)
            trade(ex, 1)
            eventually(lambda: len(entries(redis)) == 8)
    with Relay(client_of(), redis.url, lease=1.0, journal=tmp_path / "relay.db") as again:
        again.wait_leading(20)
        trade(ex, 1)
        eventually(lambda: len(entries(redis)) >= 10)
        plain = [fields[b"id"] for fields in entries(redis) if b"r" not in fields.get(b"f", b"")]

    assert len(plain) == len(set(plain)) == 10


def test_a_journal_is_one_relays(
    ex: Orderly, client_of: Callable[[], Orderly], redis: ServedRedis, tmp_path: Path
) -> None:
    """Whoever names one that is in use, or no path, is told so; the relay that has it goes on."""
    path = tmp_path / "relay.db"
    with Relay(ex, redis.url, lease=1.0, journal=path) as relay:
        with pytest.raises(JournalError, match="in use"):
            Relay(client_of(), redis.url, lease=1.0, journal=path)
        relay.wait_leading(10)
        assert path.stat().st_mode & 0o777 == 0o600
    for wrong in ({"lease": 0.0}, {"maxlen": 0}, {"keep": "long"}):
        with pytest.raises(UsageError):
            Relay(ex, redis.url, journal=path, **wrong)  # type: ignore[arg-type]
    Relay(ex, redis.url, lease=1.0, journal=path).stop()  # none of them has kept it


def test_a_journal_that_cannot_be_written_is_said_and_nothing_is_lost(
    ex: Orderly, redis: ServedRedis, tmp_path: Path
) -> None:
    """What waits is in memory then."""
    degraded = ex.stream(JournalDegraded)
    with Relay(ex, redis.url, lease=1.0, journal=tmp_path / "relay.db") as relay:
        relay.wait_leading(10)
        trade(ex, 1)
        eventually(lambda: len(entries(redis)) == 2)
        (tmp_path / "relay.db").unlink()
        redis.kill()
        trade(ex, 2)
        assert "cannot be written" in str(degraded.get(timeout=20))
        redis.start()
        eventually(lambda: relay.leads and relay.stats()["waiting"] == 0)
        names = [fields[b"id"] for fields in entries(redis)]

    assert len(names) == len(set(names)) == 6


def test_a_relay_waits_for_rest_before_it_tells_of_what_is_newer(
    ex: Orderly, client_of: Callable[[], Orderly], redis: ServedRedis
) -> None:
    """A takeover while the venue's REST fails: loud, then all in order."""
    first = client_of()
    with Relay(first, redis.url, lease=1.0) as relay:
        relay.wait_leading(10)
        trade(ex, 1)
        eventually(lambda: len(entries(redis)) == 2)
    first.stop()
    ex.paper.advance(60_000)
    trade(ex, 2)
    later = client_of()
    health = later.stream(RelayHealth)
    ex.paper.faults(http=READS)
    with Relay(later, redis.url, lease=1.0) as relay:
        said = health.get(timeout=30)
        trade(ex, 1)
        assert (said.publishing, relay.status) == (False, "degraded")
        assert "cannot be read by REST" in said.reason
        assert len(entries(redis)) == 2
        ex.paper.faults(clear=True)
        eventually(lambda: len({fields[b"id"] for fields in entries(redis)}) == 8)
        rows = entries(redis)
    orders = [int(fields[b"id"].split(b"/")[1]) for fields in rows]
    assert list(dict.fromkeys(orders)) == list(dict.fromkeys(ledger(ex)))


def test_without_a_journal_rest_tells_of_what_found_no_room(
    ex: Orderly, redis: ServedRedis, relay_of: Callable[..., Relay]
) -> None:
    """Behind what found some and before what came later, as a gap."""
    relay = relay_of(ex, lease=30.0)
    relay.wait_leading(10)
    trade(ex, 1)
    eventually(lambda: relay.stats()["waiting"] == 0)
    health = ex.stream(RelayHealth)
    relay._outbox._most = 6, 10
    redis.kill()
    trade(ex, 4)
    health.get(timeout=20)
    redis.start()
    with connect(via=redis.url, since=0) as bot:
        heard = bot.stream(REPORTS)
        eventually(lambda: len({fields[b"id"] for fields in entries(redis)}) == 10)
        trade(ex, 1)
        eventually(lambda: len({fields[b"id"] for fields in entries(redis)}) == 12)
        assert len([heard.get(timeout=10) for _ in range(12)]) == 12
    rows = entries(redis)
    names = [fields[b"id"] for fields in rows]
    gaps = [session_event_of(fields) for fields in entries(redis, KEYS.session)]
    gap = next(one for one in gaps if isinstance(one, GapClosed))

    assert len(names) == len(set(names))
    assert b"r" in b"".join(flags_of(rows))
    assert (gap.reason, gap.gap_complete) == ("more waited than could be kept", True)
    orders = [int(name.split(b"/")[1]) for name in names]
    assert orders == sorted(orders)
