"""The moment by which all that a call does by REST must be over, every try and every wait for its turn included."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["call_deadline", "ends_by"]

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
