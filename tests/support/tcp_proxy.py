"""A TCP proxy on loopback before a venue's streams, that breaks connections: cut at a byte, reset, frozen, slow, in slices."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from urllib.parse import urlsplit

from tests.support.loopback import Loopback

__all__ = ["TcpProxy"]

_AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER of a socket whose end is a reset."""


class TcpProxy(Loopback):
    """Passes bytes on.

    What it is told concerns every connection, those that are open and those to come.

    Args:
        url: The stream that it stands before, of this machine.
    """

    def __init__(self, url: str) -> None:
        self._target = urlsplit(url)
        self.connections = 0
        """Dialled so far."""
        self.cuts = 0
        """How many ``cut_after`` has broken."""
        self.size = 65_536
        """Bytes passed on at once, to the client."""
        self.pause = 0.0
        """Seconds between two such pieces."""
        self._left: int | None = None
        self._resets = False
        self._lock = threading.Lock()
        self._thawed = threading.Event()
        self._thawed.set()
        self._ended = threading.Event()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        super().__init__("tcp-proxy")
        self.url = self._target._replace(netloc=f"127.0.0.1:{self.port}").geturl()
        """The same stream by way of this proxy."""

    def hang_up(self) -> None:
        """Let go of what is frozen or slow, too."""
        self._ended.set()
        self._thawed.set()
        self.drop()

    def cut_after(self, size: int, *, reset: bool = False) -> None:
        """Break the connection once so many more bytes have reached the client, by an end or a reset; once."""
        with self._lock:
            self._left, self._resets = size, reset

    def drop(self, *, reset: bool = False) -> int:
        """Break all connections now; how many."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            _end(pair, reset=reset)
        return len(pairs)

    def freeze(self) -> None:
        """Pass nothing on, either way, and leave every connection open: half-open, as after a pulled cable."""
        self._thawed.clear()

    def thaw(self) -> None:
        """Pass on again what has waited."""
        self._thawed.set()

    def connected(self, sock: socket.socket) -> None:
        """Dial the venue for it."""
        self.connections += 1
        try:
            far = socket.create_connection((self._target.hostname or "", self._target.port or 80), 5)
        except OSError:
            sock.close()
            return
        far.settimeout(None)
        with self._lock:
            self._pairs.append((sock, far))
        self._start(self._upwards, sock, far)
        self._start(self._downwards, sock, far)

    def _upwards(self, near: socket.socket, far: socket.socket) -> None:
        """From the client, whose handshake, or each request, names this proxy as its host where the venue expects itself."""
        own, its = f"127.0.0.1:{self.port}".encode(), self._target.netloc.encode()
        first = True
        with contextlib.suppress(OSError):
            while data := near.recv(65_536):
                self._thawed.wait()
                far.sendall(data.replace(own, its) if first else data)
                first = self._target.scheme == "http"
        self._over((near, far))

    def _downwards(self, near: socket.socket, far: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := far.recv(65_536):
                for start in range(0, len(data), self.size):
                    self._thawed.wait()
                    if self.pause and self._ended.wait(self.pause):
                        break
                    if not self._pass((near, far), data[start : start + self.size]):
                        return
        self._over((near, far))

    def _pass(self, pair: tuple[socket.socket, socket.socket], piece: bytes) -> bool:
        with self._lock:
            cuts = self._left is not None and self._left <= len(piece)
            if cuts:
                piece, self._left = piece[: self._left], None
                self.cuts += 1
            elif self._left is not None:
                self._left -= len(piece)
            resets = self._resets
        if piece:
            pair[0].sendall(piece)
        if cuts:
            self._over(pair, reset=resets)
        return not cuts

    def _over(self, pair: tuple[socket.socket, socket.socket], *, reset: bool = False) -> None:
        with self._lock:
            if pair not in self._pairs:
                return
            self._pairs.remove(pair)
        _end(pair, reset=reset)


def _end(pair: tuple[socket.socket, socket.socket], *, reset: bool) -> None:
    """Wake whoever reads either socket, and close both; a reset loses what was not yet read."""
    for sock in pair:
        with contextlib.suppress(OSError):
            if reset:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
            # A socket is closed when its last reader lets go of it, so that one is woken; SHUT_RD says nothing to the peer.
            sock.shutdown(socket.SHUT_RD if reset else socket.SHUT_RDWR)
        sock.close()
