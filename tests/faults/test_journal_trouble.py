"""A journal that cannot be written, or was damaged, harms nothing but itself; and it keeps no secret."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orderly_sync import (
    Credentials,
    JournalDegraded,
    JournalError,
    Market,
    UsageError,
    connect,
)
from orderly_sync.journal.journal import Journal
from orderly_sync.venue.server.serve import Venue
from tests.soak.kills import ledger_of
from tests.support.journals import Told
from tests.support.paper import eventually

WAIT = 20.0


def gone(path: Path, journal: Journal) -> None:
    """Delete the file."""
    for one in path.parent.iterdir():
        one.unlink()


def locked(path: Path, journal: Journal) -> None:
    """Have another program keep it locked."""
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    journal.other = other  # type: ignore[attr-defined]


def full(path: Path, journal: Journal) -> None:
    """Leave no room for another page."""
    pages = journal._store.db.execute("PRAGMA page_count").fetchone()[0]
    journal._store.db.execute(f"PRAGMA max_page_count = {pages}")


def read_only(path: Path, journal: Journal) -> None:
    """As on a file system that was mounted anew."""
    journal._store.db.execute("PRAGMA query_only = 1")


def failing(path: Path, journal: Journal) -> None:
    """As on a broken disk."""

    def begin() -> None:
        raise OSError(5, "Input/output error")

    journal._store.begin = begin  # type: ignore[method-assign]


@pytest.mark.parametrize(
    ("trouble", "final"), [(gone, True), (locked, False), (full, False), (read_only, False), (failing, False)]
)
def test_trading_goes_on_when_the_journal_does_not(
    venue: Venue, path: Path, trouble: Callable[[Path, Journal], None], *, final: bool
) -> None:
    """It is told, shown, and every report comes all the same."""
    with connect(venue.line(), journal=path) as ex:
        told, troubles = Told(ex), []
        ex.on(JournalDegraded, troubles.append)
        trouble(path, ex.journal)
        for number in range(30):
            ex.place(Market.buy("ETH" if number % 2 else "BTC", quantity="0.01")).wait("filled", WAIT)
        told.wait(60)
        eventually(lambda: bool(troubles), WAIT)
        assert ex.journal.status == ("failed" if final else "degraded")
        assert "trading goes on" in ex.stats()["journal"]["trouble"]
        assert str(path) in str(troubles[0])
        if trouble is locked:
            ex.journal.other.close()
            eventually(lambda: ex.journal.status == "durable", WAIT)
    assert len(troubles) == 1


def test_after_a_damage_the_next_client_reads_everything_again(venue: Venue, path: Path) -> None:
    """What may have been told before says so; the damaged file is kept."""
    with connect(venue.line(), journal=path) as ex:
        told = Told(ex)
        ex.place(Market.buy("ETH", quantity="0.1")).wait("filled", WAIT)
        first = {report.event_id for report in told.wait(2)}
    data = bytearray(path.read_bytes())
    data[:16] = bytes(16)
    path.write_bytes(data)
    with connect(venue.line(), journal=path) as ex:
        again = Told(ex).wait(2)
        assert ex.journal.damaged is not None
        assert {report.event_id for report in again} >= first
        assert all(report.redelivered for report in again)


def test_one_client_and_one_account_a_file(venue: Venue, path: Path) -> None:
    """Refused before anything runs."""
    second = Credentials(**json.loads(venue.line())["accounts"][1])
    with connect(venue.line(), journal=path), pytest.raises(JournalError, match="in use"):
        connect(venue.line(), journal=path)
    with pytest.raises(JournalError, match="another account"):
        connect(venue.line(), journal=path, credentials=second)


def test_a_venue_in_the_process_is_new_each_time(path: Path) -> None:
    """Its ids come again and mean other orders: nothing of them is taken for known."""
    for _ in range(2):
        with connect("paper", market="frozen", seed=3, journal=path) as ex:
            told = Told(ex)
            ex.place(Market.buy("ETH", quantity="0.1")).wait("filled", WAIT)
            assert [report.redelivered for report in told.wait(2)] == [False, False]


@pytest.mark.parametrize("wrong", [7, "", b""])
def test_a_senseless_path_is_refused(wrong: Any) -> None:
    """In one sentence."""
    with pytest.raises(UsageError, match="pass the path of a file"):
        connect("paper", journal=wrong)


def test_no_secret_is_in_the_file(venue: Venue, path: Path) -> None:
    """Neither the secret nor the key nor the account's id."""
    account = json.loads(venue.line())["accounts"][0]
    with connect(venue.line(), journal=path) as ex:
        told = Told(ex)
        ex.place(Market.buy("ETH", quantity="0.1")).wait("filled", WAIT)
        told.wait(2)
    text = b"".join(one.read_bytes() for one in path.parent.iterdir())
    for name in ("account_id", "orderly_key", "orderly_secret", "wallet_key", "address"):
        value = str(account[name])
        assert value.removeprefix("ed25519:").encode() not in text


LIMITED = """
import resource, signal, sys
from orderly_sync import JournalDegraded, Market, connect, topics
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
told, troubles = [], []
with connect(sys.argv[1], journal=sys.argv[2], rate_limits=False) as ex:
    ex.on(topics.execution_report(), told.append)
    ex.on(JournalDegraded, troubles.append)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, resource.RLIM_INFINITY))
    for number in range(60):
        ex.place(Market.buy("ETH" if number % 2 else "BTC", quantity="0.01")).wait("filled", 20)
    status = ex.journal.status
assert len({report.event_id for report in told}) == len(told)
print(len(told), len(troubles), status)
"""


def test_a_file_that_may_not_grow_stops_nothing(venue: Venue, path: Path) -> None:
    """The system refuses to write; every fill comes, once, and the next client can use the file."""
    command = [sys.executable, "-c", LIMITED, venue.line(), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=True)

    account = json.loads(venue.line())["accounts"][0]["account_id"]
    assert done.stdout.split() == [str(len(ledger_of(venue, account))), "1", "degraded"]
    with connect(venue.line(), journal=path) as ex:
        assert ex.journal.status == "durable"
        assert ex.journal.damaged is None


def test_the_full_device_is_refused_at_the_start(venue: Venue) -> None:
    """It is no regular file; nothing was connected."""
    with pytest.raises(JournalError, match=r"regular file|opened"):
        connect(venue.line(), journal="/dev/full")
