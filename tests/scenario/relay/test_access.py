"""Who may do what: a bot reads, and writes what is its own; no secret is ever in Redis."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orderly_sync import (
    Credentials,
    GroupInUse,
    Market,
    Orderly,
    Relay,
    RelayMismatch,
    RelayRefused,
    RelayUnreachable,
    Timeouts,
    UsageError,
    connect,
    topics,
)
from orderly_sync.relay.access import bot_rules, relay_rules
from orderly_sync.relay.keys import KeyLayout
from orderly_sync.relay.redis_server import RedisServer
from tests.support.paper import eventually
from tests.support.redis_servers import ServedRedis

KEYS = KeyLayout("orderly")
REPORTS = topics.execution_report()
QUICK = Timeouts(ready=1.0)


def credentials_of(ex: Orderly) -> Credentials:
    found = ex._stream.hub.options.credentials
    assert found is not None
    return found


def test_a_bots_user_trades_and_forges_nothing(ex: Orderly, redis: ServedRedis) -> None:
    """Under the rules that are documented: all that a bot does works, and each write of what is the relay's is refused."""
    admin = RedisServer(redis.url)
    admin.client.execute_command("ACL", "SETUSER", "relay", "on", ">relayword", *relay_rules("orderly"))
    admin.client.execute_command("ACL", "SETUSER", "grid", "on", ">gridword", *bot_rules("orderly", "grid-1"))
    with Relay(ex, redis.url_of("relay", "relayword"), lease=1.0) as relay:
        relay.wait_leading(10)
        told: list[Any] = []
        url = redis.url_of("grid", "gridword")
        with connect(via=url, credentials=credentials_of(ex), group="grid-1") as bot:
            bot.on(REPORTS, told.append)
            bot.place(Market.buy("ETH", quantity="0.01")).wait("filled", timeout=10)
            assert bot.book("ETH").best_bid == ex.book("ETH").best_bid
            eventually(lambda: len(told) == 2)
        server = RedisServer(url)
        forbidden: tuple[tuple[str, ...], ...] = (
            ("XADD", KEYS.events("executionreport"), "*", "d", "[]"),
            ("XADD", KEYS.session, "*", "d", "{}"),
            ("DEL", KEYS.events("executionreport")),
            ("HSET", KEYS.state("positions"), "PERP_ETH_USDC", "{}"),
            ("SET", KEYS.leader, "me"),
            ("SET", KEYS.fence, "99"),
            ("HSET", KEYS.topics, "x", "ok"),
            ("HSET", KEYS.meta, "network", "{}"),
            ("HSET", KEYS.group("another"), "executionreport", "0-0 0 0 0-0"),
            ("HSET", KEYS.wishes("another"), "bbos", "1"),
            ("FLUSHALL",),
            ("KEYS", "*"),
        )
        for words in forbidden:
            with pytest.raises(RelayRefused, match="does not let this user"), server.asking():
                server.client.execute_command(*words)
        server.close()
    admin.close()


def test_no_secret_is_in_redis(
    ex: Orderly, redis: ServedRedis, tmp_path: Path, relay_of: Callable[..., Relay]
) -> None:
    """Neither in a key nor in its file: the key's secret, its public part, the password of a URL."""
    credentials = credentials_of(ex)
    relay_of(ex).wait_leading(10)
    with connect(via=redis.url, credentials=credentials, group="g") as bot:
        bot.on(REPORTS, lambda _: None)
        bot.place(Market.buy("ETH", quantity="0.01")).wait("filled", timeout=10)
    redis.stop()
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    secret = credentials.secret.reveal()

    assert b"executionreport" in written
    for word in (secret, secret.removeprefix("ed25519:"), credentials.key.removeprefix("ed25519:")):
        assert word.encode() not in written


def test_a_wrong_password_is_told_without_showing_it(ex: Orderly, redis: ServedRedis) -> None:
    """And what to write instead."""
    url = redis.url_of("nobody", "hunter2word")
    for call in (lambda: Relay(ex, url), lambda: connect(via=url)):
        with pytest.raises(RelayRefused, match="refused user or password; write them into the URL") as caught:
            call()
        assert "hunter2word" not in str(caught.value)


def test_a_bot_says_what_it_lacks(ex: Orderly, redis: ServedRedis, relay_of: Callable[..., Relay]) -> None:
    """No Redis, no relay ever, no relay now, another account, another network, keywords that are a relay's."""
    with pytest.raises(RelayUnreachable, match="no Redis answers at"):
        connect(via="redis://127.0.0.1:1")
    with pytest.raises(RelayMismatch, match="no relay was ever there under the prefix"):
        connect(via=redis.url)
    relay = relay_of(ex)
    relay.wait_leading(10)
    other = Credentials(account_id="0x" + "ab" * 32, secret=credentials_of(ex).secret.reveal())
    with pytest.raises(RelayMismatch, match="of another account; pass that account's credentials"):
        connect(via=redis.url, credentials=other)
    with pytest.raises(RelayMismatch, match="the relay is of the network 'paper'"):
        connect("mainnet", via=redis.url)
    with pytest.raises(UsageError, match=r"journal= is not for connect\(via="):
        connect(via=redis.url, journal="bot.db")
    with pytest.raises(UsageError, match=r"group= and since= are for connect\(via="):
        connect("paper", group="g")
    with pytest.raises(UsageError, match="group="):
        connect(via=redis.url, group="a b")
    relay.stop()
    with pytest.raises(RelayUnreachable, match="no relay leads under the prefix 'orderly'"):
        connect(via=redis.url)


def test_a_group_is_one_process_s(ex: Orderly, redis: ServedRedis, relay_of: Callable[..., Relay]) -> None:
    """A second bot of a group is refused while the first one lives, and let in when it has ended."""
    relay_of(ex).wait_leading(10)
    first = connect(via=redis.url, group="g")
    with pytest.raises(
        GroupInUse, match="another process reads in the group 'g'; stop that bot, or pass a group="
    ):
        connect(via=redis.url, group="g", timeouts=QUICK)
    first.stop()
    connect(via=redis.url, group="g", timeouts=QUICK).stop()


def test_an_old_redis_is_refused(redis: ServedRedis, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what is needed."""
    server = RedisServer(redis.url)
    monkeypatch.setattr(server.client, "info", lambda _: {"redis_version": "5.0.7"})
    with pytest.raises(RelayMismatch, match=r"is 5\.0\.7; a relay needs 6\.2 or newer"):
        server.check()
    server.close()


def test_an_event_of_a_newer_release_is_told(
    ex: Orderly, redis: ServedRedis, relay_of: Callable[..., Relay]
) -> None:
    """To hooks of RelayMismatch; the bot lives on."""
    relay_of(ex).wait_leading(10)
    admin = RedisServer(redis.url)
    with connect(via=redis.url) as bot:
        errors = bot.stream(RelayMismatch)
        admin.client.xadd(KEYS.session, {"v": "2", "e": "Later", "d": "{}"}, id="99999999999999-0")
        assert "newer release of this package; update this bot" in str(errors.get(timeout=10))
        admin.client.xadd(
            KEYS.events("executionreport"), {"v": "2", "n": "1", "d": "[]"}, id="99999999999999-0"
        )
        assert "an event of executionreport was written by a newer" in str(errors.get(timeout=10))
        assert bot.status == "ready"
    admin.close()


def test_redis_out_of_memory_is_said_and_made_good(
    ex: Orderly, redis: ServedRedis, relay_of: Callable[..., Relay]
) -> None:
    """What was heard meanwhile is written when there is room again."""
    relay = relay_of(ex)
    relay.wait_leading(10)
    admin = RedisServer(redis.url)
    admin.client.config_set("maxmemory", "1")
    ex.place(Market.buy("ETH", quantity="0.01")).wait("filled", timeout=10)
    eventually(lambda: relay.status == "degraded")
    assert "out of memory; raise maxmemory" in relay._publisher.trouble
    admin.client.config_set("maxmemory", "0")
    eventually(lambda: relay.leads and relay.stats()["waiting"] == 0)
    assert admin.client.xlen(KEYS.events("executionreport")) == 2
    admin.close()
