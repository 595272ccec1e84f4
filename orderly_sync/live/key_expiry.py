"""Whether the key that signs is about to end: looked up once, beside everything else, and said in the log."""

from __future__ import annotations

from collections.abc import Callable

from orderly_sync.clock import Clock
from orderly_sync.dialling.cancellation import Cancellation
from orderly_sync.errors import OrderlyError
from orderly_sync.logs import log_of
from orderly_sync.models.base import Rows
from orderly_sync.models.key import OrderlyKeyInfo
from orderly_sync.waiting import Worker

__all__ = ["SOON_MS", "KeyExpiry"]

log = log_of("orderly_sync.state")

_DAY_MS = 24 * 3600 * 1000
SOON_MS = 7 * _DAY_MS
"""A key with less than this left is told of, ms."""


class KeyExpiry:
    """Warns once, in the log, of a key that ends within a week. It holds nothing up, and its failure harms nothing.

    Args:
        read: Reads the account's keys.
        key: The public key that signs.
        clock: Where time comes from.
    """

    def __init__(
        self,
        read: Callable[[], Rows[OrderlyKeyInfo]],
        key: str,
        clock: Clock,
    ) -> None:
        self._read = read
        self._key = key
        self._clock = clock
        self._stopping = Cancellation()
        self._thread = Worker(self._look, "orderly-key")

    def start(self) -> None:
        """Look it up on a thread of its own; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Look no further; returns at once."""
        self._stopping.set()

    def join(self, timeout: float) -> None:
        """Wait for the end of the look-up."""
        self._thread.join(timeout)

    def _look(self) -> None:
        try:
            with self._stopping.applied():
                known = self._read()
        except OrderlyError as exc:
            log.info("when the key ends cannot be looked up: %s", exc)
            return
        except Exception:
            log.exception("when the key ends cannot be looked up")
            return
        ends = next((one for one in known if one.orderly_key == self._key), None)
        if ends is None or not ends.expiration:
            return
        left = ends.expiration - self._clock.time_ms()
        if left < SOON_MS:
            log.warning(
                "this Orderly key ends in %.1f days (%s); add a new one before",
                max(0.0, left / _DAY_MS),
                "the past" if ends.expires_at is None else f"{ends.expires_at:%Y-%m-%d %H:%M} UTC",
            )
