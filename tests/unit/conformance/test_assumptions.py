"""Every mark of an assumption in the source has a check, or a stated reason why no run can tell."""

from __future__ import annotations

import re
from pathlib import Path

from orderly_sync.conformance.assumptions import MARKED, MEASURED, NO_CHECK
from orderly_sync.conformance.plan import CHECKS

PACKAGE = Path(__file__).parents[3] / "orderly_sync"
NAMES = {check.name for check in CHECKS}


def marks() -> dict[str, list[str]]:
    """By file, the lines that say that something is assumed."""
    found: dict[str, list[str]] = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        path = file.relative_to(PACKAGE).as_posix()
        if not path.startswith("conformance/"):
            lines = [line for line in file.read_text(encoding="utf-8").splitlines() if "assumed" in line]
            if lines:
                found[path] = lines
    return found


def test_every_mark_stands_in_the_table_and_every_row_has_its_mark() -> None:
    """A new assumption needs a check before it can be made."""
    there = marks()
    missing = [
        f"{path}: {line.strip()}"
        for path, lines in there.items()
        for line in lines
        if not any(words in line for words, _ in MARKED.get(path, ()))
    ]
    gone = [
        f"{path}: {words}"
        for path, rows in MARKED.items()
        for words, _ in rows
        if not any(words in line for line in there.get(path, ()))
    ]
    assert (missing, gone) == ([], [])
    assert sum(len(lines) for lines in there.values()) > 50


def test_each_row_names_a_check_or_a_reason() -> None:
    """Both are used: no reason stands there for nothing."""
    told = {told for rows in MARKED.values() for _, told in rows}
    assert told - NAMES == set(NO_CHECK)


def test_what_is_marked_in_brackets_is_told_by_checks() -> None:
    """Those that the client itself rests on, save where the paper venue alone does."""
    bracketed = {
        path
        for path, lines in marks().items()
        if path.startswith("live/") and any("[assumed" in line for line in lines)
    }
    told = {path for path in bracketed for _, one in MARKED[path] if one in NAMES}
    assert told == bracketed


def test_what_only_the_real_venue_can_tell_has_a_check_each() -> None:
    """Or says in a sentence why not."""
    assert [one for names in MEASURED.values() for one in names if one not in NAMES and ":" not in one] == []


def test_each_check_says_where_its_assumption_rests() -> None:
    """In a file of this package; no two checks have one name."""
    paths = {re.split(r"[ (]", check.rests)[0] for check in CHECKS}
    assert [path for path in sorted(paths) if not (PACKAGE / path).is_file()] == []
    assert len(NAMES) == len(CHECKS)
