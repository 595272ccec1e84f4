"""The door to Redis: redis-py's synchronous client, and every error of it as one of this package's.

The one module that knows redis-py, which is an extra and loaded when a relay or a bot is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from orderly_sync.errors import UsageError
from orderly_sync.extras import lacking
from orderly_sync.relay_errors import RelayError, RelayMismatch, RelayRefused, RelayUnreachable

if TYPE_CHECKING:
    from redis import Redis

__all__ = ["LEAST_VERSION", "RedisServer", "is_redis_url"]

LEAST_VERSION = (6, 2)
"""The first release that trims streams by age. ACL of commands on some keys only, which bots need, came with 7.0."""
_SCHEMES = ("redis", "rediss", "unix")
_SECONDS = 5.0
_OPTIONS: dict[str, Any] = {"health_check_interval": 0, "protocol": 2, "client_name": "orderly_sync"}


def is_redis_url(value: object) -> bool:
    """Whether it is a URL of a Redis."""
    return isinstance(value, str) and value.partition("://")[0] in _SCHEMES and "://" in value


class RedisServer:
    """One Redis, by its URL; threads may share it.

    Args:
        url: ``redis://user:password@host:port/0``, ``rediss://`` with TLS, ``unix://``.
        timeout: Seconds that an answer may take, and a connection.

    Raises:
        UsageError: The URL is none, or the extra ``redis`` is not installed.
    """

    def __init__(self, url: str, *, timeout: float = _SECONDS) -> None:
        if not is_redis_url(url):
            raise UsageError("name a Redis by its URL: redis://host:6379, or rediss:// for TLS")
        try:
            import redis
        except ImportError:
            raise UsageError(lacking("redis", "a relay")) from None
        self._errors = redis.exceptions
        self._url = url
        self.place = _place_of(url)
        """Where it is, without user and password."""
        try:
            self.client: Redis = redis.Redis.from_url(
                url,
                socket_timeout=timeout,
                socket_connect_timeout=timeout,
                retry=redis.retry.Retry(redis.backoff.NoBackoff(), 0),  # who asks decides when to ask again
                **_OPTIONS,
            )
        except (ValueError, TypeError):
            raise UsageError("this is no URL of a Redis; write redis://user:password@host:port/0") from None
        self._scripts: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"RedisServer({self.place!r})"

    def check(self) -> str:
        """Its version, as text.

        Raises:
            RelayUnreachable: Nothing answers there.
            RelayRefused: It refused the password.
            RelayMismatch: It is too old.
        """
        with self.asking():
            told: Any = self.client.info("server")
        version = str(told.get("redis_version", "0"))
        found = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
        if found < LEAST_VERSION:
            least = ".".join(map(str, LEAST_VERSION))
            raise RelayMismatch(f"the Redis at {self.place} is {version}; a relay needs {least} or newer")
        return version

    def run(self, script: str, keys: list[str], args: list[Any]) -> Any:
        """Run a script, which Redis keeps from the first time on.

        Raises:
            RelayError: It failed, or Redis did.
        """
        with self.asking():
            sha = self._scripts.get(script)
            if sha is None:
                sha = self._scripts[script] = str(_text(self.client.script_load(script)))
            try:
                return self.client.evalsha(sha, len(keys), *keys, *args)
            except self._errors.NoScriptError:
                self.client.script_load(script)  # it was restarted
                return self.client.evalsha(sha, len(keys), *keys, *args)

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Turn whatever redis-py raises within into an error of this package."""
        try:
            yield
        except self._errors.RedisError as exc:
            raise self._translated(exc) from None
        except OSError as exc:
            raise RelayUnreachable(f"no Redis answers at {self.place}: {exc.strerror or exc}") from None

    def _translated(self, exc: Exception) -> RelayError:
        said = _clean(str(exc))
        errors = self._errors
        if isinstance(exc, errors.AuthenticationError) or said.startswith(("WRONGPASS", "NOAUTH")):
            return RelayRefused(
                f"the Redis at {self.place} refused user or password; write them into the URL: "
                "redis://user:password@host:port"
            )
        if isinstance(exc, errors.NoPermissionError) or "NOPERM" in said:
            return RelayRefused(
                f"the ACL of the Redis at {self.place} does not let this user do that: {said}; "
                "give it the rules of docs/many-machines.md"
            )
        if isinstance(exc, errors.OutOfMemoryError) or "OOM" in said or "used memory > 'maxmemory'" in said:
            return RelayUnreachable(
                f"the Redis at {self.place} is out of memory; raise maxmemory, or keep less (keep=, maxlen=)"
            )
        if isinstance(exc, errors.ReadOnlyError) or "READONLY" in said:
            return RelayUnreachable(
                f"the Redis at {self.place} is a replica and takes no writes; name the primary"
            )
        if isinstance(exc, (errors.ConnectionError, errors.TimeoutError)):
            return RelayUnreachable(f"no Redis answers at {self.place}: {said}")
        return RelayError(f"the Redis at {self.place} said: {said}")

    def close(self) -> None:
        """Close all its connections; idempotent."""
        self.client.close()
        self.client.connection_pool.disconnect()


def _place_of(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return parts.path
    try:
        return f"{parts.hostname or 'localhost'}:{parts.port or 6379}"
    except ValueError:
        raise UsageError("this is no URL of a Redis; its port is no number") from None


def _text(value: object) -> object:
    return value.decode() if isinstance(value, bytes) else value


def _clean(said: str) -> str:
    """What Redis said, cut short: it may repeat what it was sent."""
    return " ".join(said.split())[:200]
