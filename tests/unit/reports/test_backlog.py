"""What a full queue owes: noted by order, told once and in order, and never a report kept for it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.reports.backlog import Backlog, Owed
from tests.support.reports import fill_report, node, report

ORDERS = "executionreport"


def made(topic: str = ORDERS) -> tuple[Backlog, list[int]]:
    began: list[int] = []
    return Backlog(topic, began.append), began


def life(order_id: int, fills: int, end: str | None) -> list[Any]:
    """The reports of one order: its beginning, so many fills of 1, and its end."""
    total = Decimal(fills)
    reports = [report("NEW", order_id=order_id, quantity="100")]
    for number in range(1, fills + 1):
        last = number == fills and end == "FILLED"
        status = "FILLED" if last else "PARTIAL_FILLED"
        reports.append(fill_report(str(number), "1", order_id * 1000 + number, status, order_id=order_id))
    if end == "CANCELLED":
        reports.append(report("CANCELLED", str(total), order_id=order_id))
    return reports


def key(one: Any) -> tuple[Any, ...]:
    return one.order_id, one.trade_id, str(one.status)


def test_while_there_is_room_everything_passes() -> None:
    """The very same sequence; nothing is owed, nobody is told."""
    backlog, began = made()
    events = [report("NEW")]
    assert backlog.pass_on(events, 1) is events
    assert not backlog.is_behind
    assert (backlog.owed, backlog.withheld, began) == ({}, 0, [])


def test_what_fits_passes_and_the_rest_is_owed() -> None:
    """It is told once that it began, with the number of the first frame; from then on nothing passes."""
    backlog, began = made()
    first, second, third = report("NEW"), fill_report("0.1", "0.1", 7), fill_report("0.3", "0.2", 8)
    assert list(backlog.pass_on([first, second], 1)) == [first]
    assert list(backlog.pass_on([third], 100)) == []
    assert (began, backlog.withheld, backlog.is_behind) == ([1], 2, True)
    assert backlog.owed == {1: Owed(1, Decimal(0), Decimal("0.3"))}


def test_marks_say_from_where_to_where() -> None:
    """Nothing told of a beginning; a fill's own total less its size of one that was told; ends and states between."""
    backlog, _ = made()
    backlog.pass_on([report("NEW", order_id=1)], 0)
    backlog.pass_on([fill_report("0.5", "0.2", 7, order_id=2), report("CANCELLED", "0.5", order_id=2)], 0)
    backlog.pass_on([report("REPLACED", "0.1", order_id=3)], 0)
    assert backlog.owed == {
        1: Owed(1, None),
        2: Owed(2, Decimal("0.3"), Decimal("0.5"), end=True),
        3: Owed(3, Decimal("0.1"), Decimal("0.1"), state=True),
    }


def test_the_time_of_the_first_is_where_rest_is_read_from() -> None:
    """The earliest, whichever came first; forgotten when nothing is owed."""
    backlog, _ = made()
    for when in (300, 200, 400):
        backlog.pass_on([report("NEW", order_id=when, timestamp=when)], 0)
    assert backlog.since == 200
    backlog.abandon()
    assert (backlog.since, backlog.is_behind, backlog.owed) == (None, False, {})


def test_only_what_is_owed_is_told_and_only_once() -> None:
    """A fill before the mark or behind it, another order, an end that was told: none of them."""
    backlog, _ = made()
    reports = life(1, 3, "CANCELLED")
    backlog.pass_on(reports[2:], 0)
    backlog.catch_up(10)
    assert not backlog.is_owed(reports[0])
    assert not backlog.is_owed(reports[1])
    assert not backlog.is_owed(fill_report("4", "1", 99))
    assert not backlog.is_owed(report("NEW", order_id=2))
    for one in reports[2:]:
        assert backlog.is_owed(one)
        backlog.tell(one)
        assert not backlog.is_owed(one)
    assert backlog.finish(lambda _: None)


def test_what_comes_meanwhile_waits_behind_what_is_owed() -> None:
    """It is queued at the end, in its order, and the queue is live again."""
    backlog, _ = made()
    first, later = life(1, 1, None), life(2, 2, "FILLED")
    queue: list[Any] = []
    backlog.pass_on(first, 0)
    backlog.catch_up(10)
    for one in later:
        assert list(backlog.pass_on([one], 100)) == []
    assert not backlog.finish(queue.append)
    for one in first:
        backlog.tell(one)
        queue.append(one)
    assert backlog.finish(queue.append)
    assert [key(one) for one in queue] == [key(one) for one in (*first, *later)]
    live = [report("NEW", order_id=3)]
    assert backlog.pass_on(live, 1) is live


def test_too_much_of_what_comes_meanwhile_is_owed_too() -> None:
    """With what had been waiting before it; and so is what waits when a reading comes to nothing."""
    backlog, began = made()
    backlog.pass_on(life(1, 0, None), 0)
    backlog.catch_up(1)
    backlog.pass_on(life(2, 0, None), 100)
    assert backlog.owed.keys() == {1}
    backlog.pass_on(life(3, 0, None), 100)
    assert backlog.owed.keys() == {1, 2, 3}
    backlog.catch_up(5)
    backlog.pass_on(life(4, 0, None), 100)
    backlog.pause()
    assert backlog.owed.keys() == {1, 2, 3, 4}
    assert began == [1]


def test_an_edit_is_owed_until_the_order_is_told_as_it_stands() -> None:
    """A fill does not tell of it, a beginning neither; its end does away with it."""
    backlog, _ = made()
    edit = report("REPLACED", "0")
    backlog.pass_on([report("NEW"), edit, fill_report("1", "1", 7)], 0)
    backlog.tell(report("NEW"))
    backlog.tell(fill_report("1", "1", 7))
    assert backlog.owed == {1: Owed(1, Decimal(1), Decimal(1), state=True)}
    backlog.tell(report("REPLACED", "1"))
    assert backlog.owed == {}
    backlog.pass_on([report("REPLACED", "1"), report("CANCELLED", "1")], 0)
    backlog.tell(report("CANCELLED", "1"))
    assert backlog.owed == {}


def test_what_cannot_be_told_any_more_is_forgone() -> None:
    """A state alone, or all of an order; and an older order's beginning is none of this client's."""
    backlog, _ = made()
    backlog.pass_on([report("REPLACED", order_id=1), fill_report("1", "1", 7, order_id=2)], 0)
    backlog.pass_on([report("NEW", order_id=3)], 0)
    for number in (1, 2, 9):
        backlog.forgo(number)
    assert backlog.owed.keys() == {2, 3}
    backlog.forgo(2, whole=True)
    backlog.begun(3)
    backlog.begun(9)
    assert backlog.owed == {}


def test_nodes_are_owed_by_their_tree() -> None:
    """REST is asked for the root; a node that only holds others owes no fills, but its state."""
    backlog, _ = made("algoexecutionreportv2")
    leg = node(11, "PARTIAL_FILLED", root=10, total="0.2", trade_id=5, executed_quantity="0.2")
    holder = node(
        12, "PARTIAL_FILLED", root=10, kind="TP_SL", total="0.2", trade_id=5, executed_quantity="0.2"
    )
    backlog.pass_on([leg, holder], 0)
    assert backlog.owed == {
        11: Owed(10, Decimal(0), Decimal("0.2")),
        12: Owed(10, Decimal("0.2"), Decimal("0.2"), state=True),
    }


@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.sampled_from([None, "CANCELLED", "FILLED"])), min_size=1, max_size=8
    ),
    st.lists(st.integers(0, 9), max_size=60),
    st.randoms(use_true_random=False),
)
def test_whatever_the_room_each_report_comes_once_in_order(
    lives: list[tuple[int, str | None]], rooms: list[int], random: Any
) -> None:
    """A venue that remembers all, a queue whose room comes and goes, readings that end early: nothing lost or twice."""
    streams = [life(number, *one) for number, one in enumerate(lives, 1)]
    venue: list[Any] = []
    queue: list[Any] = []
    backlog, _ = made()
    room = iter(rooms)

    def read(end: int) -> None:
        backlog.catch_up(3)
        for one in [one for one in venue if backlog.is_owed(one)][:end]:
            backlog.tell(one)
            queue.append(one)
        if not backlog.finish(queue.append):
            backlog.pause()

    while any(streams):
        one = random.choice([stream for stream in streams if stream]).pop(0)
        venue.append(one)
        queue.extend(backlog.pass_on([one], next(room, 9)))
        if backlog.is_behind and random.random() < 0.3:
            read(random.choice([0, 1, 2, 99]))
    while backlog.is_behind:
        read(99)
    assert len(queue) == len(venue)
    for number in range(1, len(lives) + 1):
        assert [key(one) for one in queue if one.order_id == number] == [
            key(one) for one in venue if one.order_id == number
        ]
