"""How a JSON object becomes a model, fast.

The wire sends the same few shapes again and again: the same keys in the same order. For each shape of a model a plan is
made (which key feeds which field, which aliases stand in, what is unknown) and, once the shape has been seen a few
times, compiled into one straight function: unpack the values, convert those that are not yet of their type, store them.
Shapes are bounded in number, so a venue that invents keys cannot fill the memory; beyond the bound objects are walked
field by field. So is what a compiled function cannot convert, to find the path of the value that does not fit.

Models refuse assignment, and that refusal is what makes building them slow. So values are stored into an open twin, a
subclass of the same layout without the refusal, which becomes the model by changing its class before anybody sees it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any, get_args, get_origin, get_type_hints

import attrs
import cattrs

from orderly_sync.models.base import EMPTY, UNFRAMED, ClientOrderId, Frame, Model, Push
from orderly_sync.models.enums import OpenEnum

__all__ = ["FieldError", "Structure", "structure_hook", "structure_rows", "wire_names", "written_names"]

_MAX_SHAPES = 64
_COMPILE_AFTER = 2

_REPEATED = frozenset({"fee_asset", "order_tag", "symbol", "token"})
"""Texts of which there are few, so that many models may share them."""
_share = lru_cache(maxsize=1024)(str)

Structure = Callable[..., Any]
"""``(data, kind=None, frame=UNFRAMED) -> model``; cattrs calls it with two arguments."""
Build = Callable[[Iterable[Any], Frame], Any]
Keys = tuple[str, ...]

_written: dict[type, tuple[tuple[str, str], ...]] = {}

_FACTORY: type = type(attrs.Factory(list))
_NATIVE = {"to_decimal": "Decimal", "to_float": "float", "to_int": "int", "to_str": "str"}
"""What a converter's hook would hand back untouched."""


class FieldError(ValueError):
    """A value that does not fit its field; ``path`` leads to it from the outermost object."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def wire_names(field: attrs.Attribute[Any], case: str) -> tuple[str, ...]:
    """All names under which the wire may send a field, the one to write first."""
    given: tuple[str, ...] | None = field.metadata.get("wire")
    if given == ():
        return ()
    own = (_camel(field.name), field.name) if case == "camel" else (field.name, _camel(field.name))
    return tuple(dict.fromkeys((*(given or ()), *own)))


def written_names(kind: type[Model]) -> tuple[tuple[str, str], ...]:
    """Pairs of field and the wire name it is written under."""
    if kind not in _written:
        pairs = ((field.name, wire_names(field, kind.wire_case)) for field in attrs.fields(kind))
        _written[kind] = tuple((name, names[0]) for name, names in pairs if names)
    return _written[kind]


class _Field:
    """One field of a model as the wire sees it."""

    __slots__ = ("_hook", "converter", "default", "kind", "name", "names", "nullable", "required")

    def __init__(
        self, field: attrs.Attribute[Any], names: Keys, kind: object, converter: cattrs.Converter
    ) -> None:
        if field.validator or field.converter or type(field.default) is _FACTORY:
            raise TypeError(f"{field.name}: a model's field is plain: no validator, converter or factory")
        inner, optional = _split_optional(kind)
        self.name = field.name
        self.names = names
        self.kind = inner
        self.nullable = optional or inner is ClientOrderId
        self.required = field.default is attrs.NOTHING
        self.default = field.default
        self.converter = converter
        self._hook: Callable[[Any, Any], Any] | None = None

    @property
    def hook(self) -> Callable[[Any, Any], Any]:
        # Looked up on first use: a model may hold models of its own kind.
        if self._hook is None:
            self._hook = self.converter.get_structure_hook(self.kind)
        return self._hook

    @property
    def item_hook(self) -> Structure:
        item: Any = get_args(self.kind)[0]
        return self.converter.get_structure_hook(item)

    @property
    def holds_pushes(self) -> bool:
        item = get_args(self.kind)[0] if get_origin(self.kind) is tuple else None
        return isinstance(item, type) and issubclass(item, Push)


class _Plan:
    """Which keys of one shape feed which fields of a model.

    Of two spellings of one field the first that has a value feeds it; another value under the second is an extra,
    unless it has a field of its own.
    """

    __slots__ = ("aliases", "keys", "sources", "unknown")

    def __init__(self, fields: Iterable[_Field], keys: Keys) -> None:
        self.keys = keys
        at = {key: index for index, key in enumerate(keys)}
        self.sources: list[tuple[_Field, list[int]]] = []
        used: set[int] = set()
        for field in fields:
            found = [at[name] for name in field.names if name in at]
            if found:
                self.sources.append((field, found))
                used.update(found)
        fed = Counter(index for _, found in self.sources for index in found)
        self.aliases = {
            index for _, found in self.sources if len(found) > 1 for index in found if fed[index] == 1
        }
        self.unknown = [(key, index) for index, key in enumerate(keys) if index not in used]


class _Shapes:
    """What is known of one model: its fields, and a function for each shape seen often enough."""

    def __init__(self, kind: type[Model], converter: cattrs.Converter) -> None:
        self.kind = kind
        self.twin = _open_twin(kind)
        hints = get_type_hints(kind)
        named = ((field, wire_names(field, kind.wire_case)) for field in attrs.fields(kind))
        self.fields = [_Field(field, names, hints[field.name], converter) for field, names in named if names]
        self.built: dict[Keys, Build] = {}
        self._seen: dict[Keys, int] = {}

    def walk(self, data: object, frame: Frame) -> Any:
        """Structure field by field, naming the path of what does not fit."""
        if not isinstance(data, dict):
            raise FieldError("$", f"{type(data).__name__} where an object was expected")
        keys = tuple(data)
        plan = _Plan(self.fields, keys)
        values = list(data.values())
        made: dict[str, Any] = {"frame": frame} if issubclass(self.kind, Push) else {}
        spare: dict[str, Any] = {}
        for field, sources in plan.sources:
            index = next((i for i in sources if values[i] is not None), sources[0])
            if values[index] is not None:
                made[field.name] = _convert(field, keys[index], values[index], frame)
                others = ((keys[i], values[i]) for i in sources if i in plan.aliases and i != index)
                spare.update(
                    {key: value for key, value in others if value is not None and value != values[index]}
                )
        for field in self.fields:
            if field.required and made.get(field.name) is None:
                if not field.nullable:
                    raise FieldError(f"$.{field.names[0]}", "missing")
                made[field.name] = None
        if plan.unknown or spare:
            made["extra"] = {**{key: values[index] for key, index in plan.unknown}, **spare}
        self._remember(keys, plan)
        return self.kind(**made)

    def _remember(self, keys: Keys, plan: _Plan) -> None:
        if len(self.built) >= _MAX_SHAPES or (keys not in self._seen and len(self._seen) >= 4 * _MAX_SHAPES):
            return
        times = self._seen.get(keys, 0) + 1
        self._seen[keys] = times
        if times > _COMPILE_AFTER:
            self.built[keys] = self._compile(len(keys), plan)
            # Another thread may have been here in between.
            self._seen.pop(keys, None)

    def _compile(self, count: int, plan: _Plan) -> Build:
        """One function for one shape. Its text holds field names of the model and numbers, nothing of the wire."""
        scope: dict[str, Any] = {
            "Kind": self.kind,
            "Twin": self.twin,
            "new": object.__new__,
            "Decimal": Decimal,
            "keys": tuple(key for key, _ in plan.unknown),
            "EMPTY": EMPTY,
        }
        lines = [f"{''.join(f'v{i}, ' for i in range(count)).rstrip()} = values"] if count else []
        if plan.aliases:
            lines.append("spare = {}")
        fed = {field.name for field, _ in plan.sources}
        stores = ["made = new(Twin)"]
        for field, sources in plan.sources:
            value = f"v{sources[0]}"
            for i in sources[1:]:
                lines += _fallback(value, i, plan, scope)
            lines += _conversion(field, value, scope)
            stores.append(f"made.{field.name} = {value}")
        for field in self.fields:
            if field.name not in fed:
                scope[f"default_{field.name}"] = None if field.required else field.default
                stores.append(f"made.{field.name} = default_{field.name}")
        if plan.unknown:
            unknown = "".join(f"v{index}, " for _, index in plan.unknown)
            more = ", **spare" if plan.aliases else ""
            stores.append(f"made.extra = dict(zip(keys, ({unknown})){more})")
        elif plan.aliases:
            stores.append("made.extra = spare or EMPTY")
        else:
            stores.append("made.extra = EMPTY")
        if issubclass(self.kind, Push):
            stores.append("made.frame = frame")
        stores += ["made.__class__ = Kind", "return made"]
        text = "\n    ".join(["def build(values, frame):", *lines, *stores])
        exec(compile(text, f"<shape of {self.kind.__name__}>", "exec"), scope)  # noqa: S102 - see the docstring
        build: Build = scope["build"]
        return build


def _open_twin(kind: type[Model]) -> type[Model]:
    """A subclass of the same layout that lets its fields be set."""
    body = {"__slots__": (), "__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    return type(f"_Open{kind.__name__}", (kind,), body)


def _convert(field: _Field, key: str, value: object, frame: Frame) -> object:
    try:
        return _structure_pushes(field, value, frame) if field.holds_pushes else field.hook(value, field.kind)
    except FieldError as exc:
        raise FieldError(f"$.{key}{exc.path[1:]}", exc.reason) from None
    except (ValueError, TypeError, AttributeError) as exc:
        raise FieldError(f"$.{key}", str(exc)) from None


def _structure_pushes(field: _Field, value: object, frame: Frame) -> object:
    """A list of pushes within a push: they came in the same frame."""
    return tuple(structure_rows(field.item_hook, value, None, frame))


def structure_rows(hook: Structure, rows: object, *more: object) -> list[Any]:
    """The rows of a list, structured in order by ``hook(row, *more)``.

    Raises:
        FieldError: It is no list, or a row does not fit; the path starts with the row's index.
    """
    if rows.__class__ is not list:
        raise FieldError("$", f"{rows.__class__.__name__} where a list was expected")
    try:
        return [hook(row, *more) for row in rows]
    except (ValueError, TypeError, AttributeError):
        return [_structure_row(hook, index, row, more) for index, row in enumerate(rows)]


def _structure_row(hook: Structure, index: int, row: object, more: tuple[object, ...]) -> object:
    try:
        return hook(row, *more)
    except FieldError as exc:
        raise FieldError(f"$[{index}]{exc.path[1:]}", exc.reason) from None
    except (ValueError, TypeError, AttributeError) as exc:
        raise FieldError(f"$[{index}]", str(exc)) from None


def _fallback(value: str, index: int, plan: _Plan, scope: dict[str, object]) -> list[str]:
    """The lines that let another spelling stand in, and keep what it says otherwise."""
    lines = [f"if {value} is None: {value} = v{index}"]
    if index in plan.aliases:
        scope[f"alias{index}"] = plan.keys[index]
        lines.append(f"elif v{index} is not None and v{index} != {value}: spare[alias{index}] = v{index}")
    return lines


def _conversion(field: _Field, value: str, scope: dict[str, object]) -> list[str]:
    """The lines that bring one value into its type; next to nothing where it is of it already."""
    name = field.name
    lines = []
    if not field.nullable:
        scope[f"default_{name}"] = field.default
        absent = f"raise ValueError({name!r})" if field.required else f"{value} = default_{name}"
        lines = [f"if {value} is None: {absent}"]
    return lines + _typing(field, value, scope)


def _typing(field: _Field, value: str, scope: dict[str, object]) -> list[str]:
    name, kind, hook = field.name, field.kind, field.hook
    scope[f"hook_{name}"], scope[f"type_{name}"] = hook, kind
    convert = f"{value} = hook_{name}({value}, type_{name})"
    given = f"{value} is not None"
    native = _NATIVE.get(hook.__name__)
    if kind is ClientOrderId:
        return [f"if type({value}) is not str or not {value} or {value} == '0': {convert}"]
    if kind is bool:
        return [f"if {value} is not True and {value} is not False and {given}: {convert}"]
    if isinstance(kind, type) and issubclass(kind, OpenEnum):
        scope[f"known_{name}"] = {**kind._value2member_map_, **({None: None} if field.nullable else {})}
        return [f"try: {value} = known_{name}[{value}]", f"except KeyError: {convert}"]
    if field.holds_pushes:
        scope["rows"], scope[f"item_{name}"] = structure_rows, field.item_hook
        convert = f"{value} = tuple(rows(item_{name}, {value}, None, frame))"
    elif kind is str and name in _REPEATED:
        scope["share"] = _share
        convert = f"{value} = share({value}) if type({value}) is str else hook_{name}({value}, type_{name})"
    elif native is not None:
        given = f"type({value}) is not {native} and {given}"
    return [f"if {given}: {convert}"]


def _split_optional(kind: object) -> tuple[object, bool]:
    args = get_args(kind)
    if type(None) in args and len(args) == 2:  # noqa: PLR2004 - the one and None
        return next(arg for arg in args if arg is not type(None)), True
    return kind, False


_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]*\Z")


def structure_hook(kind: type[Model], converter: cattrs.Converter) -> Structure:
    """The function that structures ``kind``; each model's field names must be plain identifiers."""
    if not all(_IDENTIFIER.match(field.name) for field in attrs.fields(kind)):
        raise TypeError(f"{kind.__name__}: field names must be plain lower-case identifiers")
    shapes = _Shapes(kind, converter)
    built, walk = shapes.built, shapes.walk
    last: tuple[Keys, Build | None] = ((), None)

    def structure(data: object, _: object = None, frame: Frame = UNFRAMED) -> Any:
        nonlocal last
        if data.__class__ is not dict:
            return walk(data, frame)
        keys = tuple(data)
        known, build = last
        if keys != known or build is None:
            build = built.get(keys)
            if build is None:
                return walk(data, frame)
            last = (keys, build)
        try:
            return build(data.values(), frame)
        except (ValueError, TypeError, AttributeError):
            return walk(data, frame)

    return structure
