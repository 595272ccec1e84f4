"""stop() returns within five seconds, whatever the client is in the middle of, and leaves no thread behind."""

from __future__ import annotations

import contextlib
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import pytest

from orderly_sync import Limit, Orderly, Rest, Stream, topics
from orderly_sync.journal.journal import Journal
from orderly_sync.journal.store import JournalFile
from orderly_sync.live.journalling import Journalling
from orderly_sync.live.session import Session
from orderly_sync.paper.start import start_paper
from tests.support.paper import ETH, eventually, mark
from tests.support.stopping import LIMIT, LONG, PATIENT, dialling, stops_in_time, stream_at
from tests.support.streams import quick, report
from tests.support.stuck_peers import orderly_threads
from tests.support.tcp_proxy import TcpProxy
from tests.support.wire_server import Peer, WireServer

# On a connection -----------------------------------------------------------------------------------------------------


def test_while_the_connection_is_half_open():
    """Nothing passes, either way, and nothing ends."""
    with WireServer() as server, TcpProxy(server.url) as proxy, dialling(stream_at(proxy.url)) as stream:
        stream.wait_ready(LONG)
        proxy.freeze()
        stops_in_time(stream)


def test_while_the_peer_reads_nothing():
    """What is to be sent stands in a full buffer."""

    class Deaf(WireServer):
        def _read(self, peer: Peer) -> None:
            peer.closed.wait(LONG)

    with Deaf() as server:
        server._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        with dialling(stream_at(server.url)) as stream:
            private = stream.hub.dial("private")
            server.peer(1)
            for _ in range(40):
                private.driver.submit(lambda _: private.driver._queue(b"x" * 60_000, 1))
            eventually(lambda: len(private.driver._outbound) > 60_000)
            stops_in_time(stream)
            for peer in server.peers:
                peer.closed.set()


@pytest.mark.parametrize("raises", [False, True])
def test_while_a_hook_sleeps_for_a_minute(raises: bool):
    """Its thread alone is left to it, and ends with it; hooks that wait behind it are not run any more."""
    over, begun, ran = threading.Event(), threading.Event(), []

    def sleep(event: Any) -> None:
        ran.append(event)
        begun.set()
        over.wait(LONG)
        if raises:
            raise RuntimeError("late")

    with WireServer() as server, stream_at(server.url) as stream:
        stream.on(topics.execution_report(), sleep)
        peer = server.wait_subscribed("executionreport")
        for number in range(1, 9):
            peer.send(report(number))
        assert begun.wait(LONG)
        stops_in_time(stream, but=("orderly-hooks",))
        over.set()
        eventually(lambda: orderly_threads() == [])
        assert len(ran) == 1


# In the middle of what the client reads of its own accord -------------------------------------------------------------


@contextlib.contextmanager
def client(*, journal: Path | None = None, proxied: bool = False, **start: Any) -> Iterator[Any]:
    """A client on paper that has all the time there is; with ``proxied``, and the proxy of its REST half."""
    venue, network, credentials = start_paper(seed=7, market="frozen", venue_rate_limits=False)
    with TcpProxy(network.rest) as proxy:
        if proxied:
            network = attrs.evolve(network, rest=proxy.url)
        rest = Rest(network, credentials, rate_limits=False, timeouts=PATIENT)
        stream = Stream(network, credentials, delays=quick, timeouts=PATIENT)
        kept: Any = None
        if journal is not None:
            store = JournalFile(journal, network.name, credentials.account_id, now=time.time(), anew=True)
            opened = Journal(store, numbers=stream.hub.numbers, time_ms=stream.hub.options.clock.time_ms)
            kept = partial(Journalling, opened)
        session = Session(rest, stream.hub, journal=kept, later=(0.05,))
        ex = Orderly(rest, stream, session, venue)
        try:
            session.start(**start)
            yield (ex, proxy) if proxied else ex
        finally:
            ex.stop()


READS: dict[str, dict[str, Any]] = {
    "silent": {"timeout": True},
    "busy": {"status": 503, "body": "<html>"},
    "refusing": {"status": 429, "code": -1003},
    "asking for a minute": {"status": 429, "code": -1003, "headers": {"retry-after": "60"}},
}


def in_vain(ex: Orderly, kind: dict[str, Any], path: str) -> None:
    """Have it read REST after a gap, in vain."""
    ex.paper.faults(http=[{"path": path, "method": "GET", "times": 10_000, **kind}])
    before = ex.rest.stats().sent
    ex.paper.drop_connections()
    eventually(lambda: ex.rest.stats().sent > before)


@pytest.mark.parametrize("kind", READS)
@pytest.mark.parametrize(
    ("path", "thread"),
    [
        ("*", "orderly-recovery"),
        ("/v1/client/info", "orderly-account"),
        ("/v1/asset/history", "orderly-other-topics"),
    ],
    ids=["recovery", "account", "topics without orders"],
)
def test_while_rest_is_read_in_vain(kind: str, path: str, thread: str):
    """Its answer does not come, or it says to come again: whichever thread reads gives up."""
    with client() as ex:
        ex.on(topics.wallet(), lambda _: None)
        in_vain(ex, READS[kind], path)
        eventually(lambda: thread in orderly_threads() and (path != "*" or ex.status == "resyncing"))
        stops_in_time(ex)


def test_while_the_rest_half_is_half_open():
    """No byte of an answer comes, and no end."""
    with client(proxied=True) as (ex, proxy):
        proxy.freeze()
        ex.paper.drop_connections()
        eventually(lambda: ex.status == "resyncing")
        stops_in_time(ex)


def test_while_the_key_is_looked_up():
    """The look at when it ends is given up."""
    venue, network, credentials = start_paper(seed=7, market="frozen", venue_rate_limits=False)
    venue.faults(http=[{"path": "/v1/client/key_info", "method": "GET", "times": 9, "timeout": True}])
    rest = Rest(network, credentials, rate_limits=False, timeouts=PATIENT)
    stream = Stream(network, credentials, delays=quick, timeouts=PATIENT)
    session = Session(rest, stream.hub)
    ex = Orderly(rest, stream, session, venue)
    session.start(key=credentials.key)
    eventually(lambda: "orderly-key" in orderly_threads())
    stops_in_time(ex)


@pytest.mark.parametrize(
    "fault", [{"timeout": True}, {"status": 503, "body": "<html>"}], ids=["silent", "busy"]
)
def test_while_the_cancel_timer_cannot_be_switched_off(fault: dict[str, Any]):
    """The venue does not answer: what cannot be said is not waited for."""
    with client(cancel_on_silence=5.0) as ex:
        ex.paper.faults(http=[{"path": "/v1/order/cancel_all_after", "method": "POST", "times": 99, **fault}])
        stops_in_time(ex)


def test_while_a_thread_of_the_users_waits_for_an_answer():
    """It is left to its own deadline, and holds nobody up."""
    with client() as ex:
        ex.paper.faults(http=[{"path": "/v1/positions", "method": "GET", "times": 9, "timeout": True}])
        failed: list[BaseException] = []

        def read() -> None:
            try:
                ex.rest.positions.list()
            except Exception as exc:
                failed.append(exc)

        before = ex.rest.stats().sent
        reader = threading.Thread(target=read)
        reader.start()
        eventually(lambda: ex.rest.stats().sent > before)
        stops_in_time(ex)
        reader.join(LONG)
        assert failed


def test_from_a_hook_while_recovery_reads():
    """Whoever calls it."""
    with client() as ex:
        took: list[float] = []

        def stop(report: Any) -> None:
            if not report.is_final:
                return
            began = time.monotonic()
            ex.stop()
            took.append(time.monotonic() - began)

        order = ex.place(Limit.buy(ETH, price=mark(ex) - 300, quantity="0.1"))
        ex.on(topics.execution_report(), stop)
        in_vain(ex, READS["silent"], "/v1/orders")
        eventually(lambda: ex.status == "resyncing")
        ex.paper.faults(clear=True)
        order.cancel()
        eventually(lambda: took)
        assert took[0] < LIMIT
        eventually(lambda: orderly_threads() == [])


def test_while_the_journal_is_locked(tmp_path: Path):
    """By another program; what could not be kept is known to be owed."""
    path = tmp_path / "bot.db"
    with client(journal=path) as ex:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            ex.place(Limit.buy(ETH, price=mark(ex) - 300, quantity="0.1"))
            stops_in_time(ex)
        finally:
            other.close()


def test_while_a_hook_holds_the_journal(tmp_path: Path):
    """It sleeps in the midst of a transaction: its thread and the journal's are left to it."""
    over, begun = threading.Event(), threading.Event()
    with client(journal=tmp_path / "bot.db") as ex:

        def sleep(_: Any) -> None:
            with ex.journal.transaction():
                begun.set()
                over.wait(LONG)

        ex.on(topics.execution_report(), sleep)
        ex.place(Limit.buy(ETH, price=mark(ex) - 300, quantity="0.1"))
        assert begun.wait(LONG)
        stops_in_time(ex, but=("orderly-hooks", "orderly-journal"))
        over.set()
        eventually(lambda: orderly_threads() == [])


def test_all_of_it_at_once(tmp_path: Path):
    """A hook sleeps, REST hangs, the journal is locked, the timer cannot be switched off: the times do not add up."""
    over, begun = threading.Event(), threading.Event()
    path = tmp_path / "bot.db"

    def sleep(_: Any) -> None:
        begun.set()
        over.wait(LONG)

    with client(journal=path, cancel_on_silence=5.0) as ex:
        ex.on(topics.execution_report(), sleep)
        ex.place(Limit.buy(ETH, price=mark(ex) - 300, quantity="0.1"))
        assert begun.wait(LONG)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        hang = {"path": "*", "method": "POST", "times": 999, "timeout": True}
        ex.paper.faults(http=[hang, {**hang, "method": "GET"}])
        ex.paper.drop_connections()
        eventually(lambda: ex.status == "resyncing")
        try:
            stops_in_time(ex, but=("orderly-hooks", "orderly-journal"))
        finally:
            over.set()
            other.close()
        eventually(lambda: orderly_threads() == [])
