"""Why REST was read and what that found: one line of the log each, and figures by cause."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from orderly_sync.reports.causes import RecoveryCause, RecoveryTally
from orderly_sync.reports.schedule import PollSchedule
from tests.support.reports import fill, fill_report, report, row
from tests.unit.reports.test_recovery import Setup

LOGGER = "orderly_sync.state"
NEW, PART = {"order_id": 5, "created_time": 1500}, {"created_time": 1500, "updated_time": 1600}


def disconnected(made: Setup) -> None:
    made.recovery.gap("the network")
    made.recovery.resync("the private stream was down")


def overflowed(made: Setup) -> None:
    made.recovery.resync("a queue was full", RecoveryCause.OVERFLOW)


def began_anew(made: Setup) -> None:
    made.recovery.another_order()


def restarted(made: Setup) -> None:
    made.stream.times_restarted += 1
    disconnected(made)


def leapt(made: Setup) -> None:
    second = fill_report("0.5", "0.2", 2, **NEW)
    assert len([*made.recovery.orders.sequencer([report(**NEW), second])]) == 1


def placed(made: Setup) -> None:
    made.recovery.orders.awaited.add(5, made.clock.monotonic())
    made.recovery.expect()
    made.clock.advance(2)


def audited(made: Setup) -> None:
    made.stream.now = 100_000
    made.clock.advance(20)


CASES = [
    (disconnected, RecoveryCause.DISCONNECT, "INFO"),
    (overflowed, RecoveryCause.OVERFLOW, "INFO"),
    (began_anew, RecoveryCause.VENUE_RESTART, "INFO"),
    (restarted, RecoveryCause.VENUE_RESTART, "INFO"),
    (leapt, RecoveryCause.MISSING_FILL, "WARNING"),
    (placed, RecoveryCause.AWAITED_REPORT, "INFO"),
    (audited, RecoveryCause.AUDIT, "WARNING"),
]


@pytest.mark.parametrize(("happens", "cause", "level"), CASES)
def test_each_recovery_says_why_it_was_begun(
    happens: Callable[[Setup], None], cause: RecoveryCause, level: str, caplog: pytest.LogCaptureFixture
):
    """One line with cause, window and finds; the finds count for that cause and no other."""
    caplog.set_level(logging.INFO, LOGGER)
    made = Setup(audit=20.0)
    happens(made)
    made.rest.rows = {5: row(5, "PARTIAL_FILLED", "0.5", **PART)}
    made.rest.trades = [fill(1, "0.3", 1550, 5), fill(2, "0.2", 1600, 5)]
    made.poll()
    told = len(made.stream.delivered)
    assert told
    lines = [one for one in caplog.records if one.getMessage().startswith("recovery (")]
    assert [one.levelname for one in lines] == [level]
    line = lines[0].getMessage()
    assert f"({cause.value})" in line
    stats = made.recovery.tally.stats()
    recovered = {name: count for name, count in stats["recovered"].items() if count}  # type: ignore[attr-defined]
    assert recovered.keys() == {cause.value}
    assert f"{recovered[cause.value]} of executionreport" in line
    assert stats["audits"] == (cause is RecoveryCause.AUDIT)
    readings = stats["readings"]
    assert {name for name, count in readings.items() if count} == {cause.value}  # type: ignore[attr-defined]


def test_what_was_lost_alone_has_all_read_under_its_own_name(caplog: pytest.LogCaptureFixture):
    """A report that proved lost is one cause, the reading of everything ten seconds later another."""
    caplog.set_level(logging.INFO, LOGGER)
    made = Setup()
    leapt(made)
    made.rest.rows = {5: row(5, "PARTIAL_FILLED", "0.5", **PART)}
    made.rest.trades = [fill(1, "0.3", 1550, 5), fill(2, "0.2", 1600, 5)]
    made.poll()
    made.poll(10)
    causes = [one.getMessage().partition(")")[0] for one in caplog.records]
    assert causes == ["recovery (missing fill", "recovery (lost report"]


def test_a_routine_look_that_finds_nothing_leaves_no_line(caplog: pytest.LogCaptureFixture):
    """An audit every 20 seconds is counted, and silent while all is well."""
    caplog.set_level(logging.INFO, LOGGER)
    made = Setup(audit=20.0)
    made.stream.now = 100_000
    for _ in range(3):
        made.poll(20)
    assert made.recovery.tally.audits == 3
    assert caplog.messages == []


def test_a_gap_leaves_a_line_though_nothing_was_missing(caplog: pytest.LogCaptureFixture):
    """It tells from when to when was read, so that a reader of the log knows that it was."""
    caplog.set_level(logging.INFO, LOGGER)
    made = Setup()
    made.stream.now = 100_000
    disconnected(made)
    made.stream.now = 130_000
    made.poll()
    assert caplog.messages == [
        "recovery (disconnect), read 40000 to 130000: nothing was missing; 0 orders not whole yet"
    ]


def test_of_several_causes_the_gravest_names_the_reading():
    """A reading that serves a lost connection and an audit was caused by the connection."""
    polls = PollSchedule((2.0,), audit=20.0)
    polls.begin(0.0)
    polls.fill_gap(20.0)
    polls.by(20.0)
    polls.gap(5, 20.0, "it was down")
    taken = polls.take(20.0, 1)
    assert taken is not None
    assert taken.cause is RecoveryCause.DISCONNECT


def test_what_is_read_again_keeps_its_cause():
    """After a failure, and where there was no room for all."""
    polls = PollSchedule((2.0,))
    polls.fill_gap(0.0)
    first = polls.take(0.0)
    assert first is not None
    polls.again(first, 0.5)
    polls.soon(0.5, first)
    causes = [one.cause for one in (polls.take(0.5), polls.take(1.0)) if one is not None]
    assert causes == [RecoveryCause.MISSING_FILL] * 2


def test_a_hand_over_counts_as_overflow():
    """It reads on a thread of its own and is counted all the same."""
    tally = RecoveryTally()
    tally.found(RecoveryCause.OVERFLOW, 7)
    assert tally.stats()["recovered"]["overflow"] == 7  # type: ignore[index]


def test_the_map_has_a_row_for_each_cause():
    """Whoever looks for why a report was late finds each word of the log there, in the order of the causes."""
    text = (Path(__file__).parents[3] / "docs" / "house.md").read_text(encoding="utf-8")
    table = text.partition("| cause in the line")[2].partition("\n\n")[0]
    assert re.findall(r"^\| ([a-z ]+) \|", table, re.MULTILINE) == [one.value for one in RecoveryCause]
