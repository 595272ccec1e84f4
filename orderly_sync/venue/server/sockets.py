"""The WebSocket half of the server: frames between a socket and its session."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Mapping

from aiohttp import WSMsgType, web

from orderly_sync.venue.server.http_listener import reset
from orderly_sync.venue.server.sessions import SessionServices, SocketSession

__all__ = ["Socket"]

FRAME_LIMIT = 64 * 1024
"""The longest frame a client may send, bytes."""
BACKLOG_LIMIT = 64 * 1024 * 1024
"""What may wait for a client that does not read; beyond it the connection is cut."""
_CLOSE_SECONDS = 1.0
_TEXT = 0x81
_SHORT, _MEDIUM = 126, 0xFFFF


class Socket:
    """One WebSocket connection; ``kind`` makes what speaks on it."""

    def __init__(
        self,
        services: SessionServices,
        *,
        path_account: str,
        private: bool,
        who: str = "",
        kind: Callable[..., SocketSession] = SocketSession,
    ) -> None:
        self.session = kind(
            services=services,
            path_account=path_account,
            private=private,
            who=who,
            send=self.send,
            hang_up=self.hang_up,
            send_part=self.send_part,
        )
        self.alter: Callable[[str], list[str]] | None = None
        """What is sent instead of each text frame; None sends it as it is."""
        self._queue: deque[str | bytes | _Part | tuple[int, str]] = deque()
        self._waiting = 0
        self._wake = asyncio.Event()
        self._transport: asyncio.BaseTransport | None = None
        self._over = False

    def send(self, frame: str | bytes) -> None:
        """Queue a text frame, or a binary one."""
        frames = self.alter(frame) if self.alter is not None and isinstance(frame, str) else [frame]
        for one in frames:
            self._put(one)

    def _put(self, frame: str | bytes) -> None:
        if self._over:
            return
        self._queue.append(frame)
        self._waiting += len(frame)
        if self._waiting > BACKLOG_LIMIT:
            self.cut()
        self._wake.set()

    def send_part(self, text: str, size: int) -> None:
        """Queue the first bytes of a text frame, its header among them; then the connection ends without a word."""
        if not self._over:
            self._queue.append(_Part(_frame(text.encode())[:size]))
            self._wake.set()

    def hang_up(self, code: int, reason: str) -> None:
        """Close after what is queued."""
        if not self._over:
            self._queue.append((code, reason))
            self._wake.set()

    def cut(self) -> None:
        """Break the connection without a close frame."""
        self._over = True
        self._queue.clear()
        self._wake.set()
        reset(self._transport)

    async def serve(
        self, request: web.BaseRequest, query: Mapping[str, str], headers: Mapping[str, str]
    ) -> web.StreamResponse:
        """Answer the handshake with these headers, and speak on this connection until it ends."""
        ws = web.WebSocketResponse(
            timeout=_CLOSE_SECONDS, autoping=True, compress=False, max_msg_size=FRAME_LIMIT, decode_text=True
        )
        ws.headers.update(headers)
        await ws.prepare(request)
        self._transport = request.transport
        pump = asyncio.ensure_future(self._pump(ws))
        try:
            self.session.opened(query)
            await self._listen(ws)
        finally:
            self._over = True
            self.session.gone()
            pump.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await pump
        return ws

    async def _listen(self, ws: web.WebSocketResponse) -> None:
        async for message in ws:
            if message.type is WSMsgType.TEXT:
                self.session.received(message.data)
            elif message.type is WSMsgType.BINARY:
                self.session.received_binary()

    async def _pump(self, ws: web.WebSocketResponse) -> None:
        """Write what is queued, in order."""
        while not self._over:
            await self._wake.wait()
            self._wake.clear()
            while self._queue:
                item = self._queue.popleft()
                if isinstance(item, tuple):
                    self._over = True
                    await ws.close(code=item[0], message=item[1].encode())
                    return
                if isinstance(item, _Part):
                    self._break_off(item.data)
                    return
                self._waiting -= len(item)
                try:
                    await (ws.send_str(item) if isinstance(item, str) else ws.send_bytes(item))
                except ConnectionError:  # The peer has gone; the listener notices by itself.
                    return

    def _break_off(self, data: bytes) -> None:
        """Write what is left to say and end the connection, without the close frame."""
        self._over = True
        if isinstance(self._transport, asyncio.WriteTransport):
            self._transport.write(data)
            self._transport.close()


class _Part:
    """The beginning of a frame, as bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data


def _frame(payload: bytes) -> bytes:
    """A whole text frame of a server: unmasked, FIN set."""
    size = len(payload)
    if size < _SHORT:
        return bytes((_TEXT, size)) + payload
    if size <= _MEDIUM:
        return bytes((_TEXT, _SHORT)) + size.to_bytes(2, "big") + payload
    return bytes((_TEXT, _SHORT + 1)) + size.to_bytes(8, "big") + payload
