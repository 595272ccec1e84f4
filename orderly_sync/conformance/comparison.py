"""Raw JSON held against the model that reads it: what that does not know, lacks, or expects otherwise. Pure."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

import attrs

from orderly_sync.conformance.aliases import Aliases
from orderly_sync.conformance.check import Difference
from orderly_sync.conformance.raw_json import NumberText, json_kind
from orderly_sync.conformance.relied_on import INHERITED, OWN_VALUES, RELIED_ON, TEXT_NUMBERS
from orderly_sync.models.base import Acknowledged, Model, Rows
from orderly_sync.models.enums import OpenEnum
from orderly_sync.wire.converter import to_enum
from orderly_sync.wire.pages import is_page
from orderly_sync.wire.shapes import wire_names

__all__ = ["Comparison"]

_MOST_ROWS = 200
"""Rows of one list that are looked at: more tell nothing new."""
_UNIONS = {Union, types.UnionType}


class _Known(NamedTuple):
    """The fields of a model by every spelling."""

    by_name: Mapping[str, str]
    hints: Mapping[str, Any]
    names: Mapping[str, tuple[str, ...]]
    needed: frozenset[str]
    never_null: frozenset[str]


_read: dict[type, _Known] = {}


def _known(kind: type[Model]) -> _Known:
    if kind not in _read:
        _read[kind] = _known_of(kind)
    return _read[kind]


def _known_of(kind: type[Model]) -> _Known:
    hints = get_type_hints(kind)
    fields = [field for field in attrs.fields(kind) if field.metadata.get("wire") != ()]
    names = {field.name: wire_names(field, kind.wire_case) for field in fields}
    needed = {field.name for field in fields if field.default is attrs.NOTHING}
    relied = RELIED_ON.get(kind.__name__, "").split()
    unknown = set(relied) - names.keys()
    assert not unknown, f"RELIED_ON names what {kind.__name__} has not: {unknown}"
    return _Known(
        {spelling: field for field, spellings in names.items() for spelling in spellings},
        hints,
        names,
        frozenset(needed | set(relied)),
        frozenset(needed),
    )


class Comparison:
    """Compares answers or frames of one operation or topic, and keeps the shapes of their fields.

    Args:
        where: What is compared: ``GET /v1/orders``, or a topic.
        aliases: Of the report.
        text_numbers: Whether numbers are written as text there, as the public query does.
    """

    def __init__(self, where: str, aliases: Aliases, *, text_numbers: bool = False) -> None:
        self.where = where
        self._text_numbers = text_numbers
        self.rows = 0
        """How many objects were read that a model stands for."""
        self._kinds: dict[str, set[str]] = {}
        self._seen: dict[str, int] = {}
        self._objects: dict[str, int] = {}
        self._aliases = aliases
        self._found: dict[tuple[str, str], Difference] = {}

    @property
    def differences(self) -> list[Difference]:
        """What was found so far, each once."""
        return list(self._found.values())

    def shapes(self) -> dict[str, str]:
        """How each field was written: ``integer``, ``null|text``; with how often where that is not in every row."""
        told = {}
        for path, kinds in sorted(self._kinds.items()):
            seen, of = self._seen[path], self._objects.get(path.rpartition(".")[0], 0)
            told[path] = "|".join(sorted(kinds)) + ("" if seen >= of else f", in {seen} of {of}")
        return told

    def add(self, what: str, path: str, expected: str, seen: str, **deviation: object) -> None:
        """Note a difference; ``deviation`` is what has a paper venue do the same, without its ``where``."""
        made = {"where": self.where, **deviation} if deviation else None
        self._found.setdefault(
            (what, path),
            Difference(what=what, where=path, expected=expected, seen=seen, deviation=made),
        )

    def compare(self, value: object, kind: Any, path: str = "data") -> None:
        """Hold one value against the type that is to hold it."""
        kind = _without_none(kind)
        if value is None or kind in {Any, object}:
            return
        origin = get_origin(kind)
        if is_page(kind):
            self._page(value, kind, path)
        elif origin in {tuple, list, Rows}:
            self._list(_rows(value), get_args(kind)[0], path if isinstance(value, list) else f"{path}.rows")
        elif origin is not None and issubclass(origin, Mapping):
            self._mapping(value, get_args(kind)[1], path)
        elif isinstance(kind, type) and issubclass(kind, Model):
            self._model(value, kind, path)
        else:
            self._leaf(value, kind, path)

    def _page(self, value: object, kind: Any, path: str) -> None:
        origin, (item,) = get_origin(kind), get_args(kind)
        self._list(_rows(value), item, path if isinstance(value, list) else f"{path}.rows")
        if not isinstance(value, dict):
            return
        hints = get_type_hints(origin)
        for name, one in value.items():
            if name == "meta":
                self.compare(one, hints["meta"], f"{path}.meta")
            elif name in hints and name != "rows":
                self.compare(one, hints[name], f"{path}.{name}")
            elif name != "rows" and "rows" in value:
                self._unknown(name, one, path)

    def _list(self, rows: object, item: Any, path: str) -> None:
        if not isinstance(rows, list):
            self.add("shape", path, "a list", json_kind(rows))
            return
        for row in rows[:_MOST_ROWS]:
            self.compare(row, item, f"{path}[]")

    def _mapping(self, value: object, item: Any, path: str) -> None:
        if not isinstance(value, dict):
            self.add("shape", path, "an object", json_kind(value))
            return
        for one in list(value.values())[:_MOST_ROWS]:
            self.compare(one, item, f"{path}.*")

    def _model(self, value: object, kind: type[Model], path: str) -> None:
        if isinstance(value, dict) and set(value) == {"rows"} and "rows" not in _known(kind).names:
            self._list(value["rows"], kind, f"{path}.rows")
            return
        if not isinstance(value, dict):
            self.add("shape", path, "an object", json_kind(value))
            return
        self.rows += 1
        self._objects[path] = self._objects.get(path, 0) + 1
        known = _known(kind)
        given: set[str] = set()
        for name, one in value.items():
            field = known.by_name.get(name)
            if field is None:
                if not (name == "rows" and issubclass(kind, Acknowledged)):
                    self._unknown(name, one, path)
                continue
            self._note(f"{path}.{name}", one)
            if one is not None:
                given.add(field)
                if str(one) in OWN_VALUES.get(f"{kind.__name__}.{field}", "").split():
                    continue
                self.compare(one, known.hints[field], f"{path}.{name}")
                self._spelling(kind, field, known.hints[field], one, f"{path}.{name}")
        self._missing(value, kind, given, path)

    def _missing(self, value: dict[str, object], kind: type[Model], given: set[str], path: str) -> None:
        known, inner = _known(kind), path.endswith("childOrders[]")
        for field in sorted(known.needed - given):
            names = known.names[field]
            is_there = any(name in value for name in names) and field not in known.never_null
            if not is_there and not (inner and INHERITED.get(kind.__name__) == field):
                self.add(
                    "missing field",
                    f"{path}.{names[0]}",
                    " or ".join(names),
                    "absent or null",
                    kind="remove",
                    field=f"{path}.{names[0]}",
                )

    def _note(self, path: str, value: object) -> None:
        self._kinds.setdefault(path, set()).add(json_kind(value))
        self._seen[path] = self._seen.get(path, 0) + 1

    def _unknown(self, name: str, value: object, path: str) -> None:
        name = self._aliases.name(name)
        self._note(f"{path}.{name}", value)
        example = self._aliases.of(value)
        self.add(
            "unknown field",
            f"{path}.{name}",
            "no such field",
            f"{json_kind(value)}, such as {example}",
            kind="add",
            field=f"{path}.{name}",
            value=_sample(value),
        )

    def _leaf(self, value: object, kind: Any, path: str) -> None:
        is_word = isinstance(kind, type) and issubclass(kind, OpenEnum)
        if is_word and isinstance(value, str):
            if not to_enum(str(value), kind).known:
                word = self._aliases.word(value)
                self.add(
                    "unknown value",
                    path,
                    f"a value of {kind.__name__}",
                    word,
                    kind="replace",
                    field=path,
                    value=word,
                )
        elif (is_word or kind in {Decimal, int, bool, str}) and isinstance(value, (dict, list)):
            self.add("shape", path, kind.__name__, json_kind(value))

    def _spelling(self, kind: type[Model], field: str, hint: Any, value: object, path: str) -> None:
        """How a number is written, where the model says that it is one."""
        wanted = _without_none(hint)
        if wanted not in {Decimal, int} or isinstance(value, (dict, list, bool)):
            return
        seen = json_kind(value)
        if not isinstance(value, NumberText):
            if f"{kind.__name__}.{field}" not in TEXT_NUMBERS and not self._text_numbers:
                self.add("number spelling", path, "a JSON number", seen, kind="text", field=path)
        elif seen == "exponent":
            self.add("number spelling", path, "no exponent", seen, kind="exponent", field=path)
        elif wanted is int and seen == "decimal":
            self.add("number spelling", path, "a whole number", seen, kind="decimal", field=path)


def _without_none(kind: Any) -> Any:
    if get_origin(kind) in _UNIONS:
        rest = [one for one in get_args(kind) if one is not type(None)]
        return rest[0] if len(rest) == 1 else object
    return kind


def _rows(value: object) -> object:
    if isinstance(value, dict):
        return value.get("rows", [] if not value or "meta" in value else [value])
    return value


def _sample(value: object) -> object:
    """A made-up value of the same kind, for a paper venue to send."""
    kind = json_kind(value)
    samples: Iterator[tuple[str, object]] = iter(
        (
            ("integer", 7),
            ("decimal", 0.5),
            ("exponent", 0.5),
            ("boolean", value),
            ("null", None),
            ("list", []),
        )
    )
    return next((made for name, made in samples if name == kind), {} if kind == "object" else "sample")
