"""Nothing is caught without a word, and nobody sleeps where another could not wake him."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "orderly_sync"
BROAD = {"Exception", "BaseException", ""}


def handlers(text: str) -> Iterator[tuple[int, bool]]:
    """Each place that catches whatever is raised: its line, and whether it raises, logs or says why not."""
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ExceptHandler) and _names(node.type) & BROAD:
            logs = any(
                isinstance(one, ast.Attribute) and one.attr == "exception"
                for kept in node.body
                for one in ast.walk(kept)
            )
            first = node.body[0].lineno
            beside = lines[node.lineno - 1 : first]
            yield node.lineno, isinstance(node.body[-1], ast.Raise) or logs or _says_why(beside)
        if isinstance(node, ast.With):
            for item in node.items:
                call = item.context_expr
                if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("suppress"):
                    caught = {name for argument in call.args for name in _names(argument)}
                    if caught & BROAD:
                        yield node.lineno, _says_why(lines[node.lineno - 1 : node.lineno])


def _names(caught: ast.expr | None) -> set[str]:
    if caught is None:
        return {""}
    parts = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return {ast.unparse(part).rpartition(".")[2] for part in parts}


def _says_why(lines: list[str]) -> bool:
    """Whether a comment gives a reason; the code of a rule alone is none."""
    comments = [said for line in lines for said in line.split("# ")[1:]]
    return any(" - " in said or not said.startswith("noqa") for said in comments)


@pytest.mark.parametrize(
    ("text", "is_good"),
    [
        ("try:\n    f()\nexcept Exception:\n    pass", False),
        ("try:\n    f()\nexcept:\n    g()", False),
        ("try:\n    f()\nexcept Exception:  # noqa: BLE001\n    g()", False),
        ("try:\n    f()\nexcept (KeyError, builtins.BaseException) as exc:\n    note(exc)", False),
        ("with contextlib.suppress(Exception):\n    f()", False),
        ("try:\n    f()\nexcept BaseException:\n    g()\n    raise", True),
        ("try:\n    f()\nexcept Exception:\n    log.exception('f failed')", True),
        ("try:\n    f()\nexcept Exception:  # noqa: BLE001 - its repr may do anything\n    g()", True),
        ("try:\n    f()\nexcept Exception:\n    # Nobody else can see this thread.\n    g()", True),
        ("with suppress(Exception):  # stderr itself is gone\n    f()", True),
    ],
)
def test_what_is_told_from_what(text: str, is_good: bool) -> None:
    """The test below sees a handler that swallows."""
    assert [good for _, good in handlers(text)] == [is_good]


def test_whatever_is_caught_is_raised_logged_or_has_its_reason() -> None:
    """In the whole package."""
    found = [
        (f"{file.relative_to(ROOT)}:{line}", good)
        for file in sorted(PACKAGE.rglob("*.py"))
        for line, good in handlers(file.read_text(encoding="utf-8"))
    ]

    assert len(found) > 30
    assert [place for place, good in found if not good] == []


SLEEPS = {"orderly_sync/clock.py"}
"""In slices: the one place that lets time pass where nothing is waited for."""


def test_nobody_sleeps() -> None:
    """What waits can be woken: the package's by its end, tests by what they wait for; long runs may take their time."""
    files = [*PACKAGE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    sleeping = {
        file.relative_to(ROOT).as_posix()
        for file in files
        if "soak" not in file.parts
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"time.sleep", "sleep"}
    }

    assert sleeping == SLEEPS
