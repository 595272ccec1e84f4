"""Which topics are wanted, by which bots and until when. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable

__all__ = ["LINGER", "Demand"]

LINGER = 10.0
"""Seconds that a topic is heard on when nobody wants it any more: a bot that starts anew finds it there."""


class Demand:
    """The wishes of all bots.

    Args:
        linger: Seconds that an unwanted topic is kept.
    """

    def __init__(self, linger: float = LINGER) -> None:
        self._linger = linger
        self._by_bot: dict[str, frozenset[str]] = {}
        self._bots: dict[str, set[str]] = {}  # by topic
        self._unwanted: dict[str, float] = {}  # since when

    @property
    def bots(self) -> Collection[str]:
        """Those that want anything."""
        return tuple(self._by_bot)

    @property
    def topics(self) -> frozenset[str]:
        """Those that are to be heard now."""
        return frozenset(self._bots) | frozenset(self._unwanted)

    def wants(self, topic: str) -> bool:
        """Whether a topic is to be heard now."""
        return topic in self._bots or topic in self._unwanted

    def told(self, bot: str, topics: Iterable[str], now: float) -> frozenset[str]:
        """A bot says all that it wants, nothing if it is gone; the topics that nobody had wanted before."""
        wanted, before = frozenset(topics), self._by_bot.get(bot, frozenset())
        fresh = frozenset(one for one in wanted - before if not self.wants(one))
        for topic in wanted - before:
            self._bots.setdefault(topic, set()).add(bot)
            self._unwanted.pop(topic, None)
        for topic in before - wanted:
            others = self._bots[topic]
            others.discard(bot)
            if not others:
                del self._bots[topic]
                self._unwanted[topic] = now
        if wanted:
            self._by_bot[bot] = wanted
        else:
            self._by_bot.pop(bot, None)
        return fresh

    def over(self, now: float) -> frozenset[str]:
        """The topics that nobody has wanted for long enough; they are named once."""
        gone = frozenset(topic for topic, since in self._unwanted.items() if now - since >= self._linger)
        for topic in gone:
            del self._unwanted[topic]
        return gone
