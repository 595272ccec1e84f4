"""Candles as columns of floats, and fewer of them where a picture cannot show all. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from orderly_sync.models.kline import Kline

__all__ = ["MOST_CANDLES", "Candles", "candles_of", "thinned"]

MOST_CANDLES = 2000
"""More stand closer than the dots of a screen."""


class Candles(NamedTuple):
    """Candles by column, oldest first: when each began (ms), its prices (USDC) and what was traded (base units)."""

    times: list[int]
    opens: list[float]
    highs: list[float]
    lows: list[float]
    closes: list[float]
    volumes: list[float]


def candles_of(rows: Iterable[Kline]) -> Candles:
    """Those that have a time and all four prices."""
    made = Candles([], [], [], [], [], [])
    given = (row for row in rows if row.start_timestamp)
    for row in sorted(given, key=lambda row: row.start_timestamp or 0):
        if row.open is None or row.high is None or row.low is None or row.close is None:
            continue
        made.times.append(row.start_timestamp or 0)
        made.opens.append(float(row.open))
        made.highs.append(float(row.high))
        made.lows.append(float(row.low))
        made.closes.append(float(row.close))
        made.volumes.append(float(row.volume or 0))
    return made


def thinned(candles: Candles, most: int = MOST_CANDLES) -> tuple[Candles, int]:
    """At most ``most`` candles, each of so many neighbours, and how many those are: 1 where nothing was joined.

    A joined candle opens with its first, closes with its last, reaches as far as any of them, and has traded all they
    traded: no extreme is lost.
    """
    count = len(candles.times)
    each = max(1, -(-count // most))
    if each == 1:
        return candles, 1
    starts = range(0, count, each)
    joined = Candles(
        candles.times[::each],
        candles.opens[::each],
        [max(candles.highs[at : at + each]) for at in starts],
        [min(candles.lows[at : at + each]) for at in starts],
        [candles.closes[min(at + each, count) - 1] for at in starts],
        [sum(candles.volumes[at : at + each]) for at in starts],
    )
    return joined, each
