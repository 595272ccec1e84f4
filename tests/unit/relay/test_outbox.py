"""What waits to be written: in order, bounded, nothing lost without a word."""

from __future__ import annotations

from orderly_sync.relay.outbox import SESSION, Item, Outbox
from orderly_sync.wire import topics


def private(at: int) -> Item:
    return Item(at, topics.execution_report())


def public(at: int) -> Item:
    return Item(at, topics.bbos())


def test_it_gives_what_waits_until_it_is_done() -> None:
    """The account's first, each kind in order."""
    box = Outbox()
    items = [public(1), private(2), private(3), Item(4, None)]
    for item in items:
        box.add(item)
    assert box.first(3) == items[1:4]
    assert box.first(9) == [*items[1:4], items[0]]
    box.done(items[1:3])
    assert box.first(9) == [items[3], items[0]]
    assert items[3].name == SESSION
    assert len(box) == 2


def test_the_accounts_events_that_find_no_room_are_noted() -> None:
    """From when on REST must be asked; what came before stays."""
    box = Outbox(private=2)
    items = [private(at) for at in (5, 6, 7, 8)]
    for item in items:
        box.add(item)
    assert box.first(9) == items[:2]
    assert box.lost_since == 7


def test_of_market_data_the_oldest_go_and_leave_a_hole() -> None:
    """Which the next entry of the topic tells of, once."""
    box = Outbox(public=2)
    for at in range(5):
        box.add(public(at))
    assert [item.at for item in box.first(9)] == [3, 4]
    assert box.dropped == 3
    assert (box.hole("bbos"), box.hole("bbos")) == (3, 0)


def test_a_standby_keeps_what_the_leader_may_not_have_written() -> None:
    """And no market data, which is old by then."""
    box = Outbox()
    items = [private(1), private(5), public(6)]
    for item in items:
        box.add(item)
    box.forget(5)
    assert box.first(9) == [items[1]]


def test_what_was_read_by_rest_comes_first() -> None:
    """In its own order."""
    box = Outbox()
    late = private(9)
    box.add(late)
    early = [private(1), private(2)]
    box.put_first(early)
    assert box.first(9) == [*early, late]
