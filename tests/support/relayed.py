"""Bots of a relay beside its own client, and what each of them was told of the account's orders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from typing_extensions import Self

from orderly_sync import (
    Connected,
    Credentials,
    Disconnected,
    Market,
    Orderly,
    Relay,
    RelayGap,
    connect,
    topics,
)
from orderly_sync.relay.entries import number_of_entry
from orderly_sync.relay.keys import KeyLayout
from orderly_sync.relay.redis_server import RedisServer
from tests.support.paper import eventually

__all__ = ["KEYS", "REPORTS", "Listener", "commands", "credentials_of", "entries_of", "names", "trade"]

KEYS = KeyLayout("orderly")
REPORTS = topics.execution_report()


def credentials_of(ex: Orderly) -> Credentials:
    """The client's."""
    found = ex._stream.hub.options.credentials
    assert found is not None
    return found


def names(reports: Sequence[Any]) -> list[str]:
    """The ids of events."""
    return [report.event_id for report in reports]


def trade(ex: Orderly, times: int) -> None:
    """Orders that fill, one after the other: two reports each."""
    for _ in range(times):
        ex.place(Market.buy("ETH", quantity="0.01")).wait("filled", timeout=10)


@contextmanager
def commands(url: str) -> Iterator[Any]:
    """redis-py's client of that Redis."""
    server = RedisServer(url)
    try:
        yield server.client
    finally:
        server.close()


def entries_of(url: str, topic: str = REPORTS.name) -> list[tuple[str, int, str]]:
    """The entries of a topic: their ids, their numbers, the ids of their events."""
    with commands(url) as client:
        rows = client.xrange(KEYS.events(topic))
    return [(entry_id.decode(), number_of_entry(fields), fields[b"id"].decode()) for entry_id, fields in rows]


class Listener:
    """A client, or a bot of a relay, that notes what its hooks were told.

    Args:
        client: The one that listens.
    """

    def __init__(self, client: Orderly) -> None:
        self.client = client
        self.relay: Relay | None = None
        """The one that publishes for it."""
        self.told: list[Any] = []
        """Reports of orders."""
        self.gaps: list[RelayGap] = []
        self.ways: list[object] = []
        """Each ``Disconnected`` and ``Connected``."""
        client.on(REPORTS, self.told.append)
        client.on(RelayGap, self.gaps.append)
        client.on(Disconnected, self.ways.append)
        client.on(Connected, self.ways.append)

    @classmethod
    def over(cls, url: str, **options: Any) -> Self:
        """A bot of the relay at that Redis."""
        return cls(connect(via=url, **options))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.stop()

    @property
    def plain(self) -> list[str]:
        """The ids of the reports that bear no flag."""
        return names([one for one in self.told if not (one.recovered or one.redelivered)])

    def is_told(self, count: int) -> bool:
        """Whether it was told so many different ones."""
        return len(set(names(self.told))) >= count

    def wait_for_all(self, own: Listener) -> None:
        """Wait until it was told all that the venue's own stream told, which is told all that the venue emitted."""
        eventually(lambda: len(own.told) >= own.emitted())
        eventually(lambda: set(names(self.told)) >= set(names(own.told)))

    def emitted(self) -> int:
        """How many reports of orders the venue emitted for the account of this client, which started it."""
        rows = [entry["data"] for entry in self.client.paper.ledger() if entry["topic"] == REPORTS.name]
        return sum(len(row) if isinstance(row, list) else 1 for row in rows)

    def wait_for_last(self, other: Listener) -> None:
        """Wait until it was told the last that another was."""
        eventually(lambda: names(self.told)[-1:] == names(other.told)[-1:])

    def wait_lost(self) -> None:
        """Wait until it was told that the connection is lost."""
        eventually(lambda: any(isinstance(one, Disconnected) for one in self.ways))

    def wait_back(self) -> None:
        """Wait until it was told that the connection is back."""
        eventually(lambda: any(isinstance(one, Connected) and one.resumed for one in self.ways))
