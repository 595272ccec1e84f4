"""Lists in pages and in windows: every row once, though they move while they are read."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.errors import DecodingError, UsageError
from orderly_sync.models.account import DailyStatistics
from orderly_sync.models.base import Page, PageMeta, Rows
from orderly_sync.models.fill import Fill
from orderly_sync.models.order import Order
from orderly_sync.models.pages import CursorPage
from orderly_sync.rest.api_client import ApiClient
from orderly_sync.rest.groups.orders import Orders
from orderly_sync.rest.paging import windows


class Venue:
    """A list, newest first, that changes between two reads."""

    def __init__(self, rows, size, changes=()):
        self.rows = list(rows)
        self.size = size
        self.changes = list(changes)
        self.reads = 0

    def page(self, number=1):
        if self.reads and self.changes:
            self.changes.pop(0)(self.rows)
        self.reads += 1
        start = (number - 1) * self.size
        meta = PageMeta(total=len(self.rows), records_per_page=self.size, current_page=number)
        return Page(Rows(self.rows[start : start + self.size]), meta, self.page)


def order(number):
    return Order(order_id=number, symbol="PERP_ETH_USDC")


def ids(page):
    return [row.order_id for row in page.each()]


@given(st.integers(0, 60), st.integers(1, 20))
def test_all_pages_are_gone_over(count, size):
    """Every row once, in order, with no read too many."""
    venue = Venue([order(number) for number in range(count)], size)
    assert ids(venue.page()) == list(range(count))
    assert venue.reads == max(1, -(-count // size))


def insert(number):
    return lambda rows: rows.insert(0, order(number))


def remove(index):
    return lambda rows: rows.pop(index) if index < len(rows) else None


@given(st.integers(1, 40), st.integers(1, 10), st.lists(st.integers(100, 999), max_size=8, unique=True))
def test_new_rows_neither_repeat_nor_hide_others(count, size, news):
    """What was there at the start comes exactly once."""
    venue = Venue([order(number) for number in range(count)], size, [insert(number) for number in news])
    given_ids = ids(venue.page())
    assert len(given_ids) == len(set(given_ids))
    assert set(range(count)) <= set(given_ids)


@given(st.integers(1, 40), st.integers(2, 10), st.lists(st.integers(0, 39), max_size=2))
def test_rows_that_go_away_hide_no_others(count, size, gone):
    """A list that shrinks is read again; what is still there comes exactly once."""
    venue = Venue([order(number) for number in range(count)], size, [remove(index) for index in gone])
    given_ids = ids(venue.page())
    assert len(given_ids) == len(set(given_ids))
    assert {row.order_id for row in venue.rows} <= set(given_ids)


def test_a_list_that_lies_about_its_length_says_so():
    """The rows come, then the error: nobody takes half a list for the whole."""

    def lie(number=1):
        rows = Rows([order(1), order(2)] if number == 1 else [])
        return Page(rows, PageMeta(total=9, records_per_page=2, current_page=number), lie)

    rows = lie().each()
    assert [next(rows).order_id, next(rows).order_id] == [1, 2]
    with pytest.raises(DecodingError, match="9 rows were promised and 2 could be read"):
        next(rows)


def test_rows_without_ids_may_be_alike():
    """Two equal days are two rows; one that slipped to the next page is not."""
    same = DailyStatistics(date="2026-01-01")
    assert len(list(Venue([same] * 5, 2).page().each())) == 5

    venue = Venue([DailyStatistics(date=f"2026-01-0{day}") for day in range(1, 6)], 2)
    venue.changes = [lambda rows: rows.insert(0, DailyStatistics(date="2026-02-01"))]
    assert [row.date[-2:] for row in venue.page().each()] == ["01", "02", "03", "04", "05"]


def test_a_page_from_the_middle_goes_on_from_there():
    """each() begins with the page it is asked of."""
    venue = Venue([order(number) for number in range(10)], 3)
    assert ids(venue.page(2)) == [3, 4, 5, 6, 7, 8, 9]


def test_a_page_alone_is_all_there_is():
    """Without a way to fetch more, its own rows are given."""
    page = Page(Rows([order(1)]), PageMeta(total=5))
    assert ids(page) == [1]
    assert (len(page), page[0].order_id, repr(page)) == (1, 1, "Page(1, 1 of 5 rows)")


class Reply(NamedTuple):
    status: int
    headers: dict
    body: bytes


def test_further_pages_are_asked_for_as_the_first_was():
    """The same filters, the next number."""
    targets = []

    def send(request):
        targets.append(request.target)
        number = len(targets)
        data = {
            "rows": [{"order_id": number, "symbol": "A"}],
            "meta": {"total": 2, "records_per_page": 1, "current_page": number},
        }
        return Reply(200, {}, json.dumps({"success": True, "data": data}).encode())

    caller = ApiClient(send, signed=True)
    assert ids(Orders(caller, caller).list(status="INCOMPLETE", size=1)) == [1, 2]
    assert targets == [
        "/v1/orders?status=INCOMPLETE&page=1&size=1",
        "/v1/orders?status=INCOMPLETE&page=2&size=1",
    ]


class Trades:
    """A host that tells no more than the newest 500 of a window."""

    def __init__(self, times):
        self.times = sorted(times, reverse=True)
        self.reads = 0

    def fetch(self, start, end):
        self.reads += 1
        inside = [at for at in self.times if start <= at <= end]
        rows = Rows([Fill(id=at, order_id=1, executed_timestamp=at) for at in inside[:500]])
        return Page(rows, PageMeta(total=min(500, len(inside)), records_per_page=500))


@given(st.lists(st.integers(0, 10_000), max_size=3000), st.integers(0, 5000))
def test_full_windows_are_halved_until_nothing_is_hidden(times, start):
    """All rows of the span, each window's in its own span, oldest window first, no gap between two."""
    host = Trades(set(times))
    read = list(windows(host.fetch, start, 10_000))

    assert sorted(row.id for window in read for row in window.rows) == sorted(
        t for t in set(times) if t >= start
    )
    assert read[0].start == start
    assert read[-1].end == 10_000
    assert all(later.start == earlier.end + 1 for earlier, later in pairwise(read))
    assert all(window.start <= row.id <= window.end for window in read for row in window.rows)


def test_a_millisecond_too_full_is_read_some_other_way():
    """Order by order, where the caller can; else it is an error, not a gap."""
    host = Trades([7] * 600 + [1])
    read = list(windows(host.fetch, 0, 10, crowded=lambda at: [f"all of {at}"]))
    assert [row for window in read if window.start == 7 for row in window.rows] == ["all of 7"]
    with pytest.raises(DecodingError, match="one millisecond"):
        list(windows(host.fetch, 0, 10))


def test_a_window_that_promises_more_than_it_gives_is_halved():
    """Fewer rows than the list has is no whole window, however few they are."""

    def fetch(start, end):
        return Page(Rows([]), PageMeta(total=0 if start == end else 3))

    assert [(window.start, window.end) for window in windows(fetch, 0, 2)] == [(0, 0), (1, 1), (2, 2)]


def test_a_window_has_a_direction():
    """An end before the start is refused."""
    with pytest.raises(UsageError, match="comes before"):
        next(windows(lambda *_: None, 2, 1))


def cursor_host(requests):
    """Three pages that are followed by cursor; the last cursor comes twice."""
    cursors = iter(["one", "two", "two"])

    def send(request):
        requests.append(request)
        data = {"rows": [{"order_id": len(requests), "symbol": "A"}], "next_cursor": next(cursors, None)}
        return Reply(200, {}, json.dumps({"success": True, "data": data}).encode())

    return ApiClient(send, signed=True)


def test_a_cursor_goes_where_the_arguments_are():
    """Into the query of a read, and a page number has no meaning beside it; a cursor that comes back ends the list."""
    requests = []
    page = cursor_host(requests).get("/v1/x", CursorPage[Order], symbol="A", page=1)

    assert [row.order_id for row in page.each()] == [1, 2, 3]
    assert [request.target for request in requests] == [
        "/v1/x?symbol=PERP_A_USDC&page=1",
        "/v1/x?symbol=PERP_A_USDC&cursor=one",
        "/v1/x?symbol=PERP_A_USDC&cursor=two",
    ]


def test_a_cursor_of_a_query_goes_into_its_body():
    """Beside the other arguments, with the same weight."""
    requests = []
    page = cursor_host(requests).post("/v1/public/query", CursorPage[Order], weight=7, type="x")

    assert [row.order_id for row in page.each()] == [1, 2, 3]
    assert [json.loads(request.body) for request in requests[1:]] == [
        {"type": "x", "cursor": "one"},
        {"type": "x", "cursor": "two"},
    ]
    assert {request.weight for request in requests} == {7}
    assert (len(page), page[0].order_id, next(iter(page)).order_id) == (1, 1, 1)
    assert repr(page) == "CursorPage(1 rows, more to come)"
