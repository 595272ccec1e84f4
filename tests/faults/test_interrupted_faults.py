"""Ctrl-C ends a blocking call within a second whatever holds it up, and leaves the client as usable as it was."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from orderly_sync import Limit, Network, Rest, Stream, Timeouts, connect, topics
from tests.support.http_host import TLS
from tests.support.paper import ETH, eventually, mark, paper
from tests.support.stopping import CREDENTIALS, LONG, PATIENT
from tests.support.streams import WAIT, make, quick, report
from tests.support.stuck_peers import TLS_DRIP, UPGRADE_DRIP, StuckPeer, deaf_port, orderly_threads
from tests.support.tcp_proxy import TcpProxy
from tests.support.wire_server import WireServer

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="signals of POSIX"),
    pytest.mark.usefixtures("_heard"),
]

SOON = 1.0


@pytest.fixture
def _heard() -> Iterator[None]:
    """Whatever this process does with Ctrl-C, here it is heard as Python hears it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupted(call: Callable[[], Any], is_under_way: Callable[[], Any]) -> None:
    """Ctrl-C comes once the call is under way; it ends soon."""
    sent: list[float] = []
    main = threading.get_ident()

    over = threading.Event()

    def press() -> None:
        eventually(lambda: over.is_set() or is_under_way())
        if not over.is_set():
            sent.append(time.monotonic())
            signal.pthread_kill(main, signal.SIGINT)

    presser = threading.Thread(target=press)
    presser.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            call()
        took = time.monotonic() - sent[0]
    finally:
        over.set()
        presser.join()
    assert took < SOON, f"it took {took:.1f} s"


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A resolver that hangs until the test is over; the names it was asked for."""
    over, asked = threading.Event(), []

    def hang(host: str, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        over.wait(LONG)
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    yield asked
    over.set()


def venue_at(base: str) -> Network:
    url = base.replace("http", "ws", 1) + "/ws"
    return Network(name="test", rest=base, ws_public=url, ws_private=url)


PEERS = [("http", None), ("http", UPGRADE_DRIP), ("https", None), ("https", TLS_DRIP)]
NAMES = ["silent", "drips", "silent TLS", "TLS drips"]


@pytest.mark.parametrize(("scheme", "drips"), PEERS, ids=NAMES)
@pytest.mark.parametrize("proxied", [False, True], ids=["direct", "tunnelled"])
def test_a_read(scheme: str, drips: bytes | None, proxied: bool):
    """Of a host, or by a proxy, that does not come to an end."""
    with StuckPeer(drips) as peer:
        here = f"127.0.0.1:{peer.port}"
        network = venue_at(f"{scheme}://{'127.0.0.1:9' if proxied else here}")
        proxy = f"http://{here}" if proxied else None
        with Rest(network, timeouts=PATIENT, ca_file=str(TLS / "authority.pem"), proxy=proxy) as rest:
            interrupted(rest.market.symbols, lambda: peer.taken)


def test_a_read_by_a_resolver_that_hangs(resolver: list[str]):
    """The look-up is left to itself."""
    with Rest(venue_at("http://localhost:9"), timeouts=PATIENT) as rest:
        interrupted(rest.market.symbols, lambda: resolver)


def test_a_read_of_a_deaf_address():
    """That answers no dial."""
    with contextlib.ExitStack() as stack:
        try:
            port = stack.enter_context(deaf_port())
        except LookupError as exc:
            pytest.skip(str(exc))
        rest = stack.enter_context(Rest(venue_at(f"http://127.0.0.2:{port}"), timeouts=PATIENT))
        interrupted(rest.market.symbols, lambda: rest.stats().sent)


@pytest.mark.parametrize(("scheme", "drips"), PEERS, ids=NAMES)
def test_connecting(scheme: str, drips: bytes | None):
    """Nothing of the half-made client is left."""
    with StuckPeer(drips) as peer:
        network = venue_at(f"{scheme}://127.0.0.1:{peer.port}")
        interrupted(
            lambda: connect(network, credentials=CREDENTIALS, timeouts=PATIENT), lambda: peer.taken >= 1
        )
        eventually(lambda: orderly_threads() == [])


def test_connecting_by_a_resolver_that_hangs(resolver: list[str]):
    """The same."""
    network = venue_at("http://localhost:9")
    interrupted(lambda: connect(network, credentials=CREDENTIALS, timeouts=PATIENT), lambda: resolver)
    eventually(lambda: orderly_threads() == [])


HANGS: dict[str, dict[str, Any]] = {
    "silent": {"timeout": True},
    "asking for patience": {"status": 429, "code": -1003, "headers": {"retry-after": "20"}},
}


@pytest.mark.parametrize(
    ("verb", "kind"),
    [
        *((verb, "silent") for verb in ("rules", "send", "read", "cancel", "wait")),
        # Only a read is tried again, and a wait of a few seconds has no time for that.
        *((verb, "asking for patience") for verb in ("rules", "read")),
    ],
)
def test_what_asks_a_venue_that_hangs(verb: str, kind: str):
    """The client goes on as if it had not been asked."""
    with paper() as ex:
        price = mark(ex) - 300
        order = Limit.buy(ETH, price=price, quantity="0.1")
        standing = None if verb == "rules" else ex.place(Limit.buy(ETH, price=price - 1, quantity="0.1"))
        hang = {"path": "*", "times": 999, **HANGS[kind]}
        ex.paper.faults(http=[{**hang, "method": method} for method in ("GET", "POST", "DELETE")])
        before = ex.rest.stats().sent
        calls: dict[str, Callable[[], Any]] = {
            "rules": lambda: ex.place(order),
            "send": lambda: ex.place(order),
            "read": ex.rest.positions.list,
            "cancel": lambda: standing and standing.cancel(),
            "wait": lambda: standing and standing.wait("done", timeout=4),
        }
        interrupted(calls[verb], lambda: ex.rest.stats().sent > before)
        ex.paper.faults(clear=True)
        assert ex.place(Limit.buy(ETH, price=price - 2, quantity="0.1")).order_id


def test_a_read_that_waits_for_its_turn():
    """The client's own limit is used up."""
    with StuckPeer() as peer, Rest(venue_at(f"http://127.0.0.1:{peer.port}"), CREDENTIALS) as rest:
        limiter = rest._senders.of(rest.network.rest)._pace
        assert limiter is not None
        for _ in range(10):
            limiter.acquire("GET", "/v1/client/info", time.monotonic() + LONG)
        interrupted(
            lambda: limiter.acquire("GET", "/v1/client/info", time.monotonic() + 2 * LONG),
            lambda: any(use.waits for use in limiter.use().values()),
        )


@pytest.mark.parametrize("way", ["half-open", "down"])
@pytest.mark.parametrize("verb", ["get", "wait_for", "on", "iterate"])
def test_waiting_on_a_stream_that_is_gone(way: str, verb: str):
    """Frozen, or dialling in vain."""
    with WireServer() as server, TcpProxy(server.url) as proxy:
        network = Network(name="test", rest="http://127.0.0.1:1", ws_public=proxy.url, ws_private=proxy.url)
        with Stream(network, CREDENTIALS, timeouts=PATIENT, delays=quick) as stream:
            events = stream.stream(topics.execution_report())
            if way == "half-open":
                proxy.freeze()
            else:
                server.refuse = 1_000_000
                proxy.drop()
                eventually(lambda: stream.status == "down")
            begun = threading.Event()

            def begin(call: Callable[[], Any]) -> Any:
                begun.set()
                return call()

            calls: dict[str, Callable[[], Any]] = {
                "get": events.get,
                "wait_for": lambda: stream.wait_for(topics.execution_report(), timeout=None),
                "on": lambda: stream.on(topics.position(), print),
                "iterate": lambda: next(events),
            }
            interrupted(lambda: begin(calls[verb]), begun.is_set)


def test_stopping_while_a_hook_sleeps():
    """The next stop() does the rest."""
    over, begun = threading.Event(), threading.Event()

    def sleep(_: Any) -> None:
        begun.set()
        over.wait(LONG)

    with WireServer() as server, make(server, timeouts=Timeouts(stop=LONG)) as stream:
        stream.on(topics.execution_report(), sleep)
        server.wait_subscribed("executionreport").send(report(1))
        assert begun.wait(WAIT)
        interrupted(lambda: stream.stop(timeout=LONG), lambda: stream.hub.standing.stopped)
        stream.stop(timeout=0.1)
        assert orderly_threads() == ["orderly-hooks"]
        over.set()
