"""Ending what another thread waits for."""

from __future__ import annotations

import socket
import threading
from typing import Any

from orderly_sync.clock import ManualClock
from orderly_sync.dialling.cancellation import Cancellation, cancellable, is_cancelled, note
from orderly_sync.rest.call_deadline import pause


def reader(ending: Cancellation | None, sock: socket.socket, got: list[Any], waits: threading.Event) -> Any:
    def read() -> None:
        def wait() -> None:
            with cancellable():
                note(sock)
                waits.set()
                got.append(sock.recv(1))

        if ending is None:
            wait()
        else:
            with ending.applied():
                wait()

    thread = threading.Thread(target=read)
    thread.start()
    return thread


def test_a_thread_that_reads_is_woken() -> None:
    """As if the peer had gone."""
    ending, got, waits = Cancellation(), [], threading.Event()
    mine, other = socket.socketpair()
    with mine, other:
        thread = reader(ending, mine, got, waits)
        assert waits.wait(30)
        ending.set()
        thread.join(30)
        assert got == [b""]


def test_a_socket_that_is_noted_too_late_is_shut_at_once() -> None:
    """Nothing begins any more."""
    ending, got = Cancellation(), []
    ending.set()
    mine, other = socket.socketpair()
    with mine, other:
        reader(ending, mine, got, threading.Event()).join(30)
        assert got == [b""]


def test_what_users_wait_for_and_what_is_over_is_left_alone() -> None:
    """A connection that went back to its pool may be anybody's."""
    ending, got, waits = Cancellation(), [], threading.Event()
    mine, other = socket.socketpair()
    with mine, other:
        with ending.applied(), cancellable():
            note(mine)
        thread = reader(None, mine, got, waits)
        assert waits.wait(30)
        ending.set()
        other.send(b"x")
        thread.join(30)
        assert got == [b"x"]
        assert not is_cancelled()


def test_a_pause_ends_with_whoever_it_is_made_for() -> None:
    """By the clock it was given; that of a user goes on."""
    clock, ending = ManualClock(), Cancellation()
    with ending.applied():
        pause(clock, 1.1)
        assert clock.monotonic() >= 1.1
        ending.set()
        pause(clock, 60)
        assert clock.monotonic() < 2
    pause(clock, 60)
    assert clock.monotonic() > 60
