"""Looking up what a host's name stands for, on threads of their own: the system's look-up knows no deadline.

Whoever asks for a name that is being looked up waits for that same look-up, so that tries again do not pile up
threads behind a resolver that hangs. One that has hung for long is not trusted to end: another is begun beside it,
up to a few a name.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from orderly_sync.waiting import Flag, Worker

__all__ = ["MOST", "OVERDUE", "look_up"]

OVERDUE = 15.0
"""Seconds after which a look-up that has not ended is no longer waited for alone,"""
MOST = 3
"""and how many of one name may be under way together."""


class _LookUp:
    """One look-up under way."""

    def __init__(self, host: str, port: int, over: Callable[[_LookUp], object]) -> None:
        self.began = time.monotonic()
        self.answer: list[Any] | Exception | None = None
        self.done = Flag()
        self._where = (host, port)
        self._over = over
        self._worker = Worker(self._run, "orderly-look-up")

    def start(self) -> None:
        """Begin, if nobody has."""
        self._worker.start()

    def _run(self) -> None:
        try:
            self.answer = list(socket.getaddrinfo(*self._where, type=socket.SOCK_STREAM))
        except Exception as exc:  # noqa: BLE001 - raised by the threads that wait for it
            self.answer = exc
        finally:
            self._over(self)
            self.done.set()


class _LookUps:
    """Those of this process that are under way."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self._lock = threading.Lock()
        self._running: dict[tuple[str, int], tuple[_LookUp, ...]] = {}

    def of(self, host: str, port: int) -> _LookUp:
        """The one to wait for: the newest, or one more."""
        with self._lock:
            running = self._running.get((host, port), ())
            if running and (len(running) >= MOST or time.monotonic() - running[-1].began < OVERDUE):
                return running[-1]
            one = _LookUp(host, port, lambda over: self._over(host, port, over))
            self._running[host, port] = (*running, one)
            return one

    def _over(self, host: str, port: int, over: _LookUp) -> None:
        with self._lock:
            left = tuple(one for one in self._running.get((host, port), ()) if one is not over)
            self._running.pop((host, port), None)
            if left:
                self._running[host, port] = left


_look_ups = _LookUps()


def _of_this_process() -> _LookUps:
    """A forked child has none of its parent's threads, so it waits for none of them."""
    global _look_ups  # noqa: PLW0603 - one for the process, as the system's resolver is
    if _look_ups.process != os.getpid():
        _look_ups = _LookUps()
    return _look_ups


def look_up(host: str, port: int, patience: Callable[[], float]) -> list[Any]:
    """What ``getaddrinfo`` says of a name.

    Args:
        host: The name.
        port: The port.
        patience: Asked again and again for the seconds until it is asked next; raises what ends the wait. The look-up
            is then left to itself, and to whoever asks next.

    Raises:
        OSError: The name is unknown.
    """
    one = _of_this_process().of(host, port)
    one.start()
    while not one.done.wait(patience()):
        pass
    if isinstance(one.answer, Exception):
        raise one.answer
    return list(one.answer or ())
