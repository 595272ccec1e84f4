"""Fewer candles lose no extreme, and those that cannot be drawn are left out."""

from __future__ import annotations

import random

import attrs
import pytest

from orderly_sync.models.kline import Kline
from orderly_sync.notebook.thinning import Candles, candles_of, thinned


def made(count: int) -> Candles:
    values = random.Random(count).choices(range(1, 1000), k=count)
    numbers = [float(value) for value in values]
    return Candles(
        list(range(count)),
        numbers,
        [n + 1 for n in numbers],
        [n - 1 for n in numbers],
        numbers,
        [1.0] * count,
    )


@pytest.mark.parametrize("count", [0, 1, 7, 2000])
def test_what_fits_is_left_as_it_is(count: int) -> None:
    """The very candles."""
    candles = made(count)
    assert thinned(candles) == (candles, 1)


@pytest.mark.parametrize("count", [2001, 4000, 9_999, 1_000_000])
def test_joined_candles_lose_no_extreme_and_no_volume(count: int) -> None:
    """A million too; it opens with the first, closes with the last."""
    candles = made(count)
    fewer, each = thinned(candles)

    assert len(fewer.times) <= 2000
    assert {len(column) for column in fewer} == {len(fewer.times)}
    assert len(fewer.times) == -(-count // each)
    assert max(fewer.highs) == max(candles.highs)
    assert min(fewer.lows) == min(candles.lows)
    assert sum(fewer.volumes) == count
    assert (fewer.opens[0], fewer.closes[-1]) == (candles.opens[0], candles.closes[-1])
    assert fewer.highs[-1] == max(candles.highs[(len(fewer.times) - 1) * each :])


def test_candles_are_sorted_and_those_without_a_price_or_time_left_out() -> None:
    """A gap in what the venue sends is a gap in the picture."""
    whole = Kline(start_timestamp=2000, open=1, high=2, low=1, close=2)
    rows = [whole, attrs.evolve(whole, start_timestamp=1000), attrs.evolve(whole, low=None), Kline(open=1)]

    assert candles_of(rows) == Candles([1000, 2000], [1, 1], [2, 2], [1, 1], [2, 2], [0, 0])
