"""Numbers, choices and days on their way out: exact, or refused by name."""

from __future__ import annotations

from datetime import date, datetime, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.errors import UsageError
from orderly_sync.models.enums import SENDABLE, OrderSide, OrderType
from orderly_sync.rest.request import build, number_text
from orderly_sync.wire.enum_values import one_of
from orderly_sync.wire.moments import day, seconds
from orderly_sync.wire.numbers import number
from orderly_sync.wire.order_numbers import quantity


@given(st.decimals(min_value=0, max_value=10**12, places=8))
def test_a_number_is_the_same_in_every_form(value):
    """Text, Decimal and int are exact, and so is a float's shortest text."""
    assert number(format(value, "f"), "price") == number(value, "price") == value
    assert number(float(value), "price") == Decimal(repr(float(value)))
    assert number(int(value), "price") == int(value)
    assert Decimal(number_text(value, "price")) == value
    assert "E" not in number_text(value, "price")


@pytest.mark.parametrize(
    "value",
    [
        "nan",
        "NaN",
        "inf",
        "-1",
        "+1",
        "1e3",
        "1E-5",
        "",
        " ",
        "1,000",
        "0x10",
        "1_000",
        "½",
        "1.2.3",
        "9" * 41,
    ],
)
def test_text_that_is_no_plain_number_is_refused(value):
    """Exponents and signs too: what reads well to a machine is a typing error of a person."""
    with pytest.raises(UsageError, match="order_price"):
        number(value, "order_price")


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        -0.1,
        -1,
        Decimal("NaN"),
        Decimal("-Infinity"),
        Decimal("1E+60"),
        10**60,
        True,
        b"1",
        [1],
    ],
)
def test_what_is_no_number_is_refused(value):
    """NaN, infinities, negatives, truth values, monsters."""
    with pytest.raises(UsageError, match="order_price"):
        number(value, "order_price")


def test_no_number_stays_none():
    """An argument that was not given is not sent."""
    assert (number(None, "x"), quantity(None, "x"), number_text(None, "x"), day(None, "x")) == (None,) * 4
    assert (one_of(OrderSide, None, "x"), seconds(None)) == (None, None)


@given(st.decimals(min_value="0.000000001", max_value=10**6, places=9).filter(lambda d: d * 10**8 % 1))
def test_quantities_end_at_eight_decimals(value):
    """A ninth decimal is refused, and the message names the next quantity below, or the smallest there is."""
    with pytest.raises(UsageError, match="more than 8 decimals") as caught:
        quantity(value, "order_quantity")
    nearest = Decimal(str(caught.value).rpartition(" ")[2])
    assert nearest > 0
    assert abs(value - nearest) < Decimal("1E-8")
    assert nearest <= value or nearest == Decimal("1E-8")


def test_trailing_zeros_are_no_decimals():
    """0.100000000 is 0.1."""
    assert quantity("0.100000000", "q") == Decimal("0.1")
    assert quantity(Decimal("5.00000000000"), "q") == 5


@pytest.mark.parametrize("value", ["LONG", "b", "", 1, None.__class__, OrderSide("HOLD")])
def test_an_unknown_choice_is_refused_with_what_there_is(value):
    """Answers are open, arguments are not."""
    with pytest.raises(UsageError, match=r"side=.* is none of BUY, SELL"):
        one_of(OrderSide, value, "side")


def test_a_choice_is_a_member_or_its_text():
    """Both give the wire's text."""
    assert one_of(OrderSide, "BUY", "side") == one_of(OrderSide, OrderSide.BUY, "side") == "BUY"
    with pytest.raises(UsageError, match="none of LIMIT"):
        one_of(OrderType, "LIQUIDATE", "order_type", SENDABLE)


@pytest.mark.parametrize(
    "value", ["2026-13-01", "01-01-2026", "today", datetime(2026, 1, 1, tzinfo=timezone.utc), 5]
)
def test_what_is_no_day_is_refused(value):
    """A moment is no day: its zone would decide which."""
    with pytest.raises(UsageError, match="start_date"):
        day(value, "start_date")


def test_days_and_seconds():
    """A day is its ISO text, a second a thousand milliseconds."""
    assert day(date(2026, 1, 31), "d") == day("2026-01-31", "d") == "2026-01-31"
    assert seconds(1_767_225_600_999) == 1_767_225_600


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"page": 0}, "page"),
        ({"page": "x"}, "page"),
        ({"size": 501}, "1 to 500"),
        ({"size": 0}, "1 to 500"),
        ({"size": 2.5}, "1 to 500"),
    ],
)
def test_lists_that_cannot_be_are_refused(query, said):
    """Pages that do not exist. Spans are refused where their ends are read, see ``test_choices``."""
    with pytest.raises(UsageError, match=said):
        build("GET", "/v1/orders", query=query)


def test_queries_by_post_are_reads():
    """The public query changes nothing, whatever its verb."""
    assert build("POST", "/v1/public/query", body={"type": "x"}).is_read
    assert not build("POST", "/v1/order", body={"x": 1}).is_read
