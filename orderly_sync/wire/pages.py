"""How the rows of an answer become a page, with whatever the answer carries beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args, get_origin, get_type_hints

import attrs
import cattrs

from orderly_sync.models.base import Page, PageMeta, Rows
from orderly_sync.models.pages import CursorPage

__all__ = ["is_page", "page_hook", "rows_of"]

_OWN = frozenset({"rows", "meta", "fetch"})


def rows_of(value: object) -> list[Any]:
    """The rows of an answer's data: a list, an object with ``rows``, or one flat object."""
    if value is None:
        return []
    if isinstance(value, Mapping):
        rows = value.get("rows", [] if not value or "meta" in value else [value])
        return rows if isinstance(rows, list) else []
    if isinstance(value, list):
        return value
    raise ValueError(f"{value.__class__.__name__} where rows were expected")


def is_page(kind: object) -> bool:
    """Whether ``kind`` is a page type, such as ``Page[Fill]`` or ``SnapshotPage[DailyVolume]``."""
    origin = get_origin(kind)
    return isinstance(origin, type) and issubclass(origin, (Page, CursorPage))


def page_hook(converter: cattrs.Converter) -> Callable[[Any], Callable[[Any, Any], Any]]:
    """A factory of hooks for page types; a page's own fields are read from beside the rows."""

    def factory(kind: object) -> Callable[[Any, Any], Any]:
        origin: Any = get_origin(kind)
        (item,) = get_args(kind)
        hook = converter.get_structure_hook(item)
        hints = get_type_hints(origin)
        beside = {field.name: hints[field.name] for field in attrs.fields(origin) if field.name not in _OWN}
        counted = issubclass(origin, Page)

        def build(value: object, _: object) -> Any:
            given = value if isinstance(value, Mapping) else {}
            meta = given.get("meta")
            rows = Rows.of(item, [hook(row, item) for row in rows_of(value)])
            read = converter.structure(meta, PageMeta) if isinstance(meta, Mapping) else None
            place = read or (PageMeta(total=len(rows)) if counted else None)
            more = {name: converter.structure(given.get(name), hint) for name, hint in beside.items()}
            return origin(rows=rows, meta=place, **more)

        return build

    return factory
