"""``POST /v1/public/query``: one operation, whose ``type`` says what to answer. The questions: ``server.queries``.

Its envelope says ``ts``, its refusals have names instead of numbers, and an address may use up a weight a minute.
"""

from __future__ import annotations

import math

from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.call import Bare, Call, Declined
from orderly_sync.venue.server.queries import market, orders, platform, wallet
from orderly_sync.venue.server.queries.query_call import QueryCall, QueryRefused
from orderly_sync.venue.server.routes.route import HttpRoute, public

__all__ = ["ROUTES"]

_QUERIES = {**market.QUERIES, **wallet.QUERIES, **orders.QUERIES, **platform.QUERIES}
_TOO_MANY = 429


def _headers(call: Call, weight: int) -> dict[str, str]:
    limit, left, seconds = call.budget.left(call.operation)
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(left),
        "X-RateLimit-Reset": str(call.now + round(seconds * 1000)),
        "X-RateLimit-Weight": str(weight),
    }


def _no(call: Call, refused: QueryRefused, weight: int = 0) -> Declined:
    body: dict[str, object] = {
        "success": False,
        "code": refused.name,
        "message": refused.message,
        "ts": call.now,
    }
    headers = _headers(call, weight)
    if refused.status == _TOO_MANY:
        seconds = call.budget.left(call.operation)[2]
        body["retry_after"] = math.ceil(seconds * 1000)
        headers["Retry-After"] = str(math.ceil(seconds))
    return Declined(Bare(body, refused.status, headers))


def _query(call: Call) -> object:
    kind = call.body.raw("type")
    found = _QUERIES.get(kind) if isinstance(kind, str) else None
    if found is None:
        raise _no(call, QueryRefused("UNKNOWN_TYPE", f"type must be one of {', '.join(_QUERIES)}"))
    answer, weight = found
    if not call.budget.spend(call.operation, weight):
        said = "too much weight was used; wait for the next window"
        raise _no(call, QueryRefused("RATE_LIMIT_EXCEEDED", said, _TOO_MANY), weight)
    try:
        data = answer(QueryCall(call))
    except QueryRefused as exc:
        raise _no(call, exc, weight) from None
    except Refused as exc:
        raise _no(call, QueryRefused("INVALID_PARAM", exc.message), weight) from None
    return Bare({"success": True, "data": data, "ts": call.now}, 200, _headers(call, weight))


ROUTES: dict[tuple[str, str], HttpRoute] = {("POST", "/v1/public/query"): public(_query)}
