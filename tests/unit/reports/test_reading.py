"""One reading of REST: in bulk, each list once, a full window followed by the next."""

from __future__ import annotations

from typing import Any

import pytest

from orderly_sync.models.base import PageMeta
from orderly_sync.reports.reading import CROWDED, PAGE, SINGLES, Reading
from tests.support.reports import fill, row
from tests.unit.reports.test_rebuild import FakeOrders


def reading(fake: FakeOrders, start: int | None = 0, **options: Any) -> Reading:
    return Reading(fake, start, **options)  # type: ignore[arg-type]


def windows(fake: FakeOrders) -> int:
    return sum(1 for one in fake.asked if one[0] == "fills" and len(one) == 3)


@pytest.mark.parametrize(("count", "reads"), [(0, 1), (1, 1), (499, 1), (500, 2), (501, 2), (2_300, 5)])
def test_fills_are_read_window_by_window(count: int, reads: int):
    """The venue shows the newest 500 of a window and no more: each full one ends where the next begins."""
    fake = FakeOrders(fills=[fill(index, "0.1", 1_000 + index, index % 7) for index in range(count)])
    one = reading(fake)
    found = one.fills()
    assert sorted(each.id for rows in found.values() for each in rows) == list(range(count))
    assert windows(fake) == reads
    assert one.is_whole
    assert one.fills() is found
    assert windows(fake) == reads


@pytest.mark.parametrize("same", [2, 50, 499])
def test_fills_of_one_millisecond_are_told_once(same: int):
    """A window that ends within a millisecond is followed by one that holds that millisecond again."""
    fake = FakeOrders(fills=[fill(index, "0.1", 1_000 + index // same, 3) for index in range(1_400)])
    assert [each.id for each in sorted(reading(fake).fills()[3], key=lambda each: each.id)] == list(
        range(1_400)
    )


def crowd(count: int) -> FakeOrders:
    """So many fills in one millisecond, one before it, and one after."""
    fills = [fill(index, "0.1", 5_000, 3) for index in range(count)]
    return FakeOrders(fills=[*fills, fill(9_000, "0.1", 4_000, 3), fill(9_001, "0.1", 6_000, 3)])


@pytest.mark.parametrize("count", [PAGE - 1, PAGE + 1, PAGE + 40, 2 * PAGE, 2 * PAGE + 1, 4_321])
def test_a_crowded_millisecond_is_read_page_by_page(count: int):
    """All of it, in as many requests as it has pages and a few more."""
    fake = crowd(count)
    one = reading(fake)
    assert len(one.fills()[3]) == count + 2
    assert one.is_whole
    assert windows(fake) <= count // PAGE + 5


@pytest.mark.parametrize(
    ("count", "most", "counts_all"),
    [(PAGE + 40, PAGE, False), (PAGE + 40, PAGE, True), (PAGE, PAGE, False), (1_700, 2 * PAGE, True)],
)
def test_what_a_crowded_millisecond_hides_is_admitted(count: int, most: int, counts_all: bool):
    """A venue that shows no more than so many: what lies behind is read, what is hidden is not claimed to be there."""
    fake = crowd(count)
    fake.most_fills, fake.counts_all = most, counts_all
    one = reading(fake)
    ids = {each.id for each in one.fills()[3]}
    assert {9_000, 9_001} <= ids
    assert len(ids) == most + 2
    assert not one.is_whole
    assert windows(fake) <= most // PAGE + 5


def test_where_a_list_hides_rows_more_orders_may_be_asked_for():
    """A crowd of orders is told of at the pace of the rate limit, not ten at a look."""
    fake = crowd(PAGE + 40)
    fake.most_fills = PAGE
    one = reading(fake)
    one.fills()
    asked = [one.fills_of(order_id) for order_id in range(CROWDED + 1)]
    assert [rows is None for rows in asked] == [False] * CROWDED + [True]


class Endless(FakeOrders):
    """A venue whose total is a lie: it claims more than it shows, and repeats its last page for ever."""

    def fills(self, *, page: int = 1, **window: Any) -> Any:
        shown = super().fills(page=1, **window)
        shown.meta = PageMeta(total=10_000)
        return shown


def test_a_total_that_lies_does_not_keep_the_reading_for_ever():
    """Pages that bring nothing new end it, and it is not claimed that all is there."""
    fake = Endless(fills=[fill(index, "0.1", 5_000, 3) for index in range(PAGE)])
    one = reading(fake)
    assert len(one.fills()[3]) == PAGE
    assert not one.is_whole
    assert windows(fake) < 10


def test_no_window_reaches_behind_the_start():
    """Older fills are nobody's business, however full the window is."""
    fake = FakeOrders(fills=[fill(index, "0.1", index, 3) for index in range(2_000)])
    assert min(each.id for each in reading(fake, 1_200).fills()[3]) == 1_200


def test_lists_are_read_once_and_fills_while_orders_are():
    """Where orders fill several pages their fills are read between them: each has its own rate limit."""
    rows = [row(index, updated_time=1_000 + index) for index in range(1, 1_203)]
    fake = FakeOrders(rows, [fill(index, "0.1", 1_000 + index, index) for index in range(1, 1_203)])
    one = reading(fake)
    assert len(one.rows()) == len(one.rows()) == 1_202
    assert windows(fake) == 2
    assert len(one.fills()) == 1_202
    assert fake.asked.count("UPDATED_TIME_DESC") == fake.asked.count("INCOMPLETE") == 1


def test_only_so_many_orders_are_asked_for_one_by_one():
    """The others wait, and the reading says that it is not whole."""
    fake = FakeOrders(row(index) for index in range(SINGLES + 5))
    one = reading(fake, None)
    found = [one.row(index) for index in range(SINGLES + 5)]
    assert [each is not None for each in found] == [True] * SINGLES + [False] * 5
    assert not one.is_whole
    assert one.fills_of(1) is None
    assert reading(fake, None, singles=1).fills_of(1) == []
