"""The one door to the network for REST: sign, send once, read the whole answer within limits.

The only importer of requests. Nothing here is shared between requests but the pool of connections: no session headers,
no environment, no cookies, no redirects, no silent second try.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

import attrs
import certifi
import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import exceptions as pool_errors

from orderly_sync import errors
from orderly_sync.clock import Clock
from orderly_sync.config import Timeouts
from orderly_sync.credentials import Credentials
from orderly_sync.rest.limits import Limits
from orderly_sync.rest.request import Request
from orderly_sync.rest.stats import Counters
from orderly_sync.signing import request_message

__all__ = ["ANSWER_LIMIT", "Received", "Sender"]

ANSWER_LIMIT = 16 * 1024 * 1024
"""Bytes that an answer's body may have, decoded."""
_CHUNK = 64 * 1024
_POOL = 32
"""Connections kept open for threads that send at once."""
_NOT_SENT = (
    pool_errors.NewConnectionError,
    pool_errors.ConnectTimeoutError,
    pool_errors.ProxyError,
    pool_errors.SSLError,
)
"""What the pool raises before the first byte of a request leaves."""


@attrs.frozen
class Received:
    """One answer, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Sender:
    """Sends requests to one host; called by many threads at once.

    Args:
        base: The host, ``https://api.orderly.org``.
        credentials: Who signs; None where only public operations are called.
        timeouts: How long a try may take.
        clock: Where time comes from.
        counters: What is raised by what happens.
        limits: The rate limits to keep; None for none.
        proxy: A proxy's URL; the environment's is never used.
        ca_file: A file of certificate authorities instead of the usual ones.
    """

    def __init__(
        self,
        base: str,
        *,
        credentials: Credentials | None,
        timeouts: Timeouts,
        clock: Clock,
        counters: Counters | None = None,
        limits: Limits | None = None,
        proxy: str | None = None,
        ca_file: str | None = None,
    ) -> None:
        self.base = base
        self._credentials = credentials
        self._timeouts = timeouts
        self._clock = clock
        self._counters = counters or Counters()
        self._limits = limits
        self._proxies = {"http": proxy, "https": proxy} if proxy else {}
        self._verify = ca_file or certifi.where()
        self._adapter = HTTPAdapter(pool_connections=2, pool_maxsize=_POOL, max_retries=0)

    def close(self) -> None:
        """Close all connections."""
        self._adapter.close()

    def __call__(self, request: Request) -> Received:
        """Send it once and bring back the whole answer.

        Raises:
            UsageError: It must be signed and there are no credentials.
            RateLimited: Its turn would come after its deadline; nothing was sent.
            ConnectFailed: Nothing reached the venue.
            TimedOut: A read's deadline passed.
            TransportError: A read's answer was lost.
            OrderOutcomeUnknown: A write was sent and its answer lost.
        """
        if self._limits is not None:
            turn_by = self._clock.monotonic() + self._timeouts.request
            self._limits.acquire(request.method, request.path, turn_by, request.weight)
        try:
            return self._send(request)
        except errors.TransportError:
            self._counters.add(lost=1)
            raise

    def _send(self, request: Request) -> Received:
        deadline = self._clock.monotonic() + self._timeouts.request
        prepared = self._prepare(request)
        self._counters.add(sent=1)
        try:
            reply = self._adapter.send(
                prepared,
                stream=True,
                timeout=(min(self._timeouts.connect, self._timeouts.request), self._timeouts.request),
                verify=self._verify,
                proxies=self._proxies,
            )
        except requests.RequestException as exc:
            raise _failure(request, exc) from None
        try:
            body = self._read(request, reply.raw, deadline)
            return Received(reply.status_code, reply.headers, body)
        finally:
            reply.close()

    def _prepare(self, request: Request) -> requests.PreparedRequest:
        prepared = requests.PreparedRequest()
        prepared.method = request.method
        prepared.url = self.base + request.target
        prepared.body = request.body or None
        prepared.headers = CaseInsensitiveDict(self._headers(request))
        return prepared

    def _headers(self, request: Request) -> dict[str, str]:
        headers = {"Accept-Encoding": "identity", "Accept": "application/json", "User-Agent": "orderly_sync"}
        headers["Content-Type"] = "application/json" if request.body else "application/x-www-form-urlencoded"
        if request.body or request.method in {"POST", "PUT"}:
            headers["Content-Length"] = str(len(request.body))
        if request.signed:
            headers.update(self._signature(request))
        # Last, because a main account's key may act for the sub-account that the request names.
        headers.update(request.headers)
        return headers

    def _signature(self, request: Request) -> dict[str, str]:
        who = self._credentials
        if who is None:
            raise errors.UsageError(f"{request.name} must be signed; pass credentials=Credentials(...)")
        now = self._clock.time_ms()
        message = request_message(now, request.method, request.target, request.body)
        return {
            "orderly-timestamp": str(now),
            "orderly-account-id": who.account_id,
            "orderly-key": who.key,
            "orderly-signature": who.secret.sign(message),
        }

    def _read(self, request: Request, raw: Any, deadline: float) -> bytes:
        chunks: list[bytes] = []
        size = 0
        try:
            while chunk := raw.read(_CHUNK, decode_content=False):
                size += len(chunk)
                if size > ANSWER_LIMIT:
                    raise _lost(request, f"the answer exceeds {ANSWER_LIMIT >> 20} MiB")
                if self._clock.monotonic() > deadline:
                    raise _late(request)
                chunks.append(chunk)
        except (pool_errors.HTTPError, OSError) as exc:
            raise _failure(request, exc) from None
        return _decoded(request, b"".join(chunks), raw.headers.get("content-encoding", ""))


def _decoded(request: Request, body: bytes, encoding: str) -> bytes:
    """The body as it was before a host compressed it unasked."""
    if encoding in {"", "identity"} or not body:
        return body
    if encoding not in {"gzip", "deflate"}:
        raise _lost(request, f"the answer is encoded as {encoding[:20]!r}, which nobody asked for")
    inflate = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        plain = inflate.decompress(body, ANSWER_LIMIT)
    except zlib.error:
        raise _lost(request, "the answer's compression is broken") from None
    if inflate.unconsumed_tail:
        raise _lost(request, f"the answer inflates beyond {ANSWER_LIMIT >> 20} MiB")
    return plain


def _lost(request: Request, detail: str) -> errors.TransportError:
    """No answer can be had: a read may be asked again, a write's outcome is unknown."""
    if request.is_read:
        return errors.TransportError(request.name, detail)
    return errors.OrderOutcomeUnknown(request.name, request.client_order_id, detail)


def _late(request: Request) -> errors.TransportError:
    if request.is_read:
        return errors.TimedOut(request.name, "the answer was not complete in time")
    return _lost(request, "the answer was not complete in time")


def _failure(request: Request, exc: BaseException) -> errors.TransportError:
    """The typed error of a failure below, by phase; nothing of the failure itself is kept, it holds signed headers."""
    cause: Any = exc.args[0] if isinstance(exc, requests.RequestException) and exc.args else exc
    cause = getattr(cause, "reason", None) or cause
    if isinstance(cause, _NOT_SENT):
        return errors.ConnectFailed(request.name, f"no connection: {type(cause).__name__}")
    if isinstance(exc, requests.Timeout) or isinstance(cause, (TimeoutError, pool_errors.TimeoutError)):
        return _late(request)
    return _lost(request, f"the connection broke: {type(cause).__name__}")
