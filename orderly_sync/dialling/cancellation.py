"""Ending from another thread what a thread waits for on its way to the venue: a look-up, a dial, an answer, a pause.

A part of this package with a thread of its own has one ``Cancellation`` and runs under it (``applied``); whoever stops
that part sets it. What is under way then fails at once, as if the peer had gone, and nothing is begun any more. What
users call runs under none: their calls end by their own deadlines.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextvars import ContextVar

from orderly_sync.waiting import Flag

__all__ = ["Cancellation", "cancellable", "has_cancellation", "is_cancelled", "note"]


class Cancellation(Flag):
    """A flag that also ends what its owner's threads wait for."""

    __slots__ = ("_lock", "_sockets")

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._sockets: set[socket.socket] = set()

    def set(self) -> None:
        """End what is under way, and let nothing begin."""
        super().set()
        with self._lock:
            sockets = tuple(self._sockets)
            tuple(
                map(_shut, sockets)
            )  # under the lock: one that is let go of meanwhile may be another's already

    @contextlib.contextmanager
    def applied(self) -> Iterator[None]:
        """Have what this thread does in the block end once it is set."""
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)

    def hold(self, sock: socket.socket) -> None:
        """Shut that socket down once this is set; at once if it is."""
        with self._lock:
            self._sockets.add(sock)
        if self.is_set():
            _shut(sock)

    def let_go(self, sock: socket.socket) -> None:
        """Leave it alone from now on."""
        with self._lock:
            self._sockets.discard(sock)


_current: ContextVar[Cancellation | None] = ContextVar("cancellation", default=None)
_noted: ContextVar[list[socket.socket] | None] = ContextVar("noted", default=None)


def has_cancellation() -> bool:
    """Whether this thread works for a part of this package that can be ended."""
    return _current.get() is not None


def is_cancelled() -> bool:
    """Whether whoever this thread works for wants it to end."""
    cancellation = _current.get()
    return cancellation is not None and cancellation.is_set()


@contextlib.contextmanager
def cancellable() -> Iterator[None]:
    """Have the sockets that are noted in the block, and not those of later ones, shut down by a cancellation."""
    cancellation = _current.get()
    if cancellation is None:
        yield
        return
    token = _noted.set([])
    try:
        yield
    finally:
        noted = _noted.get() or []
        _noted.reset(token)
        for sock in noted:
            cancellation.let_go(sock)
            sock.close()


def note(sock: socket.socket) -> None:
    """This thread is about to wait for that socket."""
    cancellation, noted = _current.get(), _noted.get()
    if cancellation is None or noted is None:
        return
    # Another descriptor of the same connection: TLS takes the socket itself over, and leaves a dead one behind.
    own = sock.dup()
    noted.append(own)
    cancellation.hold(own)


def _shut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
