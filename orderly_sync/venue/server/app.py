"""The server's one entrance: guards, then WebSocket, control or API. Runs on the venue's loop."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from email.utils import formatdate
from functools import partial

import attrs
from aiohttp import web

from orderly_sync.venue.server.answers import HttpAnswer, refusal
from orderly_sync.venue.server.api import Api, ReceivedRequest
from orderly_sync.venue.server.auth import RegisteredKey
from orderly_sync.venue.server.call import Services
from orderly_sync.venue.server.console.feed import ConsoleFeed
from orderly_sync.venue.server.console.page import HEADERS, ConsolePage
from orderly_sync.venue.server.control import Control
from orderly_sync.venue.server.fault_rules import FaultRule
from orderly_sync.venue.server.http_listener import HttpListener, reset
from orderly_sync.venue.server.oracle import ORACLE_PATH, OracleSession, take_push
from orderly_sync.venue.server.sessions import SessionServices, SocketSession
from orderly_sync.venue.server.sockets import Socket
from orderly_sync.wire.error_codes import INVALID_PARAM, UNAUTHORIZED, UNKNOWN

__all__ = ["App", "new_loop", "urls_at"]

BODY_LIMIT = 64 * 1024
_BODY_SECONDS = 10.0
_PUBLIC_PATH = "/ws/stream"
_PRIVATE_PATH = "/v2/ws/private/stream"
_STREAMS = (_PUBLIC_PATH, _PRIVATE_PATH, ORACLE_PATH)
_BAD_REQUEST, _FORBIDDEN, _TIMEOUT, _TOO_LARGE, _UPGRADE, _UNAVAILABLE = 400, 403, 408, 413, 426, 503
_NOT_FOUND, _NOT_ALLOWED = 404, 405
_FEED_PATH = "/venue/console"
_GUARDED = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_NEVER = 3600.0
_NOTHING = HttpAnswer(200, b"")
_POLICY_VIOLATION = 1008


class App:
    """Serves one venue over HTTP and WebSocket.

    Args:
        services: Those of the venue.
        streams: What its connections are served with.
        api: Its HTTP operations.
        control: Its control calls.
        connections: How many connections it holds at once.
        console: Feeds the console's page; None where there is none.
    """

    def __init__(
        self,
        services: Services,
        streams: SessionServices,
        api: Api,
        control: Control,
        *,
        connections: int = 64,
        console: ConsoleFeed | None = None,
    ) -> None:
        self._services = services
        self._streams = streams
        self._now = services.markets.now
        self._api = api
        self._control = control
        self._console = console
        self._sockets: set[Socket] = set()
        self._hosts: frozenset[str] = frozenset()
        self._door = HttpListener(self._answer, most=connections)
        control.attach(self)
        services.accounts.on_key_removed = self._close_key

    async def open(self, host: str, port: int) -> int:
        """Listen on a loopback address; the port that was given."""
        port = await self._door.open(host, port)
        self._hosts = frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))
        return port

    async def close(self) -> None:
        """End all connections and stop listening."""
        for socket in list(self._sockets):
            socket.hang_up(1001, "the venue stops")
        await self._door.close()

    def ping(self) -> None:
        """Ask every client whether it lives."""
        for socket in self._sockets:
            socket.session.ping()

    def drop_connections(self) -> int:
        """Break every WebSocket connection; how many there were."""
        sockets = list(self._sockets)
        for socket in sockets:
            socket.cut()
        return len(sockets)

    def close_connections(self, code: int, reason: str = "closed on request") -> int:
        """Close every WebSocket connection with a code; how many there were."""
        sockets = list(self._sockets)
        for socket in sockets:
            socket.hang_up(code, reason)
        return len(sockets)

    def send_raw(self, frame: str | bytes) -> int:
        """Send a text or binary frame as it is to every WebSocket connection; how many there are."""
        for socket in list(self._sockets):
            socket.send(frame)
        return len(self._sockets)

    def _close_key(self, key: RegisteredKey) -> None:
        """Close the connections that logged in with a key, now refused."""
        for socket in list(self._sockets):
            used = socket.session.key
            if used is not None and (used.public, used.account_id) == (key.public, key.account_id):
                socket.hang_up(_POLICY_VIOLATION, "this key was removed")

    def _end_others(self, newest: Socket) -> None:
        """Close the connections of an account that logged in before."""
        for socket in list(self._sockets):
            if socket is not newest and socket.session.key is not None:
                socket.hang_up(_POLICY_VIOLATION, "logged in elsewhere")

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        response = await self._routed(request)
        if not response.prepared:
            response.headers.setdefault("Date", self._date())
        return response

    def _date(self) -> str:
        """The wall clock that signatures are held against, as a header: the venue's own time may run elsewhere."""
        return formatdate(self._services.accounts.clocks()[0] / 1000, usegmt=True)

    async def _routed(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.headers.get("Host", "").lower() not in self._hosts:
            return self._no(_FORBIDDEN, "this venue answers on loopback only")
        path = request.raw_path.partition("?")[0]
        if "Origin" in request.headers and not self._is_own(request.headers["Origin"], path):
            return self._no(_FORBIDDEN, "no web page may speak to this venue")
        for base in _STREAMS:
            if path == base or path.startswith(base + "/"):
                return await self._upgrade(request, base, path[len(base) + 1 :])
        return await self._http(request, path)

    def _is_own(self, origin: str, path: str) -> bool:
        """Whether an Origin is the venue's own, on a stream or, where there is a console, from its page.

        websocket-client sends the host it dials as Origin unless told not to, and clients built on it do. No page but
        the console can have that origin, for the venue serves no other, and Host was checked.
        """
        scheme, _, host = origin.lower().partition("://")
        if host not in self._hosts:
            return False
        if path.startswith(_STREAMS):
            return scheme in {"http", "ws"}
        return self._console is not None and scheme == "http" and path.startswith(("/venue/", "/console"))

    async def _upgrade(self, request: web.BaseRequest, base: str, account: str) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() != "websocket":
            return self._no(_UPGRADE, "a WebSocket handshake is wanted here")
        if self._services.faults.upgrade_refused():
            return self._no(_UNAVAILABLE, "refused on request")
        kind = (
            partial(OracleSession, take=partial(take_push, self._services))
            if base == ORACLE_PATH
            else SocketSession
        )
        socket = Socket(
            self._streams,
            path_account=account,
            private=base == _PRIVATE_PATH,
            who=request.remote or "",
            kind=kind,
        )
        deviations = self._services.faults.deviations
        if deviations:
            socket.alter = deviations.frames(self._now, partial(self._end_others, socket)).of
        self._sockets.add(socket)
        try:
            return await socket.serve(request, request.query, {"Date": self._date()})
        finally:
            self._sockets.discard(socket)

    async def _http(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        try:
            body = await asyncio.wait_for(_body(request), _BODY_SECONDS)
        except asyncio.TimeoutError:
            return self._no(_TIMEOUT, "the body did not come")
        except web.RequestPayloadError:
            return self._no(_BAD_REQUEST, "the body cannot be read")
        if body is None:
            return self._no(_TOO_LARGE, f"a body may have {BODY_LIMIT} bytes")
        headers = {name.lower(): value for name, value in request.headers.items()}
        if path.startswith(("/venue/", "/console")) and (
            own := await self._own(request, path, headers, body)
        ):
            return own
        method, who = request.method, request.remote or ""
        fault = self._services.faults.for_request(
            method, path, self._api.template(method, path), headers.get("orderly-account-id", "")
        )
        answer, late_ms = _NOTHING, 0 if fault is None else fault.ms
        if fault is None or fault.carries_out:
            answer = self._carried_out(ReceivedRequest(method, request.raw_path, headers, body, who))
            late_ms += self._services.faults.late_ms()
        if late_ms:
            await asyncio.sleep(late_ms / 1000)
        if fault is not None and fault.spoils:
            return await self._spoil(request, fault, answer.body)
        return _response(answer)

    def _carried_out(self, request: ReceivedRequest) -> HttpAnswer:
        """The answer to a request, as the venue's deviations have it."""
        deviations = self._services.faults.deviations
        if not deviations:
            return self._api.answer(request)
        path = request.target.partition("?")[0]
        operation = f"{request.method} {self._api.template(request.method, path) or path}"
        answer = deviations.pretended(operation, self._now())
        if answer is None:
            heeded = deviations.headers(operation, request.headers)
            answer = self._api.answer(attrs.evolve(request, headers=heeded))
        return deviations.answer(operation, answer)

    async def _own(
        self, request: web.BaseRequest, path: str, headers: Mapping[str, str], body: bytes
    ) -> web.StreamResponse | None:
        """The answer to what is no part of the API, control and console; faults do not concern it."""
        if self._console is not None and (path == "/console" or path.startswith("/console/")):
            return self._page(request.method, path)
        if self._console is not None and (request.method, path) == ("POST", _FEED_PATH):
            refused = self._control.refused(headers)
            return _response(refused or await self._console.answer(body), _GUARDED)
        if path.startswith("/venue/"):
            return _response(self._control.answer(request.method, request.raw_path, headers, body), _GUARDED)
        return None

    def _page(self, method: str, path: str) -> web.Response:
        """A file of the console."""
        page = ConsolePage.at(path)
        if page is None:
            return self._no(_NOT_FOUND, "the console has no such file; its page is at /console")
        if method not in {"GET", "HEAD"}:
            return self._no(_NOT_ALLOWED, "the console is read with GET")
        return web.Response(body=page.body, content_type=page.content_type, charset="utf-8", headers=HEADERS)

    async def _spoil(self, request: web.BaseRequest, fault: FaultRule, body: bytes) -> web.StreamResponse:
        """End a request as a fault wants it."""
        if fault.kind == "no_answer":
            await asyncio.sleep(_NEVER)
        if fault.half:
            whole = body or b'{"success":true,"data":{}}'
            response = web.StreamResponse(
                headers={"Content-Length": str(len(whole)), "Content-Type": "application/json"}
            )
            await response.prepare(request)
            await response.write(whole[: len(whole) // 2])
            if request.transport is not None:
                request.transport.close()
            return response
        if fault.kind == "lose_answer":
            reset(request.transport)
            return web.Response(status=500)
        status = fault.status or 500
        if fault.body is not None:
            return web.Response(
                status=status, text=fault.body, content_type="text/html", headers=dict(fault.headers)
            )
        code = UNKNOWN if fault.code is None else fault.code
        answer = refusal(code, "spoiled on request", self._now(), status=status)
        return _response(answer, fault.headers)

    def _no(self, status: int, message: str) -> web.Response:
        return _response(
            refusal(
                UNAUTHORIZED if status == _FORBIDDEN else INVALID_PARAM,
                message,
                self._now(),
                status=status,
            )
        )


async def _body(request: web.BaseRequest) -> bytes | None:
    """The body, None if it is too large."""
    if not request.can_read_body:
        return b""
    if (request.content_length or 0) > BODY_LIMIT:
        return None
    parts, size = [], 0
    async for part in request.content.iter_any():
        size += len(part)
        if size > BODY_LIMIT:
            return None
        parts.append(part)
    return b"".join(parts)


def _response(answer: HttpAnswer, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.Response(
        status=answer.status,
        body=answer.body,
        content_type="application/json",
        headers={**answer.headers, **(headers or {})},
    )


def urls_at(host: str, port: int) -> dict[str, str]:
    """Base URLs of a venue that listens there: ``rest``, ``control``, and those of its streams."""
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return {
        "rest": f"http://{place}",
        "ws_public": f"ws://{place}{_PUBLIC_PATH}",
        "ws_private": f"ws://{place}{_PRIVATE_PATH}",
        "ws_oracle": f"ws://{place}{ORACLE_PATH}",
        "control": f"http://{place}/venue",
    }


def new_loop() -> asyncio.AbstractEventLoop:
    """A loop for a venue's thread."""
    loop = asyncio.new_event_loop()
    # It belongs to nobody but that thread: with -X dev it would tell the user of each slow step on stderr.
    loop.set_debug(False)
    return loop
