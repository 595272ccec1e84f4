"""The paper venue under hostile requests: no failure of its own, no file opened, nothing smuggled, and it goes on."""

from __future__ import annotations

import gzip
import logging
import socket
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orderly_sync.venue.server.api import Api
from orderly_sync.venue.server.serve import Venue
from tests.soak.venue_fuzz import BROKEN, FRAMES, INNER, STATUS, Fuzzer, answers, files_opened_by


@pytest.fixture
def venue(caplog: pytest.LogCaptureFixture) -> Iterator[Venue]:
    caplog.set_level(logging.CRITICAL, "aiohttp")
    with Venue(seed=7, market="frozen", rate_limits=False) as running:
        yield running


def thread_of(venue: Venue) -> int:
    ident = venue._thread.ident
    assert ident is not None
    return ident


def spoken(venue: Venue, raw: bytes) -> bytes:
    """What comes for these bytes and a farewell, until the venue ends the connection or waits for more."""
    name, _, port = venue.urls["rest"].removeprefix("http://").rpartition(":")
    data = b""
    with socket.create_connection((name, int(port)), timeout=0.5) as sock:
        try:
            sock.sendall(raw.replace(b"HOST", f"{name}:{port}".encode()))
            while more := sock.recv(65536):
                data += more
        except (TimeoutError, ConnectionError):
            pass
    return data


@pytest.mark.parametrize("seed", [11, 12])
def test_thousands_of_hostile_requests_break_nothing(venue: Venue, seed: int) -> None:
    """None is answered with a failure, no file is opened, and the next plain question is answered."""
    fuzzer = Fuzzer(venue, seed)
    with files_opened_by(thread_of(venue)) as opened:
        fuzzer.run(3_000)

    assert [request[:300] for request in fuzzer.failures] == []
    assert opened == []
    assert answers(venue)
    # They came through the door: some were understood, some refused for each of the reasons there are.
    assert {101, 200, 400, 401, 403, 404} <= set(fuzzer.statuses)


def test_the_fuzzer_notices_a_failure(venue: Venue, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A handler that raises, and one that opens a file."""
    answer = Api.answer

    def broken(self: Api, request: Any) -> Any:
        if request.method == "DELETE":
            raise RuntimeError("a defect")
        (tmp_path / "trace").touch()
        return answer(self, request)

    monkeypatch.setattr(Api, "answer", broken)
    fuzzer = Fuzzer(venue, 13)
    with files_opened_by(thread_of(venue)) as opened:
        fuzzer.run(300)
    assert 500 in fuzzer.statuses
    assert fuzzer.failures
    assert str(tmp_path / "trace") in opened


@pytest.mark.parametrize("raw", BROKEN, ids=range(len(BROKEN)))
def test_nothing_is_smuggled_within_another_request(venue: Venue, raw: bytes) -> None:
    """Two lengths, a length and chunks, lengths that are no number, folded headers: refused, and the rest unread."""
    data = spoken(venue, raw)
    statuses = [int(status) for status in STATUS.findall(data)]

    assert INNER not in data
    assert all(400 <= status < 500 for status in statuses)
    assert len(statuses) <= 1
    assert answers(venue)


@pytest.mark.parametrize("frame", FRAMES, ids=range(len(FRAMES)))
def test_a_client_that_breaks_the_protocol_ends_only_itself(venue: Venue, frame: bytes) -> None:
    """Unmasked frames, endless lengths, reserved bits and opcodes: that connection ends or is told, no other."""
    shake = (
        b"GET /ws/stream/x HTTP/1.1\r\nHost: HOST\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
    )
    data = spoken(venue, shake + frame)

    assert data.startswith(b"HTTP/1.1 101 ")
    assert b"permessage-deflate" not in data
    assert answers(venue)


@pytest.mark.parametrize(
    "lack",
    [
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
        b"Sec-WebSocket-Version: 13\r\n",
        b"Connection: Upgrade\r\n",
    ],
)
def test_half_a_handshake_is_refused(venue: Venue, lack: bytes) -> None:
    """Without key, version or Connection there is no stream."""
    shake = (
        b"GET /ws/stream/x HTTP/1.1\r\nHost: HOST\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    (status,) = STATUS.findall(spoken(venue, shake.replace(lack, b"")))
    assert 400 <= int(status) < 500


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", b"no archive"),
        ("gzip", gzip.compress(b'{"symbol":"PERP_ETH_USDC"}')),
        ("gzip", gzip.compress(bytes(50_000_000))),
        ("deflate", zlib.compress(b"{}")[:-3]),
        ("br", b"\x8b\x00\x80{}\x03"),
        ("gzip, gzip", b"{"),
    ],
    ids=["broken", "whole", "bomb", "cut", "brotli", "twice"],
)
def test_a_packed_body_is_not_unpacked(venue: Venue, coding: str, body: bytes) -> None:
    """It is read as it came, which is no JSON: refused, no failure, and nothing grows."""
    head = f"POST /v1/order HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\nContent-Encoding: {coding}\r\n"
    data = spoken(venue, f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    assert [status for status in STATUS.findall(data) if not 400 <= int(status) < 500] == []
    assert STATUS.findall(data)
