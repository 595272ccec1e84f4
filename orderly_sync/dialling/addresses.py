"""From a host's name to a connected socket: every address within one deadline, the look-up of the name as well.

A dead address costs a quarter of a second before the next one is tried beside it (RFC 8305).
"""

from __future__ import annotations

import contextlib
import errno
import os
import selectors
import socket
import time
from collections import deque
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any, cast

from orderly_sync.dialling.cancellation import is_cancelled, note
from orderly_sync.dialling.look_ups import look_up

__all__ = ["NotSent", "Now", "Timed", "left", "open_socket"]

_OWN_NAME = "localhost"
STAGGER = 0.25
"""Seconds after which the next address is tried beside one that has not answered."""

Now = Callable[[], float]


class NotSent(Exception):
    """No connection came about, so nothing was sent; its text is a clause that says why."""


def left(until: float, now: Now) -> float:
    """Seconds until the deadline.

    Raises:
        TimeoutError: It has passed.
    """
    seconds = until - now()
    if seconds <= 0:
        raise TimeoutError
    return seconds


def _pause(until: float, now: Now) -> float:
    """Seconds to wait before the deadline, and whoever this thread works for, are looked at again.

    Raises:
        TimeoutError: The deadline has passed.
        OSError: Whoever this thread works for has ended.
    """
    if is_cancelled():
        raise OSError(errno.ECANCELED, "it was given up")
    return min(left(until, now), STAGGER)


def _addresses(host: str, port: int, until: float, now: Now) -> list[Any]:
    """What the host's name stands for."""
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        pass
    else:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    answer = look_up(host, port, lambda: _pause(until, now))
    if host.lower() == _OWN_NAME:
        # Plain text goes to this name, so whoever answers for it elsewhere must not be believed (RFC 6761).
        return [one for one in answer if ip_address(one[4][0].partition("%")[0]).is_loopback]
    return answer


def _begin(address: Any) -> socket.socket:
    """A socket that is on its way to an address."""
    family, kind, protocol, _, where = address
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            sock.connect(where)
    except BaseException:
        sock.close()
        raise
    return sock


def _ready(sock: socket.socket, until: float, now: Now) -> socket.socket:
    """A connected socket, as others expect one."""
    try:
        sock.settimeout(left(until, now))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        note(sock)
    except BaseException:
        sock.close()
        raise
    return sock


class Timed:
    """A socket whose every wait ends at one deadline, for those who set its timeout once and then wait many times."""

    def __init__(self, sock: socket.socket, until: float, now: Now) -> None:
        self._sock = sock
        self._until = until
        self._now = now
        self.fileno = sock.fileno
        self.close = sock.close
        self.gettimeout = sock.gettimeout

    def settimeout(self, seconds: float | None) -> None:
        """Left alone: the deadline counts."""

    def recv(self, size: int) -> bytes:
        """Receive, as a socket does."""
        self._sock.settimeout(left(self._until, self._now))
        return self._sock.recv(size)

    def send(self, data: bytes) -> int:
        """Send, as a socket does."""
        self._sock.settimeout(left(self._until, self._now))
        return self._sock.send(data)


def open_socket(host: str, port: int, until: float, now: Now = time.monotonic) -> socket.socket:
    """A socket connected to the first address of a host that takes it.

    Raises:
        TimeoutError: The deadline passed.
        OSError: No address took it; the last one's reason. Or whoever this thread works for has ended.
    """
    todo = deque(_addresses(host, port, until, now))
    failed = OSError("the host has no address")
    with selectors.DefaultSelector() as trying:
        try:
            while todo or trying.get_map():
                if todo:
                    try:
                        trying.register(_begin(todo.popleft()), selectors.EVENT_WRITE)
                    except OSError as exc:
                        failed = exc
                        continue
                for key, _ in trying.select(_pause(until, now)):
                    sock = cast("socket.socket", key.fileobj)
                    code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                    trying.unregister(sock)
                    if not code:
                        return _ready(sock, until, now)
                    sock.close()
                    failed = OSError(code, os.strerror(code))
        finally:
            for key in list(trying.get_map().values()):
                key.fileobj.close()  # type: ignore[union-attr]
    raise failed
