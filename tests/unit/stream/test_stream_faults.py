"""The stream over a scripted server that misbehaves."""

from __future__ import annotations

from typing import Any

import pytest

from orderly_sync import (
    Connected,
    DecodingError,
    Disconnected,
    LoginRefused,
    SubscriptionRefused,
    Timeouts,
    Unrouted,
    topics,
)
from orderly_sync.errors import StreamError
from tests.support.streams import WAIT, make, mark, report
from tests.support.wire_server import Peer, WireServer, acknowledge, frame


def test_a_refused_login_is_raised_and_final():
    """The caller gets LoginRefused, and no second dial is made."""

    def refuse(_: Peer, message: dict[str, Any]) -> Any:
        return {"id": message["id"], "event": "auth", "success": False, "errorMsg": "auth failed"}

    with WireServer(refuse) as server, make(server) as stream:
        with pytest.raises(LoginRefused, match="auth failed"):
            stream.on(topics.execution_report(), print)
        assert stream.status == "failed"
        with pytest.raises(Disconnected):
            stream.wait_for(Connected, timeout=WAIT)
        assert server.dials == 1


def test_a_refused_topic_raises_and_leaves_the_others():
    """Only the refused topic fails; the stream goes on."""

    def answer(peer: Peer, message: dict[str, Any]) -> Any:
        if message.get("topic", "").startswith("PERP_NOPE"):
            return {
                "id": message["id"],
                "event": "subscribe",
                "success": False,
                "errorMsg": "invalid symbol PERP_NOPE_USDC",
            }
        return acknowledge(peer, message)

    with WireServer(answer) as server, make(server) as stream:
        with pytest.raises(SubscriptionRefused, match="invalid symbol"):
            stream.stream(topics.mark_price("PERP_NOPE_USDC"))
        events = stream.stream(topics.mark_price("PERP_ETH_USDC"))
        server.peer().send(mark(1.5))
        assert str(events.get(timeout=WAIT).price) == "1.5"


@pytest.mark.parametrize("code", [1000, 1001, 1006, 1011, 1012])
def test_a_close_frame_of_any_code_is_followed_by_a_new_dial(code: int):
    """Only the user's own stop ends a stream."""
    with WireServer() as server, make(server) as stream:
        downs = stream.stream(Disconnected)
        stream.on(topics.execution_report(), print)
        server.peer().close_frame(code)
        assert str(code) in downs.get(timeout=WAIT).reason
        server.wait_subscribed("executionreport", 1)


@pytest.mark.parametrize(
    "raw",
    [
        frame(b"{not json"),
        frame(b""),
        frame(b"\xff\xfe"),
        frame(b"[" * 100_000),
        frame(b"<html>502</html>"),
        frame(b"[1,2]"),
        frame(b"NaN"),
        frame(b'{"topic":"executionreport","ts":1,"data":{"symbol":1.5}}'),
        frame(b"\x00\x01", 2),
    ],
    ids=["broken", "empty", "utf8", "deep", "html", "list", "nan", "field", "binary"],
)
def test_an_unreadable_frame_is_announced_and_survived(raw: bytes):
    """A frame nobody can read becomes an event; the next one is delivered."""
    with WireServer() as server, make(server) as stream:
        troubles = (
            stream.stream(DecodingError) if raw != frame(b"\x00\x01", 2) else stream.stream(StreamError)
        )
        events = stream.stream(topics.execution_report())
        server.peer().send_raw(raw)
        server.peer().send(report(7))
        assert troubles.get(timeout=WAIT)
        assert events.get(timeout=WAIT).order_id == 7


@pytest.mark.parametrize(
    "raw",
    [
        b"\x81\x7f" + (1 << 40).to_bytes(8, "big"),
        b"\x81\x85\x00\x00\x00\x00hello",
        b"\xc1\x02{}",
        b"\x83\x02{}",
        b"\x09\x01x",
        b"\x80\x02{}",
    ],
    ids=["huge", "masked", "rsv", "opcode", "fragmented ping", "orphan continuation"],
)
def test_a_peer_that_breaks_the_protocol_is_dropped_and_dialled_anew(raw: bytes):
    """RFC 6455 violations and oversized lengths cost the connection, not the stream."""
    with WireServer() as server, make(server) as stream:
        stream.on(topics.execution_report(), print)
        server.peer().send_raw(raw)
        server.wait_subscribed("executionreport", 1)


def test_a_push_of_an_unknown_topic_is_an_event():
    """Frames nobody subscribed to are handed over raw, not dropped in silence."""
    with WireServer() as server, make(server) as stream:
        strangers = stream.stream(Unrouted)
        stream.on(topics.execution_report(), print)
        server.peer().send({"topic": "newthing", "ts": 1, "data": {"a": 1}})
        assert strangers.get(timeout=WAIT).name == "newthing"


def test_a_refused_first_dial_is_dialled_again():
    """HTTP 503 on the upgrade is retried with a delay."""
    with WireServer(refuse=3) as server, make(server) as stream:
        events = stream.stream(topics.mark_price("ETH"))
        server.wait_subscribed("PERP_ETH_USDC@markprice").send(mark(1))
        assert events.get(timeout=WAIT).price == 1
        assert server.dials == 4


def test_a_silent_venue_is_dialled_anew():
    """No byte within the allowed silence means the connection is dead, whatever TCP says."""
    with WireServer() as server, make(server, timeouts=Timeouts(silence=0.2)) as stream:
        downs = stream.stream(Disconnected)
        stream.on(topics.execution_report(), print)
        assert "no byte" in downs.get(timeout=WAIT).reason
        server.wait_subscribed("executionreport", 1)


def test_a_missing_acknowledgement_is_dialled_anew():
    """A subscription that is never acknowledged costs the connection after the ack timeout."""

    def mute(peer: Peer, message: dict[str, Any]) -> Any:
        return (
            None if message["event"] == "subscribe" and len(server.peers) == 1 else acknowledge(peer, message)
        )

    with WireServer(mute) as server, make(server, timeouts=Timeouts(ack=0.2)) as stream:
        stream.on(topics.execution_report(), print)
        assert len(server.peers) == 2
