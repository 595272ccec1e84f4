"""What docs/ and CONTRIBUTING.md say of the code is so: files, functions and commits that they name exist."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from orderly_sync.wire.topic_list import ALL
from tests.test_architecture import LEVELS, VENUE_STANDS_ON

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "orderly_sync"
HOUSE = (ROOT / "docs" / "house.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
WALKS = {
    section.splitlines()[0]: re.findall(r"^\d+\. `([\w/]+\.py)`(.*)$", section, re.MULTILINE)
    for section in HOUSE.split("\n## ")
    if re.search(r"^\d+\. `[\w/]+\.py`", section, re.MULTILINE)
}


def names_in(path: Path) -> set[str]:
    """Every class, function and constant of a file, methods and attributes as ``Class.name``."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        found |= _names(node)
        if isinstance(node, ast.ClassDef):
            for one in ast.walk(node):
                found |= {f"{node.name}.{name}" for name in _names(one)}
    return found


def _names(node: ast.AST) -> set[str]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return {node.name}
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        return {node.attr}
    targets = (
        node.targets
        if isinstance(node, ast.Assign)
        else [node.target]
        if isinstance(node, ast.AnnAssign)
        else []
    )
    return {one.id for one in targets if isinstance(one, ast.Name)}


EVERY_NAME = {name for file in PACKAGE.rglob("*.py") for name in names_in(file)}


def test_there_are_five_walks() -> None:
    """A frame, a call, a bracket, an order inside the venue, a gap."""
    assert len(WALKS) == 5
    assert all(len(steps) >= 5 for steps in WALKS.values())


@pytest.mark.parametrize("walk", WALKS)
def test_a_walk_names_each_file_once_and_what_is_in_it(walk: str) -> None:
    """Files exist, none comes twice, and each name stands in the file of its step or is a public class elsewhere."""
    paths = [path for path, _ in WALKS[walk]]
    wrong = [path for path in paths if not (PACKAGE / path).is_file()]
    wrong += [path for path in set(paths) if paths.count(path) > 1]
    for path, rest in WALKS[walk]:
        if path in wrong:
            continue
        here = names_in(PACKAGE / path)
        given = re.findall(r"`([A-Za-z_]\w*(?:\.\w+)?)`", rest)
        wrong += [f"{path}: {name}" for name in given if name not in here and not _is_event(name)]

    assert wrong == []


def _is_event(name: str) -> bool:
    """Whether it is a session event, which a step announces without defining it."""
    return name in {"Connected", "Disconnected"}


@pytest.mark.parametrize("text", [HOUSE, CONTRIBUTING], ids=["house", "contributing"])
def test_every_path_and_name_exists(text: str) -> None:
    """Also outside the walks."""
    paths = set(re.findall(r"`([\w/.]+\.(?:py|md|toml|cfg))`", text))
    folders = set(re.findall(r"`((?:\w+/)+\w*)`", text))
    names = set(re.findall(r"`([A-Z]\w+\.\w+)`", text)) - paths - {"CHANGELOG.md", "README.md"}

    bases = (ROOT, PACKAGE)
    assert [
        path for path in sorted(paths | folders) if not any((base / path).exists() for base in bases)
    ] == []
    assert sorted(names - EVERY_NAME) == []


def test_the_table_names_every_package() -> None:
    """Each folder of the package stands in the map, and the map has no others."""
    told = set(re.findall(r"^\| `([\w/]+)` \|", HOUSE, re.MULTILINE))
    venue = {f"venue/{file.parent.name}" for file in (PACKAGE / "venue").glob("*/__init__.py")}
    parts = {file.parent.name for file in PACKAGE.glob("*/__init__.py")} - {"venue"}

    assert told == parts | venue


def test_the_import_law_is_the_one_that_is_held() -> None:
    """The levels are those of the architecture test."""
    law = HOUSE.split("## Who may import whom")[1].split("\n## ")[0]
    told = [set(line.split()) for line in re.findall(r"^\d+\. `([\w ]+)`", law, re.MULTILINE)]
    venue = re.search(r"The venue stands on `([\w ]+)`", law)

    assert told == [set(level) - {"_version", "__init__", "__main__"} for level in LEVELS]
    assert venue is not None
    assert set(venue[1].split()) == VENUE_STANDS_ON


def test_every_commit_named_is_one() -> None:
    """Hash and subject, wherever the history is at hand."""
    told = re.findall(r"`([0-9a-f]{7})` \"([^\"]+)\"", CONTRIBUTING)
    assert len(told) >= 4
    if not (ROOT / ".git").exists():
        return  # an unpacked archive has no history to compare with
    log = subprocess.run(
        ["git", "log", "--format=%h %s", "--abbrev=7"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.splitlines()
    if len(log) == 1:
        return  # a shallow clone has none either

    assert [f"{one} {subject}" for one, subject in told if f"{one} {subject}" not in log] == []


def test_every_make_command_exists() -> None:
    """Each ``make …`` of CONTRIBUTING is a command of the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = set(re.findall(r"(?:^|`)make ([a-z-]+)", CONTRIBUTING, re.MULTILINE))

    assert commands
    assert [name for name in sorted(commands) if f"\n{name}:" not in makefile] == []


SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
PROMISES = {
    promise: re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", tests)
    for promise, tests in re.findall(r"^\| ([^|]+) \| ([^|]*`tests/[^|]+) \|$", SECURITY, re.MULTILINE)
}


def test_every_promise_of_security_has_its_rows() -> None:
    """The table is read whole: each row that follows its head names a test."""
    table = SECURITY.partition("| promise | tests |\n| --- | --- |\n")[2].partition("\n\n")[0]

    assert len(PROMISES) == len(table.splitlines()) >= 20
    assert sum(map(len, PROMISES.values())) == SECURITY.count("`tests/") - 1  # one more is this file


@pytest.mark.parametrize("promise", PROMISES)
def test_what_shows_a_promise_is_there(promise: str) -> None:
    """Each test that the row names stands in its file."""
    assert PROMISES[promise]
    missing = [
        f"{file}::{name}"
        for file, name in PROMISES[promise]
        if not (ROOT / file).is_file() or name not in names_in(ROOT / file)
    ]
    assert missing == []


def test_the_page_of_streams_names_each_topic_as_python_and_the_wire_do() -> None:
    """Every row of the list, in its order, and nothing besides."""
    page = (ROOT / "docs" / "reference" / "streams.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(topics\.[^`]+)` \| `([^`]+)` \| (\w+) \|$", page, re.MULTILINE)

    assert told == [(row["call"], row["topic"], row["access"]) for row in ALL]
