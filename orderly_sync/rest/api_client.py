"""From a method's one line to a typed value: build, send, read.

``get(path, Result, **query)`` and ``delete`` put their keywords into the query, ``post`` and ``put`` into the body.
``at=`` fills the slots of the path template, ``query=`` adds a query to a write, ``headers=`` adds headers.

Reads whose answer cannot be had are tried again, each try signed anew. Writes are sent once; what was refused for its
time alone was not carried out and is signed anew once, by ``RequestSender``. Where the answer of a write is lost, or
leaves open whether it happened, OrderOutcomeUnknown says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Protocol, TypeVar

from orderly_sync import errors
from orderly_sync.clock import Clock, SystemClock
from orderly_sync.models.base import Page
from orderly_sync.models.pages import CursorPage
from orderly_sync.rest.breaker import Breaker
from orderly_sync.rest.order_guard import OrderGuard
from orderly_sync.rest.paging import with_fetch
from orderly_sync.rest.request import Request, build, is_read
from orderly_sync.rest.retry import Retries, is_passing, try_again
from orderly_sync.rest.unknown_outcome import unknown_outcome
from orderly_sync.wire.envelope import read_answer
from orderly_sync.wire.error_codes import DUPLICATE_REQUEST, RPC_NOT_CONNECT, UNKNOWN

__all__ = ["Answer", "ApiClient", "Send"]

T = TypeVar("T")

_SERVER_FAULT = 500
_CONFLICT = 409
_OF_ORDERS = frozenset(
    f"/v1/{path}"
    for path in (
        "order",
        "orders",
        "client/order",
        "batch-order",
        "client/batch-order",
        "algo/order",
        "algo/orders",
        "algo/client/order",
    )
)
"""Where orders are placed, edited and cancelled."""
_NO_VERDICT = frozenset({UNKNOWN, RPC_NOT_CONNECT})
"""Codes after which a write may have happened: an unclassified failure, an engine that did not answer."""


class Answer(Protocol):
    """What a sender brings back: status, headers and the whole body."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, by any case of their names."""

    @property
    def body(self) -> bytes:
        """The whole body."""


Send = Callable[[Request], Answer]
"""The one seam to the network: a request in, an answer out, or a TransportError."""


class ApiClient:
    """Calls operations of one host, signed or public.

    Args:
        send: Performs a request.
        signed: Whether its requests carry the account's signature.
        numbers: ``Decimal`` or ``float`` for the numbers of answers.
        retries: How stubborn reads are.
        clock: Where time comes from.
        retried: Called before each further try of a read.
        breaker: What stops a key that the venue keeps refusing.
        guard: What must let a write pass before it is built; None lets all.
    """

    def __init__(
        self,
        send: Send,
        *,
        signed: bool,
        numbers: type = Decimal,
        retries: Retries | None = None,
        clock: Clock | None = None,
        retried: Callable[[Request], None] | None = None,
        breaker: Breaker | None = None,
        guard: OrderGuard | None = None,
    ) -> None:
        self._send = send
        self._signed = signed
        self._numbers = numbers
        self._retries = retries or Retries()
        self._clock = clock or SystemClock()
        self._retried = retried
        self._breaker = breaker
        self._guard = guard

    def get(
        self,
        path: str,
        result: type[T],
        /,
        *,
        at: Mapping[str, object] | None = None,
        query: Mapping[str, object] | None = None,
        bare: bool = False,
        **more: object,
    ) -> T:
        """Read; the keywords are the query, ``query`` those parts of it whose names Python cannot write."""
        return self._call("GET", path, result, at=at, query={**query, **more} if query else more, bare=bare)

    def delete(
        self,
        path: str,
        result: type[T],
        /,
        *,
        at: Mapping[str, object] | None = None,
        client_order_id_asked: str | None = None,
        **query: object,
    ) -> T:
        """Delete; the keywords are the query."""
        return self._call("DELETE", path, result, at=at, query=query, asked=client_order_id_asked)

    def post(
        self,
        path: str,
        result: type[T],
        /,
        *,
        at: Mapping[str, object] | None = None,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        client_order_id_asked: str | None = None,
        weight: int = 1,
        **body: object,
    ) -> T:
        """Write; the keywords are the JSON body, None ones left out, ``weight`` what it takes of the rate limit."""
        return self._call(
            "POST",
            path,
            result,
            at=at,
            query=query,
            body=body,
            headers=headers,
            asked=client_order_id_asked,
            weight=weight,
        )

    def put(
        self,
        path: str,
        result: type[T],
        /,
        *,
        at: Mapping[str, object] | None = None,
        query: Mapping[str, object] | None = None,
        client_order_id_asked: str | None = None,
        **body: object,
    ) -> T:
        """Edit; the keywords are the JSON body, None ones left out."""
        return self._call("PUT", path, result, at=at, query=query, body=body, asked=client_order_id_asked)

    def _call(
        self,
        method: str,
        path: str,
        result: type[T],
        *,
        at: Mapping[str, object] | None = None,
        query: Mapping[str, object] | None = None,
        body: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        asked: str | None = None,
        bare: bool = False,
        weight: int = 1,
    ) -> T:
        if self._guard is not None and not is_read(method, path):
            self._guard.check(method, path, body)
        request = build(
            method,
            path,
            at=at,
            query=query,
            body=body or None,
            signed=self._signed,
            headers=headers,
            client_order_id=asked,
            weight=weight,
        )
        value = self._read(request, result, bare) if request.is_read else self._write(request, result)
        if isinstance(value, Page):
            return with_fetch(
                value,
                lambda page: self._call(method, path, result, at=at, query={**(query or {}), "page": page}),
            )
        if isinstance(value, CursorPage):

            def after(cursor: str) -> T:
                # The cursor goes where the arguments are; a page number has no meaning beside it.
                if body:
                    return self._call(
                        method,
                        path,
                        result,
                        at=at,
                        query=query,
                        body={**body, "cursor": cursor},
                        weight=weight,
                    )
                onward = {**(query or {}), "page": None, "cursor": cursor}
                return self._call(method, path, result, at=at, query=onward)

            return with_fetch(value, after)
        return value

    def _once(self, request: Request, result: type[T], bare: bool) -> T:
        if self._breaker is None:
            return self._exchange(request, result, bare)
        self._breaker.check(request)
        try:
            value = self._exchange(request, result, bare)
        except errors.AuthenticationError:
            self._breaker.refused()
            raise
        self._breaker.accepted()
        return value

    def _exchange(self, request: Request, result: type[T], bare: bool) -> T:
        answer = self._send(request)
        return read_answer(
            answer.status,
            answer.headers,
            answer.body,
            result,
            method=request.method,
            path=request.path,
            numbers=self._numbers,
            bare=bare,
        )

    def _read(self, request: Request, result: type[T], bare: bool) -> T:
        started = self._clock.monotonic()
        try:
            return self._once(request, result, bare)
        except errors.OrderlyError as exc:
            if self._retries.tries == 1 or not is_passing(exc):
                raise
            first = exc

        def again() -> T:
            if self._retried:
                self._retried(request)
            return self._once(request, result, bare)

        return try_again(again, request, first, policy=self._retries, clock=self._clock, started=started)

    def _write(self, request: Request, result: type[T]) -> T:
        try:
            return self._once(request, result, bare=False)
        except errors.DecodingError as exc:
            raise unknown_outcome(request, f"its answer is not readable: {exc.detail}") from exc
        except errors.ApiError as exc:
            if _leaves_open(request, exc):
                raise unknown_outcome(request, f"the venue said: {exc.message}") from exc
            raise


def _leaves_open(request: Request, error: errors.ApiError) -> bool:
    """Whether a refusal may hide a success: the host failed on the way, or says that the order is there already."""
    if error.status is None or isinstance(error, errors.RateLimited):
        return False
    if error.status >= _SERVER_FAULT or error.code in _NO_VERDICT:
        return True
    # A conflict is what a venue says that has carried out the very request before: of a placement, an edit, a cancel.
    is_of_order = request.client_order_id is not None or request.path in _OF_ORDERS
    return is_of_order and (error.status == _CONFLICT or error.code == DUPLICATE_REQUEST)
