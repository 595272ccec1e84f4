"""Where a client that ran before this one left off, as far as that was kept. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

__all__ = ["EarlierLife"]


class EarlierLife(NamedTuple):
    """Where a client that ran before left off."""

    since: int
    """The venue's time, ms, until which it had received everything."""
    floor: int
    """Of orders younger than this, ms, it was to tell everything."""
    filled: Callable[[str], Iterable[tuple[int, object]]]
    """By topic: orders of which it had told, not to their end, and how much of each was filled by then."""

    def begin(self, topic: str, begin: Callable[[int, object], object]) -> None:
        """Have the reports of each such order follow on what was told of it."""
        for order_id, total in self.filled(topic):
            begin(order_id, total)
