"""The seam between this package and the network: one signed HTTP request in, one whole answer out.

Whatever has a ``send`` method of this shape can stand in for the network: ``Rest("testnet", transport=mine)``. It is
given requests that are signed and complete, and must send their bytes as they are. Tests of one's own code take
``orderly_sync.testing.MockTransport``.

How a transport fails decides what the caller is told, for money depends on it: ``NotSent`` means that nothing reached
the venue (``ConnectFailed``, safe to repeat); ``AnswerLate``, ``ConnectionBroken`` and every ``OSError`` mean that it
may have (a write's outcome is then unknown). Anything else passes through unchanged: a fault of the transport's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import attrs

from orderly_sync.dialling.addresses import NotSent

__all__ = ["AnswerLate", "ConnectionBroken", "HttpRequest", "HttpResponse", "NotSent", "Transport"]


class AnswerLate(Exception):
    """The time was over after the request, or a part of it, was sent."""


class ConnectionBroken(Exception):
    """The request, or a part of it, was sent and its answer lost; its text is a clause that says how."""


@attrs.frozen(kw_only=True)
class HttpRequest:
    """One HTTP request, signed and complete."""

    method: str
    base: str
    """The host, ``https://api.orderly.org``."""
    target: str
    """Path and query, percent-encoded: these very bytes are signed."""
    headers: Mapping[str, str] = attrs.field(repr=False)
    """All that is sent but ``Host``; the signature among them."""
    body: bytes = attrs.field(default=b"", repr=False)
    """What is signed with the target; empty for reads."""
    timeout: float = 10.0
    """Seconds until the whole answer must be there, dialling included."""

    @property
    def url(self) -> str:
        """``https://api.orderly.org/v1/orders?size=1``."""
        return self.base + self.target


@attrs.frozen
class HttpResponse:
    """One answer, whole, as it came; ``headers`` are asked for by names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport(Protocol):
    """Sends requests; called by many threads at once."""

    def send(self, request: HttpRequest) -> HttpResponse:
        """Send one request once and bring back its answer, whatever its status.

        Raises:
            NotSent: Nothing was sent.
            AnswerLate: Sent, and the time was over.
            ConnectionBroken: Sent, and the answer was lost.
        """
