"""urllib3's connections, with every wait ending at one deadline and only a final answer taken for one."""

from __future__ import annotations

import http.client
import io
import math
import re
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from urllib.parse import urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from orderly_sync.dialling.addresses import NotSent, Now, left, open_socket
from orderly_sync.dialling.cancellation import note
from orderly_sync.dialling.trust import Proxy
from orderly_sync.errors import UsageError

__all__ = ["PlainConnection", "Sending", "TlsConnection", "dial"]

_PORTS = {"wss": 443, "ws": 80}

_INTERIM = 32
"""Interim answers (102, 103) read before one that is final."""
_BUFFER = 16 * 1024
_PIECE = 16 * 1024
"""Bytes sent under one look at the clock: a TLS record."""
_REFUSED = re.compile(r"Tunnel connection failed: ([0-9]+)")

Sending = Callable[[str, str], AbstractContextManager[None]]
"""Entered with a request's verb and target around its bytes; raises where it must not be sent."""


class _Timed(io.RawIOBase):
    """What a socket receives, each wait no longer than what is left."""

    _raw: Any = (
        None  # until it is made: an interrupt may come before that, and whatever is collected is closed
    )

    def __init__(self, sock: Any, connection: _Bounded) -> None:
        self._sock = sock
        # Not the socket's own reading: a connection that closes meanwhile must leave it open until the answer is read.
        self._raw = sock.makefile("rb", buffering=0)
        self._connection = connection
        self.is_proxy = connection.is_tunneling

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._connection.timeout)
        count: int = self._raw.readinto(buffer)
        return count

    def close(self) -> None:
        if not self.closed and self._raw is not None:
            self._raw.close()
        super().close()


class _Readable:
    """As much of a socket as http.client's answers ask for."""

    def __init__(self, sock: object, connection: _Bounded) -> None:
        self._raw = _Timed(sock, connection)

    def makefile(self, *_: object) -> io.BufferedReader:
        # Not a byte more than a proxy's own answer: what follows it is the host's.
        return io.BufferedReader(self._raw, 1 if self._raw.is_proxy else _BUFFER)


class _Answer(http.client.HTTPResponse):
    """An answer that is final: http.client takes a 103 for one."""

    fp: Any = None  # http.client closes what is collected by it, made whole or not

    def begin(self) -> None:
        for _ in range(_INTERIM):
            super().begin()
            if self.status >= http.HTTPStatus.OK:
                return
            if self.status == http.HTTPStatus.SWITCHING_PROTOCOLS:
                break
            self.headers = self.msg = None  # type: ignore[assignment]
        raise http.client.HTTPException("no final answer")


class _Bounded(HTTPConnection):
    """A connection whose every wait ends at one deadline.

    Args:
        now: The monotonic time.
        connect: Seconds that dialling may take, the look-up, the proxy and TLS included.
        sending: Entered around the bytes of a request.
    """

    def __init__(
        self,
        *args: Any,
        now: Now = time.monotonic,
        connect: float = math.inf,
        sending: Sending | None = None,
        **options: Any,
    ) -> None:
        self._now = now
        self._seconds = connect
        self._sending = sending
        self._until = math.inf
        self._held: bytearray | None = None
        self._raw: socket.socket | None = None
        self.is_tunneling = False
        super().__init__(*args, **options)

    # The pool sets a timeout before each step; it counts from then, whatever the step consists of.
    @property
    def timeout(self) -> float | None:
        """Seconds left; TimeoutError once they have passed."""
        return None if self._until == math.inf else left(self._until, self._now)

    @timeout.setter
    def timeout(self, seconds: float | None) -> None:
        self._until = self._now() + seconds if isinstance(seconds, (int, float)) else math.inf

    def response_class(self, sock: object, *args: object, **options: object) -> _Answer:  # type: ignore[override]
        return _Answer(_Readable(sock, self), *args, **options)  # type: ignore[arg-type]

    def connect(self) -> None:
        """Dial, tunnel and greet.

        Raises:
            NotSent: It did not come about; nothing is left open.
        """
        until = self._until
        self._until = min(until, self._now() + self._seconds)
        try:
            super().connect()
        except BaseException as exc:
            if self._raw is not None:
                self._raw.close()  # an interrupt may come before it is anybody's
            self.close()
            if isinstance(exc, (OSError, http.client.HTTPException, HTTPError, ValueError)):
                raise NotSent(_reason(exc)) from None
            raise
        finally:
            self._until, self._raw = until, None

    def _new_conn(self) -> socket.socket:
        self._raw = open_socket(self.host, self.port, self._until, self._now)
        return self._raw

    def _tunnel(self) -> None:
        self.is_tunneling = True
        try:
            super()._tunnel()
        finally:
            self.is_tunneling = False
        self.sock.settimeout(self.timeout)

    def request(self, method: str, url: str, *args: Any, **options: Any) -> None:
        """Send a request, dialling first if need be; head and body leave together.

        Raises:
            NotSent: There is no connection, or the deadline passed while it was made.
            UsageError: A header cannot be sent as it is, or the request must not be.
        """
        if self.sock is None:
            self.connect()
        else:
            note(self.sock)
        if self._until <= self._now():
            raise NotSent("the host does not answer")
        self._held = held = bytearray()
        try:
            super().request(method, url, *args, **options)
        except ValueError:
            raise UsageError(
                "a header of the request holds what no header may hold, such as a line break"
            ) from None
        finally:
            self._held = None
        with self._sending(method, url) if self._sending else nullcontext():
            self.send(held)

    def send(self, data: Any) -> None:
        """Send bytes, each piece of them within what is left."""
        if self._held is not None:
            self._held += data
            return
        for start in range(0, len(data), _PIECE):
            self.sock.settimeout(self.timeout)
            super().send(data[start : start + _PIECE])


class PlainConnection(_Bounded):
    """A connection without TLS."""


class TlsConnection(_Bounded, HTTPSConnection):
    """A connection with TLS."""


def dial(
    url: str, *, until: float, now: Now, proxy: Proxy | None, context: ssl.SSLContext | None
) -> socket.socket:
    """A socket to the host of a ``wss://`` or ``ws://`` URL, through a proxy's tunnel if there is one.

    Raises:
        NotSent: It did not come about.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    where = (host, port) if proxy is None else (proxy.host, proxy.port)
    connection: PlainConnection | TlsConnection
    if parts.scheme == "wss":
        connection = TlsConnection(*where, now=now, ssl_context=context)
    else:
        connection = PlainConnection(*where, now=now)
    if proxy is not None:
        connection.set_tunnel(host, port, proxy.headers)
    connection.timeout = until - now()
    connection.connect()
    sock: socket.socket = connection.sock
    connection.sock = None
    return sock


def _reason(exc: BaseException) -> str:
    """Why no connection came about, in words that hold neither addresses nor headers."""
    while isinstance(exc, HTTPError):
        inner = next((one for one in exc.args if isinstance(one, Exception)), exc.__cause__)
        if inner is None:
            break
        exc = inner
    refused = _REFUSED.match(str(exc))
    if isinstance(exc, ssl.SSLCertVerificationError):
        text = f"the host's certificate is refused: {exc.verify_message}"
    elif isinstance(exc, ssl.SSLError):
        text = f"TLS failed: {exc.reason}"
    elif isinstance(exc, (socket.gaierror, UnicodeError)):
        text = "the host's name is unknown"
    elif isinstance(exc, TimeoutError):
        text = "the host does not answer"
    elif refused:
        text = f"the proxy answered {refused[1]}"
    else:
        text = (isinstance(exc, OSError) and exc.strerror) or type(exc).__name__
    return text
