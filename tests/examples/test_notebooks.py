"""The notebooks of examples/notebooks as they are stored; ``make notebooks`` runs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "examples" / "notebooks"
NOTEBOOKS = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.ipynb"))
}


def test_there_is_one_of_each_kind() -> None:
    """First steps, algo orders, market making, history and charts, recovery, replay."""
    assert {
        "first_steps",
        "algo_orders",
        "market_making",
        "history_and_charts",
        "recovery_live",
        "replay",
    } <= NOTEBOOKS.keys()


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_stored_without_outputs(name: str) -> None:
    """No outputs, no counts, nothing of the machine that ran it; each cell has an id of its own."""
    book = NOTEBOOKS[name]
    code = [cell for cell in book["cells"] if cell["cell_type"] == "code"]

    assert [
        cell for cell in code if cell["outputs"] or cell["execution_count"] is not None or cell["metadata"]
    ] == []
    assert len({cell["id"] for cell in book["cells"]}) == len(book["cells"])
    assert book["metadata"]["kernelspec"]["name"] == "python3"
    assert set(book["metadata"]["language_info"]) == {"name"}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_says_what_it_shows_and_ends_what_it_began(name: str) -> None:
    """A title first; a check of its own; the last cell stops or removes; short."""
    cells: list[dict[str, Any]] = NOTEBOOKS[name]["cells"]
    sources = ["".join(cell["source"]) for cell in cells]

    assert sources[0].startswith("# ")
    assert any("assert " in source for source in sources)
    assert sources[-1].rstrip().endswith((".stop()", ".cleanup()"))
    assert sum(source.count("\n") + 1 for source in sources) < 90
