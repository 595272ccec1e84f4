"""Deviations: what a venue does otherwise than documented, for as long as it runs: other fields, other cadences. Pure.

A fault breaks a connection or an answer; a deviation is a venue that works, and speaks a little differently: a field
renamed, an envelope missing, asks that descend, pushes every three seconds. Each is an object:

    {"kind": "rename", "where": "GET /v1/orders", "field": "data.rows[].status", "to": "state"}
    {"kind": "cadence", "where": "*@ticker", "ms": 3000}

``where`` is an operation, its verb and path template, or a topic, or the event of an acknowledgement (``auth``,
``subscribe``), ``*`` for any run of characters. ``field`` leads to a field from the outermost object: ``[]`` is each
row of a list, ``*`` each value of an object. ``orderly-sync conformance`` writes such objects beside what it found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any

import attrs
import msgspec

from orderly_sync.errors import DecodingError
from orderly_sync.venue.server.answers import HttpAnswer
from orderly_sync.venue.server.encoding import encode
from orderly_sync.venue.server.fault_values import read_integer
from orderly_sync.wire.json import decode

__all__ = ["KINDS", "Deviation", "Deviations", "FrameDeviations", "read_deviations"]

KINDS: Mapping[str, tuple[str, ...]] = {
    "rename": ("field", "to"),
    "remove": ("field",),
    "add": ("field", "value"),
    "replace": ("field", "value"),
    "null": ("field",),
    "text": ("field",),
    "number": ("field",),
    "exponent": ("field",),
    "decimal": ("field",),
    "shift": ("field", "by"),
    "reverse": ("field",),
    "lift": ("field",),
    "header": ("field", "value"),
    "status": ("status",),
    "refuse": ("status",),
    "pretend": ("data",),
    "ignore_header": ("field",),
    "page_cap": ("size",),
    "lag_reads": ("ms",),
    "cadence": ("ms",),
    "silent": (),
    "reorder": (),
    "one_session": (),
}
"""Each kind, and what it needs beside ``where``."""
_OF_VALUES = frozenset(
    [
        "rename",
        "remove",
        "add",
        "replace",
        "null",
        "text",
        "number",
        "exponent",
        "decimal",
        "shift",
        "reverse",
        "lift",
    ]
)
_INTEGERS = frozenset({"by", "status", "size", "ms"})


@attrs.frozen(kw_only=True)
class Deviation:
    """One thing that a venue does otherwise.

    Args:
        kind: One of ``KINDS``.
        where: Which operations, topics or events.
        given: What else the kind needs.
    """

    kind: str
    where: str
    given: Mapping[str, Any]

    @classmethod
    def read(cls, wanted: object) -> Deviation:
        """The deviation that an object asks for.

        Raises:
            ValueError: A kind or a name is unknown or missing, or a value senseless.
        """
        if not isinstance(wanted, Mapping):
            raise ValueError('an object with "kind" and "where" is wanted')  # noqa: TRY004 - one error of readers
        given = dict(wanted)
        kind, where = given.pop("kind", None), given.pop("where", None)
        needed = KINDS.get(kind) if isinstance(kind, str) else None
        if needed is None:
            raise ValueError(f"no kind {kind!a:.40}; known are {', '.join(sorted(KINDS))}")
        if not isinstance(where, str) or not where:
            raise ValueError(f'{kind} needs "where": an operation such as GET /v1/orders, or a topic')
        if sorted(given) != sorted(needed):
            raise ValueError(f"{kind} takes {', '.join(('where', *needed))}, not {', '.join(sorted(given))}")
        for name in sorted(_INTEGERS & given.keys()):
            given[name] = read_integer(given[name])
        if "field" in given and not (isinstance(given["field"], str) and given["field"]):
            raise ValueError(f"{kind}: field is a path such as data.rows[].price")
        return cls(kind=str(kind), where=where, given=given)

    def fits(self, name: str) -> bool:
        """Whether it concerns an operation, a topic or an event."""
        return fnmatchcase(name, self.where)

    def applied(self, message: Any) -> Any:
        """A message as this venue writes it."""
        if self.kind == "lift":
            return message.get(self.given["field"], message) if isinstance(message, dict) else message
        steps = self.given["field"].replace("[]", ".[]").split(".")
        for holder in _holders(message, steps[:-1]):
            _CHANGES[self.kind](holder, steps[-1], self.given)
        return message


def _holders(value: Any, steps: Sequence[str]) -> Iterator[Any]:
    """The objects or lists in which the last step of a path stands."""
    if not steps:
        yield value
        return
    step, rest = steps[0], steps[1:]
    if step == "[]" and isinstance(value, list):
        inner = list(value)
    elif step == "*" and isinstance(value, dict):
        inner = list(value.values())
    else:
        inner = [value[step]] if isinstance(value, dict) and step in value else []
    for one in inner:
        yield from _holders(one, rest)


_Change = Callable[[Any, str, Mapping[str, Any]], None]


def _changed(new: Callable[[Any, Mapping[str, Any]], Any]) -> _Change:
    """A change of a value that is there and not null."""

    def change(holder: Any, name: str, given: Mapping[str, Any]) -> None:
        if isinstance(holder, dict) and holder.get(name) is not None:
            holder[name] = new(holder[name], given)

    return change


def _rename(holder: Any, name: str, given: Mapping[str, Any]) -> None:
    if isinstance(holder, dict) and name in holder:
        holder[str(given["to"])] = holder.pop(name)


def _remove(holder: Any, name: str, _: Mapping[str, Any]) -> None:
    if isinstance(holder, dict):
        holder.pop(name, None)


def _add(holder: Any, name: str, given: Mapping[str, Any]) -> None:
    if isinstance(holder, dict):
        holder[name] = given["value"]


def _spelt(value: Any, text: Callable[[Decimal], str]) -> Any:
    number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    return msgspec.Raw(text(Decimal(value)).encode()) if number else value


def _without_exponents(value: Any) -> Any:
    """A message whose decimals are written as the venue writes them."""
    if isinstance(value, Decimal):
        return msgspec.Raw(format(value, "f").encode())
    if isinstance(value, dict):
        return {name: _without_exponents(one) for name, one in value.items()}
    return [_without_exponents(one) for one in value] if isinstance(value, list) else value


_CHANGES: Mapping[str, _Change] = {
    "rename": _rename,
    "remove": _remove,
    "add": _add,
    "replace": _changed(lambda _, given: given["value"]),
    "null": _changed(lambda _, __: None),
    "text": _changed(lambda value, _: value if isinstance(value, (dict, list)) else format(value)),
    "number": _changed(lambda value, _: msgspec.Raw(str(value).encode())),
    "exponent": _changed(lambda value, _: _spelt(value, lambda number: f"{number:e}")),
    "decimal": _changed(lambda value, _: _spelt(value, lambda number: f"{int(number)}.5")),
    "shift": _changed(lambda value, given: value + given["by"] if isinstance(value, int) else value),
    "reverse": _changed(lambda value, _: value[::-1] if isinstance(value, list) else value),
}


class Deviations:
    """All deviations of a venue.

    Args:
        rows: In the order in which they are applied.
    """

    def __init__(self, rows: Sequence[Deviation] = ()) -> None:
        self.rows = tuple(rows)

    def __bool__(self) -> bool:
        return bool(self.rows)

    def of(self, kind: str, name: str) -> list[Deviation]:
        """Those of one kind that concern an operation, a topic or an event."""
        return [one for one in self.rows if one.kind == kind and one.fits(name)]

    @property
    def lag_ms(self) -> int:
        """By how much reads lag."""
        return max((one.given["ms"] for one in self.rows if one.kind == "lag_reads"), default=0)

    def headers(self, operation: str, headers: Mapping[str, str]) -> dict[str, str]:
        """The headers of a request as this venue heeds them."""
        ignored = {one.given["field"].lower() for one in self.of("ignore_header", operation)}
        return {name: value for name, value in headers.items() if name not in ignored}

    def query(self, operation: str, query: Mapping[str, str]) -> dict[str, str]:
        """The query of a request as this venue heeds it: no page larger than its own."""
        heeded = dict(query)
        for one in self.of("page_cap", operation):
            size = heeded.get("size", "")
            if size.isdigit():
                heeded["size"] = str(min(int(size), one.given["size"]))
        return heeded

    def pretended(self, operation: str, now: int) -> HttpAnswer | None:
        """What it answers without doing anything; None where it does what it was asked."""
        for one in self.of("refuse", operation):
            return HttpAnswer(one.given["status"], encode({"success": False, "message": "not served here"}))
        for one in self.of("pretend", operation):
            body = {"success": True, "timestamp": now, "data": one.given["data"]}
            return HttpAnswer(200, encode(body))
        return None

    def answer(self, operation: str, answer: HttpAnswer) -> HttpAnswer:
        """An answer as this venue writes it."""
        headers = {one.given["field"]: str(one.given["value"]) for one in self.of("header", operation)}
        status = next((one.given["status"] for one in self.of("status", operation)), answer.status)
        body = self._written(operation, answer.body)
        return attrs.evolve(answer, body=body, status=status, headers={**answer.headers, **headers})

    def _written(self, name: str, text: bytes) -> bytes:
        changes = [one for one in self.rows if one.kind in _OF_VALUES and one.fits(name)]
        if not changes:
            return text
        try:
            message = decode(text, name)
        except DecodingError:
            return text
        for one in changes:
            message = one.applied(message)
        return encode(_without_exponents(message))

    def frames(self, now: Callable[[], int], logged_in: Callable[[], object]) -> FrameDeviations:
        """What one connection sends: ``now`` is the venue's time, ``logged_in`` is called after each login."""
        return FrameDeviations(self, now, logged_in)

    def written_frame(self, name: str, text: str) -> str:
        """A frame of a topic, or of an event, as this venue writes it."""
        return self._written(name, text.encode()).decode()


class FrameDeviations:
    """The frames of one connection as a deviating venue sends them."""

    def __init__(
        self, deviations: Deviations, now: Callable[[], int], logged_in: Callable[[], object]
    ) -> None:
        self._deviations = deviations
        self._now = now
        self._logged_in = logged_in
        self._sent: dict[str, int] = {}
        self._held: dict[str, str] = {}

    def of(self, text: str) -> list[str]:
        """What is sent instead of a frame, none or several in order."""
        name, is_push = _name_of(text)
        deviations = self._deviations
        if not is_push:
            if name == "auth" and '"success":true' in text and deviations.of("one_session", name):
                self._logged_in()
            return [deviations.written_frame(name, text)] if name else [text]
        if deviations.of("silent", name) or self._is_too_soon(name):
            return []
        frame = deviations.written_frame(name, text)
        if not deviations.of("reorder", name):
            return [frame]
        before = self._held.pop(name, None)
        if before is None:
            self._held[name] = frame
            return []
        return [frame, before]

    def _is_too_soon(self, name: str) -> bool:
        every = max((one.given["ms"] for one in self._deviations.of("cadence", name)), default=0)
        if not every:
            return False
        now, sent = self._now(), self._sent.get(name)
        # A frame that is due within half a second is due: the venue's own cadence is a second.
        if sent is not None and now - sent < every - min(500, every // 2):
            return True
        self._sent[name] = now
        return False


def _name_of(text: str) -> tuple[str, bool]:
    """The topic of a push, or the event of another frame; and whether it is a push."""
    head = text[:200]
    if head.startswith('{"topic":"'):
        return head[10 : head.index('"', 10)], True
    at = head.find('"event":"')
    return (head[at + 9 : head.index('"', at + 9)], False) if at >= 0 else ("", False)


def read_deviations(value: object) -> Deviations:
    """The deviations that a list of objects asks for, or one object.

    Raises:
        ValueError: One of them is none.
    """
    return Deviations([Deviation.read(row) for row in (value if isinstance(value, list) else [value])])
