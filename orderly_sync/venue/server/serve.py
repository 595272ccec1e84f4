"""A venue that runs: one background thread with a loop of its own, and a thread-safe handle on it."""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future
from contextvars import Context
from decimal import Decimal
from typing import Any, TypeVar

import attrs
from typing_extensions import Self

from orderly_sync.clock import Clock, SystemClock
from orderly_sync.errors import UsageError
from orderly_sync.values.arithmetic import adopt, own
from orderly_sync.values.printing import printable
from orderly_sync.values.sentences import PAPER_STOPPED
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.accounts import PaperAccount, paper_accounts
from orderly_sync.venue.server.api import Api
from orderly_sync.venue.server.app import App, new_loop, urls_at
from orderly_sync.venue.server.arguments import check
from orderly_sync.venue.server.console.feed import ConsoleFeed
from orderly_sync.venue.server.control import Control
from orderly_sync.venue.server.core import Core
from orderly_sync.venue.server.routes.table import ROUTES
from orderly_sync.venue.server.simulation import Simulation
from orderly_sync.venue.server.source import Source
from orderly_sync.venue.server.timing import FlowingTime, FrozenTime
from orderly_sync.wire.json import decode, encode
from orderly_sync.wire.moments import TimeLike, milliseconds
from orderly_sync.wire.numbers import finite, native
from orderly_sync.wire.symbols import symbol as native_symbol

__all__ = ["Venue"]

T = TypeVar("T")

_START_SECONDS, _CALL_SECONDS, _STOP_SECONDS, _PING_SECONDS, _RETRY_SECONDS = 10.0, 30.0, 5.0, 10.0, 0.1
_BEST_PRICE_SECONDS, _SOURCE_SECONDS = 0.01, 0.5


class Venue:
    """A paper venue on loopback, listening when the constructor returns.

    ``with Venue(seed=7, market="frozen") as venue:`` stops it at the end; ``stop()`` does, too.

    Args:
        seed: The same seed and the same commands give the same events; accounts follow from it.
        market: ``calm``, ``volatile``, ``frozen`` (prices and time stand still until told to move) or ``followed``
            (time runs, prices come by ``set_market``).
        speed: How many times faster than the wall clock the venue's time runs, prices walk and topics push; beyond what
            the machine can do beside serving its clients, it runs as fast as that (see ``health``).
        accounts: How many funded accounts it opens.
        host: The loopback address to listen on, ``127.0.0.1`` or ``::1``.
        port: The port, 0 for any free one.
        rate_limits: Whether the API's rate limits are kept.
        connections: How many connections it holds at once.
        clock: The wall clock.
        console: Whether it serves a page for people, see ``console``.

    Raises:
        UsageError: An argument makes no sense, or the port is taken.
    """

    in_process = True

    def __init__(
        self,
        *,
        seed: int = 0,
        market: str = "calm",
        speed: float = 1.0,
        accounts: int = 2,
        host: str = "127.0.0.1",
        port: int = 0,
        rate_limits: bool = True,
        connections: int = 64,
        clock: Clock | None = None,
        console: bool = False,
    ) -> None:
        check(market=market, speed=speed, accounts=accounts, host=host)
        self._clock = clock or SystemClock()
        self.accounts: list[PaperAccount] = paper_accounts(seed, accounts)
        self.token: str = secrets.token_hex(32)
        """What the control header ``x-venue-token`` must hold."""
        # Callbacks run in the context of who booked them, and decimals round as contexts say: never in the caller's.
        self._context = Context()
        self._context.run(adopt)
        with own():
            self._core = Core(
                accounts=self.accounts,
                time=FrozenTime() if market == "frozen" else FlowingTime(self._clock, speed),
                clock=self._clock,
                kind=market,
                seed=seed,
                operations=ROUTES.keys(),
            )
            self._simulation = Simulation(self._core, self._clock, speed)
        self.source: Source = Source(self._core.trading, self._clock)
        """What it knows of the age of a followed market's prices."""
        self.symbols: tuple[str, ...] = self._core.symbols
        """The symbols it lists."""
        self._control = Control(self._core.services, self._core.trading, self.token, self.health)
        api = Api(self._core.services, ROUTES, self._clock, rate_limits=rate_limits)
        services, trading = self._core.services, self._core.trading
        feed = ConsoleFeed(services, trading, self._control, self.health, market) if console else None
        self._app = App(services, self._core, api, self._control, connections=connections, console=feed)
        self._has_console = console
        self._loop = new_loop()
        self._timers: dict[Callable[[], object], asyncio.TimerHandle] = {}
        self.at_stop: list[Callable[[], object]] = []
        """Called first by ``stop()``: what feeds it from elsewhere ends before it."""
        self._stopped = False
        self._asked: set[Future[Any]] = set()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="orderly-paper-venue", daemon=True)
        self._thread.start()
        self.urls: dict[str, str] = self._listen(host, port)
        """Base URLs: ``rest``, ``control``; ``ws_public``, ``ws_private``, ``ws_oracle``: append ``/{account_id}``."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @printable
    def __repr__(self) -> str:
        return f"Venue({self.urls['rest']!r}, {len(self.accounts)} accounts)"

    def line(self) -> str:
        """The JSON line that says all a client needs: URLs, token, accounts with their secrets."""
        accounts = [account.line() for account in self.accounts]
        page = {} if self.console is None else {"console": self.console}
        return encode({**self.urls, **page, "token": self.token, "accounts": accounts}).decode()

    @property
    def console(self) -> str | None:
        """Where a browser finds its page, the token behind the ``#`` that browsers send to nobody; None without one."""
        return f"{self.urls['rest']}/console#token={self.token}" if self._has_console else None

    # Control, from any thread.

    def mark_price(self, symbol: str) -> Decimal:
        """A market's mark price, USDC; the symbol in any spelling, UsageError if it is unknown."""
        name = native_symbol(symbol)
        return self._call(lambda: self._control.mark_price(name))

    def set_mark_price(self, symbol: str, price: Decimal | str | float) -> int:
        """Move mark and index price; makers quote around it and triggers fire before this returns.

        Returns:
            The venue's time at which it stands there, ms.

        Raises:
            UsageError: The symbol is unknown, or the price is no number above 0.
        """
        name, exact = native_symbol(symbol), finite(price, "price")

        def move() -> int:
            self._core.trading.set_mark_price(name, exact)
            return self._core.now()

        return self._call(move)

    def set_market(self, prices: Mapping[str, Mapping[str, Decimal]]) -> None:
        """Take markets from elsewhere: by symbol, those of ``mark``, ``index``, ``bid`` and ``ask`` that are known.

        Makers stand at the bid and the ask, triggers fire before this returns.

        Raises:
            UsageError: A symbol is unknown, or a price is no number above 0.
        """
        read = {
            native_symbol(symbol): {name: finite(price, name) for name, price in told.items()}
            for symbol, told in prices.items()
        }

        def take() -> None:
            self.source.told(read)
            for symbol, told in read.items():
                self._core.trading.set_market(symbol, told)

        self._call(take)

    def watch_source(self, name: str) -> None:
        """Take it that prices come by ``set_market`` from there and keep coming: old ones are not traded on.

        After ``source.STALE_SECONDS`` without a price of a market its makers leave it, and its mark and index prices
        are pushed no more, until the next price comes.
        """
        self._call(lambda: self.source.watch(name))

    def on_source(self, listener: Callable[[tuple[str, ...], float], object]) -> None:
        """Have a function called, on the venue's thread, when ``stale`` changes: with it and the prices' age."""
        self._call(lambda: self.source.listen(listener))

    @property
    def stale(self) -> tuple[str, ...]:
        """The symbols of a followed market whose source has fallen silent; they are not traded on."""
        return self.source.stale

    def advance(self, ms: int) -> int:
        """Let so many milliseconds pass at once on the venue's clock; the time then, ms since 1970.

        Raises:
            UsageError: It is no whole number, negative, or longer than 400 days.
        """
        span = native(ms)
        if isinstance(span, bool) or not isinstance(span, int):
            raise UsageError(f"advance takes whole milliseconds, not {ms!a:.60}")
        return self._call(lambda: self._core.trading.advance(span))

    def announce(self, message: str, url: str | None = None) -> int:
        """Publish an announcement; its id."""
        return self._call(lambda: self._core.notices.announce(message, url))

    def set_maintenance(
        self, status: int, start: TimeLike | None = None, end: TimeLike | None = None
    ) -> None:
        """Begin maintenance (status 2) or end it (0), and announce it; while it lasts trading is refused.

        Raises:
            UsageError: Another status, or a time that is none.
        """
        begin, until = milliseconds(start, "start"), milliseconds(end, "end")
        self._call(lambda: self._core.notices.set_maintenance(status, begin, until))

    def tell(self, topic: str, data: Any, account_id: str | None = None) -> None:
        """Push any data of any topic, to all who listen or to one account, as ``POST /venue/tell``.

        A private topic without an account goes to every account.

        Raises:
            UsageError: There is no such account, or no such topic.
        """
        self._call(lambda: self._core.notices.tell(topic, data, account_id))

    def drop_connections(self) -> int:
        """Break every WebSocket connection as a broken network would; how many there were."""
        return self._call(lambda: self._control.drop_connections())  # noqa: PLW0108 - there while it runs

    def faults(self, **wanted: Any) -> Mapping[str, Any]:
        """Put faults in force, as ``POST /venue/faults``; ``faults(clear=True)`` ends them.

        Raises:
            UsageError: A fault is unknown or its value senseless.
        """
        return self._call(lambda: self._control.faults(wanted))

    def ledger(self, account_id: str, after: int = 0) -> list[dict[str, Any]]:
        """Every event pushed to an account later than ``after``: ``{"seq", "ts", "topic", "data"}``, numbers exact.

        Raises:
            UsageError: There is no such account.
        """
        entries = self._call(
            lambda: self._core.reports.ledger.after(self._core.accounts.known(account_id), after)
        )
        return [entry.value() for entry in entries]

    def snapshot(self, account_id: str) -> dict[str, Any]:
        """Orders, algo orders, fills, positions and holding of an account as the venue holds them now.

        Raises:
            UsageError: There is no such account.
        """
        text = self._call(lambda: self._control.snapshot(account_id))
        return dict(decode(text, "snapshot"))

    def health(self) -> dict[str, Any]:
        """How it fares, and how the source of its prices does.

        ``speed`` is what was ``asked``, what is ``achieved`` and whether it is ``slowed``; ``source`` has the ``name``
        of a followed market, the ``age`` of its newest price in seconds and the ``stale`` symbols, or is None.
        """
        return {"speed": attrs.asdict(self._simulation.speed), "source": self.source.health()}

    def now(self) -> int:
        """The venue's time in ms."""
        return self._call(lambda: self._core.now())  # noqa: PLW0108 - there while it runs

    def close(self) -> None:
        """The same as ``stop()``."""
        self.stop()

    def stop(self) -> None:
        """End all connections and the thread; returns within five seconds, does nothing the second time."""
        while self.at_stop:
            self.at_stop.pop()()
        with self._lock:
            if self._stopped:
                return
            self._stopped = True
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_STOP_SECONDS)

    # The thread.

    def _listen(self, host: str, port: int) -> dict[str, str]:
        """Open the door; the URLs it is reached at."""
        # What the server is asked later runs in the context in which it was opened.
        opened = self._context.copy().run(
            asyncio.run_coroutine_threadsafe, self._open(host, port), self._loop
        )
        try:
            port = opened.result(_START_SECONDS)
        except OSError as exc:
            self.stop()
            raise UsageError(f"the venue cannot listen on {host} port {port}: {exc.strerror}") from None
        except BaseException:
            self.stop()
            raise
        return urls_at(host, port)

    def _run(self) -> None:
        adopt()
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
            self._loop.run_until_complete(self._shut())
        finally:
            self._loop.close()
            for future in list(self._asked):  # Asked too late to be heard; nobody shall wait for it.
                future.cancel()
            # Whoever holds a venue that has stopped, as Out of a notebook may for long, holds no market.
            self._simulation.let_go()
            self.source.let_go()
            self._timers.clear()
            del self._core, self._control, self._app

    async def _open(self, host: str, port: int) -> int:
        port = await self._app.open(host, port)
        self._core.publisher.later = self._loop.call_later
        self._every(_PING_SECONDS, self._app.ping)
        self._every(_BEST_PRICE_SECONDS, self._core.broadcast.best_prices)
        self._every(_SOURCE_SECONDS, self.source.check)
        self._simulate()
        return port

    def _simulate(self) -> None:
        pause = _RETRY_SECONDS  # Should it raise, the loop's handler logs that, and the next turn comes.
        try:
            pause = self._simulation.turn()
        finally:
            self._timers[self._simulate] = self._loop.call_later(pause, self._simulate)

    def _every(self, seconds: float, work: Callable[[], object]) -> None:
        def repeat(due: float) -> None:
            # Booked before the work is done: should it raise, the loop's handler logs that, and the next time comes.
            due = max(due + seconds, self._loop.time())
            self._timers[work] = self._loop.call_at(due, repeat, due)
            work()

        repeat_at = self._loop.time() + seconds
        self._timers[work] = self._loop.call_at(repeat_at, repeat, repeat_at)

    async def _shut(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        await self._app.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)  # what was closed in there closes its socket in the next turn

    def _call(self, work: Callable[[], T]) -> T:
        """Run something on the venue's thread and give what it gave."""
        answer: Future[T] = Future()

        def run() -> None:
            try:
                answer.set_result(work())
            except BaseException as exc:  # noqa: BLE001 - whatever it is, it belongs to who asked
                answer.set_exception(exc)

        with self._lock:
            if self._stopped:
                raise UsageError(PAPER_STOPPED)
            self._asked.add(answer)
            self._loop.call_soon_threadsafe(run, context=self._context)
        try:
            return answer.result(_CALL_SECONDS)
        except CancelledError:
            raise UsageError(PAPER_STOPPED) from None
        except Refused as exc:
            raise UsageError(exc.message) from None
        finally:
            self._asked.discard(answer)
