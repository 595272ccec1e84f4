"""Rows become pages, whatever form an answer has them in."""

from __future__ import annotations

from typing import Any

import pytest

from orderly_sync.errors import DecodingError
from orderly_sync.models.base import Page, Rows
from orderly_sync.models.pages import CursorPage, SnapshotPage
from orderly_sync.models.query_platform import PlatformPosition, PlatformPositions
from orderly_sync.wire.converter import structure
from orderly_sync.wire.pages import is_page, rows_of


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        ([1, 2], [1, 2]),
        ({"rows": [1, 2], "meta": {"total": 2}}, [1, 2]),
        ({"meta": {"total": 0}}, []),
        ({"rows": None}, []),
        ({}, []),
        (None, []),
        ({"symbol": "X"}, [{"symbol": "X"}]),
    ],
)
def test_rows_are_found_in_every_form(data: Any, rows: list[Any]) -> None:
    """A list, an object with rows, one flat object, and nothing at all."""
    assert rows == rows_of(data)


def test_what_holds_no_rows_is_refused() -> None:
    """A text where rows should be is a DecodingError that names the call."""
    with pytest.raises(DecodingError, match="GET /v1/x"):
        structure("rows", Rows[int], "GET /v1/x")


def test_a_page_without_meta_counts_its_rows() -> None:
    """Some hosts leave the meta out."""
    page = structure([7, 8], Page[int], "x")

    assert (page.meta.total, list(page)) == (2, [7, 8])


def test_a_page_keeps_what_is_its_own() -> None:
    """Fields of a page's class are read from beside the rows; absent ones are None."""
    page = structure({"rows": [1], "meta": {"total": 9}, "snapshot_time": "5"}, SnapshotPage[int], "x")

    assert (page.snapshot_time, page.meta.total) == (5, 9)
    assert structure({"rows": [1]}, SnapshotPage[int], "x").snapshot_time is None


def test_a_cursor_page_reads_cursors_as_text() -> None:
    """A cursor is opaque, so a number is kept as its text; an absent one ends the list."""
    page = structure({"rows": [1], "next_cursor": 617575}, CursorPage[int], "x")

    assert (page.next_cursor, page.meta) == ("617575", None)
    assert list(structure({"rows": [1]}, CursorPage[int], "x").each()) == [1]


def test_a_cursor_page_is_a_sequence_that_says_whether_more_is_to_come() -> None:
    """Rows are reached by index and by iteration."""
    page = structure({"rows": [4, 5], "next_cursor": "a"}, CursorPage[int], "x")

    assert (len(page), page[1], list(page)) == (2, 5, [4, 5])
    assert repr(page) == "CursorPage(2 rows, more to come)"
    assert repr(structure(None, CursorPage[int], "x")) == "CursorPage(0 rows, none to come)"


def test_only_pages_are_pages() -> None:
    """Rows and models have hooks of their own."""
    assert is_page(Page[int])
    assert is_page(PlatformPositions[PlatformPosition])
    assert not is_page(Rows[int])
    assert not is_page(PlatformPosition)
