"""What users' tests may stand on: a transport that answers as a function says."""

from __future__ import annotations

from orderly_sync.rest.transport import AnswerLate, ConnectionBroken, HttpRequest, HttpResponse, NotSent
from orderly_sync.testing.transport import MockTransport, ok, refusal

__all__ = [
    "AnswerLate",
    "ConnectionBroken",
    "HttpRequest",
    "HttpResponse",
    "MockTransport",
    "NotSent",
    "ok",
    "refusal",
]
