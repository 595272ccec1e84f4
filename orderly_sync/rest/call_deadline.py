"""The moment by which all that a call does by REST must be over, every try and every wait for its turn included.

And pauses that end with whoever the calling thread works for (``dialling/cancellation.py``).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextvars import ContextVar, copy_context
from typing import TypeVar

from orderly_sync.clock import Clock
from orderly_sync.config import deadline
from orderly_sync.dialling.cancellation import has_cancellation, is_cancelled

__all__ = ["CALL", "call_by", "call_deadline", "call_within", "pause"]

R = TypeVar("R")

CALL = 30.0
"""Seconds that a call which asks the venue more than once takes at most, unless told otherwise."""

_SLICE = 0.25

_until: ContextVar[float] = ContextVar("until", default=math.inf)


def call_deadline() -> float:
    """The monotonic second by which the caller wants to know; infinite unless it said so."""
    return _until.get()


def call_by(until: float, call: Callable[..., R], *args: object) -> R:
    """What a call gives back, all requests of which end by that monotonic second.

    It runs in a context of its own, which the interpreter leaves in C. A block that set the moment and put it back
    could be left by a Ctrl-C in between, and every later call of the thread would be too late.
    """
    return copy_context().run(_limited, until, call, args)


def _limited(until: float, call: Callable[..., R], args: tuple[object, ...]) -> R:
    _until.set(min(until, _until.get()))
    return call(*args)


def call_within(timeout: float | None, call: Callable[..., R], *args: object) -> R:
    """The same within so many seconds; None sets no limit of its own.

    Raises:
        UsageError: It is neither None nor a length of time.
    """
    return call_by(deadline(timeout, time.monotonic()), call, *args)


def pause(clock: Clock, seconds: float) -> None:
    """Let that many seconds pass, fewer if whoever this thread works for ends meanwhile."""
    if not has_cancellation():
        clock.sleep(seconds)
        return
    until = clock.monotonic() + seconds
    while (left := until - clock.monotonic()) > 0 and not is_cancelled():
        clock.sleep(min(left, _SLICE))
