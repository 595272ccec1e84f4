"""What a journal keeps, for whom, and what becomes of one that is damaged."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from orderly_sync.errors import JournalError
from orderly_sync.journal.schema import OrderRow
from orderly_sync.journal.store import KEEP_MS, KEEP_RECEIVED_MS, JournalFile
from tests.support.journals import NOW, fill_row, filled_file, opened

DAY = KEEP_MS


def test_what_was_not_taken_comes_back_in_its_order(tmp_path: Path) -> None:
    """What was taken does not, and both are known."""
    every, due = filled_file(tmp_path / "bot.db")
    store = opened(tmp_path / "bot.db")

    rows = store.received()
    assert {row.event_id for row in rows} == due
    assert [int(row.filled) for row in rows] == sorted(int(row.filled) for row in rows)
    assert store.known() == every
    assert store.watermark == NOW * 1000 + 5
    assert store.damaged is None
    store.close()


def test_a_report_is_kept_once(tmp_path: Path) -> None:
    """The second does not undo that the first was taken."""
    store, row = opened(tmp_path / "bot.db"), fill_row(7, 1)
    for change in (
        lambda: store.receive([row]),
        lambda: store.deliver([row.event_id]),
        lambda: store.receive([row]),
    ):
        store.begin()
        change()
        store.commit()

    assert store.received() == []
    store.close()


@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 200])
def test_groups_of_any_size_are_kept_whole(tmp_path: Path, count: int) -> None:
    """However many rows one statement writes."""
    store = opened(tmp_path / "bot.db")
    rows = [fill_row(number, number) for number in range(1, count + 1)]
    store.begin()
    store.receive(rows)
    store.deliver(row.event_id for row in rows[::2])
    store.commit()

    assert store.received() == rows[1::2]
    store.close()


def test_the_progress_of_an_order_is_its_last_report(tmp_path: Path) -> None:
    """By topic, for two topics may tell of the same id."""
    store = opened(tmp_path / "bot.db")
    store.begin()
    store.receive(
        [fill_row(7, 1, filled="1"), fill_row(8, 2, filled="5"), fill_row(7, 3, filled="2", ended=1)]
    )
    store.receive([fill_row(7, 4, filled="9")._replace(topic="algoexecutionreportv2", event_id="x")])
    store.commit()

    assert sorted(store.progress()) == [
        ("algoexecutionreportv2", 7, "9", 0),
        ("executionreport", 7, "2", 1),
        ("executionreport", 8, "5", 0),
    ]
    store.close()


def test_an_order_is_known_from_before_it_was_sent(tmp_path: Path) -> None:
    """Its outcome is added; an id that is not told again stays."""
    store = opened(tmp_path / "bot.db")
    for change in (
        lambda: store.intend(OrderRow("bot1", "order", "PERP_ETH_USDC", "{}", None, "sending", NOW * 1000)),
        lambda: store.settle("bot1", 77, "placed"),
        lambda: store.settle("bot1", None, "unknown"),
    ):
        store.begin()
        change()
        store.commit()
    store.close()

    store = opened(tmp_path / "bot.db")
    assert store.order("bot1") == ("bot1", "order", "PERP_ETH_USDC", "{}", 77, "unknown", NOW * 1000)
    assert store.order("bot2") is None
    store.close()


def test_trimming_leaves_what_may_still_be_asked(tmp_path: Path) -> None:
    """Taken reports of ended orders go after a day, of open ones and untaken ones after a week."""
    store = opened(tmp_path / "bot.db")
    old, older = NOW * 1000 - DAY - 1, NOW * 1000 - KEEP_RECEIVED_MS - 1
    ended = [fill_row(1, 1, at=old), fill_row(1, 2, at=old, ended=1)]
    still_open, untaken, fresh = (
        fill_row(2, 3, at=old),
        fill_row(3, 4, at=old, ended=1),
        fill_row(4, 5, ended=1),
    )
    week = [fill_row(5, 6, at=older), fill_row(6, 7, at=older)]
    store.begin()
    store.receive([*ended, still_open, untaken, fresh, *week])
    store.deliver(row.event_id for row in [*ended, still_open, fresh, week[0]])
    store.commit()
    store.begin()
    gone = store.trim(NOW * 1000)
    store.commit()

    assert gone == 4
    assert store.known() == {still_open.event_id, untaken.event_id, fresh.event_id}
    store.close()


def test_a_file_of_another_account_or_network_is_refused(tmp_path: Path) -> None:
    """And says which of the two; its own still opens."""
    path = tmp_path / "bot.db"
    filled_file(path)

    with pytest.raises(JournalError, match="written for another account; name a file for each"):
        opened(path, account="0xdef")
    with pytest.raises(JournalError, match="written for another network"):
        opened(path, network="mainnet")
    opened(path).close()


def test_a_venue_that_begins_anew_has_an_empty_journal(tmp_path: Path) -> None:
    """Its ids will come again and mean other orders."""
    filled_file(tmp_path / "bot.db")
    store = opened(tmp_path / "bot.db", anew=True)

    assert (store.known(), store.watermark) == (set(), None)
    store.close()


def test_a_newer_release_s_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    """It is no damage."""
    path = tmp_path / "bot.db"
    filled_file(path)
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 9")
    db.close()

    with pytest.raises(JournalError, match=r"newer release \(tables of version 9\); update orderly_sync"):
        opened(path)
    assert [one.name for one in tmp_path.glob("*damaged*")] == []


def test_another_program_s_lock_is_told_and_is_no_damage(tmp_path: Path) -> None:
    """Nothing is set aside for it."""
    path = tmp_path / "bot.db"
    filled_file(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(JournalError, match="locked"):
            opened(path)
    finally:
        other.close()
    assert list(tmp_path.glob("*damaged*")) == []


def reopened(path: Path) -> JournalFile | None:
    """The journal, if it opens as it is; None if it was set aside, and then a new one works."""
    store = opened(path)
    if store.damaged is None:
        return store
    assert store.damaged.exists()
    assert (store.known(), store.watermark) == (set(), None)
    store.begin()
    store.receive([fill_row(1, 1)])
    store.commit()
    store.close()
    return None


def test_no_cut_of_the_file_loses_a_report_in_silence(tmp_path: Path) -> None:
    """At any length, 0 too, it opens whole or is set aside."""
    whole = tmp_path / "whole.db"
    every, due = filled_file(whole)
    size, chance = whole.stat().st_size, random.Random(5)
    lengths = {
        0,
        1,
        16,
        99,
        100,
        511,
        4095,
        4096,
        4097,
        size - 1,
        *(chance.randrange(size) for _ in range(50)),
    }
    outcomes = []
    for length in sorted(lengths):
        path = tmp_path / f"{length}" / "bot.db"
        path.parent.mkdir()
        shutil.copy(whole, path)
        shutil.copy(tmp_path / "whole.db-lock", tmp_path / f"{length}" / "bot.db-lock")
        with path.open("r+b") as file:
            file.truncate(length)
        store = reopened(path)
        outcomes.append(store is None)
        if store is not None:
            assert store.known() == every, length
            assert {row.event_id for row in store.received()} == due, length
            store.close()

    assert sum(outcomes) > len(lengths) * 3 // 4


@pytest.mark.parametrize("seed", range(4))
def test_no_flipped_bit_loses_a_report_in_silence(tmp_path: Path, seed: int) -> None:
    """The file opens with every report as it was, or it is set aside or refused; an untaken one is never lost."""
    whole = tmp_path / "whole.db"
    every, due = filled_file(whole)
    original, chance = whole.read_bytes(), random.Random(seed)
    damaged = 0
    for number in range(150):
        # The header and the pages' heads more often than chance would.
        place = chance.randrange(120) if number % 5 == 0 else chance.randrange(len(original))
        data = bytearray(original)
        data[place] ^= 1 << chance.randrange(8)
        path = tmp_path / f"{number}" / "bot.db"
        path.parent.mkdir()
        path.write_bytes(data)
        path.chmod(0o600)
        try:
            store = reopened(path)
        except JournalError:
            continue
        damaged += store is None
        if store is not None:
            assert store.known() == every, place
            assert {row.event_id for row in store.received()} == due, place
            assert store.watermark == NOW * 1000 + 5, place
            store.close()

    assert damaged > 20


@pytest.mark.parametrize(
    "content", [b"not a database at all, but a text", b"\0" * 8192, b"SQLite format 3\0" * 300]
)
def test_what_is_no_journal_is_set_aside(tmp_path: Path, content: bytes) -> None:
    """With its content kept."""
    path = tmp_path / "bot.db"
    path.write_bytes(content)
    path.chmod(0o600)
    store = opened(path)

    assert store.damaged is not None
    assert store.damaged.read_bytes() == content
    store.close()


def test_a_database_of_another_kind_is_set_aside(tmp_path: Path) -> None:
    """A table of somebody else's is no journal."""
    path = tmp_path / "bot.db"
    path.touch(mode=0o600)
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE meta (key TEXT)")
    db.close()
    store = opened(path)

    assert store.damaged is not None
    store.close()


def test_a_deleted_or_replaced_file_is_noticed(tmp_path: Path) -> None:
    """SQLite would write on into nowhere."""
    path = tmp_path / "bot.db"
    store = opened(path)
    store.check_in_place()
    path.rename(tmp_path / "gone")
    with pytest.raises(FileNotFoundError):
        store.check_in_place()
    path.touch(mode=0o600)
    with pytest.raises(FileNotFoundError):
        store.check_in_place()
    store.close()
