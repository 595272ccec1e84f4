"""What can be waited for of which order, in the words of the refusal."""

from __future__ import annotations

import pytest

from orderly_sync import OrderEnded, UsageError
from orderly_sync.trading.goals import ALGO_GOALS, BRACKET_GOALS, ORDER_GOALS, refuse_goal
from tests.support.reports import node, report


@pytest.mark.parametrize("goals", [ORDER_GOALS, ALGO_GOALS, BRACKET_GOALS])
def test_what_an_order_can_come_to_is_not_refused(goals: tuple[str, ...]):
    for goal in goals:
        refuse_goal(goal, goals)


@pytest.mark.parametrize(
    ("goal", "goals", "said"),
    [
        ("triggered", ORDER_GOALS, "only algo orders trigger: wait for 'filled' or 'done'"),
        ("entered", ORDER_GOALS, "only a Bracket has an entry: wait for 'filled' or 'done'"),
        ("entered", ALGO_GOALS, "only a Bracket has an entry: wait for 'triggered', 'filled' or 'done'"),
        ("entry", BRACKET_GOALS, r"wait\('entry'\): wait for 'triggered', 'entered', 'filled' or 'done'"),
        ("", ORDER_GOALS, r"wait\(''\): wait for 'filled' or 'done'"),
    ],
)
def test_what_it_cannot_come_to_is_refused_with_what_it_can(goal: str, goals: tuple[str, ...], said: str):
    with pytest.raises(UsageError, match=f"^{said}$"):
        refuse_goal(goal, goals)


def test_how_it_ended_is_the_nodes_status_of_an_algo_order():
    assert str(OrderEnded("filled", report("CANCELLED"))) == "the order ended CANCELLED before it was filled"
    assert str(OrderEnded("triggered", node(10, "REJECTED", reason="no margin"))) == (
        "the order ended REJECTED before it was triggered: no margin"
    )
