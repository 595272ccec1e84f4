"""Which columns are shown of what: one table, and how a list and a single value are laid out by it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from orderly_sync.tables.columns import Kind, layout_of, moment
from orderly_sync.tables.html import grid, pairs
from orderly_sync.tables.shown import Row

__all__ = ["VIEWS", "card", "listing", "view_of"]

MOST_ROWS = 10
_MOST_COLUMNS = 9
_MOST_LOOKED_AT = 10_000
"""Rows of a list without a length that are counted."""

_ALGO = (
    "algo_type",
    "symbol",
    "side",
    "quantity",
    "trigger_price",
    "price",
    "algo_status",
    "is_triggered",
    "filled",
    "average_executed_price",
    "algo_order_id",
)
_ORDER = (
    "symbol",
    "type",
    "side",
    "quantity",
    "price",
    "status",
    "filled",
    "average_executed_price",
    "order_id",
)
_CANDLE = ("time", "open", "high", "low", "close", "volume")
VIEWS: Mapping[str, tuple[str, ...]] = {
    "AlgoExecutionReport": _ALGO,
    "AlgoOrder": (*_ALGO[:8], "total_executed_quantity", *_ALGO[9:]),
    "ExecutionReport": ("time", *_ORDER),
    "Fill": ("time", "symbol", "side", "executed_quantity", "executed_price", "fee", "is_maker", "order_id"),
    "FundingFee": ("time", "symbol", "funding_rate", "mark_price", "funding_fee", "status"),
    "FuturesInfo": ("symbol", "mark_price", "index_price", "est_funding_rate", "open_interest"),
    "Holding": ("token", "holding", "frozen", "isolated_margin"),
    "Kline": _CANDLE,
    "KlineUpdate": _CANDLE,
    "Level": ("price", "quantity"),
    "MarketTrade": ("time", "side", "executed_quantity", "executed_price"),
    "Order": ("time", *_ORDER),
    "Position": (
        "symbol",
        "margin_mode",
        "position_qty",
        "average_open_price",
        "mark_price",
        "unrealized_pnl",
        "unsettled_pnl",
        "est_liq_price",
        "leverage",
    ),
    "SymbolRules": ("symbol", "status", "quote_tick", "base_tick", "base_min", "min_notional"),
    "Trade": ("time", "side", "size", "price"),
}
"""By class: what a list of its rows shows. Of others, what their repr shows, or the first fields."""


def view_of(kind: type) -> tuple[str, ...]:
    """The columns that a list of a class shows."""
    given: tuple[str, ...] = VIEWS.get(kind.__name__) or getattr(kind, "shown", None) or ()
    known = tuple(name for name in given if hasattr(kind, name))
    return known or tuple(name for name, _ in layout_of(kind).fields[:_MOST_COLUMNS])


def listing(of: object, kind: Row, rows: Iterable[Row]) -> str:
    """A list: its first rows, and how many there are."""
    given = list(islice(rows, _MOST_LOOKED_AT))
    trees = [_nodes(row) for row in given]
    flat = [row for tree in trees for row in tree]
    title = f"{_name(of)}: {_count(len(given), 'row')}"
    if not flat:
        head = view_of(kind) if isinstance(kind, type) and not issubclass(kind, Mapping) else ()
        return grid(title, head, ())
    if isinstance(flat[0][0], Mapping):
        head = tuple(flat[0][0])[:_MOST_COLUMNS]
        cells = [[row.get(name) for name in head] for row, _ in flat[:MOST_ROWS]]
    else:
        head = view_of(type(flat[0][0]))
        cells = [[getattr(row, name, row) for name in head] for row, _ in flat[:MOST_ROWS]]
    of_nodes = f" of {len(flat)} nodes" if len(flat) > len(given) else ""
    more = f", the first {MOST_ROWS}{of_nodes} shown" if len(flat) > MOST_ROWS else ""
    return grid(title + more, head, cells, [depth for _, depth in flat[:MOST_ROWS]])


def card(of: Row) -> str:
    """A single value: its fields that say something, which no, 0 and nothing do not."""
    kind: Row = type(of)
    named = getattr(kind, "__attrs_attrs__", None)
    names = [field.name for field in named] if named else list(getattr(kind, "_fields", ()))
    times = {name for name, of_kind in layout_of(kind).fields if of_kind is Kind.TIME}
    always = getattr(kind, "always", ())
    told = []
    for name in names:
        value = getattr(of, name)
        if name != "frame" and (value or (name in always and value is not None)):
            told.append((name, moment(value) if name in times else value))
    return pairs(kind.__name__, told)


def _name(of: object) -> str:
    return of if isinstance(of, str) else str(getattr(of, "table_name", type(of).__name__))


def _count(number: int, what: str) -> str:
    more = "at least " if number == _MOST_LOOKED_AT else ""
    return f"{more}{number} {what}{'' if number == 1 else 's'}"


def _nodes(row: Row) -> list[tuple[Row, int]]:
    """A row, or the nodes of an algo order, each with how deep it stands."""
    nodes = getattr(row, "nodes", None)
    if nodes is None:
        return [(row, 0)]
    found = list(nodes() if callable(nodes) else nodes)
    known = {node.algo_order_id for node in found}
    below: dict[object, list[Row]] = {}
    for node in found:
        above = node.parent_algo_order_id
        below.setdefault(above if above in known and above != node.algo_order_id else None, []).append(node)
    return list(_walk(below, None, 0))


def _walk(below: Mapping[object, list[Row]], above: object, depth: int) -> Iterator[tuple[Row, int]]:
    for node in below.get(above, ()):
        yield node, depth
        yield from _walk(below, node.algo_order_id, depth + 1)
