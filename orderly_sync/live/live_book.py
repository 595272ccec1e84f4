"""A symbol's order book kept live: the pure builder of ``state.book``, fed by the stream.

Updates reach the builder on the I/O thread before any hook sees them; readers take its lock only to fetch the
current immutable
``Book``.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from orderly_sync.errors import DecodingError, Disconnected, StaleBook, SubscriptionRefused
from orderly_sync.live.book import Book, BookBuilder, BookEffect, BookStatus
from orderly_sync.models.base import Frame
from orderly_sync.models.pushes.book import OrderBook, OrderBookDelta
from orderly_sync.stream.events import Connected
from orderly_sync.stream.hub import Hub
from orderly_sync.waiting import WaitQueue
from orderly_sync.wire import topics

__all__ = ["LiveBook", "LiveBooks"]

PUBLIC = "public"
GRACE = 2.0
"""Seconds by which the I/O thread may be late in giving up a silent connection."""
AUDIT = 60.0
"""Seconds between two comparisons with a whole book as the venue pushes it."""
AUDIT_PUSHES = 15
"""So many pushes are looked at; one of the same moment usually is among them."""


class LiveBook:
    """One symbol's book over one stream.

    Args:
        hub: The stream's machinery.
        symbol: Native form.
    """

    def __init__(self, hub: Hub, symbol: str) -> None:
        self.symbol = symbol
        self._hub = hub
        self._topic = topics.orderbook_update(symbol)
        self._builder = BookBuilder(symbol)
        self._lock = threading.Lock()  # of the builder
        self._changed = WaitQueue()
        self._whole = topics.orderbook(symbol)
        self._audit_due: float | None = None
        self._looks = 0  # pushes still to be looked at in this audit

    def start(self) -> None:
        """Subscribe; raises SubscriptionRefused for an unknown symbol, and then leaves nothing behind."""
        try:
            self._hub.observers.append(self._heard)
            self._hub.observe(self._topic, self._delta)
            self._hub.wait_acked(self._topic)
            connection = self._hub.connections[PUBLIC]
            connection.watchers.append(self)
            connection.driver.submit(self._begin)
        except BaseException:
            self._leave()
            raise

    def _leave(self) -> None:
        """Hear of nothing any more."""
        connection = self._hub.connections.get(PUBLIC)
        with contextlib.suppress(ValueError):
            self._hub.observers.remove(self._heard)
        if connection is not None:
            with contextlib.suppress(ValueError):
                connection.watchers.remove(self)
        self._hub.unobserve(self._topic, self._delta)

    def read(self) -> Book:
        """The book now.

        Raises:
            StaleBook: It is being rebuilt, or nobody keeps it up to date any more.
        """
        reason = self._abandoned()
        if reason is not None:
            raise StaleBook(self.symbol, reason)
        with self._lock:
            return self._builder.book

    def _abandoned(self) -> str | None:
        """Why a book that was live may be old, whatever its builder thinks: the thread that feeds it may be gone."""
        hub = self._hub
        if hub.standing.stopped:
            return "the stream was stopped"
        if hub.standing.failure is not None:
            return f"the stream has given up: {hub.standing.failure}"
        connection = hub.connections[PUBLIC]
        if not connection.driver.is_alive:
            return "the thread of the public stream has ended"
        # A quiet market pushes nothing, but the venue pings; the connection would have been given up by now.
        silence = hub.options.clock.monotonic() - connection.protocol.heard_at
        if silence > hub.options.timeouts.silence + GRACE:
            return f"nothing was heard for {silence:.1f} s"
        return None

    def wait_live(self, timeout: float) -> Book:
        """The book, as soon as it is live.

        Raises:
            StaleBook: It did not become live within ``timeout`` seconds.
        """
        self._changed.wait_for(lambda: self._builder.status is BookStatus.LIVE, time.monotonic() + timeout)
        return self.read()

    def stats(self) -> dict[str, Any]:
        """Its status and age (seconds since its last push), updates applied and dropped, how often it was rebuilt."""
        builder, route = self._builder, self._hub.routes.get(self._topic.name)
        age = (
            self._hub.options.clock.monotonic() - route.last_push
            if route is not None and route.count
            else None
        )
        return {
            "status": builder.status.value,
            "age": age,
            "applied": builder.applied,
            "repeated": builder.repeated,
            "resyncs": builder.resyncs,
            "audited": builder.audited,
        }

    # The I/O thread ----------------------------------------------------------------------------------------------

    @property
    def deadline(self) -> float | None:
        """When ``tick`` is due."""
        both = (self._builder.deadline, self._audit_due)
        return min((due for due in both if due is not None), default=None)

    def tick(self, now: float) -> None:
        """Time has passed."""
        self._do(self._builder.tick, now)
        if self._audit_due is not None and now >= self._audit_due:
            self._audit_due = now + AUDIT
            self._begin_audit()

    def _begin(self, now: float) -> None:
        self._do(self._builder.subscribed, now)
        self._audit_due = now + AUDIT

    def _begin_audit(self) -> None:
        """Listen to whole books for a moment: they are large, so not for longer."""
        if not self._looks:
            with contextlib.suppress(Disconnected):  # being stopped
                self._looks = AUDIT_PUSHES
                self._hub.observe(self._whole, self._audit)

    def _audit(self, pushed: OrderBook) -> None:
        before = self._builder.audited
        self._do(lambda now: self._builder.audit(pushed, now), self._hub.options.clock.monotonic())
        self._looks = max(0, self._looks - 1)
        if self._builder.audited > before:
            self._looks = 0
        if not self._looks:
            self._hub.unobserve(self._whole, self._audit)

    def _delta(self, delta: OrderBookDelta) -> None:
        self._do(lambda now: self._builder.feed((delta,), now), self._hub.options.clock.monotonic())

    def _heard(self, event: object) -> None:
        if isinstance(event, Disconnected) and event.connection == PUBLIC:
            self._do(lambda _: self._builder.lost(event.reason), 0.0)
        elif isinstance(event, SubscriptionRefused) and event.topic == self._topic.name:
            self._do(lambda _: self._builder.lost(str(event)), 0.0)
        elif isinstance(event, Connected) and event.connection == PUBLIC and event.resumed:
            is_heard = self._topic.name in self._hub.connections[PUBLIC].protocol.active
            if is_heard and self._builder.status is not BookStatus.LIVE:
                self._do(self._builder.subscribed, self._hub.options.clock.monotonic())

    def _answer(self, message: Mapping[str, Any]) -> None:
        now = self._hub.options.clock.monotonic()
        if message.get("success") is False:
            reason = str(message.get("errorMsg") or "the request was refused")
            self._do(lambda at: self._builder.refused(reason, at), now)
            return
        frame = Frame("request orderbook", message.get("ts"))
        try:
            (book,) = topics.REQUEST_ORDERBOOK.read(message.get("data"), frame, self._hub.numbers)
        except DecodingError as exc:
            reason = str(exc)
            self._do(lambda at: self._builder.refused(reason, at), now)
            return
        self._do(lambda at: self._builder.snapshot(book, at), now)

    def _do(self, step: Callable[[float], tuple[BookEffect, ...]], now: float) -> None:
        """Decide under the lock, act outside it."""
        with self._lock:
            effects = step(now)
            reason = self._builder.reason
        if effects:
            self._changed.wake_all()
        for effect in effects:
            if effect is BookEffect.REQUEST:
                self._hub.request(
                    {"type": topics.REQUEST_ORDERBOOK.name, "symbol": self.symbol}, self._answer
                )
            elif effect is BookEffect.RESUBSCRIBE:
                # The venue works off one socket's frames in order, so the request that follows is answered after it.
                self._hub.connections[PUBLIC].resubscribe(self._topic)
                self._do(self._builder.subscribed, now)
            elif effect is BookEffect.STALE:
                self._hub.announce(StaleBook(self.symbol, reason))


class LiveBooks:
    """The books of one stream, each begun when it is first read.

    Args:
        hub: The stream's machinery.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._books: dict[str, LiveBook] = {}
        self._lock = threading.Lock()  # of beginning one

    def read(self, symbol: str) -> Book:
        """The book of a native symbol; see ``Orderly.book``."""
        live = self._books.get(symbol)
        if live is not None:
            return live.read()
        with self._lock:
            live = self._books.get(symbol)
            if live is None:
                live = LiveBook(self._hub, symbol)
                live.start()
                self._books[symbol] = live
        return live.wait_live(self._hub.options.timeouts.ready)

    def stats(self) -> dict[str, dict[str, Any]]:
        """Of each book: its status, updates applied and dropped, and how often it was rebuilt."""
        return {symbol: live.stats() for symbol, live in list(self._books.items())}
