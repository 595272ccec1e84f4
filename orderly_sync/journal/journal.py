"""The journal at work: one thread that writes, in groups, and what waits for it.

Whoever has something to write puts it into a queue. The thread takes all that waits there, writes it in one transaction
and has that on the disk; meanwhile the next group gathers. So a single report is on the disk at once, and many share
one commit. Nobody holds a lock while waiting, and nothing that fails here stops trading.
"""

from __future__ import annotations

import math
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import Any, Literal

import attrs

from orderly_sync.errors import JournalDegraded, JournalError, OrderlyError, UsageError
from orderly_sync.journal.bodies import KEPT, Report, redelivered, row_of
from orderly_sync.journal.owed import OwedReports
from orderly_sync.journal.schema import EventRow, OrderRow
from orderly_sync.journal.store import JournalFile, OrderProgress
from orderly_sync.journal.transaction import JournalTransaction
from orderly_sync.logs import log_of
from orderly_sync.rest.call_deadline import call_deadline
from orderly_sync.waiting import Flag, WaitQueue, Worker

__all__ = ["Journal", "JournalStatus"]

log = log_of("orderly_sync.journal")

JournalStatus = Literal["durable", "degraded", "failed", "closed"]

GROUP = 2_000
"""Changes that are written in one transaction at most."""
IDLE = 1.0
"""Seconds between two looks at the file and the watermark while nothing happens, and between two tries."""
TRIM = 3600.0
"""Seconds between two clearances of what is old."""
MOST_UNWRITTEN = 100_000
"""Changes that are kept in memory while the file cannot be written; beyond, it is given up."""
MOST_UNMARKED = 200
"""Reports whose mark of having been taken may be on its way to the disk: no further one is handed over meanwhile. So a
kill repeats at most these, and one for each thread that takes."""
PATIENCE = 5.0
"""Seconds that anybody waits for a commit at most: a disk that takes longer is not waited for."""


@attrs.define
class _Change:
    """Something to be written: a report that was received, one that was taken, or whatever ``write`` does."""

    write: Callable[[JournalFile], object] | None = None
    received: Report | None = None
    at: int = 0
    event_id: str = ""
    done: Flag | None = None


class Journal:
    """What one client keeps over the end of its process; ``ex.journal``.

    Args:
        store: The file, opened.
        numbers: What numbers of reports are made of.
        time_ms: This machine's time.
    """

    def __init__(self, store: JournalFile, *, numbers: type, time_ms: Callable[[], int]) -> None:
        self.path = store.path
        self.watermark: int | None = store.watermark
        """Until when the process before had received everything, by the venue's clock, ms; None if there was none."""
        self.began: int | None = store.began
        """From when on everything is kept, by the venue's clock, ms; None in a new file."""
        self.progress: Sequence[OrderProgress] = store.progress()
        """How far it had told of each order."""
        self.told: Callable[[JournalDegraded], object] = lambda trouble: log.error("%s", trouble)
        """Given what goes wrong."""
        self.safe_watermark: Callable[[], int | None] = lambda: None
        """Until when everything was received now, by the venue's clock, ms; None while something may be missing."""
        self.owed = OwedReports()
        self.commits = 0
        """How often something was put on the disk."""
        self._store = store
        self._time_ms = time_ms
        self._known = store.known()
        self._trouble: JournalDegraded | None = None
        self._unwritten: list[_Change] = []
        self._pending: dict[str, None] = {}  # ids of reports that are not on the disk yet
        self._unmarked: dict[str, None] = {}  # ids of those taken whose mark is not
        self._written = WaitQueue()
        self._changes: SimpleQueue[_Change | None] = SimpleQueue()
        self._turn = threading.Lock()  # of the store; never taken by a thread in which an interrupt may come
        self._in_hand = threading.local()
        self._closed = False
        self._trimmed = -math.inf
        self._noted: int | None = None
        self._thread = Worker(self._run, "orderly-journal")
        self._load(numbers)

    def __repr__(self) -> str:
        return f"Journal({str(self.path)!a}, {self.status}, owed={self.owed.count})"

    def _load(self, numbers: type) -> None:
        for row in self._store.received():
            self.owed.add(row.topic, _read(row, numbers))
        if self._store.damaged is not None:
            log.error("the journal %s was damaged; it is kept as %s", self.path, self._store.damaged)

    @property
    def damaged(self) -> object:
        """What a damaged file was renamed to when this one was opened; None if it was whole."""
        return self._store.damaged

    @property
    def written_before(self) -> float:
        """When the file was written to last before it was opened, seconds since 1970; 0 if there was none."""
        return self._store.written_before

    @property
    def status(self) -> JournalStatus:
        """``durable``; ``degraded`` while it cannot be written, ``failed`` if it never will be, or ``closed``."""
        if self._trouble is not None:
            return "failed" if self._trouble.final else "degraded"
        return "closed" if self._closed else "durable"

    def stats(self) -> dict[str, object]:
        """How it stands, for ``ex.stats()``."""
        trouble = None if self._trouble is None else str(self._trouble)
        return {
            "status": self.status,
            "trouble": trouble,
            "commits": self.commits,
            "waiting": self._changes.qsize() + len(self._unwritten),
            "unmarked": len(self._unmarked),
            "owed": self.owed.count,
        }

    # Life ------------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self, timeout: float = 2.0) -> None:
        """Write what waits and close the file; bounded, idempotent."""
        if not self._closed:
            self._closed = True
            self._changes.put(None)
        if self._thread.thread.ident is None:
            self._store.close()
        self._thread.join(timeout)

    # Reports, on the I/O thread --------------------------------------------------------------------------------------

    def keeps(self, topic: str) -> bool:
        """Whether the reports of a topic are kept."""
        return topic.startswith(KEPT)

    def admit(self, reports: Sequence[Any]) -> Sequence[Any]:
        """Those that no process was told of before, about to be kept."""
        fresh = (
            [report for report in reports if report.event_id not in self._known] if self._known else reports
        )
        now = self._time_ms()
        for report in fresh:
            if report.recovered and self._store.damaged is not None:
                report.frame.redelivered = True  # it may have been told: what was is in the damaged file
            name = report.event_id
            self._pending[name] = None
            self._changes.put(_Change(received=report, at=now, event_id=name))
        return fresh

    def withhold(self, topic: str, reports: Sequence[Any], *, is_heard: bool) -> bool:
        """Whether these wait: nobody hears the topic yet, or others wait before them."""
        if is_heard and not self.owed.has(topic):
            return False
        self.owed.add(topic, reports)
        return True

    def forget(self) -> None:
        """The venue has begun anew: its ids mean other reports from now on."""
        self._known = set()
        self._changes.put(_Change(JournalFile.forget_all))

    # Reports, on their takers' threads -------------------------------------------------------------------------------

    def handing(self, event: Any, until: float = math.inf) -> bool:
        """A report is about to be handed to the user: wait until it is on the disk; whether it was in time.

        And until no more than ``MOST_UNMARKED`` reports were taken of which the disk does not know it.
        """
        name = event.event_id

        def may_go() -> bool:
            return name not in self._pending and not self._is_behind

        if not may_go():
            self._written.wait_for(may_go, min(until, time.monotonic() + PATIENCE))
        self._in_hand.event = event
        return may_go() or time.monotonic() < until

    @property
    def _is_behind(self) -> bool:
        """Whether a kill would now repeat too much; nobody waits for a disk that cannot be written."""
        return len(self._unmarked) >= MOST_UNMARKED and self._trouble is None and not self._closed

    def taken(self, event: Any, taker: object = None, /) -> None:
        """The user has taken a report, whoever of his did."""
        del taker
        self._in_hand.event = None
        self._unmarked[event.event_id] = None
        self._changes.put(_Change(event_id=event.event_id))

    def taken_in_hand(self) -> None:
        """What this thread was handed last counts as taken."""
        event = getattr(self._in_hand, "event", None)
        if event is not None:
            self.taken(event)

    def transaction(self) -> JournalTransaction:
        """Within a hook of an order's reports: rows of your own and that the report was taken, both or neither.

        ::

            with ex.journal.transaction() as db:
                db.execute(
                    "INSERT INTO fills VALUES (?, ?)", (report.event_id, str(report.executed_quantity))
                )

        Once that is left, the report is never handed over again; killed before, it is, and nothing of it was written.
        Tables are yours to make, in this file; their names may not be ``meta``, ``events`` or ``orders``.

        Raises:
            UsageError: This is no hook, or its event is not one that is kept.
            JournalError: The journal cannot be written; your rows were not either.
        """
        event = getattr(self._in_hand, "event", None)
        if event is None or threading.current_thread() is threading.main_thread():
            raise UsageError("transaction() is for a hook of execution_report() or algo_execution_report()")
        if self._trouble is not None or self._closed:
            raise JournalError(self.path, f"cannot be written ({self._trouble or 'it is closed'})")
        return JournalTransaction(self._store, self._turn, event.event_id)

    def begin_at(self, floor: int) -> None:
        """The first start: from this time of the venue's, ms, on everything is kept."""
        self._changes.put(_Change(lambda store: store.begin_at(floor)))
        self._changes.put(_Change(lambda store: store.advance(floor)))

    # Orders, on their placer's thread --------------------------------------------------------------------------------

    def intend(self, row: OrderRow) -> None:
        """An order is about to be sent: returns when that is on the disk, or cannot be in the time of the call."""
        done = Flag()
        self._changes.put(_Change(lambda store: store.intend(row), done=done))
        if self._trouble is None and not self._closed:
            done.wait(min(PATIENCE, max(0.0, call_deadline() - time.monotonic())))

    def settle(self, client_order_id: str, order_id: int | None, outcome: str) -> None:
        """What became of its sending; returns at once."""
        self._changes.put(_Change(lambda store: store.settle(client_order_id, order_id, outcome)))

    def order(self, client_order_id: str) -> OrderRow | None:
        """What is known of an order that was placed under that name; None if nothing is."""
        found: list[OrderRow | None] = []
        done = Flag()
        self._changes.put(_Change(lambda store: found.append(store.order(client_order_id)), done=done))
        if self._trouble is None and not self._closed:
            done.wait(PATIENCE)
        return found[0] if found else None

    # The journal's thread --------------------------------------------------------------------------------------------

    def _run(self) -> None:
        ending = False
        try:
            while not ending:
                group, ending = self._gather()
                with self._turn:
                    self._write(group)
        finally:
            self._store.close()
            self._release(())
            self._pending.clear()
            self._unmarked.clear()
            self._written.wake_all()

    def _gather(self) -> tuple[list[_Change], bool]:
        """All that waits, and whether it is the last."""
        group: list[_Change] = []
        try:
            change = self._changes.get(timeout=IDLE)
            while change is not None:
                group.append(change)
                if len(group) == GROUP:
                    return group, False
                change = self._changes.get_nowait()
        except Empty:
            return group, False
        return group, True

    def _write(self, group: Sequence[_Change]) -> None:
        if self._trouble is not None and self._trouble.final:
            self._release(group)
            return
        everything = [*self._unwritten, *group]
        try:
            self._store.check_in_place()
            self._write_all(everything)
        except Exception as exc:  # noqa: BLE001 - whatever it is, nobody may wait for this thread in vain
            self._failed(exc, everything)
        else:
            if self._trouble is not None:
                log.warning("the journal %s is written again", self.path)
            self._trouble, self._unwritten = None, []
        self._release(group)

    def _write_all(self, changes: Sequence[_Change]) -> None:
        watermark = self.safe_watermark()
        is_noted = watermark is None or (not changes and watermark - (self._noted or 0) < 1000 * IDLE)
        is_trimmed = time.monotonic() - self._trimmed < TRIM
        if not changes and is_noted and is_trimmed:
            return
        try:
            self._store.begin()
            self._apply(changes)
            if watermark is not None and not is_noted:
                self._store.advance(watermark)
            if not is_trimmed:
                self._store.trim(self._time_ms())
            self._store.commit()
        except BaseException:
            self._store.rollback()
            raise
        self.commits += 1
        self._noted = self._noted if is_noted else watermark
        self._trimmed = self._trimmed if is_trimmed else time.monotonic()

    def _apply(self, changes: Sequence[_Change]) -> None:
        """In their order, but for marks, which may come behind any report."""
        received: list[EventRow] = []
        taken: list[str] = []
        for change in changes:
            if change.received is not None:
                received.append(row_of(change.received, change.at))
            elif change.write is None:
                taken.append(change.event_id)
            else:
                self._flush(received, taken)
                change.write(self._store)
        self._flush(received, taken)

    def _flush(self, received: list[EventRow], taken: list[str]) -> None:
        self._store.receive(received)
        self._store.deliver(taken)
        received.clear()
        taken.clear()

    def _failed(self, exc: Exception, unwritten: list[_Change]) -> None:
        """Say so, once, and keep what could not be written for the next try."""
        final = not _may_pass(exc) or len(unwritten) > MOST_UNWRITTEN
        self._unwritten = [] if final else unwritten
        if self._trouble is None or final:
            trouble = JournalDegraded(self.path, f"cannot be written: {exc}; trading goes on without it")
            trouble.final = final
            self._trouble = trouble
            self.told(trouble)

    def _release(self, group: Sequence[_Change]) -> None:
        """Let go on who waits for these, written or not."""
        for change in group:
            if change.received is not None:
                self._pending.pop(change.event_id, None)
            elif change.write is None:
                self._unmarked.pop(change.event_id, None)
            if change.done is not None:
                change.done.set()
        if group:
            self._written.wake_all()


def _read(row: EventRow, numbers: type) -> Sequence[Report]:
    """The report of a row, told again; none if this release cannot read it, which is said."""
    try:
        return (redelivered(row, numbers),)
    except OrderlyError as exc:
        log.error("a report that was not taken cannot be read: %s", exc)  # noqa: TRY400 - it says where and why
        return ()


def _may_pass(exc: Exception) -> bool:
    """Whether the file may be written again later: a full disk, a lock; not if it is damaged or gone."""
    if isinstance(exc, FileNotFoundError):
        return False
    return isinstance(exc, (OSError, sqlite3.OperationalError)) and "malformed" not in str(exc)
