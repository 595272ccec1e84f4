"""A scripted WebSocket server on loopback, for what a well-behaved venue never does."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import Self

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def frame(payload: bytes, opcode: int = 1, *, fin: bool = True) -> bytes:
    """An unmasked server frame."""
    head = bytes([(0x80 if fin else 0) | opcode])
    size = len(payload)
    if size < 126:
        return head + bytes([size]) + payload
    if size < 1 << 16:
        return head + b"\x7e" + struct.pack(">H", size) + payload
    return head + b"\x7f" + struct.pack(">Q", size) + payload


class Peer:
    """One accepted connection."""

    def __init__(self, sock: socket.socket, path: str) -> None:
        self.sock = sock
        self.path = path
        self.received: list[dict[str, Any]] = []
        self.events: list[str] = []
        self.closed = threading.Event()
        self._lock = threading.Lock()

    def send_raw(self, data: bytes) -> None:
        with self._lock:
            self.sock.sendall(data)

    def send(self, value: Any) -> None:
        self.send_raw(frame(json.dumps(value).encode()))

    def close_frame(self, code: int) -> None:
        self.send_raw(frame(struct.pack(">H", code), 8))

    def cut(self) -> None:
        """Reset the connection."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # Wakes our own reader, whose end closes the descriptor: only then does the reset go out.
        self.sock.shutdown(socket.SHUT_RD)
        self.sock.close()


class WireServer:
    """Acknowledges logins and subscriptions unless told otherwise.

    Args:
        answer: Given a peer and a received message; returns the answer, or None for none. Default: acknowledge all.
        refuse: How many dials to answer with HTTP 503 first.
        tls: A certificate with its key to speak TLS with.
    """

    def __init__(
        self,
        answer: Callable[[Peer, dict[str, Any]], Any] | None = None,
        refuse: int = 0,
        tls: Path | None = None,
    ) -> None:
        self.answer = answer or acknowledge
        self.refuse = refuse
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if tls else None
        if self._tls is not None and tls is not None:
            self._tls.load_cert_chain(tls)
        self.peers: list[Peer] = []
        self.dials = 0
        self._changed = threading.Condition()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._open = True
        self._start(self._accept)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open = False
        with socket.socket() as poke:
            poke.connect(("127.0.0.1", self.port))
        self._listener.close()
        for peer in list(self.peers):
            with contextlib.suppress(OSError):
                peer.sock.shutdown(socket.SHUT_RDWR)
            peer.sock.close()
        for thread in self._threads:
            thread.join(5)

    @property
    def url(self) -> str:
        return f"{'wss' if self._tls else 'ws'}://127.0.0.1:{self.port}/ws"

    def wait(self, condition: Callable[[], Any], timeout: float = 5.0) -> Any:
        """Wait until a condition over what was received holds."""
        with self._changed:
            assert self._changed.wait_for(condition, timeout), "the server did not see that"
        return condition()

    def peer(self, number: int = 0) -> Peer:
        """The so-many-th accepted peer, waiting for it."""
        self.wait(lambda: len(self.peers) > number)
        return self.peers[number]

    def wait_subscribed(self, topic: str, number: int = 0) -> Peer:
        """The peer, once it has subscribed a topic."""
        peer = self.peer(number)
        self.wait(lambda: any(m.get("topic") == topic and m["event"] == "subscribe" for m in peer.received))
        return peer

    def _start(self, target: Callable[..., None], *args: Any) -> None:
        thread = threading.Thread(target=target, args=args, name="test-server", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while self._open:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            if not self._open:
                sock.close()
                return
            self._start(self._serve, sock)

    def _serve(self, sock: socket.socket) -> None:
        try:
            if self._tls is not None:
                sock = self._tls.wrap_socket(sock, server_side=True)
            head = b""
            while b"\r\n\r\n" not in head:
                data = sock.recv(4096)
                if not data:
                    sock.close()
                    return
                head += data
            with self._changed:
                self.dials += 1
                turned_away = self.dials <= self.refuse
                self._changed.notify_all()
            if turned_away:
                sock.sendall(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
                sock.close()
                return
            lines = head.decode().split("\r\n")
            key = next(
                line.split(": ", 1)[1] for line in lines if line.lower().startswith("sec-websocket-key")
            )
            accept = base64.b64encode(hashlib.sha1(key.encode() + GUID).digest())
            sock.sendall(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
            )
            peer = Peer(sock, lines[0].split()[1])
            with self._changed:
                self.peers.append(peer)
                self._changed.notify_all()
            self._read(peer)
        except OSError:
            sock.close()

    def _read(self, peer: Peer) -> None:
        buffer = b""
        try:
            while True:
                data = peer.sock.recv(65536)
                if not data:
                    break
                buffer += data
                buffer = self._cut(peer, buffer)
        except OSError:
            pass
        finally:
            peer.closed.set()
            peer.sock.close()
            with self._changed:
                self._changed.notify_all()

    def _cut(self, peer: Peer, buffer: bytes) -> bytes:
        while len(buffer) >= 6:
            size, at = buffer[1] & 0x7F, 2
            if size == 126:
                size, at = struct.unpack(">H", buffer[2:4])[0], 4
            if len(buffer) < at + 4 + size:
                return buffer
            mask, payload = buffer[at : at + 4], buffer[at + 4 : at + 4 + size]
            opcode = buffer[0] & 0x0F
            text = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
            buffer = buffer[at + 4 + size :]
            if opcode == 1:
                message = json.loads(text)
                with self._changed:
                    peer.received.append(message)
                    self._changed.notify_all()
                answer = self.answer(peer, message)
                if answer is not None:
                    peer.send(answer)
            else:
                with self._changed:
                    peer.events.append({8: "close", 9: "ping", 10: "pong"}.get(opcode, str(opcode)))
                    self._changed.notify_all()
        return buffer


def acknowledge(_: Peer, message: dict[str, Any]) -> dict[str, Any] | None:
    """What a willing venue answers."""
    if message["event"] in {"auth", "subscribe", "unsubscribe"}:
        return {"id": message.get("id"), "event": message["event"], "success": True, "ts": 1}
    return None
