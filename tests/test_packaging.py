"""What setup.cfg promises is true of the package, and the commands of the Makefile say what they lack."""

from __future__ import annotations

import ast
import configparser
import importlib.metadata
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import orderly_sync

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "orderly_sync"

MODULE_OF = {
    "websocket-client": "websocket",
    "PyNaCl": "nacl",
    "typing-extensions": "typing_extensions",
    "pyrate-limiter": "pyrate_limiter",
    "eth-account": "eth_account",
    "eth-utils": "eth_utils",
    "prometheus-client": "prometheus_client",
    "ipython": "IPython",
}
"""Where a distribution is imported under another name than its own."""


def setup() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def names(lines: str) -> set[str]:
    """The module names of a list of requirements."""
    found = {re.split(r"[\[<>=! ]", line, maxsplit=1)[0] for line in lines.split("\n") if line.strip()}
    return {MODULE_OF.get(name, name) for name in found}


def imported(at_load: bool) -> set[str]:
    """The foreign modules that the package imports, with its modules or only when called."""
    found = set()
    for file in PACKAGE.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        lazy = {
            id(node)
            for outer in ast.walk(tree)
            if isinstance(outer, ast.FunctionDef)
            or (isinstance(outer, ast.If) and ast.unparse(outer.test) == "TYPE_CHECKING")
            for node in ast.walk(outer)
        }
        for node in ast.walk(tree):
            if at_load and (
                id(node) in lazy
                or file.parts[len(PACKAGE.parts)] in {"venue", "cli", "notebook", "paper.py"}
                or file.relative_to(PACKAGE).as_posix() == "testing/plugin.py"  # pytest itself loads it
            ):
                continue
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"orderly_sync"}


def test_the_core_needs_what_it_imports() -> None:
    """Everything imported outside functions is among the requirements."""
    core = names(setup()["options"]["install_requires"])

    assert imported(at_load=True) - core == set()


def test_every_import_is_declared_somewhere() -> None:
    """In the core or in an extra, so that a message can name the extra to install."""
    options = setup()
    declared = names(options["options"]["install_requires"])
    for extra in options["options.extras_require"].values():
        declared |= names(extra)

    assert imported(at_load=False) - declared == set()


def test_every_requirement_of_the_core_is_imported() -> None:
    """Nothing is installed for nothing; urllib3 and typing-extensions are there for their lower bounds."""
    core = names(setup()["options"]["install_requires"])

    assert core - imported(at_load=False) <= {"urllib3", "typing_extensions", "certifi"}


def requirements() -> list[str]:
    options = setup()
    lines = "\n".join([options["options"]["install_requires"], *options["options.extras_require"].values()])
    return [line.strip() for line in lines.split("\n") if line.strip()]


def test_requirements_have_lower_bounds_and_no_pins() -> None:
    """What works today is not forbidden tomorrow."""
    lines = requirements()

    assert [line for line in lines if "==" in line or "<" in line or "~=" in line] == []
    assert [line for line in lines if ">=" not in line] == []


FIXED = {"requests": (2, 32, 4), "urllib3": (2, 6, 3), "certifi": (2024, 7, 4)}
"""Since when they are free of what this package would suffer from: leaked passwords of netrc, answers that inflate
without end, an authority that is trusted no more."""


@pytest.mark.parametrize("name", FIXED)
def test_no_release_with_a_known_hole_is_installed(name: str) -> None:
    """The lower bound is at least the release that mended it."""
    (bound,) = (line.partition(">=")[2] for line in requirements() if line.partition(">=")[0] == name)

    assert tuple(map(int, bound.split("."))) >= FIXED[name]


def test_the_version_stands_in_one_place() -> None:
    """The installed version, the package's and the newest of the changelog are one."""
    assert importlib.metadata.version("orderly_sync") == orderly_sync.__version__
    assert f"## [{orderly_sync.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_python_is_named_alike() -> None:
    """Packaging, types and style start from the same oldest Python."""
    options = setup()
    classifiers = re.findall(r"Python :: (3\.\d+)", options["metadata"]["classifiers"])

    assert options["options"]["python_requires"] == f">={classifiers[0]}"
    assert options["mypy"]["python_version"] == classifiers[0]
    assert f'target-version = "py{classifiers[0].replace(".", "")}"' in (ROOT / ".ruff.toml").read_text(
        encoding="utf-8"
    )
    assert " ".join(classifiers) in (ROOT / ".ci" / "test-all").read_text(encoding="utf-8")


def test_every_folder_is_a_package() -> None:
    """find: takes only folders with an __init__.py, each with a word on what it is; types are shipped."""
    folders = {file.parent for file in PACKAGE.rglob("*.py")}

    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []
    assert (PACKAGE / "py.typed").exists()
    assert setup()["options.package_data"]["orderly_sync"] == "py.typed"


def test_the_command_exists() -> None:
    """The entry point leads to a function."""
    (entry,) = importlib.metadata.entry_points(group="console_scripts", name="orderly-sync")

    assert callable(entry.load())


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *arguments], capture_output=True, text=True, check=False, cwd=ROOT)


def test_make_alone_lists_the_commands() -> None:
    """Every command of the Makefile, with what it does."""
    phony = re.search(r"\.PHONY: (.*)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    listed = re.findall(r"make ([a-z-]+) +\w", make().stdout)

    assert phony is not None
    assert sorted(listed) == sorted(phony[1].split())


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.mark.parametrize("command", ["demo", "test", "check"])
def test_make_without_python_says_what_to_install(command: str, tmp_path: Path) -> None:
    """One sentence, whether there is no such interpreter, an old one, or one without venv; nothing is made."""
    old = script(tmp_path / "old", 'case "$2" in *version*) exit 1;; esac')
    bare = script(tmp_path / "bare", 'case "$2" in *ensurepip*) exit 1;; esac')
    for python, sentence in (
        (tmp_path / "none", "install Python 3.10 or newer"),
        (old, "install Python 3.10 or newer"),
        (bare, "apt-get install python3-venv"),
    ):
        done = make(command, f"PYTHON={python}", f"VENV={tmp_path / 'venv'}")
        told = [line for line in done.stderr.splitlines() if not line.startswith("make")]

        assert done.returncode != 0
        assert len(told) == 1
        assert sentence in told[0]
        assert str(python) in told[0]
    assert not (tmp_path / "venv").exists()


def test_scripts_are_executable_and_well_formed() -> None:
    """Those that continuous integration and test-all run."""
    bash = shutil.which("bash")
    assert bash is not None
    for name in ("run", "test-all"):
        path = ROOT / ".ci" / name

        assert path.stat().st_mode & stat.S_IXUSR
        assert "set -euo pipefail" in path.read_text(encoding="utf-8")
        assert subprocess.run([bash, "-n", path], check=False).returncode == 0


PAGES = {".html", ".css", ".js", ".svg"}
"""The console's page."""
PUBLISHED = Path("orderly_sync/cli/published.json")
"""What the venue had published, by its names, so that what is gone can be told."""


def test_what_is_installed_is_the_package_alone(tmp_path: Path) -> None:
    """Source, its types' mark, the console's page, the API's names, nothing beside: no test, no key, no second package."""
    pytest.importorskip("setuptools")
    done = subprocess.run(
        [
            *(sys.executable, "setup.py", "-q"),
            *("egg_info", "--egg-base", str(tmp_path)),
            *("build_py", "--build-lib", str(tmp_path / "lib")),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    files = {file.relative_to(tmp_path / "lib") for file in (tmp_path / "lib").rglob("*") if file.is_file()}
    source = {
        file.relative_to(ROOT)
        for file in PACKAGE.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }

    assert {file.parts[0] for file in files} == {"orderly_sync"}
    assert {file.suffix for file in source} == {".py", ".typed", ".json", *PAGES}
    assert [file for file in source if file.suffix == ".json"] == [PUBLISHED]
    assert {file for file in files if "__pycache__" not in file.parts} == source
