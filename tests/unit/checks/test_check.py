"""Running checks: what one raises, and what stands on one that failed."""

from __future__ import annotations

import types
from typing import Any

from orderly_sync.checks.check import Check, CheckSubject, Finding, fine, run_checks, warned
from orderly_sync.checks.checks import CHECKS
from orderly_sync.config import MAINNET
from orderly_sync.errors import ConnectFailed

REST: Any = types.SimpleNamespace()
SUBJECT = CheckSubject(network=MAINNET, rest=REST)


def raising(_: CheckSubject) -> Finding:
    raise ConnectFailed("GET /v1/x", "nobody there")


def test_what_a_check_raises_is_its_finding_and_the_rest_goes_on() -> None:
    """What stands on it, and on that, is skipped and says why; a warning holds nothing up."""
    checks = (
        Check("a", lambda _: warned("so so", "do")),
        Check("b", raising, ("a",)),
        Check("c", lambda _: fine("well"), ("b",)),
        Check("d", lambda _: fine("well"), ("c",)),
        Check("e", lambda _: fine("well")),
    )
    found = list(run_checks(checks, SUBJECT))
    assert [(one.name, str(one.state)) for one in found] == [
        ("a", "warning"),
        ("b", "failed"),
        ("c", "skipped"),
        ("d", "skipped"),
        ("e", "ok"),
    ]
    assert "nobody there" in found[1].says
    assert "since b failed" in found[2].says


def test_each_check_stands_on_earlier_ones() -> None:
    """By names that exist, each of which is one check's."""
    names = [check.name for check in CHECKS]
    assert len(set(names)) == len(names)
    for number, check in enumerate(CHECKS):
        assert set(check.needs) <= set(names[:number])
