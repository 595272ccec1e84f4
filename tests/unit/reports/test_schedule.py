"""When REST is read for what the stream may not have told."""

from __future__ import annotations

from orderly_sync.reports.schedule import AwaitedReport, AwaitedReports, Poll, PollSchedule


def test_a_lost_report_has_everything_read_once_more():
    """After a while, from then on; not twice while such a look is to come."""
    polls = PollSchedule((2.0, 10.0))
    polls.fill_gap(100.0)
    polls.lost(500, 100.0)
    polls.lost(600, 101.0)
    polls.take(109.0)
    assert polls.take(110.0) == Poll(110.0, 500)
    assert polls.pause(110.0) is None
    polls.gap(700, 111.0)
    polls.take(111.0)
    polls.lost(800, 112.0)
    assert polls.take(200.0) == Poll(200.0, 700)


def test_a_look_by_a_certain_time_is_added_once():
    """An earlier one will do."""
    polls = PollSchedule((2.0,))
    assert polls.by(5.0)
    assert not polls.by(5.0)
    assert not polls.by(9.0)
    assert polls.by(4.0)
    assert polls.pause(0.0) == 4.0


def test_polls_come_at_once_and_later():
    """A gap is read over at once, and again after each pause; what is due together is one look."""
    polls = PollSchedule((2.0, 10.0))
    assert polls.pause(0) is None
    assert polls.take(0) is None
    polls.gap(500, 100.0)
    assert polls.pause(100.0) == 0
    assert polls.take(100.0) == Poll(100.0, 500, first=True)
    assert polls.pause(101.0) == 1.0
    polls.gap(400, 101.0)
    first = polls.take(103.0)
    assert first is not None
    assert (first.since, first.first) == (400, True)
    last = polls.take(200.0)
    assert last is not None
    assert (last.since, last.first) == (400, False)
    assert polls.pause(200.0) is None


def test_a_hole_is_looked_at_without_reading_everything():
    """Its polls carry no time to read from; a failed look comes again as it was."""
    polls = PollSchedule((2.0,))
    polls.fill_gap(0.0)
    first = polls.take(0.0)
    assert first is not None
    assert (first.since, first.first) == (None, False)
    assert polls.pause(0.0) == 2.0
    polls.again(Poll(0.0, 7, first=True), 1.0)
    again = polls.take(1.0)
    assert again is not None
    assert (again.since, again.first) == (7, True)


def test_an_untold_order_is_asked_for_until_it_is_told_or_given_up():
    """After each pause once; what a report told of meanwhile is not asked for."""
    told: set[AwaitedReport] = set()
    one, two = AwaitedReport(1, end=False), AwaitedReport(2, end=False)
    awaited = AwaitedReports((2.0, 10.0))
    assert awaited.deadline is None
    awaited.add(1, 100.0)
    awaited.add(2, 101.0)
    assert awaited.deadline == 102.0
    assert awaited.due(101.9, told.__contains__) == []
    assert awaited.due(102.0, told.__contains__) == [one]
    assert awaited.due(102.0, told.__contains__) == [one]  # REST could not be asked: it is due still
    assert awaited.asked([one], told.__contains__) == []
    assert awaited.deadline == 103.0
    told.add(two)
    assert awaited.due(103.0, told.__contains__) == []
    assert awaited.deadline == 110.0
    assert awaited.due(110.0, told.__contains__) == [one]
    assert awaited.asked([one], told.__contains__) == [1]
    assert awaited.deadline is None


def test_what_rest_told_of_is_not_given_up():
    """The last look found it."""
    awaited = AwaitedReports((2.0,))
    awaited.add(1, 0.0)
    asked = awaited.due(2.0, lambda _: False)
    assert awaited.asked(asked, lambda _: True) == []
    assert awaited.deadline is None


def test_an_end_is_awaited_by_itself():
    """The beginning was told long ago; an order that REST still shows as open is not given up for that."""
    awaited = AwaitedReports((2.0,))
    awaited.add(1, 0.0, end=True)
    assert awaited.due(2.0, lambda report: not report.end) == [AwaitedReport(1, end=True)]
    assert awaited.asked([AwaitedReport(1, end=True)], lambda report: not report.end) == []
    assert awaited.deadline is None


def test_a_gap_is_not_closed_while_a_reading_for_it_is_to_come():
    """There was no room for all: the last look waits for what is read on, however often."""
    polls = PollSchedule((2.0, 10.0))
    gap = polls.gap(500, 0.0)
    polls.take(2.0)
    last = polls.take(10.0)
    assert last is not None
    assert last.last == (gap,)
    for round_ in range(5):
        now = 10.0 + 12 * round_
        polls.soon(now, last)
        assert polls.once_more(gap, now, found=False)
        assert polls.take(now + 0.5) is not None
        again = polls.take(now + 10.0)
        assert again is not None
        assert again.last == (gap,)
    assert not polls.once_more(gap, 100.0, found=False)
