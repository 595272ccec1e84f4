"""The stream over a scripted server: what is promised whatever the venue does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from orderly_sync import (
    Connected,
    Credentials,
    DecodingError,
    Disconnected,
    HookError,
    LoginRefused,
    Network,
    Overflow,
    Stream,
    SubscriptionRefused,
    Timeouts,
    Unrouted,
    UsageError,
    topics,
)
from orderly_sync.errors import StreamError
from tests.support.wire_server import Peer, WireServer, acknowledge, frame

SECRET = "ed25519:AFmQSju4FhDwG93cMdKogcnKx7SWmViDtDv5PVzfvRDF"
WAIT = 5.0


def quick() -> Iterator[float]:
    while True:
        yield 0.01


def network(server: WireServer) -> Network:
    return Network(name="test", rest="http://127.0.0.1:1", ws_public=server.url, ws_private=server.url)


def make(server: WireServer, **options: Any) -> Stream:
    options.setdefault("delays", quick)
    credentials = Credentials(account_id="0x" + "ab" * 32, secret=SECRET)
    return Stream(network(server), credentials, **options)


def report(order_id: int = 1, **fields: Any) -> dict[str, Any]:
    data = {
        "symbol": "PERP_ETH_USDC",
        "orderId": order_id,
        "side": "BUY",
        "type": "LIMIT",
        "status": "NEW",
        "tradeId": 0,
        "timestamp": 1700000000000 + order_id,
        **fields,
    }
    return {"topic": "executionreport", "ts": 1700000000000 + order_id, "data": data}


def mark(price: float, symbol: str = "PERP_ETH_USDC", ts: int = 1) -> dict[str, Any]:
    return {"topic": f"{symbol}@markprice", "ts": ts, "data": {"symbol": symbol, "price": price}}


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
            return {"id": message["id"], "event": "subscribe", "success": False, "errorMsg": "invalid symbol PERP_NOPE_USDC"}
        return acknowledge(peer, message)

    with WireServer(answer) as server, make(server) as stream:
        with pytest.raises(SubscriptionRefused, match="invalid symbol"):
            stream.stream(topics.mark_price("PERP_NOPE_USDC"))
        events = stream.stream(topics.mark_price("PERP_ETH_USDC"))
        server.peer().send(mark(1.5))
        assert str(events.get(timeout=WAIT).price) == "1.5"


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


@pytest.mark.parametrize("code", [1000, 1001, 1006, 1011, 1012])
def test_a_close_frame_of_any_code_is_followed_by_a_new_dial(code: int):
    """Only the user's own stop ends a stream."""
    with WireServer() as server, make(server) as stream:
        downs = stream.stream(Disconnected)
        stream.on(topics.execution_report(), print)
        server.peer().close_frame(code)
        assert str(code) in downs.get(timeout=WAIT).reason
        server.wait_subscribed("executionreport", 1)


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
        troubles = stream.stream(DecodingError) if raw != frame(b"\x00\x01", 2) else stream.stream(StreamError)
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
        return None if message["event"] == "subscribe" and len(server.peers) == 1 else acknowledge(peer, message)

    with WireServer(mute) as server, make(server, timeouts=Timeouts(ack=0.2)) as stream:
        stream.on(topics.execution_report(), print)
        assert len(server.peers) == 2


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
