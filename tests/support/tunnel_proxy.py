"""An HTTP proxy on loopback that opens tunnels, passes on what is asked by whole URLs, and remembers who asked for what."""

from __future__ import annotations

import contextlib
import socket
from types import TracebackType
from urllib.parse import urlsplit

from tests.support.loopback import Loopback

__all__ = ["TunnelProxy"]


class TunnelProxy(Loopback):
    """Reads the head of each connection, and opens the tunnel or passes the request on."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        """The first line of each request."""
        self.users: set[str] = set()
        """Each ``Proxy-Authorization``, or nothing."""
        self._sockets: list[socket.socket] = []
        super().__init__("tunnel-proxy")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        for sock in self._sockets:
            sock.close()

    def hang_up(self) -> None:
        """Wake who reads; the sockets are closed once nobody does."""
        for sock in self._sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def connected(self, sock: socket.socket) -> None:
        """Serve it."""
        self._sockets.append(sock)
        self._start(self._serve, sock)

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError):
            data = b""
            while b"\r\n\r\n" not in data:
                if not (more := sock.recv(65536)):
                    return
                data += more
            first, *lines = data.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
            self.asked.append(first)
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
            }
            self.users.add(headers.get("proxy-authorization", ""))
            method, target, _ = first.split(" ")
            parts = urlsplit(target if "://" in target else f"//{target}")
            far = socket.create_connection((parts.hostname or "", parts.port or 80), timeout=5)
            far.settimeout(None)
            self._sockets.append(far)
            if method == "CONNECT":
                sock.sendall(b"HTTP/1.1 200 Established\r\n\r\n")
                whole = b""
            else:
                # The host is asked for a path, as it would be without a proxy.
                whole = f" {parts.scheme}://{parts.netloc}/".encode()
                far.sendall(data.replace(whole, b" /", 1))
            self._start(_pass_on, far, sock)
            _pass_on(sock, far, whole)


def _pass_on(source: socket.socket, target: socket.socket, whole: bytes = b"") -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data.replace(whole, b" /", 1) if whole else data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
