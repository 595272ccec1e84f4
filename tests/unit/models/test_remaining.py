"""What is left of an order, wherever it is shown."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs
import pytest

from tests.support.reports import algo_row, node, report, row


def ordered(status: str, total: str, **more: Any) -> Any:
    return row(1, status, total, **more)


def pushed(status: str, total: str, **more: Any) -> Any:
    return node(10, status, total=total, **more)


def listed(status: str, total: str, **more: Any) -> Any:
    return algo_row(10, status, total, **more)


KINDS = [report, ordered, pushed, listed]


@pytest.mark.parametrize("make", KINDS)
def test_nothing_remains_of_what_is_filled(make: Any):
    """The venue reduced it from 5 to 3, and filled it; or nobody told its size."""
    assert make("FILLED", "3", quantity="5").remaining == 0
    assert make("FILLED", "5", quantity="5").remaining == 0


@pytest.mark.parametrize("make", KINDS)
def test_what_is_not_filled_remains(make: Any):
    """Open, partly filled, or cancelled."""
    assert make("NEW", "0", quantity="5").remaining == 5
    assert make("PARTIAL_FILLED", "3", quantity="5").remaining == 2
    assert make("CANCELLED", "3.5", quantity="5").remaining == Decimal("1.5")


def test_the_size_of_a_positional_node_is_the_positions():
    """0 on the wire is no size; filled is filled."""
    assert node(10, "NEW", quantity="0").remaining is None
    assert algo_row(10, quantity="0").remaining is None
    assert node(10, "FILLED", quantity="0").remaining == 0


def test_a_size_that_was_not_told_is_unknown():
    """An amount was ordered; once it is filled, nothing is left all the same."""
    for one in (row(), report()):
        bare = attrs.evolve(one, quantity=None)
        assert bare.remaining is None
        assert attrs.evolve(bare, status=row(1, "FILLED").status).remaining == 0
