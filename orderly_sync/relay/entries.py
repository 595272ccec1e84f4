"""Events as entries of a Redis stream and back, and the ids of entries. Pure.

An entry holds the events of one frame as the wire's own text, so whoever reads it gets the same typed events as from
the venue. Its id is the relay's, not Redis's: an entry that is sent twice, because its answer was lost, is refused
the second time, and ids ascend over all streams of a prefix and over all its leaders. ``n`` numbers the entries of a
topic without a hole: whoever finds one knows that something was trimmed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from orderly_sync.errors import DecodingError, Disconnected
from orderly_sync.models.base import Frame, Push
from orderly_sync.relay_errors import RelayMismatch
from orderly_sync.stream.events import (
    Connected,
    GapClosed,
    GapOpened,
    Resynced,
    SessionEvent,
    Stale,
    VenueRestarted,
)
from orderly_sync.wire.converter import default_converter, to_wire
from orderly_sync.wire.json import decode, decode_push, encode
from orderly_sync.wire.shapes import FieldError
from orderly_sync.wire.topic import Topic

__all__ = [
    "FIRST",
    "FORMAT",
    "STATE_READ",
    "EntryClock",
    "Fields",
    "entry_fields",
    "entry_key",
    "events_of_entry",
    "id_before",
    "is_recovered",
    "is_state_read",
    "number_of_entry",
    "session_event_of",
    "session_fields",
    "state_fields",
]

FORMAT = 1
"""What entries look like; one of a later release has a greater number."""
STATE_READ = "StateRead"
"""What the state read anew is called among session events."""
FIRST = "0-0"
"""The id before all others."""

Fields = dict[str, bytes | str | int]
"""What an entry holds."""

_LAST_COUNT = 2**64 - 1
_RECOVERED, _OUT_OF_ORDER, _REDELIVERED = "r", "o", "d"
_RELAYED: dict[str, type[SessionEvent]] = {
    kind.__name__: kind for kind in (Connected, GapClosed, GapOpened, Resynced, Stale, VenueRestarted)
}


def entry_key(entry_id: str) -> tuple[int, int]:
    """An entry's id as numbers, which compare as the ids do."""
    ms, _, count = entry_id.partition("-")
    return int(ms), int(count or 0)


def id_before(entry_id: str) -> str:
    """The greatest id that is less than one."""
    ms, count = entry_key(entry_id)
    return f"{ms}-{count - 1}" if count else f"{max(0, ms - 1)}-{_LAST_COUNT}"


class EntryClock:
    """Gives ascending ids, whatever the machine's clock does.

    Args:
        last: The last id that was given.
    """

    def __init__(self, last: str = FIRST) -> None:
        self._last = entry_key(last)

    @property
    def last(self) -> str:
        """The last id that was given."""
        return "{}-{}".format(*self._last)

    def next(self, now_ms: int) -> str:
        """The id of an entry made at that time."""
        ms, count = self._last
        self._last = (now_ms, 0) if now_ms > ms else (ms, count + 1)
        return self.last


def entry_fields(topic: Topic[Any], events: Sequence[Push], number: int) -> Fields:
    """The entry of events that came in one frame."""
    frame = events[0].frame
    flags = (
        (_RECOVERED if frame.recovered else "")
        + (_OUT_OF_ORDER if frame.out_of_order else "")
        + (_REDELIVERED if frame.redelivered else "")
    )
    fields: Fields = {"v": FORMAT, "n": number, "t": topic.name, "o": frame.origin}
    if frame.ts is not None:
        fields["ts"] = frame.ts
    if flags:
        fields["f"] = flags
    if topic.private:
        fields["id"] = " ".join(event.event_id for event in events)
    fields["d"] = encode([to_wire(event) for event in events])
    return fields


def _check_format(fields: Mapping[bytes, bytes], where: str) -> None:
    if int(fields.get(b"v", b"0")) > FORMAT:
        raise RelayMismatch(
            f"an event of {where} was written by a newer release of this package; update this bot"
        )


def number_of_entry(fields: Mapping[bytes, bytes]) -> int:
    """The entry's number among those of its topic."""
    return int(fields.get(b"n", b"0"))


def is_recovered(fields: Mapping[bytes, bytes]) -> bool:
    """Whether an entry's events were read by REST, and so come late."""
    return _RECOVERED in fields.get(b"f", b"").decode()


def events_of_entry(
    topic: Topic[Any], fields: Mapping[bytes, bytes], numbers: type, *, redelivered: bool = False
) -> tuple[Any, ...]:
    """The events that an entry holds.

    Raises:
        RelayMismatch: A newer release wrote it.
        DecodingError: It cannot be read.
    """
    _check_format(fields, topic.name)
    flags = fields.get(b"f", b"").decode()
    ts = fields.get(b"ts")
    frame = Frame(
        topic.name,
        None if ts is None else int(ts),
        fields.get(b"o", b"stream").decode(),
        recovered=_RECOVERED in flags,
        out_of_order=_OUT_OF_ORDER in flags,
    )
    frame.redelivered = redelivered or _REDELIVERED in flags
    hook: Any = default_converter(numbers).get_structure_hook(topic.event)
    rows = decode_push(fields.get(b"d", b""))
    if rows.__class__ is not list:
        raise DecodingError(f"an entry of {topic.name}", "", "no list of events")
    try:
        events = tuple([hook(row, None, frame) for row in rows])
    except FieldError as exc:
        raise DecodingError(f"an entry of {topic.name} at {exc.path}", "", exc.reason) from None
    if len(events) > 1:
        frame.events = events
    return events


def state_fields(number: int) -> Fields:
    """The entry that tells that the state beside the streams was read anew."""
    return {"v": FORMAT, "n": number, "t": "session", "e": STATE_READ, "d": b"{}"}


def is_state_read(fields: Mapping[bytes, bytes]) -> bool:
    """Whether an entry of the session tells that the state was read anew."""
    return fields.get(b"e") == STATE_READ.encode()


def session_fields(event: object, number: int) -> Fields | None:
    """The entry of a session event; None of one that is the relay's own affair."""
    if isinstance(event, Disconnected):
        said: dict[str, Any] = {"reason": event.reason, "connection": event.connection, "final": event.final}
    elif type(event).__name__ in _RELAYED:
        said = attrs.asdict(event)  # type: ignore[arg-type]
    else:
        return None
    return {"v": FORMAT, "n": number, "t": "session", "e": type(event).__name__, "d": encode(said)}


def session_event_of(fields: Mapping[bytes, bytes]) -> object | None:
    """The session event that an entry holds; None of one that this release does not know.

    Raises:
        RelayMismatch: A newer release wrote it.
        DecodingError: It cannot be read.
    """
    _check_format(fields, "the session")
    name, said = fields.get(b"e", b"").decode(), decode(fields.get(b"d", b"{}"), "a session event")
    try:
        if name == Disconnected.__name__:
            return Disconnected(said["reason"], said["connection"], final=said["final"])
        kind = _RELAYED.get(name)
        if kind is None:
            return None
        known = {field.name for field in attrs.fields(kind)}
        if "seconds" in said:
            said["seconds"] = float(said["seconds"])
        if "age" in said:
            said["age"] = float(said["age"])
        if "symbols" in said:
            said["symbols"] = tuple(said["symbols"])
        return kind(**{key: value for key, value in said.items() if key in known})
    except (KeyError, TypeError, ValueError) as exc:
        raise DecodingError("a session event", "", str(exc)) from None
