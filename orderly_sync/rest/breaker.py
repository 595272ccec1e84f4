"""Stops asking when the venue keeps refusing the key, so that a bot with a dead key is not banned by address too."""

from __future__ import annotations

from orderly_sync.clock import Clock
from orderly_sync.errors import AuthenticationError
from orderly_sync.rest.request import Request

__all__ = ["Breaker"]

_REFUSALS = 10
"""Refusals in a row after which nothing more is sent."""
_REST = 60.0
"""Seconds until one request may try again."""


class Breaker:
    """Counts how often in a row the key was refused; shared by all signed requests of one client.

    Its counts are changed without a lock: one more or one less in a race changes nothing that matters.

    Args:
        clock: Where time comes from.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._refused = 0
        self._until = 0.0

    def check(self, request: Request) -> None:
        """Let a request pass, unless the key has been refused too often.

        Raises:
            AuthenticationError: Nothing was sent (``status`` is None); its message says when the next may be.
        """
        if self._refused < _REFUSALS:
            return
        now = self._clock.monotonic()
        if now >= self._until:
            self._until = now + _REST
            return
        left = self._until - now
        text = f"the venue refused the key {self._refused} times in a row; nothing is sent for {left:.0f} s"
        raise AuthenticationError(None, text, None, request.path, request.method)

    def accepted(self) -> None:
        """The venue took the key."""
        if self._refused:
            self._refused = 0

    def refused(self) -> None:
        """The venue refused it once more."""
        self._refused += 1
        self._until = self._clock.monotonic() + _REST
