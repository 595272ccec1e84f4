"""The pages of docs/: every code block works, and every link of the clone leads somewhere."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

from orderly_sync.venue.server.accounts import paper_accounts
from tests.support.blocks import ROOT, blocks, run

DOCS = ROOT / "docs"
PAGES = {path.relative_to(DOCS).as_posix(): path for path in sorted(DOCS.rglob("*.md"))}
TEXTS = {name: path.read_text(encoding="utf-8") for name, path in PAGES.items()}
TESTED = (
    "-p",
    "orderly_sync.testing.plugin",
    "-p",
    "no:cacheprovider",
    "--strict-markers",
    "-W",
    "error",
    "-q",
)


def is_test(block: str) -> bool:
    """Whether a block is a test of pytest rather than a script."""
    return any(
        isinstance(node, ast.FunctionDef) and node.name.startswith("test_") for node in ast.parse(block).body
    )


@pytest.mark.parametrize("name", [name for name, text in TEXTS.items() if blocks(text)])
def test_the_code_of_a_page_works(name: str, tmp_path: Path) -> None:
    """Its scripts in order, as one who reads on pastes them, and its tests by pytest; on paper instead of the testnet."""
    code = [block.replace('"testnet"', '"paper"') for block in blocks(TEXTS[name])]
    (account,) = paper_accounts(0, 1)
    environ = {"ORDERLY_ACCOUNT_ID": account.account_id, "ORDERLY_SECRET": account.orderly_secret}
    scripts = [block for block in code if not is_test(block)]
    tests = [block for block in code if is_test(block)]
    for number, block in enumerate(tests):
        (tmp_path / f"test_block_{number}.py").write_text(block, encoding="utf-8")
    if scripts:
        done = run([sys.executable, "-W", "error", "-c", "\n".join(scripts)], tmp_path, **environ)
        assert (done.returncode, done.stderr) == (0, "")
    if tests:
        done = run([sys.executable, "-m", "pytest", *TESTED, "--rootdir", str(tmp_path)], tmp_path)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", PAGES)
def test_every_link_of_a_page_leads_somewhere(name: str) -> None:
    """To a file of the clone; a part of a page that is named after ``#`` is a heading there."""
    wrong = []
    prose = re.sub(r"^```.*?^```", "", TEXTS[name], flags=re.MULTILINE | re.DOTALL)
    for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", prose):
        path, _, part = link.partition("#")
        target = (PAGES[name].parent / path).resolve() if path else PAGES[name]
        if not target.exists() or (part and part not in anchors(target.read_text(encoding="utf-8"))):
            wrong.append(link)

    assert wrong == []


def anchors(text: str) -> set[str]:
    """The anchors that headings get."""
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
