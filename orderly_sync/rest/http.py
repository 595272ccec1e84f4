"""The transport that is used unless another is given: urllib3 sends, behind the door that tools for requests know.

The only importer of requests, which never opens a socket here: its ``HTTPAdapter.send`` is the place where
``responses`` and recorders of traffic step in, so every request goes through it. Below it are urllib3's pools with one
deadline for everything, which requests itself cannot keep. Requests share nothing but connections: no session, no
environment, no netrc, no cookies, no redirects, no silent second try.
"""

from __future__ import annotations

from typing import Any, cast

import requests
from requests.adapters import HTTPAdapter

from orderly_sync.dialling.addresses import Now
from orderly_sync.rest.connection import Connections
from orderly_sync.rest.transport import AnswerLate, ConnectionBroken, HttpRequest, HttpResponse

__all__ = ["HttpTransport"]


class _Prepared(requests.PreparedRequest):
    """A request that is complete as it is; requests' own preparation would merge, quote and guess."""

    target: str
    deadline: float


class _Line:
    """What the adapter takes for a connection pool: one request on its way."""

    def __init__(self, connections: Connections, prepared: _Prepared) -> None:
        self._connections = connections
        self._prepared = prepared

    def urlopen(self, **_: object) -> HttpResponse:
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
    """The adapter over our own pools."""

    def __init__(self, connections: Connections) -> None:
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)
        self._connections = connections

    def get_connection_with_tls_context(self, request: Any, *_: Any, **__: Any) -> Any:
        return _Line(self._connections, request)

    def cert_verify(self, *_: object, **__: object) -> None:
        """Done by the connections."""

    def request_url(self, request: Any, proxies: Any) -> str:  # noqa: ARG002 - the adapter's own signature
        return cast("str", request.target)

    def build_response(self, req: Any, resp: Any) -> Any:
        return resp if isinstance(resp, HttpResponse) else super().build_response(req, resp)


class HttpTransport:
    """Sends to one host over kept connections.

    Args:
        connections: All connections to it.
        now: The monotonic time.
    """

    def __init__(self, connections: Connections, now: Now) -> None:
        self._connections = connections
        self._adapter = _Adapter(connections)
        self._now = now

    def close(self) -> None:
        """Close all connections that are not in use."""
        self._connections.close()

    def send(self, request: HttpRequest) -> HttpResponse:
        """Send one request and read its whole answer; see ``Transport``."""
        prepared = _Prepared()
        prepared.method = request.method
        prepared.target = request.target
        prepared.url = request.url
        prepared.body = request.body
        prepared.headers = cast("Any", request.headers)
        prepared.deadline = self._now() + request.timeout
        try:
            reply: Any = self._adapter.send(prepared)
        except requests.Timeout:
            raise AnswerLate from None
        except (requests.RequestException, OSError) as exc:
            raise ConnectionBroken(type(exc).__name__) from None
        if isinstance(reply, HttpResponse):
            return reply
        return HttpResponse(reply.status_code, reply.headers, reply.content)
