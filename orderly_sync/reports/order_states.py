"""The states of one order's reports, as a table. Pure.

Two things are known of each order, and each moves by its own table, at the same events: how far the order has come
(``Progress``), and whether everything that led there was delivered (``Continuity``)::

    UNKNOWN --REPORT, BEGIN--> OPEN --END--> ENDED          a late fill of an order that has ended is delivered still

                 HOLD                     LEAP
    WAITING  <----------  WHOLE  ---------------------->  GAPPED
             ---------->         <----------------------
                RELEASE                  CLOSE
                        WAITING_GAPPED: both at once

A pair of state and event that is not in the tables cannot happen: it raises ``IllegalEvent`` and changes nothing. What
decides which event there is stands in ``sequencer``.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

__all__ = [
    "CONTINUITY",
    "PROGRESS",
    "START",
    "Continuity",
    "IllegalEvent",
    "OrderState",
    "Progress",
    "ReportEvent",
]


class Progress(str, Enum):
    """How far an order has come, by what has been delivered of it."""

    UNKNOWN = "unknown"
    """Nothing was delivered, and nothing is known from before this client."""
    OPEN = "open"
    """It is known, and its end was not delivered."""
    ENDED = "ended"
    """Its end was delivered."""


class Continuity(str, Enum):
    """Whether all reports up to the newest have been delivered."""

    WHOLE = "whole"
    """They have, and the next may go out."""
    WAITING = "waiting"
    """They have, and some that do not follow them wait for their forerunner."""
    GAPPED = "gapped"
    """Some went out though fills before them had not come; those are looked for."""
    WAITING_GAPPED = "waiting, gapped"
    """Fills are looked for, and further reports wait."""


class ReportEvent(str, Enum):
    """What can happen to an order's reports."""

    BEGIN = "begin"
    """The order is older than this client, and what it had filled by then is known."""
    REPORT = "report"
    """A report goes out."""
    END = "end"
    """The report of its end goes out."""
    HOLD = "hold"
    """A report must wait."""
    RELEASE = "release"
    """Nothing of it waits any longer."""
    LEAP = "leap"
    """Between what went out before and what goes out now, fills are missing."""
    CLOSE = "close"
    """The last of the missing fills has gone out."""


_BEGIN, _REPORT, _END = ReportEvent.BEGIN, ReportEvent.REPORT, ReportEvent.END
_HOLD, _RELEASE, _LEAP, _CLOSE = ReportEvent.HOLD, ReportEvent.RELEASE, ReportEvent.LEAP, ReportEvent.CLOSE
_UNKNOWN, _OPEN, _ENDED = Progress.UNKNOWN, Progress.OPEN, Progress.ENDED
_WHOLE, _WAITING = Continuity.WHOLE, Continuity.WAITING
_GAPPED, _BOTH = Continuity.GAPPED, Continuity.WAITING_GAPPED

PROGRESS: Mapping[Progress, Mapping[ReportEvent, Progress]] = {
    # LEAP and CLOSE come after the REPORT or END that they belong to, so never to an unknown order.
    _UNKNOWN: {_BEGIN: _OPEN, _REPORT: _OPEN, _END: _ENDED, _HOLD: _UNKNOWN, _RELEASE: _UNKNOWN},
    _OPEN: {_REPORT: _OPEN, _END: _ENDED, _HOLD: _OPEN, _RELEASE: _OPEN, _LEAP: _OPEN, _CLOSE: _OPEN},
    _ENDED: {_REPORT: _ENDED, _END: _ENDED, _HOLD: _ENDED, _RELEASE: _ENDED, _LEAP: _ENDED, _CLOSE: _ENDED},
}
CONTINUITY: Mapping[Continuity, Mapping[ReportEvent, Continuity]] = {
    _WHOLE: {_BEGIN: _WHOLE, _REPORT: _WHOLE, _END: _WHOLE, _HOLD: _WAITING, _LEAP: _GAPPED},
    _WAITING: {
        _BEGIN: _WAITING,
        _REPORT: _WAITING,
        _END: _WAITING,
        _HOLD: _WAITING,
        _RELEASE: _WHOLE,
        _LEAP: _BOTH,
    },
    _GAPPED: {_REPORT: _GAPPED, _END: _GAPPED, _HOLD: _BOTH, _LEAP: _GAPPED, _CLOSE: _WHOLE},
    _BOTH: {_REPORT: _BOTH, _END: _BOTH, _HOLD: _BOTH, _RELEASE: _GAPPED, _LEAP: _BOTH, _CLOSE: _WAITING},
}


class IllegalEvent(RuntimeError):
    """An event that the tables do not have in that state: a mistake of the caller's, which changed nothing."""


class OrderState:
    """Where one order stands: one of twelve that are made here, compared by identity."""

    __slots__ = ("continuity", "next", "progress")

    def __init__(self, progress: Progress, continuity: Continuity) -> None:
        self.progress = progress
        self.continuity = continuity
        self.next: dict[ReportEvent, OrderState] = {}
        """The states that the events possible here lead to."""

    def after(self, event: ReportEvent) -> OrderState:
        """The state that an event leads to.

        Raises:
            IllegalEvent: It cannot happen here.
        """
        try:
            return self.next[event]
        except KeyError:
            raise IllegalEvent(f"{event.value} cannot happen to {self!r}") from None

    def __repr__(self) -> str:
        return f"an order that is {self.progress.value} and {self.continuity.value}"


def _joined() -> dict[tuple[Progress, Continuity], OrderState]:
    """Both tables as one, so that an event costs one look-up."""
    states = {(one, other): OrderState(one, other) for one in PROGRESS for other in CONTINUITY}
    for (progress, continuity), state in states.items():
        possible = PROGRESS[progress].keys() & CONTINUITY[continuity].keys()
        state.next = {
            event: states[PROGRESS[progress][event], CONTINUITY[continuity][event]] for event in possible
        }
    return states


START = _joined()[_UNKNOWN, _WHOLE]
"""Where every order begins."""
