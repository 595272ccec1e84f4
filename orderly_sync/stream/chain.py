"""Each order's reports in the order of its progress, pure.

A report says how much of its order had been filled before it and after it. One whose forerunner is missing - lost with
a connection, dropped by the venue, overtaken on the way - waits until that one has come or REST has told of it, but not
for ever: after ``HOLD`` seconds it goes out all the same, because a late fill is worth more than a hidden one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import attrs

from orderly_sync.models.enums import OrderStatus

__all__ = ["HOLD", "Chain"]

HOLD = 12.0
"""Seconds: longer than the venue's reads are expected to lag behind its pushes."""
_REMEMBERED = 20_000
_NEARLY = 1e-9


@attrs.define
class _Waiting:
    events: list[Any]
    until: float


class Chain:
    """Holds reports back until those before them have been delivered.

    Args:
        name: The field that names the order: ``order_id``, or ``algo_order_id`` of a node.
        status: The field that holds its status.
        totals: Whether every report's total must follow; False where only fills are certain to tell of their own.
        begun: What of an order was filled before its first report here; None if nothing is known of the order.
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
        self._name = name
        self._status = status
        self._totals = totals
        self._begun = begun
        self._broken = broken
        self._clock = clock
        self._told: dict[int, Any] = {}
        self._ended: dict[int, None] = {}
        self._holes: dict[int, Any] = {}  # what had been told when waiting became too long
        self._waiting: dict[int, _Waiting] = {}

    def __call__(self, events: Sequence[Any]) -> Sequence[Any]:
        """The events that may go out now, and any that waited for them."""
        out: list[Any] = []
        for event in events:
            self._take(event, out)
        return out

    def merged(self, rebuilt: Iterable[Any], fresh: Callable[[Any], bool]) -> Iterator[Any]:
        """Events rebuilt by REST among those of the same orders that wait, each where it belongs.

        ``fresh`` is asked of a rebuilt event when its turn comes, after everything before it was delivered.
        """
        events = list(rebuilt)
        for key in {getattr(event, self._name) for event in events}:
            waiting = self._waiting.pop(key, None)
            events += waiting.events if waiting else []
        for event in sorted(events, key=self._rank):
            if event.recovered and not fresh(event):
                continue
            out: list[Any] = []
            self._take(event, out)
            yield from out

    def told(self, key: int) -> Any:
        """How much of an order's fills has been delivered without a hole; None if nothing is known here."""
        return self._holes.get(key, self._told.get(key))

    @property
    def waiting(self) -> list[int]:
        """The orders of which reports wait."""
        return list(self._waiting)

    @property
    def deadline(self) -> float | None:
        """When the first of them has waited long enough."""
        return min((one.until for one in self._waiting.values()), default=None)

    def overdue(self, now: float) -> list[Any]:
        """What has waited long enough, out of order though it is."""
        out: list[Any] = []
        for key in [key for key, one in self._waiting.items() if now >= one.until]:
            self._holes.setdefault(key, self._told.get(key, 0))
            for event in sorted(self._waiting.pop(key).events, key=self._rank):
                self._note(key, event, out)
        return out

    def settle(self) -> list[Any]:
        """The gap is closed: what waited only because its beginning might have been in it."""
        self.gap = False
        out: list[Any] = []
        for key in self.waiting:
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
        if told is None:
            if self.gap and getattr(event, self._status) != OrderStatus.NEW:
                return False
            told = 0
        total = event.total_executed_quantity or 0
        if event.trade_id:
            total -= event.executed_quantity or 0
        elif not self._totals:
            return True
        return bool(total - told <= _NEARLY) if isinstance(total, float) else bool(total <= told)

    def _note(self, key: int, event: Any, out: list[Any]) -> None:
        if self._totals and event.is_final:
            if key in self._ended and not event.trade_id:
                return  # the stream and REST may each tell of the same end
            self._ended[key] = None
        total = event.total_executed_quantity or 0
        told = self._told.get(key)
        if told is None or total > told:
            self._told[key] = total
            if len(self._told) > _REMEMBERED:
                self._forget()
        out.append(event)

    def _hold(self, key: int, event: Any) -> None:
        waiting = self._waiting.get(key)
        if waiting is None:
            self._waiting[key] = _Waiting([event], self._clock() + HOLD)
            self._broken()
        else:
            waiting.events.append(event)

    def _drain(self, key: int, out: list[Any]) -> None:
        waiting = self._waiting[key]
        left: list[Any] = []
        for event in sorted(waiting.events, key=self._rank):
            if self._follows(key, event):
                self._note(key, event, out)
            else:
                left.append(event)
        waiting.events = left
        if not left:
            del self._waiting[key]

    def _rank(self, event: Any) -> tuple[Any, ...]:
        """Where an event belongs among those of its order."""
        when = event.timestamp or 0
        if not self._totals:
            return (when, event.total_executed_quantity or 0, event.is_final, event.recovered)
        total = event.total_executed_quantity or 0
        return (total, event.is_final, not event.trade_id, event.recovered, when)

    def _forget(self) -> None:
        for memory in (self._told, self._ended, self._holes):
            for key in list(memory)[: len(memory) // 2]:
                del memory[key]
