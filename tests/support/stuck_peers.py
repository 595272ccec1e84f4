"""Peers on loopback that take a connection and never come to an end with it: silent, dripping, or without reading."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from types import TracebackType

from tests.support.loopback import Loopback

__all__ = ["TLS_DRIP", "UPGRADE_DRIP", "StuckPeer", "deaf_port", "orderly_threads"]

UPGRADE_DRIP = b"HTTP/1.1 101 Switching Protocols\r\nX-Slow: "
"""The beginning of an answer whose header never ends."""
TLS_DRIP = b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc"
"""The beginning of a TLS record of 16 KiB."""


class StuckPeer(Loopback):
    """Reads nothing.

    Args:
        drips: What it says, a byte at a time; then ``a`` without end. None: not a word.
        every: Seconds between two bytes.
    """

    def __init__(self, drips: bytes | None = None, *, every: float = 0.02) -> None:
        self.taken = 0
        """Connections taken so far."""
        self._drips = drips
        self._every = every
        self._ended = threading.Event()
        self._sockets: list[socket.socket] = []
        super().__init__("stuck-peer")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        for sock in self._sockets:
            sock.close()

    def hang_up(self) -> None:
        """Say no more; the sockets are closed once nobody writes to them."""
        self._ended.set()

    def connected(self, sock: socket.socket) -> None:
        """Keep it open."""
        self._sockets.append(sock)
        if self._drips is not None:
            self._start(self._drip, sock, self._drips)
        self.taken += 1

    def _drip(self, sock: socket.socket, begins: bytes) -> None:
        with contextlib.suppress(OSError):
            at = 0
            while not self._ended.wait(self._every):
                sock.sendall(begins[at : at + 1] or b"a")
                at += 1


@contextlib.contextmanager
def deaf_port() -> Iterator[int]:
    """A port of 127.0.0.2 where a dial is never answered: its queue is full.

    Raises:
        LookupError: This system takes connections beyond the queue.
    """
    with contextlib.ExitStack() as stack:
        sock = stack.enter_context(socket.create_server(("127.0.0.2", 0), backlog=0))
        port = sock.getsockname()[1]
        for _ in range(8):
            knock = stack.enter_context(socket.socket())
            knock.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                knock.connect(("127.0.0.2", port))
        try:
            socket.create_connection(("127.0.0.2", port), timeout=0.1).close()
        except TimeoutError:
            yield port
        else:
            raise LookupError("this system takes connections beyond the queue")


def orderly_threads() -> list[str]:
    """The names of the threads of the package that run, save look-ups, which only the system's resolver can end."""
    alive = [thread.name for thread in threading.enumerate() if thread.is_alive()]
    return sorted(name for name in alive if name.startswith("orderly-") and name != "orderly-look-up")
