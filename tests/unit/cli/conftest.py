"""A frozen venue for a module's commands, and what runs them."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator
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


@pytest.fixture
def run() -> Callable[..., Result]:
    """Run orderly-sync with these arguments."""

    def run(*arguments: object, typed: str | None = None) -> Result:
        return runner().invoke(cli._group(), [str(one) for one in arguments], input=typed)

    return run


@pytest.fixture
def told(run: Callable[..., Result], place: str) -> Callable[..., Any]:
    """What a command prints as JSON at the module's venue, held against its schema."""

    def told(command: str, *arguments: object) -> Any:
        result = run(*command.split(), *arguments, "--json", "--network", place)
        assert result.exit_code == 0, result.stderr
        layout = LAYOUTS[command]
        lines = result.stdout.splitlines() if layout.shape == "lines" else [result.stdout]
        values = [json.loads(line) for line in lines]
        for value in values:
            Draft202012Validator(layout.schema()).validate(value)
        return values if layout.shape == "lines" else values[0]

    return told
