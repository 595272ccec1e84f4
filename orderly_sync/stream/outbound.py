"""What is to be sent and the socket has not taken yet, and since when. Pure: time is an argument."""

from __future__ import annotations

from collections import deque

__all__ = ["Outbound"]

_GRAIN = 0.25
"""Seconds within which what is queued counts as queued at once: the marks stay few, however many frames there are."""


class Outbound:
    """Bytes on their way out, in order.

    Args:
        patience: Seconds within which whatever is queued must have been taken.
    """

    def __init__(self, patience: float) -> None:
        self.data = bytearray()
        self._patience = patience
        self._queued = 0  # bytes, in all
        self._taken = 0
        self._marks: deque[tuple[int, float]] = (
            deque()
        )  # up to which byte was queued, and when the first of it was

    def __len__(self) -> int:
        return len(self.data)

    def add(self, data: bytes, now: float) -> None:
        """Queue bytes."""
        self.data += data
        self._queued += len(data)
        if self._marks and now - self._marks[-1][1] < _GRAIN:
            now = self._marks.pop()[1]
        self._marks.append((self._queued, now))

    def taken(self, count: int) -> None:
        """The socket took so many."""
        del self.data[:count]
        self._taken += count
        while self._marks and self._marks[0][0] <= self._taken:
            self._marks.popleft()

    def clear(self) -> None:
        """Nothing is to be sent any more."""
        self.data.clear()
        self._marks.clear()
        self._queued = self._taken = 0

    @property
    def deadline(self) -> float | None:
        """By when the oldest bytes must have been taken; None if there are none."""
        return self._marks[0][1] + self._patience if self._marks else None
