"""What this package types of the API, read off its own methods: parameters, fields of answers, values of both."""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from functools import cache
from typing import Literal, get_args, get_origin, get_type_hints, is_typeddict

import attrs

from orderly_sync.cli.openapi import ApiNames
from orderly_sync.models.base import Model
from orderly_sync.models.enums import OpenEnum
from orderly_sync.rest.listing import methods
from orderly_sync.wire.operations import OPERATIONS
from orderly_sync.wire.shapes import wire_names

__all__ = ["spelling", "typed_operations"]

_PAGE = ("rows", "meta", "total", "records_per_page", "current_page")
"""What a list's own answer holds beside its rows."""


_MAPPINGS = {Mapping, dict}


def spelling(name: str) -> str:
    """A name without what two spellings of it differ in: case, and what parts its words."""
    return name.replace("_", "").replace("-", "").lower()


def typed_operations() -> dict[tuple[str, str], ApiNames]:
    """Each operation, by verb and path template; of an answer whose names are not typed, ``*`` stands for all."""
    found: dict[tuple[str, str], ApiNames] = {}
    for name, function in methods():
        endpoint = OPERATIONS[name]
        made = ApiNames(_parameters(function), _fields(function))
        key = (endpoint.method, endpoint.path)
        found[key] = made if key not in found else _both(found[key], made)
    return found


def _both(one: ApiNames, other: ApiNames) -> ApiNames:
    return ApiNames(_merged(one.parameters, other.parameters), _merged(one.fields, other.fields))


def _merged(*given: object) -> dict[str, frozenset[str]]:
    merged: dict[str, frozenset[str]] = {}
    for names in given:
        assert isinstance(names, dict)
        for name, values in names.items():
            merged[name] = merged.get(name, frozenset()) | values
    return merged


def _parameters(function: Callable[..., object]) -> dict[str, frozenset[str]]:
    """Names that the method takes, and those that it, or a function that it calls for its body, sends."""
    hints = get_type_hints(function)
    found = {spelling(name): _values(hints.get(name)) for name in inspect.signature(function).parameters}
    for name in _sent(function):
        found.setdefault(spelling(name), frozenset())
    for name, hint in hints.items():
        for made in _dictionaries(hint):
            typed = get_type_hints(made)
            found = _merged(found, {spelling(one): _values(typed[one]) for one in typed})
        for kind in _models(hint) if name != "return" else ():
            found = _merged(found, _fields_of(kind))
    return found


@cache
def _sent(function: Callable[..., object], depth: int = 3) -> frozenset[str]:
    """Keywords and texts in a function, and in those of this package that it calls by their module or name."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return frozenset()
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.keyword, ast.arg)):
            names |= {str(node.arg)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isascii():
            names |= {node.value} if " " not in node.value else set()
        elif isinstance(node, ast.Call) and depth:
            called = _called(node.func, function)
            if called is not None:
                names |= _sent(called, depth - 1)
    return frozenset(names)


def _called(node: ast.expr, function: Callable[..., object]) -> Callable[..., object] | None:
    space = vars(sys.modules[function.__module__])
    if isinstance(node, ast.Name):
        found = space.get(node.id)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        found = getattr(space.get(node.value.id), node.attr, None)
    else:
        return None
    own = inspect.isfunction(found) and found.__module__.startswith("orderly_sync.")
    return found if own else None


def _fields(function: Callable[..., object]) -> dict[str, frozenset[str]]:
    found = {spelling(name): frozenset[str]() for name in _PAGE}
    answer = get_type_hints(function).get("return")
    kinds = list(_models(answer))
    page = get_origin(answer)
    if isinstance(page, type) and attrs.has(page):
        found = {**found, **{spelling(field.name): frozenset() for field in attrs.fields(page)}}
    for kind in kinds:
        found = _merged(found, _fields_of(kind))
    return found if kinds else {**found, "*": frozenset()}


def _fields_of(kind: type, above: tuple[type, ...] = ()) -> dict[str, frozenset[str]]:
    """Names of a model under every spelling that it reads, and of those within it."""
    if kind in above:
        return {}
    hints = get_type_hints(kind)
    found: dict[str, frozenset[str]] = {}
    for field in attrs.fields(kind):
        if field.name == "extra":  # what is not typed
            continue
        values = _values(hints[field.name])
        for name in wire_names(field, getattr(kind, "wire_case", "snake")):
            found[spelling(name)] = found.get(spelling(name), frozenset()) | values
        for one in _models(hints[field.name]):
            found = _merged(found, _fields_of(one, (*above, kind)))
        if _is_open(hints[field.name]):
            found["*"] = frozenset()
    return found


def _is_open(hint: object) -> bool:
    """Whether a field takes any names: a mapping."""
    return hint is Mapping or any(get_origin(one) in _MAPPINGS for one in (hint, *get_args(hint)))


def _dictionaries(hint: object) -> Iterator[type]:
    if is_typeddict(hint):
        assert isinstance(hint, type)
        yield hint
    for inner in get_args(hint):
        yield from _dictionaries(inner)


def _models(hint: object) -> Iterator[type]:
    if isinstance(hint, type) and issubclass(hint, Model):
        yield hint
    for inner in get_args(hint):
        yield from _models(inner)


def _values(hint: object) -> frozenset[str]:
    """Values that a type allows; none where it has no list of them."""
    if isinstance(hint, type) and issubclass(hint, OpenEnum):
        return frozenset(str(one.value) for one in hint)
    if get_origin(hint) is Literal:
        return frozenset(str(one.value if isinstance(one, Enum) else one) for one in get_args(hint))
    return frozenset[str]().union(*(_values(inner) for inner in get_args(hint)))
