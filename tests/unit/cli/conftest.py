"""A frozen venue for a module's commands, and what runs them."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from orderly_sync import cli
from orderly_sync.cli.layouts import LAYOUTS
from orderly_sync.venue.server.serve import Venue


def runner() -> CliRunner:
    """One that keeps stdout and stderr apart, as click 8.2 always does."""
    older: Any = {"mix_stderr": False} if "mix_stderr" in inspect.signature(CliRunner).parameters else {}
    return CliRunner(**older)


@pytest.fixture(scope="module")
def venue() -> Iterator[Venue]:
    with Venue(seed=7, market="frozen", rate_limits=False) as running:
        yield running


@pytest.fixture
def place(venue: Venue, tmp_path: Path) -> str:
    """A file that holds the venue's line, as --network takes it."""
    path = tmp_path / "venue.json"
    path.write_text(f"{venue.line()}\n")
    return str(path)


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No key of this machine's user is read."""
    monkeypatch.setenv("ORDERLY_KEYS", str(tmp_path / "keys"))
    for name in ("ORDERLY_NETWORK", "ORDERLY_ACCOUNT_ID", "ORDERLY_SECRET", "ORDERLY_ACCOUNT"):
        monkeypatch.delenv(name, raising=False)


def read(words: Sequence[str], text: str) -> list[Any]:
    """What ``--json`` printed, held against its schema: one value, or one a line where its command prints lines."""
    name = max((name for name in LAYOUTS if words[: len(name.split())] == name.split()), key=len)
    if name == "market":
        name += next((f" {one[2:]}" for one in ("--rules", "--trades") if one in words), "")
    layout = LAYOUTS[name]
    values = [json.loads(one) for one in (text.splitlines() if layout.shape == "lines" else [text])]
    for value in values:
        Draft202012Validator(layout.schema()).validate(value)
    return values


@pytest.fixture
def run() -> Callable[..., Result]:
    """Run orderly-sync with these arguments; whatever it prints as JSON answers its schema."""

    def run(*arguments: object, typed: str | None = None) -> Result:
        words = [str(one) for one in arguments]
        result = runner().invoke(cli._group(), words, input=typed)
        if "--json" in words and result.exit_code == 0:
            read(words, result.stdout)
        return result

    return run


@pytest.fixture
def told(run: Callable[..., Result], place: str) -> Callable[..., Any]:
    """What a command prints as JSON at the module's venue."""

    def told(command: str, *arguments: object) -> Any:
        words = [*command.split(), *map(str, arguments), "--json", "--network", place]
        result = run(*words)
        assert result.exit_code == 0, result.stderr
        values = read(words, result.stdout)
        return values if LAYOUTS[command].shape == "lines" else values[0]

    return told
