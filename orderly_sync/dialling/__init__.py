"""Opening connections, for both halves alike: names, addresses, proxies and TLS within one deadline.

urllib3's connections dial, tunnel and speak TLS. What is added here is time: each wait gets what is left until the
deadline. The environment's proxies are never asked.
"""

from __future__ import annotations

import socket
import ssl
from urllib.parse import urlsplit

from orderly_sync.dialling.addresses import Now, open_socket
from orderly_sync.dialling.connections import NotSent, PlainConnection, Sending, TlsConnection
from orderly_sync.dialling.trust import Proxy, tls_context

__all__ = [
    "NotSent",
    "Now",
    "PlainConnection",
    "Proxy",
    "Sending",
    "TlsConnection",
    "dial",
    "open_socket",
    "tls_context",
]

_PORTS = {"wss": 443, "ws": 80}


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
