"""Who leads: each answer of Redis in each state."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.relay.leadership import RENEWALS, TRANSITIONS, Leadership, LeadershipState


def test_a_lease_is_renewed_in_time() -> None:
    """Three times within it."""
    one = Leadership(6.0)
    assert one.due == 0.0
    one.acquired(4, 10.0)
    assert (one.leads, one.token, one.terms, one.due) == (True, 4, 1, 10.0 + 6.0 / RENEWALS)
    one.renewed(12.0)
    assert one.due == 14.0


def test_a_leader_that_hears_nothing_steps_down_when_its_lease_is_over() -> None:
    """Not before: Redis may have been slow."""
    one = Leadership(6.0)
    one.acquired(1, 0.0)
    one.unanswered(5.9)
    assert one.leads
    one.unanswered(6.0)
    assert (one.leads, one.token) == (False, None)


@pytest.mark.parametrize("end", ["refused", "fenced"])
def test_whoever_is_refused_leads_no_longer(end: str) -> None:
    """And writes with no token."""
    one = Leadership(6.0)
    one.acquired(1, 0.0)
    getattr(one, end)(1.0)
    assert (one.state, one.token) == (LeadershipState.STANDBY, None)
    one.acquired(2, 2.0)
    assert (one.token, one.terms) == (2, 2)


def test_what_cannot_happen_raises_and_changes_nothing() -> None:
    """A standby renews nothing."""
    one = Leadership(6.0)
    with pytest.raises(ValueError, match="'renewed' cannot happen to a relay that is standby"):
        one.renewed(1.0)
    assert one.state is LeadershipState.STANDBY
    assert set(TRANSITIONS) == set(LeadershipState)


@given(st.lists(st.sampled_from(["acquired", "renewed", "refused", "fenced", "unanswered"]), max_size=30))
def test_it_has_a_token_exactly_while_it_leads(events: list[str]) -> None:
    """Whatever comes."""
    one, token = Leadership(3.0), 0
    for at, event in enumerate(events):
        if event == "acquired" and not one.leads:
            token += 1
            one.acquired(token, float(at))
        elif event == "renewed" and one.leads:
            one.renewed(float(at))
        elif event in {"refused", "fenced", "unanswered"}:
            getattr(one, event)(float(at))
        assert (one.token is not None) == one.leads
        assert one.token in {None, token}
