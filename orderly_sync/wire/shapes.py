"""How a JSON object becomes a model, fast.

The wire sends the same few shapes again and again: the same keys in the same order. For each shape of a model a plan is made
once (which key feeds which field, which aliases stand in, what is unknown) and, once the shape has been seen a few times,
compiled into one straight function: unpack the values, convert those that are not yet of their type, construct. Shapes are
bounded in number, so a venue that invents keys cannot fill the memory; beyond the bound the plan is walked instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, get_args, get_type_hints

import attrs
import cattrs

from orderly_sync.models.base import ClientOrderId, Model

__all__ = ["FieldError", "structure_hook", "wire_names", "written_names"]

_MAX_SHAPES = 64
_COMPILE_AFTER = 2
_EXACT = {Decimal: Decimal, int: int, str: str, bool: bool}

Build = Callable[[dict[str, Any]], Any]


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
    given: tuple[str, ...] = field.metadata.get("wire", (None,))
    if given == ():
        return ()
    own = (_camel(field.name), field.name) if case == "camel" else (field.name, _camel(field.name))
    names = own if given == (None,) else (*given, *own)
    return tuple(dict.fromkeys(names))


@lru_cache(maxsize=None)
def written_names(kind: type[Model]) -> tuple[tuple[str, str], ...]:
    """Pairs of field and the wire name it is written under."""
    pairs = ((field.name, wire_names(field, kind.wire_case)) for field in attrs.fields(kind))
    return tuple((name, names[0]) for name, names in pairs if names)


class _Plan:
    """Which keys of one shape feed which fields of a model."""

    __slots__ = ("sources", "unknown")

    def __init__(self, names: Mapping[str, tuple[str, ...]], keys: tuple[str, ...]) -> None:
        at = {key: index for index, key in enumerate(keys)}
        self.sources: dict[str, list[int]] = {}
        used: set[int] = set()
        for field, candidates in names.items():
            found = [at[name] for name in candidates if name in at]
            if found:
                self.sources[field] = found
                used.update(found)
        self.unknown = [(key, index) for index, key in enumerate(keys) if index not in used]


class _ModelHook:
    """Structures one model class; called by cattrs."""

    def __init__(self, kind: type[Model], converter: cattrs.Converter) -> None:
        self._kind = kind
        self._names: dict[str, tuple[str, ...]] = {}
        self._hooks: dict[str, Callable[[Any, Any], Any]] = {}
        self._types: dict[str, Any] = {}
        self._optional: dict[str, bool] = {}
        self._required: list[str] = []
        self._built: dict[tuple[str, ...], Build] = {}
        self._seen: dict[tuple[str, ...], int] = {}
        self._converter = converter
        hints = get_type_hints(kind)
        for field in attrs.fields(kind):
            names = wire_names(field, kind.wire_case)
            if not names:
                continue
            inner, optional = _split_optional(hints[field.name])
            self._names[field.name] = names
            self._types[field.name] = inner
            self._optional[field.name] = optional or inner is ClientOrderId
            if field.default is attrs.NOTHING:
                self._required.append(field.name)

    def __call__(self, data: Any, _: object = None) -> Any:
        try:
            keys = tuple(data)
            build = self._built.get(keys)
        except TypeError:
            build = None
        if build is not None:
            try:
                return build(data)
            except FieldError:
                raise
            except (ValueError, TypeError, AttributeError):
                return self._walk(data)
        return self._walk(data)

    def _hook(self, name: str) -> Callable[[Any, Any], Any]:
        # Looked up on first use: a model may hold models of its own kind.
        if name not in self._hooks:
            self._hooks[name] = self._converter.get_structure_hook(self._types[name])
        return self._hooks[name]

    def _walk(self, data: Any) -> Any:
        """Structure field by field, naming the path of what does not fit."""
        if not isinstance(data, dict):
            raise FieldError("$", f"{type(data).__name__} where an object was expected")
        keys = tuple(data)
        plan = _Plan(self._names, keys)
        values = list(data.values())
        fields: dict[str, Any] = {}
        for name, sources in plan.sources.items():
            index = next((i for i in sources if values[i] is not None), sources[0])
            fields[name] = self._field(name, keys[index], values[index])
        for name in self._required:
            if fields.get(name) is None and not self._optional[name]:
                raise FieldError(f"$.{self._names[name][0]}", "missing")
        if plan.unknown:
            fields["extra"] = {key: values[index] for key, index in plan.unknown}
        made = self._kind(**{name: value for name, value in fields.items() if self._keep(name, value)})
        self._remember(keys, plan)
        return made

    def _keep(self, name: str, value: Any) -> bool:
        return value is not None or self._optional.get(name, True)

    def _field(self, name: str, key: str, value: Any) -> Any:
        if value is None:
            return None
        try:
            return self._hook(name)(value, self._types[name])
        except FieldError as exc:
            raise FieldError(f"$.{key}{exc.path[1:]}", exc.reason) from None
        except (ValueError, TypeError, AttributeError) as exc:
            raise FieldError(f"$.{key}", str(exc)) from None

    def _remember(self, keys: tuple[str, ...], plan: _Plan) -> None:
        if len(self._built) >= _MAX_SHAPES or (keys not in self._seen and len(self._seen) >= 4 * _MAX_SHAPES):
            return
        self._seen[keys] = self._seen.get(keys, 0) + 1
        if self._seen[keys] > _COMPILE_AFTER and all(name in plan.sources for name in self._required):
            self._built[keys] = self._compile(len(keys), plan)
            del self._seen[keys]

    def _compile(self, count: int, plan: _Plan) -> Build:
        """One function for one shape. Its text holds field names of the model and numbers, nothing of the wire."""
        scope: dict[str, Any] = {"make": self._kind, "keys": tuple(key for key, _ in plan.unknown)}
        lines = ["def build(data):", f"    {''.join(f'v{i}, ' for i in range(count)).rstrip()} = data.values()"]
        for name, sources in plan.sources.items():
            lines += [f"    if v{sources[0]} is None: v{sources[0]} = v{i}" for i in sources[1:]]
            lines += _conversion(name, f"v{sources[0]}", self, scope)
        arguments = [f"{name}=v{sources[0]}" for name, sources in plan.sources.items()]
        if plan.unknown:
            scope["zip"], scope["dict"] = zip, dict
            unknown = "".join(f"v{index}, " for _, index in plan.unknown)
            arguments.append(f"extra=dict(zip(keys, ({unknown})))")
        lines.append(f"    return make({', '.join(arguments)})")
        exec(compile("\n".join(lines), f"<shape of {self._kind.__name__}>", "exec"), scope)  # noqa: S102
        build: Build = scope["build"]
        return build


def _conversion(name: str, value: str, hook: _ModelHook, scope: dict[str, Any]) -> list[str]:
    """The lines that bring one value into its type; nothing at all where it is of it already."""
    kind = hook._types[name]  # noqa: SLF001
    optional = hook._optional[name]  # noqa: SLF001
    scope[f"hook_{name}"] = hook._hook(name)  # noqa: SLF001
    scope[f"type_{name}"] = kind
    convert = f"{value} = hook_{name}({value}, type_{name})"
    missing = f"    if {value} is None: raise ValueError({name!r})" if not optional else ""
    if kind in _EXACT and scope[f"hook_{name}"].__name__ != "to_float":
        test = f"    if {value}.__class__ is not type_{name} and {value} is not None: {convert}"
    else:
        test = f"    if {value} is not None: {convert}"
    return [line for line in (missing, test) if line]


def _split_optional(kind: Any) -> tuple[Any, bool]:
    args = get_args(kind)
    if type(None) in args and len(args) == 2:  # noqa: PLR2004
        return next(arg for arg in args if arg is not type(None)), True
    return kind, False


_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]*\Z")


def structure_hook(kind: type[Model], converter: cattrs.Converter) -> _ModelHook:
    """The hook that structures ``kind``; each model's field names must be plain identifiers."""
    if not all(_IDENTIFIER.match(field.name) for field in attrs.fields(kind)):
        raise TypeError(f"{kind.__name__}: field names must be plain lower-case identifiers")
    return _ModelHook(kind, converter)
