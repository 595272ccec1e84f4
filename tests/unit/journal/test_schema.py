"""Rows and their sums."""

from __future__ import annotations

import pytest

from orderly_sync.journal.schema import DELIVERED, sealed, unsealed
from tests.support.journals import fill_row


def test_a_sum_covers_every_field_but_whether_it_was_delivered() -> None:
    """A change of any fact shows; a report that is marked is the same report."""
    row = fill_row(7, 1)

    assert row._replace(state=DELIVERED).sum == row.sum
    for name in set(row._fields) - {"state"}:
        assert row._replace(**{name: "9"}).sum != row.sum, name


def test_parts_that_run_together_differ() -> None:
    """What moves from one field to its neighbour is a change, too."""
    row = fill_row(7, 1)._replace(filled="12", ended=0)

    assert row._replace(filled="1", ended=20).sum != row.sum


@pytest.mark.parametrize("value", ["1790000000000", "paper 0a", "", "two words more"])
def test_a_sealed_value_comes_back_and_a_changed_one_does_not(value: str) -> None:
    """Each character of it counts, its name as well."""
    text = sealed("watermark", value)

    assert unsealed("watermark", text) == value
    assert unsealed("account", text) is None
    for place in range(len(text)):
        assert unsealed("watermark", text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]) is None
