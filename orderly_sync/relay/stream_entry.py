"""An entry as a bot has read it, and what REST tells where entries are missing. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from orderly_sync.errors import OrderlyError
from orderly_sync.relay.entries import number_of_entry
from orderly_sync.relay.group import StreamPlace
from orderly_sync.stream.events import GapClosed

__all__ = ["FilledGap", "StreamEntry"]


@attrs.frozen
class StreamEntry:
    """One entry of a stream, as it was read."""

    topic: str
    id: str
    fields: Mapping[bytes, bytes]
    events: tuple[Any, ...]
    error: OrderlyError | None = None
    """Why its events cannot be read; they are none then."""

    @property
    def place(self) -> StreamPlace:
        """Where it stands."""
        return StreamPlace(self.id, number_of_entry(self.fields), int(self.fields.get(b"ts", b"0")))


@attrs.frozen
class FilledGap:
    """What REST tells of a hole, and what is announced once that was handed on."""

    events: Sequence[Any]
    closed: GapClosed
