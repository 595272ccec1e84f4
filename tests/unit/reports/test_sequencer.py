"""Each order's reports in the order of its progress."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.reports import sequencer as module
from orderly_sync.reports.sequencer import HOLD, ReportSequencer
from tests.support.reports import fill_report, node, report


class Watch:
    """A clock that stands still, and how often a chain was broken."""

    now = 0.0
    broken = 0

    def chain(self, *, algo: bool = False, begun: Any = None) -> ReportSequencer:
        return ReportSequencer(
            "algo_order_id" if algo else "order_id",
            "algo_status" if algo else "status",
            totals=not algo,
            begun=lambda _: begun,
            broken=self.count,
            clock=lambda: self.now,
        )

    def count(self) -> None:
        self.broken += 1


@pytest.fixture
def watch() -> Watch:
    return Watch()


NEW = report("NEW")
FIRST = fill_report("0.3", "0.3", 1)
SECOND = fill_report("0.5", "0.2", 2)
LAST = fill_report("1", "0.5", 3, "FILLED")


def test_reports_in_order_pass(watch: Watch):
    """Nothing waits while nothing is missing."""
    chain = watch.chain()
    events = [NEW, FIRST, SECOND, LAST]
    assert chain(events) == events
    assert chain.deadline is None
    assert watch.broken == 0
    assert chain.told(1) == 1
    assert chain.has_ended(1)


def test_a_report_waits_for_the_one_before_it(watch: Watch):
    """The missing fill lets out what waited, in order; the owner hears of the hole at once."""
    chain = watch.chain()
    assert chain([NEW]) == [NEW]
    assert chain([LAST]) == []
    assert chain([SECOND]) == []
    assert watch.broken == 1
    assert chain.doubtful == {1}
    assert chain([FIRST]) == [FIRST, SECOND, LAST]
    assert chain.doubtful == set()


def test_an_order_does_not_wait_for_another(watch: Watch):
    """Holes are each order's own."""
    chain = watch.chain()
    other = report("NEW", order_id=2)
    assert chain([SECOND, other]) == [other]


def test_waiting_ends_and_the_hole_is_remembered(watch: Watch):
    """After HOLD seconds reports go out all the same; what comes late is still told, and closes the hole."""
    chain = watch.chain()
    chain([NEW, SECOND])
    assert chain.deadline == HOLD
    assert chain.overdue(HOLD - 1) == []
    assert chain.overdue(HOLD) == [SECOND]
    assert chain.told(1) == 0
    assert chain.doubtful == {1}
    assert chain([FIRST]) == [FIRST]
    assert str(chain.told(1)) == "0.5"
    assert chain.doubtful == set()


def test_a_hole_of_several_fills_closes_step_by_step(watch: Watch):
    """The total told without a hole grows with each late fill."""
    chain = watch.chain()
    chain([NEW, LAST])
    chain.overdue(HOLD)
    chain([FIRST])
    assert str(chain.told(1)) == "0.3"
    chain([SECOND])
    assert chain.told(1) == 1


def test_rebuilt_reports_stand_before_what_waits(watch: Watch):
    """REST tells of the missing fill; the live one behind it follows, each where it belongs."""
    chain = watch.chain()
    chain([NEW, LAST])
    first = fill_report("0.3", "0.3", 1, recovered=True)
    second = fill_report("0.5", "0.2", 2, recovered=True)
    again = fill_report("1", "0.5", 3, "FILLED", recovered=True)
    told = list(chain.merged([second, first, again], lambda event: event.trade_id != 3))
    assert told == [first, second, LAST]


def test_freshness_is_asked_only_of_what_was_rebuilt(watch: Watch):
    """What waited was fresh when it came; a rebuilt twin of it is not asked for twice."""
    chain = watch.chain()
    chain([NEW, SECOND])
    asked: list[Any] = []
    assert list(chain.merged([report("NEW", recovered=True)], lambda e: bool(asked.append(e)))) == []
    assert len(asked) == 1
    assert chain.doubtful == {1}


def test_a_fill_that_waited_and_was_rebuilt_is_told_once(watch: Watch):
    """REST may tell of it in other words than the stream; its place in the total is the same."""
    chain = watch.chain(algo=True)
    live = node(10, "FILLED", total="1", trade_id=2, executed_quantity="0.5", root_algo_status="NEW")
    chain([node(10), live])
    first = node(10, "PARTIAL_FILLED", total="0.5", trade_id=1, executed_quantity="0.5", recovered=True)
    again = node(10, "FILLED", total="1", trade_id=2, executed_quantity="0.5", recovered=True)
    told = list(chain.merged([first, again], lambda e: e.filled > (chain.told(10) or 0)))
    assert [one.trade_id for one in told] == [1, 2]
    assert chain.doubtful == set()


def test_in_a_gap_an_order_that_begins_in_the_middle_waits(watch: Watch):
    """Its NEW may have been missed; once the gap is closed it goes out."""
    chain = watch.chain()
    chain.gap = True
    cancelled = report("CANCELLED")
    assert chain([cancelled]) == []
    assert chain([report("NEW", order_id=2)])
    assert chain.settle() == [cancelled]
    assert not chain.gap


def test_in_a_gap_a_rebuilt_beginning_does_not_wait(watch: Watch):
    """What REST tells is the cure, not the sickness."""
    chain = watch.chain()
    chain.gap = True
    chain([FIRST])
    new = report("NEW", recovered=True)
    assert list(chain.merged([new], lambda _: True)) == [new, FIRST]


def test_settling_keeps_what_has_a_hole(watch: Watch):
    """A missing fill is missing after the gap as well."""
    chain = watch.chain()
    chain.gap = True
    chain([SECOND])
    assert chain.settle() == []
    assert chain.doubtful == {1}


def test_an_order_from_before_begins_where_it_stood(watch: Watch):
    """What an older order did before is not waited for."""
    assert watch.chain(begun=SECOND.total_executed_quantity)([SECOND, LAST]) == [SECOND, LAST]
    chain = watch.chain()
    chain.begin(1, SECOND.total_executed_quantity)
    assert chain([LAST]) == [LAST]
    assert watch.broken == 0


def test_nothing_seems_to_live_again(watch: Watch):
    """A state that comes after what followed it is counted, not told; a late fill is told."""
    chain = watch.chain()
    chain([NEW, FIRST])
    assert chain([report("REPLACED", "0")]) == []
    chain([report("CANCELLED", "0.3")])
    assert chain([report("CANCELLED", "0.3", timestamp=9)]) == []
    assert chain([report("REPLACED", "0.3")]) == []
    assert chain.overtaken == 3
    late = fill_report("0.5", "0.2", 2)
    assert chain([late]) == [late]


def test_floats_need_not_add_up_to_the_last_digit(watch: Watch):
    """0.1 + 0.2 is not a hole."""
    chain = watch.chain()
    first = report("PARTIAL_FILLED", trade_id=1)
    first = type(first)(**_floats(first, 0.1, 0.1))
    second = type(first)(**{**_floats(first, 0.30000000000000004, 0.2), "trade_id": 2})
    assert chain([first, second]) == [first, second]


def _floats(base: Any, total: float, size: float) -> dict[str, Any]:
    return {
        "symbol": base.symbol, "order_id": 1, "side": base.side, "type": base.type, "status": base.status,
        "trade_id": base.trade_id, "total_executed_quantity": total, "executed_quantity": size,
    }  # fmt: skip


def test_only_fills_of_a_node_form_a_chain(watch: Watch):
    """The venue may repeat progress on nodes that trade nothing themselves; those never wait."""
    chain = watch.chain(algo=True)
    mirror = node(10, "FILLED", kind="TP_SL", total="1")
    assert chain([mirror]) == [mirror]
    assert watch.broken == 0
    missing = node(11, "PARTIAL_FILLED", total="0.5", trade_id=2, executed_quantity="0.2")
    assert chain([node(11), missing])[1:] == []
    assert chain.doubtful == {11}


def test_a_node_whose_progress_leaps_has_a_hole(watch: Watch):
    """A state that tells of a fill nobody told of goes out, and the fill is looked for; in a gap it waits."""
    chain = watch.chain(algo=True)
    leap = node(10, "FILLED", total="1")
    assert chain([node(10), leap])[1:] == [leap]
    assert chain.told(10) == 0
    assert watch.broken == 1
    chain = watch.chain(algo=True)
    chain([node(10)])
    chain.gap = True
    assert chain([leap]) == []
    filled = node(10, "FILLED", total="1", trade_id=5, executed_quantity="1", recovered=True)
    assert list(chain.merged([filled], lambda _: True)) == [filled, leap]


def test_the_ended_are_forgotten_and_the_open_are_not(watch: Watch, monkeypatch: pytest.MonkeyPatch):
    """Memory is bounded by what is open."""
    monkeypatch.setattr(module, "_REMEMBERED", 4)
    chain = watch.chain()
    chain([report("NEW", order_id=99)])
    for order_id in range(5):
        chain([report("CANCELLED", order_id=order_id)])
    assert not chain.has_ended(0)
    assert chain.has_ended(4)
    assert chain.told(99) == 0


@given(order=st.permutations(range(5)), drawn=st.data())
def test_any_order_of_arrival_is_told_in_order(order: list[int], drawn: Any):
    """However fills of one order arrive, they go out in their order, each once, and nothing is left."""
    watch = Watch()
    chain = watch.chain()
    fills = [fill_report(str(i + 1), "1", i + 1, quantity="9") for i in range(5)]
    told = list(chain([report("NEW", quantity="9")]))[1:]
    for index in order:
        told += chain([fills[index]])
    assert told == fills
    assert chain.deadline is None
