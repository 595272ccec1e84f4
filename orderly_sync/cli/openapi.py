"""What an OpenAPI file says: operations, their parameters, the fields of their answers, the values of both. Pure.

References within the file are followed; of alternatives all are taken together. Names count, not where they stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

import attrs

from orderly_sync.errors import DecodingError

__all__ = ["ApiNames", "Spec", "documented"]

Spec = Mapping[str, object]

_VERBS = ("get", "post", "put", "delete", "patch")
_SIGNING = ("orderly-", "x-recv-window")
"""Headers that every request bears, which no method takes."""
_ENVELOPE = frozenset({"success", "timestamp", "data"})


@attrs.frozen
class ApiNames:
    """The names of one operation, with the values of those that have a list of them."""

    parameters: Mapping[str, frozenset[str]]
    """Of its query, path and body."""
    fields: Mapping[str, frozenset[str]]
    """Of its answer, however deep."""
    needed: frozenset[str] = frozenset()
    """The parameters without which it is refused."""


def documented(spec: object) -> dict[tuple[str, str], ApiNames]:
    """Each operation of a file that is not deprecated, by verb and path template.

    Raises:
        DecodingError: It is no OpenAPI file.
    """
    whole = _map(spec)
    paths = whole.get("paths")
    if not isinstance(paths, Mapping):
        raise DecodingError("the OpenAPI file", "", "it has no paths")
    found = {}
    for path, item in paths.items():
        for verb in _VERBS:
            operation = _map(_map(item).get(verb))
            if operation and not operation.get("deprecated"):
                found[verb.upper(), str(path)] = _Reader(whole).operation(operation, _map(item))
    return found


def _map(value: object) -> Spec:
    return cast("Spec", value) if isinstance(value, Mapping) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


class _Reader:
    """Reads one operation."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec

    def operation(self, operation: Spec, item: Spec) -> ApiNames:
        """Its names."""
        parameters: dict[str, frozenset[str]] = {}
        needed: set[str] = set()
        for given in [*_list(item.get("parameters")), *_list(operation.get("parameters"))]:
            one = self._resolved(given)
            name = str(one.get("name", ""))
            if not name.lower().startswith(_SIGNING):
                parameters[name] = self._values(one.get("schema"))
                needed |= {name} if one.get("required") is True else set()
        body = self._schema(self._resolved(operation.get("requestBody")))
        parameters |= dict(self._names(body))
        for part in self._parts(body):
            needed |= {str(name) for name in _list(part.get("required"))}
        answers = _map(operation.get("responses"))
        good = self._resolved(answers.get("200") or answers.get("201") or {})
        fields = {name: values for name, values in self._names(self._schema(good)) if name not in _ENVELOPE}
        return ApiNames(parameters, fields, frozenset(needed))

    def _schema(self, holder: Spec) -> object:
        content = _map(holder.get("content"))
        return _map(next(iter(content.values()), {})).get("schema")

    def _resolved(self, given: object) -> Spec:
        one, seen = _map(given), 0
        while isinstance(one.get("$ref"), str) and seen < 50:  # noqa: PLR2004 - a ring of references ends too
            target: object = self._spec
            for step in str(one["$ref"]).removeprefix("#/").split("/"):
                target = _map(target).get(step)
            one, seen = _map(target), seen + 1
        return one

    def _parts(self, given: object, above: tuple[int, ...] = ()) -> Iterator[Spec]:
        """A schema and all that it is made of, itself first; its own parents are not entered again."""
        schema = self._resolved(given)
        if not schema or id(schema) in above:
            return
        yield schema
        inner = (*above, id(schema))
        for word in ("allOf", "anyOf", "oneOf"):
            for one in _list(schema.get(word)):
                yield from self._parts(one, inner)

    def _values(self, given: object) -> frozenset[str]:
        found = {
            str(value)
            for part in self._parts(given)
            for value in _list(part.get("enum"))
            if value is not None
        }
        for part in self._parts(given):
            found |= self._values(part["items"]) if "items" in part else set()
        return frozenset(found)

    def _names(self, given: object, above: tuple[int, ...] = ()) -> Iterator[tuple[str, frozenset[str]]]:
        for part in self._parts(given, above):
            inner = (*above, id(part))
            for name, schema in _map(part.get("properties")).items():
                yield str(name), self._values(schema)
                yield from self._names(schema, inner)
            for word in ("items", "additionalProperties"):
                if isinstance(part.get(word), Mapping):
                    yield from self._names(part[word], inner)
