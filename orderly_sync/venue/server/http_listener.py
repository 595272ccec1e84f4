"""The TCP door: who may connect, how many at once, and how long a request's headers may take."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

__all__ = ["HttpListener", "reset"]

HEADER_SECONDS = 10.0
_ABORTIVE = struct.pack("ii", 1, 0)


def reset(transport: asyncio.BaseTransport | None) -> None:
    """Cut a connection so that the peer sees a reset, as from a network that broke."""
    if transport is None:
        return
    sock = transport.get_extra_info("socket")
    if sock is not None and sock.fileno() >= 0:  # The peer may have closed it a moment before.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORTIVE)
    assert isinstance(transport, asyncio.Transport)
    transport.abort()


class _HttpConnection(web.RequestHandler):
    """One HTTP connection; it must finish its headers in time."""

    def __init__(self, door: HttpListener, server: web.Server, loop: asyncio.AbstractEventLoop) -> None:
        # No access log: whoever turns on logging would read a line for each request of their own program.
        super().__init__(
            server,
            loop=loop,
            keepalive_timeout=60.0,
            max_line_size=8190,
            access_log=None,  # type: ignore[arg-type]
            # Nobody packs what they ask: a body is read as it came, so it cannot grow, nor be a broken archive.
            auto_decompress=False,
        )
        self._door = door
        self._clock = loop
        self._deadline: asyncio.TimerHandle | None = None
        self._busy = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if self._door.is_closed:
            assert isinstance(transport, asyncio.Transport)
            transport.abort()
            return
        if not self._door.admit(self):
            assert isinstance(transport, asyncio.Transport)
            transport.write(
                b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
            transport.close()
            return
        self._watch()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._unwatch()
        self._door.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self._busy:
            self._watch()
        super().data_received(data)

    def began(self) -> None:
        """The headers are complete."""
        self._busy = True
        self._unwatch()

    def ended(self) -> None:
        """The answer is on its way; the next request may come."""
        self._busy = False

    def _watch(self) -> None:
        if self._deadline is None:
            self._deadline = self._clock.call_later(self._door.header_seconds, self._too_slow)

    def _unwatch(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._deadline = None
        if self.transport is not None:
            self.transport.abort()


class HttpListener:
    """Accepts connections and hands requests to ``answer``.

    Args:
        answer: Called for each request.
        most: So many connections at once; one more is turned away with 503.
        header_seconds: A connection that has not sent a whole request head by then is cut.
    """

    def __init__(
        self,
        answer: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]],
        *,
        most: int,
        header_seconds: float = HEADER_SECONDS,
    ) -> None:
        self.header_seconds = header_seconds
        self.is_closed = False
        """Whether it lets nobody in any more; who was accepted a moment before is cut."""
        self._answer = answer
        self._most = most
        self._connections: set[_HttpConnection] = set()
        self._server: web.Server | None = None
        self._listener: asyncio.Server | None = None

    async def open(self, host: str, port: int) -> int:
        """Listen; the port that was given."""
        loop = asyncio.get_running_loop()
        server = self._server = web.Server(self._serve)
        self._listener = await loop.create_server(
            lambda: _HttpConnection(self, server, loop), host, port, backlog=128
        )
        address: Any = self._listener.sockets[0].getsockname()
        return int(address[1])

    async def close(self) -> None:
        """Stop listening and end all connections, those too that were accepted and not served yet."""
        self.is_closed = True
        if self._listener is not None:
            self._listener.close()
        for connection in list(self._connections):
            if connection.transport is not None:
                connection.transport.abort()
        if self._server is not None:
            await self._server.shutdown(0.2)
        if self._listener is not None:
            await self._listener.wait_closed()

    def admit(self, connection: _HttpConnection) -> bool:
        """Whether one more may come in."""
        if len(self._connections) >= self._most:
            return False
        self._connections.add(connection)
        return True

    def leave(self, connection: _HttpConnection) -> None:
        """One has gone."""
        self._connections.discard(connection)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        connection = request.protocol
        assert isinstance(connection, _HttpConnection)
        connection.began()
        try:
            return await self._answer(request)
        except ConnectionResetError:
            return web.Response()  # whoever asked has gone; aiohttp would log it as a fault of the venue's
        finally:
            connection.ended()
