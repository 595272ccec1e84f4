"""Connections are kept, shared and given up: never half an answer for the next request, never one for another."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import threading

import pytest

from orderly_sync import errors
from orderly_sync.config import Timeouts
from orderly_sync.rest import Rest, connection
from orderly_sync.signing import request_message, verify
from tests.support.http_host import TLS, HttpHost, answer, hang_up, raw
from tests.support.rest_client import CREATED, INFO, ONCE, here, place, read


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
        symbol = seen.target.partition("symbol=")[2]
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
    """Connections beyond the bound are closed when their request is done."""
    monkeypatch.setattr(connection, "_IDLE", 0)
    with HttpHost(answer(INFO)) as host, here(host) as rest:
        read(rest)
        read(rest)
    assert [seen.connection for seen in host.seen] == [0, 1]


def test_quiet_is_found_without_poll(monkeypatch):
    """Where the system has no poll, select does."""
    monkeypatch.delattr(connection.select, "poll")
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
        with pytest.raises(connection.NotConnected, match="does not answer"):
            late.exchange("POST", "/v1/order", {}, b"{}", 5.0)
        assert host.seen == []
