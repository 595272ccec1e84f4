"""Who may still ask and write: nobody writes after ``close()``, nor in a process forked from the client's own."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from orderly_sync.errors import UsageError
from orderly_sync.rest.request import is_read
from orderly_sync.waiting import WaitQueue

__all__ = ["WriteGuard"]

_PATIENCE = 1.0
"""Seconds that close() waits for bytes on their way out."""


class WriteGuard:
    """Lets reads pass while there is a venue to ask, and writes while the client stands, in its own process.

    Asked twice: before anything is done for a request, and again when its bytes would leave, for it may have waited for
    its turn or for a connection meanwhile. Once ``close()`` has returned, no byte of a write leaves.
    """

    def __init__(self) -> None:
        self._process = os.getpid()
        self._changed = WaitQueue()
        self._closed = False
        self._gone: str | None = None
        self._leaving: dict[object, int] = {}  # a write whose bytes are leaving: the thread that sends it

    def check(self, method: str, path: str) -> None:
        """Let a request pass or not.

        Raises:
            UsageError: It writes, and the client was stopped or made before a fork; or there is nobody to ask any more.
                Nothing was sent.
        """
        if not is_read(method, path):
            self.require_open(f"{method} {path}")
        if self._gone is not None:
            raise UsageError(f"{method} {path} was not sent: {self._gone}")

    def require_open(self, what: str) -> None:
        """Let something that writes begin or not; raises as ``check`` does."""
        # A fork may have happened while some thread held the lock, so it is not asked for in a child.
        if self._process != os.getpid():
            raise UsageError(
                f"{what} was not sent: this client was made before fork(); connect anew in this process"
            )
        if self._closed:
            raise UsageError(f"{what} was not sent: this client is stopped; connect anew to send it")

    @contextmanager
    def sending(self, method: str, target: str) -> Iterator[None]:
        """Around the bytes of a request.

        Raises:
            UsageError: As ``check``.
        """
        path = target.partition("?")[0]
        self.check(method, path)
        if is_read(method, path):
            yield
            return
        mark = object()
        try:
            # Entered before it is asked once more, so that either this sees that it is closed, or close() sees this.
            self._leaving[mark] = threading.get_ident()
            self.check(method, path)
            yield
        finally:
            self._leaving.pop(mark, None)
            self._changed.wake_all()

    def refuse_all(self, why: str) -> None:
        """Let nothing pass from now on, for that reason."""
        self._gone = why

    def close(self) -> None:
        """Let no write pass from now on; waits, a second at most, for the bytes of one that is just leaving."""
        self._closed = True
        if self._process != os.getpid():
            return
        until = time.monotonic() + _PATIENCE
        self._changed.wait_for(self._is_quiet, until)

    def _is_quiet(self) -> bool:
        """Whether no other thread sends; what this one was sending when it was interrupted, it sends no more."""
        mine = threading.get_ident()
        return all(thread == mine for thread in list(self._leaving.values()))
