"""What a bot has over a relay: the same verbs, the same state, each report once and in order, whatever happens between."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from orderly_sync import (
    Bracket,
    Connected,
    Credentials,
    Disconnected,
    GapClosed,
    Limit,
    Market,
    Orderly,
    RelayGap,
    Stop,
    SubscriptionRefused,
    UsageError,
    connect,
    topics,
)
from orderly_sync.relay.keys import KeyLayout
from orderly_sync.relay.redis_server import RedisServer
from orderly_sync.relay.relay import Relay
from tests.support.paper import eventually
from tests.support.redis_servers import ServedRedis

REPORTS = topics.execution_report()
KEYS = KeyLayout("orderly")


def credentials_of(ex: Orderly) -> Credentials:
    found = ex._stream.hub.options.credentials
    assert found is not None
    return found


@pytest.fixture
def bot_of(
    ex: Orderly, redis: ServedRedis, relay_of: Callable[..., Relay]
) -> Iterator[Callable[..., Orderly]]:
    """Makes bots of a relay that leads."""
    relay_of(ex).wait_leading(10)
    made: list[Orderly] = []

    def make(**options: Any) -> Orderly:
        options.setdefault("credentials", credentials_of(ex))
        made.append(connect(via=redis.url, **options))
        return made[-1]

    yield make
    for bot in made:
        bot.stop()


@contextmanager
def commands(redis: ServedRedis) -> Iterator[Any]:
    server = RedisServer(redis.url)
    try:
        yield server.client
    finally:
        server.close()


def names(reports: list[Any]) -> list[str]:
    return [report.event_id for report in reports]


def test_a_bot_trades_as_if_it_held_the_connection(ex: Orderly, bot_of: Callable[..., Orderly]) -> None:
    """Handles, live state, hooks, queues, waiters and books are those of the relay's client."""
    early = ex.place(Limit.buy("ETH", quantity="0.3", price="3000"))
    bot = bot_of()
    told: list[Any] = []
    bot.on(REPORTS, told.append)
    algos = bot.stream(topics.algo_execution_report())
    bracket = bot.place(Bracket.buy("ETH", quantity="0.5", take_profit=3600, stop_loss=3200))
    bot.place(Market.buy("BTC", quantity="0.01")).wait("filled", timeout=10)
    first = bot.wait_for(topics.mark_price("ETH"), timeout=10)
    eventually(lambda: bot.algo_orders[bracket.order_id] == ex.algo_orders[bracket.order_id])

    assert set(bot.orders) == set(ex.orders) >= {early.order_id}
    assert set(bot.algo_orders) == set(ex.algo_orders) == {bracket.order_id}
    assert {key: row.quantity for key, row in bot.positions.items()} == {
        key: row.quantity for key, row in ex.positions.items()
    }
    assert bot.holdings["USDC"].holding == ex.holdings["USDC"].holding
    assert bot.account == ex.account
    assert first.symbol == "PERP_ETH_USDC"
    assert bot.book("ETH").best_bid == ex.book("ETH").best_bid
    assert algos.get(timeout=10).algo_order_id == bracket.order_id
    bracket.cancel(wait=10)
    eventually(lambda: not bot.algo_orders)


def test_a_bot_without_a_key_only_reads(ex: Orderly, bot_of: Callable[..., Orderly]) -> None:
    """It has the account's state and reports; placing asks for credentials."""
    bot = bot_of(credentials=None)
    queue = bot.stream(REPORTS)
    ex.place(Market.buy("ETH", quantity="0.01")).wait("filled", timeout=10)

    assert [queue.get(timeout=10).status for _ in range(2)] == ["NEW", "FILLED"]
    eventually(lambda: str(bot.positions["ETH"].quantity) == "0.01")
    with pytest.raises(UsageError, match="credentials"):
        bot.place(Market.buy("ETH", quantity="0.01"))


def test_a_group_goes_on_where_it_left_off(ex: Orderly, bot_of: Callable[..., Orderly]) -> None:
    """What came while its bot was away is told first, nothing twice."""
    told: list[Any] = []
    bot = bot_of(group="grid-1")
    bot.on(REPORTS, told.append)
    ex.place(Market.buy("ETH", quantity="0.01")).wait("filled", timeout=10)
    eventually(lambda: len(told) == 2)
    bot.stop()
    for _ in range(5):
        ex.place(Market.buy("ETH", quantity="0.01")).wait("filled", timeout=10)
    again = bot_of(group="grid-1")
    eventually(lambda: again.positions["ETH"].quantity == ex.positions["ETH"].quantity)
    again.on(REPORTS, told.append)
    ex.place(Market.sell("ETH", quantity="0.01")).wait("filled", timeout=10)
    eventually(lambda: len(told) >= 14)

    assert len(set(names(told))) == 14
    assert not any(report.redelivered or report.recovered for report in told)
    assert [report.order_id for report in told] == sorted(report.order_id for report in told)


def test_without_a_group_it_begins_now_or_since_a_time(ex: Orderly, bot_of: Callable[..., Orderly]) -> None:
    """A moment that has passed brings what is kept of it."""
    began = int(time.time() * 1000)
    ex.place(Market.buy("ETH", quantity="0.01")).wait("filled", timeout=10)
    now, past = bot_of().stream(REPORTS), bot_of(since=began).stream(REPORTS)
    last = ex.place(Market.buy("ETH", quantity="0.01"))
    last.wait("filled", timeout=10)

    assert [now.get(timeout=10).order_id for _ in range(2)] == [last.order_id] * 2
    assert [past.get(timeout=10).status for _ in range(4)] == ["NEW", "FILLED"] * 2


def test_a_bot_that_is_slow_waits_for_itself_alone(ex: Orderly, bot_of: Callable[..., Orderly]) -> None:
    """Others are told at once; it is told all in order when it goes on, and its state never lagged."""
    slow, quick = bot_of(), bot_of()
    gate = threading.Event()
    late: list[Any] = []
    queue = slow.stream(REPORTS, maxlen=3)

    def hook(report: Any) -> None:
        gate.wait(60)
        late.append(report)

    slow.on(REPORTS, hook)
    soon: list[Any] = []
    quick.on(REPORTS, soon.append)
    for _ in range(20):
        ex.place(Market.buy("ETH", quantity="0.01")).wait("filled", timeout=10)
    eventually(lambda: len(soon) == 40)
    eventually(lambda: slow.positions["ETH"].quantity == ex.positions["ETH"].quantity)
    assert slow.status == "resyncing"
    gate.set()
    got = [queue.get(timeout=10) for _ in range(40)]
    eventually(lambda: len(late) == 40)

    assert names(got) == names(late) == names(soon)


def test_what_was_trimmed_is_a_gap_that_rest_tells_of(
    ex: Orderly, redis: ServedRedis, bot_of: Callable[..., Orderly]
) -> None:
    """Recovered for a bot with credentials; without, the gap is closed as not complete."""
    told: dict[str, list[Any]] = {"keyed": [], "keyless": []}
    gaps: dict[str, list[Any]] = {"keyed": [], "keyless": []}
    keys = {"keyed": credentials_of(ex), "keyless": None}
    for name, reports in told.items():
        bot = bot_of(group=name, credentials=keys[name])
        bot.on(REPORTS, reports.append)
    ex.place(Market.buy("ETH", quantity="0.01")).wait("filled", timeout=10)
    eventually(lambda: all(len(reports) == 2 for reports in told.values()))
    for bot in Orderly.live():
        if bot is not ex:
            bot.stop()
    ex.paper.advance(5_000)
    orders = [ex.place(Market.buy("ETH", quantity="0.01")) for _ in range(4)]
    orders[-1].wait("filled", timeout=10)
    with commands(redis) as client:
        eventually(lambda: client.xlen(KEYS.events("executionreport")) == 10)
        client.xtrim(KEYS.events("executionreport"), maxlen=2, approximate=False)
    for name, reports in told.items():
        bot = bot_of(group=name, credentials=keys[name])
        bot.on(RelayGap, gaps[name].append)
        bot.on(GapClosed, gaps[name].append)
        bot.on(REPORTS, reports.append)
    eventually(lambda: len(set(names(told["keyed"]))) == 10 and len(told["keyless"]) == 4)
    eventually(lambda: all(len(events) == 2 for events in gaps.values()))

    first, last = told["keyed"][:2], told["keyed"][-2:]
    plain = [report for report in told["keyed"] if not report.recovered]
    assert names(plain) == names([*first, *last])
    assert [gaps[name][0].missed for name in gaps] == [6, 6]
    assert [gaps[name][1].gap_complete for name in gaps] == [True, False]


def test_a_stream_that_is_deleted_under_a_reader_is_told(
    ex: Orderly, redis: ServedRedis, bot_of: Callable[..., Orderly]
) -> None:
    """As a gap; what follows comes as ever."""
    bot = bot_of()
    told: list[Any] = []
    gaps = bot.stream(RelayGap)
    bot.on(REPORTS, told.append)
    ex.place(Market.buy("ETH", quantity="0.01")).wait("filled", timeout=10)
    eventually(lambda: len(told) == 2)
    bot.stop()
    bot = bot_of(group="late", since=1_000_000_000_000)
    gaps = bot.stream(RelayGap)
    bot.on(REPORTS, told.append)
    eventually(lambda: len(told) == 4)
    bot.stop()
    ex.place(Market.buy("ETH", quantity="0.01")).wait("filled", timeout=10)
    with commands(redis) as client:
        eventually(lambda: client.hget(KEYS.counts, "executionreport") == b"4")
        client.delete(KEYS.events("executionreport"))
    bot = bot_of(group="late")
    gaps = bot.stream(RelayGap)
    bot.on(REPORTS, told.append)
    gap = gaps.get(timeout=10)
    ex.place(Market.buy("ETH", quantity="0.01")).wait("filled", timeout=10)
    eventually(lambda: len(set(names(told))) == 6)

    assert "trimmed or deleted before they were read; read sooner" in str(gap)
    assert (gap.topic, gap.missed) == ("executionreport", 2)
    plain = [report for report in told[4:] if not report.recovered]
    assert len(set(names(plain))) == len(plain) <= 2


def test_redis_restarted_under_a_bot_costs_it_nothing(
    ex: Orderly, redis: ServedRedis, bot_of: Callable[..., Orderly]
) -> None:
    """It is told that the connection is lost and back, and each report once."""
    bot = bot_of()
    told: list[Any] = []
    bot.on(REPORTS, told.append)
    down, up = bot.stream(Disconnected), bot.stream(Connected)
    ex.place(Market.buy("ETH", quantity="0.01")).wait("filled", timeout=10)
    redis.kill()
    assert down.get(timeout=20).reason.startswith("no Redis answers")
    ex.place(Market.buy("ETH", quantity="0.01")).wait("filled", timeout=10)
    redis.start()
    eventually(lambda: any(up.get(timeout=20).resumed for _ in range(4)))
    eventually(lambda: len(told) == 4)

    assert len(set(names(told))) == 4
    eventually(lambda: bot.positions["ETH"].quantity == ex.positions["ETH"].quantity)


def test_a_bot_that_was_cut_off_is_soon_back(bot_of: Callable[..., Orderly]) -> None:
    """A Redis of one's own is not spared as the venue is: no dial waits longer than a second, however many there were."""
    for connection in bot_of()._stream.hub.connections.values():
        delays = connection.protocol._new_delays()
        assert max(next(delays) for _ in range(50)) <= 1.0
        assert connection.protocol._budget is None


def test_topics_are_heard_on_demand(ex: Orderly, redis: ServedRedis, bot_of: Callable[..., Orderly]) -> None:
    """While a bot wants them; an unknown one is refused in the venue's words; what goes is left."""
    bot, other = bot_of(), bot_of()
    hook = bot.on(topics.bbo("ETH"), lambda _: None)
    assert bot.wait_for(topics.index_price("ETH"), timeout=10).symbol == "SPOT_ETH_USDC"
    assert other.wait_for(topics.index_price("ETH"), timeout=10).symbol == "SPOT_ETH_USDC"
    assert "PERP_ETH_USDC@bbo" in ex._stream.hub.routes
    with pytest.raises(SubscriptionRefused):
        bot.on(topics.trade("PERP_NONE_USDC"), lambda _: None)
    hook.remove()
    with commands(redis) as client:
        wishes = list(client.scan_iter(KEYS.wishes("*")))
        eventually(lambda: not any(client.hexists(key, "PERP_ETH_USDC@bbo") for key in wishes))


def test_an_algo_orders_whole_life_reaches_a_bot(ex: Orderly, bot_of: Callable[..., Orderly]) -> None:
    """Trigger and fill of a stop, placed by another."""
    bot = bot_of()
    told: list[Any] = []
    own: list[Any] = []
    bot.on(topics.algo_execution_report(), told.append)
    ex.on(topics.algo_execution_report(), own.append)
    ex.place(Market.buy("ETH", quantity="0.5")).wait("filled", timeout=10)
    stop = ex.place(Stop.sell("ETH", quantity="0.5", trigger=3390))
    ex.paper.set_mark_price("ETH", 3380)
    stop.wait("done", timeout=10)
    eventually(lambda: own and len(told) == len(own))

    assert told == own
    assert names(told) == names(own)
    eventually(lambda: not bot.positions and not bot.algo_orders)
