"""Networks and timeouts: which hosts are accepted and which are not."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.config import MAINNET, TESTNET, Network, Timeouts, limit, network, number_type, seconds
from orderly_sync.errors import UsageError

PAPER = {
    "name": "paper",
    "rest": "http://127.0.0.1:8080",
    "ws_public": "ws://127.0.0.1:8080/ws/stream",
    "ws_private": "ws://127.0.0.1:8080/v2/ws/private/stream",
}


def of_host(rest: str) -> Network:
    return Network(**{**PAPER, "rest": rest}, allow_untrusted_host=True)


OURS = "https://api.orderly.org", "wss://ws-evm.orderly.org/ws/stream", "wss://ws-private-evm.orderly.org/x"
TEST = (
    "https://testnet-api.orderly.org",
    "wss://testnet-ws-evm.orderly.org/ws",
    "wss://testnet-p.orderly.org/x",
)
HERE = "http://127.0.0.1:1", "ws://localhost:2/ws/stream", "ws://[::1]:3/x"


def named(urls: tuple[str, str, str], **more: Any) -> Network:
    return Network(name="own", rest=urls[0], ws_public=urls[1], ws_private=urls[2], **more)


@pytest.mark.parametrize("urls", [OURS, TEST, HERE])
def test_the_venue_s_own_hosts_and_this_machine_s_are_trusted(urls: tuple[str, str, str]) -> None:
    assert named(urls).rest == urls[0]


@pytest.mark.parametrize(
    "host",
    [
        "orderly.org.evil.io",
        "api.orderly.org.evil.io",
        "notorderly.org",
        "api-orderly.org",
        "orderly.org",
        "xn--rderly-jze.orderly.org",
        "api.xn--orderly-x.org",
        "93.184.216.34",
        "[2001:db8::1]",
        "venue.example",
    ],
)
@pytest.mark.parametrize("at", range(3))
def test_a_key_is_not_shown_to_a_stranger_unless_that_is_meant(host: str, at: int) -> None:
    """Look-alikes, addresses and other people's hosts, at any of the three places."""
    urls = list(OURS)
    urls[at] = f"{'wss' if at else 'https'}://{host}/x"
    with pytest.raises(UsageError, match=r"none of the venue's hosts.*allow_untrusted_host=True"):
        named((urls[0], urls[1], urls[2]))
    assert named((urls[0], urls[1], urls[2]), allow_untrusted_host=True)


@pytest.mark.parametrize("name", ["rest_strategy_vault", "faucet", "ws_oracle"])
def test_the_other_hosts_of_a_network_are_held_to_the_same(name: str) -> None:
    strange = {name: f"{'wss' if name.startswith('ws') else 'https'}://evil.io"}
    with pytest.raises(UsageError, match=r"evil\.io is none"):
        named(OURS, **strange)


@pytest.mark.parametrize("allowed", [False, True])
@pytest.mark.parametrize("at", range(3))
def test_a_key_is_shown_to_one_network_only(at: int, allowed: bool) -> None:
    urls = tuple(TEST[index] if index == at else url for index, url in enumerate(OURS))
    with pytest.raises(UsageError, match="partly of the testnet, partly of the mainnet"):
        named((urls[0], urls[1], urls[2]), allow_untrusted_host=allowed)


def test_this_machine_and_the_venue_are_mixed_only_if_that_is_meant() -> None:
    with pytest.raises(UsageError, match="partly on this machine"):
        named((HERE[0], OURS[1], OURS[2]))
    assert named((HERE[0], OURS[1], OURS[2]), allow_untrusted_host=True)


def test_known_networks_go_by_name() -> None:
    """Mainnet and testnet are at hand, and a value is itself."""
    own = Network(**PAPER)

    assert network("mainnet") is MAINNET
    assert network("testnet") is TESTNET
    assert network(own) is own


def test_known_networks_share_no_host() -> None:
    """Nothing of testnet points at mainnet."""
    hosts = [
        {value for value in vars_of(known).values() if str(value).startswith(("https", "wss"))}
        for known in (MAINNET, TESTNET)
    ]

    assert hosts[0].isdisjoint(hosts[1])
    assert all("orderly.org" in host for group in hosts for host in group)
    assert all("testnet" in host for host in hosts[1])


def vars_of(known: Network) -> dict[str, object]:
    return {name: getattr(known, name) for name in Network.__slots__ if not name.startswith("__")}


def test_unknown_network_names_the_known_ones() -> None:
    """The message says what to pass instead."""
    with pytest.raises(UsageError, match=r"'mainet'.*'mainnet', 'testnet'.*'paper'"):
        network("mainet")


@pytest.mark.parametrize(
    "url",
    [
        "https://api.orderly.org",
        "https://api.orderly.org/",
        "https://host:8443/base/",
        "https://[2001:db8::1]:8443",
        "http://localhost:80",
        "http://127.0.0.1:1",
        "http://127.8.9.10",
        "http://[::1]:8080",
    ],
)
def test_hosts_that_are_accepted(url: str) -> None:
    """Https anywhere, plain http on loopback, a path as a base; the trailing slash goes."""
    assert of_host(url).rest == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://api.orderly.org",
        "http://10.0.0.1",
        "http://0.0.0.0:80",
        "http://localhost.evil.org",
        "http://127.0.0.1.evil.org",
        "ftp://host",
        "wss://host",
        "api.orderly.org",
        "https://",
        "https:///path",
        "https://user@host",
        "https://user:hunter2@host",
        "ftp://user:hunter2@host",
        "https://@host",
        "https://host?x=1",
        "https://host?",
        "https://host#f",
        "https://host\\@evil.org",
        "https://evil.org\\.orderly.org",
        "https://host\n",
        "https://ho st",
        " https://host",
        "https://host:port",
        "https://host:99999",
        "https://[::1",
        "https://[::zz]",
        "https://\u043erderly.org",
        "https://host%2eorg",
        "",
    ],
)
def test_hosts_that_are_refused(url: str) -> None:
    """Plain text to strangers, user info, queries, tricks with parsers, letters that only look like others."""
    with pytest.raises(UsageError) as caught:
        of_host(url)

    assert "hunter2" not in str(caught.value)


def test_websocket_hosts_follow_the_same_rules() -> None:
    """Wss anywhere, ws on loopback only, and nothing else."""
    for name in ("ws_public", "ws_private"):
        for url in ("https://host", "http://127.0.0.1", "ws://host"):
            with pytest.raises(UsageError):
                Network(**{**PAPER, name: url})


def test_a_network_does_not_change() -> None:
    """Hosts are fixed once checked."""
    with pytest.raises(AttributeError):
        MAINNET.rest = "https://evil.org"  # type: ignore[misc]


def test_default_timeouts() -> None:
    """Five seconds to connect, ten for a request, twenty of silence."""
    timeouts = Timeouts()

    assert (timeouts.connect, timeouts.request, timeouts.ready) == (5.0, 10.0, 15.0)
    assert (timeouts.ack, timeouts.silence, timeouts.stop) == (10.0, 20.0, 2.0)


@given(st.floats(min_value=1e-6, max_value=1e6) | st.integers(1, 1000))
def test_any_positive_number_is_a_timeout(given_seconds: float) -> None:
    """Whole numbers become floats."""
    assert Timeouts(request=given_seconds).request == float(given_seconds)


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), "5", None])
@pytest.mark.parametrize("name", ["connect", "request", "ready", "ack", "silence", "stop"])
def test_other_values_are_no_timeouts(name: str, seconds: object) -> None:
    """A wait that never ends, or ends before it begins, is refused."""
    with pytest.raises(UsageError, match="positive number of seconds"):
        Timeouts(**{name: seconds})


KINDS = [2, 2.0, Decimal("2.0"), Fraction(4, 2)]


@pytest.mark.parametrize("value", KINDS, ids=repr)
def test_every_real_number_is_a_length_of_time(value: object) -> None:
    """Two seconds are two seconds, whatever they are written as."""
    assert (seconds(value), limit(value), Timeouts(ack=value).ack) == (2.0, 2.0, 2.0)
    assert type(seconds(value)) is float


@pytest.mark.parametrize(
    "value",
    [
        True,
        "2",
        "2s",
        b"2",
        -0.5,
        Decimal(-1),
        math.nan,
        Decimal("sNaN"),
        -math.inf,
        1e9,
        10**400,
        -(10**400),
        2j,
        [2],
    ],
    ids=repr,
)
def test_what_is_no_length_of_time_is_refused_in_one_sentence(value: object) -> None:
    """The argument is named with what was given, and what to pass instead; also where a wait may last for ever."""
    for read in (seconds, limit):
        with pytest.raises(
            UsageError, match=r"^idle=.* is not a number of seconds from 0 on; pass [^.]*"
        ) as told:
            read(value, "idle")
        assert len(str(told.value)) < 160


def test_only_waits_without_a_limit_take_none() -> None:
    """None is no limit there; infinity is told to be None."""
    assert limit(None) is None
    with pytest.raises(UsageError, match="needs a limit"):
        seconds(None)
    for endless in (math.inf, Decimal("Infinity")):
        with pytest.raises(UsageError, match="pass None to wait without a limit"):
            limit(endless)


@pytest.mark.parametrize("numbers", [int, str, complex, "float", None, Fraction, Decimal(1)], ids=repr)
def test_numbers_are_decimals_or_floats(numbers: object) -> None:
    """Anything else would be accepted and then not kept to."""
    assert (number_type(Decimal), number_type(float)) == (Decimal, float)
    with pytest.raises(UsageError, match=r"numbers=.*: pass Decimal \(exact\) or float"):
        number_type(numbers)
