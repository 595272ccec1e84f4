"""Numbers of other libraries: exact by their shortest text, or refused by name."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync import Limit, Stop
from orderly_sync.errors import UsageError
from orderly_sync.live.book import Book, Level
from orderly_sync.rest.bodies import ids, order_id, trigger_after
from orderly_sync.rest.request import build, number_text, query_text
from orderly_sync.wire.json import encode
from orderly_sync.wire.numbers import number
from orderly_sync.wire.order_numbers import quantity


@given(st.floats(0, 1e12, width=64))
def test_a_64_bit_float_is_pythons_own(value: float):
    """The same digits as the float it is."""
    assert number(np.float64(value), "price") == number(value, "price")
    assert encode({"x": np.float64(value)}) == encode({"x": value})
    assert query_text({"x": np.float64(value)}) == query_text({"x": value})


@given(st.floats(0, 2**20, width=32))
def test_a_shorter_float_shows_no_more_than_it_holds(value: float):
    """The digits are the fewest that stand for it at its own precision."""
    short = np.float32(value)
    exact = number(short, "price")
    assert exact is not None
    assert np.float32(str(exact)) == short
    assert len(exact.normalize().as_tuple().digits) <= 9


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.float32(0.1), "0.1"),
        (np.float16(2.5), "2.5"),
        (np.longdouble("0.25"), "0.25"),
        (np.float64(1e-7), "0.0000001"),
        (np.int8(7), "7"),
        (np.uint64(2**64 - 1), "18446744073709551615"),
        (np.str_("0.30"), "0.30"),
        (Fraction(3, 8), "0.375"),
        (Fraction(12, 4), "3"),
        (np.array([0.7])[0], "0.7"),
    ],
)
def test_scalars_become_their_shortest_text(value: Any, text: str):
    """Floats of every width, ints, text and exact fractions."""
    assert number_text(value, "amount") == text


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (np.float64("nan"), "NaN"),
        (np.float32("nan"), "NaN"),
        (float("nan"), "NaN"),
        (Decimal("sNaN"), "NaN"),
        (np.float32("inf"), "infinite"),
        (float("-inf"), "infinite"),
        (Decimal("Infinity"), "infinite"),
        (np.float64(-0.5), "negative"),
        (np.int64(-2), "negative"),
        (Fraction(-1, 2), "negative"),
        (Fraction(2, 7), "no exact decimal"),
        (np.bool_(True), "must be"),
        (np.complex128(1), "must be"),
        (np.array([1.0, 2.0]), "must be"),
        (np.datetime64("2026-01-01"), "must be"),
        (np.str_("nan"), "plain positive number"),
        ("\u0663", "plain positive number"),
    ],
)
def test_what_has_no_exact_value_is_refused_by_name(value: Any, said: str):
    """Missing and endless values, truth, arrays and thirds."""
    for read in (number, quantity, number_text):
        with pytest.raises(UsageError, match=said) as caught:
            read(value, "order_price")
        assert str(caught.value).startswith("order_price")
        assert str(caught.value).isascii()


def test_orders_take_the_numbers_of_arrays():
    """Every number of an order, ordinary or algo."""
    prices = np.array([3000.5, 3001.5], dtype=np.float32)
    order = Limit.buy("ETH", quantity=np.float64(0.1), price=prices[0])
    assert (order.quantity, order.price) == (Decimal("0.1"), Decimal("3000.5"))
    stop = Stop.sell("ETH", quantity=Fraction(1, 4), trigger=prices[1])
    assert (stop.quantity, stop.trigger) == (Decimal("0.25"), Decimal("3001.5"))


def test_ids_and_pages_of_tables_are_whole_numbers():
    """An id that was read from a data frame, a page that was counted by numpy."""
    assert order_id(np.int64(77)) == 77
    assert ids([np.int64(7), np.uint32(8)], "order_ids") == "7,8"
    assert trigger_after(np.int32(5000)) == 5000
    assert build("GET", "/v1/orders", query={"page": np.int64(2), "size": np.int16(9)}).target.endswith(
        "page=2&size=9"
    )
    body = build("POST", "/v1/order", body={"level": np.int64(3), "reduce_only": np.bool_(False)}).body
    assert body == b'{"level":3,"reduce_only":false}'
    for wrong in (np.bool_(True), np.float64(1.0), np.int64(-1)):
        with pytest.raises(UsageError):
            order_id(wrong)  # type: ignore[arg-type]


def test_nobody_pays_for_a_library_that_is_not_used():
    """The package knows numpy's scalars without importing numpy."""
    code = "import sys, orderly_sync.rest.request, orderly_sync.history.account_history; print('numpy' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


@pytest.mark.parametrize("size", [np.float32(0.1), np.float64(0.1), "0.1", Decimal("0.1"), Fraction(1, 10)])
def test_a_book_is_asked_for_any_number(size: Any):
    """What a quantity would cost, by its shortest text; missing and truth values are refused."""
    book = Book("PERP_ETH_USDC", 1, (), (Level(Decimal(3000), Decimal(1)),))
    assert book.cost_to_fill("BUY", size) == 300
    for wrong in (np.float64("nan"), np.bool_(True), 0, -1):
        with pytest.raises(UsageError):
            book.cost_to_fill("BUY", wrong)
