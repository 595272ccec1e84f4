"""How the data of a frame becomes events: one object, a list of rows, rows keyed by token, a tree.

Each function here makes a reader for one kind of event. A reader takes the decoded data, the frame it came in and the
number type, and gives the events in order, each knowing its frame and through it all the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from orderly_sync.errors import DecodingError
from orderly_sync.models.base import Frame, Push
from orderly_sync.models.pushes import AccountUpdate, AlgoExecutionReport, BalanceUpdate, PositionUpdate
from orderly_sync.wire.converter import default_converter
from orderly_sync.wire.shapes import FieldError, Structure, structure_rows
from orderly_sync.wire.topic import Read

__all__ = ["account", "algo_reports", "balances", "positions", "rows"]

_Rows = Callable[[Any], Any]
"""From the data of a frame to its rows, or to its one object."""


class _Reader:
    """Structures every row of a frame as one kind of event."""

    __slots__ = ("_hooks", "_kind", "_rows")

    def __init__(self, kind: type[Push], rows: _Rows) -> None:
        self._kind = kind
        self._rows = rows
        self._hooks: dict[type, Structure] = {}

    def __call__(self, data: Any, frame: Frame, numbers: type = Decimal) -> tuple[Any, ...]:
        hook = self._hooks.get(numbers) or self._ready(numbers)
        try:
            rows = self._rows(data)
            if rows.__class__ is list:
                events = tuple(structure_rows(hook, rows, None, frame))
            else:
                events = (hook(rows, None, frame),)
        except FieldError as exc:
            raise DecodingError(f"{frame.topic} at {exc.path}", "", exc.reason) from None
        except RecursionError:
            raise DecodingError(frame.topic, "", "nested too deep") from None
        frame.events = events
        return events

    def _ready(self, numbers: type) -> Structure:
        self._hooks[numbers] = default_converter(numbers).get_structure_hook(self._kind)
        return self._hooks[numbers]


def rows(kind: type[Push]) -> Read:
    """The data is one object or a list of them: each is an event. Which it is, the venue has been known to change."""
    return _Reader(kind, _as_sent)


def _as_sent(data: Any) -> Any:
    return data


def positions() -> Read:
    """``data.positions``: each position is an event."""
    return _Reader(PositionUpdate, _positions)


def _positions(data: Any) -> Any:
    return _inside(data, "positions")


def balances() -> Read:
    """``data.balances``, keyed by token: each token is an event."""
    return _Reader(BalanceUpdate, _balances)


def _balances(data: Any) -> Any:
    rows = _inside(data, "balances")
    if isinstance(rows, Mapping):
        return [{"token": token, **_object(row, f"balances.{token}")} for token, row in rows.items()]
    return rows


def account() -> Read:
    """``data.accountDetail``: one event."""
    return _Reader(AccountUpdate, lambda data: _inside(data, "accountDetail"))


def _inside(data: Any, name: str) -> Any:
    inner = _object(data, "").get(name)
    if inner is None:
        raise FieldError(f"$.{name}", "missing")
    return inner


def _object(value: Any, path: str) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    raise FieldError(f"$.{path}".rstrip("."), f"{type(value).__name__} where an object was expected")


def algo_reports() -> Read:
    """A flat list of nodes (version 1), or one tree (version 2): told by JSON type, not by topic."""
    return _AlgoReader(AlgoExecutionReport, _nodes)


class _AlgoReader(_Reader):
    __slots__ = ()

    def __call__(self, data: Any, frame: Frame, numbers: type = Decimal) -> tuple[Any, ...]:
        events = super().__call__(data, frame, numbers)
        if any(event.child_orders for event in events):
            events = frame.events = tuple(_flat(events))
        return events


def _flat(events: tuple[AlgoExecutionReport, ...]) -> Iterator[AlgoExecutionReport]:
    for event in events:
        yield event
        yield from event.descendants


def _nodes(data: Any) -> Any:
    """The nodes as sent, each with its tree's symbol: it is part of what a node is, and children may lack it."""
    nodes = data if data.__class__ is list else [data]
    if any(row.__class__ is dict and (not row.get("symbol") or row.get("childOrders")) for row in nodes):
        symbols = {row.get("rootAlgoOrderId"): row["symbol"] for row in nodes if _named(row)}
        named = [_with_symbol(row, symbols) for row in nodes]
        return named if data.__class__ is list else named[0]
    return data


def _named(row: Any) -> bool:
    return row.__class__ is dict and bool(row.get("symbol"))


def _with_symbol(row: Any, symbols: Mapping[Any, Any]) -> Any:
    if row.__class__ is not dict:
        return row
    symbol = row.get("symbol") or symbols.get(row.get("rootAlgoOrderId"))
    children = row.get("childOrders")
    if symbol and not row.get("symbol"):
        row = {**row, "symbol": symbol}
    if symbol and children.__class__ is list:
        inherited = [
            {**child, "symbol": symbol} if child.__class__ is dict and not child.get("symbol") else child
            for child in children
        ]
        row = {**row, "childOrders": [_with_symbol(child, symbols) for child in inherited]}
    return row
