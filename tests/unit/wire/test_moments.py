"""Moments in every form that people have them mean the same milliseconds, or are refused with what to pass."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.errors import UsageError
from orderly_sync.wire.moments import milliseconds, seconds

NOON = 1_772_366_400_000
"""2026-03-01 12:00 UTC, ms."""


@given(st.integers(1_000_000_000_000, 4_000_000_000_000), st.integers(0, 999_999))
def test_counts_are_told_apart_by_their_size(ms: int, more: int):
    """Milliseconds, microseconds and nanoseconds of one moment are one moment."""
    assert milliseconds(ms) == ms
    assert milliseconds(ms * 1000 + more % 1000) == ms
    assert milliseconds(ms * 1_000_000 + more) == ms
    assert seconds(ms * 1_000_000 + more) == ms // 1000


@given(st.integers(1, 10**11 - 1))
def test_seconds_are_refused_with_the_value_they_would_be(count: int):
    """A count of seconds is never taken for the year 1970: the message holds the milliseconds."""
    with pytest.raises(UsageError, match="looks like seconds") as caught:
        milliseconds(count, "until")
    assert str(caught.value).startswith("until=")
    assert str(caught.value).endswith(f" {count * 1000}")


@pytest.mark.parametrize(
    ("reading", "said"),
    [
        (1_772_366_400.25, "1772366400250"),
        (1_772_366_400_000.0, "pass 1772366400000"),
        (np.float64(1_772_366_400.5), "1772366400500"),
        (np.float64("nan"), "not float64"),
        (float("inf"), "not float"),
        (np.bool_(True), "not bool"),
        (10**21, "no moment"),
        (np.datetime64("NaT", "ms"), "NaT"),
        (timedelta(hours=1), "not timedelta"),
        ("2026-03-01T12:00", "naive"),
        ("2026-03-01 12:00:00.5", "naive"),
        ("2026-02-30", "not ISO 8601"),
        ("2026-03-01T12:00:00+01:75", "not ISO 8601"),
        ("1772366400000", "not ISO 8601"),
    ],
)
def test_other_readings_are_refused_by_name(reading: Any, said: str):
    """A float, a span, a time of no zone: each with what to pass where that is known."""
    with pytest.raises(UsageError, match=said) as caught:
        milliseconds(reading, "start")
    assert str(caught.value).startswith("start")
    assert str(caught.value).isascii()


@pytest.mark.parametrize(
    "moment",
    [
        np.int64(NOON),
        np.uint64(NOON * 1_000_000),
        np.datetime64("2026-03-01T12:00:00"),
        np.datetime64(NOON * 1000, "us"),
        "2026-03-01T12:00Z",
        "2026-03-01 12:00:00z",
        "2026-03-01T13:30:00.000+0130",
        "2026-03-01T12:00:00.000000999Z",
        np.str_("2026-03-01T12:00:00+00:00"),
        datetime(2026, 3, 1, 7, tzinfo=timezone(timedelta(hours=-5))),
    ],
)
def test_one_moment_in_many_forms(moment: Any):
    """Counts and times of numpy, and ISO text however short."""
    assert milliseconds(moment) == NOON


def test_the_moments_of_tables():
    """The tables' own time and missing time."""
    pandas = pytest.importorskip("pandas")
    assert milliseconds(pandas.Timestamp(NOON, unit="ms", tz="Asia/Tokyo")) == NOON
    with pytest.raises(UsageError, match="naive"):
        milliseconds(pandas.Timestamp(NOON, unit="ms"))
    with pytest.raises(UsageError, match="NaT"):
        milliseconds(pandas.NaT)


@pytest.mark.parametrize("day", ["2026-03-01", " 2026-03-01 ", date(2026, 3, 1)])
def test_a_day_is_its_midnight(day: Any):
    """A date begins at midnight UTC."""
    assert milliseconds(day) == NOON - 43_200_000


def test_the_clocks_of_python():
    """What time_ns says is taken, what time says is refused with what it would be."""
    now = time.time_ns()
    assert milliseconds(now) == now // 1_000_000
    with pytest.raises(UsageError, match=str(now // 10**9)[:7]):
        milliseconds(time.time())  # type: ignore[arg-type]
