"""The README tells the truth: its commands exist, its files exist, and its code works when pasted."""

from __future__ import annotations

import ast
import builtins
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import orderly_sync
from orderly_sync.venue.server.accounts import paper_accounts
from tests.support.blocks import blocks, pasted

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = blocks(README)


def test_the_two_commands_stand_on_the_first_screen() -> None:
    """What it is comes first, and what to type within twenty lines."""
    first = re.search(r"```sh\n(.*?)```", README, re.DOTALL)

    assert first is not None
    assert "SDK of [Orderly Network]" in README[: first.start()]
    assert README[: first.end()].count("\n") < 20
    assert [line.split("#")[0].strip() for line in first[1].splitlines()] == ["make demo", "make test"]


def test_every_command_and_file_exists() -> None:
    """Each ``make …`` is a command of the Makefile, each path in backticks leads somewhere."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = set(re.findall(r"(?:^|`)make ([a-z-]+)", README, re.MULTILINE))
    paths = set(re.findall(r"`([\w/]+\.(?:py|md))`", README))

    assert [name for name in sorted(commands) if f"\n{name}:" not in makefile] == []
    assert [
        path
        for path in sorted(paths)
        if not any((base / path).exists() for base in (ROOT, ROOT / "orderly_sync"))
    ] == []


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_every_block_is_python_with_names_that_exist(block: str) -> None:
    """What is imported from the package, and what is called on its topics, is there."""
    for node in ast.walk(ast.parse(block)):
        if isinstance(node, ast.ImportFrom) and node.module == "orderly_sync":
            assert [alias.name for alias in node.names if not hasattr(orderly_sync, alias.name)] == []
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "topics":
            assert hasattr(orderly_sync.topics, node.attr)


def functions_of(file: Path) -> set[str]:
    """The tests of a file; none if there is no such file."""
    if not file.is_file():
        return set()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}


def test_each_promise_of_the_table_is_shown_by_tests_that_exist() -> None:
    """A row has three columns, and a test or more that is a function of the file named."""
    table = README.partition("| promised | not promised | shown by |\n")[2].partition("\n\n")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()[1:]]
    named = [re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", row[-1]) for row in rows]

    assert len(rows) >= 15
    assert [row for row in rows if len(row) != 3 or not row[0]] == []
    assert [row for row, tests in zip(rows, named, strict=True) if not tests] == []
    assert [one for tests in named for one in tests if one[1] not in functions_of(ROOT / one[0])] == []


def test_every_link_of_the_clone_leads_somewhere() -> None:
    """Links without a host are files."""
    links = re.findall(r"\]\((?!https?:|#)([^)]+)\)", README)

    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_each_kind_of_user_has_a_section_of_about_ten_lines_and_pictures_say_what_they_show() -> None:
    """Notebook, bot, script: each a block that is run below; chart and console are seen."""
    for title in ("In a notebook", "A bot", "A script"):
        section = README.partition(f"## {title}\n")[2].partition("\n## ")[0]
        (block,) = blocks(section)
        assert 7 <= len([line for line in block.splitlines() if line.strip()]) <= 14, title
    shown = {path: alt for alt, path in re.findall(r"!\[([^\]]*)\]\((docs/pictures/[^)]+)\)", README)}
    assert {"docs/pictures/plot.png", "docs/pictures/console.png"} <= shown.keys()
    assert all(len(alt) > 20 for alt in shown.values())


@pytest.mark.parametrize("stops", [True, False], ids=["with stop", "without stop"])
def test_the_first_block_works_when_pasted(stops: bool) -> None:
    """It prints typed reports, ends by itself with and without ``stop()``, and complains of nothing."""
    lines = [line for line in BLOCKS[0].splitlines() if stops or not line.startswith("ex.stop()")]
    done = pasted("\n".join(lines))

    assert (done.returncode, done.stderr) == (0, "")
    assert "AlgoExecutionReport(" in done.stdout
    assert "FILLED" in done.stdout


@pytest.mark.parametrize("block", BLOCKS[1:], ids=range(1, len(BLOCKS)))
def test_every_other_block_works_when_pasted(block: str) -> None:
    """On paper where it names the test network, with an account in the environment; nothing else of it is changed."""
    (account,) = paper_accounts(0, 1)
    environ = {"ORDERLY_ACCOUNT_ID": account.account_id, "ORDERLY_SECRET": account.orderly_secret}
    done = pasted(block.replace('"testnet"', '"paper"'), **environ)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_every_block_begins_with_what_it_needs() -> None:
    """A block is whole by itself: a reader pastes one, not all of them in order."""
    for block in BLOCKS:
        names = {node.id for node in ast.walk(ast.parse(block)) if isinstance(node, ast.Name)}
        made = {
            node.id
            for node in ast.walk(ast.parse(block))
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        imported = {
            alias.asname or alias.name
            for node in ast.walk(ast.parse(block))
            if isinstance(node, (ast.Import, ast.ImportFrom))
            for alias in node.names
        }
        arguments = {node.arg for node in ast.walk(ast.parse(block)) if isinstance(node, ast.arg)}
        caught = {node.name for node in ast.walk(ast.parse(block)) if isinstance(node, ast.ExceptHandler)}

        assert names - made - imported - arguments - caught - set(dir(builtins)) == set()


@pytest.mark.timeout(400)  # the package is checked from scratch
def test_the_first_block_is_typed(tmp_path: Path) -> None:
    """A type checker at its strictest has nothing to say of it; what an extra lacks here is not the block's."""
    script = tmp_path / "first.py"
    script.write_text(BLOCKS[0], encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(script)]
    done = subprocess.run(
        [*command, "--config-file", "", "--follow-imports", "silent"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": str(ROOT)},
    )

    assert "Success" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["STALE_SECONDS"])
def test_a_figure_of_the_readme_is_that_of_the_code(name: str) -> None:
    """What is written in words stands as a constant in the file named beside it."""
    told = re.search(rf"(\d+) seconds\n?\s*\(`{name}` in `([\w/.]+)`\)", README)

    assert told is not None
    assert re.search(rf"^{name} = {told[1]}\.0$", (ROOT / told[2]).read_text(encoding="utf-8"), re.MULTILINE)
