"""How long files and functions get, and that ``__all__`` is sorted and true."""

from __future__ import annotations

import ast
import importlib

from tests.test_architecture import ROOT, modules

MAX_FILE, MAX_FUNCTION = 400, 40


def test_everything_is_short() -> None:
    """Files have at most 400 lines, functions at most 40 besides their docstring and their parameters."""
    long = [
        f"{module.path}:{node.lineno} {node.name} has {length(node)} lines"
        for module in modules().values()
        for node in ast.walk(module.tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and length(node) > MAX_FUNCTION
    ]
    for folder in ("orderly_sync", "tests", "examples", "bench", "interop"):
        sizes = {file: file.read_text(encoding="utf-8").count("\n") for file in (ROOT / folder).rglob("*.py")}
        long += [
            f"{file.relative_to(ROOT)} has {lines} lines" for file, lines in sizes.items() if lines > MAX_FILE
        ]

    assert not long, "\n".join(long)


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_all_is_sorted_and_true() -> None:
    """``__all__`` holds existing public names, each once: constants, then classes, then functions, each by name."""
    wrong = []
    for name in modules():
        loaded = importlib.import_module(name)
        given = list(getattr(loaded, "__all__", []))
        private = [one for one in given if one.startswith("_") and one != "__version__"]
        missing = [one for one in given if not hasattr(loaded, one)]
        if private or missing or sorted(set(given), key=_kind_and_name) != given:
            wrong.append(f"{name}: private {private}, missing {missing}, order {given}")

    assert not wrong, "\n".join(wrong)


def _kind_and_name(name: str) -> tuple[int, str]:
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, name
