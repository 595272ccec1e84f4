"""An HTTP host on loopback that answers as each test tells it, down to the byte, and remembers what it was asked."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from typing_extensions import Self

from orderly_sync.config import Network

__all__ = ["TLS", "HttpHost", "Seen", "answer", "drip", "hang_up", "plain", "raw", "reset", "silence"]

TLS = Path(__file__).parent / "tls"
"""``authority.pem`` signed ``host.pem`` (127.0.0.1) and ``stranger.pem`` (another name); ``clients.pem`` the certificate of
``client.pem`` and ``locked.pem``, of which the latter's key opens with the word ``sesame``."""


class Seen(NamedTuple):
    """One request as it came in."""

    method: str
    target: str
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes
    connection: int
    """Which connection it came by, from 0."""


Act = Callable[["HttpHost", socket.socket, Seen], None]
"""What to do with a request."""


def plain(body: bytes, status: int = 200, headers: str = "") -> bytes:
    """The bytes of an answer."""
    return f"HTTP/1.1 {status} So\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


def answer(data: Any = None, *, status: int = 200, headers: str = "", **envelope: Any) -> Act:
    """Answer with the venue's envelope around ``data``."""
    whole = {"success": status == 200, "timestamp": 1_700_000_000_000, **envelope}
    if data is not None:
        whole["data"] = data
    return raw(plain(json.dumps(whole).encode(), status, headers))


def raw(data: bytes, *, close: bool = False) -> Act:
    """Answer with these very bytes."""

    def act(_: HttpHost, sock: socket.socket, __: Seen) -> None:
        sock.sendall(data)
        if close:
            sock.shutdown(socket.SHUT_RDWR)

    return act


def hang_up(_: HttpHost, sock: socket.socket, __: Seen) -> None:
    """Close without a word."""
    sock.shutdown(socket.SHUT_RDWR)


def reset(_: HttpHost, sock: socket.socket, __: Seen) -> None:
    """Reset the connection after the request was read."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def silence(host: HttpHost, _: socket.socket, __: Seen) -> None:
    """Never answer."""
    host.closing.wait(30)


def drip(data: bytes, every: float = 0.02) -> Act:
    """Answer a byte at a time, for as long as there is somebody to read."""

    def act(host: HttpHost, sock: socket.socket, _: Seen) -> None:
        with suppress(OSError):
            for index in range(len(data)):
                sock.sendall(data[index : index + 1])
                if host.closing.wait(every):
                    return

    return act


class HttpHost:
    """Listens on 127.0.0.1 in threads of its own. The last act is repeated.

    Args:
        acts: What to do with the first request, the second, and so on.
        certificate: A file with certificate and key, to speak TLS; a CONNECT before it makes it a proxy of itself.
    """

    def __init__(self, *acts: Act, certificate: Path | None = None) -> None:
        self.acts = list(acts) or [answer({})]
        self.seen: list[Seen] = []
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._tls: ssl.SSLContext | None = None
        if certificate:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(certificate)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, name="http-host")]
        self._threads[0].start()

    @property
    def url(self) -> str:
        """``http://127.0.0.1:port``."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def network(self) -> Network:
        """A network whose REST host this is."""
        ws = "ws://127.0.0.1:9"
        return Network(name="here", rest=self.url, rest_strategy_vault=self.url, ws_public=ws, ws_private=ws)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._sockets:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        for sock in self._sockets:
            sock.close()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            number = len(self._threads) - 1
            self._sockets.append(sock)
            thread = threading.Thread(target=self._serve, args=(sock, number), name="http-host")
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket, number: int) -> None:
        with suppress(OSError):
            if self._tls and self._greets(sock):
                sock = self._secured(sock)
            while (seen := self._request(sock, number)) is not None:
                with self._lock:
                    self.seen.append(seen)
                    act = self.acts.pop(0) if len(self.acts) > 1 else self.acts[0]
                act(self, sock, seen)
                if self._tls and seen.method == "CONNECT" and self._greets(sock):
                    sock = self._secured(sock)

    def _greets(self, sock: socket.socket) -> bool:
        """Whether the other side begins to speak TLS; False if it has gone."""
        return sock.recv(1, socket.MSG_PEEK) == b"\x16"

    def _secured(self, sock: socket.socket) -> socket.socket:
        assert self._tls is not None
        secured = self._tls.wrap_socket(sock, server_side=True)
        self._sockets.append(secured)
        return secured

    def _request(self, sock: socket.socket, number: int) -> Seen | None:
        data = b""
        while b"\r\n\r\n" not in data:
            more = sock.recv(65536)
            if not more:
                return None
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        while len(body) < int(headers.get("content-length", 0)):
            body += sock.recv(65536)
        method, target, _ = first.split(" ")
        return Seen(method, target, headers, body, number)
