"""Why a connection to a Redis over TLS, or over none where TLS is spoken, failed, and what to write instead. Pure.

redis-py tells it as text of OpenSSL; what is underneath tells the kinds apart.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator

from orderly_sync.relay.redis_url import RedisUrl

__all__ = ["hint_before_an_answer", "why_tls_failed"]

_EXPIRED = {9, 10}
_OF_NOBODY = {2, 18, 19, 20, 21, 27}
_OTHER_HOST = {62, 64}
"""Codes of X509_V_ERR_*: times; issuers that are not known or not trusted; names and addresses."""
_FILES = "ssl_certfile=/path/client.pem&ssl_keyfile=/path/client.key"


def why_tls_failed(exc: BaseException) -> str:
    """What a Redis did whose certificate was refused here, or that refused this side's; empty if neither."""
    for cause in _causes(exc):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _of_certificate(cause)
        # An alert is what the other side says before it closes: CERTIFICATE_REQUIRED, UNKNOWN_CA, BAD_CERTIFICATE, ...
        said = (getattr(cause, "reason", None) or "") if isinstance(cause, ssl.SSLError) else ""
        if "ALERT" in said and ("CERTIFICATE" in said or "UNKNOWN_CA" in said):
            return (
                f"wants a client's certificate that its tls-ca-cert-file has signed ({_words(said)}); "
                f"name one in the URL: {_FILES}"
            )
    return ""


def _of_certificate(exc: ssl.SSLCertVerificationError) -> str:
    code = exc.verify_code
    if code in _OTHER_HOST:
        return (
            "shows a certificate of another host; name in the URL the host that it is made for, "
            "or give the server one for this host"
        )
    if code in _EXPIRED:
        return f"shows a certificate out of its time ({exc.verify_message}); renew it, or set this machine's clock"
    if code in _OF_NOBODY:
        return (
            "shows a certificate of an authority that is not known here; name that authority in the URL: "
            "rediss://host:port?ssl_ca_certs=/path/ca.pem"
        )
    return f"shows a certificate that is refused: {exc.verify_message}; have its authority make a new one"


def hint_before_an_answer(exc: BaseException, url: RedisUrl) -> str:
    """What may be wrong with a URL under which nothing was answered yet; empty if nothing says so."""
    causes = list(_causes(exc))
    if any(_is_no_tls(one) for one in causes):
        return "; if it speaks no TLS there, write redis://, or the port that is its tls-port"
    # Either an end without a word, or words that redis-py cannot read.
    is_ended = any(isinstance(one, (*_ENDS, ssl.SSLError)) for one in causes)
    if not is_ended and any(isinstance(one, OSError) for one in causes):
        return ""
    if not url.is_tls:
        return "; if it speaks TLS there, write rediss:// instead of redis://"
    if url.has_certificate:  # the alert that says so may be lost with the connection
        return "; it may not know the authority of the certificate of ssl_certfile=: name one of its tls-ca-cert-file"
    return f"; if it wants a client's certificate (tls-auth-clients), name one in the URL: {_FILES}"


def _is_no_tls(exc: BaseException) -> bool:
    if isinstance(exc, TimeoutError):
        return "handshake" in str(exc)
    return isinstance(exc, ssl.SSLError) and getattr(exc, "reason", None) in _NOT_TLS


_ENDS = (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)
_NOT_TLS = {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG", "HTTP_REQUEST"}


def _causes(exc: BaseException | None) -> Iterator[BaseException]:
    for _ in range(8):
        if exc is None:
            return
        yield exc
        exc = exc.__cause__ or exc.__context__


def _words(reason: str) -> str:
    return reason.lower().replace("_", " ")
