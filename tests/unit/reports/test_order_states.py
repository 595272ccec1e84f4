"""The states of one order's reports, by their table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.reports.order_states import (
    CONTINUITY,
    PROGRESS,
    START,
    Continuity,
    IllegalEvent,
    OrderState,
    Progress,
    ReportEvent,
)


def after(*events: ReportEvent) -> OrderState:
    state = START
    for event in events:
        state = state.after(event)
    return state


def where(*events: ReportEvent) -> tuple[Progress, Continuity]:
    state = after(*events)
    return state.progress, state.continuity


BEGIN, REPORT, END = ReportEvent.BEGIN, ReportEvent.REPORT, ReportEvent.END
HOLD, RELEASE, LEAP, CLOSE = ReportEvent.HOLD, ReportEvent.RELEASE, ReportEvent.LEAP, ReportEvent.CLOSE


def test_an_order_is_unknown_then_open_then_ended():
    """By its first report, or because it was open before; a late fill does not revive it."""
    assert where() == (Progress.UNKNOWN, Continuity.WHOLE)
    assert where(REPORT) == where(BEGIN) == (Progress.OPEN, Continuity.WHOLE)
    assert where(REPORT, END) == where(END) == (Progress.ENDED, Continuity.WHOLE)
    assert where(END, REPORT) == where(END, END) == (Progress.ENDED, Continuity.WHOLE)


def test_what_waits_and_what_is_missing_are_known_apart():
    """Either may end before the other."""
    assert where(REPORT, HOLD, HOLD) == (Progress.OPEN, Continuity.WAITING)
    assert where(REPORT, HOLD, RELEASE) == (Progress.OPEN, Continuity.WHOLE)
    assert where(REPORT, LEAP, LEAP) == (Progress.OPEN, Continuity.GAPPED)
    both = (REPORT, LEAP, HOLD)
    assert where(*both) == where(REPORT, HOLD, LEAP) == (Progress.OPEN, Continuity.WAITING_GAPPED)
    assert where(*both, CLOSE) == (Progress.OPEN, Continuity.WAITING)
    assert where(*both, RELEASE) == (Progress.OPEN, Continuity.GAPPED)
    assert where(*both, END, CLOSE, RELEASE) == (Progress.ENDED, Continuity.WHOLE)


def test_an_unknown_order_may_wait():
    """Its beginning was missed; it stays unknown until something goes out."""
    assert where(HOLD) == (Progress.UNKNOWN, Continuity.WAITING)
    assert where(HOLD, RELEASE) == where()
    assert where(HOLD, BEGIN) == (Progress.OPEN, Continuity.WAITING)


@pytest.mark.parametrize(
    ("before", "event"),
    [
        ((), LEAP), ((), CLOSE), ((), RELEASE), ((REPORT,), BEGIN), ((END,), BEGIN), ((REPORT,), CLOSE),
        ((REPORT,), RELEASE), ((REPORT, HOLD), CLOSE), ((REPORT, LEAP), RELEASE), ((HOLD,), LEAP),
        ((REPORT, LEAP, CLOSE), CLOSE), ((END, HOLD, RELEASE), RELEASE),
    ],
)  # fmt: skip
def test_what_cannot_happen_raises_and_changes_nothing(before: tuple[ReportEvent, ...], event: ReportEvent):
    """The error names state and event; the order goes on from where it stood."""
    state = after(*before)
    stood = (state.progress, state.continuity, dict(state.next))
    with pytest.raises(
        IllegalEvent, match=f"^{event.value} cannot happen to an order that is {state.progress.value}"
    ):
        state.after(event)
    assert (state.progress, state.continuity, state.next) == stood


@given(events=st.lists(st.sampled_from(ReportEvent), max_size=30))
def test_both_tables_decide_every_event_together(events: list[ReportEvent]):
    """An event happens if both have it, and then both move; else it raises."""
    state = START
    for event in events:
        progress, continuity = PROGRESS[state.progress], CONTINUITY[state.continuity]
        if event in progress and event in continuity:
            state = state.after(event)
            assert (state.progress, state.continuity) == (progress[event], continuity[event])
        else:
            with pytest.raises(IllegalEvent):
                state.after(event)


def test_every_state_can_be_reached_but_an_unknown_order_with_fills_missing():
    """Fills are missing between two reports, and an unknown order has had none."""
    found, left = {START}, [START]
    while left:
        state = left.pop()
        fresh = set(state.next.values()) - found
        found |= fresh
        left += fresh
    missing = {(one, other) for one in Progress for other in Continuity} - {
        (state.progress, state.continuity) for state in found
    }
    assert missing == {
        (Progress.UNKNOWN, Continuity.GAPPED),
        (Progress.UNKNOWN, Continuity.WAITING_GAPPED),
    }
    assert len(found) == 10


def test_an_end_is_final():
    """No event leads back."""
    assert {state.progress for state in after(END).next.values()} == {Progress.ENDED}
