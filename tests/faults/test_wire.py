"""Peers that break off, fall silent, never read or send too much."""

from __future__ import annotations

import contextlib
import json
import socket
from typing import Any

import pytest

from orderly_sync import Disconnected, SubscriptionRefused, Timeouts, topics
from orderly_sync.stream import driver
from orderly_sync.stream.frames import FrameError, FrameReader
from tests.support.streams import make, report
from tests.support.wire_server import Peer, WireServer, acknowledge, frame

WAIT = 30.0


def test_a_reset_at_any_byte_of_a_frame_loses_only_that_frame():
    """Whatever part of it came is discarded; the next connection begins anew."""
    whole = frame(json.dumps(report(1)).encode())
    cuts = [*range(0, len(whole), 7), len(whole) - 1]
    with WireServer() as server, make(server) as stream:
        events = stream.stream(topics.execution_report())
        for number, cut in enumerate(cuts):
            peer = server.wait_subscribed("executionreport", number)
            peer.send(report(1000 + number))
            assert events.get(timeout=WAIT).order_id == 1000 + number
            peer.send_raw(whole[:cut])
            peer.cut()
        server.wait_subscribed("executionreport", len(cuts)).send(report(7))
        assert events.get(timeout=WAIT).order_id == 7


@pytest.mark.parametrize("cut", range(12))
def test_a_frame_cut_anywhere_is_read_whole_when_the_rest_comes(cut: int):
    """However a frame is split into reads, it is one message."""
    whole = frame(b'{"topic":"executionreport"}') * 2
    reader = FrameReader()
    got = [*reader.feed(whole[:cut]), *reader.feed(whole[cut:])]
    assert [bytes(payload) for _, payload in got] == [b'{"topic":"executionreport"}'] * 2


def test_unanswered_pings_do_not_matter_while_data_flows():
    """Any frame proves that the peer lives; our own ping need not be answered."""
    with WireServer() as server, make(server, timeouts=Timeouts(silence=1.0)) as stream:
        downs = stream.stream(Disconnected)
        events = stream.stream(topics.execution_report())
        peer = server.wait_subscribed("executionreport")
        for number in range(1, 21):
            peer.send(report(number))
            assert events.get(timeout=WAIT).order_id == number
            with pytest.raises(TimeoutError):
                downs.get(timeout=0.1)
        assert server.dials == 1


def mute(kind: str, first_only: Any) -> Any:
    def answer(peer: Peer, message: dict[str, Any]) -> Any:
        return None if message["event"] == kind and first_only(peer) else acknowledge(peer, message)

    return answer


@pytest.mark.parametrize("kind", ["auth", "subscribe"])
def test_a_missing_acknowledgement_costs_the_connection(kind: str):
    """A login or a subscription that nobody acknowledges is asked for anew on another connection."""
    with WireServer() as server:
        server.answer = mute(kind, lambda peer: peer is server.peers[0])
        with make(server, timeouts=Timeouts(ack=0.2)) as stream:
            events = stream.stream(topics.execution_report())
            server.wait_subscribed("executionreport", 1).send(report(1))
            assert events.get(timeout=WAIT).order_id == 1


def test_a_negative_acknowledgement_costs_only_its_topic():
    """The other topics of the connection live on."""

    def answer(peer: Peer, message: dict[str, Any]) -> Any:
        if message.get("topic") == "position":
            return {"id": message["id"], "event": "subscribe", "success": False, "errorMsg": "no"}
        return acknowledge(peer, message)

    with WireServer(answer) as server, make(server) as stream:
        events = stream.stream(topics.execution_report())
        with pytest.raises(SubscriptionRefused):
            stream.stream(topics.position())
        server.peer().send(report(1))
        assert events.get(timeout=WAIT).order_id == 1
        assert server.dials == 1


def test_a_peer_that_never_reads_is_given_up(monkeypatch: pytest.MonkeyPatch):
    """What cannot be sent does not pile up for ever, and stop() is not held up by it."""
    # The rule, not the size of the limit: filling megabytes ping by ping takes long on a busy machine.
    monkeypatch.setattr(driver, "_MAX_OUTBOUND", 128 * 1024)

    class Deaf(WireServer):
        def _read(self, peer: Peer) -> None:
            if len(self.peers) > 1:
                super()._read(peer)
                return
            flood = frame(b"x" * 125, 9) * 2000
            try:
                while True:
                    peer.send_raw(flood)  # each ping wants a pong that is never read
            except OSError:
                peer.closed.set()
                peer.sock.close()

    with Deaf() as server, make(server, timeouts=Timeouts(ack=60)) as stream:
        # Before it accepts: a window that shrinks under what is on its way stalls both directions for many seconds.
        server._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        downs = stream.stream(Disconnected)
        events = stream.stream(topics.execution_report())
        server.wait_subscribed("executionreport", 1).send(report(1))
        assert events.get(timeout=WAIT).order_id == 1
        assert len(downs) == 0


@pytest.mark.parametrize("reads", [0, 1], ids=["nothing", "a byte now and then"])
def test_what_is_sent_must_be_taken_in_time(reads: int):
    """A peer that takes nothing, or too little, costs the connection, which says why; the next one is as good as any."""

    class Slow(WireServer):
        def _read(self, peer: Peer) -> None:
            if len(self.peers) > 1:
                super()._read(peer)
                return
            with contextlib.suppress(OSError):
                peer.send_raw(frame(b"x" * 125, 9) * 20_000)  # each ping wants a pong
                while not peer.closed.wait(0.01):
                    # Read slowly until the client has gone, which the end of what it sent would tell too late.
                    if reads:
                        peer.sock.recv(reads)
            peer.sock.close()

    with Slow() as server, make(server, timeouts=Timeouts(send=0.4, ack=60)) as stream:
        server._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        events = stream.stream(topics.execution_report())
        server.wait_subscribed("executionreport", 1).send(report(1))
        assert events.get(timeout=WAIT).order_id == 1
        server.peers[0].closed.set()
        assert "does not read what is sent to it within 0.4 s" in stream.hub.standing.last_reason()


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"\x81\x7f" + (8 * 2**20 + 1).to_bytes(8, "big"), 1009),
        (b"\x81\x7f" + (1 << 62).to_bytes(8, "big"), 1009),
        (b"\x81\x7f" + (1 << 63).to_bytes(8, "big"), None),
        (b"\x89\x7e\x00\x7e" + b"x" * 126, None),
    ],
    ids=["a byte too long", "absurd", "negative", "long ping"],
)
def test_a_length_over_the_limit_is_refused_before_its_payload(raw: bytes, code: int | None):
    """Not a byte of it is waited for or kept."""
    with pytest.raises(FrameError) as caught:
        FrameReader().feed(raw)
    assert code is None or caught.value.code == code


def test_endless_fragments_are_refused_at_the_limit():
    """A message of 16 MiB in pieces is the most there is."""
    reader = FrameReader()
    piece = b"x" * (1 << 20)
    for number in range(15):
        assert reader.feed(frame(piece, 0 if number else 1, fin=False)) == []
    with pytest.raises(FrameError):
        reader.feed(frame(piece * 2, 0, fin=False))


def test_endless_pings_starve_nobody():
    """Reports between thousands of pings come all the same, and every ping is answered."""
    with WireServer() as server, make(server) as stream:
        events = stream.stream(topics.execution_report())
        peer = server.wait_subscribed("executionreport")
        for number in range(1, 6):
            peer.send_raw(frame(b"x", 9) * 500 + frame(json.dumps(report(number)).encode()))
        assert [events.get(timeout=WAIT).order_id for _ in range(5)] == [1, 2, 3, 4, 5]
        server.wait(lambda: peer.events.count("pong") == 2500, WAIT)


@pytest.mark.parametrize("size", [0, 63, 64, 125])
def test_a_ping_of_any_allowed_length_is_answered(size: int):
    """RFC 6455 lets a ping carry up to 125 bytes."""
    with WireServer() as server, make(server) as stream:
        stream.on(topics.execution_report(), print)
        peer = server.wait_subscribed("executionreport")
        peer.send_raw(frame(b"x" * size, 9))
        server.wait(lambda: "pong" in peer.events, WAIT)


def test_pushes_in_either_shape_are_routed():
    """The account without topic or time; algo reports as a list and as a tree."""
    node = {
        "symbol": "PERP_ETH_USDC", "algoOrderId": 1, "rootAlgoOrderId": 1, "parentAlgoOrderId": 0,
        "algoType": "STOP", "algoStatus": "NEW", "rootAlgoStatus": "NEW", "timestamp": 5,
    }  # fmt: skip
    with WireServer() as server, make(server) as stream:
        accounts = stream.stream(topics.account())
        flat = stream.stream(topics.algo_execution_report(version=1))
        tree = stream.stream(topics.algo_execution_report())
        peer = server.peer()
        peer.send({"accountDetail": {"futuresLeverage": 10}})
        peer.send({"topic": "algoexecutionreport", "ts": 5, "data": [node]})
        peer.send({"topic": "algoexecutionreportv2", "ts": 5, "data": {**node, "childOrders": []}})
        assert accounts.get(timeout=WAIT).ts is None
        assert flat.get(timeout=WAIT).algo_order_id == tree.get(timeout=WAIT).algo_order_id == 1
