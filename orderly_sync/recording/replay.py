"""Replaying a recording: the same verbs, the same state, no network, no threads, no clock but its own.

    replay = Replay("day.jsonl.gz")
    replay.on(topics.algo_execution_report(), hook)
    replay.run()

Hooks run in the caller's thread, in the order of the frames. The same file gives the same calls and the same state
every time.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar, cast

from orderly_sync.config import limit, number_type
from orderly_sync.errors import DecodingError, Disconnected, HookError, OrderlyError, StaleBook
from orderly_sync.live.book import Book, BookBuilder
from orderly_sync.live.counting import count_fill
from orderly_sync.live.holdings import LiveHoldings
from orderly_sync.live.orders import OpenAlgoOrders, OpenOrders
from orderly_sync.live.positions import LivePositions
from orderly_sync.models.algo import AlgoOrder
from orderly_sync.models.base import Frame, Rows
from orderly_sync.models.holding import Holding
from orderly_sync.models.order import Order
from orderly_sync.models.position import Position
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.book import OrderBookDelta
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.models.pushes.market import MarkPrice
from orderly_sync.recording.record import Line, lines_of
from orderly_sync.stream.consumer import NONE, Consumer
from orderly_sync.stream.delivery import PRIVATE_MAXLEN
from orderly_sync.stream.dispatch import Hook, refuse_deferred
from orderly_sync.stream.failures import Failures
from orderly_sync.stream.filter import Filter
from orderly_sync.stream.frame_decoder import FrameDecoder
from orderly_sync.stream.routes import ClassRoute, HookQueue, Route
from orderly_sync.stream.targets import check_callable, check_target, name_of, wanted_of
from orderly_sync.waiting import Flag
from orderly_sync.wire import topics
from orderly_sync.wire.converter import structure
from orderly_sync.wire.symbols import symbol as native_symbol
from orderly_sync.wire.topic import KeyOf, Topic

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Replay"]

E = TypeVar("E")


class _Inline:
    """Runs hooks at once, in the caller's thread."""

    room = sys.maxsize

    def __init__(self, failed: Callable[[HookError, bool], None]) -> None:
        self._failed = failed

    def put(self, hooks: Sequence[Hook], events: Sequence[object]) -> None:
        for event in events:
            for hook in hooks:
                if not hook.removed and (hook.filter is None or hook.filter(event)):
                    self._call(hook, event)

    def put_private(
        self,
        _: str,
        hooks: Sequence[Hook],
        events: Sequence[object],
        __: KeyOf | None = None,
    ) -> None:
        self.put(hooks, events)

    def put_public(
        self,
        _: str,
        hooks: Sequence[Hook],
        events: Sequence[object],
        __: KeyOf | None,
    ) -> None:
        self.put(hooks, events)

    def _call(self, hook: Hook, event: object) -> None:
        try:
            refuse_deferred(hook.fn(event))
        except Exception as exc:  # noqa: BLE001 - as live, the next event comes; but a Ctrl-C ends this very thread
            self._failed(*hook.failed(event, exc))
        hook.calls += 1


class _Pulled(Consumer[E]):
    """A consumer that plays the recording on instead of waiting."""

    step: Callable[[], bool]

    def get(self, timeout: float | None = None) -> E:
        limit(timeout)  # nothing is waited for; what is no timeout is none here either
        event: Any = self._first()
        while event is NONE:
            if self._closed or not self.step():
                raise Disconnected("the recording has ended", final=True)
            event = self._first()
        return cast("E", event)

    def __next__(self) -> E:
        try:
            return self.get()
        except Disconnected:
            raise StopIteration from None


class Replay:
    """Plays a recording through ``on``, ``stream``, ``wait_for`` and live state.

    Args:
        path: A recording made with ``connect(..., record=path)``.
        speed: 0 plays as fast as it can; 1 at the pace of the recording, 10 ten times as fast.
        numbers: ``Decimal`` or ``float``.
        strict: Whether an error of a hook is raised at once.

    Raises:
        UsageError: There is no such file, or ``numbers`` is neither Decimal nor float.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, speed: float = 0, numbers: type = Decimal, strict: bool = False
    ) -> None:
        self.positions = LivePositions(numbers)
        self.holdings = LiveHoldings(numbers)
        self.orders = OpenOrders()
        self.algo_orders = OpenAlgoOrders()
        self.numbers = number_type(numbers)
        self.routes: dict[str, Route] = {}
        self.dispatcher: HookQueue = _Inline(self._hook_failed)
        self.frames = 0
        """Frames played so far."""
        self.damaged = 0
        """Lines and frames that could not be read; each is announced as a DecodingError."""
        self.time: int | None = None
        """The receive time of the frame played last, ms."""
        self._strict = strict
        self._failures = Failures()
        self._speed = speed
        self._books: dict[str, BookBuilder] = {}
        self._class_routes: dict[type, ClassRoute] = {}
        self._readers = {name: FrameDecoder(name, self, "replay") for name in ("private", "public")}
        self._lines = lines_of(path)
        self._began: tuple[int, float] | None = None
        self._stopped = Flag()
        self._lock = threading.Lock()
        feeds: tuple[tuple[Topic[Any], Callable[[Any], object]], ...] = (
            (topics.execution_report(), self._execution),
            (topics.algo_execution_report(), self._algo),
            (topics.position(), self.positions.apply),
            (topics.balance(), self.holdings.apply),
            (topics.mark_prices(), self._mark),
        )
        for topic, observer in feeds:
            self._route(topic).observers = (observer,)

    # The verbs -------------------------------------------------------------------------------------------------------

    def on(
        self,
        target: Topic[E] | type[E],
        fn: Callable[[E], object] | None = None,
        *,
        symbol: str | None = None,
    ) -> Any:
        """Call ``fn`` with each event of a topic or a class of session events, in the caller's thread.

        Which hooks count as one is as told at ``Stream.on``.

        Raises:
            UsageError: The hook could never be called.
        """
        check_target(target)
        wanted = wanted_of(target, symbol, None, None)
        if fn is None:

            def decorate(function: Callable[[E], object]) -> Callable[[E], object]:
                self._add_hook(target, function, wanted)
                return function

            return decorate
        return self._add_hook(target, fn, wanted)

    def _add_hook(self, target: object, fn: Callable[[Any], object], wanted: Filter) -> Hook:
        check_callable(fn, "hook")
        audience = self._audience(target)
        return audience.add_hook(Hook(name_of(target), fn, wanted, audience.drop_hook))

    def stream(
        self, target: Topic[E] | type[E], *, symbol: str | None = None, maxlen: int = PRIVATE_MAXLEN
    ) -> Consumer[E]:
        """The events of a topic, to iterate over; iterating plays the recording. Ends with it."""
        check_target(target)
        audience = self._audience(target)
        consumer: _Pulled[E] = _Pulled(
            name_of(target),
            wanted=wanted_of(target, symbol, None, None),
            maxlen=maxlen,
            private=isinstance(target, Topic) and target.private,
            conflate=None,
            idle=None,
            check=lambda: None,
            leave=audience.drop_consumer,
        )
        consumer.step = self.step
        audience.add_consumer(weakref.ref(consumer))
        return consumer

    def wait_for(
        self,
        target: Topic[E] | type[E],
        predicate: Callable[[E], object] | None = None,
        *,
        symbol: str | None = None,
    ) -> E:
        """Play until an event for which ``predicate`` is true.

        Raises:
            Disconnected: The recording ended first.
        """
        if predicate is not None:
            check_callable(predicate, "predicate")
        with self.stream(target, symbol=symbol) as events:
            while True:
                event = events.get()
                if predicate is None or predicate(event):
                    return event

    def book(self, symbol: str) -> Book:
        """The order book as recorded up to now; ask for it before playing, so that it is built from the beginning.

        Raises:
            StaleBook: The recording does not tell it yet, or its chain of updates was broken.
        """
        name = native_symbol(symbol)
        builder = self._books.get(name)
        if builder is None:
            builder = self._books[name] = BookBuilder(name)
            builder.subscribed(0.0)
            route = self._route(topics.orderbook_update(name))
            route.observers = (*route.observers, self._delta)
            raise StaleBook(name, "the recording is played from here on")
        return builder.book

    def step(self) -> bool:
        """Play one line; whether there was one. After the last, how often hooks raised is said, if they did."""
        with self._lock:
            item = next(self._lines, None)
        if item is None:
            self._failures.sum_up()
            return False
        if isinstance(item, OrderlyError):
            self.damaged += 1
            self.announce(item)
            return True
        if not self._pace(item.time):
            return False
        self._play(item)
        return True

    def run(self) -> Replay:
        """Play to the end."""
        while self.step():
            pass
        return self

    def stop(self) -> None:
        """Play no further and close the file; idempotent. The state stays as it was played to.

        A line whose time another thread is waiting for is not played.
        """
        self._stopped.set()
        with self._lock:
            self._lines.close()
        self._failures.sum_up()

    def close(self) -> None:
        """The same as ``stop()``."""
        self.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # Inside
    # ------------------------------------------------------------------------------------------------------------

    def announce(self, event: object) -> None:
        """Deliver a session event."""
        for kind in type(event).__mro__:
            route = self._class_routes.get(kind)
            if route is not None:
                route.deliver(event, self.dispatcher)

    def _play(self, line: Line) -> None:
        self.time = line.time
        if line.channel == "state":
            self._seed(line.content)
            return
        self.frames += 1
        try:
            message = self._readers[line.channel].read(line.content, line.time / 1000)
        except HookError:
            raise  # with strict
        except OrderlyError as exc:
            self.damaged += 1
            self.announce(exc)
            return
        if message is not None and message.get("event") == "request":
            self._snapshot(message, line.time / 1000)

    def _pace(self, time_ms: int) -> bool:
        """Wait until a line is due; whether it is to be played."""
        if self._speed > 0:
            if self._began is None:
                self._began = (time_ms, time.monotonic())
            due = self._began[1] + (time_ms - self._began[0]) / 1000 / self._speed
            self._stopped.wait(due - time.monotonic())
        return not self._stopped.is_set()

    def _seed(self, rows: Mapping[str, object]) -> None:
        tables: tuple[tuple[str, object, object], ...] = (
            ("positions", self.positions, Rows[Position]),
            ("holdings", self.holdings, Rows[Holding]),
            ("orders", self.orders, Rows[Order]),
            ("algo_orders", self.algo_orders, Rows[AlgoOrder]),
        )
        for name, table, kind in tables:
            self._seed_table(table, rows.get(name) or [], kind)

    def _seed_table(self, table: Any, rows: Any, kind: Any) -> None:
        try:
            table.seed_rows(structure(rows, kind, "the recorded state", self.numbers))
        except DecodingError as exc:
            self.damaged += 1
            self.announce(exc)

    def _execution(self, report: ExecutionReport) -> None:
        self.orders.apply(report)
        count_fill(report, self.positions, self.holdings, self.orders, self.algo_orders)

    def _algo(self, report: AlgoExecutionReport) -> None:
        self.algo_orders.apply(report)
        count_fill(report, self.positions, self.holdings, self.orders, self.algo_orders)

    def _mark(self, update: MarkPrice) -> None:
        self.positions.mark(update.symbol, update.price, update.ts)

    def _delta(self, delta: OrderBookDelta) -> None:
        builder = self._books[delta.symbol]
        builder.feed((delta,), (self.time or 0) / 1000)

    def _snapshot(self, message: Mapping[str, Any], now: float) -> None:
        data = message.get("data")
        symbol = data.get("symbol") if isinstance(data, dict) else None
        builder = self._books.get(symbol or "")
        if builder is not None:
            frame = Frame("request orderbook", message.get("ts"), "replay")
            (book,) = topics.REQUEST_ORDERBOOK.read(data, frame, self.numbers)
            builder.snapshot(book, now)

    def _audience(self, target: Any) -> Route | ClassRoute:
        if isinstance(target, Topic):
            return self._route(target)
        return self._class_routes.setdefault(target, ClassRoute())

    def _route(self, topic: Topic[object]) -> Route:
        return self.routes.setdefault(topic.name, Route(topic))

    def _hook_failed(self, error: HookError, first: bool) -> None:
        announced = not isinstance(error.event, HookError)
        heard = announced and any(
            route.hooks or route.live_consumers()
            for route in (self._class_routes.get(kind) for kind in HookError.__mro__)
            if route is not None
        )
        if self._strict:
            raise error
        self._failures.tell(error, first=first, heard=heard)
        if announced:
            self.announce(error)
