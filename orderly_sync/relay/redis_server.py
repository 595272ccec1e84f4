"""The door to Redis: redis-py's synchronous client, and every error of it as one of this package's.

The one module that knows redis-py, which is an extra and loaded when a relay or a bot is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from orderly_sync.errors import UsageError
from orderly_sync.extras import lacking
from orderly_sync.logs import log_of
from orderly_sync.relay.redis_url import read_redis_url
from orderly_sync.relay.tls_failures import hint_before_an_answer, why_tls_failed
from orderly_sync.relay_errors import RelayError, RelayMismatch, RelayRefused, RelayUnreachable

if TYPE_CHECKING:
    from redis import Redis

__all__ = ["LEAST_VERSION", "RedisServer"]

log = log_of("orderly_sync.relay")

LEAST_VERSION = (6, 2)
"""The first release that trims streams by age. ACL of commands on some keys only, which bots need, came with 7.0."""
_SECONDS = 5.0
_OPTIONS: dict[str, Any] = {"health_check_interval": 0, "protocol": 2, "client_name": "orderly_sync"}


class RedisServer:
    """One Redis, by its URL; threads may share it.

    Args:
        url: ``redis://user:password@host:port/0``, ``rediss://`` with TLS, ``unix://``. Options of TLS:
            ``ssl_ca_certs``, ``ssl_ca_path`` (authorities besides the system's), ``ssl_certfile``, ``ssl_keyfile``,
            ``ssl_password`` (this side's own certificate); ``ssl_cert_reqs=none`` and ``ssl_check_hostname=false``
            switch the checking of the server's certificate off, and a warning is logged.
        timeout: Seconds that an answer may take, and a connection; five without it.

    Raises:
        UsageError: The URL is none, has another option or names no certificates, or the extra ``redis`` is not
            installed.
    """

    def __init__(self, url: str, *, timeout: float | None = None) -> None:
        self._where = where = read_redis_url(url)
        try:
            import redis
        except ImportError:
            raise UsageError(lacking("redis", "a relay")) from None
        self._errors = redis.exceptions
        self._has_answered = False
        self.place = where.place
        """Where it is, without user and password."""
        if timeout is None:  # one with another timeout is beside the first
            self._warn_unchecked()
        wait = _SECONDS if timeout is None else timeout
        try:
            self.client: Redis = redis.Redis.from_url(
                url,
                socket_timeout=wait,
                socket_connect_timeout=wait,
                retry=redis.retry.Retry(redis.backoff.NoBackoff(), 0),  # who asks decides when to ask again
                **_OPTIONS,
                **where.options,
            )
        except (ValueError, TypeError):
            raise UsageError("this is no URL of a Redis; write redis://user:password@host:port/0") from None
        self._scripts: dict[str, str] = {}
        self._url = url
        self._others: list[RedisServer] = []

    def _warn_unchecked(self) -> None:
        for option in self._where.unchecked:
            log.warning(
                "%s in its URL: whoever is in between can pass for the Redis at %s; name its authority by "
                "ssl_ca_certs= instead",
                option,
                self.place,
            )

    def __repr__(self) -> str:
        return f"RedisServer({self.place!r})"

    def within(self, timeout: float) -> RedisServer:
        """The same Redis, whose answers are waited for so many seconds; it is closed with this one."""
        other = RedisServer(self._url, timeout=timeout)
        self._others.append(other)
        return other

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
            self._has_answered = True
        except self._errors.RedisError as exc:
            raise self._translated(exc) from None
        except OSError as exc:
            raise self._unreachable(exc, str(exc.strerror or exc)) from None

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
        if isinstance(exc, (errors.ConnectionError, errors.TimeoutError, errors.InvalidResponse)):
            return self._unreachable(exc, said)
        return RelayError(f"the Redis at {self.place} said: {said}")

    def _unreachable(self, exc: Exception, said: str) -> RelayUnreachable:
        refused = why_tls_failed(exc)
        if refused:
            return RelayUnreachable(f"the Redis at {self.place} {refused}")
        hint = "" if self._has_answered else hint_before_an_answer(exc, self._where)
        return RelayUnreachable(f"no Redis answers at {self.place}: {said}{hint}")

    def close(self) -> None:
        """Close all its connections; idempotent."""
        for other in self._others:
            other.close()
        self.client.close()
        self.client.connection_pool.disconnect()


def _text(value: object) -> object:
    return value.decode() if isinstance(value, bytes) else value


def _clean(said: str) -> str:
    """What Redis said, cut short: it may repeat what it was sent."""
    return " ".join(said.split())[:200]
