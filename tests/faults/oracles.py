"""What must hold whatever goes wrong, judged by the venue's own word: the oracles that tests of faults share.

``judge``: each private event the ledger tells was heard once, per order in order along its quantities, and the state is
the venue's. ``Auditor`` says the same as numbers, piece by piece, for runs of thousands of faults. ``census``: threads,
descriptors and memory are back, and no thread ended by an exception. ``one_order_per_intent``: nothing was placed twice.
``gaps_are_told``: every drop is counted and announced. That no secret is shown, ``tests/conftest.py`` asks of every test.
"""

from __future__ import annotations

import gc
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from orderly_sync import GapClosed, GapOpened, Orderly, topics
from tests.support.paper import FINAL, Seen, Told, account_of, eventually, nodes_of

__all__ = [
    "Auditor",
    "Verdict",
    "census",
    "gaps_are_told",
    "is_quiet",
    "judge",
    "one_order_per_intent",
    "state_is_the_venues",
    "watch",
]


def watch(ex: Orderly) -> Seen:
    seen = Seen()
    ex.on(topics.execution_report(), seen.reports.append)
    ex.on(topics.algo_execution_report(), seen.nodes.append)
    return seen


def is_quiet(ex: Orderly) -> bool:
    stats = ex.stats()
    return ex.status == "ready" and not stats["hooks_waiting"] and stats["hook_running"] is None


def judge(ex: Orderly, seen: Seen, after: int) -> None:
    """Hold what hooks saw, and the state, against the venue's own word."""
    told = Told(ex, after)

    def all_there() -> bool:
        return (
            is_quiet(ex)
            and set(seen.fills) >= set(told.fills)
            and {order for order, _ in seen.ends} >= told.ends.keys()
            and set(seen.algo_fills) >= set(told.algo_fills)
            and seen.algo_ends.keys() >= told.algo_ends.keys()
        )

    try:
        eventually(all_there, 15)
    finally:
        lost = {
            "fills": set(told.fills) - set(seen.fills),
            "ends": told.ends.keys() - {order for order, _ in seen.ends},
            "algo fills": set(told.algo_fills) - set(seen.algo_fills),
            "algo ends": told.algo_ends.keys() - seen.algo_ends.keys(),
        }
        assert not any(lost.values()), lost
    _same("fills", Counter(seen.fills), Counter(told.fills))
    _same("ends", Counter(seen.ends), Counter(told.ends.items()))
    _same("algo fills", Counter(seen.algo_fills), Counter(told.algo_fills))
    _same("algo ends", Counter(seen.algo_ends.items()), Counter(told.algo_ends.items()))
    seen.check_order()
    state_is_the_venues(ex)


def _same(what: str, heard: Counter[Any], told: Counter[Any]) -> None:
    assert heard == told, f"{what}: lost {told - heard}, repeated {heard - told}"


def state_is_the_venues(ex: Orderly) -> None:
    held = ex.paper.snapshot(account_of(ex))
    orders = {one["order_id"]: one for one in held["orders"] if one["status"] in {"NEW", "PARTIAL_FILLED"}}
    eventually(lambda: ex.orders.keys() == orders.keys())
    terms = {
        order_id: (row["price"], row["quantity"], row["executed"], row["status"])
        for order_id, row in orders.items()
    }
    eventually(
        lambda: (
            {
                order_id: (one.price, one.quantity, one.filled, one.status)
                for order_id, one in ex.orders.items()
            }
            == terms
        )
    )
    algos = {
        one["algo_order_id"]
        for one in held["algo_orders"]
        if one["root_algo_order_status"] in {"NEW", "PARTIAL_FILLED"}
    }
    eventually(lambda: ex.algo_orders.keys() == algos)
    sizes = {one["symbol"]: one["position_qty"] for one in held["positions"] if one["position_qty"]}
    eventually(lambda: {name: one.quantity for name, one in ex.positions.items() if one.quantity} == sizes)
    usdc = held["holding"][0]["holding"]
    eventually(lambda: ex.holdings["USDC"].holding == usdc)


def one_order_per_intent(ex: Orderly, client_order_ids: Sequence[str]) -> None:
    """The ledger knows each of these ids with one order at most; ids that it does not know were not placed."""
    orders: dict[str, set[int]] = {name: set() for name in client_order_ids}
    for entry in ex.paper.ledger(account_of(ex)):
        if entry["topic"] == "executionreport" and entry["data"].get("clientOrderId") in orders:
            orders[entry["data"]["clientOrderId"]].add(entry["data"]["orderId"])
    twice = {name: found for name, found in orders.items() if len(found) > 1}
    assert not twice, f"more than one order of an intent: {twice}"


def gaps_are_told(ex: Orderly, opened: Sequence[GapOpened], closed: Sequence[GapClosed]) -> None:
    """Every drop is counted and announced, and no gap is called whole that is not over."""
    counted = ex.stats()["gaps"]
    assert counted >= len(opened) >= len(closed) > 0, (
        f"{counted} counted, {len(opened)} opened, {len(closed)} closed"
    )
    assert all(one.gap_complete for one in closed), f"gaps with something missing: {closed}"


@attrs.define
class Verdict:
    """What a run has shown; all numbers but the first two are to be 0."""

    events: int = 0
    """Events that the ledger told."""
    orders: int = 0
    lost: list[Any] = attrs.field(factory=list)
    repeated: list[Any] = attrs.field(factory=list)
    disordered: list[Any] = attrs.field(factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost, repeated or out of order."""
        return not (self.lost or self.repeated or self.disordered)

    def __str__(self) -> str:
        bad = " ".join(f"{name} {len(getattr(self, name))}" for name in ("lost", "repeated", "disordered"))
        shown = [*self.lost[:3], *self.repeated[:3], *self.disordered[:3]]
        return f"{self.events} events of {self.orders} orders: {bad}" + (f" {shown}" if shown else "")


class Auditor:
    """Compares what hooks heard with the ledger, as often as it is asked, each event once: memory stays bounded.

    An event's identity is what the venue documents of it and no work of the client's: an order's first appearance, its
    fill by trade id, its end by status; of algo orders the fills and ends of each node.
    """

    def __init__(self, ex: Orderly) -> None:
        self._ex = ex
        self._heard: deque[Any] = deque()
        entries = ex.paper.ledger(account_of(ex))
        self._after = entries[-1]["seq"] if entries else 0
        self._known: set[int] = {
            one["data"]["orderId"] for one in entries if one["topic"] == "executionreport"
        }
        self._new_seen: set[int] = set(self._known)
        self._totals: dict[int, Decimal] = {}
        self._ended: set[int] = set()
        self._open: Counter[Any] = Counter()
        """What the ledger told and hooks have not; below zero, what hooks told and the ledger has not."""
        self.verdict = Verdict()
        ex.on(topics.execution_report(), self._heard.append)
        ex.on(topics.algo_execution_report(), self._heard.append)

    def settled(self) -> bool:
        """Take what both have told since; whether they agree so far."""
        for entry in self._ex.paper.ledger(account_of(self._ex), self._after):
            self._after = entry["seq"]
            for key in self._of_ledger(entry):
                self._open[key] += 1
                self.verdict.events += 1
        while self._heard:
            for key in self._of_report(self._heard.popleft()):
                self._open[key] -= 1
        self.verdict.orders = len(self._known)
        self._open = Counter({key: count for key, count in self._open.items() if count})
        return not self._open

    def conclude(self) -> Verdict:
        """The verdict on all until now: what is still missing is lost, what was told too often repeated."""
        self.settled()
        self.verdict.lost += [key for key, count in self._open.items() if count > 0]
        self.verdict.repeated += [key for key, count in self._open.items() if count < 0]
        self._open.clear()
        return self.verdict

    def _of_ledger(self, entry: dict[str, Any]) -> Iterator[Any]:
        data = entry["data"]
        if entry["topic"] == "executionreport":
            order = data["orderId"]
            if order not in self._known:
                self._known.add(order)
                yield "new", order
            if data["tradeId"]:
                yield "fill", order, data["tradeId"]
            if data["status"] in FINAL:
                yield "end", order, data["status"]
        elif entry["topic"] == "algoexecutionreportv2":
            for node in nodes_of(data):
                if node["tradeId"]:
                    yield "algo fill", node["algoOrderId"], node["tradeId"]

    def _of_report(self, one: Any) -> Iterator[Any]:
        if hasattr(one, "algo_order_id"):
            if one.is_fill:
                self._follows(one.algo_order_id, one)
                yield "algo fill", one.algo_order_id, one.trade_id
            return
        if one.order_id in self._ended:
            self.verdict.disordered.append(("after its end", one.order_id, str(one.status)))
        if one.order_id not in self._new_seen:
            self._new_seen.add(one.order_id)
            yield "new", one.order_id
        self._follows(one.order_id, one)
        if one.is_fill:
            yield "fill", one.order_id, one.trade_id
        if one.is_final:
            self._ended.add(one.order_id)
            yield "end", one.order_id, str(one.status)

    def _follows(self, order: int, one: Any) -> None:
        """A fill follows the total before it, anything else repeats that total."""
        total = one.total_executed_quantity or Decimal(0)
        before = total - one.executed_quantity if one.is_fill else total
        if self._totals.get(order, Decimal(0)) != before:
            self.verdict.disordered.append(("quantity", order, str(before), str(self._totals.get(order))))
        self._totals[order] = total


@contextmanager
def census(*, kib: int | None = None, patience: float = 5.0) -> Iterator[None]:
    """Threads, descriptors and memory are back when it ends, and no thread ended by an exception.

    Args:
        kib: By how much the memory in use may have grown; None does not ask.
        patience: Seconds that threads and sockets get to end.
    """
    ended: list[str] = []
    hook, threading.excepthook = threading.excepthook, lambda args: ended.append(f"{args.exc_value!r}")
    threads, files, memory = set(threading.enumerate()), _descriptors(), _resident()
    try:
        yield
    finally:
        threading.excepthook = hook
    end = time.monotonic() + patience
    while (set(threading.enumerate()) - threads or _descriptors() > files) and time.monotonic() < end:
        threading.Event().wait(0.01)
    gc.collect()
    left, more = sorted(one.name for one in set(threading.enumerate()) - threads), _descriptors() - files
    grown = _resident() - memory
    assert not ended, f"threads ended by an exception: {ended}"
    assert not left, f"threads are left: {left}"
    assert more <= 0, f"{more} descriptors are left"
    assert kib is None or grown < kib, f"{grown} KiB more are in use"


def _descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir()) if Path("/proc/self/fd").is_dir() else 0


def _resident() -> int:
    """KiB of this process in memory; 0 where the system does not say."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return 0
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmRSS"))
