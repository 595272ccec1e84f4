"""What ``orderly-sync watch`` shows at one moment, and how it is drawn: pure, of any width, with or without colours."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import attrs
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from orderly_sync.cli.columns import Column, shown_time
from orderly_sync.cli.exits import one_line
from orderly_sync.cli.layouts import layout_of
from orderly_sync.cli.output import table
from orderly_sync.live.book import Book
from orderly_sync.models.order import Order
from orderly_sync.models.position import Position
from orderly_sync.models.pushes.market import Trade

__all__ = ["WatchMoment", "drawn", "facts"]

_NARROW = 90
_COLOURS = {"BUY": "green", "BID": "green", "SELL": "red", "ASK": "red"}
_ORDER = ("order_id", "side", "type", "status", "quantity", "price", "filled")
_POSITION = ("symbol", "quantity", "average_open_price", "mark_price", "unsettled_pnl")
_ALGO = ("algo_order_id", "algo_type", "side", "algo_status", "quantity", "trigger_price")


@attrs.frozen(kw_only=True)
class WatchMoment:
    """All that is shown."""

    symbol: str
    network: str
    status: str
    """Of the client: ready, resyncing, down ..."""
    time: int
    """ms."""
    book: Book | None = None
    """None while it is being built."""
    mark: Decimal | None = None
    trades: Sequence[Trade] = ()
    """Newest first."""
    positions: Sequence[Position] | None = None
    """None without an account."""
    orders: Sequence[Order] = ()
    algos: Sequence[object] = ()
    """Roots."""
    reports: Sequence[str] = ()
    """Newest first."""


def facts(moment: WatchMoment) -> dict[str, object]:
    """The moment as a row of the layout ``watch``."""
    bid = moment.book.best_bid if moment.book else None
    ask = moment.book.best_ask if moment.book else None
    held = [one for one in moment.positions or () if one.symbol == moment.symbol]
    return {
        "time": moment.time,
        "symbol": moment.symbol,
        "status": moment.status,
        "bid": bid.price if bid else None,
        "bid_quantity": bid.quantity if bid else None,
        "ask": ask.price if ask else None,
        "ask_quantity": ask.quantity if ask else None,
        "mark_price": moment.mark,
        "last_price": moment.trades[0].price if moment.trades else None,
        "position": None if moment.positions is None else sum((one.quantity for one in held), Decimal(0)),
        "orders": None if moment.positions is None else len(moment.orders),
        "algo_orders": None if moment.positions is None else len(moment.algos),
    }


def drawn(moment: WatchMoment, width: int, levels: int) -> RenderableType:
    """The whole view."""
    parts: list[RenderableType] = [_head(moment)]
    market = [_book(moment, levels), _trades(moment, 2 * levels)]
    if width < _NARROW:
        parts += market[:1]
    else:
        beside = Table.grid(padding=(0, 4))
        beside.add_row(*market)
        parts.append(beside)
    if moment.positions is not None:
        parts += [
            _part("positions", "positions", _POSITION, moment.positions),
            _part("own orders", "orders", _ORDER, moment.orders),
            _part("own algo orders", "algo list", _ALGO, moment.algos),
            _reports(moment.reports),
        ]
    return Group(*parts)


def _head(moment: WatchMoment) -> Text:
    mark = "" if moment.mark is None else f"  mark {moment.mark:f}"
    text = Text(f"{moment.symbol} on {moment.network}{mark}  {shown_time(moment.time)[:19]}  ", style="bold")
    text.append(moment.status, style="green" if moment.status == "ready" else "yellow")
    text.append("  (q or Ctrl-C ends)", style="dim")
    return text


def _book(moment: WatchMoment, levels: int) -> RenderableType:
    if moment.book is None:
        return Text("the book is being built")
    shown = Table(box=None, show_header=True, padding=(0, 1))
    for head in ("book", "price", "quantity"):
        shown.add_column(head, justify="left" if head == "book" else "right")
    book = moment.book.depth(levels)
    for side, rows in (("ASK", reversed(book.asks)), ("BID", iter(book.bids))):
        for level in rows:
            shown.add_row(side, f"{level.price:f}", f"{level.quantity:f}", style=_COLOURS[side])
    return shown


def _trades(moment: WatchMoment, most: int) -> Table:
    shown = Table(box=None, padding=(0, 1))
    for head in ("trades", "side", "price", "quantity"):
        shown.add_column(head, justify="right" if head in {"price", "quantity"} else "left")
    for one in list(moment.trades)[:most]:
        side = one_line(str(one.side))
        at = shown_time(one.ts)[11:19]
        shown.add_row(at, side, f"{one.price:f}", f"{one.size:f}", style=_COLOURS.get(side, ""))
    return shown


def _part(title: str, command: str, names: Sequence[str], rows: Sequence[object]) -> RenderableType:
    if not rows:
        return Text(f"no {title}", style="dim")
    columns: list[Column] = [one for one in layout_of(command).columns if one.name in names]
    told = [{one.name: one.value(row) for one in columns} for row in rows]
    return table(columns, told, title)


def _reports(reports: Sequence[str]) -> RenderableType:
    if not reports:
        return Text("no reports yet", style="dim")
    return Group(
        Text("last reports"), *(Text(one_line(one), overflow="ellipsis", no_wrap=True) for one in reports)
    )
