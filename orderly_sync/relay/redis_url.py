"""What the URL of a Redis says: where it is, its options, and files of certificates, looked at before it is dialled.

Options are those that this package can keep its promises with. redis-py would take others, and hand an unknown one to
a constructor when the first connection is made.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

import attrs

from orderly_sync.errors import UsageError

__all__ = ["RedisUrl", "is_redis_url", "read_redis_url"]

_SCHEMES = ("redis", "rediss", "unix")
_AUTHORITIES = ("ssl_ca_certs", "ssl_ca_path")
_OWN = ("ssl_certfile", "ssl_keyfile", "ssl_password")
_CHECKS = {"ssl_cert_reqs": ("none", "optional", "required"), "ssl_check_hostname": ("false", "true")}
_TLS = (*_AUTHORITIES, *_OWN, *_CHECKS)
_FORM = "write redis://user:password@host:port/0"


@attrs.frozen
class RedisUrl:
    """One that was read."""

    place: str
    """Where it is, without user and password."""
    is_tls: bool
    """Whether it is ``rediss://``."""
    options: dict[str, Any] = attrs.field(repr=False)
    """What redis-py is told besides the URL."""
    unchecked: tuple[str, ...] = ()
    """The options that switch off the checking of the server's certificate."""
    has_certificate: bool = False
    """Whether this side shows a certificate of its own."""


def is_redis_url(value: object) -> bool:
    """Whether it is a URL of a Redis."""
    return isinstance(value, str) and value.partition("://")[0] in _SCHEMES and "://" in value


def read_redis_url(url: str) -> RedisUrl:
    """What it says.

    Raises:
        UsageError: It is none, has an option that is not for it, or names a file that is none of certificates.
    """
    if not is_redis_url(url):
        raise UsageError("name a Redis by its URL: redis://host:6379, or rediss:// for TLS")
    try:
        parts = urlsplit(url)
        place = _place_of(parts)
    except ValueError:
        raise UsageError(f"this is no URL of a Redis, or its port is no number; {_FORM}") from None
    is_tls = parts.scheme == "rediss"
    said = _options(parts.query, is_tls=is_tls)
    if not is_tls:
        return RedisUrl(place, is_tls, {})
    unchecked = tuple(f"{name}={said[name]}" for name in _CHECKS if said.get(name) in {"none", "false"})
    checks_name = said.get("ssl_cert_reqs") != "none" and said.get("ssl_check_hostname") != "false"
    _look_at_files(said)
    # redis-py 5 leaves the host's name unchecked unless it is told to check it.
    return RedisUrl(place, is_tls, {"ssl_check_hostname": checks_name}, unchecked, "ssl_certfile" in said)


def _place_of(parts: SplitResult) -> str:
    if parts.scheme == "unix":
        return parts.path
    host = parts.hostname or "localhost"
    return f"[{host}]:{parts.port or 6379}" if ":" in host else f"{host}:{parts.port or 6379}"


def _options(query: str, *, is_tls: bool) -> dict[str, str]:
    said = dict(parse_qsl(query, keep_blank_values=True))
    for name, value in said.items():
        if name in _TLS and not is_tls:
            raise UsageError(f"{name}= in the URL of a Redis is for TLS; write rediss:// instead of redis://")
        if name not in {"db", *_TLS}:
            raise UsageError(
                f"the URL of a Redis takes no option {name!a:.40}; it takes db, and of rediss:// {', '.join(_TLS)}"
            )
        if name == "db" and not value.isdigit():
            raise UsageError(f"db= in the URL of a Redis is a whole number from 0 on; {_FORM}")
        if name in _CHECKS and value not in _CHECKS[name]:
            raise UsageError(f"{name}= in the URL of a Redis is {' or '.join(_CHECKS[name])}")
    if "ssl_certfile" not in said and ({"ssl_keyfile", "ssl_password"} & said.keys()):
        raise UsageError(
            "name the client's certificate, too, in the URL of a Redis: ssl_certfile=/path/client.pem"
        )
    return said


def _look_at_files(said: dict[str, str]) -> None:
    """Load them as redis-py will for each connection, which would only say that something is no such file."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if "ssl_ca_path" in said and not Path(said["ssl_ca_path"]).is_dir():
        raise UsageError(f"ssl_ca_path= in the URL of a Redis names no folder: {said['ssl_ca_path']!a:.200}")
    if "ssl_ca_certs" in said:
        with _loading("ssl_ca_certs=", said["ssl_ca_certs"], "certificates of authorities"):
            context.load_verify_locations(said["ssl_ca_certs"])
    if "ssl_certfile" in said:
        word = said.get("ssl_password", "")
        with _loading(
            "ssl_certfile=, ssl_keyfile= or ssl_password=", said["ssl_certfile"], "a certificate and its key"
        ):
            # A function, for without one OpenSSL asks the terminal for the password of a key that has one.
            context.load_cert_chain(said["ssl_certfile"], said.get("ssl_keyfile"), lambda: word)


@contextmanager
def _loading(names: str, path: str, wanted: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as exc:  # whose text may hold more than the name of the file
        why = exc.strerror if isinstance(exc, OSError) and not isinstance(exc, ssl.SSLError) else None
        raise UsageError(
            f"{names} in the URL of a Redis: {why or 'this does not fit'} ({path!a:.200}); name {wanted}, as PEM"
        ) from None
