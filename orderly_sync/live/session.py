"""What joins the two halves: live state, handles, and reading again by REST what the stream may have missed.

The order of things is the same at the start and after every gap: subscriptions are acknowledged first, then REST is
read, while what the stream brings in between counts as newer. No lock is held while REST is asked or user code runs.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from orderly_sync.errors import Disconnected, Overflow, RequestError
from orderly_sync.live.counting import count_fill
from orderly_sync.live.orders import AlgoOrders, OpenOrders
from orderly_sync.live.positions import LiveHoldings, LivePositions
from orderly_sync.models.account import AccountInfo
from orderly_sync.models.enums import OrderStatus
from orderly_sync.models.market import SymbolRules
from orderly_sync.models.pushes.account import AccountUpdate, BalanceUpdate, PositionUpdate
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.models.pushes.market import MarkPrice
from orderly_sync.reports.rebuild import (
    LATER,
    Delivered,
    Poll,
    PollSchedule,
    missed_algos,
    missed_orders,
    progress,
)
from orderly_sync.reports.sequencer import ReportSequencer
from orderly_sync.rest import Rest
from orderly_sync.stream.connection import Connection
from orderly_sync.stream.events import Connected, Resynced
from orderly_sync.stream.hub import Hub
from orderly_sync.trading.algo_handle import AlgoHandle
from orderly_sync.trading.algo_requests import AlgoRequest
from orderly_sync.trading.handles import OrderHandle
from orderly_sync.trading.orders import OrderRequest
from orderly_sync.trading.placing import Doubt, Doubts, Placing
from orderly_sync.wire import topics

__all__ = ["Session"]

log = logging.getLogger("orderly_sync.state")

PAGE = 500
_TABLES = ("positions", "holdings", "orders", "algo_orders")
STOP = 2.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
"""Seconds between tries to read REST."""


class Session:
    """State, handles and recovery of one account over one stream and one Rest.

    Args:
        rest: The REST half, signed.
        hub: The streaming half's machinery, not yet started.
        record: Given each state that was read, with the time in ms: rows by table.
        later: Seconds after a gap's first reading at which REST is read again.
    """

    def __init__(
        self,
        rest: Rest,
        hub: Hub,
        record: Callable[[int, Mapping[str, Any]], object] | None = None,
        *,
        later: Sequence[float] = LATER,
    ) -> None:
        self.rest = rest
        self.hub = hub
        self.positions = LivePositions(hub.numbers)
        self.holdings = LiveHoldings(hub.numbers)
        self.orders = OpenOrders()
        self.algo_orders = AlgoOrders()
        self.account: AccountInfo | None = None
        self.account_update: AccountUpdate | None = None
        self.resyncing = False
        self.gaps = 0
        self._record = record
        self._rules: dict[str, SymbolRules] = {}
        self._placing = Placing(
            rest.orders, hub, self.orders, self.algo_orders, later=later or LATER, doubted=self._expect
        )
        self._chains = self._make_chains()
        self._wanted = threading.Event()  # the looks have changed
        self._looks = PollSchedule(later)
        self._looks_lock = threading.Lock()
        self._floor = 0  # the venue's time of the first subscription
        self._since: int | None = None  # the venue's time at which the gap began that is still open
        self._reason = ""
        self._watch_marks = False
        self._stopping = False
        self._thread: threading.Thread | None = None

    # Life --------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Subscribe, wait for every acknowledgement, read the state; returns when all is current.

        Raises:
            LoginRefused: The venue refused the login.
            Disconnected: It could not be reached in time.
            RequestError: The state could not be read.
        """
        feeds = (
            (topics.execution_report(), self._execution),
            (topics.algo_execution_report(), self._algo),
            (topics.position(), self._position),
            (topics.balance(), self._balance),
            (topics.account(), self._account),
        )
        for topic, observer in feeds:
            self.hub.observe(topic, observer)
        self.hub.observers.append(self._heard)
        self.hub.start()
        for name, chain in self._chains.items():
            self._private.keep_order(name, chain)
        self.hub.wait_ready()
        # What bears the time of the acknowledgement itself, and was not pushed, came before it.
        self._floor = (self.hub.watermark() or -1) + 1
        self._read()()
        self._private.settle(self._chains, self._begin)
        self._thread = threading.Thread(target=self._run, name="orderly-recovery", daemon=True)
        self._thread.start()

    def stop(self, timeout: float | None = None) -> None:
        """End everything; bounded, callable from anywhere and any number of times."""
        self._stopping = True
        self._wanted.set()
        self.hub.stop(STOP if timeout is None else timeout)
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(1.0 if timeout is None else timeout)
        self.rest.close()

    def resync(self, reason: str) -> None:
        """Ask for the state to be read again soon, on a thread of its own."""
        since = self._since
        if since is None:
            since = self.hub.watermark() or 0
        self._since = None
        self._reason = reason
        self.resyncing = True
        with self._looks_lock:
            self._looks.gap(since, self._now())
        self._wanted.set()

    @property
    def _private(self) -> Connection:
        return self.hub.connections["private"]

    def _now(self) -> float:
        return self.hub.options.clock.monotonic()

    def _make_chains(self) -> dict[str, ReportSequencer]:
        return {
            topic.name: ReportSequencer(
                key, status, totals=totals, begun=self._begun, broken=self._broken, clock=self._now
            )
            for topic, key, status, totals in (
                (topics.execution_report(), "order_id", "status", True),
                (topics.algo_execution_report(), "algo_order_id", "algo_status", False),
            )
        }

    def _begun(self, report: ExecutionReport | AlgoExecutionReport) -> Any:
        """Whatever an order older than this client did before is not this client's to tell."""
        return report.total_executed_quantity if (report.created_time or self._floor) < self._floor else None

    def _begin(self) -> bool:
        """What is open now is known; its reports follow from here."""
        orders, algos = self._chains.values()
        for order in self.orders.snapshot().values():
            orders.begin(order.order_id, order.total_executed_quantity or 0)
        for tree in self.algo_orders.snapshot().values():
            for node in tree.nodes:
                algos.begin(node.algo_order_id, node.total_executed_quantity or 0)
        return True

    def _broken(self) -> None:
        """A report waits for one that has not come; on the I/O thread."""
        with self._looks_lock:
            self._looks.hole(self._now())
        self._wanted.set()

    # What the stream brings, on its I/O thread ---------------------------------------------------------------------

    def _execution(self, report: ExecutionReport) -> None:
        self.orders.apply(report)
        self._count(report)
        self._placing.orders.take(report.order_id, report)

    def _algo(self, report: AlgoExecutionReport) -> None:
        self.algo_orders.apply(report)
        self._count(report)
        self._placing.algos.take(report.root_algo_order_id, report)

    def _count(self, report: ExecutionReport | AlgoExecutionReport) -> None:
        """Count a fill before anybody is told of it."""
        if report.trade_id:
            count_fill(report, self.positions, self.holdings, self.algo_orders)
            self._follow_marks()

    def _position(self, update: PositionUpdate) -> None:
        self.positions.apply(update)
        self._follow_marks()

    def _balance(self, update: BalanceUpdate) -> None:
        self.holdings.apply(update)

    def _account(self, update: AccountUpdate) -> None:
        self.account_update = update
        self.positions.note_leverage(update)

    def _mark(self, update: MarkPrice) -> None:
        self.positions.mark(update.symbol, update.price, update.ts)

    def _follow_marks(self) -> None:
        """While there is a position, its PnL moves with the mark price."""
        if not self._watch_marks and len(self.positions):
            self._watch_marks = True
            self.hub.observe(topics.mark_prices(), self._mark)

    def _heard(self, event: object) -> None:
        if isinstance(event, Disconnected) and event.connection == "private":
            self.gaps += 1
            self.resyncing = True
            if self._since is None:
                self._since = self.hub.watermark()
            for chain in self._chains.values():
                chain.gap = True
        elif isinstance(event, Connected) and event.connection == "private" and event.resumed:
            self.resync("the private stream was down")
        elif isinstance(event, Overflow):
            self.resync(str(event))

    # Reading by REST ------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        delay = _FIRST_PAUSE
        while not self._stopping:
            with self._looks_lock:
                pause = self._looks.pause(self._now())
            self._wanted.wait(pause)
            self._wanted.clear()
            with self._looks_lock:
                look = self._looks.take(self._now())
            if look is None or self._stopping:
                continue
            if self._try(look):
                delay = _FIRST_PAUSE
                continue
            with self._looks_lock:
                self._looks.again(look, self._now() + delay)
            delay = min(delay * 2, _LONGEST_PAUSE)

    def _try(self, look: Poll) -> bool:
        try:
            self._recover(look)
        except RequestError as exc:
            log.warning("the state could not be read again: %s; it will be tried once more", exc)
            return False
        except Exception:
            # Said loudly: what is shown as live may be old, and nobody else can see this thread.
            log.exception("what the venue says of the account cannot be read; it will be tried once more")
            return False
        return True

    def _expect(self) -> None:
        """What was asked of the venue should be told of: when it is due and was not, REST is asked."""
        dues = [self._placing.order_doubts.deadline, self._placing.algo_doubts.deadline]
        due = min((one for one in dues if one is not None), default=None)
        if due is None:
            return
        with self._looks_lock:
            changed = self._looks.by(due)
        if changed:
            self._wanted.set()

    def _recover(self, look: Poll) -> None:
        gaps = self.gaps
        # Read before what was missed is told, shown after: so state never runs ahead of the reports.
        show = None if look.since is None else self._read()
        count = self._rebuild(look)
        if show is not None:
            show()
        self._expect()
        if count and look.since is None:
            with self._looks_lock:
                self._looks.lost(self.hub.watermark() or 0, self._now())
        if look.first and self._private.settle(self._chains, lambda: self.gaps == gaps):
            self.resyncing = False
        if look.first or count:
            self.hub.announce(
                Resynced(since=look.since, until=self.hub.watermark(), recovered=count, reason=self._reason)
            )

    def _rebuild(self, look: Poll) -> int:
        """Deliver what was missed; how many reports."""
        count = 0
        name, doubts = topics.execution_report().name, self._placing.order_doubts
        known, doubted = self._known(look, self._chains[name], doubts)
        for reports in missed_orders(self.rest.orders, self.orders.snapshot(), known):
            count += self.hub.deliver_recovered(name, reports, self._is_order_news)
        for order_id in doubts.asked(doubted, self._chains[name].is_told):
            self.orders.forget(order_id)
        name, doubts = topics.algo_execution_report().name, self._placing.algo_doubts
        known, doubted = self._known(look, self._chains[name], doubts)
        for nodes in missed_algos(self.rest.orders, self.algo_orders.snapshot(), known):
            count += self.hub.deliver_recovered(name, nodes, self._is_algo_news)
        for root_id in doubts.asked(doubted, self._chains[name].is_told):
            self.algo_orders.forget(root_id)
        return count

    def _known(self, look: Poll, chain: ReportSequencer, doubts: Doubts) -> tuple[Delivered, list[Doubt]]:
        """What has been told, and what has not been though it should have by now."""
        doubted = doubts.due(self._now(), chain.is_told)
        known = Delivered(
            since=look.since,
            floor=self._floor,
            asked={*chain.doubtful, *(doubt.order_id for doubt in doubted)},
            told=chain.told,
            has_ended=chain.has_ended,
        )
        return known, doubted

    def _is_order_news(self, report: ExecutionReport) -> bool:
        chain = self._chains[report.topic]
        told = chain.told(report.order_id)
        if report.is_fill:
            return told is None or report.filled > told
        if report.is_final:
            return not chain.has_ended(report.order_id)
        if report.status == OrderStatus.REPLACED:
            held = self.orders.get(report.order_id)
            return held is not None and (held.price, held.quantity) != (report.price, report.quantity)
        return told is None

    def _is_algo_news(self, report: AlgoExecutionReport) -> bool:
        chain = self._chains[report.topic]
        told = chain.told(report.algo_order_id)
        if told is None or report.is_fill:
            return told is None or report.filled > told
        if report.is_final or chain.has_ended(report.algo_order_id):
            return not chain.has_ended(report.algo_order_id)
        tree = self.algo_orders.get(report.root_algo_order_id)
        known = [node for node in tree.nodes if node.algo_order_id == report.algo_order_id] if tree else []
        return not known or progress(known[0]) != progress(report)

    def _read(self) -> Callable[[], None]:
        """Read positions, holdings and orders; what shows them, save what pushes touched meanwhile: that is newer."""
        tables = [(name, getattr(self, name)) for name in _TABLES]
        for _, table in tables:
            table.begin()
        self.positions.asked_at(self.hub.watermark())
        rows: dict[str, Any] = {
            "positions": self.rest.positions.list().rows,
            "holdings": self.rest.assets.holding(all=True).holding,
            "orders": list(self.rest.orders.list(status="INCOMPLETE", size=PAGE).each()),
            "algo_orders": list(self.rest.orders.list_algo(status="INCOMPLETE", size=PAGE).each()),
        }
        self.account = self.rest.account.info()

        def show() -> None:
            for name, table in tables:
                table.seed_rows(rows[name])
            if self._record is not None:
                self._record(self.hub.options.clock.time_ms(), rows)
            self._follow_marks()

        return show

    def rules(self, symbol: str) -> SymbolRules:
        """The order rules of a symbol, read once."""
        if symbol not in self._rules:
            self._rules[symbol] = self.rest.market.rules(symbol)
        return self._rules[symbol]

    def place(self, request: OrderRequest | AlgoRequest) -> OrderHandle | AlgoHandle:
        """Check and send; see ``Orderly.place``."""
        request.check(self.rules(request.symbol))
        return self._placing.place(request)
