"""The API as it was published when this package was made: so that what has gone since can be told, too.

``published.json`` beside this file holds the names of each operation of the venue's OpenAPI files of August 2026, and
the pages of operations and topics that docstrings link. ``docs/api-changes.md`` says how it is made anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from orderly_sync.cli.openapi import ApiNames

__all__ = ["published_operations", "published_pages", "written"]

_FILE = Path(__file__).with_suffix(".json")
_Names = Mapping[str, list[str]]


@cache
def _read() -> dict[str, object]:
    told: dict[str, object] = json.loads(_FILE.read_text(encoding="utf-8"))
    return told


def published_operations() -> dict[tuple[str, str], ApiNames]:
    """Each operation, by verb and path template."""
    told = _read()["operations"]
    assert isinstance(told, dict)
    found = {}
    for name, one in told.items():
        verb, _, path = name.partition(" ")
        found[verb, path] = ApiNames(_sets(one["parameters"]), _sets(one["fields"]), frozenset(one["needed"]))
    return found


def published_pages() -> frozenset[str]:
    """The pages of operations and topics: ``websocket-api/public/bbo``."""
    told = _read()["pages"]
    assert isinstance(told, list)
    return frozenset(told)


def _sets(names: _Names) -> dict[str, frozenset[str]]:
    return {name: frozenset(values) for name, values in names.items()}


def written(operations: Mapping[tuple[str, str], ApiNames], pages: frozenset[str]) -> str:
    """The text of ``published.json``: an operation a line."""
    rows = [
        f" {json.dumps(f'{verb} {path}')}: {json.dumps(_plain(names))}"
        for (verb, path), names in sorted(operations.items())
    ]
    listed = json.dumps(sorted(pages), indent=1)
    return f'{{"operations": {{\n{",".join(chr(10) + row for row in rows)[1:]}\n}},\n"pages": {listed}}}\n'


def _plain(names: ApiNames) -> dict[str, object]:
    return {
        "parameters": {name: sorted(values) for name, values in sorted(names.parameters.items())},
        "fields": {name: sorted(values) for name, values in sorted(names.fields.items())},
        "needed": sorted(names.needed),
    }
