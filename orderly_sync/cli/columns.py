"""What commands print, said once: the columns of their tables, the fields of their JSON, and its schema.

A ``Layout`` names the fields of a row and where each comes from. Tables, JSON, CSV and the schema are made of it, so
that none can say what another does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timezone
from decimal import Decimal
from enum import Enum
from typing import Literal

import attrs

__all__ = ["Column", "Layout", "column", "hidden", "ms", "shown_time"]

Kind = Literal["text", "number", "integer", "time", "flag", "texts", "object", "objects"]
Shape = Literal["array", "object", "lines"]

_SCHEMAS: Mapping[str, Mapping[str, object]] = {
    "text": {"type": "string"},
    "number": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    "integer": {"type": "integer"},
    "time": {"type": "integer", "minimum": 0},
    "flag": {"type": "boolean"},
    "texts": {"type": "array", "items": {"type": "string"}},
    "object": {"type": "object"},
    "objects": {"type": "array", "items": {"type": "object"}},
}
_TIMES = "ms since 1970 UTC"


@attrs.frozen
class Column:
    """One field of a row."""

    name: str
    kind: Kind
    about: str
    """What it is, with its unit."""
    head: str | None
    """The head of its column; None where tables leave it out."""
    of: Callable[[object], object] | None = None
    """What it is of a row's object; the attribute of its name unless told otherwise."""
    needed: bool = False
    """Whether it is never null."""
    may_lack: bool = False
    """Whether rows may go without it."""

    def value(self, row: object) -> object:
        """The field of a row as JSON has it: numbers as exact texts, times in ms."""
        if isinstance(row, Mapping):
            given = row.get(self.name)
        else:
            given = getattr(row, self.name) if self.of is None else self.of(row)
        return _plain(given)

    def schema(self) -> dict[str, object]:
        """What JSON Schema says of it."""
        told: dict[str, object] = dict(_SCHEMAS[self.kind])
        if not self.needed:
            told["type"] = [told["type"], "null"]
        about = f"{self.about}; {_TIMES}" if self.kind == "time" else self.about
        return {**told, "description": about}


def column(
    name: str,
    kind: Kind,
    about: str,
    head: str | None = None,
    *,
    of: Callable[[object], object] | None = None,
    needed: bool = False,
) -> Column:
    """A field that tables show too, under ``head`` or its own name."""
    return Column(name, kind, about, name.replace("_", " ") if head is None else head, of, needed)


def hidden(
    name: str,
    kind: Kind,
    about: str,
    *,
    of: Callable[[object], object] | None = None,
    needed: bool = False,
) -> Column:
    """A field that tables leave out."""
    return Column(name, kind, about, None, of, needed)


@attrs.frozen
class Layout:
    """What one command prints."""

    command: str
    """``"history fills"``."""
    about: str
    columns: tuple[Column, ...]
    shape: Shape = "array"
    """Of its JSON: an array of rows, one object, or an object a line."""
    frame: Mapping[str, str] = attrs.field(factory=dict)
    """Where CSV and Parquet have the columns of ``.df`` instead: that of each field; other fields are left out."""

    @property
    def file_columns(self) -> list[tuple[Column, str]]:
        """The columns of CSV and Parquet, each with its name there."""
        named = self.frame or {one.name: one.name for one in self.columns}
        return [(one, named[one.name]) for one in self.columns if one.name in named]

    def row(self, value: object) -> dict[str, object]:
        """A row as JSON has it, every field of it, null where nothing is known."""
        return {one.name: one.value(value) for one in self.columns}

    def rows(self, values: Iterable[object]) -> list[dict[str, object]]:
        """Several of them."""
        return [self.row(value) for value in values]

    def schema(self) -> dict[str, object]:
        """The JSON Schema (2020-12) of what ``--json`` prints: of the whole, or of each line where it is lines."""
        row = {
            "type": "object",
            "properties": {one.name: one.schema() for one in self.columns},
            "required": [one.name for one in self.columns if not one.may_lack],
            "additionalProperties": False,
        }
        each = " Each line is such an object." if self.shape == "lines" else ""
        whole: dict[str, object] = {"type": "array", "items": row} if self.shape == "array" else row
        return {
            "title": f"orderly-sync {self.command} --json",
            "description": f"{self.about}{each}",
            **whole,
        }


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return ms(value)
    if isinstance(value, (tuple, list)):
        return [one if isinstance(one, Mapping) else str(one) for one in value]
    return value


def ms(moment: datetime) -> int:
    """An aware moment in ms."""
    return round(moment.timestamp() * 1000)


def shown_time(time_ms: object) -> str:
    """A time in ms for people: ``2026-11-28 20:00:00.123``, UTC."""
    if not isinstance(time_ms, int) or not time_ms:
        return ""
    return datetime.fromtimestamp(time_ms / 1000, timezone.utc).isoformat(" ", "milliseconds")[:23]
