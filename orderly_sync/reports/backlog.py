"""What a queue that was full owes to its hooks or its consumer: ids and marks, never the reports themselves. Pure.

A report that finds no room is *withheld*: of its order is noted how far it had been told of, and how far it has come.
Once there is room, the reports between the two are rebuilt from REST, as after a gap (``handover.py``), and told in
order. While that goes on, new reports wait behind them; they are withheld likewise if they become too many. So memory
grows with the orders that are owed, not with the reports.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import Any, Protocol

import attrs

from orderly_sync.models.enums import AlgoType, OrderStatus

__all__ = ["Backlog", "Owed", "OwesReports", "ReportQueue"]

_CONTAINERS = frozenset({AlgoType.TP_SL, AlgoType.POSITIONAL_TP_SL})


class _State(Enum):
    """Where a queue stands."""

    LIVE = "live"
    """Reports are queued as they come."""
    BEHIND = "behind"
    """They are withheld."""
    CATCHING_UP = "catching up"
    """What is owed is being told; new ones wait behind it."""


@attrs.define
class Owed:
    """One order, or one node of an algo order, of which reports are owed."""

    root: int
    """What REST is asked for: the order, or the root of the tree."""
    told: Any
    """How much of its fills has been told; None if nothing of it has."""
    total: Any = 0
    """How much has been filled by the last report that was withheld."""
    end: bool = False
    """Whether its end was withheld."""
    state: bool = False
    """Whether a state between, an edit or a trigger, was withheld."""

    @property
    def is_settled(self) -> bool:
        """Whether nothing is owed any more."""
        return self.told is not None and self.told >= self.total and not self.end and not self.state


class ReportQueue(Protocol):
    """Where reports wait for hooks or for a consumer."""

    @property
    def bound(self) -> int:
        """How many may wait."""

    @property
    def room(self) -> int:
        """For how many there is room."""

    def hand(self, event: object, /) -> None:
        """Queue one."""


class OwesReports(Protocol):
    """What hands over what queues owe."""

    def backlog_of(self, topic: str, queue: Callable[[], ReportQueue | None], /) -> Backlog | None:
        """The account of one queue, which is None once nobody reads it; there is none where REST cannot help."""


class Backlog:
    """What one queue owes. The I/O thread passes on or withholds; one other thread at a time hands over.

    Args:
        topic: Whose reports these are.
        began: Called on the I/O thread with the number of reports that were withheld, when there are the first.
    """

    def __init__(self, topic: str, began: Callable[[int], object]) -> None:
        self.topic = topic
        self.withheld = 0
        """Reports that found no room, since the beginning."""
        self.since: int | None = None
        """The venue's time of the first that is owed, ms."""
        self._began = began
        self._is_algo = topic.startswith("algo")
        self._name = "algo_order_id" if self._is_algo else "order_id"
        self._lock = threading.Lock()
        self._state = _State.LIVE
        self._owed: dict[int, Owed] = {}
        self._later: list[object] = []
        self._most_later = 0

    @property
    def is_behind(self) -> bool:
        """Whether anything is owed, or waits behind what is."""
        return self._state is not _State.LIVE

    @property
    def owed(self) -> dict[int, Owed]:
        """What is owed now, by order or node."""
        with self._lock:
            return self._copied()

    def _copied(self) -> dict[int, Owed]:
        return {key: attrs.evolve(one) for key, one in self._owed.items()}

    # The I/O thread --------------------------------------------------------------------------------------------------

    def pass_on(self, events: Sequence[object], room: int) -> Sequence[object]:
        """Those of the reports that are to be queued now, of which there is room for so many."""
        if self._state is _State.LIVE and len(events) <= room:
            return events
        with self._lock:
            was_live = self._state is _State.LIVE
            passed: Sequence[object] = ()
            if was_live:
                passed, events = events[: max(0, room)], events[max(0, room) :]
            elif self._state is _State.CATCHING_UP and len(self._later) + len(events) <= self._most_later:
                self._later.extend(events)
                return ()
            if events:
                self._withhold(events)
        if was_live and events:
            self._began(len(events))
        return passed

    def _withhold(self, events: Iterable[object]) -> None:
        self._state = _State.BEHIND
        later, self._later = self._later, []
        for event in (*later, *events):
            self.withheld += 1
            self._note(event)

    def _note(self, event: Any) -> None:
        total = event.total_executed_quantity or 0
        is_fill = self._is_fill(event)
        begins = not event.trade_id and not event.is_final and self._status(event) in {OrderStatus.NEW, None}
        key = getattr(event, self._name)
        owed = self._owed.get(key)
        if owed is None:
            before = total - (event.executed_quantity or 0) if is_fill else total
            root = event.root_algo_order_id if self._is_algo else key
            owed = self._owed[key] = Owed(root, None if begins else before)
        owed.total = max(owed.total, total)
        owed.end = owed.end or event.is_final
        owed.state = owed.state or not (is_fill or begins or event.is_final)
        when = event.timestamp or event.ts
        if when is not None and (self.since is None or when < self.since):
            self.since = when

    # The thread that hands over --------------------------------------------------------------------------------------

    def catch_up(self, most_later: int) -> None:
        """What is owed is about to be read and told; from now on, so many new reports may wait behind it."""
        with self._lock:
            self._state = _State.CATCHING_UP
            self._most_later = most_later

    def is_owed(self, report: Any) -> bool:
        """Whether a rebuilt report is one of those that were withheld and not told since."""
        with self._lock:
            owed = self._owed.get(getattr(report, self._name))
            if owed is None:
                return False
            total = report.total_executed_quantity or 0
            if self._is_fill(report):
                return bool((owed.told or 0) < total <= owed.total)
            if report.is_final:
                return owed.end
            return owed.told is None or owed.state

    def tell(self, report: Any) -> None:
        """It has been queued."""
        with self._lock:
            key = getattr(report, self._name)
            owed = self._owed[key]
            total = report.total_executed_quantity or 0
            is_first = owed.told is None
            owed.told = max(owed.told or 0, min(total, owed.total))
            owed.end = owed.end and not report.is_final
            # Fills and beginnings are not the state that is owed; what an order was before it ended, nobody can tell.
            is_other = self._is_fill(report) or (is_first and not self._is_algo)
            owed.state = owed.state and is_other and not report.is_final
            if owed.is_settled:
                del self._owed[key]

    def begun(self, key: int) -> None:
        """REST has told all that it knows of an order, which began before there was anybody to tell."""
        with self._lock:
            owed = self._owed.get(key)
            if owed is not None:
                owed.told = owed.told or 0
                if owed.is_settled:
                    del self._owed[key]

    def forgo(self, key: int, *, whole: bool = False) -> None:
        """The state that is owed of an order cannot be told any more; with ``whole``, nothing of it can."""
        with self._lock:
            owed = self._owed.get(key)
            if owed is not None:
                owed.state = False
                if whole or owed.is_settled:
                    del self._owed[key]

    def finish(self, queue: Callable[[object], object]) -> bool:
        """If nothing is owed any more, queue what has waited behind it and be live again; whether that is so."""
        with self._lock:
            if self._owed or self._state is _State.BEHIND:
                return False
            self._queue_later(queue)
            self.since = None
            self._state = _State.LIVE
        return True

    def _queue_later(self, queue: Callable[[object], object]) -> None:
        later, self._later = self._later, []
        for event in later:
            queue(event)

    def abandon(self) -> None:
        """Nobody reads the queue any more."""
        with self._lock:
            self._owed.clear()
            self._later.clear()
            self.since = None
            self._state = _State.LIVE

    def pause(self) -> None:
        """The reading came to nothing or not to an end; what waited behind it is owed, too."""
        with self._lock:
            if self._state is _State.CATCHING_UP:
                self._withhold(())

    def _is_fill(self, event: Any) -> bool:
        """Nodes that only hold others together may repeat their fills, or not: these are states of theirs."""
        return bool(event.trade_id) and getattr(event, "algo_type", None) not in _CONTAINERS

    def _status(self, event: Any) -> object:
        return event.algo_status if self._is_algo else event.status
