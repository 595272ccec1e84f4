"""How many reports a kill can have told again: no more than whose marks may be on their way."""

from __future__ import annotations

import shutil
import threading
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orderly_sync.journal import journal as journals
from orderly_sync.journal.journal import MOST_UNMARKED, Journal
from tests.support.journals import opened
from tests.support.paper import eventually
from tests.support.reports import fill_report

COUNT = 3 * MOST_UNMARKED


class Bot:
    """Takes what it is handed as fast as it can, on a thread."""

    def __init__(self, journal: Journal, reports: list[Any]) -> None:
        self.taken: list[str] = []
        self._journal = journal
        self._reports = reports
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        for report in self._reports:
            self._journal.handing(report)
            self.taken.append(report.event_id)
            self._journal.taken(report)


def killed(path: Path, folder: Path) -> set[str]:
    """What a process that starts now would be handed again, by the disk alone."""
    for end in ("", "-wal"):
        if Path(f"{path}{end}").exists():
            shutil.copy(f"{path}{end}", folder / f"killed.db{end}")
    store = opened(folder / "killed.db")
    try:
        return {row.event_id for row in store.received()}
    finally:
        store.close()


def received(path: Path, count: int = COUNT) -> tuple[Journal, list[Any]]:
    """A journal in which so many reports are on the disk, none taken."""
    reports = [fill_report(number, "1", number, order_id=5) for number in range(1, count + 1)]
    journal = Journal(opened(path), numbers=Decimal, time_ms=lambda: 1_790_000_000_000)
    journal.start()
    journal.admit(reports)
    eventually(lambda: not journal._pending)
    return journal, reports


@pytest.mark.parametrize("takers", [1, 3])
def test_a_disk_that_is_slow_is_not_outrun(tmp_path: Path, takers: int):
    """While no mark reaches the disk, no more than so many are taken; a kill then repeats those and no others."""
    path = tmp_path / "bot.db"
    journal, reports = received(path)
    with journal._turn:  # the disk does not answer
        bots = [Bot(journal, reports[number::takers]) for number in range(takers)]
        eventually(lambda: sum(len(bot.taken) for bot in bots) >= MOST_UNMARKED)
        taken = {name for bot in bots for name in bot.taken}
        assert len(taken) <= MOST_UNMARKED + takers
        again = killed(path, tmp_path) & taken
        assert len(again) <= MOST_UNMARKED + takers
        assert journal.stats()["unmarked"] <= MOST_UNMARKED + takers  # type: ignore[operator]
    for bot in bots:
        bot.thread.join(20)
    assert sum(len(bot.taken) for bot in bots) == COUNT
    journal.stop()


def test_at_any_moment_a_kill_repeats_no_more_than_that(tmp_path: Path):
    """A bot in full flight, and the file as a kill would leave it, again and again."""
    path = tmp_path / "bot.db"
    journal, reports = received(path, 4_000)
    bot = Bot(journal, reports)
    looks = 0
    while bot.thread.is_alive() or not looks:
        with journal._turn:  # so that the copy is whole
            taken = set(bot.taken)
            again = killed(path, tmp_path) & taken
        assert len(again) <= MOST_UNMARKED + 1
        looks += 1
    bot.thread.join(20)
    journal.stop()
    assert killed(path, tmp_path) == set()


def test_nobody_waits_for_a_disk_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """It is said, and trading goes on."""
    journal, reports = received(tmp_path / "bot.db")
    monkeypatch.setattr(journals, "PATIENCE", 60.0)

    def broken(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal._store, "deliver", broken)
    began = time.monotonic()
    bot = Bot(journal, reports)
    bot.thread.join(30)
    assert len(bot.taken) == COUNT
    assert time.monotonic() - began < 30
    assert journal.status == "degraded"
    journal.stop()


def test_a_wait_for_marks_ends_with_patience(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A disk that takes longer is not waited for, nor is it beyond a stream's own timeout."""
    journal, reports = received(tmp_path / "bot.db", MOST_UNMARKED + 1)
    monkeypatch.setattr(journals, "PATIENCE", 0.05)
    with journal._turn:
        for report in reports[:-1]:
            journal.handing(report)
            journal.taken(report)
        assert not journal.handing(reports[-1], time.monotonic() + 0.01)
        assert journal.handing(reports[-1])
    journal.stop()
