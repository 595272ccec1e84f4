"""The few commands of Redis that bots use, in memory: nothing waits, time is set, and any command can be made to fail.

It stands for ``RedisServer`` and its client together. A command fails before it was done, or after: its answer is lost
then, as when a connection breaks in between.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from orderly_sync.relay import scripts
from orderly_sync.relay.entries import entry_key
from orderly_sync.relay_errors import RelayUnreachable

__all__ = ["MemoryRedis"]


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


class MemoryRedis:
    """A Redis, and the way to it."""

    place = "memory"

    def __init__(self) -> None:
        self.client: Any = self
        self.now = 0.0
        """Seconds; keys end by it."""
        self.values: dict[str, Any] = {}
        self.calls: list[str] = []
        """What was asked, by name."""
        self.failing: Callable[[str], str | None] = lambda _: None
        """Whether a command fails: ``"before"`` it was done or ``"after"``, by its name."""
        self.closed = 0
        self._ends: dict[str, float] = {}

    # The way to it ---------------------------------------------------------------------------------------------------

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Errors are this package's from the beginning."""
        yield

    def check(self) -> str:
        """Its version."""
        return "7.0"

    def close(self) -> None:
        """Counted."""
        self.closed += 1

    def run(self, script: str, keys: list[str], args: list[Any]) -> Any:
        """What the scripts that bots run do."""
        names = {scripts.RENEW: "RENEW", scripts.RELEASE: "RELEASE", scripts.KEEP: "KEEP"}
        return self._do(names[script], lambda: self._run(names[script], keys, args))

    def _run(self, name: str, keys: list[str], args: list[Any]) -> int:
        if self._get(keys[0]) != _bytes(args[0]):
            return 0
        if name == "RENEW":
            self._ends[keys[0]] = self.now + args[1] / 1000
        elif name == "RELEASE":
            del self.values[keys[0]]
        else:
            self._hset(keys[1], dict(zip(args[1::2], args[2::2], strict=True)))
        return 1

    def _do(self, name: str, act: Callable[[], Any]) -> Any:
        self.calls.append(name)
        fails = self.failing(name)
        if fails == "before":
            raise RelayUnreachable("no Redis answers at memory")
        told = act()
        if fails is not None:
            raise RelayUnreachable("no Redis answers at memory: the answer was lost")
        return told

    def _get(self, key: str) -> Any:
        if self._ends.get(key, self.now + 1) <= self.now:
            self.values.pop(key, None)
            del self._ends[key]
        return self.values.get(key)

    # Strings and hashes ----------------------------------------------------------------------------------------------

    def get(self, key: str) -> Any:
        """``GET``."""
        return self._do("GET", lambda: self._get(key))

    def exists(self, key: str) -> Any:
        """``EXISTS``."""
        return self._do("EXISTS", lambda: int(self._get(key) is not None))

    def set(self, key: str, value: object, *, nx: bool = False, px: int | None = None) -> Any:
        """``SET``."""
        return self._do("SET", lambda: self._set(key, value, nx=nx, px=px))

    def _set(self, key: str, value: object, *, nx: bool, px: int | None) -> bool | None:
        if nx and self._get(key) is not None:
            return None
        self.values[key] = _bytes(value)
        if px is not None:
            self._ends[key] = self.now + px / 1000
        return True

    def delete(self, *keys: str) -> Any:
        """``DEL``."""
        return self._do("DEL", lambda: [self.values.pop(key, None) for key in keys])

    def expire(self, key: str, seconds: int) -> Any:
        """``EXPIRE``."""
        return self._do("EXPIRE", lambda: self._ends.update({key: self.now + seconds}))

    def hgetall(self, key: str) -> Any:
        """``HGETALL``."""
        return self._do("HGETALL", lambda: dict(self._get(key) or {}))

    def hget(self, key: str, name: str) -> Any:
        """``HGET``."""
        return self._do("HGET", lambda: (self._get(key) or {}).get(_bytes(name)))

    def hmget(self, key: str, names: list[str]) -> Any:
        """``HMGET``."""
        return self._do("HMGET", lambda: [(self._get(key) or {}).get(_bytes(name)) for name in names])

    def hkeys(self, key: str) -> Any:
        """``HKEYS``."""
        return self._do("HKEYS", lambda: list(self._get(key) or {}))

    def hset(self, key: str, *, mapping: Mapping[str, object]) -> Any:
        """``HSET``."""
        return self._do("HSET", lambda: self._hset(key, mapping))

    def _hset(self, key: str, mapping: Mapping[str, object]) -> None:
        self.values.setdefault(key, {}).update(
            {_bytes(name): _bytes(value) for name, value in mapping.items()}
        )

    def hdel(self, key: str, *names: str) -> Any:
        """``HDEL``."""
        return self._do("HDEL", lambda: [self.values.get(key, {}).pop(_bytes(name), None) for name in names])

    def scan_iter(self, *, match: str, count: int) -> Any:
        """``SCAN``."""
        del count
        names = list(self.values)
        return self._do("SCAN", lambda: [name.encode() for name in names if fnmatch.fnmatchcase(name, match)])

    # Streams ---------------------------------------------------------------------------------------------------------

    def add(self, key: str, entry_id: str, fields: Mapping[str, object]) -> None:
        """An entry, as the relay writes it."""
        told = {_bytes(name): _bytes(value) for name, value in fields.items()}
        self.values.setdefault(key, []).append((entry_id.encode(), told))

    def xadd(self, key: str, fields: Mapping[str, object], **_: object) -> Any:
        """``XADD`` with an id of Redis's own."""
        number = len(self.values.get(key, ())) + 1
        return self._do("XADD", lambda: self.add(key, f"{number}-0", fields))

    def _behind(self, key: str, after: str, most: int) -> list[Any]:
        rows = [row for row in self._get(key) or () if entry_key(row[0].decode()) > entry_key(after)]
        return rows[:most]

    def xread(self, streams: Mapping[str, str], *, count: int, block: int) -> Any:
        """``XREAD``, which never waits here."""
        del block
        found = ((key.encode(), self._behind(key, after, count)) for key, after in streams.items())
        return self._do("XREAD", lambda: [(key, rows) for key, rows in found if rows])

    def xrange(self, key: str, after: str, until: str, most: int) -> Any:
        """``XRANGE`` behind an id, to the end."""
        assert (after[0], until) == ("(", "+")
        return self._do("XRANGE", lambda: self._behind(key, after[1:], most))

    def xrevrange(self, key: str, *, count: int) -> Any:
        """``XREVRANGE``: the last ones."""
        return self._do("XREVRANGE", lambda: list(reversed(self._get(key) or ()))[:count])

    # Several at once -------------------------------------------------------------------------------------------------

    @contextmanager
    def pipeline(self, *, transaction: bool) -> Iterator[_Pipeline]:
        """``MULTI``; all or none is done."""
        del transaction
        yield _Pipeline(self)


class _Pipeline:
    def __init__(self, redis: MemoryRedis) -> None:
        self._redis = redis
        self._asked: list[Callable[[], Any]] = []

    def __getattr__(self, name: str) -> Callable[..., None]:
        command = getattr(MemoryRedis, name)

        def ask(*words: Any, **options: Any) -> None:
            self._asked.append(lambda: command(self._redis, *words, **options))

        return ask

    def execute(self) -> list[Any]:
        return list(self._redis._do("EXEC", lambda: [ask() for ask in self._asked]))
