"""A bot with a journal is killed, again and again: what it is told in all its lives is what the venue's ledger holds.

The long version is ``python -m tests.soak.kills``.
"""

from __future__ import annotations

from pathlib import Path

from tests.soak.kills import run


def test_no_report_is_lost_or_repeated_in_silence_over_kills(tmp_path: Path) -> None:
    """At random moments, the start included, while another client of the account trades on."""
    outcome = run(6, 7, tmp_path)

    assert (outcome.lost, outcome.unflagged, outcome.strange) == ([], [], [])
    assert outcome.is_right
    assert outcome.reports > 100
    assert outcome.recovered > 0
