"""stop() returns within five seconds in the middle of a dial, whatever holds that up, and leaves no thread behind."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from orderly_sync import Network, connect
from tests.support.http_host import TLS
from tests.support.paper import eventually
from tests.support.stopping import CREDENTIALS, LIMIT, LONG, PATIENT, dialling, stops_in_time, stream_at
from tests.support.stuck_peers import TLS_DRIP, UPGRADE_DRIP, StuckPeer, deaf_port, orderly_threads
from tests.support.wire_server import Peer, WireServer, acknowledge


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A resolver that hangs until the test is over; the names it was asked for."""
    over, asked = threading.Event(), []

    def hang(host: str, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        over.wait(LONG)
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    yield asked
    over.set()


def test_while_the_resolver_hangs(resolver: list[str]):
    """Nobody waits for a name any more; both connections asked once between them."""
    with dialling(stream_at("wss://venue.orderly.org:4433/ws")) as stream:
        eventually(lambda: resolver)
        eventually(lambda: all(one.driver.dials for one in stream.hub.connections.values()))
        stops_in_time(stream)
        assert resolver == ["venue.orderly.org"]


def test_while_the_resolver_of_the_proxy_hangs(resolver: list[str]):
    """Where it is the proxy's name that is not found."""
    with dialling(stream_at("ws://127.0.0.1:9/ws", proxy="http://proxy.example:3128")) as stream:
        eventually(lambda: resolver)
        stops_in_time(stream)


def test_while_no_answer_to_the_dial_comes():
    """The address is deaf."""
    with contextlib.ExitStack() as stack:
        try:
            port = stack.enter_context(deaf_port())
        except LookupError as exc:
            pytest.skip(str(exc))
        stream = stack.enter_context(dialling(stream_at(f"ws://127.0.0.2:{port}/ws")))
        eventually(lambda: all(one.driver.dials for one in stream.hub.connections.values()))
        stops_in_time(stream)


@pytest.mark.parametrize(
    ("scheme", "drips"),
    [("ws", None), ("ws", UPGRADE_DRIP), ("wss", None), ("wss", TLS_DRIP)],
    ids=["upgrade unanswered", "upgrade drips", "TLS unanswered", "TLS drips"],
)
@pytest.mark.parametrize("proxied", [False, True], ids=["direct", "tunnelled"])
def test_while_a_handshake_does_not_end(scheme: str, drips: bytes | None, proxied: bool):
    """Of TLS, or of the WebSocket; of the host, or of the proxy before it."""
    with StuckPeer(drips) as peer:
        place = "127.0.0.1:9" if proxied else f"127.0.0.1:{peer.port}"
        proxy = f"http://127.0.0.1:{peer.port}" if proxied else None
        stream = stream_at(f"{scheme}://{place}/ws", ca_file=str(TLS / "authority.pem"), proxy=proxy)
        with dialling(stream):
            eventually(lambda: peer.taken == 2)
            stops_in_time(stream)


def never(kind: str) -> Callable[[Peer, dict[str, Any]], Any]:
    return lambda peer, message: None if message["event"] == kind else acknowledge(peer, message)


@pytest.mark.parametrize("kind", ["auth", "subscribe"])
def test_while_the_venue_acknowledges_nothing(kind: str):
    """The login, or a subscription."""
    with WireServer(never(kind)) as server, dialling(stream_at(server.url)) as stream:
        server.wait(lambda: any(m["event"] == kind for peer in server.peers for m in peer.received))
        stops_in_time(stream)


def test_while_it_waits_to_dial_again():
    """A minute from now."""
    with WireServer(refuse=1_000) as server:

        def late() -> Iterator[float]:
            while True:
                yield LONG

        with dialling(stream_at(server.url, delays=late)) as stream:
            server.wait(lambda: server.dials == 2)
            eventually(lambda: all(one.protocol.deadline for one in stream.hub.connections.values()))
            stops_in_time(stream)


def test_in_the_middle_of_connect(monkeypatch: pytest.MonkeyPatch):
    """An interrupt in the middle of connect(): nothing of the half-made client is left."""
    with StuckPeer() as peer:

        def interrupted(*_: Any) -> None:
            eventually(lambda: peer.taken)
            raise KeyboardInterrupt

        url = f"ws://127.0.0.1:{peer.port}/ws"
        network = Network(name="test", rest=f"http://127.0.0.1:{peer.port}", ws_public=url, ws_private=url)
        monkeypatch.setattr("orderly_sync.stream.hub.Hub.wait_ready", interrupted)
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            connect(network, credentials=CREDENTIALS, timeouts=PATIENT)
        assert time.monotonic() - began < LIMIT
        assert orderly_threads() == []
