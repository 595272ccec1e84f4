"""A model of the venue, its stream and its lagging REST, in virtual time, that runs recovery as it is.

Orders begin, fill and end; pushes are heard late, twice, swapped, or not at all: in a gap, or dropped one by one. Each
answer of REST lags by a random time of its own. The venue's list of what happened is the oracle: at the end each event
was delivered once, and those of an order in order, save where they say that they are not.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import count, pairwise
from random import Random
from typing import Any

import attrs

from orderly_sync.clock import ManualClock
from orderly_sync.errors import NotFound
from orderly_sync.live.orders import OpenAlgoOrders, OpenOrders
from orderly_sync.models.base import PageMeta
from orderly_sync.reports.deduplicator import Deduplicator, deduplicator_for
from orderly_sync.reports.delivered import OVERLAP_MS
from orderly_sync.reports.recovery import Recovery
from orderly_sync.reports.schedule import AUDIT, LATER, Gap
from orderly_sync.reports.sequencer import ReportSequencer
from orderly_sync.reports.watermark import Watermark
from tests.support.reports import fill, fill_report, report, row

START = 1_700_000_000_000
END = 400.0
"""Seconds of a run: long after the last look for any gap in it."""
SIZE = Decimal("0.1")


@attrs.frozen(kw_only=True)
class Weather:
    """What goes wrong in a run."""

    lag: float = 3.0
    """Seconds by which an answer of REST lags at most."""
    gaps: int = 1
    dropped: float = 0.0
    """Of pushes while the connection stands."""
    doubled: float = 0.0
    swapped: float = 0.0
    orders: int = 6


@attrs.frozen
class Happened:
    """One thing that happened to an order."""

    at: float
    order_id: int
    status: str
    trade_id: int
    total: Decimal
    created: int

    @property
    def ms(self) -> int:
        return START + int(self.at * 1000)

    def push(self) -> Any:
        fields = {"timestamp": self.ms, "created_time": self.created, "quantity": "10"}
        if self.trade_id:
            return fill_report(
                str(self.total), str(SIZE), self.trade_id, self.status, order_id=self.order_id, **fields
            )
        return report(self.status, str(self.total), order_id=self.order_id, **fields)


def history(lots: Random, orders: int) -> list[Happened]:
    """What happens to some orders in a minute."""
    found: list[Happened] = []
    trades = count(1)
    for order_id in range(1, orders + 1):
        at, total = lots.uniform(1, 50), Decimal(0)
        created = START + int(at * 1000)
        found.append(Happened(at, order_id, "NEW", 0, total, created))
        for _ in range(lots.randint(0, 5)):
            at, total = at + lots.choice([0.0, 0.001, lots.uniform(0, 6)]), total + SIZE
            found.append(Happened(at, order_id, "PARTIAL_FILLED", next(trades), total, created))
        end = lots.choice(["", "CANCELLED", "FILLED"])
        if end == "CANCELLED":
            found.append(Happened(at + lots.uniform(0, 6), order_id, end, 0, total, created))
        elif end and total:
            found[-1] = attrs.evolve(found[-1], status="FILLED")
    return sorted(found, key=lambda one: one.at)


class Page:
    """One page of an answer."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self.rows = list(rows)
        self.meta = PageMeta(total=len(self.rows))

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def each(self) -> Iterator[Any]:
        return iter(self.rows)


class Venue:
    """REST, each of whose answers is as old as it happens to be."""

    def __init__(self, events: Sequence[Happened], clock: ManualClock, lots: Random, lag: float) -> None:
        self.events, self.clock, self.lots, self.lag = events, clock, lots, lag

    def _shown(self) -> list[Happened]:
        until = self.clock.monotonic() - self.lots.uniform(0, self.lag)
        return [one for one in self.events if one.at <= until]

    def _rows(self) -> list[Any]:
        last: dict[int, Happened] = {}
        for one in self._shown():
            last[one.order_id] = one
        return [
            row(
                one.order_id,
                one.status,
                str(one.total),
                quantity="10",
                created_time=one.created,
                updated_time=one.ms,
            )
            for one in last.values()
        ]

    def list(self, *, size: int, sort_by: str | None = None, status: str | None = None) -> Page:
        del size
        rows = sorted(self._rows(), key=lambda one: -(one.updated_time or 0))
        return Page(one for one in rows if status is None or not one.is_final)

    def get(self, order_id: int) -> Any:
        for one in self._rows():
            if one.order_id == order_id:
                return one
        raise NotFound(-1006, "no such order")

    def _fills(self) -> list[Any]:
        return [fill(one.trade_id, str(SIZE), one.ms, one.order_id) for one in self._shown() if one.trade_id]

    def fills(self, *, size: int, start: int, end: int | None = None) -> Page:
        rows = [one for one in self._fills() if start <= one.executed_timestamp <= (end or 1 << 60)]
        return Page(reversed(rows[-size:]))

    def fills_of(self, order_id: int) -> Any:
        return [one for one in self._fills() if one.order_id == order_id]

    def list_algo(self, **_: Any) -> Page:
        return Page(())


class Stream:
    """What delivers, and everything that was delivered."""

    def __init__(self, clock: ManualClock, orders: OpenOrders) -> None:
        self.clock, self.orders = clock, orders
        self.mark = Watermark()
        self.gates: dict[str, Deduplicator] = {}
        self.told: list[Any] = []
        self.closed: list[bool] = []

    def keep_order(self, name: str, sequencer: ReportSequencer) -> None:
        gate = deduplicator_for(name, sequencer)
        assert gate is not None
        self.gates[name] = gate

    def take(self, events: Iterable[Any]) -> int:
        recovered = 0
        for one in events:
            recovered += one.recovered
            self.orders.apply(one)
            self.told.append(one)
        return recovered

    def push(self, event: Any, ms: int) -> None:
        self.mark.pushed(ms, self.clock.monotonic())
        self.take(self.gates["executionreport"]((event,)))

    def watermark(self) -> int | None:
        return self.mark.value or None

    def restarts(self) -> int:
        return self.mark.restarts

    def deduplicator(self, name: str) -> Deduplicator | None:
        return self.gates.get(name)

    def deliver_recovered(
        self, name: str, batches: Sequence[Sequence[Any]], is_news: Callable[[Any], bool]
    ) -> int:
        gate = self.gates[name]
        return sum(self.take((one,)) for events in batches for one in gate.rebuilt(events, is_news))

    def settle(self, sequencers: Mapping[str, ReportSequencer], is_over: Callable[[], bool]) -> bool:
        over = is_over()
        for sequencer in sequencers.values() if over else ():
            self.take(sequencer.settle())
        return over

    def gap_closed(self, gap: Gap, until: int | None, seconds: float, *, complete: bool) -> None:
        del gap, until, seconds
        self.closed.append(complete)

    def ignore(self, *_: Any) -> None: ...

    gap_opened = resynced = restarted = forget_all = ignore


class Run:
    """One run of the model."""

    def __init__(
        self, seed: int, weather: Weather, *, later: Sequence[float] = LATER, audit: float | None = AUDIT
    ) -> None:
        self.lots, self.weather, self.clock = Random(seed), weather, ManualClock()
        self.zero = self.clock.monotonic()
        lots = self.lots
        self.events = [attrs.evolve(one, at=one.at + self.zero) for one in history(lots, weather.orders)]
        self.events = [attrs.evolve(one, created=one.created + int(self.zero * 1000)) for one in self.events]
        self.orders = OpenOrders()
        self.stream = Stream(self.clock, self.orders)
        venue: Any = Venue(self.events, self.clock, lots, weather.lag)
        self.recovery = Recovery(
            venue,
            self.orders,
            OpenAlgoOrders(),
            self.stream,
            read=self._read,
            clock=self.clock,
            later=later,
            audit=audit,
        )
        for name, sequencer in self.recovery.sequencers.items():
            self.stream.keep_order(name, sequencer)
        self.stream.mark.told(START + int(self.zero * 1000), self.zero)
        self.recovery.begin()
        self.sequencer = self.recovery.orders.sequencer

    def _read(self, reading: Any) -> Callable[[], None]:
        self.orders.begin()
        self.orders.keep_since((self.stream.watermark() or 0) - OVERLAP_MS)
        rows = reading.open_orders()
        return lambda: self.orders.seed_rows(rows)

    def go(self) -> Run:
        queue: list[tuple[float, int, Callable[[], None]]] = []
        number = count()

        def at(when: float, act: Callable[[], None]) -> None:
            heapq.heappush(queue, (when, next(number), act))

        downs = []
        for _ in range(self.weather.gaps):
            begin = self.zero + self.lots.uniform(5, 55)
            downs.append((begin, begin + self.lots.choice([0.05, 1.0, self.lots.uniform(0, 15)])))
        downs = [
            one
            for index, one in enumerate(sorted(downs))
            if index == 0 or one[0] > sorted(downs)[index - 1][1]
        ]
        for begin, end in downs:
            at(begin, lambda: self.recovery.gap("down"))
            at(end, lambda end=end: self._up(end))  # type: ignore[misc]
        for when, one in self._pushes():
            if not any(begin <= when < end for begin, end in downs):
                at(when, lambda one=one: self.stream.push(one.push(), one.ms))  # type: ignore[misc]
        for ping in range(0, int(END), 10):
            when = self.zero + ping
            at(when, lambda when=when: self.stream.mark.told(START + int(when * 1000), when))  # type: ignore[misc]
        while queue or self.clock.monotonic() < self.zero + END:
            self._step(queue)
        return self

    def _up(self, when: float) -> None:
        self.stream.mark.told(START + int(when * 1000), when)
        self.recovery.resync("up")

    def _pushes(self) -> Iterator[tuple[float, Happened]]:
        late = 0.0
        for one in self.events:
            if self.lots.random() < self.weather.dropped:
                continue
            late = max(late, one.at + self.lots.uniform(0, 0.1))
            behind = self.lots.uniform(0, 2) if self.lots.random() < self.weather.swapped else 0.0
            yield late + behind, one
            if self.lots.random() < self.weather.doubled:
                yield late + behind + self.lots.uniform(0, 2), one

    def _step(self, queue: list[tuple[float, int, Callable[[], None]]]) -> None:
        now = self.clock.monotonic()
        dues = [queue[0][0]] if queue else [self.zero + END]
        pause = self.recovery._schedule.pause(now)
        dues += [] if pause is None else [now + pause]
        dues += [] if self.sequencer.deadline is None else [self.sequencer.deadline]
        due = max(now, min(dues))
        self.clock.advance(due - now + 1e-6)
        now = self.clock.monotonic()
        while queue and queue[0][0] <= now:
            heapq.heappop(queue)[2]()
        self.recovery.poll()
        if self.sequencer.deadline is not None and self.sequencer.deadline <= now:
            self.stream.take(self.sequencer.overdue(now))

    def judge(self) -> Counter[str]:
        """What is wrong; empty where nothing is."""
        wrong: Counter[str] = Counter()
        truth: dict[int, list[str]] = defaultdict(list)
        for one in self.events:
            truth[one.order_id].append(one.push().event_id)
        told: dict[int, list[Any]] = defaultdict(list)
        for one in self.stream.told:
            told[one.order_id].append(one)
        for order_id, ids in truth.items():
            seen = Counter(one.event_id for one in told[order_id])
            wrong["lost"] += sum(1 for each in ids if not seen[each])
            wrong["repeated"] += sum(times - 1 for times in seen.values() if times > 1)
            wrong["invented"] += len(seen.keys() - set(ids))
            places = [
                ids.index(one.event_id)
                for one in told[order_id]
                if not one.out_of_order and one.event_id in ids
            ]
            wrong["out of order"] += sum(1 for one, other in pairwise(places) if other < one)
        still = {one.order_id for one in self.events} - {
            one.order_id for one in self.events if one.push().is_final
        }
        wrong["open"] += len(self.orders.keys() ^ still)
        wrong["unclosed"] += not all(self.stream.closed)
        return +wrong
