"""Arguments are brought into their wire form or refused before anything is sent."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.errors import UsageError
from orderly_sync.models.enums import OrderSide
from orderly_sync.rest.arguments import choice, day, days, window
from orderly_sync.rest.request import number


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_day_is_the_same_as_date_and_as_text(value: date) -> None:
    """A date and its ISO text give one wire form."""
    assert day(value) == day(value.isoformat()) == value.isoformat()


def test_a_datetime_is_a_day_in_utc() -> None:
    """An aware datetime stands for its day in UTC."""
    assert day(datetime(2026, 1, 31, 23, tzinfo=timezone(timedelta(hours=-5)))) == "2026-02-01"


@pytest.mark.parametrize(
    "value", ["31.01.2026", "2026-02-30", "", "yesterday", 20260131, datetime.fromisoformat("2026-01-01")]
)
def test_a_malformed_day_is_refused(value: object) -> None:
    """What is no day is refused with the form that is wanted."""
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


def test_a_choice_names_what_is_known() -> None:
    """A text that the venue does not know is refused with those it does; a member made on purpose passes."""
    assert choice(OrderSide, "BUY", "side") is OrderSide.BUY
    assert choice(OrderSide, OrderSide("HOLD"), "side") == "HOLD"
    assert choice(OrderSide, None, "side") is None
    for wrong in ("buy", "", 3, True):
        with pytest.raises(UsageError, match="BUY, SELL"):
            choice(OrderSide, wrong, "side")  # type: ignore[type-var]


@given(st.decimals(allow_nan=False, allow_infinity=False, places=8, min_value=-(10**12), max_value=10**12))
def test_a_number_keeps_its_text(value: Decimal) -> None:
    """Decimal and text give the same exact number."""
    assert number(value) == number(str(value)) == value


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300))
def test_a_float_stands_for_its_shortest_text(value: float) -> None:
    """No binary remainder of a float reaches the wire."""
    assert number(value) == Decimal(repr(value))


@pytest.mark.parametrize(
    "value", ["abc", "", "nan", "Infinity", float("nan"), float("inf"), True, [], "1e9999"]
)
def test_what_is_no_number_is_refused(value: object) -> None:
    """Neither text nor infinities nor truth values are numbers."""
    with pytest.raises(UsageError):
        number(value)  # type: ignore[arg-type]
