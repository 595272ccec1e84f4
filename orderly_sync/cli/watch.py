"""``orderly-sync watch``: a market and one's own orders, live, until it is ended."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from decimal import Decimal
from itertools import islice

import click
from rich.live import Live

from orderly_sync.cli.columns import shown_time
from orderly_sync.cli.epilogs import help_of
from orderly_sync.cli.keyboard import WaitForKey, interrupted_by, keys_pressed
from orderly_sync.cli.layouts import layout_of
from orderly_sync.cli.options import account_options, json_option
from orderly_sync.cli.output import console, print_json
from orderly_sync.cli.target import Target
from orderly_sync.cli.watch_view import WatchMoment, drawn, facts
from orderly_sync.client import Orderly
from orderly_sync.connecting import connect
from orderly_sync.errors import Disconnected, StaleBook
from orderly_sync.live.book import Book
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.models.pushes.market import MarkPrice, Trade
from orderly_sync.trading.markets import Markets
from orderly_sync.waiting import Flag
from orderly_sync.wire import topics
from orderly_sync.wire.symbols import symbol as native_symbol

__all__ = ["watch"]

_KEPT = 100
_REPORTS = 8
_QUIT = frozenset({"q", "Q"})


class _Watched:
    """What the hooks of a client have heard; read from the thread that draws."""

    def __init__(self, ex: Orderly, symbol: str) -> None:
        self._ex = ex
        self._symbol = symbol
        self._own = ex.rest.credentials is not None
        self._trades: deque[Trade] = deque(maxlen=_KEPT)
        self._reports: deque[str] = deque(maxlen=_REPORTS)
        self._mark: Decimal | None = None
        ex.on(topics.trade(symbol), self._trades.appendleft)
        ex.on(topics.mark_price(symbol), self._marked)
        if self._own:
            ex.on(topics.execution_report(), self._reported)
            ex.on(topics.algo_execution_report(), self._algo_reported)
        ex.book(symbol)

    def _marked(self, event: MarkPrice) -> None:
        self._mark = event.price

    def _reported(self, one: ExecutionReport) -> None:
        self._told(
            one.ts, f"{one.symbol} {one.order_id} {one.side} {one.status} {one.filled} of {one.quantity}"
        )

    def _algo_reported(self, one: AlgoExecutionReport) -> None:
        self._told(one.ts, f"{one.symbol} {one.algo_order_id} {one.algo_type} {one.algo_status}")

    def _told(self, ts: int | None, text: str) -> None:
        self._reports.appendleft(f"{shown_time(ts)[11:19]} {text}")

    def moment(self) -> WatchMoment:
        """As it stands.

        Raises:
            Disconnected: The client has given up.
        """
        ex, own = self._ex, self._own
        if ex.status in {"failed", "stopped"}:
            raise Disconnected("the client has given up", final=True)
        return WatchMoment(
            symbol=self._symbol,
            network=ex.rest.network.name,
            status=ex.status,
            time=ex.rest.clock.time_ms(),
            book=self._book(),
            mark=self._mark,
            trades=tuple(self._trades.copy()),
            positions=tuple(ex.positions.values()) if own else None,
            orders=tuple(ex.orders.values()) if own else (),
            algos=tuple(ex.algo_orders.values()) if own else (),
            reports=tuple(self._reports.copy()),
        )

    def _book(self) -> Book | None:
        try:
            return self._ex.book(self._symbol)
        except StaleBook:
            return None


@click.command(
    epilog=help_of(
        "orderly-sync watch ETH",
        "orderly-sync watch ETH --network mainnet --levels 15",
        "orderly-sync watch ETH --json --interval 5 --count 10",
        codes=(0, 1, 2, 3, 130, 141),
    )
)
@click.argument("symbol")
@account_options
@click.option(
    "--levels", type=click.IntRange(1, 50), default=8, show_default=True, help="Of the book, each side."
)
@click.option(
    "--interval",
    type=click.FloatRange(0.05),
    metavar="SECONDS",
    help="Between two pictures, 0.25 unless it is given; between two lines, 1.",
)
@click.option("--count", "most", type=click.IntRange(1), metavar="N", help="End after so many.")
@click.option(
    "--lines", is_flag=True, help="A line each time instead of a full screen, as where there is no terminal."
)
@json_option
def watch(
    *,
    target: Target,
    symbol: str,
    levels: int,
    interval: float | None,
    most: int | None,
    lines: bool,
    as_json: bool,
) -> None:
    """Watch a market live: book, trades, and your own positions, orders and last reports.

    Lost connections are dialled again while it runs, and its status says so. q or Ctrl-C ends it.
    """
    name = native_symbol(symbol)
    target = target.optional()
    venue = target.venue()
    account = target.account_of(venue)
    full = console().is_terminal and os.environ.get("TERM") != "dumb" and not lines and not as_json
    if not full:
        with connect(venue, **account) as ex:
            _in_lines(_moments(ex, name, most), interval or 1.0, as_json=as_json)
        return
    try:
        with keys_pressed(Flag().wait) as key, ExitStack() as ends:
            with interrupted_by(
                _QUIT, key
            ):  # a venue out of reach is waited for, but not by who has had enough
                ex = ends.enter_context(connect(venue, **account))
                moments = _moments(ex, name, most)
            _on_screen(moments, levels, interval or 0.25, key)
    except KeyboardInterrupt:
        return


def _moments(ex: Orderly, symbol: str, most: int | None) -> Iterator[WatchMoment]:
    Markets(ex.rest).check(symbol)
    return islice(iter(_Watched(ex, symbol).moment, None), most)


def _on_screen(moments: Iterator[WatchMoment], levels: int, interval: float, key: WaitForKey) -> None:
    shown = console()
    with Live(console=shown, screen=True, auto_refresh=False) as live:
        for moment in moments:
            live.update(drawn(moment, shown.width, levels), refresh=True)
            if key(interval) in _QUIT:
                return


def _in_lines(moments: Iterator[WatchMoment], interval: float, *, as_json: bool) -> None:
    layout, pause = layout_of("watch"), Flag()
    for moment in moments:
        row = layout.row(facts(moment))
        if as_json:
            print_json(row)
        else:
            shown = [one for one in layout.columns[1:] if one.head and row[one.name] is not None]
            told = (f"{one.head} {row[one.name]}" for one in shown)
            click.echo(f"{shown_time(row['time'])[:19]} {', '.join(told)}")
        pause.wait(interval)
