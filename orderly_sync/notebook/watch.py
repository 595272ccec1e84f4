"""The live table in a notebook's cell: a thread that looks a few times a second and replaces what the cell shows.

The table holds no queue and no hook: what it shows is kept by the client anyway, or told on the stream's thread and
dropped but for the last few. It ends with its client, when another of its market begins, and by ``stop()``; then it
holds nothing of the client any more, though ``Out`` may hold it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

from orderly_sync.errors import OrderlyError, StaleBook, UsageError
from orderly_sync.extras import lacking
from orderly_sync.live.book import Book
from orderly_sync.live.live_state import HoldsState
from orderly_sync.logs import log_of
from orderly_sync.notebook.live_view import LiveView, Moment
from orderly_sync.stream.hub import Hub
from orderly_sync.waiting import WaitQueue, Worker
from orderly_sync.wire import topics
from orderly_sync.wire.topic import Topic

__all__ = ["Watch", "WatchedClient", "notebook_cell"]

log = log_of("orderly_sync.client")

PERIOD = 0.25
"""Seconds between two looks."""
_END = 2.0


class WatchedClient(Protocol):
    """What a live table is read from: the client."""

    @property
    def status(self) -> str:
        """Where it stands."""

    def book(self, symbol: str) -> Book:
        """The order book."""


class Watch:
    """A live table of one market, made by ``ex.watch``; ``stop()`` ends it and leaves its last state in the cell."""

    def __init__(
        self,
        source: WatchedClient,
        hub: Hub,
        state: HoldsState | None,
        symbol: str,
        show: Callable[[str], object],
    ) -> None:
        self.symbol = symbol
        self.updates = 0
        """How often the cell was written anew."""
        self._feed: _Feed | None = _Feed(source, hub, state, symbol, show)
        self._ending = False
        self._changed = WaitQueue()
        self._worker = Worker(self._run, f"orderly-watch-{symbol}")

    def __repr__(self) -> str:
        return f"Watch({self.symbol}, {'live' if self.is_live else 'ended'}, {self.updates} updates)"

    def _ipython_display_(self) -> None:
        """Nothing more: it shows itself in the cell that made it."""

    @property
    def is_live(self) -> bool:
        """Whether it still follows the market."""
        return self._worker.is_alive

    def start(self) -> None:
        """Subscribe, and begin to look.

        Raises:
            SubscriptionRefused: The venue does not know the symbol.
            TimeoutError: It did not acknowledge in time.
        """
        feed = self._feed
        assert feed is not None
        feed.listen()
        try:
            self._worker.start()
        except BaseException:
            feed.leave()
            raise

    def stop(self) -> None:
        """End it; idempotent, and it returns when nothing is written to the cell any more, within two seconds."""
        self._ending = True
        self._changed.wake_all()
        if self._worker.is_alive and not self._worker.is_current:
            self._worker.thread.join(_END)

    def _run(self) -> None:
        feed, shown = self._feed, ""
        assert feed is not None
        try:
            while not self._ending and feed.is_open:
                shown = self._write(feed, feed.html(), shown)
                self._changed.wait_for(lambda: self._ending, time.monotonic() + PERIOD)
            self._write(feed, feed.html(is_over=True), shown)
        except Exception as exc:  # noqa: BLE001 - the front end is gone, or cannot show it: nobody looks any more
            log.warning("the live table of %s ended: %a", self.symbol, exc)
        finally:
            feed.leave()
            self._feed = None  # Out may hold this object for as long as the kernel lives

    def _write(self, feed: _Feed, html: str, shown: str) -> str:
        if html != shown:
            feed.show(html)
            self.updates += 1
        return html


class _Feed:
    """What a live table reads and where it writes."""

    def __init__(
        self,
        source: WatchedClient,
        hub: Hub,
        state: HoldsState | None,
        symbol: str,
        show: Callable[[str], object],
    ) -> None:
        self.show = show
        self._source = source
        self._hub = hub
        self._state = state
        self._view = LiveView(symbol)
        self._book: Book | None = None
        self._heard: list[tuple[Topic[Any], Callable[[Any], object]]] = [
            (topics.trade(symbol), self._view.trade)
        ]
        if state is not None:
            self._heard.append((topics.execution_report(), self._view.report))
            self._heard.append((topics.algo_execution_report(), self._view.report))

    @property
    def is_open(self) -> bool:
        return not self._hub.standing.stopped and self._hub.standing.failure is None

    def listen(self) -> None:
        try:
            for topic, observer in self._heard:
                self._hub.observe(topic, observer)
                self._hub.wait_acked(topic)
        except BaseException:
            self.leave()
            raise

    def leave(self) -> None:
        for topic, observer in self._heard:
            self._hub.unobserve(topic, observer)

    def html(self, *, is_over: bool = False) -> str:
        note = (
            "this table has ended" if is_over else self._look()
        )  # ended, it keeps the book that it showed last
        symbol, state = self._view.symbol, self._state
        orders = () if state is None else [one for one in state.orders.values() if one.symbol == symbol]
        trees = () if state is None else [one for one in state.algo_orders.values() if one.symbol == symbol]
        moment = Moment(status=self._source.status, book=self._book, note=note, orders=orders, trees=trees)
        return self._view.html(moment)

    def _look(self) -> str:
        """Read the book; why there is none, or nothing."""
        try:
            self._book = self._source.book(self._view.symbol)
        except (StaleBook, OrderlyError, TimeoutError) as exc:
            self._book = None
            return str(exc)
        return ""


def notebook_cell(symbol: str, network: str) -> Callable[[str], object]:
    """Where the running cell shows what is to be replaced later: a function that writes it anew, from any thread.

    Args:
        symbol: Of the market, for the command that shows it in a terminal.
        network: Where it is traded, likewise.

    Raises:
        UsageError: IPython is not installed, or this is no notebook.
    """
    try:
        from IPython.core.displaypub import DisplayPublisher
        from IPython.core.getipython import get_ipython
        from IPython.display import HTML, display
    except ImportError:
        raise UsageError(lacking("notebook", "a live table")) from None
    shell = get_ipython()
    if shell is None or type(shell.display_pub) is DisplayPublisher:
        # A terminal can only print one below the other, and keeps each of them in its history.
        place = (
            "venue.json, a file that holds what ex.paper.line() returns" if network == "paper" else network
        )
        raise UsageError(
            f"a live table needs a notebook; in a terminal run: orderly-sync watch {symbol} --network {place}"
        )
    handle = display(HTML(""), display_id=True)  # type: ignore[no-untyped-call, unused-ignore]
    assert handle is not None
    return lambda html: handle.update(HTML(html))  # type: ignore[no-untyped-call, unused-ignore]
