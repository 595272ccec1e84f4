"""What the way to the venue does: freezes, drips, resets, takes and drops, runs out of descriptors; judged by the ledger."""

from __future__ import annotations

import contextlib
import resource
import threading
from collections.abc import Iterator
from random import Random
from typing import Any

import attrs
import pytest

from orderly_sync import (
    Connected,
    Disconnected,
    GapClosed,
    GapOpened,
    Limit,
    Market,
    Orderly,
    OrderlyError,
    Rest,
    Stream,
    Timeouts,
    topics,
)
from orderly_sync.live.session import Session
from orderly_sync.paper.start import start_paper
from tests.faults.disconnects import proxied
from tests.faults.oracles import census, gaps_are_told, is_quiet, judge, one_order_per_intent, watch
from tests.support.paper import ETH, WAIT, account_of, eventually, mark
from tests.support.protocols import make, ready
from tests.support.streams import quick
from tests.support.tcp_proxy import TcpProxy


@contextlib.contextmanager
def tuned(*, seed: int = 7, **timeouts: float) -> Iterator[tuple[Orderly, TcpProxy]]:
    """A client with timeouts of its own behind a proxy."""
    venue, network, credentials = start_paper(seed=seed, market="frozen", venue_rate_limits=False)
    with TcpProxy(network.ws_private) as proxy:
        network = attrs.evolve(network, ws_private=proxy.url)
        rest = Rest(network, credentials, rate_limits=False)
        stream = Stream(network, credentials, delays=quick, timeouts=Timeouts(**timeouts))
        ex = Orderly(rest, stream, Session(rest, stream.hub, later=(0.05, 0.2)), venue)
        try:
            ex._session.start()  # type: ignore[union-attr]
            yield ex, proxy
        finally:
            ex.stop()


def trade(ex: Orderly, times: int = 1) -> list[Any]:
    return [ex.place(Market.buy(ETH, quantity="0.1")) for _ in range(times)]


def gaps_of(ex: Orderly) -> tuple[list[GapOpened], list[GapClosed]]:
    opened: list[GapOpened] = []
    closed: list[GapClosed] = []
    ex.on(GapOpened, opened.append)
    ex.on(GapClosed, closed.append)
    return opened, closed


def test_a_half_open_connection_is_found_and_nothing_of_it_is_lost():
    """Nothing passes, nothing ends; what was sent into it comes by REST, and what thaws later is not told again."""
    with census(), tuned(silence=0.6) as (ex, proxy):
        after, seen, lost = len(ex.paper.ledger(account_of(ex))), watch(ex), []
        opened, closed = gaps_of(ex)
        ex.on(Disconnected, lost.append)
        proxy.freeze()
        trade(ex, 3)
        eventually(lambda: lost)
        proxy.thaw()
        eventually(lambda: closed and is_quiet(ex))
        judge(ex, seen, after)
        gaps_are_told(ex, opened, closed)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_frames_in_slices_of_any_size_are_heard_whole(size: int):
    """No connection is lost by it."""
    with census(), proxied() as (ex, proxy):
        after, seen, lost = len(ex.paper.ledger(account_of(ex))), watch(ex), []
        ex.on(Disconnected, lost.append)
        proxy.size = size
        trade(ex, 5)
        judge(ex, seen, after)
        assert lost == []


def test_a_way_that_drips_delays_and_loses_nothing():
    """Pieces of a few bytes with pauses, and a cut in the midst of it."""
    with census(), proxied() as (ex, proxy):
        after, seen = len(ex.paper.ledger(account_of(ex))), watch(ex)
        proxy.size, proxy.pause = 40, 0.002
        trade(ex, 3)
        proxy.cut_after(200, reset=True)
        trade(ex, 3)
        eventually(lambda: proxy.cuts)
        judge(ex, seen, after)


@pytest.mark.parametrize("reset", [False, True])
def test_connections_that_are_taken_and_dropped_are_dialled_until_one_stays(reset: bool):
    """At each byte of the handshake, the login and the acknowledgements in turn; then all is there."""
    with census(), proxied() as (ex, proxy):
        after, seen = len(ex.paper.ledger(account_of(ex))), watch(ex)
        for size in [0, 1, 16, 60, 128, 129, 130, 131, 180, 230, 300, 400, 600, 900]:
            cuts = proxy.cuts
            proxy.cut_after(size, reset=reset)
            proxy.drop(reset=reset)
            trade(ex)
            eventually(lambda cuts=cuts: proxy.cuts > cuts or trade(ex))
        judge(ex, seen, after)


def test_a_close_frame_of_any_code_is_a_gap_like_any_other():
    """Each code that a venue sends, and one of its own; what was traded meanwhile comes once."""
    with census(), proxied() as (ex, _proxy):
        after, seen = len(ex.paper.ledger(account_of(ex))), watch(ex)
        opened, closed = gaps_of(ex)
        for code in (1000, 1001, 1008, 1011, 1012, 4001):
            before = len(opened)
            ex.paper.faults.close("executionreport", code=code, count=1)
            trade(ex, 2)
            eventually(lambda before=before: len(opened) > before and is_quiet(ex))
        judge(ex, seen, after)
        eventually(lambda: closed)
        gaps_are_told(ex, opened, closed)


def test_topics_wanted_and_given_back_while_the_connection_goes_are_what_is_heard():
    """Whatever the order of it: in the end the wanted ones are subscribed, and no other."""
    lots = Random(5)
    with census(), proxied() as (ex, proxy):
        hooks: dict[str, Any] = {}
        wanted: dict[str, Any] = {
            "balance": topics.balance(),
            "wallet": topics.wallet(),
            "settle": topics.settle(),
        }
        for _ in range(40):
            name = lots.choice(sorted(wanted))
            if lots.random() < 0.3:
                proxy.drop(reset=lots.random() < 0.5)
            with contextlib.suppress(OrderlyError):
                if name in hooks:
                    hooks.pop(name).remove()
                else:
                    hooks[name] = ex.on(wanted[name], lambda _event: None)
        for name in sorted(wanted):
            if name not in hooks:
                hooks[name] = ex.on(wanted[name], lambda _event: None)
        heard: list[Any] = []
        last = ex.on(topics.execution_report(), heard.append)
        eventually(lambda: is_quiet(ex))
        trade(ex)
        eventually(lambda: heard, WAIT)
        last.remove()


def test_without_descriptors_a_dial_fails_and_with_them_it_succeeds():
    """The client is down meanwhile, ends no thread, and recovers what it missed."""
    with census(), proxied() as (ex, proxy):
        after, seen, up = len(ex.paper.ledger(account_of(ex))), watch(ex), []
        ex.on(Connected, up.append)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        trade(ex)
        taken: list[Any] = []
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 256), hard))
            with contextlib.suppress(OSError):
                while True:
                    taken.append(open("/dev/null", "rb"))  # noqa: PTH123, SIM115 - descriptors are what it is about
            proxy.drop()
            eventually(lambda: ex.status != "ready")
        finally:
            for one in taken:
                one.close()
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        eventually(lambda: is_quiet(ex))
        trade(ex)
        judge(ex, seen, after)


def test_hours_that_pass_in_a_sleep_are_silence():
    """The machine slept: one look at the clock and the connection counts as dead; nothing is sent on it."""
    protocol = make()
    ready(protocol)
    protocol.effects()
    protocol.tick(1 + 3600.0)
    assert any(type(one).__name__ == "Abort" for one in protocol.effects())


def test_thirty_two_threads_sign_for_one_client_and_every_signature_holds():
    """The venue checks each; a key's answers go to who asked."""
    with census(), proxied() as (ex, _proxy):
        wrong: list[BaseException] = []
        price = mark(ex) - 50

        def ask(number: int) -> None:
            try:
                for one in range(6):
                    name = f"t{number}n{one}"
                    handle = ex.place(
                        Limit.buy(ETH, quantity="0.1", price=price - number, client_order_id=name)
                    )
                    row = ex.rest.orders.get(handle.order_id)
                    assert (row.client_order_id, row.price) == (name, price - number)
            except BaseException as error:
                wrong.append(error)
                raise

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(32)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert wrong == []
        one_order_per_intent(ex, [f"t{number}n{one}" for number in range(32) for one in range(6)])


def test_maintenance_is_told_trading_is_refused_and_the_state_is_right_after_it():
    """Its orders go on from where they stood."""
    with census(), proxied() as (ex, _proxy):
        after, seen, told = len(ex.paper.ledger(account_of(ex))), watch(ex), []
        ex.on(topics.maintenance_status(), told.append)
        handle = ex.place(Limit.buy(ETH, quantity="0.1", price=mark(ex) - 20))
        ex.paper.set_maintenance(2)
        with pytest.raises(OrderlyError):
            trade(ex)
        ex.paper.set_maintenance(0)
        eventually(lambda: len(told) >= 2)
        handle.cancel()
        judge(ex, seen, after)
