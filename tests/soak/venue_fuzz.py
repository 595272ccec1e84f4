"""The paper venue's door under requests that nobody should send: it stays up, fails at nothing, and opens no file.

By hand: ``python -m tests.soak.venue_fuzz --requests 1000000``. Prints what was sent and which statuses came; ends with
status 1 if one was a failure of the venue, if it opened a file, or if it does not answer in the end.

Each connection carries some requests whose framing is right and whose rest is anything, a third of them signed, and at
last one whose framing is wrong, or a WebSocket handshake and frames by a client that breaks the protocol.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import re
import socket
import struct
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import quote

from orderly_sync.signing import Secret, request_message
from orderly_sync.venue.server.serve import Venue
from orderly_sync.wire.operations import OPERATIONS

STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")
HIDDEN = b"GET /v1/public/futures/PERP_ETH_USDC HTTP/1.1\r\nHost: HOST\r\n\r\n"
"""What is smuggled within another request; its answer alone holds ``INNER``."""
INNER = b"index_price"
TURNED_AWAY = 503
"""The one status of the venue's own above 499: too many connections."""
_ROUTES = sorted({(one.method, one.path) for one in OPERATIONS.values()})
_PATHS = [
    "/", "*", "//", "/v1", "/venue/reset", "/venue/health", "/venue/../v1/orders", "/../../../../etc/passwd",
    "/v1/public/..%2f..%2f..%2fetc%2fpasswd", "/v1/order/%00", "/v1/order/%2e%2e", "/%ff%fe", "/v1/order/" + "9" * 400,
    "/ws/stream/x", "/v2/ws/private/stream/x", "http://127.0.0.1/etc/passwd", "file:///etc/passwd", "/\\..\\windows",
    "/v1/public/info?" + "a=1&" * 500, "/v1/public/futures/;/bin/ls", "/v1/orders?page=-1&size=1e9&symbol=%00",
]  # fmt: skip
_WORDS: list[Any] = [
    "PERP_ETH_USDC", "BUY", "SELL", "LIMIT", "MARKET", "", "NaN", "-0", "1e400", "../../etc/passwd", "\x00", "é" * 50,
    "<script>", "'; DROP TABLE orders;--", None, True, 0, -1, 2**63, 10**30, 0.1, [], {}, [[[]]], "9" * 300,
]  # fmt: skip
_HEADERS = [
    "Origin: https://evil.example", "Origin: null", "Host: evil.example", "X: " + "y" * 4000, "Expect: 100-continue",
    "Transfer-Encoding: gzip", "Content-Type: text/html", "Content-Encoding: gzip", "Cookie: a=b", "Connection: close",
    "Upgrade: h2c", "Upgrade: websocket", "orderly-timestamp: 1e99", "orderly-signature: \x80\xff", "Range: bytes=0-",
    "X-Forwarded-For: 127.0.0.1", "X-HTTP-Method-Override: DELETE", "x-venue-token: x", "Accept: */*;q=nan",
]  # fmt: skip
BROKEN = [
    b"POST /v1/order HTTP/1.1\r\nHost: HOST\r\nContent-Length: 4\r\nContent-Length: 40\r\n\r\n{}\r\n" + HIDDEN,
    b"POST /v1/order HTTP/1.1\r\nHost: HOST\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    b"POST /v1/order HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + HIDDEN,
    b"POST /v1/order HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: xchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + HIDDEN,
    b"POST /v1/order HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    b"POST /v1/order HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n"
    b"0\r\n\r\n" + HIDDEN,
    b"POST /v1/order HTTP/1.1\r\nHost: HOST\r\nContent-Length: +4\r\n\r\n{}\r\n" + HIDDEN,
    b"POST /v1/order HTTP/1.1\r\nHost: HOST\r\nContent-Length: -4\r\n\r\n" + HIDDEN,
    b"POST /v1/order HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0x4\r\n\r\n{}\r\n" + HIDDEN,
    b"POST /v1/order HTTP/1.1\r\nHost: HOST\r\nContent-Length: 4, 4\r\n\r\n{}\r\n" + HIDDEN,
    b"POST /v1/order HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n" + HIDDEN,
    b"POST /v1/order HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n" + HIDDEN,
    b"GET /v1/orders HTTP/1.1\r\nHost: HOST\r\nX: a\r\n Content-Length: 80\r\n\r\n",
    b"GET /v1/orders HTTP/1.1\r\nHost: HOST\r\nX\x00: a\r\n\r\n",
    b"GET /v1/orders HTTP/1.1\r\nHost: HOST\r\nno colon\r\n\r\n",
    b"GET /v1/orders HTTP/1.1\r\nHost: HOST\r\nX: " + b"a" * 40_000 + b"\r\n\r\n",
    b"GET /v1/orders HTTP/1.1\r\nHost: HOST\r\n" + b"".join(b"X%d: y\r\n" % n for n in range(3000)) + b"\r\n",
    b"GET  /v1/orders  HTTP/1.1\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
]  # fmt: skip
"""Framing that two parsers could read in two ways, or none at all."""
FRAMES = [
    b"\x81\x02hi",  # unmasked
    b"\x81\x82\x00\x00\x00\x00{}",
    b"\x81\xff" + struct.pack(">Q", 1 << 60) + bytes(4),
    b"\x81\xff" + struct.pack(">Q", 1 << 63) + bytes(4),
    b"\xf1\x80" + bytes(4),  # reserved bits
    b"\x8f\x80" + bytes(4),  # reserved opcode
    b"\x09\x80" + bytes(4),  # a fragmented ping
    b"\x80\x80" + bytes(4),  # a continuation of nothing
    b"\x81\x84" + bytes(4) + b"\xff\xfe\xfd\xfc",
    b"\x88\x81" + bytes(4) + b"x",
    b"\x81\xfe\x10\x00" + bytes(4) + b"[" * 0x1000,
]
"""Frames of a client that breaks the protocol."""


class Fuzzer:
    """Sends the requests of one seed to one venue and counts what it answers.

    Args:
        venue: A running one.
        seed: The same seed sends the same requests, save for their times.
    """

    def __init__(self, venue: Venue, seed: int) -> None:
        self.host = venue.urls["rest"].removeprefix("http://")
        name, _, port = self.host.rpartition(":")
        self._where = (name, int(port))
        self._account = venue.accounts[0]
        self._secret = Secret(self._account.orderly_secret)
        self._random = random.Random(seed)
        self.sent = 0
        self.statuses: Counter[int] = Counter()
        self.failures: list[bytes] = []

    def run(self, requests: int) -> None:
        """Send so many."""
        while self.sent < requests:
            self.connection()

    def connection(self) -> None:
        """One connection: requests that are answered, then one that may not be."""
        with socket.create_connection(self._where, timeout=20) as sock, suppress(ConnectionError):
            for _ in range(self._random.randrange(1, 30)):
                request = self.request()
                self.sent += 1
                sock.sendall(request)
                if not self._answered(sock, request):
                    return
            last = self._random.choice([self.handshake, self.broken])()
            self.sent += 1
            sock.sendall(last)
            self._rest(sock, last)

    def request(self) -> bytes:
        """One whose framing is right."""
        pick = self._random
        method, target = pick.choice(_ROUTES)
        target = re.sub(
            r"\{\w+\}", lambda _: quote(str(pick.choice(_WORDS)), safe=pick.choice(["", "./"])), target
        )
        if pick.random() < 0.3:
            target = pick.choice(_PATHS)
        elif pick.random() < 0.5:
            target += "?" + "&".join(f"{name}={quote(str(pick.choice(_WORDS)))}" for name in self._names())
        if pick.random() < 0.1:
            method = pick.choice(["OPTIONS", "TRACE", "CONNECT", "HEAD", "PATCH", "GETS", "get", "DELETE"])
        body = b""
        if method in {"POST", "PUT", "PATCH"}:
            body = json.dumps({name: pick.choice(_WORDS) for name in self._names()}).encode()
            if pick.random() < 0.2:
                body = pick.choice(
                    [b"[" * 9000, b"{", b"\xff\xfe", pick.randbytes(300), b'"' + b'\\"' * 999, b"null"]
                )
        lines = [f"{method} {target} HTTP/1.1", f"Host: {self.host}", f"Content-Length: {len(body)}"]
        if pick.random() < 0.35:
            lines += self._signed(method, target, body)
        if body:
            lines.append("Content-Type: application/json")
        lines += pick.sample(_HEADERS, pick.choice([0, 0, 0, 1, 2]))
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + body

    def broken(self) -> bytes:
        """One whose framing is wrong, or a wrong byte somewhere in one that was right."""
        if self._random.random() < 0.5:
            raw = bytearray(self.request())
            raw[self._random.randrange(len(raw))] = self._random.randrange(256)
            return bytes(raw)
        return self._random.choice(BROKEN).replace(b"HOST", self.host.encode())

    def handshake(self) -> bytes:
        """A WebSocket handshake, often without what it needs, and frames."""
        pick = self._random
        lines = [
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {pick.choice(['dGhlIHNhbXBsZSBub25jZQ==', 'short', ''])}",
            f"Sec-WebSocket-Version: {pick.choice(['13', '13', '8', 'x'])}",
            "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=99",
        ]
        kept = pick.sample(lines, pick.choice([5, 5, 4, 3]))
        path = pick.choice(
            ["/ws/stream/x", "/v2/ws/private/stream/../../x", "/v1/ws/oracle/push", "/ws/stream"]
        )
        head = "\r\n".join([f"GET {path} HTTP/1.1", f"Host: {self.host}", *kept, "", ""]).encode()
        return head + b"".join(pick.choices(FRAMES, k=pick.randrange(4)))

    def _names(self) -> list[str]:
        names = [
            "symbol",
            "order_id",
            "price",
            "page",
            "size",
            "side",
            "order_type",
            "order_quantity",
            "start_t",
            "x",
        ]
        return self._random.sample(names, self._random.randrange(len(names)))

    def _signed(self, method: str, target: str, body: bytes) -> list[str]:
        stamp = int(time.time() * 1000)
        message = request_message(stamp, method, target, body)
        return [
            f"orderly-timestamp: {stamp}",
            f"orderly-account-id: {self._account.account_id}",
            f"orderly-key: {self._secret.public}",
            f"orderly-signature: {self._secret.sign(message)}",
        ]

    def _answered(self, sock: socket.socket, request: bytes) -> bool:
        """Read one answer whole; whether the connection may carry another."""
        data = b""
        while b"\r\n\r\n" not in data or data.startswith(b"HTTP/1.1 100"):
            data = data.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
            more = sock.recv(65536)
            if not more:
                self._count(data, request)
                return False
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        told = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
        bare = request.startswith(b"HEAD ") or told is None
        while not bare and told is not None and len(body) < int(told[1]):
            more = sock.recv(65536)
            if not more:
                break
            body += more
        self._count(head + b"\r\n", request)
        return not bare and b"connection: close" not in head.lower() and b" 101 " not in head[:20]

    def _rest(self, sock: socket.socket, request: bytes) -> None:
        """What comes for a request that may never be answered, for a moment."""
        sock.settimeout(0.03)
        data = b""
        with suppress(TimeoutError):
            while more := sock.recv(65536):
                data += more
        self._count(data, request)
        if HIDDEN.split(b"\r\n")[0] in request and INNER in data:
            self.failures.append(request)

    def _count(self, data: bytes, request: bytes) -> None:
        for found in STATUS.findall(data):
            status = int(found)
            self.statuses[status] += 1
            if status >= 500 and status != TURNED_AWAY:
                self.failures.append(request)


_watched: set[int] = set()
_opened: list[str] = []


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event in {"open", "os.listdir", "os.scandir"} and threading.get_ident() in _watched:
        _opened.append(str(arguments[0]))


@contextmanager
def files_opened_by(thread: int) -> Iterator[list[str]]:
    """What a thread opens meanwhile, save for the modules it imports and the source that tracebacks quote."""
    if not _watched:
        sys.addaudithook(_audit)  # for good; it looks at nothing once nobody is watched
    _opened.clear()
    _watched.add(thread)
    found: list[str] = []
    try:
        yield found
    finally:
        _watched.discard(thread)
        found += [path for path in _opened if not path.endswith((".py", ".pyc", ".so", "__pycache__"))]


def answers(venue: Venue) -> bool:
    """Whether the venue still answers a plain question."""
    host, _, port = venue.urls["rest"].removeprefix("http://").rpartition(":")
    with socket.create_connection((host, int(port)), timeout=20) as sock:
        sock.sendall(
            f"GET /v1/public/info HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode()
        )
        return sock.recv(65536).startswith(b"HTTP/1.1 200")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)  # a traceback for each broken request
    with Venue(seed=7, market="frozen", rate_limits=False) as venue:
        fuzzer = Fuzzer(venue, options.seed)
        thread = venue._thread.ident
        assert thread is not None
        with files_opened_by(thread) as opened:
            fuzzer.run(options.requests)
        alive = answers(venue)
    told = [
        f"{fuzzer.sent} requests, seed {options.seed}; statuses {dict(sorted(fuzzer.statuses.items()))}",
        f"{len(fuzzer.failures)} failures, {len(opened)} files opened, the venue {'answers' if alive else 'is gone'}",
        *(ascii(failure[:400]) for failure in fuzzer.failures[:10]),
    ]
    sys.stdout.write("\n".join([*told, ""]))
    return 0 if alive and not fuzzer.failures and not opened else 1


if __name__ == "__main__":
    sys.exit(main())
