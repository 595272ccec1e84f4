"""What the essay on order and recovery names is there."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

import orderly_sync
from orderly_sync import reports, stream, trading

ESSAY = inspect.getdoc(reports) or ""
ROOT = Path(orderly_sync.__file__).parent.parent
NAMED = sorted(set(re.findall(r"``([^`]+)``", ESSAY)))
WORDS = {"origin", '"rest"', "recovered", "ex.stats()", "readings", "audits", "lag"}
"""Not names of this code but what a report or ``ex.stats()`` shows."""


def known() -> dict[str, Any]:
    """Every class and constant that the essay may name, and the methods of the classes."""
    found: dict[str, Any] = {}
    for package in (reports, stream, trading):
        for file in Path(package.__file__ or "").parent.glob("[a-z]*.py"):
            module = importlib.import_module(f"{package.__name__}.{file.stem}")
            found |= vars(module)
            for name, one in inspect.getmembers(module, inspect.isclass):
                found |= {f"{name}.{method}": value for method, value in vars(one).items()}
                if one.__module__.startswith(reports.__name__):
                    found |= vars(one)
    return found


@pytest.mark.parametrize("name", NAMED)
def test_what_the_essay_names_is_there(name: str):
    """Every file, class, function and constant."""
    if "/" in name or name.endswith(".py"):
        assert any(
            (base / name).exists() for base in (ROOT, ROOT / "orderly_sync", Path(reports.__path__[0]))
        )
    elif name not in WORDS:
        assert name in known()


def test_the_essay_names_every_module():
    """A newcomer finds each file of the part in it."""
    files = {file.name for file in Path(reports.__path__[0]).glob("[a-z]*.py")}
    assert files - set(NAMED) == set()
