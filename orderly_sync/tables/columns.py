"""From rows to columns: which column a field becomes, and of which kind. Pure; frames and HTML are made of these.

A field's type says what its column is, so a list without rows has the same columns as one with a million.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from operator import attrgetter
from types import UnionType
from typing import NamedTuple, Union, get_args, get_origin, get_type_hints

from orderly_sync.tables.shown import Row

__all__ = ["FrameColumn", "FrameColumns", "FrameLayout", "Kind", "columns", "layout_of", "moment"]

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MS = timedelta(milliseconds=1)
_LAST = 253_402_300_799_999
"""The last millisecond of the year 9999, ms."""
_INT64 = 2**63
_TIMES = ("_time", "timestamp", "_at", "_ts")
_ALSO_TIMES = frozenset({"ts", "expiration"})
_LEFT_OUT = frozenset({"extra", "frame", "child_orders"})
"""Fields that no frame has: what is not known of, where a push came from, and the nodes of a tree, which are rows."""

CANDLES = ("open", "high", "low", "close", "volume", "amount")
_ONLY: Mapping[str, tuple[str, ...]] = {"Kline": CANDLES, "KlineUpdate": CANDLES, "QueryCandle": CANDLES}
"""What a frame has of classes of which it does not have all."""
_STATES = frozenset(
    {
        "AggregatePosition",
        "BalanceStats",
        "Book",
        "Holding",
        "PlatformPosition",
        "Position",
        "QueryBook",
        "QueryPosition",
        "RateLimitStatus",
        "SymbolRules",
    }
)
"""Classes with a time that is not what their rows are told apart by: a list of them has one row a market or token."""


class Kind(Enum):
    """What a column holds. Any of its values may be missing."""

    NUMBER = "number"
    """Decimals and floats; float64 in a frame."""
    WHOLE = "whole number"
    """Int64, which holds ids exactly and can lack values."""
    FLAG = "flag"
    """True, false or missing."""
    TIME = "time"
    """Milliseconds since 1970; aware UTC in a frame."""
    TEXT = "text"
    """Text and enumerations."""
    OBJECT = "object"
    """Whatever is nested: models, tuples, mappings; as they are in pandas, their text in Arrow and polars."""


class FrameColumn(NamedTuple):
    """One column."""

    name: str
    kind: Kind
    cells: Sequence[Row]


class FrameColumns(NamedTuple):
    """All columns of a list."""

    times: FrameColumn | None
    """The rows' own time, where they have one; the rows are then in its order."""
    columns: tuple[FrameColumn, ...]


class FrameLayout(NamedTuple):
    """Which columns the rows of a class have."""

    fields: tuple[tuple[str, Kind], ...]
    has_time: bool


def columns(kind: Row, rows: Iterable[Row]) -> FrameColumns:
    """The columns of rows of a class; of their own class where ``kind`` is not known.

    An algo order gives a row for each of its nodes, parents before their children. Rows that have a time of their own
    (fills, orders, candles, reports, payments) are put into its order, those without one last; of candles that begin at
    one time the last stands.
    """
    given = list(_flat(rows))
    if kind is None or (given and not isinstance(given[0], kind if isinstance(kind, type) else ())):
        kind = type(given[0]) if given else None
    if kind is None or issubclass(kind, Mapping):
        return _of_mappings(given)
    layout = layout_of(kind)
    moments: list[int | None] = []
    if layout.has_time:
        given, moments = _in_order([(_moment(row), row) for row in given], unique=kind.__name__ in _ONLY)
    made = tuple(FrameColumn(name, of, _read(given, name, of)) for name, of in layout.fields)
    return FrameColumns(FrameColumn("time", Kind.TIME, moments) if layout.has_time else None, made)


@lru_cache(maxsize=512)
def layout_of(kind: type) -> FrameLayout:
    """Which columns the rows of a model or named tuple have; of anything else one column, ``value``.

    Those that the row's own text shows come first, in its order, then all others.
    """
    names = [field.name for field in getattr(kind, "__attrs_attrs__", ())] or list(
        getattr(kind, "_fields", ())
    )
    if not names:
        return FrameLayout((("value", Kind.TEXT if issubclass(kind, str) else Kind.OBJECT),), has_time=False)
    hints = get_type_hints(kind)
    only = _ONLY.get(kind.__name__)
    first = () if only else getattr(kind, "shown", ())  # what its text shows is what is looked for first
    kept = [
        name for name in only or dict.fromkeys((*first, *names)) if name in names and name not in _LEFT_OUT
    ]
    has_time = isinstance(getattr(kind, "time", None), property) and kind.__name__ not in _STATES
    return FrameLayout(tuple((name, _kind_of(name, hints.get(name))) for name in kept), has_time)


def _kind_of(name: str, hint: Row) -> Kind:
    if get_origin(hint) in {Union, UnionType}:
        inner = [arg for arg in get_args(hint) if arg is not type(None)]
        hint = inner[0] if len(inner) == 1 else object
    hint = getattr(hint, "__supertype__", hint)  # a NewType is what it is made of
    if not isinstance(hint, type):
        return Kind.OBJECT
    if issubclass(hint, bool):
        return Kind.FLAG
    if issubclass(hint, int):
        return Kind.TIME if name.endswith(_TIMES) or name in _ALSO_TIMES else Kind.WHOLE
    if issubclass(hint, (Decimal, float)):
        return Kind.NUMBER
    return Kind.TEXT if issubclass(hint, (str, Enum)) else Kind.OBJECT


def _read(rows: Sequence[Row], name: str, kind: Kind) -> list[Row]:
    values = (
        [getattr(row, name, row) for row in rows] if name == "value" else list(map(attrgetter(name), rows))
    )
    convert = _CONVERT.get(kind)
    return values if convert is None else [None if value is None else convert(value) for value in values]


def _number(value: Row) -> float:
    return float(value)


def _whole(value: Row) -> int | None:
    number = int(value)
    return number if -_INT64 <= number < _INT64 else None


def _time(value: Row) -> int | None:
    """0 is no time on the wire, and what no calendar reaches is none either."""
    return value if 0 < value <= _LAST else None


def moment(value: int) -> datetime | int:
    """Wire milliseconds as UTC; as they are where no calendar reaches them."""
    return value if _time(value) is None else _EPOCH + value * _MS


def _text(value: Row) -> str:
    return str(value.value) if isinstance(value, Enum) else str(value)


_CONVERT: Mapping[Kind, Callable[[Row], Row]] = {
    Kind.NUMBER: _number,
    Kind.WHOLE: _whole,
    Kind.TIME: _time,
    Kind.TEXT: _text,
}


def _moment(row: Row) -> int | None:
    time: datetime | None = row.time
    return None if time is None else (time - _EPOCH) // _MS


def _in_order(rows: list[tuple[int | None, Row]], *, unique: bool) -> tuple[list[Row], list[int | None]]:
    if unique:
        rows = list({at: (at, row) for at, row in rows}.values())
    rows.sort(key=_earlier)
    return [row for _, row in rows], [at for at, _ in rows]


def _earlier(row: tuple[int | None, Row]) -> tuple[bool, int]:
    return row[0] is None, row[0] or 0


def _flat(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows with each node of an algo order a row of its own."""
    for row in rows:
        nodes = getattr(row, "nodes", None)
        if nodes is None:
            yield row
        else:
            yield from nodes() if callable(nodes) else nodes


def _of_mappings(rows: Sequence[Row]) -> FrameColumns:
    """Rows without a class: the names that any of them has, each column of the kind of its values."""
    names = dict.fromkeys(name for row in rows for name in row)
    return FrameColumns(None, tuple(_guessed(str(name), [row.get(name) for row in rows]) for name in names))


def _guessed(name: str, values: list[Row]) -> FrameColumn:
    kinds = {type(value) for value in values if value is not None}
    if kinds and kinds <= {int, float, Decimal}:
        return FrameColumn(name, Kind.NUMBER, [None if value is None else float(value) for value in values])
    kind = Kind.FLAG if kinds == {bool} else Kind.TEXT if kinds == {str} else Kind.OBJECT
    return FrameColumn(name, kind, values)
