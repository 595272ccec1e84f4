"""Checks of the way to a venue, and of the venue: names, TLS, answers, the clock, maintenance."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from orderly_sync.checks.check import CheckSubject, Finding, failed, fine, skipped, warned
from orderly_sync.dialling.addresses import NotSent
from orderly_sync.dialling.connections import dial
from orderly_sync.dialling.look_ups import look_up
from orderly_sync.dialling.trust import Proxy, tls_context

__all__ = ["clock", "hosts", "maintenance", "names", "rest"]

_SECONDS = 5.0
_SECURE = {"https": "wss", "http": "ws", "wss": "wss", "ws": "ws"}
_DAY = 86_400.0
_SOON = 14
NOTICED, REFUSED = 1.0, 300.0
"""Seconds by which a clock may be off before it is worth a word, and beyond which the venue refuses what it signs."""


def _urls(subject: CheckSubject) -> Iterator[str]:
    """Each host that is spoken to, once."""
    network = subject.network
    seen = set()
    for url in (network.rest, network.ws_public, network.ws_private):
        parts = urlsplit(url)
        if parts.netloc not in seen:
            seen.add(parts.netloc)
            yield f"{_SECURE[parts.scheme]}://{parts.netloc}"


def names(subject: CheckSubject) -> Finding:
    """Whether the hosts' names are known."""
    if subject.proxy is not None:
        return skipped("the proxy looks up the hosts' names")
    found = []
    for url in _urls(subject):
        parts = urlsplit(url)
        host, until = parts.hostname or "", time.monotonic() + _SECONDS

        def patience(until: float = until) -> float:
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError("no answer")
            return left

        try:
            addresses = look_up(host, parts.port or 443, patience)
        except (OSError, UnicodeError) as exc:
            why = getattr(exc, "strerror", None) or exc
            return failed(
                f"the name {host} cannot be looked up: {why}", "check this machine's DNS and network"
            )
        found.append(f"{host} ({len({one[4][0] for one in addresses})})")
    return fine(f"addresses of {', '.join(found)}")


def hosts(subject: CheckSubject) -> Finding:
    """Whether each host takes a connection, and whether its certificate is good for a while."""
    context, told, ends = tls_context(), [], []
    for url in _urls(subject):
        host = urlsplit(url).netloc
        began = time.monotonic()
        try:
            sock = dial(
                url,
                until=began + _SECONDS,
                now=time.monotonic,
                proxy=Proxy.of(subject.proxy),
                context=context,
            )
        except NotSent as exc:
            return failed(
                f"{host} cannot be reached: {exc}",
                "check network, firewall and --proxy; a certificate that is refused means that somebody listens in, "
                "or a company's proxy: name its authority by connect(ca_file=...)",
            )
        with sock:
            took = 1000 * (time.monotonic() - began)
            if isinstance(sock, ssl.SSLSocket):
                told.append(f"{host} {sock.version()} in {took:.0f} ms")
                ends.append((_days_left(sock), host))
            else:
                told.append(f"{host} without TLS, on this machine, in {took:.0f} ms")
    if ends and min(ends)[0] < _SOON:
        days, host = min(ends)
        return warned(f"the certificate of {host} ends in {days:.0f} days", "nothing; the venue renews it")
    return fine(", ".join(told))


def _days_left(sock: ssl.SSLSocket) -> float:
    until = (sock.getpeercert() or {}).get("notAfter")
    return (ssl.cert_time_to_seconds(str(until)) - time.time()) / _DAY if until else float("inf")


def rest(subject: CheckSubject) -> Finding:
    """Whether the venue answers."""
    began = time.monotonic()
    subject.rest.system.info()
    took = 1000 * (time.monotonic() - began)
    return fine(f"{subject.network.rest} answers in {took:.0f} ms")


def clock(subject: CheckSubject) -> Finding:
    """By how much this machine's clock is off, by all that the venue has said of its time."""
    subject.rest.system.info()
    offset = subject.rest.clock.offset()
    if offset is None:
        return skipped("the venue does not say what time it is")
    off, error = offset.ms / 1000, offset.error / 1000
    if not offset.is_certain or abs(off) <= NOTICED:
        return fine(f"this machine's clock and the venue's agree within {abs(off) + error:.1f} s")
    side = "behind" if off > 0 else "ahead of"
    says = f"this machine's clock is {abs(off):.0f} s {side} the venue's (within {error:.1f} s)"
    advice = "set it: turn on NTP, with systemd by: timedatectl set-ntp true"
    if abs(off) + error <= REFUSED:
        return warned(says, f"{advice}; until then this package signs with the venue's time")
    return failed(
        says,
        f"{advice}; beyond {REFUSED:.0f} s the venue refuses what is signed by it. This package signs with the "
        "venue's time, other programs do not",
    )


def maintenance(subject: CheckSubject) -> Finding:
    """Whether the venue is, or will be, under maintenance."""
    info = subject.rest.system.info()
    if info.in_maintenance:
        return failed(
            f"the venue is under maintenance: {info.msg or 'it does not say why'}", "wait until it is over"
        )
    if info.scheduled_maintenance is not None:
        return warned(
            f"maintenance is announced: {info.scheduled_maintenance}",
            "expect that orders are refused meanwhile",
        )
    return fine("none, and none announced")
