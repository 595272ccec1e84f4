"""From a URL to a socket that speaks WebSocket, within one deadline.

websocket-client is handed a socket that is connected already: its own dialling gives each address the whole of the
time, and asks the environment for proxies.
"""

from __future__ import annotations

import ssl
from typing import Any

import websocket

from orderly_sync.dialling.addresses import NotSent, Now, Timed
from orderly_sync.dialling.cancellation import cancellable
from orderly_sync.dialling.trust import Proxy

__all__ = ["HandshakeRefused", "shake_hands"]


class HandshakeRefused(NotSent):
    """The host answered, and not with a WebSocket.

    Args:
        status: The HTTP status.
        date: The answer's ``Date`` header, if it had one.
    """

    def __init__(self, status: int, date: str | None = None) -> None:
        super().__init__(f"the handshake was answered with HTTP {status}")
        self.status = status
        self.date = date


def shake_hands(
    url: str, seconds: float, now: Now, proxy: Proxy | None, context: ssl.SSLContext | None
) -> Any:
    """Dial and ask for a WebSocket: websocket-client's, whose ``sock`` blocks for ``seconds`` at most.

    Raises:
        HandshakeRefused: The host answered with another status.
        NotSent: It did not come about within ``seconds``; nothing is left open, and the text says why.
    """
    with cancellable():
        connection = _shake_hands(url, now() + seconds, now, proxy, context)
    connection.settimeout(seconds)
    return connection


def _shake_hands(
    url: str, until: float, now: Now, proxy: Proxy | None, context: ssl.SSLContext | None
) -> Any:
    # Imported here: urllib3 takes a while, and opens a socket when it is imported.
    from orderly_sync.dialling.connections import dial

    sock = dial(url, until=until, now=now, proxy=proxy, context=context)
    try:
        connection = websocket.create_connection(
            url,
            socket=Timed(sock, until, now),
            suppress_origin=True,
            redirect_limit=0,
            skip_utf8_validation=True,
            enable_multithread=False,
        )
    except BaseException as exc:
        sock.close()
        if isinstance(exc, (OSError, websocket.WebSocketException, ValueError, LookupError)):
            status = getattr(exc, "status_code", None)
            if status is None:
                raise NotSent(_reason(exc)) from None
            raise HandshakeRefused(status, (getattr(exc, "resp_headers", None) or {}).get("date")) from None
        raise
    connection.sock = sock
    return connection


def _reason(exc: Exception) -> str:
    """Why a handshake failed, without headers: websocket-client's errors quote the whole answer."""
    if isinstance(exc, (TimeoutError, websocket.WebSocketTimeoutException)):
        return "the host does not answer"
    if isinstance(exc, (OSError, websocket.WebSocketConnectionClosedException)):
        return "the host closed the connection"
    return "the host answered something else than a WebSocket"
