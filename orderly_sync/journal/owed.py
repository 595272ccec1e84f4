"""Reports that nobody has been there to take: what the process before left, and what comes before the first hook.

Used on one thread at a time, the stream's I/O thread once that runs. Pure: time is an argument.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["GRACE", "MOST", "OwedReports"]

GRACE = 0.25
"""Seconds after a topic's last new hook or stream at which it is told what is owed: so that several hooks of one
topic, which are registered one after the other, hear it all."""
MOST = 100_000
"""So many reports of a topic are held in memory; more stay in the journal until the next start."""


class OwedReports:
    """By topic, in the order in which they came."""

    def __init__(self) -> None:
        self.left = 0
        """Reports that are in the journal only, since there were too many."""
        self._reports: dict[str, list[object]] = {}
        self._heard: dict[str, tuple[object, float]] = {}  # who hears a topic, and since when just those do

    def add(self, topic: str, reports: Sequence[object]) -> None:
        """Nobody is there to take these yet."""
        held = self._reports.setdefault(topic, [])
        room = MOST - len(held)
        held += reports[:room]
        self.left += max(0, len(reports) - room)

    def has(self, topic: str) -> bool:
        """Whether reports of that topic are owed, behind which others must wait."""
        return topic in self._reports

    @property
    def topics(self) -> list[str]:
        """Whose reports are owed."""
        return list(self._reports)

    @property
    def count(self) -> int:
        """How many reports are owed."""
        return sum(map(len, self._reports.values()))

    def due(self, topic: str, audience: object, now: float) -> Sequence[object]:
        """What is owed, once the same ``audience`` (false for none) has stood for ``GRACE`` seconds; else nothing."""
        if not audience:
            self._heard.pop(topic, None)
            return ()
        known, since = self._heard.get(topic, (None, now))
        if known != audience:
            self._heard[topic] = (audience, now)
            return ()
        if now - since < GRACE:
            return ()
        del self._heard[topic]
        return self._reports.pop(topic, ())
