"""How a JSON object becomes a model, fast: one generated function for each model.

cattrs chooses by type: it asks ``structure_hook`` once for each model, and a field's values go to the hook it has for
the field's type. Its own function for a class is not used: it reads one spelling of a field, drops what it does not
know and goes through ``__init__``, which is slow where models refuse assignment. The function generated here takes the
values of the keys of the first object seen, converts those that are not yet of their type, and stores them into an open
twin: a subclass without the refusal, which becomes the model by changing its class before anybody sees it. For objects
with the same keys, in any order, that is all. Others are first laid over a blank, which costs half to three quarters
more; what does not fit, or says two things of one field in spellings not met before, is walked field by field.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from operator import itemgetter
from sys import intern
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

import attrs
import cattrs

from orderly_sync.models.base import EMPTY, UNFRAMED, ClientOrderId, Frame, Model, Push
from orderly_sync.models.enums import OpenEnum

__all__ = ["FieldError", "Structure", "structure_hook", "structure_rows", "wire_names", "written_names"]

Structure = Callable[..., Any]
"""``(data, kind=None, frame=UNFRAMED) -> model``; cattrs calls it with two arguments."""
Keys = tuple[str, ...]
_Values = Callable[[dict[str, Any]], tuple[Any, ...]]

_REPEATED = frozenset({"fee_asset", "order_tag", "symbol", "token"})
"""Texts of which there are few, so that many models may share them."""
_NOTHING: dict[str, Any] = {}
_SCOPE = {"Decimal": Decimal, "EMPTY": EMPTY, "intern": intern, "new": object.__new__}
_written: dict[type, tuple[tuple[str, str], ...]] = {}
_FACTORY: type = type(attrs.Factory(list))
_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]*\Z")
_MISFIT = (ValueError, TypeError, AttributeError)
_NATIVE = {"to_decimal": "Decimal", "to_float": "float", "to_int": "int", "to_str": "str"}
"""What a converter's hook would hand back untouched."""


class FieldError(ValueError):
    """A value that does not fit its field; ``path`` leads to it from the outermost object."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason


def wire_names(field: attrs.Attribute[Any], case: str) -> Keys:
    """All names under which the wire may send a field, the one to write first."""
    given: Keys | None = field.metadata.get("wire")
    if given == ():
        return ()
    head, *rest = field.name.split("_")
    camel = head + "".join(part[:1].upper() + part[1:] for part in rest)
    own = (camel, field.name) if case == "camel" else (field.name, camel)
    return tuple(dict.fromkeys((*(given or ()), *own)))


def written_names(kind: type[Model]) -> tuple[tuple[str, str], ...]:
    """Pairs of field and the wire name it is written under."""
    if kind not in _written:
        pairs = ((field.name, wire_names(field, kind.wire_case)) for field in attrs.fields(kind))
        _written[kind] = tuple((name, names[0]) for name, names in pairs if names)
    return _written[kind]


class _Field(NamedTuple):
    """One field of a model as the wire sees it."""

    name: str
    names: Keys
    kind: Any
    default: object
    needed: bool
    """Whether it may be neither absent nor null."""
    hook: Callable[..., Any]
    """``(value, kind) -> value``; of pushes within a push ``(value, kind, frame)``: they came in the same frame."""


def _field(name: str, names: Keys, default: object, hint: object, converter: cattrs.Converter) -> _Field:
    inner = [arg for arg in get_args(hint) if arg is not type(None)]
    optional = len(inner) == 1 < len(get_args(hint))
    kind: Any = inner[0] if optional else hint
    hook: Structure = converter.get_structure_hook(kind)
    if _holds_pushes(kind):
        one = converter.get_structure_hook(get_args(kind)[0])

        def hook(value: object, _: object, frame: Frame) -> tuple[Any, ...]:
            return tuple(structure_rows(one, value, None, frame))

    required = default is attrs.NOTHING
    needed = required and not optional and kind is not ClientOrderId
    return _Field(name, names, kind, None if required else default, needed, hook)


def _holds_pushes(kind: object) -> bool:
    item = get_args(kind)[0] if get_origin(kind) is tuple else None
    return isinstance(item, type) and issubclass(item, Push)


class _Reader:
    """How objects of one model are read."""

    def __init__(self, kind: type[Model], converter: cattrs.Converter) -> None:
        for field in attrs.fields(kind):
            if not _IDENTIFIER.match(field.name):
                raise TypeError(f"{kind.__name__}: field names must be plain lower-case identifiers")
            if field.validator or field.converter or type(field.default) is _FACTORY:
                raise TypeError(f"{field.name}: a model's field is plain: no validator, converter or factory")
        self.kind = kind
        self._converter = converter
        self._fields: list[_Field] | None = None
        self._fed: Counter[str] | None = None

    @property
    def fields(self) -> list[_Field]:
        """Made at first use: a model may hold models of its own kind."""
        if self._fields is None:
            hints, case = get_type_hints(self.kind), self.kind.wire_case
            named = [(field, wire_names(field, case)) for field in attrs.fields(self.kind)]
            self._fields = [
                _field(f.name, names, f.default, hints[f.name], self._converter)
                for f, names in named
                if names
            ]
        return self._fields

    @property
    def fed(self) -> Counter[str]:
        """How many fields each name feeds."""
        if self._fed is None:
            self._fed = Counter(name for field in self.fields for name in field.names)
        return self._fed

    def walk(self, data: object, frame: Frame) -> Any:
        """Structure field by field, naming the path of what does not fit."""
        if not isinstance(data, dict):
            raise FieldError("$", f"{type(data).__name__} where an object was expected")
        made: dict[str, Any] = {"frame": frame} if issubclass(self.kind, Push) else {}
        extra = {key: value for key, value in data.items() if key not in self.fed}
        for field in self.fields:
            made[field.name] = field.default
            given = [name for name in field.names if data.get(name) is not None]
            if given:
                value = data[given[0]]
                more = (frame,) if _holds_pushes(field.kind) else ()
                made[field.name] = _within(f".{given[0]}", field.hook, value, field.kind, *more)
                spare = [name for name in given if self.fed[name] == 1 and data[name] != value]
                extra.update({name: data[name] for name in spare})
        for field in self.fields:
            if field.needed and made[field.name] is None:
                raise FieldError(f"$.{field.names[0]}", "missing")
        return self.kind(**made, extra=extra or EMPTY)

    def learn(self, first: dict[str, Any]) -> _Function:
        """The model's function, made for objects of the same keys as ``first``."""
        sources = {}
        homes: dict[str, Keys] = {}
        for field in self.fields:
            sole = [name for name in field.names if self.fed[name] == 1]
            sources[field.name] = names = [name for name in field.names if name in first] or sole[:1]
            home = [name for name in names if name in sole][:1]
            homes.update({name: (*home, *names) if home and name in sole else () for name in field.names})
        given = [key for key in first if key in homes]
        others = [name for names in sources.values() for name in names if name not in first]
        blank = dict.fromkeys([*given, *others])
        build = self._generate(given, others, sources)
        return _Function(len(given), _values(given), build, _values(list(blank)), blank, homes, self.walk)

    def _generate(self, given: list[str], others: list[str], sources: dict[str, list[str]]) -> Structure:
        """``(frame, extra, *values of given, *values of others)``; its text holds field names and numbers only."""
        at = {name: f"v{index}" for index, name in enumerate([*given, *others])}
        scope: dict[str, Any] = {**_SCOPE, "Kind": self.kind, "Twin": _open_twin(self.kind)}
        scope.update({f"key_{at[name]}": name for name in at})
        lines = ["made = new(Twin)"]
        for field in self.fields:
            scope.update({f"{part}_{field.name}": value for part, value in field._asdict().items()})
            scope[f"known_{field.name}"] = getattr(field.kind, "_value2member_map_", None)
            value, *spare = [at[name] for name in sources[field.name]] or [f"default_{field.name}"]
            for other, name in zip(spare, sources[field.name][1:], strict=True):
                lines.append(f"if {value} is None: {value} = {other}")
                if self.fed[name] == 1:
                    keep = f"extra = extra or {{}}; extra[key_{other}] = {other}"
                    # Equal decimals of one frame are mostly one object, and cost more to compare.
                    differs = f"{other} is not {value} and {other} is not None and {other} != {value}"
                    lines.append(f"elif {differs}: {keep}")
            lines += _conversion(field, value) if sources[field.name] else ()
            lines.append(f"made.{field.name} = {value}")
        lines += ["made.frame = frame"] if issubclass(self.kind, Push) else []
        lines += ["made.extra = extra or EMPTY", "made.__class__ = Kind", "return made"]
        taken = [*(at[name] for name in given), *(f"{at[name]}=None" for name in others)]
        text = "\n  ".join([f"def build({', '.join(['frame', 'extra', *taken])}):", *lines])
        exec(compile(text, f"<reader of {self.kind.__name__}>", "exec"), scope)  # noqa: S102 - see the docstring
        build: Structure = scope["build"]
        return build


class _Function(NamedTuple):
    """What was generated for a model, and how the values it takes are found in an object."""

    size: int
    """How many values ``given`` takes: an object that has them and no other key needs no more than ``build``."""
    given: _Values
    build: Structure
    all: _Values
    blank: dict[str, None]
    homes: dict[str, Keys]
    """For each spelling of a field the one the function takes, and all that it takes; none where a walk must tell."""
    walk: Callable[[object, Frame], Any]

    def read(self, data: dict[str, Any], frame: Frame) -> Any:
        """The model of an object of whatever keys."""
        laid: dict[str, Any] = {**self.blank, **data}
        extra = {}
        for key in list(laid)[len(self.blank) :]:
            if key not in self.homes:
                extra[key] = data[key]
            elif data[key] is not None:
                homes = self.homes[key]
                if not homes or any(laid[name] is not None for name in homes):
                    return self.walk(data, frame)
                laid[homes[0]] = data[key]
        try:
            return self.build(frame, extra, *self.all(laid))
        except _MISFIT:
            return self.walk(data, frame)


def _values(names: list[str]) -> _Values:
    return itemgetter(*names) if len(names) > 1 else lambda data: tuple([data[name] for name in names])


def _conversion(field: _Field, value: str) -> list[str]:
    """The lines that bring one value into its type; next to nothing where it is of it already."""
    name, kind, native = field.name, field.kind, _NATIVE.get(getattr(field.hook, "__name__", ""))
    convert = f"{value} = hook_{name}({value}, kind_{name}{', frame' if _holds_pushes(kind) else ''})"
    absent = "pass" if field.default is None else f"{value} = default_{name}"
    is_absent = f"if {value} is None: {'raise ValueError' if field.needed else absent}"
    if isinstance(kind, type) and issubclass(kind, OpenEnum):
        return [
            is_absent,
            "else:",
            f"  try: {value} = known_{name}[{value}]",
            f"  except KeyError: {convert}",
        ]
    if kind is ClientOrderId:
        return [is_absent, f"elif type({value}) is not str or not {value} or {value} == '0': {convert}"]
    if kind is str and name in _REPEATED:
        return [f"if type({value}) is str: {value} = intern({value})", f"el{is_absent}", f"else: {convert}"]
    if kind is bool:
        return [f"if {value} is not True and {value} is not False:", f"  {is_absent}", f"  else: {convert}"]
    if native:  # the usual case first
        return [f"if type({value}) is not {native}:", f"  {is_absent}", f"  else: {convert}"]
    return [is_absent, f"else: {convert}"]


def _open_twin(kind: type[Model]) -> type[Model]:
    """A subclass of the same layout that lets its fields be set."""
    body = {"__slots__": (), "__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    return type(f"_Open{kind.__name__}", (kind,), body)


def structure_rows(hook: Structure, rows: object, *more: object) -> list[Any]:
    """The rows of a list, structured in order by ``hook(row, *more)``.

    Raises:
        FieldError: It is no list, or a row does not fit; the path starts with the row's index.
    """
    if rows.__class__ is not list:
        raise FieldError("$", f"{rows.__class__.__name__} where a list was expected")
    try:
        return [hook(row, *more) for row in rows]
    except _MISFIT:
        return [_within(f"[{index}]", hook, row, *more) for index, row in enumerate(rows)]


def _within(step: str, hook: Callable[..., Any], *args: object) -> Any:
    """What a hook makes; its errors say where that was."""
    try:
        return hook(*args)
    except FieldError as exc:
        raise FieldError(f"${step}{exc.path[1:]}", exc.reason) from None
    except _MISFIT as exc:
        raise FieldError(f"${step}", str(exc)) from None


def structure_hook(kind: type[Model], converter: cattrs.Converter) -> Structure:
    """The function that structures ``kind``; each model's field names must be plain identifiers."""
    reader = _Reader(kind, converter)
    function: _Function | None = None
    given: Any = None
    build: Any = None
    size = 0

    def structure(data: Any, _: object = None, frame: Frame = UNFRAMED) -> Any:
        nonlocal function, given, build, size
        if data.__class__ is not dict:
            return reader.walk(data, frame)
        if function is None:
            learnt = reader.learn(data)
            size, given, build, *_ = learnt
            function = learnt  # the last: other threads may come while it is learnt
        try:
            if len(data) == size:
                return build(frame, _NOTHING, *given(data))
        except KeyError:
            pass  # as many keys, but others
        except _MISFIT:
            return reader.walk(data, frame)
        return function.read(data, frame)

    return structure
