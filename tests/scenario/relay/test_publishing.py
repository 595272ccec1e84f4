"""What a relay puts into Redis: each event once, in order, numbered, with the state that it left behind."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from threading import Event
from typing import Any

import pytest
from typing_extensions import Self

from orderly_sync import Limit, Market, Orderly, RelayHealth, UsageError, connect, topics
from orderly_sync.relay.entries import entry_key, events_of_entry, number_of_entry
from orderly_sync.relay.keys import KeyLayout
from orderly_sync.relay.redis_server import RedisServer
from orderly_sync.relay.relay import Relay
from orderly_sync.relay.scripts import PUBLISH
from orderly_sync.relay.state_rows import rows_of_table
from orderly_sync.relay_errors import RelayMismatch, RelayUnreachable
from tests.support.paper import eventually
from tests.support.redis_servers import ServedRedis

KEYS = KeyLayout("orderly")
REPORTS = topics.execution_report()
TRADES = topics.trade("ETH")


class Redis:
    """What stands in it."""

    def __init__(self, server: ServedRedis) -> None:
        self.server = RedisServer(server.url)
        self.client: Any = self.server.client

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.server.close()

    def entries(self, topic: str) -> list[tuple[bytes, dict[bytes, bytes]]]:
        """The entries of a topic."""
        return list(self.client.xrange(KEYS.events(topic)))

    def rows(self, table: str) -> list[Any]:
        """The rows of a table."""
        return rows_of_table(table, self.client.hgetall(KEYS.state(table)), Decimal)


def test_each_report_is_published_once_and_in_order(
    ex: Orderly, redis: ServedRedis, relay_of: Callable[..., Relay]
) -> None:
    """By ids that ascend, numbers without a hole, and as the events that the client itself is told."""
    told: list[Any] = []
    ex.on(REPORTS, told.append)
    relay = relay_of(ex)
    relay.wait_leading(10)
    for _ in range(20):
        ex.place(Market.buy("ETH", quantity="0.01")).wait("filled", timeout=10)
    eventually(lambda: relay.stats()["waiting"] == 0 and len(told) >= 40)

    with Redis(redis) as found:
        entries = found.entries("executionreport")
    events = [event for _, fields in entries for event in events_of_entry(REPORTS, fields, Decimal)]
    ids = [entry_key(entry_id.decode()) for entry_id, _ in entries]

    assert events == told
    assert [event.event_id for event in events] == [event.event_id for event in told]
    assert [number_of_entry(fields) for _, fields in entries] == list(range(1, len(told) + 1))
    assert sorted(set(ids)) == ids


def test_the_state_stands_beside_the_events(
    ex: Orderly, redis: ServedRedis, relay_of: Callable[..., Relay]
) -> None:
    """Positions, open orders and holdings, as the client shows them."""
    early = ex.place(Limit.buy("ETH", quantity="0.01", price="3000"))
    relay = relay_of(ex)
    relay.wait_leading(10)
    late = ex.place(Limit.buy("ETH", quantity="0.2", price="3001"))
    gone = ex.place(Limit.buy("ETH", quantity="0.2", price="3002"))
    gone.cancel(wait=10)
    ex.place(Market.buy("BTC", quantity="0.01")).wait("filled", timeout=10)
    eventually(lambda: relay.stats()["waiting"] == 0)

    with Redis(redis) as found:
        eventually(lambda: {row.order_id for row in found.rows("orders")} == set(ex.orders))
        eventually(lambda: [row.symbol for row in found.rows("positions")] == list(ex.positions))
        assert {row.order_id for row in found.rows("orders")} == {early.order_id, late.order_id}
        assert found.rows("positions")[0].quantity == ex.positions["BTC"].quantity
        assert found.rows("holdings")[0].token == "USDC"
        assert found.rows("account")[0] == ex.account


def test_redis_restarted_loses_and_doubles_nothing(
    ex: Orderly, redis: ServedRedis, relay_of: Callable[..., Relay]
) -> None:
    """What was heard meanwhile waits, is said loudly, and is written as soon as it can be."""
    health = ex.stream(RelayHealth)
    relay = relay_of(ex)
    relay.wait_leading(10)
    ex.place(Market.buy("ETH", quantity="0.01")).wait("filled", timeout=10)
    eventually(lambda: relay.stats()["waiting"] == 0)
    redis.kill()
    for _ in range(5):
        ex.place(Market.buy("ETH", quantity="0.01")).wait("filled", timeout=10)
    down = health.get(timeout=20)
    redis.start()
    up = health.get(timeout=20)
    eventually(lambda: relay.leads and relay.stats()["waiting"] == 0)

    with Redis(redis) as found:
        entries = found.entries("executionreport")
    ids = [fields[b"id"] for _, fields in entries]
    assert len(ids) == len(set(ids)) == 12
    assert [number_of_entry(fields) for _, fields in entries] == list(range(1, 13))
    assert (down.publishing, up.publishing) == (False, True)
    assert "no Redis answers" in down.reason


def test_what_was_taken_and_not_answered_is_not_written_again(
    ex: Orderly, redis: ServedRedis, relay_of: Callable[..., Relay], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Market data, which has no ids of its own, neither, though the lease was over meanwhile."""
    heard = ex.stream(TRADES)
    relay = relay_of(ex, topics=[TRADES])
    relay.wait_leading(10)
    ex.place(Market.buy("ETH", quantity="0.01")).wait("filled", timeout=10)
    heard.get(timeout=10)
    eventually(lambda: relay.stats()["waiting"] == 0)
    server, leadership, run, lost = relay._server, relay._leadership, relay._server.run, Event()

    def run_unanswered(script: str, keys: list[str], args: list[Any]) -> Any:
        told = run(script, keys, args)
        if script is PUBLISH and KEYS.events(TRADES.name) in keys and not lost.is_set():
            lost.set()
            leadership._until = 0.0  # the lease is over, as far as it knows
            raise RelayUnreachable("no answer")
        return told

    monkeypatch.setattr(server, "run", run_unanswered)
    for _ in range(3):
        ex.place(Market.buy("ETH", quantity="0.01")).wait("filled", timeout=10)
    assert lost.wait(10)
    eventually(lambda: relay.leads and relay.stats()["terms"] == 2)
    assert len([heard.get(timeout=10) for _ in range(3)]) == 3
    with Redis(redis) as found:
        eventually(lambda: number_of_entry(found.entries(TRADES.name)[-1][1]) >= 4)
        trades = [
            trade
            for _, fields in found.entries(TRADES.name)
            for trade in events_of_entry(TRADES, fields, Decimal)
        ]
        reports = [fields[b"id"] for _, fields in found.entries(REPORTS.name)]

    assert len(trades) == 4
    assert len(reports) == len(set(reports)) == 8


def test_what_redis_has_lost_is_written_anew_under_the_same_ids(
    ex: Orderly, redis: ServedRedis, relay_of: Callable[..., Relay]
) -> None:
    """Whoever had read it already knows it by its id."""
    relay = relay_of(ex)
    relay.wait_leading(10)
    ex.place(Market.buy("ETH", quantity="0.01")).wait("filled", timeout=10)
    eventually(lambda: relay.stats()["waiting"] == 0)
    with Redis(redis) as found:
        before = found.entries("executionreport")
        found.client.flushall()
        ex.place(Market.buy("ETH", quantity="0.01")).wait("filled", timeout=10)
        eventually(lambda: len(found.entries("executionreport")) == 4)
        after = found.entries("executionreport")

    assert len(before) == 2
    assert after[:2] == before
    assert [number_of_entry(fields) for _, fields in after] == [1, 2, 3, 4]


def test_streams_are_trimmed_by_length(
    ex: Orderly, redis: ServedRedis, relay_of: Callable[..., Relay]
) -> None:
    """About as many entries as were asked for stay."""
    relay = relay_of(ex, maxlen=1)
    relay.wait_leading(10)
    for _ in range(120):
        ex.place(Market.buy("ETH", quantity="0.01"))
    with Redis(redis) as found:
        eventually(lambda: number_of_entry(found.entries("executionreport")[-1][1]) == 240)
        assert len(found.entries("executionreport")) < 220


def test_a_second_account_is_refused_the_prefix(ex: Orderly, relay_of: Callable[..., Relay]) -> None:
    """And told to take another."""
    relay_of(ex).wait_leading(10)
    with connect("paper", seed=8, market="frozen") as other:
        with pytest.raises(RelayMismatch, match="another account; give each account a prefix= of its own"):
            relay_of(other)
        relay_of(other, prefix="other").wait_leading(10)


def test_a_relay_says_what_it_lacks(ex: Orderly) -> None:
    """No Redis, no URL, no account, no client."""
    with pytest.raises(RelayUnreachable, match=r"no Redis answers at 127\.0\.0\.1:1"):
        Relay(ex, "redis://user:word@127.0.0.1:1")
    with pytest.raises(UsageError, match="name a Redis by its URL"):
        Relay(ex, "localhost")
    with pytest.raises(UsageError, match="prefix="):
        Relay(ex, "redis://127.0.0.1:1", prefix="a b")
    with pytest.raises(UsageError, match="a relay publishes for a client"):
        Relay("mainnet", "redis://127.0.0.1:1")  # type: ignore[arg-type]
