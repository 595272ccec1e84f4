"""Whom to trust on the way: certificate authorities, and a proxy."""

from __future__ import annotations

import base64
import re
import ssl
from urllib.parse import unquote, urlsplit

import attrs
import certifi

from orderly_sync.errors import UsageError

__all__ = ["Proxy", "check_way", "tls_context"]

_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")


class _Closing(ssl.SSLSocket):
    """A TLS socket that is closed if its handshake does not come about; by an interrupt, Python leaves it open."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except BaseException:
            self.close()
            raise


def tls_context(ca_file: str | None = None) -> ssl.SSLContext:
    """TLS 1.2 or newer; certificates and names are checked against ``ca_file`` or certifi's authorities.

    Raises:
        UsageError: There are no certificates in that file.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file or certifi.where())
    except (OSError, TypeError, ValueError) as exc:
        why = exc.strerror if isinstance(exc, OSError) and exc.strerror else type(exc).__name__
        raise UsageError(
            f"ca_file={ca_file!r} cannot be read ({why}); name a PEM file of certificate authorities"
        ) from None
    context.sslsocket_class = _Closing
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context


@attrs.frozen
class Proxy:
    """An HTTP proxy; its user is never shown."""

    host: str
    port: int
    headers: dict[str, str] = attrs.field(repr=False)
    """What names its user, for the proxy alone."""

    @classmethod
    def of(cls, url: str | None) -> Proxy | None:
        """The proxy of a URL, or none.

        Raises:
            UsageError: It is no ``http://host:port``; the text is not repeated, for it may hold a password.
        """
        if url is None:
            return None
        try:
            parts = urlsplit(url if _is_text(url) else "")
            host, port = parts.hostname or "", parts.port or 0
        except ValueError:
            parts, host, port = urlsplit(""), "", 0
        rest = parts.path.strip("/") + parts.query + parts.fragment
        if parts.scheme != "http" or not _HOST.fullmatch(host) or not port or rest:
            raise UsageError(
                "proxy must be the URL of an HTTP proxy: 'http://host:port' or 'http://user:word@host:port'"
            )
        if parts.username is None:
            return cls(host, port, {})
        user = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
        return cls(host, port, {"Proxy-Authorization": f"Basic {base64.b64encode(user).decode()}"})

    @property
    def url(self) -> str:
        """Where it listens, without its user."""
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self.host}:{self.port}"


def _is_text(url: object) -> bool:
    # urlsplit drops line breaks without a word.
    return isinstance(url, str) and url.isprintable()


def check_way(proxy: str | None, ca_file: str | None) -> None:
    """Find fault with what somebody passed where it was passed, not where it is used first.

    Raises:
        UsageError: ``proxy`` is no proxy's URL, or ``ca_file`` cannot be read.
    """
    Proxy.of(proxy)
    if ca_file is not None:
        tls_context(ca_file)
