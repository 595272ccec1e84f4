"""Connections are kept, shared and given up: never half an answer for the next request, never one for another."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import threading

import attrs
import pytest
from urllib3.util import wait

from orderly_sync import errors
from orderly_sync.config import Network, Timeouts
from orderly_sync.rest import Rest, connection
from orderly_sync.rest.transport import NotSent
from orderly_sync.signing import request_message, verify
from tests.support.http_host import TLS, HttpHost, answer, hang_up, plain, raw
from tests.support.loopback import refusing_port
from tests.support.rest_client import CREATED, INFO, ME, ONCE, here, place, read


def test_a_connection_is_used_again():
    """Requests of one thread share one connection."""
    with HttpHost(answer(INFO)) as host, here(host) as rest:
        for _ in range(3):
            read(rest)
    assert {seen.connection for seen in host.seen} == {0}


def test_a_connection_that_the_host_closed_is_not_used_again():
    """A keep-alive that ended meanwhile is noticed before the next write is sent on it."""
    done = threading.Event()

    def last(host, sock, seen):
        answer(INFO)(host, sock, seen)
        hang_up(host, sock, seen)
        done.set()

    with HttpHost(last, answer(CREATED)) as host, here(host) as rest:
        read(rest)
        done.wait(5)
        assert place(rest).order_id == 7
    assert [seen.connection for seen in host.seen] == [0, 1]


def test_closing_keeps_the_client_usable():
    """close() gives up idle connections; the next call dials anew."""
    with HttpHost(answer(INFO)) as host, here(host) as rest:
        read(rest)
        rest.close()
        read(rest)
    assert [seen.connection for seen in host.seen] == [0, 1]


def test_an_answer_may_come_in_chunks():
    """Whole when its last chunk is there; the connection is used again."""
    body = json.dumps({"success": True, "data": INFO}).encode()
    chunks = b"".join(b"%x\r\n%s\r\n" % (1, body[i : i + 1]) for i in range(len(body)))
    chunked = raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n")
    with HttpHost(chunked) as host, here(host) as rest:
        assert [read(rest).symbol for _ in range(2)] == ["PERP_ETH_USDC"] * 2
    assert [seen.connection for seen in host.seen] == [0, 0]


def test_threads_share_one_client():
    """32 threads sign at once: every request is signed over its own bytes, none gets another's answer."""

    def echo(host, sock, seen):
        symbol = seen.target.partition("symbol=")[2].partition("&")[0]
        answer({"rows": [{"symbol": symbol, "price": 1, "id": 1, "order_id": 1}], "meta": {"total": 1}})(
            host, sock, seen
        )

    wrong = []

    def ask(number):
        for turn in range(5):
            symbol = f"PERP_T{number}N{turn}_USDC"
            if rest.orders.fills(symbol=symbol)[0].symbol != symbol:
                wrong.append(symbol)

    with HttpHost(echo) as host, here(host, timeouts=Timeouts()) as rest:
        threads = [threading.Thread(target=ask, args=(number,)) for number in range(32)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert wrong == []
    assert len(host.seen) == 160
    assert all(
        verify(
            seen.headers["orderly-key"],
            request_message(int(seen.headers["orderly-timestamp"]), seen.method, seen.target, seen.body),
            seen.headers["orderly-signature"],
        )
        for seen in host.seen
    )
    assert rest.stats().sent == 160


def test_an_interrupt_leaves_the_client_usable():
    """Ctrl-C while waiting is heard at once; half an answer never meets the next request."""

    def interrupt(host, sock, seen):
        os.kill(os.getpid(), signal.SIGINT)
        host.closing.wait(2)
        hang_up(host, sock, seen)

    with HttpHost(interrupt, answer(INFO)) as host, here(host, timeouts=Timeouts(request=5)) as rest:
        with pytest.raises(KeyboardInterrupt):
            place(rest)
        host.closing.set()
        assert read(rest).symbol == "PERP_ETH_USDC"
    assert [seen.connection for seen in host.seen] == [0, 1]


def test_a_forked_child_leaves_its_parents_connections_alone(monkeypatch):
    """It begins its own."""
    with HttpHost(answer(INFO)) as host, here(host) as rest:
        read(rest)
        monkeypatch.setattr(os, "getpid", lambda: -1)
        read(rest)
        read(rest)
    assert [seen.connection for seen in host.seen] == [0, 1, 1]


def test_more_threads_than_idle_places_leave_no_connection_open(monkeypatch):
    """Connections beyond the bound are closed when their request is done: the next pair needs a new one."""
    monkeypatch.setattr(connection, "_IDLE", 1)
    both = threading.Barrier(2, timeout=5)

    def together(host, sock, seen):
        both.wait()
        answer(INFO)(host, sock, seen)

    with HttpHost(together) as host, here(host, timeouts=Timeouts()) as rest:
        for _ in range(2):
            pair = [threading.Thread(target=read, args=(rest,)) for _ in range(2)]
            for thread in pair:
                thread.start()
            for thread in pair:
                thread.join()
    first, second = ({seen.connection for seen in host.seen[turn : turn + 2]} for turn in (0, 2))
    assert first == {0, 1}
    assert second in ({0, 2}, {1, 2})


def test_quiet_is_found_without_poll(monkeypatch):
    """Where the system has no poll, select does."""
    monkeypatch.setattr(wait, "wait_for_socket", wait.select_wait_for_socket)
    with HttpHost(answer(INFO)) as host, here(host) as rest:
        read(rest)
        read(rest)
    assert [seen.connection for seen in host.seen] == [0, 0]


def test_an_unknown_host_is_a_failed_connection(monkeypatch):
    """The message names the reason, not the address."""

    def unknown(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with Rest("testnet", retries=ONCE) as rest, pytest.raises(errors.ConnectFailed, match="name is unknown"):
        read(rest)


def test_an_interrupt_while_dialling_leaves_no_connection_open(monkeypatch):
    """The half-made connection is closed, and the interrupt goes on its way."""

    def interrupt(*_, **__):
        raise KeyboardInterrupt

    with HttpHost(certificate=TLS / "host.pem") as host, here(host) as rest:
        monkeypatch.setattr(ssl.SSLContext, "wrap_socket", interrupt)
        with pytest.raises(KeyboardInterrupt):
            read(rest)
        monkeypatch.undo()


def test_a_deadline_that_passes_while_dialling_means_nothing_was_sent():
    """The connection stands too late; a write may be repeated."""
    times = iter([0.0, 0.0, 9.0])
    with HttpHost() as host:
        late = connection.Connections(host.url, connect=5, now=lambda: next(times, 9.0), limit=9)
        with pytest.raises(NotSent, match="does not answer"):
            late.exchange("POST", "/v1/order", {}, b"{}", 5.0)
        assert host.seen == []


HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"


@pytest.mark.parametrize(
    "interim",
    [
        HINTS,
        HINTS * 3,
        b"HTTP/1.1 102 Processing\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" + HINTS + b"HTTP/1.1 199 Nobody Knows\r\nContent-Length: 7\r\n\r\n",
    ],
)
def test_interim_answers_are_passed_over(interim):
    """The final one counts, for this request and for the next on the same connection."""
    first = raw(interim + plain(json.dumps({"success": True, "data": CREATED}).encode()))
    with HttpHost(first, answer(INFO)) as host, here(host) as rest:
        assert place(rest).order_id == 7
        assert read(rest).symbol == "PERP_ETH_USDC"
    assert [seen.connection for seen in host.seen] == [0, 0]


@pytest.mark.parametrize(
    "act",
    [
        raw(HINTS * 1000),
        raw(HINTS, close=True),
        raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" + plain(b"{}")),
    ],
    ids=["endless", "nothing after it", "another protocol"],
)
def test_interim_answers_alone_are_no_answer(act):
    """Whether the order was taken is unknown; the connection is given up."""
    with HttpHost(act, answer(INFO)) as host, here(host) as rest:
        with pytest.raises(errors.OrderOutcomeUnknown):
            place(rest)
        assert read(rest).symbol == "PERP_ETH_USDC"
    assert [seen.connection for seen in host.seen] == [0, 1]


@pytest.mark.parametrize(
    "text", ["..", "/../x", "a+b", "%2e%41", "~", "%", "a#b?c", "\u00e9\u4e16", " ", "'()*!"]
)
def test_a_target_arrives_as_it_was_signed(text):
    """Nothing on the way puts a path or a query into another form."""
    with HttpHost(answer({"rows": [], "meta": {"total": 0}})) as host, here(host) as rest:
        rest.orders.list(order_tag=text)
        direct = host.seen[0]
    with HttpHost(answer({"rows": [], "meta": {"total": 0}})) as proxy:
        with here(host, proxy=f"http://127.0.0.1:{proxy.port}") as rest:
            rest.orders.list(order_tag=text)
        through = proxy.seen[0]
    assert through.target == host.url + direct.target
    for seen, target in ((direct, direct.target), (through, through.target.removeprefix(host.url))):
        stamp = int(seen.headers["orderly-timestamp"])
        assert verify(
            seen.headers["orderly-key"],
            request_message(stamp, seen.method, target, seen.body),
            seen.headers["orderly-signature"],
        )


def test_a_header_that_would_be_two_is_refused_unsent():
    """A line break in a header would write another one."""
    with HttpHost() as host:
        line = connection.Connections(host.url, connect=1, now=lambda: 0.0, limit=9)
        with pytest.raises(errors.UsageError, match="line break"):
            line.exchange("POST", "/v1/order", {"x": "y\r\nz: w"}, b"{}", 5.0)
        assert host.seen == []


def test_a_dead_address_does_not_keep_a_request_from_the_living(monkeypatch):
    """The second address of a name is taken when the first refuses; the deadline is one for all."""
    with refusing_port() as dead, HttpHost(answer(INFO)) as host:
        places = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)) for port in (dead, host.port)
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: places)
        network = attrs.evolve(host.network, rest=f"http://localhost:{host.port}")
        with Rest(network, ME, retries=ONCE) as rest:
            assert read(rest).symbol == "PERP_ETH_USDC"
        assert host.seen[0].headers["host"] == f"localhost:{host.port}"


@pytest.mark.parametrize("deadline", [0.2])
def test_a_name_that_hangs_does_not_hold_a_request(monkeypatch, deadline):
    """Nothing was sent, so a write may be repeated."""
    resolved = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: resolved.wait(10))
    options = {"retries": ONCE, "timeouts": Timeouts(connect=deadline)}
    try:
        with (
            Rest("testnet", ME, **options) as rest,
            pytest.raises(errors.ConnectFailed, match="does not answer"),
        ):
            place(rest)
    finally:
        resolved.set()


def test_an_address_in_brackets_is_asked_for_through_a_tunnel():
    """CONNECT names it as the URL does; without the brackets its port would be a part of it."""
    with HttpHost(answer(status=403), certificate=TLS / "host.pem") as proxy:
        network = attrs.evolve(proxy.network, rest="https://[::1]:8443")
        with (
            Rest(network, ME, retries=ONCE, proxy=f"http://127.0.0.1:{proxy.port}") as rest,
            pytest.raises(errors.ConnectFailed, match="proxy answered 403"),
        ):
            place(rest)
        assert [(seen.method, seen.target) for seen in proxy.seen] == [("CONNECT", "[::1]:8443")]


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
def test_a_host_may_be_an_address_in_brackets():
    """It is dialled, and named in Host as it stands."""
    heads = []
    try:
        listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("no IPv6 loopback here")

    def serve():
        sock, _ = listener.accept()
        with sock:
            heads.append(sock.recv(65536))
            sock.sendall(plain(json.dumps({"success": True, "data": INFO}).encode()))

    with listener:
        thread = threading.Thread(target=serve)
        thread.start()
        where = f"[::1]:{listener.getsockname()[1]}"
        network = Network(
            name="six", rest=f"http://{where}", ws_public="ws://[::1]:9", ws_private="ws://[::1]:9"
        )
        with Rest(network, retries=ONCE) as rest:
            assert read(rest).symbol == "PERP_ETH_USDC"
        thread.join()
    assert f"Host: {where}\r\n".encode() in heads[0]
