"""The house rules of the package, read from its syntax trees: who imports whom, which doors exist."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "orderly_sync"
MAX_DEPTH, MAX_KNOWN = 14, 17
"""How many modules stand in the longest chain of imports, the first and the last counted; and in the longest chain of those
that know each other, for their types or when a function is called, too."""

LEVELS: tuple[frozenset[str], ...] = tuple(
    frozenset(level.split())
    for level in (
        "errors relay_errors values extras tables clock clock_offset config corrected_clock ending waiting logs _version",
        "models formulas",
        "wire signing credentials dialling",
        "rest",
        "reports wallet history control journal",
        "stream",
        "trading",
        "live",
        "recording notebook checks relay",
        "client connecting conformance",
        "__init__ testing __main__ cli paper",
    )
)
"""A part imports only from lower levels, and from parts of its own level where NEIGHBOURS says so."""

NEIGHBOURS = {
    "config": {"errors"},
    "relay_errors": {"errors"},
    "tables": {"errors", "extras", "values"},
    "corrected_clock": {"clock", "clock_offset", "logs"},
    "credentials": {"signing"},
    "__init__": {"paper"},
    "cli": {"paper", "__init__"},
    "connecting": {"client"},
    "testing": {"paper"},
    "__main__": {"cli"},
}
"""Few know each other within a level: what two parts share belongs below both."""

UPWARD_WHEN_CALLED = {("connecting", "paper")}
"""Imported inside a function only: connect("paper") needs the venue, and nobody else pays for it."""

VENUE_STANDS_ON = {"models", "wire", "signing", "clock", "errors", "values", "formulas"}
VENUE_IS_STARTED_BY = {"paper", "cli"}

DOORS = {
    "requests": {"rest/http.py"},
    "urllib3": {"dialling/connections.py", "rest/connection.py"},
    "websocket": {"stream/driver.py", "stream/handshake.py", "stream/oracle.py"},
    "nacl": {"signing.py"},
    "eth_account": {"wallet/wallet.py"},
    "eth_utils": {"wallet/wallet.py"},
    "keyring": {"credentials.py"},
    "sqlite3": {"journal/", "relay/spool.py", "cli/journal.py"},
    "pytest": {"testing/plugin.py"},
    "aiohttp": {"venue/server/", "paper/start.py"},
    "asyncio": {"venue/server/"},
    "click": {"cli/"},
    "rich": {"cli/"},
    "pandas": {"tables/"},
    "plotly": {"notebook/"},
    "tqdm": {"notebook/"},
    "IPython": {"notebook/"},
    "numpy": {"tables/"},
    "pyarrow": {"tables/", "cli/parquet.py"},
    "redis": {"relay/redis_server.py"},
    "polars": {"tables/"},
}
_VENUE = "who trades elsewhere does not pay for the venue, which takes an extra"
_HTTP = "who only streams does not pay for HTTP, and urllib3 opens a socket when it is imported"
_JOURNAL = "who keeps none does not pay for SQLite"
_NOTEBOOK = "programs without a notebook draw nothing, and plotly is heavy"
_FRAME = "an extra, and heavy: loaded when a frame is asked for"
_PLUGIN = "pytest loads the plugin in every run of every project"
_REDIS = "an extra: who has one machine needs no relay"
_SIGNING = "an extra: who has a key already signs without a wallet"
IMPORTED_WHEN_CALLED = {
    ("cli/__init__.py", "click"): "an extra; without it the command says how to install it",
    ("cli/__init__.py", "orderly_sync.cli.command_group"): "it is made of click",
    ("cli/target.py", "orderly_sync.venue.server.serve"): _VENUE,
    ("cli/venue.py", "orderly_sync.paper.start"): _VENUE,
    ("cli/keyboard.py", "termios"): "POSIX has it; elsewhere only Ctrl-C ends a view",
    ("cli/keyboard.py", "tty"): "it stands on termios",
    ("cli/parquet.py", "pyarrow"): _FRAME,
    ("cli/parquet.py", "pyarrow.parquet"): _FRAME,
    ("client.py", "orderly_sync.control.paper_control"): _VENUE,
    ("client.py", "orderly_sync.history.account_history"): "few programs read the past",
    ("connecting.py", "orderly_sync.control.served"): _VENUE,
    ("connecting.py", "orderly_sync.journal.journal"): _JOURNAL,
    ("connecting.py", "orderly_sync.journal.store"): _JOURNAL,
    ("connecting.py", "orderly_sync.live.journalling"): _JOURNAL,
    ("connecting.py", "orderly_sync.paper.start"): _VENUE,
    ("connecting.py", "orderly_sync.relay.joining"): _REDIS,
    ("connecting.py", "orderly_sync.recording.record"): "few programs keep their frames",
    ("credentials.py", "keyring"): "an extra: few keep their keys there",
    ("notebook/on_client.py", "orderly_sync.notebook.chart"): _NOTEBOOK,
    ("notebook/completer.py", "IPython.core.completer"): _NOTEBOOK,
    ("notebook/downloads.py", "tqdm.auto"): _NOTEBOOK,
    ("notebook/on_client.py", "orderly_sync.notebook.completer"): _NOTEBOOK,
    ("notebook/on_client.py", "orderly_sync.notebook.downloads"): _NOTEBOOK,
    ("notebook/on_client.py", "orderly_sync.notebook.plots"): _NOTEBOOK,
    ("notebook/on_client.py", "orderly_sync.notebook.watch"): _NOTEBOOK,
    ("notebook/offline.py", "IPython.display"): _NOTEBOOK,
    ("notebook/plots.py", "orderly_sync.notebook.offline"): _NOTEBOOK,
    ("notebook/watch.py", "IPython.core.displaypub"): _NOTEBOOK,
    ("notebook/watch.py", "IPython.core.getipython"): _NOTEBOOK,
    ("notebook/watch.py", "IPython.display"): _NOTEBOOK,
    ("paper/start.py", "orderly_sync.venue.server.constants"): _VENUE,
    ("paper/start.py", "orderly_sync.venue.server.serve"): _VENUE,
    ("relay/redis_server.py", "redis"): _REDIS,
    ("rest/__init__.py", "orderly_sync.rest.senders"): _HTTP,
    ("rest/retry.py", "tenacity"): "nearly no call is tried again",
    ("stream/handshake.py", "orderly_sync.dialling.connections"): _HTTP,
    ("testing/plugin.py", "orderly_sync.testing.venue"): _PLUGIN,
    ("tables/frames.py", "numpy"): _FRAME,
    ("tables/frames.py", "pandas"): _FRAME,
    ("tables/frames.py", "polars"): _FRAME,
    ("tables/frames.py", "pyarrow"): _FRAME,
    ("wallet/wallet.py", "eth_account"): _SIGNING,
    ("wallet/wallet.py", "eth_account.messages"): _SIGNING,
    ("wallet/wallet.py", "eth_utils.crypto"): _SIGNING,
}
"""What is imported inside a function, where, and why not with the module."""

MOST_ANY = 10.5
"""``Any`` in a thousand lines. It may fall, not rise: where a value is only handed on, ``object`` says so."""

UNSAFE = {"pickle", "marshal", "shelve", "yaml", "dill"}
PROCESS_WIDE = {"basicConfig", "setdefaulttimeout", "enableTrace", "setrecursionlimit", "setswitchinterval"}
PUT_BACK = {"wallet/wallet.py": {"setrecursionlimit"}}
"""Process-wide settings that a dependency changes, and who puts them back as they were."""
ONE_PLATFORM = {"fcntl", "grp", "msvcrt", "posix", "pwd", "resource", "termios", "winreg"}
WHERE_THERE_IS_ONE = {("cli/keyboard.py", "termios")}
"""Who goes without it on the other platforms."""
COMPILES = {"wire/shapes.py": {"exec", "compile"}}
"""Its text holds field names of our own models and numbers, nothing of the wire."""


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


class Import(NamedTuple):
    """One imported module, and whether it is imported with the importing module or later."""

    module: Module
    name: str
    line: int
    at_load: bool

    def __str__(self) -> str:
        return f"{self.module.path}:{self.line} imports {self.name}"


@cache
def modules() -> dict[str, Module]:
    """All files of the package, by dotted name."""
    found = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        path = file.relative_to(PACKAGE).as_posix()
        name = ".".join(
            ["orderly_sync", *path.removesuffix(".py").removesuffix("__init__").strip("/").split("/")]
        )
        text = file.read_text(encoding="utf-8")
        found[name.strip(".")] = Module(path, name.strip("."), text, ast.parse(text))
    return found


@cache
def imports() -> tuple[Import, ...]:
    """Every import of the package; those that only type checkers read count too, for the law is about knowledge."""
    return tuple(
        found for module in modules().values() for found in _imports(module, module.tree, at_load=True)
    )


def _imports(module: Module, node: ast.AST, *, at_load: bool) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        yield from (Import(module, alias.name, node.lineno, at_load) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"{module.path}:{node.lineno} imports relatively"
        for alias in node.names:
            deep = f"{node.module}.{alias.name}"
            yield Import(module, deep if deep in modules() else str(node.module), node.lineno, at_load)
    lazy = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or _is_type_checking(node)
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.stmt, ast.excepthandler, ast.match_case)):
            yield from _imports(module, child, at_load=at_load and not lazy)


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


def test_imports_only_from_the_left() -> None:
    """Every import obeys the import law, and the client side and the venue never know each other."""
    wrong = [str(found) for found in imports() if not allowed(found)]

    assert not wrong, "\n".join(wrong)


def allowed(found: Import) -> bool:
    importer, imported = found.module.part, part_of(found.name)
    if imported is None or imported in {importer, "_version"}:
        return True
    if importer == "venue":
        return imported in VENUE_STANDS_ON
    if imported == "venue":
        return importer in VENUE_IS_STARTED_BY
    if imported in NEIGHBOURS.get(importer, ()):
        return True
    if (importer, imported) in UPWARD_WHEN_CALLED:
        return not found.at_load
    return level_of(imported) < level_of(importer)


def test_imports_inside_functions_have_a_reason() -> None:
    """Everything is imported with its module, but for what few need and takes long; none is listed for nothing."""
    late = {
        (module.path, found.name)
        for module in modules().values()
        for function in ast.walk(module.tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for statement in function.body
        for found in _imports(module, statement, at_load=False)
    }

    assert late == IMPORTED_WHEN_CALLED.keys()


def test_uses_the_doors() -> None:
    """Each foreign library with a door of its own is imported there only, and unsafe ones nowhere."""
    wrong = [str(found) for found in imports() if not is_by_its_door(found)]

    assert not wrong, "\n".join(wrong)


def is_by_its_door(found: Import) -> bool:
    top = found.name.split(".")[0]
    if top in UNSAFE | ONE_PLATFORM:
        return (found.module.path, top) in WHERE_THERE_IS_ONE and not found.at_load
    return any(found.module.path.startswith(door) for door in DOORS.get(top, {""}))


def graph(*, at_load: bool = False) -> dict[str, set[str]]:
    """Which module knows which; what only type checkers read and what functions import count too, unless told not to."""
    known: dict[str, set[str]] = {name: set() for name in modules()}
    for found in imports():
        if part_of(found.name) and found.name != found.module.name and (found.at_load or not at_load):
            known[found.module.name].add(found.name)
    return known


def parts() -> dict[str, set[str]]:
    """Which part of the house knows which, likewise."""
    pairs = {(found.module.part, part_of(found.name)) for found in imports()} - UPWARD_WHEN_CALLED
    return {one: {str(other) for of, other in pairs if of == one != other is not None} for one, _ in pairs}


@pytest.mark.parametrize("known", [graph, parts])
def test_no_import_cycles(known: Callable[[], dict[str, set[str]]]) -> None:
    """No module and no part knows itself by way of others, not even for its types or when it is called."""
    try:
        TopologicalSorter(known()).prepare()
    except CycleError as exc:
        pytest.fail(" -> ".join(exc.args[1]))


@pytest.mark.parametrize(("at_load", "limit"), [(True, MAX_DEPTH), (False, MAX_KNOWN)])
def test_imports_are_shallow(at_load: bool, limit: int) -> None:
    """No chain of modules of which each imports, or knows, the next is longer than the limit."""
    known, chains = graph(at_load=at_load), dict[str, tuple[str, ...]]()
    for name in TopologicalSorter(known).static_order():
        chains[name] = (name, *max((chains[each] for each in known[name]), key=len, default=()))
    longest = max(chains.values(), key=len)

    assert len(longest) <= limit, " -> ".join(longest)


def test_the_engine_knows_the_exchange_only() -> None:
    """The engine knows neither what surrounds the exchange nor how it is served."""
    engine = "orderly_sync.venue.engine"
    within = [found for found in imports() if found.module.name.startswith(engine)]
    foreign = [
        str(found)
        for found in within
        if found.name.startswith("orderly_sync.venue") and not found.name.startswith(engine)
    ]

    assert within
    assert not foreign, "\n".join(foreign)


def test_the_venue_hands_out_services_not_itself() -> None:
    """Operations get narrow services; the place where those are made is known to what runs the venue alone."""
    core = "orderly_sync.venue.server.core"
    asking = ("venue/programs/", "venue/server/routes/", "venue/server/queries/", "venue/server/call.py")
    wrong = [str(found) for found in imports() if found.name == core and found.module.path.startswith(asking)]

    assert core in modules()
    assert not wrong, "\n".join(wrong)


def test_calls_nothing_forbidden() -> None:
    """No print outside the command line, no process-wide options anywhere, no text run as code."""
    wrong = []
    for module in modules().values():
        named = {"exec", "eval", "compile"} - COMPILES.get(module.path, set())
        named |= set() if module.part == "cli" else {"print"}
        refused = PROCESS_WIDE - PUT_BACK.get(module.path, set())
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Call):
                continue
            if isinstance(node.func, ast.Name) and node.func.id in named:
                wrong.append(f"{module.path}:{node.lineno} calls {node.func.id}")
            elif isinstance(node.func, ast.Attribute) and node.func.attr in refused:
                wrong.append(f"{module.path}:{node.lineno} calls {node.func.attr}")

    assert not wrong, "\n".join(wrong)


def test_types_say_something() -> None:
    """``Any`` switches the type checker off, and stays rare."""
    lines = sum(module.text.count("\n") for module in modules().values())
    used = sum(
        isinstance(node, ast.Name) and node.id == "Any"
        for module in modules().values()
        for node in ast.walk(module.tree)
    )

    assert 1000 * used / lines <= MOST_ANY, f"{used} in {lines} lines"


STATED_IN = {"RateLimit": "wire/rate_limits.py"}
"""Facts of the API, by what makes one, and the one module that states them for client, venue and command line."""


def test_states_each_fact_once() -> None:
    """Whoever needs a rate limit or an error code looks it up."""
    wrong = [
        f"{module.path}:{node.lineno} states a {node.func.id}"
        for module in modules().values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and module.path != STATED_IN.get(node.func.id, module.path)
    ]
    wrong += [
        f"{module.path}:{node.lineno} spells the error code {ast.unparse(node)}"
        for module in modules().values()
        for node in ast.walk(module.tree)
        if is_error_code(node) and module.path != "wire/error_codes.py"
    ]

    assert not wrong, "\n".join(wrong)


def is_error_code(node: ast.AST) -> bool:
    """Whether it is a number as the venue's codes are: -1000 to -1299."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))):
            return 1000 <= number < 1300
    return False
