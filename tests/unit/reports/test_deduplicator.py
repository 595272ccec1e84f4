"""Each report once."""

from __future__ import annotations

from typing import Any

import pytest

from orderly_sync.reports import deduplicator as dedupe
from orderly_sync.reports.deduplicator import Deduplicator, deduplicator_for
from orderly_sync.reports.sequencer import ReportSequencer
from tests.support.reports import fill_report, node, report


def deduplicating(topic: str) -> Deduplicator:
    once = deduplicator_for(topic)
    assert once is not None
    return once


def test_private_topics_are_told_apart():
    """Public ones count push by push; what is private may be told by REST too."""
    assert deduplicator_for("markprices") is None
    assert deduplicator_for("executionreport") is not None
    assert deduplicator_for("algoexecutionreport") is not None
    assert deduplicator_for("algoexecutionreportv2") is not None


def test_a_report_passes_once():
    """The same one again is counted; one of another time or status passes."""
    once = deduplicating("executionreport")
    assert list(once([report()])) == [report()]
    assert list(once([report()])) == []
    assert once.repeated == 1
    assert list(once([report(timestamp=2)]))
    assert list(once([report("CANCELLED")]))


def test_a_fill_is_known_by_its_trade():
    """Whatever else is said of it, by the stream or by REST."""
    once = deduplicating("executionreport")
    assert list(once([fill_report("0.5", "0.5", 7)]))
    assert not list(once([fill_report("0.5", "0.5", 7, timestamp=99, price="1")]))
    assert list(once([fill_report("1", "0.5", 8)]))


def test_a_tree_tells_only_the_nodes_that_changed():
    """Nodes repeated in a tree's frame are dropped, whatever their time stamp says."""
    once = deduplicating("algoexecutionreportv2")
    first = [node(10), node(11, root=10)]
    assert list(once(first)) == first
    moved = node(11, "FILLED", root=10, total="1", trade_id=3, timestamp=5)
    assert list(once([node(10, timestamp=5), moved])) == [moved]
    assert once.repeated == 1


def test_a_single_node_is_remembered_as_it_stands():
    """After a report of its own, the tree's repetition of it is told from news."""
    once = deduplicating("algoexecutionreportv2")
    once([node(10), node(11, root=10)])
    moved = node(10, "REPLACED", timestamp=4)
    assert list(once([moved])) == [moved]
    assert list(once([node(10, "REPLACED", timestamp=6), node(11, root=10, timestamp=6)])) == []


def test_rebuilt_events_pass_if_they_are_news_and_new():
    """News is asked for first, one by one."""
    once = deduplicating("executionreport")
    once([report()])
    told = list(
        once.rebuilt([report(), report("CANCELLED"), report("FILLED")], lambda e: str(e.status) != "FILLED")
    )
    assert [str(one.status) for one in told] == ["CANCELLED"]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch):
    """Half is forgotten when it is full; the newest stay known."""
    monkeypatch.setattr(dedupe, "_REMEMBERED", 4)
    once = deduplicating("executionreport")
    for number in range(1, 7):
        once([report(order_id=number)])
        once([report(order_id=number + 100), report(order_id=number + 200)])
    assert not list(once([report(order_id=6)]))
    assert list(once([report(order_id=1)]))


def sequencer_of(missing: list[int]) -> ReportSequencer:
    return ReportSequencer(
        "order_id",
        "status",
        totals=True,
        filled_before_start=lambda _: None,
        missing=lambda: missing.append(1),
        clock=lambda: 0.0,
    )


def test_with_a_sequencer_reports_also_come_in_order():
    """A repeated report never reaches the sequencer; one that waits is let out by what REST tells."""
    missing: list[int] = []
    once = deduplicator_for("executionreport", sequencer_of(missing))
    assert once is not None
    new, first, second = report(), fill_report("0.5", "0.5", 1), fill_report("1", "0.5", 2, "FILLED")
    assert list(once([new])) == [new]
    assert list(once([second])) == []
    assert list(once([second])) == []
    assert (missing, once.repeated) == ([1], 1)
    asked: list[Any] = []

    def is_news(event: Any) -> bool:
        asked.append(event)
        return True

    assert list(once.rebuilt([first, second], is_news)) == [first, second]
    assert asked == [first, second]
    assert deduplicator_for("algoexecutionreport", sequencer_of(missing)) is not None


@pytest.mark.parametrize("together", [True, False])
def test_a_node_that_has_left_its_tree_is_news(together: bool):
    """The legs of a positional bracket go on under a root of their own, in the state that they were in."""
    once = deduplicating("algoexecutionreportv2")
    before = [node(11, root=10, kind="POSITIONAL_TP_SL"), node(12, root=10, kind="STOP_LOSS", parent=11)]
    after = [node(11, kind="POSITIONAL_TP_SL"), node(12, root=11, kind="STOP_LOSS")]
    for nodes in (before, after):
        told = list(once(nodes)) if together else [one for each in nodes for one in once([each])]
        assert told == nodes
        assert list(once(nodes)) == []
