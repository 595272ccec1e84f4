"""Who may still write: nobody once the client was closed or forked, whatever the operation and however late."""

from __future__ import annotations

import os
import socket
import threading

import pytest

from orderly_sync import errors
from orderly_sync.clock import ManualClock
from orderly_sync.config import Timeouts
from orderly_sync.models.base import Acknowledged
from orderly_sync.rest import Rest
from orderly_sync.rest.api_client import ApiClient
from orderly_sync.rest.groups_by_name import GROUPS
from orderly_sync.rest.rows import BatchOrder
from orderly_sync.rest.write_guard import WriteGuard
from tests.support.http_host import HttpHost, answer
from tests.support.rest_client import CREATED, INFO, here, place, read

CALLERS = ("_public", "_signed", "_vault", "_faucet")


def batch(rest):
    order = BatchOrder(symbol="PERP_ETH_USDC", order_type="MARKET", side="SELL", order_quantity=1)
    return rest.orders.create_batch(orders=[order, order])


WRITES = [
    place,
    batch,
    lambda rest: rest.orders.cancel(symbol="PERP_ETH_USDC", order_id=5),
    lambda rest: rest.orders.cancel_all(symbol="PERP_ETH_USDC"),
    lambda rest: rest.orders.cancel_algo(symbol="PERP_ETH_USDC", order_id=5),
    lambda rest: rest.config.set_leverage(leverage=3),
    lambda rest: rest.faucet.usdc(user_address="0x1", broker_id="b"),
]


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("end", ["close", "with", "fork"])
def test_nothing_is_written_by_a_client_that_has_ended(write, end, monkeypatch):
    """Refused in a sentence that says what to do; not a byte reaches the venue. Reads still answer."""
    with HttpHost(answer(INFO)) as host:
        with here(host) as rest:
            read(rest)
            if end == "close":
                rest.close()
                rest.close()
            elif end == "fork":
                monkeypatch.setattr(os, "getpid", lambda: -7)
            if end != "with":
                with pytest.raises(errors.UsageError, match=r"was not sent.*connect anew"):
                    write(rest)
        with pytest.raises(errors.UsageError, match=r"was not sent.*connect anew"):
            write(rest)
        assert read(rest).symbol == "PERP_ETH_USDC"
        rest.close()
    assert [seen.method for seen in host.seen] == ["GET", "GET"]
    assert rest.stats().sent == 2


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("verb", ["post", "put", "delete"])
def test_each_way_to_write_is_closed(caller, verb):
    """Every group writes by one of these callers, signed or not, to whichever host."""
    with HttpHost() as host:
        with here(host) as rest:
            pass
        with pytest.raises(errors.UsageError, match=f"{verb.upper()} /v1/any"):
            getattr(getattr(rest, caller), verb)("/v1/any", Acknowledged)
    assert host.seen == []


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_has_no_other_way(group):
    """Its callers are the client's."""
    rest = Rest("testnet")
    ways = {id(getattr(rest, name)) for name in CALLERS}
    used = [value for value in vars(getattr(rest, group)).values() if isinstance(value, ApiClient)]
    assert used
    assert {id(caller) for caller in used} <= ways


def test_a_read_that_is_written_as_post_still_answers():
    """It changes nothing."""
    with HttpHost(answer({})) as host:
        with here(host) as rest:
            pass
        rest._public.post("/v1/public/query", Acknowledged, sql="x")
        rest.close()
    assert [seen.method for seen in host.seen] == ["POST"]


@pytest.mark.parametrize("ask", [read, place])
def test_nothing_is_sent_once_there_is_no_venue_to_ask(ask):
    """Reads neither, whatever is wrong else with the client; the reason is told."""
    with HttpHost(answer(INFO)) as host:
        rest = here(host)
        rest.refuse_all("the venue has gone home")
        with pytest.raises(errors.UsageError, match="was not sent: the venue has gone home"):
            ask(rest)
        rest.close()
        assert host.seen == []


def test_a_write_that_waited_for_its_turn_is_not_sent_after_the_end():
    """Its turn comes when the client is closed already."""

    class Closing(ManualClock):
        def sleep(self, seconds):
            super().sleep(seconds)
            rest.close()

    with HttpHost(answer(CREATED)) as host:
        rest = here(host, rate_limits=True, clock=Closing(), timeouts=Timeouts())
        placed = []
        with pytest.raises(errors.UsageError, match="stopped"):
            placed.extend(place(rest) for _ in range(100))
        assert 0 < len(placed) < 100
        assert len(host.seen) == len(placed)


def test_a_write_that_waited_for_a_connection_is_not_sent_after_the_end(monkeypatch):
    """It was on its way, but none of its bytes were."""
    found = socket.getaddrinfo

    def look_up(*args, **options):
        rest.close()
        return found(*args, **options)

    with HttpHost(answer(CREATED)) as host:
        rest = here(host, timeouts=Timeouts())
        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        with pytest.raises(errors.UsageError, match="stopped"):
            place(rest)
        assert host.seen == []


def test_threads_that_place_while_the_client_ends_know_what_was_sent():
    """Each order was either sent, and its answer read, or refused and never seen by the venue."""
    with HttpHost(answer(CREATED)) as host:
        rest = here(host, timeouts=Timeouts())
        begun, enough = threading.Barrier(9), threading.Event()
        placed, strange = [], []

        def work():
            begun.wait()
            try:
                while True:
                    placed.append(place(rest))
                    if len(placed) > 20:
                        enough.set()
            except errors.UsageError:
                pass
            except Exception as exc:
                strange.append(exc)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        begun.wait()
        enough.wait(10)
        rest.close()
        for thread in threads:
            thread.join()
        posts = [seen for seen in host.seen if seen.method == "POST"]
    assert strange == []
    assert len(posts) == len(placed)


def test_closing_waits_for_bytes_that_are_leaving():
    """Once it has returned, none leaves any more."""
    guard = WriteGuard()
    inside, go, closed = threading.Event(), threading.Event(), threading.Event()
    order = []

    def send():
        with guard.sending("PUT", "/v1/order?x=y"):
            inside.set()
            go.wait(5)
            order.append("sent")

    def close():
        guard.close()
        order.append("closed")
        closed.set()

    sender, closer = threading.Thread(target=send), threading.Thread(target=close)
    sender.start()
    inside.wait(5)
    closer.start()
    while True:
        try:
            guard.check("PUT", "/v1/order")
        except errors.UsageError:
            break
    assert not closed.is_set()
    go.set()
    sender.join()
    closer.join()
    assert order == ["sent", "closed"]


def test_a_child_is_not_held_by_a_lock_of_its_parents(monkeypatch):
    """Some thread of the parent's may have held it at the fork; nobody in the child will give it back."""
    guard = WriteGuard()
    with guard.sending("POST", "/v1/order"):
        monkeypatch.setattr(os, "getpid", lambda: -7)
        guard.close()
        with pytest.raises(errors.UsageError, match="fork"):
            guard.check("DELETE", "/v1/orders")
