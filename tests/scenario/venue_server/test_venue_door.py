"""Who may connect: hosts, origins, sizes, slowness and numbers."""

from __future__ import annotations

import logging
import socket
import struct
from urllib.parse import urlsplit

import pytest

from orderly_sync.errors import UsageError
from orderly_sync.venue.server.http_listener import HttpListener
from orderly_sync.venue.server.serve import Venue
from tests.scenario.venue_server.trader import Trader

INFO = "/v1/public/info"


def dial(venue: Venue) -> socket.socket:
    host, _, port = venue.urls["rest"].removeprefix("http://").rpartition(":")
    return socket.create_connection((host, int(port)), timeout=5)


def everything(connection: socket.socket) -> bytes:
    """What comes until the other side ends it."""
    parts = []
    try:
        while part := connection.recv(65536):
            parts.append(part)
    except ConnectionError:
        pass
    return b"".join(parts)


@pytest.mark.parametrize("host", ["example.com", "127.0.0.1", "127.0.0.1:1", "evil.localhost:80"])
def test_a_foreign_host_header_is_forbidden(trader, host):
    """A name that leads here by DNS is not one of ours."""
    assert trader.raw("GET", INFO, headers={"Host": host}).status == 403


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
def test_own_names_with_the_port_are_fine(trader, venue, name):
    """Every spelling of loopback."""
    port = venue.urls["rest"].rpartition(":")[2]

    assert trader.raw("GET", INFO, headers={"Host": f"{name}:{port}"}).status == 200


@pytest.mark.parametrize("origin", ["null", "https://evil.example", "http://localhost"])
def test_a_web_page_may_not_ask(trader, origin):
    """Whatever its origin, and no preflight is answered either."""
    assert trader.raw("GET", INFO, headers={"Origin": origin}).status == 403
    answer = trader.raw("OPTIONS", INFO, headers={"Origin": origin})
    assert (answer.status, answer.headers.get("Access-Control-Allow-Origin")) == (403, None)


HANDSHAKE = (
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {}\r\nSec-WebSocket-Version: 13\r\n"
)


@pytest.mark.parametrize("base", ["rest", "ws_public", "ws_private"])
def test_who_has_gone_before_the_answer_is_no_fault_of_the_venue(trader, venue, caplog, base):
    """A client that is killed, or cuts its dial short, leaves no error in the log; the next one is answered."""
    url = urlsplit(venue.urls[base])
    path = f"{url.path}/account" if base != "rest" else INFO
    more = HANDSHAKE.format("dGhlIHNhbXBsZSBub25jZQ==") if base != "rest" else ""
    for _ in range(30):
        gone = dial(venue)
        gone.sendall(f"GET {path} HTTP/1.1\r\nHost: {url.netloc}\r\n{more}\r\n".encode())
        gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        gone.close()

    assert trader.raw("GET", INFO).status == 200
    assert [line.getMessage() for line in caplog.records if line.levelno >= logging.WARNING] == []


def test_a_web_page_may_not_open_a_stream(trader, venue):
    """A foreign origin is refused at the handshake, the venue's own, which websocket-client sends, is not."""
    handshake = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
    }
    assert (
        trader.raw("GET", "/ws/stream/x", headers={**handshake, "Origin": "https://evil.example"}).status
        == 403
    )
    own = trader.socket("ws_public", "x", origin=venue.urls["rest"])
    assert own.ask({"event": "ping"} | {"event": "subscribe", "topic": "bbos"})["success"] is True


def test_a_plain_request_to_a_stream_is_told_so(trader):
    """426 without the handshake's headers."""
    assert trader.raw("GET", "/ws/stream/x").status == 426


def test_a_large_body_is_refused(trader):
    """More than 64 KiB are not read."""
    answer = trader.raw("POST", "/v1/order", b"x" * 70_000, {"Content-Type": "application/json"})

    assert answer.status == 413


def test_a_large_body_in_chunks_is_refused(venue):
    """It need not say how long it is."""
    with dial(venue) as connection:
        host = venue.urls["rest"].removeprefix("http://")
        connection.sendall(
            f"POST /v1/order HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )
        try:
            for _ in range(20):
                connection.sendall(b"1000\r\n" + b"x" * 0x1000 + b"\r\n")
        except ConnectionError:
            pass
        assert b" 413 " in connection.recv(65536).split(b"\r\n")[0]


@pytest.mark.parametrize(
    "text",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /v1/public/info HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
        b"GET /../../etc/passwd HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n",
        b"GET http://evil/v1/public/info HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n",
        b"GET /v1/public/futures/%ff%00 HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n",
        b"GET /v1/orders HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\norderly-key: \xff\r\n\r\n",
        b"GET /venue/x HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\nx-venue-token: \xff\r\n\r\n",
        b"GET /v1/public/info HTTP/1.1\r\nHost: \xff\r\nConnection: close\r\n\r\n",
    ],
)
def test_broken_requests_are_refused_and_nothing_breaks(venue, trader, text):
    """A status of 400 or above, never 500, and the next request is answered."""
    with dial(venue) as connection:
        connection.sendall(text.replace(b"HOST", venue.urls["rest"].removeprefix("http://").encode()))
        answer = everything(connection)

    assert 400 <= int(answer.split(b" ")[1]) < 500
    assert trader.raw("GET", INFO).status == 200


def test_slow_headers_are_cut(monkeypatch):
    """A connection that does not finish its headers in time is ended, on its second request too."""
    monkeypatch.setattr(HttpListener, "__init__", _hasty(HttpListener.__init__))
    with Venue(seed=7, market="frozen") as venue, dial(venue) as silent, dial(venue) as second:
        host = venue.urls["rest"].removeprefix("http://")
        second.sendall(f"GET /v1/public/leverage HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert b"200 OK" in second.recv(65536)
        second.sendall(b"GET /v1/")
        silent.sendall(b"GET /v1/public")
        assert everything(silent) == b""
        assert everything(second) == b""


def _hasty(init):
    def patched(self, answer, *, most, header_seconds=0.1):
        init(self, answer, most=most, header_seconds=header_seconds)

    return patched


def test_one_connection_too_many_is_turned_away():
    """503 for it, while those before it go on."""
    with Venue(seed=7, market="frozen", connections=2) as venue:
        trader = Trader(venue)
        try:
            assert trader.raw("GET", INFO).status == 200
            with dial(venue), dial(venue) as third:
                assert everything(third).startswith(b"HTTP/1.1 503")
            assert trader.raw("GET", INFO).status == 200
        finally:
            trader.close()


@pytest.mark.parametrize("host", ["0.0.0.0", "example.com", "192.168.1.1", "", "localhost"])
def test_only_loopback_literals_are_listened_on(host):
    """Names and other addresses are refused before anything is bound."""
    with pytest.raises(UsageError, match="loopback"):
        Venue(market="frozen", host=host)


def test_a_taken_port_is_said(venue):
    """And no thread is left behind."""
    port = int(venue.urls["rest"].rpartition(":")[2])

    with pytest.raises(UsageError, match=str(port)):
        Venue(market="frozen", port=port)


@pytest.mark.parametrize(
    ("option", "value"), [("market", "wild"), ("speed", 0), ("speed", float("nan")), ("accounts", 0)]
)
def test_senseless_options_are_refused(option, value):
    """One sentence about each."""
    with pytest.raises(UsageError, match=str(option) if option != "market" else "wild"):
        Venue(**{option: value})
