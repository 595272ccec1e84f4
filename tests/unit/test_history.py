"""The account's past, whole: every row once, whatever the venue's limits."""

from __future__ import annotations

import itertools
from datetime import datetime, timezone
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync import UsageError
from orderly_sync.clock import ManualClock
from orderly_sync.history import History, Progress
from orderly_sync.models.base import Page, PageMeta, Rows, made
from orderly_sync.models.fill import Fill
from orderly_sync.models.market import KlineHistory

NOW = 1_700_000_000_000
DAY = 86_400_000


def fake(times: list[int], limit: int = 500) -> tuple[History, list[tuple[int, int]]]:
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
        clock=ManualClock(NOW),
        orders=SimpleNamespace(fills=read),
        market=SimpleNamespace(kline_history=klines),
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
    told: list[Progress] = []
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


@pytest.mark.parametrize("interval", ["1mon", "7m"])
def test_candles_need_an_interval_of_fixed_length(interval: str):
    """Months differ in length, and unknown intervals are refused with the list of known ones."""
    history, _ = fake([])
    with pytest.raises(UsageError):
        history.klines("ETH", interval, days=1)
