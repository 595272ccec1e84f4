"""Each order's reports in the order of its progress."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.reports import sequencer as module
from orderly_sync.reports.holding import HOLD, LONGEST_HOLD, Hold
from orderly_sync.reports.sequencer import ReportSequencer
from tests.support.reports import fill_report, node, report


class Watch:
    """A clock that stands still, and how often reports were missing."""

    now = 0.0
    missing = 0

    def sequencer(
        self, *, algo: bool = False, before: Any = None, hold: Hold | None = None
    ) -> ReportSequencer:
        return ReportSequencer(
            "algo_order_id" if algo else "order_id",
            "algo_status" if algo else "status",
            totals=not algo,
            filled_before_start=lambda _: before,
            missing=self.count,
            clock=lambda: self.now,
            hold=hold,
        )

    def count(self) -> None:
        self.missing += 1


@pytest.fixture
def watch() -> Watch:
    return Watch()


NEW = report("NEW")
FIRST = fill_report("0.3", "0.3", 1)
SECOND = fill_report("0.5", "0.2", 2)
LAST_OF_ONE = fill_report("1", "1", 4, "FILLED")
LAST = fill_report("1", "0.5", 3, "FILLED")


def test_reports_in_order_pass(watch: Watch):
    """Nothing waits while nothing is missing."""
    sequencer = watch.sequencer()
    events = [NEW, FIRST, SECOND, LAST]
    assert sequencer(events) == events
    assert sequencer.deadline is None
    assert watch.missing == 0
    assert sequencer.delivered(1) == 1
    assert sequencer.has_ended(1)


def test_a_report_waits_for_the_one_before_it(watch: Watch):
    """The missing fill lets out what waited, in order; the owner hears of the hole at once."""
    sequencer = watch.sequencer()
    assert sequencer([NEW]) == [NEW]
    assert sequencer([LAST]) == []
    assert sequencer([SECOND]) == []
    assert watch.missing == 1
    assert sequencer.doubtful == [1]
    assert sequencer([FIRST]) == [FIRST, SECOND, LAST]
    assert sequencer.doubtful == []


def test_an_order_does_not_wait_for_another(watch: Watch):
    """Holes are each order's own."""
    sequencer = watch.sequencer()
    other = report("NEW", order_id=2)
    assert sequencer([SECOND, other]) == [other]


def test_waiting_ends_and_the_hole_is_remembered(watch: Watch):
    """After HOLD seconds reports go out all the same; what comes late is still told, and closes the hole."""
    sequencer = watch.sequencer()
    sequencer([NEW, SECOND])
    assert sequencer.deadline == HOLD
    assert sequencer.overdue(HOLD - 1) == []
    assert sequencer.overdue(HOLD) == [SECOND]
    assert sequencer.delivered(1) == 0
    assert sequencer.doubtful == [1]
    assert sequencer([FIRST]) == [FIRST]
    assert str(sequencer.delivered(1)) == "0.5"
    assert sequencer.doubtful == []


def test_a_hole_of_several_fills_closes_step_by_step(watch: Watch):
    """The total told without a hole grows with each late fill."""
    sequencer = watch.sequencer()
    sequencer([NEW, LAST])
    sequencer.overdue(HOLD)
    sequencer([FIRST])
    assert str(sequencer.delivered(1)) == "0.3"
    sequencer([SECOND])
    assert sequencer.delivered(1) == 1


def test_rebuilt_reports_stand_before_what_waits(watch: Watch):
    """REST tells of the missing fill; the live one behind it follows, each where it belongs."""
    sequencer = watch.sequencer()
    sequencer([NEW, LAST])
    first = fill_report("0.3", "0.3", 1, recovered=True)
    second = fill_report("0.5", "0.2", 2, recovered=True)
    again = fill_report("1", "0.5", 3, "FILLED", recovered=True)
    told = list(sequencer.merged([second, first, again], lambda event: event.trade_id != 3))
    assert told == [first, second, LAST]


def test_freshness_is_asked_only_of_what_was_rebuilt(watch: Watch):
    """What waited was fresh when it came; a rebuilt twin of it is not asked for twice."""
    sequencer = watch.sequencer()
    sequencer([NEW, SECOND])
    asked: list[Any] = []
    assert list(sequencer.merged([report("NEW", recovered=True)], lambda e: bool(asked.append(e)))) == []
    assert len(asked) == 1
    assert sequencer.doubtful == [1]


def test_a_fill_that_waited_and_was_rebuilt_is_told_once(watch: Watch):
    """REST may tell of it in other words than the stream; its place in the total is the same."""
    sequencer = watch.sequencer(algo=True)
    live = node(10, "FILLED", total="1", trade_id=2, executed_quantity="0.5", root_algo_status="NEW")
    sequencer([node(10), live])
    first = node(10, "PARTIAL_FILLED", total="0.5", trade_id=1, executed_quantity="0.5", recovered=True)
    again = node(10, "FILLED", total="1", trade_id=2, executed_quantity="0.5", recovered=True)
    told = list(sequencer.merged([first, again], lambda e: e.filled > (sequencer.delivered(10) or 0)))
    assert [one.trade_id for one in told] == [1, 2]
    assert sequencer.doubtful == []


def test_in_a_gap_an_order_that_begins_in_the_middle_waits(watch: Watch):
    """Its NEW was missed; if REST has not told of it to the end, it goes out, and says so."""
    sequencer = watch.sequencer()
    sequencer.gap = True
    cancelled = report("CANCELLED")
    assert sequencer([cancelled]) == []
    assert sequencer([report("NEW", order_id=2)])
    assert sequencer.settle() == []
    assert not sequencer.gap
    watch.now = HOLD
    (late,) = sequencer.overdue(watch.now)
    assert (late.order_id, late.status, late.out_of_order) == (1, "CANCELLED", True)
    assert not cancelled.out_of_order


@pytest.mark.parametrize("first", [FIRST, report("CANCELLED"), report("REPLACED"), LAST_OF_ONE])
def test_an_order_never_begins_in_the_middle(watch: Watch, first: Any):
    """Overtaken by what follows it, or dropped by the venue: its NEW goes out first, from wherever it comes."""
    for new in (report("NEW"), report("NEW", recovered=True)):
        sequencer = watch.sequencer()
        assert sequencer([first]) == []
        assert list(sequencer.merged([new], lambda _: True)) == [new, first]


def test_a_beginning_that_comes_too_late_is_told_and_says_so(watch: Watch):
    """After the hold has ended; it is told once."""
    sequencer = watch.sequencer()
    sequencer([FIRST])
    watch.now = HOLD
    assert [one.out_of_order for one in sequencer.overdue(watch.now)] == [True]
    told = sequencer([report("NEW"), report("NEW", timestamp=5)])
    assert [(one.status, one.out_of_order) for one in told] == [("NEW", True)]
    assert [one.out_of_order for one in sequencer([SECOND])] == [False]


def test_a_rejection_needs_no_beginning(watch: Watch):
    """It is the first that is told of an order, and the last."""
    rejected = report("REJECTED")
    assert watch.sequencer()([rejected]) == [rejected]


def test_fills_that_come_behind_what_followed_them_say_so(watch: Watch):
    """After the end of their order, or after later ones that waited long enough."""
    sequencer = watch.sequencer()
    sequencer([report("NEW"), FIRST, report("CANCELLED", "0.5")])
    watch.now = HOLD
    assert [(one.status, one.out_of_order) for one in sequencer.overdue(watch.now)] == [("CANCELLED", True)]
    assert [(one.trade_id, one.out_of_order) for one in sequencer([SECOND])] == [(2, True)]


def test_a_hold_ends_with_the_reading_and_not_before(watch: Watch):
    """While REST is read for what is missing the later report waits on, but not for ever."""

    class Reading(Hold):
        def is_reading(self) -> bool:
            return True

    sequencer = watch.sequencer(hold=Reading())
    sequencer([report("NEW"), SECOND])
    watch.now = HOLD + 5
    assert sequencer.overdue(watch.now) == []
    assert sequencer.deadline is not None
    assert sequencer.deadline > watch.now
    watch.now = HOLD + LONGEST_HOLD
    assert [one.trade_id for one in sequencer.overdue(watch.now)] == [2]


def test_another_order_of_a_known_id_is_noticed(watch: Watch):
    """By its client order id, or else by when it was created; a few milliseconds are the two halves' own."""
    sequencer = watch.sequencer()
    sequencer([report("NEW", created_time=10_000, client_order_id="mine")])
    assert not sequencer.is_another(report("CANCELLED", created_time=10_400, client_order_id="mine"))
    assert not sequencer.is_another(report("CANCELLED"))
    assert not sequencer.is_another(report("NEW", order_id=2, created_time=99_000))
    assert sequencer.is_another(report("NEW", created_time=10_000, client_order_id="other"))
    assert sequencer.is_another(report("NEW", created_time=90_000))
    sequencer.forget_all()
    assert sequencer([report("NEW", created_time=90_000)])


def test_in_a_gap_a_rebuilt_beginning_does_not_wait(watch: Watch):
    """What REST tells is the cure, not the sickness."""
    sequencer = watch.sequencer()
    sequencer.gap = True
    sequencer([FIRST])
    new = report("NEW", recovered=True)
    assert list(sequencer.merged([new], lambda _: True)) == [new, FIRST]


def test_settling_keeps_what_has_a_hole(watch: Watch):
    """A missing fill is missing after the gap as well."""
    sequencer = watch.sequencer()
    sequencer.gap = True
    sequencer([SECOND])
    assert sequencer.settle() == []
    assert sequencer.doubtful == [1]


def test_an_order_from_before_begins_where_it_stood(watch: Watch):
    """What an older order did before is not waited for."""
    assert watch.sequencer(before=SECOND.total_executed_quantity)([SECOND, LAST]) == [SECOND, LAST]
    sequencer = watch.sequencer()
    sequencer.begin(1, SECOND.total_executed_quantity)
    assert sequencer([LAST]) == [LAST]
    assert watch.missing == 0


def test_nothing_seems_to_live_again(watch: Watch):
    """A state that comes after what followed it is counted, not told; a late fill is told."""
    sequencer = watch.sequencer()
    sequencer([NEW, FIRST])
    assert sequencer([report("REPLACED", "0")]) == []
    sequencer([report("CANCELLED", "0.3")])
    assert sequencer([report("CANCELLED", "0.3", timestamp=9)]) == []
    assert sequencer([report("REPLACED", "0.3")]) == []
    assert sequencer.overtaken == 3
    late = fill_report("0.5", "0.2", 2)
    assert sequencer([late]) == [late]


def test_floats_need_not_add_up_to_the_last_digit(watch: Watch):
    """0.1 + 0.2 is not a hole."""
    sequencer = watch.sequencer()
    first = report("PARTIAL_FILLED", trade_id=1)
    first = type(first)(**_floats(first, 0.1, 0.1))
    second = type(first)(**{**_floats(first, 0.30000000000000004, 0.2), "trade_id": 2})
    sequencer.begin(1, 0)
    assert sequencer([first, second]) == [first, second]


def _floats(base: Any, total: float, size: float) -> dict[str, Any]:
    return {
        "symbol": base.symbol, "order_id": 1, "side": base.side, "type": base.type, "status": base.status,
        "trade_id": base.trade_id, "total_executed_quantity": total, "executed_quantity": size,
    }  # fmt: skip


def test_only_fills_of_a_node_follow_each_other(watch: Watch):
    """The venue may repeat progress on nodes that trade nothing themselves; those never wait."""
    sequencer = watch.sequencer(algo=True)
    mirror = node(10, "FILLED", kind="TP_SL", total="1")
    assert sequencer([mirror]) == [mirror]
    assert watch.missing == 0
    missing = node(11, "PARTIAL_FILLED", total="0.5", trade_id=2, executed_quantity="0.2")
    assert sequencer([node(11), missing])[1:] == []
    assert sequencer.doubtful == [11]


def test_a_node_whose_progress_leaps_has_a_hole(watch: Watch):
    """A state that tells of a fill nobody told of goes out, and the fill is looked for; in a gap it waits."""
    sequencer = watch.sequencer(algo=True)
    leap = node(10, "FILLED", total="1")
    assert sequencer([node(10), leap])[1:] == [leap]
    assert sequencer.delivered(10) == 0
    assert watch.missing == 1
    sequencer = watch.sequencer(algo=True)
    sequencer([node(10)])
    sequencer.gap = True
    assert sequencer([leap]) == []
    filled = node(10, "FILLED", total="1", trade_id=5, executed_quantity="1", recovered=True)
    assert list(sequencer.merged([filled], lambda _: True)) == [filled, leap]


def test_the_ended_are_forgotten_and_the_open_are_not(watch: Watch, monkeypatch: pytest.MonkeyPatch):
    """Memory is bounded by what is open."""
    monkeypatch.setattr(module, "_REMEMBERED", 4)
    sequencer = watch.sequencer()
    sequencer([report("NEW", order_id=99)])
    for order_id in range(5):
        sequencer([report("NEW", order_id=order_id), report("CANCELLED", order_id=order_id)])
    assert not sequencer.has_ended(0)
    assert sequencer.has_ended(4)
    assert sequencer.delivered(99) == 0


def test_what_waits_is_not_forgotten(watch: Watch, monkeypatch: pytest.MonkeyPatch):
    """A late fill of an order that has ended keeps its place however many orders end meanwhile."""
    monkeypatch.setattr(module, "_REMEMBERED", 4)
    sequencer = watch.sequencer()
    sequencer([report("NEW"), report("CANCELLED", "0")])
    late = fill_report("0.5", "0.2", 2)
    assert sequencer([late]) == []
    for order_id in range(10, 30):
        sequencer([report("NEW", order_id=order_id), report("CANCELLED", order_id=order_id)])
    assert sequencer.has_ended(1)
    assert sequencer([FIRST]) == [FIRST, late]
    assert sequencer.doubtful == []


EVENTS = st.builds(
    lambda status, total, trade_id, size, order_id, recovered, when: report(
        status,
        str(total),
        order_id=order_id,
        trade_id=trade_id,
        executed_quantity=str(size),
        recovered=recovered,
        timestamp=when,
    ),
    st.sampled_from(["NEW", "PARTIAL_FILLED", "FILLED", "CANCELLED", "REPLACED"]),
    st.integers(0, 4),
    st.integers(0, 5),
    st.integers(1, 2),
    st.integers(1, 3),
    st.booleans(),
    st.integers(1, 9),
)
STEPS = st.one_of(
    st.tuples(st.just("report"), EVENTS),
    st.tuples(st.just("rebuilt"), st.lists(EVENTS, max_size=3)),
    st.tuples(st.sampled_from(["gap", "settle", "overdue", "begin"]), st.integers(1, 3)),
)


@given(steps=st.lists(STEPS, max_size=40))
def test_no_event_is_one_that_cannot_happen(steps: list[tuple[str, Any]]):
    """Whatever comes, in whatever order: what is doubtful is what waits or has fills missing, and time empties it."""
    watch = Watch()
    sequencer = watch.sequencer()
    for step, value in steps:
        watch.now += 1
        if step == "report":
            sequencer([value])
        elif step == "rebuilt":
            list(sequencer.merged(value, lambda _: True))
        elif step == "gap":
            sequencer.gap = True
        elif step == "settle":
            sequencer.settle()
        elif step == "overdue":
            sequencer.overdue(watch.now)
        else:
            sequencer.begin(value, 1)
        waiting = {
            key for key, order in sequencer._orders.items() if "waiting" in order.state.continuity.value
        }
        gapped = {key for key, order in sequencer._orders.items() if order.fill_gap}
        assert waiting == set(sequencer._waiting)
        assert gapped == {
            key for key, one in sequencer._orders.items() if "gapped" in one.state.continuity.value
        }
        assert set(sequencer.doubtful) == waiting | gapped
    sequencer.overdue(watch.now + HOLD)
    assert sequencer.deadline is None


@given(order=st.permutations(range(5)), drawn=st.data())
def test_any_order_of_arrival_is_told_in_order(order: list[int], drawn: Any):
    """However fills of one order arrive, they go out in their order, each once, and nothing is left."""
    watch = Watch()
    sequencer = watch.sequencer()
    fills = [fill_report(str(i + 1), "1", i + 1, quantity="9") for i in range(5)]
    told = list(sequencer([report("NEW", quantity="9")]))[1:]
    for index in order:
        told += sequencer([fills[index]])
    assert told == fills
    assert sequencer.deadline is None
