"""A WebSocket server that acknowledges whatever it is asked and then sends prepared frames, in its own process.

It prints one JSON line with its two ports: ``ws`` for clients, ``control`` for the one who measures, in JSON lines:

``{"do": "hello"}``                              forget the connections so far
``{"do": "await", "topics": n}``                 answer when a connection has n subscriptions
``{"do": "burst", "kind", "dialect", "from", "count"}``          send at once; no answer
``{"do": "flood", …}``                           the same for very many, answered when all are handed to the kernel
``{"do": "pace", …, "rate": 1000}``              send at that rate, answered by the moments of sending in monotonic ns
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import socket
import sys
import threading
import time

from frames import framed, template

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_CHUNK = 2000


class Connection:
    """One client: its socket, a lock for writers, how many topics it has."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.lock = threading.Lock()
        self.topics = 0

    def send(self, data: bytes) -> None:
        with self.lock:
            self.sock.sendall(data)


class Stub:
    """The connections and what is sent to the newest of them."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.newest: Connection | None = None
        self._templates: dict[tuple[str, str], object] = {}

    def serve(self, sock: socket.socket) -> None:
        """Speak with one client until it leaves."""
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reader = sock.makefile("rb")
        connection = Connection(sock)
        try:
            _shake_hands(reader, connection)
            while (message := _read(reader, connection)) is not None:
                self._answer(connection, message)
        except OSError:
            pass  # the client is gone, which ends every measurement
        finally:
            sock.close()

    def _answer(self, connection: Connection, text: bytes) -> None:
        message = json.loads(text)
        event = message.get("event")
        ack = {"event": event, "success": True, "ts": time.time_ns() // 1_000_000}
        if "id" in message:
            ack["id"] = message["id"]
        if event == "auth":
            connection.send(framed(json.dumps(ack).encode()))
        elif event == "subscribe":
            connection.send(framed(json.dumps(ack).encode()))
            self._subscribed(connection)
        elif event == "ping":
            connection.send(framed(b'{"event":"pong","ts":1750000000000}'))
        elif message.get("op") == "subscribe":
            reply = {"success": True, "ret_msg": "", "op": "subscribe", "req_id": message["req_id"]}
            connection.send(framed(json.dumps(reply).encode()))
            self._subscribed(connection)
        elif message.get("method") == "subscribe":
            self._subscribed(connection)

    def _subscribed(self, connection: Connection) -> None:
        with self.changed:
            connection.topics += 1
            self.newest = connection
            self.changed.notify_all()

    def control(self, sock: socket.socket) -> None:
        """Do what the measuring side asks, line by line, until it ends."""
        try:
            with sock, sock.makefile("rwb") as lines:
                for line in lines:
                    self._obey(json.loads(line), lines)
        except OSError:
            pass  # it ended in the middle of an answer

    def _obey(self, order: dict, lines) -> None:
        order["first"] = order.pop("from", 0)
        names = {"hello": (), "await": ("topics",)}.get(
            order["do"], ("kind", "dialect", "first", "count", "rate")
        )
        answer = getattr(self, "do_" + order["do"])(**{name: order[name] for name in names if name in order})
        if answer is not None:
            lines.write(json.dumps(answer).encode() + b"\n")
            lines.flush()

    def do_hello(self) -> dict:
        with self.changed:
            self.newest = None
        return {"ok": True}

    def do_await(self, topics: int = 1) -> dict:
        with self.changed:
            ok = self.changed.wait_for(
                lambda: self.newest is not None and self.newest.topics >= topics, timeout=30
            )
        return {"ok": ok}

    def _frames(self, kind: str, dialect: str, first: int, count: int) -> list[bytes]:
        frame = self._templates.setdefault((kind, dialect), template(kind, dialect))
        return [framed(frame(index)) for index in range(first, first + count)]

    def do_burst(self, kind: str, dialect: str, first: int, count: int) -> None:
        self.newest.send(b"".join(self._frames(kind, dialect, first, count)))

    def do_flood(self, kind: str, dialect: str, first: int, count: int) -> dict:
        for start in range(first, first + count, _CHUNK):
            self.do_burst(kind, dialect, start, min(_CHUNK, first + count - start))
        return {"ok": True}

    def do_pace(self, kind: str, dialect: str, first: int, count: int, rate: int) -> dict:
        frames = self._frames(kind, dialect, first, count)
        sent = []
        start = time.monotonic_ns() + 1_000_000
        for index, frame in enumerate(frames):
            wait = start + index * 1_000_000_000 // rate - time.monotonic_ns()
            if wait > 0:
                time.sleep(wait / 1e9)
            sent.append(time.monotonic_ns())
            self.newest.send(frame)
        return {"sent": sent}


def _shake_hands(reader, connection: Connection) -> None:
    key = b""
    while (line := reader.readline()) not in {b"\r\n", b""}:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"sec-websocket-key":
            key = value.strip()
    accept = base64.b64encode(hashlib.sha1(key + _GUID).digest())
    connection.send(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        + accept
        + b"\r\n\r\n"
    )


def _read(reader, connection: Connection) -> bytes | None:
    """The next text of the client, None when it closes; pings are answered on the way."""
    while True:
        head = reader.read(2)
        if len(head) < 2:
            return None
        size = head[1] & 0x7F
        if size >= 126:
            size = int.from_bytes(reader.read(2 if size == 126 else 8), "big")
        mask = reader.read(4)
        data = bytes(byte ^ mask[index % 4] for index, byte in enumerate(reader.read(size)))
        opcode = head[0] & 0x0F
        if opcode == 8:
            connection.send(bytes((0x88, len(data))) + data)
            return None
        if opcode == 9:
            connection.send(bytes((0x8A, len(data))) + data)
        elif opcode == 1:
            return data


def _accept(listener: socket.socket, serve) -> None:
    while True:
        sock, _ = listener.accept()
        threading.Thread(target=serve, args=(sock,), daemon=True).start()


def main() -> None:
    """Serve until standard input closes, that is: until the one who started it ends."""
    if len(sys.argv) > 1 and sys.argv[1] != "-" and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(sys.argv[1])})
    stub = Stub()
    ports = {}
    for name, serve in (("ws", stub.serve), ("control", stub.control)):
        listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        ports[name] = listener.getsockname()[1]
        threading.Thread(target=_accept, args=(listener, serve), daemon=True).start()
    print(json.dumps(ports), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
