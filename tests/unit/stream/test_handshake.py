"""How a stream comes to its socket: which addresses, through whom, for how long, and in which words it fails."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from orderly_sync import Stream, Timeouts, UsageError, topics
from orderly_sync.config import Network
from orderly_sync.dialling.addresses import NotSent
from orderly_sync.stream.handshake import shake_hands
from tests.support.http_host import TLS
from tests.support.loopback import refusing_port
from tests.support.streams import WAIT, make, mark, quick
from tests.support.tunnel_proxy import TunnelProxy
from tests.support.wire_server import WireServer

ETH = "PERP_ETH_USDC"
ENVIRONMENT = [
    name
    for word in ("http_proxy", "https_proxy", "all_proxy", "ws_proxy", "wss_proxy", "socks_proxy")
    for name in (word, word.upper())
]


def listens(server: WireServer, stream: Stream) -> None:
    """The stream is told a price."""
    events = stream.stream(topics.mark_price(ETH))
    server.peer().send(mark(7))
    assert events.get(timeout=WAIT).price == 7


@contextmanager
def host(*acts: Callable[[socket.socket], None]) -> Iterator[Network]:
    """A host that treats every caller as told, one after the other, and a network whose streams it should be."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ended = threading.Event()

        def serve() -> None:
            while True:
                sock, _ = listener.accept()
                with sock:
                    if ended.is_set():
                        return
                    sock.settimeout(5)
                    sock.recv(65536)
                    for act in acts:
                        act(sock)

        thread = threading.Thread(target=serve)
        thread.start()
        port = listener.getsockname()[1]
        url = f"ws://127.0.0.1:{port}"
        try:
            yield Network(name="odd", rest="http://127.0.0.1:9", ws_public=url, ws_private=url)
        finally:
            ended.set()
            socket.create_connection(("127.0.0.1", port)).close()
            thread.join()


def reason_of(network: Network, **options: Any) -> str:
    """Why a stream to that host does not come up."""
    options.setdefault("timeouts", Timeouts(connect=0.3, ready=0.6))
    with Stream(network, delays=quick, **options) as stream:
        with pytest.raises(TimeoutError) as caught:
            stream.on(topics.mark_price(ETH), print)
        return str(caught.value)


def test_the_environments_proxies_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever they are called, and with no exception for this host."""
    with TunnelProxy() as proxy, WireServer() as server:
        for name in ENVIRONMENT:
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        with make(server) as stream:
            listens(server, stream)
        assert proxy.asked == []


@pytest.mark.parametrize("tls", [None, TLS / "host.pem"], ids=["plain", "tls"])
def test_a_proxy_that_is_given_is_asked_for_a_tunnel(tls: Any) -> None:
    """Its user goes to it alone and is shown nowhere."""
    with TunnelProxy() as proxy, WireServer(tls=tls) as server:
        with make(
            server, proxy=f"http://me:w%2Frd@127.0.0.1:{proxy.port}", ca_file=str(TLS / "authority.pem")
        ) as stream:
            listens(server, stream)
            assert "w/rd" not in f"{stream!r}{stream.hub.options!r}{stream.stats()}"
            assert "w%2Frd" not in f"{stream!r}{stream.hub.options!r}{stream.stats()}"
        assert proxy.asked == [f"CONNECT 127.0.0.1:{server.port} HTTP/1.{proxy.asked[0][-1]}"]
        assert proxy.users == {"Basic bWU6dy9yZA=="}


def test_a_proxy_that_is_gone_is_not_passed_by(caplog: pytest.LogCaptureFixture) -> None:
    """Going there directly would show the venue an address it should not see."""
    caplog.set_level(logging.DEBUG)
    with refusing_port() as port, WireServer() as server:
        said = reason_of(
            Network(name="x", rest="http://127.0.0.1:9", ws_public=server.url, ws_private=server.url),
            proxy=f"http://me:s3cret@127.0.0.1:{port}",
        )
        assert server.dials == 0
    assert "cannot connect: Connection refused" in said
    assert "s3cret" not in said + caplog.text


@pytest.mark.parametrize("options", [{"proxy": "socks5://127.0.0.1:1"}, {"ca_file": "/nowhere.pem"}])
def test_what_cannot_be_used_is_refused_where_it_is_passed(options: dict[str, Any]) -> None:
    """Not when the first topic is wanted."""
    with pytest.raises(UsageError):
        Stream("testnet", **options)


def test_a_dead_address_does_not_keep_a_stream_from_the_living(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one is dialled within the same dial."""
    with refusing_port() as dead, WireServer() as server:
        places = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)) for port in (dead, server.port)
        ]
        url = f"ws://localhost:{server.port}"
        network = Network(name="x", rest="http://127.0.0.1:9", ws_public=url, ws_private=url)
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: places)
        with Stream(network, delays=quick) as stream:
            listens(server, stream)
            assert stream.stats()["connections"]["public"]["dials"] == 1


def test_an_unknown_name_is_said_in_the_words_of_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """And no other package's error is named."""

    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    url = "wss://venue.orderly.org"
    said = reason_of(Network(name="x", rest="https://venue.orderly.org", ws_public=url, ws_private=url))
    assert "cannot connect: the host's name is unknown" in said


def drip(sock: socket.socket) -> None:
    for byte in b"HTTP/1.1 101 Switching Protocols\r\nX-Slow: " + b"y" * 500:
        try:
            sock.sendall(bytes([byte]))
        except OSError:
            return
        threading.Event().wait(0.02)


@pytest.mark.parametrize(
    ("acts", "said"),
    [
        ((), "the host closed the connection"),
        ((lambda sock: sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),), "HTTP 200"),
        ((lambda sock: sock.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n"),), "HTTP 403"),
        ((lambda sock: sock.sendall(b"SSH-2.0-x\r\n\r\n"),), "something else than a WebSocket"),
        ((lambda sock: sock.sendall(b"HTTP/1.1 abc d\r\n\r\n"),), "something else than a WebSocket"),
        ((lambda sock: sock.sendall(b"HTTP/1.1\r\n\r\n"),), "something else than a WebSocket"),
        (
            (lambda sock: sock.sendall(b"HTTP/1.1 101 X\r\nno header\r\n\r\n"),),
            "something else than a WebSocket",
        ),
        ((lambda sock: sock.sendall(b"HTTP/1.1 101 X\r\nUpgrade: websocket\r\n\r\n"),), "something else"),
        ((lambda sock: sock.recv(1),), "the host does not answer"),
        ((drip,), "the host does not answer"),
    ],
    ids=["hang up", "200", "403", "ssh", "no status", "short", "no header", "no key", "silent", "drip"],
)
def test_a_handshake_that_fails_is_told_in_words(acts: Any, said: str) -> None:
    """Within the dial's time, and the thread goes on to dial again."""
    with host(*acts) as network:
        reason = reason_of(network)
    assert said in reason
    assert "WebSocket" not in reason.replace("a WebSocket", "")
    assert "Error" not in reason


def test_a_redirect_is_not_followed() -> None:
    """The login goes to no other host."""
    with WireServer() as other:
        where = f"HTTP/1.1 302 Found\r\nLocation: {other.url}\r\n\r\n".encode()
        with host(lambda sock: sock.sendall(where)) as network:
            assert "cannot connect" in reason_of(network)
        assert other.dials == 0


def test_a_dial_ends_when_its_time_is_over() -> None:
    """However many pieces the answer comes in."""
    with host(drip) as network:
        began = time.monotonic()
        reason_of(network, timeouts=Timeouts(connect=0.2, ready=0.3))
    assert time.monotonic() - began < 8


def test_a_handshake_says_nothing_it_need_not() -> None:
    """No compression is offered, no origin claimed, no signature stands in the URL, and no cookie or key in a header."""
    heads: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            sock, _ = listener.accept()
            with sock:
                heads.append(sock.recv(65536).decode())

        thread = threading.Thread(target=serve)
        thread.start()
        url = f"ws://127.0.0.1:{listener.getsockname()[1]}/ws"
        with pytest.raises(NotSent):
            shake_hands(f"{url}/0x12", 5.0, time.monotonic, None, None)
        thread.join()
    first, *lines = heads[0].strip().split("\r\n")
    names = {line.partition(":")[0].lower() for line in lines}

    assert first == "GET /ws/0x12 HTTP/1.1"
    assert names == {"upgrade", "host", "connection", "sec-websocket-key", "sec-websocket-version"}
