"""What an OpenAPI file has that this package does not type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from orderly_sync.cli.openapi import documented
from orderly_sync.cli.typed_api import spelling, typed_operations

__all__ = ["differences"]

_PLACE = re.compile(r"\{[^{}]*\}")


def differences(spec: object) -> Iterator[dict[str, object]]:
    """Each operation, parameter, field and value that is new, as a row of the layout ``api diff``.

    Raises:
        DecodingError: It is no OpenAPI file.
    """
    told = documented(spec)
    known = {(verb, _shape(path)): names for (verb, path), names in typed_operations().items()}
    for (verb, path), names in sorted(told.items()):
        operation = f"{verb} {path}"
        own = known.get((verb, _shape(path)))
        if own is None:
            yield _row("operation", operation, path, "no method of this package performs it")
            continue
        yield from _new("parameter", operation, names.parameters, own.parameters)
        yield from _new("field", operation, names.fields, own.fields)


def _new(
    kind: str,
    operation: str,
    told: Mapping[str, frozenset[str]],
    known: Mapping[str, frozenset[str]],
) -> Iterator[dict[str, object]]:
    for name, values in sorted(told.items()):
        has = known.get(spelling(name))
        if has is None:
            if "*" not in known:
                yield _row(kind, operation, name, f"the {kind} is not typed")
            continue
        strange = sorted(values - has) if has else []
        for value in strange:
            yield _row("value", operation, f"{name}={value}", f"the {kind} has a value that is not typed")


def _shape(path: str) -> str:
    """A path template without the names of its places."""
    return _PLACE.sub("{}", path)


def _row(kind: str, operation: str, name: str, says: str) -> dict[str, object]:
    return {"kind": kind, "operation": operation, "name": name, "says": says}
