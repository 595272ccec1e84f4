"""The table of faults tells the truth: each has tests, and each test that is named exists."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.faults.table import FOLDER, faults

ROOT = FOLDER.parent.parent
FAULTS = 54


def _tests_of(file: Path) -> set[str]:
    tree = ast.parse(file.read_text())
    return {
        one.name
        for one in ast.walk(tree)
        if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")
    }


def test_every_fault_has_tests() -> None:
    """All fifty-four of them."""
    table = faults()
    assert len(table) == FAULTS
    assert [fault for fault, tests in table.items() if not tests] == []


def test_every_test_that_is_named_exists() -> None:
    """As a function of that file, or as a file that has tests."""
    missing = []
    for name in {test for tests in faults().values() for test in tests}:
        file, _, function = name.partition("::")
        known = _tests_of(ROOT / file) if (ROOT / file).is_file() else set()
        if not known or (function and function not in known):
            missing.append(name)
    assert missing == []


def test_every_test_of_this_folder_is_there_for_a_fault() -> None:
    """Or for the harness itself."""
    named = {test.partition("::")[0] for tests in faults().values() for test in tests}
    here = {f"tests/faults/{file.name}" for file in FOLDER.glob("test_*.py")}
    assert here - named == {
        f"tests/faults/{name}.py" for name in ("test_oracles", "test_table", "test_deadlines")
    }
