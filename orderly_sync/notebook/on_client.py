"""The part of ``Orderly`` that is for notebooks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence, Sized
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from orderly_sync.errors import OrderlyError
from orderly_sync.models.base import Rows
from orderly_sync.models.enums import KlineInterval
from orderly_sync.models.kline import Kline
from orderly_sync.notebook.symbols import Symbols
from orderly_sync.tables.html import pairs
from orderly_sync.wire.moments import TimeLike
from orderly_sync.wire.symbols import symbol as native_symbol

if TYPE_CHECKING:
    from orderly_sync.history.account_history import History, HistoryRange
    from orderly_sync.live.account_margin import Margin
    from orderly_sync.live.live_state import LiveState
    from orderly_sync.live.session import Session
    from orderly_sync.notebook.offline import OfflineFigure
    from orderly_sync.notebook.watch import Watch
    from orderly_sync.rest import Rest
    from orderly_sync.stream.stream import Stream
    from orderly_sync.trading.algo_handle import AlgoHandle
    from orderly_sync.trading.handles import OrderHandle

__all__ = ["NotebookClient"]

T = TypeVar("T")


if TYPE_CHECKING:
    _Base = LiveState
else:
    _Base = object  # the client, which this is mixed into, is a LiveState


class NotebookClient(_Base):
    """What a notebook shows of a client."""

    _stream: Stream
    _session: Session | None
    _margin: Margin | None
    _watches: dict[str, Watch]
    _symbols: Symbols | None = None

    @property
    def status(self) -> str:
        """Where the client stands."""
        raise NotImplementedError

    @property
    def rest(self) -> Rest:
        """All operations of the API."""
        raise NotImplementedError

    @property
    def history(self) -> History:
        """The account's past."""
        raise NotImplementedError

    @property
    def margin(self) -> Margin:
        """What the account could still do."""
        raise NotImplementedError

    def handle(self, order: int | str) -> OrderHandle | AlgoHandle:
        """The handle of an order."""
        raise NotImplementedError

    @property
    def symbols(self) -> Symbols:
        """What the venue lists, for tab: ``ex.symbols.ETH`` is ``"PERP_ETH_USDC"``, ``ex.symbols["ETH"]`` its rules."""
        if self._symbols is None:
            self._symbols = Symbols(self.rest.market.symbols)
        return self._symbols

    @staticmethod
    def live() -> Sequence[NotebookClient]:
        """All clients."""
        raise NotImplementedError

    def _prepare(self, shell: object) -> None:
        """It is the first client of a shell of IPython."""
        from orderly_sync.notebook.completer import complete_in

        complete_in(shell, type(self).live)

    def watch(self, symbol: str) -> Watch:
        """Show a live table of a market in this cell: book, trades, own orders, last reports; needs a notebook.

            ex.watch("ETH")

        It is written anew when something changed, at most four times a second, while other cells run. It ends when
        another of its market begins, as when its cell runs again, when the client is stopped, and by ``stop()``.

        Raises:
            UsageError: This is no notebook, or there is no such symbol.
            SubscriptionRefused: The venue refuses the topic.
        """
        from orderly_sync.notebook.watch import Watch, notebook_cell

        name = native_symbol(symbol)
        self.book(name)  # subscribed and waited for here, where an error can be raised
        older = self._watches.pop(name, None)
        if older is not None:
            older.stop()
        watch = Watch(
            self, self._stream.hub, self._session, name, notebook_cell(name, self._stream.network.name)
        )
        watch.start()
        self._watches[name] = watch
        return watch

    def _end_watches(self) -> None:
        """The client ends."""
        for watch in list(self._watches.values()):
            watch.stop()
        self._watches.clear()

    def plot(
        self,
        symbol: str,
        interval: KlineInterval | str = "1h",
        *,
        days: float | None = None,
        since: TimeLike | None = None,
        until: TimeLike | None = None,
        candles: Iterable[Kline] | None = None,
        fills: bool = True,
        position: bool = True,
        liquidation: bool = True,
        orders: bool = True,
        stops: bool = True,
        tp_sl: bool = True,
        positional_tp_sl: bool = True,
        trailing: bool = True,
    ) -> OfflineFigure:
        """Candles with what the account has in that market; needs the ``notebook`` extra.

            ex.plot("ETH", "15m", days=2, trailing=False)

        A figure of plotly that needs no network and stays in a saved notebook. Of more than 2000 candles neighbours are
        joined, and the title says how many. Without candles, fills or positions what there is is shown.

        Args:
            symbol: The market.
            interval: ``"1m"`` to ``"1y"``.
            days: How far back; or give ``since``. By default 300 candles.
            since: From then on.
            until: Until then; now if absent.
            candles: Those that were read before, instead of any of the three.
            fills: Draw the account's own fills.
            position: Draw the mean price of opening.
            liquidation: Draw the price where liquidation begins.
            orders: Draw pending orders and entries of brackets.
            stops: Draw triggers of stop orders.
            tp_sl: Draw take profits and stop losses of a quantity.
            positional_tp_sl: Draw those that follow the position.
            trailing: Draw activation, extreme and trigger of trailing stops.

        Raises:
            UsageError: plotly is not installed, or there is no account.
        """
        from orderly_sync.notebook.chart import Overlays
        from orderly_sync.notebook.plots import chart, draw

        overlays = Overlays(
            fills=fills,
            position=position,
            liquidation=liquidation,
            orders=orders,
            stops=stops,
            tp_sl=tp_sl,
            positional_tp_sl=positional_tp_sl,
            trailing=trailing,
        )
        made = chart(
            self, symbol, interval, days=days, since=since, until=until, candles=candles, overlays=overlays
        )
        return draw(made)

    def plot_depth(self, symbol: str, levels: int = 100) -> OfflineFigure:
        """The order book as it stands, added up from the best price on; see ``plot``."""
        from orderly_sync.notebook.plots import depth, draw

        return draw(depth(self, symbol, levels))

    def plot_equity(self, days: int = 30) -> OfflineFigure:
        """What the account was worth day by day, and is now, USDC; see ``plot``."""
        from orderly_sync.notebook.plots import draw, equity

        return draw(equity(self, days))

    def plot_funding(self, symbol: str, days: float = 30) -> OfflineFigure:
        """Funding rates of a market, basis points, and what this account received less what it paid; see ``plot``."""
        from orderly_sync.notebook.plots import draw, funding

        return draw(funding(self, symbol, days))

    def plot_algo(self, root_id: int | str) -> OfflineFigure:
        """The life of one algo order: triggers and extreme of its nodes, where they fired, reports and fills.

        Args:
            root_id: The id of its root, or its client order id.

        Raises:
            NotFound: The venue knows no such order.
            UsageError: It is no algo order, or plotly is not installed.
        """
        from orderly_sync.notebook.plots import draw, life

        return draw(life(self, root_id))

    def candles(
        self,
        symbol: str,
        interval: KlineInterval | str = "1h",
        since: TimeLike | None = None,
        *,
        days: float | None = None,
        until: TimeLike | None = None,
        cache: str | os.PathLike[str] | bool | None = None,
        bar: bool | None = None,
    ) -> Rows[Kline]:
        """Candles of ``days`` days or since a moment, oldest first; what was read once is kept on disk.

            ex.candles("ETH", "15m", days=90).df

        After an interrupt, or on the next day, only what is missing is read. Only candles that have ended are kept.

        Args:
            symbol: The market.
            interval: ``"1m"`` to ``"1y"``.
            since: From then on, a moment or an age such as ``"90d"``.
            days: How far back, instead.
            until: Until then; now if absent, and then the last candle is still forming.
            cache: The folder to keep them in, in files for this user alone. By default ``~/.cache/orderly_sync``, on
                paper none, for each venue there is a market of its own; False keeps nothing.
            bar: Whether a progress bar is shown; by default where IPython runs and tqdm is installed, notebook or not.

        Raises:
            CacheNotWritten: The disk is full, or the folder is not ours; ``.rows`` has what was read.
            UsageError: Neither or both of ``days`` and ``since``; or the file may be read by others.
        """
        from orderly_sync.notebook.downloads import candles, folder_of

        network = self._stream.network.name
        return candles(
            self.history,
            symbol,
            interval,
            days=days,
            since=since,
            until=until,
            folder=folder_of(cache, is_paper=network == "paper"),
            network=network,
            numbers=self._stream.hub.options.numbers,
            bar=bar,
        )

    def download(self, past: HistoryRange[T], *, bar: bool | None = None) -> Rows[T]:
        """All rows of a reading of the past, with a progress bar; after an interrupt, call it again to go on.

            past = ex.history.fills(since="30d")
            ex.download(past).df

        Args:
            past: What ``ex.history`` gave.
            bar: Whether a progress bar is shown; by default where IPython runs and tqdm is installed, notebook or not.
        """
        from orderly_sync.notebook.downloads import download

        return download(past, bar=bar)

    def _repr_html_(self) -> str:
        return pairs("Orderly", self._state())

    def _state(self) -> list[tuple[str, object]]:
        """What is known without asking anybody, or a figure's absence where it would take that."""
        told: list[tuple[str, object]] = [("network", self._stream.network.name), ("status", self.status)]
        held, margin = self._session, self._margin
        if held is None or margin is None:
            return [*told, ("account", "none, market data only")]
        for name, figure in (
            ("total collateral", margin.total_collateral),
            ("free collateral", margin.free_collateral),
            ("margin ratio", margin.margin_ratio),
            ("unsettled PnL", margin.unsettled_pnl),
        ):
            told.append((name, _figure(figure)))
        counts: dict[str, Sized] = {
            "positions": held.positions,
            "orders": held.orders,
            "algo orders": held.algo_orders,
            "holdings": held.holdings,
        }
        return [*told, *((name, len(table)) for name, table in counts.items())]


def _figure(read: Callable[[], Decimal]) -> object:
    try:
        return read()
    except OrderlyError as exc:
        return f"unknown: {exc}"
