"""tests/unit mirrors the package: whoever knows a module knows where its tests are, and the other way round."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parent.parent
UNIT, PACKAGE = ROOT / "tests" / "unit", ROOT / "orderly_sync"

BY_SUBJECT = {
    "dialling": "dialling",
    "live": "edits profit",
    "models": (
        "answers_of_markets answers_of_rest documented documented_enums flags newer_fields remaining values"
    ),
    "models/pushes": "event_ids reports_and_states",
    "reports": "essay model",
    "rest": "keep_alive orders signed_anew values",
    "rest/groups": "answers hosts program_answers program_requests requests",
    "stream": "stream_faults",
    "trading": "bracket_handle",
    "venue/engine": (
        "algo_cancels algo_refusals brackets insurance_fund isolated_orders liquidation_price order_triggers"
    ),
    "venue/programs": "world_rates world_rest world_vaults",
    "venue/server": "any_request command_line keys market server_parts tape",
    "wire": "floats json_depth shapes_rows topics_read two_spellings",
    ".": "signatures",
}
"""Tests of what several modules of a folder do together, or of one side of a large one, by folder."""


def test_each_folder_is_one_of_the_package() -> None:
    """No folder of tests stands for something that is gone."""
    folders = [file.parent.relative_to(UNIT) for file in UNIT.rglob("test_*.py")]

    assert [str(folder) for folder in set(folders) if not (PACKAGE / folder).is_dir()] == []


def test_each_module_is_one_of_the_package_or_listed() -> None:
    """A file test_<module>.py stands where the module does; the list of the others holds none too many."""
    others: dict[str, set[str]] = {}
    for file in UNIT.rglob("test_*.py"):
        folder = file.parent.relative_to(UNIT)
        name = file.stem.removeprefix("test_")
        if not (PACKAGE / folder / f"{name}.py").is_file() and not (PACKAGE / folder / name).is_dir():
            others.setdefault(folder.as_posix(), set()).add(name)

    assert others == {folder: set(names.split()) for folder, names in BY_SUBJECT.items()}
