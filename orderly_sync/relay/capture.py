"""What a relay hears of its client, as items for its outbox: events on the I/O thread, with the state they left behind.

A row of the state is taken the moment after its event was counted, so what Redis holds of the state is what its
streams have told up to then, not more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from orderly_sync.live.positions import position_key
from orderly_sync.live.session import Session
from orderly_sync.models.base import Frame, Push
from orderly_sync.models.pushes.account import BalanceUpdate, PositionUpdate
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.relay.entries import session_fields
from orderly_sync.relay.outbox import Change, Item, Outbox, Snapshot
from orderly_sync.stream.events import Resynced
from orderly_sync.stream.hub import Hub
from orderly_sync.wire.topic import Topic

__all__ = ["Capture"]

_USDC = "USDC"


class Capture:
    """Listens to one client.

    Args:
        hub: Its stream's machinery.
        session: Its state.
        outbox: Where what was heard goes.
        wake: Called when something was put there.
        time_ms: This machine's time.
    """

    def __init__(
        self,
        hub: Hub,
        session: Session,
        outbox: Outbox,
        wake: Callable[[], object],
        time_ms: Callable[[], int],
    ) -> None:
        self._hub = hub
        self._session = session
        self._outbox = outbox
        self._wake = wake
        self._time_ms = time_ms
        self._observers: dict[str, tuple[Topic[Any], Callable[[Any], object]]] = {}
        self._last: Frame | None = None

    def begin(self) -> None:
        """Hear of session events."""
        self._hub.observers.append(self._heard)

    def hear(self, topic: Topic[Any]) -> None:
        """Hear a topic, if it is not heard yet; does not wait for the venue's word."""
        if topic.name not in self._observers:
            take = self._take_private if topic.private else self._take_public
            observer = partial(take, topic)
            self._observers[topic.name] = (topic, observer)
            self._hub.observe(topic, observer)

    def leave(self, name: str) -> None:
        """Hear a topic no longer."""
        found = self._observers.pop(name, None)
        if found is not None:
            self._hub.unobserve(*found)

    def end(self) -> None:
        """Hear nothing any more."""
        if self._heard in self._hub.observers:
            self._hub.observers.remove(self._heard)
        for name in list(self._observers):
            self.leave(name)

    def take_state(self) -> None:
        """Put the whole state into the outbox, as it is between two frames of the private stream."""
        self._hub.connections["private"].between_frames(lambda _: self._add(None, snapshot=self._snapshot()))

    # On I/O threads, and the recovery's ------------------------------------------------------------------------------

    def _add(self, topic: Topic[Any] | None, events: Sequence[Push] = (), **more: Any) -> None:
        self._outbox.add(Item(self._time_ms(), topic, events, **more))
        self._wake()

    def _take_public(self, topic: Topic[Any], event: Push) -> None:
        """Market data is taken by the frame: all its events are there when the first of them is."""
        if event.frame is not self._last:
            self._last = event.frame
            self._add(topic, event.frame.events or (event,))

    def _take_private(self, topic: Topic[Any], event: Push) -> None:
        self._add(topic, (event,), changes=self._changes(event))

    def _heard(self, event: object) -> None:
        if session_fields(event, 0) is not None:
            self._add(None, session=event)
        if isinstance(event, Resynced):
            self.take_state()

    def _changes(self, event: object) -> tuple[Change, ...]:
        session = self._session
        if isinstance(event, ExecutionReport):
            row = session.orders.get(event.order_id)
            return (Change("orders", str(event.order_id), row), *self._filled(event))
        if isinstance(event, AlgoExecutionReport):
            root_id = event.root_algo_order_id
            return (
                Change("algo_orders", str(root_id), session.algo_orders.get(root_id)),
                *self._filled(event),
            )
        if isinstance(event, PositionUpdate):
            key = position_key(event.symbol, event.margin_mode)
            return (Change("positions", key, session.positions.counted().get(key)),)
        if isinstance(event, BalanceUpdate):
            return (Change("holdings", event.token, session.holdings.get(event.token)),)
        return ()

    def _filled(self, report: ExecutionReport | AlgoExecutionReport) -> tuple[Change, ...]:
        if not report.trade_id:
            return ()
        counted = self._session.positions.counted()
        keys = (report.symbol, f"{report.symbol}:ISOLATED")
        rows = tuple(Change("positions", key, counted.get(key)) for key in keys)
        return (*rows, Change("holdings", _USDC, self._session.holdings.get(_USDC)))

    def _snapshot(self) -> Snapshot:
        session = self._session
        tables: dict[str, Mapping[Any, Any]] = {
            "positions": session.positions.counted(),
            "holdings": session.holdings.snapshot(),
            "orders": session.orders.snapshot(),
            "algo_orders": session.algo_orders.snapshot(),
            "account": {} if session.account is None else {"info": session.account},
        }
        return Snapshot({name: {str(key): row for key, row in rows.items()} for name, rows in tables.items()})
