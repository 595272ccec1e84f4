"""The checks of reading operations: asked once, the answer held against the type that the method promises."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Any, get_type_hints

from orderly_sync.conformance.arguments import LEARNT, NothingToAskAbout, arguments_of, keep_from
from orderly_sync.conformance.capture import CapturedAnswer
from orderly_sync.conformance.check import (
    CheckGroup,
    CheckResult,
    ConformanceCheck,
    Difference,
    agrees,
    could_not_tell,
    differs,
)
from orderly_sync.conformance.comparison import Comparison
from orderly_sync.conformance.raw_json import json_kind
from orderly_sync.conformance.venue_access import VenueAccess
from orderly_sync.errors import ApiError, DecodingError, TransportError
from orderly_sync.models.base import Acknowledged
from orderly_sync.rest.listing import methods
from orderly_sync.rest.request import is_read
from orderly_sync.rest.retired import is_retired
from orderly_sync.wire.operations import OPERATIONS

__all__ = ["BARE", "asked", "operation_checks"]

BARE = frozenset(
    {"tradingview.config", "tradingview.history", "tradingview.symbol_info", "market.kline_history"}
)
"""Operations whose answer is the data itself, as the charting library wants it."""
_ENVELOPE = ("success", "timestamp", "data")
_LIMIT_HEADERS = ("ratelimit", "rate-limit", "retry-after")


@cache
def _methods() -> Mapping[str, Callable[..., object]]:
    return dict(methods())


def operation_checks(group: CheckGroup) -> Iterator[ConformanceCheck]:
    """A check for each operation of the group that only reads."""
    for name, function in sorted(_methods().items(), key=lambda one: one[0] not in LEARNT):
        endpoint = OPERATIONS[name]
        is_private = CheckGroup.PRIVATE if endpoint.signed else CheckGroup.PUBLIC
        if is_private is group and is_read(endpoint.method, endpoint.path):
            answer = get_type_hints(function)["return"]
            yield ConformanceCheck(
                name=name,
                group=group,
                assumption=f"{endpoint.method} {endpoint.path} answers, and {_type_name(answer)} reads it without loss",
                rests=f"rest/groups/{name.partition('.')[0]}.py",
                look=partial(_look, name),
            )


def _type_name(kind: Any) -> str:
    return str(kind).replace("orderly_sync.models.", "").split("'")[1 if "'" in str(kind) else 0]


def _look(name: str, access: VenueAccess) -> CheckResult:
    function = _methods()[name]
    group, _, method = name.partition(".")
    try:
        arguments = arguments_of(name, function, access)
    except NothingToAskAbout as exc:
        return could_not_tell(str(exc))
    return asked(name, partial(getattr(getattr(access.rest, group), method), **arguments), access)


def asked(name: str, call: Callable[[], Any], access: VenueAccess) -> CheckResult:
    """Call an operation, and hold its answer against the type that its method promises."""
    endpoint, function = OPERATIONS[name], _methods()[name]
    where = f"{endpoint.method} {endpoint.path}"
    before = access.answers.count
    try:
        value = call()
    except DecodingError as exc:
        return _compared(name, where, access, access.latest(), str(exc))
    except ApiError as exc:
        return _refused(exc, where, access, is_retired(function))
    except TransportError as exc:
        return could_not_tell(access.aliases.sentence(f"no answer: {exc}"))
    if access.answers.count == before:
        return could_not_tell("it was answered from what was read before")
    keep_from(name, value, access)
    return _compared(name, where, access, access.latest(), None)


def _refused(exc: ApiError, where: str, access: VenueAccess, retired: bool) -> CheckResult:
    """A refusal is an answer, too: its envelope must be one that is read as a refusal."""
    answer = access.latest()
    told = f"refused with {exc.code}, status {exc.status}: {access.aliases.sentence(exc.message)}"
    value = answer.value
    if exc.code is None and not retired:
        seen = f"status {exc.status}, " + ("an object" if isinstance(value, dict) else "no JSON object")
        deviation = {"kind": "refuse", "where": where, "status": exc.status}
        gone = Difference(what="no answer", where=where, expected="an answer", seen=seen, deviation=deviation)
        return differs(gone, status=exc.status)
    return could_not_tell(told, status=exc.status, code=exc.code)


def _compared(
    name: str, where: str, access: VenueAccess, answer: CapturedAnswer, broken: str | None
) -> CheckResult:
    is_query = name.startswith("query.")
    comparison = Comparison(where, access.aliases, text_numbers=is_query)
    hint = get_type_hints(_methods()[name])["return"]
    value = answer.value
    if name in BARE:
        comparison.compare(value, hint, "$")
    else:
        _envelope(comparison, value, hint, "ts" if is_query else "timestamp")
    access.shapes[name] = comparison.shapes()
    if broken is not None and not comparison.differences:
        comparison.add("unreadable", where, "what the model reads", access.aliases.sentence(broken))
    measured = {"ms": round(answer.took_ms), "bytes": len(answer.body), **_limits(answer)}
    if comparison.differences:
        return differs(*comparison.differences, **measured)
    if not comparison.rows and not _is_plain(value):
        return could_not_tell("it answers, and has nothing to show: no row was compared", **measured)
    return agrees(f"{comparison.rows} objects read without loss", **measured)


def _is_plain(value: object) -> bool:
    """Whether the data has no objects that could be lacking: a number, a text, an acknowledgement."""
    data = value.get("data") if isinstance(value, dict) else value
    return data is None or not isinstance(data, (dict, list))


def _envelope(comparison: Comparison, value: object, hint: Any, stamp: str) -> None:
    if not isinstance(value, dict):
        comparison.add("envelope", "$", "an object", json_kind(value), kind="lift", field="data")
        return
    is_word = isinstance(hint, type) and issubclass(hint, Acknowledged)
    for name in ("success", stamp):
        if name not in value:
            comparison.add("envelope", name, f"{name} beside data", "absent", kind="remove", field=name)
    if not isinstance(value.get("success", True), bool):
        comparison.add("envelope", "success", "true or false", json_kind(value["success"]))
    said = value.get(stamp)
    if said is not None and len(str(said)) != len("1700000000000"):
        comparison.add("envelope", stamp, "ms since 1970", f"{len(str(said))} digits")
    if "data" not in value and not is_word:
        comparison.add("envelope", "data", "data", "absent", kind="lift", field="data")
    for name in sorted(value.keys() - {"success", stamp, "data", "meta"}) if not is_word else ():
        if "data" in value:
            comparison.add("unknown field", name, "no such field", json_kind(value[name]))
    if is_word:
        outer = {one: given for one, given in value.items() if one not in _ENVELOPE}
        data = value.get("data")
        comparison.compare({**outer, **(data if isinstance(data, dict) else {})}, hint)
    else:
        comparison.compare(value.get("data"), hint)


def _limits(answer: CapturedAnswer) -> dict[str, object]:
    """The names of headers that speak of rate limits; what they say is told by a check of its own."""
    told = sorted(one for one in answer.headers if any(word in one.lower() for word in _LIMIT_HEADERS))
    return {"limit_headers": told} if told else {}
