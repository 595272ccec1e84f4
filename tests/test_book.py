"""The book of docs/: its pictures are current, its reference leaves no module out, and every page stands in it."""

from __future__ import annotations

import importlib.util
import re

import pytest

from orderly_sync.stream.transitions import TRANSITIONS, State
from tests.support.blocks import ROOT

DOCS, PACKAGE = ROOT / "docs", ROOT / "orderly_sync"
REFERENCE = {path.stem: path.read_text(encoding="utf-8") for path in (DOCS / "reference").glob("*.md")}
TOLD = [
    name
    for text in REFERENCE.values()
    for name in re.findall(r"^\.\. automodule:: (\S+)$", text, re.MULTILINE)
]


def test_the_picture_of_the_states_is_what_the_table_gives() -> None:
    """Run ``python docs/diagram.py`` after a change of the table."""
    spec = importlib.util.spec_from_file_location("diagram", DOCS / "diagram.py")
    assert spec is not None
    assert spec.loader is not None
    diagram = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(diagram)

    drawn = diagram.PICTURE.read_text(encoding="utf-8")
    assert drawn == diagram.picture()
    assert {state.name for state in State} <= set(re.findall(r">(\w+)</text>", drawn))
    events = {event for events in TRANSITIONS.values() for event in events} - {"close"}
    assert events <= set(re.findall(r'class="e"[^>]*>([^<]+)<', drawn))


@pytest.mark.parametrize("folder", ["models", "models/pushes", "rest/groups", "wallet"])
def test_every_module_of_a_folder_stands_in_the_reference(folder: str) -> None:
    """A new one is added to its page by hand."""
    here = {
        f"orderly_sync.{folder.replace('/', '.')}.{file.stem}" for file in (PACKAGE / folder).glob("*.py")
    }

    assert {name for name in here if not name.endswith(".__init__")} - set(TOLD) == set()


def test_each_module_stands_there_once_and_exists() -> None:
    """What is gone is told by nobody."""
    paths = [name.replace(".", "/") for name in TOLD]
    gone = [
        one for one in paths if not ((ROOT / f"{one}.py").is_file() or (ROOT / one / "__init__.py").is_file())
    ]

    assert gone == []
    assert len(TOLD) == len(set(TOLD)) >= 100


def test_every_page_stands_in_the_contents() -> None:
    """A page that nobody finds is no page."""
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    trees = re.findall(r"```\{toctree\}\n(.*?)```", index, re.DOTALL)
    listed = {line for tree in trees for line in tree.splitlines() if line and not line.startswith(":")}
    pages = {path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md")}
    notebooks = {f"notebooks/{path.stem}" for path in (ROOT / "examples" / "notebooks").glob("*.ipynb")}

    assert listed == (pages | notebooks) - {"index"}


def test_the_table_of_promises_is_the_readme_s() -> None:
    """It is included, not copied: the marks between which it stands are there, once each."""
    page = (DOCS / "promises.md").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    start, end = re.findall(r'^:(?:start-after|end-before): "(.+)"$', page, re.MULTILINE)

    assert (readme.count(start), readme.count(end)) == (1, 1)
    assert "| promised | not promised | shown by |" in readme[readme.index(start) : readme.index(end)]
    assert "| promised |" not in page
