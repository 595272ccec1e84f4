"""The time given is the time it takes, also while the stream is down; what failed leaves nothing behind."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from orderly_sync import Disconnected, Stream, Timeouts, connect, topics
from orderly_sync.client import Orderly
from orderly_sync.rest import Rest
from orderly_sync.stream.status import StreamStatus
from tests.support.paper import eventually, paper
from tests.support.streams import WAIT, make, mark, network, report
from tests.support.wire_server import Peer, WireServer, acknowledge

SHORT = 0.3
PATIENCE = 5.0
"""Seconds that a loaded machine may take for SHORT; the default would be 15."""
KNOWN, NEW, ELSEWHERE = topics.execution_report(), topics.position(), topics.mark_price("ETH")
FOREVER = 1_000_000


@pytest.fixture
def down() -> Iterator[tuple[WireServer, Stream]]:
    """A stream that has lost its connection and is dialling in vain."""
    with WireServer() as server, make(server) as stream:
        stream.on(KNOWN, ignore)
        server.refuse = FOREVER
        server.peer().cut()
        eventually(lambda: stream.status == "down")
        yield server, stream


def ignore(_: Any) -> None:
    pass


def timed(call: Callable[[], Any], error: type[BaseException] = TimeoutError, match: str = "0.3 s") -> None:
    began = time.monotonic()
    with pytest.raises(error, match=match):
        call()
    assert time.monotonic() - began < PATIENCE


CALLS: dict[str, Callable[[Any, Any], Any]] = {
    "wait_for": lambda stream, topic: stream.wait_for(topic, timeout=SHORT),
    "stream": lambda stream, topic: stream.stream(topic, timeout=SHORT),
    "on": lambda stream, topic: stream.on(topic, print, timeout=SHORT),
    "decorator": lambda stream, topic: stream.on(topic, timeout=SHORT)(print),
}


@pytest.mark.parametrize("topic", [KNOWN, NEW, ELSEWHERE], ids=["known", "new", "on another connection"])
@pytest.mark.parametrize("verb", CALLS)
def test_while_down_every_verb_ends_in_time_and_leaves_nothing(down: Any, verb: str, topic: Any):
    """TimeoutError, since the stream has not given up; once it is back, only what was there before is subscribed."""
    server, stream = down
    timed(lambda: CALLS[verb](stream, topic))
    assert [hook["name"] for hook in stream.stats()["hooks"]] == [f"{__name__}.ignore"]
    eventually(lambda: set(stream.hub.routes) == {KNOWN.name})
    assert stream.hub.routes[KNOWN.name].live_consumers() == []
    server.refuse = 0
    stream.wait_ready(WAIT)
    asked = {message.get("topic") for peer in server.peers for message in peer.received}
    assert asked == {None, KNOWN.name}


def test_get_while_down_ends_in_time(down: Any):
    """And the consumer goes on once the stream is back."""
    server, stream = down
    server.refuse = 0
    events = stream.stream(KNOWN)
    server.refuse = FOREVER
    server.peer(1).cut()
    eventually(lambda: stream.status == "down")
    timed(lambda: events.get(timeout=SHORT))
    timed(lambda: stream.wait_ready(SHORT))
    server.refuse = 0
    server.wait_subscribed(KNOWN.name, 2).send(report(7))
    assert events.get(timeout=WAIT).order_id == 7


def test_the_default_is_timeouts_ready():
    """For on and stream without a timeout of their own."""

    def silent(peer: Peer, message: dict[str, Any]) -> Any:
        return None if message["event"] == "subscribe" else acknowledge(peer, message)

    with WireServer(silent) as server, make(server, timeouts=Timeouts(ready=SHORT)) as stream:
        timed(lambda: stream.on(ELSEWHERE, print))
        timed(lambda: stream.stream(ELSEWHERE))
        timed(lambda: stream.wait_for(ELSEWHERE, timeout=SHORT))
        eventually(lambda: not stream.hub.routes)


def test_a_stream_that_has_given_up_raises_disconnected_at_once():
    """Not a TimeoutError: waiting on is of no use."""
    with WireServer() as server, make(server) as stream:
        events = stream.stream(KNOWN)
        stream.stop()
        for call in (
            lambda: events.get(timeout=60),
            lambda: stream.on(NEW, print, timeout=60),
            lambda: stream.stream(NEW, timeout=60),
            lambda: stream.wait_for(NEW, timeout=60),
        ):
            timed(call, Disconnected, "stopped")


def test_a_registration_that_failed_leaves_the_older_hook_in_place(down: Any):
    """A cell that runs again while the stream is down: the hook it would have replaced still hears."""
    server, stream = down
    seen: list[Any] = []
    namespace: dict[str, Any] = {"__name__": "__main__", "seen": seen}
    source = "def hook(event):\n    seen.append((number, event.order_id))\n"
    exec(source, first := {**namespace, "number": 1})
    exec(source, second := {**namespace, "number": 2})
    server.refuse = 0
    stream.wait_ready(WAIT)
    stream.on(KNOWN, first["hook"])
    same = stream.on(KNOWN, first["hook"])
    server.refuse = FOREVER
    server.peer(1).cut()
    eventually(lambda: stream.status == "down")
    timed(lambda: stream.on(KNOWN, second["hook"], timeout=SHORT))
    timed(lambda: stream.on(KNOWN, first["hook"], timeout=SHORT))
    server.refuse = 0
    server.wait_subscribed(KNOWN.name, 2)
    stream.wait_ready(WAIT)
    server.peer(2).send(report(1))
    eventually(lambda: seen == [(1, 1)])
    same.remove()
    assert len(stream.stats()["hooks"]) == 1


@pytest.mark.parametrize("verb", CALLS)
def test_ctrl_c_while_waiting_for_an_acknowledgement_leaves_nothing(
    verb: str, monkeypatch: pytest.MonkeyPatch
):
    """As any other failure."""

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    with WireServer() as server, make(server) as stream:
        with monkeypatch.context() as patch:
            patch.setattr(StreamStatus, "wait_acked", interrupted)
            with pytest.raises(KeyboardInterrupt):
                CALLS[verb](stream, ELSEWHERE)
        eventually(lambda: not stream.hub.routes)
        again = stream.stream(ELSEWHERE)
        server.peer().send(mark(3))
        assert again.get(timeout=WAIT).price == 3


def test_a_book_that_could_not_be_subscribed_leaves_nothing():
    """Neither observers nor a topic; the next call asks anew."""
    answers = {"refuse": True}

    def answer(peer: Peer, message: dict[str, Any]) -> Any:
        if message["event"] == "subscribe" and answers["refuse"]:
            return None
        return acknowledge(peer, message)

    with WireServer(answer) as server:
        stream = Stream(network(server), timeouts=Timeouts(ready=SHORT))
        rest = Rest(network(server))
        with Orderly(rest, stream, None) as ex:
            stream.start()
            for _ in range(2):
                timed(lambda: ex.book("ETH"))
                assert stream.hub.observers == []
                eventually(lambda: not stream.hub.routes)
            assert ex.stats()["books"] == {}


def test_the_client_keeps_to_the_time_given_when_its_venue_is_gone():
    """All verbs of a whole client, with its default of 15 s for what is not given a time."""
    with paper() as ex:
        ex.paper.stop()
        eventually(lambda: ex.status in {"resyncing", "down"})
        for call in CALLS.values():
            timed(lambda call=call: call(ex, NEW))  # type: ignore[misc]
            timed(lambda call=call: call(ex, ELSEWHERE))  # type: ignore[misc]


def test_a_connect_that_is_too_late_raises_disconnected():
    """It has given up: nothing dials on."""
    with WireServer(refuse=FOREVER) as server:
        credentials = make(server).hub.options.credentials
        began = time.monotonic()
        with pytest.raises(Disconnected, match=r"not ready within 0\.3 s") as caught:
            connect(network(server), credentials=credentials, timeouts=Timeouts(ready=SHORT))
        assert caught.value.final
        assert time.monotonic() - began < PATIENCE
