"""The stream over a scripted server: what is promised whatever the venue does."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from orderly_sync import (
    Disconnected,
    HookError,
    Overflow,
    Stream,
    UsageError,
    topics,
)
from tests.support.streams import WAIT, make, mark, network, report
from tests.support.wire_server import WireServer, frame


def test_a_hook_receives_typed_events_in_order():
    """Events reach a hook converted, one by one, in the order sent, on the hooks thread."""
    with WireServer() as server, make(server) as stream:
        seen: list[Any] = []
        done = threading.Event()

        def hook(event: Any) -> None:
            seen.append((event.order_id, threading.current_thread().name))
            if len(seen) == 100:
                done.set()

        stream.on(topics.execution_report(), hook)
        for number in range(1, 101):
            server.peer().send(report(number))
        assert done.wait(WAIT)
        assert seen == [(number, "orderly-hooks") for number in range(1, 101)]


def test_login_comes_before_any_private_subscription_on_every_dial():
    """After a lost socket the client signs a new login, waits for its ack and subscribes all topics again."""
    with WireServer() as server, make(server) as stream:
        stream.on(topics.execution_report(), print)
        stream.on(topics.position(), print)
        server.peer(0).cut()
        second = server.wait_subscribed("position", 1)
        kinds = [(m["event"], m.get("topic")) for m in second.received]
        assert kinds[0] == ("auth", None)
        assert set(kinds[1:]) == {("subscribe", "executionreport"), ("subscribe", "position")}


def test_a_hook_that_raises_is_reported_and_the_next_event_comes():
    """HookError carries the cause; nothing is lost."""
    with WireServer() as server, make(server) as stream:
        errors = stream.stream(HookError)
        seen: list[int] = []

        def hook(event: Any) -> None:
            seen.append(event.order_id)
            if event.order_id == 1:
                raise RuntimeError("mine")

        handle = stream.on(topics.execution_report(), hook)
        server.peer().send(report(1))
        server.peer().send(report(2))
        error = errors.get(timeout=WAIT)
        assert isinstance(error.__cause__, RuntimeError)
        last = stream.stream(topics.execution_report())
        server.peer().send(report(3))
        assert last.get(timeout=WAIT).order_id == 3
        stream.stop()
        assert seen[:2] == [1, 2]
        assert handle.errors == 1


def test_strict_raises_a_hooks_error_in_the_caller():
    """With strict=True the next blocking call raises what the hook raised, wrapped once."""
    with WireServer() as server, make(server, strict=True) as stream:
        stream.on(topics.execution_report(), lambda event: 1 / 0)
        server.peer().send(report(1))
        with pytest.raises(HookError) as caught:
            stream.wait_for(topics.mark_price("ETH"), timeout=WAIT)
        assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_stop_inside_a_hook_returns_and_ends_the_threads():
    """stop() is callable from a hook."""
    with WireServer() as server:
        stream = make(server).start()
        stopped = threading.Event()

        def hook(_: Any) -> None:
            stream.stop()
            stopped.set()

        stream.on(topics.execution_report(), hook)
        server.peer().send(report(1))
        assert stopped.wait(WAIT)
        assert stream.status == "stopped"


def test_the_venues_ping_is_answered_while_a_hook_sleeps():
    """The heartbeat does not wait for user code."""
    release = threading.Event()
    with WireServer() as server, make(server) as stream:
        entered = threading.Event()

        def hook(_: Any) -> None:
            entered.set()
            release.wait(WAIT)

        stream.on(topics.execution_report(), hook)
        peer = server.peer()
        peer.send(report(1))
        assert entered.wait(WAIT)
        peer.send({"event": "ping", "ts": 5})
        server.wait(lambda: {"event": "pong"} in peer.received)
        peer.send_raw(frame(b"hello", 9))
        server.wait(lambda: "pong" in peer.events)
        release.set()


def test_a_report_sent_twice_is_delivered_once():
    """Duplicates of one report are recognised, by the same connection or another."""
    with WireServer() as server, make(server) as stream:
        events = stream.stream(topics.execution_report())
        for _ in range(3):
            server.peer().send(report(1))
        server.peer().send(report(2))
        assert [events.get(timeout=WAIT).order_id, events.get(timeout=WAIT).order_id] == [1, 2]


def test_private_overflow_is_reported_never_silent():
    """A consumer that is too slow gets Overflow with the count, then goes on."""
    with WireServer() as server, make(server) as stream:
        events = stream.stream(topics.execution_report(), maxlen=10)
        everything = stream.stream(topics.execution_report(), maxlen=1000)
        for number in range(1, 31):
            server.peer().send(report(number))
        assert [everything.get(timeout=WAIT).order_id for _ in range(30)][-1] == 30
        assert [events.get(timeout=WAIT).order_id for _ in range(10)] == list(range(1, 11))
        with pytest.raises(Overflow, match="20 events"):
            events.get(timeout=WAIT)


def test_market_data_keeps_the_latest_of_each_symbol():
    """policy='latest' conflates behind a slow consumer and counts what it replaced."""
    with WireServer() as server, make(server) as stream:
        latest = stream.stream(topics.mark_price("ETH"), policy="latest")
        all_of_them = stream.stream(topics.mark_price("ETH"))
        for price in range(1, 21):
            server.peer().send(mark(price, ts=price))
        for _ in range(20):
            all_of_them.get(timeout=WAIT)
        assert latest.get(timeout=WAIT).price == 20
        assert latest.conflated == 19


def test_several_consumers_share_one_subscription_and_the_last_one_leaves():
    """One subscribe frame for all; unsubscribe when the last consumer is gone, closed or collected."""
    with WireServer() as server, make(server) as stream:
        first = stream.stream(topics.mark_price("ETH"))
        second = stream.stream(topics.mark_price("ETH"))
        hook = stream.on(topics.mark_price("ETH"), print)
        peer = server.peer()
        first.close()
        del second
        hook.remove()
        server.wait(lambda: any(m["event"] == "unsubscribe" for m in peer.received))
        assert [m["event"] for m in peer.received] == ["subscribe", "unsubscribe"]


def test_the_same_function_on_the_same_topic_counts_once():
    """Registering a hook twice, as a notebook cell that runs again does, delivers each event once."""
    with WireServer() as server, make(server) as stream:
        seen: list[int] = []
        stream.on(topics.execution_report(), seen.append)
        stream.on(topics.execution_report(), seen.append)
        last = stream.stream(topics.execution_report())
        server.peer().send(report(1))
        last.get(timeout=WAIT)
        stream.on(topics.position(), print)
        stream.stop()
        assert len(seen) == 1


def test_wait_for_inside_a_hook_works():
    """Waiters are fed by the I/O thread, so a hook may wait."""
    with WireServer() as server, make(server) as stream:
        got: list[Any] = []
        done = threading.Event()

        def hook(_: Any) -> None:
            got.append(stream.wait_for(topics.mark_price("ETH"), timeout=WAIT))
            done.set()

        stream.on(topics.execution_report(), hook)
        server.peer(0).send(report(1))
        public = server.wait_subscribed("PERP_ETH_USDC@markprice", 1)
        public.send(mark(3))
        assert done.wait(WAIT)
        assert got[0].price == 3


def test_private_topics_without_credentials_are_refused_with_advice():
    """Nothing is dialled."""
    with WireServer() as server, Stream(network(server)) as stream:
        with pytest.raises(UsageError, match="credentials"):
            stream.on(topics.position(), print)
        assert server.dials == 0


def test_blocking_calls_end_when_the_stream_is_stopped():
    """A waiter wakes with Disconnected instead of waiting out its time."""
    with WireServer() as server, make(server) as stream:
        events = stream.stream(topics.execution_report())
        raised: list[BaseException] = []

        def wait() -> None:
            try:
                events.get(timeout=60)
            except Disconnected as exc:
                raised.append(exc)

        thread = threading.Thread(target=wait)
        thread.start()
        stream.stop()
        thread.join(WAIT)
        assert raised
        assert raised[0].final


def test_filters_choose_by_symbol_and_order():
    """symbol= and order= narrow a hook or a consumer to what was asked."""
    with WireServer() as server, make(server) as stream:
        eth = stream.stream(topics.execution_report(), symbol="ETH")
        one = stream.stream(topics.execution_report(), order=2)
        server.peer().send(report(1, symbol="PERP_BTC_USDC"))
        server.peer().send(report(2, symbol="PERP_BTC_USDC"))
        server.peer().send(report(3))
        assert eth.get(timeout=WAIT).order_id == 3
        assert one.get(timeout=WAIT).order_id == 2


def test_stats_tell_what_happened():
    """Counters per connection, topic and hook."""
    with WireServer() as server, make(server) as stream:
        stream.on(topics.execution_report(), lambda event: None)
        last = stream.stream(topics.execution_report())
        server.peer().send(report(1))
        last.get(timeout=WAIT)
        stats = stream.stats()
        assert stats["connections"]["private"]["dials"] == 1
        assert stats["topics"]["executionreport"]["pushes"] == 1
        assert stats["status"] == "ready"


def test_events_already_received_reach_their_hooks_before_stop_returns():
    """stop() from outside lets the hooks finish what waits, within its time."""
    gate = threading.Event()
    seen: list[int] = []
    with WireServer() as server:
        stream = make(server).start()

        def hook(report_: Any) -> None:
            gate.wait(WAIT)
            seen.append(report_.order_id)

        stream.on(topics.execution_report(), hook)
        last = stream.stream(topics.execution_report(), order=50)
        for number in range(1, 51):
            server.peer().send(report(number))
        last.get(timeout=WAIT)
        gate.set()
        stream.stop(timeout=WAIT)
    assert seen == list(range(1, 51))


def test_a_stuck_hook_cannot_hold_stop_up():
    """stop() returns after its timeout, and the hook is the last to run."""
    gate = threading.Event()
    entered = threading.Event()
    seen: list[int] = []
    with WireServer() as server:
        stream = make(server).start()

        def hook(report_: Any) -> None:
            entered.set()
            gate.wait(WAIT)
            seen.append(report_.order_id)

        stream.on(topics.execution_report(), hook)
        server.peer().send(report(1))
        server.peer().send(report(2))
        assert entered.wait(WAIT)
        stream.stop(timeout=0.1)
        gate.set()
    assert seen in ([], [1])
