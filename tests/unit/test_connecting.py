"""connect(): what it takes, whom it asks at once, and what it says when nobody is there."""

from __future__ import annotations

import inspect
import socket
from typing import Any

import attrs
import pytest

from orderly_sync import ConnectFailed, Disconnected, Market, Timeouts, UsageError, connect, topics
from orderly_sync.config import Network
from orderly_sync.connecting import _PAPER
from orderly_sync.paper.start import open_venue
from orderly_sync.venue.server.serve import Venue
from tests.support.http_host import HttpHost, answer
from tests.support.paper import paper
from tests.support.rest_client import INFO
from tests.support.tunnel_proxy import TunnelProxy
from tests.support.wire_server import WireServer
from tests.unit.stream.test_handshake import ENVIRONMENT, listens

HASTY = Timeouts(connect=0.2, ready=0.3, request=0.3)


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)


def venue_of(server: WireServer, rest: str = "http://127.0.0.1:9") -> Network:
    return Network(name="here", rest=rest, ws_public=server.url, ws_private=server.url)


@pytest.mark.usefixtures("offline")
def test_a_public_client_is_not_ready_without_a_venue() -> None:
    """The caller learns it from connect(), in the same words from both halves."""
    with pytest.raises(Disconnected, match="cannot connect: the host's name is unknown"):
        connect("testnet", timeouts=HASTY)
    with connect("testnet", timeouts=HASTY, check=False) as ex:
        assert ex.status == "idle"
        with pytest.raises(TimeoutError, match="cannot connect: the host's name is unknown"):
            ex.on(topics.bbo("ETH"), print)
        assert ex.status in {"connecting", "down"}
        with pytest.raises(ConnectFailed, match="cannot connect: the host's name is unknown"):
            ex.rest._public.get("/v1/public/info", dict)


def test_a_public_client_is_ready_when_its_stream_is() -> None:
    """Dialled by connect(); the first topic finds the connection there."""
    with WireServer() as server, connect(venue_of(server)) as ex:
        assert (ex.status, server.dials) == ("ready", 1)
        listens(server, ex._stream)
        assert server.dials == 1


def test_a_lazy_client_dials_when_something_is_wanted() -> None:
    """And not before."""
    with WireServer() as server, connect(venue_of(server), check=False) as ex:
        assert (ex.status, server.dials) == ("idle", 0)
        listens(server, ex._stream)
        assert (ex.status, server.dials) == ("ready", 1)
    assert ex.status == "stopped"


@pytest.mark.parametrize("given", [True, False])
def test_one_proxy_serves_both_halves(given: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that was passed; never one of the environment's."""
    with (
        TunnelProxy() as mine,
        TunnelProxy() as theirs,
        WireServer() as server,
        HttpHost(answer(INFO)) as host,
    ):
        for name in ENVIRONMENT:
            monkeypatch.setenv(name, f"http://127.0.0.1:{theirs.port}")
        proxy = f"http://me:word@127.0.0.1:{mine.port}" if given else None
        with connect(venue_of(server, host.url), proxy=proxy) as ex:
            listens(server, ex._stream)
            assert ex.rest.market.futures_info("ETH").symbol == "PERP_ETH_USDC"
        assert theirs.asked == []
        assert [line.split()[0] for line in mine.asked] == (["CONNECT", "GET"] if given else [])
        assert mine.users == ({"Basic bWU6d29yZA=="} if given else set())


def test_an_account_trades_through_a_proxy() -> None:
    """Login, reports and orders alike; every connection is the proxy's."""
    with paper() as owner, TunnelProxy() as proxy:
        with connect(
            owner._stream.network,
            credentials=owner.rest.credentials,
            rate_limits=False,
            proxy=f"http://127.0.0.1:{proxy.port}",
        ) as ex:
            assert ex.place(Market.buy("ETH", quantity="0.1")).wait("filled", 30).status == "FILLED"
        methods = {line.split()[0] for line in proxy.asked}
    assert methods >= {"CONNECT", "GET"}


def test_a_venue_in_this_process_needs_no_proxy() -> None:
    """One line of a script serves paper and real venues."""
    with TunnelProxy() as proxy:
        with connect("paper", market="frozen", proxy=f"http://127.0.0.1:{proxy.port}") as ex:
            assert ex.status == "ready"
        assert proxy.asked == []


@pytest.mark.parametrize(
    ("network", "keyword", "said"),
    [
        ("mainnet", "prox", "did you mean proxy="),
        ("mainnet", "credential", "did you mean credentials="),
        ("testnet", "time_outs", "did you mean timeouts="),
        ("testnet", "Strict", "did you mean strict="),
        ("paper", "sed", "did you mean seed="),
        ("paper", "markets", "did you mean market="),
        ("paper", "rate_limit", "did you mean rate_limits="),
        ("paper", "zzz", "it knows credentials, timeouts"),
        ("mainnet", "seed", "only for connect.'paper'."),
        ("mainnet", "follow", "only for connect.'paper'."),
    ],
)
def test_a_keyword_that_does_not_exist_is_named_with_the_nearest(
    network: str, keyword: str, said: str
) -> None:
    """Nothing is started for it."""
    with pytest.raises(UsageError, match=rf"\b{keyword}=.*{said}"):
        connect(network, **{keyword: 1})


@pytest.mark.parametrize("network", ["paper", "testnet"])
@pytest.mark.parametrize("options", [{"proxy": "socks5://127.0.0.1:1"}, {"ca_file": "/nowhere.pem"}])
def test_what_cannot_be_used_starts_nothing(network: str, options: dict[str, Any], tmp_path: Any) -> None:
    """Neither a venue nor a recording."""
    with pytest.raises(UsageError):
        connect(network, record=tmp_path / "day.jsonl", **options)
    assert list(tmp_path.iterdir()) == []


def test_the_papers_keywords_are_those_of_the_venue() -> None:
    """What connect() takes for paper's is what starting a venue takes."""
    takes = {*inspect.signature(Venue).parameters, *inspect.signature(open_venue).parameters}
    assert takes - {"options", "rate_limits", "proxy"} == _PAPER


def test_networks_are_compared_by_what_they_are() -> None:
    """A served venue that is called paper takes no options of one in this process."""
    with paper() as owner, pytest.raises(UsageError, match="only for connect"):
        connect(attrs.evolve(owner._stream.network), seed=4)
