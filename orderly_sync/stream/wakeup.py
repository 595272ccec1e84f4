"""Waiting for a socket, or for another thread to say that there is work; the one thing an I/O thread blocks on."""

from __future__ import annotations

import contextlib
import selectors
import socket
from typing import Any

__all__ = ["Wakeup"]

_READ, _WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class Wakeup:
    """Waits for one socket and for ``wake()``. All but ``wake`` belongs to the I/O thread."""

    def __init__(self) -> None:
        self._inner, self._outer = socket.socketpair()
        try:
            self._selector = selectors.DefaultSelector()
        except OSError:  # no descriptor is left for it: none may stay behind
            self._inner.close()
            self._outer.close()
            raise
        self._inner.setblocking(False)
        self._outer.setblocking(False)
        self._selector.register(self._inner, _READ)
        self._watched: Any = None
        self._writes = False

    def __del__(self) -> None:
        # A Ctrl-C while the thread that waits here is still being made leaves nobody else to close it.
        with contextlib.suppress(AttributeError):
            self.close()

    def wake(self) -> None:
        """End the wait that is under way, or the next one; from any thread."""
        # A full pipe wakes as well as another byte would; a closed one has nobody left to wake. Nobody notes that a
        # byte is under way: an interrupt between note and byte would silence all later ones.
        with contextlib.suppress(OSError):
            self._outer.send(b"!")

    def watch(self, sock: Any) -> None:
        """Wait for this socket from now on."""
        self._selector.register(sock, _READ)
        self._watched, self._writes = sock, False

    def unwatch(self) -> None:
        """Wait for no socket; to be called before it is closed."""
        if self._watched is not None:
            self._selector.unregister(self._watched)
            self._watched = None

    def wait(self, timeout: float | None, *, writes: bool) -> tuple[bool, bool]:
        """Wait up to ``timeout`` seconds; whether the socket can be read, and, if ``writes``, written."""
        if writes is not self._writes and self._watched is not None:
            self._selector.modify(self._watched, _READ | _WRITE if writes else _READ)
            self._writes = writes
        readable = writable = False
        for key, mask in self._selector.select(timeout):
            if key.fileobj is self._inner:
                with contextlib.suppress(BlockingIOError):
                    self._inner.recv(4096)
            else:
                readable, writable = bool(mask & _READ), bool(mask & _WRITE)
        return readable, writable

    def close(self) -> None:
        """Wait no more; any number of times."""
        self._selector.close()
        self._inner.close()
        self._outer.close()
