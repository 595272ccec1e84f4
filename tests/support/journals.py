"""Journals for tests: rows, files and what is in them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orderly_sync import Credentials, Rest, topics
from orderly_sync.config import Network
from orderly_sync.journal.schema import EventRow
from orderly_sync.journal.store import JournalFile
from orderly_sync.venue.server.serve import Venue
from tests.support.paper import eventually

__all__ = [
    "NOW",
    "Told",
    "crash",
    "fill_row",
    "filled_file",
    "journal_path",
    "lasting_venue",
    "opened",
    "other_rest",
]

WAIT = 20.0

NOW = 1_790_000_000


@pytest.fixture(name="venue")
def lasting_venue() -> Iterator[Venue]:
    """A venue that outlives its clients."""
    with Venue(seed=7, market="frozen", rate_limits=False) as running:
        yield running


@pytest.fixture(name="path")
def journal_path(tmp_path: Path) -> Path:
    """Where the journal is."""
    return tmp_path / "journal" / "bot.db"


def fill_row(
    order_id: int, trade_id: int, *, filled: str = "1", ended: int = 0, at: int = NOW * 1000
) -> EventRow:
    """A report of a fill."""
    body = f'{{"orderId":{order_id},"tradeId":{trade_id}}}'
    name = f"executionreport/{order_id}/fill/{trade_id}"
    return EventRow(name, "executionreport", order_id, at, filled, ended, body, at)


def opened(path: Path, *, network: str = "paper", account: str = "0xabc", anew: bool = False) -> JournalFile:
    """The journal of that account."""
    return JournalFile(path, network, account, now=NOW, anew=anew)


def filled_file(path: Path, *, count: int = 40) -> tuple[set[str], set[str]]:
    """A closed journal of so many reports, the last quarter not taken; the ids of all, and of those."""
    rows = [fill_row(10 + number % 7, number, filled=str(number)) for number in range(count)]
    store = opened(path)
    store.begin()
    store.receive(rows)
    store.deliver(row.event_id for row in rows[: count * 3 // 4])
    store.advance(NOW * 1000 + 5)
    store.commit()
    store.close()
    return {row.event_id for row in rows}, {row.event_id for row in rows[count * 3 // 4 :]}


def other_rest(venue: Venue) -> Rest:
    """Another program with the same account."""
    line = venue.line()
    return Rest(Network.from_venue(line), Credentials(**json.loads(line)["accounts"][0]), rate_limits=False)


class Told:
    """What a hook was given."""

    def __init__(self, ex: Any, topic: Any = None) -> None:
        self.reports: list[Any] = []
        ex.on(topic or topics.execution_report(), self.reports.append)

    def ids(self) -> list[str]:
        """In the order of their telling."""
        return [report.event_id for report in self.reports]

    def wait(self, count: int) -> list[Any]:
        """Wait for so many."""
        eventually(lambda: len(self.reports) >= count, WAIT)
        return self.reports


def crash(ex: Any) -> None:
    """End a client so that nothing that its hooks have taken from now on is marked: as a kill would."""
    ex.journal.taken = lambda event: None
    ex.stop()
