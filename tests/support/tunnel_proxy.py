"""An HTTP proxy on loopback that opens tunnels, passes on what is asked by whole URLs, and remembers who asked for what."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType
from urllib.parse import urlsplit

from typing_extensions import Self

__all__ = ["TunnelProxy"]


class TunnelProxy:
    """Listens on 127.0.0.1 in threads of its own."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        """The first line of each request."""
        self.users: set[str] = set()
        """Each ``Proxy-Authorization``, or nothing."""
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        for sock in self._sockets:
            sock.close()

    def _start(self, work: object, *args: object) -> None:
        thread = threading.Thread(target=work, args=args, name="tunnel-proxy")  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
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
