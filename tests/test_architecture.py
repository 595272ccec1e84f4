"""The house rules of the package, read from its syntax trees: who imports whom, which doors exist, how long things get."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "orderly_sync"
MAX_FILE, MAX_FUNCTION = 400, 40

LEVELS: tuple[frozenset[str], ...] = tuple(
    frozenset(level.split())
    for level in (
        "errors clock config control _version",
        "models",
        "wire signing credentials",
        "rest stream state",
        "client session handles algo_handle live_book orders rules recovery wallet onboarding wallet_flows history record journal",
        "__init__ notebook cli paper __main__",
    )
)
"""A part imports only from lower levels, and from parts of its own level where NEIGHBOURS says so."""

NEIGHBOURS = {
    "config": {"errors"},
    "credentials": {"signing"},
    **dict.fromkeys(LEVELS[4], LEVELS[4]),
    "__init__": {"paper"},
    "cli": {"paper", "__init__"},
    "notebook": {"__init__"},
    "__main__": {"cli"},
}
"""The modules of the client know each other, in one order; rest, stream and state do not."""

UPWARD_WHEN_CALLED = {("client", "paper"), ("client", "notebook")}
"""Imported inside a function only: connect("paper") needs the venue, and nobody else pays for it."""

VENUE_STANDS_ON = {"models", "wire", "signing", "clock", "errors"}
VENUE_IS_STARTED_BY = {"paper", "cli"}

DOORS = {
    "requests": {"rest/sender.py"},
    "urllib3": {"rest/sender.py"},
    "websocket": {"stream/driver.py"},
    "nacl": {"signing.py"},
    "eth_account": {"wallet.py"},
    "eth_utils": {"wallet.py"},
    "keyring": {"credentials.py"},
    "sqlite3": {"journal.py"},
    "aiohttp": {"venue/server/", "paper.py"},
    "asyncio": {"venue/server/"},
    "click": {"cli/"},
    "rich": {"cli/"},
    "pandas": {"notebook/"},
    "plotly": {"notebook/"},
    "tqdm": {"notebook/"},
}
UNSAFE = {"pickle", "marshal", "shelve", "yaml", "dill"}
ONE_PLATFORM = {"fcntl", "grp", "msvcrt", "posix", "pwd", "resource", "termios", "winreg"}
COMPILES = {"wire/shapes.py": {"exec", "compile"}}
"""Its text holds field names of our own models and numbers, nothing of the wire."""


class Import(NamedTuple):
    """One imported module, and whether it is imported with the importing module or later."""

    name: str
    line: int
    at_load: bool


class Module(NamedTuple):
    """One file of the package."""

    path: str
    name: str
    text: str
    tree: ast.Module

    @property
    def part(self) -> str:
        """The part of the house it belongs to: its package, or itself where it stands alone."""
        return self.path.split("/", maxsplit=1)[0].removesuffix(".py")


@cache
def modules() -> tuple[Module, ...]:
    """All files of the package."""
    found = []
    for file in sorted(PACKAGE.rglob("*.py")):
        path = file.relative_to(PACKAGE).as_posix()
        name = ".".join(
            ["orderly_sync", *path.removesuffix(".py").removesuffix("__init__").strip("/").split("/")]
        )
        text = file.read_text(encoding="utf-8")
        found.append(Module(path, name.strip("."), text, ast.parse(text)))
    return tuple(found)


def ids(module: Module) -> str:
    return module.path


def imports(module: Module) -> Iterator[Import]:
    """What a module imports; what only type checkers read counts too, for the law is about knowledge."""
    lazy = {
        id(inner)
        for outer in ast.walk(module.tree)
        if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef)) or _is_type_checking(outer)
        for inner in ast.walk(outer)
    }
    for node in ast.walk(module.tree):
        at_load = id(node) not in lazy
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno, at_load) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module.path}:{node.lineno} imports relatively"
            known = {other.name for other in modules()}
            for alias in node.names:
                deep = f"{node.module}.{alias.name}"
                yield Import(deep if deep in known else str(node.module), node.lineno, at_load)


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def part_of(name: str) -> str | None:
    """The part of this package that a dotted name belongs to; None for other packages."""
    top, *rest = name.split(".")
    if top != "orderly_sync":
        return None
    return rest[0] if rest else "__init__"


def level_of(part: str) -> int:
    found = [number for number, level in enumerate(LEVELS) if part in level]
    assert found, f"{part} has no place yet: name it in LEVELS"
    return found[0]


@pytest.mark.parametrize("module", modules(), ids=ids)
def test_imports_only_from_the_left(module: Module) -> None:
    """Every import obeys the import law, and the client side and the venue never know each other."""
    wrong = [
        f"{module.path}:{found.line} imports {found.name}"
        for found in imports(module)
        if (part := part_of(found.name)) is not None
        and part != module.part
        and not allowed(module.part, part, found)
    ]

    assert wrong == []


def allowed(importer: str, imported: str, found: Import) -> bool:
    if importer == "venue":
        return imported in VENUE_STANDS_ON
    if imported == "venue":
        return importer in VENUE_IS_STARTED_BY
    if imported == "_version" or imported in NEIGHBOURS.get(importer, ()):
        return True
    if (importer, imported) in UPWARD_WHEN_CALLED:
        return not found.at_load
    return level_of(imported) < level_of(importer)


@pytest.mark.parametrize("module", modules(), ids=ids)
def test_uses_the_doors(module: Module) -> None:
    """Each foreign library with a door of its own is imported there only, and unsafe ones nowhere."""
    wrong = []
    for found in imports(module):
        top = found.name.split(".")[0]
        doors = DOORS.get(top, {""})
        if top in UNSAFE | ONE_PLATFORM or not any(module.path.startswith(door) for door in doors):
            wrong.append(f"{module.path}:{found.line} imports {found.name}")

    assert wrong == []


def test_no_import_cycles() -> None:
    """Modules load in one order, whichever is asked for first."""
    graph = {
        module.name: {found.name for found in imports(module) if found.at_load and part_of(found.name)}
        - {module.name}
        for module in modules()
    }

    try:
        TopologicalSorter(graph).prepare()
    except CycleError as exc:
        pytest.fail(" -> ".join(exc.args[1]))


@pytest.mark.parametrize("module", modules(), ids=ids)
def test_calls_nothing_forbidden(module: Module) -> None:
    """No print outside the command line, no basicConfig anywhere, no text run as code."""
    wrong = []
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        plain = isinstance(node.func, ast.Name)
        printed = plain and name == "print" and module.part != "cli"
        run = plain and name in {"exec", "eval", "compile"} - COMPILES.get(module.path, set())
        if printed or run or name in {"basicConfig", "setdefaulttimeout", "enableTrace"}:
            wrong.append(f"{module.path}:{node.lineno} calls {name}")

    assert wrong == []


@pytest.mark.parametrize("module", modules(), ids=ids)
def test_is_short(module: Module) -> None:
    """Files have at most 400 lines, functions at most 40 besides their docstring and their parameters."""
    long = [
        f"{module.path}:{node.lineno} {node.name} has {length(node)} lines"
        for node in ast.walk(module.tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and length(node) > MAX_FUNCTION
    ]

    if (lines := module.text.count("\n")) > MAX_FILE:
        long.append(f"{module.path} has {lines} lines")

    assert long == []


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("folder", ["tests", "examples", "bench", "interop"])
def test_other_files_are_short_too(folder: str) -> None:
    """The limit of 400 lines holds outside the package as well."""
    files = sorted((ROOT / folder).rglob("*.py"))

    assert [file.name for file in files if file.read_text(encoding="utf-8").count("\n") > MAX_FILE] == []


@pytest.mark.parametrize("module", modules(), ids=ids)
def test_all_is_sorted_and_true(module: Module) -> None:
    """``__all__`` holds existing public names, each once: constants, then classes, then functions, each by name."""
    loaded = importlib.import_module(module.name)
    names = list(getattr(loaded, "__all__", []))

    assert sorted(set(names), key=_kind_and_name) == names
    assert [name for name in names if not hasattr(loaded, name)] == []
    assert [name for name in names if name.startswith("_") and name != "__version__"] == []


def _kind_and_name(name: str) -> tuple[int, str]:
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, name


def test_the_package_leaks_no_name() -> None:
    """Every public attribute of the package is in ``__all__`` or is one of its modules."""
    package = importlib.import_module("orderly_sync")
    parts = {module.part for module in modules()}
    public = {name for name in vars(package) if not name.startswith("_")} - {"annotations", "logging"}

    assert set() == public - parts - set(getattr(package, "__all__", ()))


HEAVY = {
    "aiohttp",
    "pandas",
    "plotly",
    "eth_account",
    "redis",
    "click",
    "rich",
    "keyring",
    "anywidget",
    "tqdm",
}


def test_importing_loads_nothing_heavy() -> None:
    """``import orderly_sync`` loads neither the extras nor the venue."""
    command = [sys.executable, "-X", "importtime", "-c", "import orderly_sync"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stderr
    loaded = {line.rsplit("|", 1)[-1].strip() for line in told.splitlines()}

    assert "orderly_sync" in loaded
    assert set() == HEAVY & {name.split(".")[0] for name in loaded}
    assert [name for name in loaded if name.startswith(("orderly_sync.venue", "orderly_sync.paper"))] == []


def test_importing_starts_nothing() -> None:
    """``import orderly_sync`` starts no thread, opens no socket and configures no logging."""
    script = (
        "import logging, socket, threading, warnings\n"
        "warnings.simplefilter('error')\n"
        "def refuse(*_): raise SystemExit('a socket was opened')\n"
        "socket.socket.connect = socket.socket.bind = refuse\n"
        "import orderly_sync\n"
        "assert threading.active_count() == 1, threading.enumerate()\n"
        "assert logging.getLogger().handlers == [], logging.getLogger().handlers\n"
        "assert socket.getdefaulttimeout() is None\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
