"""Dialling: every address is tried within the time, names may hang, proxies are asked as they want to be asked."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from orderly_sync.dialling import addresses
from orderly_sync.dialling.addresses import NotSent, open_socket
from orderly_sync.dialling.connections import dial
from orderly_sync.dialling.trust import Proxy, tls_context
from orderly_sync.errors import UsageError
from tests.support.loopback import refusing_port
from tests.support.stuck_peers import deaf_port

HERE = "127.0.0.1"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server((HERE, 0)) as sock:
        yield sock


@pytest.fixture
def deaf() -> Iterator[int]:
    """A port of 127.0.0.2 where the handshake is never answered: its queue is full."""
    with contextlib.ExitStack() as stack:
        try:
            yield stack.enter_context(deaf_port())
        except LookupError as exc:
            pytest.skip(str(exc))


def stands_for(monkeypatch: pytest.MonkeyPatch, *places: tuple[str, int]) -> None:
    """Have every name stand for these addresses."""

    def found(*_: Any, **__: Any) -> list[Any]:
        return [
            (socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))
            for host, port in places
        ]

    monkeypatch.setattr(socket, "getaddrinfo", found)


def soon(seconds: float = 5.0) -> float:
    return time.monotonic() + seconds


def test_addresses_that_refuse_are_passed_over(
    monkeypatch: pytest.MonkeyPatch, listener: socket.socket
) -> None:
    """One after the other, whatever their family, until one takes the call."""
    port = listener.getsockname()[1]
    with refusing_port() as sixth, refusing_port() as fourth:
        stands_for(monkeypatch, ("::1", sixth), (HERE, fourth), (HERE, port))
        with open_socket("venue.example", 443, soon()) as sock:
            assert sock.getpeername() == (HERE, port)
            assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_an_address_that_is_deaf_costs_a_moment(
    monkeypatch: pytest.MonkeyPatch, listener: socket.socket, deaf: int
) -> None:
    """The next one is tried beside it, not after the whole of the time."""
    monkeypatch.setattr(addresses, "STAGGER", 0.02)
    stands_for(monkeypatch, ("127.0.0.2", deaf), ("127.0.0.2", deaf), (HERE, listener.getsockname()[1]))
    began = time.monotonic()
    with open_socket("venue.example", 443, soon(30)) as sock:
        assert sock.getpeername()[0] == HERE
    assert time.monotonic() - began < 5


def test_deaf_addresses_together_take_no_longer_than_the_time(
    monkeypatch: pytest.MonkeyPatch, deaf: int
) -> None:
    """Three dead ones share one deadline."""
    stands_for(monkeypatch, *[("127.0.0.2", deaf)] * 3)
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        open_socket("venue.example", 443, soon(0.2))
    assert time.monotonic() - began < 2


def test_the_last_refusal_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody listens, by the system's word for it."""
    with refusing_port() as one, refusing_port() as other:
        stands_for(monkeypatch, (HERE, one), (HERE, other))
        with pytest.raises(OSError, match="refused"):
            open_socket("venue.example", 443, soon())
    stands_for(monkeypatch)
    with pytest.raises(OSError, match="no address"):
        open_socket("venue.example", 443, soon())


def test_a_name_that_is_not_found_in_time_ends_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's look-up knows no deadline; the caller's holds all the same."""
    resolved = threading.Event()

    def hang(*_: Any, **__: Any) -> list[Any]:
        resolved.wait(10)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    try:
        with pytest.raises(NotSent, match="does not answer"):
            dial("wss://venue.example/x", until=soon(0.1), now=time.monotonic, proxy=None, context=None)
    finally:
        resolved.set()


@pytest.mark.parametrize("failure", [socket.gaierror(-2, "Name or service not known"), UnicodeError("label")])
def test_a_name_that_nobody_knows_is_said_to_be_unknown(
    monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    """In this package's words, whatever the system's are."""

    def fail(*_: Any, **__: Any) -> list[Any]:
        raise failure

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(NotSent, match=r"^the host's name is unknown$"):
        dial("wss://venue.example/x", until=soon(), now=time.monotonic, proxy=None, context=None)


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("ws://[::1]:7001/ws", b"CONNECT [::1]:7001 HTTP/1."),
        ("ws://127.0.0.1:7001/ws", b"CONNECT 127.0.0.1:7001 HTTP/1."),
        ("ws://localhost/ws", b"CONNECT localhost:80 HTTP/1."),
    ],
)
def test_a_tunnel_names_its_end_as_proxies_read_it(listener: socket.socket, url: str, asked: bytes) -> None:
    """An IPv6 address stands in brackets; the port is always there; the proxy's user comes along."""
    heads: list[bytes] = []

    def serve() -> None:
        sock, _ = listener.accept()
        with sock:
            heads.append(sock.recv(65536))
            sock.sendall(b"HTTP/1.1 200 Established\r\n\r\nhello")

    thread = threading.Thread(target=serve)
    thread.start()
    proxy = Proxy.of(f"http://me:word@127.0.0.1:{listener.getsockname()[1]}")
    with dial(url, until=soon(), now=time.monotonic, proxy=proxy, context=None) as sock:
        thread.join()
        assert sock.recv(99) == b"hello"
    assert heads[0].startswith(asked)
    assert b"Proxy-Authorization: Basic bWU6d29yZA==\r\n" in heads[0]


@pytest.mark.parametrize(
    "url",
    [
        "socks5://127.0.0.1:1",
        "https://127.0.0.1:1",
        "http://127.0.0.1",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:1/path",
        "http://127.0.0.1:1?x=y",
        "http://ho st:1",
        "http://host\r\nX: y:1",
        "127.0.0.1:1",
        "",
        7,
    ],
)
def test_what_is_no_proxy_is_refused_unquoted(url: Any) -> None:
    """It may hold a password."""
    with pytest.raises(UsageError, match="URL of an HTTP proxy") as caught:
        Proxy.of(url)
    assert not url or str(url) not in str(caught.value)


def test_a_proxy_shows_where_it_is_and_not_who_asks() -> None:
    """Its user is for the proxy alone."""
    proxy = Proxy.of("http://me:s3cret@[::1]:3128/")
    assert proxy is not None
    assert proxy.url == "http://[::1]:3128"
    assert "me" not in proxy.url
    assert "s3cret" not in repr(proxy)
    assert "Basic" not in repr(proxy)
    assert Proxy.of(None) is None


@pytest.mark.parametrize("name", ["missing.pem", "empty.pem", "."])
def test_authorities_that_cannot_be_read_are_a_mistake_of_the_caller(tmp_path: Any, name: str) -> None:
    """Said in one sentence, with the file's name."""
    (tmp_path / "empty.pem").write_text("no certificate")
    with pytest.raises(UsageError, match=r"ca_file=.*PEM file"):
        tls_context(str(tmp_path / name))


@pytest.mark.parametrize("name", ["localhost", "LocalHost"])
def test_the_name_of_this_machine_is_believed_of_loopback_only(
    monkeypatch: pytest.MonkeyPatch, listener: socket.socket, name: str
) -> None:
    """Plain text goes to it, so a resolver that answers with another machine's address is passed over."""
    port = listener.getsockname()[1]
    stands_for(monkeypatch, ("192.0.2.7", port), ("fe80::1%lo", port), (HERE, port))
    with open_socket(name, port, soon()) as sock:
        assert sock.getpeername() == (HERE, port)
    stands_for(monkeypatch, ("192.0.2.7", port))
    with pytest.raises(OSError, match="no address"):
        open_socket(name, port, soon())
