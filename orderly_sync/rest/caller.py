"""From a method's one line to a typed value: build, send, read.

``get(path, Result, **query)`` and ``delete`` put their keywords into the query, ``post`` and ``put`` into the JSON body.
``at=`` fills the slots of the path template, ``query=`` adds a query to a write, ``headers=`` adds headers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from orderly_sync.models.base import Page
from orderly_sync.models.pages import CursorPage
from orderly_sync.rest.paging import with_fetch
from orderly_sync.rest.request import Request, build
from orderly_sync.wire.envelope import read_answer

__all__ = ["Answer", "Caller", "Send"]

T = TypeVar("T")


class Answer(Protocol):
    """What a sender brings back: status, headers and the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Send = Callable[[Request], Answer]
"""The one seam to the network: a request in, an answer out, or a TransportError."""


class Caller:
    """Calls operations of one host, signed or public.

    Args:
        send: Performs a request.
        signed: Whether its requests carry the account's signature.
        numbers: ``Decimal`` or ``float`` for the numbers of answers.
    """

    def __init__(self, send: Send, *, signed: bool, numbers: type = Decimal) -> None:
        self._send = send
        self._signed = signed
        self._numbers = numbers

    def get(
        self,
        path: str,
        result: type[T],
        /,
        *,
        at: Mapping[str, object] | None = None,
        bare: bool = False,
        **query: Any,
    ) -> T:
        """Read; the keywords are the query."""
        return self._call("GET", path, result, at=at, query=query, bare=bare)

    def delete(
        self,
        path: str,
        result: type[T],
        /,
        *,
        at: Mapping[str, object] | None = None,
        client_order_id_asked: str | None = None,
        **query: Any,
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
        **body: Any,
    ) -> T:
        """Write; the keywords are the JSON body, None ones left out."""
        return self._call(
            "POST", path, result, at=at, query=query, body=body, headers=headers, asked=client_order_id_asked
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
        **body: Any,
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
    ) -> T:
        request = build(
            method,
            path,
            at=at,
            query=query,
            body=body or None,
            signed=self._signed,
            headers=headers,
            client_order_id=asked,
        )
        answer = self._send(request)
        value = read_answer(
            answer.status,
            answer.headers,
            answer.body,
            result,
            method=method,
            path=path,
            numbers=self._numbers,
            bare=bare,
        )
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
                        method, path, result, at=at, query=query, body={**body, "cursor": cursor}
                    )
                onward = {**(query or {}), "page": None, "cursor": cursor}
                return self._call(method, path, result, at=at, query=onward)

            return with_fetch(value, after)
        return value
