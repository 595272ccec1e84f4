"""Waiting until something has happened at the venue. Runs on the venue's loop only."""

from __future__ import annotations

import asyncio

__all__ = ["Changes"]


class Changes:
    """Counts what happens; whoever knows an earlier count may wait for the next."""

    def __init__(self) -> None:
        self.count = 1
        """How often something happened, and one more."""
        self._waiting: set[asyncio.Future[None]] = set()

    def note(self) -> None:
        """Something has happened."""
        self.count += 1
        while self._waiting:
            waiter = self._waiting.pop()
            if not waiter.done():
                waiter.set_result(None)

    async def after(self, count: int, seconds: float) -> None:
        """Return when the count is another than that, or after so long."""
        if count != self.count:
            return
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        try:
            await asyncio.wait_for(waiter, seconds)
        except asyncio.TimeoutError:
            pass
        finally:
            self._waiting.discard(waiter)
