"""The one door to the network for REST: sign, send once, read the whole answer within limits.

The only importer of requests. Its adapter is the seam that tools which mock or record traffic know, so every request
passes through it; below are connections of our own, for its usual ones keep no deadline. Requests share nothing but
those: no session, no environment, no cookies, no redirects, no silent second try.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any, cast

import attrs
import requests
from requests.adapters import HTTPAdapter

from orderly_sync import errors
from orderly_sync._version import __version__
from orderly_sync.clock import Clock
from orderly_sync.config import Timeouts
from orderly_sync.credentials import Credentials
from orderly_sync.rest.connection import Broken, Connections, Late, NotConnected, Reply
from orderly_sync.rest.pacing import Pace
from orderly_sync.rest.request import Request
from orderly_sync.rest.stats import Counters
from orderly_sync.signing import request_message

__all__ = ["ANSWER_LIMIT", "Received", "Sender"]

ANSWER_LIMIT = 16 * 1024 * 1024
"""Bytes that an answer's body may have, decoded."""

_COMMON = {
    "Accept-Encoding": "identity",
    "Accept": "application/json",
    "User-Agent": f"orderly_sync/{__version__}",
}


@attrs.frozen
class Received:
    """One answer, whole and decoded."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Prepared(requests.PreparedRequest):
    """A request that is complete as it is; requests' own preparation would merge, quote and guess."""

    target: str
    deadline: float


class _Line:
    """What the adapter takes for a connection pool: one request on its way."""

    def __init__(self, connections: Connections, prepared: _Prepared) -> None:
        self._connections = connections
        self._prepared = prepared

    def urlopen(self, **_: Any) -> Reply:
        """Send it."""
        prepared = self._prepared
        return self._connections.exchange(
            cast("str", prepared.method),
            prepared.target,
            prepared.headers,
            cast("bytes", prepared.body),
            prepared.deadline,
        )


class _Adapter(HTTPAdapter):
    """The adapter over our own connections."""

    def __init__(self, connections: Connections) -> None:
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)
        self._connections = connections

    def get_connection_with_tls_context(self, request: Any, *_: Any, **__: Any) -> Any:
        return _Line(self._connections, request)

    def cert_verify(self, *_: Any, **__: Any) -> None:
        """Done by the connections."""

    def request_url(self, request: Any, proxies: Any) -> str:  # noqa: ARG002 - the adapter's own signature
        return cast("str", request.target)

    def build_response(self, req: Any, resp: Any) -> Any:
        return resp if isinstance(resp, Reply) else super().build_response(req, resp)


class Sender:
    """Sends requests to one host; called by many threads at once.

    Args:
        base: The host, ``https://api.orderly.org``.
        credentials: Who signs; None where only public operations are called.
        timeouts: How long a try may take.
        clock: Where time comes from.
        counters: What is raised by what happens.
        pace: What keeps the rate limits; None for nothing.
        proxy: An HTTP proxy's URL; the environment's is never used.
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
        pace: Pace | None = None,
        proxy: str | None = None,
        ca_file: str | None = None,
    ) -> None:
        self.base = base
        self._credentials = credentials
        self._seconds = timeouts.request
        self._clock = clock
        self._counters = counters or Counters()
        self._pace = pace
        self._connections = Connections(
            base,
            connect=timeouts.connect,
            now=clock.monotonic,
            limit=ANSWER_LIMIT,
            proxy=proxy,
            ca_file=ca_file,
        )
        self._adapter = _Adapter(self._connections)

    def close(self) -> None:
        """Close all connections that are not in use."""
        self._connections.close()

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
        if self._pace is not None:
            turn_by = self._clock.monotonic() + self._seconds
            self._pace.acquire(request.method, request.path, turn_by, request.weight)
        prepared = self._prepare(request)
        self._counters.add(sent=1)
        try:
            reply: Any = self._adapter.send(prepared)
            if not isinstance(reply, Reply):
                reply = Reply(reply.status_code, reply.headers, reply.content)
            return Received(reply.status, reply.headers, _decoded(reply.body, reply.headers))
        except NotConnected as exc:
            error: errors.TransportError = errors.ConnectFailed(request.name, f"no connection: {exc}")
        except (Late, requests.Timeout):
            error = _late(request)
        except (Broken, requests.RequestException) as exc:
            # What requests raises holds the signed headers and quotes the URL: only its kind is told.
            known = str(exc) if isinstance(exc, Broken) else type(exc).__name__
            error = _lost(request, f"the connection broke: {known}")
        self._counters.add(lost=1)
        raise error

    def _prepare(self, request: Request) -> _Prepared:
        prepared = _Prepared()
        prepared.method = request.method
        prepared.target = request.target
        prepared.url = self.base + request.target
        prepared.body = request.body
        prepared.headers = cast("Any", self._headers(request))
        prepared.deadline = self._clock.monotonic() + self._seconds
        return prepared

    def _headers(self, request: Request) -> dict[str, str]:
        headers = _COMMON.copy()
        if request.method in {"POST", "PUT"}:
            headers["Content-Type"] = "application/json"
            headers["Content-Length"] = str(len(request.body))
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if request.signed:
            who = self._credentials
            if who is None:
                raise errors.UsageError(f"{request.name} must be signed; pass credentials=Credentials(...)")
            now = self._clock.time_ms()
            message = request_message(now, request.method, request.target, request.body)
            headers["orderly-timestamp"] = str(now)
            headers["orderly-account-id"] = who.account_id
            headers["orderly-key"] = who.key
            headers["orderly-signature"] = who.secret.sign(message)
        # Last, because a main account's key may act for the sub-account that the request names.
        headers.update(request.headers)
        return headers


def _decoded(body: bytes, headers: Mapping[str, str]) -> bytes:
    """The body as it was before a host compressed it unasked."""
    encoding = headers.get("content-encoding")
    if not encoding or encoding == "identity" or not body:
        return body
    if encoding not in {"gzip", "deflate"}:
        raise Broken("the answer is encoded in a way nobody asked for")
    inflate = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        plain = inflate.decompress(body, ANSWER_LIMIT)
    except zlib.error:
        raise Broken("the answer's compression is broken") from None
    if inflate.unconsumed_tail:
        raise Broken(f"the answer inflates beyond {ANSWER_LIMIT >> 20} MiB")
    if not inflate.eof:
        raise Broken("the answer's compression is cut short")
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
