"""An item of an outbox as one text, and back. Pure."""

from __future__ import annotations

from typing import Any

from orderly_sync.errors import DecodingError, UsageError
from orderly_sync.relay.entries import entry_fields, events_of_entry, session_event_of, session_fields
from orderly_sync.relay.outbox import Change, Item, Snapshot
from orderly_sync.relay.state_rows import row_text
from orderly_sync.relay_errors import RelayMismatch
from orderly_sync.wire.json import decode, encode
from orderly_sync.wire.topic_names import topic_named

__all__ = ["item_of", "text_of_item"]

_WHERE = "a row of the relay's journal"


def text_of_item(item: Item) -> bytes:
    """All that is to be published of it, as JSON."""
    said: dict[str, Any] = {}
    if item.topic is not None:
        said["events"] = _texts(entry_fields(item.topic, item.events, 0))
        said["topic"] = item.topic.name
    elif item.session is not None:
        said["session"] = _texts(session_fields(item.session, 0) or {})
    if item.changes:
        said["changes"] = [[one.table, one.key, _row(one.row)] for one in item.changes]
    if item.snapshot is not None:
        tables = item.snapshot.rows.items()
        said["state"] = {table: {key: _row(row) for key, row in rows.items()} for table, rows in tables}
    return encode(said)


def item_of(at: int, text: bytes, numbers: type) -> Item:
    """The item that was heard at that time, ms.

    Raises:
        DecodingError: The text is none of an item.
    """
    said: Any = decode(text, _WHERE)
    try:
        item = Item(at, None)
        if "topic" in said:
            item.topic = topic_named(said["topic"])
            item.events = events_of_entry(item.topic, _fields(said["events"]), numbers)
        elif "session" in said:
            item.session = session_event_of(_fields(said["session"]))
        item.changes = tuple(Change(table, key, _bytes(row)) for table, key, row in said.get("changes", ()))
        if "state" in said:
            tables = said["state"].items()
            item.snapshot = Snapshot(
                {name: {key: _bytes(row) for key, row in rows.items()} for name, rows in tables}
            )
    except (KeyError, TypeError, ValueError, AttributeError, UsageError, RelayMismatch) as exc:
        raise DecodingError(_WHERE, "", str(exc)) from None
    return item


def _texts(fields: Any) -> dict[str, str]:
    return {
        name: value.decode() if isinstance(value, bytes) else str(value) for name, value in fields.items()
    }


def _fields(texts: dict[str, str]) -> dict[bytes, bytes]:
    return {name.encode(): value.encode() for name, value in texts.items()}


def _row(row: object) -> str | None:
    return None if row is None else row_text(row).decode()


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode()
