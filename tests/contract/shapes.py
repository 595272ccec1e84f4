"""Which wire fields a result type has room for, and what an answer left over."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

import attrs

from orderly_sync.models.base import Acknowledged, ClientOrderId, Model, Page, Rows
from orderly_sync.models.enums import OpenEnum
from orderly_sync.models.pages import CursorPage
from orderly_sync.wire.shapes import wire_names

__all__ = ["Place", "extras", "find", "fits"]


class Place(NamedTuple):
    """Where a path of an answer ends up."""

    kind: Any
    """The field's type; None where there is no room."""
    required: bool


def _inner(kind: Any) -> Any:
    """The type without its None."""
    if get_origin(kind) in {Union, types.UnionType}:
        rest = [choice for choice in get_args(kind) if choice is not type(None)]
        return rest[0] if len(rest) == 1 else Union[tuple(rest)]  # noqa: UP007
    return kind


def _is_page(kind: Any) -> bool:
    origin = get_origin(kind)
    return isinstance(origin, type) and issubclass(origin, (Page, CursorPage))


def find(kind: Any, path: str) -> Place:
    """Where ``data.rows[].symbol`` belongs in a result of that type."""
    steps = [step for step in path.replace("[]", ".[]").split(".") if step]
    return _walk(kind, steps)


def _walk(kind: Any, steps: list[str]) -> Place:
    kind = _inner(kind)
    if not steps:
        return Place(kind, required=False)
    step, rest = steps[0], steps[1:]
    if kind in {Any, object}:
        return Place(kind, required=False)
    if _is_page(kind) or get_origin(kind) is Rows:
        return _walk_rows(kind, step, rest)
    if get_origin(kind) in {tuple, list}:
        return _walk(get_args(kind)[0], rest if step == "[]" else steps)
    if get_origin(kind) in {Mapping, dict} or kind is Mapping:
        return _walk(get_args(kind)[1] if get_args(kind) else Any, rest)
    if isinstance(kind, type) and issubclass(kind, Model):
        return _walk_model(kind, step, rest)
    return Place(None, required=False)


def _walk_rows(kind: Any, step: str, rest: list[str]) -> Place:
    if step == "rows" and not rest:
        return Place(tuple, required=False)
    if step in {"rows", "[]"}:
        return _walk(get_args(kind)[0], rest[1:] if rest[:1] == ["[]"] else rest)
    if step == "meta" and _is_page(kind):
        return Place(object, required=False)
    beside = {field.name: field for field in attrs.fields(get_origin(kind))} if _is_page(kind) else {}
    if step in beside:
        return _walk(get_type_hints(get_origin(kind))[step], rest)
    return Place(None, required=False)


def _walk_model(kind: type[Model], step: str, rest: list[str]) -> Place:
    hints = get_type_hints(kind)
    for field in attrs.fields(kind):
        if step in wire_names(field, kind.wire_case):
            place = _walk(hints[field.name], rest)
            return place if rest else Place(place.kind, required=field.default is attrs.NOTHING)
    if step == "rows" and "rows" not in hints:
        # A list of one is read as the object itself.
        return _walk(kind, rest[1:]) if rest else Place(tuple, required=False)
    if step == "timestamp" and issubclass(kind, Acknowledged):
        return Place(int, required=False)
    return Place(None, required=False)


_FITTING: Mapping[str, tuple[Any, ...]] = {
    "number": (Decimal, int, bool, str),
    "integer": (int, Decimal, bool, str),
    "boolean": (bool,),
    "string": (str, int, Decimal, bool),
    "array": (tuple, list),
    "object": (),
}


def fits(published: str, kind: Any) -> bool:
    """Whether a field's type can hold what the pages call ``published``."""
    if kind in {Any, object} or kind is ClientOrderId:
        return True
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        return any(fits(published, choice) for choice in get_args(kind))
    plain = origin or kind
    if published == "object":
        return plain is Mapping or (isinstance(plain, type) and issubclass(plain, (Model, Mapping, dict)))
    if published == "array":
        return isinstance(plain, type) and issubclass(plain, (tuple, list))
    if isinstance(plain, type) and issubclass(plain, OpenEnum):
        return published in {"string", "number", "integer"}
    return plain in _FITTING.get(published, ())


def extras(value: Any, path: str = "") -> Iterator[str]:
    """Fields of an answer that found no place in its type."""
    if isinstance(value, (tuple, list)):
        for item in value:
            yield from extras(item, f"{path}[]")
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from extras(item, f"{path}{{}}")
    elif attrs.has(type(value)):
        if isinstance(value, Model):
            yield from (f"{path}.{name}" for name in value.extra)
        for field in attrs.fields(type(value)):
            if field.name not in {"extra", "fetch", "frame"}:
                yield from extras(getattr(value, field.name), f"{path}.{field.name}")
