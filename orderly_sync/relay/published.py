"""What Redis holds of what was published before: where a relay that begins to lead goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from orderly_sync.relay.entries import FIRST, entry_key
from orderly_sync.relay.keys import KeyLayout
from orderly_sync.relay.redis_server import RedisServer
from orderly_sync.wire.topic import Topic

__all__ = ["Covered", "Published"]

_PAGE = 500
"""Entries of one read; each takes Redis and this process some milliseconds."""


class Covered(NamedTuple):
    """Until when all is published that a leader has heard of the account: what is older need not be kept for it.

    The id of the last entry does not say so: what REST told of, and the state, are written with the time of their
    writing, while what was heard before may wait behind them.
    """

    at: int = 0
    """By the relay's clock, ms; 0 where nobody knows."""
    ts: int = 0
    """By the venue's, ms."""


class Published:
    """Reads it; each error is a RelayError.

    Args:
        server: The Redis.
        keys: The names of all keys.
        private: The topics whose events must not come twice.
        between: Called between two reads: a lease must not run out over many.
    """

    def __init__(
        self,
        server: RedisServer,
        keys: KeyLayout,
        private: Callable[[], Iterable[Topic[Any]]],
        between: Callable[[], object],
    ) -> None:
        self._server, self._keys, self._private, self._between = server, keys, private, between

    def head(self) -> str:
        """The id of the last entry."""
        with self._server.asking():
            told: Any = self._server.client.get(self._keys.head)
        return FIRST if told is None else str(told.decode())

    def covered(self) -> Covered:
        """Until when all that was heard is there."""
        with self._server.asking():
            told: Any = self._server.client.get(self._keys.covered)
        return Covered() if told is None else Covered(*map(int, told.split()))

    def counts(self) -> dict[str, int]:
        """By topic, how many entries were ever written."""
        with self._server.asking():
            told: Any = self._server.client.hgetall(self._keys.counts)
        return {key.decode(): int(value) for key, value in told.items()}

    def ids_since(self, ms: int, ts: int) -> set[str]:
        """The ids of the account's events from then on, by the relays' time or by the venue's, ms."""
        known: set[str] = set()
        for topic in self._private():
            at, key = "+", self._keys.events(topic.name)
            while at:
                self._between()
                with self._server.asking():
                    rows: Any = self._server.client.xrevrange(key, at, "-", _PAGE)
                for _, fields in rows:
                    known.update(fields.get(b"id", b"").decode().split())
                at = f"({rows[-1][0].decode()}" if len(rows) == _PAGE else ""
                if (
                    rows
                    and entry_key(rows[-1][0].decode())[0] < ms
                    and int(rows[-1][1].get(b"ts", b"0")) < ts
                ):
                    break
        return known

    def told_to(self) -> int:
        """The venue's time until which the account's events are there, ms."""
        latest = 0
        for topic in self._private():
            with self._server.asking():
                rows: Any = self._server.client.xrevrange(self._keys.events(topic.name), count=1)
            latest = max([latest, *(int(fields.get(b"ts", b"0")) for _, fields in rows)])
        return latest
