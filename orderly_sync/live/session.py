"""What joins the two halves: live state, handles, and reading again by REST what the stream may have missed.

The order of things is the same at the start and after every gap: subscriptions are acknowledged first, then REST is
read, while what the stream brings in between counts as newer. No lock is held while REST is asked or user code runs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from orderly_sync.errors import Disconnected, OrderOutcomeUnknown, Overflow, UsageError
from orderly_sync.live.account_refresh import AccountRefresh
from orderly_sync.live.cancel_on_silence import CancelOnSilence
from orderly_sync.live.counting import count_fill
from orderly_sync.live.holdings import LiveHoldings
from orderly_sync.live.key_expiry import KeyExpiry
from orderly_sync.live.orders import OpenAlgoOrders, OpenOrders
from orderly_sync.live.positions import LivePositions
from orderly_sync.live.private_stream import PrivateStream
from orderly_sync.live.told_states import ToldStates
from orderly_sync.logs import described, log_of
from orderly_sync.models.account import AccountInfo
from orderly_sync.models.market import SymbolRules
from orderly_sync.models.pushes.account import AccountUpdate, BalanceUpdate, PositionUpdate
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.models.pushes.market import MarkPrice
from orderly_sync.reports.causes import RecoveryCause
from orderly_sync.reports.delivered import OVERLAP_MS
from orderly_sync.reports.handover import Handover
from orderly_sync.reports.other_topics import OtherTopics
from orderly_sync.reports.reading import Reading
from orderly_sync.reports.recovery import Recovery
from orderly_sync.reports.schedule import AUDIT, LATER
from orderly_sync.rest import Rest
from orderly_sync.stream.events import Connected, Resynced
from orderly_sync.stream.hub import Hub
from orderly_sync.trading.algo_handle import AlgoHandle
from orderly_sync.trading.algo_requests import AlgoRequest
from orderly_sync.trading.handles import OrderHandle
from orderly_sync.trading.orders import OrderRequest
from orderly_sync.trading.outcomes import find_row
from orderly_sync.trading.placing import Placing
from orderly_sync.wire import topics

if TYPE_CHECKING:
    from orderly_sync.journal.journal import Journal
    from orderly_sync.live.journalling import Journalling

__all__ = ["Session"]

log = log_of("orderly_sync.state")

_TABLES = ("positions", "holdings", "orders", "algo_orders")
STOP = 2.0
"""Seconds that hooks get to come to an end,"""
REST = 0.5
"""all else after them,"""
LEAST = 0.5
"""and the journal at least, to put on the disk what waits."""


class _Part(Protocol):
    """A thread beside the streaming half."""

    def stop(self) -> None:
        """Ask it to end; returns at once."""

    def join(self, timeout: float, /) -> object:
        """Wait for its end."""


class Session:
    """State, handles and recovery of one account over one stream and one Rest.

    Args:
        rest: The REST half, signed.
        hub: The streaming half's machinery, not yet started.
        record: Given each state that was read, with the time in ms: rows by table.
        later: Seconds after a gap's first reading at which REST is read again.
        audit: Seconds between two looks for what the venue dropped while the connection stood; None for none.
        journal: Makes what keeps reports and placed orders over the end of the process.
    """

    _switch: CancelOnSilence | None = None
    _key_expiry: KeyExpiry | None = None

    def __init__(
        self,
        rest: Rest,
        hub: Hub,
        record: Callable[[int, Mapping[str, Any]], object] | None = None,
        *,
        later: Sequence[float] = LATER,
        audit: float | None = AUDIT,
        journal: Callable[[Hub, Recovery], Journalling] | None = None,
    ) -> None:
        self.rest = rest
        self.hub = hub
        self.positions = LivePositions(hub.numbers)
        self.holdings = LiveHoldings(hub.numbers)
        self.orders = OpenOrders()
        self.algo_orders = OpenAlgoOrders()
        self.account: AccountInfo | None = None
        self.account_update: AccountUpdate | None = None
        self._record = record
        self._rules: dict[str, SymbolRules] = {}
        private = PrivateStream(hub, self._forget_all)
        self._told = ToldStates(private)
        self._others = OtherTopics(
            rest, private, clock=hub.options.clock, ended=partial(hub.thread_ended, "other topics")
        )
        self.recovery = Recovery(
            rest.orders,
            self.orders,
            self.algo_orders,
            private,
            read=self._read,
            clock=hub.options.clock,
            later=later,
            ended=partial(hub.thread_ended, "recovery"),
            audit=audit,
        )
        hub.handover = self.handover = Handover(
            rest.orders,
            self.recovery.feeds.of,
            floor=lambda: self.recovery.floor,
            told=hub.announce,
            done=self._handed_over,
        )
        self._placing = self._make_placing()
        self._journalling = None if journal is None else journal(hub, self.recovery)
        self._account_refresh = AccountRefresh(self._read_account, partial(hub.thread_ended, "account"))
        self._watch_marks = False
        self._is_begun = False  # whether the state was read for the first time

    def _make_placing(self) -> Placing:
        return Placing(
            self.rest.orders,
            self.hub,
            self.orders,
            self.algo_orders,
            awaited_orders=self.recovery.orders.awaited,
            awaited_algos=self.recovery.algos.awaited,
            awaiting=self.recovery.expect,
        )

    # Life --------------------------------------------------------------------------------------------------------

    def start(self, *, cancel_on_silence: float | None = None, key: str | None = None) -> None:
        """Subscribe, wait for every acknowledgement, read the state; returns when all is current.

        With ``cancel_on_silence`` the venue's timer that cancels all orders is set to so many seconds, and kept set.
        With ``key``, the public key that signs, the log warns if that ends within a week.

        Raises:
            LoginRefused: The venue refused the login.
            SubscriptionRefused: It refused a topic that the state needs for as long as there was time.
            TimeoutError: It could not be reached in time.
            RequestError: The state could not be read.
        """
        needed = self._observe_account()
        self.hub.observers.append(self._heard)
        self.hub.start()
        for name in self.recovery.sequencers:
            self._keep_order(name)
        self.hub.audiences.heard = self._keep_order
        try:
            self.hub.wait_ready()
        except TimeoutError:
            self.hub.standing.raise_refused(needed)
            raise
        self.recovery.begin(None if self._journalling is None else self._journalling.earlier())
        if self._journalling is not None:
            self._journalling.begin()
        self._read_account()
        self._is_begun = True
        self.recovery.start()
        if cancel_on_silence is not None:
            self._switch = CancelOnSilence.over(self.rest, self.hub, cancel_on_silence)
            self._switch.start()
        if key is not None:
            self._key_expiry = KeyExpiry(self.rest.keys.info, key, self.hub.options.clock)
            self._key_expiry.start()

    def _observe_account(self) -> list[str]:
        """Have the state follow the account's topics; their names."""
        feeds = (
            (topics.execution_report(), self._execution),
            (topics.algo_execution_report(), self._algo),
            (topics.position(), self._position),
            (topics.balance(), self._balance),
            (topics.account(), self._account),
        )
        for topic, observer in feeds:
            self.hub.observe(topic, observer, required=True)
        return [topic.name for topic, _ in feeds]

    def stop(self, timeout: float | None = None) -> None:
        """End everything; bounded, callable from anywhere and any number of times.

        Args:
            timeout: Seconds for hooks to come to an end; 2 if absent. What is being dialled or read is given up.
        """
        patience = STOP if timeout is None else timeout
        until = time.monotonic() + patience + REST
        if self._switch is not None:
            self._switch.stop(disarm=False)
        parts: list[_Part] = [self.recovery, self._others, self._account_refresh, self.handover]
        parts += [] if self._key_expiry is None else [self._key_expiry]
        for part in parts:
            part.stop()
        self.hub.stop(patience)
        for part in parts:
            part.join(max(0.0, until - time.monotonic()))
        if self._journalling is not None:
            self._journalling.stop(max(LEAST, until - time.monotonic()))
        self.rest.close()

    def require_journal(self) -> Journal:
        """What is kept over the end of the process.

        Raises:
            UsageError: Nothing is.
        """
        if self._journalling is None:
            raise UsageError("there is no journal; pass connect(..., journal='bot.db')")
        return self._journalling.journal

    @property
    def resyncing(self) -> bool:
        """Whether a gap of the stream has not been read over yet."""
        return self.recovery.resyncing or self.handover.is_behind

    @property
    def gaps(self) -> int:
        """How often the private stream was lost."""
        return self.recovery.gaps

    # What the stream brings, on its I/O thread ---------------------------------------------------------------------

    def _keep_order(self, name: str) -> None:
        """Somebody hears a topic: it is kept whole, and if it tells of orders, in order."""
        self._others.hear(name)
        sequencer = self.recovery.hear(name)
        if sequencer is not None:
            self.hub.connections["private"].keep_order(name, sequencer, self.recovery.another_order)

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
            count_fill(report, self.positions, self.holdings, self.orders, self.algo_orders)
            self._follow_marks()

    def _position(self, update: PositionUpdate) -> None:
        self._told.positions.note(update)
        if not update.recovered:  # what REST told is shown by the row itself
            self.positions.apply(update)
            self._follow_marks()

    def _balance(self, update: BalanceUpdate) -> None:
        self._told.balances.note(update)
        if not update.recovered:
            self.holdings.apply(update)

    def _account(self, update: AccountUpdate) -> None:
        self._told.account.note(update)
        if update.recovered:
            return
        self.account_update = update
        self.positions.note_leverage(update)

    def _mark(self, update: MarkPrice) -> None:
        self.positions.mark(update.symbol, update.price, update.ts)

    def _follow_marks(self) -> None:
        """While there is a position, its PnL moves with the mark price.

        Where no connection can be made, for want of descriptors or threads, whatever moves a position tries again.
        """
        if self._watch_marks or not len(self.positions):
            return
        self._watch_marks = True
        try:
            self.hub.observe(topics.mark_prices(), self._mark, required=True)
        except Disconnected:
            return  # it was stopped meanwhile
        except (OSError, RuntimeError) as exc:
            self._watch_marks = False
            log.warning("mark prices cannot be followed yet: %s", described(exc))

    def _heard(self, event: object) -> None:
        if isinstance(event, Disconnected) and event.connection == "private":
            self.recovery.gap(event.reason)
            self._others.gap()
        elif isinstance(event, Connected) and event.connection == "private" and event.resumed:
            self.recovery.resync("the private stream was down")
            self._others.resync()
            self._account_refresh.ask()
        elif isinstance(event, Overflow) and not self.handover.rebuilds(event.topic):
            self.recovery.resync(str(event), RecoveryCause.OVERFLOW)

    def _handed_over(self, topic: str, since: int | None, count: int) -> None:
        self.recovery.tally.found(RecoveryCause.OVERFLOW, count)
        reason = f"a queue of {topic!r} was full"
        self.hub.announce(Resynced(since=since, until=self.hub.watermark(), recovered=count, reason=reason))

    # Reading by REST ---------------------------------------------------------------------------------------------

    def _read(self, reading: Reading) -> Callable[[], None]:
        """Read positions, holdings and orders; what shows them, save what pushes touched meanwhile: that is newer."""
        tables = [(name, getattr(self, name)) for name in _TABLES]
        for _, table in tables:
            table.begin()
        marks, now = self._told.mark(), self.hub.watermark()
        self.positions.asked_at(now)
        for young in (self.orders, self.algo_orders):
            young.keep_since((now or 0) - OVERLAP_MS)
        positions = self.rest.positions.list().rows
        holdings = self.rest.assets.holding(all=True).holding
        rows: dict[str, object] = {
            "positions": positions,
            "holdings": holdings,
            "orders": reading.open_orders(),
            "algo_orders": reading.open_algos(),
        }

        def show() -> None:
            for name, table in tables:
                table.seed_rows(rows[name])
            self._told.shown(positions, holdings, marks, first=not self._is_begun)
            if self._record is not None:
                self._record(self.hub.options.clock.machine.time_ms(), rows)
            self._follow_marks()

        return show

    def _read_account(self) -> None:
        marks = self._told.mark()
        info = self.account = self.rest.account.info()
        self._told.account_read(info, marks, first=not self._is_begun)

    def _forget_all(self) -> None:
        """The venue began anew: what is shown is what it says from now on."""
        for name in _TABLES:
            getattr(self, name).forget_all()
        self._placing.forget_all()
        self._told.forget_all()
        self._others.forget_all()
        if self._journalling is not None:
            self._journalling.journal.forget()

    def disarm(self) -> None:
        """Switch the timer off, if it was set."""
        if self._switch is not None:
            self._switch.stop(disarm=True)

    def stats(self) -> dict[str, object]:
        """How often the stream was lost, whether that has been read over, what recoveries found, and the timer.

        ``recovered`` counts reports told by REST and ``readings`` how often it was read, each by ``RecoveryCause``.
        """
        kept = {} if self._journalling is None else {"journal": self._journalling.journal.stats()}
        timer = {} if self._switch is None else {"cancel_on_silence": self._switch.stats()}
        found = self.recovery.tally.stats()
        return {"gaps": self.gaps, "resyncing": self.resyncing, **found, **kept, **timer}

    def rules(self, symbol: str) -> SymbolRules:
        """The order rules of a symbol, read once."""
        if symbol not in self._rules:
            self._rules[symbol] = self.rest.market.rules(symbol)
        return self._rules[symbol]

    def place(self, request: OrderRequest | AlgoRequest) -> OrderHandle | AlgoHandle:
        """Check and send; see ``Orderly.place``."""
        request.check(self.rules(request.symbol))
        if self._journalling is not None:
            return self._journalling.place(request, self._placing.place)
        return self._placing.place(request)

    def resolve(self, lost: OrderOutcomeUnknown, until: float) -> list[OrderHandle | AlgoHandle]:
        """Find out what became of a write; see ``Orderly.resolve``."""
        return self._placing.resolve(lost, until)

    def handle(self, order: int | str) -> OrderHandle | AlgoHandle:
        """The handle of an order of the account; see ``Orderly.handle``."""
        return self._placing.adopt(find_row(self.rest.orders, order))
