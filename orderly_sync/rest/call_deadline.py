"""The moment by which all that a call does by REST must be over, every try and every wait for its turn included.

And pauses that end with whoever the calling thread works for (``dialling/cancellation.py``).
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar

from orderly_sync.clock import Clock
from orderly_sync.config import deadline
from orderly_sync.dialling.cancellation import has_cancellation, is_cancelled

__all__ = ["CALL", "call_deadline", "ends_by", "pause", "within"]

CALL = 30.0
"""Seconds that a call which asks the venue more than once takes at most, unless told otherwise."""

_SLICE = 0.25

_until: ContextVar[float] = ContextVar("until", default=math.inf)


def call_deadline() -> float:
    """The monotonic second by which the caller wants to know; infinite unless it said so."""
    return _until.get()


@contextmanager
def ends_by(until: float) -> Iterator[None]:
    """Have all requests of this block end by that monotonic second."""
    token = _until.set(min(until, _until.get()))
    try:
        yield
    finally:
        _until.reset(token)


def within(timeout: float | None) -> AbstractContextManager[None]:
    """Have all requests of the block end within so many seconds; None sets no limit of its own.

    Raises:
        UsageError: It is neither None nor a length of time.
    """
    return ends_by(deadline(timeout, time.monotonic()))


def pause(clock: Clock, seconds: float) -> None:
    """Let that many seconds pass, fewer if whoever this thread works for ends meanwhile."""
    if not has_cancellation():
        clock.sleep(seconds)
        return
    until = clock.monotonic() + seconds
    while (left := until - clock.monotonic()) > 0 and not is_cancelled():
        clock.sleep(min(left, _SLICE))
