"""A dial is over in its time, whichever part of it does not end; a dead connection is found, pings are answered."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from orderly_sync import Disconnected, Network, Stream, Timeouts, topics
from orderly_sync.stream.effects import Abort, Lost, Send
from orderly_sync.stream.protocol import StreamProtocol
from tests.support.http_host import TLS
from tests.support.paper import eventually
from tests.support.protocols import make as protocol_of
from tests.support.protocols import ready
from tests.support.stopping import CREDENTIALS, LONG
from tests.support.streams import WAIT, make, quick, report
from tests.support.stuck_peers import TLS_DRIP, UPGRADE_DRIP, StuckPeer, deaf_port
from tests.support.tcp_proxy import TcpProxy
from tests.support.wire_server import Peer, WireServer, acknowledge, frame

DIAL = 0.3


@contextlib.contextmanager
def dialling(url: str, **options: Any) -> Iterator[Stream]:
    """A stream that may take a third of a second for a dial and all the time for what comes after it."""
    network = Network(name="test", rest="http://127.0.0.1:1", ws_public=url, ws_private=url)
    timeouts = Timeouts(connect=DIAL, ack=LONG, ready=LONG)
    stream = Stream(network, CREDENTIALS, timeouts=timeouts, delays=quick, **options)
    stream.hub.observe(topics.execution_report(), lambda _: None)
    stream.hub.start()
    try:
        yield stream
    finally:
        stream.stop()


@pytest.mark.parametrize(
    ("scheme", "drips"),
    [("ws", None), ("ws", UPGRADE_DRIP), ("wss", None), ("wss", TLS_DRIP)],
    ids=["upgrade unanswered", "upgrade drips", "TLS unanswered", "TLS drips"],
)
@pytest.mark.parametrize("proxied", [False, True], ids=["direct", "tunnelled"])
def test_a_handshake_that_does_not_end_is_given_up(scheme: str, drips: bytes | None, proxied: bool):
    """Bytes that keep coming buy it no time; the next dial follows."""
    with StuckPeer(drips) as peer:
        place = "127.0.0.1:9" if proxied else f"127.0.0.1:{peer.port}"
        proxy = f"http://127.0.0.1:{peer.port}" if proxied else None
        began = time.monotonic()
        with dialling(f"{scheme}://{place}/ws", ca_file=str(TLS / "authority.pem"), proxy=proxy) as stream:
            eventually(lambda: peer.taken >= 3)
            assert time.monotonic() - began >= 2 * DIAL
            assert "cannot connect: the host does not answer" in stream.hub.standing.last_reason()


def test_a_dial_that_is_not_answered_is_given_up():
    """At the address itself."""
    with contextlib.ExitStack() as stack:
        try:
            port = stack.enter_context(deaf_port())
        except LookupError as exc:
            pytest.skip(str(exc))
        stream = stack.enter_context(dialling(f"ws://127.0.0.2:{port}/ws"))
        eventually(lambda: stream.hub.connections["private"].driver.dials >= 3)


def test_a_resolver_that_hangs_costs_a_dial_no_more_than_its_time(monkeypatch: pytest.MonkeyPatch):
    """And has one thread, however many dials wait for it."""
    over, asked = threading.Event(), []

    def hang(host: str, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        over.wait(LONG)
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    try:
        with dialling("ws://localhost:9/ws") as stream:
            eventually(lambda: stream.hub.connections["private"].driver.dials >= 4)
            assert asked == ["localhost"]
    finally:
        over.set()


def test_a_login_that_is_not_acknowledged_is_given_up_though_frames_come():
    """A sign of life is no answer."""

    def chatter(peer: Peer, message: dict[str, Any]) -> Any:
        if peer is not server.peers[0]:
            return acknowledge(peer, message)
        peer.sock.settimeout(WAIT)
        with contextlib.suppress(OSError):
            for _ in range(10_000):
                peer.send({"event": "ping", "ts": 1})
                if peer.closed.wait(0.02):
                    break
        return None

    with WireServer() as server:
        server.answer = chatter
        with make(server, timeouts=Timeouts(ack=DIAL)) as stream:
            events = stream.stream(topics.execution_report())
            server.peers[0].closed.set()
            server.wait_subscribed("executionreport", 1).send(report(1))
            assert events.get(timeout=WAIT).order_id == 1


# A connection that is dead ------------------------------------------------------------------------------------------


def steps(protocol: StreamProtocol, until: float) -> list[tuple[float, str]]:
    """What the protocol does of its own accord, as time passes and nothing is heard."""
    done: list[tuple[float, str]] = []
    now = protocol.deadline
    while now is not None and now <= until:
        protocol.tick(now)
        for one in protocol.effects():
            if isinstance(one, Send):
                done.append((now, json.loads(one.text)["event"]))
            elif isinstance(one, Abort):
                done.append((now, "gone"))
        lost = any(isinstance(one, Lost) for one in protocol.events())
        now = None if lost else protocol.deadline
    return done


@pytest.mark.parametrize(("tuned", "found"), [({}, 20.0), ({"silence": 3.0}, 3.0)], ids=["default", "tuned"])
@pytest.mark.parametrize("private", [False, True])
def test_a_half_open_connection_is_found_in_its_time(tuned: dict[str, float], found: float, private: bool):
    """After half of it a ping asks for a sign of life, after all of it the connection is dropped; none comes later."""
    protocol = protocol_of(private=private, **tuned)
    ready(protocol, now=100.0)
    assert steps(protocol, 1000.0) == [(100.0 + found / 2, "ping"), (100.0 + found, "gone")]


@pytest.mark.parametrize("heard", [0.0, 9.75, 10.25, 19.75])
def test_silence_counts_from_the_last_byte(heard: float):
    """Whatever it belonged to, and whether a ping was out."""
    protocol = protocol_of()
    ready(protocol)
    steps(protocol, heard)
    protocol.heard(heard)
    assert steps(protocol, 1000.0)[-1] == (heard + 20.0, "gone")


def test_a_frozen_way_is_found_within_three_seconds_when_tuned():
    """On the wire: nothing passes, and nothing ends."""
    with WireServer() as server, TcpProxy(server.url) as proxy:
        network = Network(name="test", rest="http://127.0.0.1:1", ws_public=proxy.url, ws_private=proxy.url)
        with Stream(network, CREDENTIALS, timeouts=Timeouts(silence=3.0), delays=quick) as stream:
            lost = stream.stream(Disconnected)
            stream.on(topics.execution_report(), print)
            heard_last = time.monotonic()
            proxy.freeze()
            assert "no byte for 3 s" in lost.get(timeout=WAIT + 3.0).reason
            assert time.monotonic() - heard_last < 3.0 + 1.0


@pytest.mark.parametrize(
    ("ping", "pong"),
    [
        (frame(b'{"event":"ping","ts":1}'), lambda peer: {"event": "pong"} in peer.received),
        (frame(b"x", 9), lambda peer: "pong" in peer.events),
    ],
    ids=["of the API", "of the protocol"],
)
@pytest.mark.parametrize("waiting", [0, 3_000], ids=["idle", "behind reports"])
def test_a_ping_is_answered_within_a_second_while_hooks_sleep(ping: bytes, pong: Any, waiting: int):
    """The hooks thread is in a hook that sleeps for a minute, and reports pile up behind it."""
    over, begun = threading.Event(), threading.Event()

    def sleep(_: Any) -> None:
        begun.set()
        over.wait(LONG)

    with WireServer() as server, make(server) as stream:
        stream.on(topics.execution_report(), sleep)
        peer = server.wait_subscribed("executionreport")
        peer.send(report(1))
        assert begun.wait(WAIT)
        try:
            reports = b"".join(frame(json.dumps(report(2 + number)).encode()) for number in range(waiting))
            asked = time.monotonic()
            peer.send_raw(reports + ping)
            server.wait(lambda: pong(peer), WAIT)
            assert time.monotonic() - asked < 1.0 + waiting / 3_000
        finally:
            over.set()
