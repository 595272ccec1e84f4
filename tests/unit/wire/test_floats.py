"""With ``numbers=float`` no model holds a decimal, whatever the wire says and whatever it leaves out."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, get_args, get_origin, get_type_hints

import attrs
import pytest

import orderly_sync.models
from orderly_sync.models.base import ClientOrderId, Model, Push
from orderly_sync.models.enums import OpenEnum
from orderly_sync.models.pushes.book import Level
from orderly_sync.wire.converter import default_converter
from orderly_sync.wire.shapes import written_names

NUMBER = Decimal("1.5")
TEXTS = {"date": "2026-01-02", "available_futures_leverage": "1,2"}
"""Texts that are read further."""
NOT_VALUES = {"frame", "events", "root", "parent"}


def kinds() -> list[type[Model]]:
    """Every model of the package."""
    for module in pkgutil.walk_packages(orderly_sync.models.__path__, "orderly_sync.models."):
        importlib.import_module(module.name)
    found: dict[type[Model], None] = {}
    waiting: list[type[Model]] = [Model]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            if kind.__module__.startswith("orderly_sync.") and kind not in found:
                found[kind] = None
                waiting.append(kind)
    public = [kind for kind in found if getattr(sys.modules[kind.__module__], kind.__name__, None) is kind]
    return [kind for kind in public if kind is not Push]


def example(hint: Any, depth: int = 0) -> Any:
    """Some JSON, as decoded, that a field of that type takes."""
    if hint is Level:
        return [NUMBER, NUMBER]
    args = [each for each in get_args(hint) if each is not type(None)]
    origin = get_origin(hint)
    if origin is not None and isinstance(origin, type) and issubclass(origin, tuple):
        return [example(args[0], depth + 1)] if depth < 4 else []
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return {"key": example(args[1], depth + 1)}
    if args:
        return example(args[0], depth)
    if isinstance(hint, type) and issubclass(hint, Model):
        return wire_of(hint, depth + 1, bare=depth >= 4)
    if isinstance(hint, type) and issubclass(hint, OpenEnum):
        return "SOMETHING"
    return {bool: True, int: 3, str: "text", Decimal: NUMBER, ClientOrderId: "mine"}.get(
        hint, {"any": [NUMBER]}
    )


def wire_of(kind: type[Model], depth: int = 0, *, bare: bool = False) -> dict[str, Any]:
    """A model's JSON with every field, or with those alone that it cannot do without; and one that nobody knows."""
    hints = get_type_hints(kind)
    needed = {field.name for field in attrs.fields(kind) if field.default is attrs.NOTHING}
    data = {
        name: TEXTS.get(field) or example(hints[field], depth)
        for field, name in written_names(kind)
        if not bare or field in needed
    }
    return {**data, "tomorrows": {"deep": [NUMBER, {"er": NUMBER}]}}


def decimals(value: Any, path: str = "", depth: int = 0) -> Iterator[str]:
    """Where in a value a decimal is found."""
    if isinstance(value, Decimal):
        yield path
    elif depth > 6:
        return
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from decimals(one, f"{path}[{key!r}]", depth + 1)
    elif isinstance(value, (tuple, list)):
        for index, one in enumerate(value):
            yield from decimals(one, f"{path}[{index}]", depth + 1)
    elif isinstance(value, Model):
        names = {field.name for field in attrs.fields(type(value))} - NOT_VALUES
        names |= {
            name
            for kind in type(value).__mro__
            for name, member in vars(kind).items()
            if isinstance(member, property) and not name.startswith("_") and name not in NOT_VALUES
        }
        for name in sorted(names):
            yield from decimals(getattr(value, name), f"{path}.{name}", depth + 1)


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_no_model_holds_a_decimal(kind: type[Model]):
    """Fields, properties, rows within rows, fields nobody knows; full or bare."""
    value = default_converter(float).structure(wire_of(kind), kind)
    assert list(decimals(value)) == []
    assert value.extra == {"tomorrows": {"deep": [1.5, {"er": 1.5}]}}
    bare = default_converter(float).structure(wire_of(kind, bare=True), kind)
    fields = {field.name for field in attrs.fields(kind)} - NOT_VALUES
    assert [name for name in fields for _ in decimals(getattr(bare, name))] == []


def test_the_walk_finds_decimals():
    """It would find them, were there any."""
    kind = next(kind for kind in kinds() if kind.__name__ == "ExecutionReport")
    value = default_converter(Decimal).structure(wire_of(kind), kind)
    assert {".price", ".remaining", ".filled", ".extra['tomorrows']['deep'][1]['er']"} <= set(decimals(value))
