"""How far a topic was told to a bot, and which of its events lately, whatever entries they stood in. Pure.

An entry's place says what was told as long as Redis keeps what it was given. A replica that took the place of a lost
primary lacks the last of it, and a relay that took the lead at the same time writes that anew as it heard it itself,
under other ids: some behind the place that the bot has reached, which it had before, and some before it, which it had
not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

import attrs

from orderly_sync.relay.entries import FIRST, entry_key
from orderly_sync.relay.group import StreamPlace
from orderly_sync.relay.stream_entry import FilledGap, StreamEntry

__all__ = ["ToldEvents", "ToldTopic"]

_MOST = 20_000
_LATER_MS = 60_000


@attrs.define(eq=False)
class _Told:
    """An event that was told, and the entry that it was last seen in."""

    entry_id: str
    event_id: str


class ToldEvents:
    """One topic's. An id may come more than once, where the venue says the same again: each is an event of its own.

    Args:
        most: How many events are remembered.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._order: deque[_Told] = deque(maxlen=most)
        self._again: dict[str, deque[_Told]] = {}
        self._until = FIRST

    def __len__(self) -> int:
        return len(self._order)

    @property
    def ids(self) -> set[str]:
        """The ids of all that are remembered."""
        return {one.event_id for one in list(self._order)}

    def note(self, entry_id: str, event_id: str) -> None:
        """An event is told now, of an entry or behind it."""
        self._order.append(_Told(entry_id, event_id))

    def news(self, entry: StreamEntry, events: Sequence[Any]) -> tuple[Any, ...]:
        """Those of an entry's events that were not told yet; they are told now."""
        names = entry.fields.get(b"id", b"").decode().split()
        if len(names) != len(events):
            names = [event.event_id for event in events]
        if self._again and entry_key(entry.id) > entry_key(self._until):
            self._again.clear()
        if not self._again:
            for name in names:
                self.note(entry.id, name)
            return tuple(events)
        return tuple(
            event for event, name in zip(events, names, strict=True) if self._is_news(entry.id, name)
        )

    def _is_news(self, entry_id: str, name: str) -> bool:
        known = self._again.get(name)
        if known:
            known.popleft().entry_id = entry_id
            return False
        self.note(entry_id, name)
        return True

    def look_back(self, entry_id: str, ms: int, until: str) -> str | None:
        """From where on entries are looked at again, so far before an entry; None where nothing was told.

        What was told from there on is known in entries up to ``until``, and a minute longer, each event once: whoever
        leads next may write it anew only then.
        """
        told = list(self._order)
        if not told:
            return None
        first = min((one.entry_id for one in told), key=entry_key)
        back = max(f"{max(0, entry_key(entry_id)[0] - ms)}-0", first, key=entry_key)
        again: dict[str, deque[_Told]] = {}
        for one in told:
            if entry_key(one.entry_id) > entry_key(back):
                again.setdefault(one.event_id, deque()).append(one)
        self._again = again
        self._until = f"{entry_key(max(entry_id, until, key=entry_key))[0] + _LATER_MS}-0"
        return back

    def forget_again(self) -> None:
        """Nothing that was told is written anew."""
        self._again = {}


@attrs.define
class ToldTopic:
    """How far one topic has been told."""

    at: StreamPlace
    """What was handed on last, or the place to begin behind."""
    seen: str = FIRST
    """The last entry that the I/O thread has shown to the state."""
    first: str = FIRST
    """Where the I/O thread began."""
    begun: bool = False
    """Whether anybody has begun to hear it."""
    behind: bool = False
    left: bool = False
    """Whether it was unsubscribed since."""
    told: int = 0
    """The number up to which holes were told."""
    gap: FilledGap | None = None
    """The hole that is being told."""
    owed: deque[Any] = attrs.field(factory=deque)
    """Its events that found no room yet."""
    until: StreamPlace | None = None
    """Where it ends, if no entry follows."""
    through: str = FIRST
    """The id up to which the relay may yet publish what is told there."""
    known: ToldEvents = attrs.field(factory=ToldEvents)
    """The events that were handed on of late."""
    back: str | None = None
    """From where on, up to ``at``, entries are looked at again."""
    unsure: str | None = None
    """The last id of a state that was read anew, until it is known whether Redis still has what was told."""
    known_to: int = 0
    """The venue's time up to which another process may have told all."""
    early: dict[str, None] = attrs.field(factory=dict)
    """Events that REST told of, which may be on their way through the relay still."""
    late: int = 0
    """The venue's time from which on they are not any more."""

    def reach(self, place: StreamPlace) -> None:
        """An entry is handed on; what was told late sets no time back."""
        self.at = place if place.ts >= self.at.ts else attrs.evolve(place, ts=self.at.ts)

    @property
    def has_gap(self) -> bool:
        """Whether a hole is being told."""
        return self.gap is not None

    def missed(self, number: int) -> int:
        """How many entries are missing before one."""
        return number - max(self.at.number, self.told) - 1 if self.at.number >= 0 else 0
