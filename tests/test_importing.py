"""What ``import orderly_sync`` costs and does: nothing heavy, nothing that runs."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import orderly_sync

ROOT = Path(__file__).parent.parent

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
    "sqlite3",
}
FOR_FEW = (
    "orderly_sync.control.",
    "orderly_sync.history.",
    "orderly_sync.journal.",
    "orderly_sync.recording.",
    "orderly_sync.rest.group_choices",
    "orderly_sync.wallet.",
)


def loaded_by(script: str) -> set[str]:
    """The modules that a script imports."""
    command = [sys.executable, "-X", "importtime", "-c", script]
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stderr
    return {line.rsplit("|", 1)[-1].strip() for line in told.splitlines()}


def test_importing_the_package_loads_what_is_asked_for() -> None:
    """``import orderly_sync`` loads nothing but itself, and each name its own module."""
    package = {name for name in loaded_by("import orderly_sync") if name.startswith("orderly_sync")}

    assert package == {"orderly_sync", "orderly_sync._version"}
    assert "orderly_sync.client" not in loaded_by("import orderly_sync; orderly_sync.Rest")


def test_every_name_is_where_type_checkers_find_it() -> None:
    """What type checkers read is what is imported: the same names, the same modules, and all are public."""
    tree = ast.parse((ROOT / "orderly_sync/__init__.py").read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {
        alias.name: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }

    assert seen.keys() | {"__version__"} == set(orderly_sync.__all__)
    for name, place in seen.items():
        assert place is not None
        assert getattr(orderly_sync, name) is getattr(import_module(place), name)
        assert f"orderly_sync.{orderly_sync._PLACE_OF[name]}" == place
    assert orderly_sync._PLACE_OF.keys() == seen.keys()


def test_every_module_can_be_the_first() -> None:
    """A name of each module can be the first that a program asks for."""
    script = (
        "import sys, orderly_sync\n"
        "for place, names in orderly_sync._PLACES.items():\n"
        "    for known in [name for name in sys.modules if name.startswith('orderly_sync')]: del sys.modules[known]\n"
        "    exec(f'from orderly_sync import {names.split()[0]}', {})\n"
        "    assert f'orderly_sync.{place}' in sys.modules, place\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_the_package_leaks_no_name() -> None:
    """Every public attribute of the package is in ``__all__`` or is one of its modules."""
    parts = {path.stem for path in (ROOT / "orderly_sync").iterdir()}
    language = {"annotations", "logging", "TYPE_CHECKING"}
    # pytest writes names that are none into the packages of its plugins, of which this is one.
    public = {name for name in dir(orderly_sync) if name.isidentifier() and name[0] != "_"} - language

    assert public - parts == set(orderly_sync.__all__) - {"__version__"}


def test_modules_are_attributes_without_being_imported_first() -> None:
    """A module of the package is there by its name, private ones and such as are not there are an AttributeError."""
    script = (
        "import orderly_sync\n"
        "assert orderly_sync.errors.ApiError is orderly_sync.ApiError\n"
        "assert orderly_sync.models.__name__ == 'orderly_sync.models'\n"
        "assert {'connect', 'Wallet', 'topics'} <= set(dir(orderly_sync))\n"
        "for name in ('conect', '_nothing', 'numpy'):\n"
        "    try: getattr(orderly_sync, name)\n"
        "    except AttributeError as exc: assert repr(name) in str(exc)\n"
        "    else: raise SystemExit(name)\n"
        "from orderly_sync import *\n"
        "assert Bracket and connect and topics.bbo\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_importing_loads_nothing_heavy() -> None:
    """``connect`` loads neither the extras nor the venue nor what few need, and of the operations those that place."""
    loaded = loaded_by("from orderly_sync import connect")

    assert "orderly_sync.client" in loaded
    assert set() == HEAVY & {name.split(".")[0] for name in loaded}
    assert [
        name for name in loaded if name.startswith(("orderly_sync.venue", "orderly_sync.paper.start"))
    ] == []
    assert [name for name in loaded if name.startswith(FOR_FEW)] == []
    assert {name for name in loaded if name.startswith("orderly_sync.rest.groups.")} == {
        "orderly_sync.rest.groups.algo_orders",
        "orderly_sync.rest.groups.orders",
    }


def test_importing_starts_nothing() -> None:
    """``import orderly_sync`` starts no thread, opens no socket and configures no logging."""
    script = (
        "import logging, socket, threading, warnings\n"
        "warnings.simplefilter('error')\n"
        "def refuse(*_): raise SystemExit('a socket was opened')\n"
        "socket.socket.connect = socket.socket.bind = refuse\n"
        "import orderly_sync\n"
        "orderly_sync.connect, orderly_sync.Wallet\n"
        "assert threading.active_count() == 1, threading.enumerate()\n"
        "assert logging.getLogger().handlers == [], logging.getLogger().handlers\n"
        "assert socket.getdefaulttimeout() is None\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
