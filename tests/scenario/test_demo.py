"""The demo shows what it promises, and its exit status tells whether every report was accounted for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from click.testing import CliRunner

from orderly_sync.cli import demo as module

TYPES = ("STOP", "TP_SL", "POSITIONAL_TP_SL", "BRACKET", "TRAILING_STOP")


def test_the_demo_accounts_for_every_report() -> None:
    """Each algo type from NEW to its end, a table, as many reports seen as the venue's ledger holds, status 0."""
    result = CliRunner().invoke(module.demo, [])

    assert result.exit_code == 0
    for kind in TYPES:
        reports = re.findall(rf"^ +\d+/\d+ {kind} .*", result.output, re.MULTILINE)
        assert any(" NEW " in report for report in reports)
        assert any(" FILLED " in report or " CANCELLED " in report for report in reports)
    counted = re.search(r"ledger (\d+), reports seen by the hook (\d+): equal", result.output)
    assert counted is not None
    assert int(counted[1]) == int(counted[2]) >= len(TYPES)


def test_the_demo_fails_if_one_report_is_not_accounted_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """One report more at the hook than in the ledger, and the status is 1."""
    emitted = module._emitted

    def one_less(ledger: list[dict[str, Any]]) -> Iterator[str]:
        return islice(emitted(ledger), 1, None)

    monkeypatch.setattr(module, "_emitted", one_less)
    result = CliRunner().invoke(module.demo, [])

    assert result.exit_code == 1
    assert "NOT EQUAL (0 lost, 1 unexpected)" in result.output
