"""Queues that user code reads."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.errors import Disconnected, Overflow, UsageError
from orderly_sync.stream.consumer import Consumer
from orderly_sync.stream.filter import Filter
from tests.support.reports import node, report

WAIT = 20.0


def make(**options: Any) -> Consumer[Any]:
    options = {
        "wanted": Filter(), "maxlen": 3, "private": True, "conflate": None, "idle": None,
        "check": lambda: None, "leave": lambda _: None, **options,
    }  # fmt: skip
    return Consumer("topic", **options)


def test_filters_compare_symbol_order_and_client_order_id():
    """An open filter lets everything through; an algo order is found by its root or its own id."""
    assert Filter().is_open
    assert Filter()(object())
    assert Filter("PERP_ETH_USDC")(report())
    assert not Filter("PERP_BTC_USDC")(report())
    assert not Filter("PERP_BTC_USDC")(object())
    assert Filter(order=1)(report())
    assert not Filter(order=2)(report())
    assert Filter(order=10)(node(11, root=10))
    assert Filter(order=11)(node(11, root=10))
    assert Filter(client_order_id="a")(report(client_order_id="a"))
    assert not Filter(client_order_id="a")(report())


def test_events_come_in_order_and_filtered():
    """get() gives one at a time; what is not wanted never waits."""
    consumer = make(wanted=Filter(order=1))
    consumer.put([report(), report(order_id=2), report("FILLED")])
    assert len(consumer) == 2
    assert "waiting=2" in repr(consumer)
    assert [str(consumer.get().status), str(consumer.get(timeout=0).status)] == ["NEW", "FILLED"]
    with pytest.raises(TimeoutError, match="no event of 'topic' within 0 s"):
        consumer.get(timeout=0)


@given(st.lists(st.integers(1, 4), max_size=12))
def test_private_events_are_delivered_or_counted(sizes: list[int]):
    """Whatever is put: delivered in order up to the first hole, and the hole tells how many it swallowed."""
    consumer = make(maxlen=5)
    total = 0
    for size in sizes:
        consumer.put(list(range(total, total + size)))
        total += size
    got, dropped = [], 0
    while True:
        try:
            got.append(consumer.get(timeout=0))
        except Overflow as exc:
            dropped += exc.dropped
        except TimeoutError:
            break
    assert got == list(range(min(total, 5)))
    assert len(got) + dropped == total
    assert consumer.dropped == dropped


def test_market_data_drops_the_oldest():
    """With policy="all" the newest stay, and the dropped are counted."""
    consumer = make(private=False)
    consumer.put([1, 2, 3, 4, 5])
    assert [consumer.get() for _ in range(3)] == [3, 4, 5]
    assert consumer.dropped == 2


def test_the_latest_of_each_key_is_kept():
    """The newest stands last."""
    consumer = make(conflate=lambda event: event[0])
    consumer.put([("a", 1), ("b", 1), ("a", 2)])
    assert len(consumer) == 2
    assert [consumer.get(), consumer.get()] == [("b", 1), ("a", 2)]
    assert consumer.conflated == 1


def test_iteration_ends_when_idle_or_closed():
    """Either way the subscription is left, once; what waits can still be read."""
    left: list[Any] = []
    consumer = make(idle=0.001, leave=left.append)
    consumer.put([1, 2])
    assert list(consumer) == [1, 2]
    assert left == [consumer]
    with make(leave=left.append) as other:
        other.put([1])
    assert other.get() == 1
    with pytest.raises(Disconnected, match="stopped"):
        other.get()
    other.close()
    assert left == [consumer, other]
    assert list(other) == []


def test_the_end_of_the_stream_wakes_a_waiter():
    """end() lets what waits be read and then raises; iteration simply ends."""
    consumer = make()
    got: list[Any] = []
    thread = threading.Thread(target=lambda: got.extend(consumer))
    thread.start()
    consumer.put([1])
    consumer.end()
    thread.join(WAIT)
    assert got == [1]


def test_trouble_is_raised_instead_of_waiting():
    """A stream that gave up raises in get() and in iteration, once the queue is empty."""
    trouble: list[BaseException] = []
    consumer = make(check=lambda: trouble[0] if trouble else None)
    consumer.put([1])
    trouble.append(Disconnected("refused", final=True))
    consumer.wake()
    assert consumer.get() == 1
    with pytest.raises(Disconnected, match="refused"):
        consumer.get()
    with pytest.raises(Disconnected, match="refused"):
        next(consumer)
    trouble[0] = Disconnected("for a while")
    assert list(consumer) == []


def test_a_queue_holds_at_least_one():
    """A bound of 0 cannot be meant."""
    with pytest.raises(UsageError, match="maxlen"):
        make(maxlen=0)


def test_an_event_wakes_a_waiter():
    """get() returns as soon as there is something."""
    consumer = make()
    got: list[Any] = []
    thread = threading.Thread(target=lambda: got.append(consumer.get(timeout=WAIT)))
    thread.start()
    consumer.put([7])
    thread.join(WAIT)
    assert got == [7]
