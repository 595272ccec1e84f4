"""The account's past, whole: every row once, whatever the venue's limits."""

from __future__ import annotations

import itertools
from datetime import datetime, timezone
from email.utils import formatdate
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync import UsageError, connect
from orderly_sync.clock import ManualClock
from orderly_sync.clock_offset import DRIFT
from orderly_sync.corrected_clock import CorrectedClock
from orderly_sync.history.account_history import History, HistoryProgress
from orderly_sync.models.base import Page, PageMeta, Rows, made
from orderly_sync.models.fill import Fill
from orderly_sync.models.kline import KlineHistory
from orderly_sync.rest import Rest
from orderly_sync.rest.transport import HttpRequest, HttpResponse
from orderly_sync.testing.transport import MockTransport, ok
from tests.support.rest_client import ME

NOW = 1_700_000_000_000
DAY = 86_400_000


def told(now: int | None) -> Any:
    """A venue's word on its own time; None: nobody may ask."""

    def info() -> Any:
        assert now is not None
        return SimpleNamespace(timestamp=now)

    return SimpleNamespace(info=info)


def fake(times: list[int], limit: int = 500, now: int | None = NOW) -> tuple[History, list[tuple[int, int]]]:
    """A history over a venue that tells at most ``limit`` newest fills of a window."""
    fills = [made(Fill, id=number, order_id=number, executed_timestamp=at) for number, at in enumerate(times)]
    asked: list[tuple[int, int]] = []

    def read(*, symbol: Any, start: int, end: int, page: int, size: int) -> Page[Fill]:
        asked.append((start, end))
        found = [fill for fill in fills if start <= (fill.executed_timestamp or 0) <= end]
        found.sort(key=lambda fill: -(fill.executed_timestamp or 0))
        return Page(Rows(found[: min(size, limit)]), PageMeta(total=min(len(found), limit)))

    def klines(*, symbol: str, resolution: Any, start: int, end: int, limit: int) -> KlineHistory:
        first = NOW // DAY * DAY - 100 * DAY
        starts = [at for at in range(first, NOW, 3_600_000) if start <= at <= end][-limit:]
        columns = {name: tuple(1 for _ in starts) for name in ("opens", "highs", "lows", "closes", "volumes")}
        return made(KlineHistory, times=tuple(at // 1000 for at in starts), **columns)

    rest = SimpleNamespace(
        clock=CorrectedClock(ManualClock(NOW)),
        credentials=ME,
        orders=SimpleNamespace(fills=read),
        market=SimpleNamespace(kline_history=klines),
        system=told(now),
    )
    return History(rest), asked  # type: ignore[arg-type]


@given(st.lists(st.integers(NOW - 10_000, NOW), max_size=3000))
def test_every_row_is_given_once_and_oldest_first(times: list[int]):
    """Windows are halved until none is full, so neither limit nor page hides or repeats a row."""
    history, _ = fake(times)
    crowded = max((times.count(at) for at in set(times)), default=0) >= 500
    if crowded:
        return
    rows = history.fills(since=NOW - 10_000).all()
    assert sorted(times) == [row.executed_timestamp for row in rows]
    assert len({row.id for row in rows}) == len(times)


def test_reading_can_be_taken_up_again():
    """After an interruption, what is left is read from where all was given."""
    times = [NOW - 1_000_000 + 100 * n for n in range(2000)]
    history, _ = fake(times)
    past = history.fills(since=NOW - DAY)
    rows = iter(past)
    first = [next(rows) for _ in range(700)]
    until = past.reached
    kept = [row for row in first if (row.executed_timestamp or 0) <= until]
    rest = history.fills(since=past.reached + 1, until=past.end).all()
    assert [row.executed_timestamp for row in [*kept, *rest]] == sorted(times)


def test_progress_is_told_after_each_window():
    """From the start to the end, with the number of rows read."""
    history, asked = fake([NOW - 5 * n for n in range(1200)])
    told: list[HistoryProgress] = []
    history.fills(since="1d", progress=told.append).all()
    assert told[-1].share == 1.0
    assert told[-1].rows == 1200
    assert [one.reached for one in told] == sorted(one.reached for one in told)
    assert len(asked) > len(told) > 1


@pytest.mark.parametrize(
    "since", ["1d", "24h", "1440m", NOW - DAY, datetime.fromtimestamp((NOW - DAY) / 1000, tz=timezone.utc)]
)
def test_ages_and_moments_mean_the_same(since: Any):
    """A day ago, however it is said."""
    history, _ = fake([])
    assert history.fills(since=since).start == NOW - DAY


@pytest.mark.parametrize("since", ["soon", datetime(2026, 1, 1), 12345, "2026-01-01T00:00:00", NOW + DAY])
def test_bad_spans_are_refused(since: Any):
    """Naive times, seconds, words, and spans that end before they start."""
    history, _ = fake([])
    with pytest.raises(UsageError):
        history.fills(since=since)


def test_a_beginning_after_now_is_refused_with_the_time_it_is_there():
    """A frozen venue says that it stands there; a real one just its own time."""
    history, _ = fake([])
    with pytest.raises(
        UsageError, match=f"after now={NOW}, for it is 2023-11-14 by the venue's clock; pass an age"
    ):
        history.fills(NOW + 1)
    with (
        connect("paper", market="frozen") as ex,
        pytest.raises(
            UsageError, match="it is 2026-01-01 by the venue's clock, and in a frozen market stands there"
        ),
    ):
        ex.history.fills(datetime(2026, 11, 28, tzinfo=timezone.utc))


def test_candles_of_many_windows_come_once_each():
    """More than a thousand candles are read window by window, without gap or repeat."""
    history, _ = fake([])
    candles = history.klines("ETH", "1h", days=90).all()
    starts = [candle.start_timestamp or 0 for candle in candles]
    assert len(starts) == 90 * 24
    assert {after - before for before, after in itertools.pairwise(starts)} == {3_600_000}


@pytest.mark.parametrize("options", [{}, {"days": 1, "since": "1d"}])
def test_candles_need_one_span(options: dict[str, Any]):
    """Either days or since."""
    history, _ = fake([])
    with pytest.raises(UsageError, match="either"):
        history.klines("ETH", "1h", **options)


def test_candles_take_their_age_where_fills_do():
    """As the third argument, as a keyword, or in days."""
    history, _ = fake([])
    spans = [
        history.klines("ETH", "1h", "2d"),
        history.klines("ETH", "1h", since="2d"),
        history.klines("ETH", "1h", days=2),
    ]
    assert {(span.start, span.end) for span in spans} == {(NOW - 2 * DAY, NOW)}


def test_candles_without_an_account_are_refused_with_the_way_to_some():
    """The message names what reads candles without one."""
    history, _ = fake([])
    history._rest.credentials = None
    with pytest.raises(UsageError, match=r"accounts only.*rest\.query\.candles"):
        history.klines("ETH", "1h", "2d")


@pytest.mark.parametrize("since", ["1 day", "1M", "30", "yesterday", "d"])
def test_what_is_neither_moment_nor_age_is_told_of_both(since: str):
    """Whoever means an age learns how to write one."""
    history, _ = fake([])
    with pytest.raises(
        UsageError, match=r"ISO 8601 text such as .* nor an age: those are '45m', '12h', '30d'"
    ):
        history.fills(since)


def test_an_unread_past_says_so():
    """It has no number of rows before it was read."""
    history, _ = fake([NOW - 5, NOW - 3])
    past = history.fills("1h")
    assert repr(past) == f"HistoryRange({NOW - 3_600_000} to {NOW}, not read yet)"
    assert len(past.load()) == 2
    assert repr(past) == f"HistoryRange({NOW - 3_600_000} to {NOW}, read until {NOW}, 2 rows)"


@pytest.mark.parametrize("interval", ["1M", "7m", ""])
def test_candles_need_a_known_interval(interval: str):
    """Others are refused with the list of the known ones; a capital M is no minute."""
    history, _ = fake([])
    with pytest.raises(UsageError):
        history.klines("ETH", interval, days=1)


WEEK = 7 * DAY


@st.composite
def calendars(draw: st.DrawFn) -> tuple[str, list[int]]:
    """An interval, and when its candles begin at a venue: weeks on any day, months and years as the calendar has them."""
    kind = draw(st.sampled_from(["1w", "1mon", "1y", "1d", "4h"]))
    if kind in {"1mon", "1y"}:
        years = range(1971, 2024)
        months = range(1, 13) if kind == "1mon" else (1,)
        moments = [datetime(year, month, 1, tzinfo=timezone.utc) for year in years for month in months]
        starts = [int(moment.timestamp()) * 1000 for moment in moments]
    else:
        length = {"1w": WEEK, "1d": DAY, "4h": DAY // 6}[kind]
        shift = draw(st.integers(0, length // 1000 - 1)) * 1000
        starts = list(range(NOW // length * length + shift - 2600 * length, NOW, length))
    return kind, starts


def charting(starts: list[int], *, includes: tuple[bool, bool]) -> History:
    """A history over a venue whose candles begin then, and whose windows include their ends or do not."""

    def klines(*, symbol: str, resolution: Any, start: int, end: int, limit: int) -> KlineHistory:
        first, last = start // 1000 * 1000 + (not includes[0]), end // 1000 * 1000 - (not includes[1])
        found = [at for at in starts if first <= at <= last][-limit:]
        columns = {name: tuple(1 for _ in found) for name in ("opens", "highs", "lows", "closes", "volumes")}
        return made(KlineHistory, times=tuple(at // 1000 for at in found), **columns)

    market = SimpleNamespace(kline_history=klines)
    clock = CorrectedClock(ManualClock(NOW))
    rest: Any = SimpleNamespace(clock=clock, credentials=ME, market=market, system=told(NOW))
    return History(rest)


@given(calendars(), st.tuples(st.booleans(), st.booleans()), st.data())
def test_every_candle_of_a_span_comes_once(
    calendar: tuple[str, list[int]], includes: tuple[bool, bool], data: st.DataObject
):
    """Whatever weekday weeks begin on, whatever months last, whether or not a window's ends count."""
    kind, starts = calendar
    moments = st.integers(max(2 * 10**11, starts[0] - WEEK), NOW)
    since, until = sorted((data.draw(moments), data.draw(moments)))

    candles = charting(starts, includes=includes).klines("ETH", kind, since=since, until=until).all()

    assert [candle.start_timestamp for candle in candles] == [at for at in starts if since <= at <= until]


@pytest.mark.parametrize("ahead", [-40 * DAY, -3_600_000, 0, 5 * DAY])
def test_now_is_the_venues(ahead: int):
    """A span that is told in ages ends when the venue's clock says, not this machine's."""
    history, _ = fake([], now=NOW + ahead)
    past = history.fills("2h")
    assert (past.start, past.end) == (NOW + ahead - 7_200_000, NOW + ahead)
    assert history.klines("ETH", "1h", days=np.float32(0.5)).start == NOW + ahead - DAY // 2
    assert history.orders("3d", until="1d").end == NOW + ahead - DAY


def dated(ms: int) -> str:
    return formatdate(ms / 1000, usegmt=True)


def test_the_venue_is_asked_for_its_time_once_and_then_it_is_reckoned():
    """Fifty spans over two hours are one request of what the venue allows once a second."""
    machine = ManualClock(NOW - 301_000)
    asked: list[str] = []

    def venue(request: HttpRequest) -> HttpResponse:
        asked.append(request.target.partition("?")[0])
        now = machine.time_ms() + 301_000
        told = ok({"status": 0, "rows": [], "meta": {"total": 0}}, timestamp=now)
        return HttpResponse(told.status, {**told.headers, "date": dated(now)}, told.body)

    with Rest("testnet", ME, clock=machine, transport=MockTransport(venue)) as rest:
        history = History(rest)
        for _ in range(50):
            past = history.fills("1h")
            assert 0 <= machine.time_ms() + 301_000 - past.end <= 2_400 * DRIFT * 1000
            past.all()
            machine.advance(144)

    assert asked.count("/v1/public/system_info") == 1
    assert len(asked) == 51


def test_now_is_no_earlier_than_what_the_stream_has_told():
    """Whoever has heard of a fill finds it in a span that ends now, though the last answer took long to come."""
    machine = ManualClock(NOW)
    clock = CorrectedClock(machine)
    machine.advance(2)
    clock.answered(NOW, dated(NOW), 0.0)
    rest: Any = SimpleNamespace(clock=clock, system=told(None))

    assert History(rest).now() == NOW
    assert History(rest, lambda: NOW + 1_990).now() == NOW + 1_990
    assert History(rest, lambda: NOW - 5).now() == NOW


def test_a_clock_that_can_be_read_as_it_stands_is_read():
    """A paper venue's, whose time may stand still or leap."""
    rest: Any = SimpleNamespace(clock=CorrectedClock(ManualClock(NOW)), system=told(None))

    assert History(rest, lambda: NOW, lambda: 7 * DAY).now() == 7 * DAY


def test_a_span_of_moments_asks_nobody_for_the_time():
    """Nothing of it depends on now."""
    history, _ = fake([], now=None)
    assert history.fills(NOW - DAY, until="2023-11-14T22:13:20Z").end == NOW


@pytest.mark.parametrize("days", [float("nan"), "abc", -1, True, None])
def test_days_are_a_number(days: Any):
    """Refused by name."""
    history, _ = fake([])
    with pytest.raises(UsageError):
        history.klines("ETH", "1h", days=days)
