"""A Redis that is encrypted: relay, bots and command over ``rediss://``, and each thing that can be wrong with it."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from orderly_sync import Credentials, Market, Orderly, Relay, UsageError, connect, topics
from orderly_sync.relay_errors import RelayUnreachable
from orderly_sync.venue.server.serve import Venue
from tests.support.http_host import TLS
from tests.support.paper import eventually
from tests.support.redis_servers import ServedRedis, TlsRedis, served_redis

REPORTS = topics.execution_report()
CLIENT = f"ssl_certfile={TLS / 'client.pem'}&ssl_keyfile={TLS / 'client.pem'}"
MUTUAL = ("--tls-auth-clients", "yes")


@contextmanager
def tls_redis(folder: Path, *config: str, **options: str) -> Iterator[ServedRedis]:
    with served_redis(folder, *config, make=partial(TlsRedis, **options)) as server:
        yield server


def credentials_of(ex: Orderly) -> Credentials:
    found = ex._stream.hub.options.credentials
    assert found is not None
    return found


def trades_over(ex: Orderly, url: str) -> None:
    """A bot places an order and is told of it, as is the relay's own client."""
    told: list[Any] = []
    with (
        Relay(ex, url, lease=1.0) as relay,
        connect(via=url, credentials=credentials_of(ex), group="g") as bot,
    ):
        bot.on(REPORTS, told.append)
        bot.place(Market.buy("ETH", quantity="0.01")).wait("filled", timeout=10)
        eventually(lambda: [one.status for one in told] == ["NEW", "FILLED"])
        assert bot.book("ETH").best_bid == ex.book("ETH").best_bid
        assert "ssl_" not in f"{relay!r} {bot!r}"


def test_a_relay_and_a_bot_meet_over_tls(ex: Orderly, tmp_path: Path) -> None:
    """Reports, state and books come, by an authority that the URL names."""
    with tls_redis(tmp_path) as redis:
        trades_over(ex, redis.url)


@pytest.mark.parametrize(
    "own", [CLIENT, f"ssl_certfile={TLS / 'locked.pem'}&ssl_password=sesame"], ids=["plain", "locked"]
)
def test_a_client_shows_a_certificate_of_its_own(ex: Orderly, tmp_path: Path, own: str) -> None:
    """Where the server lets in nobody without one."""
    with tls_redis(tmp_path, *MUTUAL) as redis:
        trades_over(ex, f"{redis.url}&{own}")


def by_another_authority(redis: ServedRedis) -> str:
    return redis.url.replace("authority.pem", "clients.pem")


def by_no_authority(redis: ServedRedis) -> str:
    return redis.url.partition("?")[0]


def without_tls(redis: ServedRedis) -> str:
    return by_no_authority(redis).replace("rediss://", "redis://")


def as_it_is(redis: ServedRedis) -> str:
    return redis.url


UNKNOWN = "of an authority that is not known here; name that authority in the URL: .*ssl_ca_certs="
WRONG: dict[str, tuple[dict[str, str], tuple[str, ...], Callable[[ServedRedis], str], str]] = {
    "no authority": ({}, (), by_no_authority, UNKNOWN),
    "another authority": ({}, (), by_another_authority, UNKNOWN),
    "another host": (
        {"certificate": "stranger.pem"},
        (),
        as_it_is,
        "a certificate of another host; name in the URL the host that it is made for",
    ),
    "plain to a port of TLS": ({}, (), without_tls, "write rediss:// instead of redis://"),
    "no certificate of one's own": (
        {},
        MUTUAL,
        as_it_is,
        "a client's certificate .*ssl_certfile=.*ssl_keyfile=",
    ),
    "a certificate of nobody": (
        {},
        MUTUAL,
        lambda redis: f"{redis.url}&ssl_certfile={TLS / 'stranger.pem'}",
        "a client's certificate that its tls-ca-cert-file has signed|certificate of ssl_certfile=",
    ),
}


def refused(exc: BaseException, url: str) -> str:
    """The error's text, which is one line and shows nothing of the URL but the place."""
    text = str(exc)
    assert len(text.splitlines()) == 1
    assert "hunter2word" not in text
    assert url.partition("?")[2][-20:] not in text or "?" not in url
    return text


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_with_it_is_said_with_what_to_do(ex: Orderly, tmp_path: Path, wrong: str) -> None:
    """To the relay and to the bot alike, when they are made."""
    options, config, url_of, match = WRONG[wrong]
    with tls_redis(tmp_path, *config, **options) as redis:
        url = url_of(redis).replace("://", "://somebody:hunter2word@")
        for call in (lambda: Relay(ex, url), lambda: connect(via=url)):
            with pytest.raises(RelayUnreachable, match=match) as caught:
                call()
            refused(caught.value, url)


def test_tls_to_a_port_without_is_said(ex: Orderly, redis: ServedRedis) -> None:
    """Whether the server answers something else or waits for the end of a line."""
    url = f"rediss://127.0.0.1:{redis.port}?ssl_ca_certs={TLS / 'authority.pem'}"
    with pytest.raises(
        RelayUnreachable, match="speaks no TLS there, write redis://, or the port that is its tls-port"
    ):
        Relay(ex, url)


@pytest.mark.parametrize("option", ["ssl_cert_reqs=none", "ssl_check_hostname=false"])
def test_a_check_that_is_switched_off_is_warned_of(
    ex: Orderly, tmp_path: Path, option: str, caplog: pytest.LogCaptureFixture
) -> None:
    """By its name, once a client; the connection stands."""
    with tls_redis(tmp_path, certificate="stranger.pem") as redis:
        url = f"{redis.url}&{option}"
        with Relay(ex, url, lease=1.0) as relay:
            relay.wait_leading(10)

    (record,) = [one for one in caplog.records if option in one.getMessage()]
    assert (record.levelno, record.name) == (logging.WARNING, "orderly_sync.relay")
    assert "whoever is in between can pass for the Redis at 127.0.0.1" in record.getMessage()


def command(folder: Path, url: str) -> subprocess.CompletedProcess[str]:
    """``orderly-sync relay`` at a venue of its own, which ends by itself as it cannot begin."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ORDERLY_")}
    with Venue(seed=7, market="frozen", rate_limits=False) as venue:
        return subprocess.run(
            [sys.executable, "-m", "orderly_sync", "relay"],
            env={**kept, "ORDERLY_KEYS": str(folder), "ORDERLY_REDIS": url, "ORDERLY_NETWORK": venue.line()},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.mark.parametrize("wrong", ["no authority", "another host", "plain to a port of TLS"])
def test_the_command_says_it_in_one_line(tmp_path: Path, wrong: str) -> None:
    """And ends with the code of what cannot be reached."""
    options, config, url_of, match = WRONG[wrong]
    with tls_redis(tmp_path, *config, **options) as redis:
        ended = command(tmp_path, url_of(redis))

    assert (ended.returncode, ended.stdout) == (3, "")
    assert len(ended.stderr.splitlines()) == 1
    assert re.search(match, ended.stderr)


def test_a_file_that_is_none_is_said(ex: Orderly, tmp_path: Path) -> None:
    """Before anything is dialled, as what cannot be right."""
    url = "rediss://127.0.0.1:1?ssl_ca_certs=/no/such/ca.pem"
    for call in (lambda: Relay(ex, url), lambda: connect(via=url)):
        with pytest.raises(
            UsageError, match="ssl_ca_certs= in the URL of a Redis: No such file or directory"
        ):
            call()
    ended = command(tmp_path, url)

    assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1)
