"""A relay's journal: what it is given comes back whole, in order, over the end of a process, and damage is seen."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orderly_sync.errors import JournalDegraded, JournalError
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.relay.entries import session_fields
from orderly_sync.relay.outbox import Change, Item, Snapshot
from orderly_sync.relay.spool import SpoolFile
from orderly_sync.stream.events import GapOpened
from orderly_sync.wire import topics
from tests.support.reports import fill_report


def fill(trade_id: int) -> ExecutionReport:
    made: ExecutionReport = fill_report("1", "1", trade_id, "FILLED", order_id=trade_id)
    return made


def opened(path: Path, told: list[JournalDegraded] | None = None, account: str = "a") -> SpoolFile:
    hear = [] if told is None else told
    return SpoolFile(path, account, numbers=Decimal, now=0.0, told=hear.append)


def item(at: int, **more: Any) -> Item:
    return Item(at, topics.execution_report(), (fill(at),), **more)


def ids(items: list[Item] | None) -> list[str]:
    return [event.event_id for one in items or () for event in one.events]


def test_all_of_an_item_comes_back(tmp_path: Path) -> None:
    """Events, flags, what they left behind in the state, session events and the state itself."""
    spool = opened(tmp_path / "j")
    report = fill(3)
    report.frame.recovered = True
    change = Change("orders", "7", None)
    state = Snapshot({"positions": {}, "orders": {"1": b'{"order_id":1}'}})
    gap = GapOpened(since=5, reason="x")
    items = [
        Item(3, topics.execution_report(), (report,), changes=(change,)),
        Item(4, None, session=gap),
        Item(5, None, snapshot=state),
    ]
    assert spool.put(items, held=False)
    back = spool.read(9)
    spool.close()

    assert back is not None
    assert [one.at for one in back] == [3, 4, 5]
    event = back[0].events[0]
    assert isinstance(event, ExecutionReport)
    assert (event, event.recovered, event.frame.ts) == (report, True, report.frame.ts)
    assert list(back[0].changes) == [change]
    assert session_fields(back[1].session, 0) == session_fields(gap, 0)
    assert back[2].snapshot == state


def test_it_outlives_its_process_without_what_redis_has(tmp_path: Path) -> None:
    """Those of before come first, by their numbers; what was done is gone."""
    spool = opened(tmp_path / "j")
    items = [item(at) for at in range(1, 6)]
    spool.put(items[:2], held=True)
    spool.put(items[2:], held=False)
    assert len(spool) == 3
    spool.done(items[1].seq)
    spool.close()

    later = opened(tmp_path / "j")
    assert (len(later), later.earlier) == (3, items[-1].seq)
    fresh = item(6)
    later.put([fresh], held=False)
    assert fresh.seq > later.earlier
    assert later.ids() == {fill(at).event_id for at in (3, 4, 5, 6)}
    assert ids(later.read(2)) == [fill(3).event_id, fill(4).event_id]
    assert ids(later.read(9)) == [fill(5).event_id, fill(6).event_id]
    assert later.read(9) == []
    later.done(items[-1].seq)
    assert later.earlier == 0  # what is left is this process's own
    later.close()


def test_it_is_one_relays_and_one_accounts(tmp_path: Path) -> None:
    """Another process, account or kind of file is a typed error; the file is its owner's alone."""
    path = tmp_path / "j"
    spool = opened(path)
    with pytest.raises(JournalError, match="in use"):
        opened(path)
    spool.close()
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(JournalError, match="another account"):
        opened(path, account="b")
    other = tmp_path / "other"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE things (one TEXT)")
    db.close()
    other.chmod(0o600)
    with pytest.raises(JournalError, match="no relay's journal"):
        opened(other)
    opened(path).close()  # neither try has kept it locked


def test_a_damaged_row_is_seen_and_given_up(tmp_path: Path) -> None:
    """Loudly: the relay asks the venue then."""
    spool = opened(tmp_path / "j")
    spool.put([item(1), item(2)], held=False)
    spool.close()
    with sqlite3.connect(tmp_path / "j") as db:
        db.execute("UPDATE items SET body = replace(body, 'FILLED', 'FULLED') WHERE seq = 2")
    db.close()
    told: list[JournalDegraded] = []
    spool = opened(tmp_path / "j", told)

    assert spool.read(9) is None
    assert len(spool) == 0
    assert [one.final for one in told] == [True]
    spool.close()


def test_a_file_that_is_no_database_is_set_aside(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """And a new one made, with a word of it."""
    path = tmp_path / "j"
    path.write_bytes(b"no database" * 50)
    path.chmod(0o600)
    spool = opened(path)
    assert spool.put([item(1)], held=False)
    spool.close()
    assert "was damaged; it is kept as" in caplog.text
    assert len(list(tmp_path.glob("j.damaged-*"))) == 1


def test_a_file_that_was_deleted_takes_nothing_and_says_so(tmp_path: Path) -> None:
    """Once; what it was given stays with whoever gave it."""
    told: list[JournalDegraded] = []
    spool = opened(tmp_path / "j", told)
    (tmp_path / "j").unlink()
    one = item(1)
    assert not spool.put([one], held=False)
    assert not spool.put([one], held=False)
    assert (one.seq, len(spool)) == (0, 0)
    assert len(told) == 1
    assert "cannot be written" in str(told[0])
    assert not told[0].final
    spool.close()
