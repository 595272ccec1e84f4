"""Connections to one host: dialled when needed, kept for the next request, each used by one thread at a time.

A request has one deadline for everything, from dialling to the last byte, so a host that drips its answer cannot hold a
caller. What failed is told by phase, for it decides what may be done next: before the first byte was sent, or after.
"""

from __future__ import annotations

import base64
import http.client
import io
import os
import select
import socket
import ssl
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import attrs
import certifi

from orderly_sync.errors import UsageError

__all__ = ["Broken", "Connections", "Late", "NotConnected", "Reply"]

_CHUNK = 256 * 1024
_HEAD = 64 * 1024
_IDLE = 64
"""Connections kept open; more are opened when more threads send at once, and closed after."""
_OK = 200
_PORTS = {"https": 443, "http": 80}


class NotConnected(Exception):
    """No connection came about; nothing of the request was sent."""


class Late(Exception):
    """The deadline passed after the request, or a part of it, was sent."""


class Broken(Exception):
    """The request, or a part of it, was sent and its answer lost."""


@attrs.frozen
class Reply:
    """One answer, whole, as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Reader(io.RawIOBase):
    """What a socket receives, until a deadline."""

    def __init__(self, sock: socket.socket, deadline: float, now: Callable[[], float]) -> None:
        self._sock = sock
        self._deadline = deadline
        self._now = now

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        # The timeout of a socket counts anew for each read, so it is set to what is left.
        self._sock.settimeout(_left(self._deadline, self._now))
        return self._sock.recv_into(buffer)


class _Readable:
    """As much of a socket as http.client's answers ask for."""

    def __init__(self, sock: socket.socket, deadline: float, now: Callable[[], float]) -> None:
        self._raw = _Reader(sock, deadline, now)

    def makefile(self, *_: Any) -> io.BufferedReader:
        return io.BufferedReader(self._raw, _HEAD)


def _left(deadline: float, now: Callable[[], float]) -> float:
    left = deadline - now()
    if left <= 0:
        raise TimeoutError
    return left


def _is_quiet(sock: socket.socket) -> bool:
    """Whether nothing came in between two requests; what did come is the host hanging up."""
    if not hasattr(select, "poll"):
        return not select.select([sock], [], [], 0)[0]
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return not poll.poll(0)


class Connections:
    """All connections to one host.

    Args:
        base: ``https://api.orderly.org``; plain http is for loopback only, which ``Network`` has seen to.
        connect: Seconds that dialling may take.
        now: The monotonic time.
        limit: Bytes a body may have, as sent.
        proxy: The URL of an HTTP proxy, with its user if it wants one.
        ca_file: Certificate authorities instead of certifi's.
    """

    def __init__(
        self,
        base: str,
        *,
        connect: float,
        now: Callable[[], float],
        limit: int,
        proxy: str | None = None,
        ca_file: str | None = None,
    ) -> None:
        parts = urlsplit(base)
        self._host = parts.hostname or ""
        self._port = parts.port or _PORTS[parts.scheme]
        self._is_secure = parts.scheme == "https"
        self._host_header = parts.netloc
        self._connect = connect
        self._now = now
        self._limit = limit
        self._proxy = _Proxy.of(proxy)
        self._prefix = base if self._proxy and not self._is_secure else parts.path
        self._ca_file = ca_file
        self._context: ssl.SSLContext | None = None
        self._idle: deque[socket.socket] = deque()
        self._process = os.getpid()

    def close(self) -> None:
        """Close those that nobody uses at the moment."""
        while self._idle:
            self._idle.pop().close()

    def exchange(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes, deadline: float
    ) -> Reply:
        """Send one request and read its whole answer.

        Raises:
            NotConnected: Nothing was sent.
            Late: Sent, and the deadline passed.
            Broken: Sent, and the answer was lost or is no HTTP.
        """
        lines = [f"{method} {self._prefix}{target} HTTP/1.1", f"Host: {self._host_header}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if self._proxy and not self._is_secure and self._proxy.authorization:
            lines.append(self._proxy.authorization)
        head = "\r\n".join(lines) + "\r\n\r\n"
        sock = self._take(deadline) or self._dial(deadline)
        is_done = False
        try:
            sock.sendall(head.encode("ascii") + body)
            answer, reply = self._receive(sock, method, deadline)
            is_done = not answer.will_close
        except TimeoutError:
            raise Late from None
        except (OSError, http.client.HTTPException, ValueError) as exc:
            raise Broken(type(exc).__name__) from None
        finally:
            # Whatever went wrong, an interrupt too: half an answer must not meet the next request.
            if is_done:
                self._give(sock)
            else:
                sock.close()
        return reply

    def _receive(
        self, sock: socket.socket, method: str, deadline: float
    ) -> tuple[http.client.HTTPResponse, Reply]:
        answer = http.client.HTTPResponse(_Readable(sock, deadline, self._now), method=method)  # type: ignore[arg-type]
        try:
            answer.begin()
            body = self._body(answer)
        finally:
            answer.close()
        return answer, Reply(answer.status, cast("Mapping[str, str]", answer.headers), body)

    def _body(self, answer: http.client.HTTPResponse) -> bytes:
        if answer.length is not None:
            if answer.length > self._limit:
                raise Broken(f"the answer exceeds {self._limit >> 20} MiB")
            return answer.read()
        chunks: list[bytes] = []
        size = 0
        while chunk := answer.read(_CHUNK):
            size += len(chunk)
            if size > self._limit:
                raise Broken(f"the answer exceeds {self._limit >> 20} MiB")
            chunks.append(chunk)
        return b"".join(chunks)

    def _take(self, deadline: float) -> socket.socket | None:
        """A connection kept from an earlier request, unless the host has hung up meanwhile."""
        if self._process != os.getpid():
            # A forked child would write into its parent's conversations; it begins its own.
            self.close()
            self._process = os.getpid()
        while True:
            try:
                sock = self._idle.pop()
            except IndexError:
                return None
            if _is_quiet(sock):
                sock.settimeout(max(0.001, deadline - self._now()))
                return sock
            sock.close()

    def _give(self, sock: socket.socket) -> None:
        if len(self._idle) < _IDLE:
            self._idle.append(sock)
        else:
            sock.close()

    def _dial(self, deadline: float) -> socket.socket:
        until = min(deadline, self._now() + self._connect)
        where = (self._proxy.host, self._proxy.port) if self._proxy else (self._host, self._port)
        sock = None
        try:
            sock = socket.create_connection(where, timeout=_left(until, self._now))
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._is_secure:
                if self._proxy:
                    self._tunnel(sock, self._proxy, until)
                sock.settimeout(_left(until, self._now))
                sock = self._tls().wrap_socket(sock, server_hostname=self._host)
            sock.settimeout(_left(deadline, self._now))
        except BaseException as exc:
            if sock is not None:
                sock.close()
            if isinstance(exc, (OSError, http.client.HTTPException, ValueError)):
                raise NotConnected(_reason(exc)) from None
            raise
        return sock

    def _tunnel(self, sock: socket.socket, proxy: _Proxy, deadline: float) -> None:
        where = f"{self._host}:{self._port}"
        lines = [f"CONNECT {where} HTTP/1.1", f"Host: {where}", *filter(None, [proxy.authorization]), "", ""]
        sock.settimeout(_left(deadline, self._now))
        sock.sendall("\r\n".join(lines).encode("ascii"))
        answer = http.client.HTTPResponse(_Readable(sock, deadline, self._now), method="CONNECT")  # type: ignore[arg-type]
        try:
            answer.begin()
        finally:
            answer.close()
        if answer.status != _OK:
            raise http.client.HTTPException(f"the proxy answered {answer.status}")

    def _tls(self) -> ssl.SSLContext:
        if self._context is None:
            context = ssl.create_default_context(cafile=self._ca_file or certifi.where())
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            context.set_alpn_protocols(["http/1.1"])
            self._context = context
        return self._context


@attrs.frozen
class _Proxy:
    """An HTTP proxy; its user is never shown."""

    host: str
    port: int
    authorization: str = attrs.field(repr=False)
    """The header line that names its user, or nothing."""

    @classmethod
    def of(cls, url: str | None) -> _Proxy | None:
        if url is None:
            return None
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname or not parts.port:
            raise UsageError(
                "proxy must be the URL of an HTTP proxy: 'http://host:port' or 'http://user:word@host:port'"
            )
        if parts.username is None:
            return cls(parts.hostname, parts.port, "")
        user = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
        return cls(
            parts.hostname, parts.port, f"Proxy-Authorization: Basic {base64.b64encode(user).decode()}"
        )


def _reason(exc: Exception) -> str:
    """Why no connection came about, in words that hold neither addresses nor headers."""
    if isinstance(exc, ssl.SSLCertVerificationError):
        return f"the host's certificate is refused: {exc.verify_message}"
    if isinstance(exc, ssl.SSLError):
        return f"TLS failed: {exc.reason}"
    if isinstance(exc, socket.gaierror):
        return "the host's name is unknown"
    if isinstance(exc, TimeoutError):
        return "the host does not answer"
    if isinstance(exc, http.client.HTTPException) and exc.args:
        return str(exc.args[0])
    return f"{type(exc).__name__}"
