"""Recovery as it is, run by a model of a venue whose REST lags: nothing lost, nothing repeated, nothing out of order."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.recovery_model import Run, Weather

KINDS = {
    "a gap, REST that lags": Weather(),
    "gaps close together": Weather(gaps=4),
    "drops without a gap": Weather(gaps=0, dropped=0.05),
    "everything at once": Weather(gaps=2, dropped=0.03, doubled=0.1, swapped=0.1),
    "no lag": Weather(lag=0.0),
    "a busy account": Weather(orders=40, gaps=1),
}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_lost_repeated_or_out_of_order_unsaid(kind: str):
    """Hundreds of runs of each kind."""
    runs = 40 if "busy" in kind else 250
    wrong = {seed: found for seed in range(runs) if (found := Run(seed, KINDS[kind]).go().judge())}
    assert not wrong, dict(list(wrong.items())[:5])


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 1 << 30),
    weather=st.builds(
        Weather,
        lag=st.sampled_from([0.0, 0.5, 3.0]),
        gaps=st.integers(0, 3),
        dropped=st.sampled_from([0.0, 0.02, 0.2]),
        doubled=st.sampled_from([0.0, 0.3]),
        swapped=st.sampled_from([0.0, 0.3]),
        orders=st.integers(1, 8),
    ),
)
def test_in_any_weather(seed: int, weather: Weather):
    """Whatever comes together."""
    assert not Run(seed, weather).go().judge()


@pytest.mark.parametrize("lag", [10.0, 30.0])
def test_what_lags_longer_is_told_late_and_says_so(lag: float):
    """Longer than anything waits: nothing is lost or repeated, and what goes out of order is flagged."""
    weather = Weather(lag=lag)
    for seed in range(100):
        wrong = Run(seed, weather).go().judge()
        assert not wrong, (seed, wrong)


@pytest.mark.parametrize("later", [(), (2.0,)])
def test_the_model_sees_what_fewer_looks_lose(later: tuple[float, ...]):
    """The oracle is worth its name: looks that do not outlast the lag, and no audit, lose events."""
    wrong = Counter[str]()
    for seed in range(150):
        wrong += Run(seed, Weather(), later=later, audit=None).go().judge()
    assert wrong["lost"] > 0


def test_the_model_sees_what_no_audit_loses():
    """A last report that was dropped shows in nothing else."""
    wrong = Counter[str]()
    for seed in range(60):
        wrong += Run(seed, KINDS["drops without a gap"], audit=None).go().judge()
    assert wrong["lost"] > 0
