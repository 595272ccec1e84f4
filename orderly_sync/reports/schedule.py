"""When REST is read for what the stream may not have told. Pure but for a lock; time is an argument.

Two causes have it read. A *gap* of the connection, or fills missing between two reports of an order, is read over at
once and again later, because what REST shows may lag behind: ``PollSchedule``. And a report that must come soon, since
this client has placed or cancelled the order itself, is asked for when it does not: ``AwaitedReports``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple

import attrs

from orderly_sync.reports.causes import CAUSES, RecoveryCause

__all__ = ["AUDIT", "LATER", "AwaitedReport", "AwaitedReports", "Gap", "Poll", "PollSchedule"]

LATER = (2.0, 10.0, 60.0)
"""Seconds after the first poll at which REST is read again: the last must come later than its worst lag."""
AUDIT = 20.0
"""Seconds between two looks for what was dropped while the connection stood: with what REST may lag, under 60 s."""
MORE = 2
"""How many looks are added to a gap whose last one found something."""
ALIKE = 0.5
"""Seconds: a poll that comes so much sooner does as well."""


@attrs.define(eq=False)
class Gap:
    """A time in which the stream was not heard, until it has been read over for the last time."""

    since: int
    """The venue's time in ms at which it began."""
    opened: float
    """Monotonic seconds, when its reading began."""
    reason: str = ""
    cause: RecoveryCause = RecoveryCause.DISCONNECT
    recovered: int = 0
    """Reports that were rebuilt and delivered."""
    looks: int = 0
    """How often REST was read for it."""
    more: int = 0
    """How many looks were added because the last one still found something."""


@attrs.frozen(order=True)
class Poll:
    """One reading of REST."""

    due: float
    """Monotonic seconds."""
    since: int | None = attrs.field(default=None, order=False)
    """The venue's time in ms from which on everything is read; None for orders alone that lack reports."""
    first: bool = attrs.field(default=False, order=False)
    """Whether it is the first after a gap, which ends with ``Resynced``."""
    gaps: tuple[Gap, ...] = attrs.field(default=(), eq=False)
    """The gaps that it reads over."""
    last: tuple[Gap, ...] = attrs.field(default=(), eq=False)
    """Those that it is the last look for."""
    audit: bool = attrs.field(default=False, order=False)
    """Whether it only looks for what was dropped while the connection stood."""
    failed: bool = attrs.field(default=False, order=False)
    """Whether it has been tried before."""
    cause: RecoveryCause = attrs.field(default=RecoveryCause.DISCONNECT, eq=False)
    """Why REST is read; of several the first of their order."""


class PollSchedule:
    """When REST is read: at once after a gap, and again later, because what it shows may lag. Pure.

    Args:
        later: Seconds after the first poll at which others follow.
        audit: Seconds between two audits; None for none.
    """

    def __init__(self, later: Sequence[float] = LATER, audit: float | None = None) -> None:
        self._later = tuple(later)
        self._audit = audit
        self._audit_due: float | None = None
        self._polls: list[Poll] = []

    def begin(self, now: float) -> None:
        """From now on there are audits, if any are wanted."""
        self._audit_due = None if self._audit is None else now + self._audit

    def gap(
        self, since: int, now: float, reason: str = "", cause: RecoveryCause = RecoveryCause.DISCONNECT
    ) -> Gap:
        """A gap that began at that time of the venue's is to be read over, and read over again."""
        gap = Gap(since, now, reason, cause)
        dues = [now, *(now + pause for pause in self._later)]
        for index, due in enumerate(dues):
            last = (gap,) if index == len(dues) - 1 else ()
            self._polls.append(Poll(due, since, first=index == 0, gaps=(gap,), last=last, cause=cause))
        return gap

    def once_more(self, gap: Gap, now: float, *, found: bool) -> bool:
        """Whether there is one more look for a gap after its last one.

        There is if that ``found`` something, or something is missing still, but not again and again; and as long as
        other readings for the gap are to come.
        """
        awaits = any(gap in poll.gaps for poll in self._polls)
        if not awaits and (not found or gap.more >= MORE):
            return False
        gap.more += not awaits
        due = now + [*self._later, 0.0][-2]
        self._polls.append(Poll(due, gap.since, gaps=(gap,), last=(gap,), cause=gap.cause))
        return True

    def fill_gap(self, now: float) -> None:
        """Fills of an order are missing between two of its reports."""
        for pause in (0.0, *self._later[:2]):
            due = now + pause
            if not any(due - ALIKE <= poll.due <= due for poll in self._polls):
                self._polls.append(Poll(due, cause=RecoveryCause.MISSING_FILL))

    def by(self, due: float) -> bool:
        """There is to be a poll at that time, if none comes before it; whether one was added."""
        if any(poll.due <= due for poll in self._polls):
            return False
        self._polls.append(Poll(due, cause=RecoveryCause.AWAITED_REPORT))
        return True

    def lost(self, since: int, now: float) -> None:
        """A report was lost without a gap, so others may be: everything is read once more, but not again and again."""
        if all(poll.since is None for poll in self._polls):
            pause = [*self._later, *LATER][1]
            self._polls.append(Poll(now + pause, since, cause=RecoveryCause.LOST_REPORT))

    def again(self, poll: Poll, due: float) -> None:
        """That poll failed and is due again."""
        if not poll.audit:
            self._polls.append(attrs.evolve(poll, due=due, failed=True))

    def soon(self, now: float, poll: Poll) -> None:
        """There was no room in that poll to ask for all that is missing: the same is read again."""
        since = None if poll.audit else poll.since
        self._polls.append(Poll(now + ALIKE, since, gaps=poll.gaps, cause=poll.cause))

    def is_pressing(self, now: float) -> bool:
        """Whether a reading is due, or has failed and is to be tried again."""
        return any(poll.due <= now or poll.failed for poll in self._polls)

    @property
    def last_look(self) -> float | None:
        """When the last look for a gap is due; None if there is no gap."""
        return max((poll.due for poll in self._polls if poll.last), default=None)

    def pause(self, now: float) -> float | None:
        """Seconds until the next poll; None if there is none."""
        dues = [poll.due for poll in self._polls]
        if self._audit_due is not None:
            dues.append(self._audit_due)
        return max(0.0, min(dues) - now) if dues else None

    def take(self, now: float, watermark: int | None = None) -> Poll | None:
        """What is due, as one poll; None if nothing is.

        Args:
            now: Monotonic seconds.
            watermark: The venue's time in ms until which the stream was heard: an audit looks back from there.
        """
        due = [poll for poll in self._polls if poll.due <= now]
        if self._audit_due is not None and self._audit_due <= now:
            self._audit_due = now + (self._audit or 0.0)
            if all(poll.since is None for poll in due):
                due.append(Poll(now, watermark or 0, audit=True, cause=RecoveryCause.AUDIT))
        if not due:
            return None
        self._polls = [poll for poll in self._polls if poll.due > now]
        since = min((poll.since for poll in due if poll.since is not None), default=None)
        return Poll(
            now,
            since,
            first=any(poll.first for poll in due),
            gaps=tuple(dict.fromkeys(gap for poll in due for gap in poll.gaps)),
            last=tuple(dict.fromkeys(gap for poll in due for gap in poll.last)),
            audit=since is not None and all(poll.audit for poll in due if poll.since is not None),
            cause=min((poll.cause for poll in due), key=CAUSES.index),
        )


class AwaitedReport(NamedTuple):
    """What the reports should tell of soon."""

    order_id: int
    end: bool
    """Whether it is the order's end, because it is to be cancelled; else its beginning."""


class AwaitedReports:
    """What was asked of the venue and no report tells of yet: when REST is to be asked. Pure but for its lock.

    Args:
        later: Seconds after which it is asked; after the last of them it is given up.
    """

    def __init__(self, later: Sequence[float]) -> None:
        self._later = tuple(later)
        self._lock = threading.Lock()
        self._rows: dict[AwaitedReport, tuple[float, int]] = {}  # since when, and how often it was asked for

    def add(self, order_id: int, now: float, *, end: bool = False) -> None:
        """An order was placed, or is to be cancelled."""
        with self._lock:
            self._rows[AwaitedReport(order_id, end)] = (now, 0)

    def due(self, now: float, is_delivered: Callable[[AwaitedReport], bool]) -> list[AwaitedReport]:
        """Those to ask for now; what was told of since is awaited no longer."""
        with self._lock:
            return self._due(now, is_delivered)

    def _due(self, now: float, is_delivered: Callable[[AwaitedReport], bool]) -> list[AwaitedReport]:
        self._rows = {report: row for report, row in self._rows.items() if not is_delivered(report)}
        return [report for report, row in self._rows.items() if self._at(row) <= now]

    def asked(
        self, reports: Sequence[AwaitedReport], is_delivered: Callable[[AwaitedReport], bool]
    ) -> list[int]:
        """REST was asked for these; the orders that it did not know for the last time."""
        with self._lock:
            given_up = self._given_up(reports, is_delivered)
        return [report.order_id for report in given_up if not report.end]

    def _given_up(
        self, reports: Sequence[AwaitedReport], is_delivered: Callable[[AwaitedReport], bool]
    ) -> list[AwaitedReport]:
        for report in reports:
            since, times = self._rows.pop(report, (0.0, 0))
            if not is_delivered(report) and times + 1 < len(self._later):
                self._rows[report] = (since, times + 1)
        return [report for report in reports if report not in self._rows and not is_delivered(report)]

    def forget_all(self) -> None:
        """The venue began anew: of what was asked of it before, nothing comes."""
        with self._lock:
            self._rows = {}

    @property
    def deadline(self) -> float | None:
        """When the first of them is due, in monotonic seconds."""
        with self._lock:
            return min(map(self._at, self._rows.values()), default=None)

    def _at(self, row: tuple[float, int]) -> float:
        since, asked = row
        return since + self._later[asked]
