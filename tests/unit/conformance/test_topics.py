"""Cadences of topics, by the frames' own times."""

from __future__ import annotations

import pytest

from orderly_sync.conformance.capture import CapturedFrame
from orderly_sync.conformance.topics import cadence_of


def frames(*times: int) -> list[CapturedFrame]:
    return [
        CapturedFrame(connection="public", at=0.0, value={"topic": "tickers", "ts": str(ts)}, size=9)
        for ts in times
    ]


@pytest.mark.parametrize(
    ("times", "every", "cadence"),
    [
        ((), 1, None),
        ((5, 1005, 2005), 1, None),  # too few
        ((5, 15_005, 30_005, 45_007), 15, 15_001),
        (tuple(range(0, 9000, 1000)), 1, 1000),
        ((5, *range(700, 9700, 1000)), 1, 1000),  # the first came when the subscription began
        ((5,), 60, None),
        ((5, 48_005), 60, 48_000),
        ((5, 48_000, 110_000), 60, 62_000),
    ],
)
def test_the_median_of_what_lies_between(times: tuple[int, ...], every: float, cadence: float | None) -> None:
    """Of slow topics the last gap: even the first is a bound."""
    found = cadence_of(frames(*times), every)
    assert (None if found is None else found.middle) == cadence


def test_a_stall_is_no_cadence() -> None:
    """What was held up comes in a bunch: the gaps before and after it say how often the venue pushes."""
    found = cadence_of(frames(0, 1000, 6000, 6002, 6003, 6005, 7000, 8000, 9001, 10_000), 1)
    assert found is not None
    assert found.low < 1600
    assert found.high > 500
