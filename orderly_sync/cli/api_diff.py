"""What the venue publishes that this package does not type, and what it published once and does no longer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from orderly_sync.cli.openapi import ApiNames, documented
from orderly_sync.cli.published import published_operations, published_pages
from orderly_sync.cli.typed_api import spelling, typed_operations
from orderly_sync.errors import DecodingError

__all__ = ["differences", "page_differences"]

_PLACE = re.compile(r"\{[^{}]*\}")
_PAGE = re.compile(
    r"/docs/build-on-omnichain/((?:restful-api|websocket-api)/(?:public|private)/[A-Za-z0-9_-]+)"
)
_Values = Mapping[str, frozenset[str]]


def differences(spec: object) -> Iterator[dict[str, object]]:
    """Each operation, parameter, field and value that is new, gone or changed, as a row of the layout ``api diff``.

    New is what no method of this package types; gone is what was published when it was made, and is no longer.

    Raises:
        DecodingError: It is no OpenAPI file.
    """
    told = documented(spec)
    known = {(verb, _shape(path)): names for (verb, path), names in typed_operations().items()}
    before = {(verb, _shape(path)): names for (verb, path), names in published_operations().items()}
    for (verb, path), names in sorted(told.items()):
        operation, key = f"{verb} {path}", (verb, _shape(path))
        own = known.get(key)
        if own is None:
            yield _row("operation", operation, path, "no method of this package performs it")
            continue
        yield from _new("parameter", operation, names.parameters, own.parameters)
        yield from _new("field", operation, names.fields, own.fields)
        if key in before:
            yield from _gone(operation, names, before[key])
    there = {(verb, _shape(path)) for verb, path in told}
    for (verb, path), _ in sorted(published_operations().items()):
        if (verb, _shape(path)) not in there:
            yield _row("operation", f"{verb} {path}", path, "it is gone, or deprecated")


def page_differences(index: str) -> Iterator[dict[str, object]]:
    """The same of an index of the venue's pages, such as ``llms.txt``: pages of operations and topics.

    Raises:
        DecodingError: No page of an operation or topic is linked there.
    """
    there = set(_PAGE.findall(index))
    if not there:
        raise DecodingError("the index", "", "it links no page of an operation or topic")
    known = published_pages()
    for page in sorted(there - known):
        yield _row(
            _kind_of(page), page, page.rpartition("/")[2], "no docstring of this package links its page"
        )
    for page in sorted(known - there):
        yield _row(_kind_of(page), page, page.rpartition("/")[2], "its page is gone")


def _kind_of(page: str) -> str:
    return "topic" if page.startswith("websocket-api/") else "operation"


def _new(kind: str, operation: str, told: _Values, known: _Values) -> Iterator[dict[str, object]]:
    for name, values in sorted(told.items()):
        has = known.get(spelling(name))
        if has is None:
            if "*" not in known:
                yield _row(kind, operation, name, f"the {kind} is not typed")
            continue
        strange = sorted(values - has) if has else []
        for value in strange:
            yield _row("value", operation, f"{name}={value}", f"the {kind} has a value that is not typed")


def _gone(operation: str, names: ApiNames, before: ApiNames) -> Iterator[dict[str, object]]:
    """What an operation has no longer, and what has become needed."""
    for kind, told, was in (
        ("parameter", names.parameters, before.parameters),
        ("field", names.fields, before.fields),
    ):
        for name, values in sorted(was.items()):
            if name not in told:
                yield _row(kind, operation, name, f"the {kind} is gone")
                continue
            for value in sorted(values - told[name]) if told[name] else ():
                yield _row("value", operation, f"{name}={value}", f"the {kind} has this value no longer")
    for name in sorted(names.needed - before.needed):
        if name in before.parameters:
            yield _row("parameter", operation, name, "the parameter is needed now")


def _shape(path: str) -> str:
    """A path template without the names of its places."""
    return _PLACE.sub("{}", path)


def _row(kind: str, operation: str, name: str, says: str) -> dict[str, object]:
    return {"kind": kind, "operation": operation, "name": name, "says": says}
