"""How the data of a frame becomes events: one object, a list of rows, rows keyed by token, a tree.

Each function here makes a reader for one kind of event. A reader takes the decoded data, the frame it came in and the
number type, and gives the events in order, each knowing its frame and through it, where there are several, the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from orderly_sync.errors import DecodingError
from orderly_sync.models.base import Frame, Push
from orderly_sync.models.pushes import AccountUpdate, AlgoExecutionReport, BalanceUpdate, PositionUpdate
from orderly_sync.wire.converter import default_converter
from orderly_sync.wire.shapes import FieldError, Structure, structure_rows
from orderly_sync.wire.topic import Read

__all__ = ["account", "algo_reports", "balances", "positions", "rows"]

_MAX_DEPTH = 64
"""Levels of an algo order's tree: far more than the venue nests."""

_Rows = Callable[[Any], Any]
"""From the data of a frame to its rows, or to its one object."""


def _reader(kind: type[Push], rows_of: _Rows | None = None) -> Read:
    hooks: dict[type, Structure] = {}

    def read(data: object, frame: Frame, numbers: type = Decimal) -> tuple[Any, ...]:
        try:
            hook = hooks[numbers]
        except KeyError:
            hook = hooks[numbers] = default_converter(numbers).get_structure_hook(kind)
        given = None if rows_of else data
        try:
            if rows_of:
                given = rows_of(data)
            if given.__class__ is list:
                events = tuple([hook(row, None, frame) for row in given])
            else:
                events = (hook(given, None, frame),)
        except FieldError as exc:
            raise _error(exc, hook, given, frame) from None
        if len(events) > 1:
            # A frame that knows its only event would be in a cycle with it, which costs more than making the event.
            frame.events = events
        return events

    return read


def _error(exc: FieldError, hook: Structure, given: object, frame: Frame) -> DecodingError:
    """The error of a frame that cannot be read, with the index of the row where rows were."""
    if given.__class__ is list:
        try:
            structure_rows(hook, given, None, frame)
        except FieldError as found:
            exc = found
    return DecodingError(f"{frame.topic} at {exc.path}", "", exc.reason)


def rows(kind: type[Push]) -> Read:
    """The data is one object or a list of them: each is an event. Which it is, the venue has been known to change."""
    return _reader(kind)


def positions() -> Read:
    """``data.positions``: each position is an event."""
    return _reader(PositionUpdate, lambda data: _inside(data, "positions"))


def balances() -> Read:
    """``data.balances``, keyed by token: each token is an event."""
    return _reader(BalanceUpdate, _balances)


def _balances(data: object) -> object:
    found = _inside(data, "balances")
    if not isinstance(found, Mapping):
        return found
    return [{"token": token, **_object(row, f".balances.{token}")} for token, row in found.items()]


def account() -> Read:
    """``data.accountDetail``: one event."""
    return _reader(AccountUpdate, lambda data: _inside(data, "accountDetail"))


def _inside(data: object, name: str) -> object:
    found = _object(data, "").get(name)
    if found is None:
        raise FieldError(f"$.{name}", "missing")
    return found


def _object(value: object, path: str) -> Mapping[str, object]:
    if isinstance(value, Mapping):
        return value
    raise FieldError(f"${path}", f"{type(value).__name__} where an object was expected")


def algo_reports() -> Read:
    """A flat list of nodes (version 1), or one tree (version 2): told by JSON type, not by topic."""
    read = _reader(AlgoExecutionReport, _nodes)

    def read_trees(data: object, frame: Frame, numbers: type = Decimal) -> tuple[Any, ...]:
        events = read(data, frame, numbers)
        for event in events:
            if event.child_orders:
                flat: list[AlgoExecutionReport] = []
                for root in events:
                    _flatten(root, flat)
                frame.events = tuple(flat)
                return frame.events
        return tuple(events)

    return read_trees


def _flatten(node: AlgoExecutionReport, into: list[AlgoExecutionReport]) -> None:
    into.append(node)
    for child in node.child_orders or ():
        _flatten(child, into)


def _nodes(data: Any) -> Any:
    """The nodes as sent, each with its tree's symbol: it is part of what a node is, and children may lack it."""
    if data.__class__ is not list:
        return data if _is_named(data) else _with_symbol(data, None)
    named = True
    for row in data:
        named = _is_named(row) and named
    if named:
        return data
    nodes = [row for row in data if row.__class__ is dict]
    symbols = {str(row.get("rootAlgoOrderId")): row["symbol"] for row in nodes if row.get("symbol")}
    return [_with_symbol(row, symbols) for row in data]


def _is_named(row: object, depth: int = 0) -> bool:
    """Whether a node and all below it have a symbol; refuses trees deeper than any order's."""
    if row.__class__ is not dict:
        return False
    named = bool(row.get("symbol"))
    children = row.get("childOrders")
    if children.__class__ is list:
        if depth == _MAX_DEPTH:
            raise FieldError("$", "nested too deep")
        for child in children:
            named = _is_named(child, depth + 1) and named
    return named


def _with_symbol(row: Any, inherited: str | Mapping[Any, str] | None) -> Any:
    """The node, and all below it, with the symbol above it or, at the top, that of its tree by the root's id."""
    if row.__class__ is not dict:
        return row
    if isinstance(inherited, Mapping):
        inherited = inherited.get(str(row.get("rootAlgoOrderId")))
    symbol = row.get("symbol") or inherited
    named = {**row, "symbol": symbol}
    if row.get("childOrders").__class__ is list:
        named["childOrders"] = [_with_symbol(child, symbol) for child in row["childOrders"]]
    return named
