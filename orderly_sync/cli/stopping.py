"""Being told to stop: Ctrl-C and SIGTERM, for commands that have no end of their own."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from orderly_sync.waiting import Flag

__all__ = ["told_to_stop"]


@contextmanager
def told_to_stop() -> Iterator[Flag]:
    """Ctrl-C and SIGTERM, which here end what goes on without an end, as they should."""
    stopped = Flag()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
