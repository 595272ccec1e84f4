"""What the peers of tests share: a listener on 127.0.0.1 served in threads of its own, and a port that refuses."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

from typing_extensions import Self

__all__ = ["Loopback", "refusing_port"]


@contextlib.contextmanager
def refusing_port() -> Iterator[int]:
    """A port of 127.0.0.1 where every dial is refused while this lasts.

    It is bound and does not listen. A port that was closed would be the next that the system gives to anybody, as to
    the server of a test that runs beside this one.
    """
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()[1]


class Loopback:
    """Listens until it is left; whoever inherits says what becomes of a connection.

    Args:
        name: What its threads are called.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._start(self._accept)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.hang_up()
        for thread in self._threads:
            thread.join(5)

    def hang_up(self) -> None:
        """End every connection, so that the threads that serve them end."""
        raise NotImplementedError

    def connected(self, sock: socket.socket) -> None:
        """Called with each connection; must return soon."""
        raise NotImplementedError

    def _start(self, work: Callable[..., object], *args: Any) -> None:
        thread = threading.Thread(target=work, args=args, name=self._name, daemon=True)
        self._threads = [one for one in self._threads if one.is_alive()]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self.connected(self._listener.accept()[0])
