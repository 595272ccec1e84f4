"""Look-ups of names: shared, few, and never waited for longer than the caller has."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from orderly_sync.dialling import look_ups
from orderly_sync.dialling.look_ups import MOST, look_up
from tests.support.paper import eventually

PLACE = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))


class Resolver:
    """Hangs until it is told to answer."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []
        self.over = threading.Event()
        self.answer: list[Any] | Exception = [PLACE]

    def __call__(self, host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        self.asked.append((host, port))
        self.over.wait(30)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Resolver]:
    hangs = Resolver()
    monkeypatch.setattr(socket, "getaddrinfo", hangs)
    yield hangs
    hangs.over.set()


class Patience:
    """So many looks, then the time is over."""

    def __init__(self, looks: int = 1) -> None:
        self._left = looks

    def __call__(self) -> float:
        if not self._left:
            raise TimeoutError
        self._left -= 1
        return 0.001


def threads() -> int:
    return sum(thread.name == "orderly-look-up" for thread in threading.enumerate())


def test_tries_again_wait_for_the_look_up_that_hangs(resolver: Resolver) -> None:
    """One thread, however often a name is asked for in vain; another name has its own."""
    for _ in range(50):
        with pytest.raises(TimeoutError):
            look_up("hung.example", 443, Patience())
    assert resolver.asked == [("hung.example", 443)]
    for host, port in [("hung.example", 80), ("other.example", 443)]:
        with pytest.raises(TimeoutError):
            look_up(host, port, Patience())
    assert len(resolver.asked) == threads() == 3


@pytest.mark.parametrize("answer", [[PLACE], socket.gaierror(-2, "unknown")], ids=["found", "unknown"])
def test_all_who_wait_get_the_same_answer_and_the_next_asks_anew(resolver: Resolver, answer: Any) -> None:
    """Nothing is kept beyond its end: an address may change."""
    resolver.answer = answer
    got: list[Any] = []

    def ask() -> None:
        try:
            got.append(look_up("venue.example", 443, lambda: 30.0))
        except OSError as exc:
            got.append(exc)

    askers = [threading.Thread(target=ask) for _ in range(8)]
    for one in askers:
        one.start()
    eventually(lambda: resolver.asked)
    resolver.over.set()
    for one in askers:
        one.join(30)
    assert got == [answer] * 8
    assert 1 <= len(resolver.asked) <= 8
    ask()
    assert got[-1] == answer


def test_what_hangs_for_long_is_not_waited_for_alone(
    resolver: Resolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A resolver that works again is asked again, but never by more than a few threads."""
    monkeypatch.setattr(look_ups, "OVERDUE", 0.0)
    for _ in range(10):
        with pytest.raises(TimeoutError):
            look_up("hung.example", 443, Patience())
    assert len(resolver.asked) == threads() == MOST


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_child_waits_for_no_thread_of_its_parents(resolver: Resolver) -> None:
    """The thread that looks a name up is not there in the child, which asks itself."""
    with pytest.raises(TimeoutError):
        look_up("venue.example", 443, Patience())
    child = os.fork()
    if child == 0:  # pragma: no cover - in the child
        resolver.over = threading.Event()
        resolver.over.set()
        found = look_up("venue.example", 443, Patience(1000))
        os._exit(0 if found == [PLACE] else 1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
