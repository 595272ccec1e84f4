"""The defects that ``make selftest-faults`` sows still find what they replace, and the tests that must notice exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.selftest.defects import DEFECTS, Defect

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda one: one.name)
def test_a_defect_can_be_sown(defect: Defect):
    """Its text stands once in its file, the replacement is another and still Python, its tests are there."""
    source = (ROOT / "orderly_sync" / defect.file).read_text(encoding="utf-8")
    assert source.count(defect.old) == 1
    assert defect.new != defect.old
    compile(source.replace(defect.old, defect.new), defect.file, "exec")
    assert all((ROOT / test).exists() for test in defect.tests.split())


def test_there_are_many_and_each_has_a_name_of_its_own():
    assert len(DEFECTS) >= 20
    assert len({one.name for one in DEFECTS}) == len(DEFECTS)
