"""The journal's place in a session: what it keeps of reports and placings, and where an earlier process left off."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Protocol

import attrs

from orderly_sync.errors import OrderOutcomeUnknown
from orderly_sync.journal.journal import Journal
from orderly_sync.journal.schema import OrderRow
from orderly_sync.reports.earlier_life import EarlierLife
from orderly_sync.stream.hub import Hub
from orderly_sync.trading.algo_handle import AlgoHandle
from orderly_sync.trading.algo_requests import AlgoRequest
from orderly_sync.trading.handles import OrderHandle
from orderly_sync.trading.orders import OrderRequest
from orderly_sync.wire.json import encode

__all__ = ["Journalling"]

MARGIN_MS = 60_000
"""How far behind the journal's watermark is read, besides a gap's own overlap: what had been received may have waited
for its forerunners when the process ended."""
AFTER_DAMAGE_MS = 3_600_000
"""How far behind the last writing to a damaged file."""
LOOK = 0.1
"""Seconds between two looks for somebody to take what is owed."""


class GapReader(Protocol):
    """What reads over what was missed."""

    @property
    def floor(self) -> int:
        """The venue's time, ms, of the first subscription."""

    resyncing: bool
    """Whether something may be missing that has not been read over."""


class Journalling:
    """One session's use of its journal.

    Args:
        journal: Opened.
        hub: The streaming half; not yet started.
        recovery: What reads over what was missed.
    """

    def __init__(self, journal: Journal, hub: Hub, recovery: GapReader) -> None:
        self.journal = journal
        self._hub = hub
        self._recovery = recovery
        self._look = 0.0
        hub.dispatcher.keeper = hub.deliveries = journal
        journal.told = hub.announce
        journal.start()

    def earlier(self) -> EarlierLife | None:
        """Where the process before left off; None if there was none."""
        journal = self.journal
        if journal.watermark is not None:
            since = journal.watermark - MARGIN_MS
            return EarlierLife(since, max(journal.began or 0, since - MARGIN_MS), self._filled)
        if journal.damaged is not None:
            # Back from the venue's time by the file's age: this machine's clock, off or not, gave the file its time.
            age = self._hub.options.clock.machine.time_ms() - int(journal.written_before * 1000)
            since = max(0, (self._hub.watermark() or 0) - max(0, age) - AFTER_DAMAGE_MS)
            return EarlierLife(since, since, self._filled)
        return None

    def begin(self) -> None:
        """The session is subscribed: from now on what is received is kept, and what is owed is handed over."""
        if self.journal.began is None:
            self.journal.begin_at(self._recovery.floor)
        self.journal.safe_watermark = self._safe_watermark
        private = self._hub.connections["private"]
        private.watchers.append(self)
        private.driver.submit(lambda _: None)  # so that it looks at its deadlines anew

    def stop(self, timeout: float) -> None:
        """Put what waits on the disk and close the file, within so many seconds."""
        if self._hub.dispatcher.on_hooks_thread:
            self.journal.taken_in_hand()  # a hook that stops the client has taken what it was given
        self.journal.stop(timeout)

    def _safe_watermark(self) -> int | None:
        return None if self._recovery.resyncing else self._hub.watermark()

    def _filled(self, topic: str) -> Iterator[tuple[int, object]]:
        for one in self.journal.progress:
            if one.topic == topic and not one.ended:
                yield one.order_id, self._hub.numbers(Decimal(one.filled))

    # A watcher of the private connection, on its I/O thread -----------------------------------------------------------

    @property
    def deadline(self) -> float | None:
        """When ``tick`` is due."""
        return self._look if self.journal.owed.topics else None

    def tick(self, now: float) -> None:
        """Hand over what is owed to whoever has come."""
        self._look = now + LOOK
        owed = self.journal.owed
        for topic in owed.topics:
            route = self._hub.routes.get(topic)
            if route is not None:
                reports = owed.due(topic, (*route.hooks, *route.consumers), now)
                if reports:
                    route.hand_owed(reports, self._hub.dispatcher.hand)

    # Orders ----------------------------------------------------------------------------------------------------------

    def place(
        self,
        request: OrderRequest | AlgoRequest,
        send: Callable[[OrderRequest | AlgoRequest], OrderHandle | AlgoHandle],
    ) -> OrderHandle | AlgoHandle:
        """Send an order that is on record before it leaves; what became of it is put on record, too."""
        name = request.client_order_id
        self.journal.intend(_row_of(request))
        try:
            handle = send(request)
        except BaseException as exc:
            is_unknown = isinstance(exc, OrderOutcomeUnknown) or not isinstance(exc, Exception)
            self.journal.settle(name, None, "unknown" if is_unknown else type(exc).__name__)
            raise
        self.journal.settle(name, handle.order_id, "placed")
        return handle


def _row_of(request: OrderRequest | AlgoRequest) -> OrderRow:
    fields = ((field.name, getattr(request, field.name)) for field in attrs.fields(type(request)))
    terms = {name: str(value) for name, value in fields if value is not None}
    return OrderRow(
        client_order_id=request.client_order_id,
        kind="algo" if isinstance(request, AlgoRequest) else "order",
        symbol=request.symbol,
        intent=encode({"request": type(request).__name__, **terms}).decode(),
        order_id=None,
        outcome="sending",
        at=int(time.time() * 1000),
    )
