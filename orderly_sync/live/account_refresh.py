"""What recovery can do without, read beside it: the account's settings, readable ten times a minute."""

from __future__ import annotations

import threading
from collections.abc import Callable

from orderly_sync.dialling.cancellation import Cancellation
from orderly_sync.errors import RateLimited, RequestError
from orderly_sync.logs import log_of
from orderly_sync.rest.rate_share import in_background
from orderly_sync.waiting import Worker

__all__ = ["AccountRefresh"]

log = log_of("orderly_sync.state")

_PAUSE = 5.0
"""Seconds between two tries."""


class AccountRefresh:
    """Reads the account's settings again when asked to, on a thread that lives for as long as that takes.

    Args:
        read: Reads and shows them.
        ended: Told of the defect of this package by which its thread ends.
    """

    def __init__(
        self, read: Callable[[], object], ended: Callable[[BaseException], object] | None = None
    ) -> None:
        self._failed = ended
        self._read = read
        self._lock = threading.Lock()
        self._wanted = False
        self._stopping = Cancellation()
        self._thread: Worker | None = None

    def ask(self) -> None:
        """Have them read soon; returns at once. Asking again while that is under way has them read once more."""
        with self._lock:
            if self._stopping.is_set():
                return
            self._wanted = True
            if self._thread is None:
                self._thread = Worker(self._run, "orderly-account", self._failed)
                self._thread.start()

    def stop(self) -> None:
        """Have the thread end, whatever it reads; returns at once."""
        self._stopping.set()

    def join(self, timeout: float) -> None:
        """Wait for its end, unless this is the thread itself."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout)

    def _run(self) -> None:
        while self._is_wanted():
            pause = self._try()
            if pause:
                self._stopping.wait(pause)
                with self._lock:
                    self._wanted = True

    def _is_wanted(self) -> bool:
        with self._lock:
            wanted, self._wanted = self._wanted and not self._stopping.is_set(), False
            if not wanted:
                self._thread = None
        return wanted

    def _try(self) -> float:
        """Read; seconds until the next try, 0 where none is needed."""
        try:
            with self._stopping.applied(), in_background():
                self._read()
        except RateLimited as exc:
            return exc.retry_after or _PAUSE
        except RequestError as exc:
            if not self._stopping.is_set():
                log.warning(
                    "the account's settings could not be read again: %s; it will be tried once more", exc
                )
            return _PAUSE
        except Exception:
            # Said loudly: nobody else can see this thread.
            log.exception("the account's settings cannot be read; it will be tried once more")
            return _PAUSE
        return 0.0
