"""Tables and rows of a journal, pure.

Each row has a sum over what must not change unnoticed, for SQLite itself sees damage to its structure only. What may
change, whether a report was delivered, is a word in which no single bit makes one of the other.
"""

from __future__ import annotations

from typing import NamedTuple
from zlib import crc32

__all__ = [
    "DELIVERED",
    "RECEIVED",
    "TABLES",
    "VERSION",
    "EventRow",
    "OrderRow",
    "sealed",
    "sum_of",
    "unsealed",
]

VERSION = 1
"""Of the tables below; a file of a greater one is another release's."""

RECEIVED, DELIVERED = "received", "delivered"

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE events (
    event_id TEXT PRIMARY KEY NOT NULL,
    topic TEXT NOT NULL,
    order_id INTEGER NOT NULL,
    ts INTEGER,
    filled TEXT NOT NULL,
    ended INTEGER NOT NULL CHECK (ended IN (0, 1)),
    body TEXT NOT NULL,
    at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('received', 'delivered')),
    sum INTEGER NOT NULL
);
CREATE INDEX events_received ON events (topic) WHERE state = 'received';
CREATE TABLE orders (
    client_order_id TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('order', 'algo')),
    symbol TEXT NOT NULL,
    intent TEXT NOT NULL,
    order_id INTEGER,
    outcome TEXT NOT NULL,
    at INTEGER NOT NULL
) WITHOUT ROWID;
"""


class EventRow(NamedTuple):
    """One report."""

    event_id: str
    """What it tells of."""
    topic: str
    """Its wire topic."""
    order_id: int
    """Whose it is; of an algo order, the node's."""
    ts: int | None
    """The venue's time of its frame, ms."""
    filled: str
    """How much of the order had been filled by then, base units."""
    ended: int
    """1 if nothing more can happen to the order."""
    body: str
    """All that it says, as JSON."""
    at: int
    """When it was received, ms of this machine's clock."""
    state: str = RECEIVED
    """Whether the user has taken it."""

    @property
    def sum(self) -> int:
        """Over everything but ``state``."""
        return sum_of(self[:-1])


class OrderRow(NamedTuple):
    """One order that was placed, or about to be."""

    client_order_id: str
    """The name it was sent under."""
    kind: str
    """``order`` or ``algo``."""
    symbol: str
    """The market."""
    intent: str
    """What was sent, as JSON."""
    order_id: int | None
    """The venue's id, of the root for an algo order; None until it is known."""
    outcome: str
    """``sending``, ``placed``, ``unknown``, or what the venue refused it with."""
    at: int
    """When it was sent, ms of this machine's clock."""


def sum_of(parts: tuple[object, ...]) -> int:
    """A sum that differs if any part does."""
    return crc32("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass"))


def sealed(key: str, value: object) -> str:
    """A value of ``meta`` with its sum."""
    return f"{sum_of((key, value)):08x} {value}"


def unsealed(key: str, text: str) -> str | None:
    """The value; None if it or its sum was changed."""
    sum_, _, value = text.partition(" ")
    return value if sum_ == f"{sum_of((key, value)):08x}" else None
