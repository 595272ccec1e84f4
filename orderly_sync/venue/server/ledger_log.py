"""Every private event the venue ever emitted, in order, whether or not a socket was there to take it."""

from __future__ import annotations

import attrs

from orderly_sync.wire.json import decode

__all__ = ["LedgerLine", "LedgerLog"]


@attrs.frozen
class LedgerLine:
    """One event: its place in the account's sequence from 1, venue time in ms, topic, and the JSON text of its data."""

    seq: int
    ts: int
    topic: str
    data: bytes

    def text(self) -> bytes:
        """The entry as JSON text."""
        return b'{"seq":%d,"ts":%d,"topic":"%s","data":%s}' % (
            self.seq,
            self.ts,
            self.topic.encode(),
            self.data,
        )

    def value(self) -> dict[str, object]:
        """The entry decoded, numbers exact."""
        return {
            "seq": self.seq,
            "ts": self.ts,
            "topic": self.topic,
            "data": decode(self.data, f"ledger entry {self.seq}"),
        }


class LedgerLog:
    """The events of all accounts; it only grows."""

    def __init__(self) -> None:
        self._entries: dict[str, list[LedgerLine]] = {}

    def append(self, account_id: str, ts: int, topic: str, data: bytes) -> LedgerLine:
        """Write down one event."""
        entries = self._entries.setdefault(account_id, [])
        entry = LedgerLine(len(entries) + 1, ts, topic, data)
        entries.append(entry)
        return entry

    def after(self, account_id: str, seq: int = 0) -> list[LedgerLine]:
        """The events of an account later than ``seq``, oldest first."""
        return self._entries.get(account_id, [])[max(seq, 0) :]

    def page(self, account_id: str, after: int, most: int) -> list[LedgerLine]:
        """At most so many of the events of an account later than ``after``, oldest first."""
        start = max(after, 0)
        return self._entries.get(account_id, [])[start : start + most]

    def last(self, account_id: str) -> int:
        """The place of an account's newest event, 0 before the first."""
        return len(self._entries.get(account_id, ()))
