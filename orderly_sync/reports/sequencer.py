"""Each order's reports in the order of its progress, pure.

A report says how much of its order had been filled before it and after it. One whose forerunner is missing - lost with
a connection, dropped by the venue, overtaken on the way - waits until that one has come or REST has told of it, but not
for ever: after ``HOLD`` seconds it goes out all the same, because a late fill is worth more than a hidden one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any

import attrs

from orderly_sync.models.enums import AlgoType, OrderStatus

__all__ = ["HOLD", "ReportSequencer", "sequencer_for"]

HOLD = 12.0
"""Seconds: longer than the venue's reads are expected to lag behind its pushes."""
_REMEMBERED = 20_000
_NEARLY = 1e-9
_CONTAINERS = frozenset({AlgoType.TP_SL, AlgoType.POSITIONAL_TP_SL})


@attrs.define
class _Waiting:
    events: list[Any]
    until: float


class ReportSequencer:
    """Holds reports back until those before them have been delivered.

    Args:
        name: The field that names the order: ``order_id``, or ``algo_order_id`` of a node.
        status: The field that holds its status.
        totals: Whether every report's total must follow; False where only fills are certain to tell of their own.
        begun: What of an unknown order was filled before its first report here; None if that cannot be told.
        broken: Told each time that a report must wait.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        name: str,
        status: str,
        *,
        totals: bool,
        begun: Callable[[Any], Any],
        broken: Callable[[], object],
        clock: Callable[[], float],
    ) -> None:
        self.gap = False
        """Whether reports may be missing, so that what begins in the middle must wait."""
        self.overtaken = 0
        """States that came after what followed them, and were not told."""
        self._name = name
        self._status = status
        self._totals = totals
        self._begun = begun
        self._broken = broken
        self._clock = clock
        self._told: dict[int, Any] = {}
        self._ended: dict[int, None] = {}
        self._holes: dict[int, tuple[Any, Any]] = {}  # totals between which fills have not been told
        self._waiting: dict[int, _Waiting] = {}

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
            waiting = self._waiting.pop(key, None)
            rows += [(self._rank(event), False, event) for event in waiting.events] if waiting else []
        for _, is_rebuilt, event in sorted(rows, key=itemgetter(0)):
            if fresh(event) if is_rebuilt else not self._is_told(getattr(event, self._name), event):
                out: list[Any] = []
                self._take(event, out)
                yield from out

    def begin(self, key: int, total: object) -> None:
        """An order was open, and filled so far, before this client came."""
        self._told.setdefault(key, total)

    def told(self, key: int) -> Any:
        """How much of an order's fills has been delivered without a hole; None if nothing is known here."""
        hole = self._holes.get(key)
        return self._told.get(key) if hole is None else hole[0]

    def is_told(self, awaited: tuple[int, bool]) -> bool:
        """Whether a report of an order has been delivered; with True, whether its end has."""
        key, end = awaited
        return key in self._ended or (not end and key in self._told)

    def has_ended(self, key: int) -> bool:
        """Whether an order's end has been delivered."""
        return key in self._ended

    @property
    def doubtful(self) -> set[int]:
        """The orders of which reports wait, or are known to be missing."""
        return {*list(self._waiting), *list(self._holes)}

    @property
    def deadline(self) -> float | None:
        """When the first of them has waited long enough."""
        return min((one.until for one in self._waiting.values()), default=None)

    def overdue(self, now: float) -> list[Any]:
        """What has waited long enough, out of order though it is."""
        out: list[Any] = []
        for key in [key for key, one in self._waiting.items() if now >= one.until]:
            for event in sorted(self._waiting.pop(key).events, key=self._rank):
                self._note(key, event, out)
        return out

    def settle(self) -> list[Any]:
        """The gap is closed: what waited only because its beginning might have been in it."""
        self.gap = False
        out: list[Any] = []
        for key in list(self._waiting):
            self._drain(key, out)
        return out

    def _take(self, event: Any, out: list[Any]) -> None:
        key = getattr(event, self._name)
        if not self._follows(key, event):
            self._hold(key, event)
            return
        self._note(key, event, out)
        if key in self._waiting:
            self._drain(key, out)

    def _follows(self, key: int, event: Any) -> bool:
        told = self._told.get(key)
        if told is None:
            told = self._begun(event)
            if told is not None:
                self.begin(key, told)
        if told is None:
            if self.gap and not event.recovered and getattr(event, self._status) != OrderStatus.NEW:
                return False
            told = 0
        if not (self._totals or event.trade_id or (self.gap and not _holds_others(event))):
            return True
        return not _beyond(_before(event), told)

    def _note(self, key: int, event: Any, out: list[Any]) -> None:
        total = event.total_executed_quantity or 0
        told = self._told.get(key)
        if self._totals and not event.trade_id and self._is_over(key, event, total, told):
            self.overtaken += 1
            return
        if told is None or total > told:
            self._told[key] = total
        self._mind_holes(key, event, told or 0)
        if event.is_final:
            self._ended[key] = None
            if len(self._ended) > _REMEMBERED:
                self._forget()
        out.append(event)

    def _mind_holes(self, key: int, event: Any, told: Any) -> None:
        """Remember between which totals an order's fills have not been told."""
        before = _before(event)
        hole = self._holes.get(key)
        if _beyond(before, told) and not _holds_others(event):
            self._holes[key] = (told if hole is None else hole[0], before)
            self._broken()
        elif event.trade_id and hole is not None and not _beyond(before, hole[0]):
            if _beyond(hole[1], event.total_executed_quantity):
                self._holes[key] = (event.total_executed_quantity, hole[1])
            else:
                del self._holes[key]

    def _is_over(self, key: int, event: Any, total: Any, told: Any) -> bool:
        """Whether a state comes after what has followed it: an order must not seem to live again.

        The stream and REST may also each tell of the same end.
        """
        return key in self._ended or (told is not None and total < told and not event.is_final)

    def _hold(self, key: int, event: object) -> None:
        waiting = self._waiting.get(key)
        if waiting is None:
            self._waiting[key] = _Waiting([event], self._clock() + HOLD)
            self._broken()
        else:
            waiting.events.append(event)

    def _drain(self, key: int, out: list[object]) -> None:
        waiting = self._waiting[key]
        left: list[object] = []
        for event in sorted(waiting.events, key=self._rank):
            if self._is_told(key, event):
                continue
            if self._follows(key, event):
                self._note(key, event, out)
            else:
                left.append(event)
        waiting.events = left
        if not left:
            del self._waiting[key]

    def _is_told(self, key: int, event: Any) -> bool:
        """Whether a fill that waited was told by REST meanwhile, in other words."""
        told = self.told(key)
        return (
            bool(event.trade_id)
            and told is not None
            and not _beyond(event.total_executed_quantity or 0, told)
        )

    def _rank(self, event: Any) -> tuple[Any, ...]:
        """Where an event belongs among those of its order."""
        when = event.timestamp or 0
        if not self._totals:
            return (when, event.total_executed_quantity or 0, event.is_final, event.recovered)
        total = event.total_executed_quantity or 0
        return (total, event.is_final, not event.trade_id, event.recovered, when)

    def _forget(self) -> None:
        """Forget the half of the orders that ended longest ago; what is open is never forgotten."""
        for key in list(self._ended)[: _REMEMBERED // 2]:
            del self._ended[key]
            self._told.pop(key, None)
            self._holes.pop(key, None)


def _before(event: Any) -> Any:
    """What was filled before an event: a fill tells of its own, all else of what was."""
    total = event.total_executed_quantity or 0
    return total - (event.executed_quantity or 0) if event.trade_id else total


def _beyond(total: Any, told: Any) -> bool:
    return bool(total - told > _NEARLY) if isinstance(total, float) else bool(total > told)


def _holds_others(event: object) -> bool:
    """Whether a node only holds its legs together; the venue may or may not repeat their fills on it."""
    return getattr(event, "algo_type", None) in _CONTAINERS


def sequencer_for(
    topic: str,
    *,
    begun: Callable[[Any], Any],
    broken: Callable[[], object],
    clock: Callable[[], float],
) -> ReportSequencer:
    """The sequencer of a topic's reports: of ordinary orders, or of the nodes of algo orders."""
    if topic.startswith("algo"):
        names, totals = ("algo_order_id", "algo_status"), False
    else:
        names, totals = ("order_id", "status"), True
    return ReportSequencer(*names, totals=totals, begun=begun, broken=broken, clock=clock)
