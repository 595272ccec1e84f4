"""The orders' operations over a sender that remembers what was sent and answers what it is told to."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NamedTuple

from orderly_sync.rest.api_client import ApiClient
from orderly_sync.rest.groups.orders import Orders


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Recording:
    """Orders whose requests go nowhere."""

    def __init__(self) -> None:
        self.requests: list[Any] = []
        self.answers: dict[str, Any] = {}
        """``"GET /v1/order/{order_id}"`` to the data of the answer, or to (status, code)."""
        caller = ApiClient(self._send, signed=True)
        self.orders = Orders(caller, caller)

    @property
    def body(self) -> Any:
        return json.loads(self.requests[-1].body, parse_float=Decimal)

    @property
    def line(self) -> str:
        """Verb and path with its query of the last request."""
        request = self.requests[-1]
        return f"{request.method} {request.target}"

    def _send(self, request: Any) -> Answer:
        self.requests.append(request)
        data = self.answers.get(
            f"{request.method} {request.path}", {"order_id": 1, "status": "CANCEL_SENT", "rows": []}
        )
        if isinstance(data, tuple):
            status, code = data
            return Answer(status, {}, json.dumps({"success": False, "code": code, "message": "no"}).encode())
        return Answer(200, {}, json.dumps({"success": True, "data": data}).encode())
