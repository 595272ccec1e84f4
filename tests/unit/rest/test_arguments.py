"""Spans of time are brought into their wire form or refused before anything is sent."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.errors import UsageError
from orderly_sync.rest.arguments import days, window
from orderly_sync.wire.moments import seconds


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_day_is_the_same_as_date_and_as_text(value: date) -> None:
    """A date and its ISO text give one wire form."""
    assert (
        days(value, None)
        == days(value.isoformat(), None)
        == {"start_date": value.isoformat(), "end_date": None}
    )


@pytest.mark.parametrize("value", ["31.01.2026", "2026-02-30", "", "yesterday", 20260131])
def test_a_malformed_day_is_refused_by_name(value: object) -> None:
    """What is no day is refused, and the message says which argument it was."""
    with pytest.raises(UsageError, match="start_date"):
        days(value, "2026-01-31")  # type: ignore[arg-type]


def test_days_must_not_run_backwards() -> None:
    """An end before the start is refused; one day alone is a valid span."""
    assert days("2026-01-31", date(2026, 1, 31)) == {"start_date": "2026-01-31", "end_date": "2026-01-31"}
    with pytest.raises(UsageError, match="comes before"):
        days("2026-02-01", "2026-01-31")


def test_a_window_takes_the_names_of_its_operation() -> None:
    """The wire calls the same two moments by different names."""
    start = datetime(2026, 1, 1, tzinfo=timezone.utc)
    assert window(start, None) == {"start_t": 1767225600000, "end_t": None}
    assert window(None, "2026-01-01T00:00:00Z", ("a", "b")) == {"a": None, "b": 1767225600000}
    with pytest.raises(UsageError, match="comes before"):
        window(start, start - timedelta(seconds=1))


def test_a_window_in_another_unit_is_checked_alike() -> None:
    """Charts count seconds."""
    start = datetime(2026, 1, 1, tzinfo=timezone.utc)
    assert window(start, start, ("from", "to"), seconds) == {"from": 1767225600, "to": 1767225600}
    with pytest.raises(UsageError, match="comes before"):
        window(start, start - timedelta(seconds=1), ("from", "to"), seconds)
