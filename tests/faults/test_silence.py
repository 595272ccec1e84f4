"""Topics that fall silent on a connection that lives: told, subscribed anew, then dialled anew."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from orderly_sync import Disconnected, Stale, topics
from orderly_sync.stream import connection
from tests.support.streams import make, mark
from tests.support.wire_server import Peer, WireServer

WAIT = 20.0
TOPIC = "PERP_ETH_USDC@markprice"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fractions of a second where there are seconds."""
    monkeypatch.setattr(connection, "STALE_AT_LEAST", 0.25)
    monkeypatch.setattr(connection, "STALE_FACTOR", 0.25)
    monkeypatch.setattr(connection, "STALE_CHECK", 0.02)


def asked(peer: Peer, event: str = "subscribe") -> int:
    return sum(message["event"] == event and message.get("topic") == TOPIC for message in peer.received)


def pushing(peer: Peer, until: Callable[[], object]) -> None:
    """Push now and again until something is true."""
    end = time.monotonic() + WAIT
    price = 0
    while not until():
        assert time.monotonic() < end, "it never came true"
        price += 1
        peer.send(mark(price, ts=price))
        threading.Event().wait(0.02)


def test_a_silent_topic_is_told_and_subscribed_anew():
    """The connection stays; what comes afterwards is delivered."""
    with WireServer() as server, make(server) as stream:
        stale = stream.stream(Stale)
        prices = stream.stream(topics.mark_price("ETH"))
        event = stale.get(timeout=WAIT)
        assert (event.topic, event.age >= 0.25) == (TOPIC, True)
        peer = server.peer()
        server.wait(lambda: asked(peer) == 2, WAIT)
        assert asked(peer, "unsubscribe") == 1
        peer.send(mark(7))
        assert prices.get(timeout=WAIT).price == 7
        assert len(server.peers) == 1


def test_a_topic_that_stays_silent_costs_the_connection():
    """After two new subscriptions without a push the venue is dialled anew, and all is subscribed there."""
    with WireServer() as server, make(server) as stream:
        downs, stale = stream.stream(Disconnected), stream.stream(Stale)
        prices = stream.stream(topics.mark_price("ETH"))
        assert "stayed silent" in downs.get(timeout=WAIT).reason
        assert [stale.get(timeout=WAIT).topic for _ in range(3)] == [TOPIC] * 3
        assert asked(server.peer(0)) == 3
        server.wait_subscribed(TOPIC, 1).send(mark(8))
        assert prices.get(timeout=WAIT).price == 8


def test_a_topic_that_speaks_again_is_forgiven(monkeypatch: pytest.MonkeyPatch):
    """Silences that pushes part from each other do not add up to a new dial."""
    monkeypatch.setattr(connection, "STALE_AT_LEAST", 60.0)  # no silence but those that are made here
    with WireServer() as server, make(server) as stream:
        stale, prices = stream.stream(Stale), stream.stream(topics.mark_price("ETH"))
        peer, route = server.peer(), stream.hub.routes[TOPIC]
        for silence in range(1, 6):
            route.last_push = route.due_since = stream.hub.options.clock.monotonic() - 100
            assert stale.get(timeout=WAIT).age >= 60
            server.wait(lambda silence=silence: asked(peer) == silence + 1, WAIT)
            peer.send(mark(silence, ts=silence))
            assert prices.get(timeout=WAIT).price == silence
        assert len(server.peers) == 1
        assert len(stale) == 0


def test_a_topic_that_speaks_is_left_alone():
    """And so is one whose silence means nothing."""
    with WireServer() as server, make(server) as stream:
        stale = stream.stream(Stale)
        stream.on(topics.mark_price("ETH"), lambda event: None)
        stream.on(topics.trade("ETH"), lambda event: None)
        peer = server.peer()
        end = time.monotonic() + 0.8
        pushing(peer, lambda: time.monotonic() > end)
        silent = [event.topic for event in _waiting(stale)]
        assert "PERP_ETH_USDC@trade" not in silent


def test_silence_while_there_was_no_connection_is_not_staleness():
    """The interval begins anew when a new connection is ready."""
    with WireServer() as server, make(server) as stream:
        stream.on(topics.mark_price("ETH"), lambda event: None)
        peer = server.peer()
        peer.send(mark(1))
        route = stream.hub.routes[TOPIC]
        route.last_push = stream.hub.options.clock.monotonic() - 100
        stale = stream.stream(Stale)
        peer.cut()
        server.wait_subscribed(TOPIC, 1)
        assert stale.get(timeout=WAIT).age < 90


def _waiting(stream: Any) -> list[Any]:
    return [stream.get(timeout=0) for _ in range(len(stream))]
