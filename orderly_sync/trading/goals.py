"""What one can wait for of a placed order, and what is raised when it ends otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from orderly_sync.errors import OrderlyError, UsageError

__all__ = ["ALGO_GOALS", "BRACKET_GOALS", "ORDER_GOALS", "Goal", "OrderEnded", "refuse_goal"]

Goal = Literal["triggered", "entered", "filled", "done"]

ORDER_GOALS = ("filled", "done")
ALGO_GOALS = ("triggered", *ORDER_GOALS)
BRACKET_GOALS = ("triggered", "entered", *ORDER_GOALS)

_ONLY = {"triggered": "only algo orders trigger", "entered": "only a Bracket has an entry"}


class OrderEnded(OrderlyError):
    """The order ended without what was waited for; ``report`` is its last one."""

    def __init__(self, goal: str, report: Any) -> None:
        super().__init__(goal, report)
        self.goal = goal
        self.report = report

    def __str__(self) -> str:
        status = getattr(self.report, "algo_status", None) or getattr(self.report, "status", None)
        reason = getattr(self.report, "reason", None)
        return f"the order ended {status} before it was {self.goal}{f': {reason}' if reason else ''}"


def refuse_goal(goal: str, known: Sequence[str]) -> None:
    """Refuse what an order can not come to.

    Raises:
        UsageError: It is none of these; the message has them.
    """
    if goal not in known:
        why = _ONLY.get(goal, f"wait({goal!r})")
        words = [repr(one) for one in known]
        raise UsageError(f"{why}: wait for {', '.join(words[:-1])} or {words[-1]}")
