"""What is said of a connection that failed, by what lies beneath the error of redis-py."""

from __future__ import annotations

import re
import socket
import ssl

import pytest

from orderly_sync.relay.redis_url import read_redis_url
from orderly_sync.relay.tls_failures import hint_before_an_answer, why_tls_failed
from tests.support.http_host import TLS

PLAIN, OVER_TLS = read_redis_url("redis://h"), read_redis_url("rediss://h")
WITH_CERTIFICATE = read_redis_url(f"rediss://h?ssl_certfile={TLS / 'client.pem'}")
IF_TLS = "; if it speaks TLS there, write rediss:// instead of redis://"
IF_NONE = "; if it speaks no TLS there, write redis://, or the port that is its tls-port"


def of_certificate(code: int, message: str = "so it is") -> ssl.SSLCertVerificationError:
    exc = ssl.SSLCertVerificationError(1, "certificate verify failed")
    exc.verify_code, exc.verify_message = code, message
    return exc


def of_tls(reason: str) -> ssl.SSLError:
    exc = ssl.SSLError(1, f"[SSL: {reason}]")
    exc.reason = reason
    return exc


def beneath(cause: BaseException) -> Exception:
    """As redis-py raises it."""
    exc = RuntimeError("Error 1 connecting to h:6379.")
    exc.__context__ = cause
    return exc


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (of_certificate(62), "of another host; name in the URL the host that it is made for"),
        (of_certificate(64), "of another host"),
        (
            of_certificate(10, "certificate has expired"),
            r"out of its time \(certificate has expired\); renew it",
        ),
        (of_certificate(9, "not yet valid"), "set this machine's clock"),
        (
            of_certificate(18),
            "an authority that is not known here; name that authority in the URL: .*ssl_ca_certs=",
        ),
        (of_certificate(19), "an authority that is not known here"),
        (of_certificate(20), "an authority that is not known here"),
        (
            of_certificate(26, "unsuitable purpose"),
            "is refused: unsuitable purpose; have its authority make a new one",
        ),
        (
            of_tls("TLSV13_ALERT_CERTIFICATE_REQUIRED"),
            "wants a client's certificate .*ssl_certfile=.*ssl_keyfile=",
        ),
        (
            of_tls("TLSV1_ALERT_UNKNOWN_CA"),
            r"that its tls-ca-cert-file has signed \(tlsv1 alert unknown ca\)",
        ),
        (of_tls("SSLV3_ALERT_BAD_CERTIFICATE"), "wants a client's certificate"),
    ],
)
def test_a_certificate_that_is_refused_is_told_by_its_kind(cause: BaseException, said: str) -> None:
    """Wherever in the chain it stands, and with what to do."""
    for exc in (cause, beneath(cause), beneath(beneath(cause))):
        assert re.search(said, why_tls_failed(exc))


@pytest.mark.parametrize(
    "cause",
    [ConnectionResetError(), TimeoutError(), of_tls("WRONG_VERSION_NUMBER"), socket.gaierror(-2, "no")],
)
def test_what_is_no_certificate_is_not_told_as_one(cause: BaseException) -> None:
    """Nothing is said."""
    assert why_tls_failed(beneath(cause)) == ""


@pytest.mark.parametrize(
    ("cause", "plain", "over_tls", "with_certificate"),
    [
        (ConnectionRefusedError(111, "Connection refused"), "", "", ""),
        (socket.gaierror(-2, "Name or service not known"), "", "", ""),
        (TimeoutError("timed out"), "", "", ""),
        (ConnectionResetError(104, "reset"), IF_TLS, "tls-auth-clients", "of ssl_certfile="),
        (BrokenPipeError(32, "broken pipe"), IF_TLS, "tls-auth-clients", "of ssl_certfile="),
        (IndexError("pop from an empty list"), IF_TLS, "tls-auth-clients", "of ssl_certfile="),
        (of_tls("WRONG_VERSION_NUMBER"), IF_NONE, IF_NONE, IF_NONE),
        (TimeoutError("_ssl.c:989: The handshake operation timed out"), IF_NONE, IF_NONE, IF_NONE),
        (
            ssl.SSLEOFError(8, "EOF occurred in violation of protocol"),
            IF_TLS,
            "tls-auth-clients",
            "of ssl_certfile=",
        ),
    ],
)
def test_a_url_that_nothing_ever_answered_may_lack_something(
    cause: BaseException, plain: str, over_tls: str, with_certificate: str
) -> None:
    """An end without a word, or words that are none: the other scheme, or a certificate of one's own."""
    for url, hint in ((PLAIN, plain), (OVER_TLS, over_tls), (WITH_CERTIFICATE, with_certificate)):
        found = hint_before_an_answer(beneath(cause), url)
        assert hint in found
        assert bool(found) == bool(hint)
