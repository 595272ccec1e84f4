"""What waits for somebody to take it."""

from __future__ import annotations

import pytest

from orderly_sync.journal import owed
from orderly_sync.journal.owed import GRACE, OwedReports

A, B = ("first",), ("first", "second")


def test_it_is_due_when_the_same_audience_has_stood_long_enough() -> None:
    """Once; then nothing is owed."""
    waiting = OwedReports()
    waiting.add("x", [1, 2])

    assert waiting.due("x", A, 10.0) == ()
    assert waiting.due("x", A, 10.0 + GRACE / 2) == ()
    assert waiting.due("x", A, 10.0 + GRACE) == [1, 2]
    assert (waiting.has("x"), waiting.due("x", A, 11.0), waiting.count) == (False, (), 0)


def test_one_more_hook_begins_the_time_anew() -> None:
    """So that it hears all of it, too; and one that has gone begins it over."""
    waiting = OwedReports()
    waiting.add("x", [1])
    waiting.due("x", A, 10.0)

    assert waiting.due("x", B, 10.0 + GRACE) == ()
    assert waiting.due("x", (), 10.0 + GRACE) == ()
    assert waiting.due("x", B, 10.0 + 2 * GRACE) == ()
    assert waiting.due("x", B, 10.0 + 3 * GRACE) == [1]


def test_topics_do_not_mix_and_come_in_order() -> None:
    """What comes later waits behind what came before."""
    waiting = OwedReports()
    waiting.add("x", [1])
    waiting.add("y", [7])
    waiting.add("x", [2])
    waiting.due("x", A, 0.0)

    assert waiting.due("x", A, 9.0) == [1, 2]
    assert waiting.topics == ["y"]


def test_memory_is_bounded_and_what_is_left_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is in the journal still."""
    monkeypatch.setattr(owed, "MOST", 3)
    waiting = OwedReports()
    for number in range(5):
        waiting.add("x", [number])

    assert (waiting.count, waiting.left) == (3, 2)
