"""What careless programs do to a stream, and what becomes of it."""

from __future__ import annotations

import gc
import threading
from typing import Any

import pytest

from orderly_sync import Limit, Overflow, Resynced, SubscriptionRefused, topics
from orderly_sync.stream import dispatch
from tests.support.paper import ETH, WAIT, eventually, mark, paper
from tests.support.streams import make, report
from tests.support.streams import mark as price
from tests.support.wire_server import Peer, WireServer, acknowledge

TOPIC = "PERP_ETH_USDC@markprice"


def events_of(peer: Peer, event: str) -> int:
    return sum(message["event"] == event for message in peer.received)


def test_overflow_in_hooks_is_told_and_recovered_from(monkeypatch: pytest.MonkeyPatch):
    """What found no room is counted, Overflow says so, it is read again and handed over, and Resynced ends it."""
    monkeypatch.setattr(dispatch, "PRIVATE_MAXLEN", 3)
    with paper() as ex:
        entered, release = threading.Event(), threading.Event()
        seen: list[Any] = []

        def hook(event: Any) -> None:
            entered.set()
            release.wait(WAIT)
            seen.append(event)

        overflows, resyncs = ex.stream(Overflow), ex.stream(Resynced)
        ex.on(topics.execution_report(), hook)
        start = mark(ex)
        for number in range(12):
            ex.place(Limit.buy(ETH, quantity="0.1", price=start - 50 - number))
        eventually(lambda: len(ex.orders) == 12)
        assert entered.wait(WAIT)
        release.set()
        told = overflows.get(timeout=WAIT)
        assert (told.topic, told.dropped) == ("executionreport", 1)
        done = resyncs.get(timeout=WAIT)
        eventually(lambda: len(seen) == 12)
        assert {one.order_id for one in seen} == set(ex.orders)
        assert done.recovered == ex.stats()["dropped"] == sum(one.recovered for one in seen)
        assert ex.stats()["topics"]["executionreport"]["owed"] == 0


def test_ten_thousand_streams_of_one_topic_share_one_subscription():
    """Each gets the push; dropping all of them unsubscribes once."""
    with WireServer() as server, make(server) as stream:
        many = [stream.stream(topics.execution_report()) for _ in range(10_000)]
        peer = server.peer()
        peer.send(report(5))
        assert {one.get(timeout=WAIT).order_id for one in many} == {5}
        assert events_of(peer, "subscribe") == 1
        del many
        gc.collect()
        server.wait(lambda: events_of(peer, "unsubscribe"), WAIT)
        assert events_of(peer, "unsubscribe") == 1


def test_subscribing_a_thousand_times_over_leaves_nothing_behind():
    """Subscribed and left each time; in the end neither routes nor acknowledgements are waited for."""
    with WireServer() as server, make(server) as stream:
        for _ in range(1_000):
            with stream.stream(topics.mark_price("ETH")):
                pass
        peer = server.peer()
        server.wait(lambda: events_of(peer, "subscribe") == events_of(peer, "unsubscribe"), WAIT)
        eventually(lambda: TOPIC not in stream.hub.routes)
        last = stream.stream(topics.mark_price("ETH"))
        peer.send(price(6))
        assert last.get(timeout=WAIT).price == 6


def test_the_same_hook_ten_thousand_times_is_one_hook():
    """And each event reaches it once."""
    with WireServer() as server, make(server) as stream:
        seen: list[Any] = []
        for _ in range(10_000):
            stream.on(topics.execution_report(), seen.append)
        again = threading.Event()
        stream.on(topics.execution_report(), lambda event: again.set() if event.order_id == 2 else None)
        server.peer().send(report(1))
        server.peer().send(report(2))
        assert again.wait(WAIT)
        assert [event.order_id for event in seen] == [1, 2]


def test_a_function_with_two_filters_is_two_hooks():
    """Each filter brings its own events."""
    with WireServer() as server, make(server) as stream:
        seen: list[Any] = []
        stream.on(topics.execution_report(), seen.append, symbol="ETH")
        stream.on(topics.execution_report(), seen.append, symbol="BTC")
        server.peer().send(report(1))
        server.peer().send(report(2, symbol="PERP_BTC_USDC"))
        eventually(lambda: len(seen) == 2)
        assert [event.order_id for event in seen] == [1, 2]


def test_a_hook_may_take_itself_back():
    """It sees the event it is in, and no other; the topic is unsubscribed when it was the last."""
    with WireServer() as server, make(server) as stream:
        seen: list[int] = []
        handle: Any = None

        def hook(event: Any) -> None:
            seen.append(event.price)
            handle.remove()

        handle = stream.on(topics.mark_price("ETH"), hook)
        peer = server.peer()
        for number in (1, 2, 3):
            peer.send(price(number))
        server.wait(lambda: events_of(peer, "unsubscribe"), WAIT)
        eventually(lambda: not stream.stats()["hooks_waiting"] and stream.stats()["hook_running"] is None)
        assert seen == [1]


def test_a_hook_may_close_a_stream_and_open_another():
    """Consumers are the hook's to open and to close; nothing waits for itself."""
    with WireServer() as server, make(server) as stream:
        closing = stream.stream(topics.mark_price("ETH"))
        opened: list[Any] = []
        done = threading.Event()

        def hook(_: Any) -> None:
            closing.close()
            opened.append(stream.stream(topics.mark_price("BTC")))
            done.set()

        stream.on(topics.execution_report(), hook)
        server.peer(1).send(report(1))
        assert done.wait(WAIT)
        server.peer(0).send(price(9, symbol="PERP_BTC_USDC"))
        assert opened[0].get(timeout=WAIT).price == 9


def test_streams_abandoned_in_mid_iteration_are_unsubscribed():
    """Breaking out of a loop is enough: nobody has to close."""
    with WireServer() as server, make(server) as stream:
        peer: Peer | None = None
        for number in range(8):
            one = stream.stream(topics.mark_price("ETH"))
            peer = server.peer()
            peer.send(price(number + 1))
            for _ in one:
                break
            del one
            gc.collect()
            eventually(lambda: TOPIC not in stream.hub.routes)
        assert peer is not None
        server.wait(lambda: peer and events_of(peer, "unsubscribe") == 8, WAIT)


def test_an_unknown_symbol_is_refused_each_time_and_harms_nothing():
    """The venue's words are raised by the verb that asked; known topics go on."""
    with paper() as ex:
        for _ in range(3):
            with pytest.raises(SubscriptionRefused, match="PERP_NOPE_USDC"):
                ex.on(topics.mark_price("PERP_NOPE_USDC"), print)
            with pytest.raises(SubscriptionRefused, match="PERP_NOPE_USDC"):
                ex.stream(topics.trade("PERP_NOPE_USDC"))
        assert ex.wait_for(topics.mark_price(ETH), timeout=WAIT).symbol == ETH
        assert ex.status == "ready"


def test_a_refusal_reaches_everyone_who_waited_for_it():
    """Two threads that ask for the same unknown topic are both told."""
    gate = threading.Event()

    def answer(peer: Peer, message: dict[str, Any]) -> Any:
        if message.get("topic", "").startswith("PERP_NOPE"):
            gate.wait(WAIT)
            return {"id": message["id"], "event": "subscribe", "success": False, "errorMsg": "invalid symbol"}
        return acknowledge(peer, message)

    with WireServer(answer) as server, make(server) as stream:
        told: list[BaseException] = []

        def ask() -> None:
            try:
                stream.stream(topics.mark_price("PERP_NOPE_USDC"))
            except SubscriptionRefused as exc:
                told.append(exc)

        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        eventually(lambda: "PERP_NOPE_USDC@markprice" in stream.hub.routes)
        eventually(lambda: len(stream.hub.routes["PERP_NOPE_USDC@markprice"].consumers) == 2)
        gate.set()
        for thread in threads:
            thread.join(WAIT)
        assert len(told) == 2
