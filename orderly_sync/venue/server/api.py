"""From a request's bytes to an answer's bytes: routing, signatures, limits, envelopes. No I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote

import attrs

from orderly_sync.clock import Clock
from orderly_sync.errors import UsageError
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.answers import HttpAnswer, read_object, refusal
from orderly_sync.venue.server.auth import RegisteredKey
from orderly_sync.venue.server.call import Bare, Call, Declined, Services
from orderly_sync.venue.server.encoding import encode
from orderly_sync.venue.server.fields import Fields, digits
from orderly_sync.venue.server.limits import Budget, Limits, counted_elsewhere, counts_by_weight
from orderly_sync.venue.server.routes.route import ANY_SCOPE, HttpRoute
from orderly_sync.wire.error_codes import (
    INVALID_PARAM,
    INVALID_SIGNATURE,
    RESOURCE_NOT_FOUND,
    TOO_MANY_REQUEST,
    UNAUTHORIZED,
)

__all__ = ["Api", "ReceivedRequest"]

_WITH_BODY = frozenset({"POST", "PUT"})
_SLOT = re.compile(r"\{(\w+)\}")


@attrs.frozen
class ReceivedRequest:
    """What came: verb, path with query, header values by lower-case name, body, and the caller's address."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""
    who: str = ""


class _Table:
    """Routes by method and path."""

    def __init__(self, routes: Mapping[tuple[str, str], HttpRoute]) -> None:
        self._plain = {key: route for key, route in routes.items() if "{" not in key[1]}
        self._slotted: dict[tuple[str, int], list[tuple[list[str], str, HttpRoute]]] = {}
        for (method, path), route in routes.items():
            if "{" in path:
                parts = path.split("/")
                self._slotted.setdefault((method, len(parts)), []).append((parts, path, route))

    def find(self, method: str, path: str) -> tuple[HttpRoute, str, dict[str, str]] | None:
        """The route of a path, its template, and what its slots hold."""
        route = self._plain.get((method, path))
        if route is not None:
            return route, path, {}
        parts = path.split("/")
        for wanted, template, candidate in self._slotted.get((method, len(parts)), ()):
            slots = {}
            for want, part in zip(wanted, parts, strict=True):
                slot = _SLOT.fullmatch(want)
                if slot and part:
                    slots[slot[1]] = unquote(part)
                elif want != part:
                    break
            else:
                return candidate, template, slots
        return None


class Api:
    """The HTTP operations of one venue.

    Args:
        services: What operations work with.
        routes: All operations by method and path template.
        clock: The wall clock, against which signatures age and limits count.
        rate_limits: Whether limits are kept.
    """

    def __init__(
        self,
        services: Services,
        routes: Mapping[tuple[str, str], HttpRoute],
        clock: Clock,
        *,
        rate_limits: bool = True,
    ) -> None:
        self._services = services
        self._now = services.markets.now
        self._clock = clock
        self._limits = Limits() if rate_limits else None
        self._table = _Table(routes)
        self._operations = {key: route.handler for key, route in routes.items()}

    def template(self, method: str, path: str) -> str | None:
        """The path template a request will meet, None if there is none."""
        found = self._table.find(method, path)
        return found[1] if found else None

    def answer(self, request: ReceivedRequest) -> HttpAnswer:
        """Carry out a request."""
        method = request.method
        path = request.target.partition("?")[0]
        found = self._table.find(method, path)
        if found is None:
            return refusal(
                RESOURCE_NOT_FOUND, f"the paper venue has no {method} {path}", self._now(), status=404
            )
        route, template, slots = found
        try:
            data = self._carry_out(route, template, slots, request)
        except Refused as exc:
            return refusal(exc.code, exc.message, self._now(), template=template)
        except UsageError as exc:
            return refusal(INVALID_PARAM, str(exc), self._now(), template=template)
        except Declined as exc:
            data = exc.answer
        if isinstance(data, Bare):
            return HttpAnswer(data.status, encode(data.value), template, data.headers)
        envelope = {"success": True, "timestamp": self._now()}
        return HttpAnswer(200, encode(envelope if data is None else {**envelope, "data": data}), template)

    def _carry_out(
        self, route: HttpRoute, template: str, slots: Mapping[str, str], request: ReceivedRequest
    ) -> object:
        method, headers, body = request.method, request.headers, request.body
        key = self._admit(route, request) if route.scope is not None else None
        if (
            method in _WITH_BODY
            and body
            and not headers.get("content-type", "").startswith("application/json")
        ):
            raise Refused(INVALID_PARAM, "Content-Type must be application/json")
        values = read_object(body) if method in _WITH_BODY else {}
        if self._limits is not None and not counts_by_weight(f"{method} {template}"):
            self._count(f"{method} {template}", key.public if key else request.who, values)
        call = Call(
            services=self._services,
            method=method,
            path=template,
            now=self._now(),
            slots=slots,
            query=Fields(self._query(f"{method} {template}", request.target)),
            body=Fields(values),
            account=self._services.accounts.get(headers["orderly-account-id"]) if key else None,
            who=request.who,
            operations=self._operations,
            budget=Budget(self._limits, request.who, self._clock.monotonic()),
            key=key,
        )
        return route.handler(call)

    def _query(self, operation: str, target: str) -> dict[str, str]:
        given = dict(parse_qsl(target.partition("?")[2], keep_blank_values=True))
        deviations = self._services.faults.deviations
        return deviations.query(operation, given) if deviations else given

    def _admit(self, route: HttpRoute, request: ReceivedRequest) -> RegisteredKey:
        clocks, headers = self._services.accounts.clocks(), request.headers
        key = self._services.accounts.keys.check_request(
            request.method, request.target, request.body, headers, clocks, who=request.who
        )
        window = digits(headers.get("x-recv-window", ""))
        if window is not None and route.writes:
            stamp = int(headers["orderly-timestamp"])
            if all(abs(clock - stamp) > window for clock in clocks):
                raise Refused(
                    INVALID_SIGNATURE, f"the request is older than its x-recv-window of {window} ms"
                )
        assert route.scope is not None
        if route.scope != ANY_SCOPE and route.scope not in key.scopes:
            raise Refused(UNAUTHORIZED, f"this key lacks the scope {route.scope!r}")
        return key

    def _count(self, operation: str, who: str, values: Mapping[str, object]) -> None:
        assert self._limits is not None
        now = self._clock.monotonic()
        fine = self._limits.allows(operation, who, now)
        elsewhere, orders = counted_elsewhere(operation), values.get("orders")
        if fine and elsewhere is not None and isinstance(orders, list) and orders:
            fine = self._limits.allows(elsewhere, who, now, len(orders))
        if not fine:
            raise Refused(TOO_MANY_REQUEST, f"too many requests: {operation}; wait for the next window")
