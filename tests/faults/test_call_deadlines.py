"""The time given to a call is the time it takes, whatever it asks the venue meanwhile."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import attrs
import pytest

from orderly_sync import (
    Bracket,
    ConnectFailed,
    Credentials,
    Disconnected,
    Limit,
    Network,
    OrderlyError,
    OrderOutcomeUnknown,
    Rest,
    Timeouts,
    TransportError,
    connect,
    topics,
)
from orderly_sync.paper.start import start_paper
from orderly_sync.rest import Retries
from tests.support.paper import ETH, mark, paper
from tests.support.streams import SECRET
from tests.support.stuck_peers import TLS_DRIP, UPGRADE_DRIP, StuckPeer, orderly_threads

SILENT: dict[str, dict[str, Any]] = {
    "silent": {"timeout": True},
    "always busy": {"status": 503, "body": "<html>"},
    "too many requests": {"status": 429, "code": -1003},
}


@pytest.mark.parametrize("kind", SILENT)
def test_waiting_for_an_order_ends_in_its_time_though_the_venue_cannot_be_asked(kind: str):
    """Neither the time of a request nor the tries of a read are added to it."""
    with paper() as ex:
        order = ex.place(Limit.buy(ETH, price=mark(ex) - 300, quantity="0.1"))
        ex.paper.faults(http=[{"path": "*", "method": "GET", "times": 99, **SILENT[kind]}])
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            order.wait("done", timeout=0.8)
        assert time.monotonic() - began < 3.0
        ex.paper.faults(clear=True)


GIVEN = 0.8
"""Seconds that a call is given here,"""
LATEST = 3.0
"""and after which it has failed the test, for a loaded machine."""
ENDLESS: dict[str, dict[str, Any]] = {
    **SILENT,
    "asking for a minute": {"status": 429, "code": -1003, "headers": {"retry-after": "60"}},
}


def ends_in_time(call: Callable[[], Any], *errors: type[BaseException]) -> BaseException:
    began = time.monotonic()
    with pytest.raises(errors) as caught:
        call()
    took = time.monotonic() - began
    assert took < LATEST, f"it took {took:.1f} s"
    return caught.value


def venue_is(ex: Any, kind: str, method: str = "GET", path: str = "*", **more: Any) -> None:
    ex.paper.faults(http=[{"path": path, "method": method, "times": 999, **ENDLESS[kind], **more}])


@pytest.mark.parametrize("kind", ENDLESS)
def test_placing_ends_in_its_time_though_the_rules_cannot_be_read(kind: str):
    """Nothing was sent, and that is what it says."""
    with paper() as ex:
        order = Limit.buy(ETH, price=mark(ex) - 300, quantity="0.1")
        venue_is(ex, kind)
        error = ends_in_time(lambda: ex.place(order, timeout=GIVEN), OrderlyError)
        assert not isinstance(error, OrderOutcomeUnknown)
        ex.paper.faults(clear=True)
        assert not ex.orders
        assert ex.place(order).order_id


@pytest.mark.parametrize("kind", ["silent", "always busy"])
@pytest.mark.parametrize("executed", [False, True])
def test_placing_ends_in_its_time_though_its_answer_is_lost_and_nobody_can_be_asked(
    kind: str, executed: bool
):
    """The request, and all looks for what became of it; asked later, it is known."""
    with paper() as ex:
        ex.rest.market.rules(ETH)
        order = Limit.buy(ETH, price=mark(ex) - 300, quantity="0.1")
        ex.place(
            order.__class__.buy(ETH, price=mark(ex) - 301, quantity="0.1")
        )  # so that the rules are known
        ex.paper.faults(
            drop_reports=1.0,
            http=[
                {"path": "/v1/order", "method": "POST", "times": 9, "commit": executed, **ENDLESS[kind]},
                {"path": "*", "method": "GET", "times": 999, **ENDLESS[kind]},
            ],
        )
        error = ends_in_time(lambda: ex.place(order, timeout=GIVEN), OrderOutcomeUnknown)
        ends_in_time(lambda: ex.resolve(error, timeout=GIVEN), OrderOutcomeUnknown)  # type: ignore[arg-type]
        ex.paper.faults(clear=True)
        if executed:  # what was not is certain by the venue's clock, which stands still here
            assert len(ex.resolve(error)) == 1  # type: ignore[arg-type]


CALLS: dict[str, Callable[[Any, Any], Any]] = {
    "cancel": lambda _ex, order: order.cancel(),
    "cancel and wait": lambda _ex, order: order.cancel(wait=GIVEN),
    "edit": lambda _ex, order: order.edit(quantity="0.2"),
    "handle": lambda ex, order: ex.handle(order.client_order_id + "x"),
    "refresh": lambda _ex, order: order.refresh(),
}


@pytest.mark.parametrize("kind", ENDLESS)
@pytest.mark.parametrize("verb", CALLS)
def test_what_is_asked_of_an_order_ends_in_its_time(verb: str, kind: str, monkeypatch: pytest.MonkeyPatch):
    """Thirty seconds in all, however many requests it takes and however often each is tried; here less."""
    for module in ("client", "trading.handles", "trading.unknown_writes"):
        monkeypatch.setattr(f"orderly_sync.{module}.CALL", GIVEN)
    with paper() as ex:
        order = ex.place(Limit.buy(ETH, price=mark(ex) - 300, quantity="0.1"))
        ex.paper.faults(
            http=[
                {"path": "*", "method": method, "times": 999, **ENDLESS[kind]}
                for method in ("GET", "PUT", "DELETE")
            ]
        )
        if verb == "refresh":
            ex._rest._signed._retries = Retries(total=GIVEN)
            monkeypatch.setattr(ex._rest._senders.of(ex.rest.network.rest), "_seconds", GIVEN)
        ends_in_time(lambda: CALLS[verb](ex, order), OrderlyError, TimeoutError)
        ex.paper.faults(clear=True)


def test_an_edit_of_legs_ends_in_its_time_though_they_are_not_told():
    """Neither by the stream nor by REST."""
    with paper() as ex:
        price = mark(ex)
        bracket = Bracket.buy(
            ETH, quantity="0.1", price=price - 100, take_profit=price + 200, stop_loss=price - 200
        )
        ex.paper.faults(drop_reports=1.0)
        order = ex.place(bracket)
        venue_is(ex, "silent")
        ends_in_time(lambda: order.edit(take_profit=price + 220, timeout=GIVEN), TimeoutError)
        ex.paper.faults(clear=True)


# Reads ---------------------------------------------------------------------------------------------------------------


def stubborn(base: str) -> Rest:
    network = Network(name="test", rest=base, ws_public="ws://127.0.0.1:1", ws_private="ws://127.0.0.1:1")
    return Rest(
        attrs.evolve(network),
        timeouts=Timeouts(request=GIVEN / 2, connect=60),
        retries=Retries(tries=50, total=GIVEN, longest=0.01),
    )


@pytest.mark.parametrize("drips", [None, b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\n\r\n{"])
def test_a_read_ends_in_its_time_with_all_its_tries(drips: bytes | None):
    """A host that says nothing, that never ends its headers, that never ends its body."""
    with StuckPeer(drips, every=0.005) as peer, stubborn(f"http://127.0.0.1:{peer.port}") as rest:
        ends_in_time(rest.market.symbols, TransportError)
        assert peer.taken >= 2


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A resolver that hangs until the test is over; the names it was asked for."""
    over, asked = threading.Event(), []

    def hang(host: str, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        over.wait(60)
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    yield asked
    over.set()


def test_a_read_ends_in_its_time_though_the_resolver_hangs(resolver: list[str]):
    """And asks once, however often it tries, whoever tries."""
    with stubborn("http://localhost:9") as rest:
        for _ in range(3):
            error = ends_in_time(rest.market.symbols, ConnectFailed)
            assert "does not answer" in str(error) or "over" in str(error)
        assert rest.stats().sent > 3
        assert resolver == ["localhost"]


# connect(...) --------------------------------------------------------------------------------------------------------

WHO = Credentials(account_id="0x" + "ab" * 32, secret=SECRET)
SHORT = Timeouts(ready=GIVEN, connect=60, ack=60, request=60)


@pytest.mark.parametrize("who", [WHO, None], ids=["account", "public"])
@pytest.mark.parametrize(
    ("scheme", "drips"),
    [("", None), ("", UPGRADE_DRIP), ("s", None), ("s", TLS_DRIP)],
    ids=["silent", "drips", "silent TLS", "TLS drips"],
)
def test_connecting_to_a_venue_that_never_answers_ends_in_its_time(
    scheme: str, drips: bytes | None, who: Credentials | None
):
    """And leaves nothing behind."""
    with StuckPeer(drips) as peer:
        url, base = f"ws{scheme}://127.0.0.1:{peer.port}/ws", f"http{scheme}://127.0.0.1:{peer.port}"
        network = Network(name="test", rest=base, ws_public=url, ws_private=url)
        ends_in_time(lambda: connect(network, credentials=who, timeouts=SHORT), Disconnected)
        assert orderly_threads() == []


def test_connecting_by_a_resolver_that_hangs_ends_in_its_time(resolver: list[str]):
    """Of either half."""
    network = Network(
        name="test",
        rest="http://localhost:9",
        ws_public="ws://localhost:9/ws",
        ws_private="ws://localhost:9/ws",
    )
    ends_in_time(lambda: connect(network, credentials=WHO, timeouts=SHORT), Disconnected)
    assert orderly_threads() == []
    assert resolver == ["localhost"]


@pytest.mark.parametrize("kind", ENDLESS)
@pytest.mark.parametrize("path", ["/v1/positions", "/v1/algo/orders", "/v1/client/info"])
def test_connecting_ends_in_its_time_though_the_state_cannot_be_read(path: str, kind: str):
    """The stream is ready, and some part of the state does not come."""
    venue, network, credentials = start_paper(seed=7, market="frozen", venue_rate_limits=False)
    try:
        venue.faults(http=[{"path": path, "method": "GET", "times": 999, **ENDLESS[kind]}])
        ends_in_time(lambda: connect(network, credentials=credentials, timeouts=SHORT), OrderlyError)
        assert [name for name in orderly_threads() if "venue" not in name] == []
    finally:
        venue.stop()


def test_waiting_on_a_stream_that_a_resolver_keeps_down_ends_in_its_time(resolver: list[str]):
    """Whatever is waited for."""
    from orderly_sync import Stream

    network = Network(
        name="test",
        rest="http://localhost:9",
        ws_public="ws://localhost:9/ws",
        ws_private="ws://localhost:9/ws",
    )
    with Stream(network, WHO, timeouts=SHORT) as stream:
        ends_in_time(lambda: stream.wait_for(topics.mark_price("ETH"), timeout=GIVEN), TimeoutError)
        ends_in_time(lambda: stream.stream(topics.execution_report(), timeout=GIVEN), TimeoutError)
        ends_in_time(lambda: stream.on(topics.execution_report(), print), TimeoutError)
        ends_in_time(lambda: stream.wait_ready(GIVEN), TimeoutError)
