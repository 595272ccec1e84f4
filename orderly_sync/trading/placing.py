"""Placing orders: whose reports are whose, what is shown before they come, and finding an order whose answer was lost.

The venue's answer names the order's id, and from then on the id alone decides. Reports that overtake the answer are
kept until it is there. Only where it is lost are orders compared with what was sent (see ``sending``); nothing is ever
sent twice, and an order that cannot be told from another's is not claimed.
"""

from __future__ import annotations

import math
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol, TypeVar

from orderly_sync.errors import Duplicate, OrderOutcomeUnknown, RequestError
from orderly_sync.logs import log_of
from orderly_sync.models.algo import AlgoOrder
from orderly_sync.models.algo_tree import AlgoTree
from orderly_sync.models.order import Order
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.reports.from_rest import algo_tree
from orderly_sync.reports.schedule import AwaitedReports
from orderly_sync.rest.groups.orders import Orders
from orderly_sync.rest.unknown_outcome import certain_in
from orderly_sync.stream.hub import Hub
from orderly_sync.trading import unknown_writes
from orderly_sync.trading.adopting import request_of
from orderly_sync.trading.algo_handle import AlgoHandle
from orderly_sync.trading.algo_requests import AlgoRequest
from orderly_sync.trading.handles import OrderHandle
from orderly_sync.trading.orders import OrderRequest
from orderly_sync.trading.outcomes import Row, look_for, looks_for, rows_named, window_ms
from orderly_sync.trading.sending import Found, Sending, expected_order, expected_tree, order_id_of
from orderly_sync.trading.unknown_writes import Patience
from orderly_sync.waiting import WaitQueue

__all__ = ["HandleRegistry", "OrderTable", "Placing"]

log = log_of("orderly_sync.state")

_NAMES = 10_000
_IDS = 64
"""How many client order ids are remembered, and how many orders of each."""


Shown_contra = TypeVar("Shown_contra", contravariant=True)


class OrderTable(Protocol[Shown_contra]):
    """Where orders of one kind are shown while they are open."""

    def expect(self, order: Shown_contra, /) -> None:
        """Show an order that the venue has taken, until its reports tell more; not if they have already."""


class HandleRegistry:
    """Whose reports are whose, for one of the two kinds of orders. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._heard = WaitQueue()
        self._handles: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()
        self._known: OrderedDict[str, dict[int, None]] = OrderedDict()  # ids of orders by client order id
        # Whose answers are out, oldest first. Weakly: an interrupt may keep a sending from its end, but not alive.
        self._sendings: weakref.WeakValueDictionary[int, Sending] = weakref.WeakValueDictionary()
        self._early: dict[
            int, tuple[int, list[Any]]
        ] = {}  # reports of nobody's orders, while answers are out
        self._count = 0

    def begin(self, request: OrderRequest | AlgoRequest, since: int | None) -> Sending:
        """A request is about to be sent."""
        with self._lock:
            self._count += 1
            others = set(self._known.get(request.client_order_id, ()))
            sending = Sending(request, since, others, self._count)
            self._sendings[self._count] = sending
        return sending

    def end(self, sending: Sending) -> None:
        """What became of it is settled, or was given up."""
        with self._lock:
            self._sendings.pop(sending.number, None)
            self._forget_early(min(self._sendings.keys(), default=self._count + 1))

    def _forget_early(self, oldest: int) -> None:
        """Keep no report that came before the oldest sending whose answer is out."""
        while self._early:
            order_id, (number, _) = next(iter(self._early.items()))
            if number >= oldest:
                break
            del self._early[order_id]

    def take(self, order_id: int, report: ExecutionReport | AlgoExecutionReport) -> None:
        """Hand a report to its order's handle, or keep it while the answer that names it may be on its way."""
        handle = self._handles.get(order_id)
        if handle is None:
            with self._lock:
                handle = self._handles.get(order_id)
                if handle is None:
                    self._note(report.client_order_id, order_id)
                    if self._sendings:
                        self._early.setdefault(order_id, (self._count, []))[1].append(report)
                        self._heard.wake_all()
                    return
        handle.apply(report)

    def claim(self, sending: Sending, handle: OrderHandle | AlgoHandle, order_id: int) -> bool:
        """The order of that id is the handle's, with the reports that have come; whether any has."""
        with self._lock:
            return self._claim(sending, handle, order_id)

    def _claim(self, sending: Sending, handle: OrderHandle | AlgoHandle, order_id: int) -> bool:
        name = sending.request.client_order_id
        self._note(name, order_id)
        for other in self._others(sending):
            if other.request.client_order_id == name:
                other.others.add(order_id)
        handle.placed(order_id)
        _, reports = self._early.pop(order_id, (0, ()))
        for report in reports:
            handle.apply(report)
        self._handles[order_id] = handle
        return bool(reports)

    def handle_of(self, order_id: int) -> Any:
        """The handle of the order of that id, if anybody holds one."""
        return self._handles.get(order_id)

    def note(self, client_order_id: str | None, order_id: int) -> None:
        """An order of that name exists."""
        with self._lock:
            self._note(client_order_id, order_id)

    def forget_all(self) -> None:
        """The venue began anew: an id that was an order's may be another's; one just placed has no report yet."""
        with self._lock:
            self._forget_reported()
            self._known.clear()
            self._early.clear()

    def _forget_reported(self) -> None:
        for order_id, handle in list(self._handles.items()):
            if handle.reports:
                del self._handles[order_id]

    def wait(self, sending: Sending, timeout: float, patience: Patience | None = None) -> list[int]:
        """Wait for reports of the very order that was sent; the ids of those that may be it."""
        patient = patience or Patience()
        self._heard.wait_for(lambda: patient.is_over or self._found(sending), time.monotonic() + timeout)
        return self._found(sending)

    def is_contested(self, sending: Sending, found: Found) -> bool:
        """Whether another order on its way could be that one just as well."""
        with self._lock:
            return any(other.is_it(found) for other in self._others(sending))

    def _others(self, sending: Sending) -> list[Sending]:
        return [one for one in self._sendings.values() if one is not sending]

    def _found(self, sending: Sending) -> list[int]:
        with self._lock:
            return self._candidates(sending)

    def _candidates(self, sending: Sending) -> list[int]:
        return [
            order_id
            for order_id, (_, reports) in self._early.items()
            if any(sending.is_it(report) for report in reports)
            and not any(other.is_it(report) for other in self._others(sending) for report in reports)
        ]

    def _note(self, client_order_id: str | None, order_id: int) -> None:
        if not client_order_id:
            return
        ids = self._known.get(client_order_id)
        if ids is None:
            ids = self._known[client_order_id] = {}
            if len(self._known) > _NAMES:
                self._known.popitem(last=False)
        ids[order_id] = None
        if len(ids) > _IDS:
            del ids[next(iter(ids))]


class Placing:
    """Sends orders and knows them again.

    Args:
        rest: Where they are sent, and looked for.
        hub: What knows the venue's time and what a blocking call must raise.
        orders: Where open ordinary orders are shown.
        algo_orders: Where open algo orders are shown.
        awaited_orders: Told which reports of ordinary orders must come soon, or REST is asked.
        awaited_algos: The same of algo orders.
        awaiting: Called when either was told of something new.
    """

    def __init__(
        self,
        rest: Orders,
        hub: Hub,
        orders: OrderTable[Order],
        algo_orders: OrderTable[AlgoTree],
        *,
        awaited_orders: AwaitedReports,
        awaited_algos: AwaitedReports,
        awaiting: Callable[[], object],
    ) -> None:
        self.orders = HandleRegistry()
        self.algos = HandleRegistry()
        self._rest = rest
        self._hub = hub
        self._open = orders
        self._open_algos = algo_orders
        self._awaited_orders = awaited_orders
        self._awaited_algos = awaited_algos
        self._awaiting = awaiting

    def place(self, request: OrderRequest | AlgoRequest) -> OrderHandle | AlgoHandle:
        """Send it; a handle that knows its id. See ``Orderly.place``."""
        registry = self._registry_of(request)
        heard, now_ms = self._hub.watermark(), self._hub.options.clock.time_ms()
        sending, window = registry.begin(request, heard), window_ms(now_ms, heard)
        certain = certain_in(window, now_ms, heard)
        try:
            try:
                answer = request.send(self._rest, window)
                if not answer.order_id:
                    raise _unnamed(request)
            except OrderOutcomeUnknown as exc:
                # From its signature on, which may have waited for its turn, or come after a refusal for its time.
                signed_at = time.monotonic() if exc.signed_at is None else exc.signed_at
                exc.sent, exc.certain_at = sending, signed_at + certain
                return self._find(registry, sending, exc)
            shown = self._expected(request, answer.order_id, answer)
            return self._bind(registry, sending, answer.order_id, shown)
        finally:
            registry.end(sending)

    def forget_all(self) -> None:
        """The venue began anew: no handle is any order's there."""
        self.orders.forget_all()
        self.algos.forget_all()

    def resolve(self, lost: OrderOutcomeUnknown, until: float) -> list[OrderHandle | AlgoHandle]:
        """Find out what became of a write; see ``Orderly.resolve``."""
        sending = lost.sent if isinstance(lost.sent, Sending) else None
        looks = [partial(self._seen, sending, lost)] if sending else looks_for(lost, self._rest)
        certain_at = lost.certain_at if lost.request.startswith("POST") else -math.inf
        patience = self._patience()

        def wait(until: float) -> float:
            if not patience.wait(until):
                raise lost
            return time.monotonic()

        rows = look_for(looks, until=until, certain_at=certain_at, wait=wait)
        if rows is None:
            raise lost
        return [self.adopt(row, sending) for row in rows]

    def _seen(self, sending: Sending, lost: OrderOutcomeUnknown) -> Row | None:
        """The row of the very order, if REST shows it; raises what was lost where it cannot be told from another's."""
        registry = self._registry_of(sending.request)
        rows, _ = self._look(registry, sending)
        if len(rows) > 1 or any(registry.is_contested(sending, row) for row in rows):
            raise lost
        return rows[0] if rows else None

    def adopt(self, row: Order | AlgoOrder, sending: Sending | None = None) -> OrderHandle | AlgoHandle:
        """The handle of an order that the venue shows: the one there is, or a new one."""
        if sending is None:
            sending = Sending(request_of(row), None, set())
        registry = self._registry_of(sending.request)
        handle: OrderHandle | AlgoHandle | None = registry.handle_of(order_id_of(row))
        if handle is None:
            return self._bind_row(registry, sending, row)
        handle.take_row(row)  # type: ignore[arg-type]  # a row of its own kind: registries do not mix
        return handle

    def _registry_of(self, request: OrderRequest | AlgoRequest) -> HandleRegistry:
        return self.algos if isinstance(request, AlgoRequest) else self.orders

    def _expected(self, request: OrderRequest | AlgoRequest, order_id: int, answer: Any) -> Order | AlgoTree:
        numbers = self._hub.numbers
        if isinstance(request, AlgoRequest):
            return expected_tree(request, order_id, answer, numbers)
        return expected_order(request, order_id, answer, numbers)

    def _bind(
        self, registry: HandleRegistry, sending: Sending, order_id: int, shown: Order | AlgoTree
    ) -> OrderHandle | AlgoHandle:
        """A handle of that order, which is seen among the open ones from now on, unless it has ended already."""
        request, trouble = sending.request, self._hub.trouble
        if isinstance(shown, AlgoTree):
            algo = AlgoHandle(
                request, self._rest, trouble, self._cancelled, self._hub.numbers, self._patience
            )
            algo.expect(shown)
            if not registry.claim(sending, algo, order_id):
                self._open_algos.expect(shown)
                self._await(self._awaited_algos, order_id)
            return algo
        order = OrderHandle(request, self._rest, trouble, self._cancelled, self._hub.numbers, self._patience)
        if not registry.claim(sending, order, order_id):
            self._open.expect(shown)
            self._await(self._awaited_orders, order_id)
        return order

    def _cancelled(self, handle: Any) -> None:
        is_algo = isinstance(handle, AlgoHandle)
        self._await(self._awaited_algos if is_algo else self._awaited_orders, handle.order_id, end=True)

    def _await(self, awaited: AwaitedReports, order_id: int, *, end: bool = False) -> None:
        awaited.add(order_id, self._hub.options.clock.monotonic(), end=end)
        self._awaiting()

    def _patience(self) -> Patience:
        status = self._hub.standing
        return Patience(lambda: status.stopped, status.changed)

    def _find(
        self, registry: HandleRegistry, sending: Sending, lost: OrderOutcomeUnknown
    ) -> OrderHandle | AlgoHandle:
        """Find the very order whose answer was lost, and no other; nothing is ever sent again.

        Raises:
            Duplicate: Its client order id is another open order's.
            OrderOutcomeUnknown: It cannot be found.
        """
        duplicate = lost.__cause__ if isinstance(lost.__cause__, Duplicate) else None
        asked, patience = False, self._patience()
        for pause in unknown_writes.WITHIN_A_CALL:
            found = registry.wait(sending, 0.0 if duplicate and not asked else pause, patience)
            if patience.is_over and not found:
                raise lost
            if len(found) == 1:
                return self._bind(
                    registry, sending, found[0], self._expected(sending.request, found[0], None)
                )
            try:
                rows, stranger = self._look(registry, sending)
            except RequestError as exc:
                asked = False
                log.info("looking for order %s: %s", sending.request.client_order_id, exc)
                continue
            asked = True
            if len(rows) == 1 and not found and not registry.is_contested(sending, rows[0]):
                return self._bind_row(registry, sending, rows[0])
            if duplicate and stranger is not None and not stranger.is_final:
                raise duplicate
        if duplicate and asked:
            raise duplicate
        raise lost

    def _bind_row(self, registry: HandleRegistry, sending: Sending, row: Any) -> OrderHandle | AlgoHandle:
        is_algo = isinstance(row, AlgoOrder)
        handle = self._bind(registry, sending, order_id_of(row), algo_tree(row) if is_algo else row)
        if not handle.reports:
            handle.take_row(row)
        return handle

    def _look(self, registry: HandleRegistry, sending: Sending) -> tuple[list[Any], Any]:
        """Rows of REST that are the very order, and the row of the same client order id that is another."""
        request = sending.request
        rows, stranger = rows_named(
            self._rest,
            request.client_order_id,
            sending.is_it,
            is_algo=sending.is_algo,
            symbol=request.symbol,
            start=sending.start,
        )
        if stranger is not None:
            registry.note(request.client_order_id, order_id_of(stranger))
        return rows, stranger


def _unnamed(request: OrderRequest | AlgoRequest) -> OrderOutcomeUnknown:
    path = "POST /v1/algo/order" if isinstance(request, AlgoRequest) else "POST /v1/order"
    return OrderOutcomeUnknown(path, request.client_order_id, "its answer names no order")
