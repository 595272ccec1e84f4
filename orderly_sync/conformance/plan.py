"""All checks, in the order in which they are run: what one learns, another asks with."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from orderly_sync.conformance.account_checks import ACCOUNT_CHECKS, RATE_LIMIT_CHECK
from orderly_sync.conformance.algo_checks import ALGO_CHECKS
from orderly_sync.conformance.check import CheckGroup, ConformanceCheck
from orderly_sync.conformance.fill_checks import BACK_CHECKS, FILL_CHECKS
from orderly_sync.conformance.fired_checks import FIRED_CHECKS
from orderly_sync.conformance.market_checks import MARKET_CHECKS
from orderly_sync.conformance.money_checks import ISOLATED_CHECKS, MONEY_CHECKS, SEQUENCE_CHECKS
from orderly_sync.conformance.operations import operation_checks
from orderly_sync.conformance.order_checks import ORDER_CHECKS
from orderly_sync.conformance.rule_checks import RULE_CHECKS
from orderly_sync.conformance.topics import topic_checks

__all__ = ["CHECKS", "LAST", "chosen"]

_FIRST = ("market is open",)
_AFTER = tuple(one for one in MARKET_CHECKS if one.name not in _FIRST)

LAST: tuple[ConformanceCheck, ...] = (
    *topic_checks(CheckGroup.PUBLIC),
    *topic_checks(CheckGroup.PRIVATE),
    *_AFTER,
    RATE_LIMIT_CHECK,
)
"""Checks that look at what was pushed meanwhile: run when there was time enough for it."""

CHECKS: tuple[ConformanceCheck, ...] = (
    *(one for one in MARKET_CHECKS if one.name in _FIRST),
    *ORDER_CHECKS,  # first, so that lists have rows to show
    *RULE_CHECKS,
    *FILL_CHECKS,
    *MONEY_CHECKS,
    *ALGO_CHECKS,
    *BACK_CHECKS,
    *FIRED_CHECKS,
    *ISOLATED_CHECKS,
    *SEQUENCE_CHECKS,
    *operation_checks(CheckGroup.PUBLIC),
    *operation_checks(CheckGroup.PRIVATE),
    *ACCOUNT_CHECKS,
    *LAST,
)
"""All of them."""


def chosen(groups: Sequence[CheckGroup], only: Sequence[str] = ()) -> tuple[ConformanceCheck, ...]:
    """The checks of some groups, of those the ones whose name fits; all of the groups if no name is given."""
    return tuple(
        one
        for one in CHECKS
        if one.group in groups and (not only or any(fnmatchcase(one.name, name) for name in only))
    )
