"""For tests of one's own code: a transport that answers as a function says, and remembers what it was asked.

::

    def venue(request):
        if request.method == "POST":
            return ok({"order_id": 7, "client_order_id": "mine"})
        return refusal(-1006, "no such order")


    mock = MockTransport(venue)
    rest = Rest("testnet", credentials, transport=mock)
    ...
    assert mock.requests[0].target == "/v1/order"

To fail as a network does, the function raises ``NotSent``, ``AnswerLate`` or ``ConnectionBroken``. For whole strategies
the paper venue is the better double: it keeps books, margin and rules.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from orderly_sync.rest.transport import HttpRequest, HttpResponse

__all__ = ["MockTransport", "ok", "refusal"]


class MockTransport:
    """Answers each request with what ``answer`` returns for it; called by many threads at once.

    Args:
        answer: A function of one request. What it raises reaches the caller, as ``Transport`` says.
    """

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.requests: list[HttpRequest] = []
        """Every request, signed and complete, in the order in which they came."""
        self._answer = answer

    def send(self, request: HttpRequest) -> HttpResponse:
        """Remember a request and answer it."""
        self.requests.append(request)
        return self._answer(request)


def ok(data: object, *, timestamp: int = 0) -> HttpResponse:
    """The venue's envelope around ``data``, which is what JSON can say; ``timestamp`` is the venue's time in ms."""
    return _answer(200, {"success": True, "timestamp": timestamp, "data": data})


def refusal(code: int, message: str, *, status: int = 400) -> HttpResponse:
    """A refusal by the venue, such as -1101 for not enough margin."""
    return _answer(status, {"success": False, "code": code, "message": message})


def _answer(status: int, value: dict[str, object]) -> HttpResponse:
    return HttpResponse(status, {"content-type": "application/json"}, json.dumps(value).encode())
