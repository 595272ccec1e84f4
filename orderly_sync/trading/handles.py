"""A placed order that keeps itself up to date: its status, its reports, and waiting for what becomes of it.

A handle is made when the venue's answer has named the order; reports that overtook the answer are handed to it first.
Further reports come in on the stream's thread. There is no lock: reports are appended, and what they amount to is added
up from where it was added up last, so that a report costs the same whatever came before it and whoever waits.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Generic, TypeVar

from orderly_sync.config import SHORTEST, deadline, seconds
from orderly_sync.errors import NotFound, OrderOutcomeUnknown, RequestError, UsageError
from orderly_sync.models.enums import OrderStatus
from orderly_sync.models.order import Order
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.reports.from_rest import order_report
from orderly_sync.rest.call_deadline import CALL, call_by, call_within
from orderly_sync.rest.groups.orders import Orders
from orderly_sync.trading.goals import ALGO_GOALS, ORDER_GOALS, Goal, OrderEnded, refuse_goal
from orderly_sync.trading.handle_view import HandleView
from orderly_sync.trading.order_tally import OrderTally
from orderly_sync.trading.orders import OrderRequest
from orderly_sync.trading.sending import same_terms
from orderly_sync.trading.terms import read_number
from orderly_sync.trading.unknown_writes import Patience, settle
from orderly_sync.values.printing import printable
from orderly_sync.waiting import WaitQueue
from orderly_sync.wire.error_codes import RESOURCE_NOT_FOUND
from orderly_sync.wire.numbers import Number

__all__ = ["Handle", "OrderHandle"]

R = TypeVar("R", ExecutionReport, AlgoExecutionReport)

WAIT = 30.0
"""Seconds that waiting takes at most, unless told otherwise."""


class Handle(HandleView, Generic[R]):
    """What both kinds share.

    Args:
        request: What was placed.
        rest: The REST operations that the handle's own methods use.
        check: What a blocking call must raise now (the stream gave up, a hook raised with ``strict``), or None.
        cancelled: Called with the handle when the venue has been asked to cancel it.
        numbers: ``Decimal`` or ``float``.
        patience: What lets time pass between the looks for an edit whose answer was lost.
    """

    def __init__(  # noqa: PLR0917 - what each call of a handle needs of its client
        self,
        request: Any,
        rest: Orders,
        check: Callable[[], BaseException | None],
        cancelled: Callable[[Any], object] | None = None,
        numbers: type = Decimal,
        patience: Callable[[], Patience] = Patience,
    ) -> None:
        self.request = request
        self.order_id: int | None = None
        """The venue's id (of the root, for an algo order)."""
        self.owner: object = None
        """What must live as long as this handle: the client it came from."""
        self._rest = rest
        self._check = check
        self._cancelled = cancelled
        self._patience = patience
        self._zero: Decimal = numbers(0)
        self._reports: list[R] = []
        self._added_up: tuple[int, Any] = (0, self._nothing_yet())
        self._changed = WaitQueue()

    @property
    def client_order_id(self) -> str:
        """The id it was placed under."""
        return str(self.request.client_order_id)

    @property
    def symbol(self) -> str:
        """The market."""
        return str(self.request.symbol)

    @property
    def reports(self) -> tuple[R, ...]:
        """All reports so far, in order."""
        return tuple(self._reports)

    @property
    def last(self) -> R | None:
        """The newest report; None before the first, even where ``status`` is known from the venue's answer."""
        return self._reports[-1] if self._reports else None

    # Fed by the client -------------------------------------------------------------------------------------------

    def placed(self, order_id: int | None) -> None:
        """The venue has taken it under this id."""
        self.order_id = order_id or self.order_id
        self._changed.wake_all()

    def apply(self, report: R) -> None:
        """Take one report; a state that the order has left behind, and no fill, is told of already."""
        self.order_id = self.order_id or self._id_of(report)
        if self._is_told(report):
            return
        self._reports.append(report)
        if self._may_end_a_wait(report):
            self._changed.wake_all()

    def _tally(self) -> Any:
        """What all reports so far amount to. Threads may add up at once: each stores what is right for its count."""
        count, tally = self._added_up
        fresh = self._reports[count:]
        if fresh:
            for report in fresh:
                tally = self._added(tally, report)
            self._added_up = (count + len(fresh), tally)
        return tally

    def _nothing_yet(self) -> Any:
        """What no reports amount to."""
        raise NotImplementedError

    def _added(self, tally: Any, report: R) -> Any:
        """What it is with one more report; ``tally`` itself never changes."""
        raise NotImplementedError

    def _is_told(self, report: R) -> bool:
        """Whether a report tells nothing that the reports so far have not told."""
        raise NotImplementedError

    def _may_end_a_wait(self, report: R) -> bool:
        """Whether whoever waits has to look."""
        raise NotImplementedError

    def wait(self, goal: Goal = "done", timeout: float | None = WAIT) -> R:
        """Wait until it is ``"triggered"``, ``"entered"``, ``"filled"`` or ``"done"``; returns the report that says so.

        Done is filled, cancelled or rejected. A Bracket is entered when its entry has filled, and filled when a leg has
        closed that; with its legs cancelled it ends unfilled. Before it gives up, it asks the venue by REST.

        Args:
            goal: What to wait for; only algo orders trigger, and only a Bracket is entered.
            timeout: Seconds; None waits for ever.

        Raises:
            TimeoutError: It has not come to that, by REST neither.
            OrderEnded: It ended otherwise.
            Disconnected: The stream was stopped or gave up.
        """
        self._check_goal(goal)
        until = deadline(timeout, time.monotonic())
        asked = until if timeout is None else until - min(1.0, float(timeout) / 4)  # time to ask by REST
        found = self._changed.wait_for(lambda: self._reached(goal) or self._check(), asked)
        if found is None:
            return call_by(until, self._ask, goal, float(timeout or 0.0))
        if isinstance(found, BaseException):
            raise found
        return found

    def _ask(self, goal: Goal, timeout: float) -> R:
        try:
            self.refresh()
        except NotFound:
            pass
        except RequestError as exc:
            raise TimeoutError(
                f"not {goal} within {timeout:g} s, and the venue cannot be asked: {exc}"
            ) from exc
        report = self._reached(goal)
        if report is None:
            raise TimeoutError(f"{self!r} was not {goal} within {timeout:g} s; the venue says so too")
        return report

    def cancel(self, *, wait: float | bool | None = None) -> R | None:
        """Ask the venue to cancel it; the CANCELLED report follows.

        Args:
            wait: Seconds to wait until it is done, True for 30; by default only the answer is, up to 30 s.

        Returns:
            The report that ended it, if that was waited for. It tells of a fill where that came first.

        Raises:
            NotFound: It is done already.
            TimeoutError: It was not done in time; the cancel was sent all the same.
            OrderOutcomeUnknown: The answer was lost, twice, and the order is open still; it may be cancelled yet.
        """
        off = wait is None or wait is False
        limit = None if off else WAIT if wait is True else seconds(wait, "wait", least=SHORTEST)
        order_id = self._require_id()
        call_within(CALL, self._cancel, order_id)
        if self._cancelled is not None:
            self._cancelled(self)
        return None if limit is None else self.wait("done", limit)

    def _cancel(self, order_id: int) -> None:
        try:
            self._send_cancel(order_id)
        except OrderOutcomeUnknown:
            self._cancel_again(order_id)

    def _cancel_again(self, order_id: int) -> None:
        """After a cancel whose answer was lost: twice is as good as once, and an order that has ended needs none."""
        try:
            self._send_cancel(order_id)
        except NotFound:
            self.refresh()  # the first one got through, or the order had ended before it

    def _send_cancel(self, order_id: int) -> None:
        raise NotImplementedError

    def take_row(self, row: Any) -> None:
        """Take what REST says of it as a report of ``origin`` ``"rest"``."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Read it by REST and take what it says as a report of ``origin`` ``"rest"``.

        Raises:
            NotFound: The venue does not know it, or what it knows of that client order id is another order.
        """
        raise NotImplementedError

    def _is_mine(self, row: Any) -> Any:
        """The row that was found by the client order id alone, if it is the order that was placed."""
        if not same_terms(self.request, row):
            raise NotFound(RESOURCE_NOT_FOUND, f"what is known as {self.client_order_id!r} is another order")
        return row

    def _check_goal(self, goal: str) -> None:
        refuse_goal(goal, ALGO_GOALS)

    def _reached(self, goal: Goal) -> R | None:
        raise NotImplementedError

    def _id_of(self, report: R) -> int:
        raise NotImplementedError

    def _require_id(self) -> int:
        if self.order_id is None:
            raise UsageError("the venue has not confirmed this order yet; wait for its first report")
        return self.order_id


class OrderHandle(Handle[ExecutionReport]):
    """An ordinary order, live."""

    request: OrderRequest

    def _report_type(self) -> type:
        return ExecutionReport

    def _nothing_yet(self) -> OrderTally:
        return OrderTally(self._zero)

    def _added(self, tally: OrderTally, report: ExecutionReport) -> OrderTally:
        return tally.added(report)

    def _is_told(self, report: ExecutionReport) -> bool:
        tally: OrderTally = self._tally()
        return tally.has_told(report)

    def _may_end_a_wait(self, report: ExecutionReport) -> bool:
        return report.is_final

    @property
    def status(self) -> OrderStatus | None:
        """Where it stands: NEW once the venue has taken it. An edit does not show: it is open as before."""
        furthest: ExecutionReport | None = self._tally().furthest
        if furthest is None:
            return None if self.order_id is None else OrderStatus.NEW
        if furthest.status == OrderStatus.REPLACED:
            return OrderStatus.PARTIAL_FILLED if furthest.filled else OrderStatus.NEW
        return furthest.status

    @property
    def filled(self) -> Decimal:
        """Filled so far, base units."""
        filled: Decimal = self._tally().filled
        return filled

    @property
    def average_price(self) -> Decimal | None:
        """Mean price of its fills; None before the first."""
        fill: ExecutionReport | None = self._tally().fill
        return fill.average_executed_price if fill else None

    @property
    def fee(self) -> Decimal:
        """Fees so far, USDC."""
        fee: Decimal | None = self._tally().fee
        return self._zero if fee is None else fee

    @property
    def is_done(self) -> bool:
        """Whether nothing more can happen to it."""
        return self._tally().end is not None

    @printable
    def __repr__(self) -> str:
        what = f"{self.request.order_type} {self.request.side} {self.symbol}"
        return f"OrderHandle({what} {self.order_id} {self.status} filled={self.filled})"

    def _send_cancel(self, order_id: int) -> None:
        self._rest.cancel(symbol=self.symbol, order_id=order_id)

    def edit(self, *, price: Number | None = None, quantity: Number | None = None) -> None:
        """Ask the venue for another price or quantity; the REPLACED report follows.

        Should the answer be lost, the order is asked for; the edit is never sent again.

        Args:
            price: New price, USDC a unit of the base, a multiple of the symbol's quote_tick; None leaves it.
            quantity: New size, what has traded included, base units of at most 8 decimals; None leaves it.

        Raises:
            UsageError: A number cannot be right, or the venue has not confirmed the order yet; nothing was sent.
            InvalidOrder: The venue refuses the new terms.
            NotFound: It is done already.
        """
        price, quantity = read_number("price", price), read_number("quantity", quantity)
        if price is None and quantity is None:
            raise UsageError("edit() was given nothing to change: write price=, quantity= or both")
        held: ExecutionReport | None = self._tally().furthest
        held_price = held.price if held is not None and held.price else self.request.price
        held_quantity = held.quantity if held is not None and held.quantity else self.request.quantity
        order_id = self._require_id()
        wanted = (held_price if price is None else price, held_quantity if quantity is None else quantity)

        def send() -> None:
            self._rest.edit(
                order_id=order_id,
                symbol=self.symbol,
                order_type=self.request.order_type,
                side=self.request.side,
                order_price=wanted[0],
                order_quantity=wanted[1],
                client_order_id=self.client_order_id,
            )

        def is_edited() -> bool | None:
            row = self._rest.get(order_id)
            self.take_row(row)
            return (row.price, row.quantity) == wanted or (False if row.is_final else None)

        settle(send, is_edited, self._patience())

    def refresh(self) -> None:
        """Read it by REST and take what it says as a report of ``origin`` ``"rest"``.

        Raises:
            NotFound: The venue does not know it, or what it knows of that client order id is another order.
        """
        if self.order_id is not None:
            self.take_row(self._rest.get(self.order_id))
        else:
            self.take_row(self._is_mine(self._rest.get_by_client_order_id(self.client_order_id)))

    def take_row(self, row: Order) -> None:
        """Take a row of REST as a report of ``origin`` ``"rest"``, if it tells anything new."""
        furthest: ExecutionReport | None = self._tally().furthest
        if furthest is None or (furthest.status, furthest.filled) != (row.status, row.filled):
            self.apply(order_report(row, side=self.request.side, order_type=self.request.order_type))

    def _check_goal(self, goal: str) -> None:
        refuse_goal(goal, ORDER_GOALS)

    def _reached(self, goal: Goal) -> ExecutionReport | None:
        tally: OrderTally = self._tally()
        if tally.end is None:
            return None
        found = tally.end if goal == "done" else tally.filled_end
        if found is None:
            raise OrderEnded(goal, self.last)
        return found

    def _id_of(self, report: ExecutionReport) -> int:
        return report.order_id
