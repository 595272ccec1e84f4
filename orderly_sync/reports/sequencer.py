"""Each order's reports in the order of its progress, pure.

A report says how much of its order had been filled before it and after it. One whose forerunner is missing - lost with
a connection, dropped by the venue, overtaken on the way - waits until that one has come or REST has told of it, but not
for ever: when REST has been read for what is missing, again and again until what it shows can lag no more, it goes out
all the same, because a late fill is worth more than a hidden one. It says so then (``out_of_order``), and so does the
missing one if it comes after all.

Which event a report is to its order is decided here; what it makes of the order's state stands in ``order_states``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any

import attrs

from orderly_sync.models.enums import AlgoType, OrderStatus
from orderly_sync.reports.holding import Hold, WaitingReports, before_it, is_beyond
from orderly_sync.reports.order_states import START, Continuity, OrderState, Progress, ReportEvent

__all__ = ["ReportSequencer", "sequencer_for"]

_SAME_MS = 1_000
"""By how much the two halves may differ about when an order was created, ms."""
_REMEMBERED = 20_000
_CONTAINERS = frozenset({AlgoType.TP_SL, AlgoType.POSITIONAL_TP_SL})
_FIRST = frozenset({OrderStatus.NEW, OrderStatus.REJECTED})
"""What an order's first report may say; of an order of which another comes first, the beginning is missing."""
_UNKNOWN, _ENDED, _WHOLE = Progress.UNKNOWN, Progress.ENDED, Continuity.WHOLE
_REPORT, _END = ReportEvent.REPORT, ReportEvent.END


@attrs.define(eq=False)
class _Order:
    """One order: its state, and the figures that decide what happens to it next."""

    state: OrderState = START
    total: Any = 0
    """The greatest total that has been delivered, or was known at the beginning."""
    fill_gap: tuple[Any, Any] | None = None
    """Totals between which fills have not been delivered."""
    has_begun: bool = False
    """Whether its NEW was delivered, or is older than this client."""
    created: int | None = None
    """When it was created, ms."""
    name: str | None = None
    """Its client order id."""


class ReportSequencer:
    """Holds reports back until those before them have been delivered.

    Args:
        name: The field that names the order: ``order_id``, or ``algo_order_id`` of a node.
        status: The field that holds its status.
        totals: Whether every report's total must follow; False where only fills are certain to tell of their own.
        filled_before_start: What of an unknown order was filled before its first report here; None if that cannot be
            told.
        missing: Called each time that a report must wait, or has gone out though fills before it are missing.
        clock: Monotonic seconds.
        hold: How long reports wait.
    """

    def __init__(
        self,
        name: str,
        status: str,
        *,
        totals: bool,
        filled_before_start: Callable[[Any], Any],
        missing: Callable[[], object],
        clock: Callable[[], float],
        hold: Hold | None = None,
    ) -> None:
        self.gap = False
        """Whether reports may be missing, so that what begins in the middle must wait."""
        self.overtaken = 0
        """States that came after what followed them, and were not delivered."""
        self._name = name
        self._status = status
        self._totals = totals
        self._filled_before_start = filled_before_start
        self._tell_missing = missing
        self._clock = clock
        self._holding = hold or Hold()
        self._orders: dict[int, _Order] = {}
        self._ended: dict[int, None] = {}  # in the order of their ends: what to forget first
        self._incomplete: dict[int, None] = {}  # orders that are not WHOLE
        self._waiting: dict[int, WaitingReports] = {}

    def __call__(self, events: Sequence[object]) -> Sequence[Any]:
        """The events that may go out now, and any that waited for them."""
        out: list[Any] = []
        for event in events:
            self._take(event, out)
        return out

    def merged(self, rebuilt: Iterable[object], fresh: Callable[[Any], bool]) -> Iterator[Any]:
        """Events rebuilt by REST among those of the same orders that wait, each where it belongs.

        ``fresh`` is asked of a rebuilt event when its turn comes, after everything before it was delivered.
        """
        told_of = list(rebuilt)
        rows = [(self._rank(event), True, event) for event in told_of]
        for key in {getattr(event, self._name) for event in told_of}:
            rows += [(self._rank(event), False, event) for event in self._release(key)]
        for _, is_rebuilt, event in sorted(rows, key=itemgetter(0)):
            key = getattr(event, self._name)
            if fresh(event) if is_rebuilt else not self._was_delivered(key, event):
                out: list[Any] = []
                self._take(event, out)
                yield from out

    def begin(self, key: int, total: object) -> None:
        """An order was open, and filled so far, before this client came."""
        order = self._order(key)
        if order.state.progress is _UNKNOWN:
            self._apply(key, order, ReportEvent.BEGIN)
            order.total = total
            order.has_begun = True

    def delivered(self, key: int) -> Any:
        """How much of an order's fills has been delivered without a gap; None if nothing is known here."""
        order = self._orders.get(key)
        if order is None or order.state.progress is _UNKNOWN:
            return None
        gap = order.fill_gap
        return order.total if gap is None else gap[0]

    def is_delivered(self, awaited: tuple[int, bool]) -> bool:
        """Whether a report of an order has been delivered; with True, whether its end has."""
        key, end = awaited
        order = self._orders.get(key)
        return order is not None and (
            order.state.progress is _ENDED if end else order.state.progress is not _UNKNOWN
        )

    def has_ended(self, key: int) -> bool:
        """Whether an order's end has been delivered."""
        return self.is_delivered((key, True))

    def is_another(self, told: Any) -> bool:
        """Whether a report or a row bears the id of a known order and is another order's: the venue began anew."""
        order = self._orders.get(getattr(told, self._name))
        if order is None:
            return False
        if order.name and told.client_order_id:
            return bool(order.name != told.client_order_id)
        created = told.created_time
        return bool(order.created and created and abs(order.created - created) > _SAME_MS)

    def forget_all(self) -> None:
        """The venue began anew: nothing that is known of its orders holds."""
        for known in (self._orders, self._ended, self._incomplete, self._waiting):
            known.clear()

    def waits(self, key: int, trade_id: int) -> bool:
        """Whether the report of that fill waits."""
        waiting = self._waiting.get(key)
        return waiting is not None and any(one.trade_id == trade_id for one in list(waiting.events))

    def missing(self, key: int, total: Any) -> Any:
        """How much of an order that has filled so much has not been delivered, wherever it is missing."""
        order = self._orders.get(key)
        if order is None:
            return total
        low, high = order.fill_gap or (0, 0)
        return total - order.total + high - low

    def has_begun(self, key: int) -> bool:
        """Whether an order's NEW has been delivered, or is older than this client."""
        order = self._orders.get(key)
        return order is not None and (order.has_begun or not self._totals)

    @property
    def doubtful(self) -> list[int]:
        """The orders of which reports wait, or are known to be missing, first noticed first."""
        return list(self._incomplete)  # at one moment: the I/O thread may be changing it

    @property
    def deadline(self) -> float | None:
        """When the first of them has waited long enough."""
        return min((one.until for one in self._waiting.values()), default=None)

    def overdue(self, now: float) -> list[Any]:
        """What has waited long enough, out of order though it is."""
        out: list[Any] = []
        for key, one in list(self._waiting.items()):
            if not one.is_over(self._holding, now):
                continue
            order = self._order(key)
            for event in sorted(self._release(key), key=self._rank):
                self._note(key, order, event, out, early=not self._follows(key, order, event))
        return out

    def settle(self) -> list[Any]:
        """The gap is closed: what waited only because its beginning might have been in it."""
        self.gap = False
        out: list[Any] = []
        for key in list(self._waiting):
            self._drain(key, out)
        return out

    def _order(self, key: int) -> _Order:
        order = self._orders.get(key)
        return order if order is not None else self._orders.setdefault(key, _Order())

    def _apply(self, key: int, order: _Order, event: ReportEvent) -> None:
        state = order.state.after(event)
        if state is order.state:
            return
        order.state = state
        if state.continuity is not _WHOLE:
            self._incomplete[key] = None
        else:
            self._incomplete.pop(key, None)

    def _take(self, event: Any, out: list[Any]) -> None:
        key = getattr(event, self._name)
        order = self._order(key)
        if not self._follows(key, order, event):
            self._hold(key, order, event)
            return
        self._note(key, order, event, out)
        if key in self._waiting:
            self._drain(key, out)

    def _follows(self, key: int, order: _Order, event: Any) -> bool:
        if order.state.progress is _UNKNOWN:
            before = self._filled_before_start(event)
            if before is not None:
                self.begin(key, before)
            elif not event.recovered and self._lacks_beginning(event):
                return False
        if not (self._totals or event.trade_id or (self.gap and not _holds_others(event))):
            return True
        return not is_beyond(before_it(event), order.total)

    def _lacks_beginning(self, event: Any) -> bool:
        """Whether the first report of an order is one that another must have come before."""
        return (self._totals or self.gap) and getattr(event, self._status) not in _FIRST

    def _note(self, key: int, order: _Order, event: Any, out: list[Any], *, early: bool = False) -> None:
        total, before = event.total_executed_quantity or 0, order.total
        is_new = self._totals and not event.trade_id and event.status == OrderStatus.NEW
        is_late = is_new and not order.has_begun and order.state.progress is not _UNKNOWN
        if self._totals and not event.trade_id and not is_late and self._is_over(order, event, total):
            self.overtaken += 1
            return
        is_late = is_late or (bool(event.trade_id) and (total < before or self._follows_its_end(order)))
        self._apply(key, order, _END if event.is_final else _REPORT)
        leaps = self._mind_gap(key, order, event, before)
        if total > before:
            order.total = (
                total  # after the gap: other threads may hear of less than was delivered, never of more
            )
        order.has_begun = order.has_begun or is_new
        order.created, order.name = event.created_time or order.created, event.client_order_id or order.name
        if event.is_final:
            self._ended[key] = None
            if len(self._ended) > _REMEMBERED:
                self._forget()
        out.append(event.as_out_of_order() if is_late or early or leaps else event)

    def _follows_its_end(self, order: _Order) -> bool:
        return self._totals and order.state.progress is _ENDED

    def _mind_gap(self, key: int, order: _Order, event: Any, delivered: Any) -> bool:
        """Remember between which totals an order's fills have not been delivered; whether it is a fill that leaps."""
        before, gap = before_it(event), order.fill_gap
        if is_beyond(before, delivered) and not _holds_others(event):
            order.fill_gap = (delivered if gap is None else gap[0], before)
            self._apply(key, order, ReportEvent.LEAP)
            self._tell_missing()
            return self._totals or bool(event.trade_id)
        if event.trade_id and gap is not None and not is_beyond(before, gap[0]):
            if is_beyond(gap[1], event.total_executed_quantity):
                order.fill_gap = (event.total_executed_quantity, gap[1])
            else:
                order.fill_gap = None
                self._apply(key, order, ReportEvent.CLOSE)
        return False

    def _is_over(self, order: _Order, event: Any, total: Any) -> bool:
        """Whether a state comes after what has followed it: an order must not seem to live again.

        The stream and REST may also each tell of the same end.
        """
        return order.state.progress is _ENDED or (total < order.total and not event.is_final)

    def _hold(self, key: int, order: _Order, event: object) -> None:
        self._apply(key, order, ReportEvent.HOLD)
        waiting = self._waiting.get(key)
        if waiting is None:
            self._waiting[key] = WaitingReports.begun(event, self._holding, self._clock())
            self._tell_missing()
        else:
            waiting.events.append(event)

    def _release(self, key: int) -> list[Any]:
        """What waits of an order, which waits no longer."""
        waiting = self._waiting.pop(key, None)
        if waiting is None:
            return []
        self._apply(key, self._order(key), ReportEvent.RELEASE)
        return waiting.events

    def _drain(self, key: int, out: list[object]) -> None:
        waiting, order = self._waiting[key], self._order(key)
        left: list[object] = []
        for event in sorted(waiting.events, key=self._rank):
            if self._was_delivered(key, event):
                continue
            if self._follows(key, order, event):
                self._note(key, order, event, out)
            else:
                left.append(event)
        waiting.events = left
        if not left:
            self._release(key)

    def _was_delivered(self, key: int, event: Any) -> bool:
        """Whether a fill that waited was rebuilt from REST meanwhile, in other words."""
        delivered = self.delivered(key)
        return (
            bool(event.trade_id)
            and delivered is not None
            and not is_beyond(event.total_executed_quantity or 0, delivered)
        )

    def _rank(self, event: Any) -> tuple[Any, ...]:
        """Where an event belongs among those of its order."""
        when = event.timestamp or 0
        if not self._totals:
            return (when, event.total_executed_quantity or 0, event.is_final, event.recovered)
        total = event.total_executed_quantity or 0
        return (total, event.is_final, not event.trade_id, event.recovered, when)

    def _forget(self) -> None:
        """Forget the half of the orders that ended longest ago; what is open, or waits, is never forgotten."""
        for key in list(self._ended)[: _REMEMBERED // 2]:
            if key not in self._waiting:
                del self._ended[key]
                del self._orders[key]
                self._incomplete.pop(key, None)


def _holds_others(event: object) -> bool:
    """Whether a node only holds its legs together; the venue may or may not repeat their fills on it."""
    return getattr(event, "algo_type", None) in _CONTAINERS


def sequencer_for(
    topic: str,
    *,
    filled_before_start: Callable[[Any], Any],
    missing: Callable[[], object],
    clock: Callable[[], float],
    hold: Hold | None = None,
) -> ReportSequencer:
    """The sequencer of a topic's reports: of ordinary orders, or of the nodes of algo orders."""
    if topic.startswith("algo"):
        names, totals = ("algo_order_id", "algo_status"), False
    else:
        names, totals = ("order_id", "status"), True
    return ReportSequencer(
        *names,
        totals=totals,
        filled_before_start=filled_before_start,
        missing=missing,
        clock=clock,
        hold=hold,
    )
