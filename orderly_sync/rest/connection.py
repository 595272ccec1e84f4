"""Connections to one host: urllib3 opens them, pools them, tunnels through proxies and reads what comes.

A request has one deadline for everything, from dialling to the last byte, so a host that drips its answer cannot hold a
caller. What failed is told by phase, for it decides what may be done next: before the first byte was sent, or after.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Mapping
from functools import partial
from queue import Empty, Full
from typing import Any, cast
from urllib.parse import urlsplit

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, ProxyManager
from urllib3.exceptions import ClosedPoolError, HTTPError
from urllib3.exceptions import TimeoutError as PoolTimeout
from urllib3.util import Timeout

from orderly_sync.dialling.addresses import Now
from orderly_sync.dialling.cancellation import cancellable
from orderly_sync.dialling.connections import PlainConnection, Sending, TlsConnection
from orderly_sync.dialling.trust import Proxy, tls_context
from orderly_sync.errors import UsageError
from orderly_sync.rest.transport import AnswerLate, ConnectionBroken, HttpResponse, NotSent

__all__ = ["Connections"]

_CHUNK = 256 * 1024
_IDLE = 256
"""Connections kept open; more are opened when more threads send at once, and closed after."""


class _Until(Timeout):
    """A deadline in the shape of the pool's timeouts: whenever it is asked, what is left."""

    def __init__(self, deadline: float, now: Now) -> None:
        super().__init__()
        self._deadline = deadline
        self._now = now

    def clone(self) -> _Until:
        return self

    @property
    def connect_timeout(self) -> float:
        return max(0.0, self._deadline - self._now())

    @property
    def read_timeout(self) -> float:
        return max(0.0, self._deadline - self._now())


class _IdleConnections:
    """A pool's stack of idle connections, as far as a pool asks for a ``queue.LifoQueue`` that never blocks.

    That one takes its lock in Python code: a Ctrl-C in the middle of a request could leave it taken, and every later
    request of every thread would wait for it.
    """

    def __init__(self, maxsize: int) -> None:
        self._stack: deque[Any] = deque(maxlen=maxsize)

    def qsize(self) -> int:
        return len(self._stack)

    def put(self, connection: object, block: bool = True, timeout: float | None = None) -> None:  # noqa: ARG002
        if len(self._stack) == self._stack.maxlen:
            raise Full
        self._stack.append(connection)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:  # noqa: ARG002
        try:
            return self._stack.pop()
        except IndexError:
            raise Empty from None


class _PlainPool(HTTPConnectionPool):
    QueueCls = _IdleConnections  # type: ignore[assignment]


class _TlsPool(HTTPSConnectionPool):
    QueueCls = _IdleConnections  # type: ignore[assignment]


class Connections:
    """All connections to one host.

    Args:
        base: ``https://api.orderly.org``; plain http is for loopback only, which ``Network`` has seen to.
        connect: Seconds that dialling may take.
        now: The monotonic time.
        limit: Bytes a body may have, as sent.
        proxy: The URL of an HTTP proxy, with its user if it wants one.
        ca_file: Certificate authorities instead of certifi's.
        sending: Entered around the bytes of each request.

    Raises:
        UsageError: ``proxy`` is no proxy's URL, or ``ca_file`` cannot be read.
    """

    def __init__(
        self,
        base: str,
        *,
        connect: float,
        now: Now,
        limit: int,
        proxy: str | None = None,
        ca_file: str | None = None,
        sending: Sending | None = None,
    ) -> None:
        parts = urlsplit(base)
        self._host = parts.hostname or ""
        self._port = parts.port
        self._is_secure = parts.scheme == "https"
        self._host_header = parts.netloc
        self._now = now
        self._limit = limit
        self._proxy = Proxy.of(proxy)
        self._prefix = base if self._proxy and not self._is_secure else parts.path
        self._ca_file = ca_file
        # Read at once where somebody named them; the usual ones take a while and are read when they are needed.
        self._context = tls_context(ca_file) if ca_file is not None else None
        kind = TlsConnection if self._is_secure else PlainConnection
        self._make = partial(kind, now=now, connect=connect, sending=sending)
        self._lock = threading.Lock()
        self._pool: HTTPConnectionPool | None = None
        self._process = os.getpid()

    def close(self) -> None:
        """Close those that nobody uses at the moment; others are closed after their request."""
        pool, self._pool = self._pool, None
        if pool is not None and self._process == os.getpid():
            pool.close()

    def exchange(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes, deadline: float
    ) -> HttpResponse:
        """Send one request and read its whole answer.

        Raises:
            NotSent: Nothing was sent.
            AnswerLate: Sent, and the deadline passed.
            ConnectionBroken: Sent, and the answer was lost or is no HTTP.
        """
        with cancellable():
            return self._exchange(method, target, headers, body, _Until(deadline, self._now))

    def _exchange(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes, until: _Until
    ) -> HttpResponse:
        pool = self._pool
        if pool is None or self._process != os.getpid():
            pool = self._open()
        response = None
        is_done = False
        try:
            response = pool.urlopen(
                method,
                self._prefix + target,
                body=body or None,
                headers={"Host": self._host_header, **headers},
                retries=False,
                redirect=False,
                assert_same_host=False,
                timeout=until,
                preload_content=False,
                decode_content=False,
            )
            content = self._body(response)
            is_done = True
        except (UsageError, NotSent):
            raise
        except ClosedPoolError:
            raise NotSent("the client was closed meanwhile") from None
        except Exception as exc:  # noqa: BLE001 - urllib3 logs on its way, and the program's logging may raise anything
            raise _failure(exc) from None
        finally:
            # Whatever went wrong, an interrupt too: half an answer must not meet the next request.
            if response is not None and not is_done:
                response.close()
        return HttpResponse(response.status, cast("Mapping[str, str]", response.headers), content)

    def _body(self, response: Any) -> bytes:
        told = response.length_remaining
        if told is not None and told <= self._limit:
            whole: bytes = response.read()
            return whole
        chunks: list[bytes] = []
        size = told or 0
        while size <= self._limit and (chunk := response.read(_CHUNK)):
            size += len(chunk)
            chunks.append(chunk)
        if size > self._limit:
            raise ConnectionBroken(f"the answer exceeds {self._limit >> 20} MiB")
        return b"".join(chunks)

    def _open(self) -> HTTPConnectionPool:
        """The pool of this process; a forked child leaves its parent's conversations alone and begins its own."""
        with self._lock:
            if self._pool is None or self._process != os.getpid():
                self._process = os.getpid()
                self._pool = self._new_pool()
            return self._pool

    def _new_pool(self) -> HTTPConnectionPool:
        options: dict[str, Any] = {"maxsize": _IDLE, "block": False, "retries": False}
        if self._is_secure:
            self._context = options["ssl_context"] = self._context or tls_context()
        pool: HTTPConnectionPool
        if self._proxy is not None:
            manager = ProxyManager(self._proxy.url, proxy_headers=self._proxy.headers, **options)
            manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}
            scheme = "https" if self._is_secure else "http"
            pool = manager.connection_from_host(self._host, self._port, scheme)
        elif self._is_secure:
            pool = _TlsPool(self._host, self._port, **options)
        else:
            pool = _PlainPool(self._host, self._port, **options)
        pool.ConnectionCls = self._make  # type: ignore[assignment]
        return pool


def _failure(exc: Exception) -> Exception:
    """What a failure after dialling means; only its kind is told, for its text may hold addresses and headers."""
    if isinstance(exc, (AnswerLate, ConnectionBroken)):
        return exc
    inner: BaseException | None = exc
    while isinstance(inner, HTTPError):
        if isinstance(inner, PoolTimeout):
            return AnswerLate()
        inner = next((one for one in inner.args if isinstance(one, BaseException)), inner.__cause__)
    if isinstance(inner, TimeoutError):
        return AnswerLate()
    return ConnectionBroken(type(inner or exc).__name__)
