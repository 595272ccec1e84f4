"""A request on its way: signed, in its turn, once, its answer whole and within limits, a failure named by its phase."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from time import monotonic

import attrs

from orderly_sync import errors
from orderly_sync._version import __version__
from orderly_sync.clock import Clock
from orderly_sync.config import SHORTEST, Timeouts
from orderly_sync.corrected_clock import CorrectedClock
from orderly_sync.credentials import Credentials
from orderly_sync.dialling.cancellation import is_cancelled
from orderly_sync.logs import log_of
from orderly_sync.rest.call_deadline import call_deadline
from orderly_sync.rest.rate_limiter import RateLimiter
from orderly_sync.rest.request import Request
from orderly_sync.rest.stats import Counters
from orderly_sync.rest.transport import AnswerLate, ConnectionBroken, HttpRequest, NotSent, Transport
from orderly_sync.rest.unknown_outcome import unknown_outcome
from orderly_sync.rest.write_guard import WriteGuard
from orderly_sync.signing import request_message
from orderly_sync.wire.envelope import refusal_of, told_time
from orderly_sync.wire.error_codes import INVALID_SIGNATURE, UNAUTHORIZED

__all__ = ["ANSWER_LIMIT", "Received", "RequestSender"]

log = log_of("orderly_sync.rest")

ANSWER_LIMIT = 16 * 1024 * 1024
"""Bytes that an answer's body may have, decoded."""

_OK = range(200, 300)
_REFUSES = re.compile(rb'\s*\{\s*"success"\s*:\s*false')
_UNSIGNED, _SERVER_FAULT = 401, 500
_CODES = frozenset({INVALID_SIGNATURE, UNAUTHORIZED})
"""What a venue says of a signature whose time is wrong, as of any other that it does not take."""
_COMMON = {
    "Accept-Encoding": "identity",
    "Accept": "application/json",
    "User-Agent": f"orderly_sync/{__version__}",
}


@attrs.frozen
class Received:
    """One answer, whole and decoded."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@attrs.frozen
class _Stamp:
    """A time that is signed."""

    ms: int
    made: float
    """When, by the client's own clock, monotonic seconds."""
    signed_at: float
    """The same by the machine's, which is what waits for the end of a lost write."""


class RequestSender:
    """Sends requests to one host; called by many threads at once.

    Args:
        base: The host, ``https://api.orderly.org``.
        transport: Carries them.
        credentials: Who signs; None where only public operations are called.
        timeouts: How long a try may take.
        clock: Where time comes from; what the venue says of its own is told to it.
        guard: Who may still write.
        counters: What is raised by what happens.
        pace: What keeps the rate limits; None for nothing.
    """

    def __init__(
        self,
        base: str,
        transport: Transport,
        *,
        credentials: Credentials | None,
        timeouts: Timeouts,
        clock: Clock,
        guard: WriteGuard | None = None,
        counters: Counters | None = None,
        pace: RateLimiter | None = None,
    ) -> None:
        self.base = base
        self._transport = transport
        self._credentials = credentials
        self._seconds = timeouts.request
        self._clock = CorrectedClock.of(clock)
        self._guard = guard or WriteGuard()
        self._counters = counters or Counters()
        self._pace = pace

    def __call__(self, request: Request) -> Received:
        """Send it and bring back the whole answer.

        It is sent once. What the venue refused because this machine's clock is off was not carried out; it is signed
        anew and sent again, once, if there is time left.

        Raises:
            UsageError: It must be signed and there are no credentials; or it writes, and the client was stopped or made
                before a fork. Nothing was sent.
            RateLimited: Its turn would come after its deadline; nothing was sent.
            ConnectFailed: Nothing reached the venue.
            TimedOut: A read's deadline passed.
            TransportError: A read's answer was lost.
            OrderOutcomeUnknown: A write was sent and its answer lost.
        """
        self._guard.check(request.method, request.path)
        seconds = min(self._seconds, call_deadline() - self._clock.monotonic())
        if seconds <= 0:
            raise errors.ConnectFailed(request.name, "the time given to the call is over; nothing was sent")
        until = self._clock.monotonic() + seconds
        received, stamp = self._send(request, seconds)
        left = until - self._clock.monotonic()
        if request.signed and self._was_untimely(received, stamp) and left > SHORTEST:
            log.warning("%s was refused for its time; it is signed anew with the venue's", request.name)
            self._counters.add(resigned=1)
            self._guard.check(request.method, request.path)
            received, _ = self._send(request, left)
        return received

    def _send(self, request: Request, seconds: float) -> tuple[Received, _Stamp]:
        if self._pace is not None:
            turn_by = self._clock.monotonic() + seconds
            self._pace.acquire(request.method, request.path, turn_by, request.weight)
            self._guard.check(request.method, request.path)
        if is_cancelled():
            raise errors.ConnectFailed(request.name, "the client was stopped; nothing was sent")
        stamp = _Stamp(self._clock.time_ms(), self._clock.monotonic(), monotonic())
        prepared = HttpRequest(
            method=request.method,
            base=self.base,
            target=request.target,
            headers=self._headers(request, stamp.ms),
            body=request.body,
            timeout=min(seconds, max(SHORTEST, call_deadline() - self._clock.monotonic())),
        )
        self._counters.add(sent=1)
        try:
            return self._exchange(request, prepared, stamp.made), stamp
        except errors.OrderOutcomeUnknown as exc:
            exc.signed_at = stamp.signed_at
            raise

    def _exchange(self, request: Request, prepared: HttpRequest, sent: float) -> Received:
        try:
            answer = self._transport.send(prepared)
            received = Received(answer.status, answer.headers, _decoded(answer.body, answer.headers))
        except NotSent as exc:
            self._guard.check(
                request.method, request.path
            )  # what was closed meanwhile is refused as what comes later
            error: errors.TransportError = errors.ConnectFailed(request.name, f"cannot connect: {exc}")
        except (AnswerLate, TimeoutError):
            error = _late(request)
        except (ConnectionBroken, OSError) as exc:
            # What other layers raise may hold the signed headers and quotes the URL: only its kind is told.
            known = str(exc) if isinstance(exc, ConnectionBroken) else type(exc).__name__
            error = _lost(request, f"the connection broke: {known}")
        else:
            self._learn(received, sent)
            return received
        self._counters.add(lost=1)
        raise error

    def _learn(self, received: Received, sent: float) -> None:
        """Hear what the venue says of its time; what a cache repeats was said to somebody else."""
        headers = received.headers
        if headers.get("age", "0").strip() in {"", "0"}:
            self._clock.answered(told_time(received.body), headers.get("date"), sent)

    def _was_untimely(self, received: Received, stamp: _Stamp) -> bool:
        """Whether it was refused because the time that was signed was wrong."""
        if received.status >= _SERVER_FAULT or (received.status in _OK and not _REFUSES.match(received.body)):
            return False
        code, told = refusal_of(received.body)
        if code not in _CODES and (code is not None or received.status != _UNSIGNED):
            return False
        self._clock.answered(told, None, stamp.made)
        return self._clock.refused(stamp.ms, stamp.made)

    def _headers(self, request: Request, stamp: int) -> dict[str, str]:
        headers = _COMMON.copy()
        if request.method in {"POST", "PUT"}:
            headers["Content-Type"] = "application/json"
            headers["Content-Length"] = str(len(request.body))
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if request.signed:
            who = self._credentials
            if who is None:
                raise errors.UsageError(f"{request.name} must be signed; pass credentials=Credentials(...)")
            message = request_message(stamp, request.method, request.target, request.body)
            headers["orderly-timestamp"] = str(stamp)
            headers["orderly-account-id"] = who.account_id
            headers["orderly-key"] = who.key
            headers["orderly-signature"] = who.secret.sign(message)
        # Last, because a main account's key may act for the sub-account that the request names.
        headers.update(request.headers)
        return headers


def _decoded(body: bytes, headers: Mapping[str, str]) -> bytes:
    """The body as it was before a host compressed it unasked."""
    encoding = headers.get("content-encoding")
    if not encoding or encoding == "identity" or not body:
        return body
    if encoding not in {"gzip", "deflate"}:
        raise ConnectionBroken("the answer is encoded in a way nobody asked for")
    inflate = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        plain = inflate.decompress(body, ANSWER_LIMIT)
    except zlib.error:
        raise ConnectionBroken("the answer's compression is broken") from None
    if inflate.unconsumed_tail:
        raise ConnectionBroken(f"the answer inflates beyond {ANSWER_LIMIT >> 20} MiB")
    if not inflate.eof:
        raise ConnectionBroken("the answer's compression is cut short")
    return plain


def _lost(request: Request, detail: str) -> errors.TransportError:
    """No answer can be had: a read may be asked again, a write's outcome is unknown."""
    if request.is_read:
        return errors.TransportError(request.name, detail)
    return unknown_outcome(request, detail)


def _late(request: Request) -> errors.TransportError:
    if request.is_read:
        return errors.TimedOut(request.name, "the answer was not complete in time")
    return _lost(request, "the answer was not complete in time")
