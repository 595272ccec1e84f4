"""Reads what pictures are made of from a client, and has them drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

import attrs

from orderly_sync.errors import UsageError
from orderly_sync.extras import lacking
from orderly_sync.history.account_history import CANDLE_LENGTHS, History
from orderly_sync.live.account_margin import Margin
from orderly_sync.live.book import Book
from orderly_sync.live.positions import LivePositions
from orderly_sync.models.algo_tree import AlgoTree
from orderly_sync.models.base import Rows, utc
from orderly_sync.models.enums import KlineInterval
from orderly_sync.models.kline import Kline
from orderly_sync.models.order import Order
from orderly_sync.notebook.account_figures import depth_figure, equity_figure, funding_figure
from orderly_sync.notebook.algo_figure import AlgoLife, algo_figure, span_of
from orderly_sync.notebook.chart import ChartData, Overlays, chart_figure
from orderly_sync.notebook.figures import Figure
from orderly_sync.rest import Rest
from orderly_sync.trading.algo_handle import AlgoHandle
from orderly_sync.trading.handles import OrderHandle
from orderly_sync.wire.enum_values import one_of
from orderly_sync.wire.moments import TimeLike
from orderly_sync.wire.symbols import symbol as native_symbol

if TYPE_CHECKING:
    from orderly_sync.notebook.offline import OfflineFigure

__all__ = ["Charted", "chart", "depth", "draw", "equity", "funding", "life"]

CANDLES = 300
_DAY = 86_400_000
_FEWEST = 30
_SIZE = 500


def draw(made: Figure) -> OfflineFigure:
    """A figure as plotly shows it.

    Raises:
        UsageError: plotly is not installed; the message names the command.
    """
    try:
        from orderly_sync.notebook.offline import offline
    except ImportError:
        raise UsageError(lacking("notebook", "a picture")) from None
    return offline(made)


class Charted(Protocol):
    """What pictures are read from: the client."""

    @property
    def rest(self) -> Rest:
        """All operations."""

    @property
    def history(self) -> History:
        """The past."""

    @property
    def positions(self) -> LivePositions:
        """Open positions."""

    @property
    def orders(self) -> Mapping[int, Order]:
        """Open orders."""

    @property
    def algo_orders(self) -> Mapping[int, AlgoTree]:
        """Open algo orders."""

    @property
    def margin(self) -> Margin:
        """What the account could still do."""

    def book(self, symbol: str) -> Book:
        """The order book."""

    def handle(self, order: int | str) -> OrderHandle | AlgoHandle:
        """The handle of an order."""


def chart(
    ex: Charted,
    symbol: str,
    interval: KlineInterval | str,
    *,
    days: float | None,
    since: TimeLike | None,
    until: TimeLike | None,
    candles: Iterable[Kline] | None,
    overlays: Overlays,
) -> Figure:
    """The chart of a market; see ``Orderly.plot``."""
    name = native_symbol(symbol)
    kind = KlineInterval(one_of(KlineInterval, interval, "interval"))
    if candles is None:
        if days is None and since is None:
            days = CANDLES * CANDLE_LENGTHS[kind] / _DAY
        past = ex.history.klines(name, kind, days=days, since=since, until=until)
        rows, start, end = past.all(), past.start, past.end
    else:
        rows = Rows.of(Kline, candles)
        times = [row.start_timestamp for row in rows if row.start_timestamp]
        start, end = (min(times), max(times) + CANDLE_LENGTHS[kind]) if times else (0, 0)
    fills = ex.history.fills(since=start, until=end, symbol=name).all() if overlays.fills and start else ()
    data = ChartData(
        symbol=name,
        interval=str(kind.value),
        start=start,
        end=end,
        candles=rows,
        fills=fills,
        positions=[held for held in ex.positions.values() if held.symbol == name],
        orders=[order for order in ex.orders.values() if order.symbol == name],
        trees=[tree for tree in ex.algo_orders.values() if tree.symbol == name],
    )
    return chart_figure(data, overlays)


def depth(ex: Charted, symbol: str, levels: int) -> Figure:
    """The book of a market, added up."""
    book = ex.book(symbol).depth(levels)
    return depth_figure(book.symbol, book.bids, book.asks)


def equity(ex: Charted, days: int) -> Figure:
    """What the account was worth day by day."""
    now = ex.history.now()
    first, last = utc(now - days * _DAY), utc(now)
    if first is None or last is None:
        raise UsageError(f"days={days!a:.20} reaches no calendar; pass a number of days such as 30")
    rows = ex.rest.account.daily_statistics(start_date=first.date(), end_date=last.date(), size=_SIZE)
    return equity_figure(rows.each(), (now, float(ex.rest.positions.list().account_value or 0)))


def funding(ex: Charted, symbol: str, days: float) -> Figure:
    """Rates of a market and what the account paid and received there."""
    name = native_symbol(symbol)
    now = ex.history.now()
    start = now - int(days * _DAY)
    rates = ex.rest.funding_rates.history(symbol=name, start=start, end=now, size=_SIZE)
    return funding_figure(name, rates.each(), ex.history.funding(since=start, until=now, symbol=name))


def life(ex: Charted, root_id: int | str) -> Figure:
    """The life of an algo order."""
    handle = ex.handle(root_id)
    tree = handle.tree if isinstance(handle, AlgoHandle) else None
    if tree is None or not isinstance(handle, AlgoHandle):
        raise UsageError(
            f"order {root_id!a:.40} is no algo order; pass the id of one, such as handle.order_id"
        )
    fills = ex.rest.orders.algo_fills_of(tree.root.algo_order_id)
    told = AlgoLife(tree=tree, reports=handle.reports, fills=fills)
    start, end = span_of(told)
    if not start:
        return algo_figure(told)
    kind = _resolution(end - start)
    margin = _FEWEST * CANDLE_LENGTHS[kind]
    candles = ex.history.klines(tree.symbol, kind, since=start - margin, until=end + CANDLE_LENGTHS[kind])
    return algo_figure(attrs.evolve(told, candles=candles.all()))


def _resolution(length: int) -> KlineInterval:
    """The shortest candles of which some hundreds fill a span of so many ms."""
    fit = (kind for kind, each in CANDLE_LENGTHS.items() if length / each <= CANDLES)
    return next(fit, KlineInterval.DAY_1)
